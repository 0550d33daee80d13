package io.anywire.messaging;

import com.google.protobuf.Empty;
import io.anywire.lab.v1.LabEventsGrpc;
import io.anywire.lab.v1.Order;
import io.anywire.messaging.deliver.Received;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Subscribes to the lab's events; each is handled as its {@link LabHandler} does. */
final class LabSubscriber extends LabEventsGrpc.LabEventsImplBase {
  final LabHandler lab = new LabHandler();
  final List<String> handled = new CopyOnWriteArrayList<>();
  final List<Received> received = new CopyOnWriteArrayList<>();

  @Override
  public void happened(Order request, StreamObserver<Empty> responses) {
    handle("happened ", request, responses);
  }

  @Override
  public void ended(Order request, StreamObserver<Empty> responses) {
    handle("ended ", request, responses);
  }

  @Override
  public void apart(Order request, StreamObserver<Empty> responses) {
    handle("apart ", request, responses);
  }

  private void handle(String what, Order request, StreamObserver<Empty> responses) {
    received.add(Received.current().orElseThrow());
    lab.handle(request);
    handled.add(what + request.getText());
    responses.onNext(Empty.getDefaultInstance());
    responses.onCompleted();
  }
}
