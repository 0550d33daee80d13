package io.anywire.codegen;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.GeneratorNames;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import javax.lang.model.SourceVersion;

/** The names that protobuf-java and grpc-java give to what they generate, and ours. */
final class JavaNames {
  private JavaNames() {}

  static JavaType message(Descriptor message) {
    return inFile(message.getFile(), GeneratorNames.getQualifiedClassName(message));
  }

  /** Returns grpc-java's class of a service. */
  static JavaType grpc(ServiceDescriptor service) {
    return new JavaType(javaPackage(service.getFile()), service.getName() + "Grpc");
  }

  static JavaType handler(ServiceDescriptor service) {
    return new JavaType(javaPackage(service.getFile()), service.getName() + "Handler");
  }

  /** Returns a method's name in Java: grpc-java's, keywords with an underscore. */
  static String method(MethodDescriptor method) {
    String name = lowerCamel(method.getName());
    return SourceVersion.isKeyword(name) ? name + "_" : name;
  }

  /** Returns grpc-java's getter of a method's descriptor. */
  static String descriptorGetter(MethodDescriptor method) {
    return lowerCamel("get_" + method.getName() + "_method");
  }

  /** Returns the top-level classes in the file's Java package, of all files known. */
  static Set<JavaType> topLevel(FileDescriptor file, Collection<FileDescriptor> files) {
    String javaPackage = javaPackage(file);
    Set<JavaType> types = new HashSet<>();
    for (FileDescriptor each : files) {
      if (javaPackage(each).equals(javaPackage)) {
        types.add(inFile(each, GeneratorNames.getFileClassName(each)));
        for (Descriptor message : each.getMessageTypes()) {
          types.add(message(message).top());
        }
        for (EnumDescriptor type : each.getEnumTypes()) {
          types.add(inFile(each, GeneratorNames.getQualifiedClassName(type)).top());
        }
      }
    }
    return types;
  }

  private static JavaType inFile(FileDescriptor file, String name) {
    String javaPackage = javaPackage(file);
    String prefix = javaPackage.isEmpty() ? "" : javaPackage + ".";
    return new JavaType(
        javaPackage, name.startsWith(prefix) ? name.substring(prefix.length()) : name);
  }

  private static String javaPackage(FileDescriptor file) {
    return GeneratorNames.getFileJavaPackage(file);
  }

  /** As grpc-java does: the first letter lower, underscores out, what follows them upper. */
  private static String lowerCamel(String name) {
    StringBuilder camel = new StringBuilder().append(lower(name.charAt(0)));
    boolean raise = false;
    for (char c : name.substring(1).toCharArray()) {
      if (c == '_') {
        raise = true;
      } else {
        camel.append(raise ? upper(c) : c);
        raise = false;
      }
    }
    return camel.toString();
  }

  private static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
  }

  private static char upper(char c) {
    return c >= 'a' && c <= 'z' ? (char) (c - 32) : c;
  }
}
