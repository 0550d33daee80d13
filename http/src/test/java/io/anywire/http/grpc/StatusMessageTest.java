package io.anywire.http.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatusMessageTest {
  @Test
  void spaces_at_either_end_are_escaped_since_http_strips_them() {
    assertThat(StatusMessage.encode("  a b  ").toString()).isEqualTo("%20 a b %20");
    assertThat(StatusMessage.encode(" ").toString()).isEqualTo("%20");
    assertThat(StatusMessage.decode("%20 a b %20")).isEqualTo("  a b  ");
  }
}
