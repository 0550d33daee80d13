package io.anywire.codec;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/** Timestamps, durations and field masks as text: the form that protobuf JSON gives them. */
public final class WellKnownText {
  private WellKnownText() {}

  /** The text; {@code reject} turns a description into the exception for a message without one. */
  public static String format(
      MessagePlan plan, Message message, Function<String, ? extends RuntimeException> reject) {
    return switch (plan.wellKnown) {
      case TIMESTAMP -> timestamp(plan, message, reject);
      case DURATION -> duration(plan, message, reject);
      case FIELD_MASK -> fieldMask(plan, message, reject);
      default -> throw new IllegalStateException(plan.wellKnown + " (expected: one with a text)");
    };
  }

  /** Reads a text into a message. */
  public static void parse(MessagePlan plan, String text, Message.Builder into, Place in)
      throws IOException {
    switch (plan.wellKnown) {
      case TIMESTAMP -> timestamp(plan, text, into, in);
      case DURATION -> duration(plan, text, into, in);
      case FIELD_MASK -> fieldMask(plan, text, into, in);
      default -> throw new IllegalStateException(plan.wellKnown + " (expected: one with a text)");
    }
  }

  private static String timestamp(
      MessagePlan plan, Message message, Function<String, ? extends RuntimeException> reject) {
    long seconds = message instanceof Timestamp t ? t.getSeconds() : (long) plan.get(message, 1);
    int nanos = message instanceof Timestamp t ? t.getNanos() : (int) plan.get(message, 2);
    if (!TimestampText.isValid(seconds, nanos)) {
      throw reject.apply(
          "timestamp of %d s and %d ns (expected: year 1 to 9999, 0 to 999999999 ns)"
              .formatted(seconds, nanos));
    }
    return TimestampText.format(seconds, nanos);
  }

  private static String duration(
      MessagePlan plan, Message message, Function<String, ? extends RuntimeException> reject) {
    long seconds = (long) plan.get(message, 1);
    int nanos = (int) plan.get(message, 2);
    if (!DurationText.isValid(seconds, nanos)) {
      throw reject.apply(
          "duration of %d s and %d ns (expected: at most 315576000000 s, both of one sign)"
              .formatted(seconds, nanos));
    }
    return DurationText.format(seconds, nanos);
  }

  private static String fieldMask(
      MessagePlan plan, Message message, Function<String, ? extends RuntimeException> reject) {
    StringBuilder text = new StringBuilder();
    for (Object path : (List<?>) plan.get(message, 1)) {
      String name = (String) path;
      if (name.isEmpty()) {
        continue;
      }
      if (!FieldMaskText.hasJsonForm(name)) {
        throw reject.apply(
            "path " + Text.quoted(name) + " (expected: lower_snake_case that survives JSON)");
      }
      text.append(text.isEmpty() ? "" : ",").append(FieldMaskText.toJson(name));
    }
    return text.toString();
  }

  private static void timestamp(MessagePlan plan, String text, Message.Builder into, Place in)
      throws IOException {
    try {
      TimestampText.Moment moment = TimestampText.parse(text);
      plan.set(into, 1, moment.seconds());
      plan.set(into, 2, moment.nanos());
    } catch (NumberFormatException e) {
      throw in.rejectToken("a timestamp such as \"2025-01-31T12:00:00.5Z\", year 1 to 9999");
    }
  }

  private static void duration(MessagePlan plan, String text, Message.Builder into, Place in)
      throws IOException {
    try {
      DurationText.Span span = DurationText.parse(text);
      plan.set(into, 1, span.seconds());
      plan.set(into, 2, span.nanos());
    } catch (NumberFormatException e) {
      throw in.rejectToken("a duration such as \"1.5s\", at most 315576000000s");
    }
  }

  private static void fieldMask(MessagePlan plan, String text, Message.Builder into, Place in)
      throws IOException {
    for (String path : text.split(",", -1)) {
      if (path.indexOf('_') >= 0) {
        throw in.rejectToken("lowerCamelCase paths with commas between them");
      }
      if (!path.isEmpty()) {
        into.addRepeatedField(plan.byNumber(1).field, FieldMaskText.fromJson(path));
      }
    }
  }
}
