package io.anywire.codegen;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How one source file refers to classes: by simple name where only one class of that name is meant,
 * else in full. A class of the file's own package keeps its simple name.
 */
final class Imports {
  private static final String JAVA_LANG = "java.lang";

  private final String ownPackage;
  private final Map<String, JavaType> simple = new HashMap<>();
  private final Set<String> lines = new TreeSet<>();

  /**
   * @param ownPackage the file's package
   * @param siblings top-level classes of that package, used or not
   * @param used every class that the file refers to
   */
  Imports(String ownPackage, Set<JavaType> siblings, Collection<JavaType> used) {
    this.ownPackage = ownPackage;
    Set<String> taken = new HashSet<>();
    siblings.forEach(type -> taken.add(type.name()));
    used.forEach(type -> add(type.top(), taken));
  }

  private void add(JavaType type, Set<String> taken) {
    boolean own = type.packageName().equals(ownPackage);
    JavaType before = simple.get(type.name());
    if (!own && (taken.contains(type.name()) || before != null)) {
      return;
    }
    simple.put(type.name(), type);
    if (before != null) {
      lines.remove(line(before));
    }
    if (!own && !type.packageName().equals(JAVA_LANG)) {
      lines.add(line(type));
    }
  }

  /** Returns the import statements, sorted, each with its line end. */
  String statements() {
    return String.join("", lines);
  }

  /** Returns the name to write for a class. */
  String name(JavaType type) {
    return type.top().equals(simple.get(type.top().name())) ? type.name() : type.qualified();
  }

  private static String line(JavaType type) {
    return "import " + type.qualified() + ";\n";
  }
}
