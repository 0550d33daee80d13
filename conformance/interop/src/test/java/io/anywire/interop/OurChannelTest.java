package io.anywire.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;
import org.junit.runners.model.TestClass;

/** What gRPC's interoperability suite, written for JUnit 4, says of our channel. */
class OurChannelTest {
  /** These want a builder of grpc-java's channel, or the very words of its errors. */
  private static final Set<String> OF_GRPC_JAVA_ALONE =
      Set.of(
          "emptyUnaryWithRetriableStream",
          "deadlineExceeded",
          "deadlineInPast",
          "maxInboundSize_tooBig",
          "maxOutboundSize_tooBig");

  static Stream<String> cases() {
    return new TestClass(OurChannel.class)
        .getAnnotatedMethods(org.junit.Test.class).stream()
            .map(m -> m.getName())
            .filter(name -> !OF_GRPC_JAVA_ALONE.contains(name))
            .sorted();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void the_suite_is_content_with_our_channel(String test) {
    requireContent(OurChannel.class, test);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void the_suite_is_content_with_our_channel_over_tls(String test) {
    requireContent(OurChannelWithTls.class, test);
  }

  private static void requireContent(Class<? extends OurChannel> suite, String test) {
    Result result = new JUnitCore().run(Request.method(suite, test));
    assertThat(result.getFailures()).isEmpty();
    assertThat(result.getRunCount()).isEqualTo(1);
  }
}
