package io.anywire.http.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anywire.http.exchange.Exchange;
import io.anywire.http.exchange.ExchangeHandler;
import io.anywire.http.exchange.RequestBody;
import io.anywire.http.netty.HttpLimits;
import io.anywire.http.netty.HttpServer;
import io.anywire.http.tls.ServerFiles;
import io.anywire.http.tls.ServerTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * A server in a process of its own; {@code /memory} says what it takes. Its arguments, where it has
 * any, are limits, a certificate and a key: then it serves on a second port with TLS, too.
 */
final class CrowdServer {
  private CrowdServer() {}

  /** Serves until it is killed, and says on which port. */
  public static void main(String[] arguments) throws Exception {
    HttpLimits limits = HttpLimits.of(arguments.length == 0 ? "" : arguments[0]);
    HttpServer server = serve(limits, Optional.empty());
    if (arguments.length > 0) {
      Path certificate = Path.of(arguments[1]);
      Path key = Path.of(arguments[2]);
      ServerTls tls = ServerTls.open(new ServerFiles(certificate, key, Optional.empty(), true));
      HttpServer secure = serve(limits, Optional.of(tls));
      System.out.println("secure port " + secure.address().getPort());
    }
    System.out.println("port " + server.address().getPort());
    new CountDownLatch(1).await();
  }

  private static HttpServer serve(HttpLimits limits, Optional<ServerTls> tls) {
    ExchangeHandler victim = new Victim();
    return HttpServer.start(
        new InetSocketAddress("127.0.0.1", 0),
        limits,
        tls,
        exchange -> {
          if (exchange.path().equals("/memory")) {
            exchange.receive(new Memory(exchange));
          } else {
            victim.handle(exchange);
          }
        });
  }

  private record Memory(Exchange exchange) implements RequestBody {
    @Override
    public void data(ByteBuf piece) {
      piece.release();
    }

    @Override
    public void end() {
      Thread.startVirtualThread(this::answer);
    }

    @Override
    public void cancelled() {}

    private void answer() {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      long heap = runtime.totalMemory() - runtime.freeMemory() >> 20;
      String said = "heap " + heap + " MiB, " + resident() + " end";
      exchange.complete(
          200,
          new DefaultHttp2Headers(),
          Unpooled.copiedBuffer(said, UTF_8),
          EmptyHttp2Headers.INSTANCE);
    }

    private static String resident() {
      try {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS"))
            .findFirst()
            .orElse("VmRSS unknown");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
