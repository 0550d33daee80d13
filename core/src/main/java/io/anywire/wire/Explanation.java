package io.anywire.wire;

import io.grpc.CallOptions;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * What a call says about the way it takes: route or queue, codec, policy and each attempt. A caller
 * who wants to know puts a listener into the call's options; the wires speak only then.
 */
public final class Explanation {
  /** Receives a label, for example {@code route}, and what is to be said, from any thread. */
  public static final CallOptions.Key<BiConsumer<String, String>> LISTENER =
      CallOptions.Key.create("anywire-explanation");

  private Explanation() {}

  /** Says to whoever listens what costs something to say. */
  public static void say(CallOptions options, String label, Supplier<String> text) {
    BiConsumer<String, String> listener = options.getOption(LISTENER);
    if (listener != null) {
      listener.accept(label, text.get());
    }
  }

  /** Says something to whoever listens. */
  public static void say(CallOptions options, String label, String text) {
    BiConsumer<String, String> listener = options.getOption(LISTENER);
    if (listener != null) {
      listener.accept(label, text);
    }
  }
}
