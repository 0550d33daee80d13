package io.anywire.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles generated code as a user's strict build does: any warning fails. */
final class Javac {
  private final Path folder;
  private final List<Path> sources = new ArrayList<>();

  Javac(Path folder) {
    this.folder = folder;
  }

  Javac add(CodeGeneratorResponse response) throws IOException {
    assertThat(response.getError()).isEmpty();
    for (CodeGeneratorResponse.File file : response.getFileList()) {
      add(file.getName(), file.getContent());
    }
    return this;
  }

  Javac add(String path, String source) throws IOException {
    Path file = folder.resolve(path);
    Files.createDirectories(file.getParent());
    sources.add(Files.writeString(file, source));
    return this;
  }

  /** Compiles, and returns a loader that sees the classes and those of the tests. */
  URLClassLoader compile() throws IOException {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of(
            "--release",
            "21",
            "-Xlint:all,-processing",
            "-Werror",
            "-proc:none",
            "-d",
            folder.toString(),
            "-cp",
            System.getProperty("java.class.path"));
    try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null)) {
      boolean compiled =
          javac
              .getTask(
                  messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      assertThat(compiled).as(messages.toString()).isTrue();
    }
    return new URLClassLoader(new URL[] {folder.toUri().toURL()}, Javac.class.getClassLoader());
  }
}
