package kr.kisgateway.gateway.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

class JsonBufferTest {
    private final JsonMapper mapper = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @Property
    void written_values_are_read_back_unchanged(@ForAll String text, @ForAll long number, @ForAll boolean flag) {
        var json = new JsonBuffer(16)
                .beginObject()
                .field("text", text)
                .field("number", number)
                .name("list")
                .beginArray()
                .value(flag)
                .value(number)
                .endArray()
                .endObject();

        var read = mapper.readTree(json.toBytes());

        assertThat(read.get("text").stringValue()).isEqualTo(withoutLoneSurrogates(text));
        assertThat(read.get("number").longValue()).isEqualTo(number);
        assertThat(read.get("list").get(0).booleanValue()).isEqualTo(flag);
        assertThat(read.get("list").get(1).longValue()).isEqualTo(number);
    }

    @Property
    void thousandths_are_exact_decimals(@ForAll int thousandths) {
        var json = new JsonBuffer()
                .beginObject()
                .fieldThousandths("t", thousandths)
                .endObject();

        assertThat(mapper.readTree(json.toBytes()).get("t").decimalValue())
                .isEqualByComparingTo(BigDecimal.valueOf(thousandths, 3));
    }

    @Test
    void decimals_preserve_their_digits_and_never_use_exponents() {
        var json = new JsonBuffer()
                .beginObject()
                .field("pct", new BigDecimal("-0.10"))
                .field("big", new BigDecimal("1E+9"))
                .field("min", Long.MIN_VALUE)
                .endObject();

        assertThat(json).hasToString("{\"pct\":-0.10,\"big\":1000000000,\"min\":-9223372036854775808}");
    }

    private static String withoutLoneSurrogates(String text) {
        return text.codePoints()
                .map(point -> point >= 0xD800 && point <= 0xDFFF ? 0xFFFD : point)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
