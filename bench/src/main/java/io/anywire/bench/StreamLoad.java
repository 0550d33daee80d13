package io.anywire.bench;

import io.anywire.bench.v1.GreeterGrpc;
import io.anywire.bench.v1.GreeterGrpc.GreeterBlockingStub;
import io.anywire.bench.v1.HelloReply;
import io.anywire.bench.v1.HelloStreamRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Server-streaming gRPC calls of {@value #MESSAGES} messages each, {@value #STREAMS} at a time on
 * each of h2load's connections. What it counts is messages.
 */
final class StreamLoad implements Load {
  private static final int MESSAGES = 1_000;
  private static final int STREAMS = 4;
  private static final int FRAME_BYTES = H2Load.FRAME_HEADER + Greeting.REPLY.getSerializedSize();
  private static final HelloStreamRequest REQUEST =
      HelloStreamRequest.newBuilder().setName(Greeting.NAME).setCount(MESSAGES).build();

  private final H2Load tool =
      new H2Load(
          GreeterGrpc.getStreamHellosMethod(), REQUEST, STREAMS, (long) MESSAGES * FRAME_BYTES);

  @Override
  public void verify(Target target) throws InterruptedException {
    Greeting.require(Map.of(Greeting.REPLY, MESSAGES), target, StreamLoad::countReplies);
  }

  @Override
  public LoadResult run(Target target, Duration duration) throws InterruptedException {
    return messages(tool.run(target, duration), duration);
  }

  /** Turns calls into messages; those of calls under way when the time was over count. */
  static LoadResult messages(LoadResult calls, Duration duration) {
    long messages = calls.bodyBytes() / FRAME_BYTES;
    return new LoadResult(
        messages,
        calls.failed(),
        (double) messages / duration.toSeconds(),
        calls.bodyBytes(),
        calls.failures());
  }

  private static Map<HelloReply, Integer> countReplies(GreeterBlockingStub stub) {
    var counts = new HashMap<HelloReply, Integer>();
    stub.streamHellos(REQUEST).forEachRemaining(reply -> counts.merge(reply, 1, Integer::sum));
    return counts;
  }
}
