package io.anywire.examples.shop.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.anywire.Anywire;
import io.anywire.examples.shop.v1.UserDeletedEvent;
import io.anywire.examples.shop.v1.UserEventsGrpc;
import io.anywire.messaging.event.Events;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ClientInterceptors.CheckedForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that wait in a table, on their way to a broker that is not always there. */
class OutboxTest {
  private static final String TABLE = "test_outbox";

  @TempDir Path folder;
  private final Anywire anywire = Anywire.builder().application("outbox-test").build();
  private final BrokenLine line = new BrokenLine();
  private Database database;

  @BeforeEach
  void open() {
    database = Database.open(folder.toString(), "outbox-test", Outbox.schema(TABLE));
  }

  @AfterEach
  void close() {
    anywire.close();
    database.close();
  }

  @Test
  void events_that_can_never_be_published_stay_and_hold_up_no_others() {
    String deleted = UserEventsGrpc.getUserDeletedMethod().getFullMethodName();
    for (int i = 0; i < 100; i++) {
      insert("unknown", "shop.v1.Nobody/Knows", new byte[0]);
    }
    insert("unreadable", deleted, new byte[] {(byte) 0xff});

    try (Outbox outbox = outbox()) {
      add(outbox, "good");
      await().until(() -> line.published.equals(List.of("good")));
      await().until(() -> count() == 101);
    }
  }

  @Test
  void an_event_that_waits_keeps_those_behind_it_waiting() {
    line.failures.set(1);
    try (Outbox outbox = outbox()) {
      add(outbox, "first", "second", "third");
      await().until(() -> count() == 0);
    }
    assertThat(line.published).containsExactly("first", "second", "third");
  }

  private Outbox outbox() {
    Channel events = Events.at(anywire, "memory:outbox-test").channel();
    return new Outbox(
        database,
        TABLE,
        ClientInterceptors.intercept(events, line),
        UserEventsGrpc.getServiceDescriptor());
  }

  private void add(Outbox outbox, String... users) {
    database.transaction(tx -> {
      for (String user : users) {
        UserDeletedEvent event = UserDeletedEvent.newBuilder().setUserId(user).build();
        outbox.add(tx, UserEventsGrpc.getUserDeletedMethod(), event);
      }
      return users.length;
    });
  }

  private void insert(String id, String method, byte[] event) {
    String sql = "INSERT INTO " + TABLE + " (id, method, event) VALUES (?, ?, ?)";
    database.transaction(tx -> tx.update(sql, id, method, event));
  }

  private int count() {
    String sql = "SELECT count(*) FROM " + TABLE;
    return database.transaction(tx -> tx.find(sql, row -> row.getInt(1)).orElseThrow());
  }

  /** Breaks a number of times, and keeps the users of the events that got through. */
  private static final class BrokenLine implements ClientInterceptor {
    final AtomicInteger failures = new AtomicInteger();
    final List<String> published = new CopyOnWriteArrayList<>();

    @Override
    public <Q, R> ClientCall<Q, R> interceptCall(
        MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
      boolean broken = failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
      return new CheckedForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        protected void checkedStart(Listener<R> listener, Metadata headers) {
          if (broken) {
            throw Status.UNAVAILABLE.withDescription("the line is broken").asRuntimeException();
          }
          delegate().start(listener, headers);
        }

        @Override
        public void sendMessage(Q message) {
          if (!broken && message instanceof UserDeletedEvent event) {
            published.add(event.getUserId());
          }
          super.sendMessage(message);
        }
      };
    }
  }
}
