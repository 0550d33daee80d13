package io.anywire.conformance;

import io.anywire.call.Threads;
import io.grpc.Status;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.EmptyHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** gRPC-Web in its binary form over HTTP/1.1, by the JDK's client. */
final class GrpcWebTransport implements FramedTransport {
  private static final String CONTENT_TYPE = "application/grpc-web+proto";

  private final URI base;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .executor(Threads.VIRTUAL)
          .build();

  /** Calls a server at {@code http://host:port}. */
  GrpcWebTransport(String base) {
    this.base = URI.create(base);
  }

  @Override
  public String authority() {
    return base.getAuthority();
  }

  @Override
  public String contentType() {
    return CONTENT_TYPE;
  }

  @Override
  public boolean streamsRequests() {
    return false;
  }

  @Override
  public Exchange begin(String path, Http2Headers headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path)).header("x-grpc-web", "1");
    headers.forEach(h -> request.header(h.getKey().toString(), h.getValue().toString()));
    return new WebExchange(request);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private final class WebExchange implements Exchange {
    private final HttpRequest.Builder request;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final CompletableFuture<HttpResponse<InputStream>> head = new CompletableFuture<>();
    private volatile CompletableFuture<HttpResponse<InputStream>> running = head;

    WebExchange(HttpRequest.Builder request) {
      this.request = request;
    }

    @Override
    public void write(byte[] piece) {
      sent.writeBytes(piece);
    }

    @Override
    public void end() {
      HttpRequest whole = request.POST(BodyPublishers.ofByteArray(sent.toByteArray())).build();
      running = http.sendAsync(whole, BodyHandlers.ofInputStream());
      var unused =
          running.whenComplete((response, failure) -> {
            if (failure != null) {
              head.completeExceptionally(failure);
            } else if (!head.complete(response)) {
              close(response);
            }
          });
    }

    @Override
    public int status() throws IOException, InterruptedException {
      return response().statusCode();
    }

    @Override
    public Http2Headers headers() throws IOException, InterruptedException {
      Http2Headers headers = new DefaultHttp2Headers(false);
      response()
          .headers()
          .map()
          .forEach((name, values) ->
              values.forEach(value -> headers.add(name.toLowerCase(Locale.ROOT), value)));
      return headers;
    }

    @Override
    public InputStream body() throws IOException, InterruptedException {
      return response().body();
    }

    @Override
    public Http2Headers trailers() {
      return EmptyHttp2Headers.INSTANCE;
    }

    @Override
    public void cancel(Status reason) {
      if (!head.cancel(true) && !head.isCompletedExceptionally()) {
        close(head.join());
      }
      running.cancel(true);
    }

    private HttpResponse<InputStream> response() throws IOException, InterruptedException {
      try {
        return head.get();
      } catch (ExecutionException | CancellationException e) {
        throw new IOException(e);
      }
    }

    private static void close(HttpResponse<InputStream> response) {
      try {
        response.body().close();
      } catch (IOException e) {
        // Nobody waits for the rest of it.
        return;
      }
    }
  }
}
