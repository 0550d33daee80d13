package io.anywire.cli.operate;

import io.anywire.broker.Message;
import io.anywire.broker.Operations.Tail;
import io.anywire.broker.Topic;
import io.anywire.cli.ExitCode;
import io.anywire.cli.StopHook;
import io.anywire.cli.Terminal;
import io.anywire.cli.call.ContractOptions;
import io.grpc.Status;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows what is published. */
@Command(
    name = "tail",
    description = "Shows copies of what is published to a topic from now on.",
    footer = {
      "",
      "Example, with ./anywire demo running:",
      "  anywire tail shop.v1.UserEvents --at anywire://127.0.0.1:8080",
      "",
      "It makes no subscription and takes nothing from anybody. Without --count it goes on until",
      "Ctrl-C."
    })
public final class TailCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private TopicOptions which = new TopicOptions();
  @Mixin private CountOption count = new CountOption();
  @Mixin private AtOptions at = new AtOptions();
  @Mixin private ContractOptions contract = new ContractOptions();

  /** Prints on {@code terminal}. */
  public TailCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    CountDownLatch left = new CountDownLatch(count.orElse(Integer.MAX_VALUE));
    return at.with(broker -> {
      MessageView view = new MessageView(contract.source(broker.anywire(), at.url()));
      Topic topic = which.of(broker);
      Tail tail =
          broker.broker().operations().tail(topic, message -> print(topic, message, view, left));
      StopHook hook = StopHook.register(ExitCode.OK, tail::close);
      try (tail) {
        terminal.err().println("looking on at " + topic.name() + " at " + at.url());
        left.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
      } finally {
        hook.remove();
      }
    });
  }

  /** Called one message at a time; what comes after the last that was asked for is left out. */
  private void print(Topic topic, Message message, MessageView view, CountDownLatch left) {
    if (left.getCount() == 0) {
      return;
    }
    String time = message.attributes().getOrDefault("time", "-");
    terminal
        .out()
        .println(
            at.json()
                ? view.json(Place.about(topic), message).toString()
                : time + "  " + message.id() + "  " + message.type() + "  " + view.cell(message));
    left.countDown();
  }
}
