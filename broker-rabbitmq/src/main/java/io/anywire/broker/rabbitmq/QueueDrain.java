package io.anywire.broker.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AMQP.Queue.DeclareOk;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import io.anywire.broker.Drain;
import io.anywire.broker.Message;
import io.anywire.broker.Stored;
import io.grpc.Status;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A drain of a subscription's queues, of its dead letters, and of what rests on its way to it. What
 * it has shown stays unacknowledged until it is removed; what was not goes back to where it was
 * when the drain is closed or its process dies, and then counts as delivered once more. Nobody else
 * may consume from these queues: what he has would come later, out of order. More than 65535 are
 * not shown at once.
 *
 * <p>RabbitMQ delivers what was given back before all else, and what was given back again behind
 * that. So to look at a queue and leave it costs its order when its next consumer dies; whoever
 * drains takes what he sees.
 *
 * <p>What rests is in queues that all topics share. They are emptied for a moment, in which others
 * rest a little longer, and what is not ours is given back at once.
 */
final class QueueDrain implements Drain {
  /** How long nothing has to come before a queue that says so is taken to be empty. */
  private static final long QUIET_MILLIS = 200;

  private static final int MAX_PREFETCH = 65_535;

  /** A message that is shown and can be acknowledged. */
  private record Held(Channel channel, long tag, Stored stored) {}

  private final Handover handover;
  private final Connection connection;
  private final Backlog backlog;
  private final int most;
  private final Source waiting;
  private final Source dead;
  private final List<Held> resting = new ArrayList<>();
  private final List<Channel> restingChannels = new ArrayList<>();
  private boolean closed;

  QueueDrain(
      Handover handover, Connection connection, Backlog backlog, List<String> queues, int most) {
    this.handover = handover;
    this.connection = connection;
    this.backlog = backlog;
    this.most = most;
    this.waiting = new Source(queues);
    this.dead = new Source(List.of(backlog.deadLetters()));
  }

  @Override
  public List<Stored> first(int max) {
    try {
      waiting.fill(max);
      if (waiting.held.size() < max && resting.isEmpty()) {
        sweep();
        waiting.fill(max);
      }
      List<Held> found = new ArrayList<>(waiting.held);
      found.addAll(resting);
      if (found.size() < max) {
        dead.fill(max - found.size());
        found.addAll(dead.held);
      }
      return found.stream().limit(max).map(Held::stored).toList();
    } catch (IOException | ShutdownSignalException e) {
      throw Errors.of(e);
    }
  }

  @Override
  public List<Stored> resting() {
    try {
      if (resting.isEmpty()) {
        sweep();
      }
      return resting.stream().map(Held::stored).toList();
    } catch (IOException | ShutdownSignalException e) {
      throw Errors.of(e);
    }
  }

  @Override
  public void remove(List<Stored> gone) {
    Map<Stored, Boolean> going = new IdentityHashMap<>();
    gone.forEach(one -> going.put(one, true));
    try {
      waiting.remove(going);
      dead.remove(going);
      acknowledge(resting, going);
      for (Channel channel : restingChannels) {
        noted(channel);
      }
    } catch (IOException | ShutdownSignalException e) {
      throw Errors.of(e);
    }
  }

  private static void acknowledge(List<Held> held, Map<Stored, Boolean> going) throws IOException {
    for (Held one : held) {
      if (going.containsKey(one.stored())) {
        one.channel().basicAck(one.tag(), false);
      }
    }
    held.removeIf(one -> going.containsKey(one.stored()));
  }

  /** Returns when the broker has read everything that was sent on that channel. */
  private void noted(Channel channel) throws IOException {
    DeclareOk unused = channel.queueDeclarePassive(backlog.queue());
  }

  /** Takes what rests on its way to this subscription. */
  private void sweep() throws IOException {
    for (int level : handover.levels()) {
      String queue = Names.delay(level);
      Source all = new Source(List.of(queue), level);
      all.fill(Integer.MAX_VALUE);
      all.stop();
      for (Source.Raw raw : all.others) {
        raw.channel().basicNack(raw.tag(), false, true);
      }
      resting.addAll(all.held);
      restingChannels.add(all.channel());
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      waiting.close();
      dead.close();
      restingChannels.forEach(SideChannel::abort);
    }
  }

