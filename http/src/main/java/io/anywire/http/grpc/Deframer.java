package io.anywire.http.grpc;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the body of a request or a response into messages: a byte that says whether the message is
 * compressed, four of length, the message. No more is read than was asked for; what is not read yet
 * is not reported as consumed either, so that it holds the client back. A length that is announced
 * takes no memory before the bytes are there. For the event loop only.
 */
final class Deframer {
  /** Is told what the body holds, in order. */
  interface Receiver {
    /** A message, still compressed if it was sent so. */
    void message(byte[] message, boolean compressed);

    /** The body has ended behind its last message. */
    void complete();

    /** The body is not what it should be. Nothing follows. */
    void broken(Status why);
  }

  private static final int PREFIX = 5;
  private static final int FIRST_ALLOCATION = 64 << 10;

  private final String what;
  private final int maxMessage;
  private final IntConsumer consumed;
  private final Receiver receiver;
  private final Queue<ByteBuf> pieces = new ArrayDeque<>(2);
  private final byte[] prefix = new byte[PREFIX];
  private int prefixFilled;
  private byte @Nullable [] message;
  private int length;
  private int filled;
  private long demand;
  private boolean ended;
  private boolean over;
  private boolean pumping;

  /**
   * @param what whose body it is, for messages: {@code request} or {@code response}
   * @param maxMessage the largest message taken, in bytes as sent
   * @param consumed is told how many bytes have been read
   */
  Deframer(String what, int maxMessage, IntConsumer consumed, Receiver receiver) {
    this.what = what;
    this.maxMessage = maxMessage;
    this.consumed = consumed;
    this.receiver = receiver;
  }

  /** Lets so many messages more be read. */
  void request(int messages) {
    demand += messages;
    pump();
  }

  /** Adds a piece of the body and takes it over. */
  void add(ByteBuf piece) {
    if (over || !piece.isReadable()) {
      drop(piece);
      return;
    }
    pieces.add(piece);
    pump();
  }

  /** The body ends here. */
  void end() {
    ended = true;
    pump();
  }

  /** Nobody wants messages any more. Idempotent. */
  void close() {
    over = true;
    while (!pieces.isEmpty()) {
      drop(pieces.remove());
    }
  }

  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (!over && demand > 0 && !pieces.isEmpty()) {
        readFrom(pieces.element());
      }
      if (!over && ended && pieces.isEmpty()) {
        finish();
      }
    } finally {
      pumping = false;
    }
  }

  private void readFrom(ByteBuf piece) {
    int before = piece.readableBytes();
    while (!over && demand > 0 && piece.isReadable()) {
      if (prefixFilled < PREFIX) {
        readPrefix(piece);
      } else {
        readMessage(piece);
      }
      if (prefixFilled == PREFIX && filled == length && !over) {
        deliver();
      }
    }
    int read = before - piece.readableBytes();
    if (!piece.isReadable() && !over) {
      pieces.remove().release();
    }
    consumed.accept(read);
  }

  private void readPrefix(ByteBuf piece) {
    int taken = Math.min(PREFIX - prefixFilled, piece.readableBytes());
    piece.readBytes(prefix, prefixFilled, taken);
    prefixFilled += taken;
    if (prefixFilled < PREFIX) {
      return;
    }
    length = prefix[1] << 24 | (prefix[2] & 255) << 16 | (prefix[3] & 255) << 8 | prefix[4] & 255;
    if ((prefix[0] & ~1) != 0) {
      fail(Status.INTERNAL.withDescription("a message begins with an unknown flag " + prefix[0]));
    } else if (length < 0 || length > maxMessage) {
      fail(tooLarge(what, Integer.toUnsignedString(length), maxMessage));
    } else {
      message = new byte[Math.min(length, Math.max(FIRST_ALLOCATION, piece.readableBytes()))];
      filled = 0;
    }
  }

  private void readMessage(ByteBuf piece) {
    byte[] into = message;
    if (into == null) {
      return;
    }
    if (filled == into.length) {
      into = Arrays.copyOf(into, (int) Math.min(length, 2L * into.length));
      message = into;
    }
    int taken = Math.min(into.length - filled, piece.readableBytes());
    piece.readBytes(into, filled, taken);
    filled += taken;
  }

  private void deliver() {
    byte[] complete = message;
    message = null;
    prefixFilled = 0;
    demand--;
    if (complete != null) {
      receiver.message(complete, prefix[0] == 1);
    }
  }

  private void finish() {
    if (prefixFilled > 0) {
      fail(Status.INTERNAL.withDescription("the " + what + " ends in the middle of a message"));
    } else {
      over = true;
      receiver.complete();
    }
  }

  private void fail(Status why) {
    close();
    receiver.broken(why);
  }

  private void drop(ByteBuf piece) {
    int bytes = piece.readableBytes();
    piece.release();
    if (bytes > 0) {
      consumed.accept(bytes);
    }
  }

  static Status tooLarge(String what, String bytes, int limit) {
    return Status.RESOURCE_EXHAUSTED.withDescription(
        what + " of " + bytes + " bytes (expected: <= " + limit + ")");
  }
}
