package io.anywire.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.anywire.broker.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadyQueueTest {
  private final ReadyQueue queue = new ReadyQueue();

  @Test
  void lets_go_by_priority_then_in_order_of_publication() {
    queue.add(entry(1, 4));
    queue.add(entry(2, 9));
    queue.add(entry(3, 4));
    queue.add(entry(4, 0));

    assertThat(drained()).containsExactly(2L, 1L, 3L, 4L);
  }

  @Test
  void puts_what_was_given_back_to_where_it_was() {
    queue.add(entry(5, 4));
    queue.add(entry(6, 4));
    queue.add(entry(3, 4));
    queue.add(entry(1, 4));
    queue.add(entry(7, 4));

    assertThat(queue.size()).isEqualTo(5);
    assertThat(drained()).containsExactly(1L, 3L, 5L, 6L, 7L);
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void agrees_with_sorting_whatever_comes_and_goes() {
    Random random = new Random(42);
    List<Entry> model = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      if (random.nextInt(5) < 3) {
        Entry entry =
            entry(random.nextInt(4) == 0 ? random.nextInt(step + 1) : step, random.nextInt(10));
        if (model.stream().noneMatch(e -> e.sequence() == entry.sequence())) {
          model.add(entry);
          queue.add(entry);
        }
      } else {
        Entry expected =
            model.stream()
                .min(
                    Comparator.comparingInt((Entry e) -> -e.priority())
                        .thenComparingLong(Entry::sequence))
                .orElse(null);
        model.remove(expected);
        assertThat(queue.poll()).isSameAs(expected);
      }
      assertThat(queue.size()).isEqualTo(model.size());
    }
  }

  private List<Long> drained() {
    List<Long> sequences = new ArrayList<>();
    for (Entry next = queue.poll(); next != null; next = queue.poll()) {
      sequences.add(next.sequence());
    }
    return sequences;
  }

  private static Entry entry(long sequence, int priority) {
    Message message =
        Message.builder()
            .attribute(Message.PRIORITY, String.valueOf(priority))
            .payload(ByteString.EMPTY)
            .build();
    return new Entry(sequence, message);
  }
}
