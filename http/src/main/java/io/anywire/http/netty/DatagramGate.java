package io.anywire.http.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;

/**
 * Drops the datagrams that pretend to begin a connection of QUIC and are smaller than such are (RFC
 * 9000, section 14.1). The answer to one would be larger than itself: it would go, several times
 * over, to whoever the sender pretends to be.
 */
final class DatagramGate extends ChannelInboundHandlerAdapter {
  private static final int LEAST_INITIAL = 1200;

  private static final int LONG_HEADER = 0x80;
  private static final int TYPE = 0x30;
  private static final int VERSION_1 = 1;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    DatagramPacket datagram = (DatagramPacket) message;
    if (datagram.content().readableBytes() < LEAST_INITIAL && begins(datagram.content())) {
      datagram.release();
    } else {
      ctx.fireChannelRead(datagram);
    }
  }

  /** Whether it is an Initial, or of a version that is to be negotiated. */
  private static boolean begins(ByteBuf packet) {
    if (packet.readableBytes() < 1 + Integer.BYTES) {
      return true;
    }
    int first = packet.getByte(packet.readerIndex());
    int version = packet.getInt(packet.readerIndex() + 1);
    return (first & LONG_HEADER) != 0 && (version != VERSION_1 || (first & TYPE) == 0);
  }
}
