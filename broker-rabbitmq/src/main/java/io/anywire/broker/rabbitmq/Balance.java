package io.anywire.broker.rabbitmq;

import io.anywire.call.Threads;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the processes of an ordered subscription share its partitions: RabbitMQ leaves
 * each with the process that asked first. Every few seconds a process counts the consumers of the
 * main queue, which every process has, and leaves the partitions that it holds beyond its share to
 * the others; no process needs to know of another.
 */
final class Balance implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Balance.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private final SideChannel reading;
  private final String mainQueue;
  private final List<Partition> partitions;
  private final Future<?> timer;

  Balance(SideChannel reading, String mainQueue, List<Partition> partitions) {
    this.reading = reading;
    this.mainQueue = mainQueue;
    this.partitions = partitions;
    long millis = INTERVAL.toMillis();
    this.timer =
        Threads.timerThread()
            .scheduleWithFixedDelay(
                () -> Threads.VIRTUAL.execute(this::check),
                millis + ThreadLocalRandom.current().nextLong(millis),
                millis,
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    timer.cancel(false);
  }

  private void check() {
    List<Partition> held = partitions.stream().filter(Partition::isHeld).toList();
    try {
      if (held.size() < 2) {
        return;
      }
      long processes = Math.max(1, reading.<Long>call(channel -> channel.consumerCount(mainQueue)));
      int share = (int) Math.ceilDiv(partitions.size(), processes);
      held.stream()
          .filter(partition -> !partition.isRetrying())
          .limit(Math.max(0, held.size() - share))
          .forEach(Partition::leave);
    } catch (StatusRuntimeException e) {
      log.atDebug().setCause(e).log("The partitions could not be balanced");
    }
  }
}
