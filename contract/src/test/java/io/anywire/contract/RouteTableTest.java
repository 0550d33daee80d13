package io.anywire.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.CustomHttpPattern;
import com.google.api.HttpRule;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
  /**
   * One template, one path, and the variables as {@code name=value}; "-" where it does not match.
   */
  @ParameterizedTest(name = "{0} {1} -> {2}")
  @CsvSource({
    "/, /, ''",
    "/, /x, -",
    "/v1/users, /v1/users, ''",
    "/v1/users, /v1/users/, -",
    "/v1/users, /v1, -",
    "/v1/users, /v1/USERS, -",
    "/v1/users, /v1/%75sers, ''",
    "/v1/users, v1/users, -",
    "/v1/users, '', -",
    "/v1/a%2Fb, /v1/a%2fb, ''",
    "/v1/a%2Fb, /v1/a/b, -",
    "/v1/é, /v1/%C3%A9, ''",
    "/v1/*, /v1/x, ''",
    "/v1/*, /v1/, -",
    "/v1/*, /v1/x/y, -",
    "/v1/{text}, /v1/123456, text=123456",
    "/v1/{text}, /v1/a%2Fb%20c, text=a/b c",
    "/v1/{text}, /v1/%E2%82%AC, text=€",
    "/v1/{text}, /v1/a+b, text=a+b",
    "/v1/{text}, /v1/a:b, text=a:b",
    "/v1/{text}, //v1/x, -",
    "/v1/{text}, /v1/%, -",
    "/v1/{text}, /v1/%4, -",
    "/v1/{text}, /v1/%zz, -",
    "/v1/{text}, /v1/%C3%28, -",
    "/v1/{text}, /v1/%FF, -",
    "/v1/{inner.text}/x, /v1/7/x, inner.text=7",
    "/v1/{text=messages/*}, /v1/messages/123456, text=messages/123456",
    "/v1/{text=messages/*}, /v1/other/123456, -",
    "/v1/{text=messages/*}, /v1/messages/a%2Fb%20c, text=messages/a%2Fb c",
    "/v1/{text=messages/*}, /v1/messages/a%2fb, text=messages/a%2fb",
    "/v1/{text=messages}, /v1/messages, text=messages",
    "/v1/{text=**}, /v1/a/b/c, text=a/b/c",
    "/v1/{text=**}, /v1/a//c, text=a//c",
    "/v1/{text=**}, /v1/, text=''",
    "/v1/{text=**}, /v1, text=''",
    "/v1/{text=a/**}, /v1/a, text=a",
    "/v1/{text=a/**}, /v1/a/b/c, text=a/b/c",
    "/v1/{text=a/**}, /v1/b, -",
    "/**, /, ''",
    "/**, /a/b, ''",
    "/{text=**}, /, text=''",
    "/v1/{text}:go, /v1/x:go, text=x",
    "/v1/{text}:go, /v1/x, -",
    "/v1/{text}:go, /v1/x:stop, -",
    "/v1/{text}:go, /v1/a%3Ab:go, text=a:b",
    "/v1/{text}:go, /v1/a:b:go, text=a:b",
    "/v1/{text}:go, /v1/:go, -",
    "/v1/{text=**}:go, /v1/a/b:go, text=a/b",
    "/v1/{text=**}:go, /v1/a:go/b, -",
    "/v1:go, /v1:go, ''",
    "/v1/{text=x/*}/y/{note=z/*}, /v1/x/1/y/z/2, note=z/2;text=x/1",
  })
  void a_template_matches_a_path(String template, String path, String variables) {
    RouteMatch match = ContractBuilder.ofGets(template).routes().match("GET", path);
    if (variables.equals("-")) {
      assertThat(match).isInstanceOf(RouteMatch.NoRoute.class);
    } else {
      assertThat(((RouteMatch.Found) match).variables().entrySet())
          .extracting(entry -> entry.getKey() + "=" + entry.getValue())
          .containsExactlyInAnyOrderElementsOf(
              Arrays.stream(variables.replace("''", "").split(";"))
                  .filter(pair -> !pair.isEmpty())
                  .toList());
    }
  }

  @Test
  void literals_win_over_wildcards_and_are_taken_back_where_they_lead_nowhere() {
    RouteTable routes =
        ContractBuilder.ofGets(
                "/v1/users/{text}", "/v1/users/me", "/v1/{text}/me/x", "/v1/{text=**}", "/v1/a/b/c")
            .routes();
    assertThat(method(routes, "/v1/users/7")).isEqualTo("M0");
    assertThat(method(routes, "/v1/users/me")).isEqualTo("M1");
    assertThat(method(routes, "/v1/users/me/x")).isEqualTo("M2");
    assertThat(method(routes, "/v1/users/7/x")).isEqualTo("M3");
    assertThat(method(routes, "/v1/a/b/c")).isEqualTo("M4");
    assertThat(method(routes, "/v1/a/b/d")).isEqualTo("M3");
    assertThat(method(routes, "/v1/a/b")).isEqualTo("M3");
  }

  @Test
  void a_custom_verb_wins_over_a_wildcard_that_would_swallow_it() {
    RouteTable routes = ContractBuilder.ofGets("/v1/{text=**}", "/v1/{text}:go").routes();
    assertThat(method(routes, "/v1/x:go")).isEqualTo("M1");
    assertThat(method(routes, "/v1/x:stop")).isEqualTo("M0");
    assertThat(method(routes, "/v1/x/y:go")).isEqualTo("M0");
    assertThat(method(routes, "/v1/x%3Ago")).isEqualTo("M0");
  }

  @Test
  void a_path_for_other_verbs_names_them() {
    RouteTable routes =
        new ContractBuilder()
            .http("Get", "Values", HttpRule.newBuilder().setGet("/v1/{text}"))
            .http("Put", "Values", HttpRule.newBuilder().setPut("/v1/me").setBody("*"))
            .http("Go", "Values", HttpRule.newBuilder().setPost("/v1/{text}:go").setBody("*"))
            .read()
            .routes();
    assertThat(method(routes, "/v1/me")).isEqualTo("Get");
    assertThat(routes.match("DELETE", "/v1/me")).isEqualTo(wrongVerb("GET", "PUT"));
    assertThat(routes.match("DELETE", "/v1/you")).isEqualTo(wrongVerb("GET"));
    assertThat(routes.match("DELETE", "/v1/you:go")).isEqualTo(wrongVerb("GET", "POST"));
    assertThat(routes.match("get", "/v1/you")).isEqualTo(wrongVerb("GET"));
    assertThat(routes.match("DELETE", "/v2")).isInstanceOf(RouteMatch.NoRoute.class);
  }

  @Test
  void a_route_of_any_verb_takes_what_no_other_route_of_its_path_names() {
    CustomHttpPattern any =
        CustomHttpPattern.newBuilder().setKind("*").setPath("/v1/{i32}").build();
    RouteTable routes =
        new ContractBuilder()
            .http("Any", "Values", HttpRule.newBuilder().setCustom(any))
            .http("Get", "Values", HttpRule.newBuilder().setGet("/v1/{text}"))
            .read()
            .routes();
    assertThat(method(routes, "/v1/7")).isEqualTo("Get");
    assertThat(routes.match("PURGE", "/v1/7"))
        .isInstanceOfSatisfying(
            RouteMatch.Found.class,
            found -> assertThat(found.method().fullName()).isEqualTo("bad.v1.Bad/Any"));
  }

  @Test
  void many_literals_of_one_level_are_told_apart() {
    String[] templates = new String[200];
    Arrays.setAll(templates, i -> "/v1/Aa" + i + "BB/{text}");
    RouteTable routes = ContractBuilder.ofGets(templates).routes();
    for (int i = 0; i < templates.length; i++) {
      assertThat(method(routes, "/v1/Aa" + i + "BB/x")).isEqualTo("M" + i);
      // The same hash, another text.
      assertThat(routes.match("GET", "/v1/BB" + i + "BB/x")).isEqualTo(new RouteMatch.NoRoute());
    }
  }

  @Test
  void what_a_template_builds_it_matches_again() {
    PathTemplate template =
        PathTemplate.of(ContractBuilder.values(), "/v1/{text=a/*}/{note}/{inner.text=**}:go");
    RouteTable routes = ContractBuilder.ofGets(template.toString()).routes();
    for (String odd : List.of("x", "%", "a b", "é€😀", ":go", "?#", "a%2Fb", "..x", "+&=")) {
      var message =
          io.anywire.contract.library.Values.newBuilder()
              .setText("a/" + odd)
              .setNote(com.google.protobuf.StringValue.of(odd + "/" + odd))
              .setInner(io.anywire.contract.library.Values.newBuilder().setText(odd + "/" + odd))
              .build();
      var found = (RouteMatch.Found) routes.match("GET", template.expand(message));
      Map<String, String> values = new TreeMap<>();
      found.variables().forEach((path, value) -> values.put(path.toString(), value));
      assertThat(values)
          .containsEntry("text", "a/" + odd)
          .containsEntry("note", odd + "/" + odd)
          .containsEntry("inner.text", odd + "/" + odd);
    }
  }

  private static RouteMatch wrongVerb(String... allowed) {
    return new RouteMatch.WrongVerb(Set.of(allowed));
  }

  private static String method(RouteTable routes, String path) {
    return ((RouteMatch.Found) routes.match("GET", path)).method().descriptor().getName();
  }
}
