package io.anywire.messaging;

import io.anywire.Anywire;
import io.anywire.lab.v1.Order;
import io.anywire.lab.v1.StreamLabGrpc;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.List;

/** A process that serves the lab at a broker, or calls it, until it is killed. */
public final class LabProcess {
  private LabProcess() {}

  /** {@code serve URL} or {@code chat URL}. */
  @SuppressWarnings("SystemOut") // It is what the test waits for.
  public static void main(String[] arguments) throws Exception {
    Anywire anywire = Anywire.builder().application("lab-process").build();
    switch (arguments[0]) {
      case "serve" -> {
        anywire
            .server()
            .services(List.of(new LabHandler(), new StreamLabHandler()))
            .interceptor(new Saying())
            .listen(arguments[1])
            .start();
        System.out.println("serving");
      }
      case "chat" -> {
        var call = StreamLabGrpc.newBlockingV2Stub(anywire.channel(arguments[1])).chat();
        call.write(Order.newBuilder().setText("hello").build());
        System.out.println("answered " + call.read().getText());
      }
      default -> throw new IllegalArgumentException(arguments[0] + " (expected: serve or chat)");
    }
    Thread.currentThread().join();
  }

  /** Says which orders are being handled, and which calls were cancelled. */
  private static final class Saying implements ServerInterceptor {
    @Override
    public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
        ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
      return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
        @Override
        @SuppressWarnings("SystemOut")
        public void onMessage(ReqT message) {
          System.out.println("handling " + ((Order) message).getText());
          super.onMessage(message);
        }

        @Override
        @SuppressWarnings("SystemOut")
        public void onCancel() {
          System.out.println("cancelled");
          super.onCancel();
        }
      };
    }
  }
}
