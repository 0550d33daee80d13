package io.anywire.cli.call;

import com.google.protobuf.DynamicMessage;
import io.anywire.Anywire;
import io.anywire.cli.ExitCode;
import io.anywire.cli.Terminal;
import io.anywire.cli.contract.DynamicMethods;
import io.anywire.cli.contract.Lookup;
import io.anywire.messaging.event.Events;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes an event. */
@Command(
    name = "publish",
    description = "Publishes an event, and prints its id once the broker has it.",
    footer = {
      "",
      "Example, with ./anywire demo running:",
      "  anywire publish shop.v1.UserEvents/UserDeleted --at anywire://127.0.0.1:8080 \\",
      "      -d '{\"userId\": \"ada\"}' --explain",
      "",
      "Every application that has subscribed gets its own copy."
    })
public final class PublishCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "SERVICE/METHOD",
      description = "Such as shop.v1.UserEvents/UserDeleted.")
  private String method = "";

  @Option(names = "--at", required = true, paramLabel = "URL", description = "The broker's URL.")
  private String at = "";

  @Mixin private RequestOptions request = new RequestOptions();
  @Mixin private ContractOptions contract = new ContractOptions();

  /** Prints on {@code terminal}. */
  public PublishCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    try (Anywire anywire = Anywire.builder().application("anywire-cli").build()) {
      anywire.channel(at);
      Brokers.connect(anywire, at);
      Narrator narrator = request.narrator(terminal);
      var described = contract.find(anywire, at, narrator, source -> Lookup.method(source, method));
      DynamicMessage event = request.request(described.getInputType(), terminal);
      AtomicReference<Metadata> receipt = new AtomicReference<>(new Metadata());
      Channel events =
          ClientInterceptors.intercept(
              Events.at(anywire, at).channel(),
              MetadataUtils.newAttachHeadersInterceptor(request.metadata()),
              MetadataUtils.newCaptureMetadataInterceptor(
                  new AtomicReference<>(new Metadata()), receipt));
      ClientCalls.blockingUnaryCall(
          events, DynamicMethods.of(described), request.callOptions(narrator), event);
      Metadata trailers = Objects.requireNonNull(receipt.get());
      terminal.out().println(trailers.get(Events.MESSAGE_ID));
      return ExitCode.OK;
    } catch (StatusRuntimeException e) {
      return Answers.error(e, at, terminal);
    }
  }
}
