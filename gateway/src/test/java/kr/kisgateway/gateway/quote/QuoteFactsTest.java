package kr.kisgateway.gateway.quote;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.ask.Lifetime;
import kr.kisgateway.gateway.ask.Shelf;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.interruption.Interruptions.Told;
import kr.kisgateway.gateway.interruption.StockStatus;
import kr.kisgateway.gateway.quote.QuoteSource.Fetched;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.MarketFacts.Standing;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.Settings.WsHours;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
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
    private static final MarketFacts ASKED =
            new MarketFacts(OptionalLong.empty(), OptionalLong.of(50_000), OptionalLong.of(90_000), Standing.MANAGED);

    private final Clock clock = new Clock("2026-11-20T02:00:00Z");
    private final QuoteStore store = new QuoteStore(clock);
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile boolean down;
    private volatile @Nullable Told pushed;
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
    private final Lifetime life = Lifetime.ofTrades(new OpenCalendar(), Duration.ofSeconds(1), Optional.empty());
    private final QuoteService quotes = new QuoteService(
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
            (symbol, venue, tenant, deadline) -> {
                calls.incrementAndGet();
                return down
                        ? new Fetched.Failed(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "down"))
                        : new Fetched.Got(new RestQuote(
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
                                Standing.MANAGED));
            },
            Shelf.none(),
            new QuoteFallback(
                    (symbol, venue, tenant, deadline) ->
                            new Fetched.Failed(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "down")),
                    symbol -> false,
                    new Settings.SafeValue.None(),
                    new AlertSource(new AlertLog(_ -> {}), AlertEvent.QUOTE_FALLBACK, clock),
                    clock),
            Duration.ofSeconds(3),
            life,
            clock);

    @Test
    @Requirement("P-11")
    void what_is_known_today_is_warm_without_a_call_until_it_is_old() {
        QuoteSource patient = (symbol, venue, tenant, deadline) -> {
            calls.incrementAndGet();
            assertThat(tenant).isEqualTo("job:me");
            return new Fetched.Failed(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late"));
        };
        var facts = facts(Optional.of(Duration.ofMinutes(10)));
        var deadline = clock.instant().plusSeconds(60);
        assertThat(facts.warm(STOCK, patient, "job:me", deadline)).isPresent();
        assertThat(calls).hasValue(1);

        quotes.quote(STOCK, "me");
        assertThat(facts.warm(STOCK, patient, "job:me", deadline)).isEmpty();
        assertThat(calls).hasValue(2);
        clock.advance(Duration.ofMinutes(11));
        assertThat(facts.warm(STOCK, patient, "job:me", deadline)).isPresent();
        assertThat(calls).hasValue(3);
    }

    @AfterEach
    void stop() {
        workers.close();
    }

    private QuoteFacts facts(Optional<Duration> standingAge) {
        return new QuoteFacts(store, quotes, new OpenCalendar(), clock, standingAge, _ -> Optional.ofNullable(pushed));
    }

    private void trade(long price, long change) {
        store.trade(new Trade(
                SAMSUNG, 20261120, 110000, price, 1, change, price, price, price, price, price, 1, price, 'B'));
    }

    @Test
    void what_is_not_needed_costs_no_call_and_is_unknown() {
        assertThat(facts(Optional.empty()).of(STOCK, false, false)).isEqualTo(MarketFacts.none());
        assertThat(calls).hasValue(0);
    }

    @Test
    void a_trade_of_today_tells_the_days_limits_without_a_call() {
        trade(71_000, 1_000);
        var known = facts(Optional.empty()).of(STOCK, true, true);
        assertThat(known.last()).hasValue(71_000);
        assertThat(known.upper()).hasValue(91_000);
        assertThat(known.lower()).hasValue(49_000);
        assertThat(calls).hasValue(0);
    }

    @Test
    void a_polled_price_tells_no_limits_because_it_may_be_yesterdays() {
        store.polled(SAMSUNG, 71_000, 1_000, 71_000, 71_000, 71_000, 71_000, 71_000, 1, 71_000);
        assertThat(facts(Optional.empty()).of(STOCK, false, true)).isEqualTo(ASKED);
        assertThat(calls).hasValue(1);
    }

    @Test
    void one_call_a_symbol_and_day_tells_them_otherwise() {
        var facts = facts(Optional.empty());
        assertThat(facts.of(STOCK, false, true)).isEqualTo(ASKED);
        clock.advance(Duration.ofHours(3));
        assertThat(facts.of(STOCK, false, true)).isEqualTo(ASKED);
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofHours(21));
        assertThat(facts.of(STOCK, false, true)).isEqualTo(ASKED);
        assertThat(calls).hasValue(2);
    }

    @Test
    void figures_of_yesterday_are_unknown_today_while_kis_fails() {
        var facts = facts(Optional.empty());
        trade(71_000, 1_000);
        facts.of(STOCK, false, true);
        down = true;
        clock.advance(Duration.ofHours(24));
        assertThat(facts.of(STOCK, false, true)).isEqualTo(MarketFacts.none());
    }

    @Test
    void a_word_on_halts_is_renewed_when_it_is_old_and_kept_while_kis_fails() {
        var facts = facts(Optional.of(Duration.ofMinutes(10)));
        assertThat(facts.of(STOCK, false, false).standing()).isEqualTo(Standing.MANAGED);
        clock.advance(Duration.ofMinutes(10));
        facts.of(STOCK, false, false);
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofMillis(1));
        down = true;
        assertThat(facts.of(STOCK, false, false).standing()).isEqualTo(Standing.MANAGED);
        assertThat(calls).hasValue(2);
    }

    @Test
    @Requirement("A-07")
    void after_a_change_kis_is_asked_anew_unless_it_pushed_what_is_to_be_known() {
        var facts = facts(Optional.empty());
        facts.of(STOCK, false, true);
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofSeconds(10));
        quotes.invalidate(SAMSUNG);
        assertThat(facts.known(STOCK).standing())
                .as("a mark that a halt does not touch")
                .isEqualTo(Standing.MANAGED);
        assertThat(facts.of(STOCK, false, false).standing()).isEqualTo(Standing.MANAGED);
        assertThat(calls).hasValue(2);
        facts.of(STOCK, false, false);
        assertThat(calls).as("once").hasValue(2);

        quotes.invalidate(SAMSUNG);
        pushed = told(true, Standing.HALTED);
        assertThat(facts.of(STOCK, false, false).standing()).isEqualTo(Standing.HALTED);
        assertThat(facts.known(STOCK).standing()).isEqualTo(Standing.HALTED);
        assertThat(calls).as("it was pushed").hasValue(2);

        clock.advance(Duration.ofSeconds(1));
        quotes.quote(STOCK, "me");
        assertThat(facts.known(STOCK).standing()).as("an answer may be behind").isEqualTo(Standing.HALTED);
        clock.advance(Duration.ofSeconds(6));
        quotes.quote(STOCK, "me");
        assertThat(facts.known(STOCK).standing()).as("no longer").isEqualTo(Standing.MANAGED);
        pushed = told(false, Standing.UNKNOWN);
        assertThat(facts.known(STOCK).standing()).isEqualTo(Standing.MANAGED);
    }

    private Told told(boolean halted, Standing standing) {
        return new Told(new StockStatus(SAMSUNG, halted, false, standing, ""), clock.instant());
    }

    @Test
    void a_stale_last_price_is_an_unknown_one() {
        down = true;
        assertThat(facts(Optional.empty()).of(STOCK, true, false).last()).isEmpty();
    }
}
