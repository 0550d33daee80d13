package io.anywire.conformance.faults;

import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Delivery;
import io.anywire.broker.Outcome;
import io.anywire.broker.Topic;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Fills a small disk to its end, makes room in every way there is, and writes down what happened.
 */
final class FullDiskProcess {
  private static final long AGAIN_NANOS = 1_000_000;
  private static final int BALLAST = 1 << 20;
  private static final int ENDLESS = 1_000_000;

  private final Told told = new Told();
  private final Path disk;
  private int number;

  private FullDiskProcess(Path disk) {
    this.disk = disk;
  }

  /** The small disk, and the file to write to. */
  @SuppressWarnings("SystemOut") // It is what is waited for.
  public static void main(String[] arguments) throws Exception {
    FullDiskProcess process = new FullDiskProcess(Path.of(arguments[0]));
    process.run();
    process.told.write(Path.of(arguments[1]));
    System.out.println(LoadProcess.WRITTEN);
  }

  private void run() throws IOException {
    Path ballast = disk.resolve("ballast");
    Files.write(ballast, new byte[BALLAST]);
    try (Anywire anywire = Anywire.builder().application("full").build()) {
      Broker broker = broker(anywire);
      publishUntilFull(broker, "before");
      Files.delete(ballast);
      publishPatiently(broker, "room made by others");
      publishUntilFull(broker, "again");
      try (var worker = broker.subscribe(LoadProcess.QUEUE, Topic.WORKERS, 10, this::work)) {
        publishPatiently(broker, "room made by workers");
      }
      publishUntilFull(broker, "last");
      fill(disk.resolve("filler"));
    }
    try (Anywire anywire = Anywire.builder().application("again").build()) {
      Broker broker = broker(anywire);
      look(broker, "found while full");
      publish(broker, "open while full");
    }
    Files.delete(disk.resolve("filler"));
    try (Anywire anywire = Anywire.builder().application("after").build()) {
      Broker broker = broker(anywire);
      look(broker, "found");
      try (var worker = broker.subscribe(LoadProcess.QUEUE, Topic.WORKERS, 10, this::workAgain)) {
        publishPatiently(broker, "open again");
      }
    }
  }

  private void look(Broker broker, String what) {
    broker
        .operations()
        .peek(LoadProcess.QUEUE, Topic.WORKERS, ENDLESS)
        .forEach(waiting -> told.add(what, waiting.message().id(), Code.OK));
  }

  private Broker broker(Anywire anywire) {
    return anywire.broker("disk:" + disk.resolve("store") + DiskUnderFaultsTest.SMALL);
  }

  private void work(Delivery delivery) {
    String id = delivery.message().id();
    told.add("settling", id, Code.OK);
    var unused =
        delivery
            .settle(Outcome.DONE)
            .whenComplete((done, failure) -> told.add("settled", id, code(failure)));
  }

  private void workAgain(Delivery delivery) {
    var unused = delivery.settle(Outcome.DONE);
  }

  private void publishUntilFull(Broker broker, String what) {
    Code last = Code.OK;
    while (last == Code.OK) {
      last = publish(broker, what);
    }
  }

  /** Until one is taken; whoever waits for ever makes the process fail, from outside. */
  private void publishPatiently(Broker broker, String what) {
    while (publish(broker, what) == Code.RESOURCE_EXHAUSTED) {
      LockSupport.parkNanos(AGAIN_NANOS);
    }
  }

  private Code publish(Broker broker, String what) {
    String id = "m" + number++;
    CompletionStage<Void> taken = broker.publish(LoadProcess.QUEUE, LoadProcess.message(id));
    Code code =
        taken
            .handle((done, failure) -> code(failure))
            .toCompletableFuture()
            .orTimeout(20, TimeUnit.SECONDS)
            .join();
    told.add("published", id, code);
    return told.add(what, id, code);
  }

  /** To the last byte, also what the store takes meanwhile for a segment, and gives back. */
  private void fill(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      while (!isFull() || isWriting() || !isFull()) {
        write(out);
      }
    }
  }

  private boolean isFull() {
    return disk.toFile().getUsableSpace() == 0;
  }

  private boolean isWriting() {
    String[] names = disk.resolve("store").toFile().list((folder, name) -> name.endsWith(".new"));
    return names == null || names.length > 0;
  }

  private static void write(OutputStream out) {
    try {
      out.write(new byte[4096]);
    } catch (IOException full) {
      Thread.yield();
    }
  }

  private static Code code(Throwable failure) {
    return failure == null ? Code.OK : Status.fromThrowable(failure).getCode();
  }
}
