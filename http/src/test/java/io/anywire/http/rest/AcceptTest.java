package io.anywire.http.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptTest {
  /** accept | media type | its weight. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          */* | application/json | 1000
          application/* | application/json | 1000
          text/* | application/json | 0
          text/*, */*;q=0.1 | application/json | 100
          application/json;q=0.5, */* | application/json | 500
          */*, application/json;q=0.5 | application/json | 500
          application/json;q=0, application/* | application/json | 0
          application/json; q=0.001 | application/json | 1
          application/json;Q=1.000 | application/json | 1000
          application/json;charset=utf-8;q=0.25 | application/json | 250
          Application/JSON | application/json | 1000
          application/json;q=2, text/xml | application/json | 0
          application/json;q=0.1234, text/xml | application/json | 0
          application/json;q=, text/xml | application/json | 0
          , ,application/json, | application/json | 1000
          """)
  void weighs(String accept, String mediaType, int weight) {
    DefaultHttp2Headers headers = new DefaultHttp2Headers(false);
    headers.add("accept", accept);
    assertThat(Accept.of(headers).weight(mediaType)).isEqualTo(weight);
  }

  @Test
  void several_lines_are_one_list_and_none_is_everything() {
    DefaultHttp2Headers headers = new DefaultHttp2Headers(false);
    assertThat(Accept.of(headers).weight("text/xml")).isEqualTo(1000);
    headers.add("accept", "text/xml;q=0.5").add("accept", "application/json");
    assertThat(Accept.of(headers).weight("text/xml")).isEqualTo(500);
    assertThat(Accept.of(headers).weight("application/json")).isEqualTo(1000);
  }
}
