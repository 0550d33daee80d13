package io.anywire.http.rest;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.anywire.WireUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A foreign HTTP server that answers as a test says, and remembers what it was asked. */
final class ScriptedServer implements AutoCloseable {
  /** A request as it came in. */
  record Request(String method, String target, Headers headers, byte[] body) {}

  /** A response; each header is {@code name: value}. */
  record Response(int status, byte[] body, List<String> headers) {}

  /** What the server does. */
  interface Script {
    Response answer(Request request) throws Exception;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile Script script = request -> new Response(500, new byte[0], List.of());

  ScriptedServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  WireUrl url(String query) {
    return WireUrl.parse("http://127.0.0.1:" + server.getAddress().getPort() + query);
  }

  void answers(Script by) {
    script = by;
  }

  List<Request> requests() {
    return requests;
  }

  Request last() {
    return requests.getLast();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Request request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              exchange.getRequestHeaders(),
              exchange.getRequestBody().readAllBytes());
      requests.add(request);
      Response response = script.answer(request);
      for (String header : response.headers()) {
        int colon = header.indexOf(": ");
        exchange.getResponseHeaders().add(header.substring(0, colon), header.substring(colon + 2));
      }
      boolean empty = response.body().length == 0;
      exchange.sendResponseHeaders(response.status(), empty ? -1 : response.body().length);
      exchange.getResponseBody().write(response.body());
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
