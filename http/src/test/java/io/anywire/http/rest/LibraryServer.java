package io.anywire.http.rest;

import io.anywire.http.Protocols;
import io.anywire.http.netty.HttpLimits;
import io.anywire.http.netty.HttpServer;
import io.anywire.wire.Services;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;

/** The library on a free port of this machine. */
final class LibraryServer implements AutoCloseable {
  final LibraryService library = new LibraryService();
  final ShelvesService shelves = new ShelvesService();
  private final HttpServer server;

  LibraryServer() {
    this(new RestOptions(4 << 20, false, Duration.ofSeconds(15)));
  }

  LibraryServer(RestOptions options) {
    Services services = Services.of(List.of(library, shelves), List.of(new LibraryService.Echo()));
    server =
        HttpServer.start(
            new InetSocketAddress("127.0.0.1", 0),
            HttpLimits.DEFAULT,
            Protocols.of(services, options, false));
  }

  String url() {
    return "http://127.0.0.1:" + server.address().getPort();
  }

  /** A request to be built on; headers come in pairs of name and value. */
  HttpRequest.Builder request(String target, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + target));
    return headers.length == 0 ? request : request.headers(headers);
  }

  HttpServer engine() {
    return server;
  }

  @Override
  public void close() {
    server.close();
  }
}
