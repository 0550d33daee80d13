package io.anywire.codegen;

import com.google.protobuf.DescriptorProtos.Edition;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse.Feature;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Answers protoc's request with one handler interface for each service of the files to generate.
 */
final class HandlerPlugin {

  CodeGeneratorResponse generate(CodeGeneratorRequest request) {
    CodeGeneratorResponse.Builder response =
        CodeGeneratorResponse.newBuilder()
            .setSupportedFeatures(
                Feature.FEATURE_PROTO3_OPTIONAL_VALUE | Feature.FEATURE_SUPPORTS_EDITIONS_VALUE)
            .setMinimumEdition(Edition.EDITION_PROTO2_VALUE)
            .setMaximumEdition(Edition.EDITION_2024_VALUE);
    try {
      checkParameters(request.getParameter());
      addInterfaces(request, response);
    } catch (ContractException e) {
      response.clearFile().setError("anywire-codegen: " + e.getMessage());
    }
    return response.build();
  }

  private static void checkParameters(String parameters) throws ContractException {
    if (!parameters.isBlank()) {
      throw new ContractException(
          "unknown parameter \"" + parameters.strip() + "\" (expected: no parameters)");
    }
  }

  private static void addInterfaces(
      CodeGeneratorRequest request, CodeGeneratorResponse.Builder response)
      throws ContractException {
    Map<String, FileDescriptor> files = link(request.getProtoFileList());
    for (String name : request.getFileToGenerateList()) {
      FileDescriptor file = files.get(name);
      if (file == null) {
        throw new ContractException(name + ": to be generated, but not in the request");
      }
      for (ServiceDescriptor service : file.getServices()) {
        HandlerInterface source =
            new HandlerInterface(service, JavaNames.topLevel(file, files.values()));
        response.addFileBuilder().setName(source.path()).setContent(source.text());
      }
    }
  }

  /** Links files, which protoc lists after their imports. */
  private static Map<String, FileDescriptor> link(Collection<FileDescriptorProto> protos)
      throws ContractException {
    Map<String, FileDescriptor> linked = new LinkedHashMap<>();
    for (FileDescriptorProto proto : protos) {
      FileDescriptor[] imports =
          proto.getDependencyList().stream()
              .filter(linked::containsKey)
              .map(linked::get)
              .toArray(FileDescriptor[]::new);
      try {
        linked.put(proto.getName(), FileDescriptor.buildFrom(proto, imports));
      } catch (DescriptorValidationException e) {
        throw new ContractException(proto.getName() + ": " + e.getMessage());
      }
    }
    return linked;
  }
}
