package io.anywire.messaging;

import com.google.rpc.Code;
import io.anywire.lab.v1.Answer;
import io.anywire.lab.v1.LabGrpc;
import io.anywire.lab.v1.Order;
import io.anywire.messaging.deliver.Received;
import io.grpc.Metadata;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Does what its requests say, and remembers what it saw. */
public class LabHandler extends LabGrpc.LabImplBase {
  public final List<Order> seen = new CopyOnWriteArrayList<>();
  public final List<Order> finished = new CopyOnWriteArrayList<>();
  final AtomicInteger running = new AtomicInteger();
  final AtomicInteger mostRunning = new AtomicInteger();
  private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
  private volatile boolean allOpen;

  @Override
  public void run(Order request, StreamObserver<Answer> responses) {
    answer(request, responses);
  }

  @Override
  public void read(Order request, StreamObserver<Answer> responses) {
    answer(request, responses);
  }

  @Override
  public void quick(Order request, StreamObserver<Answer> responses) {
    answer(request, responses);
  }

  @Override
  public void brief(Order request, StreamObserver<Answer> responses) {
    answer(request, responses);
  }

  /** Lets those that wait at {@code gate} go, now and later. */
  public void open(String gate) {
    gate(gate).countDown();
  }

  public void openAll() {
    allOpen = true;
    gates.values().forEach(CountDownLatch::countDown);
  }

  void answer(Order request, StreamObserver<Answer> responses) {
    Optional<Received> received = Received.current();
    responses.onNext(
        Answer.newBuilder()
            .setText(handle(request))
            .setAttempt(received.map(Received::attempt).orElse(0))
            .setMessageId(received.map(Received::id).orElse(""))
            .build());
    responses.onCompleted();
  }

  String handle(Order request) {
    seen.add(request);
    mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
    try {
      pass(request.getGate());
      int attempt = Received.current().map(Received::attempt).orElse(1);
      boolean failing =
          request.getFailingAttempts() == 0 || attempt <= request.getFailingAttempts();
      if (request.getText().equals("crash")) {
        throw new IllegalStateException("a secret");
      }
      if (request.getFail().getCode() != Code.OK_VALUE && failing) {
        throw StatusProto.toStatusRuntimeException(request.getFail());
      }
      finished.add(request);
      return "done: " + request.getText();
    } finally {
      running.decrementAndGet();
    }
  }

  private void pass(String gate) {
    try {
      if (!gate.isEmpty() && !allOpen) {
        gate(gate).await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private CountDownLatch gate(String name) {
    return gates.computeIfAbsent(name, n -> new CountDownLatch(1));
  }

  static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }
}
