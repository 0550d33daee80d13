package io.anywire.codec;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.ExtensionRegistry;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The plans of one codec, made when first needed. A process that keeps making descriptors of its
 * own cannot fill the memory: past {@value #MOST} the plans are forgotten and made again.
 * Thread-safe.
 */
public final class Plans {
  private static final int MOST = 10_000;

  private final ConcurrentHashMap<Descriptor, MessagePlan> plans = new ConcurrentHashMap<>();

  public MessagePlan of(Descriptor type) {
    MessagePlan known = plans.get(type);
    return known != null ? known : make(type);
  }

  /** The plan of an extension by its full name in brackets; null when nobody knows it. */
  public @Nullable FieldPlan extension(MessagePlan of, String name, ExtensionRegistry extensions) {
    if (!name.startsWith("[") || !name.endsWith("]")) {
      return null;
    }
    ExtensionRegistry.ExtensionInfo info =
        extensions.findImmutableExtensionByName(name.substring(1, name.length() - 1));
    return info == null || info.descriptor.getContainingType() != of.type
        ? null
        : FieldPlan.ofExtension(this, info.descriptor, info.defaultInstance);
  }

  private MessagePlan make(Descriptor type) {
    if (plans.size() >= MOST) {
      plans.clear();
    }
    return plans.computeIfAbsent(type, t -> new MessagePlan(this, t));
  }
}
