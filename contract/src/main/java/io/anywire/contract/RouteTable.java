package io.anywire.contract;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the method of an HTTP request line.
 *
 * <p>Literals win over {@code *}, which wins over {@code **}, segment by segment from the left; a
 * choice that leads nowhere for the verb is taken back. At the same path, a route of the verb wins
 * over one of any verb; and a route with a custom verb ({@code :cancel}) wins over a route whose
 * wildcard would swallow it. {@code *} does not match an empty segment, so that {@code /users/} is
 * not {@code /users/{id}}. Verbs are compared as they stand: {@code HEAD} is not {@code GET} here.
 *
 * <p>Immutable and thread-safe; made for the hot path.
 */
public final class RouteTable {
  private static final RouteMatch NO_ROUTE = new RouteMatch.NoRoute();

  private final RouteNode plain;
  private final Map<String, RouteNode> byCustomVerb;

  private RouteTable(RouteNode plain, Map<String, RouteNode> byCustomVerb) {
    this.plain = plain;
    this.byCustomVerb = Map.copyOf(byCustomVerb);
  }

  /**
   * Matches a request line.
   *
   * @param verb the HTTP method
   * @param rawPath the path, percent-encoded, without query; one that does not begin with a slash,
   *     or whose percent-encoding is malformed or no UTF-8, is {@link RouteMatch.NoRoute}
   */
  public RouteMatch match(String verb, String rawPath) {
    if (rawPath.isEmpty()
        || rawPath.charAt(0) != '/'
        || (rawPath.indexOf('%') >= 0 && !PercentCoding.isWellFormed(rawPath))) {
      return NO_ROUTE;
    }
    int colon = customVerb(rawPath);
    RouteNode custom = colon < 0 ? null : byCustomVerb.get(decoded(rawPath, colon));
    RouteMatch match = custom == null ? null : found(custom, verb, rawPath, colon);
    if (match == null) {
      match = found(plain, verb, rawPath, rawPath.length());
    }
    return match != null ? match : missed(custom, rawPath, colon);
  }

  private static @Nullable RouteMatch found(RouteNode root, String verb, String path, int end) {
    RouteNode.Target target = root.find(verb, path, firstSlash(end), end);
    return target == null
        ? null
        : new RouteMatch.Found(
            target.method(), target.route(), target.route().path().capture(path, end));
  }

  private RouteMatch missed(@Nullable RouteNode custom, String path, int colon) {
    Set<String> allowed = new TreeSet<>();
    if (custom != null) {
      custom.collectVerbs(allowed, path, firstSlash(colon), colon);
    }
    plain.collectVerbs(allowed, path, firstSlash(path.length()), path.length());
    return allowed.isEmpty()
        ? NO_ROUTE
        : new RouteMatch.WrongVerb(Collections.unmodifiableSet(allowed));
  }

  /** The root, "/", has no segment; every other path has at least one. */
  private static int firstSlash(int end) {
    return end == 1 ? end : 0;
  }

  private int customVerb(String path) {
    if (byCustomVerb.isEmpty()) {
      return -1;
    }
    int colon = path.lastIndexOf(':');
    return colon > path.lastIndexOf('/') ? colon : -1;
  }

  private static String decoded(String path, int colon) {
    return PercentCoding.decode(path, colon + 1, path.length(), false);
  }

  /** Builds a table. Not thread-safe; of no use after {@link #build}. */
  static final class Builder {
    private final RouteNode plain = new RouteNode();
    private final Map<String, RouteNode> byCustomVerb = new HashMap<>();

    /** Adds a route; empty, or the target that the same requests lead to already. */
    Optional<RouteNode.Target> add(MethodContract method, HttpRoute route) {
      String verb = route.path().verb();
      RouteNode root =
          verb.isEmpty() ? plain : byCustomVerb.computeIfAbsent(verb, v -> new RouteNode());
      return root.add(new RouteNode.Target(method, route));
    }

    RouteTable build() {
      return new RouteTable(plain, byCustomVerb);
    }
  }
}
