package io.anywire.broker.remote;

import com.google.rpc.Status;
import io.anywire.broker.Broker;
import io.anywire.broker.Message;
import io.anywire.broker.remote.v1.BrokerServiceGrpc;
import io.anywire.broker.remote.v1.Publication;
import io.anywire.broker.remote.v1.PublishRequest;
import io.anywire.broker.remote.v1.PublishResponse;
import io.anywire.call.Failures;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One client's stream of publications, each answered when the broker has taken it. A client that
 * has too many without an answer, or does not read the answers, loses it.
 */
final class ServedPublisher implements StreamObserver<PublishRequest>, Lasting {
  private static final int ANSWER_BYTES = 16;

  private final Broker broker;
  private final StreamObserver<PublishResponse> out;
  private final Client.Call call;
  private final Lasting.All open;
  private final Batching<PublishResponse.Builder> answers;
  private final Map<String, ServedPublisher> publishers;
  private final AtomicBoolean over = new AtomicBoolean();

  /** Held while a request is taken. */
  private final ReentrantLock taking = new ReentrantLock();

  private volatile String name = "";

  /**
   * @param publishers those that have said a name, by it
   */
  ServedPublisher(
      Broker broker,
      ServerCallStreamObserver<PublishResponse> out,
      Client.Call call,
      Lasting.All open,
      Map<String, ServedPublisher> publishers) {
    this.publishers = publishers;
    this.broker = broker;
    this.out = out;
    this.call = call;
    this.open = open;
    this.answers = new Batching<>(out, PublishResponse::newBuilder, PublishResponse.Builder::build);
    out.setOnReadyHandler(answers::ready);
    // With a handler, answers to a client that is gone are dropped rather than refused.
    out.setOnCancelHandler(() -> {});
    open.add(this);
  }

  @Override
  public void onNext(PublishRequest request) {
    if (!request.getPublisher().isEmpty()) {
      goOnFor(request.getPublisher());
    }
    taking.lock();
    try {
      answers.together(() -> request.getPublicationsList().forEach(this::take));
    } finally {
      taking.unlock();
    }
  }

  /** What the client's earlier stream has not taken by now it sends again in this one. */
  private void goOnFor(String publisher) {
    name = publisher;
    ServedPublisher before = publishers.put(publisher, this);
    if (before != null && before != this) {
      before.taking.lock();
      try {
        before.over(
            () -> before.answers.endNow(() -> before.out.onError(BrokerHandler.stopping())));
      } finally {
        before.taking.unlock();
      }
    }
    if (over.get()) {
      publishers.remove(publisher, this);
    }
  }

  private void take(Publication publication) {
    if (over.get()) {
      return;
    }
    if (publication.hasInbox()) {
      send(publication);
      return;
    }
    int bytes = publication.getMessage().getPayload().size();
    try {
      takeRoom(bytes);
    } catch (StatusRuntimeException e) {
      over(() -> answers.endNow(() -> out.onError(e)));
      return;
    }
    publish(publication, bytes);
  }

  private void takeRoom(int bytes) {
    long unread = answers.waitingBytes() / ANSWER_BYTES;
    long most = call.client().limits().unanswered();
    if (unread > most) {
      throw io.grpc.Status.RESOURCE_EXHAUSTED
          .withDescription(
              "answers that the client does not read: %d (expected: <= %d)".formatted(unread, most))
          .asRuntimeException();
    }
    call.client().unanswered().take(1);
    try {
      call.client().unansweredBytes().take(bytes);
    } catch (StatusRuntimeException e) {
      call.client().unanswered().give(1);
      throw e;
    }
  }

  private void publish(Publication publication, int bytes) {
    answers.owe();
    try {
      broker
          .publish(Translation.publication(publication))
          .whenComplete((done, failure) -> answer(publication.getSequence(), bytes, failure));
    } catch (RuntimeException e) {
      answer(publication.getSequence(), bytes, e);
    }
  }

  private void send(Publication publication) {
    try {
      Message message = Translation.message(publication.getMessage());
      broker.send(publication.getInbox(), message);
    } catch (StatusRuntimeException e) {
      // At most once, and nobody waits for an answer.
    }
  }

  @Override
  public void onError(Throwable t) {
    // The client is gone; what was published stays published.
    over(() -> answers.endNow(() -> {}));
  }

  @Override
  public void onCompleted() {
    over(() -> answers.endAfterAll(out::onCompleted));
  }

  @Override
  public void end() {
    // With an answer to what was taken, so that the client repeats the rest only.
    over(() -> answers.endAfterAll(() -> out.onError(BrokerHandler.stopping())));
  }

  private void over(Runnable ending) {
    open.remove(this);
    publishers.remove(name, this);
    if (over.compareAndSet(false, true)) {
      call.leave().run();
      ending.run();
    }
  }

  private void answer(long sequence, int bytes, @Nullable Throwable failure) {
    call.client().unanswered().give(1);
    call.client().unansweredBytes().give(bytes);
    if (failure == null) {
      answers.add(ANSWER_BYTES, response -> response.addTaken(sequence));
    } else {
      Status status = Failures.rpcStatusOf(failure, BrokerServiceGrpc.SERVICE_NAME);
      answers.add(
          ANSWER_BYTES + status.getSerializedSize(),
          response -> response.addRefusedBuilder().setSequence(sequence).setFailure(status));
    }
    answers.paid();
  }
}
