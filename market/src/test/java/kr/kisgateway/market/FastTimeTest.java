package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FastTimeTest {
    private static final LocalDateTime BEFORE_THE_OPENING = LocalDateTime.parse("2026-11-20T08:55");
    private static final Instant NOW = Instant.parse("2026-11-28T16:00:00Z");

    private static FastTime parse(String text) {
        return FastTime.parse("--market-time", text);
    }

    @Test
    void a_speed_and_a_start_in_korea_make_a_fast_time() {
        assertThat(parse("x10@2026-11-20T08:55")).isEqualTo(new FastTime(10, BEFORE_THE_OPENING, Optional.empty()));
        assertThat(parse("X7@2026-11-20T08:55")).isEqualTo(new FastTime(7, BEFORE_THE_OPENING, Optional.empty()));
        assertThat(parse("x10@2026-11-20T08:55/2026-11-28T16:00:00Z"))
                .isEqualTo(new FastTime(10, BEFORE_THE_OPENING, Optional.of(NOW)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"fast", "x10", "10@2026-11-20T08:55", "x@2026-11-20T08:55", "x10@", "x12345@2026-11-20T08:55"})
    void another_form_is_refused_with_an_example(String text) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--market-time is open, open-fixed or real, or a speed and a start such as"
                        + " x10@2026-11-20T08:55, not " + text);
    }

    @Test
    void a_clock_runs_1_to_60_times_as_fast_as_real_time() {
        assertThat(parse("x1@2026-11-20T08:55").speed()).isEqualTo(1);
        assertThat(parse("x60@2026-11-20T08:55").speed()).isEqualTo(60);
        assertThatThrownBy(() -> parse("x0@2026-11-20T08:55"))
                .hasMessage("--market-time runs 1 to 60 times as fast as real time, not 0");
        assertThatThrownBy(() -> parse("x61@2026-11-20T08:55"))
                .hasMessage("--market-time runs 1 to 60 times as fast as real time, not 61");

        InstantSource real = InstantSource.fixed(NOW);
        assertThat(new FastClock(real, 1, NOW).speed()).isEqualTo(1);
        assertThat(new FastClock(real, 60, NOW).speed()).isEqualTo(60);
        assertThatThrownBy(() -> new FastClock(real, 0, NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a clock runs 1 to 60 times as fast as real time, not 0");
        assertThatThrownBy(() -> new FastClock(real, 61, NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a clock runs 1 to 60 times as fast as real time, not 61");
    }

    @Test
    void it_starts_on_a_day_of_the_holiday_calendar() {
        assertThat(parse("x10@2024-01-01T00:00").start()).isEqualTo("2024-01-01T00:00");
        assertThat(parse("x10@2028-12-31T23:59").start()).isEqualTo("2028-12-31T23:59");
        assertThatThrownBy(() -> parse("x10@2023-12-31T23:59"))
                .hasMessage("--market-time starts on a day of the holiday calendar, from 2024-01-01 to 2028-12-31,"
                        + " not 2023-12-31");
        assertThatThrownBy(() -> parse("x10@2029-01-01T00:00")).hasMessageEndingWith("not 2029-01-01");
    }

    @ParameterizedTest
    @CsvSource({
        "x10@20:55, a Korean time such as 2026-11-20T08:55",
        "x10@2026-11-31T08:55, a Korean time such as 2026-11-20T08:55",
        "x10@2026-11-20T08:55/16:00, a real time such as 2026-11-28T16:00:00Z"
    })
    void a_start_and_an_origin_that_are_no_times_are_refused_with_an_example(String text, String expected) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--market-time")
                .hasMessageContaining(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "x10@2026-11-20T08:55, true",
        "X10, true",
        "x1, true",
        "open, false",
        "open-fixed, false",
        "real, false",
        "x, false",
        "xray, false",
        "10x, false"
    })
    void a_speed_with_its_x_is_meant_as_a_fast_time_even_when_the_rest_is_missing(String text, boolean meant) {
        assertThat(FastTime.resembles(text)).isEqualTo(meant);
    }

    @Test
    void a_clock_starts_at_the_time_in_korea_and_multiplies_what_passes() {
        var real = new Instant[] {NOW};
        FastClock clock = parse("x10@2026-11-20T08:55").from(() -> real[0]);
        assertThat(clock.speed()).isEqualTo(10);
        assertThat(clock.instant()).isEqualTo("2026-11-19T23:55:00Z");
        real[0] = NOW.plusSeconds(30);
        assertThat(clock.instant()).as("09:00 in Korea").isEqualTo("2026-11-20T00:00:00Z");
    }

    @Test
    void programs_that_share_an_origin_have_the_same_time_whenever_they_start() {
        FastTime time = parse("x10@2026-11-20T08:55/2026-11-28T16:00:00Z");
        InstantSource later = InstantSource.fixed(NOW.plusSeconds(60));
        assertThat(time.from(later).instant()).isEqualTo("2026-11-20T00:05:00Z");
    }
}
