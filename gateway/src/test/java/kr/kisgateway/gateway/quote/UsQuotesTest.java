package kr.kisgateway.gateway.quote;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.ask.Fetched;
import kr.kisgateway.gateway.ask.Shelf;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.quote.QuoteOutcome.American;
import kr.kisgateway.gateway.quote.QuoteOutcome.Refused;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.Settings.SafeValue;
import kr.kisgateway.gateway.settings.Settings.WsHours;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSession;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

/** What American quotes are answered from, by New York's clock. */
class UsQuotesTest {
    private static final Listed.Us APPLE =
            (Listed.Us) Lookups.shipped().apply("AAPL.NASD").listed();

    /** Friday, 10:00 in New York, 00:00 in Seoul. */
    private final Clock clock = new Clock("2026-11-20T15:00:00Z");

    private final UsStore store = new UsStore();
    private final MapShelf<UsQuotes.Asked, UsFigures> shelf = new MapShelf<>(Duration.ofSeconds(30));
    private final List<Boolean> calls = new ArrayList<>();
    private final List<String> alarms = new ArrayList<>();
    private Fetched<UsFigures> answer = new Fetched.Got<>(figures("187.5"));
    private boolean live;
    private UsQuotes quotes = quotes(UsQuotes.FRESH, shelf, new SafeValue.None());

    private UsQuotes quotes(Duration life, Shelf<UsQuotes.Asked, UsFigures> second, SafeValue safeValue) {
        return new UsQuotes(
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
                new QuoteRule(
                        new KrxCalendar(),
                        new Settings.Quotes(
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(120),
                                Duration.ofSeconds(3),
                                WsHours.REGULAR,
                                safeValue)),
                UsHours.of(new KrxCalendar()),
                (_, dayMarket, _) -> {
                    calls.add(dayMarket);
                    return answer;
                },
                second,
                new QuoteFallback(
                        (_, _, _, _) -> {
                            throw new AssertionError("no other venue has American stocks");
                        },
                        _ -> true,
                        safeValue,
                        new AlertSource(
                                new AlertLog(alert -> alarms.add(alert.event())), AlertEvent.QUOTE_FALLBACK, clock),
                        clock),
                life,
                Duration.ofSeconds(3),
                clock);
    }

    @Test
    @Requirement("A-07")
    void what_another_gateway_asked_for_is_told_with_its_age_and_costs_no_call() {
        keep("186", Duration.ofSeconds(4), false);

        var first = told();
        assertThat(first.figures().price()).isEqualByComparingTo("186");
        assertThat(first.source()).isEqualTo(Source.KIS_REST);
        assertThat(first.ageMillis()).isEqualTo(4_000);
        assertThat(calls).isEmpty();

        clock.advance(Duration.ofSeconds(1));
        assertThat(told().figures().price())
                .as("in an open session for five seconds")
                .isEqualByComparingTo("187.5");
        assertThat(calls).hasSize(1);
        assertThat(shelf.find(new UsQuotes.Asked(APPLE.symbol(), false)))
                .contains(new Shelf.Kept<>(figures("187.5"), clock.instant()));
    }

    @Test
    @Requirement("A-07")
    void while_new_york_is_closed_it_is_told_for_as_long_as_the_second_cache_keeps_it_marked_by_its_age() {
        clock.advance(Duration.ofHours(9)); // Saturday, 09:00 in Seoul
        keep("186", Duration.ofSeconds(29), false);
        var old = told();
        assertThat(old.session()).isEqualTo(UsSession.CLOSED);
        assertThat(old.state()).isEqualTo(State.STALE);
        assertThat(calls).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        told();
        assertThat(calls).hasSize(1);
    }

    @Test
    @Requirement("A-07")
    void an_answer_of_another_session_is_never_told_again() {
        quotes = quotes(Duration.ofSeconds(20), shelf, new SafeValue.None());
        clock.advance(Duration.ofMinutes(-30).minusSeconds(1)); // one second before the opening
        assertThat(told().session()).isEqualTo(UsSession.PRE);
        clock.advance(Duration.ofSeconds(1));
        assertThat(told().session()).isEqualTo(UsSession.REGULAR);
        assertThat(calls).as("the opening").hasSize(2);
        clock.advance(Duration.ofHours(6).plusMinutes(30).minusSeconds(1));
        told();
        clock.advance(Duration.ofSeconds(1));
        assertThat(told().session()).isEqualTo(UsSession.AFTER);
        assertThat(calls).as("the close").hasSize(4);
    }

    @Test
    @Requirement("A-07")
    void the_day_market_and_the_other_sessions_never_tell_each_others_prices() {
        clock.advance(Duration.ofHours(-6).minusSeconds(1)); // 17:59:59 in Seoul
        keep("150", Duration.ZERO, false);
        store.tick(tick("151", UsFeed.FREE, 10));
        answer = new Fetched.Got<>(figures("190"));
        live = true;
        var day = told();
        assertThat(day.session()).isEqualTo(UsSession.DAY_MARKET);
        assertThat(day.figures().price()).isEqualByComparingTo("190");
        assertThat(calls).containsExactly(true);

        store.tick(tick("191", UsFeed.DAY_MARKET, 10));
        assertThat(told().figures().price()).isEqualByComparingTo("191");
        clock.advance(Duration.ofSeconds(1));
        shelf.drop(new UsQuotes.Asked(APPLE.symbol(), false));
        answer = failed();
        assertThat(outcome()).as("its last value is another market's").isInstanceOf(Refused.class);
        assertThat(calls).containsExactly(true, false);
    }

