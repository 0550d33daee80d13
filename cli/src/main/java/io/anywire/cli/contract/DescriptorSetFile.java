package io.anywire.cli.contract;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code protoc --include_imports --descriptor_set_out=FILE} wrote. */
public final class DescriptorSetFile implements ContractSource {
  private final Path path;
  private final List<FileDescriptor> files;

  private DescriptorSetFile(Path path, List<FileDescriptor> files) {
    this.path = path;
    this.files = files;
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException when it cannot be read, is no descriptor set, or lacks imports
   */
  public static DescriptorSetFile read(Path path) {
    Map<String, FileDescriptorProto> protos = new LinkedHashMap<>();
    parse(path).getFileList().forEach(file -> protos.put(file.getName(), file));
    FileLinker linker = new FileLinker(name -> Optional.ofNullable(protos.get(name)));
    try {
      return new DescriptorSetFile(path, protos.keySet().stream().map(linker::link).toList());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String place() {
    return path.toString();
  }

  @Override
  public Optional<ServiceDescriptor> service(String fullName) {
    return files.stream()
        .flatMap(file -> file.getServices().stream())
        .filter(service -> service.getFullName().equals(fullName))
        .findFirst();
  }

  @Override
  public List<String> services() {
    return files.stream()
        .flatMap(file -> file.getServices().stream())
        .map(ServiceDescriptor::getFullName)
        .toList();
  }

  private static FileDescriptorSet parse(Path path) {
    String expected =
        " (expected: a file made by protoc --include_imports --descriptor_set_out=FILE)";
    try {
      FileDescriptorSet set = FileDescriptorSet.parseFrom(Files.readAllBytes(path));
      if (set.getFileCount() == 0) {
        throw new IllegalArgumentException(path + ": no files in it" + expected);
      }
      return set;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(path + ": no descriptor set" + expected, e);
    } catch (IOException e) {
      throw new IllegalArgumentException(path + ": cannot be read" + expected, e);
    }
  }
}
