package io.anywire.conformance;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One line of the matrix: a call, and what must come of it on every wire.
 *
 * @param name a sentence
 * @param only the wires that it can be said of; all where it is empty
 * @param method the bare name of the method
 * @param requests in canonical JSON, as the YAML has them
 * @param raw sends these bytes instead of a request, hexadecimal
 * @param metadata `-bin` values in base64
 * @param timeout the deadline, if any
 * @param cancelAfter when the caller cancels, if ever
 * @param parallel how many times the call is made at once
 * @param expect what must come of it
 * @param observe what the server must have seen of the call that the behaviour named
 */
record Case(
    String name,
    Set<String> only,
    String method,
    List<Object> requests,
    Optional<String> raw,
    Map<String, String> metadata,
    Optional<Duration> timeout,
    Optional<Duration> cancelAfter,
    int parallel,
    Expectation expect,
    Optional<Object> observe) {

  /**
   * The same case with {@code <run>} in its requests replaced, so that each run has its own names.
   */
  Case run(String run) {
    Object named = Cases.parse(JsonText.of(requests).replace("<run>", run));
    return new Case(
        name,
        only,
        method,
        List.copyOf((List<?>) named),
        raw,
        metadata,
        timeout,
        cancelAfter,
        parallel,
        expect,
        observe);
  }

  boolean isSaidOf(String wire) {
    return only.isEmpty() || only.contains(wire);
  }

  /**
   * What must come of a call. What is not named may be anything.
   *
   * @param code the status code's name
   * @param message the status message
   * @param messageLacks what the status message must not contain
   * @param details the status details in canonical JSON
   * @param responses each a part of the response in canonical JSON, in order
   * @param headers response headers
   * @param trailers response trailers
   * @param within how long it may take
   */
  record Expectation(
      String code,
      Optional<String> message,
      Optional<String> messageLacks,
      Optional<List<Object>> details,
      Optional<List<Object>> responses,
      Map<String, String> headers,
      Map<String, String> trailers,
      Duration within) {}
}
