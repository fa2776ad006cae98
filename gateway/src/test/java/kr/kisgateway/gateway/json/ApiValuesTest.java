package kr.kisgateway.gateway.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import kr.kisgateway.api.json.ApiJson;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ApiValuesTest {
    @Property
    void thousandths_in_a_record_and_in_a_buffer_have_the_same_text(@ForAll int thousandths) {
        var buffer = new JsonBuffer()
                .beginObject()
                .fieldThousandths("rate", thousandths)
                .endObject();

        assertThat(ApiJson.text(new Rate(ApiValues.thousandths(thousandths)))).isEqualTo(buffer.toString());
    }

    @Test
    void times_are_of_seoul_and_have_seconds_even_where_these_are_zero() {
        assertThat(ApiJson.time(ApiValues.time(Instant.parse("2026-11-20T00:05:00Z"))))
                .isEqualTo("2026-11-20T09:05:00+09:00");
        assertThat(ApiJson.time(ApiValues.timeMillis(Instant.parse("2026-11-20T00:05:00.1234567Z"))))
                .isEqualTo("2026-11-20T09:05:00.123+09:00");
    }

    private record Rate(BigDecimal rate) {}
}
