package io.anywire.cli.contract;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Makes descriptors of files that may import one another. Options stay as they came, unknown fields
 * included, so that the contract can read its own. Not thread-safe.
 */
final class FileLinker {
  private final Function<String, Optional<FileDescriptorProto>> files;
  private final Map<String, FileDescriptor> linked = new HashMap<>();
  private final Set<String> open = new HashSet<>();

  /** Files are asked for by name, each at most once. */
  FileLinker(Function<String, Optional<FileDescriptorProto>> files) {
    this.files = files;
  }

  /**
   * The file of that name.
   *
   * @throws IllegalArgumentException when it or one of its imports is missing or does not fit
   */
  FileDescriptor link(String name) {
    FileDescriptor known = linked.get(name);
    if (known != null) {
      return known;
    }
    if (!open.add(name)) {
      throw new IllegalArgumentException(name + ": imports itself (expected: no cycle)");
    }
    FileDescriptorProto proto =
        files
            .apply(name)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    name + " is missing (expected: a descriptor set made with --include_imports)"));
    FileDescriptor[] imports =
        proto.getDependencyList().stream().map(this::link).toArray(FileDescriptor[]::new);
    try {
      FileDescriptor file = FileDescriptor.buildFrom(proto, imports);
      linked.put(name, file);
      return file;
    } catch (DescriptorValidationException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }
}
