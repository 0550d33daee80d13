package io.anywire.messaging.publish;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.broker.Broker;
import io.anywire.call.WireChannel;
import io.anywire.contract.CallPolicy;
import io.anywire.messaging.envelope.Codec;
import io.anywire.messaging.envelope.LazyBroker;
import io.anywire.messaging.envelope.Places;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.concurrent.TimeUnit;

/**
 * A channel on which a call ends when the broker has taken its message. A call without a deadline
 * waits for that 30 s at most. Thread-safe.
 */
public final class PublishChannel extends WireChannel {
  /** In headers and trailers of the response: the id of the message that was published. */
  public static final Metadata.Key<String> MESSAGE_ID =
      Metadata.Key.of("anywire-message-id", Metadata.ASCII_STRING_MARSHALLER);

  private final LazyBroker broker;
  private final String authority;
  private final Publisher publisher;
  private final Codec codec;

  /**
   * Prepares a channel; the broker is opened by the first call.
   *
   * @throws IllegalArgumentException when the URL names a codec that there is not
   */
  public PublishChannel(WireUrl url, Anywire anywire, Publisher publisher) {
    WireUrl brokerUrl = Places.broker(url);
    this.authority = brokerUrl.toString();
    this.codec = Places.codec(url);
    this.broker = new LazyBroker(anywire, brokerUrl);
    this.publisher = publisher;
  }

  @Override
  protected <ReqT, RespT> ClientCall<ReqT, RespT> call(
      MethodDescriptor<ReqT, RespT> method, CallOptions options) {
    boolean bounded = options.getDeadline() != null || Context.current().getDeadline() != null;
    long limit = CallPolicy.DEFAULT.timeout().toNanos();
    return new PublishCall<>(
        method,
        bounded ? options : options.withDeadlineAfter(limit, TimeUnit.NANOSECONDS),
        this,
        publisher);
  }

  Codec codec() {
    return codec;
  }

  Broker broker() {
    return broker.get();
  }

  @Override
  public String authority() {
    return authority;
  }

  @Override
  protected void release() {}
}
