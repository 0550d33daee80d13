package io.anywire.http.rest;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.anywire.contract.FieldPath;
import io.anywire.contract.RequestBody;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the fields of a route's request come from: the names that a query may use, what the path
 * binds, and the {@code etag} that {@code If-Match} fills. Immutable.
 */
final class RequestFields {
  private static final int DEEPEST_PARAMETER = 32;
  private static final String ETAG = "etag";

  private final Descriptor type;
  private final Map<String, FieldPath> topLevel = new HashMap<>();
  private final Set<List<Integer>> inPath = new HashSet<>();
  private final Set<String> notInMask = new HashSet<>();
  private final Optional<FieldPath> etag;

  private RequestFields(Descriptor type, Collection<FieldPath> variables, RequestBody body) {
    this.type = type;
    for (FieldDescriptor field : type.getFields()) {
      FieldPath path = FieldPath.of(type, field.getName());
      topLevel.put(field.getJsonName(), path);
      topLevel.put(field.getName(), path);
    }
    for (FieldPath variable : variables) {
      inPath.add(numbers(variable));
      notInMask.add(variable.toString());
    }
    etag = etag(type, body);
    etag.ifPresent(path -> notInMask.add(path.toString()));
  }

  static RequestFields of(Descriptor type, Collection<FieldPath> variables, RequestBody body) {
    return new RequestFields(type, variables, body);
  }

  /** The field that a query parameter means, by either name; empty when there is none. */
  Optional<FieldPath> find(String parameter) {
    FieldPath known = topLevel.get(parameter);
    if (known != null) {
      return Optional.of(known);
    }
    return parameter.indexOf('.') < 0
        ? Optional.empty()
        : FieldPath.find(type, parameter).filter(p -> p.fields().size() <= DEEPEST_PARAMETER);
  }

  /** Whether the path of the URL binds it. */
  boolean isInPath(FieldPath path) {
    return !inPath.isEmpty() && inPath.contains(numbers(path));
  }

  /** What an update mask made of the body leaves out, as paths of the request. */
  Set<String> notInMask() {
    return notInMask;
  }

  /** The field for the tag of the version that is meant (AIP-154). */
  Optional<FieldPath> etag() {
    return etag;
  }

  private static Optional<FieldPath> etag(Descriptor type, RequestBody body) {
    String inBody =
        body instanceof RequestBody.Field(FieldDescriptor field)
            ? field.getName() + "." + ETAG
            : ETAG;
    return FieldPath.find(type, ETAG)
        .or(() -> FieldPath.find(type, inBody))
        .filter(path -> path.last().getJavaType() == FieldDescriptor.JavaType.STRING)
        .filter(path -> !path.last().isRepeated());
  }

  private static List<Integer> numbers(FieldPath path) {
    return path.fields().stream().map(FieldDescriptor::getNumber).toList();
  }
}
