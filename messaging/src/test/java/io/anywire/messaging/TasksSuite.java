package io.anywire.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Empty;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.anywire.Anywire;
import io.anywire.AnywireServer;
import io.anywire.broker.Capability;
import io.anywire.broker.DeadLetter;
import io.anywire.broker.DeadLetters;
import io.anywire.broker.Delivery;
import io.anywire.broker.Message;
import io.anywire.broker.Subscription;
import io.anywire.broker.Topic;
import io.anywire.lab.v1.Answer;
import io.anywire.lab.v1.LabEventsGrpc;
import io.anywire.lab.v1.LabGrpc;
import io.anywire.lab.v1.LateGrpc;
import io.anywire.lab.v1.Order;
import io.anywire.messaging.deliver.Received;
import io.anywire.messaging.task.TaskHandle;
import io.anywire.messaging.task.TaskOptions;
import io.anywire.messaging.task.TaskState;
import io.anywire.messaging.task.Tasks;
import io.anywire.wire.Explanation;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for tasks over any broker. */
public abstract class TasksSuite extends BrokerSuite {
  private static final Topic LAB = Topic.queue("anywire.lab.v1.Lab");
  private static final java.time.Duration SECOND = java.time.Duration.ofSeconds(1);
  private Tasks tasks = Tasks.at(caller, "memory:");

  @BeforeEach
  void openTasks() {
    tasks = Tasks.at(caller, url);
  }

  private TaskHandle<Answer> leave(Order order) {
    return tasks.enqueue(LabGrpc.getRunMethod(), order);
  }

  private static Order failing(Code code, int attempts) {
    Status status =
        Status.newBuilder()
            .setCode(code.value())
            .setMessage("as asked")
            .addDetails(Any.pack(ErrorInfo.newBuilder().setReason("ASKED").build()))
            .build();
    return order("a").toBuilder().setFail(status).setFailingAttempts(attempts).build();
  }

  private List<DeadLetter> deadLetters() {
    return caller.broker(url).deadLetters(LAB, Topic.WORKERS).list(10_000);
  }

  @Test
  void a_task_is_done_and_its_response_awaited() {
    serve("worker", lab);
    TaskHandle<Answer> handle = leave(order("a"));
    Answer answer = handle.await(LONG);
    assertThat(answer.getText()).isEqualTo("done: a");
    assertThat(answer.getMessageId()).isEqualTo(handle.id());
    assertThat(answer.getAttempt()).isEqualTo(1);
    assertThat(handle.state()).isEqualTo(TaskState.SUCCEEDED);
    assertThat(handle.poll()).contains(answer);
  }

