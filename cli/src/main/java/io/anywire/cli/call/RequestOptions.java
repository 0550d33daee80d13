package io.anywire.cli.call;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import io.anywire.cli.CliException;
import io.anywire.cli.Terminal;
import io.anywire.json.JsonCodec;
import io.anywire.json.JsonException;
import io.anywire.wire.Explanation;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** The options of the commands that send a request. Not thread-safe. */
final class RequestOptions {
  @Option(
      names = {"-d", "--data"},
      paramLabel = "JSON",
      description = "The request as JSON; @FILE reads a file, - standard input. Default: {}")
  private String data = "{}";

  @Option(
      names = {"-m", "--metadata"},
      paramLabel = "KEY=VALUE",
      description = "gRPC metadata (an HTTP header on REST); may be repeated.")
  private Map<String, String> metadata = new LinkedHashMap<>();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "How long to wait, such as 200ms, 5s or 2m. Default: the contract's policy.")
  private Optional<Duration> timeout = Optional.empty();

  @Option(
      names = "--explain",
      description =
          "Say on standard error which way it takes: route or queue, codec, policy," + " attempts.")
  private boolean explain;

  /** The options of the call; its deadline starts now. */
  CallOptions callOptions(Narrator narrator) {
    CallOptions options = CallOptions.DEFAULT;
    if (timeout.isPresent()) {
      options = options.withDeadlineAfter(timeout.get().toNanos(), TimeUnit.NANOSECONDS);
    }
    return explain ? options.withOption(Explanation.LISTENER, narrator::say) : options;
  }

  /** Says on the terminal what is asked for by {@code --explain}. */
  Narrator narrator(Terminal terminal) {
    return new Narrator(explain, terminal.err());
  }

  /** The metadata. */
  Metadata metadata() {
    Metadata found = new Metadata();
    metadata.forEach(
        (key, value) -> found.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), value));
    return found;
  }

  /** The request, read as a message of that type. */
  DynamicMessage request(Descriptor type, Terminal terminal) {
    try {
      return JsonCodec.standard().read(json(terminal), DynamicMessage.getDefaultInstance(type));
    } catch (JsonException e) {
      throw CliException.usage("--data for " + type.getFullName() + ": " + e.getMessage());
    }
  }

  private byte[] json(Terminal terminal) {
    try {
      if (data.equals("-")) {
        return terminal.in().readAllBytes();
      }
      return data.startsWith("@")
          ? Files.readAllBytes(Path.of(data.substring(1)))
          : data.getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw CliException.usage("--data " + data + ": cannot be read: " + e.getMessage());
    }
  }
}
