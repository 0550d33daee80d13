package io.anywire.http.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The query of a {@code GET} that calls a method. What it does not know in it is ignored.
 *
 * @param encoding the codec's name
 * @param message the request, still compressed if it was sent so
 * @param compression {@code identity} where none is named
 */
record GetQuery(String encoding, byte[] message, String compression) {

  /**
   * Reads a query.
   *
   * @param requiresVersion whether {@code connect=v1} must be there
   * @throws StatusRuntimeException {@code INVALID_ARGUMENT} when it is malformed
   */
  static GetQuery read(String query, boolean requiresVersion) {
    Map<String, List<String>> parameters;
    try {
      parameters = new QueryStringDecoder(query, UTF_8, false).parameters();
    } catch (IllegalArgumentException e) {
      throw refused("query: malformed (expected: percent-encoded UTF-8)");
    }
    String version = first(parameters, "connect", requiresVersion ? "nothing" : "v1");
    if (!version.equals("v1")) {
      throw refused("connect: " + ConnectHeaders.shortened(version) + " (expected: v1)");
    }
    String encoding = first(parameters, "encoding", "");
    if (encoding.isEmpty()) {
      throw refused("no encoding in the query (expected: encoding=json or encoding=proto)");
    }
    if (!parameters.containsKey("message")) {
      throw refused("no message in the query (expected: message=…)");
    }
    String message = first(parameters, "message", "");
    boolean base64 = first(parameters, "base64", "").equals("1");
    return new GetQuery(
        encoding,
        base64 ? decoded(message) : message.getBytes(UTF_8),
        first(parameters, "compression", "identity"));
  }

  private static byte[] decoded(String message) {
    try {
      return Base64.getUrlDecoder().decode(message);
    } catch (IllegalArgumentException e) {
      throw refused("message: not base64 (expected: RFC 4648, section 5, since base64=1)");
    }
  }

  private static String first(Map<String, List<String>> parameters, String name, String otherwise) {
    return parameters.getOrDefault(name, List.of(otherwise)).getFirst();
  }

  private static StatusRuntimeException refused(String why) {
    return Status.INVALID_ARGUMENT.withDescription(why).asRuntimeException();
  }
}
