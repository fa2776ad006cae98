package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.requirement.Requirement;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KrxCalendarTest {
    private static final KrxCalendar KRX = new KrxCalendar();

    /** {@code 2026-11-19T10:00} in Korea. */
    private static Instant kst(String local) {
        return LocalDateTime.parse(local).atZone(TradingCalendar.SEOUL).toInstant();
    }

    private static Session at(String local) {
        return KRX.session(kst(local));
    }

    /** The day's sessions with the minute at which each begins, found minute by minute. */
    private static List<String> sessionsOf(KrxCalendar calendar, LocalDate date) {
        var changes = new ArrayList<String>();
        var last = Session.CLOSED;
        for (var time = date.atStartOfDay(); time.toLocalDate().equals(date); time = time.plusMinutes(1)) {
            var now = calendar.session(time.atZone(TradingCalendar.SEOUL).toInstant());
            if (now != last) {
                changes.add(time.toLocalTime() + " " + now);
                last = now;
            }
        }
        return changes;
    }

    private static List<String> sessionsOf(String date) {
        return sessionsOf(KRX, LocalDate.parse(date));
    }

    @Test
    @Requirement(value = "G-07", clause = "calendar")
    void a_usual_day_runs_from_the_opening_auction_to_the_after_market() {
        assertThat(sessionsOf("2026-11-20"))
                .containsExactly(
                        "08:30 PRE_OPEN_AUCTION",
                        "09:00 REGULAR",
                        "15:20 CLOSING_AUCTION",
                        "15:30 AFTER_HOURS",
                        "16:00 AFTER_MARKET",
                        "20:00 CLOSED");
    }

    @Test
    void the_after_market_replaces_single_price_trading_on_2026_09_14() {
        assertThat(sessionsOf("2026-09-11")).endsWith("16:00 AFTER_HOURS_SINGLE_PRICE", "18:00 CLOSED");
        assertThat(sessionsOf("2026-09-13")).isEmpty(); // a Sunday
        assertThat(sessionsOf("2026-09-14")).endsWith("16:00 AFTER_MARKET", "20:00 CLOSED");
        assertThat(KRX.endOf(LocalDate.of(2026, 9, 11))).as("NXT trades on").isEqualTo(kst("2026-09-11T20:00"));
        assertThat(KRX.endOf(LocalDate.of(2025, 2, 28))).isEqualTo(kst("2025-02-28T18:00"));
        assertThat(KRX.endOf(LocalDate.of(2026, 9, 14))).isEqualTo(kst("2026-09-14T20:00"));
    }

    @Test
    @Requirement(value = "G-07", clause = "calendar")
    void the_examination_day_of_2026_opens_at_ten_and_closes_at_half_past_four() {
        assertThat(sessionsOf("2026-11-19"))
                .containsExactly(
                        "09:30 PRE_OPEN_AUCTION",
                        "10:00 REGULAR",
                        "16:20 CLOSING_AUCTION",
                        "16:30 AFTER_HOURS",
                        "17:00 AFTER_MARKET",
                        "20:00 CLOSED");
        assertThat(KRX.regular(LocalDate.of(2026, 11, 19)))
                .contains(new SessionTimes(LocalTime.of(10, 0), LocalTime.of(16, 30)));
    }

    @Test
    void the_first_day_of_a_year_opens_at_ten_and_closes_as_usual() {
        assertThat(sessionsOf("2026-01-02"))
                .containsExactly(
                        "09:30 PRE_OPEN_AUCTION",
                        "10:00 REGULAR",
                        "15:20 CLOSING_AUCTION",
                        "15:30 AFTER_HOURS",
                        "16:00 AFTER_HOURS_SINGLE_PRICE",
                        "18:00 CLOSED");
    }

    @Test
    void a_session_owns_its_first_instant_and_not_its_last() {
        assertThat(at("2026-11-20T08:59:59.999999999")).isEqualTo(Session.PRE_OPEN_AUCTION);
        assertThat(at("2026-11-20T09:00:00")).isEqualTo(Session.REGULAR);
        assertThat(at("2026-11-20T19:59:59.999999999")).isEqualTo(Session.AFTER_MARKET);
        assertThat(at("2026-11-20T20:00:00")).isEqualTo(Session.CLOSED);
    }

    @Test
    @Requirement(value = "G-07", clause = "calendar")
    void nothing_trades_on_weekends_and_holidays() {
        assertThat(at("2026-11-21T10:00")).isEqualTo(Session.CLOSED);
        assertThat(at("2026-09-25T10:00")).isEqualTo(Session.CLOSED);
        assertThat(KRX.holidayName(LocalDate.of(2026, 9, 25))).contains("Chuseok");
        assertThat(KRX.holidayName(LocalDate.of(2026, 11, 21))).isEmpty();
        assertThat(KRX.holidayName(LocalDate.of(2026, 11, 20))).isEmpty();
        assertThat(KRX.regular(LocalDate.of(2026, 9, 25))).isEmpty();
        assertThat(KRX.endOf(LocalDate.of(2026, 9, 25))).isEqualTo(kst("2026-09-25T00:00"));
        assertThat(KRX.isTradingDay(LocalDate.of(2026, 12, 31))).isFalse();
    }

    @Test
    void korean_hours_do_not_change_with_daylight_saving_in_new_york() {
        for (var day : new String[] {"2026-03-06", "2026-03-09", "2026-07-20", "2026-10-30", "2026-11-02"}) {
            assertThat(KRX.session(Instant.parse(day + "T00:00:00Z"))).as(day).isEqualTo(Session.REGULAR);
            assertThat(KRX.session(Instant.parse(day + "T06:30:00Z"))).as(day).isEqualTo(Session.AFTER_HOURS);
        }
    }

    @Test
    void the_business_date_is_the_date_in_korea() {
        assertThat(KRX.tradingDay(Instant.parse("2026-11-19T14:59:59Z"))).isEqualTo(LocalDate.of(2026, 11, 19));
        assertThat(KRX.tradingDay(Instant.parse("2026-11-19T15:00:00Z"))).isEqualTo(LocalDate.of(2026, 11, 20));
    }

    @Property(tries = 300)
    void sessions_part_each_day_in_order_without_overlap(@ForAll @IntRange(max = 1826) int offset) {
        var date = KRX.firstCoveredDay().plusDays(offset);
        var sessions = sessionsOf(KRX, date);

        if (!KRX.isTradingDay(date)) {
            assertThat(sessions).isEmpty();
            return;
        }
        assertThat(sessions)
                .hasSize(6)
                .doesNotHaveDuplicates()
                .last()
                .asString()
                .endsWith("CLOSED");
        var regular = KRX.regular(date).orElseThrow();
        assertThat(sessions).contains(regular.open() + " REGULAR", regular.close() + " AFTER_HOURS");
        assertThat(KRX.session(KRX.endOf(date))).isEqualTo(Session.CLOSED);
        var venues = new KoreanHours(KRX);
        Instant last = KRX.endOf(date).minusNanos(1);
        assertThat(List.of(
                        venues.bookPhase(Venue.KRX, last).phase(),
                        venues.bookPhase(Venue.NXT, last).phase()))
                .as("either venue is open until the end")
                .isNotEqualTo(List.of(Phase.CLOSED, Phase.CLOSED));
    }

    @Test
    void the_calendar_has_the_holidays_of_a_year() {
        for (int year = 2024; year <= 2028; year++) {
            long tradingDays = LocalDate.of(year, 1, 1)
                    .datesUntil(LocalDate.of(year + 1, 1, 1))
                    .filter(KRX::isTradingDay)
                    .count();
            assertThat(tradingDays).as("%d", year).isBetween(240L, 250L);
            assertThat(KRX.isTradingDay(LocalDate.of(year, 1, 1))).isFalse();
            assertThat(KRX.isTradingDay(LocalDate.of(year, 12, 25))).isFalse();
        }
        assertThat(LocalDate.of(2024, 1, 1).datesUntil(LocalDate.of(2025, 1, 1)).filter(KRX::isTradingDay))
                .hasSize(244);
    }

    @Test
    void every_built_in_day_is_a_weekday_of_the_covered_years() {
        var days = ((CalendarFile.Days) CalendarFile.parse(Csv.text("krx-days.txt"))).days();
        assertThat(days)
                .hasSize(88 + 10)
                .allMatch(day -> day.date().getDayOfWeek().compareTo(DayOfWeek.FRIDAY) <= 0)
                .allMatch(day -> !day.date().isBefore(KRX.firstCoveredDay())
                        && !day.date().isAfter(KRX.lastCoveredDay()));
        assertThat(days.getLast().date().getYear())
                .isEqualTo(KRX.lastCoveredDay().getYear());
    }

    @Test
    void before_the_covered_days_the_exchange_counts_as_closed() {
        assertThat(KRX.isTradingDay(LocalDate.of(2023, 12, 28))).isFalse();
        assertThat(KRX.session(Instant.EPOCH)).isEqualTo(Session.CLOSED);
    }

    @Test
    void the_end_of_the_covered_days_is_warned_of_and_weekdays_stay_open() {
        assertThat(KRX.lastCoveredDay()).isEqualTo(LocalDate.of(2028, 12, 31));
        assertThat(KRX.coverageWarning(LocalDate.of(2026, 11, 20))).isEmpty();
        assertThat(KRX.coverageWarning(LocalDate.of(2028, 10, 2))).isEmpty();
        assertThat(KRX.coverageWarning(LocalDate.of(2028, 10, 3)).orElseThrow()).contains("ends on 2028-12-31");
        assertThat(KRX.coverageWarning(LocalDate.of(2028, 12, 31)).orElseThrow())
                .contains("ends on 2028-12-31");
        assertThat(KRX.coverageWarning(LocalDate.of(2029, 1, 1)).orElseThrow()).contains("ended on 2028-12-31");
        assertThat(KRX.isTradingDay(LocalDate.of(2029, 1, 3))).isTrue();
        assertThat(KRX.isTradingDay(LocalDate.of(2029, 1, 6))).isFalse();
    }

    @Test
    void overrides_take_precedence_over_the_built_in_days() {
        var overrides = ((CalendarFile.Days) CalendarFile.parse("""
                                2026-11-20 closed mourning
                                2026-11-19 open    the examination was postponed
                                2026-11-26 10:00-16:30 the new examination day
                                2026-11-28 open a Saturday for once
                                2026-12-31 09:00-12:00
                                """)).days();
        var calendar = new KrxCalendar(overrides);

        assertThat(sessionsOf(calendar, LocalDate.of(2026, 11, 20))).isEmpty();
        assertThat(calendar.holidayName(LocalDate.of(2026, 11, 20))).contains("mourning");
        assertThat(sessionsOf(calendar, LocalDate.of(2026, 11, 19))).contains("09:00 REGULAR");
        assertThat(sessionsOf(calendar, LocalDate.of(2026, 11, 26))).contains("10:00 REGULAR", "17:00 AFTER_MARKET");
        assertThat(calendar.isTradingDay(LocalDate.of(2026, 11, 28))).isTrue();
        assertThat(sessionsOf(calendar, LocalDate.of(2026, 12, 31)))
                .containsExactly(
                        "08:30 PRE_OPEN_AUCTION",
                        "09:00 REGULAR",
                        "11:50 CLOSING_AUCTION",
                        "12:00 AFTER_HOURS",
                        "12:30 AFTER_MARKET",
                        "20:00 CLOSED");
        assertThat(calendar.holidayName(LocalDate.of(2026, 12, 31))).isEmpty();
    }

    @Test
    void a_moved_session_never_leaves_its_day() {
        var calendar = new KrxCalendar(List.of(
                new CalendarDay.Moved(
                        LocalDate.of(2026, 11, 23),
                        new SessionTimes(LocalTime.of(0, 10), LocalTime.of(23, 50)),
                        "a strange day"),
                new CalendarDay.Moved(
                        LocalDate.of(2026, 11, 24),
                        new SessionTimes(LocalTime.of(12, 0), LocalTime.of(19, 40)),
                        "a late day")));

        assertThat(sessionsOf(calendar, LocalDate.of(2026, 11, 23)))
                .containsExactly(
                        "00:00 PRE_OPEN_AUCTION", "00:10 REGULAR", "23:40 CLOSING_AUCTION", "23:50 AFTER_HOURS");
        assertThat(calendar.session(kst("2026-11-24T00:00"))).isEqualTo(Session.CLOSED);
        assertThat(sessionsOf(calendar, LocalDate.of(2026, 11, 24))).endsWith("19:40 AFTER_HOURS", "20:10 CLOSED");
    }

    @Test
    void the_always_open_market_is_closed_for_the_first_minute_of_a_day() {
        var open = new OpenCalendar();
        assertThat(open.session(kst("2026-11-21T23:59:59.999"))).isEqualTo(Session.REGULAR);
        assertThat(open.session(kst("2026-11-22T00:00:00"))).isEqualTo(Session.CLOSED);
        assertThat(open.session(kst("2026-11-22T00:00:59.999"))).isEqualTo(Session.CLOSED);
        assertThat(open.session(kst("2026-11-22T00:01:00"))).isEqualTo(Session.REGULAR);
        assertThat(open.session(kst("2026-11-22T12:00:30"))).isEqualTo(Session.REGULAR);
        assertThat(open.tradingDay(kst("2026-11-22T00:00:00"))).isEqualTo(LocalDate.of(2026, 11, 22));
        assertThat(open.isTradingDay(LocalDate.of(2026, 11, 22))).isTrue();
        assertThat(open.endOf(LocalDate.of(2026, 11, 21))).isEqualTo(kst("2026-11-22T00:00:00"));
    }

    @Test
    void the_fixed_market_never_rolls() {
        var day = LocalDate.of(2026, 11, 20);
        var fixed = new OpenFixedCalendar(day);
        for (var now : new Instant[] {Instant.EPOCH, kst("2026-11-21T00:00:00"), kst("2099-01-01T03:00:00")}) {
            assertThat(fixed.session(now)).isEqualTo(Session.REGULAR);
            assertThat(fixed.tradingDay(now)).isEqualTo(day);
        }
        assertThat(fixed.isTradingDay(day)).isTrue();
        assertThat(fixed.isTradingDay(day.plusDays(1))).isFalse();
        assertThat(ChronoUnit.DAYS.between(kst("2026-11-20T00:00"), fixed.endOf(day)))
                .isGreaterThan(1_000_000);
    }

    @Test
    void trades_settle_two_trading_days_later_and_in_new_york_one() {
        assertThat(KRX.settlementDay(LocalDate.of(2026, 11, 18))).isEqualTo("2026-11-20");
        assertThat(KRX.settlementDay(LocalDate.of(2026, 11, 20)))
                .as("a weekend")
                .isEqualTo("2026-11-24");
        // 추석: 2026-09-24 and 25 are holidays.
        assertThat(KRX.settlementDay(LocalDate.of(2026, 9, 22))).isEqualTo("2026-09-28");
        assertThat(KRX.settlementDay(LocalDate.of(2026, 9, 23))).isEqualTo("2026-09-29");
        // The exchange is closed on the last day of the year.
        assertThat(KRX.settlementDay(LocalDate.of(2026, 12, 29))).isEqualTo("2027-01-04");
        assertThat(KRX.tradingDayAfter(LocalDate.of(2026, 12, 30), 1)).isEqualTo("2027-01-04");
        var newYork = UsHours.of(KRX);
        assertThat(newYork.settlementDay(LocalDate.of(2026, 11, 20))).isEqualTo("2026-11-23");
        // Thanksgiving.
        assertThat(newYork.settlementDay(LocalDate.of(2026, 11, 25))).isEqualTo("2026-11-27");
    }

    @Test
    void a_session_is_the_same_only_on_the_same_day() {
        assertThat(KRX.isSameSession(kst("2026-11-20T09:00"), kst("2026-11-20T15:19:59")))
                .isTrue();
        assertThat(KRX.isSameSession(kst("2026-11-20T09:00"), kst("2026-11-20T15:20")))
                .as("continuous trading and the closing auction")
                .isFalse();
        assertThat(KRX.isSameSession(kst("2026-11-19T12:00"), kst("2026-11-20T12:00")))
                .as("continuous trading of two days")
                .isFalse();
    }
}
