package io.anywire.bench.messaging;

import io.anywire.Anywire;
import io.anywire.broker.Broker;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;

/**
 * Opens a store and says how long that took and how much heap: at most, with whatever garbage there
 * was, and what is left of it. Then closes it, or waits to be killed.
 */
public final class StoreOpening {
  /** The argument of one that closes the store. */
  public static final String CLOSE = "close";

  /** The argument of one that waits to be killed. */
  public static final String WAIT = "wait";

  private StoreOpening() {}

  /** The arguments: {@link #CLOSE} or {@link #WAIT}, and the URL. */
  public static void main(String[] args) throws InterruptedException {
    try (Anywire anywire = Anywire.builder().application("bench").build()) {
      long start = System.nanoTime();
      Broker broker = anywire.broker(args[1]);
      long millis = (System.nanoTime() - start) / 1_000_000;
      long most = mostHeap();
      System.gc();
      long left = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      System.out.println("opened " + millis + " most " + most + " left " + left);
      if (args[0].equals(WAIT)) {
        Thread.currentThread().join();
      }
      broker.close();
    }
  }

  private static long mostHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }
}
