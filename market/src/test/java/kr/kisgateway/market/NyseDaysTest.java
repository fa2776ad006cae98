package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class NyseDaysTest {
    private static final NyseDays DAYS = NyseDays.load();

    @Test
    void new_york_is_closed_on_its_own_holidays_and_weekends_and_open_on_koreas() {
        assertThat(DAYS.isTradingDay(LocalDate.of(2026, 11, 26)))
                .as("Thanksgiving")
                .isFalse();
        assertThat(DAYS.isTradingDay(LocalDate.of(2026, 11, 21))).as("Saturday").isFalse();
        assertThat(DAYS.isTradingDay(LocalDate.of(2026, 10, 9)))
                .as("Hangul Day")
                .isTrue();
        assertThat(DAYS.isTradingDay(LocalDate.of(2026, 11, 20))).isTrue();
    }

    @Test
    void a_holiday_has_its_name_and_a_weekend_has_none() {
        assertThat(DAYS.holidayName(LocalDate.of(2026, 11, 26)).orElseThrow()).contains("Thanksgiving");
        assertThat(DAYS.holidayName(LocalDate.of(2026, 11, 21))).isEmpty();
        assertThat(DAYS.holidayName(LocalDate.of(2026, 11, 27)))
                .as("closes early, but trades")
                .isEmpty();
    }
}
