package io.anywire.examples.shop.users;

import io.anywire.examples.shop.v1.GreeterHandler;
import io.anywire.examples.shop.v1.HelloReply;
import io.anywire.examples.shop.v1.HelloRequest;

/** The smallest handler there is. Thread-safe. */
public final class Greetings implements GreeterHandler {

  @Override
  public HelloReply sayHello(HelloRequest request) {
    return HelloReply.newBuilder().setMessage("Hello, " + request.getName() + "!").build();
  }
}
