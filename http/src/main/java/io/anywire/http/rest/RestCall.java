package io.anywire.http.rest;

import io.anywire.call.Bytes;
import io.anywire.call.OutboundCall;
import io.anywire.call.Threads;
import io.anywire.http.cache.CachingClient;
import io.anywire.http.cache.Received;
import io.anywire.http.connect.ConnectHeaders;
import io.anywire.http.rest.RequestWriter.Written;
import io.anywire.wire.Explanation;
import io.grpc.CallOptions;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A call that goes out by REST: one HTTP request, and its response read by {@link RestAnswer}. */
final class RestCall<ReqT, RespT> extends OutboundCall<ReqT, RespT> {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final String ENVELOPED = StreamForm.ENVELOPES.mediaType();
  private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 2000;

  private final RestChannel channel;
  private final Optional<RestBinding<ReqT, RespT>> binding;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private boolean over;
  private long wanted;
  private @Nullable CompletableFuture<?> exchange;
  private @Nullable RestAnswer<RespT> answer;

  // Touched while the base tells what to do, one thing at a time.
  private Metadata headers = new Metadata();
  private @Nullable Deadline deadline;
  private @Nullable Written written;
  private boolean refused;

  RestCall(
      RestChannel channel,
      MethodDescriptor<ReqT, RespT> method,
      CallOptions options,
      Optional<RestBinding<ReqT, RespT>> binding) {
    super(method, options);
    this.channel = channel;
    this.binding = binding;
  }

  @Override
  protected void open(Metadata sent, @Nullable Deadline until) {
    headers = sent;
    deadline = until;
    Explanation.say(
        options(), "wire", "REST over " + channel.options().versionName() + " to " + channel.url());
    String name = method().getFullMethodName();
    if (binding.isEmpty()) {
      refuse(name + " is not described by protobuf, so REST cannot carry it");
    } else if (!method().getType().clientSendsOneMessage()) {
      refuse(name + " takes a stream, which REST cannot carry");
    }
  }

  private void refuse(String why) {
    refused = true;
    closed(Status.UNIMPLEMENTED.withDescription(why), new Metadata());
  }

