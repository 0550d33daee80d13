package io.anywire.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.anywire.contract.library.Values;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTemplateTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "v1 0",
        "/v1/ 4",
        "//v1 1",
        "/v1/{text 9",
        "/v1/{} 5",
        "/v1/{text=} 10",
        "/v1/{text={note}} 10",
        "/v1/text} 8",
        "/v1/**/x 6",
        "/v1/{text=**}/x 13",
        "/v1/{text=**/x} 12",
        "/v1/x: 6",
        "/v1/x:a/b 7",
        "/v1/x:a:b 7",
        "/v1/a*b 5",
        "/v1/*** 6",
        "/v1/a?b 5",
        "/v1/a#b 5",
        "/v1/%zz 4",
        "/v1/{text}x 10",
        "/v1/{text}/{text} 12",
      })
  void an_error_in_a_template_names_its_position(String template, int position) {
    assertThatThrownBy(() -> PathTemplate.of(ContractBuilder.values(), template))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + template + "\" at position " + position + ": ");
  }

  @ParameterizedTest
  @CsvSource({
    "/, x, /",
    "/v1, x, /v1",
    "/v1/{text}, 123, /v1/123",
    "/v1/{text}, a/b c, /v1/a%2Fb%20c",
    "/v1/{text}, -_.~aZ9, /v1/-_.~aZ9",
    "/v1/{text}, é:😀, /v1/%C3%A9%3A%F0%9F%98%80",
    "/v1/{text=**}, a/b c, /v1/a/b%20c",
    "/v1/{text=messages/*}, messages/1 2, /v1/messages/1%202",
    "/v1/{text=messages/*}/x:go, messages/1, /v1/messages/1/x:go",
    "/v1/a%2Fb/{text}, x, /v1/a%2Fb/x",
  })
  void a_path_is_built_by_the_encoding_of_http_proto(String template, String text, String path) {
    assertThat(template(template).expand(Values.newBuilder().setText(text).build()))
        .isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/{text}, ''",
    "/v1/{text=**}, ''",
    "/v1/{text=messages/*}, other/1",
    "/v1/{text=messages/*}, messages/",
    "/v1/{text=messages/*}, messages/1/2",
    "/v1/{text=messages/*}, messages",
    "/v1/{text}, ..",
    "/v1/{text=**}, a/../b",
    "/v1/*, x",
    "/v1/{maybe}, x",
  })
  void a_value_that_does_not_fit_builds_no_path(String template, String text) {
    assertThatThrownBy(() -> template(template).expand(Values.newBuilder().setText(text).build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: ");
  }

  @Test
  void variables_are_listed_from_left_to_right() {
    PathTemplate template = template("/v1/{inner.text=a/*}/{i32}:go");
    assertThat(template.variables())
        .extracting(FieldPath::toString)
        .containsExactly("inner.text", "i32");
    assertThat(template.verb()).isEqualTo("go");
    assertThat(template.isExpandable()).isTrue();
    assertThat(template("/v1/{text}/*").isExpandable()).isFalse();
  }

  @Test
  void templates_are_alike_when_they_match_the_same_paths() {
    assertThat(template("/v1/{text}").isLike(template("/v1/{inner.text=*}"))).isTrue();
    assertThat(template("/v1/{text}").isLike(template("/v1/*"))).isTrue();
    assertThat(template("/v1/{text}").isLike(template("/v1/{text=**}"))).isFalse();
    assertThat(template("/v1/{text}").isLike(template("/v1/{text}:go"))).isFalse();
    assertThat(template("/v1/{text}").isLike(template("/v2/{text}"))).isFalse();
  }

  private static PathTemplate template(String text) {
    return PathTemplate.of(ContractBuilder.values(), text);
  }
}
