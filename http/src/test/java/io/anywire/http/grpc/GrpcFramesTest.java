package io.anywire.http.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.anywire.http.FrameClient;
import io.anywire.http.FrameClient.Frame;
import io.anywire.http.RunningProbe;
import io.anywire.http.probe.ProbeRequest;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.netty.handler.codec.http2.Http2Error;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What gRPC's protocol says, asked in frames that proper clients would not send. */
class GrpcFramesTest {
  private static final String UNARY = "/probe.v1.Probe/Unary";
  private static final String BIDI = "/probe.v1.Probe/Bidi";
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int MAX_HEADER_LIST_SIZE = 6;

  private RunningProbe probe;

  @BeforeEach
  void start() {
    probe = new RunningProbe("max-message=1MiB", new SendsAsked());
  }

  @AfterEach
  void stop() throws Exception {
    probe.close();
  }

  @Test
  void a_client_that_forgets_te_is_served() throws Exception {
    try (FrameClient client = new FrameClient(probe.port)) {
      client.call(1, UNARY, "te", "").data(1, true, framed(0, text("hi")));
      assertThat(client.awaitEnd(1).header("grpc-status")).isEqualTo("0");
    }
  }

  @ParameterizedTest
  @CsvSource({"1n,4", "0S,4", "99999999H,0", "99999999M,0", "99999999u,0", "100000000S,3", "1,3"})
  void timeouts_are_kept_and_malformed_ones_refused(String timeout, String status)
      throws Exception {
    try (FrameClient client = new FrameClient(probe.port)) {
      client.call(1, UNARY, "grpc-timeout", timeout).data(1, true, framed(0, text("hi")));
      assertThat(client.awaitEnd(1).header("grpc-status")).isEqualTo(status);
    }
  }

  @Test
  void a_message_may_come_byte_by_byte_and_several_in_one_frame() throws Exception {
    try (FrameClient client = new FrameClient(probe.port)) {
      client.call(1, BIDI);
      for (byte one : framed(0, text("slow"))) {
        client.data(1, false, one);
      }
      client.data(1, true, twice(framed(0, text("fast"))));
      StringBuilder got = new StringBuilder();
      Frame frame;
      do {
        frame = client.await(f -> f.stream() == 1);
        got.append(frame.type() == FrameClient.DATA ? new String(frame.payload()) : "");
      } while (!frame.endsStream());
      assertThat(frame.header("grpc-status")).isEqualTo("0");
      assertThat(got).containsSubsequence("slow", "fast", "fast");
    }
  }

  @Test
  void a_compressed_message_in_no_encoding_is_the_clients_error() throws Exception {
    try (FrameClient client = new FrameClient(probe.port)) {
      client.call(1, UNARY, "grpc-encoding", "identity").data(1, true, framed(1, text("x")));
      assertThat(client.awaitEnd(1).header("grpc-status")).isEqualTo("13");
      client.call(3, UNARY, "grpc-encoding", "gzip").data(3, true, framed(1, text("no gzip")));
      assertThat(client.awaitEnd(3).header("grpc-status")).isEqualTo("3");
      client.call(5, UNARY, "grpc-encoding", "gzip").data(5, true, framed(0, text("plain")));
      assertThat(client.awaitEnd(5).header("grpc-status")).isEqualTo("0");
      client.call(7, UNARY, "grpc-encoding", "gzip").data(7, true, framed(1, gzip(text("small"))));
      assertThat(client.awaitEnd(7).header("grpc-status")).isEqualTo("0");
    }
  }

  @Test
  void a_message_that_grows_beyond_the_limit_when_decompressed_is_refused() throws Exception {
    byte[] bomb = gzip(payload(20 << 20));
    assertThat(bomb.length).isLessThan(1 << 20);
    try (FrameClient client = new FrameClient(probe.port)) {
      client.call(1, UNARY, "grpc-encoding", "gzip");
      byte[] message = framed(1, bomb);
      for (int at = 0; at < message.length; at += 16_000) {
        int to = Math.min(message.length, at + 16_000);
        client.data(1, to == message.length, Arrays.copyOfRange(message, at, to));
      }
      Frame end = client.awaitEnd(1);
      assertThat(end.header("grpc-status")).isEqualTo("8");
      assertThat(end.header("grpc-message"))
          .isEqualTo("request of more than 1048576 bytes (expected: <= 1048576)");
    }
  }

