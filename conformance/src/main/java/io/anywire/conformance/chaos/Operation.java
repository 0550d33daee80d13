package io.anywire.conformance.chaos;

import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;

/**
 * Something that the load does: a call, or the leaving of a message. Times are those of {@link
 * System#nanoTime}, which all processes of a machine share. Thread-safe.
 */
final class Operation {
  private final Kind kind;
  private final long id;
  private final String key;
  private final long number;
  private final long begun;
  private final long deadline;
  private volatile Optional<End> end = Optional.empty();

  /** When it ended, and how. */
  record End(long at, Status.Code code) {}

  private Operation(Kind kind, long id, String key, long number, Duration limit) {
    this.kind = kind;
    this.id = id;
    this.key = key;
    this.number = number;
    this.begun = System.nanoTime();
    this.deadline = begun + limit.toNanos();
  }

  /** Begins now; it has to end within {@code limit}. */
  static Operation begin(Kind kind, long id, Duration limit) {
    return new Operation(kind, id, "", 0, limit);
  }

  /** The publication of event {@code number} of a key. */
  static Operation beginEvent(long id, String key, long number, Duration limit) {
    return new Operation(Kind.EVENT, id, key, number, limit);
  }

  /** Ends now. */
  void end(Status.Code code) {
    end = Optional.of(new End(System.nanoTime(), code));
  }

  Kind kind() {
    return kind;
  }

  long id() {
    return id;
  }

  String key() {
    return key;
  }

  long number() {
    return number;
  }

  long begun() {
    return begun;
  }

  long deadline() {
    return deadline;
  }

  Optional<End> end() {
    return end;
  }

  /** Whether it was answered, or the broker has taken it. */
  boolean succeeded() {
    return end.map(e -> e.code() == Status.Code.OK).orElse(false);
  }

  /** Whether it ended later than its deadline and {@code grace}, or not at all. */
  boolean hung(long graceNanos) {
    return end.map(e -> e.at() - deadline > graceNanos)
        .orElseGet(() -> System.nanoTime() - deadline > graceNanos);
  }

  @Override
  public String toString() {
    String which = kind == Kind.EVENT ? " " + key + "/" + number : "";
    String how =
        end.map(e -> e.code() + " after " + (e.at() - begun) / 1_000_000 + " ms")
            .orElse("never ended");
    return kind + " " + id + which + " begun at " + begun / 1_000_000 + ", " + how;
  }
}
