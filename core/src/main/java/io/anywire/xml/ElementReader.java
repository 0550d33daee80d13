package io.anywire.xml;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.Message;
import io.anywire.codec.FieldPlan;
import io.anywire.codec.MessagePlan;
import io.anywire.codec.Plans;
import io.anywire.codec.ScalarText;
import io.anywire.codec.Text;
import io.anywire.codec.TypeUrls;
import io.anywire.codec.WellKnownText;
import io.anywire.codec.WellKnownType;
import java.io.IOException;
import java.util.Objects;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages from elements. A method that reads an element is called with the parser on its
 * start, and leaves it on its end. Confined to one call.
 */
final class ElementReader {
  private final XmlInput in;
  private final Plans plans;
  private final ReadRules rules;
  private int depth;

  /** What a codec accepts. */
  record ReadRules(
      TypeUrls types, ExtensionRegistry extensions, boolean ignoreUnknown, int maxDepth) {}

  ElementReader(XmlInput in, Plans plans, ReadRules rules) {
    this.in = in;
    this.plans = plans;
    this.rules = rules;
  }

  /** A document that is a message. */
  void document(Message.Builder into) throws IOException, XMLStreamException {
    MessagePlan plan = plans.of(into.getDescriptorForType());
    requireRoot(plan);
    message(plan, into, checked(in.marks(), plan));
  }

  /** A document that is one field: a message, or the message that the field is in. */
  void fieldDocument(FieldPlan field, Message.Builder into) throws IOException, XMLStreamException {
    MessagePlan containing = plans.of(into.getDescriptorForType());
    requireRoot(XmlCodec.isDocument(field) ? field.nested() : containing);
    Marks marks = in.marks();
    if (marks.nil()) {
      requireEmpty();
    } else if (XmlCodec.isDocument(field)) {
      into.setField(field.field, child(field, into, marks));
    } else {
      checked(marks, containing);
      Seen seen = new Seen(containing);
      while (in.next()) {
        if (find(containing, in.name()) == field) {
          field(field, into, seen);
        } else {
          unknown(in.name(), containing);
        }
      }
    }
  }

  private void requireRoot(MessagePlan plan) {
    String wanted = plan.type.getName();
    if (!in.name().equals(wanted)) {
      throw in.reject(
          "element " + Text.quoted(in.name()) + " (expected: " + Text.quoted(wanted) + ")");
    }
  }

  private void requireEmpty() throws XMLStreamException {
    if (in.next()) {
      throw in.reject("element " + Text.quoted(in.name()) + " (expected: nothing)");
    }
  }

  private void message(MessagePlan plan, Message.Builder into, Marks marks)
      throws IOException, XMLStreamException {
    boolean counts = plan.wellKnown != WellKnownType.VALUE; // What it holds counts.
    if (counts && depth++ > rules.maxDepth()) {
      throw in.reject("nested deeper (expected: at most " + rules.maxDepth() + " messages)");
    }
    switch (plan.wellKnown) {
      case TIMESTAMP, DURATION, FIELD_MASK ->
          WellKnownText.parse(plan, marks.plain(in.text(), in).strip(), into, in);
      case WRAPPER -> plan.set(into, 1, scalar(plan.byNumber(1), marks));
      case ANY -> any(plan, into, marks);
      default -> fields(plan, into);
    }
    depth -= counts ? 1 : 0;
  }

  private void fields(MessagePlan plan, Message.Builder into)
      throws IOException, XMLStreamException {
    Seen seen = new Seen(plan);
    while (in.next()) {
      String name = in.name();
      FieldPlan field = find(plan, name);
      if (field == null) {
        unknown(name, plan);
      } else {
        field(field, into, seen);
      }
    }
  }

  private void unknown(String name, MessagePlan plan) throws XMLStreamException {
    in.path.enter(name);
    if (!rules.ignoreUnknown()) {
      throw in.reject(
          "unknown field "
              + Text.quoted(name)
              + " (expected: a field of "
              + plan.type.getFullName()
              + ")");
    }
    in.skip();
    in.path.leave();
  }

