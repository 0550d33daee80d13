package io.anywire.http.grpc;

import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.Decompressor;
import io.grpc.DecompressorRegistry;
import io.grpc.Status;
import io.netty.util.AsciiString;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** The compressions that grpc-java knows here, and what is done with them. Thread-safe. */
public final class Encodings {
  /** The name of no compression. */
  public static final String IDENTITY = "identity";

  /** What {@code grpc-accept-encoding} and its like say of us. */
  public static final AsciiString ACCEPTED =
      AsciiString.of(
          String.join(
              ",", DecompressorRegistry.getDefaultInstance().getAdvertisedMessageEncodings()));

  private Encodings() {}

  /**
   * How a client's messages are decompressed.
   *
   * @param header where the client says so
   * @throws io.grpc.StatusRuntimeException {@code UNIMPLEMENTED} when it is not known
   */
  public static Decompressor decompressor(String header, CharSequence encoding) {
    Decompressor known =
        DecompressorRegistry.getDefaultInstance().lookupDecompressor(encoding.toString());
    if (known == null) {
      throw Status.UNIMPLEMENTED
          .withDescription(header + ": " + encoding + " (expected: identity or " + ACCEPTED + ")")
          .asRuntimeException();
    }
    return known;
  }

  /**
   * How messages are compressed.
   *
   * @throws IllegalArgumentException when it is not known
   */
  public static Compressor compressor(String encoding) {
    Compressor known = CompressorRegistry.getDefaultInstance().lookupCompressor(encoding);
    if (known == null) {
      throw new IllegalArgumentException("compression: " + encoding + " (expected: a known one)");
    }
    return known;
  }

  /**
   * The plain message.
   *
   * @param what what the message is, for the error: {@code request} or {@code response}
   * @param limit the largest plain message taken
   * @throws io.grpc.StatusRuntimeException {@code RESOURCE_EXHAUSTED} when it is larger, {@code
   *     INVALID_ARGUMENT} when it cannot be decompressed
   */
  public static byte[] decompress(
      String what, Decompressor decompressor, byte[] message, int limit) {
    try (InputStream in = decompressor.decompress(new ByteArrayInputStream(message))) {
      byte[] plain = in.readNBytes(limit);
      if (in.read() >= 0) {
        throw Deframer.tooLarge(what, "more than " + limit, limit).asRuntimeException();
      }
      return plain;
    } catch (IOException e) {
      throw Status.INVALID_ARGUMENT
          .withDescription(
              "a message cannot be decompressed by " + decompressor.getMessageEncoding())
          .withCause(e)
          .asRuntimeException();
    }
  }

  /** The compressed message. */
  public static byte[] compress(Compressor compressor, byte[] message) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = compressor.compress(compressed)) {
      out.write(message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }
}
