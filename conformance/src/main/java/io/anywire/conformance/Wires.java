package io.anywire.conformance;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.WireUrl;
import io.anywire.broker.remote.BrokerHandler;
import io.anywire.testing.Certificates;
import io.anywire.testing.TempFolder;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The conformance service on every wire at once: one handler, several URLs, and a channel to each
 * from a runtime of its own, as another process would have it.
 */
public final class Wires implements AutoCloseable {
  private final Anywire broker = Anywire.builder().application("conformance-broker").build();
  private final Anywire server = Anywire.builder().application("conformance").build();
  private final Anywire client = Anywire.builder().application("conformance-client").build();
  private final TempFolder folder = TempFolder.create("conformance");

  private final List<ManagedChannel> foreign = new ArrayList<>();
  private final Map<String, Channel> channels = new LinkedHashMap<>();
  private int stores;

  /**
   * Starts serving.
   *
   * @param brokers further brokers to serve on, by the name of their wire
   */
  public Wires(Map<String, String> brokers) {
    Map<String, String> urls = new LinkedHashMap<>();
    urls.put("memory", "memory:conformance");
    urls.put("anywire", served("memory:conformance-served"));
    urls.put("disk", disk("fsync"));
    urls.put("disk-page-cache", disk("page-cache"));
    urls.put("disk-memory", disk("memory"));
    urls.put("anywire-disk", served(disk("fsync")));
    urls.put("anywire-disk-page-cache", served(disk("page-cache")));
    urls.put("anywire-disk-memory", served(disk("memory")));
    urls.putAll(brokers);

    Certificates certificates = Certificates.in(folder.path());
    AnywireServer.Builder building =
        server
            .server()
            .service(new ConformanceHandler())
            .interceptor(Exchanged.INTERCEPTOR)
            .listen("http://127.0.0.1:0")
            .listen("https://127.0.0.1:0?" + certificates.issue("conformance").parameters());
    urls.values().forEach(building::listen);
    AnywireServer serving = building.start();

    clear(serving.urls().get(0));
    secured(serving.urls().get(1), certificates.authority());
    urls.forEach((wire, url) -> channels.put(wire, client.channel(url)));
  }

  /** A store of its own, with files no larger than this needs. */
  private String disk(String durability) {
    String name = "store-" + stores++;
    return "disk:%s?durability=%s&segment=8MiB".formatted(folder.path().resolve(name), durability);
  }

  private String served(String url) {
    return broker
        .server()
        .service(new BrokerHandler(broker.broker(url)))
        .listen("http://127.0.0.1:0")
        .start()
        .urls()
        .getFirst()
        .withScheme("anywire")
        .toString();
  }

  /** One port without TLS: every protocol in the clear. */
  private void clear(WireUrl url) {
    channels.put("http", client.channel(url.toString()));
    channels.put("http2", client.channel(url + "?http=2"));
    channels.put("xml", client.channel(url + "?codec=xml"));
    channels.put("protobuf", client.channel(url + "?codec=protobuf"));
    channels.put("connect", client.channel(url + "?route=name"));
    channels.put("connect-proto", client.channel(url + "?route=name&codec=protobuf"));
    channels.put("grpc-web", own(new GrpcWebTransport(url.toString())));
    channels.put("grpc", client.channel(url.withScheme("grpc").toString()));
  }

  /** One with TLS, which speaks QUIC at the same number. */
  private void secured(WireUrl url, Path authority) {
    String address = "127.0.0.1:" + url.host().port();
    channels.put("grpc-tls", client.channel("grpc+tls://" + address + "?trust=" + authority));
    channels.put("http3", own(new Http3Transport(url.host().port(), authority)));
  }

  private ManagedChannel own(FramedTransport transport) {
    ManagedChannel channel = new FramedChannel(transport);
    foreign.add(channel);
    return channel;
  }

  /** A channel for each wire, by the wire's name. */
  public Map<String, Channel> channels() {
    return Map.copyOf(channels);
  }

  @Override
  public void close() {
    foreign.forEach(ManagedChannel::shutdownNow);
    client.close();
    server.close();
    broker.close();
    folder.close();
  }
}
