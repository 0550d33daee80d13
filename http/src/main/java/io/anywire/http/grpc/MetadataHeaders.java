package io.anywire.http.grpc;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * gRPC's metadata as headers and back: keys that end in {@code -bin} carry base64, without padding
 * when sent, with or without when received, several values joined by commas or not.
 */
public final class MetadataHeaders {
  private static final AsciiString BINARY = AsciiString.cached("-bin");
  private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();

  /** What the protocol says for itself. */
  private static final Set<String> OF_THE_PROTOCOL =
      Set.of(
          "content-type",
          "content-length",
          "te",
          "expect",
          "grpc-timeout",
          "grpc-encoding",
          "grpc-accept-encoding",
          "grpc-status",
          "grpc-message");

  private MetadataHeaders() {}

  /**
   * The metadata of a request or a response.
   *
   * @throws io.grpc.StatusRuntimeException {@code INVALID_ARGUMENT} when a value is not base64
   */
  static Metadata read(Http2Headers headers) {
    return read(headers, OF_THE_PROTOCOL::contains);
  }

  /**
   * The metadata of a request.
   *
   * @param skipped the names that are no metadata
   * @throws io.grpc.StatusRuntimeException {@code INVALID_ARGUMENT} when a value is not base64
   */
  public static Metadata read(Http2Headers headers, Predicate<String> skipped) {
    List<byte[]> namesAndValues = new ArrayList<>(2 * headers.size());
    for (Map.Entry<CharSequence, CharSequence> header : headers) {
      AsciiString name = AsciiString.of(header.getKey());
      if (name.charAt(0) == ':' || skipped.test(name.toString())) {
        continue;
      }
      if (name.endsWith(BINARY)) {
        for (String value : header.getValue().toString().split(",", -1)) {
          namesAndValues.add(name.toByteArray());
          namesAndValues.add(decoded(name, value.strip()));
        }
      } else {
        namesAndValues.add(name.toByteArray());
        namesAndValues.add(AsciiString.of(header.getValue()).toByteArray());
      }
    }
    return InternalMetadata.newMetadata(namesAndValues.toArray(byte[][]::new));
  }

  /** Adds metadata to headers that are to be sent. */
  public static void write(Metadata metadata, Http2Headers headers) {
    if (InternalMetadata.headerCount(metadata) == 0) {
      return;
    }
    byte[][] serialized = InternalMetadata.serialize(metadata);
    for (int i = 0; i < serialized.length; i += 2) {
      AsciiString name = new AsciiString(serialized[i], false);
      if (!OF_THE_PROTOCOL.contains(name.toString())) {
        byte[] value = serialized[i + 1];
        byte[] sent = name.endsWith(BINARY) ? ENCODER.encode(value) : value;
        headers.add(name, new AsciiString(sent, false));
      }
    }
  }

  private static byte[] decoded(AsciiString name, String value) {
    try {
      return Base64.getDecoder().decode(value.getBytes(US_ASCII));
    } catch (IllegalArgumentException e) {
      throw Status.INVALID_ARGUMENT
          .withDescription(name + ": not base64 (expected: base64, since the name ends in -bin)")
          .withCause(e)
          .asRuntimeException();
    }
  }
}
