package io.anywire.broker.embedded.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Cuts the power at random points, lets an arbitrary part of what was not safe survive, opens the
 * journal again and compares it with what was acknowledged, over and over with the same store.
 *
 * <p>A history is its seed: {@code -Dpowercut.seed=N} runs one again, {@code -Dpowercut.points=N}
 * more.
 */
class PowerCutTest {
  private static final int POINTS = Integer.getInteger("powercut.points", 3_000);
  private static final int CUTS_PER_STORE = 6;

  @ParameterizedTest
  @EnumSource(Durability.class)
  void keeps_what_it_acknowledged_and_its_order(Durability durability) throws IOException {
    Long only = Long.getLong("powercut.seed");
    if (only != null) {
      run(only, durability, folder -> {});
      return;
    }
    for (long seed = 0; seed < POINTS / CUTS_PER_STORE; seed++) {
      run(seed, durability, folder -> {});
    }
  }

  @Test
  void shows_that_it_would_notice_a_force_that_is_left_out() {
    Random which = new Random(1);
    assertThat(noticed(folder -> folder.skipForce(which.nextInt(30)))).isPositive();
  }

  @Test
  void shows_that_it_would_notice_a_folder_that_is_not_synced() {
    assertThat(noticed(ModelledFolder::forgetFolderSyncs)).isPositive();
  }

  /** How many histories go wrong on a folder that breaks its word. */
  private static int noticed(Consumer<ModelledFolder> sabotage) {
    int noticed = 0;
    for (long seed = 0; seed < 200; seed++) {
      try {
        run(seed, Durability.FSYNC, sabotage);
      } catch (AssertionError | IOException e) {
        noticed++;
      }
    }
    return noticed;
  }

  private static void run(long seed, Durability durability, Consumer<ModelledFolder> sabotage)
      throws IOException {
    Random random = new Random(seed);
    Workload workload = new Workload(random, durability);
    ModelledFolder folder = new ModelledFolder(random);
    try {
      for (int cut = 0; cut < CUTS_PER_STORE; cut++) {
        folder.cutPowerAfter(random.nextInt(cut == 0 ? 400 : 150));
        sabotage.accept(folder);
        until(workload, folder);
        folder = folder.afterPowerCut();
      }
      workload.check(folder);
    } catch (AssertionError | IOException | RuntimeException e) {
      throw new AssertionError("seed " + seed + ", " + durability + ": " + e, e);
    }
  }

  private static void until(Workload workload, ModelledFolder folder) throws IOException {
    try {
      workload.run(folder, Integer.MAX_VALUE);
    } catch (IOException e) {
      if (!cutOff(e)) {
        throw e;
      }
    }
  }

  private static boolean cutOff(Throwable e) {
    return e != null && (e instanceof ModelledFolder.PowerCut || cutOff(e.getCause()));
  }
}
