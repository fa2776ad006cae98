package kr.kisgateway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginTest {
    @ParameterizedTest
    @CsvSource({
        "2026-11-30T14:00:00Z, 2026-11-30T14:59:59Z, false",
        "2026-11-30T14:00:00Z, 2026-11-30T15:00:00Z, true",
        "2026-11-30T15:00:30Z, 2026-11-30T15:00:40Z, true",
        "2026-11-30T15:00:59Z, 2026-11-30T16:00:00Z, true",
        "2026-11-30T15:01:00Z, 2026-11-30T16:00:00Z, false",
        "2026-11-30T15:01:00Z, 2026-12-02T02:00:00Z, true",
    })
    void a_run_includes_the_closed_minute_after_midnight_in_korea(Instant started, Instant ended, boolean included) {
        assertThat(Origin.includesClosedMinute(started, ended)).isEqualTo(included);
    }
}
