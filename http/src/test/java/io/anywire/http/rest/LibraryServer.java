package io.anywire.http.rest;

import io.anywire.http.Protocols;
import io.anywire.http.netty.HttpLimits;
import io.anywire.http.netty.HttpServer;
import io.anywire.wire.Services;
import java.net.InetSocketAddress;
import java.util.List;

/** The library on a free port of this machine. */
final class LibraryServer implements AutoCloseable {
  final LibraryService library = new LibraryService();
  private final HttpServer server;

  LibraryServer() {
    Services services = Services.of(List.of(library), List.of(new LibraryService.Echo()));
    server =
        HttpServer.start(
            new InetSocketAddress("127.0.0.1", 0),
            HttpLimits.DEFAULT,
            Protocols.of(services, HttpLimits.DEFAULT.messageBytes(), false));
  }

  String url() {
    return "http://127.0.0.1:" + server.address().getPort();
  }

  HttpServer engine() {
    return server;
  }

  @Override
  public void close() {
    server.close();
  }
}
