package io.anywire.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.bench.v1.GreeterGrpc;
import io.anywire.bench.v1.HelloRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The tools' output as they wrote it when a server was good, and when it was not. */
class LoadResultTest {
  private static final H2Load SAY_HELLO =
      new H2Load(GreeterGrpc.getSayHelloMethod(), HelloRequest.getDefaultInstance(), 32, 5 + 14);

  @Test
  void reads_a_good_run_of_h2load() {
    LoadResult result =
        H2Load.parse(
            """
            finished in 2.03s, 560.00 req/s, 28.46KB/s
            requests: 1120 total, 1376 started, 1120 done, 1120 succeeded, 0 failed, 0 errored, 0 timeout
            status codes: 1120 2xx, 0 3xx, 0 4xx, 0 5xx
            traffic: 56.92KB (58288) total, 4.89KB (5008) headers (space savings 94.61%), 20.78KB (21280) data
            """);

    assertThat(result).isEqualTo(new LoadResult(1120, 0, 560, 21280, ""));
    assertThat(SAY_HELLO.checked(result)).isEqualTo(result);
  }

  @Test
  void finds_the_http_errors_that_h2load_saw() {
    LoadResult result =
        H2Load.parse(
            """
            finished in 2.01s, 928.00 req/s, 14.63KB/s
            requests: 1856 total, 2112 started, 1856 done, 0 succeeded, 1856 failed, 0 errored, 0 timeout
            status codes: 0 2xx, 0 3xx, 1856 4xx, 0 5xx
            traffic: 29.25KB (29952) total, 3.64KB (3728) headers (space savings 91.97%), 0B (0) data
            """);

    assertThatThrownBy(result::requireAllGood)
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("1856 of 1856 requests failed")
        .hasMessageContaining("1856 4xx, 0 5xx");
  }

  @Test
  void finds_the_grpc_errors_that_h2load_takes_for_success() {
    LoadResult result =
        H2Load.parse(
            """
            finished in 2.03s, 7264.00 req/s, 92.84KB/s
            requests: 14528 total, 14784 started, 14528 done, 14528 succeeded, 0 failed, 0 errored, 0 timeout
            status codes: 14528 2xx, 0 3xx, 0 4xx, 0 5xx
            traffic: 185.68KB (190136) total, 57.48KB (58856) headers (space savings 96.32%), 0B (0) data
            """);

    assertThatThrownBy(SAY_HELLO.checked(result)::requireAllGood)
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("14528 of 14528 requests failed")
        .hasMessageContaining("0 bytes of replies to 14528 calls (expected: 19 each)");
  }

  @Test
  void fails_when_nothing_was_answered() {
    LoadResult result =
        H2Load.parse(
            """
            finished in 4.00s, 0.00 req/s, 0B/s
            requests: 0 total, 0 started, 0 done, 0 succeeded, 0 failed, 0 errored, 0 timeout
            status codes: 0 2xx, 0 3xx, 0 4xx, 0 5xx
            traffic: 0B (0) total, 0B (0) headers (space savings 0.00%), 0B (0) data
            """);

    assertThatThrownBy(result::requireAllGood).isInstanceOf(BenchException.class);
  }

  @Test
  void counts_the_messages_of_streams() {
    var calls = new LoadResult(120, 0, 60, 120 * 19_000 + 19 * 400, "");

    assertThat(StreamLoad.messages(calls, Duration.ofSeconds(2)))
        .isEqualTo(new LoadResult(120_400, 0, 60_200, calls.bodyBytes(), ""));
  }

  @Test
  void reads_a_good_run_of_wrk() {
    LoadResult result =
        RestLoad.parse(
            """
              5777 requests in 2.01s, 547.24KB read
            Requests/sec:   2879.02
            Transfer/sec:    272.72KB
            """);

    assertThat(result).isEqualTo(new LoadResult(5777, 0, 2879.02, 0, ""));
  }

  @Test
  void finds_the_failures_that_wrk_saw() {
    LoadResult responses =
        RestLoad.parse(
            """
              20499 requests in 2.04s, 0.88MB read
              Non-2xx or 3xx responses: 20499
            Requests/sec:  10068.34
            Transfer/sec:    442.46KB
            """);
    assertThat(responses.failed()).isEqualTo(20499);

    LoadResult sockets =
        RestLoad.parse(
            """
              100 requests in 2.00s, 1.00MB read
              Socket errors: connect 1, read 20, write 300, timeout 4000
            Requests/sec:     50.00
            """);
    assertThat(sockets.failed()).isEqualTo(4321);
    assertThatThrownBy(sockets::requireAllGood)
        .hasMessage(
            "4321 of 100 requests failed (expected: 0 of many)"
                + " Socket errors: connect 1, read 20, write 300, timeout 4000");
  }

  @Test
  void shows_the_output_that_it_cannot_read() {
    assertThatThrownBy(() -> RestLoad.parse("unable to connect"))
        .isInstanceOf(BenchException.class)
        .hasMessageContaining("unable to connect");
  }
}
