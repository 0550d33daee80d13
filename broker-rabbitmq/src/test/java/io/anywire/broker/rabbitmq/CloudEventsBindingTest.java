package io.anywire.broker.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.rabbitmq.client.AMQP.BasicProperties;
import io.anywire.broker.Message;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CloudEventsBindingTest {
  private static final String LONG = "x".repeat(300);
  private static final List<String> NAMES =
      List.of("specversion", "type", "source", "time", "datacontenttype", "partitionkey");
  private static final List<String> VALUES =
      List.of("1.0", "2.0", "", "some/text", "ü", LONG, "x".repeat(255), "ü".repeat(128));

  @Test
  void carries_every_message_in_both_forms() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      Message message = message(random);
      byte[] body = message.payload().toByteArray();

      assertThat(
              CloudEventsBinding.message(
                  CloudEventsBinding.properties(message, true, i % 2 == 0), body))
          .isEqualTo(message);
      assertThat(
              CloudEventsBinding.message(CloudEventsBinding.terse(message, true, i % 2 == 0), body))
          .isEqualTo(message);
    }
  }

  private static Message message(Random random) {
    Message.Builder message = Message.builder().payload(ByteString.copyFromUtf8("body"));
    if (random.nextInt(3) == 0) {
      message.attribute("id", VALUES.get(random.nextInt(VALUES.size())));
    }
    for (String name : NAMES) {
      if (random.nextBoolean()) {
        message.attribute(name, VALUES.get(random.nextInt(VALUES.size())));
      }
    }
    if (random.nextBoolean()) {
      message.header("anywire-ignore-result", "true");
    }
    return message.build();
  }

  @Test
  void has_few_headers_where_they_are_to_be_few() {
    Message message =
        Message.builder()
            .attribute("id", "1")
            .attribute("specversion", "1.0")
            .attribute("type", "shop.v1.Orders.Place")
            .attribute("source", "shop")
            .attribute("datacontenttype", "application/protobuf")
            .attribute("time", "2026-01-01T00:00:00Z")
            .build();

    BasicProperties terse = CloudEventsBinding.terse(message, true, true);

    assertThat(terse.getHeaders()).containsOnlyKeys("cloudEvents_time");
    assertThat(terse.getType()).isEqualTo("shop.v1.Orders.Place");
    assertThat(terse.getAppId()).isEqualTo("shop");
    assertThat(Bookkeeping.mark(terse)).isPresent();
    assertThat(CloudEventsBinding.properties(message, true, true).getHeaders())
        .containsOnlyKeys(
            "cloudEvents_id",
            "cloudEvents_specversion",
            "cloudEvents_type",
            "cloudEvents_source",
            "cloudEvents_time",
            "anywireNumber");
  }
}
