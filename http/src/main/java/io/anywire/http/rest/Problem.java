package io.anywire.http.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.anywire.json.JsonCodec;
import io.anywire.json.JsonException;
import io.grpc.Status.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Optional;

/**
 * An error as {@code application/problem+json} (RFC 9457): {@code type}, {@code title}, {@code
 * status} and {@code detail} as the RFC has them, {@code code} the name of the gRPC code, {@code
 * reason} that of a {@code google.rpc.ErrorInfo} where there is one, {@code details} the details in
 * JSON, each with its {@code @type}.
 *
 * <p>A detail that is not one of {@code google.rpc}'s own also has its bytes, in base64, as {@code
 * @value}: so a {@code google.rpc.Status} is read back without loss even by who does not know the
 * type.
 */
final class Problem {
  static final String MEDIA_TYPE = "application/problem+json";
  private static final JsonFactory JSON = new JsonFactory();
  private static final String BYTES = "@value";

  private Problem() {}

  /** Writes the members of a problem, without the braces. */
  static void write(JsonGenerator out, int httpStatus, Status status, JsonCodec codec)
      throws IOException {
    out.writeStringField("type", "about:blank");
    out.writeStringField("title", HttpStatuses.title(httpStatus));
    out.writeNumberField("status", httpStatus);
    if (!status.getMessage().isEmpty()) {
      out.writeStringField("detail", status.getMessage());
    }
    out.writeStringField("code", code(status).name());
    Optional<String> reason = reason(status);
    if (reason.isPresent()) {
      out.writeStringField("reason", reason.get());
    }
    if (status.getDetailsCount() > 0) {
      out.writeArrayFieldStart("details");
      for (Any detail : status.getDetailsList()) {
        out.writeRawValue(detail(detail, codec));
      }
      out.writeEndArray();
    }
  }

  /** A whole problem. */
  static byte[] bytes(int httpStatus, Status status, JsonCodec codec) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      write(out, httpStatus, status, codec);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Reads a problem that an Anywire wrote; empty when it is somebody else's. */
  static Optional<Status> read(byte[] json, JsonCodec codec) {
    try {
      return read(codec.read(json, Struct.getDefaultInstance()), codec);
    } catch (JsonException e) {
      return Optional.empty();
    }
  }

  /** The same for JSON that has been read already. */
  static Optional<Status> read(Struct problem, JsonCodec codec) {
    Code code = codeNamed(text(problem, "code"));
    if (code == Code.OK) {
      return Optional.empty();
    }
    Status.Builder status =
        Status.newBuilder().setCode(code.value()).setMessage(text(problem, "detail"));
    Value details = problem.getFieldsOrDefault("details", Value.getDefaultInstance());
    for (Value detail : details.getListValue().getValuesList()) {
      detail(detail.getStructValue(), codec).ifPresent(status::addDetails);
    }
    return Optional.of(status.build());
  }

  /** The code of a status; of one that nobody knows, {@code UNKNOWN}. */
  static Code code(Status status) {
    return io.grpc.Status.fromCodeValue(status.getCode()).getCode();
  }

  private static Code codeNamed(String name) {
    for (Code code : Code.values()) {
      if (code.name().equals(name)) {
        return code;
      }
    }
    return Code.OK;
  }

  /** The reason of the status's {@code google.rpc.ErrorInfo}. */
  static Optional<String> reason(Status status) {
    try {
      for (Any detail : status.getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          return Optional.of(detail.unpack(ErrorInfo.class).getReason());
        }
      }
    } catch (InvalidProtocolBufferException e) {
      // Then there is no reason that could be told.
    }
    return Optional.empty();
  }

  private static String detail(Any detail, JsonCodec codec) {
    try {
      String json = codec.writeString(detail);
      boolean standard = detail.getTypeUrl().contains("/google.rpc.");
      return standard
          ? json
          : json.substring(0, json.length() - 1) + "," + bytesMember(detail) + "}";
    } catch (JsonException e) {
      return "{\"@type\":" + quoted(detail.getTypeUrl()) + "," + bytesMember(detail) + "}";
    }
  }

  private static String quoted(String text) {
    return JsonCodec.standard().writeString(Value.newBuilder().setStringValue(text).build());
  }

  private static String bytesMember(Any detail) {
    return "\""
        + BYTES
        + "\":\""
        + Base64.getEncoder().encodeToString(detail.getValue().toByteArray())
        + "\"";
  }

  private static Optional<Any> detail(Struct detail, JsonCodec codec) {
    String bytes = text(detail, BYTES);
    try {
      if (detail.containsFields(BYTES)) {
        return Optional.of(
            Any.newBuilder()
                .setTypeUrl(text(detail, "@type"))
                .setValue(ByteString.copyFrom(Base64.getDecoder().decode(bytes)))
                .build());
      }
      return Optional.of(codec.read(codec.writeBytes(detail), Any.getDefaultInstance()));
    } catch (IllegalArgumentException | JsonException e) {
      return Optional.empty();
    }
  }

  private static String text(Struct json, String member) {
    return json.getFieldsOrDefault(member, Value.getDefaultInstance()).getStringValue();
  }
}
