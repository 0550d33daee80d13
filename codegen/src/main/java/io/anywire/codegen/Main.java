package io.anywire.codegen;

import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.JavaFeaturesProto;
import com.google.protobuf.compiler.PluginProtos.CodeGeneratorRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A protoc plugin: reads a {@code CodeGeneratorRequest} from standard input and writes the {@code
 * CodeGeneratorResponse} to standard output. What is wrong with the contract or the parameters
 * stands in the response; protoc prints it and fails.
 */
public final class Main {
  private Main() {}

  /** Runs the plugin once; arguments are not used. */
  public static void main(String[] args) throws IOException {
    run(System.in, System.out);
    System.out.flush();
  }

  static void run(InputStream request, OutputStream response) throws IOException {
    new HandlerPlugin()
        .generate(CodeGeneratorRequest.parseFrom(request, javaFeatures()))
        .writeTo(response);
  }

  /** The options that decide on names in Java; parsed without, editions would be misread. */
  static ExtensionRegistry javaFeatures() {
    DescriptorProtos.getDescriptor(); // has to be initialised before what extends it
    ExtensionRegistry extensions = ExtensionRegistry.newInstance();
    JavaFeaturesProto.registerAllExtensions(extensions);
    return extensions;
  }
}
