package io.anywire.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.broker.Message;
import io.anywire.broker.Publication;
import io.anywire.broker.Topic;
import io.anywire.broker.embedded.journal.DiskFolder;
import io.anywire.broker.embedded.journal.Durability;
import io.anywire.broker.embedded.journal.Folder;
import io.anywire.broker.embedded.journal.JournalSettings;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How often the state is written. */
@Timeout(60)
class CheckpointTest {
  private static final Topic QUEUE = Topic.queue("queue");

  @TempDir Path folder;
  private int checkpoints;

  @Test
  void is_made_less_often_of_much_that_waits() throws Exception {
    var journal = new JournalSettings(Durability.MEMORY, 256 << 10, 100);
    var settings = new DiskSettings(journal, 0, 0, 8, 64 << 10);
    try (DiskStore store =
        new DiskStore(counting(new DiskFolder(folder)), settings, new InlineThreads())) {
      publish(store, 2_000); // So few that a checkpoint of them is small.
      int first = checkpoints;
      publish(store, 30_000);

      checkpoints = 0;
      publish(store, 8_000); // Four times as many for as many checkpoints.
      assertThat(first).isBetween(2, 5);
      assertThat(checkpoints).isBetween(2, 5);
    }
  }

  private static void publish(DiskStore store, int messages) {
    for (int i = 0; i < messages; i++) {
      var unused = store.publish(new Publication(QUEUE, Message.builder().build(), Duration.ZERO));
    }
  }

  private Folder counting(Folder real) {
    return (Folder)
        Proxy.newProxyInstance(
            Folder.class.getClassLoader(),
            new Class<?>[] {Folder.class},
            (proxy, method, arguments) -> counted(real, method, arguments));
  }

  private Object counted(Folder real, Method method, Object[] arguments) throws Exception {
    if (method.getName().equals("rename") && Arrays.asList(arguments).contains("checkpoint")) {
      checkpoints++;
    }
    return method.invoke(real, arguments);
  }
}
