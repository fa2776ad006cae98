package kr.kisgateway.gateway.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.quote.ManualClock;
import kr.kisgateway.market.Bar;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Bars;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

class BarServiceTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final Optional<LocalDate> LISTED_ON =
            Instruments.load().find(SAMSUNG).flatMap(Instrument::listedOn);
    private static final LocalDate BEGIN = LocalDate.parse("2024-01-02");

    /** Friday, 11:00 in Seoul. */
    private final ManualClock clock = new ManualClock("2026-11-20T02:00:00Z");

    private final Broker broker = new Broker();
    private History history = History.NONE;

    @Test
    @Requirement("P-04")
    void pages_of_any_length_are_collected_newest_first_and_closed_days_are_requested_once() {
        var bars = service();
        var all = new ArrayList<Bar>();
        Optional<LocalDateTime> before = Optional.empty();
        do {
            var page = fetch(bars, query(BarPeriod.DAY, Optional.empty(), before, 300));
            all.addAll(page.bars());
            before = page.next().isPresent()
                    ? Optional.of(page.bars().getLast().date().atStartOfDay())
                    : Optional.empty();
        } while (before.isPresent());

        assertThat(all).isEqualTo(broker.all().reversed());
        long calls = broker.calls;
        var repeated = fetch(bars, query(BarPeriod.DAY, Optional.of("2025-03-03"), Optional.empty(), 1_000));
        assertThat(repeated.bars().getLast().date()).isEqualTo(LocalDate.parse("2025-03-03"));
        assertThat(repeated.next()).isEmpty();
        assertThat(broker.calls).isEqualTo(calls);

        clock.advance(Duration.ofSeconds(2));
        fetch(bars, query(BarPeriod.DAY, Optional.of("2026-11-01"), Optional.empty(), 10));
        assertThat(broker.calls).as("the running day is requested again").isEqualTo(calls + 1);
    }

    @Test
    @Requirement("P-04")
    void years_are_aggregated_from_months_and_a_year_cut_by_the_page_is_left_to_the_next_page() {
        var page = fetch(service(), query(BarPeriod.YEAR, Optional.empty(), Optional.empty(), 2));

        assertThat(page.bars())
                .isEqualTo(Bars.aggregate(BarPeriod.YEAR, broker.all(), TradingCalendar.SEOUL)
                        .reversed()
                        .subList(0, 2));
        assertThat(page.next()).hasValue(Bar.midnight(LocalDate.parse("2025-01-01"), TradingCalendar.SEOUL));
    }

    @Test
    @Requirement("P-04")
    void bars_received_before_the_deadline_form_a_short_page_and_the_next_request_continues() {
        var bars = service();
        broker.failAfter = 2;
        var first = fetch(bars, query(BarPeriod.DAY, Optional.empty(), Optional.empty(), 300));
        assertThat(first.bars()).hasSizeBetween(1, 299);
        assertThat(first.next()).isPresent();

        broker.failAfter = Integer.MAX_VALUE;
        var second = fetch(bars, query(BarPeriod.DAY, Optional.empty(), Optional.empty(), 300));
        assertThat(second.bars()).hasSize(300);
    }

    @Test
    @Requirement("P-04")
    void an_empty_result_is_a_refusal_with_its_reason() {
        broker.failAfter = 0;

        assertThat(service().bars(SAMSUNG, query(BarPeriod.DAY, Optional.empty(), Optional.empty(), 5), "t"))
                .isInstanceOfSatisfying(
                        Result.Refused.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(ErrorCode.QUEUE_TIMEOUT));
    }

    @Test
    @Requirement("P-04")
    void minutes_are_aggregated_and_those_older_than_kis_retains_are_reported_as_missing() {
        var bars = service();
        var page = fetch(bars, query(BarPeriod.M30, Optional.of("2026-11-18"), Optional.empty(), 1_000));

        assertThat(page.bars()).hasSize(3 * 2).allSatisfy(bar -> {
            assertThat(bar.volume()).isEqualTo(30);
            assertThat(bar.turnover()).hasValue(3_000);
        });
        assertThat(page.bars().getFirst().ts())
                .isEqualTo(LocalDateTime.parse("2026-11-20T09:30")
                        .atZone(TradingCalendar.SEOUL)
                        .toEpochSecond());
        assertThat(page.incompleteBefore()).isEmpty();

        var old = fetch(
                bars,
                new BarQuery(
                        BarPeriod.M60,
                        Optional.of(LocalDateTime.parse("2025-11-10T00:00")),
                        LocalDateTime.parse("2025-11-24T23:00"),
                        Optional.empty(),
                        100,
                        true));
        assertThat(old.incompleteBefore()).contains(LocalDate.parse("2025-11-20"));
        assertThat(old.bars()).hasSize(3);

        // All of it is out of reach: the answer names the first day with data, not the day after the requested one.
        for (var to : List.of("2023-03-10T23:00", "2023-03-12T23:00")) {
            var lost = fetch(
                    bars,
                    new BarQuery(
                            BarPeriod.M1,
                            Optional.of(LocalDateTime.parse("2023-03-01T00:00")),
                            LocalDateTime.parse(to),
                            Optional.empty(),
                            100,
                            true));
            assertThat(lost.incompleteBefore()).contains(LocalDate.parse("2025-11-20"));
            assertThat(lost.bars()).isEmpty();
            assertThat(lost.next()).isEmpty();
        }
    }

    @Test
    @Requirement("P-13")
    void stored_days_are_returned_without_a_call_and_adjusted_ones_only_while_kis_adjusts_alike() {
        var written = broker.all().subList(0, 400);
        history = fixed(written);

        var raw = new BarQuery(
                BarPeriod.DAY,
                Optional.of(BEGIN.atStartOfDay()),
                written.getLast().date().atStartOfDay(),
                Optional.empty(),
                1_000,
                false);
        assertThat(fetch(service(), raw).bars()).isEqualTo(written.reversed());
        assertThat(broker.calls).isZero();

        var adjusted = new BarQuery(BarPeriod.DAY, raw.from(), raw.to(), Optional.empty(), 1_000, true);
        assertThat(fetch(service(), adjusted).bars()).isEqualTo(written.reversed());
        assertThat(broker.calls).as("one page to compare with").isEqualTo(1);

        broker.split = 5;
        var after = fetch(service(), adjusted);
        assertThat(after.bars()).hasSize(400);
        assertThat(after.bars()).extracting(Bar::close).containsOnly(100L / 5);
    }

    @Test
    @Requirement("P-10")
    void a_cache_lookup_returns_only_cached_bars_and_costs_no_call() {
        var bars = service();
        var days = query(BarPeriod.DAY, Optional.empty(), Optional.empty(), 150);
        var minutes = query(BarPeriod.M5, Optional.of("2026-11-20"), Optional.empty(), 10);
        assertThat(bars.findCached(SAMSUNG, days)).isEmpty();
        assertThat(bars.findCached(SAMSUNG, minutes)).isEmpty();
        assertThat(broker.calls).isZero();

        var fetched = fetch(bars, days);
        var half = fetch(bars, minutes);
        long calls = broker.calls;
        assertThat(bars.findCached(SAMSUNG, days)).contains(fetched);
        assertThat(bars.findCached(SAMSUNG, minutes)).contains(half);
        assertThat(bars.findCached(SAMSUNG, query(BarPeriod.DAY, Optional.empty(), Optional.empty(), 500)))
                .as("the older ones are not cached")
                .isEmpty();
        clock.advance(Duration.ofSeconds(2));
        assertThat(bars.findCached(SAMSUNG, days))
                .as("the running day is out of date")
                .isEmpty();
        assertThat(broker.calls).isEqualTo((int) calls);
    }

    @Test
    @Requirement("P-10")
    void the_estimate_never_exceeds_the_calls_made() {
        for (var query : List.of(
                query(BarPeriod.DAY, Optional.empty(), Optional.empty(), 100),
                query(BarPeriod.DAY, Optional.empty(), Optional.empty(), 600),
                query(BarPeriod.DAY, Optional.of("2026-03-02"), Optional.empty(), 1_000),
                query(BarPeriod.WEEK, Optional.of("2026-03-02"), Optional.empty(), 1_000),
                query(BarPeriod.YEAR, Optional.empty(), Optional.empty(), 2))) {
            broker.calls = 0;
            var bars = service();
            fetch(bars, query);
            assertThat(bars.expectedCalls(query)).as("%s", query).isBetween(1, broker.calls);
        }
        assertThat(service().expectedCalls(query(BarPeriod.DAY, Optional.empty(), Optional.empty(), 600)))
                .isEqualTo(6);
    }

    @Test
    @Requirement("P-10")
    void the_current_day_and_the_days_before_it_come_with_one_call() {
        var bars = service();
        var page = fetch(bars, query(BarPeriod.DAY, Optional.empty(), Optional.empty(), 100));
        assertThat(page.bars()).isEqualTo(broker.all().reversed().subList(0, 100));
        assertThat(broker.calls).isEqualTo(1);
        clock.advance(Duration.ofSeconds(2));
        fetch(bars, query(BarPeriod.DAY, Optional.empty(), Optional.empty(), 100));
        assertThat(broker.calls).as("the running day alone").isEqualTo(2);
        assertThat(broker.lastFrom).isEqualTo(LocalDate.parse("2026-11-20"));
    }

    @Test
    @Requirement("P-04")
    void a_request_for_today_alone_does_not_hide_the_day_before() {
        var bars = service();
        assertThat(fetch(bars, query(BarPeriod.DAY, Optional.of("2026-11-20"), Optional.empty(), 100))
                        .bars())
                .hasSize(1);
        assertThat(fetch(bars, query(BarPeriod.DAY, Optional.empty(), Optional.empty(), 3))
                        .bars())
                .isEqualTo(broker.all().reversed().subList(0, 3));
    }

    @Test
    @Requirement("P-07")
    void the_current_day_is_cached_as_long_as_configured() {
        var bars = BarService.ofRanges(
                broker,
                history,
                new KrxCalendar(),
                _ -> Optional.empty(),
                BarService.defaultLifetime(new KrxCalendar(), Optional.of(Duration.ofSeconds(20))),
                ChartCaches.none(),
                clock);
        var days = query(BarPeriod.DAY, Optional.of("2026-11-01"), Optional.empty(), 10);
        var minutes = query(BarPeriod.M5, Optional.of("2026-11-20"), Optional.empty(), 10);
        fetch(bars, days);
        fetch(bars, minutes);
        int calls = broker.calls;
        clock.advance(Duration.ofSeconds(19));
        fetch(bars, days);
        fetch(bars, minutes);
        assertThat(broker.calls).isEqualTo(calls);
        clock.advance(Duration.ofSeconds(1));
        fetch(bars, days);
        fetch(bars, minutes);
        assertThat(broker.calls).isEqualTo(calls + 2);
    }

    @Test
    @Requirement("P-11")
    void warmed_bars_are_returned_without_a_call_and_failures_are_reported() {
        var bars = service();
        broker.failAfter = 0;
        assertThat(bars.warm(SAMSUNG, "t", Duration.ofSeconds(60))).isPresent();
        broker.failAfter = Integer.MAX_VALUE;
        assertThat(bars.warm(SAMSUNG, "t", Duration.ofSeconds(60))).isEmpty();
        int calls = broker.calls;
        assertThat(fetch(bars, query(BarPeriod.DAY, Optional.empty(), Optional.empty(), 100))
                        .bars())
                .hasSize(100);
        assertThat(broker.calls).isEqualTo(calls);
    }

    private BarService service() {
        return BarService.ofRanges(
                broker,
                history,
                new KrxCalendar(),
                _ -> LISTED_ON,
                BarService.defaultLifetime(new KrxCalendar(), Optional.empty()),
                ChartCaches.none(),
                clock);
    }

    private BarPage fetch(BarService bars, BarQuery query) {
        return bars.bars(SAMSUNG, query, "t").orElseThrow();
    }

    private BarQuery query(BarPeriod period, Optional<String> from, Optional<LocalDateTime> before, int limit) {
        return new BarQuery(
                period,
                from.map(day -> LocalDate.parse(day).atStartOfDay()),
                LocalDateTime.parse("2026-11-20T11:00"),
                before,
                limit,
                true);
    }

    private static History fixed(List<Bar> days) {
        return new History() {
            @Override
            public Series days(MarketSymbol symbol, boolean adjusted) {
                return Series.EMPTY.with(
                        new Series.Segment(BEGIN, days.getLast().date(), days));
            }

            @Override
            public Optional<List<Bar>> minutes(MarketSymbol symbol, LocalDate day) {
                return Optional.empty();
            }
        };
    }

    /** A broker with a bar on each weekday from 2024 on, all of one price, and sixty minutes a day. */
    private static final class Broker implements BarSource {
        private static final LocalDate TODAY = LocalDate.parse("2026-11-20");

        private int calls;
        private LocalDate lastFrom = LocalDate.MIN;
        private int failAfter = Integer.MAX_VALUE;
        private long split = 1;

        List<Bar> all() {
            var bars = new ArrayList<Bar>();
            for (var day = BEGIN; !day.isAfter(TODAY); day = day.plusDays(1)) {
                if (day.getDayOfWeek() != DayOfWeek.SATURDAY && day.getDayOfWeek() != DayOfWeek.SUNDAY) {
                    long price = 100 / split;
                    bars.add(Bar.ofDay(
                            day, TradingCalendar.SEOUL, price, price, price, price, 10, OptionalLong.of(1_000)));
                }
            }
            return bars;
        }

        @Override
        public Result<Page> requestDays(
                MarketSymbol symbol,
                BarPeriod period,
                LocalDate from,
                LocalDate to,
                boolean adjusted,
                RequestContext context) {
            if (calls++ >= failAfter) {
                return Result.refused(Refusal.of(ErrorCode.QUEUE_TIMEOUT, "busy"));
            }
            lastFrom = from;
            var found = new TreeMap<LocalDate, Bar>();
            Bars.aggregate(period, all(), TradingCalendar.SEOUL).forEach(bar -> {
                if (!bar.date().isBefore(from) && !bar.date().isAfter(to)) {
                    found.put(bar.date(), bar);
                }
            });
            var bars = List.copyOf(found.values());
            bars = bars.subList(Math.max(0, bars.size() - 100), bars.size());
            return Result.success(new Page(bars, bars.stream().map(Bar::date).findFirst(), Set.of()));
        }

        @Override
        public Result<List<Minute>> requestMinutes(
                MarketSymbol symbol, LocalDateTime from, LocalDateTime to, RequestContext context) {
            calls++;
            var minutes = new ArrayList<Minute>();
            for (int i = 0; i < 60; i++) {
                var at = from.toLocalDate().atTime(9, 0).plusMinutes(i);
                if (!at.isBefore(from) && !at.isAfter(to)) {
                    minutes.add(new Minute(at, 100, 100, 100, 100, 1, (i + 1) * 100L));
                }
            }
            return Result.success(minutes);
        }

        @Override
        public LocalDate minutesAvailableSince(LocalDate today) {
            return today.minusYears(1);
        }
    }
}
