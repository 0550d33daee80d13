package io.anywire.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class when a Netty buffer was collected without having been released. */
public final class LeakCheck implements AfterAllCallback {
  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

  @Override
  public void afterAll(ExtensionContext context) {
    for (int i = 0; i < 3; i++) {
      System.gc();
      // A new buffer makes the detector look at what was collected.
      ByteBufAllocator.DEFAULT.buffer(16).release();
    }
    if (!LEAKS.isEmpty()) {
      throw new AssertionError(LEAKS.size() + " leaked buffers, the first: " + LEAKS.peek());
    }
  }

  /** Made by Netty, by the name in a system property. */
  public static final class Detector<T> extends ResourceLeakDetector<T> {
    /** As Netty wants it. */
    public Detector(Class<?> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    /** As Netty wants it. */
    @SuppressWarnings("unused")
    public Detector(Class<?> resource, int samplingInterval, long maxActive) {
      super(resource, samplingInterval);
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
      LEAKS.add(resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
      LEAKS.add(resourceType);
    }
  }
}
