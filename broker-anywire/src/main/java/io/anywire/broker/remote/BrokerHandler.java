package io.anywire.broker.remote;

import io.anywire.Drainable;
import io.anywire.broker.Broker;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.remote.v1.BrokerServiceGrpc;
import io.anywire.broker.remote.v1.ChooseRequest;
import io.anywire.broker.remote.v1.ChooseResponse;
import io.anywire.broker.remote.v1.DeadLetter;
import io.anywire.broker.remote.v1.DeadLetterCount;
import io.anywire.broker.remote.v1.DeadLetterSelection;
import io.anywire.broker.remote.v1.DrainRequest;
import io.anywire.broker.remote.v1.DrainResponse;
import io.anywire.broker.remote.v1.GetCapabilitiesRequest;
import io.anywire.broker.remote.v1.GetCapabilitiesResponse;
import io.anywire.broker.remote.v1.GetResultRequest;
import io.anywire.broker.remote.v1.GetResultResponse;
import io.anywire.broker.remote.v1.GetStateRequest;
import io.anywire.broker.remote.v1.ListDeadLettersRequest;
import io.anywire.broker.remote.v1.ListSubscriptionsRequest;
import io.anywire.broker.remote.v1.ListSubscriptionsResponse;
import io.anywire.broker.remote.v1.ListTopicsRequest;
import io.anywire.broker.remote.v1.OpenInboxRequest;
import io.anywire.broker.remote.v1.OpenInboxResponse;
import io.anywire.broker.remote.v1.PeekRequest;
import io.anywire.broker.remote.v1.PublishRequest;
import io.anywire.broker.remote.v1.PublishResponse;
import io.anywire.broker.remote.v1.PurgeRequest;
import io.anywire.broker.remote.v1.PurgeResponse;
import io.anywire.broker.remote.v1.PutRequest;
import io.anywire.broker.remote.v1.PutResponse;
import io.anywire.broker.remote.v1.PutResultRequest;
import io.anywire.broker.remote.v1.PutResultResponse;
import io.anywire.broker.remote.v1.SeekRequest;
import io.anywire.broker.remote.v1.SeekResponse;
import io.anywire.broker.remote.v1.SubscribeRequest;
import io.anywire.broker.remote.v1.SubscribeResponse;
import io.anywire.broker.remote.v1.SubscriptionState;
import io.anywire.broker.remote.v1.TailRequest;
import io.anywire.broker.remote.v1.TailResponse;
import io.anywire.broker.remote.v1.Topic;
import io.anywire.broker.remote.v1.Waiting;
import io.anywire.call.Bytes;
import io.anywire.call.Failures;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Serves a broker to other processes. Everything a client opens ends with its call; what a client
 * that died had in flight is delivered again. Thread-safe.
 */
