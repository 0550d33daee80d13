package io.anywire.contract;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;

/** A contract that makes no sense; lists everything that is wrong with it, not just the first. */
public final class ContractException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final List<Problem> problems;

  ContractException(List<Problem> problems) {
    super(describe(problems));
    this.problems = List.copyOf(problems);
  }

  /** Everything that was found, in the order of the contract; never empty. */
  public List<Problem> problems() {
    return problems;
  }

  private static String describe(List<Problem> problems) {
    String heading =
        problems.size() == 1 ? "The contract has 1 problem:" : "The contract has %d problems:";
    return problems.stream()
        .map(problem -> "\n  " + problem)
        .collect(Collectors.joining("", heading.formatted(problems.size()), ""));
  }

  /**
   * One thing that is wrong.
   *
   * @param file the proto file, as it is imported
   * @param element the full name of the service, method or field
   * @param reason what was got and what was expected
   */
  public record Problem(String file, String element, String reason) implements Serializable {
    /** {@code file: element: reason}. */
    @Override
    public String toString() {
      return file + ": " + element + ": " + reason;
    }
  }
}
