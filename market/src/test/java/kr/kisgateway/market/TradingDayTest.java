package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TradingDayTest {
    private static final LocalDate FRIDAY = LocalDate.of(2026, 11, 20);
    private static final LocalDate MONDAY = LocalDate.of(2026, 11, 23);

    @Test
    void the_same_date_is_another_day_in_each_market() {
        var korean = TradingDay.korean(FRIDAY);
        assertThat(korean)
                .isEqualTo(new TradingDay(Market.KOREA, LocalDate.of(2026, 11, 20)))
                .hasSameHashCodeAs(new TradingDay(Market.KOREA, LocalDate.of(2026, 11, 20)))
                .isNotEqualTo(TradingDay.korean(MONDAY))
                .isNotEqualTo(new TradingDay(Market.US, FRIDAY));
        assertThat(korean.equals((Object) FRIDAY)).isFalse();
    }

    @Test
    void a_day_comes_before_a_later_one_and_not_before_itself() {
        assertThat(TradingDay.korean(FRIDAY).isBefore(TradingDay.korean(MONDAY)))
                .isTrue();
        assertThat(TradingDay.korean(MONDAY).isBefore(TradingDay.korean(FRIDAY)))
                .isFalse();
        assertThat(TradingDay.korean(FRIDAY).isBefore(TradingDay.korean(FRIDAY)))
                .isFalse();
    }

    @Test
    void days_of_two_markets_come_before_each_other_in_neither_direction() {
        assertThat(TradingDay.korean(FRIDAY).isBefore(new TradingDay(Market.US, MONDAY)))
                .isFalse();
        assertThat(new TradingDay(Market.US, FRIDAY).isBefore(TradingDay.korean(MONDAY)))
                .isFalse();
    }

    @Test
    void a_day_is_written_with_its_market_unless_it_is_koreas() {
        assertThat(TradingDay.korean(FRIDAY)).hasToString("2026-11-20");
        assertThat(new TradingDay(Market.US, FRIDAY)).hasToString("2026-11-20 (us)");
    }

    @Test
    void the_days_of_a_year_in_both_markets_have_hash_codes_of_their_own_since_they_are_keys() {
        var days = LocalDate.of(2026, 1, 1)
                .datesUntil(LocalDate.of(2027, 1, 1))
                .flatMap(date -> Stream.of(TradingDay.korean(date), new TradingDay(Market.US, date)));
        assertThat(days.map(TradingDay::hashCode)).hasSize(2 * 365).doesNotHaveDuplicates();
    }
}
