package kr.kisgateway.gateway.quote;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.json.Dollars;
import kr.kisgateway.gateway.meter.BoundMeters;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.quote.QuoteService.QuoteKey;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.Settings.SafeValue;
import kr.kisgateway.gateway.settings.Settings.WsHours;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

/** The sources of US quotes, by New York's clock. */
class QuoteServiceUsTest {
    private static final Duration LIFE = Duration.ofSeconds(1);
    private static final Listed.Overseas APPLE =
            (Listed.Overseas) Lookups.shipped().apply("AAPL.NASD").orElseThrow();

    /** Friday, 10:00 in New York, 00:00 in Seoul. */
    private final ManualClock clock = new ManualClock("2026-11-20T15:00:00Z");

    private final QuoteStore store = new QuoteStore(clock);
    private final MapSharedCache<QuoteKey, RestQuote> sharedCache = new MapSharedCache<>(Duration.ofSeconds(30));
    private final List<PriceSeries> calls = new ArrayList<>();
    private final List<String> alerts = new ArrayList<>();
    private Result<RestQuote> answer = Result.success(figures("187.5"));
    private boolean live;
    private QuoteService quotes = quotes(LIFE, sharedCache, new SafeValue.None());

    private QuoteService quotes(Duration life, SharedCache<QuoteKey, RestQuote> second, SafeValue safeValue) {
        var rule = new QuoteRule(
                UsHours.of(new KrxCalendar()),
                new Settings.Quotes(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(120),
                        Duration.ofSeconds(3),
                        WsHours.REGULAR,
                        safeValue));
        return new QuoteService(
                Market.US,
                store,
                new Feed() {
                    @Override
                    public boolean isLive(MarketSymbol symbol) {
                        return live;
                    }

                    @Override
                    public Status feedStatus() {
                        return new Status(true, Optional.empty(), 0, Optional.of(clock.instant()), Optional.empty());
                    }
                },
                rule,
                (_, series, _, _) -> {
                    calls.add(series);
                    return answer;
                },
                second,
                new QuoteFallback(
                        (_, _, _, _) -> {
                            throw new AssertionError("no other venue has US stocks");
                        },
                        _ -> false,
                        safeValue,
                        new AlertSource(
                                new AlertLog(alert -> alerts.add(alert.event())), AlertEvent.QUOTE_FALLBACK, clock),
                        clock),
                Duration.ofSeconds(3),
                rule.lifetime(Optional.of(life)),
                clock);
    }

    @Test
    @Requirement("A-07")
    void a_price_requested_by_another_gateway_is_returned_with_its_age_without_a_call() {
        putShared("186", Duration.ofSeconds(4), PriceSeries.MAIN);

        var first = requireQuote();
        assertThat(first.price()).isEqualTo(1_860_000);
        assertThat(first.source()).isEqualTo(Source.KIS_REST);
        assertThat(first.ageMillis()).isEqualTo(4_000);
        assertThat(calls).isEmpty();

        clock.advance(Duration.ofMillis(1_001));
        assertThat(requireQuote().price())
                .as("in an open session for five seconds")
                .isEqualTo(1_875_000);
        assertThat(calls).hasSize(1);
        assertThat(sharedCache.find(new QuoteKey(APPLE.symbol(), PriceSeries.MAIN)))
                .contains(new SharedCache.Timestamped<>(figures("187.5"), clock.instant()));
    }

    @Test
    @Requirement("A-07")
    void while_new_york_is_closed_a_price_is_returned_with_its_age_as_long_as_the_shared_cache_retains_it() {
        clock.advance(Duration.ofHours(9)); // Saturday, 09:00 in Seoul
        putShared("186", Duration.ofSeconds(29), PriceSeries.MAIN);
        var old = requireQuote();
        assertThat(old.session()).isEqualTo(UsSession.CLOSED);
        assertThat(old.state()).isEqualTo(State.STALE);
        assertThat(calls).isEmpty();
        clock.advance(Duration.ofMillis(1_001));
        requireQuote();
        assertThat(calls).hasSize(1);
    }

