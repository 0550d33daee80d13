package io.anywire.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import io.anywire.contract.library.Book;
import io.anywire.contract.library.BookEvent;
import io.anywire.contract.library.Library;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The library's contract, read from generated descriptors and from ones without our extensions. */
class LibraryTest {
  static Stream<Contract> contracts() throws Exception {
    FileDescriptor foreign = withoutExtensions(Library.getDescriptor(), new HashMap<>());
    assertThat(foreign.findServiceByName("Books").getOptions().getUnknownFields().asMap())
        .containsKeys(50821, 50822);
    return Stream.of(
        Contract.of(Library.getDescriptor().getServices()), Contract.of(foreign.getServices()));
  }

  /** As reflection delivers a file: parsed without a registry, linked without generated classes. */
  private static FileDescriptor withoutExtensions(
      FileDescriptor file, Map<String, FileDescriptor> known) throws Exception {
    List<FileDescriptor> dependencies = new ArrayList<>();
    for (FileDescriptor dependency : file.getDependencies()) {
      FileDescriptor linked = known.get(dependency.getName());
      dependencies.add(linked != null ? linked : withoutExtensions(dependency, known));
    }
    FileDescriptor copy =
        FileDescriptor.buildFrom(
            FileDescriptorProto.parseFrom(file.toProto().toByteString()),
            dependencies.toArray(FileDescriptor[]::new));
    known.put(file.getName(), copy);
    return copy;
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void names_follow_the_service(Contract contract) {
    ServiceContract books = contract.service("library.v1.Books").orElseThrow();
    assertThat(contract.services()).hasSize(3);
    assertThat(books.name()).isEqualTo("library.v1.Books");
    assertThat(books.taskQueue()).isEqualTo("library.v1.Books");
    assertThat(books.callQueue()).isEqualTo("library.v1.Books.rpc");
    assertThat(books.events()).isFalse();
    MethodContract get = books.methods().get(0);
    assertThat(get.fullName()).isEqualTo("library.v1.Books/GetBook");
    assertThat(get.eventType()).isEqualTo("library.v1.Books.GetBook");
    assertThat(get.isUnary()).isTrue();
    assertThat(method(contract, "Books/Export").serverStreams()).isTrue();
    assertThat(method(contract, "Books/Import").clientStreams()).isTrue();
    assertThat(method(contract, "Books/Import").isUnary()).isFalse();
    assertThat(contract.method("library.v1.Books/Burn")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void a_method_refines_single_fields_of_its_services_policy(Contract contract) {
    MethodContract get = method(contract, "Books/GetBook");
    assertThat(get.tasks().attempts()).isEqualTo(7);
    assertThat(get.tasks().firstRetry()).isEqualTo(Duration.ofSeconds(2));
    assertThat(get.tasks().longestRetry()).isEqualTo(Duration.ofMinutes(5));
    assertThat(get.tasks().expiry()).contains(Duration.ofHours(1));
    assertThat(get.tasks().keepResult()).isEqualTo(Duration.ofHours(24));
    assertThat(get.tasks().longestAttempt()).isEmpty();
    assertThat(get.calls().timeout()).isEqualTo(Duration.ofSeconds(10));
    MethodContract update = method(contract, "Books/UpdateBook");
    assertThat(update.tasks().attempts()).isEqualTo(2);
    assertThat(update.tasks().firstRetry()).isEqualTo(Duration.ofSeconds(2));
    assertThat(update.tasks().longestRetry()).isEqualTo(Duration.ofMinutes(1));
    assertThat(update.tasks().keepResult()).isEqualTo(Duration.ofSeconds(30));
    assertThat(update.tasks().longestAttempt()).contains(Duration.ofSeconds(20));
    assertThat(update.calls().timeout()).isEqualTo(Duration.ofMillis(500));
    MethodContract plain = method(contract, "Plain/Happened");
    assertThat(plain.tasks()).isEqualTo(TaskPolicy.DEFAULT);
    assertThat(plain.calls()).isEqualTo(CallPolicy.DEFAULT);
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void idempotency_is_the_standard_option(Contract contract) {
    assertThat(method(contract, "Books/GetBook").idempotency())
        .isEqualTo(Idempotency.NO_SIDE_EFFECTS);
    assertThat(method(contract, "Books/UpdateBook").idempotency())
        .isEqualTo(Idempotency.IDEMPOTENT);
    assertThat(method(contract, "Books/CreateBook").idempotency()).isEqualTo(Idempotency.UNKNOWN);
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void events_share_their_services_topic_unless_they_have_their_own(Contract contract) {
    assertThat(contract.service("library.v1.BookEvents").orElseThrow().events()).isTrue();
    EventTopic lent = method(contract, "BookEvents/Lent").event().orElseThrow();
    EventTopic lost = method(contract, "BookEvents/Lost").event().orElseThrow();
    EventTopic seen = method(contract, "BookEvents/Seen").event().orElseThrow();
    BookEvent event = BookEvent.newBuilder().setBook(Book.newBuilder().setName("n")).build();
    assertThat(lent.topic()).isEqualTo("library.v1.BookEvents");
    assertThat(lent.keyOf(event)).contains("n");
    assertThat(lent.holdsKey()).isTrue();
    assertThat(lost.holdsKey()).isFalse();
    assertThat(lent.keyOf(BookEvent.getDefaultInstance())).isEmpty();
    assertThat(lost.topic()).isEqualTo("library.lost");
    assertThat(lost.keyOf(event)).contains("n");
    assertThat(seen.topic()).isEqualTo("library.v1.BookEvents");
    assertThat(seen.orderingKey()).isEmpty();
    assertThat(seen.holdsKey()).isFalse();
    assertThat(method(contract, "Plain/Happened").event()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void an_unmarked_service_can_be_used_for_events_by_its_name(Contract contract) {
    ServiceContract plain = contract.service("library.v1.Plain").orElseThrow().asEvents();
    assertThat(plain.events()).isTrue();
    assertThat(plain.methods().get(0).event().orElseThrow().topic()).isEqualTo("library.v1.Plain");
    ServiceContract events = contract.service("library.v1.BookEvents").orElseThrow();
    assertThat(events.asEvents()).isSameAs(events);
    ServiceContract books = contract.service("library.v1.Books").orElseThrow();
    assertThatThrownBy(books::asEvents)
        .isInstanceOf(ContractException.class)
        .hasMessageContaining("GetBook: an event method that returns library.v1.Book")
        .hasMessageContaining("Import: an event method that streams");
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void routes_carry_bodies_and_lead_to_their_methods(Contract contract) {
    List<HttpRoute> get = method(contract, "Books/GetBook").routes();
    assertThat(get)
        .extracting(HttpRoute::toString)
        .containsExactly("GET /v1/{name=shelves/*/books/*}", "GET /v1/books/{isbn}");
    assertThat(get.get(0).responseBody()).isEmpty();
    assertThat(get.get(1).responseBody().orElseThrow().getName()).isEqualTo("title");
    assertThat(method(contract, "Books/CreateBook").routes().get(0).body())
        .isInstanceOfSatisfying(
            RequestBody.Field.class, body -> assertThat(body.field().getName()).isEqualTo("book"));
    assertThat(method(contract, "Books/ReturnBook").routes().get(0).body())
        .isEqualTo(new RequestBody.Whole());
    RouteTable routes = contract.routes();
    assertFound(routes.match("PATCH", "/v1/shelves/1/books/2"), "UpdateBook", "shelves/1/books/2");
    assertFound(
        routes.match("POST", "/v1/shelves/1/books/2:return"), "ReturnBook", "shelves/1/books/2");
    assertFound(routes.match("REPORT", "/v1/books/7"), "ReportBook", "7");
    assertThat(routes.match("PUT", "/v1/books/7"))
        .isEqualTo(new RouteMatch.WrongVerb(Set.of("GET", "REPORT")));
  }

  @ParameterizedTest
  @MethodSource("contracts")
  void a_created_resource_has_a_location(Contract contract) throws Exception {
    MethodContract create = method(contract, "Books/CreateBook");
    Book book = Book.newBuilder().setName("shelves/1/books/é").build();
    Descriptor type = create.outputType();
    PathTemplate location = create.created().orElseThrow();
    assertThat(location.expand(DynamicMessage.parseFrom(type, book.toByteString())))
        .isEqualTo("/v1/shelves/1/books/%C3%A9");
    assertThat(location.expand(book)).isEqualTo("/v1/shelves/1/books/%C3%A9");
  }

  private static void assertFound(RouteMatch match, String method, String value) {
    assertThat(match)
        .isInstanceOfSatisfying(
            RouteMatch.Found.class,
            found -> {
              assertThat(found.method().descriptor().getName()).isEqualTo(method);
              assertThat(found.variables()).containsValue(value);
            });
  }

  private static MethodContract method(Contract contract, String name) {
    return contract.method("library.v1." + name).orElseThrow();
  }
}
