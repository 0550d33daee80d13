package io.anywire.http.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * The tag of one version of a resource (RFC 9110, section 8.8.3). Immutable.
 *
 * <p>A strong tag belongs to one sequence of bytes. So where a message brings a tag of its own, its
 * representations but for plain JSON have their name behind it, and so does compression: {@code
 * "7"}, {@code "7--xml"}, {@code "7--xml--gzip"}.
 *
 * @param opaque what is between the quotes
 */
record EntityTag(String opaque, boolean weak) {
  static final String GZIP = "--gzip";
  private static final MessageDigest SHA_256 = sha256();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /** A message's own tag, with quotes or without; one that HTTP cannot carry is hashed. */
  static EntityTag ofField(String value) {
    boolean weak = value.startsWith("W/\"");
    String quoted = weak ? value.substring(2) : value;
    boolean quotes = quoted.length() >= 2 && quoted.startsWith("\"") && quoted.endsWith("\"");
    String opaque = quotes ? quoted.substring(1, quoted.length() - 1) : value;
    return isOpaque(opaque)
        ? new EntityTag(opaque, weak && quotes)
        : new EntityTag(hash(value.getBytes(UTF_8)), false);
  }

  /** The tag of these bytes: 128 bits of their SHA-256. */
  static EntityTag ofBytes(ByteBuf bytes) {
    return bytes.hasArray()
        ? new EntityTag(
            hash(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), bytes.readableBytes()),
            false)
        : new EntityTag(hash(ByteBufUtil.getBytes(bytes)), false);
  }

  /** The tag of another representation of the same version. */
  EntityTag with(String suffix) {
    return suffix.isEmpty() ? this : new EntityTag(opaque + suffix, weak);
  }

  /** Without a suffix, when it is there. */
  EntityTag without(String suffix) {
    boolean there = !suffix.isEmpty() && opaque.endsWith(suffix);
    return there
        ? new EntityTag(opaque.substring(0, opaque.length() - suffix.length()), weak)
        : this;
  }

  /** Whether both stand for the same bytes. */
  boolean isSameAs(EntityTag other) {
    return !weak && !other.weak && opaque.equals(other.opaque);
  }

  /** Whether one may stand for the other where bytes do not matter. */
  boolean isLike(EntityTag other) {
    return opaque.equals(other.opaque);
  }

  /** As a header has it. */
  @Override
  public String toString() {
    return (weak ? "W/\"" : "\"") + opaque + "\"";
  }

  static boolean isOpaque(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c == '"' || c > '~') {
        return false;
      }
    }
    return true;
  }

  private static String hash(byte[] bytes) {
    return hash(bytes, 0, bytes.length);
  }

  private static String hash(byte[] bytes, int offset, int length) {
    try {
      // To clone costs less than to look for a provider.
      MessageDigest digest = (MessageDigest) SHA_256.clone();
      digest.update(bytes, offset, length);
      return BASE64.encodeToString(Arrays.copyOf(digest.digest(), 16));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
