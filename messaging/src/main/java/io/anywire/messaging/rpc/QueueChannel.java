package io.anywire.messaging.rpc;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.broker.Broker;
import io.anywire.call.WireChannel;
import io.anywire.contract.CallPolicy;
import io.anywire.contract.MethodContract;
import io.anywire.contract.ServiceContract;
import io.anywire.messaging.envelope.Contracts;
import io.anywire.messaging.envelope.Places;
import io.anywire.wire.Explanation;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A channel over a broker: each call is a request to the queue {@code <service>.rpc} and a reply to
 * the one private inbox of this channel.
 *
 * <ul>
 *   <li>A call without a deadline gets the one of its contract, 30 s by default. A stream gets
 *       none: that is how long it waits for a server to take it.
 *   <li>Where nobody serves the queue, or the broker cannot be reached, a call ends {@code
 *       UNAVAILABLE}; so do all that wait when the connection is lost.
 *   <li>A call that is cancelled, or ends at its deadline, is cancelled where it is served.
 *   <li>A stream ends {@code UNAVAILABLE} when its other side shows no life for three intervals;
 *       {@code ?heartbeat=5s} says how long one is, from 50 ms to a minute.
 *   <li>Nothing is retried: a request is published once.
 * </ul>
 *
 * <p>Broker and inbox are opened by the first call. Thread-safe.
 */
public final class QueueChannel extends WireChannel {
  private final Anywire anywire;
  private final WireUrl url;
  private final int heartbeatMillis;
  private final Contracts contracts = new Contracts();
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable Replies replies;

  /** Prepares a channel; nothing is opened yet. */
  public QueueChannel(WireUrl url, Anywire anywire) {
    this.url = Places.broker(url);
    this.heartbeatMillis = (int) Places.heartbeat(url).toMillis();
    this.anywire = anywire;
  }

  @Override
  protected <ReqT, RespT> ClientCall<ReqT, RespT> call(
      MethodDescriptor<ReqT, RespT> method, CallOptions options) {
    Optional<ServiceContract> service = contracts.service(method);
    boolean events = service.map(ServiceContract::events).orElse(false);
    CallPolicy policy =
        service
            .flatMap(s -> Contracts.in(s, method))
            .map(MethodContract::calls)
            .orElse(CallPolicy.DEFAULT);
    return method.getType() == MethodType.UNARY
        ? new UnaryCall<>(method, withDeadline(options, policy.timeout()), this, events)
        : new StreamingCall<>(method, options, this, events, policy.timeout());
  }

  @Override
  public String authority() {
    return url.toString();
  }

  /** How many replies came for calls that had ended. */
  public long orphanedReplies() {
    Replies current = replies;
    return current == null ? 0 : current.orphans();
  }

  /** Whether broker and inbox are open, so that {@link #replies} takes no time. */
  boolean isOpen() {
    return replies != null;
  }

  /**
   * Where replies arrive.
   *
   * @throws io.grpc.StatusRuntimeException {@code UNAVAILABLE} when the broker cannot be reached
   */
  Replies replies() {
    Replies current = replies;
    if (current != null) {
      return current;
    }
    Broker broker = anywire.broker(url);
    opening.lock();
    try {
      Replies known = replies;
      Replies opened = known == null ? Replies.open(broker, url) : known;
      replies = opened;
      return opened;
    } finally {
      opening.unlock();
    }
  }

  /** How often each side of a stream shows that it is there. */
  int heartbeatMillis() {
    return heartbeatMillis;
  }

  /** The largest frame that the broker takes; as {@link #replies}. */
  int maxFrameBytes() {
    return replies().broker().capabilities().maxMessageBytes();
  }

  @Override
  protected void release() {
    opening.lock();
    try {
      Replies current = replies;
      if (current != null) {
        current.close();
      }
    } finally {
      opening.unlock();
    }
  }

  private static CallOptions withDeadline(CallOptions options, Duration timeout) {
    if (options.getDeadline() != null || Context.current().getDeadline() != null) {
      Explanation.say(options, "policy", "deadline of the caller");
      return options;
    }
    Explanation.say(options, "policy", "deadline " + timeout.toMillis() + " ms, by the contract");
    return options.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }
}
