package io.anywire.examples.shop;

import io.anywire.examples.shop.users.UserConfig;
import io.anywire.examples.shop.users.UserService;
import java.util.List;

/** The user service as a process. */
public final class UsersMain {
  private static final String USAGE =
      """
      usage: users [--listen URLS] [--broker URL] [--db JDBC-URL|FOLDER]
        --listen  where to serve REST and gRPC, one or several URLs   http://127.0.0.1:8081
        --broker  the broker for calls, tasks and events              %s
        --db      jdbc:h2:…, jdbc:postgresql:… or a folder            %s
      Each is a system property too: -Dshop.listen=…\
      """;

  private UsersMain() {}

  /** Runs until it is asked to stop. */
  public static void main(String[] arguments) {
    ServiceProcess.run(
        "users", arguments, USAGE, () -> UserService.start(config(arguments)), UserService::urls);
  }

  private static UserConfig config(String[] arguments) {
    Options options = Options.of(arguments, List.of("listen", "broker", "db"));
    return new UserConfig(
        options.list("listen", "http://127.0.0.1:8081"),
        options.get("broker", ServiceProcess.BROKER),
        options.get("db", ServiceProcess.DATA));
  }
}