  @Test
  void a_length_above_the_limit_is_refused_before_the_message_comes() throws Exception {
    try (FrameClient client = new FrameClient(probe.port)) {
      client.call(1, BIDI).data(1, false, (byte) 0, (byte) 0, (byte) 0x10, (byte) 0, (byte) 1);
      Frame end = client.awaitEnd(1);
      assertThat(end.header("grpc-status")).isEqualTo("8");
      assertThat(end.header("grpc-message"))
          .isEqualTo("request of 1048577 bytes (expected: <= 1048576)");
    }
  }

  @Test
  void request_headers_above_the_limit_are_refused_in_the_words_of_grpc() throws Exception {
    try (FrameClient client = new FrameClient(probe.port)) {
      client.call(1, UNARY, "x-large", "y".repeat(17_000));
      Frame end = client.awaitEnd(1);
      assertThat(end.header(":status")).isEqualTo("431");
      assertThat(end.header("grpc-status")).isEqualTo("8");
      assertThat(end.header("grpc-message")).isEqualTo("the headers are too large");
      client.call(3, UNARY).data(3, true, framed(0, text("next")));
      assertThat(client.awaitEnd(3).header("grpc-status")).isEqualTo("0");
    }
  }

  @Test
  void an_error_that_the_client_cannot_take_keeps_its_code() throws Exception {
    try (FrameClient client = new FrameClient(probe.port, MAX_HEADER_LIST_SIZE, 1000)) {
      ProbeRequest wordy = ProbeRequest.newBuilder().setText("why ".repeat(500)).setCode(9).build();
      client.call(1, UNARY).data(1, true, framed(0, wordy.toByteArray()));
      Frame end = client.awaitEnd(1);
      assertThat(end.header("grpc-status")).isEqualTo("9");
      assertThat(end.header("grpc-message")).isEqualTo("why ".repeat(24) + "why%20");
      assertThat(end.header("grpc-status-details-bin")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"head", "trailer"})
  void response_metadata_that_the_client_cannot_take_is_an_error_that_says_so(String where)
      throws Exception {
    try (FrameClient client = new FrameClient(probe.port, MAX_HEADER_LIST_SIZE, 1000)) {
      client.call(1, UNARY, "x-ask", where).data(1, true, framed(0, text("x")));
      Frame end = client.awaitEnd(1);
      assertThat(end.header("grpc-status")).isEqualTo("8");
      assertThat(end.header("grpc-message")).contains("(expected: <= 1000, as the client says)");
      client.call(3, UNARY).data(3, true, framed(0, text("next")));
      assertThat(client.awaitEnd(3).header("grpc-status")).isEqualTo("0");
    }
  }

  @Test
  void a_call_may_be_cancelled_at_any_moment() throws Exception {
    byte[] message = framed(0, ProbeRequest.newBuilder().setWait(true).build().toByteArray());
    int cancel = (int) Http2Error.CANCEL.code();
    try (FrameClient client = new FrameClient(probe.port)) {
      client.call(1, UNARY).reset(1, cancel);
      client.call(3, UNARY).data(3, false, (byte) 0, (byte) 0).reset(3, cancel);
      client.call(5, UNARY).data(5, false, message).reset(5, cancel);
      client.call(7, UNARY).data(7, true, message);
      await().until(() -> probe.handler.waiting.get() == 1);
      client.reset(7, cancel);
      await().until(() -> probe.handler.cancelled.get() == 1 && probe.handler.waiting.get() == 0);
      client.call(9, BIDI).data(9, false, framed(0, text("one")));
      client.await(f -> f.stream() == 9 && f.type() == FrameClient.DATA);
      client.reset(9, cancel);
      await().until(() -> probe.handler.cancelled.get() == 2);
      client.call(11, UNARY).data(11, true, framed(0, text("fine")));
      assertThat(client.awaitEnd(11).header("grpc-status")).isEqualTo("0");
      client.reset(11, cancel);
      client.call(13, UNARY).data(13, true, framed(0, text("fine")));
      assertThat(client.awaitEnd(13).header("grpc-status")).isEqualTo("0");
    }
  }

  @Test
  void a_server_may_end_first_and_resets_when_the_client_has_seen_it() throws Exception {
    byte[] failing =
        framed(0, ProbeRequest.newBuilder().setCode(10).setText("enough").build().toByteArray());
    try (FrameClient client = new FrameClient(probe.port)) {
      client.call(1, BIDI).data(1, false, failing);
      Frame end = client.awaitEnd(1);
      assertThat(end.header("grpc-status")).isEqualTo("10");
      Frame ping = client.await(FrameClient.PING);
      client.data(1, false, framed(0, text("late")));
      client.send(FrameClient.PING, FrameClient.ACK, 0, ping.payload());
      Frame reset = client.await(FrameClient.RST_STREAM);
      assertThat(reset.stream()).isEqualTo(1);
      assertThat(reset.code()).isEqualTo((int) Http2Error.NO_ERROR.code());
      client.call(3, UNARY).data(3, true, framed(0, text("fine")));
      assertThat(client.awaitEnd(3).header("grpc-status")).isEqualTo("0");
    }
  }

  @Test
  void a_client_that_does_not_read_bounds_what_a_careless_handler_sends() throws Exception {
    ProbeRequest request =
        ProbeRequest.newBuilder()
            .setPayload(ByteString.copyFrom(new byte[10_000]))
            .setCount(50_000)
            .build();
    try (FrameClient client = new FrameClient(probe.port, INITIAL_WINDOW_SIZE, 0)) {
      long before = usedHeap();
      client
          .call(1, "/probe.v1.Probe/ServerStream")
          .data(1, true, framed(0, request.toByteArray()));
      AtomicInteger last = new AtomicInteger();
      await()
          .pollInterval(300, TimeUnit.MILLISECONDS)
          .until(() -> {
            int now = probe.handler.streamed.get();
            return now > 0 && last.getAndSet(now) == now;
          });
      // 500 MB were asked for, and 4 MiB may wait.
      assertThat(probe.handler.streamed.get()).isBetween(400, 500);
      assertThat(usedHeap() - before).isLessThan(32 << 20);
      client.reset(1, (int) Http2Error.CANCEL.code());
      await().until(() -> probe.handler.streamed.get() == 50_000);
      client.call(3, UNARY).data(3, true, framed(0, new byte[0]));
      assertThat(client.await(f -> f.stream() == 3).type()).isEqualTo(FrameClient.HEADERS);
    }
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static byte[] text(String text) {
    return ProbeRequest.newBuilder().setText(text).build().toByteArray();
  }

  private static byte[] payload(int bytes) {
    return ProbeRequest.newBuilder()
        .setPayload(ByteString.copyFrom(new byte[bytes]))
        .build()
        .toByteArray();
  }

  private static byte[] framed(int flag, byte[] message) {
    return ByteBuffer.allocate(5 + message.length)
        .put((byte) flag)
        .putInt(message.length)
        .put(message)
        .array();
  }

  private static byte[] twice(byte[] bytes) {
    return ByteBuffer.allocate(2 * bytes.length).put(bytes).put(bytes).array();
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream small = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(small)) {
      out.write(plain);
    }
    return small.toByteArray();
  }

  /** Sends 2 KB of metadata where the request asks for them. */
  private static final class SendsAsked implements ServerInterceptor {
    private static final Metadata.Key<String> ASK =
        Metadata.Key.of("x-ask", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      String asked = headers.get(ASK);
      return next.startCall(
          new SimpleForwardingServerCall<>(call) {
            @Override
            public void sendHeaders(Metadata head) {
              add("head", head);
              super.sendHeaders(head);
            }

            @Override
            public void close(Status status, Metadata trailers) {
              add("trailer", trailers);
              super.close(status, trailers);
            }

            private void add(String where, Metadata to) {
              if (where.equals(asked)) {
                to.put(ASK, "y".repeat(2000));
              }
            }
          },
          headers);
    }
  }
}
