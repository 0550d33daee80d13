package io.anywire.http.rest;

import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import io.grpc.Metadata.Key;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Metadata as headers and back. A key is the header's name in lower case; values of {@code -bin}
 * keys are base64. Trailers are headers with {@code trailer-} before their name, since a unary
 * response is complete when its head is written, and many HTTP clients cannot see real trailers.
 */
final class HeaderMetadata {
  static final String TRAILER = "trailer-";

  /** Headers of the connection or the body, and what is said in another place. */
  private static final Set<String> NOT_METADATA =
      Set.of(
          "accept",
          "accept-encoding",
          "connection",
          "content-encoding",
          "content-length",
          "content-type",
          "expect",
          "grpc-message",
          "grpc-status",
          "grpc-status-details-bin",
          "grpc-timeout",
          "host",
          "http2-settings",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private HeaderMetadata() {}

  /**
   * The metadata of a request.
   *
   * @throws IllegalArgumentException when the value of a {@code -bin} header is no base64, or an
   *     {@code idempotency-key} is malformed
   */
  static Metadata of(Http2Headers headers) {
    List<byte[]> namesAndValues = new ArrayList<>(2 * headers.size());
    for (Map.Entry<CharSequence, CharSequence> header : headers) {
      AsciiString name = AsciiString.of(header.getKey());
      String text = name.toString();
      if (NOT_METADATA.contains(text) || !isKey(text)) {
        continue;
      }
      byte[] key = name.toByteArray();
      if (text.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        for (String one : header.getValue().toString().split(",", -1)) {
          namesAndValues.add(key);
          namesAndValues.add(decode(text, one.strip()));
        }
      } else {
        namesAndValues.add(key);
        namesAndValues.add(value(text, header.getValue()));
      }
    }
    return InternalMetadata.newMetadata(namesAndValues.toArray(byte[][]::new));
  }

  private static byte[] value(String name, CharSequence value) {
    CharSequence meant =
        name.equals(IdempotencyKey.NAME) ? IdempotencyKey.read(value.toString()) : value;
    return AsciiString.of(meant).toByteArray();
  }

  /**
   * Adds a header, unless it is none of the call's metadata.
   *
   * @throws IllegalArgumentException when the value of a {@code -bin} header is no base64
   */
  static void add(Metadata to, String header, String value) {
    String name = header.toLowerCase(Locale.ROOT);
    if (!isKey(name) || NOT_METADATA.contains(name)) {
      return;
    }
    if (!name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
      to.put(Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
      return;
    }
    Key<byte[]> key = Key.of(name, Metadata.BINARY_BYTE_MARSHALLER);
    for (String one : value.split(",", -1)) {
      to.put(key, decode(name, one.strip()));
    }
  }

  /** Gives every value as a header; values that HTTP cannot carry are left out, as in gRPC. */
  static void forEach(Metadata metadata, BiConsumer<String, String> header) {
    for (String name : metadata.keys()) {
      if (NOT_METADATA.contains(name)) {
        continue;
      }
      if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
        Key<byte[]> key = Key.of(name, Metadata.BINARY_BYTE_MARSHALLER);
        Iterable<byte[]> values = metadata.getAll(key);
        if (values != null) {
          Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
          values.forEach(value -> header.accept(name, base64.encodeToString(value)));
        }
      } else {
        Key<String> key = Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
        Iterable<String> values = metadata.getAll(key);
        if (values != null) {
          values.forEach(value -> acceptPrintable(name, value, header));
        }
      }
    }
  }

  private static void acceptPrintable(
      String name, String value, BiConsumer<String, String> header) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < ' ' || value.charAt(i) > '~') {
        return;
      }
    }
    header.accept(name, value);
  }

  private static byte[] decode(String name, String value) {
    try {
      return Base64.getDecoder().decode(value.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": not base64 (expected: RFC 4648, section 4)", e);
    }
  }

  /** Header names may hold more characters than keys of metadata may. */
  private static boolean isKey(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean fit =
          (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
      if (!fit) {
        return false;
      }
    }
    return !name.isEmpty();
  }
}
