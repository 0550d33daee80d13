package io.anywire.http.rest;

import io.anywire.call.Failures;
import io.anywire.http.cache.Received;
import io.anywire.http.connect.ConnectError;
import io.anywire.http.rest.JsonLines.Line;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the response to one request and reports what it means for the call. A response that a
 * {@link RestServer} wrote, or to a call by name any Connect server, is read back as it was meant;
 * one that somebody else wrote is told by its HTTP status.
 */
final class RestAnswer<RespT> implements BodyHandler<byte[]> {
  private final RestBinding<?, RespT> binding;
  private final RequestWriter.Written request;
  private final StreamForm form;
  private final Representation lines;
  private final int limit;
  private final PieceBody pieces;
  private final Receiver<RespT> call;
  private final Metadata trailers = new Metadata();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile @Nullable ResponseInfo info;
  private volatile boolean streaming;

  /** What is told: headers, messages, and the end. */
  record Receiver<RespT>(
      Consumer<Metadata> headers,
      Consumer<Supplier<RespT>> message,
      BiConsumer<Status, Metadata> closed) {}

  RestAnswer(
      RestBinding<?, RespT> binding,
      RequestWriter.Written request,
      int limit,
      long wanted,
      Receiver<RespT> call) {
    this.binding = binding;
    this.request = request;
    this.form = request.byName() ? StreamForm.ENVELOPES : StreamForm.LINES;
    this.lines = new JsonRepresentation(binding.codec());
    this.limit = limit;
    this.call = call;
    pieces = new PieceBody(form, limit, wanted, this::piece);
  }

  @Override
  public BodySubscriber<byte[]> apply(ResponseInfo response) {
    head(response);
    if (response.statusCode() == 200 && isStream(response)) {
      streaming = true;
      return pieces;
    }
    return new WholeBody(limit);
  }

  /** A response that is here as a whole, as one from the cache is. */
  void whole(Received received) {
    head(new Head(received.status(), received.headers(), HttpClient.Version.HTTP_1_1));
    if (received.body().length > limit) {
      end(Connections.status("", WholeBody.tooLarge("response", limit)));
    } else {
      complete(received.body());
    }
  }

  private record Head(int statusCode, HttpHeaders headers, HttpClient.Version version)
      implements ResponseInfo {}

  private void head(ResponseInfo response) {
    info = response;
    Metadata headers = new Metadata();
    try {
      response.headers().map().forEach((name, all) -> all.forEach(v -> header(headers, name, v)));
    } catch (IllegalArgumentException e) {
      end(Status.INTERNAL.withDescription("a response header: " + e.getMessage()));
    }
    call.headers().accept(headers);
  }

  /** Whether something of the response is here. */
  boolean hasBegun() {
    return info != null;
  }

  /** Lets so many messages more come in. */
  void want(int messages) {
    pieces.want(messages);
  }

  /** The exchange is complete. */
  void complete(byte[] body) {
    ResponseInfo response = info;
    if (response == null) {
      throw new IllegalStateException("a body without a head");
    }
    int status = response.statusCode();
    if (streaming) {
      end(Status.UNAVAILABLE.withDescription("the stream ended without its end mark"));
    } else if (is(response, Problem.MEDIA_TYPE)) {
      Problem.read(body, binding.codec())
          .ifPresentOrElse(problem -> end(problem, trailers), () -> end(foreign(response)));
    } else if (request.byName() && status != 200 && is(response, ConnectError.MEDIA_TYPE)) {
      ConnectError.read(body)
          .ifPresentOrElse(error -> end(error, trailers), () -> end(foreign(response)));
    } else if (status == 204 || (status >= 200 && status < 300 && isInForm(response))) {
      succeed(body);
    } else {
      end(foreign(response));
    }
  }

  /** The exchange failed. */
  void fail(Status status) {
    end(status);
  }

  private void succeed(byte[] body) {
    if (binding.contract().serverStreams()) {
      end(Status.INTERNAL.withDescription("one message (expected: " + form.mediaType() + ")"));
      return;
    }
    if (!ended.get()) {
      call.message()
          .accept(() -> binding.read(request.form().form(), body, request.responseBody()));
      end(Status.OK);
    }
  }

  private void piece(byte[] piece) {
    if (ended.get()) {
      return;
    }
    Optional<Line> read = form.read(piece, binding.codec());
    if (read.isEmpty()) {
      Status bad =
          Status.INTERNAL.withDescription(
              "a piece of the stream that is no result, end or error (" + form + ")");
      end(bad);
      pieces.stop(bad.asRuntimeException());
      return;
    }
    switch (read.get()) {
      case Line.Result(byte[] json) ->
          call.message().accept(() -> binding.read(lines, json, request.responseBody()));
      case Line.End(Metadata sent) -> {
        trailers.merge(sent);
        end(Status.OK);
        pieces.drain();
      }
      case Line.Failure(com.google.rpc.Status status, Metadata sent) -> {
        trailers.merge(sent);
        end(status, trailers);
        pieces.drain();
      }
    }
  }

  private void header(Metadata headers, String name, String value) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith(HeaderMetadata.TRAILER)) {
      HeaderMetadata.add(trailers, lower.substring(HeaderMetadata.TRAILER.length()), value);
    } else {
      HeaderMetadata.add(headers, lower, value);
    }
  }

  private void end(com.google.rpc.Status problem, Metadata sent) {
    StatusRuntimeException e = Failures.exception(problem);
    Metadata details = e.getTrailers();
    if (details != null && problem.getDetailsCount() > 0) {
      sent.merge(details);
    }
    String text = problem.getMessage();
    end(e.getStatus().withDescription(text.isEmpty() ? null : text));
  }

  private void end(Status status) {
    if (ended.compareAndSet(false, true)) {
      call.closed().accept(status, trailers);
    }
  }

  private boolean isStream(ResponseInfo response) {
    return binding.contract().serverStreams() && is(response, form.mediaType());
  }

  private static boolean is(ResponseInfo response, String mediaType) {
    return MediaTypes.is(response.headers().firstValue("content-type").orElse(""), mediaType);
  }

  /** By any of its names: one that was not asked for is no less what it says. */
  private boolean isInForm(ResponseInfo response) {
    return is(response, request.form().mediaType())
        || request.form().form().mediaTypes().stream().anyMatch(type -> is(response, type));
  }

  private Status foreign(ResponseInfo response) {
    int status = response.statusCode();
    String type = response.headers().firstValue("content-type").orElse("no content-type");
    return Status.fromCode(HttpStatuses.ofForeign(status))
        .withDescription(
            "HTTP %d %s, %s (expected: %s of the method)"
                .formatted(status, HttpStatuses.title(status), type, request.form().mediaType()));
  }
}
