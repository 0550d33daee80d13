package io.anywire.broker.remote;

import io.anywire.broker.Message;
import io.anywire.broker.Publication;
import io.anywire.broker.Topic;
import io.anywire.broker.remote.v1.BrokerServiceGrpc.BrokerServiceStub;
import io.anywire.broker.remote.v1.PublishRequest;
import io.anywire.broker.remote.v1.PublishResponse;
import io.anywire.call.Failures;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes over one stream, opened when it is first needed and again after it broke. What was not
 * answered when it broke is sent again over the next, before anything else and in its order; when
 * that does not succeed in time it fails {@code UNAVAILABLE}, as do calls at once: whether the
 * broker took it is then unknown. Callers wait for a place while too much is unanswered.
 * Thread-safe.
 */
final class RemotePublisher implements AutoCloseable {
  private static final int OVERHEAD_BYTES = 256;

  /** What a message of gRPC takes around a publication. */
  private static final int FRAME_BYTES = 16;

  /**
   * How much may be unanswered, as the broker says.
   *
   * @param publications how many
   * @param bytes of their payloads
   */
  record Room(int publications, long bytes) {}

  /** The same in all streams; a broker that sees a new one takes nothing more from the old. */
  private final String name = UUID.randomUUID().toString();

  private final BrokerServiceStub stub;
  private final Room most;
  private final Duration repeat;
  private final Consumer<Message> check;
  private final int maxRequestBytes;
  private final Semaphore places;
  private final Semaphore kibibytes;
  private final AtomicLong lastSequence = new AtomicLong();
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable Stream stream;
  private volatile boolean closed;

  /** What the stream that broke had not answered, in its order; {@link #openStream} takes it. */
  private final ConcurrentSkipListMap<Long, Unanswered> lost = new ConcurrentSkipListMap<>();

  private final Reconnecting reconnecting = new Reconnecting(this::repeatLost);
  private final AtomicBoolean repeating = new AtomicBoolean();

  /**
   * @param repeat for how long what was lost is sent again
   * @param check throws when the broker would not take a message
   * @param maxRequestBytes what the broker takes; it would end the stream for more, and everybody's
   *     publications with it
   */
  RemotePublisher(
      BrokerServiceStub stub,
      Room most,
      Duration repeat,
      Consumer<Message> check,
      int maxRequestBytes) {
    this.stub = stub;
    this.most = most;
    this.repeat = repeat;
    this.check = check;
    this.maxRequestBytes = maxRequestBytes;
    this.places = new Semaphore(most.publications());
    this.kibibytes = new Semaphore((int) Math.min(Integer.MAX_VALUE, most.bytes() >> 10));
  }

  /** Publishes all, together as far as there is room for them. */
  List<CompletionStage<Void>> publishAll(List<Publication> publications) {
    List<CompletionStage<Void>> answers = new ArrayList<>(publications.size());
    List<Runnable> together = new ArrayList<>();
    for (Publication publication : publications) {
      answers.add(publish(publication, together));
    }
    flush(together);
    return answers;
  }

  CompletionStage<Void> publish(Publication publication) {
    List<Runnable> alone = new ArrayList<>(1);
    CompletionStage<Void> answer = publish(publication, alone);
    alone.forEach(Runnable::run);
    return answer;
  }

  void send(String inbox, Message message) {
    var publication =
        io.anywire.broker.remote.v1.Publication.newBuilder()
            .setInbox(inbox)
            .setMessage(Translation.message(message))
            .build();
    openStream().send(fitting(publication), message.payload().size());
  }

  @Override
  public void close() {
    opening.lock();
    try {
      closed = true;
      Stream open = stream;
      if (open != null) {
        open.complete();
      }
    } finally {
      opening.unlock();
    }
    failLost();
  }

