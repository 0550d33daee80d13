package io.anywire.cli.call;

import com.google.protobuf.DynamicMessage;
import io.anywire.Anywire;
import io.anywire.cli.CliException;
import io.anywire.cli.ExitCode;
import io.anywire.cli.Terminal;
import io.anywire.cli.contract.DynamicMethods;
import io.anywire.cli.contract.Lookup;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Calls a method and prints the response as JSON, or each response of a stream. */
@Command(
    name = "call",
    description =
        "Calls a method over whatever wire the URL names, and prints the response as JSON.",
    footer = {
      "",
      "Examples, with ./anywire demo running:",
      "  anywire call shop.v1.Greeter/SayHello --to http://127.0.0.1:8081 -d '{\"name\": \"Ada\"}'",
      "  anywire call shop.v1.UserService/ListUsers --to grpc://127.0.0.1:8081",
      "  anywire call shop.v1.UserService/ListUsers --to anywire://127.0.0.1:8080 --explain",
      "",
      "An error is printed as JSON (code, message, details) on standard error. A stream is printed",
      "as one line for each response."
    })
public final class CallCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "SERVICE/METHOD", description = "Such as shop.v1.UserService/GetUser.")
  private String method = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "URL",
      description =
          "Where it is served: http://HOST:PORT (REST), grpc://HOST:PORT, or a broker's" + " URL.")
  private String to = "";

  @Mixin private RequestOptions request = new RequestOptions();
  @Mixin private ContractOptions contract = new ContractOptions();

  /** Prints on {@code terminal}. */
  public CallCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    try (Anywire anywire = Anywire.builder().build()) {
      Channel channel = anywire.channel(to);
      if (Brokers.isBroker(to)) {
        Brokers.connect(anywire, to);
      }
      Narrator narrator = request.narrator(terminal);
      var described = contract.find(anywire, to, narrator, source -> Lookup.method(source, method));
      if (described.isClientStreaming()) {
        throw CliException.usage(
            described.getFullName()
                + " takes a stream (expected: a method that takes one request)");
      }
      DynamicMessage message = request.request(described.getInputType(), terminal);
      return call(channel, DynamicMethods.of(described), message, narrator);
    }
  }

  private int call(
      Channel channel,
      MethodDescriptor<DynamicMessage, DynamicMessage> described,
      DynamicMessage message,
      Narrator narrator) {
    Channel withMetadata =
        ClientInterceptors.intercept(
            channel, MetadataUtils.newAttachHeadersInterceptor(request.metadata()));
    CallOptions options = request.callOptions(narrator);
    long start = System.nanoTime();
    try {
      ClientCalls.blockingServerStreamingCall(withMetadata, described, options, message)
          .forEachRemaining(response -> Answers.print(response, terminal));
      narrator.say("answer", "OK after " + millisSince(start) + " ms");
      return ExitCode.OK;
    } catch (StatusRuntimeException e) {
      narrator.say("answer", e.getStatus().getCode() + " after " + millisSince(start) + " ms");
      return Answers.error(e, to, terminal);
    }
  }

  private static long millisSince(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }
}
