package io.anywire.messaging.task;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** How a task is left. What is not set here is the contract's policy. Immutable, thread-safe. */
public final class TaskOptions {
  /** Nothing but the contract's policy. */
  public static final TaskOptions DEFAULT = builder().build();

  private final Metadata metadata;
  private final Optional<Duration> expiry;
  private final OptionalInt attempts;
  private final Optional<Duration> firstRetry;
  private final Optional<Duration> longestRetry;
  private final Duration delay;
  private final Optional<Instant> due;
  private final OptionalInt priority;
  private final boolean cancellable;
  private final boolean ignoresResult;
  private final CallOptions callOptions;

  private TaskOptions(Builder builder) {
    metadata = copy(builder.metadata);
    expiry = builder.expiry;
    attempts = builder.attempts;
    firstRetry = builder.firstRetry;
    longestRetry = builder.longestRetry;
    due = builder.due;
    delay = builder.delay;
    priority = builder.priority;
    cancellable = builder.cancellable;
    ignoresResult = builder.ignoresResult;
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

  /** How long after it is due the task may still start. */
  public Optional<Duration> expiry() {
    return expiry;
  }

  /** How often the handler may be tried. */
  public OptionalInt attempts() {
    return attempts;
  }

  /** The pause before the first retry. */
  public Optional<Duration> firstRetry() {
    return firstRetry;
  }

  /** The longest pause between two attempts. */
  public Optional<Duration> longestRetry() {
    return longestRetry;
  }

  /** How long from now the task rests, for whichever of delay and due time was set. */
  public Duration delay() {
    Duration left = due.map(time -> Duration.between(Instant.now(), time)).orElse(delay);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** The priority, 0 to 9. */
  public OptionalInt priority() {
    return priority;
  }

  /** Whether the task can be cancelled before it starts. */
  public boolean cancellable() {
    return cancellable;
  }

  /** Whether nobody will ask what became of the task. */
  public boolean ignoresResult() {
    return ignoresResult;
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
    private Optional<Duration> firstRetry = Optional.empty();
    private Optional<Duration> longestRetry = Optional.empty();
    private Duration delay = Duration.ZERO;
    private Optional<Instant> due = Optional.empty();
    private OptionalInt priority = OptionalInt.empty();
    private boolean cancellable;
    private boolean ignoresResult;
    private CallOptions callOptions = CallOptions.DEFAULT;

    private Builder() {}

    /** Metadata for the handler. */
    public Builder metadata(Metadata values) {
      metadata = copy(values);
      return this;
    }

    /**
     * How long after it is due the task may still start; then it goes to the dead letters.
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
     * The pauses between attempts: the first, doubled with each further one, and the longest.
     *
     * @throws IllegalArgumentException unless both are positive and the first is not the longer
     */
    public Builder retries(Duration first, Duration longest) {
      if (!first.isPositive() || first.compareTo(longest) > 0) {
        throw new IllegalArgumentException(
            "retries: " + first + " to " + longest + " (expected: > 0, and the first no longer)");
      }
      firstRetry = Optional.of(first);
      longestRetry = Optional.of(longest);
      return this;
    }

    /**
     * How long the task rests before it may start, by the broker's clock; in place of a due time.
     * Needs a broker that is 'delayed'.
     *
     * @throws IllegalArgumentException when negative
     */
    public Builder delay(Duration rest) {
      if (rest.isNegative()) {
        throw new IllegalArgumentException("delay: " + rest + " (expected: >= 0)");
      }
      delay = rest;
      due = Optional.empty();
      return this;
    }

    /**
     * When the task may start, in place of a delay: it rests for what is left until then by the
     * clock of whoever leaves it. One in the past is due at once.
     */
    public Builder due(Instant time) {
      due = Optional.of(time);
      return this;
    }

    /**
     * Of the tasks that wait, those of higher priority start first; 4 by default. Needs a broker
     * that is 'prioritised'.
     *
     * @throws IllegalArgumentException unless 0 to 9
     */
    public Builder priority(int value) {
      if (value < 0 || value > 9) {
        throw new IllegalArgumentException("priority: " + value + " (expected: 0 to 9)");
      }
      priority = OptionalInt.of(value);
      return this;
    }

    /**
     * Lets {@link TaskHandle#cancel} take the task back before it starts. It costs the worker a
     * question to the broker before the first attempt. Needs a broker that keeps 'results'.
     */
    public Builder cancellable() {
      cancellable = true;
      return this;
    }

    /**
     * Says that nobody will ask what became of the task: the worker keeps no result, which may cost
     * the broker more than the task itself, and its handle never learns of the end. Dead letters
     * are kept all the same.
     */
    public Builder ignoreResult() {
      ignoresResult = true;
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
