package io.anywire.messaging.rpc;

import com.google.protobuf.ByteString;
import io.anywire.call.Bytes;
import io.anywire.call.Threads;
import io.anywire.messaging.rpc.v1.Frame;
import io.anywire.messaging.rpc.v1.Request;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A call over a broker that streams in one direction or both. Where the caller sends one message
 * only, it goes in the first frame; where it streams, the first frame goes alone, and messages
 * follow when the serving instance has made itself known and granted them.
 *
 * <p>Without a deadline it lasts as long as both sides show life, once a server has taken it.
 */
final class StreamingCall<ReqT, RespT> extends QueueCall<ReqT, RespT> implements CallStream.Owner {
  private final boolean sendsOne;
  private final Duration patience;
  private @Nullable ByteString request;
  private volatile @Nullable CallStream stream;
  private volatile @Nullable Future<?> patienceTimer;

  /** Touched by the receiving thread only. */
  private boolean connected;

  /**
   * @param patience how long a call without a deadline waits for a server to take it
   */
  StreamingCall(
      MethodDescriptor<ReqT, RespT> method,
      CallOptions options,
      QueueChannel channel,
      boolean refused,
      Duration patience) {
    super(method, options, channel, refused);
    this.patience = patience;
    this.sendsOne = method.getType().clientSendsOneMessage();
  }

  @Override
  public boolean isReady() {
    CallStream open = stream;
    return sendsOne || (open != null && open.isReady());
  }

  @Override
  void opened() {
    try {
      stream = new CallStream(0, 1, channel().heartbeatMillis(), channel().maxFrameBytes(), this);
    } catch (StatusRuntimeException e) {
      end(e.getStatus(), new Metadata());
      return;
    }
    if (!sendsOne) {
      publish(Frame.newBuilder());
    }
  }

  @Override
  protected void write(ReqT message) {
    CallStream open = stream;
    ByteString bytes =
        Frames.bytes(Bytes.encodeRequest(method().getRequestMarshaller(), message, options()));
    if (!sendsOne && open != null) {
      open.out().add(Frame.newBuilder().setMessage(bytes));
    } else if (request == null) {
      request = bytes;
    } else {
      throw Status.INTERNAL
          .withDescription("Too many requests (expected: 1) for " + method().getFullMethodName())
          .asRuntimeException();
    }
  }

  @Override
  protected void writeEnd() {
    CallStream open = stream;
    ByteString message = request;
    if (!sendsOne && open != null) {
      open.out().addHalfClose();
    } else if (message == null) {
      end(Status.INTERNAL.withDescription("half-closed without a request"), new Metadata());
    } else {
      publish(Frame.newBuilder().setMessage(message).setHalfClose(true));
    }
  }

  @Override
  void accept(Frame frame) {
    CallStream open = stream;
    if (open != null) {
      open.receive(frame);
    }
  }

  @Override
  public void received(Frame frame) {
    CallStream open = stream;
    if (open == null) {
      return;
    }
    try {
      if (frame.hasServing() && !connected) {
        connected = true;
        stopWaiting();
        Peer server = Peer.of(channel().replies().broker(), frame.getServing());
        open.connect(server, Frame.getDefaultInstance(), 0);
        // On another thread, since the inbox's must not block.
        Threads.VIRTUAL.execute(open.out()::flush);
      }
      deliver(frame, open);
    } catch (IllegalArgumentException e) {
      malformed(e);
    }
  }

  @Override
  public void becameReady() {
    if (!sendsOne) {
      writable();
    }
  }

  @Override
  public void finished() {}

  @Override
  public void broken(com.google.rpc.Status why) {
    tellCancelled();
    end(why);
  }

  @Override
  void released() {
    stopWaiting();
    CallStream open = stream;
    if (open != null) {
      open.abandon();
    }
  }

  private void publish(Frame.Builder first) {
    publish(first.setCredit(Window.FIRST), this::complete);
  }

  private void complete(Request.Builder request) {
    request.setHeartbeatMillis(channel().heartbeatMillis());
    if (request.getTimeoutMicros() == 0) {
      request.setTimeoutMicros(TimeUnit.NANOSECONDS.toMicros(patience.toNanos()));
      request.setTimeoutUntilTaken(true);
      patienceTimer =
          Threads.timerThread()
              .schedule(
                  () -> Threads.VIRTUAL.execute(this::giveUp),
                  patience.toNanos(),
                  TimeUnit.NANOSECONDS);
    }
  }

  private void giveUp() {
    String description = "no server took the call within " + patience.toMillis() + " ms";
    end(Status.DEADLINE_EXCEEDED.withDescription(description), new Metadata());
  }

  private void stopWaiting() {
    Future<?> timer = patienceTimer;
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private void deliver(Frame frame, CallStream open) {
    if (frame.hasHeaders()) {
      headers(Frames.metadata(frame.getHeaders().getMetadataList()));
    }
    if (frame.hasMessage()) {
      byte[] response = frame.getMessage().toByteArray();
      message(() -> {
        open.taken();
        return Bytes.decodeResponse(method().getResponseMarshaller(), response, options());
      });
    }
    if (frame.hasStatus()) {
      end(frame.getStatus());
    }
  }
}
