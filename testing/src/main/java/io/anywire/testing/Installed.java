package io.anywire.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** Finds the programs that a test needs. One that is missing is a failure, never a skipped test. */
final class Installed {
  private Installed() {}

  /**
   * Returns the first of {@code places} that is executable, then {@code program} on the PATH.
   *
   * @param debianPackage the package that brings it
   * @throws IllegalStateException with the command that installs it, if it is nowhere
   */
  static Path find(String program, String debianPackage, String... places) {
    Stream<Path> onPath =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .map(folder -> Path.of(folder, program));
    return Stream.concat(Arrays.stream(places).map(Path::of), onPath)
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> missing(program, debianPackage));
  }

  private static IllegalStateException missing(String program, String debianPackage) {
    return new IllegalStateException(
        "%s not found; install it with: apt-get install -y --no-install-recommends %s (or run dev/test)"
            .formatted(program, debianPackage));
  }
}
