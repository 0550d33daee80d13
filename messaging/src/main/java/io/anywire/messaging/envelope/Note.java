package io.anywire.messaging.envelope;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import io.anywire.broker.Message;
import java.util.Base64;

/**
 * What is noted of a task or event among the results: a message under its id and type, with the
 * response as payload and state, attempts and status as headers. Immutable.
 *
 * @param state the name of a state of whoever notes it
 * @param attempts how many have ended
 */
public record Note(
    String id, String type, String state, int attempts, Status status, ByteString response) {
  private static final String STATE = "anywire-state";
  private static final String STATUS = "grpc-status-details-bin";

  /** A note without a response. */
  public Note(String id, String type, String state, int attempts, Status status) {
    this(id, type, state, attempts, status, ByteString.EMPTY);
  }

  /** The note as a message. */
  public Message toMessage(String source) {
    return Envelope.begin(type, source)
        .attribute("id", id)
        .header(STATE, state)
        .header(Envelope.ATTEMPTS, String.valueOf(attempts))
        .header(STATUS, Base64.getEncoder().encodeToString(status.toByteArray()))
        .payload(response)
        .build();
  }

  /**
   * Reads a note.
   *
   * @throws IllegalArgumentException when the message is none
   */
  public static Note of(Message message) {
    try {
      return new Note(
          message.id(),
          message.type(),
          message.headers().getOrDefault(STATE, ""),
          Integer.parseInt(message.headers().getOrDefault(Envelope.ATTEMPTS, "0")),
          Status.parseFrom(Base64.getDecoder().decode(message.headers().getOrDefault(STATUS, ""))),
          message.payload());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
