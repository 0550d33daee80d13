package io.anywire.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.broker.Broker;
import io.anywire.broker.Message;
import io.anywire.broker.Topic;
import io.anywire.broker.remote.BrokerHandler;
import io.anywire.conformance.v1.ConformanceRequest;
import io.anywire.conformance.v1.ConformanceResponse;
import io.anywire.conformance.v1.ConformanceServiceGrpc;
import io.anywire.testing.RabbitMq;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hundred thousand malformed requests on each wire: all refused, nothing left, still serving. */
class MalformedFloodTest {
  private static final int FLOOD = 100_000;

  /** Fewer than a server lets wait on one connection of HTTP/1.1. */
  private static final int PIPELINED = 200;

  private static final long FLAT_BYTES = 24L << 20;

  private static final Anywire anywire = Anywire.builder().application("flood").build();
  private static RabbitMq rabbit;
  private static AnywireServer server;
  private static String anywireUrl;

  @BeforeAll
  static void serve() {
    rabbit = RabbitMq.start();
    anywireUrl =
        anywire
            .server()
            .service(new BrokerHandler(anywire.broker("memory:flood-served")))
            .listen("http://127.0.0.1:0")
            .start()
            .urls()
            .getFirst()
            .withScheme("anywire")
            .toString();
    server =
        anywire
            .server()
            .service(new ConformanceHandler())
            .interceptor(Exchanged.INTERCEPTOR)
            .listen("http://127.0.0.1:0")
            .listen("memory:flood")
            .listen(anywireUrl)
            .listen(rabbit.url())
            .start();
  }

  @AfterAll
  static void stop() {
    anywire.close();
    rabbit.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"grpc", "memory", "anywire", "rabbitmq"})
  void undecodable_requests_are_refused_and_leave_nothing(String wire) throws Exception {
    Channel channel = anywire.channel(url(wire));
    flood(channel, FLOOD / 10);
    long before = heapInUse();

    assertThat(flood(channel, FLOOD)).isEqualTo(Map.of(Status.Code.INVALID_ARGUMENT, FLOOD));

    assertThat(heapInUse() - before).isLessThan(FLAT_BYTES);
    assertServing(wire);
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "anywire", "rabbitmq"})
  void malformed_frames_are_dropped(String wire) throws Exception {
    Broker broker = anywire.broker(url(wire));
    Topic calls = Topic.calls(ConformanceServiceGrpc.SERVICE_NAME + ".rpc");
    Semaphore window = new Semaphore(500);
    for (int i = 0; i < FLOOD / 10; i++) {
      window.acquire();
      Message garbage = Message.of(ByteString.copyFrom(new byte[] {-1, (byte) i, -1, 7}));
      broker.publish(calls, garbage).whenComplete((done, failure) -> window.release());
    }
    assertServing(wire);
  }

  @Test
  void malformed_rest_requests_are_refused_and_leave_nothing() throws Exception {
    restFlood(FLOOD / 10);
    long before = heapInUse();

    assertThat(restFlood(FLOOD)).isEqualTo(FLOOD);

    assertThat(heapInUse() - before).isLessThan(FLAT_BYTES);
    assertServing("http");
  }

  private static String url(String wire) {
    return switch (wire) {
      case "http" -> server.urls().getFirst().toString();
      case "grpc" -> server.urls().getFirst().withScheme("grpc").toString();
      case "memory" -> "memory:flood";
      case "anywire" -> anywireUrl;
      default -> rabbit.url();
    };
  }

  private static void assertServing(String wire) {
    ConformanceResponse response =
        ConformanceServiceGrpc.newBlockingStub(anywire.channel(url(wire)))
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .unary(ConformanceRequest.getDefaultInstance());
    assertThat(response.hasSeen()).isTrue();
  }

  private static long heapInUse() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static Map<Status.Code, Integer> flood(Channel channel, int count) throws Exception {
    MethodDescriptor<byte[], ConformanceResponse> method =
        ConformanceServiceGrpc.getUnaryMethod().toBuilder(
                new Garbage(), ConformanceServiceGrpc.getUnaryMethod().getResponseMarshaller())
            .build();
    Map<Status.Code, Integer> statuses = new ConcurrentHashMap<>();
    Semaphore window = new Semaphore(200);
    for (int i = 0; i < count; i++) {
      window.acquire();
      ClientCall<byte[], ConformanceResponse> call =
          channel.newCall(method, CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS));
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onClose(Status status, Metadata trailers) {
              statuses.merge(status.getCode(), 1, Integer::sum);
              window.release();
            }
          },
          new Metadata());
      call.request(1);
      call.sendMessage(new byte[] {-1, -1, -1, -1});
      call.halfClose();
    }
    window.acquire(200);
    return statuses;
  }

  /** Pipelined requests with broken JSON, on one connection; returns how many got a 400. */
  private static int restFlood(int count) throws Exception {
    String body = "{\"payload\": {\"int32\": \"x\"";
    byte[] request =
        ("POST /conformance/unary HTTP/1.1\r\nHost: flood\r\nContent-Type: application/json\r\n"
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body)
            .getBytes(US_ASCII);
    int port = server.urls().getFirst().host().port();
    AtomicInteger refused = new AtomicInteger();
    Semaphore ahead = new Semaphore(PIPELINED);
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout(30_000);
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int i = 0; i < count; i++) {
                    ahead.acquireUninterruptibly();
                    socket.getOutputStream().write(request);
                  }
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      countRefusals(socket.getInputStream(), count, refused, ahead);
      ahead.release(count);
      writer.join();
    }
    return refused.get();
  }

  private static void countRefusals(
      InputStream in, int count, AtomicInteger refused, Semaphore ahead) throws Exception {
    byte[] wanted = "HTTP/1.1 400 ".getBytes(US_ASCII);
    byte[] buffer = new byte[64 << 10];
    int matched = 0;
    while (refused.get() < count) {
      int read = in.read(buffer);
      if (read < 0) {
        return;
      }
      for (int i = 0; i < read; i++) {
        matched = buffer[i] == wanted[matched] ? matched + 1 : buffer[i] == wanted[0] ? 1 : 0;
        if (matched == wanted.length) {
          refused.incrementAndGet();
          ahead.release();
          matched = 0;
        }
      }
    }
  }

  private static final class Garbage implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] bytes) {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public byte[] parse(InputStream in) {
      throw new UnsupportedOperationException("garbage is only sent");
    }
  }
}
