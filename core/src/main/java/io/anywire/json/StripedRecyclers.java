package io.anywire.json;

import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.RecyclerPool;
import java.io.Serial;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Jackson's buffers, shared by threads of all kinds: a slot that the thread's id leads to, so that
 * threads seldom meet; who finds it empty makes new ones, who finds it full drops his. Holds at
 * most {@value #SLOTS} sets of buffers. Thread-safe.
 */
final class StripedRecyclers implements RecyclerPool<BufferRecycler> {
  @Serial private static final long serialVersionUID = 1L;

  private static final int SLOTS = 64;

  /** Slots lie so far apart that they share no cache line. */
  private static final int STRIDE = 16;

  private final AtomicReferenceArray<BufferRecycler> slots =
      new AtomicReferenceArray<>(SLOTS * STRIDE);

  @Override
  public BufferRecycler acquirePooled() {
    BufferRecycler free = slots.getAndSet(slot(), null);
    return free == null ? new BufferRecycler() : free;
  }

  @Override
  public void releasePooled(BufferRecycler free) {
    slots.lazySet(slot(), free);
  }

  @Override
  public int pooledCount() {
    int count = 0;
    for (int i = 0; i < slots.length(); i++) {
      count += slots.getPlain(i) == null ? 0 : 1;
    }
    return count;
  }

  @Override
  public boolean clear() {
    for (int i = 0; i < slots.length(); i++) {
      slots.set(i, null);
    }
    return true;
  }

  private static int slot() {
    return (int) (Thread.currentThread().threadId() % SLOTS) * STRIDE;
  }
}
