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
import io.anywire.http.rest.RestOptions;
import io.anywire.http.tls.ClientTls;
import io.anywire.http.tls.ServerFiles;
import io.anywire.http.tls.ServerTls;
import io.anywire.wire.Listening;
import io.anywire.wire.Parameters;
import io.anywire.wire.Services;
import io.anywire.wire.Wire;
import io.grpc.ManagedChannel;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
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
   * A channel to one address, with TLS where the URL says {@code https} or {@code +tls}.
   *
   * @throws IllegalArgumentException when the URL names no port, several hosts, a file of TLS that
   *     cannot be used, or a parameter that is unknown or out of bounds
   */
  @Override
  public ManagedChannel channel(WireUrl url, Anywire anywire) {
    HostPort target = target(url);
    Parameters parameters = Parameters.of(url);
    Optional<ClientTls> tls =
        url.tls() ? Optional.of(ClientTls.read(parameters)) : Optional.empty();
    if (!url.scheme().equals("grpc")) {
      return new RestChannel(url, parameters, tls, anywire);
    }
    ClientSettings plain = ClientSettings.read(parameters);
    parameters.requireNoOthers();
    ClientSettings settings =
        tls.map(by -> by.nettyContext(List.of("h2")))
            .map(context -> plain.withTls(() -> context))
            .orElse(plain);
    String userAgent = anywire.applicationName().map(name -> name + " anywire").orElse("anywire");
    return new GrpcChannel(target.host(), target.port(), userAgent, settings);
  }

  /**
   * Serves every protocol at one address, with TLS, and by HTTP/3 as well, where the URL says
   * {@code https} or {@code +tls}.
   *
   * @throws IllegalArgumentException when the URL names no port, several hosts, no certificate for
   *     TLS, a file of TLS that cannot be used, or a parameter that is unknown or out of bounds
   */
  @Override
  public Listening listen(WireUrl url, Services services, Anywire anywire) {
    HostPort target = target(url);
    Parameters parameters = Parameters.of(url);
    HttpLimits limits = HttpLimits.read(parameters);
    boolean connectVersionRequired = parameters.flag("require-connect-version", false);
    List<String> origins = parameters.list("cors");
    RestOptions options = RestOptions.read(parameters, limits.messageBytes());
    Optional<ServerTls> tls = tls(url, parameters);
    Protocols protocols = Protocols.of(services, options, connectVersionRequired);
    HttpServer server =
        HttpServer.start(
            new InetSocketAddress(target.host(), target.port()),
            limits,
            tls,
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
    return target;
  }

  /** Opened when nothing else of the URL can be refused any more. */
  private static Optional<ServerTls> tls(WireUrl url, Parameters parameters) {
    if (!url.tls()) {
      parameters.requireNoOthers();
      return Optional.empty();
    }
    ServerFiles files = ServerFiles.read(parameters);
    parameters.requireNoOthers();
    return Optional.of(ServerTls.open(files));
  }
}
