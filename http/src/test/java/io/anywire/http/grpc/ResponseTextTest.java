package io.anywire.http.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client reads from headers, and writes into them. */
class ResponseTextTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "50 % ü\n", "\u0000\u007f", "%25", "日本"})
  void status_messages_come_back_as_they_were(String message) {
    assertThat(StatusMessage.decode(StatusMessage.encode(message))).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource({"%,%", "%4,%4", "%zz,%zz", "a%41,aA", "%c3%bc,ü"})
  void escapes_that_are_none_stand_for_themselves(String sent, String read) {
    assertThat(StatusMessage.decode(sent)).isEqualTo(read);
  }

  @ParameterizedTest
  @CsvSource({
    "0,1n",
    "99999999,99999999n",
    "100000000,100000u",
    "1500000000,1500000u",
    "100000000000000,100000S",
  })
  void timeouts_are_written_in_the_finest_unit_that_fits(long nanos, String written) {
    assertThat(Timeout.format(nanos).toString()).isEqualTo(written);
  }

  @ParameterizedTest
  @CsvSource({
    "application/grpc,true",
    "application/grpc+proto,true",
    "application/grpc;charset=utf-8,true",
    "application/grpcish,false",
    "application/json,false",
    "text/html,false",
  })
  void an_answer_is_grpc_by_its_content_type(String contentType, boolean grpc) {
    assertThat(ForeignAnswer.isGrpc(new DefaultHttp2Headers().set("content-type", contentType)))
        .isEqualTo(grpc);
  }

  @ParameterizedTest
  @CsvSource({
    "400,INTERNAL",
    "401,UNAUTHENTICATED",
    "403,PERMISSION_DENIED",
    "404,UNIMPLEMENTED",
    "429,UNAVAILABLE",
    "502,UNAVAILABLE",
    "503,UNAVAILABLE",
    "504,UNAVAILABLE",
    "500,UNKNOWN",
    "200,UNKNOWN",
  })
  void an_answer_without_a_status_is_told_by_its_http_status(int http, Status.Code code) {
    assertThat(ForeignAnswer.grpcStatus(new DefaultHttp2Headers(), http).getCode()).isEqualTo(code);
  }

  @Test
  void a_status_that_is_no_number_is_unknown() {
    Status status =
        ForeignAnswer.grpcStatus(new DefaultHttp2Headers().set("grpc-status", "x"), 200);
    assertThat(status.getCode()).isEqualTo(Status.Code.UNKNOWN);
    assertThat(status.getDescription()).isEqualTo("grpc-status: x (expected: 0 to 16)");
  }
}
