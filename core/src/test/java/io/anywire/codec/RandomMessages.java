package io.anywire.codec;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Messages of any type, filled at random from their descriptors; equal seeds make equal messages.
 */
public final class RandomMessages {
  private static final int DEEPEST = 4;
  private static final long[] EDGES = {
    0,
    1,
    -1,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1L << 53,
    0xFFFFFFFFL
  };
  private static final double[] DOUBLES = {
    0.0,
    1.0,
    -1.5,
    0.1,
    1e10,
    1e-10,
    123456789.125,
    Double.MAX_VALUE,
    Double.MIN_VALUE,
    Float.MAX_VALUE,
    Float.MIN_VALUE,
    1e21,
    1e7,
    1e-3
  };
  private static final double[] NOT_FINITE = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
  };
  private static final String[] TEXTS = {
    "",
    "a",
    "ASCII words",
    "with \"quotes\" and \\ and /",
    "tab\tnewline\nreturn\r",
    "\u0000\u001f\u007f",
    "Grüße",
    "日本語",
    "😀 emoji 🎉",
    "<html>&amp;'=",
    "\u2028\u2029",
    "null",
    "-1",
    "a.b[0]"
  };
  private static final String[] PATHS = {"id", "user.display_name", "a.b_c.d_e_f", "x1"};

  private final Random random;
  private final List<Message> forAny;

  public RandomMessages(long seed, List<Message> forAny) {
    random = new Random(seed);
    this.forAny = forAny;
  }

  public Message next(Message prototype) {
    return fill(prototype.newBuilderForType(), 0);
  }

  private Message fill(Message.Builder into, int depth) {
    Descriptor type = into.getDescriptorForType();
    switch (type.getFullName()) {
      case "google.protobuf.Any" -> any(into, depth);
      case "google.protobuf.Timestamp" -> {
        set(into, "seconds", -62_135_596_800L + (long) (random.nextDouble() * 315_537_897_600L));
        set(into, "nanos", nanos());
      }
      case "google.protobuf.Duration" -> {
        long seconds = random.nextBoolean() ? random.nextInt(3) : random.nextLong(315_576_000_000L);
        int sign = random.nextBoolean() ? 1 : -1;
        set(into, "seconds", sign * seconds);
        set(into, "nanos", sign * nanos());
      }
      case "google.protobuf.FieldMask" -> {
        for (int i = random.nextInt(3); i > 0; i--) {
          into.addRepeatedField(type.findFieldByName("paths"), PATHS[random.nextInt(PATHS.length)]);
        }
      }
      case "google.protobuf.Value" -> value(into, depth);
      default -> fields(into, type, depth);
    }
    return into.build();
  }

  private void fields(Message.Builder into, Descriptor type, int depth) {
    int density = 1 + random.nextInt(4);
    for (FieldDescriptor field : type.getFields()) {
      boolean taken =
          field.getContainingOneof() != null
              && into.getOneofFieldDescriptor(field.getContainingOneof()) != null;
      boolean tooDeep = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && depth >= DEEPEST;
      if (field.isRequired() || (!taken && !tooDeep && random.nextInt(density) == 0)) {
        field(into, field, depth);
      }
    }
  }

  private void field(Message.Builder into, FieldDescriptor field, int depth) {
    if (field.isMapField()) {
      map(into, field, depth);
    } else if (field.isRepeated()) {
      for (int i = random.nextInt(4); i > 0; i--) {
        into.addRepeatedField(field, single(into, field, depth));
      }
    } else {
      into.setField(field, single(into, field, depth));
    }
  }

  private void map(Message.Builder into, FieldDescriptor field, int depth) {
    FieldDescriptor key = field.getMessageType().findFieldByName("key");
    FieldDescriptor value = field.getMessageType().findFieldByName("value");
    Set<Object> keys = new HashSet<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Message.Builder entry = into.newBuilderForField(field);
      Object k = single(entry, key, depth);
      if (keys.add(k)) {
        entry.setField(key, k).setField(value, single(entry, value, depth));
        into.addRepeatedField(field, entry.build());
      }
    }
  }

  private Object single(Message.Builder into, FieldDescriptor field, int depth) {
    return switch (field.getType()) {
      case INT32, SINT32, SFIXED32, UINT32, FIXED32 -> (int) integer();
      case INT64, SINT64, SFIXED64, UINT64, FIXED64 -> integer();
      case BOOL -> random.nextBoolean();
      case FLOAT -> (float) number();
      case DOUBLE -> number();
      case STRING -> text();
      case BYTES -> bytes();
      case ENUM -> enumValue(field);
      case MESSAGE, GROUP -> fill(into.newBuilderForField(field), depth + 1);
    };
  }

  private void any(Message.Builder into, int depth) {
    if (random.nextInt(8) == 0) {
      return;
    }
    Message prototype = forAny.get(random.nextInt(forAny.size()));
    Any packed = Any.pack(fill(prototype.newBuilderForType(), Math.max(depth, DEEPEST - 1)));
    set(into, "type_url", packed.getTypeUrl());
    set(into, "value", packed.getValue());
  }

  private void value(Message.Builder into, int depth) {
    Descriptor type = into.getDescriptorForType();
    switch (random.nextInt(depth < DEEPEST ? 6 : 4)) {
      case 0 -> set(into, "null_value", type.findFieldByName("null_value").getDefaultValue());
      case 1 -> set(into, "number_value", DOUBLES[random.nextInt(DOUBLES.length)]);
      case 2 -> set(into, "string_value", text());
      case 3 -> set(into, "bool_value", random.nextBoolean());
      case 4 -> field(into, type.findFieldByName("struct_value"), depth);
      default -> field(into, type.findFieldByName("list_value"), depth);
    }
  }

  private static void set(Message.Builder into, String field, Object value) {
    into.setField(into.getDescriptorForType().findFieldByName(field), value);
  }

  private EnumValueDescriptor enumValue(FieldDescriptor field) {
    List<EnumValueDescriptor> values = field.getEnumType().getValues();
    boolean unknown =
        !field.legacyEnumFieldTreatedAsClosed()
            && !field.getEnumType().getName().equals("NullValue")
            && random.nextInt(6) == 0;
    return unknown
        ? field.getEnumType().findValueByNumberCreatingIfUnknown(1000 + random.nextInt(5))
        : values.get(random.nextInt(values.size()));
  }

  private long integer() {
    return random.nextBoolean()
        ? EDGES[random.nextInt(EDGES.length)]
        : random.nextLong() >> random.nextInt(64);
  }

  private double number() {
    return switch (random.nextInt(4)) {
      case 0 -> DOUBLES[random.nextInt(DOUBLES.length)];
      case 1 -> NOT_FINITE[random.nextInt(NOT_FINITE.length)];
      case 2 -> random.nextGaussian() * Math.pow(10, random.nextInt(30) - 15);
      default -> random.nextInt(1000);
    };
  }

  private int nanos() {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> random.nextInt(1000) * 1_000_000;
      case 2 -> random.nextInt(1_000_000) * 1000;
      default -> random.nextInt(1_000_000_000);
    };
  }

  private String text() {
    String text = TEXTS[random.nextInt(TEXTS.length)];
    return random.nextInt(20) == 0 ? text.repeat(500) : text;
  }

  private ByteString bytes() {
    byte[] bytes = new byte[random.nextInt(12)];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }
}
