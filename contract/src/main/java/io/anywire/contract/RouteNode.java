package io.anywire.contract;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A node of the trie of routes. Built by one thread, then only read.
 *
 * <p>Searching goes depth first: a literal before {@code *} before {@code **}, back to the next
 * choice where one leads nowhere for the verb in question. As the trie is a tree, one search visits
 * each of its nodes at most once, whatever the path.
 */
final class RouteNode {
  /** Where a route ends. */
  record Target(MethodContract method, HttpRoute route) {}

  private LiteralTable literals = LiteralTable.EMPTY;
  private @Nullable RouteNode one;
  private Target[] here = {};
  private Target[] rest = {};

  /** Adds a route; empty, or the one that is there already for the same requests. */
  Optional<Target> add(Target target) {
    RouteNode node = this;
    List<Segment> segments = target.route().path().segments();
    boolean toRest = false;
    for (Segment segment : segments) {
      switch (segment) {
        case Segment.Literal literal -> node = node.literal(literal.text());
        case Segment.One ignored -> node = node.one();
        case Segment.Rest ignored -> toRest = true;
      }
    }
    Target[] targets = toRest ? node.rest : node.here;
    for (Target other : targets) {
      if (other.route().verb().equals(target.route().verb())) {
        return Optional.of(other);
      }
    }
    if (toRest) {
      node.rest = with(targets, target);
    } else {
      node.here = with(targets, target);
    }
    return Optional.empty();
  }

  /**
   * Finds the target of a path.
   *
   * @param slash the slash that begins the segment to match next, or {@code end} when none is left
   */
  @Nullable Target find(String verb, String path, int slash, int end) {
    if (slash >= end) {
      Target exact = choose(here, verb);
      return exact != null ? exact : choose(rest, verb);
    }
    int start = slash + 1;
    int next = nextSlash(path, start, end);
    RouteNode literal = literals.find(path, start, next);
    Target found = literal == null ? null : literal.find(verb, path, next, end);
    if (found == null && one != null && next > start) {
      found = one.find(verb, path, next, end);
    }
    return found != null ? found : choose(rest, verb);
  }

  /** Collects the verbs of every target that the path could lead to. */
  void collectVerbs(Collection<String> verbs, String path, int slash, int end) {
    for (Target target : rest) {
      verbs.add(target.route().verb());
    }
    if (slash >= end) {
      for (Target target : here) {
        verbs.add(target.route().verb());
      }
      return;
    }
    int start = slash + 1;
    int next = nextSlash(path, start, end);
    RouteNode literal = literals.find(path, start, next);
    if (literal != null) {
      literal.collectVerbs(verbs, path, next, end);
    }
    if (one != null && next > start) {
      one.collectVerbs(verbs, path, next, end);
    }
  }

  private RouteNode literal(String text) {
    RouteNode node = literals.find(text);
    if (node == null) {
      node = new RouteNode();
      literals = literals.with(text, node);
    }
    return node;
  }

  private RouteNode one() {
    RouteNode node = one == null ? new RouteNode() : one;
    one = node;
    return node;
  }

  private static int nextSlash(String path, int start, int end) {
    int next = path.indexOf('/', start);
    return next < 0 || next > end ? end : next;
  }

  private static @Nullable Target choose(Target[] targets, String verb) {
    Target any = null;
    for (Target target : targets) {
      if (target.route().verb().equals(verb)) {
        return target;
      }
      if (target.route().verb().equals(HttpRoute.ANY_VERB)) {
        any = target;
      }
    }
    return any;
  }

  private static Target[] with(Target[] targets, Target added) {
    Target[] grown = Arrays.copyOf(targets, targets.length + 1);
    grown[targets.length] = added;
    return grown;
  }
}
