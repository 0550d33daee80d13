package io.anywire.messaging;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.lab.v1.Order;
import io.grpc.BindableService;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Applications around one broker, closed after each test. */
@Timeout(60)
public abstract class BrokerSuite {
  protected static final Duration LONG = Duration.ofSeconds(20);

  private final List<AutoCloseable> opened = new ArrayList<>();
  protected final LabHandler lab = new LabHandler();
  protected String url = "";

  /** Keeps the broker alive while applications come and go. */
  protected Anywire caller = Anywire.builder().application("caller").build();

  /** The URL of a broker that is empty; called once for each test. */
  protected abstract String emptyBroker();

  @BeforeEach
  void openBroker() {
    url = emptyBroker();
    caller.broker(url);
  }

  @AfterEach
  void closeAll() throws Exception {
    lab.openAll();
    for (AutoCloseable one : opened.reversed()) {
      one.close();
    }
    caller.close();
  }

  protected Anywire application(String name) {
    Anywire anywire = Anywire.builder().application(name).build();
    opened.add(anywire);
    return anywire;
  }

  protected AnywireServer serve(String application, BindableService... handlers) {
    return serve(application, url, Duration.ofSeconds(5), handlers);
  }

  protected AnywireServer serve(
      String application, String at, Duration drainLimit, BindableService... handlers) {
    AnywireServer server =
        application(application)
            .server()
            .services(List.of(handlers))
            .listen(at)
            .drainLimit(drainLimit)
            .start();
    opened.add(server);
    return server;
  }

  protected static Order order(String text) {
    return Order.newBuilder().setId("1").setText(text).build();
  }

  protected static StatusRuntimeException failureOf(ThrowingCallable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call);
  }
}
