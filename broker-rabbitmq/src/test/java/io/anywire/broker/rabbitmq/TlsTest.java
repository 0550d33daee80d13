package io.anywire.broker.rabbitmq;

import static io.anywire.broker.rabbitmq.Rabbits.done;
import static io.anywire.broker.rabbitmq.Rabbits.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.broker.Broker;
import io.anywire.broker.Topic;
import io.anywire.testing.Certificates;
import io.anywire.testing.FreePorts;
import io.anywire.testing.RabbitMq;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
  @TempDir static Path folder;

  @Test
  void speaks_tls_and_verifies_the_server() {
    Certificates certificates = Certificates.in(folder);
    Certificates.Issued issued = certificates.issue("server");
    int port = FreePorts.next();
    String settings =
        """
        listeners.ssl.default = 127.0.0.1:%d
        ssl_options.cacertfile = %s
        ssl_options.certfile = %s
        ssl_options.keyfile = %s
        """
            .formatted(port, certificates.authority(), issued.certificate(), issued.key());
    try (RabbitMq rabbit = RabbitMq.start(settings)) {
      String trust = "?trust=" + certificates.authority();
      for (String scheme : new String[] {"rabbitmq+tls", "amqps", "amqp+tls"}) {
        try (Broker broker = Rabbits.open(scheme + "://localhost:" + port + trust)) {
          Received worker = new Received();
          Topic queue = Topic.queue("tls " + scheme);
          broker.subscribe(queue, Topic.WORKERS, 1, worker);
          done(broker.publish(queue, text("secret")));
          assertThat(worker.next().message().payload().toStringUtf8()).isEqualTo("secret");
        }
      }
      assertThatThrownBy(() -> Rabbits.open("rabbitmq+tls://localhost:" + port))
          .hasMessageStartingWith("UNAVAILABLE")
          .hasMessageContaining("certification path");
      assertThatThrownBy(() -> Rabbits.open("rabbitmq+tls://127.0.0.2:" + port + trust))
          .hasMessageStartingWith("UNAVAILABLE");
      Broker plain = Rabbits.open("amqp://localhost:" + rabbit.port());
      plain.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"trust=/nowhere.pem", "partitions=0", "consumer-timeout=soon", "x=1"})
  void a_parameter_that_makes_no_sense_is_refused_by_name(String parameter) {
    String name = parameter.substring(0, parameter.indexOf('='));
    assertThatThrownBy(() -> Rabbits.open("rabbitmq+tls://localhost?" + parameter))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }
}
