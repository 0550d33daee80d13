package io.anywire.conformance;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.anywire.call.Failures;
import io.anywire.conformance.v1.Behaviour;
import io.anywire.conformance.v1.ConformanceRequest;
import io.anywire.conformance.v1.ConformanceResponse;
import io.anywire.conformance.v1.ConformanceServiceHandler;
import io.anywire.conformance.v1.Observation;
import io.anywire.conformance.v1.ObserveRequest;
import io.anywire.conformance.v1.Seen;
import io.anywire.handler.Incoming;
import io.anywire.handler.Sender;
import io.grpc.Context;
import io.grpc.Deadline;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Behaves as each request says. Thread-safe. */
public final class ConformanceHandler implements ConformanceServiceHandler {
  private final Map<String, Observation> observations = new ConcurrentHashMap<>();

  @Override
  public ConformanceResponse unary(ConformanceRequest request) {
    return once(request);
  }

  @Override
  public ConformanceResponse read(ConformanceRequest request) {
    return once(request);
  }

  @Override
  public ConformanceResponse unrouted(ConformanceRequest request) {
    return once(request);
  }

  @Override
  public void serverStream(ConformanceRequest request, Sender<ConformanceResponse> out) {
    Behaviour behaviour = request.getBehaviour();
    observed(
        behaviour,
        () -> {
          for (int i = 0; i < behaviour.getCount(); i++) {
            out.send(response(request).setIndex(i).build());
          }
          end(behaviour);
        });
  }

  @Override
  public ConformanceResponse clientStream(Incoming<ConformanceRequest> in) {
    ConformanceRequest first = in.next();
    int requests = 1;
    while (in.hasNext()) {
      in.next();
      requests++;
    }
    int count = requests;
    ConformanceResponse.Builder response = response(first).setRequests(count);
    observed(first.getBehaviour(), () -> end(first.getBehaviour()));
    return response.build();
  }

  @Override
  public void bidiStream(Incoming<ConformanceRequest> in, Sender<ConformanceResponse> out) {
    int index = 0;
    while (in.hasNext()) {
      ConformanceRequest request = in.next();
      ConformanceResponse response = response(request).setIndex(index++).build();
      observed(
          request.getBehaviour(),
          () -> {
            out.send(response);
            end(request.getBehaviour());
          });
    }
  }

  @Override
  public Observation observe(ObserveRequest request) {
    return observations.getOrDefault(request.getCall(), Observation.getDefaultInstance());
  }

  private ConformanceResponse once(ConformanceRequest request) {
    Behaviour behaviour = request.getBehaviour();
    observed(behaviour, () -> end(behaviour));
    return response(request).build();
  }

  /** Runs a body after its delay, noting what became of it under the name that it was given. */
  private void observed(Behaviour behaviour, Runnable body) {
    String call = behaviour.getCall();
    note(call, Observation.newBuilder().setStarted(true).build());
    boolean cancelled = false;
    try {
      cancelled = cancelledDuring(behaviour.getDelay());
      Exchanged.current().answerWith(behaviour.getHeadersMap(), behaviour.getTrailersMap());
      body.run();
    } finally {
      note(call, Observation.newBuilder().setEnded(true).setCancelled(cancelled).build());
    }
  }

  private void note(String call, Observation news) {
    if (!call.isEmpty()) {
      observations.merge(call, news, (old, more) -> old.toBuilder().mergeFrom(more).build());
    }
  }

  /** Waits, and says whether the call was cancelled meanwhile. */
  private static boolean cancelledDuring(Duration delay) {
    CountDownLatch cancelled = new CountDownLatch(1);
    Context.CancellationListener listener = context -> cancelled.countDown();
    Context.current().addListener(listener, Runnable::run);
    try {
      return cancelled.await(
          TimeUnit.SECONDS.toNanos(delay.getSeconds()) + delay.getNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    } finally {
      Context.current().removeListener(listener);
    }
  }

  private static void end(Behaviour behaviour) {
    if (!behaviour.getCrash().isEmpty()) {
      throw new IllegalStateException(behaviour.getCrash());
    }
    if (behaviour.hasError()) {
      throw Failures.exception(behaviour.getError());
    }
  }

  private static ConformanceResponse.Builder response(ConformanceRequest request) {
    Seen.Builder seen = Seen.newBuilder().putAllMetadata(Exchanged.current().metadata());
    Deadline deadline = Context.current().getDeadline();
    if (deadline != null) {
      long millis = deadline.timeRemaining(TimeUnit.MILLISECONDS);
      seen.setTimeLeft(
          Duration.newBuilder()
              .setSeconds(millis / 1000)
              .setNanos((int) (millis % 1000) * 1_000_000));
    }
    ConformanceResponse.Builder response = ConformanceResponse.newBuilder().setSeen(seen);
    if (request.hasPayload()) {
      response.setPayload(request.getPayload());
    }
    int bytes = request.getBehaviour().getResponseBytes();
    if (bytes > 0) {
      response.getPayloadBuilder().setData(ByteString.copyFrom(new byte[bytes]));
    }
    return response;
  }
}
