package io.anywire.handler;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;

class InProcessHandlersTest extends HandlersTest {
  private final String name = InProcessServerBuilder.generateName();

  @Override
  ServerBuilder<?> serverBuilder() {
    return InProcessServerBuilder.forName(name);
  }

  @Override
  ManagedChannel connect(Server server) {
    return InProcessChannelBuilder.forName(name).build();
  }
}