  @Test
  void a_task_waits_for_a_worker() {
    TaskHandle<Answer> handle = leave(order("a"));
    assertThat(handle.state()).isEqualTo(TaskState.PENDING);
    assertThat(handle.poll()).isEmpty();
    StatusRuntimeException e = failureOf(() -> handle.await(java.time.Duration.ofMillis(100)));
    assertThat(e.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
    serve("worker", lab);
    assertThat(handle.await(LONG).getText()).isEqualTo("done: a");
  }

  @Test
  void another_application_gets_the_result_by_the_stored_id() {
    String id = leave(order("a")).id();
    serve("worker", lab);
    Anywire other = application("other");
    Tasks elsewhere = Tasks.at(other, url);
    TaskHandle<Answer> handle = elsewhere.handle(id, LabGrpc.getRunMethod());
    assertThat(handle.await(LONG).getText()).isEqualTo("done: a");
    StatusRuntimeException e =
        failureOf(() -> elsewhere.handle(id, LateGrpc.getRunMethod()).await(LONG));
    assertThat(e.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
  }

  @Test
  void a_task_whose_result_nobody_wants_is_done_and_leaves_none() {
    serve("worker", lab);
    TaskOptions options = TaskOptions.builder().ignoreResult().build();
    TaskHandle<Answer> ignored = tasks.enqueue(LabGrpc.getRunMethod(), order("a"), options);
    await().until(() -> lab.seen.size() == 1);
    leave(order("b")).await(LONG);
    assertThat(ignored.state()).isEqualTo(TaskState.PENDING);
    tasks.enqueue(LabGrpc.getRunMethod(), failing(Code.NOT_FOUND, 0), options);
    await().until(() -> deadLetters().size() == 1);
  }

  @Test
  void a_task_is_left_without_blocking() throws Exception {
    serve("worker", lab);
    TaskHandle<Answer> handle =
        tasks
            .enqueueAsync(LabGrpc.getRunMethod(), order("a"), TaskOptions.DEFAULT)
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    assertThat(handle.await(LONG).getText()).isEqualTo("done: a");
  }

  @Test
  void what_fails_for_a_while_is_tried_again() {
    serve("worker", lab);
    TaskHandle<Answer> handle = leave(failing(Code.UNAVAILABLE, 2));
    assertThat(handle.await(LONG).getAttempt()).isEqualTo(3);
    assertThat(handle.attempts()).isEqualTo(3);
    assertThat(lab.seen).hasSize(3);
    assertThat(deadLetters()).isEmpty();
  }

  @Test
  void what_always_fails_is_given_up_after_its_attempts_and_can_be_replayed() {
    serve("worker", lab);
    Order order = failing(Code.INTERNAL, 0);
    TaskHandle<Answer> handle = leave(order);
    StatusRuntimeException e = failureOf(() -> handle.await(LONG));
    assertThat(StatusProto.fromThrowable(e)).isEqualTo(order.getFail());
    assertThat(handle.state()).isEqualTo(TaskState.FAILED);
    await().until(() -> !deadLetters().isEmpty());
    DeadLetter dead = deadLetters().get(0);
    assertThat(dead.message().id()).isEqualTo(handle.id());
    assertThat(dead.message().payload()).isEqualTo(order.toByteString());
    assertThat(dead.status()).isEqualTo(order.getFail());
    assertThat(dead.attempts()).isEqualTo(3);
    assertThat(lab.seen).hasSize(3);

    DeadLetters letters = caller.broker(url).deadLetters(LAB, Topic.WORKERS);
    assertThat(letters.replay(letter -> letter.message().id().equals(handle.id()))).isEqualTo(1);
    await().until(() -> lab.seen.size() == 6 && deadLetters().size() == 1);
  }

  @Test
  void what_cannot_succeed_is_given_up_at_once() {
    serve("worker", lab);
    Order order = failing(Code.INVALID_ARGUMENT, 0);
    StatusRuntimeException e = failureOf(() -> leave(order).await(LONG));
    assertThat(StatusProto.fromThrowable(e)).isEqualTo(order.getFail());
    await().until(() -> deadLetters().size() == 1);
    assertThat(deadLetters().get(0).attempts()).isEqualTo(1);
    assertThat(lab.seen).hasSize(1);
  }

  @Test
  void what_carries_retry_info_is_tried_again_whatever_its_code() {
    serve("worker", lab);
    Status status =
        Status.newBuilder()
            .setCode(Code.FAILED_PRECONDITION.value())
            .addDetails(
                Any.pack(
                    RetryInfo.newBuilder()
                        .setRetryDelay(Duration.newBuilder().setNanos(300_000_000))
                        .build()))
            .build();
    long begin = System.nanoTime();
    Order order = order("a").toBuilder().setFail(status).setFailingAttempts(1).build();
    assertThat(leave(order).await(LONG).getAttempt()).isEqualTo(2);
    assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(295));
  }

  @Test
  void the_caller_may_say_how_often_and_how_long() {
    serve("worker", lab);
    TaskOptions once = TaskOptions.builder().attempts(1).build();
    TaskHandle<Answer> handle =
        tasks.enqueue(LabGrpc.getRunMethod(), failing(Code.UNAVAILABLE, 1), once);
    assertThat(failureOf(() -> handle.await(LONG)).getStatus().getCode())
        .isEqualTo(Code.UNAVAILABLE);
    assertThat(lab.seen).hasSize(1);
  }

  @Test
  void what_has_expired_is_not_started() {
    TaskOptions brief = TaskOptions.builder().expiry(java.time.Duration.ofMillis(50)).build();
    TaskHandle<Answer> handle = tasks.enqueue(LabGrpc.getRunMethod(), order("a"), brief);
    Instant expired = Instant.now().plusMillis(60);
    await().until(() -> Instant.now().isAfter(expired));
    serve("worker", lab);
    assertThat(failureOf(() -> handle.await(LONG)).getStatus().getCode())
        .isEqualTo(Code.DEADLINE_EXCEEDED);
    await().until(() -> deadLetters().size() == 1);
    assertThat(lab.seen).isEmpty();
  }

  @Test
  void a_method_that_a_worker_does_not_know_is_put_off_until_one_does() {
    AnywireServer old =
        serve("worker", () -> ServerServiceDefinition.builder("anywire.lab.v1.Late").build());
    TaskHandle<Answer> handle = tasks.enqueue(LateGrpc.getRunMethod(), order("a"));
    old.close();
    serve(
        "worker",
        new LateGrpc.LateImplBase() {
          @Override
          public void run(Order request, StreamObserver<Answer> responses) {
            lab.answer(request, responses);
          }
        });
    assertThat(handle.await(LONG).getText()).isEqualTo("done: a");
  }

  @Test
  void what_cannot_be_decoded_is_given_up_at_once_with_its_bytes() {
    serve("worker", lab);
    ByteString garbage = ByteString.copyFrom(new byte[] {-1, -1, -1});
    Message message =
        Message.builder().attribute("type", "anywire.lab.v1.Lab.Run").payload(garbage).build();
    caller.broker(url).publish(LAB, message);
    await().until(() -> deadLetters().size() == 1);
    assertThat(deadLetters().get(0).message().payload()).isEqualTo(garbage);
    assertThat(deadLetters().get(0).status().getCode()).isEqualTo(Code.INVALID_ARGUMENT.value());
  }

  @Test
  void malformed_messages_by_the_thousand_leave_it_working() throws Exception {
    serve("worker", lab);
    List<CompletableFuture<Void>> taken = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      Message.Builder message =
          Message.builder().payload(ByteString.copyFrom(("garbage " + i).getBytes(UTF_8)));
      if (i % 3 == 1) {
        message.attribute("type", "anywire.lab.v1.Lab.Run").attribute(Message.EXPIRY, "soon");
      } else if (i % 3 == 2) {
        message.attribute("type", "anywire.lab.v1.Lab.Run").header("grpc-x-bin", "!!");
      }
      taken.add(caller.broker(url).publish(LAB, message.build()).toCompletableFuture());
    }
    CompletableFuture.allOf(taken.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
    assertThat(leave(order("a")).await(LONG).getText()).isEqualTo("done: a");
    await().pollInterval(SECOND).atMost(LONG.plus(LONG)).until(() -> deadLetters().size() == 3_000);
    assertThat(deadLetters())
        .allMatch(letter -> letter.status().getCode() == Code.INVALID_ARGUMENT.value());
  }

  @Test
  void a_payload_may_be_json() {
    serve("worker", lab);
    Message message =
        Message.builder()
            .attribute("type", "anywire.lab.v1.Lab.Run")
            .attribute("datacontenttype", "application/json; charset=utf-8")
            .payload(ByteString.copyFromUtf8("{\"text\":\"json\",\"unknown\":1}"))
            .build();
    caller.broker(url).publish(LAB, message);
    Answer answer = tasks.handle(message.id(), LabGrpc.getRunMethod()).await(LONG);
    assertThat(answer.getText()).isEqualTo("done: json");
  }

  @Test
  void metadata_reaches_the_handler_with_id_and_attempt() {
    List<Metadata> seen = new CopyOnWriteArrayList<>();
    ServerInterceptor remember =
        new ServerInterceptor() {
          @Override
          public <Q, R> io.grpc.ServerCall.Listener<Q> interceptCall(
              io.grpc.ServerCall<Q, R> call,
              Metadata headers,
              io.grpc.ServerCallHandler<Q, R> next) {
            seen.add(headers);
            return next.startCall(call, headers);
          }
        };
    serve("worker", () -> ServerInterceptors.intercept(lab.bindService(), remember));
    Metadata sent = new Metadata();
    sent.put(EchoMetadata.TEXT, "héllo, or so");
    sent.put(EchoMetadata.DATA, new byte[] {1, 2});
    sent.put(EchoMetadata.DATA, new byte[] {3});
    sent.put(LabHandler.key("anywire-attempt"), "77");
    TaskHandle<Answer> handle =
        tasks.enqueue(
            LabGrpc.getRunMethod(), order("a"), TaskOptions.builder().metadata(sent).build());
    handle.await(LONG);
    assertThat(seen.get(0).get(EchoMetadata.TEXT)).isEqualTo("h?llo, or so");
    assertThat(seen.get(0).getAll(EchoMetadata.DATA))
        .containsExactly(new byte[] {1, 2}, new byte[] {3});
    assertThat(seen.get(0).getAll(LabHandler.key("anywire-attempt"))).containsExactly("1");
    assertThat(seen.get(0).get(LabHandler.key("anywire-message-id"))).isEqualTo(handle.id());
  }

  @Test
  void closing_a_worker_finishes_what_runs() throws Exception {
    AnywireServer server = serve("worker", lab);
    TaskHandle<Answer> handle = leave(order("a").toBuilder().setGate("gate").build());
    await().until(() -> lab.running.get() == 1);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
    lab.open("gate");
    closing.get(20, TimeUnit.SECONDS);
    assertThat(handle.poll()).isPresent();
    assertThat(lab.finished).hasSize(1);
  }

  @Test
  void what_a_closing_worker_cannot_finish_goes_to_another_without_counting() {
    AnywireServer server = serve("worker", url, java.time.Duration.ZERO, lab);
    TaskHandle<Answer> handle = leave(order("a").toBuilder().setGate("never").build());
    await().until(() -> lab.running.get() == 1);
    server.close();
    LabHandler other = new LabHandler();
    other.openAll();
    serve("worker", other);
    assertThat(handle.await(LONG).getAttempt()).isEqualTo(1);
  }

  @Test
  void no_more_tasks_run_at_a_time_than_the_url_allows() {
    String bounded = url + (url.contains("?") ? "&" : "?") + "in-flight=2";
    serve("worker", bounded, LONG, lab);
    List<TaskHandle<Answer>> handles = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      handles.add(leave(order("" + i).toBuilder().setGate("all").build()));
    }
    await().until(() -> lab.running.get() == 2);
    lab.open("all");
    handles.forEach(handle -> handle.await(LONG));
    assertThat(lab.mostRunning).hasValue(2);
  }

