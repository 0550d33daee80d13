package io.anywire.contract;

import com.google.protobuf.Descriptors.FieldDescriptor;

/** What the body of an HTTP request carries; {@code body} of {@code google.api.http}. */
public sealed interface RequestBody {
  /** No body: what the path does not bind comes from the query. */
  record None() implements RequestBody {}

  /** {@code body: "*"}: the body is the request, less what the path binds; there is no query. */
  record Whole() implements RequestBody {}

  /**
   * The body is one field of the request; what neither path nor body binds comes from the query.
   *
   * @param field a top-level field of the request, of any type
   */
  record Field(FieldDescriptor field) implements RequestBody {}
}