  @Override
  protected void write(ReqT message) {
    if (refused) {
      return;
    }
    if (written != null) {
      throw Status.INTERNAL
          .withDescription("Too many requests (expected: 1) for " + method().getFullMethodName())
          .asRuntimeException();
    }
    Written request = binding.orElseThrow().write(message);
    Integer limit = options().getMaxOutboundMessageSize();
    int size = request.body().map(body -> body.length).orElse(0);
    if (limit != null && size > limit) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription("request of " + size + " bytes (expected: <= " + limit + ")")
          .asRuntimeException();
    }
    written = request;
  }

  @Override
  protected void writeEnd() {
    Written request = written;
    if (refused) {
      return;
    }
    if (request == null) {
      closed(
          Status.INTERNAL.withDescription("No request for " + method().getFullMethodName()),
          new Metadata());
      return;
    }
    explain(request);
    send(request, 1);
  }

  @Override
  protected void read(int messages) {
    RestAnswer<RespT> to;
    lock.lock();
    try {
      wanted += messages;
      to = answer;
    } finally {
      lock.unlock();
    }
    if (to != null) {
      to.want(messages);
    }
  }

  @Override
  protected void abort(Status reason) {
    CompletableFuture<?> running;
    lock.lock();
    try {
      over = true;
      running = exchange;
    } finally {
      lock.unlock();
    }
    if (running != null) {
      running.cancel(true);
      Explanation.say(options(), "attempt", "broken off: " + reason.getCode());
    }
  }

  @Override
  protected String authority() {
    return channel.authority();
  }

  @Override
  protected SecurityLevel securityLevel() {
    return channel.url().tls() ? SecurityLevel.PRIVACY_AND_INTEGRITY : SecurityLevel.NONE;
  }

  @Override
  public boolean isReady() {
    return !refused;
  }

  private void send(Written request, int attempt) {
    long began = System.nanoTime();
    HttpRequest message = message(request);
    RestAnswer<RespT> reading;
    CachingClient.Sent fromCache = null;
    CompletableFuture<HttpResponse<byte[]>> sent = null;
    lock.lock();
    try {
      if (over) {
        return;
      }
      reading =
          new RestAnswer<>(
              binding.orElseThrow(),
              request,
              limit(),
              wanted,
              new RestAnswer.Receiver<>(this::headers, this::message, this::closed));
      answer = reading;
      if (isCacheable(request)) {
        int limit = limit();
        fromCache = channel.cache().orElseThrow().get(message, head -> new WholeBody(limit));
        exchange = fromCache.exchange();
      } else {
        sent = channel.http().sendAsync(message, reading);
        exchange = sent;
      }
    } finally {
      lock.unlock();
    }
    // An answer from the cache is here already, and its callbacks are not for under the lock.
    Attempt number = new Attempt(request, attempt, began);
    if (fromCache != null) {
      fromCache
          .response()
          .whenComplete((received, failure) -> received(number, reading, received, failure));
    } else if (sent != null) {
      sent.whenComplete((response, failure) -> {
        forget(message, response, failure);
        if (failure != null) {
          failed(number, reading, failure);
        } else if (!isOver()) {
          explain(number, "HTTP " + response.statusCode());
          reading.complete(response.body());
        }
      });
    }
  }

  /** One try to send a request. */
  private record Attempt(Written request, int number, long began) {}

  private boolean isCacheable(Written request) {
    return request.verb().equals("GET")
        && method().getType().serverSendsOneMessage()
        && channel.cache().isPresent();
  }

  private void received(
      Attempt attempt, RestAnswer<RespT> reading, Received received, @Nullable Throwable failure) {
    if (failure != null) {
      failed(attempt, reading, failure);
    } else if (!isOver()) {
      Explanation.say(options(), "cache", received.told());
      if (received.asked()) {
        explain(attempt, "HTTP " + received.status());
      }
      reading.whole(received);
    }
  }

  private void failed(Attempt attempt, RestAnswer<RespT> reading, Throwable failure) {
    if (isOver()) {
      return;
    }
    if (Connections.isUnreachable(failure) && options().isWaitForReady()) {
      explain(attempt, "not reachable");
      again(attempt.request(), attempt.number());
    } else if (isRepeated(attempt, reading, failure)) {
      explain(attempt, "broken off, sent again: " + Connections.reason(failure));
      send(attempt.request(), attempt.number() + 1);
    } else {
      explain(attempt, "failed: " + Connections.reason(failure));
      reading.fail(Connections.status(channel.base(), failure));
    }
  }

  /**
   * A server may close a connection in the moment in which it is used again. What changes nothing
   * when it is done twice is then sent once more.
   */
  private boolean isRepeated(Attempt attempt, RestAnswer<RespT> reading, Throwable failure) {
    boolean harmless =
        SAFE.contains(attempt.request().verb()) || method().isSafe() || method().isIdempotent();
    return attempt.number() == 1
        && harmless
        && !reading.hasBegun()
        && Connections.isBrokenOff(failure);
  }

  /** Lets the cache forget what this request may have changed, whether or not anybody waits. */
  private void forget(
      HttpRequest message, @Nullable HttpResponse<?> response, @Nullable Throwable failure) {
    boolean safe = SAFE.contains(message.method());
    boolean refused =
        response != null && response.statusCode() >= 400 && response.statusCode() < 500;
    boolean unsent = failure != null && Connections.isUnreachable(failure);
    if (!safe && !refused && !unsent) {
      channel
          .cache()
          .ifPresent(cache -> {
            cache.written(message.uri());
            if (response != null) {
              cache.written(message.uri(), response.headers());
            }
          });
    }
  }

  /** Then the base has told the end itself. */
  private boolean isOver() {
    lock.lock();
    try {
      return over;
    } finally {
      lock.unlock();
    }
  }

  private void again(Written request, int attempt) {
    long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt, 10));
    var unused =
        Threads.timerThread()
            .schedule(
                () -> Threads.VIRTUAL.execute(() -> send(request, attempt + 1)),
                pause,
                TimeUnit.MILLISECONDS);
  }

  private HttpRequest message(Written request) {
    HttpRequest.Builder message =
        HttpRequest.newBuilder(URI.create(channel.base() + request.target()))
            .method(
                request.verb(),
                request.body().map(BodyPublishers::ofByteArray).orElseGet(BodyPublishers::noBody))
            .setHeader("user-agent", channel.userAgent())
            .setHeader("accept", accepted(request));
    if (request.byName()) {
      message.setHeader(ConnectHeaders.VERSION, "1");
    }
    if (request.body().isPresent()) {
      message.setHeader(
          "content-type", isEnveloped(request) ? ENVELOPED : request.form().mediaType());
    }
    if (!headers.containsKey(AUTHORIZATION)) {
      channel.authorization().ifPresent(value -> message.setHeader("authorization", value));
    }
    if (deadline != null) {
      timeout(request, deadline.timeRemaining(TimeUnit.NANOSECONDS), message);
    }
    HeaderMetadata.forEach(headers, message::header);
    return message.build();
  }

  private static void timeout(Written request, long nanos, HttpRequest.Builder message) {
    if (request.byName()) {
      message.setHeader(ConnectHeaders.TIMEOUT, ConnectHeaders.timeout(nanos));
    } else {
      message.setHeader(GrpcTimeout.NAME, GrpcTimeout.format(nanos));
    }
  }

  private String accepted(Written request) {
    if (isEnveloped(request)) {
      return ENVELOPED;
    }
    String body =
        method().getType().serverSendsOneMessage()
            ? request.form().mediaType()
            : MediaTypes.JSON_LINES;
    return body + ", " + Problem.MEDIA_TYPE;
  }

  private boolean isEnveloped(Written request) {
    return request.byName() && !method().getType().serverSendsOneMessage();
  }

  private int limit() {
    Integer limit = options().getMaxInboundMessageSize();
    return limit == null ? Bytes.DEFAULT_MAX_MESSAGE_SIZE : limit;
  }

  private void explain(Written request) {
    CallOptions options = options();
    if (options.getOption(Explanation.LISTENER) == null) {
      return;
    }
    String left = deadline == null ? "none" : deadline.timeRemaining(TimeUnit.MILLISECONDS) + " ms";
    Explanation.say(
        options, "route", request.route() + " as " + request.verb() + " " + request.target());
    Explanation.say(options, "codec", request.form().mediaType());
    Explanation.say(
        options,
        "policy",
        "idempotency "
            + binding.orElseThrow().contract().idempotency()
            + ", deadline "
            + left
            + ", no retries");
  }

  private void explain(Attempt attempt, String outcome) {
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - attempt.began());
    Explanation.say(
        options(), "attempt", attempt.number() + ": " + outcome + " in " + millis + " ms");
  }
}
