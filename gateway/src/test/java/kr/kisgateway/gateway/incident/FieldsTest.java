package kr.kisgateway.gateway.incident;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is recorded of an incident is read as it was recorded. */
class FieldsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "word",
                "two words",
                "a=b",
                "x level=P3",
                "\" level=P3 text=\"",
                "back\\slash",
                "\\\" level=P3",
                "ends with \\",
                "\n",
                "한국어 글",
                "\"\""
            })
    void a_value_is_read_as_it_was_and_adds_no_field(String value) {
        var text = new Fields()
                .with("level", "P1")
                .with("subject", value)
                .with("text", value)
                .toString();
        var fields = Fields.parse(text);
        assertThat(fields.text("subject")).isEqualTo(value);
        assertThat(fields.text("text")).isEqualTo(value);
        assertThat(fields.text("level")).isEqualTo("P1");
        assertThat(fields.values()).hasSize(3);
    }

    @Test
    void a_text_that_was_cut_off_has_what_is_complete() {
        var fields = Fields.parse("level=P1 subject=\"K1 ORDERS\" text=\"the begi");
        assertThat(fields.text("subject")).isEqualTo("K1 ORDERS");
        assertThat(fields.text("text")).isEqualTo("the begi");
        assertThat(Fields.parse("level=P1 sub").values()).containsOnlyKeys("level");
        assertThat(Fields.parse("").values()).isEmpty();
    }
}
