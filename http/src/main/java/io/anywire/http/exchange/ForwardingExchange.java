package io.anywire.http.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Headers;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLSession;

/** An exchange that passes everything on to another one, for those that change a little of it. */
public abstract class ForwardingExchange implements Exchange {
  private final Exchange to;

  /** Passes everything on to {@code to}. */
  protected ForwardingExchange(Exchange to) {
    this.to = to;
  }

  /** The exchange behind this one. */
  protected final Exchange delegate() {
    return to;
  }

  @Override
  public Version version() {
    return to.version();
  }

  @Override
  public String method() {
    return to.method();
  }

  @Override
  public String path() {
    return to.path();
  }

  @Override
  public String query() {
    return to.query();
  }

  @Override
  public String authority() {
    return to.authority();
  }

  @Override
  public Http2Headers headers() {
    return to.headers();
  }

  @Override
  public Optional<SSLSession> tlsSession() {
    return to.tlsSession();
  }

  @Override
  public SocketAddress remoteAddress() {
    return to.remoteAddress();
  }

  @Override
  public SocketAddress localAddress() {
    return to.localAddress();
  }

  @Override
  public Executor eventLoop() {
    return to.eventLoop();
  }

  @Override
  public Executor virtualThreads() {
    return to.virtualThreads();
  }

  @Override
  public void receive(RequestBody body) {
    to.receive(body);
  }

  @Override
  public void consumed(int bytes) {
    to.consumed(bytes);
  }

  @Override
  public void respond(int status, Http2Headers headers) {
    to.respond(status, headers);
  }

  @Override
  public void send(ByteBuf data) {
    to.send(data);
  }

  @Override
  public void end(Http2Headers trailers) {
    to.end(trailers);
  }

  @Override
  public void complete(int status, Http2Headers headers, ByteBuf body, Http2Headers trailers) {
    to.complete(status, headers, body, trailers);
  }

  @Override
  public void reset(Reset reason) {
    to.reset(reason);
  }

  @Override
  public boolean isWritable() {
    return to.isWritable();
  }
}
