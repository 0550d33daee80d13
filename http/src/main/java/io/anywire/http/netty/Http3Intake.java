package io.anywire.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http3.Http3ErrorCode;
import io.netty.util.ReferenceCountUtil;

/**
 * Stands before Netty's codec on every stream that a client of HTTP/3 opens, follows where its
 * frames begin and end (RFC 9114, section 7.1), and sees what the codec does not: a stream that
 * ends within a frame, and frames that carry nothing, in masses. What comes on streams that have no
 * frames costs by its bytes. Used on the event loop only.
 */
final class Http3Intake extends ChannelInboundHandlerAdapter {

  /** The only thing that an encoder may say to a server that keeps no table: keep none. */
  private static final int NO_TABLE = 0x20;

  private static final long DATA = 0;
  private static final long HEADERS = 1;

  /** What a request may cost, as with HTTP/2. */
  private static final int PER_REQUEST = 8;

  private static final int PER_DATA = 4;

  /** So many bytes outside of a request cost as much as a frame. */
  private static final int BYTES_A_FRAME = 16;

  private enum Expected {
    STREAM_TYPE,
    FRAME_TYPE,
    LENGTH,
    PAYLOAD,
    NO_FRAMES
  }

  private final Http3ServerConnection connection;
  private final boolean oneWay;
  private Expected expected;
  private Http3StreamType streamType = Http3StreamType.OTHER;
  private long type;
  private long payload;

  // An integer of variable length that is not whole yet (RFC 9000, section 16).
  private long value;
  private int bytesToCome;

  /**
   * @param oneWay whether the stream says first of what type it is
   */
  Http3Intake(Http3ServerConnection connection, boolean oneWay) {
    this.connection = connection;
    this.oneWay = oneWay;
    this.expected = oneWay ? Expected.STREAM_TYPE : Expected.FRAME_TYPE;
  }

  /** The codec's own handlers are there by now. */
  @Override
  public void channelRegistered(ChannelHandlerContext ctx) {
    if (oneWay) {
      ctx.pipeline().addLast(new Http3Guard(connection, this::streamType));
    }
    ctx.fireChannelRegistered();
  }

  private Http3StreamType streamType() {
    return streamType;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    follow(((ByteBuf) message).duplicate());
    if (connection.isFailed()) {
      ReferenceCountUtil.release(message);
    } else if (connection.allowance().isOverdrawn()) {
      ReferenceCountUtil.release(message);
      connection.fail(Http3ErrorCode.H3_EXCESSIVE_LOAD, "too much that carries nothing");
    } else {
      ctx.fireChannelRead(message);
    }
  }

  private void follow(ByteBuf in) {
    while (in.isReadable()) {
      if (expected == Expected.NO_FRAMES) {
        other(in);
        return;
      } else if (expected == Expected.PAYLOAD) {
        int here = (int) Math.min(payload, in.readableBytes());
        in.skipBytes(here);
        payload -= here;
        if (payload == 0) {
          expected = Expected.FRAME_TYPE;
        }
      } else if (integer(in.readByte())) {
        read();
      }
    }
  }

  private void other(ByteBuf in) {
    connection.allowance().spend(1 + in.readableBytes() / BYTES_A_FRAME);
    if (streamType == Http3StreamType.ENCODER
        && in.forEachByte(instruction -> instruction == NO_TABLE) >= 0) {
      connection.fail(
          Http3ErrorCode.QPACK_ENCODER_STREAM_ERROR, "an insertion into a table that is not kept");
    }
  }

  /** Takes a byte of an integer; whether it is whole. */
  private boolean integer(byte next) {
    if (bytesToCome == 0) {
      bytesToCome = 1 << ((next & 0xc0) >> 6);
      value = next & 0x3f;
    } else {
      value = value << Byte.SIZE | next & 0xff;
    }
    return --bytesToCome == 0;
  }

  private void read() {
    switch (expected) {
      case STREAM_TYPE -> {
        streamType = Http3StreamType.of(value);
        expected = streamType == Http3StreamType.CONTROL ? Expected.FRAME_TYPE : Expected.NO_FRAMES;
      }
      case FRAME_TYPE -> {
        type = value;
        expected = Expected.LENGTH;
      }
      default -> {
        payload = value;
        expected = payload == 0 ? Expected.FRAME_TYPE : Expected.PAYLOAD;
        begun();
      }
    }
  }

  private void begun() {
    if (type == HEADERS) {
      connection.allowance().earn(PER_REQUEST);
    } else if (type == DATA && payload > 0) {
      connection.allowance().earn(PER_DATA);
    } else {
      connection.allowance().spend(1 + payload / BYTES_A_FRAME);
    }
  }

  private boolean isWithinFrame() {
    return bytesToCome > 0 || expected == Expected.LENGTH || expected == Expected.PAYLOAD;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent && isWithinFrame()) {
      connection.fail(Http3ErrorCode.H3_FRAME_ERROR, "a stream ended within a frame");
    } else if (event instanceof ChannelInputShutdownEvent && streamType.critical) {
      // The codec looks at this only once the connection is known to be established.
      connection.fail(
          Http3ErrorCode.H3_CLOSED_CRITICAL_STREAM, "a stream that is needed was ended");
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }
}
