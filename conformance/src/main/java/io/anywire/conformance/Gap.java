package io.anywire.conformance;

import java.util.Set;

/**
 * What is known not to hold yet, and why. A gap that holds after all is a failure, so that the list
 * stays true.
 *
 * @param wires where it does not hold
 * @param methods whole methods, by bare name
 * @param cases single cases, by name
 */
record Gap(Set<String> wires, Set<String> methods, Set<String> cases, String why) {
  boolean covers(String wire, Case one) {
    return wires.contains(wire) && (methods.contains(one.method()) || cases.contains(one.name()));
  }
}
