package io.anywire.messaging.event;

import com.google.rpc.Status;
import io.anywire.broker.Outcome;
import io.anywire.messaging.deliver.Ending;
import io.anywire.messaging.envelope.Note;
import io.grpc.Status.Code;

/**
 * What became of an event in one subscription. Immutable.
 *
 * @param attempts how many have ended
 * @param status what the last attempt said; OK before the first
 */
public record EventOutcome(State state, int attempts, Status status) {
  /** Nothing is known. */
  static final EventOutcome UNKNOWN =
      new EventOutcome(State.PENDING, 0, Status.getDefaultInstance());

  /** How far a subscription is with an event. */
  public enum State {
    /** Nothing yet; also where the outcome is no longer kept. */
    PENDING,
    /** It was handled. */
    HANDLED,
    /** An attempt failed, and another follows. */
    RETRIED,
    /** It was given up. */
    DEAD_LETTERED,
    /** The subscriber does not know events of that type. */
    IGNORED
  }

  /** Where the outcome of an event is kept among a broker's results. */
  static String place(String id, String subscription) {
    return "outcome/" + id + "/" + subscription;
  }

  static EventOutcome of(Ending ending) {
    State state =
        switch (ending.outcome()) {
          case Outcome.Done done ->
              ending.status().getCode() == Code.OK.value() ? State.HANDLED : State.IGNORED;
          case Outcome.RetryAfter retry -> State.RETRIED;
          case Outcome.Reject reject -> State.DEAD_LETTERED;
        };
    return new EventOutcome(state, ending.attempt(), ending.status());
  }

  static EventOutcome of(Note note) {
    return new EventOutcome(State.valueOf(note.state()), note.attempts(), note.status());
  }

  Note note(String id, String type) {
    return new Note(id, type, state.name(), attempts, status);
  }
}
