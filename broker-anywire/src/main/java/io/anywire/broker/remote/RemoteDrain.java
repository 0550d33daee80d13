package io.anywire.broker.remote;

import io.anywire.broker.Drain;
import io.anywire.broker.Stored;
import io.anywire.broker.Topic;
import io.anywire.broker.remote.RemoteBroker.AutoCloseableQuietly;
import io.anywire.broker.remote.v1.BrokerServiceGrpc.BrokerServiceStub;
import io.anywire.broker.remote.v1.DrainRequest;
import io.anywire.broker.remote.v1.DrainResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A drain at a broker in another process: a stream on which one question follows another. */
final class RemoteDrain implements Drain, AutoCloseableQuietly {
  private static final int ANSWER_SECONDS = 120;

  /** A part of an answer, or why there is none. */
  private sealed interface Answer {
    record Part(DrainResponse response) implements Answer {}

    record Failed(StatusRuntimeException why) implements Answer {}
  }

  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final StreamObserver<DrainRequest> questions;
  private final Set<AutoCloseableQuietly> open;
  private final Map<Stored, Integer> places = new IdentityHashMap<>();
  private boolean closed;

  /**
   * Opens the stream.
   *
   * @param open where it is until it is closed
   */
  RemoteDrain(
      BrokerServiceStub stub,
      Set<AutoCloseableQuietly> open,
      Topic topic,
      String subscription,
      int most) {
    this.open = open;
    this.questions = stub.drain(new Answers(answers));
    open.add(this);
    DrainRequest.Builder opening = DrainRequest.newBuilder();
    opening
        .getOpenBuilder()
        .setTopic(Translation.topic(topic))
        .setSubscription(subscription)
        .setMost(most);
    try {
      List<Stored> unused = asked(opening.build());
    } catch (StatusRuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public List<Stored> first(int max) {
    DrainRequest.Builder question = DrainRequest.newBuilder();
    question.getFirstBuilder().setMax(max);
    return shown(question.build());
  }

  @Override
  public List<Stored> resting() {
    return shown(
        DrainRequest.newBuilder().setResting(DrainRequest.Resting.getDefaultInstance()).build());
  }

  private List<Stored> shown(DrainRequest question) {
    List<Stored> found = asked(question);
    places.clear();
    for (int i = 0; i < found.size(); i++) {
      places.put(found.get(i), i);
    }
    return found;
  }

  @Override
  public void remove(List<Stored> gone) {
    DrainRequest.Builder question = DrainRequest.newBuilder();
    for (Stored one : gone) {
      Integer place = places.get(one);
      if (place == null) {
        throw new IllegalArgumentException(
            one.message().id() + " (expected: one of those that were shown last)");
      }
      question.getRemoveBuilder().addPlaces(place);
    }
    if (question.hasRemove()) {
      List<Stored> unused = asked(question.build());
    }
  }

  private List<Stored> asked(DrainRequest question) {
    questions.onNext(question);
    List<Stored> found = new ArrayList<>();
    while (true) {
      switch (answer()) {
        case Answer.Failed failed -> throw failed.why();
        case Answer.Part part -> {
          part.response()
              .getMessagesList()
              .forEach(message -> found.add(Translation.stored(message)));
          if (part.response().getComplete()) {
            return found;
          }
        }
      }
    }
  }

  private Answer answer() {
    try {
      Answer next = answers.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
      return next != null
          ? next
          : new Answer.Failed(unavailable("no answer within " + ANSWER_SECONDS + " s"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
    }
  }

  private static StatusRuntimeException unavailable(String why) {
    return Status.UNAVAILABLE.withDescription(why).asRuntimeException();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      open.remove(this);
      questions.onCompleted();
    }
  }

  private record Answers(BlockingQueue<Answer> to) implements StreamObserver<DrainResponse> {
    @Override
    public void onNext(DrainResponse response) {
      to.add(new Answer.Part(response));
    }

    @Override
    public void onError(Throwable t) {
      to.add(new Answer.Failed(Status.fromThrowable(t).asRuntimeException()));
    }

    @Override
    public void onCompleted() {
      to.add(new Answer.Failed(unavailable("the drain has ended")));
    }
  }
}
