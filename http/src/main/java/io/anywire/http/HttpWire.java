package io.anywire.http;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.WireUrl.HostPort;
import io.anywire.http.client.ClientSettings;
import io.anywire.http.exchange.Cors;
import io.anywire.http.grpc.GrpcChannel;
import io.anywire.http.netty.HttpLimits;
import io.anywire.http.netty.HttpServer;
import io.anywire.http.rest.RestChannel;
import io.anywire.wire.Listening;
import io.anywire.wire.Parameters;
import io.anywire.wire.Services;
import io.anywire.wire.Wire;
import io.grpc.ManagedChannel;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;

/**
 * The wires {@code http} and {@code grpc}. Served, they are the same: one port that answers gRPC,
 * gRPC-Web, Connect and REST (see {@link Protocols}). Called, {@code http} is REST and {@code grpc}
 * is gRPC.
 */
public final class HttpWire implements Wire {
  @Override
  public Set<String> schemes() {
    return Set.of("http", "grpc");
  }

  /**
   * A channel to one address.
   *
   * @throws IllegalArgumentException when the URL names no port, several hosts, TLS, or a parameter
   *     that is unknown or out of bounds
   */
  @Override
  public ManagedChannel channel(WireUrl url, Anywire anywire) {
    HostPort target = target(url);
    if (!url.scheme().equals("grpc")) {
      return new RestChannel(url, anywire);
    }
    Parameters parameters = Parameters.of(url);
    ClientSettings settings = ClientSettings.read(parameters);
    parameters.requireNoOthers();
    String userAgent = anywire.applicationName().map(name -> name + " anywire").orElse("anywire");
    return new GrpcChannel(target.host(), target.port(), userAgent, settings);
  }

  /**
   * Serves every protocol at one address.
   *
   * @throws IllegalArgumentException when the URL names no port, several hosts, TLS, or a parameter
   *     that is unknown or out of bounds
   */
  @Override
  public Listening listen(WireUrl url, Services services, Anywire anywire) {
    HostPort target = target(url);
    Parameters parameters = Parameters.of(url);
    HttpLimits limits = HttpLimits.read(parameters);
    boolean connectVersionRequired = parameters.flag("require-connect-version", false);
    List<String> origins = parameters.list("cors");
    parameters.requireNoOthers();
    Protocols protocols = Protocols.of(services, limits.messageBytes(), connectVersionRequired);
    HttpServer server =
        HttpServer.start(
            new InetSocketAddress(target.host(), target.port()),
            limits,
            origins.isEmpty() ? protocols : Cors.of(origins, protocols));
    return new HttpListening(url.withPort(server.address().getPort()), server, protocols.grpc());
  }

  private static HostPort target(WireUrl url) {
    HostPort target = url.host();
    if (target.port() < 0) {
      throw new IllegalArgumentException(
          url
              + ": no port (expected: "
              + url.fullScheme()
              + "://"
              + target
              + ":8080, for example)");
    }
    if (url.tls()) {
      throw new IllegalArgumentException(url + ": TLS is not available yet on this wire");
    }
    return target;
  }
}
