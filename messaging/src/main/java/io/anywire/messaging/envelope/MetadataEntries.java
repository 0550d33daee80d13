package io.anywire.messaging.envelope;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.grpc.Metadata;
import java.util.function.BiConsumer;

/** The values of gRPC metadata, one by one and as bytes. */
public final class MetadataEntries {
  private MetadataEntries() {}

  /** Hands every value to {@code to}: its key, and its bytes. */
  public static void forEach(Metadata metadata, BiConsumer<String, byte[]> to) {
    for (String key : metadata.keys()) {
      if (isBinary(key)) {
        Iterable<byte[]> values =
            metadata.getAll(Metadata.Key.of(key, Metadata.BINARY_BYTE_MARSHALLER));
        if (values != null) {
          values.forEach(value -> to.accept(key, value));
        }
      } else {
        Iterable<String> values =
            metadata.getAll(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER));
        if (values != null) {
          values.forEach(value -> to.accept(key, value.getBytes(US_ASCII)));
        }
      }
    }
  }

  /**
   * Adds one value.
   *
   * @throws IllegalArgumentException when metadata cannot have such a key
   */
  public static void put(Metadata metadata, String key, byte[] value) {
    if (isBinary(key)) {
      metadata.put(Metadata.Key.of(key, Metadata.BINARY_BYTE_MARSHALLER), value);
    } else {
      metadata.put(
          Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), new String(value, US_ASCII));
    }
  }

  /** Whether the values of {@code key} are binary. */
  public static boolean isBinary(String key) {
    return key.endsWith(Metadata.BINARY_HEADER_SUFFIX);
  }
}
