package io.anywire.bench.chronicle;

import static java.util.Objects.requireNonNull;

import io.anywire.bench.messaging.Event;
import io.anywire.bench.messaging.MessageArguments;
import io.anywire.bench.messaging.MessageLoad;
import io.anywire.bench.messaging.MessageQueue;
import io.anywire.bench.messaging.Progress;
import java.io.IOException;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.threads.Pauser;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * A Chronicle Queue with one tailer. It knows of no settling, so each message's index is appended
 * to a second queue when it is handled. What a tailer reads need not be forced yet.
 */
public final class ChronicleMessages implements MessageQueue {
  /** The argument of one that forces what was appended to the disk. */
  private static final String SYNC = "sync";

  private final Progress progress;
  private final Log messages;
  private final Log handled;

  private ChronicleMessages(Path folder, boolean sync, Progress progress) {
    this.progress = progress;
    messages = log(folder.resolve("messages"), sync);
    handled = log(folder.resolve("handled"), sync);
    Thread.ofPlatform().name("tailer").daemon().start(this::tail);
  }

  /** The argument after the port: {@link #SYNC} or another word; the folder is the last. */
  public static void main(String[] args) throws IOException, InterruptedException {
    System.setProperty("chronicle.analytics.disable", "true");
    MessageArguments given = MessageArguments.of(args);
    boolean sync = args[1].equals(SYNC);
    MessageLoad.take(
        given, 1, progress -> new ChronicleMessages(Path.of(given.place()), sync, progress));
  }

  @Override
  public void publish(Event event) {
    messages.append(bytes -> write(bytes, event), () -> progress.acknowledged(event.number()));
  }

  private Log log(Path folder, boolean sync) {
    var log = new MappedLog(folder, sync);
    return sync ? new SyncedLog(log, progress) : log;
  }

  private void tail() {
    try (ExcerptTailer tailer = messages.tailer()) {
      Pauser pauser = Pauser.balanced();
      while (true) {
        try (DocumentContext document = tailer.readingDocument()) {
          if (document.isPresent()) {
            handle(document);
            pauser.reset();
          } else {
            pauser.pause();
          }
        }
      }
    } catch (RuntimeException e) {
      progress.failed(e);
    }
  }

  private void handle(DocumentContext document) {
    long index = document.index();
    Event event = read(bytesOf(document));
    progress.received(event.id(), event.payload().length);
    handled.append(bytes -> bytes.writeLong(index), progress::settled);
  }

  private static Bytes<?> bytesOf(DocumentContext document) {
    return requireNonNull(document.wire()).bytes();
  }

  private static void write(Bytes<?> bytes, Event event) {
    bytes
        .write8bit(event.id())
        .write8bit(event.type())
        .write8bit(event.source())
        .write8bit(event.time())
        .write(event.payload());
  }

  private static Event read(Bytes<?> bytes) {
    String id = text(bytes);
    String type = text(bytes);
    String source = text(bytes);
    String time = text(bytes);
    byte[] payload = new byte[(int) bytes.readRemaining()];
    bytes.read(payload);
    return new Event(id, type, source, time, payload);
  }

  private static String text(Bytes<?> bytes) {
    return requireNonNull(bytes.read8bit());
  }
}
