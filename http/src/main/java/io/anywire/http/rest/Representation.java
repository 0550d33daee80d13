package io.anywire.http.rest;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.rpc.Status;
import io.anywire.call.Failures;
import io.grpc.StatusRuntimeException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;

/** How messages and errors are written in one family of media types. Thread-safe. */
interface Representation {

  /** The media types that mean it, in lower case; the first is the one that is written unasked. */
  List<String> mediaTypes();

  /** What is behind the opaque tag of a message that brings its own (see {@link EntityTag}). */
  String tagSuffix();

  /**
   * Writes a message, and leaves the stream open.
   *
   * @throws RuntimeException when the message has no such form
   */
  void write(Message message, OutputStream out);

  /** Writes one field's value alone. */
  void writeField(Message message, FieldDescriptor field, OutputStream out);

  /**
   * Reads a message on top of what the builder holds.
   *
   * @throws StatusRuntimeException {@code INVALID_ARGUMENT} that names the field
   */
  void merge(byte[] body, Message.Builder into);

  /** Reads one field's value, as {@link #writeField} writes it. */
  void mergeField(byte[] body, Message.Builder into, FieldDescriptor field);

  /**
   * The fields that a body of that type names, as paths of a field mask; a message that names
   * fields of its own stands for these.
   */
  Set<String> paths(byte[] body, Descriptor type);

  /** The media type of errors. */
  String problemType();

  /** An error. */
  byte[] problem(int httpStatus, Status status);

  /** What does not fit the contract, with its place in the text where it has one. */
  static StatusRuntimeException rejected(
      String field, String inside, String description, int line, int column) {
    String dot = field.isEmpty() || inside.isEmpty() || inside.startsWith("[") ? "" : ".";
    String place = line == 0 ? "" : " at line " + line + ", column " + column;
    return Failures.invalidField(field + dot + inside, description + place);
  }
}
