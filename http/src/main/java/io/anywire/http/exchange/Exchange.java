package io.anywire.http.exchange;

import io.anywire.call.Threads;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLSession;

/**
 * One HTTP request and its response, whatever the version of HTTP.
 *
 * <p>The response methods may be called from any thread, by one thread at a time: {@link #respond}
 * once, then {@link #send} any number of times, then {@link #end}; or {@link #complete} alone;
 * {@link #reset} at any time. They are queued to the connection's event loop, which writes all that
 * waits and flushes once. What follows an end or a reset, and what follows the loss of the client,
 * is dropped, and its buffers released.
 *
 * <p>To a {@code HEAD} request the handler answers as to a {@code GET}: the body is dropped here.
 */
public interface Exchange {

  /** The versions of HTTP. */
  enum Version {
    HTTP_1_0,
    HTTP_1_1,
    HTTP_2,
    HTTP_3
  }

  /** The version that this request came by. */
  Version version();

  /** The method, upper-case as sent: {@code GET}. */
  String method();

  /** The raw path, percent-encoded, without the query: {@code /users/42}. */
  String path();

  /** The raw query without its question mark; empty where there is none. */
  String query();

  /** What the client calls this server: the {@code :authority} or {@code Host}. */
  String authority();

  /** The request's headers: names in lower case, no pseudo-headers, no connection headers. */
  Http2Headers headers();

  /**
   * The largest set of response headers, or of trailers, that the client takes, as HTTP/2 counts
   * them (RFC 9113, section 6.5.2); {@link Long#MAX_VALUE} where it has set no limit.
   */
  default long maxResponseHeaders() {
    return Long.MAX_VALUE;
  }

  /** {@code https} where the connection has TLS, else {@code http}. */
  default String scheme() {
    return tlsSession().isPresent() ? "https" : "http";
  }

  /** The TLS of the connection, with the client's certificate where it has one; or empty. */
  Optional<SSLSession> tlsSession();

  /** The client's address. */
  SocketAddress remoteAddress();

  /** The address that the client connected to. */
  SocketAddress localAddress();

  /** The connection's event loop: where {@link RequestBody} is called. Runs at once when on it. */
  Executor eventLoop();

  /**
   * Starts a virtual thread for each task; a server's event loop may start together those that it
   * hands over in one of its turns.
   */
  default Executor virtualThreads() {
    return Threads.VIRTUAL;
  }

  /**
   * Begins to take the body; called once, in {@link ExchangeHandler#handle}. A request without a
   * body ends at once. A client that waits for {@code 100 Continue} gets it unless the handler has
   * already answered.
   */
  void receive(RequestBody body);

  /**
   * Says that so many bytes of the body have been dealt with, so that the client may send more;
   * from any thread.
   */
  void consumed(int bytes);

  /**
   * Sends status and headers. They may wait a moment for the first data or the end, to go in one
   * write.
   *
   * @param headers names in lower case, without pseudo-headers and connection headers; taken over
   */
  void respond(int status, Http2Headers headers);

  /** Sends a piece of the response body, and takes over the buffer. */
  void send(ByteBuf data);

  /** Ends the response, with trailers where HTTP can carry them; an empty set sends none. */
  void end(Http2Headers trailers);

  /**
   * Sends a whole response: the same as {@link #respond}, {@link #send} and {@link #end}, with one
   * wake-up of the event loop.
   */
  void complete(int status, Http2Headers headers, ByteBuf body, Http2Headers trailers);

  /**
   * Breaks the exchange off: a stream reset on HTTP/2 and HTTP/3, the end of the connection on
   * HTTP/1.1.
   */
  void reset(Reset reason);

  /** Whether more can be sent without piling up in memory; {@link RequestBody#writable} follows. */
  boolean isWritable();

  /** Why an exchange is broken off; names as in RFC 9113, section 7. */
  enum Reset {
    NO_ERROR,
    INTERNAL_ERROR,
    REFUSED_STREAM,
    CANCEL,
    ENHANCE_YOUR_CALM
  }
}
