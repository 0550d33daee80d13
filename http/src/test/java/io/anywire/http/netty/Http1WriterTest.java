package io.anywire.http.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.http.netty.Http1Writer.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Http1WriterTest {
  private static final ByteBufAllocator BUFFERS = UnpooledByteBufAllocator.DEFAULT;

  private final Http1Writer writer = Http1Writer.current();

  @Test
  void writes_a_short_response_as_one_buffer() {
    ByteBuf body = Unpooled.copiedBuffer("hello", ISO_8859_1);
    ByteBuf whole = writer.whole(BUFFERS, 200, headers("x-a", "é"), Connection.AS_ASSUMED, body);
    assertThat(text(whole))
        .isEqualTo("HTTP/1.1 200 OK\r\nx-a: é\r\ncontent-length: 5\r\n\r\nhello");
    assertThat(body.refCnt()).isZero();
  }

  @Test
  void leaves_a_long_body_to_follow() {
    ByteBuf body = Unpooled.buffer(100_000).writeZero(100_000);
    ByteBuf head = writer.whole(BUFFERS, 201, EmptyHttp2Headers.INSTANCE, Connection.CLOSE, body);
    assertThat(text(head))
        .isEqualTo("HTTP/1.1 201 Created\r\nconnection: close\r\ncontent-length: 100000\r\n\r\n");
    assertThat(body.release()).isTrue();
  }

  @Test
  void writes_a_body_in_chunks_with_trailers() {
    String head = text(writer.chunkedHead(BUFFERS, 200, headers("a", "b"), Connection.AS_ASSUMED));
    String first = text(writer.beginOfChunk(BUFFERS, 26)) + text(writer.endOfChunk(BUFFERS));
    String last = text(writer.lastChunk(BUFFERS, headers("trailer", "x")));
    assertThat(head).isEqualTo("HTTP/1.1 200 OK\r\na: b\r\ntransfer-encoding: chunked\r\n\r\n");
    assertThat(first).isEqualTo("1a\r\n\r\n");
    assertThat(last).isEqualTo("0\r\ntrailer: x\r\n\r\n");
  }

  @Test
  void writes_headers_of_any_length() {
    String long1 = "v".repeat(300_000);
    assertThat(text(writer.head(BUFFERS, 599, headers("a", long1), Connection.KEEP_ALIVE)))
        .endsWith("a: " + long1 + "\r\nconnection: keep-alive\r\n\r\n");
    assertThat(text(writer.proceed(BUFFERS))).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nset-cookie: b", "a\nb", "a\u0000b", "a\rb", "a\u4e2db"})
  void lets_nobody_write_lines_of_their_own(String value) {
    assertThatThrownBy(() -> writer.head(BUFFERS, 200, headers("x", value), Connection.AS_ASSUMED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(expected: one line of ISO-8859-1)");
    if (value.indexOf('\u4e2d') < 0) {
      Http2Headers ascii = new DefaultHttp2Headers(false).add("x", new AsciiString(value));
      assertThatThrownBy(() -> writer.head(BUFFERS, 200, ascii, Connection.AS_ASSUMED))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Http2Headers headers(String name, String value) {
    return new DefaultHttp2Headers(false).add(name, value);
  }

  private static String text(ByteBuf bytes) {
    try {
      return bytes.toString(ISO_8859_1);
    } finally {
      bytes.release();
    }
  }
}
