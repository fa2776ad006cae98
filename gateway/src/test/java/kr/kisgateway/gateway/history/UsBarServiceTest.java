package kr.kisgateway.gateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Optional;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.history.BarSource.Asking;
import kr.kisgateway.gateway.history.BarSource.Told;
import kr.kisgateway.gateway.history.UsBarOutcome.Known;
import kr.kisgateway.gateway.history.UsBarOutcome.Refused;
import kr.kisgateway.gateway.quote.Clock;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

/** American bars over a broker that is told what to have. */
@Requirement("P-04")
class UsBarServiceTest {
    private static final UsSymbol APPLE = UsSymbol.parse("AAPL.NASD").orElseThrow();
    private static final LocalDate FRIDAY = LocalDate.of(2026, 11, 20);

    /** Ten in the morning in New York. */
    private final Clock clock = new Clock("2026-11-20T15:00:00Z");

    private final Broker broker = new Broker();
    private final UsBarService bars = new UsBarService(UsHours.of(new KrxCalendar()), broker, clock);

    @Test
    void what_is_over_is_asked_for_once_and_what_goes_on_each_second() {
        known(days(250, Optional.empty()));
        int calls = broker.calls;
        assertThat(calls).isEqualTo(3);
        known(days(250, Optional.empty()));
        assertThat(broker.calls).isEqualTo(calls);

        clock.advance(Duration.ofSeconds(2));
        known(days(250, Optional.empty()));
        assertThat(broker.calls).as("the page of today").isEqualTo(calls + 1);

        clock.advance(Duration.ofHours(2));
        known(days(250, Optional.empty()));
        assertThat(broker.calls).as("a split may have come").isEqualTo(calls + 4);
    }

    @Test
    void while_new_york_is_closed_nothing_is_asked_for_again_and_when_it_opens_what_goes_on_is() {
        // The day market's hours: half past four in the afternoon in Seoul.
        var night = new Clock("2026-11-20T07:30:00Z");
        var service = new UsBarService(UsHours.of(new KrxCalendar()), broker, night);
        service.bars(APPLE, days(100, Optional.empty()), "t");
        night.advance(Duration.ofMinutes(50));
        service.bars(APPLE, days(100, Optional.empty()), "t");
        assertThat(service.atHand(APPLE, days(100, Optional.empty()))).isPresent();
        assertThat(service.atHand(APPLE, days(101, Optional.empty())))
                .as("its second page was not asked for")
                .isEmpty();
        assertThat(broker.calls).isEqualTo(1);

        night.advance(Duration.ofMinutes(20));
        service.bars(APPLE, days(100, Optional.empty()), "t");
        assertThat(broker.calls).as("a split may have come").isEqualTo(2);
        night.advance(Duration.ofMinutes(30)); // ten past four in New York
        assertThat(service.atHand(APPLE, days(100, Optional.empty()))).isEmpty();
        service.bars(APPLE, days(100, Optional.empty()), "t");
        assertThat(broker.calls).isEqualTo(3);
    }

    @Test
    void what_an_answer_takes_is_known_before_it_is_asked_for() {
        var query = days(250, Optional.empty());
        assertThat(bars.expectedCalls(query)).isEqualTo(3);
        assertThat(bars.atHand(APPLE, query)).isEmpty();
        assertThat(broker.calls).isZero();
        known(query);
        assertThat(broker.calls).isEqualTo(3);
        assertThat(bars.atHand(APPLE, query)).isPresent();
        assertThat(bars.expectedCalls(minutes(1_000, Optional.empty()))).isEqualTo(9);
        assertThat(bars.expectedCalls(minutes(
                        1_000,
                        Optional.of(clock.instant().atZone(UsHours.NEW_YORK).toLocalDateTime()))))
                .isEqualTo(1);
    }

