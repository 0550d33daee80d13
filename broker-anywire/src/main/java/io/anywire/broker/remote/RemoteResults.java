package io.anywire.broker.remote;

import com.google.common.util.concurrent.ListenableFuture;
import io.anywire.broker.Message;
import io.anywire.broker.Results;
import io.anywire.broker.remote.v1.BrokerServiceGrpc;
import io.anywire.broker.remote.v1.ChooseRequest;
import io.anywire.broker.remote.v1.ChooseResponse;
import io.anywire.broker.remote.v1.GetResultRequest;
import io.anywire.broker.remote.v1.PutResultRequest;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The results that a broker in another process keeps.
 *
 * @param check refuses messages that the broker does not take
 */
record RemoteResults(Channel channel, Consumer<Message> check) implements Results {
  private static final int ANSWER_SECONDS = 10;

  @Override
  public CompletionStage<Void> put(String id, Message value, Duration keep) {
    try {
      check.accept(value);
    } catch (StatusRuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
    PutResultRequest request =
        PutResultRequest.newBuilder()
            .setId(id)
            .setValue(Translation.message(value))
            .setKeep(Translation.duration(keep))
            .build();
    return completion(() -> stub().putResult(request)).thenAccept(done -> {});
  }

  @Override
  public CompletionStage<Boolean> choose(String id, int choice, Duration keep) {
    ChooseRequest request =
        ChooseRequest.newBuilder()
            .setId(id)
            .setChoice(choice)
            .setKeep(Translation.duration(keep))
            .build();
    return completion(() -> stub().choose(request)).thenApply(ChooseResponse::getStands);
  }

  @Override
  public CompletionStage<Optional<Message>> get(String id) {
    GetResultRequest request = GetResultRequest.newBuilder().setId(id).build();
    return completion(() -> stub().getResult(request))
        .thenApply(found ->
            found.hasValue()
                ? Optional.of(Translation.message(found.getValue()))
                : Optional.empty());
  }

  private BrokerServiceGrpc.BrokerServiceFutureStub stub() {
    return BrokerServiceGrpc.newFutureStub(channel)
        .withMaxInboundMessageSize(Integer.MAX_VALUE)
        .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  private static <T> CompletableFuture<T> completion(Supplier<ListenableFuture<T>> call) {
    CompletableFuture<T> completion = new CompletableFuture<>();
    // Apart from the caller's context, whose end is not the end of what it asked the broker for.
    Context.ROOT.run(() -> {
      ListenableFuture<T> answer = call.get();
      answer.addListener(() -> complete(completion, answer), Runnable::run);
    });
    return completion;
  }

  private static <T> void complete(CompletableFuture<T> completion, ListenableFuture<T> answer) {
    try {
      completion.complete(answer.get());
    } catch (ExecutionException e) {
      completion.completeExceptionally(e.getCause());
    } catch (InterruptedException | CancellationException e) {
      completion.completeExceptionally(e);
    }
  }
}
