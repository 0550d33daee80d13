package io.anywire.http.exchange;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.SecurityLevel;

/** What a call says of the connection that it came by, in gRPC's terms. */
public final class CallTransport {
  private CallTransport() {}

  /** Both addresses, and the TLS session where there is one. */
  public static Attributes attributes(Exchange exchange) {
    Attributes.Builder attributes =
        Attributes.newBuilder()
            .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, exchange.remoteAddress())
            .set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, exchange.localAddress());
    exchange
        .tlsSession()
        .ifPresent(session -> attributes.set(Grpc.TRANSPORT_ATTR_SSL_SESSION, session));
    return attributes.build();
  }

  /** How well the connection keeps secrets. */
  public static SecurityLevel securityLevel(Exchange exchange) {
    return exchange.tlsSession().isPresent()
        ? SecurityLevel.PRIVACY_AND_INTEGRITY
        : SecurityLevel.NONE;
  }
}
