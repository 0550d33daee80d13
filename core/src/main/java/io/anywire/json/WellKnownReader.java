package io.anywire.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

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
      case TIMESTAMP -> timestamp(plan, into);
      case DURATION -> duration(plan, into);
      case FIELD_MASK -> fieldMask(plan, into);
      case STRUCT -> reader.map(plan.byNumber(1), into);
      case LIST_VALUE -> reader.list(plan.byNumber(1), into);
      case VALUE -> value(plan, into);
      case WRAPPER -> set(plan, into, 1, reader.value(plan.byNumber(1), into));
      case NONE -> throw new IllegalStateException("a plain message (expected: a well-known type)");
    }
  }

  private void timestamp(MessagePlan plan, Message.Builder into) throws IOException {
    try {
      TimestampText.Moment moment = TimestampText.parse(in.string());
      set(plan, into, 1, moment.seconds());
      set(plan, into, 2, moment.nanos());
    } catch (NumberFormatException e) {
      throw in.rejectToken("a timestamp such as \"2025-01-31T12:00:00.5Z\", year 1 to 9999");
    }
  }

  private void duration(MessagePlan plan, Message.Builder into) throws IOException {
    try {
      DurationText.Span span = DurationText.parse(in.string());
      set(plan, into, 1, span.seconds());
      set(plan, into, 2, span.nanos());
    } catch (NumberFormatException e) {
      throw in.rejectToken("a duration such as \"1.5s\", at most 315576000000s");
    }
  }

  private void fieldMask(MessagePlan plan, Message.Builder into) throws IOException {
    FieldPlan paths = plan.byNumber(1);
    for (String path : in.string().split(",", -1)) {
      if (path.indexOf('_') >= 0) {
        throw in.rejectToken("lowerCamelCase paths with commas between them");
      }
      if (!path.isEmpty()) {
        into.addRepeatedField(paths.field, FieldMaskText.fromJson(path));
      }
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
    set(plan, into, kind.field.getNumber(), reader.value(kind, into));
  }

  private void any(MessagePlan plan, Message.Builder into) throws IOException {
    int start = in.offset();
    in.startObject();
    if (tokens.currentToken() == JsonToken.END_OBJECT) {
      return;
    }
    String url = typeUrl(start);
    Descriptor type = types.find(url);
    if (type == null) {
      throw in.rejectEnclosing(
          "type URL " + Text.quoted(url) + " (expected: a known message type)");
    }
    Message.Builder content = DynamicMessage.newBuilder(type);
    content(plans.of(type), content);
    if (!content.isInitialized()) {
      throw in.rejectEnclosing(
          "nothing for " + content.getInitializationErrorString() + " (expected: required fields)");
    }
    set(plan, into, 1, url);
    set(plan, into, 2, content.buildPartial().toByteString());
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

  private static void set(
      MessagePlan plan, Message.Builder into, int number, @Nullable Object value) {
    if (value != null) {
      into.setField(plan.byNumber(number).field, value);
    }
  }
}
