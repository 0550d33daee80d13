package io.anywire.bench.server;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Vert.x with its router, doing what a REST service does besides: the media type is negotiated, and
 * caches are told a tag of the answer's bytes and how to use it, as Anywire does unasked.
 */
public final class VertxWeb {
  private static final String JSON = "application/json";
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private VertxWeb() {}

  /** Serves until the process is killed. */
  public static void main(String[] args) {
    VertxServer.serve(Integer.parseInt(args[0]), VertxWeb::routes);
  }

  private static Handler<HttpServerRequest> routes(Vertx vertx) {
    Router router = Router.router(vertx);
    router.get("/hello/:name").produces(JSON).handler(VertxWeb::answer);
    return router;
  }

  private static void answer(RoutingContext context) {
    Buffer body = new JsonObject().put("message", "Hello, " + context.pathParam("name")).toBuffer();
    String tag = '"' + BASE64.encodeToString(sha256(body.getBytes())) + '"';
    context.response().putHeader("etag", tag).putHeader("cache-control", "no-cache");
    context.response().putHeader("vary", "accept, accept-encoding");
    if (tag.equals(context.request().getHeader("if-none-match"))) {
      context.response().setStatusCode(304).end();
    } else {
      context.response().putHeader("content-type", type(context)).end(body);
    }
  }

  /** What was negotiated; null where the client did not say. */
  private static String type(RoutingContext context) {
    String negotiated = context.getAcceptableContentType();
    return negotiated == null ? JSON : negotiated;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
