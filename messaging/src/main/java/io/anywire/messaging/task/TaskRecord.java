package io.anywire.messaging.task;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.anywire.messaging.deliver.Ending;
import io.anywire.messaging.envelope.Envelope;
import java.util.Base64;

/**
 * What is kept of a task: a message under the task's id and type, with the response as payload and
 * state, attempts and status as headers.
 */
record TaskRecord(
    String id, String type, TaskState state, int attempts, Status status, ByteString response) {
  private static final String STATE = "anywire-state";
  private static final String STATUS = "grpc-status-details-bin";

  static TaskRecord of(Ending ending) {
    Outcome outcome = ending.outcome();
    TaskState state =
        outcome instanceof Outcome.Done
            ? TaskState.SUCCEEDED
            : outcome instanceof Outcome.Reject ? TaskState.FAILED : TaskState.RETRYING;
    Message task = ending.message();
    return new TaskRecord(
        task.id(), task.type(), state, ending.attempt(), ending.status(), ending.response());
  }

  Message toMessage(String source) {
    return Envelope.begin(type, source)
        .attribute("id", id)
        .header(STATE, state.name())
        .header(Envelope.ATTEMPTS, String.valueOf(attempts))
        .header(STATUS, Base64.getEncoder().encodeToString(status.toByteArray()))
        .payload(response)
        .build();
  }

  /**
   * @throws IllegalArgumentException when the message is no such record
   */
  static TaskRecord of(Message message) {
    try {
      return new TaskRecord(
          message.id(),
          message.type(),
          TaskState.valueOf(message.headers().getOrDefault(STATE, "")),
          Integer.parseInt(message.headers().getOrDefault(Envelope.ATTEMPTS, "0")),
          Status.parseFrom(Base64.getDecoder().decode(message.headers().getOrDefault(STATUS, ""))),
          message.payload());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
