package io.anywire.conformance.crash;

import java.util.random.RandomGenerator;

/** When the process is killed. */
enum Moment {
  /** At any time under load. */
  LOADED("under load"),
  /** While it opens the store. */
  OPENING("while opening"),
  /** While a checkpoint is written. */
  CHECKPOINT("while a checkpoint is written"),
  /** While it closes in good order. */
  CLOSING("while closing");

  private final String words;

  Moment(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  static Moment any(RandomGenerator random) {
    int percent = random.nextInt(100);
    return percent < 45 ? LOADED : percent < 65 ? OPENING : percent < 90 ? CHECKPOINT : CLOSING;
  }
}
