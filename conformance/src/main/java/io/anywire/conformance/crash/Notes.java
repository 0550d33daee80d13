package io.anywire.conformance.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.anywire.broker.Topic;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a worker did that may be killed at any moment, one line each: the operating system has a
 * line before the worker goes on. Thread-safe.
 */
final class Notes implements AutoCloseable {
  /** What happened to an item. */
  enum Step {
    DELIVERED,
    DAMAGED,
    SETTLING,
    CONFIRMED
  }

  private final FileOutputStream out;

  private Notes(FileOutputStream out) {
    this.out = out;
  }

  /** Adds to a file. */
  static Notes to(Path file) throws IOException {
    return new Notes(new FileOutputStream(file.toFile(), true));
  }

  void write(Step step, Item item, int attempts) {
    String line =
        step + " " + item.stream() + " " + item.number() + " " + attempts + " " + System.nanoTime();
    try {
      out.write((line + "\n").getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** Reads a file bit by bit into an account. Thread-safe. */
  static final class Reader {
    private final Path file;
    private final Account account;
    private final Complaints complaints;
    private int read;

    Reader(Path file, Account account, Complaints complaints) {
      this.file = file;
      this.account = account;
      this.complaints = complaints;
    }

    /** Reads what was added. A last line without an end is left for later. */
    synchronized void more() {
      List<String> lines = lines();
      lines.subList(read, lines.size()).forEach(this::line);
      read = lines.size();
    }

    private List<String> lines() {
      try {
        String text = Files.exists(file) ? Files.readString(file) : "";
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void line(String line) {
      String[] words = line.split(" ", -1);
      Item item = new Item(words[1], Long.parseLong(words[2]));
      int attempts = Integer.parseInt(words[3]);
      long at = Long.parseLong(words[4]);
      String place = Places.name(Places.HOSTED, Topic.WORKERS);
      switch (Step.valueOf(words[0])) {
        case DELIVERED -> account.delivered(place, item, attempts, at);
        case DAMAGED -> complaints.add(Wrong.DAMAGED, place + " " + item);
        case SETTLING -> account.settling(place, item, item.outcome(attempts), at);
        case CONFIRMED -> account.confirmed(place, item, item.outcome(attempts));
      }
    }
  }
}
