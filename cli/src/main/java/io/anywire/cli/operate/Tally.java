package io.anywire.cli.operate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts messages, and sums up which they were and in what order those of each key came, so that
 * two sides can be compared by two numbers. The digest of the ids is the sum of their hashes, and
 * so does not depend on the order; that of the order chains the ids of each key, and sums up the
 * keys. Delayed messages and dead letters have no order. Not thread-safe.
 */
final class Tally {
  private final Map<Moved.How, Long> counts = new EnumMap<>(Moved.How.class);
  private final Map<String, Long> chains = new HashMap<>();
  private final MessageDigest sha = sha256();
  private long high;
  private long low;

  static Tally of(Collection<Moved> all) {
    Tally tally = new Tally();
    all.forEach(tally::add);
    return tally;
  }

  void add(Moved one) {
    counts.merge(one.how(), 1L, Long::sum);
    ByteBuffer hash = hash((one.identity().dead() ? "dead " : "live ") + one.id(), 0);
    high += hash.getLong();
    low += hash.getLong();
    if (one.how() == Moved.How.READY && one.key().isPresent()) {
      chains.merge(
          one.key().get(),
          hash(one.id(), 0).getLong(),
          (before, first) -> hash(one.id(), before).getLong());
    }
  }

  long count() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  long count(Moved.How how) {
    return counts.getOrDefault(how, 0L);
  }

  int keys() {
    return chains.size();
  }

  /** Of the ids. */
  String digest() {
    return "%016x%016x".formatted(high, low);
  }

  /** Of the order in every key. */
  String order() {
    long sum = 0;
    for (Map.Entry<String, Long> chain : chains.entrySet()) {
      sum += hash(chain.getKey(), chain.getValue()).getLong();
    }
    return "%016x".formatted(sum);
  }

  private ByteBuffer hash(String text, long seed) {
    sha.reset();
    sha.update(ByteBuffer.allocate(8).putLong(seed).flip());
    return ByteBuffer.wrap(sha.digest(text.getBytes(UTF_8)));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
