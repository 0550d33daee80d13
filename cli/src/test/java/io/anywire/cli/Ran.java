package io.anywire.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** A command that has been run in this process, and what it said. */
public record Ran(int exitCode, String out, String err) {

  public static Ran anywire(String... args) {
    return withInput("", args);
  }

  public static Ran withInput(String input, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(UTF_8)),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8));
    int exitCode = Main.run(terminal, args);
    return new Ran(exitCode, out.toString(UTF_8), err.toString(UTF_8));
  }

  public List<String> errLines() {
    return err.lines().toList();
  }
}
