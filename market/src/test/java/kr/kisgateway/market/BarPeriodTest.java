package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BarPeriodTest {
    @Test
    void the_names_of_the_api_are_those_of_minutes_and_the_initials_of_longer_periods() {
        assertThat(BarPeriod.wireNames()).containsExactly("1m", "3m", "5m", "10m", "30m", "60m", "D", "W", "M", "Y");
        assertThat(BarPeriod.M10.wireName()).isEqualTo("10m");
    }

    @Test
    void each_name_finds_its_period() {
        for (var period : BarPeriod.values()) {
            assertThat(BarPeriod.of(period.wireName())).as(period.wireName()).contains(period);
        }
        assertThat(BarPeriod.of("2m")).isEmpty();
        assertThat(BarPeriod.of("")).isEmpty();
    }

    @Test
    void a_small_m_is_a_minute_and_a_capital_one_a_month() {
        assertThat(BarPeriod.of("1m")).contains(BarPeriod.M1);
        assertThat(BarPeriod.of("M")).contains(BarPeriod.MONTH);
        assertThat(BarPeriod.of("1M")).isEmpty();
        assertThat(BarPeriod.of("m")).isEmpty();
        assertThat(BarPeriod.of("d")).isEmpty();
    }

    @Test
    void only_periods_within_a_day_have_minutes() {
        assertThat(BarPeriod.M1.minutes()).isEqualTo(1);
        assertThat(BarPeriod.M30.minutes()).isEqualTo(30);
        assertThat(BarPeriod.M60.minutes()).isEqualTo(60);
        assertThat(Arrays.stream(BarPeriod.values()).filter(period -> !period.isIntraday()))
                .containsExactly(BarPeriod.DAY, BarPeriod.WEEK, BarPeriod.MONTH, BarPeriod.YEAR)
                .allMatch(period -> period.minutes() == 0);
    }
}
