package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NewYorkHoursTest {
    private static final UsHours HOURS = UsHours.of(new KrxCalendar());

    private static Instant seoul(String time) {
        return LocalDateTime.parse(time).atZone(TradingCalendar.SEOUL).toInstant();
    }

    @ParameterizedTest
    @CsvSource({
        // Winter: New York is 14 hours behind.
        "2026-11-20T09:59:59,CLOSED,2026-11-20",
        "2026-11-20T10:00,DAY_MARKET,2026-11-20",
        "2026-11-20T17:59:59,DAY_MARKET,2026-11-20",
        "2026-11-20T18:00,PRE,2026-11-20",
        "2026-11-20T23:29:59,PRE,2026-11-20",
        "2026-11-20T23:30,REGULAR,2026-11-20",
        "2026-11-21T00:00,REGULAR,2026-11-20",
        "2026-11-21T05:59:59,REGULAR,2026-11-20",
        "2026-11-21T06:00,AFTER,2026-11-20",
        "2026-11-21T06:59:59,AFTER,2026-11-20",
        "2026-11-21T07:00,CLOSED,2026-11-21",
        // Summer: 13 hours.
        "2026-10-30T16:59:59,DAY_MARKET,2026-10-30",
        "2026-10-30T17:00,PRE,2026-10-30",
        "2026-10-30T22:29:59,PRE,2026-10-30",
        "2026-10-30T22:30,REGULAR,2026-10-30",
        "2026-10-31T05:00,AFTER,2026-10-30",
        "2026-10-31T07:00,CLOSED,2026-10-31",
        // The clocks went back on Sunday, November 1.
        "2026-11-02T22:30,PRE,2026-11-02",
        "2026-11-02T23:30,REGULAR,2026-11-02",
        // The clocks go forward on Sunday, March 14, 2027.
        "2027-03-12T22:30,PRE,2027-03-12",
        "2027-03-15T22:30,REGULAR,2027-03-15",
        // A Korean holiday does not affect New York.
        "2026-10-09T22:30,REGULAR,2026-10-09",
        // Thanksgiving, and the day after with its early close at 03:00 in Korea.
        "2026-11-26T10:00,CLOSED,2026-11-26",
        "2026-11-26T23:30,CLOSED,2026-11-26",
        "2026-11-28T02:59:59,REGULAR,2026-11-27",
        "2026-11-28T03:00,AFTER,2026-11-27",
        "2026-11-29T23:30,CLOSED,2026-11-29"
    })
    void a_session_owns_its_first_instant_and_not_its_last(String at, UsSession session, LocalDate date) {
        UsWindow window = HOURS.at(seoul(at));
        assertThat(window.session()).isEqualTo(session);
        assertThat(window.date()).isEqualTo(date);
        assertThat(seoul(at)).isBetween(window.from(), window.until().minusNanos(1));
    }

    @Property(tries = 300)
    void windows_follow_each_other_without_holes(@ForAll @LongRange(min = 0, max = 157_000_000) long second) {
        Instant at = Instant.parse("2024-01-01T00:00:00Z").plusSeconds(second);
        UsWindow window = new NewYorkHours(NyseDays.load()).at(at);
        assertThat(HOURS.at(window.from())).isEqualTo(window);
        UsWindow next = HOURS.at(window.until());
        assertThat(next.from()).isEqualTo(window.until());
        assertThat(Duration.between(window.from(), window.until())).isPositive();
        if (window.session() == UsSession.REGULAR) {
            assertThat(Duration.between(window.from(), window.until()).toMinutes())
                    .isIn(390L, 210L);
            assertThat(next.session()).isEqualTo(UsSession.AFTER);
        }
        assertThat(HOURS.endOf(window.date())).isAfterOrEqualTo(window.until());
    }

    @Test
    void other_calendars_have_one_session_on_their_own_days() {
        UsHours open = UsHours.of(new OpenCalendar());
        assertThat(open.hasDefinedEnd()).isFalse();
        assertThat(open.at(seoul("2026-11-22T00:00:59")).session()).isEqualTo(UsSession.CLOSED);
        assertThat(open.at(seoul("2026-11-22T00:01")))
                .extracting(UsWindow::session, UsWindow::date)
                .containsExactly(UsSession.REGULAR, LocalDate.of(2026, 11, 22));
        assertThat(open.endOf(LocalDate.of(2026, 11, 22))).isEqualTo(seoul("2026-11-23T00:00"));
        assertThat(Arrays.stream(UsSession.values()).filter(UsSession::isOpen)).hasSize(4);
    }

    @Test
    void the_ends_of_the_brokers_windows_are_defined() {
        assertThat(HOURS.hasDefinedEnd()).isTrue();
    }

    @Test
    void the_day_market_is_a_price_series_of_its_own() {
        assertThat(HOURS.series()).containsExactlyInAnyOrder(PriceSeries.MAIN, PriceSeries.DAY_MARKET);
        assertThat(new KrxCalendar().series()).containsExactly(PriceSeries.MAIN);
        assertThat(HOURS.isDayMarket(seoul("2026-11-20T10:00"))).isTrue();
        assertThat(HOURS.isDayMarket(seoul("2026-11-20T18:00"))).isFalse();
        assertThat(HOURS.isDayMarket(seoul("2026-11-20T23:30"))).isFalse();
        assertThat(HOURS.isDayMarket(seoul("2026-11-21T07:00"))).isFalse();
    }

    @Test
    void beside_a_fixed_day_of_korea_new_york_trades_on_that_day_only() {
        UsHours fixed = UsHours.of(new OpenFixedCalendar(LocalDate.of(2026, 11, 20)));
        assertThat(fixed.isTradingDay(LocalDate.of(2026, 11, 20))).isTrue();
        assertThat(fixed.isTradingDay(LocalDate.of(2026, 11, 23))).isFalse();
        assertThat(fixed.session(seoul("2026-11-23T12:00"))).isEqualTo(UsSession.REGULAR);
        assertThat(fixed.tradingDay(seoul("2026-11-23T12:00"))).isEqualTo("2026-11-20");
    }
}
