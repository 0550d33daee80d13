package io.anywire.messaging;

import io.anywire.lab.v1.Answer;
import io.anywire.lab.v1.Order;
import io.anywire.lab.v1.StreamLabGrpc;
import io.grpc.Context;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Streams as its requests say, and remembers what it saw. */
public final class StreamLabHandler extends StreamLabGrpc.StreamLabImplBase {
  /** How many calls have begun, and in how many the context was cancelled. */
  final AtomicInteger begun = new AtomicInteger();

  final AtomicInteger cancelled = new AtomicInteger();

  /** How many answers of {@code Watch} were sent. */
  final AtomicInteger sent = new AtomicInteger();

  /** How many requests were taken by {@code Collect} and {@code Chat}. */
  final List<String> taken = new CopyOnWriteArrayList<>();

  @Override
  public void watch(Order request, StreamObserver<Answer> responses) {
    ServerCallStreamObserver<Answer> out = begun(responses);
    if (request.getText().equals("open")) {
      return;
    }
    int count = Integer.parseInt(request.getText());
    AtomicInteger next = new AtomicInteger();
    out.setOnReadyHandler(() -> {
      while (out.isReady() && next.get() < count) {
        out.onNext(answer(request, next.getAndIncrement()));
        sent.incrementAndGet();
      }
      if (next.get() == count) {
        next.incrementAndGet();
        end(request, out);
      }
    });
  }

  @Override
  public void soon(Order request, StreamObserver<Answer> responses) {
    watch(request, responses);
  }

  @Override
  public StreamObserver<Order> collect(StreamObserver<Answer> responses) {
    StreamObserver<Answer> out = begun(responses);
    StringBuilder texts = new StringBuilder();
    return new Taking(out) {
      @Override
      void take(Order order) {
        texts.append(order.getText());
      }

      @Override
      public void onCompleted() {
        out.onNext(Answer.newBuilder().setText(texts.toString()).build());
        out.onCompleted();
      }
    };
  }

  @Override
  public StreamObserver<Order> chat(StreamObserver<Answer> responses) {
    StreamObserver<Answer> out = begun(responses);
    return new Taking(out) {
      @Override
      void take(Order order) {
        if (order.hasFail()) {
          out.onError(StatusProto.toStatusRuntimeException(order.getFail()));
        } else {
          out.onNext(Answer.newBuilder().setText(order.getText()).build());
        }
      }

      @Override
      public void onCompleted() {
        out.onCompleted();
      }
    };
  }

  private ServerCallStreamObserver<Answer> begun(StreamObserver<Answer> responses) {
    var out = (ServerCallStreamObserver<Answer>) responses;
    // With a handler, what is sent after a cancellation is dropped rather than refused.
    out.setOnCancelHandler(() -> {});
    Context.current()
        .addListener(
            context -> {
              if (context.cancellationCause() != null) {
                cancelled.incrementAndGet();
              }
            },
            Runnable::run);
    begun.incrementAndGet();
    return out;
  }

  private static Answer answer(Order request, int index) {
    return Answer.newBuilder().setText(request.getId() + index).build();
  }

  private static void end(Order request, StreamObserver<Answer> out) {
    if (request.hasFail()) {
      out.onError(StatusProto.toStatusRuntimeException(request.getFail()));
    } else {
      out.onCompleted();
    }
  }

  private abstract class Taking implements StreamObserver<Order> {
    private final StreamObserver<Answer> out;

    Taking(StreamObserver<Answer> out) {
      this.out = out;
    }

    abstract void take(Order order);

    @Override
    public void onNext(Order order) {
      taken.add(order.getText());
      take(order);
    }

    @Override
    public void onError(Throwable t) {
      out.onError(t);
    }
  }
}