  @Test
  void what_cannot_be_a_task_is_refused_before_anything_is_sent() {
    Order order = order("a");
    assertThat(failureOf(() -> tasks.enqueue(LabGrpc.getWatchMethod(), order)).getStatus())
        .extracting(io.grpc.Status::getCode)
        .isEqualTo(Code.UNIMPLEMENTED);
    StatusRuntimeException event =
        failureOf(() -> tasks.<Order, Empty>enqueue(LabEventsGrpc.getHappenedMethod(), order));
    assertThat(event.getStatus().getCode()).isEqualTo(Code.UNIMPLEMENTED);
  }

  @Test
  void a_task_explains_its_way_to_whoever_listens() {
    List<String> lines = new CopyOnWriteArrayList<>();
    CallOptions listening =
        CallOptions.DEFAULT.withOption(
            Explanation.LISTENER, (label, text) -> lines.add(label + " " + text));
    TaskOptions options = TaskOptions.builder().callOptions(listening).build();
    TaskHandle<Answer> handle = tasks.enqueue(LabGrpc.getRunMethod(), order("a"), options);
    assertThat(lines)
        .anyMatch(line -> line.startsWith("queue anywire.lab.v1.Lab at "))
        .anyMatch(line -> line.startsWith("policy 3 attempts"))
        .contains("receipt " + handle.id());
  }

