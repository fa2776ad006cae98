package kr.kisgateway.gateway.quote;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.cache.AnswerLifetime;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.interruption.StockStatus;
import kr.kisgateway.gateway.interruption.StockStatusMonitor.ObservedStatus;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.Settings.WsHours;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.requirement.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@Requirement("G-15")
class QuoteFactsTest {
    private static final Symbol SAMSUNG = new Symbol("005930");
    private static final Instrument STOCK = Instruments.load().find(SAMSUNG).orElseThrow();
    private static final Listed LISTED = Lookups.shipped().apply("005930").orElseThrow();
    private static final MarketFacts FROM_KIS = new MarketFacts(
            OptionalLong.empty(), OptionalLong.of(50_000), OptionalLong.of(90_000), Designation.MANAGED);

    private final ManualClock clock = new ManualClock("2026-11-20T02:00:00Z");
    private final QuoteStore store = new QuoteStore(clock);
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean down;
    private volatile @Nullable ObservedStatus pushed;
    private final Feed feed = new Feed() {
        @Override
        public boolean isLive(MarketSymbol symbol) {
            return true;
        }

        @Override
        public Status feedStatus() {
            return new Status(true, Optional.empty(), 0, Optional.of(clock.instant()), Optional.empty());
        }
    };
    private final AnswerLifetime life =
            AnswerLifetime.ofTrades(new OpenCalendar(), Duration.ofSeconds(1), Optional.empty());
    private final QuoteService quotes = new QuoteService(
            Market.KOREA,
            store,
            feed,
            new QuoteRule(
                    new OpenCalendar(),
                    new Settings.Quotes(
                            Duration.ofSeconds(5),
                            Duration.ofSeconds(120),
                            Duration.ofSeconds(3),
                            WsHours.REGULAR,
                            new Settings.SafeValue.None())),
            (symbol, series, tenant, deadline) -> {
                calls.incrementAndGet();
                return down
                        ? Result.refused(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "down"))
                        : Result.success(new RestQuote(
                                70_000,
                                0,
                                BigDecimal.ZERO,
                                0,
                                0,
                                0,
                                0,
                                0,
                                OptionalLong.empty(),
                                OptionalLong.of(50_000),
                                OptionalLong.of(90_000),
                                Designation.MANAGED));
            },
            SharedCache.none(),
            new QuoteFallback(
                    (symbol, series, tenant, deadline) ->
                            Result.refused(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "down")),
                    symbol -> false,
                    new Settings.SafeValue.None(),
                    new AlertSource(new AlertLog(_ -> {}), AlertEvent.QUOTE_FALLBACK, clock),
                    clock),
            Duration.ofSeconds(3),
            life,
            clock);

    @Test
    @Requirement("P-11")
    void todays_facts_are_cached_without_a_call_until_they_expire() {
        QuoteSource warmupSource = (symbol, series, tenant, deadline) -> {
            calls.incrementAndGet();
            assertThat(tenant).isEqualTo("job:me");
            return Result.refused(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late"));
        };
        var facts = facts(Optional.of(Duration.ofMinutes(10)));
        var deadline = clock.instant().plusSeconds(60);
        assertThat(facts.warm(STOCK, warmupSource, "job:me", deadline)).isPresent();
        assertThat(calls).hasValue(1);

        quotes.quote(LISTED, "me");
        assertThat(facts.warm(STOCK, warmupSource, "job:me", deadline)).isEmpty();
        assertThat(calls).hasValue(2);
        clock.advance(Duration.ofMinutes(11));
        assertThat(facts.warm(STOCK, warmupSource, "job:me", deadline)).isPresent();
        assertThat(calls).hasValue(3);
    }

    @AfterEach
    void stop() {
        workers.close();
    }

    private QuoteFacts facts(Optional<Duration> designationAgeMax) {
        return new QuoteFacts(
                symbol -> Optional.of(Lookups.shipped().apply(symbol.code()).orElseThrow()),
                store,
                quotes,
                new OpenCalendar(),
                clock,
                designationAgeMax,
                _ -> Optional.ofNullable(pushed));
    }

    private void trade(long price, long change) {
        store.putTrade(
                new Trade(
                        SAMSUNG, 20261120, 110000, price, 1, change, price, price, price, price, price, 1, price, 'B'),
                PushFeed.DOMESTIC);
    }

    @Test
    void facts_that_are_not_needed_cost_no_call_and_are_unknown() {
        assertThat(facts(Optional.empty()).of(STOCK, false, false)).isEqualTo(MarketFacts.none());
        assertThat(calls).hasValue(0);
    }

    @Test
    void a_trade_of_today_supplies_the_days_limits_without_a_call() {
        trade(71_000, 1_000);
        var found = facts(Optional.empty()).of(STOCK, true, true);
        assertThat(found.last()).hasValue(71_000);
        assertThat(found.upper()).hasValue(91_000);
        assertThat(found.lower()).hasValue(49_000);
        assertThat(calls).hasValue(0);
    }

    @Test
    void a_polled_price_supplies_no_limits_because_it_may_be_yesterdays() {
        store.putPolled(
                new Trade(SAMSUNG, 0, 0, 71_000, 0, 1_000, 71_000, 71_000, 71_000, 71_000, 71_000, 1, 71_000, '-'));
        assertThat(facts(Optional.empty()).of(STOCK, false, true)).isEqualTo(FROM_KIS);
        assertThat(calls).hasValue(1);
    }

    @Test
    void otherwise_one_call_per_symbol_and_day_supplies_the_limits() {
        var facts = facts(Optional.empty());
        assertThat(facts.of(STOCK, false, true)).isEqualTo(FROM_KIS);
        clock.advance(Duration.ofHours(3));
        assertThat(facts.of(STOCK, false, true)).isEqualTo(FROM_KIS);
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofHours(21));
        assertThat(facts.of(STOCK, false, true)).isEqualTo(FROM_KIS);
        assertThat(calls).hasValue(2);
    }

    @Test
    void yesterdays_figures_are_unknown_today_while_kis_fails() {
        var facts = facts(Optional.empty());
        trade(71_000, 1_000);
        facts.of(STOCK, false, true);
        down = true;
        clock.advance(Duration.ofHours(24));
        assertThat(facts.of(STOCK, false, true)).isEqualTo(MarketFacts.none());
    }

    @Test
    void an_expired_halt_status_is_refreshed_and_retained_while_kis_fails() {
        var facts = facts(Optional.of(Duration.ofMinutes(10)));
        assertThat(facts.of(STOCK, false, false).designation()).isEqualTo(Designation.MANAGED);
        clock.advance(Duration.ofMinutes(10));
        facts.of(STOCK, false, false);
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofMillis(1));
        down = true;
        assertThat(facts.of(STOCK, false, false).designation()).isEqualTo(Designation.MANAGED);
        assertThat(calls).hasValue(2);
    }

    @Test
    @Requirement("A-07")
    void after_a_change_facts_are_requested_again_unless_kis_pushed_them() {
        var facts = facts(Optional.empty());
        facts.of(STOCK, false, true);
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofSeconds(10));
        quotes.invalidateAll(List.of(SAMSUNG));
        assertThat(facts.cachedFacts(STOCK).designation())
                .as("a designation that a halt does not change")
                .isEqualTo(Designation.MANAGED);
        assertThat(facts.of(STOCK, false, false).designation()).isEqualTo(Designation.MANAGED);
        assertThat(calls).hasValue(2);
        facts.of(STOCK, false, false);
        assertThat(calls).as("once").hasValue(2);

        quotes.invalidateAll(List.of(SAMSUNG));
        pushed = pushedStatus(true, Designation.HALTED);
        assertThat(facts.of(STOCK, false, false).designation()).isEqualTo(Designation.HALTED);
        assertThat(facts.cachedFacts(STOCK).designation()).isEqualTo(Designation.HALTED);
        assertThat(calls).as("it was pushed").hasValue(2);

        clock.advance(Duration.ofSeconds(1));
        quotes.quote(LISTED, "me");
        assertThat(facts.cachedFacts(STOCK).designation())
                .as("an answer may be behind")
                .isEqualTo(Designation.HALTED);
        clock.advance(Duration.ofSeconds(6));
        quotes.quote(LISTED, "me");
        assertThat(facts.cachedFacts(STOCK).designation()).as("no longer").isEqualTo(Designation.MANAGED);
        pushed = pushedStatus(false, Designation.UNKNOWN);
        assertThat(facts.cachedFacts(STOCK).designation()).isEqualTo(Designation.MANAGED);
    }

    private ObservedStatus pushedStatus(boolean halted, Designation designation) {
        return new ObservedStatus(new StockStatus(SAMSUNG, halted, false, designation, ""), clock.instant());
    }

    @Test
    void a_stale_last_price_counts_as_unknown() {
        down = true;
        assertThat(facts(Optional.empty()).of(STOCK, true, false).last()).isEmpty();
    }
}
