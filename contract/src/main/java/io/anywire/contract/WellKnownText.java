package io.anywire.contract;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.FieldMask;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The well-known types that JSON writes as one text: wrappers, Timestamp (RFC 3339), Duration
 * ({@code 1.5s}) and FieldMask ({@code userName,address.street}).
 */
final class WellKnownText {
  private static final String TIMESTAMP = "google.protobuf.Timestamp";
  private static final String DURATION = "google.protobuf.Duration";
  private static final String FIELD_MASK = "google.protobuf.FieldMask";
  private static final Set<String> WRAPPERS =
      Set.of(
          "google.protobuf.StringValue",
          "google.protobuf.BytesValue",
          "google.protobuf.BoolValue",
          "google.protobuf.Int32Value",
          "google.protobuf.UInt32Value",
          "google.protobuf.Int64Value",
          "google.protobuf.UInt64Value",
          "google.protobuf.FloatValue",
          "google.protobuf.DoubleValue");

  private static final long FIRST_SECOND = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
  private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
  private static final long LONGEST_SECONDS = 315_576_000_000L;

  private WellKnownText() {}

  static boolean exists(Descriptor type) {
    return switch (type.getFullName()) {
      case TIMESTAMP, DURATION, FIELD_MASK -> true;
      default -> WRAPPERS.contains(type.getFullName());
    };
  }

  static String write(Message message) {
    try {
      return switch (message.getDescriptorForType().getFullName()) {
        case TIMESTAMP -> timestamp(Timestamp.parseFrom(message.toByteString()));
        case DURATION -> duration(Duration.parseFrom(message.toByteString()));
        case FIELD_MASK -> mask(FieldMask.parseFrom(message.toByteString()));
        default -> {
          FieldDescriptor value = wrapped(message.getDescriptorForType());
          yield FieldText.write(value, message.getField(value));
        }
      };
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static Message read(String path, Descriptor type, String text) {
    return switch (type.getFullName()) {
      case TIMESTAMP -> timestamp(path, text);
      case DURATION -> duration(path, text);
      case FIELD_MASK -> mask(path, text);
      default -> {
        FieldDescriptor value = wrapped(type);
        Object parsed = FieldText.read(path, value, text);
        yield DynamicMessage.newBuilder(type).setField(value, parsed).build();
      }
    };
  }

  private static FieldDescriptor wrapped(Descriptor type) {
    return type.findFieldByNumber(1);
  }

  private static String timestamp(Timestamp value) {
    if (value.getSeconds() < FIRST_SECOND
        || value.getSeconds() > LAST_SECOND
        || !isFraction(value.getNanos())) {
      throw new IllegalArgumentException(
          "Timestamp: %d s %d ns (expected: from 0001-01-01 to 9999-12-31)"
              .formatted(value.getSeconds(), value.getNanos()));
    }
    return Instant.ofEpochSecond(value.getSeconds(), value.getNanos()).toString();
  }

  private static Timestamp timestamp(String path, String text) {
    try {
      Instant instant = OffsetDateTime.parse(text).toInstant();
      if (instant.getEpochSecond() >= FIRST_SECOND && instant.getEpochSecond() <= LAST_SECOND) {
        return Timestamp.newBuilder()
            .setSeconds(instant.getEpochSecond())
            .setNanos(instant.getNano())
            .build();
      }
    } catch (DateTimeException e) {
      // Answered below, like a moment out of bounds.
    }
    throw FieldText.mismatch(path, text, "a time as in RFC 3339, 2026-01-31T10:15:30Z");
  }

  private static boolean isFraction(int nanos) {
    return nanos >= 0 && nanos <= 999_999_999;
  }

  private static String duration(Duration value) {
    BigDecimal seconds =
        BigDecimal.valueOf(value.getSeconds()).add(BigDecimal.valueOf(value.getNanos(), 9));
    int scale = Math.max(0, seconds.stripTrailingZeros().scale());
    return seconds.setScale((scale + 2) / 3 * 3, RoundingMode.UNNECESSARY).toPlainString() + "s";
  }

  private static Duration duration(String path, String text) {
    try {
      String number = text.endsWith("s") ? text.substring(0, text.length() - 1) : "";
      if (number.length() <= 24 && number.chars().allMatch(c -> "-.0123456789".indexOf(c) >= 0)) {
        BigDecimal nanos = new BigDecimal(number).movePointRight(9);
        BigDecimal[] parts = nanos.divideAndRemainder(BigDecimal.valueOf(1_000_000_000L));
        long seconds = parts[0].longValueExact();
        if (Math.abs(seconds) <= LONGEST_SECONDS) {
          int rest = parts[1].intValueExact();
          return Duration.newBuilder().setSeconds(seconds).setNanos(rest).build();
        }
      }
    } catch (ArithmeticException | NumberFormatException e) {
      // Answered below, like a duration out of bounds.
    }
    throw FieldText.mismatch(path, text, "a duration in seconds, 1.5s");
  }

  private static String mask(FieldMask mask) {
    return mask.getPathsList().stream()
        .map(WellKnownText::camelCase)
        .collect(Collectors.joining(","));
  }

  private static FieldMask mask(String path, String text) {
    List<String> paths = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (!part.isEmpty()) {
        paths.add(snakeCase(part));
      } else if (!text.isEmpty()) {
        throw FieldText.mismatch(path, text, "field paths separated by commas");
      }
    }
    return FieldMask.newBuilder().addAllPaths(paths).build();
  }

  private static String camelCase(String path) {
    StringBuilder text = new StringBuilder(path.length());
    boolean up = false;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '_') {
        up = true;
      } else {
        text.append(up && c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c);
        up = false;
      }
    }
    return text.toString();
  }

  private static String snakeCase(String path) {
    StringBuilder text = new StringBuilder(path.length() + 4);
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        text.append('_').append((char) (c - 'A' + 'a'));
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
