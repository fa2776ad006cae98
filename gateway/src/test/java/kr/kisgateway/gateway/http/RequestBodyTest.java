package kr.kisgateway.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.RefusedException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
    void what_is_not_one_strict_json_object_is_malformed(String text) {
        assertRefused(() -> parse(text), ErrorCode.MALFORMED_JSON, null);
    }

    @Test
    void bytes_that_are_not_text_are_malformed() {
        assertRefused(
                () -> RequestBody.parse(new byte[] {'{', '"', (byte) 0xFF, '"', ':', '1', '}'}),
                ErrorCode.MALFORMED_JSON,
                null);
    }

    @Test
    void an_unknown_field_is_named() {
        assertRefused(() -> parse("{\"qty\":1,\"qtty\":2}").only(Set.of("qty")), ErrorCode.UNKNOWN_FIELD, "qtty");
    }

    @Test
    void an_unknown_field_is_answered_with_the_nearest_known_one() {
        assertThatThrownBy(() -> parse("{\"orderType\":1}").only(Set.of("qty", "order_type")))
                .hasMessageContaining("did you mean \"order_type\"?")
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.refusal().details())
                                .containsEntry("field", "orderType")
                                .containsEntry("suggestion", "order_type"));
        assertThatThrownBy(() -> parse("{\"colour\":1}").only(Set.of("qty", "order_type")))
                .hasMessageContaining("remove it");
    }

    @Test
    void a_missing_or_null_field_is_named() {
        assertRefused(() -> parse("{}").text("side"), ErrorCode.MISSING_FIELD, "side");
        assertRefused(() -> parse("{\"qty\":null}").whole("qty"), ErrorCode.MISSING_FIELD, "qty");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "\"1\"", "true", "[1]", "1e999999999", "9223372036854775808", "1e-400", "{}"})
    void what_is_not_a_whole_number_of_64_bits_is_invalid(String number) {
        assertRefused(() -> parse("{\"qty\":" + number + "}").whole("qty"), ErrorCode.INVALID_FIELD, "qty");
    }

    @Test
    void whole_numbers_are_exact_however_they_are_written() {
        assertThat(parse("{\"qty\":9007199254740993}").whole("qty")).isEqualTo(9007199254740993L);
        assertThat(parse("{\"qty\":10.0}").whole("qty")).isEqualTo(10);
        assertThat(parse("{\"qty\":1e3}").whole("qty")).isEqualTo(1000);
        assertThat(parse("{\"qty\":-9223372036854775808}").whole("qty")).isEqualTo(Long.MIN_VALUE);
        assertThat(parse("{\"qty\":0.0}").whole("qty")).isZero();
    }

    @Test
    void texts_are_texts_without_control_characters() {
        assertRefused(() -> parse("{\"id\":7}").text("id"), ErrorCode.INVALID_FIELD, "id");
        assertRefused(() -> parse("{\"id\":\"a\\u0000b\"}").text("id"), ErrorCode.INVALID_FIELD, "id");
        assertRefused(() -> parse("{\"id\":\"" + "x".repeat(257) + "\"}").text("id"), ErrorCode.INVALID_FIELD, "id");
        assertThat(parse("{\"id\":\"삼성\"}").text("id")).isEqualTo("삼성");
    }

    @Test
    void texts_that_would_show_another_text_than_they_are_are_refused() {
        for (String escape : new String[] {
            "2028", "2029", "202A", "202B", "202C", "202D", "202E", "2066", "2067", "2068", "2069", "0085"
        }) {
            assertRefused(() -> parse("{\"id\":\"a\\u" + escape + "b\"}").text("id"), ErrorCode.INVALID_FIELD, "id");
        }
        // A family is four people and three joiners.
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
