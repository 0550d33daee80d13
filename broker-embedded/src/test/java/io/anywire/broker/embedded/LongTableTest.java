package io.anywire.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LongTableTest {
  private record Value(long number) implements LongTable.Numbered {}

  /** A window of keys that moves on, with stragglers, and keys that share all their last bits. */
  @Test
  void holds_what_a_map_holds() {
    SplittableRandom random = new SplittableRandom(1);
    LongTable<Value> table = new LongTable<>();
    Map<Long, Value> map = new HashMap<>();
    for (long i = 0; i < 50_000; i++) {
      long fresh = random.nextInt(10) == 0 ? (i << 32) | random.nextInt(4) : i;
      Value value = new Value(fresh);
      if (map.putIfAbsent(fresh, value) == null) {
        table.put(value);
      }
      if (map.size() > 200 + random.nextInt(3000)) {
        for (Long gone : map.keySet().stream().skip(random.nextInt(100)).limit(150).toList()) {
          map.remove(gone);
          table.remove(gone);
        }
      }
      long asked = i - random.nextInt(4000);
      assertThat(table.get(asked)).isEqualTo(map.get(asked));
      table.remove(-1 - i);
    }
    assertThat(table.size()).isEqualTo(map.size()).isPositive();
    assertThat(table.values()).containsExactlyInAnyOrderElementsOf(map.values());
    map.forEach((key, value) -> assertThat(table.get(key)).isEqualTo(value));
  }
}
