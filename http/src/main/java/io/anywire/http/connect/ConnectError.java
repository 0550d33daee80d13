package io.anywire.http.connect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Status;
import io.anywire.json.JsonCodec;
import io.anywire.json.JsonException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Optional;

/**
 * A {@code google.rpc.Status} as the protocol's JSON and back, without loss: {@code code}, {@code
 * message}, and {@code details}, each with the name of its type, its bytes, and for people its JSON
 * as {@code debug}. The type URL of a detail is given too, as {@code typeUrl}, where it is not the
 * usual {@code type.googleapis.com/NAME}, which the protocol takes for granted.
 */
public final class ConnectError {
  /** The media type of an error's body. */
  public static final String MEDIA_TYPE = "application/json";

  private static final String USUAL = "type.googleapis.com/";
  private static final JsonFactory JSON = new JsonFactory();

  private ConnectError() {}

  /** The error as a body. */
  static byte[] bytes(Status status, JsonCodec codec) {
    return json(out -> write(out, status, codec));
  }

  /** Writes the members of an error's object. */
  static void write(JsonGenerator out, Status status, JsonCodec codec) throws IOException {
    out.writeStringField(
        "code", ConnectCode.name(io.grpc.Status.fromCodeValue(status.getCode()).getCode()));
    if (!status.getMessage().isEmpty()) {
      out.writeStringField("message", status.getMessage());
    }
    if (status.getDetailsCount() > 0) {
      out.writeArrayFieldStart("details");
      for (Any detail : status.getDetailsList()) {
        out.writeStartObject();
        detail(out, detail, codec);
        out.writeEndObject();
      }
      out.writeEndArray();
    }
  }

  /** An object with those members. */
  static byte[] json(Members members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      members.write(out);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Reads a body; empty when it is no error of this protocol. */
  public static Optional<Status> read(byte[] json) {
    try {
      return read(JsonCodec.standard().read(json, Struct.getDefaultInstance()));
    } catch (JsonException e) {
      return Optional.empty();
    }
  }

  /** Reads JSON that has been parsed already; empty when it is no error of this protocol. */
  static Optional<Status> read(Struct error) {
    return ConnectCode.named(text(error, "code"))
        .map(code -> {
          Status.Builder status =
              Status.newBuilder().setCode(code.value()).setMessage(text(error, "message"));
          Value details = error.getFieldsOrDefault("details", Value.getDefaultInstance());
          details.getListValue().getValuesList().stream()
              .flatMap(detail -> detail(detail.getStructValue()).stream())
              .forEach(status::addDetails);
          return status.build();
        });
  }

  private static void detail(JsonGenerator out, Any detail, JsonCodec codec) throws IOException {
    String url = detail.getTypeUrl();
    String name = url.substring(url.lastIndexOf('/') + 1);
    out.writeStringField("type", name);
    out.writeStringField(
        "value",
        Base64.getEncoder().withoutPadding().encodeToString(detail.getValue().toByteArray()));
    if (!url.equals(USUAL + name)) {
      out.writeStringField("typeUrl", url);
    }
    Optional<String> debug = debug(detail, codec);
    if (debug.isPresent()) {
      out.writeFieldName("debug");
      out.writeRawValue(debug.get());
    }
  }

  private static Optional<String> debug(Any detail, JsonCodec codec) {
    try {
      return Optional.of(codec.writeString(detail));
    } catch (JsonException e) {
      // Nobody here knows the type.
      return Optional.empty();
    }
  }

  private static Optional<Any> detail(Struct detail) {
    String type = text(detail, "type");
    String url = detail.containsFields("typeUrl") ? text(detail, "typeUrl") : type;
    try {
      return Optional.of(
          Any.newBuilder()
              .setTypeUrl(url.contains("/") ? url : USUAL + url)
              .setValue(ByteString.copyFrom(Base64.getDecoder().decode(text(detail, "value"))))
              .build());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String text(Struct json, String member) {
    return json.getFieldsOrDefault(member, Value.getDefaultInstance()).getStringValue();
  }

  /** Writes the members of an object. */
  interface Members {
    void write(JsonGenerator out) throws IOException;
  }
}