    @Test
    @Requirement("A-07")
    void an_answer_of_another_session_is_never_reused() {
        quotes = quotes(Duration.ofSeconds(20), sharedCache, new SafeValue.None());
        clock.advance(Duration.ofMinutes(-30).minusSeconds(1)); // one second before the opening
        assertThat(requireQuote().session()).isEqualTo(UsSession.PRE);
        clock.advance(Duration.ofSeconds(1));
        assertThat(requireQuote().session()).isEqualTo(UsSession.REGULAR);
        assertThat(calls).as("the opening").hasSize(2);
        clock.advance(Duration.ofHours(6).plusMinutes(30).minusSeconds(1));
        requireQuote();
        clock.advance(Duration.ofSeconds(1));
        assertThat(requireQuote().session()).isEqualTo(UsSession.AFTER);
        assertThat(calls).as("the close").hasSize(4);
    }

    @Test
    @Requirement("A-07")
    void the_day_market_and_the_other_sessions_never_share_prices() {
        clock.advance(Duration.ofHours(-6).minusSeconds(1)); // 17:59:59 in Seoul
        putShared("150", Duration.ZERO, PriceSeries.MAIN);
        push("151", PushFeed.FREE);
        answer = Result.success(figures("190"));
        live = true;
        var day = requireQuote();
        assertThat(day.session()).isEqualTo(UsSession.DAY_MARKET);
        assertThat(day.price()).isEqualTo(1_900_000);
        assertThat(calls).containsExactly(PriceSeries.DAY_MARKET);

        push("191", PushFeed.DAY_MARKET);
        assertThat(requireQuote().price()).isEqualTo(1_910_000);
        clock.advance(Duration.ofSeconds(1));
        sharedCache.invalidate(new QuoteKey(APPLE.symbol(), PriceSeries.MAIN));
        answer = failed();
        assertThat(outcome()).as("its last value is of another market").isInstanceOf(Result.Refused.class);
        assertThat(calls).containsExactly(PriceSeries.DAY_MARKET, PriceSeries.MAIN);
    }

    @Test
    @Requirement("A-07")
    void a_pushed_trade_replaces_a_requested_price_even_after_its_registration_is_lost() {
        requireQuote();
        clock.advance(Duration.ofMillis(200));
        push("188", PushFeed.FREE);
        var pushed = requireQuote();
        assertThat(pushed.price()).isEqualTo(1_880_000);
        assertThat(pushed.source()).isEqualTo(Source.KIS_WS);
        assertThat(calls).hasSize(1);
        clock.advance(Duration.ofMillis(5_001));
        assertThat(requireQuote().source()).isEqualTo(Source.KIS_REST);
        assertThat(calls).hasSize(2);
    }

    @Test
    void a_recently_polled_price_costs_no_call_and_has_no_feed() {
        store.putPolled(figures("188", 0));
        clock.advance(Duration.ofSeconds(1));
        var polled = requireQuote();
        assertThat(polled.source()).isEqualTo(Source.KIS_REST);
        assertThat(polled.feed()).isEmpty();
        assertThat(polled.ageMillis()).isEqualTo(1_000);
        assertThat(calls).isEmpty();
    }

    @Test
    @Requirement("A-07")
    void an_invalidated_price_leaves_both_caches_and_both_markets() {
        requireQuote();
        sharedCache.put(
                new QuoteKey(APPLE.symbol(), PriceSeries.DAY_MARKET),
                new SharedCache.Timestamped<>(figures("150"), clock.instant()));
        answer = Result.success(figures("93.75"));
        assertThat(requireQuote().price()).isEqualTo(1_875_000);
        quotes.invalidateAll(List.of(APPLE.symbol()));
        assertThat(requireQuote().price()).isEqualTo(937_500);
        assertThat(sharedCache.find(new QuoteKey(APPLE.symbol(), PriceSeries.DAY_MARKET)))
                .isEmpty();
        assertThat(BoundMeters.of(quotes::bindTo).value("quote.invalidated")).isEqualTo(1);
    }

