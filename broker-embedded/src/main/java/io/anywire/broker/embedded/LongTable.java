package io.anywire.broker.embedded;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values by the number that each has: a hash table with open addressing, so no object for a place,
 * and one array to look into. Numbers in a row are spread, since a row of places without a gap is
 * slow to take one out of. Not thread-safe.
 */
final class LongTable<V extends LongTable.Numbered> {
  private static final int FIRST_CAPACITY = 8;

  /** The golden ratio as a fraction of 2^64: multiples of it are spread evenly. */
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private @Nullable Numbered[] values = new @Nullable Numbered[FIRST_CAPACITY];
  private int size;

  /** What can be in such a table. */
  interface Numbered {
    /** Always the same. */
    long number();
  }

  int size() {
    return size;
  }

  @Nullable V get(long number) {
    return value(place(number));
  }

  /** Puts a value in whose number no other has. */
  void put(V value) {
    if (2 * (size + 1) > values.length) {
      grow();
    }
    values[place(value.number())] = value;
    size++;
  }

  /** Takes a value out, if there is one. */
  void remove(long number) {
    int gap = place(number);
    if (values[gap] == null) {
      return;
    }
    size--;
    // What stands further from its own place than the gap is moves there, or would not be found.
    int at = next(gap);
    for (Numbered value = values[at]; value != null; value = values[at]) {
      if (distance(home(value.number()), at) >= distance(gap, at)) {
        values[gap] = value;
        gap = at;
      }
      at = next(at);
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

  /** Where that number is, or would be. */
  private int place(long number) {
    int place = home(number);
    for (Numbered value = values[place]; value != null; value = values[place]) {
      if (value.number() == number) {
        break;
      }
      place = next(place);
    }
    return place;
  }

  private int home(long number) {
    return (int) (number * SPREAD >>> 32) & (values.length - 1);
  }

  private int next(int place) {
    return (place + 1) & (values.length - 1);
  }

  private int distance(int from, int to) {
    return (to - from) & (values.length - 1);
  }

  private void grow() {
    @Nullable Numbered[] old = values;
    values = new @Nullable Numbered[2 * old.length];
    for (Numbered value : old) {
      if (value != null) {
        values[place(value.number())] = value;
      }
    }
  }
}