  /**
   * @param together gets what sends it; may be flushed before
   */
  private CompletionStage<Void> publish(Publication publication, List<Runnable> together) {
    int bytes = publication.message().payload().size();
    try {
      check.accept(publication.message());
      Unanswered unanswered = new Unanswered(publication, 1 + (bytes >> 10));
      awaitRoom(unanswered, publication.patience(), together);
      together.add(() -> send(unanswered));
      return unanswered.answer;
    } catch (StatusRuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void send(Unanswered unanswered) {
    try {
      openStream().publish(lastSequence.incrementAndGet(), unanswered);
    } catch (RuntimeException e) {
      fail(unanswered, e);
    }
  }

  private void flush(List<Runnable> together) {
    Stream open = stream;
    if (open == null || together.size() == 1) {
      together.forEach(Runnable::run);
    } else {
      open.requests().together(() -> together.forEach(Runnable::run));
    }
    together.clear();
  }

  private io.anywire.broker.remote.v1.Publication fitting(
      io.anywire.broker.remote.v1.Publication publication) {
    int size = publication.getSerializedSize();
    if (size > maxRequestBytes - FRAME_BYTES) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription(
              "message: "
                  + size
                  + " bytes with headers (expected: <= "
                  + (maxRequestBytes - FRAME_BYTES)
                  + ")")
          .asRuntimeException();
    }
    return publication;
  }

  /** The stream, after all that was lost before. */
  private Stream openStream() {
    Stream open = stream;
    if (open != null && !closed && lost.isEmpty()) {
      return open;
    }
    opening.lock();
    try {
      if (closed) {
        throw Status.UNAVAILABLE.withDescription("the broker has been closed").asRuntimeException();
      }
      Stream there = stream == null ? opened() : stream;
      there.repeat();
      return there;
    } finally {
      opening.unlock();
    }
  }

  private Stream opened() {
    Stream fresh = new Stream();
    // Apart from the context of whoever publishes first: the stream outlives it.
    Context.ROOT.run(() -> stub.publish(fresh));
    if (!fresh.over) {
      stream = fresh;
    }
    return fresh;
  }

  private void repeatLater() {
    if (!lost.isEmpty() && !repeating.getAndSet(true)) {
      reconnecting.later();
    }
  }

  private void repeatLost() {
    repeating.set(false);
    failLost();
    if (!lost.isEmpty()) {
      try {
        Stream unused = openStream();
      } catch (StatusRuntimeException e) {
        failLost(); // For it was closed meanwhile.
      }
    }
  }

  /** Those that are not sent again any more. */
  private void failLost() {
    lost.forEach((sequence, waiting) -> {
      if ((closed || waiting.isLate()) && lost.remove(sequence, waiting)) {
        fail(waiting, lost(null));
      }
    });
  }

  /** What is to be sent goes first where there is no room: its answers make some. */
  private void awaitRoom(Unanswered unanswered, Duration patience, List<Runnable> together) {
    long until = System.nanoTime() + patience.toNanos();
    await(places, 1, until, together);
    try {
      await(kibibytes, unanswered.kibibytes, until, together);
    } catch (StatusRuntimeException e) {
      places.release();
      throw e;
    }
  }

  private void await(Semaphore room, int permits, long until, List<Runnable> together) {
    if (room.tryAcquire(permits)) {
      return;
    }
    flush(together);
    try {
      if (!room.tryAcquire(permits, until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw Status.RESOURCE_EXHAUSTED
            .withDescription(
                "no answer in time to %d publications or %d bytes"
                    .formatted(most.publications(), most.bytes()))
            .asRuntimeException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").withCause(e).asRuntimeException();
    }
  }

  private void succeed(Unanswered unanswered) {
    leave(unanswered);
    unanswered.answer.complete(null);
  }

  private void fail(Unanswered unanswered, Throwable why) {
    leave(unanswered);
    unanswered.answer.completeExceptionally(why);
  }

  private void leave(Unanswered unanswered) {
    places.release();
    kibibytes.release(unanswered.kibibytes);
  }

  /** One publication. Lost by one thread at a time. */
  private static final class Unanswered {
    private final Publication publication;
    private final int kibibytes;
    private final CompletableFuture<Void> answer = new CompletableFuture<>();
    private final long begun = System.nanoTime();
    private volatile long until;
    private volatile boolean wasLost;

    Unanswered(Publication publication, int kibibytes) {
      this.publication = publication;
      this.kibibytes = kibibytes;
    }

    /**
     * It was lost for the first time.
     *
     * @return whether it is sent again; a call never is: whoever makes it is told, and decides
     */
    boolean lost(Duration repeat) {
      long now = System.nanoTime();
      long patience = publication.patience().toNanos() - (now - begun);
      until = now + Math.min(repeat.toNanos(), patience);
      wasLost = publication.topic().kind() != Topic.Kind.CALLS && !isLate();
      return wasLost;
    }

    boolean isLate() {
      return System.nanoTime() - until >= 0;
    }
  }

  /** One stream and what it has not answered yet. */
  private final class Stream implements ClientResponseObserver<PublishRequest, PublishResponse> {
    private final Map<Long, Unanswered> unanswered = new ConcurrentHashMap<>();
    private @Nullable ClientCallStreamObserver<PublishRequest> call;
    private @Nullable Batching<PublishRequest.Builder> requests;
    private boolean named;
    private volatile boolean connected;
    private volatile boolean over;

    @Override
    public void beforeStart(ClientCallStreamObserver<PublishRequest> started) {
      call = started;
      requests = new Batching<>(started, this::request, PublishRequest.Builder::build);
      started.setOnReadyHandler(requests::ready);
    }

    Batching<PublishRequest.Builder> requests() {
      return Objects.requireNonNull(requests);
    }

    void complete() {
      requests().endAfterAll(Objects.requireNonNull(call)::onCompleted);
    }

    /** Begins a request, which is when the connection takes one. */
    private PublishRequest.Builder request() {
      connected = true;
      PublishRequest.Builder request = PublishRequest.newBuilder();
      if (!named) {
        named = true;
        request.setPublisher(name);
      }
      return request;
    }

    /** Sends what was lost. */
    void repeat() {
      if (lost.isEmpty()) {
        return;
      }
      Map<Long, Unanswered> again = new TreeMap<>();
      for (var first = lost.pollFirstEntry(); first != null; first = lost.pollFirstEntry()) {
        again.put(first.getKey(), first.getValue());
      }
      requests().together(() -> again.forEach(this::publish));
    }

    void publish(long sequence, Unanswered waiting) {
      Publication publication = waiting.publication;
      var request =
          fitting(
              io.anywire.broker.remote.v1.Publication.newBuilder()
                  .setSequence(sequence)
                  .setTopic(Translation.topic(publication.topic()))
                  .setDelay(Translation.duration(publication.delay()))
                  .setMessage(Translation.message(publication.message()))
                  .build());
      unanswered.put(sequence, waiting);
      send(request, publication.message().payload().size());
      if (over && unanswered.remove(sequence, waiting)) {
        if (isSentAgain(waiting)) {
          lost.put(sequence, waiting);
          repeatLater();
        } else {
          fail(waiting, lost(null));
        }
      }
    }

    void send(io.anywire.broker.remote.v1.Publication publication, int bytes) {
      requests().add(OVERHEAD_BYTES + bytes, request -> request.addPublications(publication));
    }

    @Override
    public void onNext(PublishResponse response) {
      reconnecting.succeeded();
      for (long sequence : response.getTakenList()) {
        Unanswered taken = unanswered.remove(sequence);
        if (taken != null) {
          succeed(taken);
        }
      }
      for (PublishResponse.Refused refused : response.getRefusedList()) {
        Unanswered failed = unanswered.remove(refused.getSequence());
        if (failed != null) {
          fail(failed, Failures.exception(refused.getFailure()));
        }
      }
    }

    @Override
    public void onError(Throwable t) {
      over(lost(t), Status.fromThrowable(t).getCode() == Status.Code.UNAVAILABLE);
    }

    @Override
    public void onCompleted() {
      over(
          Status.UNAVAILABLE.withDescription("the broker has been closed").asRuntimeException(),
          false);
    }

    /**
     * @param again whether what was lost may be sent again
     */
    private void over(StatusRuntimeException failure, boolean again) {
      over = true;
      List<Unanswered> failed = new ArrayList<>();
      opening.lock();
      try {
        unanswered.forEach((sequence, waiting) -> {
          if (unanswered.remove(sequence, waiting)) {
            if (again && isSentAgain(waiting)) {
              lost.put(sequence, waiting);
            } else {
              failed.add(waiting);
            }
          }
        });
        if (stream == this) {
          stream = null;
        }
      } finally {
        opening.unlock();
      }
      failed.forEach(waiting -> fail(waiting, failure));
      if (closed) {
        failLost();
      }
      repeatLater();
    }

    /** What a stream that never came about was the first to be given has not been sent. */
    private boolean isSentAgain(Unanswered waiting) {
      return waiting.wasLost || (connected && waiting.lost(repeat));
    }
  }

  private static StatusRuntimeException lost(@Nullable Throwable why) {
    return Status.UNAVAILABLE
        .withDescription("the connection to the broker was lost")
        .withCause(why)
        .asRuntimeException();
  }
}
