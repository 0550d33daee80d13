package io.anywire.conformance;

import io.anywire.conformance.Case.Expectation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads the cases and the known gaps from their YAML files, and refuses what it does not know. */
final class Cases {
  private static final Set<String> CASE_KEYS =
      Set.of(
          "name",
          "only",
          "method",
          "request",
          "requests",
          "raw",
          "metadata",
          "timeout",
          "cancel-after",
          "parallel",
          "expect",
          "observe");
  private static final Set<String> EXPECT_KEYS =
      Set.of(
          "code",
          "message",
          "message-lacks",
          "details",
          "response",
          "responses",
          "headers",
          "trailers",
          "within");

  private Cases() {}

  /** All cases, in the order of the file. */
  static List<Case> all() {
    return list(yaml("cases.yaml")).stream().map(Cases::read).toList();
  }

  /** The known gaps. */
  static List<Gap> gaps() {
    return list(yaml("known-gaps.yaml")).stream().map(Cases::gap).toList();
  }

  /** Any YAML or JSON text as maps, lists and scalars. */
  static Object parse(String text) {
    return new Load(LoadSettings.builder().build()).loadFromString(text);
  }

  private static Object yaml(String file) {
    try (InputStream in = Cases.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is not on the class path");
      }
      return new Load(LoadSettings.builder().setLabel(file).build()).loadFromInputStream(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Case read(Object yaml) {
    Map<String, Object> map = map(yaml, CASE_KEYS);
    Map<String, Object> expect = map(map.getOrDefault("expect", Map.of()), EXPECT_KEYS);
    return new Case(
        text(map, "name").orElseThrow(),
        Set.copyOf(strings(map.get("only"))),
        text(map, "method").orElse("Unary"),
        map.containsKey("requests")
            ? list(map.get("requests"))
            : List.of(map.getOrDefault("request", Map.of())),
        text(map, "raw"),
        texts(map.get("metadata")),
        duration(map, "timeout"),
        duration(map, "cancel-after"),
        text(map, "parallel").map(Integer::parseInt).orElse(1),
        expectation(expect),
        Optional.ofNullable(map.get("observe")));
  }

  private static Expectation expectation(Map<String, Object> expect) {
    Object responses =
        expect.containsKey("response") ? List.of(expect.get("response")) : expect.get("responses");
    return new Expectation(
        text(expect, "code").orElse("OK"),
        text(expect, "message"),
        text(expect, "message-lacks"),
        Optional.ofNullable(expect.get("details")).map(Cases::list),
        Optional.ofNullable(responses).map(Cases::list),
        texts(expect.get("headers")),
        texts(expect.get("trailers")),
        duration(expect, "within").orElse(Duration.ofSeconds(20)));
  }

  private static Gap gap(Object yaml) {
    Map<String, Object> map = map(yaml, Set.of("wires", "methods", "cases", "why"));
    return new Gap(
        Set.copyOf(strings(map.get("wires"))),
        Set.copyOf(strings(map.get("methods"))),
        Set.copyOf(strings(map.get("cases"))),
        text(map, "why").orElseThrow());
  }

  private static Map<String, Object> map(Object yaml, Set<String> known) {
    Map<String, Object> map = new LinkedHashMap<>();
    ((Map<?, ?>) yaml).forEach((key, value) -> map.put(String.valueOf(key), value));
    map.keySet()
        .forEach(key -> {
          if (!known.contains(key)) {
            throw new IllegalArgumentException(
                map.get("name") + ": '" + key + "' (expected one of: " + known + ")");
          }
        });
    return map;
  }

  private static List<Object> list(@Nullable Object yaml) {
    return yaml == null ? List.of() : Collections.unmodifiableList(new ArrayList<>((List<?>) yaml));
  }

  private static List<String> strings(@Nullable Object yaml) {
    return list(yaml).stream().map(String::valueOf).toList();
  }

  private static Map<String, String> texts(@Nullable Object yaml) {
    Map<String, String> texts = new LinkedHashMap<>();
    if (yaml instanceof Map<?, ?> map) {
      map.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
    }
    return texts;
  }

  private static Optional<String> text(Map<String, Object> map, String key) {
    return Optional.ofNullable(map.get(key)).map(String::valueOf);
  }

  private static Optional<Duration> duration(Map<String, Object> map, String key) {
    return text(map, key).map(ms -> Duration.ofMillis(Long.parseLong(ms.replace(" ms", ""))));
  }
}
