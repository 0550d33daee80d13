package io.anywire.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How one RabbitMQ node is set up: its files, its ports and the environment that keeps it apart
 * from every other node and on the loopback address. Works for root too, since the server's own
 * script is started rather than the packaged wrapper around it.
 */
record RabbitMqNode(
    TempFolder files, int port, int distributionPort, int portMapperPort, String moreSettings) {
  private static final String PACKAGE = "rabbitmq-server";
  private static final Duration PORT_MAPPER_TIMEOUT = Duration.ofSeconds(30);

  private static final Duration CONTROL_TIMEOUT = Duration.ofMinutes(2);

  private static final String CONFIGURATION =
      """
      log.console = true
      log.console.level = warning
      log.file = false
      vm_memory_high_watermark.absolute = 600MB
      disk_free_limit.absolute = 1MB
      """;

  /**
   * @param moreSettings lines for its configuration file
   */
  static RabbitMqNode create(String moreSettings) {
    serverScript();
    return new RabbitMqNode(
        TempFolder.create("rabbitmq"),
        FreePorts.next(),
        FreePorts.next(),
        FreePorts.next(),
        moreSettings);
  }

  /** Erlang's port mapper as a child of ours; the one that the server would start outlives it. */
  LocalProcess startPortMapper() {
    Path epmd = Installed.find("epmd", PACKAGE, "/usr/lib/erlang/bin/epmd");
    var command =
        new ProcessBuilder(
            epmd.toString(), "-address", "127.0.0.1", "-port", Integer.toString(portMapperPort));
    LocalProcess portMapper = LocalProcess.start("epmd", command);
    portMapper.awaitPort(portMapperPort, PORT_MAPPER_TIMEOUT);
    return portMapper;
  }

  LocalProcess startServer() {
    try {
      var command = new ProcessBuilder(serverScript().toString());
      command.directory(files.path().toFile());
      command.environment().putAll(environment());
      return LocalProcess.start("rabbitmq-server", command);
    } catch (IOException e) {
      throw new UncheckedIOException("rabbitmq-server: cannot write to " + files.path(), e);
    }
  }

  /** Lets the running server evaluate Erlang, which takes about two seconds of a processor. */
  void evaluate(String erlang) {
    try {
      Path program = Installed.find("rabbitmqctl", PACKAGE, "/usr/lib/rabbitmq/bin/rabbitmqctl");
      var command = new ProcessBuilder(program.toString(), "--node", "q@localhost", "eval", erlang);
      command.directory(files.path().toFile());
      command.environment().putAll(environment());
      command.environment().remove("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS");
      try (LocalProcess control = LocalProcess.start("rabbitmqctl", command)) {
        control.awaitLine(Pattern.compile("^ok$"), CONTROL_TIMEOUT);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("rabbitmqctl: cannot write to " + files.path(), e);
    }
  }

  void deleteFiles() {
    files.close();
  }

  private static Path serverScript() {
    return Installed.find(PACKAGE, PACKAGE, "/usr/lib/rabbitmq/bin/rabbitmq-server");
  }

  private Map<String, String> environment() throws IOException {
    return Map.ofEntries(
        Map.entry("HOME", files.folder("home").toString()),
        Map.entry("ERL_EPMD_ADDRESS", "127.0.0.1"),
        Map.entry("ERL_EPMD_PORT", Integer.toString(portMapperPort)),
        Map.entry("RABBITMQ_NODENAME", "q@localhost"),
        Map.entry("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1"),
        Map.entry("RABBITMQ_NODE_PORT", Integer.toString(port)),
        Map.entry("RABBITMQ_DIST_PORT", Integer.toString(distributionPort)),
        Map.entry("RABBITMQ_MNESIA_BASE", files.folder("data").toString()),
        Map.entry("RABBITMQ_LOG_BASE", files.folder("log").toString()),
        Map.entry("RABBITMQ_PID_FILE", files.path().resolve("pid").toString()),
        Map.entry("RABBITMQ_ENABLED_PLUGINS_FILE", files.file("plugins", "[].\n").toString()),
        Map.entry(
            "RABBITMQ_CONFIG_FILE",
            files.file("rabbitmq.conf", CONFIGURATION + moreSettings).toString()),
        Map.entry("RABBITMQ_CONF_ENV_FILE", "/dev/null"),
        // The script becomes the server itself, so that signals reach it without a shell between.
        Map.entry("RABBITMQ_ALLOW_INPUT", "true"),
        Map.entry(
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
            "-noinput -kernel inet_dist_use_interface {127,0,0,1}"));
  }
}
