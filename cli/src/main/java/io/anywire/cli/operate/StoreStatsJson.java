package io.anywire.cli.operate;

import io.anywire.broker.embedded.StoreReport;
import io.anywire.broker.embedded.StoreStatistics;
import io.anywire.broker.embedded.StoreStatistics.OfTopic;
import java.time.Instant;

/** What a store holds, as one object. */
final class StoreStatsJson {
  private StoreStatsJson() {}

  static JsonLine of(StoreReport report) {
    StoreStatistics all = report.statistics();
    JsonLine line = new JsonLine().put("path", report.path().toString());
    segments(line, all.segments());
    all.checkpoint().ifPresent(one -> line.putJson("checkpoint", of(one).toString()));
    return line.put("batches", all.batches())
        .putAll(
            "records",
            all.records().entrySet(),
            one ->
                new JsonLine()
                    .put("kind", one.getKey())
                    .put("count", one.getValue().count())
                    .put("bytes", one.getValue().bytes()))
        .putAll("topics", all.topics(), StoreStatsJson::of)
        .put("results", all.results().count())
        .put("expired", all.results().expired())
        .put("choices", all.choices())
        .putJson("history", of(all.past()).toString());
  }

  private static void segments(JsonLine line, StoreStatistics.Segments segments) {
    line.put("segments", segments.count())
        .put("segmentBytes", segments.bytes())
        .put("used", segments.used())
        .put("free", segments.free())
        .put("reusable", segments.reusable())
        .putAll(
            "generations",
            segments.generations(),
            one ->
                new JsonLine()
                    .put("generation", one.generation())
                    .put("file", one.file())
                    .put("reusable", one.reusable()))
        .putAll(
            "pins",
            segments.pins().entrySet(),
            one -> new JsonLine().put("by", one.getKey()).put("count", one.getValue()));
  }

  private static JsonLine of(StoreStatistics.Checkpoint checkpoint) {
    return new JsonLine()
        .put("bytes", checkpoint.bytes())
        .put("time", checkpoint.time().toString())
        .put("position", checkpoint.position())
        .put("since", checkpoint.since());
  }

  private static JsonLine of(OfTopic topic) {
    return Place.about(topic.topic())
        .putAll(
            "subscriptions",
            topic.subscriptions(),
            one ->
                new JsonLine()
                    .put("subscription", one.name())
                    .put("ready", one.ready())
                    .put("delayed", one.delayed())
                    .put("dead", one.dead())
                    .put("deferred", one.deferred()));
  }

  private static JsonLine of(StoreStatistics.Past past) {
    JsonLine line =
        new JsonLine()
            .put("count", past.count())
            .put("bytes", past.bytes())
            .put("mostBytes", past.mostBytes())
            .put("mostMillis", past.mostMillis());
    past.oldest().map(Instant::toString).ifPresent(time -> line.put("oldest", time));
    return line;
  }
}
