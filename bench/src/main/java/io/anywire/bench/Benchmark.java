package io.anywire.bench;

import io.anywire.bench.server.AnywireBlocking;
import io.anywire.bench.server.AnywireNonBlocking;
import io.anywire.bench.server.GrpcJava;
import io.anywire.bench.server.VertxGrpc;
import io.anywire.bench.server.VertxRest;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * The benchmarks by name. The first subject of each is the one that the others are compared with.
 */
enum Benchmark {
  /** Unary gRPC. */
  GRPC(
      GrpcLoad::new,
      () ->
          List.of(
              Subject.of("anywire", AnywireBlocking.class),
              Subject.of("anywire-non-blocking", AnywireNonBlocking.class),
              Subject.of("grpc-java-direct", GrpcJava.class, GrpcJava.DIRECT),
              Subject.of("grpc-java-virtual-threads", GrpcJava.class, GrpcJava.VIRTUAL_THREADS),
              Subject.of("vertx-grpc", VertxGrpc.class))),

  /** REST: a GET that answers JSON. */
  REST(
      RestLoad::new,
      () ->
          List.of(
              Subject.of("anywire", AnywireBlocking.class),
              Subject.of("vertx", VertxRest.class),
              springBoot()));

  private final Supplier<Load> load;
  private final Supplier<List<Subject>> subjects;

  Benchmark(Supplier<Load> load, Supplier<List<Subject>> subjects) {
    this.load = load;
    this.subjects = subjects;
  }

  Load load() {
    return load.get();
  }

  List<Subject> subjects() {
    return subjects.get();
  }

  /** The name by which it is asked for. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Spring Boot has a class path of its own, which dev/bench hands over. */
  private static Subject springBoot() {
    String classPath = System.getProperty("anywire.bench.spring", "");
    if (classPath.isEmpty()) {
      throw new BenchException("no class path for Spring Boot (expected: to be run by dev/bench)");
    }
    return new Subject("spring-boot", classPath, "io.anywire.bench.spring.SpringRest", List.of());
  }
}
