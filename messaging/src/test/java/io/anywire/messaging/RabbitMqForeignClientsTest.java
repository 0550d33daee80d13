package io.anywire.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Empty;
import io.anywire.lab.v1.LabEventsGrpc;
import io.anywire.lab.v1.LabGrpc;
import io.anywire.lab.v1.Order;
import io.anywire.lab.v1.OrderedEventsGrpc;
import io.anywire.messaging.deliver.Received;
import io.anywire.messaging.event.Events;
import io.anywire.messaging.task.Tasks;
import io.anywire.testing.LocalProcess;
import io.anywire.testing.RabbitMq;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that know nothing of this project, only AMQP and CloudEvents. */
@Timeout(180)
class RabbitMqForeignClientsTest extends BrokerSuite {
  private static final Duration INSTALLED = Duration.ofMinutes(2);

  private final Subscriber subscriber = new Subscriber();
  private final List<String> keyed = new CopyOnWriteArrayList<>();

  @TempDir Path folder;

  @Override
  protected String emptyBroker() {
    return RabbitMq.shared().emptyHostUrl();
  }

  @Test
  void python_with_pika_takes_our_events_and_publishes_ones_that_we_handle() throws Exception {
    Path program = copy("events.py", folder);
    exchangeWith("python", "/usr/bin/python3", program.toString());
    await().atMost(LONG).until(() -> keyed.size() == 5);
    assertThat(keyed).containsExactly("keyed 0", "keyed 1", "keyed 2", "keyed 3", "keyed 4");
    assertThat(
            Tasks.at(caller, url).handle("py-task", LabGrpc.getRunMethod()).await(LONG).getText())
        .isEqualTo("done: task");
  }

  @Test
  void node_with_amqplib_takes_our_events_and_publishes_ones_that_we_handle() throws Exception {
    Path client = Files.createDirectories(Path.of("target", "amqp-client").toAbsolutePath());
    copy("package.json", client);
    Path program = copy("events.js", client);
    try (LocalProcess npm =
        LocalProcess.start(
            "npm",
            new ProcessBuilder(
                    "sh", "-c", "npm install --no-audit --no-fund --silent && echo installed")
                .directory(client.toFile()))) {
      npm.awaitLine(Pattern.compile("installed"), INSTALLED);
    }
    exchangeWith("node", "node", program.toString());
    assertThat(
            Tasks.at(caller, url).handle("js-task", LabGrpc.getRunMethod()).await(LONG).getText())
        .isEqualTo("done: task");
  }

  private void exchangeWith(String source, String... program) {
    serve(
        "one",
        subscriber,
        lab,
        new OrderedEventsGrpc.OrderedEventsImplBase() {
          @Override
          public void happened(Order request, StreamObserver<Empty> responses) {
            keyed.add(request.getText());
            responses.onNext(Empty.getDefaultInstance());
            responses.onCompleted();
          }
        });
    ProcessBuilder command = new ProcessBuilder(program);
    command.command().add(url.replace("rabbitmq:", "amqp:"));
    try (LocalProcess client = LocalProcess.start(source, command)) {
      client.awaitLine(Pattern.compile("^ready"), LONG);
      Events json = Events.at(caller, url + "?codec=json");
      LabEventsGrpc.newBlockingStub(json.channel())
          .happened(Order.newBuilder().setId("1").setText("ours").build());
      String got = client.awaitLine(Pattern.compile("^got (.*)"), LONG).group(1);
      assertThat(got)
          .isEqualTo(
              "anywire.lab.v1.LabEvents.Happened application/json {\"id\":\"1\",\"text\":\"ours\"}");
      client.awaitLine(Pattern.compile("^published"), LONG);
    }
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(subscriber.handled)
                .containsExactlyInAnyOrder(
                    "ours of caller",
                    "binary of " + source,
                    "colon of " + source,
                    "structured of " + source));
  }

  private static Path copy(String name, Path to) throws IOException {
    Path file = to.resolve(name);
    try (InputStream in =
        RabbitMqForeignClientsTest.class.getClassLoader().getResourceAsStream("clients/" + name)) {
      Files.copy(
          Objects.requireNonNull(in, name + " is not on the class path"),
          file,
          StandardCopyOption.REPLACE_EXISTING);
    }
    return file;
  }

  private static final class Subscriber extends LabEventsGrpc.LabEventsImplBase {
    final List<String> handled = new CopyOnWriteArrayList<>();

    @Override
    public void happened(Order request, StreamObserver<Empty> responses) {
      handled.add(request.getText() + " of " + Received.current().orElseThrow().source());
      responses.onNext(Empty.getDefaultInstance());
      responses.onCompleted();
    }
  }
}
