package io.anywire.bench;

import io.anywire.bench.client.AnywireClient;
import io.anywire.bench.client.GrpcJavaClient;
import io.anywire.bench.client.VertxClient;
import io.anywire.bench.server.AnywireBlocking;
import io.anywire.bench.server.AnywireNonBlocking;
import io.anywire.bench.server.AnywireObserver;
import io.anywire.bench.server.GrpcJava;
import io.anywire.bench.server.NettyGrpc;
import io.anywire.bench.server.NettyRest;
import io.anywire.bench.server.VertxGrpc;
import io.anywire.bench.server.VertxRest;
import io.anywire.bench.server.VertxWeb;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * The benchmarks by name. The first subject of each is the one that the others are compared with.
 */
enum Benchmark {
  /** Unary gRPC. */
  GRPC("req", true, GrpcLoad::new) {
    @Override
    List<Subject> subjects() {
      return List.of(
          Subject.of("anywire", AnywireBlocking.class),
          Subject.of("anywire-non-blocking", AnywireNonBlocking.class),
          Subject.of("raw-netty", NettyGrpc.class),
          Subject.of("grpc-java-direct", GrpcJava.class, GrpcJava.DIRECT),
          Subject.of("grpc-java-virtual-threads", GrpcJava.class, GrpcJava.VIRTUAL_THREADS),
          Subject.of("vertx-grpc", VertxGrpc.class),
          Peer.ARMERIA.subject("armeria", "ArmeriaServer", "grpc"),
          Peer.HELIDON.subject("helidon", "HelidonServer", "grpc"));
    }
  },

  /** REST: a GET that answers JSON. */
  REST("req", true, RestLoad::new) {
    @Override
    List<Subject> subjects() {
      return List.of(
          Subject.of("anywire", AnywireBlocking.class),
          Subject.of("anywire-non-blocking", AnywireNonBlocking.class),
          Subject.of("raw-netty", NettyRest.class),
          Subject.of("vertx", VertxRest.class),
          Subject.of("vertx-web", VertxWeb.class),
          Peer.ARMERIA.subject("armeria", "ArmeriaServer", "annotated"),
          Peer.ARMERIA.subject("armeria-transcoding", "ArmeriaServer", "transcoding"),
          Peer.HELIDON.subject("helidon", "HelidonServer", "rest"),
          Peer.SPRING.subject("spring-boot", "SpringRest"));
    }
  },

  /** Server-streaming gRPC. */
  STREAM("msg", true, StreamLoad::new) {
    @Override
    List<Subject> subjects() {
      return List.of(
          Subject.of("anywire", AnywireBlocking.class),
          Subject.of("anywire-non-blocking", AnywireObserver.class),
          Subject.of("grpc-java-direct", GrpcJava.class, GrpcJava.DIRECT),
          Subject.of("grpc-java-virtual-threads", GrpcJava.class, GrpcJava.VIRTUAL_THREADS),
          Subject.of("vertx-grpc", VertxGrpc.class),
          Peer.ARMERIA.subject("armeria", "ArmeriaServer", "grpc"),
          Peer.HELIDON.subject("helidon", "HelidonServer", "grpc"));
    }
  },

  /** Unary gRPC from the client's side. */
  CLIENT("call", false, ClientLoad::new) {
    @Override
    List<Subject> subjects() {
      return List.of(
          Subject.of("anywire", AnywireClient.class),
          Subject.of("grpc-java", GrpcJavaClient.class),
          Subject.of("vertx-grpc", VertxClient.class),
          Peer.ARMERIA.subject("armeria", "ArmeriaClient"));
    }
  };

  private final String counted;
  private final boolean tls;
  private final Supplier<Load> load;

  Benchmark(String counted, boolean tls, Supplier<Load> load) {
    this.counted = counted;
    this.tls = tls;
    this.load = load;
  }

  abstract List<Subject> subjects();

  /** What is counted, as units name it. */
  String counted() {
    return counted;
  }

  /** Whether its subjects can serve TLS. */
  boolean hasTls() {
    return tls;
  }

  /** Starts what loads the subjects. */
  Load load() {
    return load.get();
  }

  /** The name by which it is asked for. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
