package io.anywire.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.anywire.codec.FieldPlan;
import io.anywire.codec.MessagePlan;
import io.anywire.codec.Plans;
import io.anywire.codec.TypeUrls;
import io.anywire.codec.WellKnownText;
import io.anywire.codec.WellKnownType;
import java.io.IOException;

/**
 * Reads the messages that have a JSON form of their own, generated ones and dynamic ones alike.
 * Confined to one call.
 */
final class WellKnownReader {
  private final MessageReader reader;
  private final Plans plans;
  private final TypeUrls types;
  private final Input in;
  private final JsonParser tokens;

  WellKnownReader(MessageReader reader, Plans plans, TypeUrls types) {
    this.reader = reader;
    this.plans = plans;
    this.types = types;
    in = reader.in;
    tokens = in.tokens;
  }

  void read(MessagePlan plan, Message.Builder into) throws IOException {
    switch (plan.wellKnown) {
      case ANY -> any(plan, into);
      case TIMESTAMP, DURATION, FIELD_MASK -> WellKnownText.parse(plan, in.string(), into, in);
      case STRUCT -> reader.map(plan.byNumber(1), into);
      case LIST_VALUE -> reader.list(plan.byNumber(1), into);
      case VALUE -> value(plan, into);
      case WRAPPER -> plan.set(into, 1, reader.value(plan.byNumber(1), into));
      case NONE -> throw new IllegalStateException("a plain message (expected: a well-known type)");
    }
  }

  private void value(MessagePlan plan, Message.Builder into) throws IOException {
    FieldPlan kind =
        plan.byNumber(
            switch (tokens.currentToken()) {
              case VALUE_NULL -> 1;
              case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> 2;
              case VALUE_STRING -> 3;
              case VALUE_TRUE, VALUE_FALSE -> 4;
              case START_OBJECT -> 5;
              default -> 6;
            });
    plan.set(into, kind.field.getNumber(), reader.value(kind, into));
  }

  private void any(MessagePlan plan, Message.Builder into) throws IOException {
    int start = in.offset();
    in.startObject();
    if (tokens.currentToken() == JsonToken.END_OBJECT) {
      return;
    }
    String url = typeUrl(start);
    Descriptor type = types.require(url, in::rejectEnclosing);
    Message.Builder content = DynamicMessage.newBuilder(type);
    content(plans.of(type), content);
    TypeUrls.pack(plan, into, url, content, in::rejectEnclosing);
  }

  private void content(MessagePlan plan, Message.Builder into) throws IOException {
    if (plan.wellKnown == WellKnownType.NONE) {
      reader.members(plan, into, true);
      return;
    }
    boolean seen = false;
    for (; tokens.currentToken() == JsonToken.FIELD_NAME; tokens.nextToken()) {
      String name = tokens.currentName();
      if (name.equals("@type")) {
        in.skipValue();
      } else if (!name.equals("value")) {
        reader.unknown(name, plan);
      } else if (seen) {
        throw in.reject("a field for the second time (expected: once)");
      } else {
        seen = true;
        tokens.nextToken();
        reader.message(plan, into);
      }
    }
  }

  /** The type, which need not come first; it leaves the parser at the object's first member. */
  private String typeUrl(int start) throws IOException {
    try (JsonParser ahead = in.lookAhead(start)) {
      ahead.nextToken();
      while (ahead.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = ahead.currentName().equals("@type");
        JsonToken value = ahead.nextToken();
        if (found && value == JsonToken.VALUE_STRING) {
          return ahead.getText();
        }
        ahead.skipChildren();
      }
    }
    throw in.rejectEnclosing("an Any without \"@type\" (expected: a type URL)");
  }
}
