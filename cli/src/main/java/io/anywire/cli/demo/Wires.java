package io.anywire.cli.demo;

import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.messaging.event.Events;
import io.anywire.messaging.task.Tasks;
import io.grpc.Channel;
import java.util.List;

/**
 * Every way to the two services of the shop.
 *
 * @param pairs the ways on which a call gets its response: REST, gRPC, queue, task
 * @param events the channel that publishes
 */
record Wires(List<Pair> pairs, Channel events, Tasks tasks, Broker broker) {

  /** The same wire to both services. */
  record Pair(Way users, Way orders) {
    String wire() {
      return users.wire();
    }
  }

  static Wires to(RunningShop shop, Anywire anywire) {
    Tasks tasks = Tasks.at(anywire, shop.broker());
    return new Wires(
        List.of(
            calls("rest", anywire, shop.usersHttp(), shop.ordersHttp()),
            calls("grpc", anywire, shop.usersGrpc(), shop.ordersGrpc()),
            calls("queue", anywire, shop.broker(), shop.broker()),
            new Pair(new Way.Task("users", tasks), new Way.Task("orders", tasks))),
        Events.at(anywire, shop.broker()).channel(),
        tasks,
        anywire.broker(shop.broker()));
  }

  /** The pairs on which everything can be read. */
  List<Pair> reading() {
    return pairs.stream().filter(pair -> pair.users().reads()).toList();
  }

  /** The gRPC pair, where it does not matter which. */
  Pair grpc() {
    return pairs.get(1);
  }

  private static Pair calls(String wire, Anywire anywire, String users, String orders) {
    return new Pair(
        new Way.Call("users", wire, anywire.channel(users)),
        new Way.Call("orders", wire, anywire.channel(orders)));
  }
}
