package io.anywire.xml;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes messages as elements, field by field as their plans say. Confined to one call. */
final class ElementWriter {
  private static final byte[] VALUE = "value".getBytes(US_ASCII);

  private final XmlOutput out;
  private final Plans plans;
  private final TypeUrls types;
  private final boolean defaults;
  private final XmlPath path = new XmlPath();

  /**
   * What an element holds besides its fields.
   *
   * @param text the element's own text; null for a message without one
   * @param key the key of a map's entry
   * @param typeUrl the type of what an Any holds
   */
  private record Own(@Nullable String text, @Nullable String key, @Nullable String typeUrl) {}

  ElementWriter(XmlOutput out, Plans plans, TypeUrls types, boolean defaults) {
    this.out = out;
    this.plans = plans;
    this.types = types;
    this.defaults = defaults;
  }

  /** A message as a document of its own. */
  void document(Message message) throws IOException {
    MessagePlan plan = plans.of(message.getDescriptorForType());
    message(XmlCodec.root(plan), null, plan, message);
  }

  /** A field alone: a message as its document, all else in that of the message it is in. */
  void fieldDocument(FieldPlan plan, Message message) throws IOException {
    boolean set = plan.repeated || !plan.presence || message.hasField(plan.field);
    if (XmlCodec.isDocument(plan) && set) {
      document((Message) message.getField(plan.field));
      return;
    }
    byte[] root = XmlCodec.root(XmlCodec.isDocument(plan) ? plan.nested() : containing(plan));
    out.start(root);
    if (set) {
      named(plan, message.getField(plan.field));
    } else if (XmlCodec.isDocument(plan)) {
      out.attribute(Marks.NIL, "true");
    }
    out.end(root);
  }

  private MessagePlan containing(FieldPlan plan) {
    return plans.of(plan.field.getContainingType());
  }

  private void message(byte[] name, @Nullable String key, MessagePlan plan, Message message)
      throws IOException {
    switch (plan.wellKnown) {
      case TIMESTAMP, DURATION, FIELD_MASK, WRAPPER -> text(name, key, text(plan, message));
      case ANY -> any(name, key, plan, message);
      default -> {
        start(name, new Own(null, key, null));
        fields(plan, message);
        out.end(name);
      }
    }
  }

  private void fields(MessagePlan plan, Message message) throws IOException {
    for (FieldPlan field : plan.fields) {
      Object value = field.toWrite(message, defaults);
      if (value != null) {
        named(field, value);
      }
    }
    if (plan.extendable) {
      for (Map.Entry<FieldDescriptor, Object> set : message.getAllFields().entrySet()) {
        if (set.getKey().isExtension()) {
          named(FieldPlan.ofExtension(plans, set.getKey(), null), set.getValue());
        }
      }
    }
  }

  private void named(FieldPlan plan, Object value) throws IOException {
    if (plan.map) {
      entries(plan, (List<?>) value);
    } else if (plan.repeated) {
      List<?> elements = (List<?>) value;
      for (int i = 0; i < elements.size(); i++) {
        path.enterElement(plan.name.getValue(), i);
        value(plan, plan.element, null, elements.get(i));
        path.leave();
      }
    } else {
      path.enter(plan.name.getValue());
      value(plan, plan.element, null, value);
      path.leave();
    }
  }

  private void entries(FieldPlan plan, List<?> entries) throws IOException {
    FieldPlan key = plan.mapKey();
    FieldPlan value = plan.mapValue();
    for (Object element : entries) {
      Message entry = (Message) element;
      String text = ScalarText.format(key, entry.getField(key.field));
      path.enterEntry(plan.name.getValue(), text);
      value(value, plan.element, text, entry.getField(value.field));
      path.leave();
    }
  }

  private void value(FieldPlan plan, byte[] name, @Nullable String key, Object value)
      throws IOException {
    if (plan.message) {
      message(name, key, plan.nested(), (Message) value);
    } else {
      text(name, key, ScalarText.format(plan, value));
    }
  }

  private void text(byte[] name, @Nullable String key, String text) throws IOException {
    Own own = new Own(text, key, null);
    boolean escaped = start(name, own);
    out.text(escaped ? XmlEscapes.escape(text) : text);
    out.end(name);
  }

  private String text(MessagePlan plan, Message message) {
    if (plan.wellKnown == WellKnownType.WRAPPER) {
      return ScalarText.format(plan.byNumber(1), plan.get(message, 1));
    }
    if (plan.wellKnown == WellKnownType.FIELD_MASK
        && ((List<?>) plan.get(message, 1)).contains("")) {
      throw reject("an empty path (expected: lower_snake_case)");
    }
    return WellKnownText.format(plan, message, this::reject);
  }

  /** An Any: its type is an attribute, and what it holds is as it would be by itself. */
  private void any(byte[] name, @Nullable String key, MessagePlan plan, Message message)
      throws IOException {
    String url = (String) plan.get(message, 1);
    ByteString bytes = (ByteString) plan.get(message, 2);
    if (url.isEmpty() && bytes.isEmpty()) {
      start(name, new Own(null, key, null));
      out.end(name);
      return;
    }
    Descriptor type = types.require(url, this::reject);
    MessagePlan held = plans.of(type);
    Message content = TypeUrls.unpack(type, bytes, this::reject);
    boolean hasText = held.wellKnown.hasText();
    String text = hasText ? text(held, content) : null;
    boolean escaped = start(name, new Own(text, key, url));
    if (text != null) {
      out.text(escaped ? XmlEscapes.escape(text) : text);
    } else if (held.wellKnown == WellKnownType.ANY) {
      any(VALUE, null, held, content);
    } else {
      fields(held, content);
    }
    out.end(name);
  }

  /** Starts an element with its attributes, and says whether its texts have to be escaped. */
  private boolean start(byte[] name, Own own) throws IOException {
    // Each of them is looked at, as each may be no Unicode.
    boolean text = isCarried(own.text());
    boolean key = isCarried(own.key());
    boolean type = isCarried(own.typeUrl());
    boolean escaped = !(text && key && type);
    out.start(name);
    if (own.key() != null) {
      out.attribute(Marks.KEY, escaped ? XmlEscapes.escape(own.key()) : own.key());
    }
    if (own.typeUrl() != null) {
      out.attribute(Marks.TYPE, escaped ? XmlEscapes.escape(own.typeUrl()) : own.typeUrl());
    }
    if (escaped) {
      out.attribute(Marks.ESCAPED, "true");
    }
    return escaped;
  }

  private boolean isCarried(@Nullable String text) {
    if (text == null) {
      return true;
    }
    if (!Text.isWellFormed(text)) {
      throw reject("half a surrogate pair (expected: Unicode text)");
    }
    return XmlEscapes.isCarried(text);
  }

  private XmlException reject(String description) {
    return new XmlException(path.toString(), description, 0, 0);
  }
}
