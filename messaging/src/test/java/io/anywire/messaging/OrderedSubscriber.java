package io.anywire.messaging;

import com.google.protobuf.Empty;
import io.anywire.lab.v1.Order;
import io.anywire.lab.v1.OrderedEventsGrpc;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Subscribes to the ordered events; each is handled as its {@link LabHandler} does. */
final class OrderedSubscriber extends OrderedEventsGrpc.OrderedEventsImplBase {
  final LabHandler lab = new LabHandler();
  final List<String> handled;

  OrderedSubscriber() {
    this(new CopyOnWriteArrayList<>());
  }

  /** Notes what it handles together with others. */
  OrderedSubscriber(List<String> handled) {
    this.handled = handled;
  }

  @Override
  public void happened(Order request, StreamObserver<Empty> responses) {
    handle("happened ", request, responses);
  }

  @Override
  public void ended(Order request, StreamObserver<Empty> responses) {
    handle("ended ", request, responses);
  }

  private void handle(String what, Order request, StreamObserver<Empty> responses) {
    lab.handle(request);
    handled.add(what + request.getText());
    responses.onNext(Empty.getDefaultInstance());
    responses.onCompleted();
  }
}
