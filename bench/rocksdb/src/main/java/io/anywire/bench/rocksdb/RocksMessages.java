package io.anywire.bench.rocksdb;

import io.anywire.bench.messaging.Event;
import io.anywire.bench.messaging.MessageArguments;
import io.anywire.bench.messaging.MessageLoad;
import io.anywire.bench.messaging.MessageQueue;
import io.anywire.bench.messaging.Progress;
import io.anywire.bench.messaging.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * A queue in RocksDB with its default options. One thread puts what waits, and deletes what was
 * handled, each message by itself, in one batch to the write-ahead log; another iterates over what
 * has come.
 */
public final class RocksMessages implements MessageQueue {
  /** The argument of one that forces each batch to the disk. */
  private static final String SYNC = "sync";

  private final Waiting<Change> waiting = new Waiting<>();
  private final Semaphore news = new Semaphore(0);
  private final RocksDB database;
  private final boolean sync;
  private final Progress progress;

  private sealed interface Change {
    record Put(Event event) implements Change {}

    record Delete(byte[] key) implements Change {}
  }

  private RocksMessages(RocksDB database, boolean sync, Progress progress) {
    this.database = database;
    this.sync = sync;
    this.progress = progress;
    Thread.ofPlatform().name("writer").daemon().start(() -> run(this::write));
    Thread.ofPlatform().name("reader").daemon().start(() -> run(this::read));
  }

  /** The argument after the port: {@link #SYNC} or another word; the folder is the last. */
  public static void main(String[] args)
      throws IOException, InterruptedException, RocksDBException {
    RocksDB.loadLibrary();
    MessageArguments given = MessageArguments.of(args);
    boolean sync = args[1].equals(SYNC);
    try (Options options = new Options().setCreateIfMissing(true);
        RocksDB database = RocksDB.open(options, given.place())) {
      MessageLoad.take(given, 1, progress -> new RocksMessages(database, sync, progress));
    }
  }

  @Override
  public void publish(Event event) {
    waiting.add(new Change.Put(event));
  }

  private interface Work {
    void run() throws RocksDBException, InterruptedException;
  }

  private void run(Work work) {
    try {
      work.run();
    } catch (RocksDBException | InterruptedException | RuntimeException e) {
      progress.failed(e);
    }
  }

  private void write() throws RocksDBException, InterruptedException {
    long last = 0;
    try (WriteOptions options = new WriteOptions().setSync(sync);
        WriteBatch batch = new WriteBatch()) {
      while (true) {
        List<Change> changes = waiting.takeAll();
        batch.clear();
        long before = last;
        for (Change change : changes) {
          switch (change) {
            case Change.Put put -> batch.put(key(++last), StoredEvent.encode(put.event()));
            case Change.Delete delete -> batch.delete(delete.key());
          }
        }
        database.write(options, batch);
        if (last != before) {
          news.release();
        }
        changes.forEach(this::tell);
      }
    }
  }

  private void tell(Change change) {
    switch (change) {
      case Change.Put put -> progress.acknowledged(put.event().number());
      case Change.Delete delete -> progress.settled();
    }
  }

  /** Begins where it had come to, so that it need not pass what is deleted. */
  private void read() throws InterruptedException {
    byte[] next = key(1);
    while (true) {
      news.acquire();
      news.drainPermits();
      try (RocksIterator messages = database.newIterator()) {
        for (messages.seek(next); messages.isValid(); messages.next()) {
          byte[] key = messages.key();
          Event event = StoredEvent.decode(messages.value());
          progress.received(event.id(), event.payload().length);
          waiting.add(new Change.Delete(key));
          next = key(ByteBuffer.wrap(key).getLong() + 1);
        }
      }
    }
  }

  private static byte[] key(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }
}