  /** Consumers of some queues, on a channel that is opened when it is needed. */
  private final class Source {
    /** A message that came. */
    record Raw(
        Channel channel,
        String queue,
        long tag,
        String key,
        BasicProperties properties,
        byte[] body) {}

    private static final int NOT_RESTING = -1;

    private final List<String> queues;
    private final int level;
    private final List<Held> held = new ArrayList<>();
    private final List<Raw> others = new ArrayList<>();
    private final BlockingQueue<Raw> coming = new LinkedBlockingQueue<>();
    private final List<String> consumers = new ArrayList<>();
    private Optional<Channel> open = Optional.empty();

    Source(List<String> queues) {
      this(queues, NOT_RESTING);
    }

    Source(List<String> queues, int level) {
      this.queues = queues;
      this.level = level;
    }

    Channel channel() {
      return open.orElseThrow();
    }

    /** Waits until so many are held, or the queues are empty. */
    void fill(int max) throws IOException {
      while (held.size() < max) {
        if (open.isEmpty() && (isEmpty() || !consume())) {
          return;
        }
        if (held.size() + others.size() >= prefetch()) {
          return;
        }
        Raw next = polled();
        if (next != null) {
          take(next);
        } else if (!channel().isOpen()) {
          throw Errors.unavailable("the channel that takes from " + queues + " is gone");
        } else if (isEmpty()) {
          return;
        }
      }
    }

    private boolean isEmpty() {
      return queues.stream().allMatch(name -> handover.ready(name) == 0);
    }

    /** RabbitMQ takes 0 for 2000 of a quorum queue. */
    private int prefetch() {
      return level == NOT_RESTING ? Math.min(most, MAX_PREFETCH) : MAX_PREFETCH;
    }

    private boolean consume() throws IOException {
      for (String queue : queues) {
        handover.requireUnused(queue);
      }
      Channel channel = SideChannel.open(connection);
      open = Optional.of(channel);
      channel.basicQos(prefetch());
      for (String queue : queues) {
        consumers.add(channel.basicConsume(queue, false, new Arrivals(channel, queue)));
      }
      return true;
    }

    private @Nullable Raw polled() {
      try {
        return coming.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
      }
    }

    private void take(Raw raw) {
      if (level != NOT_RESTING && !Delays.leadsTo(backlog.queue(), raw.key())) {
        others.add(raw);
      } else {
        held.add(new Held(raw.channel(), raw.tag(), stored(raw)));
      }
    }

    private Stored stored(Raw raw) {
      Message message = CloudEventsBinding.message(raw.properties(), raw.body());
      Bookkeeping noted = Bookkeeping.of(raw.properties());
      Optional<Stored.Death> death =
          raw.queue().equals(backlog.deadLetters())
              ? Optional.of(
                  new Stored.Death(
                      Bookkeeping.status(raw.properties()), Bookkeeping.time(raw.properties())))
              : Optional.empty();
      Optional<Instant> due =
          level == NOT_RESTING
              ? Optional.empty()
              : Bookkeeping.due(raw.properties())
                  .or(() -> Optional.of(Instant.now().plus(Delays.atMost(level, raw.key()))));
      return new Stored(message, noted.attempts(), due, death);
    }

    void remove(Map<Stored, Boolean> going) throws IOException {
      if (open.isPresent()) {
        acknowledge(held, going);
        noted(channel());
      }
    }

    /** Takes nothing more; what is held stays so. */
    void stop() throws IOException {
      if (open.isPresent()) {
        for (String consumer : consumers) {
          channel().basicCancel(consumer);
        }
        for (Raw late = coming.poll(); late != null; late = coming.poll()) {
          take(late);
        }
      }
    }

    void close() {
      open.ifPresent(SideChannel::abort);
    }

    private final class Arrivals extends DefaultConsumer {
      private final String queue;

      Arrivals(Channel channel, String queue) {
        super(channel);
        this.queue = queue;
      }

      @Override
      public void handleDelivery(
          String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
        coming.add(
            new Raw(
                getChannel(),
                queue,
                envelope.getDeliveryTag(),
                envelope.getRoutingKey(),
                properties,
                body));
      }
    }
  }
}
