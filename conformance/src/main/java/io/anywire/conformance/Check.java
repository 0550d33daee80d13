package io.anywire.conformance;

import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.anywire.call.Failures;
import io.anywire.conformance.Case.Expectation;
import io.anywire.json.JsonCodec;
import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Holds a result against what a case expects, and says every difference. */
final class Check {
  private static final JsonCodec JSON =
      JsonCodec.builder()
          .types(
              TypeRegistry.newBuilder()
                  .add(BadRequest.getDescriptor())
                  .add(ErrorInfo.getDescriptor())
                  .add(RetryInfo.getDescriptor())
                  .build())
          .build();

  private final List<String> differences = new ArrayList<>();

  private Check() {}

  /** What differs; empty when the case holds. */
  static List<String> differences(Expectation expected, Call.Result actual) {
    Check check = new Check();
    check.status(expected, actual);
    check.metadata("header", expected.headers(), actual.headers());
    check.metadata("trailer", expected.trailers(), actual.trailers());
    expected
        .responses()
        .ifPresent(wanted -> check.messages("responses", wanted, actual.responses()));
    if (actual.millis() > expected.within().toMillis()) {
      check.differ("time", expected.within().toMillis() + " ms at most", actual.millis() + " ms");
    }
    return check.differences;
  }

  /** How an observation differs from the part of it that is expected. */
  static List<String> differences(Object expected, Message actual) {
    Check check = new Check();
    check.part("observation", expected, json(actual));
    return check.differences;
  }

  private void status(Expectation expected, Call.Result actual) {
    String code = actual.status().getCode().name();
    if (!code.equals(expected.code())) {
      differ("code", expected.code(), actual.status());
    }
    String message = Objects.requireNonNullElse(actual.status().getDescription(), "");
    expected
        .message()
        .filter(m -> !m.equals(message))
        .ifPresent(m -> differ("message", m, message));
    expected
        .messageLacks()
        .filter(message::contains)
        .ifPresent(m -> differ("message", "one without '" + m + "'", message));
    expected
        .details()
        .ifPresent(wanted ->
            messages(
                "details",
                wanted,
                Failures.rpcStatusOf(actual.status(), actual.trailers()).getDetailsList()));
  }

  private void metadata(String what, Map<String, String> wanted, Metadata actual) {
    wanted.forEach((name, value) -> {
      String got = actual.keys().contains(name) ? Exchanged.text(actual, name) : "none";
      if (!got.equals(value)) {
        differ(what + " " + name, value, got);
      }
    });
  }

  private void messages(String where, List<Object> wanted, List<? extends Message> actual) {
    part(where, wanted, actual.stream().map(Check::json).toList());
  }

  /** Everything that is expected must be there; what is there besides may be anything. */
  private void part(String where, @Nullable Object wanted, @Nullable Object actual) {
    if ("<present>".equals(wanted) || "<absent>".equals(wanted)) {
      if ((actual != null) != "<present>".equals(wanted)) {
        differ(where, wanted, actual);
      }
    } else if (wanted instanceof Map<?, ?> map && actual instanceof Map<?, ?> got) {
      map.forEach((key, value) -> part(where + "." + key, value, got.get(key)));
    } else if (wanted instanceof List<?> list && actual instanceof List<?> got) {
      if (list.size() != got.size()) {
        differ(where, list.size() + " of them", got.size() + ": " + got);
        return;
      }
      for (int i = 0; i < list.size(); i++) {
        part(where + "[" + i + "]", list.get(i), got.get(i));
      }
    } else if (!Objects.equals(String.valueOf(wanted), String.valueOf(actual))) {
      differ(where, wanted, actual);
    }
  }

  private void differ(String what, @Nullable Object wanted, @Nullable Object got) {
    differences.add(what + ": " + got + " (expected: " + wanted + ")");
  }

  private static Object json(Message message) {
    return Cases.parse(JSON.writeString(message));
  }
}
