package io.anywire.bench;

import java.util.List;

/**
 * One server that is measured.
 *
 * @param name what the report calls it
 * @param classPath of its JVM
 * @param mainClass takes the port as its first argument, then {@code arguments}
 * @param arguments further arguments
 */
public record Subject(String name, String classPath, String mainClass, List<String> arguments) {
  /** A subject on the class path of the benchmark itself. */
  static Subject of(String name, Class<?> mainClass, String... arguments) {
    return new Subject(
        name, System.getProperty("java.class.path"), mainClass.getName(), List.of(arguments));
  }
}