    @Test
    void warming_brings_the_usual_days_and_says_why_it_could_not() {
        assertThat(bars.warm(APPLE, "job:me", Duration.ofSeconds(60))).isEmpty();
        int calls = broker.calls;
        known(days(100, Optional.empty()));
        assertThat(broker.calls).isEqualTo(calls);

        clock.advance(Duration.ofSeconds(2));
        broker.failAfter = 0;
        assertThat(bars.warm(APPLE, "job:me", Duration.ofSeconds(60)))
                .hasValueSatisfying(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.QUEUE_TIMEOUT));
    }

    @Test
    void a_page_begins_where_the_one_before_ended() {
        var first = known(days(130, Optional.empty()));
        var before = LocalDateTime.ofInstant(Instant.ofEpochSecond(first.next().orElseThrow()), UsHours.NEW_YORK);
        var second = known(days(130, Optional.of(before)));

        assertThat(first.bars().getFirst().date()).isEqualTo(FRIDAY);
        assertThat(second.bars().getFirst().date())
                .isEqualTo(first.bars().getLast().date().minusDays(1));
    }

    @Test
    void in_new_yorks_evening_the_next_day_has_begun() {
        assertThat(bars.today()).isEqualTo(FRIDAY);
        clock.advance(Duration.ofHours(8)); // 18:00 in New York, 08:00 in Seoul
        assertThat(bars.today()).isEqualTo(FRIDAY.plusDays(1));
        assertThat(bars.newest()).isEqualTo("2026-11-21T23:59:59");
    }

    @Test
    void minutes_end_where_the_broker_keeps_no_more_also_when_it_repeats_itself() {
        for (boolean repeats : new boolean[] {false, true}) {
            broker.repeats = repeats;
            broker.since = FRIDAY.minusDays(2).atStartOfDay();
            var page = known(minutes(1_000, Optional.empty()));

            assertThat(page.bars().getLast().begin()).isEqualTo(broker.since);
            assertThat(page.next()).isEmpty();
            assertThat(page.incompleteBefore()).contains(broker.since.toLocalDate());
            clock.advance(Duration.ofHours(2));
        }
        var old = known(new BarQuery(
                BarPeriod.M60, Optional.empty(), LocalDateTime.parse("2026-09-01T12:00"), Optional.empty(), 10, true));
        assertThat(old.bars()).isEmpty();
        assertThat(old.incompleteBefore()).contains(FRIDAY.minusMonths(1));
    }

    @Test
    void minutes_that_are_wanted_and_there_are_not_incomplete() {
        var page = known(minutes(1_000, Optional.of(FRIDAY.minusDays(1).atTime(4, 0))));

        assertThat(page.bars().getLast().begin()).isEqualTo(FRIDAY.minusDays(1).atTime(4, 0));
        assertThat(page.incompleteBefore()).isEmpty();
        assertThat(page.next()).isEmpty();
    }

    @Test
    void what_came_before_kis_failed_is_a_short_page_and_nothing_at_all_is_a_refusal() {
        broker.failAfter = 2;
        var page = known(days(1_000, Optional.empty()));
        assertThat(page.bars()).hasSize(200);
        assertThat(page.next()).isPresent();

        broker.failAfter = 0;
        clock.advance(Duration.ofSeconds(2));
        assertThat(bars.bars(APPLE, days(5, Optional.empty()), "t"))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(ErrorCode.QUEUE_TIMEOUT));
    }

    @Test
    void a_year_that_the_page_cuts_is_left_to_the_next() {
        broker.failAfter = 1;
        var page = known(
                new BarQuery(BarPeriod.YEAR, Optional.empty(), FRIDAY.atTime(23, 59), Optional.empty(), 100, true));

        // A hundred months reach back into August 2018.
        assertThat(page.bars()).hasSize(8);
        assertThat(page.bars().getLast().date()).isEqualTo("2019-01-01");
        assertThat(page.bars().getLast().volume()).isEqualTo(12);
        assertThat(page.bars().getFirst().volume()).as("so far").isEqualTo(11);
    }

    private Known known(BarQuery query) {
        return switch (bars.bars(APPLE, query, "t")) {
            case Known known -> known;
            case Refused(Refusal refusal) -> throw new AssertionError(refusal);
        };
    }

    private static BarQuery days(int limit, Optional<LocalDateTime> before) {
        return new BarQuery(BarPeriod.DAY, Optional.empty(), FRIDAY.atTime(23, 59), before, limit, true);
    }

    private static BarQuery minutes(int limit, Optional<LocalDateTime> from) {
        return new BarQuery(BarPeriod.M60, from, FRIDAY.atTime(23, 59), Optional.empty(), limit, true);
    }

    /** Has a bar of one share for every period there is, a hundred a call. */
    private static final class Broker implements UsBarSource {
        private static final int A_CALL = 100;

        private int calls;
        private int failAfter = Integer.MAX_VALUE;
        private boolean repeats;
        private LocalDateTime since = LocalDateTime.of(1990, 1, 1, 0, 0);

        @Override
        public Told<Page> page(UsSymbol symbol, BarPeriod period, LocalDateTime last, boolean adjusted, Asking asking) {
            if (failAfter-- <= 0) {
                return new Told.Failed<>(Refusal.of(ErrorCode.QUEUE_TIMEOUT, "Too many wait."));
            }
            calls++;
            var begin = last.isBefore(since) && repeats ? FRIDAY.atTime(10, 0) : last;
            var found = new ArrayList<UsBar>();
            for (var at = period.begin(begin); found.size() < A_CALL && !at.isBefore(since); at = before(period, at)) {
                var one = BigDecimal.ONE;
                found.add(new UsBar(at, one, one, one, one, 1, one));
            }
            return new Told.Got<>(new Page(
                    found.reversed(),
                    found.isEmpty()
                            ? Optional.empty()
                            : Optional.of(found.getLast().begin())));
        }

        private static LocalDateTime before(BarPeriod period, LocalDateTime at) {
            return period.begin(period.isIntraday() ? at.minusMinutes(1) : at.minusDays(1));
        }

        @Override
        public LocalDate minutesSince(LocalDate today) {
            return today.minusMonths(1);
        }
    }
}
