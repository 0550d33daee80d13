package io.anywire.broker.embedded;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values by numbers: a hash table with open addressing, so no object for a key, nor for a place.
 * Numbers in a row are spread, since a row of places without a gap is slow to take one out of. Not
 * thread-safe.
 */
final class LongTable<V> {
  private static final int FIRST_CAPACITY = 16;

  /** The golden ratio as a fraction of 2^64: multiples of it are spread evenly. */
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private long[] keys = new long[FIRST_CAPACITY];
  private @Nullable Object[] values = new @Nullable Object[FIRST_CAPACITY];
  private int size;

  int size() {
    return size;
  }

  @Nullable V get(long key) {
    return value(place(key));
  }

  /** Puts a value in under a key that has none. */
  void put(long key, V value) {
    if (2 * (size + 1) > keys.length) {
      grow();
    }
    int place = place(key);
    keys[place] = key;
    values[place] = value;
    size++;
  }

  /** Takes a value out, if there is one. */
  void remove(long key) {
    int gap = place(key);
    if (values[gap] == null) {
      return;
    }
    size--;
    // What stands further from its own place than the gap is moves there, or would not be found.
    for (int at = next(gap); values[at] != null; at = next(at)) {
      if (distance(home(keys[at]), at) >= distance(gap, at)) {
        keys[gap] = keys[at];
        values[gap] = values[at];
        gap = at;
      }
    }
    values[gap] = null;
  }

  /** All values, in no order. */
  List<V> values() {
    List<V> all = new ArrayList<>(size);
    for (int place = 0; place < values.length; place++) {
      V value = value(place);
      if (value != null) {
        all.add(value);
      }
    }
    return all;
  }

  @SuppressWarnings("unchecked") // Only values of that type are put in.
  private @Nullable V value(int place) {
    return (V) values[place];
  }

  /** Where the key is, or would be. */
  private int place(long key) {
    int place = home(key);
    while (values[place] != null && keys[place] != key) {
      place = next(place);
    }
    return place;
  }

  private int home(long key) {
    return (int) (key * SPREAD >>> 32) & (keys.length - 1);
  }

  private int next(int place) {
    return (place + 1) & (keys.length - 1);
  }

  private int distance(int from, int to) {
    return (to - from) & (keys.length - 1);
  }

  private void grow() {
    long[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    keys = new long[2 * oldKeys.length];
    values = new @Nullable Object[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != null) {
        int place = place(oldKeys[i]);
        keys[place] = oldKeys[i];
        values[place] = oldValues[i];
      }
    }
  }
}
