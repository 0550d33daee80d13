package io.anywire.xml;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.ctc.wstx.stax.WstxInputFactory;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.anywire.codec.FieldPlan;
import io.anywire.codec.MessagePlan;
import io.anywire.codec.Plans;
import io.anywire.codec.TypeUrls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLStreamException;
import org.codehaus.stax2.XMLStreamReader2;

/**
 * Messages as XML 1.0 and back, by the mapping of {@code docs/xml.md}, generated messages and
 * dynamic ones alike: what is written in UTF-8 is read back as an equal message. Immutable and
 * thread-safe.
 *
 * <p>Input is UTF-8, or UTF-16 that says so. Document types, entities but the five of XML, and
 * namespaces are rejected; nothing outside the text is ever opened. Accepted besides the form that
 * is written are either name of a field, comments, CDATA, whitespace around everything but strings,
 * {@code xsi:nil}, and what JSON accepts of numbers, enums, base64 and timestamps. A field that
 * comes twice, two members of one oneof, and a key that comes twice are rejected. Every rejection
 * is an {@link XmlException}.
 */
public final class XmlCodec {
  private static final XmlCodec STANDARD = builder().build();

  private final WstxInputFactory factory;
  private final Plans plans = new Plans();
  private final TypeUrls types;
  private final boolean printDefaults;
  private final ElementReader.ReadRules rules;

  XmlCodec(XmlCodecBuilder from) {
    factory = from.factory();
    types = from.typeUrls();
    printDefaults = from.printsDefaults();
    rules = from.rules(types);
  }

  /**
   * The codec that rejects unknown fields, leaves default values out, and knows, inside an {@code
   * Any}, the well-known types and the details of {@code google.rpc.Status}.
   */
  public static XmlCodec standard() {
    return STANDARD;
  }

  /** Starts a codec with the settings of {@link #standard()}. */
  public static XmlCodecBuilder builder() {
    return new XmlCodecBuilder();
  }

  /**
   * Writes a message, and leaves the stream open.
   *
   * @throws XmlException when the message has no XML form
   * @throws UncheckedIOException when the stream fails
   */
  public void write(Message message, OutputStream out) {
    generate(out, writer -> writer.document(message));
  }

  /** Writes a message; see {@link #write}. */
  public byte[] writeBytes(Message message) {
    return buffered(message).toByteArray();
  }

  /** Writes a message; see {@link #write}. */
  public String writeString(Message message) {
    return buffered(message).toString(StandardCharsets.UTF_8);
  }

  /**
   * Writes one field alone: a message as a document of its own, with the attribute {@code nil}
   * where it is not set; every other field as the message that it is in, with nothing else in that.
   * Leaves the stream open.
   *
   * @throws XmlException when the value has no XML form
   * @throws UncheckedIOException when the stream fails
   */
  public void writeField(Message message, FieldDescriptor field, OutputStream out) {
    generate(out, writer -> writer.fieldDocument(plan(field), message));
  }

  /**
   * Reads one message from the whole stream, which is not closed.
   *
   * @param prototype any message of the wanted type
   * @throws XmlException when the text is malformed or does not fit the type
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
   * @throws XmlException when the text is malformed or does not fit the type
   */
  public <T extends Message> T read(byte[] xml, T prototype) {
    Message.Builder builder = prototype.newBuilderForType();
    merge(xml, builder);
    if (!builder.isInitialized()) {
      String missing = builder.getInitializationErrorString();
      throw new XmlException("", "nothing for " + missing + " (expected: required fields)", 1, 1);
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
   * @throws XmlException when the text is malformed or does not fit the type
   */
  public void merge(byte[] xml, Message.Builder into) {
    parse(xml, reader -> reader.document(into));
  }

  /**
   * Reads one field alone, as {@link #writeField} writes it; {@code nil} leaves the field as it is.
   *
   * @throws XmlException when the text is malformed or does not fit the field
   */
  public void mergeField(byte[] xml, Message.Builder into, FieldDescriptor field) {
    parse(xml, reader -> reader.fieldDocument(plan(field), into));
  }

  /** The name of a message's own document. */
  static byte[] root(MessagePlan plan) {
    return plan.type.getName().getBytes(US_ASCII);
  }

  /** Whether a field alone is a document of its own. */
  static boolean isDocument(FieldPlan plan) {
    return plan.message && !plan.repeated;
  }

  private FieldPlan plan(FieldDescriptor field) {
    return field.isExtension()
        ? FieldPlan.ofExtension(plans, field, null)
        : plans.of(field.getContainingType()).byNumber(field.getNumber());
  }

  private ByteArrayOutputStream buffered(Message message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    write(message, out);
    return out;
  }

  private void generate(OutputStream to, WriteStep step) {
    XmlOutput out = new XmlOutput(to);
    try {
      step.run(new ElementWriter(out, plans, types, printDefaults));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void parse(byte[] xml, ReadStep step) {
    try {
      XMLStreamReader2 parser =
          (XMLStreamReader2) factory.createXMLStreamReader(new ByteArrayInputStream(xml));
      XmlInput in = new XmlInput(parser, rules.ignoreUnknown());
      try {
        in.start();
        step.run(new ElementReader(in, plans, rules));
        in.end();
      } catch (XMLStreamException e) {
        throw in.reject(e);
      } finally {
        parser.close();
      }
    } catch (XMLStreamException e) {
      throw XmlInput.unreadable(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface WriteStep {
    void run(ElementWriter on) throws IOException;
  }

  private interface ReadStep {
    void run(ElementReader on) throws IOException, XMLStreamException;
  }
}
