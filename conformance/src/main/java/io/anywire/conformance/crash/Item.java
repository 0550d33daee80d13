package io.anywire.conformance.crash;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import io.anywire.broker.Message;
import io.anywire.broker.Outcome;
import io.grpc.Status.Code;
import java.time.Duration;

/**
 * A message of the load: the {@code number}th that its publisher published. What is in it and what
 * becomes of it follows from that alone. Immutable.
 *
 * @param stream what its publisher is called; its ordering key, where it has one
 */
record Item(String stream, long number) {
  private static final Status HOPELESS =
      Status.newBuilder().setCode(Code.INVALID_ARGUMENT.value()).setMessage("hopeless").build();
  private static final int MOST_REPEATED = 80;

  /** The item that a message is. */
  static Item of(Message message) {
    String id = message.id();
    int slash = id.indexOf('/');
    return new Item(id.substring(0, slash), Long.parseLong(id.substring(slash + 1)));
  }

  String id() {
    return stream + "/" + number;
  }

  /** As it is published without an ordering key. */
  Message message() {
    return Message.builder().attribute("id", id()).payload(payload()).build();
  }

  /** As it is published with one. */
  Message keyed() {
    return message().toBuilder().attribute(Message.KEY, stream).build();
  }

  /** Whether that is what was published. */
  boolean isIntact(Message message) {
    return message.payload().equals(payload());
  }

  /** Between a few and a thousand bytes. */
  private ByteString payload() {
    return ByteString.copyFromUtf8((id() + " ").repeat((int) (number * 31 % MOST_REPEATED) + 1));
  }

  /** What is to become of it after so many attempts. */
  Outcome outcome(int attempts) {
    if (attempts < retries()) {
      return new Outcome.RetryAfter(Duration.ofMillis(20 + number % 40));
    }
    return isHopeless() ? new Outcome.Reject(HOPELESS) : Outcome.DONE;
  }

  /** Whether it is given up in the end. */
  boolean isHopeless() {
    return number % 50 == 7 || number % 100 == 11;
  }

  /** How often it is retried first. */
  int retries() {
    return number % 100 == 11 ? 2 : number % 25 == 3 ? 1 : 0;
  }

  @Override
  public String toString() {
    return id();
  }
}
