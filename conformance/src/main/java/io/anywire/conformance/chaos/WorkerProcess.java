package io.anywire.conformance.chaos;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves calls, tasks and events at a broker until it is stopped; then it drains. */
final class WorkerProcess {
  /** The name of the subscription. */
  static final String APPLICATION = "chaos";

  static final String READY = "worker ready";

  private static final Logger log = LoggerFactory.getLogger(WorkerProcess.class);
  private static final int STARTS = 5;

  private WorkerProcess() {}

  /** The broker's URL, and the folder of the journals. */
  @SuppressWarnings("SystemOut") // It is what is waited for.
  public static void main(String[] arguments) throws Exception {
    try (Anywire anywire = Anywire.builder().application(APPLICATION).build();
        Journal journal = Journal.in(Path.of(arguments[1]))) {
      AnywireServer server = started(anywire, arguments[0], journal, STARTS);
      System.out.println(READY);
      server.await();
    }
  }

  /** As whoever manages services would, starts again what a busy broker did not answer in time. */
  private static AnywireServer started(Anywire anywire, String url, Journal journal, int starts) {
    try {
      return anywire.server().services(new ChaosHandler(journal).services()).listen(url).start();
    } catch (StatusRuntimeException e) {
      if (starts <= 1) {
        throw e;
      }
      log.warn("Starting again", e);
      return started(anywire, url, journal, starts - 1);
    }
  }
}
