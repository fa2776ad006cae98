package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

@Requirement(value = "A-06", clause = "dated")
class LimitTableTest {
    private static final LimitTable TABLE = LimitTable.load();

    @Test
    void live_allows_18_calls_a_second_since_april_2026_and_20_before() {
        assertThat(TABLE.on(Environment.LIVE_FACE, LocalDate.of(2026, 4, 19)).callsPerSecond())
                .isEqualTo(20);
        assertThat(TABLE.on(Environment.LIVE_FACE, LocalDate.of(2026, 4, 20)))
                .isEqualTo(new Limits(18, 10, 41, 10_000, 10, 300, 60));
    }

    @Test
    void paper_allows_one_call_a_second_today() {
        assertThat(TABLE.on(Environment.PAPER_FACE, LocalDate.of(2026, 11, 20)))
                .isEqualTo(new Limits(1, 1, 41, 10_000, 10, 300, 60));
    }

    @Test
    void each_limit_names_its_source() {
        assertThat(TABLE.row(Environment.LIVE_FACE, "calls-per-second", LocalDate.of(2026, 11, 20))
                        .source())
                .contains("2026-04-20");
    }

    @Test
    void an_unmeasured_limit_is_marked_as_assumed() {
        for (Environment environment : Environment.values()) {
            for (String name : new String[] {"connects-per-minute", "subscribes-per-minute"}) {
                assertThat(TABLE.row(environment, name, LocalDate.of(2026, 11, 20))
                                .source())
                        .startsWith("assumed");
            }
        }
    }

    @Test
    void limits_made_without_the_churn_have_that_of_the_table() {
        assertThat(new Limits(18, 10, 41, 10_000))
                .isEqualTo(TABLE.on(Environment.LIVE_FACE, LocalDate.of(2026, 11, 20)));
    }

    @Test
    void a_token_a_minute_is_a_dated_limit_too() {
        assertThat(TABLE.row(Environment.PAPER_FACE, "token-seconds", LocalDate.of(2026, 11, 20))
                        .value())
                .isEqualTo(60);
    }

    @Test
    void a_day_before_the_table_is_not_guessed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TABLE.on(Environment.LIVE_FACE, LocalDate.of(2019, 12, 31)));
    }

    @Test
    void a_table_with_a_missing_or_unsorted_limit_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> LimitTable.read(text("{}")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LimitTable.read(text("live:\n  calls-per-second: 18\n")))
                .withMessageContaining("JSON with # comments");
        String calls = "[{\"from\":\"2026-04-20\",\"value\":18},{\"from\":\"2026-04-20\",\"value\":20}]";
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LimitTable.read(text("{\"live\":{\"calls-per-second\":" + calls + "}}")))
                .withMessageContaining("calls-per-second");
    }

    private static InputStream text(String table) {
        return new ByteArrayInputStream(table.getBytes(StandardCharsets.UTF_8));
    }
}
