package io.anywire.codec;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What reading and writing one message type needs, decided once. Immutable. */
public final class MessagePlan {
  public final Descriptor type;
  public final WellKnownType wellKnown;
  public final boolean extendable;

  /** In the order of the field numbers, which is the order of the output. */
  public final FieldPlan[] fields;

  private final Map<String, FieldPlan> byName = new HashMap<>();
  private final int bits;

  MessagePlan(Plans plans, Descriptor type) {
    this.type = type;
    wellKnown = WellKnownType.of(type);
    extendable = type.isExtendable();
    List<FieldDescriptor> byNumber =
        type.getFields().stream()
            .sorted(Comparator.comparingInt(FieldDescriptor::getNumber))
            .toList();
    fields = new FieldPlan[byNumber.size()];
    bits = fields.length + type.getOneofs().size();
    for (int i = 0; i < fields.length; i++) {
      FieldDescriptor field = byNumber.get(i);
      OneofDescriptor oneof = field.getContainingOneof();
      fields[i] =
          new FieldPlan(plans, field, i, oneof == null ? -1 : fields.length + oneof.getIndex());
      byName.put(field.getJsonName(), fields[i]);
    }
    Arrays.stream(fields).forEach(field -> byName.putIfAbsent(field.field.getName(), field));
  }

  /** The field of this JSON name or, failing that, of this name in the contract. */
  public @Nullable FieldPlan byName(String name) {
    return byName.get(name);
  }

  /** A field that the type must have: those of well-known types and map entries. */
  public FieldPlan byNumber(int number) {
    for (FieldPlan field : fields) {
      if (field.field.getNumber() == number) {
        return field;
      }
    }
    throw new IllegalStateException(type.getFullName() + " (expected: a field " + number + ")");
  }

  /** The value of a field that the type must have. */
  public Object get(Message message, int number) {
    return message.getField(byNumber(number).field);
  }

  /** Sets a field that the type must have; null leaves it unset. */
  public void set(Message.Builder into, int number, @Nullable Object value) {
    if (value != null) {
      into.setField(byNumber(number).field, value);
    }
  }

  /** An empty set of bits, for the fields and oneofs met in one object or element. */
  public long[] nothingSeen() {
    return new long[(bits + 63) >> 6];
  }

  public static boolean isSeen(long[] seen, int bit) {
    return bit >= 0 && (seen[bit >> 6] & 1L << bit) != 0;
  }

  public static void see(long[] seen, int bit) {
    if (bit >= 0) {
      seen[bit >> 6] |= 1L << bit;
    }
  }
}
