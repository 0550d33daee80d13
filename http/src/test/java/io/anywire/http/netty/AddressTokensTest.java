package io.anywire.http.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class AddressTokensTest {
  private static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.1", 1000);
  private final AddressTokens tokens = new AddressTokens();
  private final ByteBuf id = Unpooled.copiedBuffer("connection", US_ASCII);

  @Test
  void a_token_leads_back_to_the_first_connection_id() {
    ByteBuf token = token();
    int start = tokens.validateToken(token, CLIENT);
    assertThat(token.toString(start, token.readableBytes() - start, US_ASCII))
        .isEqualTo("connection");
  }

  @Test
  void a_token_is_worth_nothing_at_another_address_or_server() {
    assertThat(tokens.validateToken(token(), new InetSocketAddress("127.0.0.2", 1000)))
        .isEqualTo(-1);
    assertThat(tokens.validateToken(token(), new InetSocketAddress("127.0.0.1", 1001)))
        .isEqualTo(-1);
    assertThat(new AddressTokens().validateToken(token(), CLIENT)).isEqualTo(-1);
  }

  @Test
  void a_token_that_was_changed_is_worth_nothing() {
    for (int i = 0; i < token().readableBytes(); i++) {
      ByteBuf changed = token();
      changed.setByte(i, changed.getByte(i) ^ 1);
      assertThat(tokens.validateToken(changed, CLIENT)).as("byte %s", i).isEqualTo(-1);
    }
    assertThat(tokens.validateToken(token().slice(0, 40), CLIENT)).isEqualTo(-1);
    assertThat(tokens.validateToken(Unpooled.EMPTY_BUFFER, CLIENT)).isEqualTo(-1);
  }

  private ByteBuf token() {
    ByteBuf token = Unpooled.buffer(tokens.maxTokenLength());
    assertThat(tokens.writeToken(token, id, CLIENT)).isTrue();
    return token;
  }
}
