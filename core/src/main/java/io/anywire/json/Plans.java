package io.anywire.json;

import com.google.protobuf.Descriptors.Descriptor;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The plans of one codec, made when first needed. A process that keeps making descriptors of its
 * own cannot fill the memory: past {@value #MOST} the plans are forgotten and made again.
 * Thread-safe.
 */
final class Plans {
  private static final int MOST = 10_000;

  private final ConcurrentHashMap<Descriptor, MessagePlan> plans = new ConcurrentHashMap<>();

  MessagePlan of(Descriptor type) {
    MessagePlan known = plans.get(type);
    return known != null ? known : make(type);
  }

  private MessagePlan make(Descriptor type) {
    if (plans.size() >= MOST) {
      plans.clear();
    }
    return plans.computeIfAbsent(type, t -> new MessagePlan(this, t));
  }
}
