package kr.kisgateway.gateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.history.BarSource.RequestContext;
import kr.kisgateway.gateway.meter.BoundMeters;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** US bars over a broker with scripted bars. */
@Requirement("P-04")
class BarServiceUsTest {
    private static final UsSymbol APPLE = UsSymbol.parse("AAPL.NASD").orElseThrow();
    private static final LocalDate FRIDAY = LocalDate.of(2026, 11, 20);

    private static final LocalDate FIRST = LocalDate.of(2026, 11, 2);
    private static final LocalDate LAST = LocalDate.of(2026, 11, 13);

    /** Ten in the morning in New York. */
    private final ManualClock clock = new ManualClock("2026-11-20T15:00:00Z");

    private final Broker broker = new Broker();
    private final BarService bars = service(clock);

    @Test
    void completed_bars_are_requested_once_and_running_ones_each_second() {
        fetch(days(250, Optional.empty()));
        int calls = broker.calls;
        assertThat(calls).isEqualTo(3);
        fetch(days(250, Optional.empty()));
        assertThat(broker.calls).isEqualTo(calls);
        var meters = BoundMeters.of(bars::bindTo);
        assertThat(Stream.of("cache.hits", "cache.misses", "cache.calls", "cache.size")
                        .map(name -> meters.value(name, "cache", "us_bars")))
                .containsExactly(3L, 3L, 3L, 200L);

        clock.advance(Duration.ofSeconds(2));
        fetch(days(250, Optional.empty()));
        assertThat(broker.calls).as("the page of today").isEqualTo(calls + 1);

        clock.advance(Duration.ofHours(2));
        fetch(days(250, Optional.empty()));
        assertThat(broker.calls).as("a split is possible").isEqualTo(calls + 4);
    }

    @Test
    void while_new_york_is_closed_nothing_is_requested_again_and_running_bars_are_once_it_opens() {
        // The day market's hours: half past four in the afternoon in Seoul.
        var night = new ManualClock("2026-11-20T07:30:00Z");
        var service = service(night);
        service.bars(APPLE, days(100, Optional.empty()), "t");
        night.advance(Duration.ofMinutes(50));
        service.bars(APPLE, days(100, Optional.empty()), "t");
        assertThat(service.findCached(APPLE, days(100, Optional.empty()))).isPresent();
        assertThat(service.findCached(APPLE, days(101, Optional.empty())))
                .as("its second page was not requested")
                .isEmpty();
        assertThat(broker.calls).isEqualTo(1);

        night.advance(Duration.ofMinutes(20));
        service.bars(APPLE, days(100, Optional.empty()), "t");
        assertThat(broker.calls).as("a split is possible").isEqualTo(2);
        night.advance(Duration.ofMinutes(30)); // ten past four in New York
        assertThat(service.findCached(APPLE, days(100, Optional.empty()))).isEmpty();
        service.bars(APPLE, days(100, Optional.empty()), "t");
        assertThat(broker.calls).isEqualTo(3);
    }

    @Test
    void the_calls_of_an_answer_are_estimated_before_it_is_requested() {
        var query = days(250, Optional.empty());
        assertThat(bars.expectedCalls(query)).isEqualTo(3);
        assertThat(bars.findCached(APPLE, query)).isEmpty();
        assertThat(broker.calls).isZero();
        fetch(query);
        assertThat(broker.calls).isEqualTo(3);
        assertThat(bars.findCached(APPLE, query)).isPresent();
        assertThat(bars.expectedCalls(minutes(1_000, Optional.empty()))).isEqualTo(9);
        assertThat(bars.expectedCalls(minutes(
                        1_000,
                        Optional.of(clock.instant().atZone(UsHours.NEW_YORK).toLocalDateTime()))))
                .isEqualTo(1);
    }

    @Test
    void invalidated_bars_are_requested_again() {
        fetch(days(250, Optional.empty()));
        bars.invalidate(new UsSymbol(UsExchange.NASD, "MSFT"));
        fetch(days(250, Optional.empty()));
        assertThat(broker.calls).isEqualTo(3);
        bars.invalidate(APPLE);
        fetch(days(250, Optional.empty()));
        assertThat(broker.calls).isEqualTo(6);
    }

