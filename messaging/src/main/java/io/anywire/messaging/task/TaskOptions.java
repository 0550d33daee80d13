package io.anywire.messaging.task;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** How a task is left. What is not set here is the contract's policy. Immutable, thread-safe. */
public final class TaskOptions {
  /** Nothing but the contract's policy. */
  public static final TaskOptions DEFAULT = builder().build();

  private final Metadata metadata;
  private final Optional<Duration> expiry;
  private final OptionalInt attempts;
  private final CallOptions callOptions;

  private TaskOptions(Builder builder) {
    metadata = copy(builder.metadata);
    expiry = builder.expiry;
    attempts = builder.attempts;
    callOptions = builder.callOptions;
  }

  /** Begins options. */
  public static Builder builder() {
    return new Builder();
  }

  /** A copy of the metadata that the handler gets. */
  public Metadata metadata() {
    return copy(metadata);
  }

  /** How long from now the task may still start. */
  public Optional<Duration> expiry() {
    return expiry;
  }

  /** How often the handler may be tried. */
  public OptionalInt attempts() {
    return attempts;
  }

  /** The options of the call that leaves the task: its deadline, credentials, executor. */
  public CallOptions callOptions() {
    return callOptions;
  }

  private static Metadata copy(Metadata metadata) {
    Metadata copy = new Metadata();
    copy.merge(metadata);
    return copy;
  }

  /** Collects options. Not thread-safe. */
  public static final class Builder {
    private Metadata metadata = new Metadata();
    private Optional<Duration> expiry = Optional.empty();
    private OptionalInt attempts = OptionalInt.empty();
    private CallOptions callOptions = CallOptions.DEFAULT;

    private Builder() {}

    /** Metadata for the handler. */
    public Builder metadata(Metadata values) {
      metadata = copy(values);
      return this;
    }

    /**
     * How long from now the task may still start; then it goes to the dead letters.
     *
     * @throws IllegalArgumentException unless positive
     */
    public Builder expiry(Duration limit) {
      if (!limit.isPositive()) {
        throw new IllegalArgumentException("expiry: " + limit + " (expected: > 0)");
      }
      expiry = Optional.of(limit);
      return this;
    }

    /**
     * How often the handler may be tried.
     *
     * @throws IllegalArgumentException unless 1 to 1000000
     */
    public Builder attempts(int most) {
      if (most < 1 || most > 1_000_000) {
        throw new IllegalArgumentException("attempts: " + most + " (expected: 1 to 1000000)");
      }
      attempts = OptionalInt.of(most);
      return this;
    }

    /**
     * Options of the call that leaves the task. Its deadline bounds the wait for the broker, 30 s
     * by default, not the task.
     */
    public Builder callOptions(CallOptions options) {
      callOptions = options;
      return this;
    }

    /** The options. */
    public TaskOptions build() {
      return new TaskOptions(this);
    }
  }
}
