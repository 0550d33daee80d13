package io.anywire.broker.embedded.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class PoisonedJournalTest {
  private final Random random = new Random(1);
  private final ModelledFolder disk = new ModelledFolder(random);
  private final FailingFolder folder = new FailingFolder(disk);
  private final List<String> told = new ArrayList<>();

  @Test
  void takes_nothing_more_after_a_force_that_failed_and_recovers_when_it_is_opened_again()
      throws IOException {
    Journal journal = open(new Ledger());
    write(journal, "before");
    folder.failing = name -> true;
    write(journal, "doubtful");
    folder.failing = name -> false;
    int operations = folder.operations;
    write(journal, "after");
    journal.close();

    assertThat(told)
        .containsExactly("before: taken", "doubtful: UNAVAILABLE", "after: UNAVAILABLE");
    assertThat(folder.operations)
        .as("operations after the force that failed")
        .isEqualTo(operations);
    assertThat(disk.names()).as("closed in good order").doesNotContain("clean");

    Ledger found = new Ledger();
    Journal again = open(found);
    assertThat(found.sums).hasSizeBetween(1, 2);
    write(again, "well again");
    assertThat(told).last().isEqualTo("well again: taken");
  }

  @Test
  void takes_nothing_more_after_a_checkpoint_could_not_force_what_it_covers() throws IOException {
    Ledger ledger = new Ledger();
    Journal journal = open(ledger, Durability.PAGE_CACHE);
    write(journal, "before");
    folder.failing = name -> true;
    assertThatThrownBy(() -> journal.checkpoint(journal.end(), ledger.state()))
        .isInstanceOf(IOException.class);
    folder.failing = name -> false;
    int operations = folder.operations;
    write(journal, "after");
    assertThatThrownBy(() -> journal.checkpoint(journal.end(), ledger.state()))
        .hasMessageContaining("poisoned");
    journal.close();

    assertThat(told).containsExactly("before: taken", "after: UNAVAILABLE");
    assertThat(folder.operations).isEqualTo(operations);
    assertThat(disk.names()).doesNotContain("clean", "checkpoint");
  }

  @Test
  void writes_again_what_a_force_that_failed_may_have_dropped() throws IOException {
    Journal journal = open(new Ledger());
    write(journal, "before");
    disk.dropAtForce(0);
    write(journal, "doubtful" + "x".repeat(6_000));
    journal.close();

    Journal again = open(new Ledger());
    write(again, "after");
    assertThat(told).last().isEqualTo("after: taken");

    assertThatAPowerCutLeaves(3, disk);
  }

  @Test
  void can_be_made_again_whatever_could_not_be_forced_the_first_time() throws IOException {
    for (int number = 0; number < 10; number++) {
      ModelledFolder disk = new ModelledFolder(random);
      disk.dropAtForce(number);
      FailingFolder folder = new FailingFolder(disk);
      try {
        open(folder, new Ledger(), Durability.FSYNC).close();
      } catch (IOException e) {
        assertThat(e).hasStackTraceContaining("no answer");
      }
      disk.dropAtForce(-1);
      Journal again = open(folder, new Ledger(), Durability.FSYNC);
      told.clear();
      write(again, "one");
      assertThat(told).containsExactly("one: taken");
      assertThatAPowerCutLeaves(1, disk);
    }
  }

  private static void assertThatAPowerCutLeaves(int records, ModelledFolder disk)
      throws IOException {
    for (int i = 0; i < 20; i++) {
      Ledger found = new Ledger();
      open(disk.afterPowerCut(), found, Durability.FSYNC).close();
      assertThat(found.sums).hasSize(records);
    }
  }

  @Test
  void gives_back_the_room_of_a_segment_that_could_not_be_made() throws IOException {
    folder.failing = name -> name.equals("segment-2.new");
    Journal journal = open(new Ledger());
    assertThat(disk.names()).contains("segment-1").doesNotContain("segment-2.new");
    for (int i = 0; i < 5; i++) {
      write(journal, i + "x".repeat(5_000));
    }
    assertThat(told).hasSize(5).allMatch(answer -> answer.endsWith(": taken"));
  }

  private Journal open(Ledger ledger) throws IOException {
    return open(ledger, Durability.FSYNC);
  }

  private Journal open(Ledger ledger, Durability durability) throws IOException {
    return open(folder, ledger, durability);
  }

  private static Journal open(Folder folder, Ledger ledger, Durability durability)
      throws IOException {
    JournalSettings settings = new JournalSettings(durability, Workload.SEGMENT, 9);
    return Journal.open(folder, settings, Runnable::run, ledger);
  }

  private void write(Journal journal, String name) {
    byte[] record = new RecordWriter(1, 9).text(name).done();
    journal.append(
        new Append() {
          @Override
          public byte[] records() {
            return record;
          }

          @Override
          public void committed(long position) {
            told.add(name + ": taken");
          }

          @Override
          public void failed(StatusRuntimeException why) {
            Code code = why.getStatus().getCode();
            told.add(name + ": " + code);
          }
        });
    while (journal.hasWork()) {
      if (!journal.write() && journal.isStalled()) {
        journal.press();
      }
    }
  }

  /** A folder whose files cannot be forced while it is failing; it counts writes and forces. */
  private static final class FailingFolder implements Folder {
    private final Folder folder;
    private Predicate<String> failing = name -> false;
    private int operations;

    FailingFolder(Folder folder) {
      this.folder = folder;
    }

    @Override
    public String path() {
      return folder.path();
    }

    @Override
    public Set<String> names() throws IOException {
      return folder.names();
    }

    @Override
    public StoreFile open(String name) throws IOException {
      StoreFile file = folder.open(name);
      return new StoreFile() {
        @Override
        public long size() throws IOException {
          return file.size();
        }

        @Override
        public void read(long offset, ByteBuffer to) throws IOException {
          file.read(offset, to);
        }

        @Override
        public void write(long offset, ByteBuffer from) throws IOException {
          operations++;
          file.write(offset, from);
        }

        @Override
        public void force() throws IOException {
          operations++;
          if (failing.test(name)) {
            throw new IOException("no answer from the disk");
          }
          file.force();
        }

        @Override
        public void close() throws IOException {
          file.close();
        }
      };
    }

    @Override
    public void rename(String from, String to) throws IOException {
      folder.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
      folder.delete(name);
    }

    @Override
    public void sync() throws IOException {
      folder.sync();
    }
  }
}
