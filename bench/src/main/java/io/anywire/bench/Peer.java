package io.anywire.bench;

import java.util.List;
import java.util.Locale;

/** The peers with a class path of their own, each a module that dev/bench hands over by name. */
enum Peer {
  ARMERIA,
  HELIDON,
  SPRING,
  ARTEMIS,
  ROCKSDB,
  CHRONICLE(
      "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
      "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
      "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
      "--add-opens=java.base/java.io=ALL-UNNAMED",
      "--add-opens=java.base/java.lang=ALL-UNNAMED",
      "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
      "--add-opens=java.base/java.nio=ALL-UNNAMED",
      "--add-opens=java.base/java.util=ALL-UNNAMED",
      "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");

  private final List<String> jvmOptions;

  Peer(String... jvmOptions) {
    this.jvmOptions = List.of(jvmOptions);
  }

  /**
   * One subject of this peer.
   *
   * @param mainClass without its package
   * @throws BenchException if the benchmark was started without the peer's class path
   */
  Subject subject(String name, String mainClass, String... arguments) {
    String module = name().toLowerCase(Locale.ROOT);
    String classPath = System.getProperty("anywire.bench." + module, "");
    if (classPath.isEmpty()) {
      throw new BenchException(
          "no class path for %s (expected: to be run by dev/bench)".formatted(module));
    }
    String fullName = "io.anywire.bench." + module + "." + mainClass;
    return new Subject(name, classPath, fullName, List.of(arguments), jvmOptions);
  }
}
