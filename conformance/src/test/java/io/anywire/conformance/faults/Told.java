package io.anywire.conformance.faults;

import io.grpc.Status.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who was told what: a word for what he had asked, the message's id, and the answer. */
final class Told {
  private record Answer(String what, String id, Code code) {}

  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

  /** Returns the code. */
  Code add(String what, String id, Code code) {
    answers.add(new Answer(what, id, code));
    return code;
  }

  void write(Path file) throws IOException {
    List<String> lines = answers.stream().map(a -> a.what + ":" + a.id + ":" + a.code).toList();
    Files.write(file, lines);
  }

  static Told read(Path file) throws IOException {
    Told told = new Told();
    for (String line : Files.readAllLines(file)) {
      String[] words = line.split(":");
      Code unused = told.add(words[0], words[1], Code.valueOf(words[2]));
    }
    return told;
  }

  /** Which messages somebody was told that about. */
  Set<String> ids(String what, Code code) {
    return of(what).filter(a -> a.code == code).map(Answer::id).collect(Collectors.toSet());
  }

  /** All messages that somebody asked that for. */
  Set<String> ids(String what) {
    return of(what).map(Answer::id).collect(Collectors.toSet());
  }

  /** The answers there were. */
  Set<Code> codes(String what) {
    return of(what).map(Answer::code).collect(Collectors.toSet());
  }

  private Stream<Answer> of(String what) {
    return answers.stream().filter(answer -> answer.what.equals(what));
  }
}
