package io.anywire.contract;

import com.google.protobuf.Descriptors.GenericDescriptor;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a contract while it is read. Not thread-safe. */
final class Problems {
  private final List<ContractException.Problem> found = new ArrayList<>();

  void add(GenericDescriptor element, String reason) {
    found.add(
        new ContractException.Problem(element.getFile().getName(), element.getFullName(), reason));
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new ContractException(found);
    }
  }
}
