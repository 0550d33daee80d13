package io.anywire.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.anywire.call.Bytes;
import io.anywire.call.OutboundCall;
import io.anywire.call.Threads;
import io.anywire.http.grpc.HttpStatusMapping;
import io.anywire.http.grpc.MetadataHeaders;
import io.grpc.CallOptions;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A call in gRPC's frames: five bytes of flags and length before each message. The status comes as
 * trailers of HTTP, as headers where there is no body, or in gRPC-Web's last frame.
 */
final class FramedCall<ReqT, RespT> extends OutboundCall<ReqT, RespT> {
  private static final int PREFIX = 5;
  private static final int WEB_TRAILERS = 0x80;
  private static final long LONGEST_TIMEOUT = 99_999_999;
  private static final Set<String> NOT_METADATA =
      Set.of("content-type", "content-length", "grpc-status", "grpc-message", "grpc-encoding");

  private final FramedTransport transport;
  private FramedTransport.@Nullable Exchange exchange;

  FramedCall(FramedTransport transport, MethodDescriptor<ReqT, RespT> method, CallOptions options) {
    super(method, options);
    this.transport = transport;
  }

  @Override
  protected void open(Metadata headers, @Nullable Deadline deadline) {
    if (!method().getType().clientSendsOneMessage() && !transport.streamsRequests()) {
      closed(
          Status.UNIMPLEMENTED.withDescription(
              method().getFullMethodName() + " takes a stream, which the wire cannot carry"),
          new Metadata());
      return;
    }
    Http2Headers sent = new DefaultHttp2Headers(false);
    sent.set("content-type", transport.contentType()).set("te", "trailers");
    if (deadline != null) {
      long millis = Math.max(1, deadline.timeRemaining(TimeUnit.MILLISECONDS));
      sent.set("grpc-timeout", Math.min(LONGEST_TIMEOUT, millis) + "m");
    }
    MetadataHeaders.write(headers, sent);
    try {
      FramedTransport.Exchange begun = transport.begin("/" + method().getFullMethodName(), sent);
      exchange = begun;
      Threads.VIRTUAL.execute(() -> receive(begun));
    } catch (IOException e) {
      closed(unavailable(e), new Metadata());
    }
  }

  @Override
  protected void write(ReqT message) {
    FramedTransport.Exchange to = exchange;
    if (to == null) {
      return;
    }
    try (InputStream in = method().streamRequest(message)) {
      byte[] bytes = in.readAllBytes();
      to.write(
          ByteBuffer.allocate(PREFIX + bytes.length)
              .put((byte) 0)
              .putInt(bytes.length)
              .put(bytes)
              .array());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected void writeEnd() {
    FramedTransport.Exchange to = exchange;
    if (to != null) {
      to.end();
    }
  }

  @Override
  protected void read(int messages) {}

  @Override
  protected void abort(Status reason) {
    FramedTransport.Exchange to = exchange;
    if (to != null) {
      to.cancel(reason);
    }
  }

  @Override
  protected String authority() {
    return transport.authority();
  }

  private void receive(FramedTransport.Exchange from) {
    try {
      Http2Headers head = from.headers();
      if (head.contains("grpc-status")) {
        ended(head);
      } else if (from.status() != 200) {
        Status.Code code = HttpStatusMapping.codeOf(from.status());
        closed(Status.fromCode(code).withDescription("HTTP " + from.status()), new Metadata());
      } else {
        headers(metadata(head));
        frames(from);
      }
    } catch (StatusRuntimeException e) {
      from.cancel(e.getStatus());
      closed(e.getStatus(), new Metadata());
    } catch (IOException | RuntimeException e) {
      closed(unavailable(e), new Metadata());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void frames(FramedTransport.Exchange from) throws IOException, InterruptedException {
    @Nullable Http2Headers last = null;
    try (DataInputStream in = new DataInputStream(from.body())) {
      // To the end also when all is told, so that the connection can be used again.
      for (int flags = in.read(); flags >= 0; flags = in.read()) {
        byte[] frame = frame(in);
        if (flags == WEB_TRAILERS) {
          last = lines(frame);
        } else if (flags == 0) {
          message(() -> method().parseResponse(new ByteArrayInputStream(frame)));
        } else {
          throw Status.INTERNAL.withDescription("flags " + flags).asRuntimeException();
        }
      }
    }
    ended(last == null ? from.trailers() : last);
  }

  private byte[] frame(DataInputStream in) throws IOException {
    int length = in.readInt();
    Integer own = options().getMaxInboundMessageSize();
    int limit = own == null ? Bytes.DEFAULT_MAX_MESSAGE_SIZE : own;
    if (length < 0 || length > limit) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription("a frame of " + length + " bytes (expected: <= " + limit + ")")
          .asRuntimeException();
    }
    return in.readNBytes(length);
  }

  private void ended(Http2Headers trailers) {
    CharSequence code = trailers.get("grpc-status");
    if (code == null) {
      closed(Status.UNAVAILABLE.withDescription("the body ended without a status"), new Metadata());
      return;
    }
    Status status = Status.fromCodeValue(Integer.parseInt(code.toString()));
    CharSequence text = trailers.get("grpc-message");
    String message =
        text == null ? null : URLDecoder.decode(text.toString().replace("+", "%2B"), UTF_8);
    closed(status.withDescription(message), metadata(trailers));
  }

  private static Metadata metadata(Http2Headers headers) {
    return MetadataHeaders.read(headers, NOT_METADATA::contains);
  }

  private static Http2Headers lines(byte[] frame) {
    Http2Headers headers = new DefaultHttp2Headers(false);
    new String(frame, ISO_8859_1)
        .lines()
        .forEach(line -> {
          int colon = line.indexOf(':');
          headers.add(
              line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        });
    return headers;
  }

  private Status unavailable(Exception e) {
    return Status.UNAVAILABLE.withDescription(transport.authority() + ": " + e).withCause(e);
  }
}
