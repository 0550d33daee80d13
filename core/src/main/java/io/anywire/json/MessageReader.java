package io.anywire.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.Message;
import io.anywire.codec.FieldPlan;
import io.anywire.codec.MessagePlan;
import io.anywire.codec.Plans;
import io.anywire.codec.Text;
import io.anywire.codec.TypeUrls;
import io.anywire.codec.WellKnownType;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages from one parser. A method that reads a value is called with the parser on the
 * value's first token, and leaves it on the last. Confined to one call.
 */
final class MessageReader {
  final Input in;
  private final Plans plans;
  private final ReadRules rules;
  private final ScalarReader scalars;
  private final WellKnownReader wellKnown;
  private final JsonParser tokens;
  private int depth;

  /** What a codec accepts. */
  record ReadRules(
      TypeUrls types, ExtensionRegistry extensions, boolean ignoreUnknown, int maxDepth) {}

  MessageReader(Input in, Plans plans, ReadRules rules) {
    this.in = in;
    this.plans = plans;
    this.rules = rules;
    tokens = in.tokens;
    scalars = new ScalarReader(in, rules.ignoreUnknown());
    wellKnown = new WellKnownReader(this, plans, rules.types());
  }

  void message(MessagePlan plan, Message.Builder into) throws IOException {
    if (plan.wellKnown == WellKnownType.VALUE) {
      wellKnown.read(plan, into); // What it holds counts, not the Value around that.
      return;
    }
    if (depth++ > rules.maxDepth()) {
      throw in.reject("nested deeper (expected: at most " + rules.maxDepth() + " messages)");
    }
    if (plan.wellKnown != WellKnownType.NONE) {
      wellKnown.read(plan, into);
    } else {
      in.startObject();
      members(plan, into, false);
    }
    depth--;
  }

  /** Reads members up to the end of the object; in an Any, {@code @type} is none of them. */
  void members(MessagePlan plan, Message.Builder into, boolean inAny) throws IOException {
    long[] seen = plan.nothingSeen();
    for (; tokens.currentToken() == JsonToken.FIELD_NAME; tokens.nextToken()) {
      String name = tokens.currentName();
      FieldPlan field = find(plan, name, into);
      if (field != null) {
        field(field, into, seen);
      } else if (inAny && name.equals("@type")) {
        in.skipValue();
      } else {
        unknown(name, plan);
      }
    }
  }

  /** Skips a member that the message does not have, or rejects it. */
  void unknown(String name, MessagePlan plan) throws IOException {
    if (!rules.ignoreUnknown()) {
      throw in.reject(
          "unknown field "
              + Text.quoted(name)
              + " (expected: a field of "
              + plan.type.getFullName()
              + ")");
    }
    in.skipValue();
  }

  /** Reads a field's value alone; null leaves the field as it is. */
  void fieldValue(FieldPlan plan, Message.Builder into) throws IOException {
    if (tokens.currentToken() == JsonToken.VALUE_NULL && (plan.repeated || !plan.takesNull)) {
      return;
    }
    if (plan.map) {
      map(plan, into);
    } else if (plan.repeated) {
      list(plan, into);
    } else {
      Object value = value(plan, into);
      if (value != null) {
        into.setField(plan.field, value);
      }
    }
  }

  void list(FieldPlan plan, Message.Builder into) throws IOException {
    if (tokens.currentToken() != JsonToken.START_ARRAY) {
      throw in.rejectToken("an array");
    }
    while (tokens.nextToken() != JsonToken.END_ARRAY) {
      Object value = value(plan, into);
      if (value != null) {
        into.addRepeatedField(plan.field, value);
      }
    }
  }

  void map(FieldPlan plan, Message.Builder into) throws IOException {
    FieldPlan keyPlan = plan.mapKey();
    FieldPlan valuePlan = plan.mapValue();
    Set<Object> keys = new HashSet<>();
    in.startObject();
    for (; tokens.currentToken() == JsonToken.FIELD_NAME; tokens.nextToken()) {
      Object key = scalars.mapKey(keyPlan);
      if (!keys.add(key)) {
        throw in.reject("a key for the second time (expected: once)");
      }
      tokens.nextToken();
      Message.Builder entry = into.newBuilderForField(plan.field);
      Object value = value(valuePlan, entry);
      if (value != null) {
        entry.setField(keyPlan.field, key).setField(valuePlan.field, value);
        into.addRepeatedField(plan.field, entry.buildPartial());
      }
    }
  }

  /** One value; null is an unknown enum value that is to be ignored. */
  @Nullable Object value(FieldPlan plan, Message.Builder into) throws IOException {
    if (!plan.message) {
      return scalars.read(plan);
    }
    MessagePlan nested = plan.nested();
    Message.Builder child = child(plan, into);
    if (!plan.repeated && nested.wellKnown == WellKnownType.NONE && into.hasField(plan.field)) {
      child.mergeFrom((Message) into.getField(plan.field));
    }
    message(nested, child);
    return child.buildPartial();
  }

  private void field(FieldPlan plan, Message.Builder into, long[] seen) throws IOException {
    if (MessagePlan.isSeen(seen, plan.bit)) {
      throw in.reject("a field for the second time (expected: once)");
    }
    MessagePlan.see(seen, plan.bit);
    if (tokens.nextToken() != JsonToken.VALUE_NULL || plan.takesNull) {
      if (MessagePlan.isSeen(seen, plan.oneofBit)) {
        throw in.reject(
            "a second member of oneof "
                + plan.field.getContainingOneof().getName()
                + " (expected: one)");
      }
      MessagePlan.see(seen, plan.oneofBit);
      fieldValue(plan, into);
    }
  }

  private @Nullable FieldPlan find(MessagePlan plan, String name, Message.Builder into) {
    FieldPlan field = plan.byName(name);
    return field != null || !plan.extendable ? field : extension(plan, name, into);
  }

  private @Nullable FieldPlan extension(MessagePlan plan, String name, Message.Builder into) {
    FieldPlan found = plans.extension(plan, name, rules.extensions());
    if (found == null) {
      return null;
    }
    boolean set =
        found.repeated ? into.getRepeatedFieldCount(found.field) > 0 : into.hasField(found.field);
    if (set) {
      throw in.reject("an extension for the second time (expected: once)");
    }
    return found;
  }

  private static Message.Builder child(FieldPlan plan, Message.Builder into) {
    return plan.prototype != null
        ? plan.prototype.newBuilderForType()
        : into.newBuilderForField(plan.field);
  }
}
