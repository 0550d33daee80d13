package io.anywire.conformance;

import io.anywire.call.Threads;
import io.anywire.testing.Http3Call;
import io.anywire.testing.Http3Client;
import io.grpc.Status;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * gRPC over HTTP/3, as its proposal G2 has it: the frames and headers of gRPC over HTTP/2. One
 * connection, made with the first call. Responses are read when they are whole.
 */
final class Http3Transport implements FramedTransport {
  private final int port;
  private final Path authority;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Http3Client client;

  /** Calls a server on 127.0.0.1, which an authority's certificate in that file vouches for. */
  Http3Transport(int port, Path authority) {
    this.port = port;
    this.authority = authority;
  }

  @Override
  public String authority() {
    return "127.0.0.1:" + port;
  }

  @Override
  public String contentType() {
    return "application/grpc+proto";
  }

  @Override
  public boolean streamsRequests() {
    return true;
  }

  @Override
  public Exchange begin(String path, Http2Headers headers) {
    Map<String, String> sent = new TreeMap<>();
    headers.forEach(h ->
        sent.merge(h.getKey().toString(), h.getValue().toString(), (one, two) -> one + "," + two));
    return new Http3Exchange(connected().begin("POST", path, sent));
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (client != null) {
        client.close();
      }
    } finally {
      lock.unlock();
    }
  }

  private Http3Client connected() {
    lock.lock();
    try {
      Http3Client known = client;
      if (known == null) {
        known = Http3Client.connect(port, authority, Optional.empty());
        client = known;
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  private record Http3Exchange(Http3Call call) implements Exchange {
    @Override
    public void write(byte[] piece) {
      call.write(piece);
    }

    @Override
    public void end() {
      call.end();
    }

    @Override
    public int status() throws IOException, InterruptedException {
      return awaited(call::status);
    }

    @Override
    public Http2Headers headers() throws IOException, InterruptedException {
      return headers(awaited(call::headers));
    }

    @Override
    public InputStream body() throws IOException, InterruptedException {
      return new ByteArrayInputStream(awaited(call::body));
    }

    @Override
    public Http2Headers trailers() throws IOException, InterruptedException {
      return headers(awaited(call::trailers));
    }

    @Override
    public void cancel(Status reason) {
      // It waits for the connection, which timers must not.
      Threads.VIRTUAL.execute(call::cancel);
    }

    private static Http2Headers headers(Map<String, String> read) {
      Http2Headers headers = new DefaultHttp2Headers(false);
      read.forEach((name, value) -> {
        if (!name.startsWith(":")) {
          headers.add(name, value);
        }
      });
      return headers;
    }

    private static <T> T awaited(Callable<T> step) throws IOException, InterruptedException {
      try {
        return step.call();
      } catch (InterruptedException | IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }
}
