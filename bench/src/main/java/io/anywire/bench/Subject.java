package io.anywire.bench;

import java.util.List;

/**
 * One server or client that is measured.
 *
 * @param name what the report calls it
 * @param classPath of its JVM
 * @param mainClass takes the port on which it is to listen as its first argument, then {@code
 *     arguments}
 * @param arguments further arguments
 * @param jvmOptions that it cannot do without, besides those of all
 */
public record Subject(
    String name,
    String classPath,
    String mainClass,
    List<String> arguments,
    List<String> jvmOptions) {
  /** One that needs no options. */
  Subject(String name, String classPath, String mainClass, List<String> arguments) {
    this(name, classPath, mainClass, arguments, List.of());
  }

  /** A subject on the class path of the benchmark itself. */
  static Subject of(String name, Class<?> mainClass, String... arguments) {
    return new Subject(
        name, System.getProperty("java.class.path"), mainClass.getName(), List.of(arguments));
  }

  /**
   * Those of {@code subjects} that {@code names} names, in the order of the names; all where there
   * are none. Several may have one name.
   *
   * @throws BenchException if there is no subject of that name
   */
  static List<Subject> select(List<Subject> subjects, List<String> names) {
    return names.isEmpty()
        ? subjects
        : names.stream().flatMap(name -> named(subjects, name).stream()).distinct().toList();
  }

  private static List<Subject> named(List<Subject> subjects, String name) {
    List<Subject> named = subjects.stream().filter(s -> s.name().equals(name)).toList();
    if (named.isEmpty()) {
      throw new BenchException(
          "subject: %s (expected: one of %s)"
              .formatted(name, subjects.stream().map(Subject::name).distinct().toList()));
    }
    return named;
  }
}
