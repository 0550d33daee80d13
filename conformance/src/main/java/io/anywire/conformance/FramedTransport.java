package io.anywire.conformance;

import io.grpc.Status;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.io.InputStream;

/** How the frames of gRPC go to a server and come back. Thread-safe. */
interface FramedTransport extends AutoCloseable {

  /** What the channel is called. */
  String authority();

  /** The media type of requests. */
  String contentType();

  /** Whether requests may be streams. */
  boolean streamsRequests();

  /**
   * Begins a request; may wait for a connection.
   *
   * @throws IOException when there is none
   */
  Exchange begin(String path, Http2Headers headers) throws IOException;

  @Override
  void close();

  /**
   * One request and its response. The request is written by one thread at a time, and the response
   * read by another, which waits for what it asks for.
   */
  interface Exchange {
    /** Sends a piece of the body, now or with the end. */
    void write(byte[] piece);

    /** Ends the request. */
    void end();

    /** The HTTP status, when the head is there. */
    int status() throws IOException, InterruptedException;

    /** The head, without pseudo-headers. */
    Http2Headers headers() throws IOException, InterruptedException;

    /** The body. */
    InputStream body() throws IOException, InterruptedException;

    /** What follows the body as trailers of HTTP; empty where there is nothing. */
    Http2Headers trailers() throws IOException, InterruptedException;

    /** Gives the exchange up; what waits for it fails. */
    void cancel(Status reason);
  }
}
