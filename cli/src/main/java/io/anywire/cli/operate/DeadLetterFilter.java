package io.anywire.cli.operate;

import io.anywire.broker.DeadLetter;
import io.anywire.cli.contract.Closest;
import io.grpc.Status;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which dead letters: those that every given option fits. Not thread-safe. */
final class DeadLetterFilter {
  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "Dead letters: only that message; may be repeated.")
  private Set<String> ids = new TreeSet<>();

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description = "Dead letters: only of that type, such as shop.v1.UserService.CreateUser.")
  private Optional<String> type = Optional.empty();

  @Option(
      names = "--code",
      paramLabel = "CODE",
      description = "Dead letters: only those given up with that code, such as NOT_FOUND.")
  private Optional<String> code = Optional.empty();

  @Option(
      names = "--before",
      paramLabel = "TIME",
      description =
          "Dead letters: only those given up before that time, such as" + " 2026-01-31T12:00:00Z.")
  private Optional<Instant> before = Optional.empty();

  /** Whether any option was given. */
  boolean isGiven() {
    return !ids.isEmpty() || type.isPresent() || code.isPresent() || before.isPresent();
  }

  /**
   * The filter.
   *
   * @throws io.anywire.cli.CliException for a code that does not exist
   */
  Predicate<DeadLetter> predicate() {
    Optional<Integer> number = code.map(DeadLetterFilter::number);
    return letter ->
        (ids.isEmpty() || ids.contains(letter.message().id()))
            && fits(type.map(t -> t.replace('/', '.')), letter.message().type())
            && fits(number, letter.status().getCode())
            && before.map(letter.time()::isBefore).orElse(true);
  }

  private static <T> boolean fits(Optional<T> wanted, T got) {
    return wanted.map(got::equals).orElse(true);
  }

  private static int number(String name) {
    List<Status.Code> codes =
        Arrays.stream(Status.Code.values()).filter(c -> c != Status.Code.OK).toList();
    return codes.stream()
        .filter(c -> c.name().equals(name.toUpperCase(Locale.ROOT)))
        .findFirst()
        .map(Status.Code::value)
        .orElseThrow(() ->
            Closest.unknown(
                "no code '" + name + "'",
                name,
                codes.stream().map(Enum::name).collect(Collectors.toList())));
  }
}