  private static TaskOptions.Builder options() {
    return TaskOptions.builder();
  }

  private TaskHandle<Answer> leave(String text, TaskOptions.Builder options) {
    return tasks.enqueue(LabGrpc.getRunMethod(), order(text), options.build());
  }

  private boolean can(Capability capability) {
    return caller.broker(url).capabilities().has(capability);
  }

  @Test
  void a_delayed_task_rests_and_holds_up_nothing() {
    serve("worker", lab);
    long begin = System.nanoTime();
    TaskHandle<Answer> late = leave("late", options().delay(java.time.Duration.ofMillis(700)));
    TaskHandle<Answer> due = leave("due", options().due(Instant.now().plusMillis(900)));
    assertThat(leave(order("now")).await(LONG).getText()).isEqualTo("done: now");
    assertThat(late.state()).isEqualTo(TaskState.PENDING);
    assertThat(late.await(LONG).getAttempt()).isEqualTo(1);
    assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(690));
    assertThat(due.await(LONG).getText()).isEqualTo("done: due");
    assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(880));
    assertThat(lab.seen).extracting(Order::getText).containsExactly("now", "late", "due");
  }

  @Test
  void a_task_that_was_due_in_the_past_starts_at_once() {
    serve("worker", lab);
    assertThat(leave("a", options().due(Instant.EPOCH)).await(LONG).getText()).isEqualTo("done: a");
  }

  @Test
  void expiry_counts_from_when_a_task_is_due() {
    serve("worker", lab);
    java.time.Duration rest = java.time.Duration.ofMillis(600);
    java.time.Duration brief = java.time.Duration.ofMillis(400);
    TaskHandle<Answer> handle = leave("a", options().delay(rest).expiry(brief));
    assertThat(handle.await(LONG).getText()).isEqualTo("done: a");
  }

  @Test
  void tasks_of_higher_priority_start_first() {
    if (!can(Capability.PRIORITISED)) {
      StatusRuntimeException e = failureOf(() -> leave("a", options().priority(9)));
      assertThat(e.getStatus().getCode()).isEqualTo(Code.UNIMPLEMENTED);
      assertThat(e.getStatus().getDescription()).contains("'prioritised'");
      return;
    }
    leave("low", options().priority(0));
    leave(order("normal"));
    TaskHandle<Answer> high = leave("high", options().priority(9));
    leave(order("normal too"));
    serve("worker", url + (url.contains("?") ? "&" : "?") + "in-flight=1", LONG, lab);
    high.await(LONG);
    await().until(() -> lab.seen.size() == 4);
    assertThat(lab.seen)
        .extracting(Order::getText)
        .containsExactly("high", "normal", "normal too", "low");
  }

  @Test
  void a_batch_is_left_in_one_go() {
    List<Order> orders = IntStream.range(0, 200).mapToObj(i -> order("" + i)).toList();
    List<TaskHandle<Answer>> handles =
        tasks.enqueueAll(LabGrpc.getRunMethod(), orders, TaskOptions.DEFAULT);
    serve("worker", lab);
    for (int i = 0; i < 200; i++) {
      assertThat(handles.get(i).await(LONG).getText()).isEqualTo("done: " + i);
    }
    assertThat(lab.seen).hasSize(200);
  }

  @Test
  void what_cannot_be_taken_of_a_batch_is_told_one_by_one() throws Exception {
    serve("worker", lab);
    String large = "x".repeat(caller.broker(url).capabilities().maxMessageBytes());
    var stages =
        tasks.enqueueAllAsync(
            LabGrpc.getRunMethod(), List.of(order("a"), order(large)), TaskOptions.DEFAULT);
    TaskHandle<Answer> taken = stages.get(0).toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertThat(taken.await(LONG).getText()).isEqualTo("done: a");
    assertThat(stages.get(1)).failsWithin(LONG);
    StatusRuntimeException e =
        failureOf(() ->
            tasks.enqueueAll(
                LabGrpc.getRunMethod(), List.of(order("b"), order(large)), TaskOptions.DEFAULT));
    assertThat(e.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(e.getStatus().getDescription()).startsWith("1 of 2 tasks were not taken");
  }

  @Test
  void a_task_can_be_cancelled_before_it_starts_by_whoever_has_its_id() {
    java.time.Duration rest = java.time.Duration.ofMillis(500);
    TaskHandle<Answer> handle = leave("a", options().cancellable().delay(rest));
    Tasks elsewhere = Tasks.at(application("other"), url);
    TaskHandle<Answer> theirs = elsewhere.handle(handle.id(), LabGrpc.getRunMethod());
    assertThat(theirs.cancel()).isTrue();
    assertThat(theirs.cancel()).isTrue();
    assertThat(handle.state()).isEqualTo(TaskState.CANCELLED);
    serve("worker", lab);
    assertThat(failureOf(() -> handle.await(LONG)).getStatus().getCode()).isEqualTo(Code.CANCELLED);
    assertThat(leave("b", options().delay(rest.plusMillis(300))).await(LONG).getText())
        .isEqualTo("done: b");
    assertThat(lab.seen).extracting(Order::getText).containsExactly("b");
    assertThat(deadLetters()).isEmpty();
  }

  @Test
  void a_task_that_has_started_can_no_longer_be_cancelled() {
    serve("worker", lab);
    Order waiting = failing(Code.UNAVAILABLE, 1).toBuilder().setGate("gate").build();
    TaskHandle<Answer> handle =
        tasks.enqueue(LabGrpc.getRunMethod(), waiting, options().cancellable().build());
    await().until(() -> lab.running.get() == 1);
    assertThat(handle.cancel()).isFalse();
    lab.open("gate");
    assertThat(handle.await(LONG).getAttempt()).isEqualTo(2);
    assertThat(handle.cancel()).isFalse();
    assertThat(handle.state()).isEqualTo(TaskState.SUCCEEDED);
    assertThat(failureOf(() -> leave(order("b")).cancel()).getStatus().getCode())
        .isEqualTo(Code.FAILED_PRECONDITION);
  }

  @Test
  void the_caller_may_say_how_long_retries_wait() {
    serve("worker", lab);
    java.time.Duration pause = java.time.Duration.ofMillis(800);
    long begin = System.nanoTime();
    TaskHandle<Answer> handle =
        tasks.enqueue(
            LabGrpc.getRunMethod(),
            failing(Code.UNAVAILABLE, 1),
            options().retries(pause, pause).build());
    assertThat(handle.await(LONG).getAttempt()).isEqualTo(2);
    assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(395));
  }

  @Test
  void an_attempt_that_takes_longer_than_the_contract_lets_it_has_failed() {
    serve("worker", lab);
    Order stuck = order("a").toBuilder().setGate("never").build();
    TaskHandle<Answer> handle =
        tasks.enqueue(LabGrpc.getBriefMethod(), stuck, options().attempts(2).build());
    assertThat(failureOf(() -> handle.await(LONG)).getStatus().getCode())
        .isEqualTo(Code.DEADLINE_EXCEEDED);
    assertThat(handle.attempts()).isEqualTo(2);
    await().until(() -> deadLetters().size() == 1);
  }

  @Test
  void a_method_that_nobody_knows_uses_no_attempts_up() {
    AnywireServer old =
        serve("worker", () -> ServerServiceDefinition.builder("anywire.lab.v1.Late").build());
    TaskHandle<Answer> handle =
        tasks.enqueue(LateGrpc.getRunMethod(), order("a"), options().attempts(1).build());
    List<Integer> attempts = new CopyOnWriteArrayList<>();
    Topic late = Topic.queue("anywire.lab.v1.Late");
    Instant later = Instant.now().plusSeconds(3);
    await().until(() -> Instant.now().isAfter(later));
    assertThat(handle.attempts()).isZero();
    assertThat(caller.broker(url).deadLetters(late, Topic.WORKERS).list(10)).isEmpty();
    old.close();
    serve(
        "worker",
        new LateGrpc.LateImplBase() {
          @Override
          public void run(Order request, StreamObserver<Answer> responses) {
            attempts.add(Received.current().orElseThrow().attempt());
            lab.answer(request, responses);
          }
        });
    assertThat(handle.await(LONG).getAttempt()).isEqualTo(1);
    assertThat(attempts).containsExactly(1);
  }

  @Test
  void a_payload_may_be_xml() {
    serve("worker", lab);
    Tasks inXml = Tasks.at(caller, url + (url.contains("?") ? "&" : "?") + "codec=xml");
    TaskHandle<Answer> handle = inXml.enqueue(LabGrpc.getRunMethod(), order("<&>"));
    assertThat(handle.await(LONG).getText()).isEqualTo("done: <&>");
  }

  @Test
  void a_task_may_be_a_cloud_event_in_structured_mode() {
    serve("worker", lab);
    String event =
        """
        {"specversion": "1.0", "id": "structured-1", "source": "elsewhere",
         "type": "anywire.lab.v1.Lab.Run", "data": {"text": "structured \\u00e9", "id": "7"}}\
        """;
    caller.broker(url).publish(LAB, structured(event));
    Answer answer = tasks.handle("structured-1", LabGrpc.getRunMethod()).await(LONG);
    assertThat(answer.getText()).isEqualTo("done: structured é");
    String base64 =
        """
        {"specversion": "1.0", "id": "structured-2", "source": "elsewhere", "priority": 9,
         "datacontenttype": "application/protobuf", "type": "anywire.lab.v1.Lab.Run",
         "data_base64": "%s"}\
        """
            .formatted(Base64.getEncoder().encodeToString(order("b").toByteArray()));
    caller.broker(url).publish(LAB, structured(base64));
    assertThat(tasks.handle("structured-2", LabGrpc.getRunMethod()).await(LONG).getText())
        .isEqualTo("done: b");
  }

  @Test
  void what_is_no_cloud_event_is_given_up_with_its_bytes() {
    serve("worker", lab);
    List<String> texts =
        List.of("{", "[]", "{\"specversion\": \"0.3\"}", "{\"specversion\": \"1.0\", \"id\": {}}");
    texts.forEach(text -> caller.broker(url).publish(LAB, structured(text)));
    await().until(() -> deadLetters().size() == texts.size());
    assertThat(deadLetters())
        .extracting(letter -> letter.message().payload().toStringUtf8())
        .containsExactlyInAnyOrderElementsOf(texts);
    assertThat(deadLetters())
        .allMatch(letter -> letter.status().getCode() == Code.INVALID_ARGUMENT.value());
  }

  @Test
  void what_its_workers_do_not_survive_is_given_up_as_a_crash_loop() throws Exception {
    leave(order("a"));
    for (int i = 0; i < 10; i++) {
      BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
      Subscription dying = caller.broker(url).subscribe(LAB, Topic.WORKERS, 1, deliveries::add);
      Delivery delivery = deliveries.poll(20, TimeUnit.SECONDS);
      assertThat(delivery.crashes()).isEqualTo(i);
      dying.abandon();
    }
    serve("worker", lab);
    await().until(() -> deadLetters().size() == 1);
    assertThat(deadLetters().get(0).status().getCode()).isEqualTo(Code.INTERNAL.value());
    assertThat(deadLetters().get(0).status().getMessage()).startsWith("crash loop");
    assertThat(lab.seen).isEmpty();
  }

  private static Message structured(String json) {
    return Message.builder()
        .attribute("datacontenttype", "application/cloudevents+json; charset=UTF-8")
        .payload(ByteString.copyFromUtf8(json))
        .build();
  }
}