    @Test
    @Requirement("A-07")
    void a_price_the_shared_cache_could_not_drop_is_not_returned_again() {
        var undroppable = new MapSharedCache<QuoteKey, RestQuote>(Duration.ofSeconds(30)) {
            @Override
            public boolean invalidateAll(Collection<QuoteKey> keys) {
                return false; // It does not answer now.
            }
        };
        quotes = quotes(LIFE, undroppable, new SafeValue.None());
        requireQuote();
        clock.advance(Duration.ofMillis(100));
        quotes.invalidateAll(List.of(APPLE.symbol()));
        answer = Result.success(figures("93.75"));
        assertThat(requireQuote().price()).isEqualTo(937_500);
    }

    @Test
    @Requirement(value = "A-09", clause = "safe")
    void when_kis_fails_the_newest_value_is_returned_and_then_the_safe_one() {
        quotes = quotes(LIFE, SharedCache.none(), new SafeValue.LastClose());
        answer = failed();
        var safe = requireQuote();
        assertThat(safe.state()).isEqualTo(State.FALLBACK);
        assertThat(safe.source()).isEqualTo(Source.LISTING);
        assertThat(alerts).containsExactly("quote_fallback");
        assertThat(BoundMeters.of(quotes::bindTo).value("quote.answers.fallback"))
                .isEqualTo(1);

        answer = Result.success(figures("187.5"));
        requireQuote();
        answer = failed();
        clock.advance(Duration.ofMinutes(30));
        var last = requireQuote();
        assertThat(last.source()).isEqualTo(Source.CACHE);
        assertThat(last.state()).isEqualTo(State.STALE);
        assertThat(last.ageMillis()).isEqualTo(Duration.ofMinutes(30).toMillis());
        push("188", PushFeed.FREE);
        clock.advance(Duration.ofSeconds(6));
        assertThat(requireQuote().price()).as("newer than the requested one").isEqualTo(1_880_000);
        assertThat(BoundMeters.of(quotes::bindTo).value("quote.answers.cached")).isEqualTo(2);
        assertThat(BoundMeters.of(quotes::bindTo).value("quote.answers.fallback"))
                .isEqualTo(1);
    }

    @Test
    @Requirement("A-09")
    void without_a_safe_value_the_reason_is_returned() {
        answer = failed();
        assertThat(outcome())
                .isInstanceOfSatisfying(
                        Result.Refused.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(ErrorCode.UPSTREAM_TIMEOUT));
    }

    @Test
    @Requirement("P-07")
    void a_price_is_cached_as_long_as_configured() {
        quotes = quotes(Duration.ofSeconds(3), SharedCache.none(), new SafeValue.None());
        requireQuote();
        clock.advance(Duration.ofMillis(2_999));
        assertThat(requireQuote().ageMillis()).isEqualTo(2_999);
        clock.advance(Duration.ofMillis(1));
        assertThat(requireQuote().ageMillis()).isZero();
        assertThat(calls).hasSize(2);
    }

    private void putShared(String price, Duration age, PriceSeries series) {
        sharedCache.put(
                new QuoteKey(APPLE.symbol(), series),
                new SharedCache.Timestamped<>(figures(price), clock.instant().minus(age)));
    }

    private void push(String price, PushFeed feed) {
        store.putTrade(figures(price, 10), feed);
    }

    private static Trade figures(String price, long qty) {
        return new Trade(APPLE.symbol(), 0, 100000, units(price), qty, 0, 0, 0, 0, 0, 0, 0, 0, '-');
    }

    private static long units(String dollars) {
        return Dollars.units(new BigDecimal(dollars));
    }

    private Quote requireQuote() {
        return outcome().orElseThrow();
    }

    private Result<Quote> outcome() {
        return quotes.quote(APPLE, "test");
    }

    private static Result<RestQuote> failed() {
        return Result.refused(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late"));
    }

    private static RestQuote figures(String price) {
        return new RestQuote(
                units(price),
                0,
                BigDecimal.ZERO.setScale(2),
                0,
                0,
                0,
                0,
                0,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Designation.UNKNOWN);
    }
}
