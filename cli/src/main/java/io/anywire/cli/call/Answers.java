package io.anywire.cli.call;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.anywire.cli.ExitCode;
import io.anywire.cli.Problem;
import io.anywire.cli.Terminal;
import io.anywire.json.JsonCodec;
import io.anywire.json.JsonException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Prints responses and errors as JSON, one line each. */
final class Answers {
  private static final JsonCodec JSON = JsonCodec.builder().printDefaults(true).build();

  private Answers() {}

  /** A message on standard output. */
  static void print(Message message, Terminal terminal) {
    terminal.out().println(json(message));
  }

  /** A message as JSON in one line. */
  static String json(Message message) {
    return JSON.writeString(message);
  }

  /**
   * An error on standard error: the code's name, message and details. Where nothing answered at
   * all, a plain line instead.
   *
   * @return the exit code
   */
  static int error(StatusRuntimeException e, String target, Terminal terminal) {
    if (Problem.isUnreachable(e.getStatus())) {
      terminal
          .err()
          .println("anywire: nothing answers at " + target + ": " + Problem.reason(e.getStatus()));
      return ExitCode.CANNOT_CONNECT;
    }
    terminal.err().println(json(StatusProto.fromThrowable(e), e));
    return ExitCode.FAILED;
  }

  private static String json(Status status, StatusRuntimeException e) {
    Code code = Code.forNumber(e.getStatus().getCode().value());
    return "{\"code\":\"%s\",\"message\":%s,\"details\":%s}"
        .formatted(code, field(status, "message"), details(status));
  }

  private static String details(Status status) {
    try {
      return field(status, "details");
    } catch (JsonException unknownType) {
      return status.getDetailsList().stream()
          .map(any -> "{\"@type\":\"" + any.getTypeUrl().replace("\"", "") + "\"}")
          .toList()
          .toString();
    }
  }

  private static String field(Status status, String name) {
    FieldDescriptor field = Status.getDescriptor().findFieldByName(name);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JSON.writeField(status, field, out);
    return out.toString(StandardCharsets.UTF_8);
  }
}
