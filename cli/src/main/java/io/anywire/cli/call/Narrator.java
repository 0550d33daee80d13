package io.anywire.cli.call;

import java.io.PrintStream;

/** Prints what wires explain, one aligned line each. Thread-safe. */
final class Narrator {
  private final boolean speaks;
  private final PrintStream out;

  Narrator(boolean speaks, PrintStream out) {
    this.speaks = speaks;
    this.out = out;
  }

  void say(String label, String text) {
    if (speaks) {
      out.println("%-9s %s".formatted(label, text));
    }
  }
}
