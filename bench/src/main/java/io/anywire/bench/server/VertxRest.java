package io.anywire.bench.server;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;

/** Raw Vert.x: no router, the path cut by hand. */
public final class VertxRest {
  private static final String PREFIX = "/hello/";

  private VertxRest() {}

  /** Serves until the process is killed. */
  public static void main(String[] args) {
    VertxServer.serve(Integer.parseInt(args[0]), vertx -> VertxRest::answer);
  }

  private static void answer(HttpServerRequest request) {
    if (!request.path().startsWith(PREFIX)) {
      request.response().setStatusCode(404).end();
      return;
    }
    String name = request.path().substring(PREFIX.length());
    request
        .response()
        .putHeader("content-type", "application/json")
        .end(new JsonObject().put("message", "Hello, " + name).toBuffer());
  }
}
