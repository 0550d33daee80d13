package io.anywire.cli.operate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anywire.Anywire;
import io.anywire.broker.Broker;
import io.anywire.broker.Capabilities;
import io.anywire.broker.Capability;
import io.anywire.broker.Topic;
import io.anywire.broker.Waiting;
import io.anywire.cli.CliException;
import io.anywire.cli.ExitCode;
import io.anywire.cli.Terminal;
import io.anywire.cli.call.Brokers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Moves what one broker has to another. */
@Command(
    name = "move",
    description = "Moves tasks, events that wait and dead letters from one broker to another.",
    footer = {
      "",
      "Examples:",
      "  anywire move --from disk:/var/lib/shop --to rabbitmq://localhost",
      "  anywire move --from rabbitmq://localhost --to disk:/var/lib/shop --topic orders",
      "",
      "Nobody should consume from either meanwhile. Killed, it goes on where it was when it is run",
      "again. At the end both sides are counted and compared; see docs/cli.md."
    })
public final class MoveCommand implements Callable<Integer> {
  private static final int MOST_LOOKED_AT = 1_000_000;

  private final Terminal terminal;

  @Option(names = "--from", required = true, paramLabel = "URL", description = "The source.")
  private String from = "";

  @Option(names = "--to", required = true, paramLabel = "URL", description = "The target.")
  private String to = "";

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      description = "Only this one; may be repeated. Default: all topics of tasks and events.")
  private List<String> topics = new ArrayList<>();

  @Option(
      names = "--state",
      paramLabel = "FILE",
      description =
          "Where it is noted what was moved. Default: anywire-move-HASH in this folder, of both"
              + " URLs; it goes when all is proven.")
  private Optional<Path> state = Optional.empty();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "How many messages are moved at a time, 1 to 1000. Default: 500")
  private int batch = 500;

  @Option(names = "--json", description = "Print one JSON object a line; see docs/cli.md.")
  private boolean json;

  @Mixin private Progress progress = new Progress();

  /** Prints on {@code terminal}. */
  public MoveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (from.equals(to)) {
      throw CliException.usage("--from and --to are the same (expected: two brokers)");
    }
    if (batch < 1 || batch > 1000) {
      throw CliException.usage("--batch " + batch + " (expected: 1 to 1000)");
    }
    try (Anywire anywire = Anywire.builder().application("anywire-cli").build()) {
      Operated source = connected(anywire, from);
      Operated target = connected(anywire, to);
      requireMovable(source);
      requireMovable(target);
      Set<Place> places = places(source);
      String hash = hash(from, to);
      try (MoveJournal journal =
          MoveJournal.open(state.orElse(Path.of("anywire-move-" + hash)), hash)) {
        return move(new Mover(source, target, journal, batch), source, target, places, journal);
      }
    }
  }

  private static Operated connected(Anywire anywire, String url) {
    Brokers.connect(anywire, url);
    return new Operated(anywire, anywire.broker(url), url);
  }

  private static void requireMovable(Operated at) {
    Capabilities can = at.broker().capabilities();
    for (Capability needed : List.of(Capability.LISTED, Capability.MOVABLE)) {
      if (!can.has(needed)) {
        throw CliException.failed(
            at.url() + " lacks the capability '" + needed + "', which a move needs");
      }
    }
  }

  private Set<Place> places(Operated source) {
    List<Topic> kept =
        source.topics().stream().filter(topic -> topic.kind() != Topic.Kind.CALLS).toList();
    Set<Place> places = new LinkedHashSet<>();
    for (String name : topics) {
      Topic unused = source.topic(name, Optional.empty());
    }
    for (Topic topic : kept) {
      if (topics.isEmpty() || topics.contains(topic.name())) {
        places.addAll(source.places(topic));
      }
    }
    return places;
  }

  private int move(
      Mover mover, Operated source, Operated target, Set<Place> places, MoveJournal journal) {
    if (journal.isResumed()) {
      terminal.err().println("going on with a move that was not finished");
    }
    places.forEach(place -> requireFit(source, target.broker(), place));
    long moved =
        progress.of(
            "moved",
            terminal,
            soFar -> {
              mover.settleDoubt();
              places.forEach(place -> mover.move(place, soFar));
              return soFar.get();
            });
    Set<Place> all = new LinkedHashSet<>(places);
    all.addAll(journal.places());
    List<Mover.Proof> proofs = all.stream().map(mover::prove).toList();
    print(proofs);
    if (!proofs.stream().allMatch(Mover.Proof::holds)) {
      throw CliException.failed(
          "source and target are not equal, or something is left (moved now: "
              + moved
              + "; run it again when nobody consumes from either)");
    }
    journal.delete();
    return ExitCode.OK;
  }

  /** Looks at what waits, where the target can take less than the source. */
  private static void requireFit(Operated source, Broker target, Place place) {
    Capabilities has = source.broker().capabilities();
    Capabilities can = target.capabilities();
    boolean less =
        can.maxMessageBytes() < has.maxMessageBytes()
            || can.longestDelay().compareTo(has.longestDelay()) < 0;
    if (!less) {
      return;
    }
    for (Waiting one :
        source.broker().operations().peek(place.topic(), place.subscription(), MOST_LOOKED_AT)) {
      int size = one.message().payload().size();
      if (size > can.maxMessageBytes()) {
        throw CliException.failed(
            "%s of %s has %d bytes (the target takes: <= %d); nothing was moved"
                .formatted(one.message().id(), place, size, can.maxMessageBytes()));
      }
      Duration rest =
          one.due().map(due -> Duration.between(Instant.now(), due)).orElse(Duration.ZERO);
      if (rest.compareTo(can.longestDelay()) > 0) {
        throw CliException.failed(
            "%s of %s rests for %s (the target lets rest: <= %s); nothing was moved"
                .formatted(one.message().id(), place, rest, can.longestDelay()));
      }
    }
  }

  private void print(List<Mover.Proof> proofs) {
    Table table =
        new Table("SUBSCRIPTION", "MOVED", "DELAYED", "DEAD", "KEYS", "LEFT", "IDS", "ORDER", "");
    for (Mover.Proof proof : proofs) {
      if (json) {
        terminal.out().println(line(proof));
      } else {
        table.row(
            proof.place().toString(),
            proof.source().count() + "/" + proof.found(),
            String.valueOf(proof.source().count(Moved.How.DELAYED)),
            String.valueOf(proof.source().count(Moved.How.DEAD)),
            String.valueOf(proof.source().keys()),
            String.valueOf(proof.left()),
            both(proof.source().digest(), proof.target().digest()),
            both(proof.source().order(), proof.target().order()),
            verdict(proof));
      }
    }
    if (!json) {
      table.print(terminal.out(), terminal.err(), "nothing to move at " + from);
    }
  }

  private static String verdict(Mover.Proof proof) {
    if (!proof.holds()) {
      return "NOT EQUAL";
    }
    return proof.read() ? "equal" : "counted";
  }

  private static String both(String source, String target) {
    return source.equals(target) ? source : source + "/" + target;
  }

  private static JsonLine line(Mover.Proof proof) {
    return proof
        .place()
        .json()
        .put("moved", proof.source().count())
        .put("found", proof.found())
        .put("read", proof.read())
        .put("delayed", proof.source().count(Moved.How.DELAYED))
        .put("dead", proof.source().count(Moved.How.DEAD))
        .put("keys", proof.source().keys())
        .put("left", proof.left())
        .put("sourceIds", proof.source().digest())
        .put("targetIds", proof.target().digest())
        .put("sourceOrder", proof.source().order())
        .put("targetOrder", proof.target().order())
        .put("equal", proof.holds());
  }

  /** What the state of a move between these two is known by. */
  static String hash(String from, String to) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest((from + "\n" + to).getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
