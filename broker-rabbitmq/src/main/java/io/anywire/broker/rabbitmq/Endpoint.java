package io.anywire.broker.rabbitmq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import io.anywire.WireUrl;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;

/** Where the broker is and as whom to enter. Immutable. */
final class Endpoint {
  private static final int PORT = 5672;
  private static final int TLS_PORT = 5671;
  private static final int CONNECT_TIMEOUT_MILLIS = 5_000;
  private static final int RPC_TIMEOUT_MILLIS = 10_000;
  private static final int HEARTBEAT_SECONDS = 10;

  private final WireUrl url;
  private final boolean tls;
  private final Optional<SSLContext> context;
  private final String application;

  /**
   * @param tls whether the connections are encrypted
   * @param trust the authorities to believe, in PEM; empty for the JDK's
   * @throws IllegalArgumentException when the URL names no host, or the file cannot be read
   */
  Endpoint(WireUrl url, boolean tls, Optional<Path> trust, String application) {
    if (url.hosts().isEmpty()) {
      throw new IllegalArgumentException(
          url + ": no host (expected: rabbitmq://host[:5672][/vhost])");
    }
    this.url = url;
    this.tls = tls;
    this.context = tls ? Optional.of(Tls.context(trust)) : Optional.empty();
    this.application = application;
  }

  /**
   * Connects to the first host that answers.
   *
   * @param purpose what the connection is for; shown in the broker's list of connections
   * @param cork makes the sockets where they have no TLS
   * @throws StatusRuntimeException {@code UNAVAILABLE}, {@code UNAUTHENTICATED} or {@code
   *     PERMISSION_DENIED}
   */
  Connection connect(String purpose, ExecutorService callbacks, Cork cork) {
    try {
      return factory(callbacks, cork)
          .newConnection(addresses(), "anywire " + application + " " + purpose);
    } catch (IOException | TimeoutException | RuntimeException e) {
      throw refused(e);
    }
  }

  /** The hosts with their ports. */
  @Override
  public String toString() {
    return addresses().stream().map(Address::toString).collect(joining(","));
  }

  private List<Address> addresses() {
    int port = tls ? TLS_PORT : PORT;
    return url.hosts().stream().map(h -> new Address(h.host(), h.portOr(port))).toList();
  }

  private ConnectionFactory factory(ExecutorService callbacks, Cork cork) {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setSocketFactory(cork);
    factory.setUsername(user());
    factory.setPassword(url.credentials().map(WireUrl.Credentials::password).orElse("guest"));
    factory.setVirtualHost(virtualHost());
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setConnectionTimeout(CONNECT_TIMEOUT_MILLIS);
    factory.setHandshakeTimeout(CONNECT_TIMEOUT_MILLIS);
    factory.setChannelRpcTimeout(RPC_TIMEOUT_MILLIS);
    factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
    factory.setSharedExecutor(callbacks);
    factory.setThreadFactory(
        Thread.ofPlatform().daemon().name("anywire-rabbitmq-io-", 0).factory());
    context.ifPresent(how -> {
      factory.useSslProtocol(how);
      factory.enableHostnameVerification();
    });
    return factory;
  }

  private String user() {
    return url.credentials().map(WireUrl.Credentials::user).orElse("guest");
  }

  private String virtualHost() {
    String path = url.path().startsWith("/") ? url.path().substring(1) : url.path();
    return path.isEmpty() ? "/" : URLDecoder.decode(path.replace("+", "%2B"), UTF_8);
  }

  private StatusRuntimeException refused(Exception e) {
    if (e instanceof PossibleAuthenticationFailureException) {
      return Status.UNAUTHENTICATED
          .withDescription("RabbitMQ at " + this + " refuses the user '" + user() + "'")
          .asRuntimeException();
    }
    StatusRuntimeException known = Errors.of(e);
    if (known.getStatus().getCode() == Status.Code.PERMISSION_DENIED) {
      return known;
    }
    return Errors.unavailable("cannot reach RabbitMQ at " + this + ": " + reason(e));
  }

  private static String reason(Exception e) {
    return switch (e) {
      case ConnectException c -> "connection refused";
      case UnknownHostException u -> "unknown host";
      case TimeoutException t -> "no answer within " + CONNECT_TIMEOUT_MILLIS + " ms";
      default -> Errors.describe(e);
    };
  }
}
