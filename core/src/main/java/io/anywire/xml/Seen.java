package io.anywire.xml;

import io.anywire.codec.FieldPlan;
import io.anywire.codec.MessagePlan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one message has had, so that nothing comes twice. Confined to one call. */
final class Seen {
  private final long[] bits;
  private @Nullable Set<Integer> extensions;
  private @Nullable Map<FieldPlan, Set<Object>> keys;

  Seen(MessagePlan plan) {
    bits = plan.nothingSeen();
  }

  /** Takes note of a field that is no list. */
  void once(FieldPlan plan, XmlInput in) {
    boolean again = MessagePlan.isSeen(bits, plan.bit);
    if (plan.field.isExtension()) {
      extensions = extensions == null ? new HashSet<>() : extensions;
      again = !extensions.add(plan.field.getNumber());
    }
    if (again) {
      throw in.reject("a field for the second time (expected: once)");
    }
    MessagePlan.see(bits, plan.bit);
  }

  /** Takes note that a oneof has got its member. */
  void oneof(FieldPlan plan, XmlInput in) {
    if (MessagePlan.isSeen(bits, plan.oneofBit)) {
      String name = plan.field.getContainingOneof().getName();
      throw in.reject("a second member of oneof " + name + " (expected: one)");
    }
    MessagePlan.see(bits, plan.oneofBit);
  }

  /** Takes note of a map's key. */
  void key(FieldPlan plan, Object key, XmlInput in) {
    keys = keys == null ? new HashMap<>() : keys;
    if (!keys.computeIfAbsent(plan, p -> new HashSet<>()).add(key)) {
      throw in.reject("a key for the second time (expected: once)");
    }
  }
}
