package io.anywire.http.connect;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.Status;
import io.anywire.json.JsonCodec;
import io.anywire.json.JsonException;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The last envelope of a stream of responses, the protocol's {@code EndStreamResponse}.
 *
 * @param error how the call failed; empty where it did not
 */
public record EndStream(Optional<Status> error, Metadata trailers) {
  /** The flag of its envelope. */
  public static final int FLAG = 2;

  byte[] bytes(JsonCodec codec) {
    Map<String, List<String>> metadata = new LinkedHashMap<>();
    ConnectHeaders.forEach(
        trailers,
        (name, value) ->
            metadata
                .computeIfAbsent(name.toString(), n -> new ArrayList<>(1))
                .add(value.toString()));
    return ConnectError.json(out -> {
      if (error.isPresent()) {
        out.writeObjectFieldStart("error");
        ConnectError.write(out, error.get(), codec);
        out.writeEndObject();
      }
      if (!metadata.isEmpty()) {
        metadata(out, metadata);
      }
    });
  }

  private static void metadata(JsonGenerator out, Map<String, List<String>> metadata)
      throws IOException {
    out.writeObjectFieldStart("metadata");
    for (Map.Entry<String, List<String>> one : metadata.entrySet()) {
      out.writeArrayFieldStart(one.getKey());
      for (String value : one.getValue()) {
        out.writeString(value);
      }
      out.writeEndArray();
    }
    out.writeEndObject();
  }

  /** Reads it; empty when it is malformed, or says that it fails but not how. */
  public static Optional<EndStream> read(byte[] json) {
    try {
      Struct end = JsonCodec.standard().read(json, Struct.getDefaultInstance());
      Metadata trailers = trailers(end);
      if (!end.containsFields("error")) {
        return Optional.of(new EndStream(Optional.empty(), trailers));
      }
      return ConnectError.read(end.getFieldsOrThrow("error").getStructValue())
          .map(error -> new EndStream(Optional.of(error), trailers));
    } catch (JsonException | StatusRuntimeException e) {
      return Optional.empty();
    }
  }

  private static Metadata trailers(Struct end) {
    Http2Headers headers = new DefaultHttp2Headers(false);
    end.getFieldsOrDefault("metadata", Value.getDefaultInstance())
        .getStructValue()
        .getFieldsMap()
        .forEach((name, values) ->
            values
                .getListValue()
                .getValuesList()
                .forEach(value -> headers.add(lower(name), value.getStringValue())));
    return ConnectHeaders.read(headers);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
