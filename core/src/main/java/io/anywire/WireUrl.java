package io.anywire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The URL that names a wire: {@code
 * scheme[+tls]:[//[user:password@]host[:port][,host[:port]…]][/path][?name=value&…]}. The grammar
 * is the same for every scheme: {@code http://127.0.0.1:8080}, {@code memory:shop}, {@code
 * rabbitmq://mq1,mq2:5673/vhost?credentials=env:MQ}. {@code https} is {@code http+tls}.
 *
 * <p>Secrets are better kept out of the URL: {@code credentials=env:NAME} reads {@code
 * user:password} from an environment variable and {@code credentials=file:PATH} from the first line
 * of a file. {@link #toString} never shows a password. Immutable and thread-safe.
 */
public record WireUrl(
    String scheme,
    boolean tls,
    Optional<Credentials> credentials,
    List<HostPort> hosts,
    String path,
    Map<String, String> parameters) {
  private static final String TLS = "+tls";
  private static final String HTTP = "http";
  private static final String HTTPS = "https";

  /** A host and its port; {@code port} is -1 where the URL names none. */
  public record HostPort(String host, int port) {
    /** The port, or {@code otherwise} where the URL names none. */
    public int portOr(int otherwise) {
      return port < 0 ? otherwise : port;
    }

    @Override
    public String toString() {
      String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
      return port < 0 ? shown : shown + ":" + port;
    }
  }

  /** A user and a password; {@link #toString} hides the password. */
  public record Credentials(String user, String password) {
    static Credentials parse(String text) {
      int colon = text.indexOf(':');
      return colon < 0
          ? new Credentials(text, "")
          : new Credentials(text.substring(0, colon), text.substring(colon + 1));
    }

    @Override
    public String toString() {
      return user + ":***";
    }
  }

  public WireUrl {
    hosts = List.copyOf(hosts);
    parameters = Map.copyOf(parameters);
  }

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException when it does not follow the grammar; the message names the
   *     part
   */
  public static WireUrl parse(String text) {
    int colon = text.indexOf(':');
    if (colon <= 0) {
      throw malformed(text, "no scheme", "scheme:… such as http://127.0.0.1:8080 or memory:");
    }
    String scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
    if (!scheme.matches("[a-z][a-z0-9]*(\\+[a-z]+)*")) {
      throw malformed(text, "scheme '" + scheme + "'", "letters and digits, optionally +tls");
    }
    boolean tls = scheme.endsWith(TLS) || scheme.equals(HTTPS);
    scheme = scheme.endsWith(TLS) ? scheme.substring(0, scheme.length() - TLS.length()) : scheme;
    scheme = scheme.equals(HTTPS) ? HTTP : scheme;

    String rest = text.substring(colon + 1);
    int question = rest.indexOf('?');
    Map<String, String> parameters =
        question < 0 ? Map.of() : parameters(text, rest.substring(question + 1));
    rest = question < 0 ? rest : rest.substring(0, question);

    if (!rest.startsWith("//")) {
      return new WireUrl(
          scheme, tls, credentials(text, "", parameters), List.of(), rest, parameters);
    }
    int slash = rest.indexOf('/', 2);
    String authority = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
    String path = slash < 0 ? "" : rest.substring(slash);
    int at = authority.lastIndexOf('@');
    String user = at < 0 ? "" : authority.substring(0, at);
    return new WireUrl(
        scheme,
        tls,
        credentials(text, user, parameters),
        hosts(text, authority.substring(at + 1)),
        path,
        parameters);
  }

  /**
   * The only host.
   *
   * @throws IllegalArgumentException when there are none or several
   */
  public HostPort host() {
    if (hosts.size() != 1) {
      throw new IllegalArgumentException(this + ": " + hosts.size() + " hosts (expected: one)");
    }
    return hosts.getFirst();
  }

  /**
   * The same URL with {@code port} on its only host: what a server that bound port 0 listens on.
   */
  public WireUrl withPort(int port) {
    return new WireUrl(
        scheme, tls, credentials, List.of(new HostPort(host().host(), port)), path, parameters);
  }

  /** The same place under another scheme. */
  public WireUrl withScheme(String other) {
    return new WireUrl(other, tls, credentials, hosts, path, parameters);
  }

  /** The same place, saying nothing about that parameter. */
  public WireUrl without(String parameter) {
    Map<String, String> rest = new LinkedHashMap<>(parameters);
    rest.remove(parameter);
    return new WireUrl(scheme, tls, credentials, hosts, path, rest);
  }

  /** The scheme as it is written in a URL: {@code https}, or with {@code +tls} where it applies. */
  public String fullScheme() {
    return !tls ? scheme : scheme.equals(HTTP) ? HTTPS : scheme + TLS;
  }

  /** The URL again, without the password. */
  @Override
  public String toString() {
    String user = credentials.map(c -> c + "@").orElse("");
    String authority = hosts.stream().map(HostPort::toString).collect(joining(","));
    String query =
        parameters.entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .sorted()
            .collect(joining("&"));
    return fullScheme()
        + ":"
        + (hosts.isEmpty() ? "" : "//" + user + authority)
        + path
        + (query.isEmpty() ? "" : "?" + query);
  }

  private static Map<String, String> parameters(String url, String query) {
    Map<String, String> found = new LinkedHashMap<>();
    for (String pair : query.split("&")) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw malformed(url, "parameter '" + pair + "'", "name=value");
      }
      found.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), UTF_8));
    }
    return found;
  }

  private static List<HostPort> hosts(String url, String authority) {
    List<HostPort> found = new ArrayList<>();
    for (String one : authority.split(",", -1)) {
      int colon = one.startsWith("[") ? one.indexOf(':', one.indexOf(']') + 1) : one.indexOf(':');
      String host = colon < 0 ? one : one.substring(0, colon);
      if (host.isEmpty()) {
        throw malformed(url, "an empty host", "host or host:port");
      }
      host = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      found.add(new HostPort(host, colon < 0 ? -1 : port(url, one.substring(colon + 1))));
    }
    return found;
  }

  private static int port(String url, String text) {
    try {
      int port = Integer.parseInt(text);
      if (port >= 0 && port <= 65535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below, with what was wanted.
    }
    throw malformed(url, "port '" + text + "'", "0 to 65535");
  }

  private static Optional<Credentials> credentials(
      String url, String userInfo, Map<String, String> parameters) {
    String source = parameters.get("credentials");
    if (source == null) {
      return userInfo.isEmpty()
          ? Optional.empty()
          : Optional.of(Credentials.parse(URLDecoder.decode(userInfo.replace("+", "%2B"), UTF_8)));
    }
    if (source.startsWith("env:")) {
      String value = System.getenv(source.substring(4));
      if (value == null) {
        throw malformed(
            url, source + ", which is not set", "an environment variable user:password");
      }
      return Optional.of(Credentials.parse(value));
    }
    if (source.startsWith("file:")) {
      return Optional.of(Credentials.parse(firstLine(url, Path.of(source.substring(5)))));
    }
    throw malformed(url, "credentials=" + source, "env:NAME or file:PATH");
  }

  private static String firstLine(String url, Path file) {
    try {
      return Files.readString(file).lines().findFirst().orElse("");
    } catch (IOException e) {
      throw malformed(url, "unreadable credentials file " + file, "a line user:password");
    }
  }

  private static IllegalArgumentException malformed(String url, String got, String wanted) {
    String shown = url.replaceAll("//[^@/]*@", "//***@");
    return new IllegalArgumentException(shown + ": " + got + " (expected: " + wanted + ")");
  }
}
