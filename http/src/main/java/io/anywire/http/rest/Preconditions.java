package io.anywire.http.rest;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Collection;
import java.util.Optional;

/**
 * What a request says about the version that it is meant for (RFC 9110, section 13). Conditions on
 * times are not looked at, since nothing here has a {@code Last-Modified}. Immutable.
 */
record Preconditions(Optional<TagList> ifMatch, Optional<TagList> ifNoneMatch) {
  static final Preconditions NONE = new Preconditions(Optional.empty(), Optional.empty());

  /** What follows. */
  enum Outcome {
    PROCEED,
    NOT_MODIFIED,
    FAILED
  }

  /**
   * Those of a request.
   *
   * @throws IllegalArgumentException when a header does not follow the grammar
   */
  static Preconditions of(Http2Headers headers) {
    Optional<TagList> ifMatch = read(HttpHeaderNames.IF_MATCH, headers);
    Optional<TagList> ifNoneMatch = read(HttpHeaderNames.IF_NONE_MATCH, headers);
    return ifMatch.isEmpty() && ifNoneMatch.isEmpty()
        ? NONE
        : new Preconditions(ifMatch, ifNoneMatch);
  }

  /** Whether there are none. */
  boolean isEmpty() {
    return this == NONE;
  }

  /**
   * What they mean for a resource with those tags.
   *
   * @param current all tags of the version that there is; none when there is no resource
   * @param safe whether the request is a {@code GET} or {@code HEAD}
   */
  Outcome outcome(Collection<EntityTag> current, boolean safe) {
    if (ifMatch.isPresent() && !ifMatch.get().hasSameAs(current)) {
      return Outcome.FAILED;
    }
    if (ifNoneMatch.isPresent() && ifNoneMatch.get().hasOneLike(current)) {
      return safe ? Outcome.NOT_MODIFIED : Outcome.FAILED;
    }
    return Outcome.PROCEED;
  }

  /** Whether they name versions that they are meant for. */
  boolean nameVersions() {
    return ifMatch.isPresent() && !ifMatch.get().any();
  }

  /** The only tag that {@code If-Match} names. */
  Optional<EntityTag> onlyMatch() {
    return ifMatch.filter(list -> list.tags().size() == 1).map(list -> list.tags().getFirst());
  }

  private static Optional<TagList> read(AsciiString name, Http2Headers headers) {
    return headers.contains(name)
        ? Optional.of(TagList.read(name.toString(), headers.valueIterator(name)))
        : Optional.empty();
  }
}
