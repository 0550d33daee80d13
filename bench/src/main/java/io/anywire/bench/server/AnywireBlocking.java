package io.anywire.bench.server;

import io.anywire.Anywire;
import io.anywire.bench.v1.GreeterHandler;
import io.anywire.bench.v1.HelloReply;
import io.anywire.bench.v1.HelloRequest;
import io.anywire.bench.v1.HelloStreamRequest;
import io.anywire.handler.Sender;
import io.grpc.BindableService;

/** Anywire with a blocking handler, one virtual thread a call: gRPC and REST on one port. */
public final class AnywireBlocking {
  private AnywireBlocking() {}

  /** Serves until the process is killed. */
  public static void main(String[] args) throws InterruptedException {
    serve(new BlockingGreeter(), args[0]);
  }

  static void serve(BindableService handler, String port) throws InterruptedException {
    try (Anywire anywire = Anywire.builder().application("bench").build()) {
      anywire.server().service(handler).listen(url(port)).start().await();
    }
  }

  private static String url(String port) {
    return PemFiles.given()
        .map(pem ->
            "https://127.0.0.1:%s?certificate=%s&key=%s"
                .formatted(port, pem.certificate(), pem.key()))
        .orElse("http://127.0.0.1:" + port);
  }

  private static final class BlockingGreeter implements GreeterHandler {
    @Override
    public HelloReply sayHello(HelloRequest request) {
      return Greeter.reply(request);
    }

    @Override
    public void streamHellos(HelloStreamRequest request, Sender<HelloReply> out) {
      for (int i = 0; i < request.getCount(); i++) {
        out.send(Greeter.reply(request.getName()));
      }
    }
  }
}
