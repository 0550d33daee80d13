package io.anywire.examples.shop;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.WireUrl;
import io.anywire.examples.shop.storage.Database;
import io.anywire.examples.shop.storage.Inbox;
import io.anywire.examples.shop.storage.Outbox;
import io.anywire.messaging.event.Events;
import io.grpc.BindableService;
import io.grpc.ServiceDescriptor;
import java.util.ArrayList;
import java.util.List;

/**
 * What a service of the shop stands on: its runtime, its database, and the outbox and inbox that
 * tie the two. Thread-safe; {@link #close} drains.
 */
public final class Foundation implements AutoCloseable {
  private final String broker;
  private final Anywire anywire;
  private final Database database;
  private final Outbox outbox;
  private final Inbox inbox;
  private final List<AnywireServer> servers = new ArrayList<>();

  private Foundation(
      Anywire anywire, String broker, Database database, Outbox outbox, Inbox inbox) {
    this.anywire = anywire;
    this.broker = broker;
    this.database = database;
    this.outbox = outbox;
    this.inbox = inbox;
  }

  /**
   * Lays it.
   *
   * @param application names the application, its subscriptions and its tables
   * @param broker the URL of the broker
   * @param where a JDBC URL, or a folder for an H2 file
   * @param tables statements that make the service's own tables
   * @param events the event contract that the service publishes
   */
  public static Foundation lay(
      String application,
      String broker,
      String where,
      List<String> tables,
      ServiceDescriptor events) {
    String outboxTable = application + "_outbox";
    String inboxTable = application + "_inbox";
    List<String> schema = new ArrayList<>(tables);
    schema.addAll(Outbox.schema(outboxTable));
    schema.addAll(Inbox.schema(inboxTable));
    Database database = Database.open(where, application, schema);
    Anywire anywire = Anywire.builder().application(application).build();
    Outbox outbox = new Outbox(database, outboxTable, Events.at(anywire, broker).channel(), events);
    return new Foundation(anywire, broker, database, outbox, new Inbox(database, inboxTable));
  }

  /**
   * Serves at {@code listen}, and at the broker: calls, tasks and events. When this returns,
   * callers are answered.
   *
   * @param handlers served everywhere
   * @param subscriber handles events of the broker, and is not reached otherwise
   */
  public void serve(
      List<String> listen, List<BindableService> handlers, BindableService subscriber) {
    AnywireServer.Builder direct = anywire.server().services(handlers);
    listen.forEach(direct::listen);
    servers.add(direct.start());
    servers.add(anywire.server().services(handlers).service(subscriber).listen(broker).start());
    database.awaitOpen();
    inbox.forgetOld();
  }

  /** The runtime. */
  public Anywire anywire() {
    return anywire;
  }

  /** The service's tables. */
  public Database database() {
    return database;
  }

  /** Where events go. */
  public Outbox outbox() {
    return outbox;
  }

  /** What makes events count once. */
  public Inbox inbox() {
    return inbox;
  }

  /** Where it listens, apart from the broker. */
  public List<WireUrl> urls() {
    return servers.get(0).urls();
  }

  /** Drains the servers, publishes what is in the outbox, and closes. Idempotent. */
  @Override
  public void close() {
    servers.forEach(AnywireServer::close);
    outbox.close();
    anywire.close();
    database.close();
  }
}
