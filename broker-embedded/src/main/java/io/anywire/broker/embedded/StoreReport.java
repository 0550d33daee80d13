package io.anywire.broker.embedded;

import io.anywire.broker.embedded.journal.JournalEnd;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What was found of a store that was looked at. Immutable.
 *
 * @param path the folder
 * @param end where the journal ends; empty where nothing was ever written, or it cannot be told
 * @param damages everything that no crash explains; a store that has any is corrupt
 * @param statistics what it holds, as far as it could be read
 */
public record StoreReport(
    Path path, Optional<JournalEnd> end, List<Damage> damages, StoreStatistics statistics) {

  public StoreReport {
    damages = List.copyOf(damages);
  }

  /** Whether nothing is damaged; a tail that a crash has torn is not. */
  public boolean isWhole() {
    return damages.isEmpty();
  }

  /**
   * One damage.
   *
   * @param offset in the file, in bytes
   */
  public record Damage(String file, long offset, String what) {}
}
