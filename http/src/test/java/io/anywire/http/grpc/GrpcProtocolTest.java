package io.anywire.http.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.http.RunningProbe;
import io.anywire.http.probe.ProbeGrpc;
import io.anywire.http.probe.ProbeRequest;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What gRPC's protocol says of bytes and headers, spoken by curl. */
class GrpcProtocolTest {
  private static RunningProbe probe;

  @TempDir private Path files;

  @BeforeAll
  static void start() {
    assertThat(Path.of("/usr/bin/curl"))
        .as("curl; install it with: apt-get install -y curl (or run dev/test)")
        .isExecutable();
    probe = new RunningProbe();
  }

  @AfterAll
  static void stop() throws Exception {
    if (probe != null) {
      probe.close();
    }
  }

  @Test
  void a_plain_call_has_head_message_and_trailers() throws Exception {
    String answer = call(framed(0, request("hi")));
    assertThat(answer)
        .contains("HTTP/2 200")
        .contains("content-type: application/grpc")
        .contains("grpc-accept-encoding: gzip")
        .contains("grpc-status: 0")
        .contains("hi");
  }

  @Test
  void other_media_types_methods_and_encodings_are_refused() throws Exception {
    byte[] body = framed(0, request("x"));
    assertThat(call(body, "-H", "content-type: application/grpc+json")).contains("HTTP/2 415");
    assertThat(call(body, "-H", "content-type: application/grpc-web+json")).contains("HTTP/2 415");
    assertThat(call(body, "-H", "content-type: application/grpc-webby")).contains("HTTP/2 415");
    assertThat(call(body, "-X", "PUT")).contains("HTTP/2 405").contains("allow: POST");
    assertThat(call(body, "-H", "grpc-encoding: snappy"))
        .contains("grpc-status: 12")
        .contains("grpc-accept-encoding: gzip");
    assertThat(call(body, "-H", "grpc-timeout: soon")).contains("grpc-status: 3");
    assertThat(call(body, "-H", "x-data-bin: ***")).contains("grpc-status: 3");
    assertThat(call(body, "-H", "grpc-timeout: 0S")).contains("grpc-status: 4");
  }

  @Test
  void broken_bodies_end_their_call_only() throws Exception {
    assertThat(call(new byte[0])).contains("grpc-status: 13");
    assertThat(call(new byte[] {0, 0, 0, 0, 9, 1})).contains("grpc-status: 13");
    assertThat(call(new byte[] {5, 0, 0, 0, 1, 1})).contains("grpc-status: 13");
    assertThat(call(framed(1, request("x")))).contains("grpc-status: 13");
    assertThat(call(new byte[] {0, -1, -1, -1, -1, 1})).contains("grpc-status: 8");
    assertThat(call(framed(0, new byte[] {(byte) 0xff, (byte) 0xff}))).contains("grpc-status: 3");
    assertThat(call(twice(framed(0, request("x"))))).contains("grpc-status: 13");
    assertThat(
            ProbeGrpc.newBlockingStub(probe.channel)
                .unary(ProbeRequest.newBuilder().setText("fine").build())
                .getText())
        .isEqualTo("fine");
  }

  @ParameterizedTest
  @CsvSource({"2H,7200", "3M,180", "5S,5", "99999999m,99999", "2000000u,2", "90000000n,0"})
  void timeouts_have_six_units(String text, long seconds) {
    assertThat(Timeout.parse(text).timeRemaining(TimeUnit.NANOSECONDS))
        .isPositive()
        .isBetween((seconds - 1) * 1_000_000_000L, (seconds + 1) * 1_000_000_000L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "S", "1", "-1S", "123456789S", "1x", "1.5S"})
  void malformed_timeouts_are_refused(String text) {
    assertThatThrownBy(() -> Timeout.parse(text)).hasMessageStartingWith("INVALID_ARGUMENT");
  }

  @Test
  void messages_are_percent_encoded() {
    assertThat(StatusMessage.encode("50 % ü\n").toString()).isEqualTo("50 %25 %C3%BC%0A");
  }

  @Test
  void binary_values_may_be_joined_and_padded_or_not() {
    var metadata =
        MetadataHeaders.read(new DefaultHttp2Headers().add("x-bin", "AQ==,Ag").add("x-bin", ""));
    assertThat(
            metadata.getAll(
                io.grpc.Metadata.Key.of("x-bin", io.grpc.Metadata.BINARY_BYTE_MARSHALLER)))
        .containsExactly(new byte[] {1}, new byte[] {2}, new byte[0]);
  }

  private String call(byte[] body, String... more) throws Exception {
    Path file = Files.write(files.resolve("body"), body);
    List<String> command =
        new ArrayList<>(List.of("/usr/bin/curl", "-si", "-m", "10", "--http2-prior-knowledge"));
    if (!String.join(" ", more).contains("content-type")) {
      command.addAll(List.of("-H", "content-type: application/grpc"));
    }
    command.addAll(List.of("-H", "te: trailers", "--data-binary", "@" + file));
    command.addAll(List.of(more));
    command.add("http://127.0.0.1:" + probe.port + "/probe.v1.Probe/Unary");
    Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(curl.getInputStream().readAllBytes(), UTF_8);
  }

  private static byte[] request(String text) {
    return ProbeRequest.newBuilder().setText(text).build().toByteArray();
  }

  private static byte[] framed(int flag, byte[] message) {
    byte[] framed = new byte[5 + message.length];
    framed[0] = (byte) flag;
    framed[4] = (byte) message.length;
    System.arraycopy(message, 0, framed, 5, message.length);
    return framed;
  }

  private static byte[] twice(byte[] bytes) {
    byte[] result = new byte[2 * bytes.length];
    System.arraycopy(bytes, 0, result, 0, bytes.length);
    System.arraycopy(bytes, 0, result, bytes.length, bytes.length);
    return result;
  }
}
