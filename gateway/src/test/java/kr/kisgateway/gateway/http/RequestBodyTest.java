package kr.kisgateway.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.RefusedException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBodyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "1",
                "null",
                "{\"a\":1,\"a\":2}",
                "{\"a\":NaN}",
                "{\"a\":1} {}",
                "{\"a\":1}x",
                "{'a':1}",
                "{\"a\":1,}",
                "{\"a\":01}",
                "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":{\"h\":{\"i\":{\"j\":{\"k\":{\"l\":{\"m\":{\"n\":"
                        + "{\"o\":{\"p\":{\"q\":1}}}}}}}}}}}}}}}}}"
            })
    void a_body_other_than_one_strict_json_object_is_malformed(String text) {
        assertRefused(() -> parse(text), ErrorCode.MALFORMED_JSON, null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":1                | it ends too early
            {"a":x}               | there is an error at line 1, column 6
            {"a":1,"a":2}         | a member is repeated at line 1, column
            {"a":1} {}            | text follows the object at line 1, column
            {"a":NaN}             | there is an error at line 1, column
            """)
    void malformed_json_is_described_by_its_place_and_not_in_the_parsers_words(String text, String problem) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.refusal().message())
                                .startsWith("The text is not valid JSON: " + problem)
                                .doesNotContain("token", "Unexpected", "Object property", "(code"));
    }

    @Test
    void invalid_utf_8_is_malformed() {
        assertRefused(
                () -> RequestBody.parse(new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'}),
                ErrorCode.MALFORMED_JSON,
                null);
    }

    @Test
    void an_unknown_field_is_named() {
        assertRefused(
                () -> parse("{\"qty\":1,\"qtty\":2}").requireOnly(Set.of("qty")), ErrorCode.UNKNOWN_FIELD, "qtty");
    }

    @Test
    void an_unknown_field_is_answered_with_the_nearest_valid_one() {
        assertThatThrownBy(() -> parse("{\"orderType\":1}").requireOnly(Set.of("qty", "order_type")))
                .hasMessageContaining("did you mean \"order_type\"?")
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.refusal().details())
                                .containsEntry("field", "orderType")
                                .containsEntry("suggestion", "order_type"));
        assertThatThrownBy(() -> parse("{\"colour\":1}").requireOnly(Set.of("qty", "order_type")))
                .hasMessageContaining("remove it");
    }

    @Test
    void a_missing_or_null_field_is_named() {
        assertRefused(() -> parse("{}").text("side"), ErrorCode.MISSING_FIELD, "side");
        assertRefused(() -> parse("{\"qty\":null}").wholeNumber("qty"), ErrorCode.MISSING_FIELD, "qty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "\"1\"", "true", "[1]", "1e999999999", "9223372036854775808", "1e-400", "{}"})
    void anything_but_a_64_bit_integer_is_invalid(String number) {
        assertRefused(() -> parse("{\"qty\":" + number + "}").wholeNumber("qty"), ErrorCode.INVALID_FIELD, "qty");
    }

    @Test
    void integers_are_exact_in_every_notation() {
        assertThat(parse("{\"qty\":9007199254740993}").wholeNumber("qty")).isEqualTo(9007199254740993L);
        assertThat(parse("{\"qty\":10.0}").wholeNumber("qty")).isEqualTo(10);
        assertThat(parse("{\"qty\":1e3}").wholeNumber("qty")).isEqualTo(1000);
        assertThat(parse("{\"qty\":-9223372036854775808}").wholeNumber("qty")).isEqualTo(Long.MIN_VALUE);
        assertThat(parse("{\"qty\":0.0}").wholeNumber("qty")).isZero();
    }

    @Test
    void a_text_is_a_json_string_without_control_characters() {
        assertRefused(() -> parse("{\"id\":7}").text("id"), ErrorCode.INVALID_FIELD, "id");
        assertRefused(() -> parse("{\"id\":\"a\\u0000b\"}").text("id"), ErrorCode.INVALID_FIELD, "id");
        assertRefused(() -> parse("{\"id\":\"" + "x".repeat(257) + "\"}").text("id"), ErrorCode.INVALID_FIELD, "id");
        assertThat(parse("{\"id\":\"삼성\"}").text("id")).isEqualTo("삼성");
    }

    @Test
    void texts_that_display_as_another_text_are_refused() {
        for (String escape : new String[] {
            "2028", "2029", "202A", "202B", "202C", "202D", "202E", "2066", "2067", "2068", "2069", "0085"
        }) {
            assertRefused(() -> parse("{\"id\":\"a\\u" + escape + "b\"}").text("id"), ErrorCode.INVALID_FIELD, "id");
        }
        assertThatThrownBy(() -> parse("{\"id\":\"😀b\\u202Ec\"}").text("id"))
                .hasMessageContaining("\"id\" must not contain the direction mark U+202E at position 3.");
        assertThatThrownBy(() -> parse("{\"id\":\"a\\u0007\"}").text("id"))
                .hasMessageContaining("\"id\" must not contain the control character U+0007 at position 2.");
        // One family emoji is four people and three joiners.
        String family = "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67";
        assertThat(parse("{\"id\":\"" + family + "\"}").text("id")).isEqualTo(family);
    }

    private static RequestBody parse(String text) {
        return RequestBody.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRefused(
            ThrowingCallable call, ErrorCode code, @org.jspecify.annotations.Nullable String field) {
        assertThatThrownBy(call).isInstanceOfSatisfying(RefusedException.class, refused -> {
            assertThat(refused.refusal().code()).isEqualTo(code);
            assertThat(refused.refusal().details().get("field")).isEqualTo(field);
        });
    }
}
