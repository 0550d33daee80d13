package io.anywire.codegen;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.ServiceDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The comments of a contract file, found by element; empty where there are none. */
final class Comments {
  private final Map<List<Integer>, String> byPath = new HashMap<>();

  Comments(FileDescriptor file) {
    for (Location location : file.toProto().getSourceCodeInfo().getLocationList()) {
      String comment =
          location.hasLeadingComments()
              ? location.getLeadingComments()
              : location.getTrailingComments();
      byPath.put(location.getPathList(), comment);
    }
  }

  String of(ServiceDescriptor service) {
    return byPath.getOrDefault(path(service), "");
  }

  String of(MethodDescriptor method) {
    return byPath.getOrDefault(path(method), "");
  }

  private static List<Integer> path(ServiceDescriptor service) {
    return List.of(FileDescriptorProto.SERVICE_FIELD_NUMBER, service.getIndex());
  }

  private static List<Integer> path(MethodDescriptor method) {
    return List.of(
        FileDescriptorProto.SERVICE_FIELD_NUMBER,
        method.getService().getIndex(),
        ServiceDescriptorProto.METHOD_FIELD_NUMBER,
        method.getIndex());
  }
}
