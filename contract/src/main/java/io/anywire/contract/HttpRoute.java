package io.anywire.contract;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Optional;

/**
 * One HTTP request line that reaches a method: a {@code google.api.http} rule or one of its
 * additional bindings.
 *
 * @param verb the HTTP method in upper case, a custom kind verbatim, or {@link #ANY_VERB}
 * @param path the template of the path, bound to the request's fields
 * @param body what the request's body carries
 * @param responseBody the response's top-level field that is the response's body; empty: all of it
 */
public record HttpRoute(
    String verb, PathTemplate path, RequestBody body, Optional<FieldDescriptor> responseBody) {

  /** The verb that stands for every HTTP method that no other route of the same path names. */
  public static final String ANY_VERB = "*";

  /** For messages: verb and template. */
  @Override
  public String toString() {
    return verb + " " + path;
  }
}