  private void field(FieldPlan plan, Message.Builder into, Seen seen)
      throws IOException, XMLStreamException {
    String name = in.name();
    if (plan.map) {
      in.path.enter(name);
      entry(plan, into, seen);
    } else if (plan.repeated) {
      in.path.enterElement(name, into.getRepeatedFieldCount(plan.field));
      Object value = value(plan, into, in.marks());
      if (value != null) {
        into.addRepeatedField(plan.field, value);
      }
    } else {
      in.path.enter(name);
      seen.once(plan, in);
      Marks marks = in.marks();
      if (marks.nil()) {
        requireEmpty();
      } else {
        seen.oneof(plan, in);
        Object value = value(plan, into, marks);
        if (value != null) {
          into.setField(plan.field, value);
        }
      }
    }
    in.path.leave();
  }

  private void entry(FieldPlan plan, Message.Builder into, Seen seen)
      throws IOException, XMLStreamException {
    Marks marks = in.marks();
    FieldPlan valuePlan = plan.mapValue();
    String text = marks.key();
    if (text == null) {
      throw in.reject("an entry without a key (expected: the attribute \"key\")");
    }
    in.path.leave();
    in.path.enterEntry(in.name(), text);
    in.token(text);
    Object key = Objects.requireNonNull(ScalarText.parse(plan.mapKey(), text, in, false));
    seen.key(plan, key, in);
    Message.Builder entry = into.newBuilderForField(plan.field);
    Object value = value(valuePlan, entry, marks.withoutKey());
    if (value != null) {
      entry.setField(plan.mapKey().field, key).setField(valuePlan.field, value);
      into.addRepeatedField(plan.field, entry.buildPartial());
    }
  }

  /** One value; null is an unknown enum value that is to be ignored. */
  private @Nullable Object value(FieldPlan plan, Message.Builder into, Marks marks)
      throws IOException, XMLStreamException {
    if (plan.message) {
      return child(plan, into, marks);
    }
    checked(marks, null);
    return scalar(plan, marks);
  }

  private Message child(FieldPlan plan, Message.Builder into, Marks marks)
      throws IOException, XMLStreamException {
    MessagePlan nested = plan.nested();
    checked(marks, nested);
    Message.Builder child =
        plan.prototype != null
            ? plan.prototype.newBuilderForType()
            : into.newBuilderForField(plan.field);
    if (!plan.repeated && nested.wellKnown == WellKnownType.NONE && into.hasField(plan.field)) {
      child.mergeFrom((Message) into.getField(plan.field));
    }
    message(nested, child, marks);
    return child.buildPartial();
  }

  private @Nullable Object scalar(FieldPlan plan, Marks marks)
      throws IOException, XMLStreamException {
    String text = marks.plain(in.text(), in);
    String value =
        switch (plan.type) {
          case STRING -> text;
          case BYTES -> text.replaceAll("[ \\t\\r\\n]+", "");
          default -> text.strip();
        };
    in.token(value);
    return ScalarText.parse(plan, value, in, rules.ignoreUnknown());
  }

  private void any(MessagePlan plan, Message.Builder into, Marks marks)
      throws IOException, XMLStreamException {
    String url = marks.type();
    if (url == null) {
      requireEmpty();
      return;
    }
    Descriptor type = rules.types().require(url, in::reject);
    MessagePlan held = plans.of(type);
    Message.Builder content = DynamicMessage.newBuilder(type);
    if (held.wellKnown == WellKnownType.ANY) {
      anyInAny(held, content);
    } else {
      message(held, content, marks);
    }
    TypeUrls.pack(plan, into, url, content, in::reject);
  }

  private void anyInAny(MessagePlan plan, Message.Builder into)
      throws IOException, XMLStreamException {
    boolean seen = false;
    while (in.next()) {
      if (!in.name().equals("value")) {
        unknown(in.name(), plan);
      } else if (seen) {
        throw in.reject("a field for the second time (expected: once)");
      } else {
        seen = true;
        message(plan, into, checked(in.marks(), plan));
      }
    }
  }

  /** Rejects attributes that have no meaning there. */
  private Marks checked(Marks marks, @Nullable MessagePlan plan) {
    if (marks.key() != null) {
      throw in.reject("attribute \"key\" (expected: on entries of maps)");
    }
    if (marks.type() != null && (plan == null || plan.wellKnown != WellKnownType.ANY)) {
      throw in.reject("attribute \"type\" (expected: on google.protobuf.Any)");
    }
    if (marks.nil()) {
      throw in.reject("attribute \"nil\" (expected: on fields that are no list)");
    }
    return marks;
  }

  private @Nullable FieldPlan find(MessagePlan plan, String name) {
    FieldPlan field = plan.byName(name);
    return field != null || !plan.extendable
        ? field
        : plans.extension(plan, name, rules.extensions());
  }
}
