package io.anywire.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/**
 * {@code GET /hello/world} by wrk: 64 connections with one request at a time each. A request that
 * is not answered within 10 s has failed.
 */
final class RestLoad implements Load {
  private static final String PATH = "/hello/world";
  private static final String ANSWER = "{\"message\":\"Hello, world\"}";

  @Override
  public void verify(Target target) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(target.url(PATH))).timeout(Duration.ofSeconds(60));
    try (HttpClient client = client(target)) {
      HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
      String type = response.headers().firstValue("content-type").orElse("none");
      boolean same = withoutSpace(response.body()).equals(withoutSpace(ANSWER));
      if (response.statusCode() != 200 || !type.startsWith("application/json") || !same) {
        throw new BenchException(
            "answer: %d %s %s (expected: 200 application/json %s)"
                .formatted(response.statusCode(), type, response.body(), ANSWER));
      }
    } catch (IOException e) {
      throw new BenchException("answer: " + e + " (expected: 200)");
    }
  }

  @Override
  public LoadResult run(Target target, Duration duration) throws InterruptedException {
    return parse(
        Load.output(
            List.of(
                "wrk",
                "-t1",
                "-c64",
                "--timeout",
                "10s",
                "-d" + duration.toSeconds() + "s",
                target.url(PATH))));
  }

  /** Reads wrk's summary; it mentions failures only when there are some. */
  static LoadResult parse(String output) {
    long failed =
        LoadResult.sum(output, "Non-2xx or 3xx responses: (\\d+)")
            + LoadResult.sum(
                output, "Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    return new LoadResult(
        (long) LoadResult.number(output, "(\\d+) requests in "),
        failed,
        LoadResult.number(output, "Requests/sec: +([0-9.]+)"),
        0,
        LoadResult.lines(output, "Non-2xx or 3xx responses|Socket errors"));
  }

  private static HttpClient client(Target target) {
    var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
    target.tls().ifPresent(pem -> client.sslContext(SelfSigned.trusting(pem.certificate())));
    return client.build();
  }

  private static String withoutSpace(String json) {
    return json.replaceAll("\\s", "");
  }
}
