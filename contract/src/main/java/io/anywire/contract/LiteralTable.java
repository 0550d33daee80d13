package io.anywire.contract;

import org.jspecify.annotations.Nullable;

/**
 * A hash table from literal segments to nodes that is asked with a region of the path, so that a
 * lookup makes no string. Open addressing, at most half full. Immutable.
 */
final class LiteralTable {
  static final LiteralTable EMPTY = new LiteralTable(new String[1], new RouteNode[1], 0);

  private final @Nullable String[] keys;
  private final @Nullable RouteNode[] nodes;
  private final int size;

  private LiteralTable(@Nullable String[] keys, @Nullable RouteNode[] nodes, int size) {
    this.keys = keys;
    this.nodes = nodes;
    this.size = size;
  }

  /** A copy with one more entry; the key must be new. */
  LiteralTable with(String key, RouteNode node) {
    int capacity = Integer.highestOneBit(size + 1) << 2;
    LiteralTable grown = new LiteralTable(new String[capacity], new RouteNode[capacity], size + 1);
    for (int i = 0; i < keys.length; i++) {
      String old = keys[i];
      RouteNode oldNode = nodes[i];
      if (old != null && oldNode != null) {
        grown.put(old, oldNode);
      }
    }
    grown.put(key, node);
    return grown;
  }

  @Nullable RouteNode find(String key) {
    return findRaw(key, 0, key.length(), hash(key, 0, key.length()));
  }

  /** The node of a segment of a well-formed path, which is decoded first where it is encoded. */
  @Nullable RouteNode find(String path, int from, int to) {
    if (size == 0) {
      return null;
    }
    int hash = 0;
    for (int i = from; i < to; i++) {
      char c = path.charAt(i);
      if (c == '%') {
        return find(PercentCoding.decode(path, from, to, false));
      }
      hash = 31 * hash + c;
    }
    return findRaw(path, from, to, hash);
  }

  private @Nullable RouteNode findRaw(String path, int from, int to, int hash) {
    int mask = keys.length - 1;
    for (int slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      String key = keys[slot];
      if (key == null) {
        return null;
      }
      if (key.length() == to - from && key.regionMatches(0, path, from, key.length())) {
        return nodes[slot];
      }
    }
  }

  private void put(String key, RouteNode node) {
    int mask = keys.length - 1;
    int slot = spread(hash(key, 0, key.length())) & mask;
    while (keys[slot] != null) {
      slot = (slot + 1) & mask;
    }
    keys[slot] = key;
    nodes[slot] = node;
  }

  private static int hash(String text, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return hash;
  }

  private static int spread(int hash) {
    return hash ^ (hash >>> 16);
  }
}
