package io.anywire.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MINUTES;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.testing.Certificates;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** A server of the {@link ProbeHandler} with TLS on a free port, and a certificate of its own. */
public final class SecureProbe implements AutoCloseable {
  /** Who issued the server's certificate. */
  public final Certificates certificates;

  /** The server's certificate. */
  public final Certificates.Issued identity;

  /** What is served. */
  public final ProbeHandler handler = new ProbeHandler();

  /** What the latest call said of its connection. */
  public final AtomicReference<Attributes> attributes = new AtomicReference<>();

  /** The same of its secrecy. */
  public final AtomicReference<SecurityLevel> security = new AtomicReference<>();

  /** The runtime, which channels may be opened with. */
  public final Anywire anywire = Anywire.builder().build();

  /** The server. */
  public final AnywireServer server;

  /** Its port. */
  public final int port;

  /**
   * Starts it.
   *
   * @param more what else the served URL says, such as {@code &http3=off}
   */
  public SecureProbe(Path folder, String host, String more) {
    certificates = Certificates.in(folder);
    identity = certificates.issue("server");
    server =
        anywire
            .server()
            .service(handler)
            .interceptor(new Notes())
            .drainLimit(Duration.ofSeconds(20))
            .listen("https://" + host + ":0?" + identity.parameters() + more)
            .start();
    port = server.urls().getFirst().host().port();
  }

  /** What to say behind a caller's URL. */
  public String trust() {
    return "?trust=" + certificates.authority();
  }

  /** Runs a program to its end, but for two minutes at most, and returns what it said. */
  public static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var unused = process.onExit().orTimeout(2, MINUTES).exceptionally(late -> killed(process));
    try {
      return new String(process.getInputStream().readAllBytes(), UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process killed(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    return process.destroyForcibly();
  }

  @Override
  public void close() {
    handler.release.complete(null);
    anywire.close();
  }

  private final class Notes implements ServerInterceptor {
    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      attributes.set(call.getAttributes());
      security.set(call.getSecurityLevel());
      return next.startCall(call, headers);
    }
  }
}
