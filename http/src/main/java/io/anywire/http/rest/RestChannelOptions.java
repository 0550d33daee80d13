package io.anywire.http.rest;

import io.anywire.wire.Parameters;
import java.net.http.HttpClient;
import java.util.List;

/**
 * How a channel calls, as the parameters of its URL say.
 *
 * @param codec what requests are written in
 * @param version what connections speak; with HTTP/2 a server that does not is spoken to by 1.1
 * @param byName whether every method is called by its name, also those that have routes
 * @param cacheMebibytes how much is kept of responses to {@code GET}; 0 for nothing
 */
record RestChannelOptions(
    RestCodec codec, HttpClient.Version version, boolean byName, int cacheMebibytes) {
  private static final int CACHE_MIB = 16;
  private static final int MOST_CACHE_MIB = 16 * 1024;

  /**
   * Reads {@code codec}, {@code http}, {@code route} and {@code cache}.
   *
   * @throws IllegalArgumentException when one is out of bounds, or there is another
   */
  static RestChannelOptions read(Parameters parameters) {
    RestCodec codec = RestCodec.named(parameters.choice("codec", "json", RestCodec.NAMES));
    boolean two = parameters.choice("http", "1.1", List.of("1.1", "2")).equals("2");
    boolean byName = parameters.choice("route", "rule", List.of("rule", "name")).equals("name");
    int cache = parameters.number("cache", CACHE_MIB, 0, MOST_CACHE_MIB);
    parameters.requireNoOthers();
    return new RestChannelOptions(
        codec, two ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1, byName, cache);
  }

  /** The name of the version, for people. */
  String versionName() {
    return version == HttpClient.Version.HTTP_2 ? "HTTP/2" : "HTTP/1.1";
  }
}
