package io.anywire.http;

import io.anywire.WireUrl;
import io.anywire.http.grpc.GrpcServer;
import io.anywire.http.netty.HttpServer;
import io.anywire.wire.Listening;
import java.time.Duration;

/** A port that is being served. */
record HttpListening(WireUrl url, HttpServer server, GrpcServer grpc) implements Listening {

  @Override
  public void stop() {
    grpc.stop();
    server.stop();
  }

  @Override
  public boolean awaitIdle(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    return grpc.awaitIdle(limit)
        && server.awaitIdle(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
  }

  @Override
  public void close() {
    stop();
    server.close();
  }
}
