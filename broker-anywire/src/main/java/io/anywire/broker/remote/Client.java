package io.anywire.broker.remote;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one connection has of a broker. Known for as long as it has a call that lasts.
 *
 * @param inFlight of all subscriptions, as they were asked for
 */
record Client(
    ClientLimits limits,
    Quota subscriptions,
    Quota inFlight,
    Quota inboxes,
    Quota unanswered,
    Quota unansweredBytes) {

  private Client(ClientLimits limits) {
    this(
        limits,
        new Quota("subscriptions", limits.subscriptions()),
        new Quota("messages in flight", limits.inFlight()),
        new Quota("inboxes", limits.inboxes()),
        new Quota("unanswered publications", limits.unanswered()),
        new Quota("bytes of unanswered publications", limits.unansweredBytes()));
  }

  /** The connections that a broker is served to, by the address of the other side. Thread-safe. */
  static final class All implements ServerInterceptor {
    private static final Context.Key<Object> ADDRESS = Context.key("anywire-broker-client");

    private record Known(Client client, int calls) {}

    private final ClientLimits limits;
    private final Map<Object, Known> known = new ConcurrentHashMap<>();

    All(ClientLimits limits) {
      this.limits = limits;
    }

    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      Object address = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
      Context context = Context.current().withValue(ADDRESS, address == null ? "" : address);
      return Contexts.interceptCall(context, call, headers, next);
    }

    /** The client of the current call, until {@link Call#leave} runs. */
    Call enter() {
      Object address = Objects.requireNonNullElse(ADDRESS.get(), "");
      Known entered =
          known.merge(
              address,
              new Known(new Client(limits), 1),
              (there, fresh) -> new Known(there.client(), there.calls() + 1));
      return new Call(entered.client(), () -> leave(address));
    }

    private void leave(Object address) {
      Known unused =
          known.computeIfPresent(
              address,
              (a, there) ->
                  there.calls() == 1 ? null : new Known(there.client(), there.calls() - 1));
    }
  }

  /**
   * A call that lasts, of one client.
   *
   * @param leave to be run once, when it is over
   */
  record Call(Client client, Runnable leave) {}
}
