package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** What AMQP's failures are in the terms of {@link Status}. */
final class Errors {
  private Errors() {}

  /**
   * The status of what a client operation threw: by the reply code where the broker gave one, else
   * {@code UNAVAILABLE}.
   */
  static StatusRuntimeException of(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof StatusRuntimeException e) {
        return e;
      }
      if (t instanceof ShutdownSignalException e) {
        return shutdown(e);
      }
    }
    return unavailable("RabbitMQ does not answer: " + describe(thrown));
  }

  static StatusRuntimeException unavailable(String description) {
    return Status.UNAVAILABLE.withDescription(description).asRuntimeException();
  }

  static StatusRuntimeException invalid(String description) {
    return Status.INVALID_ARGUMENT.withDescription(description).asRuntimeException();
  }

  static StatusRuntimeException unimplemented(String description) {
    return Status.UNIMPLEMENTED.withDescription(description).asRuntimeException();
  }

  /** The message, or the class where there is none. */
  static String describe(Throwable thrown) {
    Throwable t =
        thrown.getCause() != null
                && (thrown instanceof CompletionException || thrown instanceof ExecutionException)
            ? thrown.getCause()
            : thrown;
    String message = t.getMessage();
    return message == null || message.isEmpty() ? t.getClass().getSimpleName() : message;
  }

  private static StatusRuntimeException shutdown(ShutdownSignalException e) {
    if (e.getReason() instanceof AMQP.Channel.Close close) {
      return status(close.getReplyCode(), close.getReplyText()).asRuntimeException();
    }
    if (e.getReason() instanceof AMQP.Connection.Close close) {
      return status(close.getReplyCode(), close.getReplyText()).asRuntimeException();
    }
    return unavailable("the connection to RabbitMQ was lost");
  }

  private static Status status(int replyCode, String replyText) {
    if (replyCode == AMQP.REPLY_SUCCESS) {
      return Status.UNAVAILABLE.withDescription("the connection to RabbitMQ was closed");
    }
    Status status =
        switch (replyCode) {
          case AMQP.ACCESS_REFUSED, AMQP.NOT_ALLOWED -> Status.PERMISSION_DENIED;
          // It is there, but its node is not.
          case AMQP.NOT_FOUND ->
              replyText.contains("down or inaccessible") ? Status.UNAVAILABLE : Status.NOT_FOUND;
          case AMQP.PRECONDITION_FAILED -> Status.FAILED_PRECONDITION;
          default -> Status.UNAVAILABLE;
        };
    return status.withDescription("RabbitMQ refuses: " + replyText);
  }
}
