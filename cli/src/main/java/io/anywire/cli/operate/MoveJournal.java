package io.anywire.cli.operate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.anywire.broker.Topic;
import io.anywire.cli.CliException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a move has done so far, in a file, so that it goes on after it was killed. A batch is three
 * steps: it is noted with its ids before anything of it is put, noted as moved when the target has
 * all of it, and as removed when the source has none of it any more; the first two are on stable
 * storage before the next step is taken. So after a kill of one batch at most it is unknown which
 * of its messages the target has. Lines of text, whose fields are URL-encoded:
 *
 * <pre>
 * move HASH               of both URLs
 * batch KIND TOPIC SUBSCRIPTION COUNT READY DEAD    with how many the target had before
 * READY|DELAYED|DEAD ID [KEY]     COUNT times
 * moved                   all of the batch, or
 * found I,J,…             those of it that the target was found to have
 * removed                 all that was moved so far, from the source
 * </pre>
 *
 * Not thread-safe; other processes are kept out.
 */
final class MoveJournal implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private final Map<Place, List<Moved>> moved = new LinkedHashMap<>();
  private final Map<Place, Counts> first = new HashMap<>();
  private Optional<Batch> doubtful = Optional.empty();
  private final Map<Place, Set<Moved.Identity>> unremoved = new HashMap<>();

  /**
   * Messages of one place that are moved together, all of them from one kind of place.
   *
   * @param before how many the target had of that place
   */
  record Batch(Place place, List<Moved> messages, Counts before) {}

  /** How many messages a subscription has that are ready, and dead letters. */
  record Counts(long ready, long dead) {}

  private MoveJournal(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Opens the file, or makes it.
   *
   * @param hash of both URLs
   * @throws CliException when it belongs to another move, or another process has it
   */
  static MoveJournal open(Path path, String hash) {
    try {
      FileChannel channel =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!isOurs(channel)) {
        channel.close();
        throw CliException.usage(path + ": another move is using it (expected: one at a time)");
      }
      MoveJournal journal = new MoveJournal(path, channel);
      journal.read(hash);
      return journal;
    } catch (IOException e) {
      throw CliException.usage("--state " + path + ": " + e.getMessage());
    }
  }

  private static boolean isOurs(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Whether a move that was not finished goes on. */
  boolean isResumed() {
    return !moved.isEmpty() || doubtful.isPresent();
  }

  /** The batch of which the target may have some. */
  Optional<Batch> doubtful() {
    return doubtful;
  }

  /** What the target has and the source may have too. */
  Set<Moved.Identity> unremoved(Place place) {
    return unremoved.computeIfAbsent(place, p -> new HashSet<>());
  }

  /** Everything of that place that the target has, in the order in which it was put there. */
  List<Moved> moved(Place place) {
    return moved.getOrDefault(place, List.of());
  }

  /** How many messages the target had of that place before the first was moved. */
  Counts before(Place place) {
    return first.getOrDefault(place, new Counts(0, 0));
  }

  /** All places of which something was moved. */
  Set<Place> places() {
    return moved.keySet();
  }

  void begin(Batch batch) {
    String lines =
        "batch %s %s %s %d %d %d\n"
            .formatted(
                batch.place().topic().kind(),
                encoded(batch.place().topic().name()),
                encoded(batch.place().subscription()),
                batch.messages().size(),
                batch.before().ready(),
                batch.before().dead());
    String messages = batch.messages().stream().map(one -> line(one) + "\n").collect(joining());
    write(lines + messages, true);
    doubtful = Optional.of(batch);
  }

  /** The target has all of the batch. */
  void moved() {
    write("moved\n", true);
    took(doubtful.orElseThrow());
  }

  /** The target has these of the batch, and no others. */
  void found(Set<Moved.Identity> found) {
    Batch batch = doubtful.orElseThrow();
    List<Integer> which =
        IntStream.range(0, batch.messages().size())
            .filter(i -> found.contains(batch.messages().get(i).identity()))
            .boxed()
            .toList();
    write("found " + which.stream().map(String::valueOf).collect(joining(",")) + "\n", true);
    took(
        new Batch(
            batch.place(), which.stream().map(batch.messages()::get).toList(), batch.before()));
  }

  /** The source has none of these any more, and, if that was all, none that was moved. */
  void removed(Place place, Set<Moved.Identity> gone) {
    Set<Moved.Identity> left = unremoved(place);
    left.removeAll(gone);
    if (left.isEmpty()) {
      write("removed\n", false);
    }
  }

  /** The source has nothing any more. */
  void emptied(Place place) {
    unremoved(place).clear();
    write("removed\n", false);
  }

  /** The move is over. */
  void delete() {
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void took(Batch batch) {
    first.putIfAbsent(batch.place(), batch.before());
    moved.computeIfAbsent(batch.place(), place -> new ArrayList<>()).addAll(batch.messages());
    doubtful = Optional.empty();
    batch.messages().forEach(one -> unremoved(batch.place()).add(one.identity()));
  }

  private void write(String text, boolean safely) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        int unused = channel.write(bytes);
      }
      if (safely) {
        channel.force(false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path.toString(), e);
    }
  }

  /** Reads as far as whole lines go; what a kill has left half written was not relied on. */
  private void read(String hash) throws IOException {
    String text = Files.readString(path);
    int whole = text.lastIndexOf('\n') + 1;
    List<String> lines = text.substring(0, whole).lines().toList();
    if (lines.isEmpty()) {
      channel.truncate(0);
      write("move " + hash + "\n", true);
      return;
    }
    if (!lines.getFirst().equals("move " + hash)) {
      throw CliException.usage(
          path + ": it belongs to a move between other brokers (expected: another --state FILE)");
    }
    int read = readSteps(lines);
    int bytes = 0;
    for (String line : lines.subList(0, read)) {
      bytes += line.getBytes(UTF_8).length + 1;
    }
    channel.truncate(bytes).position(bytes);
  }

  /** Returns how many lines there are up to the last step that is whole. */
  private int readSteps(List<String> lines) {
    int at = 1;
    while (at < lines.size()) {
      String[] words = lines.get(at).split(" ", -1);
      switch (words[0]) {
        case "batch" -> {
          int count = Integer.parseInt(words[4]);
          if (at + 1 + count > lines.size()) {
            return at;
          }
          doubtful = Optional.of(batch(words, lines.subList(at + 1, at + 1 + count)));
          at += count;
        }
        case "moved" -> took(doubtful.orElseThrow());
        case "found" -> readFound(words[1]);
        case "removed" -> unremoved.clear();
        default ->
            throw CliException.usage(path + ": line " + (at + 1) + " (expected: that of a move)");
      }
      at++;
    }
    return at;
  }

  private void readFound(String which) {
    Batch batch = doubtful.orElseThrow();
    List<Moved> found = new ArrayList<>();
    for (String index : which.isEmpty() ? new String[0] : which.split(",")) {
      found.add(batch.messages().get(Integer.parseInt(index)));
    }
    took(new Batch(batch.place(), found, batch.before()));
  }

  private static Batch batch(String[] words, List<String> messages) {
    Topic topic = new Topic(decoded(words[2]), Topic.Kind.valueOf(words[1]));
    return new Batch(
        new Place(topic, decoded(words[3])),
        messages.stream().map(MoveJournal::message).toList(),
        new Counts(Long.parseLong(words[5]), Long.parseLong(words[6])));
  }

  private static Moved message(String line) {
    String[] words = line.split(" ", -1);
    return new Moved(
        Moved.How.valueOf(words[0]),
        decoded(words[1]),
        words.length > 2 ? Optional.of(decoded(words[2])) : Optional.empty());
  }

  private static String line(Moved one) {
    return one.how()
        + " "
        + encoded(one.id())
        + one.key().map(key -> " " + encoded(key)).orElse("");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, UTF_8);
  }
}
