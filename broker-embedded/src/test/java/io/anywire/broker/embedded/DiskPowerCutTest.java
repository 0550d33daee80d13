package io.anywire.broker.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.anywire.broker.embedded.journal.Durability;
import io.anywire.broker.embedded.journal.ModelledFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Cuts the power under a whole broker at random points, opens it again on what is left, and checks
 * that every message and result is where its acknowledgements say: over and over with the same
 * store, through checkpoints, reused segments and orderly closes.
 *
 * <p>A history is its seed: {@code -Dpowercut.seed=N} runs one again, {@code -Dpowercut.points=N}
 * more.
 */
class DiskPowerCutTest {
  private static final int POINTS = Integer.getInteger("powercut.points", 1_000);
  private static final int CUTS_PER_STORE = 8;

  @Test
  void keeps_what_it_acknowledged_when_the_power_goes() throws IOException {
    Long only = Long.getLong("powercut.seed");
    if (only != null) {
      run(only, folder -> {});
      return;
    }
    for (long seed = 0; seed < POINTS / CUTS_PER_STORE; seed++) {
      run(seed, folder -> {});
    }
  }

  @Test
  void shows_that_it_would_notice_a_force_that_is_left_out() {
    Random which = new Random(1);
    assertThat(noticed(folder -> folder.skipForce(which.nextInt(40)))).isPositive();
  }

  @Test
  void shows_that_it_would_notice_a_folder_that_is_not_synced() {
    assertThat(noticed(ModelledFolder::forgetFolderSyncs)).isPositive();
  }

  private static int noticed(Consumer<ModelledFolder> sabotage) {
    int noticed = 0;
    for (long seed = 0; seed < 50; seed++) {
      try {
        run(seed, sabotage);
      } catch (AssertionError | IOException e) {
        noticed++;
      }
    }
    return noticed;
  }

  private static void run(long seed, Consumer<ModelledFolder> sabotage) throws IOException {
    Random random = new Random(seed);
    DiskModel model = new DiskModel(random, Durability.FSYNC);
    ModelledFolder folder = new ModelledFolder(random);
    try {
      for (int cut = 0; cut < CUTS_PER_STORE; cut++) {
        folder.cutPowerAfter(random.nextInt(800));
        sabotage.accept(folder);
        until(model, folder);
        folder = folder.afterPowerCut();
        StoreReport report = StoreInspection.of(Path.of("modelled"), folder);
        assertThat(report.damages()).isEmpty();
      }
      model.check(folder);
    } catch (AssertionError | IOException | RuntimeException e) {
      throw new AssertionError("seed " + seed + ": " + e, e);
    }
  }

  private static void until(DiskModel model, ModelledFolder folder) throws IOException {
    try {
      model.run(folder);
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