    @Test
    void warming_loads_the_usual_days_and_reports_why_it_could_not() {
        assertThat(bars.warm(APPLE, "job:me", Duration.ofSeconds(60))).isEmpty();
        int calls = broker.calls;
        fetch(days(100, Optional.empty()));
        assertThat(broker.calls).isEqualTo(calls);

        clock.advance(Duration.ofSeconds(2));
        broker.failAfter = 0;
        assertThat(bars.warm(APPLE, "job:me", Duration.ofSeconds(60)))
                .hasValueSatisfying(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.QUEUE_TIMEOUT));
    }

    @Test
    void a_page_begins_where_the_previous_one_ended() {
        var first = fetch(days(130, Optional.empty()));
        var before = LocalDateTime.ofInstant(Instant.ofEpochSecond(first.next().orElseThrow()), UsHours.NEW_YORK);
        var second = fetch(days(130, Optional.of(before)));

        assertThat(first.bars().getFirst().date()).isEqualTo(FRIDAY);
        assertThat(second.bars().getFirst().date())
                .isEqualTo(first.bars().getLast().date().minusDays(1));
    }

    @Test
    void the_next_trading_day_begins_in_new_yorks_evening() {
        assertThat(bars.newest()).isEqualTo("2026-11-20T23:59:59");
        clock.advance(Duration.ofHours(8)); // 18:00 in New York, 08:00 in Seoul
        assertThat(bars.newest()).isEqualTo("2026-11-21T23:59:59");
    }

    @ParameterizedTest
    @CsvSource({"false, 1, 0, 1", "true, 1, 1, 1", "true, 2, 1, 1", "false, 2, 0, 2"})
    void days_of_the_files_are_answered_as_long_as_kis_adjusts_them_in_the_same_way(
            boolean adjusted, long written, int calls, long answered) {
        var service = service(clock, new Files(written));
        var query = new BarQuery(
                BarPeriod.DAY,
                Optional.of(FIRST.atStartOfDay()),
                LAST.atTime(23, 59),
                Optional.empty(),
                1_000,
                adjusted);
        for (int i = 0; i < 2; i++) {
            var page = service.bars(APPLE, query, "t").orElseThrow();
            assertThat(page.bars()).hasSize(12).allMatch(bar -> bar.close() == answered);
            assertThat(page.next()).isEmpty();
            assertThat(broker.calls).isEqualTo(calls);
        }
    }

    @Test
    void minutes_of_the_files_are_answered_and_merged_without_kis_and_others_are_requested() {
        var service = service(clock, new Files(7));
        var day = service.bars(APPLE, hours(LAST, LAST), "t").orElseThrow();
        assertThat(day.bars()).singleElement().satisfies(bar -> {
            assertThat(bar.begin(UsHours.NEW_YORK)).isEqualTo(LAST.atTime(9, 0));
            assertThat(bar.volume()).isEqualTo(2);
            assertThat(bar.close()).isEqualTo(7);
        });
        assertThat(broker.calls).isZero();
        assertThat(service.findCached(APPLE, hours(LAST, LAST))).isPresent();

        service.bars(APPLE, hours(LAST.plusDays(1), LAST.plusDays(1)), "t").orElseThrow();
        assertThat(broker.calls).isEqualTo(1);
    }

    private static BarQuery hours(LocalDate from, LocalDate to) {
        return new BarQuery(
                BarPeriod.M60, Optional.of(from.atStartOfDay()), to.atTime(23, 59), Optional.empty(), 1_000, true);
    }

    @Test
    void minutes_end_where_the_broker_has_no_more_even_when_it_repeats_itself() {
        for (boolean repeats : new boolean[] {false, true}) {
            broker.repeats = repeats;
            broker.since = FRIDAY.minusDays(2).atStartOfDay();
            var page = fetch(minutes(1_000, Optional.empty()));

            assertThat(page.bars().getLast().begin(UsHours.NEW_YORK)).isEqualTo(broker.since);
            assertThat(page.next()).isEmpty();
            assertThat(page.incompleteBefore()).contains(broker.since.toLocalDate());
            clock.advance(Duration.ofHours(2));
        }
        var old = fetch(new BarQuery(
                BarPeriod.M60, Optional.empty(), LocalDateTime.parse("2026-09-01T12:00"), Optional.empty(), 10, true));
        assertThat(old.bars()).isEmpty();
        assertThat(old.incompleteBefore()).contains(FRIDAY.minusMonths(1));
    }

    @Test
    void requested_minutes_that_are_available_are_complete() {
        var page = fetch(minutes(1_000, Optional.of(FRIDAY.minusDays(1).atTime(4, 0))));

        assertThat(page.bars().getLast().begin(UsHours.NEW_YORK))
                .isEqualTo(FRIDAY.minusDays(1).atTime(4, 0));
        assertThat(page.incompleteBefore()).isEmpty();
        assertThat(page.next()).isEmpty();
    }

    @Test
    void bars_received_before_kis_failed_form_a_short_page_and_none_is_a_refusal() {
        broker.failAfter = 2;
        var page = fetch(days(1_000, Optional.empty()));
        assertThat(page.bars()).hasSize(200);
        assertThat(page.next()).isPresent();

        broker.failAfter = 0;
        clock.advance(Duration.ofSeconds(2));
        assertThat(bars.bars(APPLE, days(5, Optional.empty()), "t"))
                .isInstanceOfSatisfying(
                        Result.Refused.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(ErrorCode.QUEUE_TIMEOUT));
    }

    @Test
    void a_year_cut_by_the_page_is_left_to_the_next_page() {
        broker.failAfter = 1;
        var page = fetch(
                new BarQuery(BarPeriod.YEAR, Optional.empty(), FRIDAY.atTime(23, 59), Optional.empty(), 100, true));

        // A hundred months reach back into August 2018.
        assertThat(page.bars()).hasSize(8);
        assertThat(page.bars().getLast().date()).isEqualTo("2019-01-01");
        assertThat(page.bars().getLast().volume()).isEqualTo(12);
        assertThat(page.bars().getFirst().volume()).as("so far").isEqualTo(11);
    }

    private BarService service(ManualClock at) {
        return service(at, History.NONE);
    }

    private BarService service(ManualClock at, History history) {
        return BarService.ofPages("us_bars", broker, history, UsHours.of(new KrxCalendar()), SharedCache.none(), at);
    }

    private BarPage fetch(BarQuery query) {
        return bars.bars(APPLE, query, "t").orElseThrow();
    }

    private static BarQuery days(int limit, Optional<LocalDateTime> before) {
        return new BarQuery(BarPeriod.DAY, Optional.empty(), FRIDAY.atTime(23, 59), before, limit, true);
    }

    private static BarQuery minutes(int limit, Optional<LocalDateTime> from) {
        return new BarQuery(BarPeriod.M60, from, FRIDAY.atTime(23, 59), Optional.empty(), limit, true);
    }

    /** A history of the days from {@link #FIRST} to {@link #LAST} and of two minutes of the last, all at one price. */
    private record Files(long price) implements History {
        @Override
        public Series days(MarketSymbol symbol, boolean adjusted) {
            var bars = FIRST.datesUntil(LAST.plusDays(1))
                    .map(day -> Bar.ofDay(day, UsHours.NEW_YORK, price, price, price, price, 1, OptionalLong.of(1)))
                    .toList();
            return Series.EMPTY.with(new Series.Segment(FIRST, LAST, bars));
        }

        @Override
        public Optional<List<Bar>> minutes(MarketSymbol symbol, LocalDate day) {
            return Optional.of(day)
                    .filter(LAST::equals)
                    .map(_ -> Stream.of(30, 59)
                            .map(minute -> Bar.of(
                                    LAST.atTime(9, minute),
                                    UsHours.NEW_YORK,
                                    price,
                                    price,
                                    price,
                                    price,
                                    1,
                                    OptionalLong.of(1)))
                            .toList());
        }
    }

    /** A broker that has a bar of one share for every period, a hundred a call. */
    private static final class Broker implements BarPageSource {
        private static final int A_CALL = 100;

        private int calls;
        private int failAfter = Integer.MAX_VALUE;
        private boolean repeats;
        private LocalDateTime since = LocalDateTime.of(1990, 1, 1, 0, 0);

        @Override
        public Result<Page> requestPage(
                MarketSymbol symbol, BarPeriod period, LocalDateTime last, boolean adjusted, RequestContext context) {
            if (failAfter-- <= 0) {
                return Result.refused(Refusal.of(ErrorCode.QUEUE_TIMEOUT, "Too many wait."));
            }
            calls++;
            var begin = last.isBefore(since) && repeats ? FRIDAY.atTime(10, 0) : last;
            var found = new ArrayList<Bar>();

            for (var at = period.begin(begin); found.size() < A_CALL && !at.isBefore(since); at = before(period, at)) {
                found.add(Bar.of(at, UsHours.NEW_YORK, 1, 1, 1, 1, 1, OptionalLong.of(1)));
            }
            return Result.success(new Page(
                    found.reversed(),
                    found.isEmpty()
                            ? Optional.empty()
                            : Optional.of(found.getLast().begin(UsHours.NEW_YORK))));
        }

        private static LocalDateTime before(BarPeriod period, LocalDateTime at) {
            return period.begin(period.isIntraday() ? at.minusMinutes(1) : at.minusDays(1));
        }

        @Override
        public LocalDate minutesAvailableSince(LocalDate today) {
            return today.minusMonths(1);
        }
    }
}
