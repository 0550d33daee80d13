package io.anywire.http.connect;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How messages are written, by the protocol's names for it. */
enum ConnectCodec {
  JSON,
  PROTO;

  private static final String UNARY = "application/";
  private static final String STREAM = "application/connect+";

  /** The codec that a {@code content-type} names; no header at all is JSON for a unary method. */
  static Optional<ConnectCodec> ofType(String contentType, boolean streams) {
    if (contentType.isEmpty() && !streams) {
      return Optional.of(JSON);
    }
    int semicolon = contentType.indexOf(';');
    String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
    String wanted = type.strip().toLowerCase(Locale.ROOT);
    return Arrays.stream(values()).filter(c -> c.mediaType(streams).equals(wanted)).findFirst();
  }

  /** The codec that a query names. */
  static Optional<ConnectCodec> named(String name) {
    return Arrays.stream(values()).filter(c -> c.id().equals(name)).findFirst();
  }

  /** The media types of either kind, for {@code accept-post}. */
  static String mediaTypes(boolean streams) {
    return JSON.mediaType(streams) + ", " + PROTO.mediaType(streams);
  }

  String mediaType(boolean streams) {
    return (streams ? STREAM : UNARY) + id();
  }

  private String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
