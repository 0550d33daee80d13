package io.anywire.http.netty;

import io.netty.handler.codec.http3.Http3ErrorCode;

/** What a stream that only the client sends on is for (RFC 9114, section 6.2; RFC 9204, 4.2). */
enum Http3StreamType {
  CONTROL(true, Http3ErrorCode.H3_FRAME_ERROR),
  ENCODER(true, Http3ErrorCode.QPACK_ENCODER_STREAM_ERROR),
  DECODER(true, Http3ErrorCode.QPACK_DECODER_STREAM_ERROR),
  OTHER(false, Http3ErrorCode.H3_GENERAL_PROTOCOL_ERROR);

  /** Whether the connection cannot go on without it. */
  final boolean critical;

  /** What is wrong when it says something that cannot be read. */
  final Http3ErrorCode unreadable;

  Http3StreamType(boolean critical, Http3ErrorCode unreadable) {
    this.critical = critical;
    this.unreadable = unreadable;
  }

  static Http3StreamType of(long type) {
    return type == 0 ? CONTROL : type == 2 ? ENCODER : type == 3 ? DECODER : OTHER;
  }
}