    @Test
    @Requirement("A-07")
    void a_pushed_trade_takes_the_place_of_what_was_asked_for_also_when_its_registration_is_lost() {
        told();
        clock.advance(Duration.ofMillis(200));
        store.tick(tick("188", UsFeed.FREE, 10));
        var pushed = told();
        assertThat(pushed.figures().price()).isEqualByComparingTo("188");
        assertThat(pushed.source()).isEqualTo(Source.KIS_WS);
        assertThat(calls).hasSize(1);
        clock.advance(Duration.ofMillis(5_001));
        assertThat(told().source()).isEqualTo(Source.KIS_REST);
        assertThat(calls).hasSize(2);
    }

    @Test
    void what_was_polled_a_moment_ago_costs_no_call_and_has_no_feed() {
        store.tick(tick("188", UsFeed.FREE, 0));
        clock.advance(Duration.ofSeconds(1));
        var polled = told();
        assertThat(polled.source()).isEqualTo(Source.KIS_REST);
        assertThat(polled.feed()).isEmpty();
        assertThat(polled.ageMillis()).isEqualTo(1_000);
        assertThat(calls).isEmpty();
    }

    @Test
    @Requirement("A-07")
    void an_invalidated_price_is_gone_from_both_caches_and_from_both_markets() {
        told();
        shelf.put(new UsQuotes.Asked(APPLE.symbol(), true), new Shelf.Kept<>(figures("150"), clock.instant()));
        answer = new Fetched.Got<>(figures("93.75"));
        assertThat(told().figures().price()).isEqualByComparingTo("187.5");
        quotes.invalidate(APPLE.symbol());
        assertThat(told().figures().price()).isEqualByComparingTo("93.75");
        assertThat(shelf.find(new UsQuotes.Asked(APPLE.symbol(), true))).isEmpty();
        assertThat(quotes.invalidated()).isEqualTo(1);
    }

    @Test
    @Requirement("A-07")
    void what_a_second_cache_could_not_drop_is_not_told_again() {
        var stubborn = new MapShelf<UsQuotes.Asked, UsFigures>(Duration.ofSeconds(30)) {
            @Override
            public boolean drop(UsQuotes.Asked key) {
                return false; // It does not answer now.
            }
        };
        quotes = quotes(UsQuotes.FRESH, stubborn, new SafeValue.None());
        told();
        clock.advance(Duration.ofMillis(100));
        quotes.invalidate(APPLE.symbol());
        answer = new Fetched.Got<>(figures("93.75"));
        assertThat(told().figures().price()).isEqualByComparingTo("93.75");
    }

    @Test
    @Requirement(value = "A-09", clause = "safe")
    void when_kis_fails_the_newest_value_there_ever_was_is_told_and_then_the_safe_one() {
        quotes = quotes(UsQuotes.FRESH, Shelf.none(), new SafeValue.LastClose());
        answer = failed();
        var safe = told();
        assertThat(safe.state()).isEqualTo(State.FALLBACK);
        assertThat(safe.source()).isEqualTo(Source.LISTING);
        assertThat(alarms).containsExactly("quote_fallback");
        assertThat(quotes.fallbacks()).isEqualTo(1);

        answer = new Fetched.Got<>(figures("187.5"));
        told();
        answer = failed();
        clock.advance(Duration.ofMinutes(30));
        var last = told();
        assertThat(last.source()).isEqualTo(Source.CACHE);
        assertThat(last.state()).isEqualTo(State.STALE);
        assertThat(last.ageMillis()).isEqualTo(Duration.ofMinutes(30).toMillis());
        store.tick(tick("188", UsFeed.FREE, 10));
        clock.advance(Duration.ofSeconds(6));
        assertThat(told().figures().price()).as("newer than what was asked for").isEqualByComparingTo("188");
        assertThat(quotes.cacheAnswers()).isEqualTo(2);
        assertThat(quotes.fallbacks()).isEqualTo(1);
    }

    @Test
    @Requirement("A-09")
    void without_a_safe_value_the_reason_is_told() {
        answer = failed();
        assertThat(outcome())
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(ErrorCode.UPSTREAM_TIMEOUT));
    }

    @Test
    @Requirement("P-07")
    void a_price_is_told_again_for_as_long_as_is_set() {
        quotes = quotes(Duration.ofSeconds(3), Shelf.none(), new SafeValue.None());
        told();
        clock.advance(Duration.ofMillis(2_999));
        assertThat(told().ageMillis()).isEqualTo(2_999);
        clock.advance(Duration.ofMillis(1));
        assertThat(told().ageMillis()).isZero();
        assertThat(calls).hasSize(2);
    }

    private void keep(String price, Duration age, boolean dayMarket) {
        shelf.put(
                new UsQuotes.Asked(APPLE.symbol(), dayMarket),
                new Shelf.Kept<>(figures(price), clock.instant().minus(age)));
    }

    private LastUsTick tick(String price, UsFeed feed, long qty) {
        return new LastUsTick(APPLE.symbol(), figures(price), qty, 100000, clock.millis(), feed);
    }

    private UsQuote told() {
        var outcome = outcome();
        assertThat(outcome).isInstanceOf(American.class);
        return ((American) outcome).quote();
    }

    private QuoteOutcome outcome() {
        return quotes.quote(APPLE, "test");
    }

    private static Fetched<UsFigures> failed() {
        return new Fetched.Failed<>(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late"));
    }

    private static UsFigures figures(String price) {
        return UsFigures.of(new BigDecimal(price));
    }
}
