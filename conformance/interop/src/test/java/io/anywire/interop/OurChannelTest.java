package io.anywire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;
import org.junit.runners.model.TestClass;

/** What gRPC's interoperability suite, written for JUnit 4, says of our channel. */
class OurChannelTest {
  /** It builds a channel of grpc-java's for itself. */
  private static final String NOT_OF_A_CHANNEL = "emptyUnaryWithRetriableStream";

  static Stream<String> cases() {
    return new TestClass(OurChannel.class)
        .getAnnotatedMethods(org.junit.Test.class).stream()
            .map(m -> m.getName())
            .filter(name -> !name.equals(NOT_OF_A_CHANNEL))
            .sorted();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void the_suite_is_content_with_our_channel(String test) {
    Result result = new JUnitCore().run(Request.method(OurChannel.class, test));
    assertThat(result.getFailures()).isEmpty();
    assertThat(result.getRunCount()).isEqualTo(1);
  }
}
