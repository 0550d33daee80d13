package io.anywire.http.rest;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.anywire.contract.CachePolicy;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What caches are told about the answers of one route, {@code GET} or {@code HEAD}: {@code
 * Cache-Control} (RFC 9111, section 5.2), {@code ETag} and {@code Vary}. What the handler sends as
 * metadata of these names stands. Immutable.
 *
 * <p>Where the contract says nothing it is {@code no-cache}: kept, and asked for each time, which
 * the tag makes cheap. To say nothing would let caches guess how long an answer holds (RFC 9111,
 * section 4.2.2), and to forbid keeping it would make every answer travel in full.
 *
 * @param etag the response's own field of that name
 */
record Caching(AsciiString cacheControl, Optional<FieldDescriptor> etag) {
  static final AsciiString NO_STORE = AsciiString.cached("no-store");
  static final AsciiString VARY = AsciiString.cached("accept, accept-encoding");

  static Caching of(Optional<CachePolicy> policy, Message response) {
    return new Caching(
        AsciiString.cached(policy.map(Caching::text).orElse("no-cache")),
        Optional.ofNullable(response.getDescriptorForType().findFieldByName("etag"))
            .filter(f -> !f.isRepeated() && f.getJavaType() == FieldDescriptor.JavaType.STRING));
  }

  /** Adds what holds for every answer of the route, and its tag, which is returned. */
  EntityTag describe(
      Http2Headers head, Message message, ByteBuf body, Representation form, boolean gzip) {
    if (!head.contains(HttpHeaderNames.CACHE_CONTROL)) {
      head.add(HttpHeaderNames.CACHE_CONTROL, cacheControl);
    }
    head.add(HttpHeaderNames.VARY, VARY);
    EntityTag tag =
        own(head.get(HttpHeaderNames.ETAG), message)
            .map(own -> own.with(form.tagSuffix()))
            .orElseGet(() -> EntityTag.ofBytes(body))
            .with(gzip ? EntityTag.GZIP : "");
    head.set(HttpHeaderNames.ETAG, tag.toString());
    return tag;
  }

  /**
   * Every tag that some answer with this message may have.
   *
   * @param bodies the message in every representation
   */
  List<EntityTag> tags(CharSequence header, Message message, List<Written> bodies) {
    Optional<EntityTag> own = own(header, message);
    List<EntityTag> tags = new ArrayList<>();
    for (Written body : bodies) {
      EntityTag tag =
          own.map(o -> o.with(body.form().tagSuffix()))
              .orElseGet(() -> EntityTag.ofBytes(body.bytes()));
      tags.add(tag);
      tags.add(tag.with(EntityTag.GZIP));
    }
    return tags;
  }

  /** What the message's field holds; empty when there is none, or nothing in it. */
  Optional<String> field(Message message) {
    return etag.map(field -> (String) message.getField(field)).filter(text -> !text.isEmpty());
  }

  /** A message in one representation. */
  record Written(Representation form, ByteBuf bytes) {}

  private Optional<EntityTag> own(CharSequence header, Message message) {
    return (header == null ? field(message) : Optional.of(header.toString()))
        .map(EntityTag::ofField);
  }

  private static String text(CachePolicy policy) {
    if (policy.noStore()) {
      return NO_STORE.toString();
    }
    StringBuilder text = new StringBuilder(policy.shared() ? "public" : "private");
    if (policy.maxAge().isZero()) {
      return text.append(", no-cache").toString();
    }
    text.append(", max-age=").append(policy.maxAge().toSeconds());
    policy
        .staleWhileRevalidate()
        .ifPresent(t -> text.append(", stale-while-revalidate=").append(t.toSeconds()));
    policy.staleIfError().ifPresent(t -> text.append(", stale-if-error=").append(t.toSeconds()));
    return text.toString();
  }
}
