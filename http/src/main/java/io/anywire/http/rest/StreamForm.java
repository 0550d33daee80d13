package io.anywire.http.rest;

import io.anywire.http.connect.EndStream;
import io.anywire.http.connect.Envelope;
import io.anywire.json.JsonCodec;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Optional;

/** How a stream of responses stands in a body: cut into which pieces, each saying what. */
enum StreamForm {
  /** {@link JsonLines}, which REST's routes answer. */
  LINES {
    @Override
    String mediaType() {
      return MediaTypes.JSON_LINES;
    }

    @Override
    int overhead() {
      return 1;
    }

    @Override
    int end(ByteBuf begun, byte[] bytes, int from) {
      for (int i = from; i < bytes.length; i++) {
        if (bytes[i] == '\n') {
          return i + 1;
        }
      }
      return -1;
    }

    @Override
    byte[] content(byte[] piece) {
      int end = piece.length;
      return end > 0 && piece[end - 1] == '\n' ? Arrays.copyOf(piece, end - 1) : piece;
    }

    @Override
    boolean mayEndOpen() {
      return true;
    }

    @Override
    Optional<JsonLines.Line> read(byte[] content, JsonCodec codec) {
      return JsonLines.read(content, codec);
    }
  },

  /** Connect's envelopes, which methods answer by their name. */
  ENVELOPES {
    @Override
    String mediaType() {
      return "application/connect+json";
    }

    @Override
    int overhead() {
      return Envelope.PREFIX;
    }

    @Override
    int end(ByteBuf begun, byte[] bytes, int from) {
      return Envelope.end(begun, bytes, from);
    }

    @Override
    byte[] content(byte[] piece) {
      return piece;
    }

    @Override
    boolean mayEndOpen() {
      return false;
    }

    @Override
    Optional<JsonLines.Line> read(byte[] content, JsonCodec codec) {
      return switch (content[0]) {
        case 0 -> Optional.of(new JsonLines.Line.Result(Envelope.content(content)));
        case EndStream.FLAG -> EndStream.read(Envelope.content(content)).map(StreamForm::last);
        default -> Optional.empty();
      };
    }
  };

  /** The body's media type. */
  abstract String mediaType();

  /** What a piece has beside its message, in bytes. */
  abstract int overhead();

  /**
   * Where the piece ends that has {@code begun} and goes on at {@code from}, or -1 when it does not
   * end in these bytes.
   */
  abstract int end(ByteBuf begun, byte[] bytes, int from);

  /** What {@link #read} is to see of a piece. */
  abstract byte[] content(byte[] piece);

  /** Whether the end of the body ends a piece too. */
  abstract boolean mayEndOpen();

  /** What a piece says; empty when it says nothing that is known. */
  abstract Optional<JsonLines.Line> read(byte[] content, JsonCodec codec);

  private static JsonLines.Line last(EndStream end) {
    return end.error().isPresent()
        ? new JsonLines.Line.Failure(end.error().get(), end.trailers())
        : new JsonLines.Line.End(end.trailers());
  }
}
