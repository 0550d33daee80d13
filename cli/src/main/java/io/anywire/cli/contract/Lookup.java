package io.anywire.cli.contract;

import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.anywire.cli.CliException;
import java.util.List;

/** Finds a service or a method by what a person typed, or says what there is instead. */
public final class Lookup {
  private Lookup() {}

  /**
   * The method {@code package.Service/Method}.
   *
   * @throws CliException naming what exists, when it does not
   */
  public static MethodDescriptor method(ContractSource source, String typed) {
    String name = typed.startsWith("/") ? typed.substring(1) : typed;
    int slash = name.indexOf('/');
    if (slash < 1 || slash == name.length() - 1) {
      throw CliException.usage(
          "'"
              + typed
              + "' is no method (expected: SERVICE/METHOD, such as"
              + " shop.v1.UserService/GetUser)");
    }
    ServiceDescriptor service = service(source, name.substring(0, slash));
    String wanted = name.substring(slash + 1);
    MethodDescriptor method = service.findMethodByName(wanted);
    if (method == null) {
      List<String> names = service.getMethods().stream().map(MethodDescriptor::getName).toList();
      throw Closest.unknown(
          service.getFullName() + " has no method '" + wanted + "'", wanted, names);
    }
    return method;
  }

  /**
   * The service of that full name.
   *
   * @throws CliException naming what exists, when it does not
   */
  public static ServiceDescriptor service(ContractSource source, String name) {
    return source
        .service(name)
        .orElseThrow(() ->
            Closest.unknown(
                "no service '" + name + "' in " + source.place(), name, sorted(source.services())));
  }

  private static List<String> sorted(List<String> names) {
    return names.stream().sorted().toList();
  }
}
