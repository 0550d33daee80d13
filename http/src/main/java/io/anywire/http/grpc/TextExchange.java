package io.anywire.http.grpc;

import io.anywire.http.exchange.Exchange;
import io.anywire.http.exchange.ForwardingExchange;
import io.anywire.http.exchange.RequestBody;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * An exchange whose body is base64 outside and bytes inside, in either direction or both. Each
 * piece that is sent is encoded by itself, with padding.
 *
 * <p>What the call reports as consumed is in bytes, what the client is told in characters: as many
 * as stand for the bytes that are not consumed yet are held back.
 */
final class TextExchange extends ForwardingExchange {
  private final boolean reads;
  private final boolean writes;
  private final Dialect dialect;
  private final Base64Stream decoder = new Base64Stream();

  // Touched by the event loop only.
  private long heldCharacters;
  private long heldBytes;

  /**
   * @param dialect says that a request is not base64
   */
  TextExchange(Exchange outside, boolean reads, boolean writes, Dialect dialect) {
    super(outside);
    this.reads = reads;
    this.writes = writes;
    this.dialect = dialect;
  }

  @Override
  public void receive(RequestBody body) {
    delegate().receive(reads ? new Decoding(body) : body);
  }

  @Override
  public void consumed(int bytes) {
    if (reads) {
      heldBytes -= bytes;
      grant();
    } else {
      delegate().consumed(bytes);
    }
  }

  @Override
  public void send(ByteBuf data) {
    delegate().send(writes ? encoded(data) : data);
  }

  @Override
  public void complete(int status, Http2Headers headers, ByteBuf body, Http2Headers trailers) {
    delegate().complete(status, headers, writes ? encoded(body) : body, trailers);
  }

  private void grant() {
    long granted = heldCharacters - (heldBytes * 4 + 2) / 3;
    if (granted > 0) {
      heldCharacters -= granted;
      delegate().consumed((int) granted);
    }
  }

  private static ByteBuf encoded(ByteBuf data) {
    if (!data.isReadable()) {
      return data;
    }
    try {
      ByteBuffer text = Base64.getEncoder().encode(data.nioBuffer());
      return Unpooled.wrappedBuffer(text);
    } finally {
      data.release();
    }
  }

  private final class Decoding implements RequestBody {
    private final RequestBody to;
    private boolean broken;

    Decoding(RequestBody to) {
      this.to = to;
    }

    @Override
    public void data(ByteBuf piece) {
      int characters = piece.readableBytes();
      heldCharacters += characters;
      try {
        byte[] bytes = broken ? new byte[0] : decoder.decode(piece);
        heldBytes += bytes.length;
        to.data(Unpooled.wrappedBuffer(bytes));
      } catch (IllegalArgumentException e) {
        refuse("not base64");
      } finally {
        piece.release();
        grant();
      }
    }

    @Override
    public void end() {
      if (!broken && !decoder.isComplete()) {
        refuse("base64 that breaks off");
      } else if (!broken) {
        to.end();
      }
    }

    @Override
    public void cancelled() {
      to.cancelled();
    }

    @Override
    public void writable() {
      to.writable();
    }

    private void refuse(String got) {
      broken = true;
      Status status = Status.INVALID_ARGUMENT;
      dialect.refuse(
          delegate(),
          status.withDescription(
              "the request's body: " + got + " (expected: base64, as its content-type says)"),
          new Metadata());
      to.cancelled();
    }
  }
}
