package io.anywire.broker.embedded;

import io.anywire.broker.embedded.StoreStatistics.Amount;
import io.anywire.broker.embedded.StoreStatistics.Checkpoint;
import io.anywire.broker.embedded.StoreStatistics.Generation;
import io.anywire.broker.embedded.StoreStatistics.OfSubscription;
import io.anywire.broker.embedded.StoreStatistics.OfTopic;
import io.anywire.broker.embedded.StoreStatistics.Past;
import io.anywire.broker.embedded.StoreStatistics.Results;
import io.anywire.broker.embedded.journal.JournalEnd;
import io.anywire.broker.embedded.journal.JournalInspection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts what a state and its journal have. */
record StoreFacts(Path path, DiskState state) {

  /** Those of a store of which nothing can be read. */
  static StoreStatistics none() {
    return new StoreStatistics(
        new StoreStatistics.Segments(0, 0, 0, 0, 0, List.of(), Map.of()),
        Optional.empty(),
        0,
        Map.of(),
        List.of(),
        new Results(0, 0),
        0,
        new Past(0, 0, Optional.empty(), 0, 0));
  }

  StoreStatistics of(
      JournalInspection journal,
      Optional<JournalEnd> end,
      long batches,
      Map<String, Amount> records)
      throws IOException {
    long now = System.currentTimeMillis();
    History history = state.history();
    return new StoreStatistics(
        segments(journal, end),
        checkpoint(journal, end),
        batches,
        records,
        state.topics().values().stream()
            .sorted(Comparator.comparing(topic -> topic.topic().name()))
            .map(topic -> topic(topic, now))
            .toList(),
        new Results(
            state.results().size(),
            state.results().values().stream().filter(one -> one.until() < now).count()),
        state.choices(),
        new Past(
            history.size(),
            history.bytes(),
            history.oldest(),
            history.mostBytes(),
            history.mostMillis()));
  }

  private StoreStatistics.Segments segments(JournalInspection journal, Optional<JournalEnd> end) {
    int bytes = journal.segmentBytes();
    List<Generation> all =
        journal.parts().stream()
            .map(part ->
                new Generation(
                    part.generation(), part.file(), journal.isReusable(part, state.needed()::any)))
            .toList();
    long reusable = all.stream().filter(Generation::reusable).count();
    long rest = end.map(one -> bytes - one.offset()).orElse(0L);
    return new StoreStatistics.Segments(
        all.size() + journal.blank(),
        bytes,
        (all.size() - reusable) * bytes - rest,
        rest + (long) journal.blank() * bytes,
        reusable * bytes,
        all,
        all.stream()
            .filter(one -> !one.reusable())
            .findFirst()
            .map(oldest -> References.into(state, oldest.generation(), bytes))
            .orElse(Map.of()));
  }

  private Optional<Checkpoint> checkpoint(JournalInspection journal, Optional<JournalEnd> end)
      throws IOException {
    Path file = path.resolve("checkpoint");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    long position = journal.checkpoint();
    return Optional.of(
        new Checkpoint(
            Files.size(file),
            Files.getLastModifiedTime(file).toInstant(),
            position,
            end.map(one -> one.position() - position).orElse(0L)));
  }

  private static OfTopic topic(DiskTopic topic, long now) {
    return new OfTopic(
        topic.topic(),
        topic.feeds().stream()
            .sorted(Comparator.comparing(DiskFeed::name))
            .map(feed -> subscription(feed, now))
            .toList());
  }

  private static OfSubscription subscription(DiskFeed feed, long now) {
    Ledger ledger = feed.ledger();
    long delayed = ledger.all().stream().filter(one -> one.dead == 0 && one.due > now).count();
    return new OfSubscription(
        feed.name(), ledger.alive() - delayed, delayed, ledger.dead(), ledger.deferred());
  }
}
