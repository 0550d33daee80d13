package io.anywire.http.grpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.anywire.call.Bytes;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.MethodDescriptor.Marshaller;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Messages with their five bytes in front. The buffers lie on the heap, so that one that is dropped
 * on its way to the event loop costs nothing.
 */
public final class Framer {
  static final int PREFIX = 5;

  private Framer() {}

  /** A message as it is sent. */
  static <T> ByteBuf frame(Marshaller<T> marshaller, T message, Compressor compressor) {
    return compressor == Codec.Identity.NONE && message instanceof MessageLite protobuf
        ? inOnePiece(protobuf)
        : frame(Bytes.encode(marshaller, message), compressor);
  }

  /** A message that is bytes already, as it is sent. */
  public static ByteBuf frame(byte[] plain, Compressor compressor) {
    return compressor == Codec.Identity.NONE
        ? flagged(0, plain)
        : flagged(1, Encodings.compress(compressor, plain));
  }

  /** A frame with that flag byte. */
  public static ByteBuf flagged(int flag, byte[] content) {
    return Unpooled.wrappedBuffer(prefixed(content.length, flag, PREFIX), content);
  }

  private static ByteBuf inOnePiece(MessageLite message) {
    int size = message.getSerializedSize();
    byte[] framed = prefixed(size, 0, PREFIX + size);
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(framed, PREFIX, size);
      message.writeTo(out);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Unpooled.wrappedBuffer(framed);
  }

  private static byte[] prefixed(int length, int flag, int capacity) {
    byte[] framed = new byte[capacity];
    framed[0] = (byte) flag;
    framed[1] = (byte) (length >> 24);
    framed[2] = (byte) (length >> 16);
    framed[3] = (byte) (length >> 8);
    framed[4] = (byte) length;
    return framed;
  }
}
