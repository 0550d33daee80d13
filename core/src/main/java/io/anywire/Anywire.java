package io.anywire;

import io.anywire.broker.Broker;
import io.anywire.broker.BrokerProvider;
import io.anywire.wire.Wire;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The runtime of one application: it opens channels and brokers by URL, one of each per URL, and
 * serves handlers on every wire.
 *
 * <pre>{@code
 * try (Anywire anywire = Anywire.builder().application("orders").build()) {
 *   var users = UserServiceGrpc.newBlockingStub(anywire.channel("grpc://127.0.0.1:8081"));
 *   anywire.server().service(new Orders(users)).listen("http://127.0.0.1:8082").start().await();
 * }
 * }</pre>
 *
 * <p>Thread-safe. {@link #close} ends everything that was opened through it.
 */
public final class Anywire implements AutoCloseable {
  private final Optional<String> application;
  private final List<ClientInterceptor> clientInterceptors;
  private final List<ServerInterceptor> serverInterceptors;
  private final Map<String, Wire> wires = new TreeMap<>();
  private final Map<String, BrokerProvider> brokerProviders = new TreeMap<>();

  /** Guards what was opened; reentrant, since opening one thing may open another. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Map<WireUrl, ManagedChannel> channels = new HashMap<>();
  private final Map<WireUrl, Broker> brokers = new HashMap<>();
  private final List<AnywireServer> servers = new ArrayList<>();
  private boolean closed;

  private Anywire(Builder builder) {
    application = builder.application;
    clientInterceptors = List.copyOf(builder.clientInterceptors);
    serverInterceptors = List.copyOf(builder.serverInterceptors);
    ServiceLoader.load(BrokerProvider.class)
        .forEach(provider -> provider.schemes().forEach(s -> brokerProviders.put(s, provider)));
    ServiceLoader.load(Wire.class)
        .forEach(wire -> wire.schemes().forEach(scheme -> wires.put(scheme, wire)));
  }

  /**
   * Begins a runtime; its application is named by the system property {@code anywire.application}.
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * The application's name: what its subscriptions are called, shared by all its instances.
   *
   * @throws IllegalStateException when it has none
   */
  public String application() {
    return application.orElseThrow(() ->
        new IllegalStateException(
            "the application has no name, and subscribing needs one"
                + " (expected: Anywire.builder().application(\"orders\")"
                + " or -Danywire.application=orders)"));
  }

  /** The application's name, or empty where it has none. */
  public Optional<String> applicationName() {
    return application;
  }

  /**
   * The channel to {@code url}, for any generated stub. The same URL gives the same channel.
   *
   * @throws IllegalArgumentException when no wire answers to the scheme, or the URL is malformed
   */
  public Channel channel(String url) {
    WireUrl parsed = WireUrl.parse(url);
    Wire wire = wire(parsed);
    ManagedChannel channel = opened(channels, parsed, () -> wire.channel(parsed, this));
    return ClientInterceptors.interceptForward(channel, clientInterceptors);
  }

  /**
   * The broker at {@code url}. The same URL gives the same broker; it is closed with this runtime.
   *
   * @throws IllegalArgumentException when no broker answers to the scheme, or the URL is malformed
   * @throws io.grpc.StatusRuntimeException {@code UNAVAILABLE} when it cannot be reached
   */
  public Broker broker(String url) {
    return broker(WireUrl.parse(url));
  }

  /** The same for a URL that is parsed already. */
  public Broker broker(WireUrl url) {
    BrokerProvider provider = brokerProviders.get(url.scheme());
    if (provider == null) {
      throw unknownScheme(url, "broker", brokerProviders);
    }
    return opened(brokers, url, () -> provider.open(url, this));
  }

  /** Begins a server. */
  public AnywireServer.Builder server() {
    return new AnywireServer.Builder(this);
  }

  /** The wire that answers to a URL's scheme. */
  Wire wire(WireUrl url) {
    Wire wire = wires.get(url.scheme());
    if (wire == null) {
      throw unknownScheme(url, "wire", wires);
    }
    return wire;
  }

  /** Interceptors of every served method; the first is outermost. */
  public List<ServerInterceptor> serverInterceptors() {
    return serverInterceptors;
  }

  /** Interceptors of every call, whatever opened its channel; the first is outermost. */
  public List<ClientInterceptor> clientInterceptors() {
    return clientInterceptors;
  }

  void opened(AnywireServer server) {
    lock.lock();
    try {
      servers.add(server);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Drains the servers, then ends the channels over brokers, the brokers and the other channels.
   * Idempotent.
   */
  @Override
  public void close() {
    // Outside the lock, since what still runs may open something.
    taken(servers).forEach(AnywireServer::close);
    lock.lock();
    try {
      closed = true;
      closeChannels(url -> brokerProviders.containsKey(url.scheme()));
      brokers.values().forEach(Broker::close);
      brokers.clear();
      closeChannels(url -> true);
    } finally {
      lock.unlock();
    }
  }

  private List<AnywireServer> taken(List<AnywireServer> from) {
    lock.lock();
    try {
      List<AnywireServer> all = List.copyOf(from);
      from.clear();
      return all;
    } finally {
      lock.unlock();
    }
  }

  private <T> T opened(Map<WireUrl, T> open, WireUrl url, Supplier<T> opening) {
    lock.lock();
    try {
      if (closed) {
        throw Status.UNAVAILABLE
            .withDescription(url + ": the runtime has been closed")
            .asRuntimeException();
      }
      T known = open.get(url);
      if (known != null) {
        return known;
      }
      T fresh = opening.get();
      open.put(url, fresh);
      return fresh;
    } finally {
      lock.unlock();
    }
  }

  private void closeChannels(Predicate<WireUrl> which) {
    List<ManagedChannel> ending = new ArrayList<>();
    channels.forEach((url, channel) -> {
      if (which.test(url)) {
        ending.add(channel);
      }
    });
    channels.values().removeAll(ending);
    ending.forEach(ManagedChannel::shutdown);
    ending.forEach(Anywire::terminate);
  }

  private static void terminate(ManagedChannel channel) {
    try {
      if (channel.awaitTermination(1, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    channel.shutdownNow();
  }

  private static IllegalArgumentException unknownScheme(
      WireUrl url, String what, Map<String, ?> known) {
    String list =
        known.isEmpty() ? "none, since no module for it is on the class path" : "" + known.keySet();
    return new IllegalArgumentException(
        url + ": no " + what + " has the scheme '" + url.scheme() + "' (expected: " + list + ")");
  }

  /** Collects what a runtime is made of. Not thread-safe. */
  public static final class Builder {
    private Optional<String> application =
        Optional.ofNullable(System.getProperty("anywire.application"));
    private final List<ClientInterceptor> clientInterceptors = new ArrayList<>();
    private final List<ServerInterceptor> serverInterceptors = new ArrayList<>();

    private Builder() {}

    /**
     * Names the application: letters, digits, {@code .}, {@code _} and {@code -}, at most 100.
     *
     * @throws IllegalArgumentException for another name
     */
    public Builder application(String name) {
      if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
        throw new IllegalArgumentException(
            "application: '"
                + name
                + "' (expected: 1 to 100 of letters, digits, '.', '_' and '-')");
      }
      application = Optional.of(name);
      return this;
    }

    /** Adds an interceptor to every call made; the first added is outermost. */
    public Builder clientInterceptor(ClientInterceptor interceptor) {
      clientInterceptors.add(interceptor);
      return this;
    }

    /** Adds an interceptor to every method served; the first added is outermost. */
    public Builder serverInterceptor(ServerInterceptor interceptor) {
      serverInterceptors.add(interceptor);
      return this;
    }

    /** The runtime. */
    public Anywire build() {
      return new Anywire(this);
    }
  }
}
