package io.anywire.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.anywire.codec.FieldPlan;
import io.anywire.codec.Plans;
import io.anywire.codec.TypeUrls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Messages as canonical protobuf JSON (protobuf.dev/programming-guides/json) in UTF-8 and back,
 * generated messages and dynamic ones alike. Immutable and thread-safe.
 *
 * <p>Input is held to the standard: what is accepted besides the canonical form is either name of a
 * field, integers as numbers or strings and with exponents, enums by number, base64 of either
 * alphabet with or without padding, and timestamps with an offset. Duplicate members, two members
 * of one oneof, and half surrogate pairs are rejected. Every rejection is a {@link JsonException}.
 */
public final class JsonCodec {
  private static final JsonCodec STANDARD = builder().build();

  private final JsonFactory factory;
  private final Plans plans = new Plans();
  private final TypeUrls types;
  private final boolean printDefaults;
  private final MessageReader.ReadRules rules;

  JsonCodec(JsonCodecBuilder from) {
    factory = from.factory();
    types = from.typeUrls();
    printDefaults = from.printsDefaults();
    rules = from.rules(types);
  }

  /**
   * The codec that rejects unknown fields, leaves default values out, and knows, inside an {@code
   * Any}, the well-known types and the details of {@code google.rpc.Status}.
   */
  public static JsonCodec standard() {
    return STANDARD;
  }

  /** Starts a codec with the settings of {@link #standard()}. */
  public static JsonCodecBuilder builder() {
    return new JsonCodecBuilder();
  }

  /**
   * Writes a message, and leaves the stream open.
   *
   * @throws JsonException when the message has no JSON form
   * @throws UncheckedIOException when the stream fails
   */
  public void write(Message message, OutputStream out) {
    generate(out, writer -> writer.message(plans.of(message.getDescriptorForType()), message));
  }

  /** Writes a message; see {@link #write}. */
  public byte[] writeBytes(Message message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    write(message, out);
    return out.toByteArray();
  }

  /** Writes a message; see {@link #write}. */
  public String writeString(Message message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    write(message, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  /**
   * Writes one field's value alone: an array, an object or a scalar, and {@code null} for a field
   * that has presence and is not set. Leaves the stream open.
   *
   * @throws JsonException when the value has no JSON form
   * @throws UncheckedIOException when the stream fails
   */
  public void writeField(Message message, FieldDescriptor field, OutputStream out) {
    generate(out, writer -> writer.fieldValue(plan(field), message));
  }

  /**
   * Reads one message from the whole stream, which is not closed.
   *
   * @param prototype any message of the wanted type
   * @throws JsonException when the text is malformed or does not fit the type
   * @throws UncheckedIOException when the stream fails
   */
  public <T extends Message> T read(InputStream in, T prototype) {
    try {
      return read(in.readAllBytes(), prototype);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads one message.
   *
   * @param prototype any message of the wanted type
   * @throws JsonException when the text is malformed or does not fit the type
   */
  public <T extends Message> T read(byte[] json, T prototype) {
    Message.Builder builder = prototype.newBuilderForType();
    merge(json, builder);
    if (!builder.isInitialized()) {
      String missing = builder.getInitializationErrorString();
      throw new JsonException("", "nothing for " + missing + " (expected: required fields)", 1, 1);
    }
    @SuppressWarnings("unchecked") // A prototype's builder builds the prototype's type.
    T message = (T) builder.buildPartial();
    return message;
  }

  /**
   * Reads one message on top of what the builder holds, as protobuf merges: scalars replace, plain
   * messages merge, lists grow, map entries are put; well-known types replace. When the text is
   * rejected the builder keeps what was read before the fault.
   *
   * @throws JsonException when the text is malformed or does not fit the type
   */
  public void merge(byte[] json, Message.Builder into) {
    parse(json, reader -> reader.message(plans.of(into.getDescriptorForType()), into));
  }

  /**
   * Reads one field's value alone, as {@link #writeField} writes it; {@code null} leaves the field
   * as it is. Paths of rejections begin inside the field.
   *
   * @throws JsonException when the text is malformed or does not fit the field
   */
  public void mergeField(byte[] json, Message.Builder into, FieldDescriptor field) {
    parse(json, reader -> reader.fieldValue(plan(field), into));
  }

  private FieldPlan plan(FieldDescriptor field) {
    return field.isExtension()
        ? FieldPlan.ofExtension(plans, field, null)
        : plans.of(field.getContainingType()).byNumber(field.getNumber());
  }

  private void generate(OutputStream out, Step<MessageWriter> step) {
    try (JsonGenerator generator = factory.createGenerator(out)) {
      MessageWriter writer = new MessageWriter(generator, plans, types, printDefaults);
      try {
        step.run(writer);
      } catch (JsonProcessingException e) {
        throw writer.reject(e.getOriginalMessage());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void parse(byte[] json, Step<MessageReader> step) {
    try {
      Input in = new Input(factory, json);
      try (in.tokens) {
        in.tokens.nextToken();
        step.run(new MessageReader(in, plans, rules));
        in.end();
      } catch (JsonProcessingException e) {
        throw in.reject(e);
      }
    } catch (IOException e) {
      throw new JsonException("", "unreadable text: " + e.getMessage(), 1, 1);
    }
  }

  /** Work on a reader or writer that streams. */
  private interface Step<T> {
    void run(T on) throws IOException;
  }
}
