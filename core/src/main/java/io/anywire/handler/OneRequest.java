package io.anywire.handler;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects the one request of a call and hands it on when the caller has half-closed. */
final class OneRequest<ReqT> extends ServerCall.Listener<ReqT> {
  private final ServerCall<ReqT, ?> call;
  private final Consumer<ReqT> whenComplete;
  private @Nullable ReqT request;
  private boolean refused;

  OneRequest(ServerCall<ReqT, ?> call, Consumer<ReqT> whenComplete) {
    this.call = call;
    this.whenComplete = whenComplete;
    call.request(2); // the second would be one too many
  }

  @Override
  public void onMessage(ReqT message) {
    if (request == null) {
      request = message;
    } else {
      refuse("Too many requests");
    }
  }

  @Override
  public void onHalfClose() {
    ReqT complete = request;
    if (complete == null) {
      refuse("Half-closed without a request");
    } else if (!refused) {
      whenComplete.accept(complete);
    }
  }

  private void refuse(String reason) {
    if (!refused) {
      refused = true;
      call.close(Status.INTERNAL.withDescription(reason), new Metadata());
    }
  }
}
