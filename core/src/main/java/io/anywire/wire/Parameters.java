package io.anywire.wire;

import static java.util.stream.Collectors.joining;

import io.anywire.WireUrl;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the parameters of a wire's URL, each as what it is: {@code idle=30s&max-message=4MiB}. Who
 * has read all that it knows calls {@link #requireNoOthers}, so that a misspelt one is refused and
 * not ignored. Every method throws {@link IllegalArgumentException} with the URL, what was got and
 * what was wanted. Not thread-safe.
 */
public final class Parameters {
  /** What the value of a parameter that can be switched off says then. */
  public static final String OFF = "off";

  private static final String ON = "on";
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,18})([A-Za-z]*)");
  private static final Map<String, Long> BYTES =
      Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);
  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  private final WireUrl url;
  private final Set<String> known = new TreeSet<>(Set.of("credentials"));

  private Parameters(WireUrl url) {
    this.url = url;
  }

  /** Of that URL; {@code credentials}, which the URL itself reads, counts as read. */
  public static Parameters of(WireUrl url) {
    return new Parameters(url);
  }

  /** A text; empty where it is not given. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(raw(name));
  }

  /** Texts with commas between them; none where it is not given. */
  public List<String> list(String name) {
    String text = raw(name);
    return text == null ? List.of() : Arrays.stream(text.split(",")).map(String::strip).toList();
  }

  /** A number from {@code least} to {@code most}. */
  public int number(String name, int otherwise, int least, int most) {
    String text = raw(name);
    if (text == null) {
      return otherwise;
    }
    if (text.matches("[0-9]{1,9}")) {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    }
    throw refused(name, text, least + " to " + most);
  }

  /**
   * A size in bytes from {@code least} to {@code most}: {@code 512}, {@code 64KiB}, {@code 4MiB}.
   */
  public int bytes(String name, int otherwise, int least, int most) {
    String text = raw(name);
    if (text == null) {
      return otherwise;
    }
    Matcher amount = AMOUNT.matcher(text);
    Long unit = amount.matches() ? BYTES.get(amount.group(2)) : null;
    if (unit != null) {
      long count = Long.parseLong(amount.group(1));
      if (count <= most / unit && count * unit >= least) {
        return (int) (count * unit);
      }
    }
    throw refused(name, text, least + " to " + most + " bytes, such as 512, 64KiB or 4MiB");
  }

  /** A time from {@code least} to a hundred days: {@code 500ms}, {@code 30s}, {@code 5m}. */
  public Duration duration(String name, Duration otherwise, Duration least) {
    String text = raw(name);
    return text == null ? otherwise : duration(name, text, least, "");
  }

  /** The same for one that {@code off} switches off. */
  public Optional<Duration> optionalDuration(
      String name, Optional<Duration> otherwise, Duration least) {
    String text = raw(name);
    if (text == null) {
      return otherwise;
    }
    return text.equals(OFF)
        ? Optional.empty()
        : Optional.of(duration(name, text, least, ", or " + OFF));
  }

  /** {@code on} or {@code off}. */
  public boolean flag(String name, boolean otherwise) {
    String text = raw(name);
    if (text == null) {
      return otherwise;
    }
    return switch (text) {
      case ON -> true;
      case OFF -> false;
      default -> throw refused(name, text, "on or off");
    };
  }

  /** One of some words, in lower case. */
  public String choice(String name, String otherwise, List<String> words) {
    String text = raw(name);
    if (text == null || words.contains(text)) {
      return text == null ? otherwise : text;
    }
    throw refused(name, text, String.join(", ", words));
  }

  /** Refuses the parameters that nobody has read. */
  public void requireNoOthers() {
    for (String name : new TreeSet<>(url.parameters().keySet())) {
      if (!known.contains(name)) {
        String wanted = known.stream().collect(joining(", "));
        throw new IllegalArgumentException(
            url + ": unknown parameter '" + name + "' (expected: one of " + wanted + ")");
      }
    }
  }

  /** What to throw when the value of a parameter is not what it should be. */
  public IllegalArgumentException refused(String name, String got, String wanted) {
    return new IllegalArgumentException(
        url + ": " + name + "=" + got + " (expected: " + wanted + ")");
  }

  private Duration duration(String name, String text, Duration least, String more) {
    Matcher amount = AMOUNT.matcher(text);
    Duration unit = amount.matches() ? UNITS.get(amount.group(2).toLowerCase(Locale.ROOT)) : null;
    if (unit != null) {
      long count = Long.parseLong(amount.group(1));
      if (count <= Duration.ofDays(100).dividedBy(unit)) {
        Duration value = unit.multipliedBy(count);
        if (value.compareTo(least) >= 0) {
          return value;
        }
      }
    }
    throw refused(name, text, "at least " + shown(least) + ", such as 500ms, 30s or 5m" + more);
  }

  private static String shown(Duration least) {
    long millis = least.toMillis();
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }

  private @Nullable String raw(String name) {
    known.add(name);
    return url.parameters().get(name);
  }
}
