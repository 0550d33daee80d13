package io.anywire.messaging.deliver;

import io.anywire.broker.Delivery;
import io.anywire.broker.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settles deliveries; a failure is logged, since the message will then come again. */
public final class Settling {
  private static final Logger log = LoggerFactory.getLogger(Settling.class);

  private Settling() {}

  /** Settles; never throws, and always completes normally. */
  public static CompletionStage<Void> settle(Delivery delivery, Outcome outcome) {
    return started(() -> delivery.settle(outcome))
        .exceptionally(failure -> {
          log.atWarn()
              .addKeyValue("id", delivery.message().id())
              .setCause(failure)
              .log("A message could not be settled and will come again");
          return null;
        });
  }

  /** What {@code action} starts; what it throws instead is the result's failure. */
  public static <T> CompletionStage<T> started(Supplier<CompletionStage<T>> action) {
    try {
      return action.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
