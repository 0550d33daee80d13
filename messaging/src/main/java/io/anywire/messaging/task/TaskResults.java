package io.anywire.messaging.task;

import io.anywire.broker.Broker;
import io.anywire.broker.Capability;
import io.anywire.broker.Inbox;
import io.anywire.broker.Message;
import io.anywire.broker.Results;
import io.anywire.messaging.envelope.Note;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the broker keeps of tasks, and the inbox in which their ends are told. The broker is the
 * truth; being told only makes waiting short. Thread-safe.
 */
final class TaskResults implements AutoCloseable {
  private static final Duration ASKING_LIMIT = Duration.ofSeconds(30);
  private static final Duration KEEP_CANCELLED = Duration.ofHours(24);
  private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(1);

  private final Supplier<Broker> broker;
  private final String source;
  private final Waiters waiters = new Waiters();
  private final ReentrantLock opening = new ReentrantLock();
  private @Nullable Inbox inbox;
  private boolean closed;

  TaskResults(Supplier<Broker> broker, String source) {
    this.broker = broker;
    this.source = source;
  }

  /** Where to tell of an end; empty where the broker has no inboxes. */
  Optional<String> address() {
    Broker open = broker.get();
    if (!open.capabilities().replies()) {
      return Optional.empty();
    }
    opening.lock();
    try {
      if (closed) {
        return Optional.empty();
      }
      Inbox known = inbox;
      Inbox current = known == null ? open.openInbox(this::told) : known;
      inbox = current;
      return Optional.of(current.address());
    } finally {
      opening.unlock();
    }
  }

  /** What is kept under {@code id} now. */
  Optional<Note> find(String id) {
    return find(id, ASKING_LIMIT.toNanos());
  }

  /**
   * Waits until a task has ended; empty when it has not within {@code limit}. A broker that is away
   * meanwhile is waited for as well.
   */
  Optional<Note> await(String id, Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    CompletableFuture<Note> told = waiters.enter(id);
    try {
      long pause = SHORTEST_PAUSE;
      while (true) {
        Optional<Note> found = findOrNothing(id, end - System.nanoTime());
        if (found.isPresent()) {
          return found;
        }
        long left = end - System.nanoTime();
        if (left <= 0) {
          return Optional.empty();
        }
        Optional<Note> heard = poll(told, Math.min(pause, left));
        if (heard.isPresent()) {
          return heard;
        }
        pause = Math.min(2 * pause, LONGEST_PAUSE);
      }
    } finally {
      waiters.leave(id, told);
    }
  }

  /**
   * Cancels a task that has not started.
   *
   * @return whether it is cancelled
   */
  boolean cancel(String id, String type) {
    requireResults();
    Results kept = broker.get().results();
    if (!join(Cancelling.cancel(kept, id), ASKING_LIMIT.toNanos())) {
      return false;
    }
    Note note = new Note(id, type, TaskState.CANCELLED.name(), 0, Cancelling.CANCELLED);
    join(kept.put(id, note.toMessage(source), KEEP_CANCELLED), ASKING_LIMIT.toNanos());
    waiters.complete(note);
    return true;
  }

  @Override
  public void close() {
    opening.lock();
    try {
      closed = true;
      Inbox open = inbox;
      inbox = null;
      if (open != null) {
        open.close();
      }
    } finally {
      opening.unlock();
    }
  }

  private Optional<Note> find(String id, long nanos) {
    requireResults();
    return join(broker.get().results().get(id), nanos).map(Note::of);
  }

  private static <T> T join(CompletionStage<T> answer, long nanos) {
    try {
      return answer.toCompletableFuture().get(Math.max(1, nanos), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw Status.DEADLINE_EXCEEDED
          .withDescription("the broker did not answer in time")
          .asRuntimeException();
    } catch (ExecutionException e) {
      throw Status.fromThrowable(e).asRuntimeException();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private Optional<Note> findOrNothing(String id, long nanos) {
    try {
      return find(id, nanos).filter(note -> TaskState.of(note).finished());
    } catch (StatusRuntimeException e) {
      return switch (e.getStatus().getCode()) {
        case UNAVAILABLE, DEADLINE_EXCEEDED -> Optional.empty();
        default -> throw e;
      };
    }
  }

  private void requireResults() {
    if (!broker.get().capabilities().has(Capability.RESULTS)) {
      throw Status.UNIMPLEMENTED
          .withDescription("this broker keeps no results: it lacks the capability 'results'")
          .asRuntimeException();
    }
  }

  private void told(Message message) {
    Note note = Note.of(message);
    if (TaskState.of(note).finished()) {
      waiters.complete(note);
    }
  }

  private static Optional<Note> poll(CompletableFuture<Note> told, long nanos) {
    try {
      return Optional.of(told.get(nanos, TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw Status.fromThrowable(e).asRuntimeException();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static StatusRuntimeException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return Status.CANCELLED.withDescription("interrupted").withCause(e).asRuntimeException();
  }
}
