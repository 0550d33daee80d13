package io.anywire.broker.remote;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.broker.Broker;
import io.anywire.broker.BrokerProvider;
import io.anywire.broker.remote.v1.BrokerServiceGrpc;
import io.anywire.broker.remote.v1.GetCapabilitiesRequest;
import io.anywire.broker.remote.v1.GetCapabilitiesResponse;
import io.anywire.wire.Parameters;
import io.grpc.Channel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Opens {@code anywire://host[:8080]}: a broker that another process serves over gRPC. {@code
 * ?repeat=10s} says for how long what the broker had not answered when the connection broke is
 * published again; {@code off}: it fails at once.
 */
public final class RemoteBrokerProvider implements BrokerProvider {
  private static final int DEFAULT_PORT = 8080;
  private static final int ANSWER_SECONDS = 10;
  private static final String REPEAT = "repeat";
  private static final Duration REPEAT_FOR = Duration.ofSeconds(10);

  @Override
  public Set<String> schemes() {
    return Set.of("anywire");
  }

  @Override
  public Broker open(WireUrl url, Anywire anywire) {
    Duration repeat =
        Parameters.of(url)
            .optionalDuration(REPEAT, Optional.of(REPEAT_FOR), Duration.ofMillis(1))
            .orElse(Duration.ZERO);
    WireUrl grpc = url.withScheme("grpc").withPort(url.host().portOr(DEFAULT_PORT));
    Channel channel = anywire.channel(grpc.without(REPEAT).toString());
    GetCapabilitiesResponse can = capabilities(channel);
    RemotePublisher.Room room =
        new RemotePublisher.Room(can.getMaxUnanswered(), can.getMaxUnansweredBytes());
    return new RemoteBroker(channel, Translation.capabilities(can), room, repeat);
  }

  private static GetCapabilitiesResponse capabilities(Channel channel) {
    return BrokerServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
        .getCapabilities(GetCapabilitiesRequest.getDefaultInstance());
  }
}
