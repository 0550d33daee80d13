package io.anywire.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.broker.Topic;
import io.anywire.cli.CliException;
import io.anywire.cli.operate.Moved.How;
import io.anywire.cli.operate.Moved.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MoveJournalTest {
  private static final Place PLACE = new Place(Topic.events("a topic of ü"), "sub / 1");
  private static final Moved FIRST = new Moved(How.READY, "id 1", Optional.of("key\n%"));
  private static final Moved SECOND = new Moved(How.DELAYED, "", Optional.empty());
  private static final Moved THIRD = new Moved(How.DEAD, "id 1", Optional.of(""));

  private static final MoveJournal.Counts BEFORE = new MoveJournal.Counts(7, 8);

  @TempDir Path folder;

  @Test
  void knows_after_every_step_what_was_done() throws IOException {
    try (MoveJournal journal = open()) {
      assertThat(journal.isResumed()).isFalse();
      journal.begin(new MoveJournal.Batch(PLACE, List.of(FIRST, SECOND, THIRD), BEFORE));
    }
    try (MoveJournal journal = open()) {
      assertThat(journal.isResumed()).isTrue();
      assertThat(journal.doubtful().orElseThrow().messages()).containsExactly(FIRST, SECOND, THIRD);
      journal.found(Set.of(FIRST.identity(), SECOND.identity()));
    }
    try (MoveJournal journal = open()) {
      assertThat(journal.doubtful()).isEmpty();
      assertThat(journal.moved(PLACE)).containsExactly(FIRST, SECOND);
      assertThat(journal.before(PLACE)).isEqualTo(BEFORE);
      assertThat(journal.unremoved(PLACE))
          .containsExactlyInAnyOrder(new Identity(false, "id 1"), new Identity(false, ""));
      journal.begin(new MoveJournal.Batch(PLACE, List.of(THIRD), BEFORE));
      journal.moved();
      journal.removed(PLACE, Set.of(FIRST.identity(), THIRD.identity()));
    }
    try (MoveJournal journal = open()) {
      assertThat(journal.unremoved(PLACE)).contains(SECOND.identity());
      journal.removed(PLACE, Set.of(FIRST.identity(), SECOND.identity(), THIRD.identity()));
    }
    try (MoveJournal journal = open()) {
      assertThat(journal.unremoved(PLACE)).isEmpty();
      assertThat(journal.moved(PLACE)).containsExactly(FIRST, SECOND, THIRD);
    }
  }

  @Test
  void forgets_what_a_kill_has_left_half_written() throws IOException {
    try (MoveJournal journal = open()) {
      journal.begin(new MoveJournal.Batch(PLACE, List.of(FIRST), BEFORE));
      journal.moved();
      journal.begin(new MoveJournal.Batch(PLACE, List.of(SECOND, THIRD), BEFORE));
    }
    byte[] whole = Files.readAllBytes(file());
    for (int cut = 1; cut < 20; cut++) {
      Files.write(file(), Arrays.copyOf(whole, whole.length - cut));
      try (MoveJournal journal = open()) {
        assertThat(journal.doubtful()).isEmpty();
        assertThat(journal.moved(PLACE)).containsExactly(FIRST);
        journal.begin(new MoveJournal.Batch(PLACE, List.of(SECOND), BEFORE));
      }
      try (MoveJournal journal = open()) {
        assertThat(journal.doubtful().orElseThrow().messages()).containsExactly(SECOND);
      }
    }
  }

  @Test
  void refuses_what_belongs_to_another_move_or_is_in_use() {
    try (MoveJournal journal = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOf(CliException.class)
          .hasMessage(file() + ": another move is using it (expected: one at a time)");
    }
    assertThatThrownBy(() -> MoveJournal.open(file(), "other"))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("it belongs to a move between other brokers");
  }

  private MoveJournal open() {
    return MoveJournal.open(file(), "hash");
  }

  private Path file() {
    return folder.resolve("state");
  }
}
