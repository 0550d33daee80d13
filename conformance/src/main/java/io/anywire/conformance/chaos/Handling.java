package io.anywire.conformance.chaos;

import java.util.Optional;

/**
 * A line of a worker's journal.
 *
 * @param step what happened
 * @param id of what is handled
 * @param key its ordering key; empty for none
 * @param at when, by {@link System#nanoTime}
 */
record Handling(Step step, long id, String key, long at) {

  /** A step of a handler. */
  enum Step {
    /** An attempt begins. */
    BEGUN,
    /** It was handled. */
    DONE,
    /** It is refused for good. */
    REFUSED
  }

  /** The line, with its end. */
  String line() {
    return "%s %d %s %d%n".formatted(step, id, key.isEmpty() ? "-" : key, at);
  }

  /** Reads a line; empty when its process died while writing it. */
  static Optional<Handling> parse(String line) {
    String[] words = line.split(" ", -1);
    return words.length != 4 || words[3].isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Handling(
                Step.valueOf(words[0]),
                Long.parseLong(words[1]),
                words[2].equals("-") ? "" : words[2],
                Long.parseLong(words[3])));
  }
}
