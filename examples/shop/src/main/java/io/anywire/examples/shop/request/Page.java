package io.anywire.examples.shop.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/**
 * The part of a list that is asked for: AIP-158, with the last id of the previous page as token.
 *
 * @param size 1 to 1000
 * @param after the id after which it begins; empty for the first page
 */
public record Page(int size, String after) {
  private static final int DEFAULT_SIZE = 50;
  private static final int LARGEST_SIZE = 1000;

  /**
   * Reads what a request says: 0 is the default size, and more than the largest is the largest.
   *
   * @throws io.grpc.StatusRuntimeException {@code INVALID_ARGUMENT} for a negative size or a token
   *     that no page gave
   */
  public static Page of(int size, String token) {
    String after = decoded(token);
    Violations violations =
        new Violations().require(size >= 0, "page_size", size + " (expected: 0 to 1000)");
    if (!token.isEmpty()) {
      violations.id("page_token", after);
    }
    violations.throwIfAny();
    return new Page(size == 0 ? DEFAULT_SIZE : Math.min(size, LARGEST_SIZE), after);
  }

  /** How many rows to ask for: one more than are shown tells whether there are more. */
  public int rows() {
    return size + 1;
  }

  /** The rows that are shown. */
  public <T> List<T> shown(List<T> rows) {
    return rows.subList(0, Math.min(size, rows.size()));
  }

  /** The token of the next page; empty when there is none. */
  public <T> String nextToken(List<T> rows, Function<T, String> id) {
    return rows.size() > size ? encoded(id.apply(rows.get(size - 1))) : "";
  }

  private static String encoded(String id) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(UTF_8));
  }

  private static String decoded(String token) {
    try {
      return new String(Base64.getUrlDecoder().decode(token), UTF_8);
    } catch (IllegalArgumentException e) {
      return token + "?";
    }
  }
}
