package io.anywire.http.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Status;
import io.anywire.json.JsonCodec;
import io.anywire.json.JsonException;
import io.grpc.Metadata;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A stream of responses as {@code application/x-ndjson}: one JSON object a line, each with one
 * member that says what the line is.
 *
 * <pre>{@code
 * {"result": {"id": "1"}}                                            each message
 * {"end": {}}                                                        the last line, when all went well
 * {"error": {"status": 404, "code": "NOT_FOUND", "detail": "…"}}     the last line otherwise
 * }</pre>
 *
 * The error is a problem of RFC 9457, as {@link Problem} writes it. Trailers, where there are any,
 * are a member {@code trailers} of the end or the error: {@code {"name": ["value"]}}. A stream
 * without one of the two last lines was cut off. With curl, {@code jq .result} gives the messages.
 */
final class JsonLines implements AnswerStream {
  static final JsonLines FORM = new JsonLines();

  private static final byte[] RESULT_START = "{\"result\":".getBytes(US_ASCII);
  private static final byte[] RESULT_END = "}\n".getBytes(US_ASCII);
  private static final JsonFactory JSON =
      new JsonFactory().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

  /** What a line says. */
  sealed interface Line {
    /** A message, as JSON. */
    record Result(byte[] json) implements Line {}

    /** All went well. */
    record End(Metadata trailers) implements Line {}

    /** The call failed. */
    record Failure(Status status, Metadata trailers) implements Line {}
  }

  private JsonLines() {}

  @Override
  public String mediaType() {
    return MediaTypes.JSON_LINES;
  }

  @Override
  public byte[] beforeMessage() {
    return RESULT_START;
  }

  @Override
  public byte[] afterMessage() {
    return RESULT_END;
  }

  @Override
  public ByteBuf end(Metadata trailers) {
    return line("end", endValue(trailers));
  }

  @Override
  public ByteBuf error(int httpStatus, Status status, Metadata trailers, JsonCodec codec) {
    return line("error", errorValue(httpStatus, status, trailers, codec));
  }

  /** What an end mark says. */
  static ByteBuf endValue(Metadata trailers) {
    return object(out -> trailers(out, trailers));
  }

  /** What an error says. */
  static ByteBuf errorValue(int httpStatus, Status status, Metadata trailers, JsonCodec codec) {
    return object(out -> {
      Problem.write(out, httpStatus, status, codec);
      trailers(out, trailers);
    });
  }

  /** Reads a line; empty when it is none of the three. */
  static Optional<Line> read(byte[] line, JsonCodec codec) {
    if (isResult(line)) {
      int end = line[line.length - 1] == '\r' ? line.length - 2 : line.length - 1;
      return Optional.of(new Line.Result(Arrays.copyOfRange(line, RESULT_START.length, end)));
    }
    try (JsonParser in = JSON.createParser(line)) {
      if (in.nextToken() != JsonToken.START_OBJECT || in.nextToken() != JsonToken.FIELD_NAME) {
        return Optional.empty();
      }
      String name = in.currentName();
      in.nextToken();
      int from = (int) in.currentTokenLocation().getByteOffset();
      in.skipChildren();
      in.finishToken();
      byte[] value = Arrays.copyOfRange(line, from, (int) in.currentLocation().getByteOffset());
      return named(name, value, codec);
    } catch (IOException | JsonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Line> named(String name, byte[] value, JsonCodec codec) {
    if (name.equals("result")) {
      return Optional.of(new Line.Result(value));
    }
    Struct json = codec.read(value, Struct.getDefaultInstance());
    return switch (name) {
      case "end" -> Optional.of(new Line.End(trailers(json)));
      case "error" -> Problem.read(json, codec).map(s -> new Line.Failure(s, trailers(json)));
      default -> Optional.empty();
    };
  }

  private static boolean isResult(byte[] line) {
    int length = RESULT_START.length;
    return line.length > length
        && Arrays.equals(line, 0, length, RESULT_START, 0, length)
        && line[line.length - 1] == '}';
  }

  private static ByteBuf line(String name, ByteBuf value) {
    ByteBuf line = Unpooled.buffer(value.readableBytes() + 16);
    line.writeCharSequence("{\"" + name + "\":", US_ASCII);
    line.writeBytes(value).writeBytes(RESULT_END);
    value.release();
    return line;
  }

  private static ByteBuf object(Members members) {
    ByteBuf object = Unpooled.buffer(128);
    try (JsonGenerator out = JSON.createGenerator((OutputStream) new ByteBufOutputStream(object))) {
      out.writeStartObject();
      members.write(out);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return object;
  }

  private static void trailers(JsonGenerator out, Metadata trailers) throws IOException {
    Map<String, List<String>> all = new LinkedHashMap<>();
    HeaderMetadata.forEach(
        trailers, (name, value) -> all.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
    if (all.isEmpty()) {
      return;
    }
    out.writeObjectFieldStart("trailers");
    for (Map.Entry<String, List<String>> trailer : all.entrySet()) {
      out.writeArrayFieldStart(trailer.getKey());
      for (String value : trailer.getValue()) {
        out.writeString(value);
      }
      out.writeEndArray();
    }
    out.writeEndObject();
  }

  private static Metadata trailers(Struct json) {
    Metadata trailers = new Metadata();
    Struct members =
        json.getFieldsOrDefault("trailers", Value.getDefaultInstance()).getStructValue();
    members
        .getFieldsMap()
        .forEach((name, values) ->
            values
                .getListValue()
                .getValuesList()
                .forEach(value -> HeaderMetadata.add(trailers, name, value.getStringValue())));
    return trailers;
  }

  /** Writes the members of an object. */
  private interface Members {
    void write(JsonGenerator out) throws IOException;
  }
}
