package io.anywire.examples.shop.request;

import static java.util.stream.Collectors.joining;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.anywire.call.Failures;
import java.util.regex.Pattern;

/**
 * Collects what is wrong with a request, so that its sender learns of every field at once. Not
 * thread-safe.
 */
public final class Violations {
  private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,64}");

  private final BadRequest.Builder found = BadRequest.newBuilder();

  /** Says that a field is wrong. */
  public Violations add(String field, String description) {
    found.addFieldViolations(
        FieldViolation.newBuilder().setField(field).setDescription(description));
    return this;
  }

  /** Says that a field is wrong unless {@code right}. */
  public Violations require(boolean right, String field, String description) {
    return right ? this : add(field, description);
  }

  /** Checks an id that has to be there. */
  public Violations id(String field, String value) {
    return require(
        ID.matcher(value).matches(),
        field,
        got(value) + " (expected: 1 to 64 of a-z, 0-9 and '-')");
  }

  /** Checks a text that has to be there, of at most {@code longest} characters on one line. */
  public Violations text(String field, String value, int longest) {
    boolean right =
        !value.isBlank()
            && value.length() <= longest
            && value.chars().noneMatch(Character::isISOControl);
    return require(
        right, field, got(value) + " (expected: 1 to " + longest + " characters on one line)");
  }

  /**
   * Ends the collecting.
   *
   * @throws io.grpc.StatusRuntimeException {@code INVALID_ARGUMENT} with a {@code
   *     google.rpc.BadRequest}, when anything was wrong
   */
  public void throwIfAny() {
    if (found.getFieldViolationsCount() > 0) {
      throw Failures.exception(
          Status.newBuilder()
              .setCode(Code.INVALID_ARGUMENT_VALUE)
              .setMessage(message())
              .addDetails(Any.pack(found.build()))
              .build());
    }
  }

  private String message() {
    return found.getFieldViolationsList().stream()
        .map(violation -> violation.getField() + ": " + violation.getDescription())
        .collect(joining("; "));
  }

  private static String got(String value) {
    if (value.isEmpty()) {
      return "missing";
    }
    return value.length() > 80 ? value.length() + " characters" : "'" + value + "'";
  }
}
