package io.anywire.conformance.chaos;

import com.google.protobuf.Empty;
import io.anywire.chaos.v1.ChaosEventsHandler;
import io.anywire.chaos.v1.ChaosServiceHandler;
import io.anywire.chaos.v1.Done;
import io.anywire.chaos.v1.Work;
import io.anywire.handler.Sender;
import io.anywire.messaging.deliver.Received;
import io.grpc.BindableService;
import io.grpc.Status;
import java.util.List;

/** Does the work and notes it. */
final class ChaosHandler implements ChaosServiceHandler {
  private static final int STREAMED = 5;
  private final Journal journal;

  ChaosHandler(Journal journal) {
    this.journal = journal;
  }

  /** The handlers of calls and tasks, and of events. */
  List<BindableService> services() {
    return List.of(this, new Subscriber());
  }

  @Override
  public Done call(Work work) {
    return handle(work);
  }

  @Override
  public Done read(Work work) {
    return handle(work);
  }

  @Override
  public Done perform(Work work) {
    return handle(work);
  }

  @Override
  public void watch(Work work, Sender<Done> out) {
    for (int i = 0; i < STREAMED; i++) {
      out.send(handle(work));
    }
  }

  private Done handle(Work work) {
    journal.write(Handling.Step.BEGUN, work.getId(), work.getKey());
    pause(work.getMillis());
    if (work.getHopeless()) {
      journal.write(Handling.Step.REFUSED, work.getId(), work.getKey());
      throw Status.INVALID_ARGUMENT.withDescription("hopeless").asRuntimeException();
    }
    if (Received.current().map(Received::attempt).orElse(1) <= work.getFailingAttempts()) {
      throw Status.UNAVAILABLE.withDescription("not this time").asRuntimeException();
    }
    journal.write(Handling.Step.DONE, work.getId(), work.getKey());
    return Done.newBuilder().setId(work.getId()).build();
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Subscriber implements ChaosEventsHandler {
    @Override
    public Empty happened(Work work) {
      Done unused = handle(work);
      return Empty.getDefaultInstance();
    }
  }
}