public final class BrokerHandler
    implements BrokerServiceGrpc.AsyncService, BindableService, Drainable {
  /** What a message may have besides its payload: attributes, headers, topic. */
  static final int ENVELOPE_BYTES = 64 << 10;

  /** What one message of gRPC carries, less its envelope. */
  private static final int MAX_MESSAGE_BYTES = Bytes.DEFAULT_MAX_MESSAGE_SIZE - ENVELOPE_BYTES;

  private static final Duration LEASE = Duration.ofSeconds(30);

  private final Broker broker;
  private final Duration lease;
  private final ClientLimits limits;
  private final Client.All clients;
  private final Lasting.All lasting = new Lasting.All();
  private final Map<String, ServedPublisher> publishers = new ConcurrentHashMap<>();

  /** Serves {@code broker}, which stays the caller's to close. */
  public BrokerHandler(Broker broker) {
    this(broker, LEASE);
  }

  /**
   * Serves {@code broker}, which stays the caller's to close.
   *
   * @param lease how long a subscriber may be silent before what it has in flight is delivered to
   *     others; 30 s where nothing is said
   */
  public BrokerHandler(Broker broker, Duration lease) {
    this(broker, lease, ClientLimits.DEFAULT);
  }

  /** The same with other limits of one connection; beyond them is {@code RESOURCE_EXHAUSTED}. */
  public BrokerHandler(Broker broker, ClientLimits limits) {
    this(broker, LEASE, limits);
  }

  BrokerHandler(Broker broker, Duration lease, ClientLimits limits) {
    this.broker = broker;
    this.lease = lease;
    this.limits = limits;
    this.clients = new Client.All(limits);
  }

  /** The service, which knows its clients apart. */
  @Override
  public ServerServiceDefinition bindService() {
    return ServerInterceptors.intercept(BrokerServiceGrpc.bindService(this), clients);
  }

  @Override
  public void getCapabilities(
      GetCapabilitiesRequest request, StreamObserver<GetCapabilitiesResponse> out) {
    answer(out, Translation.capabilities(broker.capabilities(), MAX_MESSAGE_BYTES, limits));
  }

  @Override
  public StreamObserver<PublishRequest> publish(StreamObserver<PublishResponse> out) {
    return new ServedPublisher(
        broker,
        (ServerCallStreamObserver<PublishResponse>) out,
        clients.enter(),
        lasting,
        publishers);
  }

  @Override
  public StreamObserver<SubscribeRequest> subscribe(StreamObserver<SubscribeResponse> out) {
    return new ServedSubscription(
        broker, (ServerCallStreamObserver<SubscribeResponse>) out, clients.enter(), lasting, lease);
  }

  @Override
  public void openInbox(OpenInboxRequest request, StreamObserver<OpenInboxResponse> out) {
    ServedInbox.open(
        broker, (ServerCallStreamObserver<OpenInboxResponse>) out, clients.enter(), lasting);
  }

  @Override
  public void listTopics(ListTopicsRequest request, StreamObserver<Topic> out) {
    answerAll(out, operations().topics());
  }

  @Override
  public void listSubscriptions(
      ListSubscriptionsRequest request, StreamObserver<ListSubscriptionsResponse> out) {
    answer(out, operations().subscriptions(request));
  }

  @Override
  public void getState(GetStateRequest request, StreamObserver<SubscriptionState> out) {
    answer(out, operations().state(request));
  }

  @Override
  public void peek(PeekRequest request, StreamObserver<Waiting> out) {
    answerAll(out, operations().peek(request));
  }

  @Override
  public void purge(PurgeRequest request, StreamObserver<PurgeResponse> out) {
    answer(out, operations().purge(request));
  }

  @Override
  public void seek(SeekRequest request, StreamObserver<SeekResponse> out) {
    answer(out, operations().seek(request));
  }

  @Override
  public void tail(TailRequest request, StreamObserver<TailResponse> out) {
    ServedTail.open(
        broker.operations(), request, (ServerCallStreamObserver<TailResponse>) out, lasting);
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> out) {
    answer(
        out,
        broker
            .operations()
            .put(
                Translation.topic(request.getTopic()),
                request.getSubscription(),
                request.getMessagesList().stream().map(Translation::stored).toList()),
        done -> PutResponse.getDefaultInstance());
  }

  @Override
  public StreamObserver<DrainRequest> drain(StreamObserver<DrainResponse> out) {
    return new ServedDrain(
        broker.operations(), (ServerCallStreamObserver<DrainResponse>) out, lasting);
  }

  @Override
  public void putResult(PutResultRequest request, StreamObserver<PutResultResponse> out) {
    answer(
        out,
        broker
            .results()
            .put(
                request.getId(),
                Translation.message(request.getValue()),
                Translation.duration(request.getKeep())),
        done -> PutResultResponse.getDefaultInstance());
  }

  @Override
  public void choose(ChooseRequest request, StreamObserver<ChooseResponse> out) {
    Duration keep = Translation.duration(request.getKeep());
    answer(
        out,
        broker.results().choose(request.getId(), request.getChoice(), keep),
        stands -> ChooseResponse.newBuilder().setStands(stands).build());
  }

  @Override
  public void getResult(GetResultRequest request, StreamObserver<GetResultResponse> out) {
    answer(
        out,
        broker.results().get(request.getId()),
        found -> {
          GetResultResponse.Builder response = GetResultResponse.newBuilder();
          found.map(Translation::message).ifPresent(response::setValue);
          return response.build();
        });
  }

  @Override
  public void listDeadLetters(ListDeadLettersRequest request, StreamObserver<DeadLetter> out) {
    answerAll(
        out,
        deadLetters(request.getTopic(), request.getSubscription()).list(request.getMax()).stream()
            .map(Translation::deadLetter)
            .toList());
  }

  @Override
  public void replayDeadLetters(DeadLetterSelection which, StreamObserver<DeadLetterCount> out) {
    Set<String> ids = Set.copyOf(which.getIdsList());
    answer(
        out,
        count(
            deadLetters(which.getTopic(), which.getSubscription())
                .replay(letter -> ids.contains(letter.message().id()))));
  }

  @Override
  public void purgeDeadLetters(DeadLetterSelection which, StreamObserver<DeadLetterCount> out) {
    Set<String> ids = Set.copyOf(which.getIdsList());
    answer(
        out,
        count(
            deadLetters(which.getTopic(), which.getSubscription())
                .purge(letter -> ids.contains(letter.message().id()))));
  }

  /** Ends the streams of all clients; what they had in flight goes back. */
  @Override
  public void drain() {
    lasting.drain();
  }

  /** What a client is told whose stream is ended from here. */
  static StatusRuntimeException stopping() {
    return Status.UNAVAILABLE.withDescription("the broker is stopping").asRuntimeException();
  }

  private ServedOperations operations() {
    return new ServedOperations(broker.operations());
  }

  private DeadLetters deadLetters(Topic topic, String subscription) {
    return broker.deadLetters(Translation.topic(topic), subscription);
  }

  private static DeadLetterCount count(int count) {
    return DeadLetterCount.newBuilder().setCount(count).build();
  }

  private static <T> void answer(StreamObserver<T> out, T answer) {
    out.onNext(answer);
    out.onCompleted();
  }

  private static <T> void answerAll(StreamObserver<T> out, List<T> answers) {
    answers.forEach(out::onNext);
    out.onCompleted();
  }

  private static <A, T> void answer(
      StreamObserver<T> out, CompletionStage<A> stage, Function<A, T> translation) {
    Consumer<A> answering = value -> answer(out, translation.apply(value));
    stage.whenComplete((value, failure) -> {
      if (failure == null) {
        answering.accept(value);
      } else {
        out.onError(
            Failures.exception(Failures.rpcStatusOf(failure, BrokerServiceGrpc.SERVICE_NAME)));
      }
    });
  }
}
