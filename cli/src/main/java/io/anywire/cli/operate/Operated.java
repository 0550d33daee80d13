package io.anywire.cli.operate;

import static java.util.stream.Collectors.joining;

import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Capability;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Topic;
import io.anywire.cli.CliException;
import io.anywire.cli.contract.Closest;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A broker that is operated, and what a person's words mean there. */
record Operated(Anywire anywire, Broker broker, String url) {
  private static final Comparator<Topic> ORDER =
      Comparator.comparing(Topic::name).thenComparing(Topic::kind);

  /** All topics, by name. */
  List<Topic> topics() {
    return broker.operations().topics().stream().sorted(ORDER).toList();
  }

  /** All subscriptions of all topics. */
  List<Place> places() {
    return topics().stream().flatMap(topic -> places(topic).stream()).toList();
  }

  /** All subscriptions of a topic. */
  List<Place> places(Topic topic) {
    return broker.operations().subscriptions(topic).stream()
        .sorted()
        .map(name -> new Place(topic, name))
        .toList();
  }

  DeadLetters deadLetters(Place place) {
    return broker.deadLetters(place.topic(), place.subscription());
  }

  /**
   * The topic of that name.
   *
   * @throws CliException naming what there is, when there is none, or more than one of that name
   */
  Topic topic(String name, Optional<Topic.Kind> kind) {
    if (!broker.capabilities().has(Capability.LISTED)) {
      return new Topic(
          name,
          kind.orElseThrow(() ->
              CliException.usage(
                  url + " cannot list its topics (expected: --kind queue, events or calls)")));
    }
    List<Topic> all = topics();
    List<Topic> fitting =
        all.stream()
            .filter(topic -> topic.name().equals(name) && kind.orElse(topic.kind()) == topic.kind())
            .toList();
    if (fitting.size() > 1) {
      throw CliException.usage(
          "there is more than one '"
              + name
              + "' (expected: --kind "
              + fitting.stream().map(Operated::word).collect(joining(" or "))
              + ")");
    }
    return fitting.stream().findFirst().orElseThrow(() -> noTopic(name, kind, all));
  }

  /**
   * A topic's subscription of that name, or its only one.
   *
   * @throws CliException naming what there is, when that is not clear
   */
  Place place(Topic topic, Optional<String> subscription) {
    List<Place> all = places(topic, subscription);
    if (all.size() != 1) {
      throw CliException.usage(
          all.isEmpty()
              ? word(topic) + " " + topic.name() + " has no subscription"
              : "which subscription of " + topic.name() + "? (expected: " + names(all) + ")");
    }
    return all.getFirst();
  }

  /** A topic's subscription of that name, or all. */
  List<Place> places(Topic topic, Optional<String> subscription) {
    if (!broker.capabilities().has(Capability.LISTED)) {
      return List.of(new Place(topic, subscription.orElse(Topic.WORKERS)));
    }
    List<Place> all = places(topic);
    if (subscription.isEmpty()) {
      return all;
    }
    List<Place> named =
        all.stream().filter(place -> place.subscription().equals(subscription.get())).toList();
    if (named.isEmpty()) {
      List<String> names = all.stream().map(Place::subscription).toList();
      throw Closest.unknown(
          topic.name() + " has no subscription '" + subscription.get() + "'",
          subscription.get(),
          names);
    }
    return named;
  }

  /** The kind as it is typed: {@code queue}, {@code events}, {@code calls}. */
  static String word(Topic topic) {
    return topic.kind().name().toLowerCase(Locale.ROOT);
  }

  private CliException noTopic(String name, Optional<Topic.Kind> kind, List<Topic> all) {
    String what = kind.map(k -> k.name().toLowerCase(Locale.ROOT)).orElse("topic");
    List<String> names =
        all.stream()
            .filter(topic -> kind.orElse(topic.kind()) == topic.kind())
            .map(Topic::name)
            .distinct()
            .toList();
    return Closest.unknown("no " + what + " '" + name + "' at " + url, name, names);
  }

  private static String names(List<Place> places) {
    return places.stream().map(Place::subscription).collect(joining(", "));
  }
}
