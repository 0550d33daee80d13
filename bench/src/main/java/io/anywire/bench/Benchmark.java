package io.anywire.bench;

import io.anywire.bench.client.AnywireClient;
import io.anywire.bench.client.GrpcJavaClient;
import io.anywire.bench.client.VertxClient;
import io.anywire.bench.messaging.AnywireEvents;
import io.anywire.bench.messaging.AnywireRpc;
import io.anywire.bench.messaging.AnywireTasks;
import io.anywire.bench.messaging.BrokerQueue;
import io.anywire.bench.messaging.ByHand;
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
import java.util.function.Function;
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
  },

  /** Unary calls over every wire; caller and handler are one process. */
  RPC("call", false, () -> new MessagingLoad(1_000, true)) {
    @Override
    List<Subject> subjects() {
      return List.of(
          Subject.of("grpc", AnywireRpc.class, "grpc"),
          Subject.of("memory", AnywireRpc.class, "memory"),
          Subject.of("anywire", AnywireRpc.class, "anywire"),
          Subject.of("rabbitmq", AnywireRpc.class, "rabbitmq"));
    }
  },

  /** Tasks, from leaving them to the end of their handler. */
  TASKS("task", false, () -> new MessagingLoad(2_000, false)) {
    @Override
    List<Subject> subjects() {
      return List.of(
          Subject.of("rabbitmq-by-hand", ByHand.class, ByHand.QUEUE, "rabbitmq"),
          Subject.of("rabbitmq", AnywireTasks.class, AnywireTasks.NO_RESULT, "rabbitmq"),
          Subject.of("anywire", AnywireTasks.class, AnywireTasks.NO_RESULT, "anywire"),
          Subject.of("memory", AnywireTasks.class, AnywireTasks.NO_RESULT, "memory"));
    }
  },

  /** Tasks whose results are kept; at a pace that RabbitMQ, with a queue for each, can hold. */
  RESULTS("task", false, () -> new MessagingLoad(50, false)) {
    @Override
    List<Subject> subjects() {
      return List.of(
          Subject.of("rabbitmq-result", AnywireTasks.class, AnywireTasks.RESULT, "rabbitmq"),
          Subject.of("anywire-result", AnywireTasks.class, AnywireTasks.RESULT, "anywire"),
          Subject.of("memory-result", AnywireTasks.class, AnywireTasks.RESULT, "memory"));
    }
  },

  /** Events, from publishing them to the end of their handler. */
  EVENTS("event", false, () -> new MessagingLoad(2_000, false)) {
    @Override
    List<Subject> subjects() {
      return List.of(
          Subject.of("rabbitmq-by-hand", ByHand.class, ByHand.FANOUT, "rabbitmq"),
          Subject.of("rabbitmq", AnywireEvents.class, "rabbitmq"),
          Subject.of("anywire", AnywireEvents.class, "anywire"),
          Subject.of("memory", AnywireEvents.class, "memory"));
    }
  },

  /** Messages through a broker that keeps them in memory, without anything above it. */
  BROKER_MEMORY(BrokerLoad::new) {
    @Override
    List<Subject> subjects() {
      return List.of(
          broker("memory", 1, 1, "memory"),
          broker("memory-4-publishers", 4, 1, "memory"),
          broker("memory-4-and-4-consumers", 4, 4, "memory"),
          broker("disk-memory", 1, 1, "disk-memory"),
          broker("anywire", 1, 1, "anywire"),
          broker("anywire-4-and-4-consumers", 4, 4, "anywire"));
    }
  },

  /** The same, acknowledged when the operating system has them. */
  BROKER_PAGE_CACHE(BrokerLoad::new) {
    @Override
    List<Subject> subjects() {
      return List.of(
          broker("disk-page-cache", 1, 1, "disk-page-cache"),
          Peer.CHRONICLE.subject("chronicle-page-cache", "ChronicleMessages", "no-sync", "folder"),
          Peer.ROCKSDB.subject("rocksdb-page-cache", "RocksMessages", "no-sync", "folder"),
          Peer.ARTEMIS.subject("artemis-page-cache", "ArtemisMessages", "page-cache", "folder"),
          Peer.ARTEMIS.subject(
              "artemis-write-behind", "ArtemisMessages", "write-behind", "folder"));
    }
  },

  /** The same, acknowledged when the disk has them. */
  BROKER_FSYNC(BrokerLoad::new) {
    @Override
    List<Subject> subjects() {
      return List.of(
          broker("disk-fsync", 1, 1, "disk-fsync"),
          broker("anywire-disk-fsync", 1, 1, "anywire-disk-fsync"),
          Peer.CHRONICLE.subject("chronicle-fsync", "ChronicleMessages", "sync", "folder"),
          Peer.ROCKSDB.subject("rocksdb-fsync", "RocksMessages", "sync", "folder"),
          Peer.ARTEMIS.subject("artemis-fsync", "ArtemisMessages", "fsync", "folder"));
    }
  },

  /** All three of brokers. */
  BROKER(BrokerLoad::new) {
    @Override
    List<Subject> subjects() {
      return List.of();
    }

    @Override
    List<Benchmark> parts() {
      return List.of(BROKER_MEMORY, BROKER_PAGE_CACHE, BROKER_FSYNC);
    }
  },

  /** All of messaging, but for brokers on disk and their peers. */
  MESSAGING(BrokerLoad::new) {
    @Override
    List<Subject> subjects() {
      return List.of();
    }

    @Override
    List<Benchmark> parts() {
      return List.of(RPC, TASKS, RESULTS, EVENTS, BROKER_MEMORY);
    }
  };

  private final String counted;
  private final boolean tls;
  private final boolean settings;
  private final Function<Setting, Load> load;

  Benchmark(String counted, boolean tls, Supplier<Load> load) {
    this(counted, tls, false, setting -> load.get());
  }

  Benchmark(Function<Setting, Load> load) {
    this("msg", false, true, load);
  }

  Benchmark(String counted, boolean tls, boolean settings, Function<Setting, Load> load) {
    this.counted = counted;
    this.tls = tls;
    this.settings = settings;
    this.load = load;
  }

  abstract List<Subject> subjects();

  /** The benchmarks that it consists of: itself, or others. */
  List<Benchmark> parts() {
    return List.of(this);
  }

  /** The subjects of all its parts. */
  List<Subject> allSubjects() {
    return parts().stream().flatMap(part -> part.subjects().stream()).toList();
  }

  /** What is counted, as units name it. */
  String counted() {
    return counted;
  }

  /** Whether its subjects can serve TLS. */
  boolean hasTls() {
    return tls;
  }

  /** Whether it is measured once for each setting. */
  boolean hasSettings() {
    return settings;
  }

  /** Starts what loads the subjects. */
  Load load(Setting setting) {
    return load.apply(setting);
  }

  /** The name by which it is asked for. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Subject broker(String name, int publishers, int consumers, String place) {
    String from = Integer.toString(publishers);
    String to = Integer.toString(consumers);
    return Subject.of(name, BrokerQueue.class, from, to, place);
  }
}
