package io.anywire.codegen;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Asks the plugin, by its streams of bytes, as protoc does; the descriptors are protoc's own. */
final class Protoc {
  private Protoc() {}

  static CodeGeneratorResponse run(CodeGeneratorRequest request) throws IOException {
    ByteArrayOutputStream response = new ByteArrayOutputStream();
    Main.run(new ByteArrayInputStream(request.toByteArray()), response);
    return CodeGeneratorResponse.parseFrom(response.toByteArray());
  }

  static CodeGeneratorResponse generate(String... files) throws IOException {
    return run(request(files).build());
  }

  static CodeGeneratorRequest.Builder request(String... files) throws IOException {
    return CodeGeneratorRequest.newBuilder()
        .addAllProtoFile(contracts().getFileList())
        .addAllFileToGenerate(List.of(files));
  }

  private static FileDescriptorSet contracts() throws IOException {
    try (InputStream in = Protoc.class.getResourceAsStream("/contracts.desc")) {
      return FileDescriptorSet.parseFrom(in, Main.javaFeatures());
    }
  }
}
