package io.anywire.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;

/**
 * Where a command reads and writes: results go to {@code out}, everything said about them to {@code
 * err}.
 */
public record Terminal(InputStream in, PrintStream out, PrintStream err) {

  /** The process's own, in UTF-8. */
  static Terminal ofProcess() {
    return new Terminal(
        System.in,
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8));
  }
}
