package io.anywire.examples.shop.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Effects that happen once. */
class InboxTest {
  @TempDir static Path folder;

  @Test
  void a_key_that_the_effect_finds_taken_is_not_taken_for_the_same_event() {
    try (Database database =
        Database.open(folder.toString(), "inbox-test", Inbox.schema("test_inbox"))) {
      Inbox inbox = new Inbox(database, "test_inbox");
      AtomicInteger effects = new AtomicInteger();
      inbox.once("a-test", "taken", tx -> effects.incrementAndGet());
      inbox.once("a-test", "taken", tx -> effects.incrementAndGet());
      assertThat(effects).hasValue(1);

      String sameRow =
          "INSERT INTO test_inbox (source, id, handled) VALUES ('a-test', 'taken', CURRENT_TIMESTAMP)";
      assertThatThrownBy(() -> inbox.once("a-test", "other", tx -> tx.update(sameRow)))
          .isInstanceOf(UniqueViolation.class);
      inbox.once("a-test", "other", tx -> effects.incrementAndGet());
      assertThat(effects).hasValue(2);
    }
  }

  @Test
  void what_no_broker_delivers_any_more_is_forgotten() {
    try (Database database =
        Database.open(folder.toString(), "old-inbox-test", Inbox.schema("old_inbox"))) {
      Inbox inbox = new Inbox(database, "old_inbox");
      inbox.once("a-test", "new", tx -> {});
      String old =
          "INSERT INTO old_inbox (source, id, handled)"
              + " VALUES ('a-test', 'old', CURRENT_TIMESTAMP - INTERVAL '31' DAY)";
      database.transaction(tx -> tx.update(old));
      inbox.forgetOld();
      await()
          .untilAsserted(() ->
              assertThat(
                      database.<List<String>>transaction(
                          tx -> tx.list("SELECT id FROM old_inbox", row -> row.getString(1))))
                  .containsExactly("new"));
    }
  }
}
