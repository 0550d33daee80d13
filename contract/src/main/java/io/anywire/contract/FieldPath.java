package io.anywire.contract;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A dotted path of fields, bound to a message type: {@code order.customer.id}. Every field but the
 * last is a single message; the last is anything.
 *
 * <p>Immutable and thread-safe. Two paths are equal when they lead through the same fields.
 */
public final class FieldPath {
  private final Descriptor root;
  private final List<FieldDescriptor> fields;
  private final String text;

  private FieldPath(Descriptor root, List<FieldDescriptor> fields) {
    this.root = root;
    this.fields = List.copyOf(fields);
    this.text = fields.stream().map(FieldDescriptor::getName).collect(Collectors.joining("."));
  }

  /**
   * Binds a path of field names as they stand in the proto file.
   *
   * @throws IllegalArgumentException when a field does not exist, or leads nowhere
   */
  public static FieldPath of(Descriptor root, String path) {
    return bind(root, path, Descriptor::findFieldByName);
  }

  /**
   * Binds a path as clients may write it, in a query for example: each name as in the proto file or
   * as in JSON ({@code page_size} or {@code pageSize}); empty when there is no such field.
   */
  public static Optional<FieldPath> find(Descriptor root, String path) {
    try {
      return Optional.of(bind(root, path, FieldPath::byEitherName));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The fields from the root to the last; never empty. */
  public List<FieldDescriptor> fields() {
    return fields;
  }

  /** The last field. */
  public FieldDescriptor last() {
    return fields.get(fields.size() - 1);
  }

  /** Whether the last field's type has a text form: scalars, enums, and well-known types. */
  public boolean hasText() {
    return !last().isMapField() && FieldText.exists(last());
  }

  /**
   * The field's value as text, the way JSON writes it but without quotes. Empty when the field
   * knows its presence and is not set.
   *
   * @throws IllegalArgumentException when the message is of another type, or the field is repeated
   *     or of a type without text form
   */
  public String read(Message message) {
    requireSingleText();
    Message current = message;
    requireType(current.getDescriptorForType(), root);
    for (int i = 0; i < fields.size() - 1; i++) {
      current = (Message) current.getField(in(current.getDescriptorForType(), fields.get(i)));
    }
    FieldDescriptor field = in(current.getDescriptorForType(), last());
    return field.hasPresence() && !current.hasField(field)
        ? ""
        : FieldText.write(field, current.getField(field));
  }

  /**
   * Sets the field from text, creating the messages on the way; appends when the field is repeated.
   * On an error the builder stays as it was.
   *
   * @throws IllegalArgumentException naming the field, what was got and what was wanted
   */
  public void write(Message.Builder message, String value) {
    if (!hasText()) {
      throw new IllegalArgumentException(this + ": " + FieldText.typeOf(last()) + " has no text");
    }
    requireType(message.getDescriptorForType(), root);
    FieldDescriptor[] path = new FieldDescriptor[fields.size()];
    Descriptor type = message.getDescriptorForType();
    for (int i = 0; i < path.length; i++) {
      path[i] = in(type, fields.get(i));
      type = i < path.length - 1 ? path[i].getMessageType() : type;
    }
    FieldDescriptor field = path[path.length - 1];
    Object parsed = FieldText.read(text, field, value);
    Message.Builder current = message;
    for (int i = 0; i < path.length - 1; i++) {
      current = current.getFieldBuilder(path[i]);
    }
    FieldText.set(current, field, parsed);
  }

  /** Same root type and same fields. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FieldPath path
        && (path == this || (root == path.root && fields.equals(path.fields)));
  }

  /** Consistent with {@link #equals}. */
  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The path as it is written in a proto file, with dots. */
  @Override
  public String toString() {
    return text;
  }

  FieldPath requireSingleText() {
    if (last().isRepeated() || !hasText()) {
      String got = last().isMapField() ? "a map" : FieldText.typeOf(last());
      throw new IllegalArgumentException(
          "%s: %s%s (expected: a single field of a scalar, enum, wrapper or time type)"
              .formatted(
                  text, last().isRepeated() && !last().isMapField() ? "repeated " : "", got));
    }
    return this;
  }

  private static FieldPath bind(
      Descriptor root,
      String path,
      BiFunction<Descriptor, String, @Nullable FieldDescriptor> find) {
    List<FieldDescriptor> fields = new ArrayList<>();
    Descriptor type = root;
    for (String name : path.split("\\.", -1)) {
      if (!fields.isEmpty()) {
        type = messageOf(path, fields.get(fields.size() - 1));
      }
      FieldDescriptor field = find.apply(type, name);
      if (field == null) {
        throw new IllegalArgumentException(
            "\"%s\": no field \"%s\" in %s (expected: %s)"
                .formatted(path, name, type.getFullName(), names(type)));
      }
      fields.add(field);
    }
    return new FieldPath(root, fields);
  }

  private static Descriptor messageOf(String path, FieldDescriptor field) {
    if (field.isRepeated() || field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
      throw new IllegalArgumentException(
          "\"%s\": \"%s\" is %s%s (expected: a single message)"
              .formatted(
                  path,
                  field.getName(),
                  field.isRepeated() ? "repeated " : "",
                  FieldText.typeOf(field)));
    }
    return field.getMessageType();
  }

  static String names(Descriptor type) {
    return type.getFields().isEmpty()
        ? "none, the message is empty"
        : type.getFields().stream()
            .limit(20)
            .map(FieldDescriptor::getName)
            .collect(
                Collectors.joining(", ", "one of ", type.getFields().size() > 20 ? ", …" : ""));
  }

  private static @Nullable FieldDescriptor byEitherName(Descriptor type, String name) {
    FieldDescriptor field = type.findFieldByName(name);
    if (field != null) {
      return field;
    }
    for (FieldDescriptor candidate : type.getFields()) {
      if (candidate.getJsonName().equals(name)) {
        return candidate;
      }
    }
    return null;
  }

  /** The same field in a type that may come from another descriptor pool (dynamic messages). */
  private static FieldDescriptor in(Descriptor type, FieldDescriptor field) {
    if (field.getContainingType() == type) {
      return field;
    }
    FieldDescriptor same = type.findFieldByNumber(field.getNumber());
    if (same == null || same.getType() != field.getType()) {
      throw new IllegalArgumentException(
          "%s: not the same field in this version of %s"
              .formatted(field.getFullName(), type.getFullName()));
    }
    return same;
  }

  private static void requireType(Descriptor got, Descriptor wanted) {
    if (got != wanted && !got.getFullName().equals(wanted.getFullName())) {
      throw new IllegalArgumentException(
          "message: %s (expected: %s)".formatted(got.getFullName(), wanted.getFullName()));
    }
  }
}
