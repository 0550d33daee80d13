package io.anywire.bench.messaging;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Empty;
import io.anywire.Anywire;
import io.anywire.bench.client.Orders;
import io.anywire.bench.v1.Order;
import io.anywire.bench.v1.OrdersGrpc;
import io.anywire.bench.v1.OrdersGrpc.OrdersFutureStub;
import io.anywire.bench.v1.OrdersHandler;
import io.anywire.messaging.event.Events;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Events, published and subscribed to. */
public final class AnywireEvents {
  private AnywireEvents() {}

  /** Does as it is told, until the process is killed. */
  public static void main(String[] args) throws IOException, InterruptedException {
    var trips = new RoundTrips();
    String broker = args[args.length - 1];
    try (Anywire anywire = Anywire.builder().application("bench").build()) {
      anywire.server().service(new Subscriber(trips)).listen(broker).start();
      OrdersFutureStub events = OrdersGrpc.newFutureStub(Events.at(anywire, broker).channel());
      trips.over(order -> stage(events.placed(order)));
      Orders.take(Integer.parseInt(args[0]), trips);
    }
  }

  private static CompletionStage<Empty> stage(ListenableFuture<Empty> future) {
    var stage = new CompletableFuture<Empty>();
    future.addListener(() -> complete(stage, future), Runnable::run);
    return stage;
  }

  private static void complete(CompletableFuture<Empty> stage, Future<Empty> done) {
    try {
      stage.complete(done.get());
    } catch (ExecutionException e) {
      stage.completeExceptionally(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private record Subscriber(RoundTrips trips) implements OrdersHandler {
    @Override
    public Empty placed(Order order) {
      trips.handled(order);
      return Empty.getDefaultInstance();
    }
  }
}
