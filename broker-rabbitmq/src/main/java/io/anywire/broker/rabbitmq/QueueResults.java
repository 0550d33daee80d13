package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.anywire.broker.Message;
import io.anywire.broker.Results;
import io.anywire.call.Threads;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A queue per result that holds one message and vanishes when nobody has looked at it for as long
 * as it was to be kept. It is read without acknowledging and given back.
 */
final class QueueResults implements Results {
  private static final Executor SOON =
      CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS, Threads.VIRTUAL);
  private static final int LOOKS = 15;

  private final SideChannel channel;
  private final Publisher publisher;

  QueueResults(Link link, Publisher publisher) {
    this.channel = new SideChannel(link);
    this.publisher = publisher;
  }

  @Override
  public CompletionStage<Void> put(String id, Message value, Duration keep) {
    return checked(() -> {
      String queue = Names.result(id);
      RabbitMqBroker.checkSize(value);
      byte[] body = value.payload().toByteArray();
      var properties = CloudEventsBinding.terse(value, true, true);
      var outgoing = Outgoing.toQueue(queue, properties, body, List.of());
      return CompletableFuture.runAsync(
              () -> declare(Declaration.result(queue, keep)), Threads.VIRTUAL)
          .thenCompose(ok -> publisher.publish(outgoing, Publisher.PLACE_TIMEOUT));
    });
  }

  /** The first declaration of a queue stands, and what it says of the queue is the choice. */
  @Override
  public CompletionStage<Boolean> choose(String id, int choice, Duration keep) {
    return checked(() -> {
      Declaration.Queue queue = Declaration.choice(Names.choice(id), choice, keep);
      return CompletableFuture.supplyAsync(() -> stands(queue), Threads.VIRTUAL);
    });
  }

  private boolean stands(Declaration.Queue queue) {
    try {
      declareOnce(queue);
      return true;
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.FAILED_PRECONDITION) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public CompletionStage<Optional<Message>> get(String id) {
    return checked(() -> look(Names.result(id), LOOKS, Threads.VIRTUAL));
  }

  /**
   * A queue that is there but empty is about to be filled, or in another reader's hands for a
   * moment: worth another look.
   */
  private CompletableFuture<Optional<Message>> look(String queue, int looks, Executor when) {
    return CompletableFuture.supplyAsync(() -> channel.call(c -> read(c, queue)), when)
        .thenCompose(found ->
            found.isPresent() || looks <= 1
                ? CompletableFuture.completedFuture(found)
                : look(queue, looks - 1, SOON))
        .exceptionallyCompose(QueueResults::emptyWhereNothingIs);
  }

  private static Optional<Message> read(Channel channel, String queue) throws IOException {
    GetResponse found = channel.basicGet(queue, false);
    if (found == null) {
      return Optional.empty();
    }
    channel.basicNack(found.getEnvelope().getDeliveryTag(), false, true);
    return Optional.of(CloudEventsBinding.message(found.getProps(), found.getBody()));
  }

  private static CompletableFuture<Optional<Message>> emptyWhereNothingIs(Throwable thrown) {
    StatusRuntimeException failure = Errors.of(thrown);
    return failure.getStatus().getCode() == Status.Code.NOT_FOUND
        ? CompletableFuture.completedFuture(Optional.empty())
        : CompletableFuture.failedFuture(failure);
  }

  /** A result that was to be kept for another time makes room. */
  private void declare(Declaration.Queue queue) {
    try {
      declareOnce(queue);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.FAILED_PRECONDITION) {
        throw e;
      }
      Object unused = channel.call(c -> c.queueDelete(queue.name()));
      declareOnce(queue);
    }
  }

  private void declareOnce(Declaration.Queue queue) {
    Object unused =
        channel.call(c -> {
          queue.declare(c);
          return queue;
        });
  }

  /** What is wrong with the arguments fails the stage, as everything else does. */
  private static <T> CompletionStage<T> checked(Supplier<CompletableFuture<T>> operation) {
    try {
      return operation.get();
    } catch (StatusRuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
