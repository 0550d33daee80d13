package io.anywire.http.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.Status;
import io.anywire.http.LeakCheck;
import io.anywire.http.rest.library.Author;
import io.anywire.http.rest.library.Book;
import io.anywire.http.rest.library.FindBooksResponse;
import io.anywire.http.rest.library.LendBookRequest;
import io.anywire.http.rest.library.UpdateBookRequest;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;

/** Which representation a client sends and gets. */
@Timeout(30)
@ExtendWith(LeakCheck.class)
class NegotiationTest {
  private static final String PROTOBUF = "application/x-protobuf";
  private static final Book BOOK =
      Book.newBuilder()
          .setId("n1")
          .setTitle("Hé")
          .setAuthor(Author.newBuilder().setName("A").setBornIn(1900))
          .build();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static LibraryServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new LibraryServer();
    HttpResponse<byte[]> made =
        send(
            server
                .request("/books", "content-type", PROTOBUF, "accept", PROTOBUF)
                .POST(BodyPublishers.ofByteArray(BOOK.toByteArray())));
    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(made.headers().firstValue("location")).contains("/books/n1");
    assertThat(Book.parseFrom(made.body())).isEqualTo(BOOK);
  }

  @AfterAll
  static void stop() {
    server.close();
    CLIENT.close();
  }

  /** accept | content type of the response. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          */* | application/json
          application/json | application/json
          application/* | application/json
          application/x-protobuf | application/x-protobuf
          application/protobuf | application/protobuf
          application/xml | application/xml
          text/xml;charset=utf-8 | text/xml
          text/*, application/json;q=0.9 | text/xml
          application/xml;q=0.9, application/json;q=0.8 | application/xml
          text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8 | application/json
          application/vnd.google.protobuf;q=0.1 | application/vnd.google.protobuf
          application/json;q=0.5, application/protobuf | application/protobuf
          application/json;q=0.5, */*;q=0.6 | application/x-protobuf
          text/html, application/json;q=0.1, */*;q=0.8 | application/json
          image/png, application/json;q=0.1 | application/json
          """)
  void answers_in_what_the_client_likes_best(String accept, String contentType) throws Exception {
    HttpResponse<byte[]> response = send(server.request("/books/n1", "accept", accept));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains(contentType);
    assertThat(response.headers().firstValue("vary")).contains("accept, accept-encoding");
    if (contentType.endsWith("protobuf")) {
      assertThat(Book.parseFrom(response.body())).isEqualTo(BOOK);
    } else if (contentType.endsWith("xml")) {
      assertThat(text(response)).startsWith("<Book><id>n1</id><title>Hé</title>");
    } else {
      assertThat(text(response)).startsWith("{\"id\":\"n1\",\"title\":\"Hé\"");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/csv", "application/json;q=0", "image/*", "text/event-stream"})
  void is_406_where_nothing_fits(String accept) throws Exception {
    HttpResponse<byte[]> response = send(server.request("/books/n1", "accept", accept));
    assertThat(response.statusCode()).isEqualTo(406);
    assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(text(response))
        .contains("\"detail\":\"accept: " + accept + " (expected: one of application/json, ");
  }

  @Test
  void a_stream_is_406_in_what_streams_cannot_be() throws Exception {
    HttpResponse<byte[]> response =
        send(server.request("/books:watch?count=1", "accept", "application/json"));
    assertThat(response.statusCode()).isEqualTo(406);
    assertThat(text(response))
        .contains("(expected: one of application/x-ndjson, text/event-stream)");
  }

  @Test
  void one_field_of_a_response_is_what_protobuf_has_for_it() throws Exception {
    HttpResponse<byte[]> title = send(server.request("/books/n1/title", "accept", PROTOBUF));
    assertThat(Book.parseFrom(title.body())).isEqualTo(Book.newBuilder().setTitle("Hé").build());
  }

  @Test
  void a_request_is_read_by_its_content_type_and_answered_by_accept() throws Exception {
    LendBookRequest lend = LendBookRequest.newBuilder().setReader("r").build();
    HttpResponse<byte[]> response =
        send(
            server
                .request("/books/n1:lend", "content-type", "application/protobuf")
                .POST(BodyPublishers.ofByteArray(lend.toByteArray())));
    assertThat(text(response)).isEqualTo("{\"id\":\"n1\",\"reader\":\"r\"}");
  }

  @Test
  void a_patch_in_protobuf_names_the_fields_that_are_set() throws Exception {
    Book change =
        Book.newBuilder().setTitle("T").setAuthor(Author.newBuilder().setBornIn(1)).build();
    HttpResponse<byte[]> response =
        send(
            server
                .request("/books/n1", "content-type", PROTOBUF, "accept", PROTOBUF)
                .method("PATCH", BodyPublishers.ofByteArray(change.toByteArray())));
    UpdateBookRequest got = UpdateBookRequest.parseFrom(response.body());
    assertThat(got.getBook()).isEqualTo(change.toBuilder().setId("n1").build());
    assertThat(got.getUpdateMask().getPathsList()).containsExactly("title", "author.born_in");
  }

  @Test
  void a_request_in_xml_is_read_and_a_patch_names_its_elements() throws Exception {
    String change = "<Book><title/><author><bornIn>1</bornIn></author></Book>";
    HttpResponse<byte[]> response =
        send(
            server
                .request("/books/n1", "content-type", "text/xml; charset=utf-8")
                .method("PATCH", BodyPublishers.ofString(change)));
    assertThat(text(response))
        .isEqualTo(
            "{\"book\":{\"id\":\"n1\",\"author\":{\"bornIn\":1}},"
                + "\"updateMask\":\"title,author.bornIn\"}");
  }

  @Test
  void what_xml_gets_wrong_is_named_with_its_place() throws Exception {
    HttpResponse<byte[]> response =
        send(
            server
                .request("/books", "content-type", "application/xml")
                .POST(BodyPublishers.ofString("<Book>\n <pages>x</pages></Book>")));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(text(response)).contains("\"field\":\"book.pages\"").contains("at line 2, column 2");
  }

  @Test
  void an_external_entity_is_400_and_not_read() throws Exception {
    String bomb =
        "<!DOCTYPE Book [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><Book><id>&x;</id></Book>";
    HttpResponse<byte[]> response =
        send(
            server
                .request("/books/n1:lend", "content-type", "application/xml")
                .POST(BodyPublishers.ofString(bomb)));
    assertThat(response.statusCode()).isEqualTo(400);
  }

  @Test
  void an_error_is_xml_to_who_likes_that_best() throws Exception {
    HttpResponse<byte[]> response =
        send(
            server
                .request("/probe", "accept", "application/xml")
                .POST(BodyPublishers.ofString("{\"code\":14,\"details\":true}")));
    assertThat(response.headers().firstValue("content-type")).contains("application/problem+xml");
    Document problem =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(response.body()));
    assertThat(problem.getDocumentElement().getAttribute("xmlns")).isEqualTo("urn:ietf:rfc:7807");
    assertThat(element(problem, "status")).isEqualTo("503");
    assertThat(element(problem, "title")).isEqualTo("Service Unavailable");
    assertThat(element(problem, "detail")).isEqualTo("\"as\" asked\n");
    assertThat(element(problem, "code")).isEqualTo("UNAVAILABLE");
    assertThat(element(problem, "reason")).isEqualTo("ASKED");
    assertThat(text(response))
        .contains("<i type=\"type.googleapis.com/google.rpc.RetryInfo\"><retryDelay>0.500s<")
        .contains(
            "<i><type_url>type.example.com/nobody.knows.It</type_url><value>CAE=</value></i>");
  }

  private static String element(Document in, String name) {
    return in.getElementsByTagName(name).item(0).getTextContent();
  }

  @Test
  void malformed_protobuf_is_400() throws Exception {
    HttpResponse<byte[]> response =
        send(
            server
                .request("/books/n1:lend", "content-type", PROTOBUF, "accept", PROTOBUF)
                .POST(BodyPublishers.ofByteArray(new byte[] {10, 99, 1})));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Status.parseFrom(response.body()).getMessage()).startsWith("malformed protobuf: ");
  }

  @Test
  void an_error_is_a_status_to_who_likes_protobuf_best() throws Exception {
    HttpResponse<byte[]> response =
        send(
            server
                .request("/books", "accept", "application/json;q=0.9, " + PROTOBUF)
                .POST(BodyPublishers.ofString("{\"pages\":\"x\"}")));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("content-type")).contains(PROTOBUF);
    Status status = Status.parseFrom(response.body());
    assertThat(status.getCode()).isEqualTo(Code.INVALID_ARGUMENT_VALUE);
    assertThat(status.getDetails(0).unpack(BadRequest.class).getFieldViolations(0).getField())
        .isEqualTo("book.pages");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*/*", "application/json", "application/problem+json", "text/csv"})
  void an_error_is_json_to_everybody_else(String accept) throws Exception {
    HttpResponse<byte[]> response = send(server.request("/books/none", "accept", accept));
    assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(text(response)).contains("\"code\":");
  }

  @Test
  void what_cannot_be_read_is_told_what_can() throws Exception {
    HttpResponse<byte[]> post =
        send(
            server
                .request("/books/n1:lend", "content-type", "text/csv")
                .POST(BodyPublishers.ofString("a,b")));
    assertThat(post.statusCode()).isEqualTo(415);
    String types = post.headers().firstValue("accept-post").orElseThrow();
    assertThat(types).startsWith("application/json, application/x-protobuf");
    HttpResponse<byte[]> patch =
        send(
            server
                .request("/books/n1", "content-type", "text/csv")
                .method("PATCH", BodyPublishers.ofString("a,b")));
    assertThat(patch.headers().firstValue("accept-patch")).contains(types);
    assertThat(patch.headers().firstValue("accept-post")).isEmpty();
    HttpResponse<byte[]> options =
        send(server.request("/books/n1").method("OPTIONS", BodyPublishers.noBody()));
    assertThat(options.headers().firstValue("accept-patch")).contains(types);
  }

  @Test
  void head_has_the_headers_of_get() throws Exception {
    HttpResponse<byte[]> get = send(server.request("/books/n1", "accept", PROTOBUF));
    HttpResponse<byte[]> head =
        send(
            server
                .request("/books/n1", "accept", PROTOBUF)
                .method("HEAD", BodyPublishers.noBody()));
    assertThat(head.headers().map()).isEqualTo(get.headers().map());
    assertThat(head.body()).isEmpty();
  }

  @Test
  void a_query_makes_the_same_request_whatever_the_answer_is() throws Exception {
    HttpResponse<byte[]> response =
        send(server.request("/books?page_size=5&author.name=A", "accept", PROTOBUF));
    assertThat(FindBooksResponse.parseFrom(response.body()).getAsked().getAuthor().getName())
        .isEqualTo("A");
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), UTF_8);
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
  }
}
