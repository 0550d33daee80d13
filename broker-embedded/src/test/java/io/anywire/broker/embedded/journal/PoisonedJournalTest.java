package io.anywire.broker.embedded.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
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
    folder.failing = true;
    write(journal, "doubtful");
    folder.failing = false;
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

  private Journal open(Ledger ledger) throws IOException {
    JournalSettings settings = new JournalSettings(Durability.FSYNC, Workload.SEGMENT, 9);
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
    boolean unused = journal.write();
  }

  /** A folder whose files cannot be forced while it is failing; it counts writes and forces. */
  private static final class FailingFolder implements Folder {
    private final Folder folder;
    private boolean failing;
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
          if (failing) {
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
