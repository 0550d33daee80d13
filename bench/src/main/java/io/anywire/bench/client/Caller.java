package io.anywire.bench.client;

import io.anywire.bench.v1.HelloReply;
import io.anywire.bench.v1.HelloRequest;

/** Makes blocking calls of one client library. Thread-safe. */
@FunctionalInterface
public interface Caller {
  /** Calls SayHello and waits for the reply; throws whatever its library throws. */
  HelloReply call(HelloRequest request) throws Exception;
}
