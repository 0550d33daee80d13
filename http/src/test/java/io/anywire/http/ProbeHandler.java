package io.anywire.http;

import com.google.protobuf.Any;
import io.anywire.http.probe.ProbeGrpc;
import io.anywire.http.probe.ProbeReply;
import io.anywire.http.probe.ProbeRequest;
import io.grpc.Context;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Does what its requests say. */
public final class ProbeHandler extends ProbeGrpc.ProbeImplBase {
  /** Calls that wait now. */
  public final AtomicInteger waiting = new AtomicInteger();

  /** Waiting calls that were cancelled. */
  public final AtomicInteger cancelled = new AtomicInteger();

  /** Replies that a flood has sent. */
  public final AtomicInteger flooded = new AtomicInteger();

  /** Replies that a stream has sent without asking whether it may. */
  public final AtomicInteger streamed = new AtomicInteger();

  /** Lets waiting calls end without being cancelled. */
  public final CompletableFuture<Void> release = new CompletableFuture<>();

  @Override
  public void unary(ProbeRequest request, StreamObserver<ProbeReply> replies) {
    if (request.getCompress()) {
      ((ServerCallStreamObserver<ProbeReply>) replies).setCompression("gzip");
    }
    if (request.getWait()) {
      await();
    }
    fail(request);
    replies.onNext(reply(request, 1));
    replies.onCompleted();
  }

  @Override
  public void read(ProbeRequest request, StreamObserver<ProbeReply> replies) {
    unary(request, replies);
  }

  @Override
  public void serverStream(ProbeRequest request, StreamObserver<ProbeReply> replies) {
    for (int i = 1; i <= request.getCount(); i++) {
      replies.onNext(reply(request, i));
      streamed.incrementAndGet();
    }
    if (request.getWait()) {
      await();
    }
    fail(request);
    replies.onCompleted();
  }

  @Override
  public StreamObserver<ProbeRequest> clientStream(StreamObserver<ProbeReply> replies) {
    return new StreamObserver<>() {
      private final StringBuilder text = new StringBuilder();
      private int count;

      @Override
      public void onNext(ProbeRequest request) {
        fail(request);
        text.append(request.getText());
        count++;
      }

      @Override
      public void onError(Throwable t) {
        cancelled.incrementAndGet();
      }

      @Override
      public void onCompleted() {
        replies.onNext(ProbeReply.newBuilder().setText(text.toString()).setNumber(count).build());
        replies.onCompleted();
      }
    };
  }

  @Override
  public StreamObserver<ProbeRequest> bidi(StreamObserver<ProbeReply> replies) {
    return new StreamObserver<>() {
      private int count;

      @Override
      public void onNext(ProbeRequest request) {
        fail(request);
        replies.onNext(reply(request, ++count));
      }

      @Override
      public void onError(Throwable t) {
        cancelled.incrementAndGet();
      }

      @Override
      public void onCompleted() {
        replies.onCompleted();
      }
    };
  }

  @Override
  public void flood(ProbeRequest request, StreamObserver<ProbeReply> replies) {
    ServerCallStreamObserver<ProbeReply> call = (ServerCallStreamObserver<ProbeReply>) replies;
    AtomicInteger sent = new AtomicInteger();
    call.setOnReadyHandler(() -> {
      while (call.isReady() && sent.get() < request.getCount()) {
        flooded.incrementAndGet();
        call.onNext(reply(request, sent.incrementAndGet()));
        if (sent.get() == request.getCount()) {
          call.onCompleted();
        }
      }
    });
  }

  @Override
  public StreamObserver<ProbeRequest> idle(StreamObserver<ProbeReply> replies) {
    ServerCallStreamObserver<ProbeReply> call = (ServerCallStreamObserver<ProbeReply>) replies;
    call.disableAutoRequest();
    release.thenRun(() -> call.request(Integer.MAX_VALUE));
    return clientStream(replies);
  }

  private void await() {
    CompletableFuture<Void> gone = new CompletableFuture<>();
    Context.current()
        .addListener(
            context -> {
              if (gone.complete(null)) {
                cancelled.incrementAndGet();
              }
            },
            Runnable::run);
    waiting.incrementAndGet();
    CompletableFuture.anyOf(gone, release).join();
    waiting.decrementAndGet();
  }

  private static void fail(ProbeRequest request) {
    if (request.getCode() == 99) {
      throw new IllegalArgumentException("a secret");
    }
    if (request.getCode() != 0) {
      throw StatusProto.toStatusRuntimeException(
          com.google.rpc.Status.newBuilder()
              .setCode(request.getCode())
              .setMessage(request.getText())
              .addDetails(Any.pack(request))
              .build());
    }
  }

  private static ProbeReply reply(ProbeRequest request, int number) {
    return ProbeReply.newBuilder()
        .setText(request.getText())
        .setPayload(request.getPayload())
        .setNumber(number)
        .build();
  }
}
