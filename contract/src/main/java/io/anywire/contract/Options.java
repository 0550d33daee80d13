package io.anywire.contract;

import com.google.protobuf.DescriptorProtos.MethodOptions;
import com.google.protobuf.DescriptorProtos.ServiceOptions;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.InvalidProtocolBufferException;
import io.anywire.contract.annotations.AnnotationsProto;

/**
 * Options with our extensions resolved.
 *
 * <p>A descriptor that came by reflection or from a descriptor-set file was parsed without our
 * extensions (they are unknown fields then) or with somebody else's classes for them. Writing the
 * options out and parsing them again is right in all cases, and happens once, at start-up.
 */
final class Options {
  private static final ExtensionRegistry REGISTRY = registry();

  private Options() {}

  static ServiceOptions of(ServiceDescriptor service, Problems problems) {
    try {
      return ServiceOptions.parseFrom(service.getOptions().toByteString(), REGISTRY);
    } catch (InvalidProtocolBufferException e) {
      problems.add(service, unreadable(e));
      return ServiceOptions.getDefaultInstance();
    }
  }

  static MethodOptions of(MethodDescriptor method, Problems problems) {
    try {
      return MethodOptions.parseFrom(method.getOptions().toByteString(), REGISTRY);
    } catch (InvalidProtocolBufferException e) {
      problems.add(method, unreadable(e));
      return MethodOptions.getDefaultInstance();
    }
  }

  private static String unreadable(InvalidProtocolBufferException e) {
    return "options: cannot be read as google.api.http and anywire/annotations.proto define them: "
        + e.getMessage();
  }

  private static ExtensionRegistry registry() {
    ExtensionRegistry registry = ExtensionRegistry.newInstance();
    AnnotationsProto.registerAllExtensions(registry);
    com.google.api.AnnotationsProto.registerAllExtensions(registry);
    return registry;
  }
}
