package io.anywire.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CompactQueueTest {

  @Test
  void agrees_with_a_queue_of_rows_whatever_comes_and_goes() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      CompactQueue queue = new CompactQueue(2);
      Deque<List<Long>> model = new ArrayDeque<>();
      for (int step = 0; step < 20_000; step++) {
        boolean growing = step / 4000 % 2 == 0;
        if (random.nextInt(3) < (growing ? 2 : 1)) {
          long first = random.nextInt(50) == 0 ? random.nextLong() : step;
          queue.add(first, step * 100L);
          model.add(List.of(first, step * 100L));
        } else {
          assertThat(polled(queue)).isEqualTo(model.poll());
        }
        assertThat(queue.size()).isEqualTo(model.size());
        assertThat(peeked(queue)).isEqualTo(model.peek());
      }
      List<List<Long>> all = new ArrayList<>();
      queue.forEach(row -> all.add(List.of(row[0], row[1])));
      assertThat(all).containsExactlyElementsOf(model);
    }
  }

  private static List<Long> polled(CompactQueue queue) {
    long[] row = new long[2];
    return queue.poll(row) ? List.of(row[0], row[1]) : null;
  }

  private static List<Long> peeked(CompactQueue queue) {
    long[] row = new long[2];
    return queue.peek(row) ? List.of(row[0], row[1]) : null;
  }
}
