package io.anywire.http.rest;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * What a server can read and write, in the order in which it likes to. JSON comes first, and is
 * what everybody gets who does not ask for anything else. Immutable and thread-safe.
 */
final class Representations {
  private static final AsciiString ANYTHING = AsciiString.cached("*/*");

  private final List<Representation> forms;
  private final List<Chosen> all = new ArrayList<>();
  private final Chosen standard;
  private final Optional<Chosen> unasked;
  private final String mediaTypes;

  /**
   * A representation by one of its names.
   *
   * @param mediaType the name in lower case, {@code contentType} the same for a header
   */
  record Chosen(Representation form, String mediaType, AsciiString contentType)
      implements AnswerForm {}

  Representations(List<? extends Representation> inOrder) {
    forms = List.copyOf(inOrder);
    for (Representation form : inOrder) {
      form.mediaTypes().forEach(type -> all.add(new Chosen(form, type, AsciiString.cached(type))));
    }
    standard = all.getFirst();
    unasked = Optional.of(standard);
    mediaTypes = String.join(", ", all.stream().map(Chosen::mediaType).toList());
  }

  /** The media types that are read and written, with commas between them. */
  String mediaTypes() {
    return mediaTypes;
  }

  /** What the answer is written in; empty when the client takes none of it. */
  Optional<Chosen> accepted(Http2Headers headers) {
    CharSequence accept = headers.get(HttpHeaderNames.ACCEPT);
    if (accept == null || isForStandard(accept, headers)) {
      return unasked;
    }
    Accept wanted = Accept.of(headers);
    if (wanted.wantsHtml() && wanted.weight(standard.mediaType()) > 0) {
      return unasked;
    }
    Chosen best = null;
    int most = 0;
    for (Chosen one : all) {
      int weight = wanted.weight(one.mediaType());
      if (weight > most) {
        most = weight;
        best = one;
      }
    }
    return Optional.ofNullable(best);
  }

  /** What a request's body is written in; empty when nobody here can read it. */
  Optional<Chosen> sent(Http2Headers headers) {
    CharSequence contentType = headers.get(HttpHeaderNames.CONTENT_TYPE);
    if (contentType == null || contentType.isEmpty()) {
      return unasked;
    }
    String text = contentType.toString().strip();
    for (Chosen one : all) {
      if (MediaTypes.is(text, one.mediaType())) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  /** What an error is written in: what the client likes best, and JSON when it does not say. */
  Representation forProblem(Http2Headers headers) {
    if (headers.get(HttpHeaderNames.ACCEPT) == null) {
      return standard.form();
    }
    Accept wanted = Accept.of(headers);
    Representation best = standard.form();
    int most = wanted.wantsHtml() ? Weighted.FULL : weight(wanted, best);
    for (Chosen one : all) {
      int weight = weight(wanted, one.form());
      if (weight > most) {
        most = weight;
        best = one.form();
      }
    }
    return best;
  }

  /** Every representation. */
  List<Representation> forms() {
    return forms;
  }

  /** What almost every client says, told without reading it as a list. */
  private boolean isForStandard(CharSequence accept, Http2Headers headers) {
    if (standard.contentType().contentEquals(accept)) {
      return true;
    }
    if (!ANYTHING.contentEquals(accept)) {
      return false;
    }
    Iterator<CharSequence> lines = headers.valueIterator(HttpHeaderNames.ACCEPT);
    lines.next();
    return !lines.hasNext();
  }

  /** The tag of a version, whatever representation of it a client has seen. */
  EntityTag withoutSuffix(EntityTag tag) {
    EntityTag plain = tag.without(EntityTag.GZIP);
    for (Representation form : forms) {
      EntityTag shorter = plain.without(form.tagSuffix());
      if (!shorter.equals(plain)) {
        return shorter;
      }
    }
    return plain;
  }

  private static int weight(Accept wanted, Representation form) {
    int weight = wanted.weight(form.problemType());
    for (String type : form.mediaTypes()) {
      weight = Math.max(weight, wanted.weight(type));
    }
    return weight;
  }
}
