package io.anywire.handler;

import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;

/**
 * Makes gRPC call handlers of blocking methods. Called by generated code, once a method.
 *
 * <p>The body of a unary method runs on the thread on which the server delivers the half-close. All
 * other bodies run on a virtual thread of their own, named after the method ({@code
 * shop.v1.UserService/ListUsers}) and carrying the {@link io.grpc.Context} of the call; the
 * server's callbacks never wait for it, so that a body may block on any server. The thread ends
 * with the body; whatever it waits for here ends with the call.
 *
 * <p>What a body throws ends the call: a {@link StatusException} or {@link StatusRuntimeException}
 * with its status and trailers, anything else with {@code INTERNAL} and an id under which the
 * failure is logged.
 *
 * <p>All methods are thread-safe, and so are the handlers that they return.
 */
public final class Handlers {

  /** One request, one response. */
  @FunctionalInterface
  public interface UnaryMethod<ReqT, RespT> {
    /** Returns the response; throws to end the call with a status. */
    RespT call(ReqT request) throws StatusException;
  }

  /** One request, a stream of responses. */
  @FunctionalInterface
  public interface ServerStreamingMethod<ReqT, RespT> {
    /** Returns when all responses are sent; throws to end the call with a status. */
    void call(ReqT request, Sender<RespT> out) throws StatusException;
  }

  /** A stream of requests, one response. */
  @FunctionalInterface
  public interface ClientStreamingMethod<ReqT, RespT> {
    /** Returns the response; throws to end the call with a status. */
    RespT call(Incoming<ReqT> in) throws StatusException;
  }

  /** A stream of requests and a stream of responses, each at its own pace. */
  @FunctionalInterface
  public interface BidiStreamingMethod<ReqT, RespT> {
    /** Returns when all responses are sent; throws to end the call with a status. */
    void call(Incoming<ReqT> in, Sender<RespT> out) throws StatusException;
  }

  private Handlers() {}

  /** Returns the call handler of a unary method. */
  public static <ReqT, RespT> ServerCallHandler<ReqT, RespT> unary(
      UnaryMethod<ReqT, RespT> method) {
    return (call, headers) ->
        new OneRequest<>(
            call, request -> Ending.of(call, () -> Ending.respond(call, method.call(request))));
  }

  /** Returns the call handler of a server-streaming method. */
  public static <ReqT, RespT> ServerCallHandler<ReqT, RespT> serverStreaming(
      ServerStreamingMethod<ReqT, RespT> method) {
    return (call, headers) -> {
      StreamBody<RespT> body = new StreamBody<>(call);
      return body.wokenBy(
          new OneRequest<>(call, request -> body.start(() -> method.call(request, body.out()))));
    };
  }

  /** Returns the call handler of a client-streaming method. */
  public static <ReqT, RespT> ServerCallHandler<ReqT, RespT> clientStreaming(
      ClientStreamingMethod<ReqT, RespT> method) {
    return (call, headers) -> {
      StreamBody<RespT> body = new StreamBody<>(call);
      Requests<ReqT> in = new Requests<>(call, body.signals());
      body.start(() -> Ending.respond(call, method.call(in)));
      return body.wokenBy(in.listener());
    };
  }

  /** Returns the call handler of a bidirectional method. */
  public static <ReqT, RespT> ServerCallHandler<ReqT, RespT> bidiStreaming(
      BidiStreamingMethod<ReqT, RespT> method) {
    return (call, headers) -> {
      StreamBody<RespT> body = new StreamBody<>(call);
      Requests<ReqT> in = new Requests<>(call, body.signals());
      body.start(() -> method.call(in, body.out()));
      return body.wokenBy(in.listener());
    };
  }

  /** Returns what the default body of a generated method throws: {@code UNIMPLEMENTED}. */
  public static StatusRuntimeException unimplemented(MethodDescriptor<?, ?> method) {
    return Status.UNIMPLEMENTED
        .withDescription("Method " + method.getFullMethodName() + " is unimplemented")
        .asRuntimeException();
  }
}
