package io.anywire.examples.shop.storage;

import static io.grpc.stub.ClientCalls.futureUnaryCall;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes one event of an outbox at a time, and tells a broker that does not take it now from an
 * event that no broker will ever take: one of an unknown method, one whose bytes cannot be read,
 * and one that is refused as {@code INVALID_ARGUMENT}. For one thread.
 */
final class OutboxPublisher {
  /** The CloudEvents id of an event, as its publisher names it. */
  private static final Metadata.Key<String> EVENT_ID =
      Metadata.Key.of("anywire-message-id", Metadata.ASCII_STRING_MARSHALLER);

  private static final Logger log = LoggerFactory.getLogger(OutboxPublisher.class);
  private static final int PUBLISH_SECONDS = 10;

  private final Channel events;
  private final Map<String, MethodDescriptor<?, ?>> methods;

  /** The rows that have been complained of, so that each is once and not every second. */
  private final Set<Long> unfit = new HashSet<>();

  /** What became of an event. */
  enum Outcome {
    /** The broker has it. */
    TAKEN,
    /** It can never be published. */
    UNFIT,
    /** It could not be published now. */
    LATER
  }

  /**
   * @param events where calls are publications
   * @param methods by their full names
   */
  OutboxPublisher(Channel events, Map<String, MethodDescriptor<?, ?>> methods) {
    this.events = events;
    this.methods = methods;
  }

  /** Publishes an event and waits for the broker's receipt. */
  Outcome publish(OutboxRow row) {
    MethodDescriptor<?, ?> method = methods.get(row.method());
    return method == null ? unfit(row, "no such method") : publish(method, row);
  }

  private <E, R> Outcome publish(MethodDescriptor<E, R> method, OutboxRow row) {
    E event;
    try {
      event = method.parseRequest(new ByteArrayInputStream(row.event()));
    } catch (RuntimeException e) {
      return unfit(row, String.valueOf(e.getMessage()));
    }
    return await(call(method, row.id(), event), row);
  }

  private <E, R> ListenableFuture<R> call(MethodDescriptor<E, R> method, String id, E event) {
    Metadata headers = new Metadata();
    headers.put(EVENT_ID, id);
    Channel named =
        ClientInterceptors.intercept(events, MetadataUtils.newAttachHeadersInterceptor(headers));
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(PUBLISH_SECONDS, TimeUnit.SECONDS);
    return futureUnaryCall(named.newCall(method, options), event);
  }

  private Outcome await(ListenableFuture<?> receipt, OutboxRow row) {
    try {
      receipt.get();
      return Outcome.TAKEN;
    } catch (ExecutionException e) {
      if (Status.fromThrowable(e).getCode() == Code.INVALID_ARGUMENT) {
        return unfit(row, String.valueOf(e.getMessage()));
      }
      log.atWarn()
          .addKeyValue("event", row.method() + " " + row.id())
          .addKeyValue("reason", String.valueOf(e.getMessage()))
          .log("An event waits in the outbox");
      return Outcome.LATER;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Outcome.LATER;
    }
  }

  private Outcome unfit(OutboxRow row, String reason) {
    if (unfit.add(row.position())) {
      log.atError()
          .addKeyValue("event", row.method() + " " + row.id())
          .addKeyValue("reason", reason)
          .log("An event can never be published and stays in the outbox");
    }
    return Outcome.UNFIT;
  }
}
