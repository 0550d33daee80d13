package io.anywire.bench.messaging;

import com.google.protobuf.Empty;
import io.anywire.Anywire;
import io.anywire.bench.client.Orders;
import io.anywire.bench.v1.Order;
import io.anywire.bench.v1.ShippingGrpc;
import io.anywire.bench.v1.ShippingHandler;
import io.anywire.messaging.task.TaskOptions;
import io.anywire.messaging.task.Tasks;
import java.io.IOException;

/** Tasks, left and worked on. */
public final class AnywireTasks {
  /** The argument of one whose results nobody wants, as they are by hand. */
  public static final String NO_RESULT = "no-result";

  /** The argument of one whose results are kept. */
  public static final String RESULT = "result";

  private AnywireTasks() {}

  /** Does as it is told, until the process is killed. */
  public static void main(String[] args) throws IOException, InterruptedException {
    var trips = new RoundTrips();
    String broker = args[args.length - 1];
    try (Anywire anywire = Anywire.builder().application("bench").build()) {
      anywire.server().service(new Worker(trips)).listen(broker).start();
      Tasks tasks = Tasks.at(anywire, broker);
      TaskOptions options =
          args[1].equals(RESULT)
              ? TaskOptions.DEFAULT
              : TaskOptions.builder().ignoreResult().build();
      trips.over(order -> tasks.enqueueAsync(ShippingGrpc.getShipMethod(), order, options));
      Orders.take(Integer.parseInt(args[0]), trips);
    }
  }

  private record Worker(RoundTrips trips) implements ShippingHandler {
    @Override
    public Empty ship(Order order) {
      trips.handled(order);
      return Empty.getDefaultInstance();
    }
  }
}
