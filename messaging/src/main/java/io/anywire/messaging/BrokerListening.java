package io.anywire.messaging;

import io.anywire.Anywire;
import io.anywire.WireUrl;
import io.anywire.broker.Broker;
import io.anywire.broker.Capability;
import io.anywire.broker.SubscribeOptions.Start;
import io.anywire.contract.ServiceContract;
import io.anywire.messaging.deliver.Limits;
import io.anywire.messaging.deliver.Serving;
import io.anywire.messaging.envelope.Lacking;
import io.anywire.messaging.envelope.Places;
import io.anywire.messaging.event.EventSubscriptions;
import io.anywire.messaging.rpc.RpcServer;
import io.anywire.messaging.rpc.ServingInbox;
import io.anywire.messaging.task.TaskWorkers;
import io.anywire.wire.Listening;
import io.anywire.wire.Services;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that is served at one broker. */
final class BrokerListening implements Listening {
  private final WireUrl url;
  private final List<Serving> parts = new ArrayList<>();
  private @Nullable ServingInbox inbox;

  private BrokerListening(WireUrl url) {
    this.url = url;
  }

  static BrokerListening start(WireUrl url, Services services, Anywire anywire) {
    Broker broker = anywire.broker(Places.broker(url));
    int inFlight = Places.inFlight(url);
    List<String> ordinary =
        services.definitions().stream()
            .map(definition -> definition.getServiceDescriptor().getName())
            .filter(name -> !isEvents(services, name))
            .toList();
    Start start = Places.start(url);
    EventSubscriptions.check(services, broker, anywire, start, url.toString());
    Limits.check(services, broker, url.toString());
    requireReplies(ordinary, broker, url);
    BrokerListening listening = new BrokerListening(url);
    try {
      listening.serve(broker, ordinary, services, anywire, inFlight, start);
      return listening;
    } catch (Throwable t) {
      listening.close();
      throw t;
    }
  }

  @Override
  public WireUrl url() {
    return url;
  }

  @Override
  public void stop() {
    parts.forEach(Serving::stop);
  }

  @Override
  public boolean awaitIdle(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    boolean idle = true;
    for (Serving part : parts) {
      idle &= part.awaitIdle(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }
    return idle;
  }

  @Override
  public void close() {
    parts.forEach(Serving::close);
    ServingInbox last = inbox;
    if (last != null) {
      last.close();
    }
  }

  private void serve(
      Broker broker,
      List<String> ordinary,
      Services services,
      Anywire anywire,
      int inFlight,
      Start start) {
    if (!ordinary.isEmpty()) {
      ServingInbox opened = ServingInbox.open(broker, url.toString());
      inbox = opened;
      for (String service : ordinary) {
        parts.add(new RpcServer(broker, service, services, inFlight, opened));
        parts.add(TaskWorkers.start(broker, service, services, anywire, inFlight));
      }
    }
    EventSubscriptions.start(services, broker, anywire, inFlight, start, parts::add);
  }

  private static boolean isEvents(Services services, String name) {
    return services.contract().service(name).map(ServiceContract::events).orElse(false);
  }

  private static void requireReplies(List<String> ordinary, Broker broker, WireUrl url) {
    if (!ordinary.isEmpty()) {
      String what = ordinary.get(0) + ": it is called";
      Lacking.requireAtStart(broker, Capability.REPLIES, what, url.toString());
    }
  }
}
