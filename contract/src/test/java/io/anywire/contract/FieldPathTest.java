package io.anywire.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DynamicMessage;
import io.anywire.contract.library.Values;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldPathTest {
  @ParameterizedTest
  @CsvSource({
    "text, a b, a b",
    "flag, true, true",
    "i32, -2147483648, -2147483648",
    "u32, 4294967295, 4294967295",
    "i64, 9223372036854775807, 9223372036854775807",
    "u64, 18446744073709551615, 18446744073709551615",
    "s64, -1, -1",
    "x64, 18446744073709551615, 18446744073709551615",
    "f32, 1.5, 1.5",
    "f32, -Infinity, -Infinity",
    "f64, 1e300, 1.0E300",
    "f64, NaN, NaN",
    "data, +/8=, +/8=",
    "data, -_8, +/8=",
    "genre, POETRY, POETRY",
    "genre, 1, POETRY",
    "genre, 99, 99",
    "at, 2026-01-31T10:15:30.5+01:00, 2026-01-31T09:15:30.500Z",
    "at, 0001-01-01T00:00:00Z, 0001-01-01T00:00:00Z",
    "lasts, 1.5s, 1.500s",
    "lasts, -0.5s, -0.500s",
    "lasts, 3s, 3s",
    "mask, 'userName,address.street', 'userName,address.street'",
    "mask, user_name, userName",
    "boxed, 0, 0",
    "note, x, x",
    "maybe, 0, 0",
    "inner.inner.i32, 7, 7",
    "inner.boxed, 7, 7",
  })
  void text_becomes_a_value_and_text_again(String path, String text, String again) {
    FieldPath field = path(path);
    Values.Builder generated = Values.newBuilder();
    DynamicMessage.Builder dynamic = DynamicMessage.newBuilder(ContractBuilder.values());
    field.write(generated, text);
    field.write(dynamic, text);
    assertThat(field.read(generated.build())).isEqualTo(again);
    assertThat(field.read(dynamic.build())).isEqualTo(again);
    assertThat(dynamic.build().toByteString()).isEqualTo(generated.build().toByteString());
  }

  @ParameterizedTest
  @CsvSource({
    "flag, yes",
    "flag, ''",
    "i32, abc",
    "i32, 2147483648",
    "i32, 1.0",
    "i32, +1",
    "i32, ٣",
    "u32, -1",
    "i64, 9223372036854775808",
    "u64, 18446744073709551616",
    "f32, 1e39",
    "f32, 1f",
    "f64, 0x1p3",
    "f64, 1e999",
    "f64, ' 1'",
    "data, !",
    "genre, PROSE",
    "at, yesterday",
    "at, +10000-01-01T00:00:00Z",
    "lasts, 5",
    "lasts, 1e9s",
    "lasts, 0.0000000001s",
    "mask, 'a,,b'",
    "boxed, x",
    "inner.i32, x",
  })
  void text_that_does_not_fit_is_refused_by_field_and_leaves_the_message(String path, String text) {
    Values.Builder message = Values.newBuilder();
    assertThatThrownBy(() -> path(path).write(message, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(path + ": \"" + text + "\" (expected: ");
    assertThat(message.build()).isEqualTo(Values.getDefaultInstance());
  }

  @Test
  void fields_that_are_not_set_read_as_their_default_or_as_nothing() {
    Values empty = Values.getDefaultInstance();
    assertThat(path("i32").read(empty)).isEqualTo("0");
    assertThat(path("genre").read(empty)).isEqualTo("GENRE_UNSPECIFIED");
    assertThat(path("inner.text").read(empty)).isEmpty();
    assertThat(path("maybe").read(empty)).isEmpty();
    assertThat(path("boxed").read(empty)).isEmpty();
    assertThat(path("at").read(empty)).isEmpty();
  }

  @Test
  void repeated_fields_take_one_value_after_another() {
    Values.Builder message = Values.newBuilder();
    for (String value : List.of("1", "2")) {
      path("tags").write(message, value);
      path("inner.boxes").write(message, value);
    }
    assertThat(message.getTagsList()).containsExactly("1", "2");
    assertThat(message.getInner().getBoxesList())
        .extracting(com.google.protobuf.Int32Value::getValue)
        .containsExactly(1, 2);
    assertThatThrownBy(() -> path("tags").read(message.build()))
        .hasMessageContaining("repeated string");
  }

  @Test
  void messages_and_maps_have_no_text() {
    assertThat(path("inner").hasText()).isFalse();
    assertThat(path("labels").hasText()).isFalse();
    assertThatThrownBy(() -> path("labels").write(Values.newBuilder(), "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void clients_may_use_json_names() {
    var type = io.anywire.contract.library.UpdateBookRequest.getDescriptor();
    assertThat(FieldPath.find(type, "updateMask")).contains(FieldPath.of(type, "update_mask"));
    assertThat(FieldPath.find(type, "update_mask")).isPresent();
    assertThat(FieldPath.find(type, "nope")).isEmpty();
    assertThat(FieldPath.find(type, "book..name")).isEmpty();
    assertThatThrownBy(() -> FieldPath.of(type, "updateMask"))
        .hasMessage(
            "\"updateMask\": no field \"updateMask\" in library.v1.UpdateBookRequest"
                + " (expected: one of book, update_mask)");
  }

  @Test
  void a_message_of_another_type_is_refused() {
    assertThatThrownBy(
            () -> path("text").read(io.anywire.contract.library.Book.getDefaultInstance()))
        .hasMessage("message: library.v1.Book (expected: library.v1.Values)");
  }

  private static FieldPath path(String text) {
    return FieldPath.of(ContractBuilder.values(), text);
  }
}
