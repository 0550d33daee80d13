package io.anywire.bench.server;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.function.Function;

/** A Vert.x HTTP server on the native transport, with one event loop a processor. */
final class VertxServer extends VerticleBase {
  private final int port;
  private final Function<Vertx, Handler<HttpServerRequest>> handler;

  private VertxServer(int port, Function<Vertx, Handler<HttpServerRequest>> handler) {
    this.port = port;
    this.handler = handler;
  }

  static void serve(int port, Function<Vertx, Handler<HttpServerRequest>> handler) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    var oneEachProcessor =
        new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
    vertx.deployVerticle(() -> new VertxServer(port, handler), oneEachProcessor).await();
  }

  @Override
  public Future<HttpServer> start() {
    return vertx
        .createHttpServer(options())
        .requestHandler(handler.apply(vertx))
        .listen(port, "127.0.0.1");
  }

  private static HttpServerOptions options() {
    var options = new HttpServerOptions();
    PemFiles.given()
        .ifPresent(pem ->
            options
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .setCertPath(pem.certificate().toString())
                        .setKeyPath(pem.key().toString())));
    return options;
  }
}
