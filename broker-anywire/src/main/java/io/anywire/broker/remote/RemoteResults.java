package io.anywire.broker.remote;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import io.anywire.broker.Message;
import io.anywire.broker.Results;
import io.anywire.broker.remote.v1.BrokerServiceGrpc;
import io.anywire.broker.remote.v1.GetResultRequest;
import io.anywire.broker.remote.v1.PutResultRequest;
import io.grpc.Channel;
import io.grpc.Context;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The results that a broker in another process keeps. */
record RemoteResults(Channel channel) implements Results {
  private static final int ANSWER_SECONDS = 10;

  @Override
  public CompletionStage<Void> put(String id, Message value, Duration keep) {
    PutResultRequest request =
        PutResultRequest.newBuilder()
            .setId(id)
            .setValue(Translation.message(value))
            .setKeep(Translation.duration(keep))
            .build();
    return completion(() -> stub().putResult(request)).thenAccept(done -> {});
  }

  @Override
  public CompletionStage<Optional<Message>> get(String id) {
    GetResultRequest request = GetResultRequest.newBuilder().setId(id).build();
    return completion(() -> stub().getResult(request))
        .thenApply(
            found ->
                found.hasValue()
                    ? Optional.of(Translation.message(found.getValue()))
                    : Optional.empty());
  }

  private BrokerServiceGrpc.BrokerServiceFutureStub stub() {
    return BrokerServiceGrpc.newFutureStub(channel)
        .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  private static <T> CompletableFuture<T> completion(Supplier<ListenableFuture<T>> call) {
    CompletableFuture<T> completion = new CompletableFuture<>();
    Context.ROOT.run(
        () ->
            Futures.addCallback(
                call.get(),
                new FutureCallback<>() {
                  @Override
                  public void onSuccess(T result) {
                    completion.complete(result);
                  }

                  @Override
                  public void onFailure(Throwable t) {
                    completion.completeExceptionally(t);
                  }
                },
                Runnable::run));
    return completion;
  }
}
