package io.anywire.http.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.rpc.Status;
import io.anywire.json.JsonCodec;
import io.grpc.Metadata;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/**
 * A stream of responses as Server-Sent Events (HTML Living Standard, section 9.2).
 *
 * <pre>{@code
 * data: {"id": "1"}                                   each message
 *
 * event: end                                          the last one, when all went well
 * id: end
 * data: {}
 *
 * event: error                                        the last one otherwise, with a problem
 * data: {"status": 404, "code": "NOT_FOUND", …}
 * }</pre>
 *
 * The data of the two last ones is that of {@link JsonLines}. A browser's {@code EventSource}
 * connects again whenever a connection ends; the id of the end makes it say so, and be told by 204
 * that there is nothing more. Messages have no id, since a contract knows no place in a stream to
 * begin at again. A delay that the error asks for is told as {@code retry}.
 */
final class EventStream implements AnswerStream {
  static final String MEDIA_TYPE = "text/event-stream";
  static final EventStream FORM = new EventStream();

  /** Says that the stream is alive; clients skip it. */
  static final AsciiString HEARTBEAT = AsciiString.cached(":\n\n");

  private static final String LAST_ID = "last-event-id";
  private static final String END_ID = "end";
  private static final byte[] DATA = "data: ".getBytes(US_ASCII);
  private static final byte[] BLANK_LINE = "\n\n".getBytes(US_ASCII);

  private EventStream() {}

  /** Whether a client that has seen the end asks for more. */
  static boolean hasSeenEnd(Http2Headers request) {
    CharSequence last = request.get(LAST_ID);
    return last != null && AsciiString.contentEquals(last, END_ID);
  }

  @Override
  public String mediaType() {
    return MEDIA_TYPE;
  }

  @Override
  public byte[] beforeMessage() {
    return DATA;
  }

  @Override
  public byte[] afterMessage() {
    return BLANK_LINE;
  }

  @Override
  public ByteBuf end(Metadata trailers) {
    return event("event: end\nid: " + END_ID + "\n", JsonLines.endValue(trailers));
  }

  @Override
  public ByteBuf error(int httpStatus, Status status, Metadata trailers, JsonCodec codec) {
    String retry =
        RetryHint.millis(status).stream()
            .mapToObj(ms -> "retry: " + ms + "\n")
            .findFirst()
            .orElse("");
    return event(
        "event: error\n" + retry, JsonLines.errorValue(httpStatus, status, trailers, codec));
  }

  private static ByteBuf event(String head, ByteBuf data) {
    ByteBuf event = Unpooled.buffer(head.length() + data.readableBytes() + 16);
    event.writeCharSequence(head, US_ASCII);
    event.writeBytes(DATA).writeBytes(data).writeBytes(BLANK_LINE);
    data.release();
    return event;
  }
}
