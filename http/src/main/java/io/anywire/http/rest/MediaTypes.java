package io.anywire.http.rest;

import java.util.Locale;

/** The media types of REST, and what a {@code content-type} header says. */
final class MediaTypes {
  static final String JSON = "application/json";

  /**
   * JSON lines. There is no registered name for them; this is the one that Spring, Elasticsearch
   * and most client libraries know.
   */
  static final String JSON_LINES = "application/x-ndjson";

  private MediaTypes() {}

  /** Whether the header names that type, with the charset UTF-8 or none. */
  static boolean is(String contentType, String mediaType) {
    int length = mediaType.length();
    if (!contentType.regionMatches(true, 0, mediaType, 0, length)) {
      return false;
    }
    String parameters = contentType.substring(length).strip();
    return parameters.isEmpty() || (parameters.charAt(0) == ';' && isUtf8(parameters));
  }

  private static boolean isUtf8(String parameters) {
    for (String parameter : parameters.split(";")) {
      String one = parameter.strip().toLowerCase(Locale.ROOT);
      if (one.startsWith("charset=")) {
        return one.equals("charset=utf-8") || one.equals("charset=\"utf-8\"");
      }
    }
    return true;
  }
}
