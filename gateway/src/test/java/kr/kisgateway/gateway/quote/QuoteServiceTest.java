package kr.kisgateway.gateway.quote;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.ask.Shelf;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.quote.QuoteOutcome.Known;
import kr.kisgateway.gateway.quote.QuoteOutcome.Refused;
import kr.kisgateway.gateway.quote.QuoteSource.Fetched;
import kr.kisgateway.gateway.risk.MarketFacts.Standing;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.Settings.WsHours;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.Venue;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuoteServiceTest {
    private static final Instruments LISTING = Instruments.load();
    private static final Symbol SAMSUNG = new Symbol("005930");

    private final Clock clock = new Clock("2026-11-20T02:00:00Z");
    private final QuoteStore store = new QuoteStore(clock);
    private final AtomicInteger calls = new AtomicInteger();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean live = true;
    private volatile Instant lastSign = clock.instant();
    private volatile QuoteSource upstream = (symbol, venue, tenant, deadline) -> new Fetched.Got(rest(70_000));
    private volatile boolean onNxt;
    private volatile kr.kisgateway.gateway.ask.Fetched<UsFigures> american =
            new kr.kisgateway.gateway.ask.Fetched.Failed<>(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "none"));
    private final UsStore us = new UsStore();
    private final Feed feed = new Feed() {
        @Override
        public boolean isLive(MarketSymbol symbol) {
            return live;
        }

        @Override
        public Status feedStatus() {
            return new Status(true, Optional.empty(), 0, Optional.of(lastSign), Optional.empty());
        }
    };
    private Shelf<Symbol, RestQuote> shelf = Shelf.none();
    private TradingCalendar calendar = new OpenCalendar();
    private Optional<Duration> set = Optional.empty();
    private QuoteService quotes = service();
    private Quotes all = all();

    private QuoteRule rule() {
        return new QuoteRule(
                calendar,
                new Settings.Quotes(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(120),
                        Duration.ofSeconds(3),
                        WsHours.REGULAR,
                        new Settings.SafeValue.None()));
    }

    private QuoteService service() {
        return new QuoteService(
                store,
                feed,
                rule(),
                (symbol, venue, tenant, deadline) -> {
                    calls.incrementAndGet();
                    return upstream.fetch(symbol, venue, tenant, deadline);
                },
                shelf,
                new QuoteFallback(
                        (symbol, venue, tenant, deadline) -> upstream.fetch(symbol, venue, tenant, deadline),
                        symbol -> onNxt,
                        new Settings.SafeValue.None(),
                        new AlertSource(new AlertLog(_ -> {}), AlertEvent.QUOTE_FALLBACK, clock),
                        clock),
                Duration.ofSeconds(3),
                rule().life(set),
                clock);
    }

    private Quotes all() {
        return new Quotes(
                Lookups.shipped(),
                quotes,
                new UsQuotes(
                        us,
                        feed,
                        rule(),
                        UsHours.of(new OpenCalendar()),
                        (symbol, dayMarket, tenant) -> american,
                        Shelf.none(),
                        new QuoteFallback(
                                (symbol, venue, tenant, deadline) -> upstream.fetch(symbol, venue, tenant, deadline),
                                symbol -> onNxt,
                                new Settings.SafeValue.None(),
                                new AlertSource(new AlertLog(_ -> {}), AlertEvent.QUOTE_FALLBACK, clock),
                                clock),
                        UsQuotes.FRESH,
                        Duration.ofSeconds(3),
                        clock),
                workers);
    }

    @Test
    @Requirement("P-07")
    void a_price_is_told_again_for_as_long_as_is_set() {
        set = Optional.of(Duration.ofSeconds(4));
        quotes = service();
        all = all();
        all.quote("005930", "bot");
        clock.advance(Duration.ofMillis(3_999));
        assertThat(known(all.quote("005930", "bot")).ageMillis()).isEqualTo(3_999);
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofMillis(1));
        all.quote("005930", "bot");
        assertThat(calls).hasValue(2);
    }

    @Test
    @Requirement("P-11")
    void what_is_asked_before_the_opening_answers_until_then_and_a_halt_is_still_asked_for() {
        calendar = new KrxCalendar();
        quotes = service();
        all = all();
        clock.advance(Duration.ofHours(21).plusMinutes(31)); // Saturday
        clock.advance(Duration.ofDays(2)); // Monday, 08:31
        QuoteSource patient = (symbol, venue, tenant, deadline) -> new Fetched.Got(rest(70_500));
        var samsung = LISTING.find(new Symbol("005930")).orElseThrow();
        assertThat(quotes.warm(samsung, patient, "job:me", clock.instant().plusSeconds(60)))
                .isEmpty();
        clock.advance(Duration.ofMinutes(28));

        var warm = known(all.quote("005930", "bot"));
        assertThat(warm.price()).isEqualTo(70_500);
        assertThat(warm.state()).isEqualTo(State.HEALTHY);
        assertThat(calls).hasValue(0);
        assertThat(quotes.askedAnew(new Symbol("005930"), "orders")).isPresent();
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofMinutes(1));
        all.quote("005930", "bot");
        assertThat(calls).as("the opening").hasValue(2);
    }

    @Test
    @Requirement("A-07")
    void what_another_gateway_was_told_is_as_old_as_it_is_and_judges_no_order() {
        var kept = new MapShelf<Symbol, RestQuote>(Duration.ofSeconds(30));
        shelf = kept;
        quotes = service();
        all = all();
        kept.put(SAMSUNG, new Shelf.Kept<>(rest(69_000), clock.instant().minusSeconds(4)));

        var told = known(all.quote("005930", "bot"));
        assertThat(told.price()).isEqualTo(69_000);
        assertThat(told.ageMillis()).isEqualTo(4_000);
        assertThat(calls).hasValue(0);

        assertThat(quotes.askedAnew(SAMSUNG, "orders").orElseThrow().value().price())
                .isEqualTo(70_000);
        assertThat(calls).hasValue(1);
    }

    @AfterEach
    void stop() {
        workers.close();
    }

    @Test
    @Requirement(value = "G-02", clause = "age")
    @Requirement(value = "G-07", clause = "fresh")
    @Requirement(value = "G-02", clause = "cache")
    void a_fresh_pushed_value_answers_without_a_call() {
        store.trade(trade(71_000));
        clock.advance(Duration.ofSeconds(60));

        var quote = known(all.quote("005930", "bot"));

        assertThat(quote.source()).isEqualTo(Source.KIS_WS);
        assertThat(quote.state()).isEqualTo(State.HEALTHY);
        assertThat(quote.price()).isEqualTo(71_000);
        assertThat(quote.changePct()).isEqualTo(new BigDecimal("1.43"));
        assertThat(quote.ageMillis()).isEqualTo(60_000);
        assertThat(quote.bid()).hasValue(70_900);
        assertThat(calls).hasValue(0);
    }

    @Test
    @Requirement(value = "G-07", clause = "stale")
    void a_stale_pushed_value_gives_way_to_rest() {
        store.trade(trade(71_000));
        live = false;
        clock.advance(Duration.ofSeconds(5));
        assertThat(known(all.quote("005930", "bot")).source())
                .as("the socket was cut, and the value is no older than QUOTE_STALE_AFTER")
                .isEqualTo(Source.KIS_WS);
        clock.advance(Duration.ofMillis(1));

        var quote = known(all.quote("005930", "bot"));

        assertThat(quote.source()).isEqualTo(Source.KIS_REST);
        assertThat(quote.price()).isEqualTo(70_000);
        assertThat(quote.tsMs()).isEmpty();
        assertThat(quote.bid()).isEmpty();
        assertThat(quotes.restFallbacks()).isEqualTo(1);
    }

    @Test
    @Requirement(value = "G-07", clause = "outside")
    void outside_of_the_hours_rest_answers_however_live_the_pushed_value_is() {
        calendar = new KrxCalendar();
        quotes = service();
        all = all();
        store.trade(trade(71_000));
        assertThat(known(all.quote("005930", "bot")).source()).as("at eleven").isEqualTo(Source.KIS_WS);
        clock.advance(Duration.ofHours(6));
        lastSign = clock.instant();

        var quote = known(all.quote("005930", "bot"));

        assertThat(quote.source()).isEqualTo(Source.KIS_REST);
        assertThat(quote.price()).isEqualTo(70_000);
    }

    @Test
    void everyone_who_asks_within_a_second_shares_one_call() throws Exception {
        var reached = new CountDownLatch(1);
        var answer = new CountDownLatch(1);
        upstream = (symbol, venue, tenant, deadline) -> {
            reached.countDown();
            awaits(answer);
            return new Fetched.Got(rest(70_000));
        };
        var asked = new ArrayList<CompletableFuture<QuoteOutcome>>();
        for (var i = 0; i < 50; i++) {
            asked.add(CompletableFuture.supplyAsync(() -> all.quote("005930", "bot"), workers));
        }
        awaits(reached);
        answer.countDown();

        for (var one : asked) {
            assertThat(known(one.get(20, TimeUnit.SECONDS)).price()).isEqualTo(70_000);
        }
        assertThat(calls).hasValue(1);

        clock.advance(Duration.ofMillis(1001));
        all.quote("005930", "bot");
        assertThat(calls).hasValue(2);
    }

    @Test
    @Requirement(value = "G-08", clause = "cooldown")
    void after_kis_refused_for_its_rate_nobody_asks_until_the_cooldown_is_over() {
        upstream = (symbol, venue, tenant, deadline) ->
                new Fetched.Failed(Refusal.of(ErrorCode.REST_RATE_LIMIT_COOLDOWN, "too many"));

        var first = refused(all.quote("005930", "bot"));
        clock.advance(Duration.ofSeconds(1));
        var second = refused(all.quote("005930", "bot"));

        assertThat(first.code()).isEqualTo(ErrorCode.REST_RATE_LIMIT_COOLDOWN);
        assertThat(first.retryAfter()).contains(Duration.ofSeconds(3));
        assertThat(second.retryAfter()).contains(Duration.ofSeconds(2));
        assertThat(calls).hasValue(1);
        assertThat(refused(all.quote("000660", "bot")).code()).isEqualTo(ErrorCode.REST_RATE_LIMIT_COOLDOWN);
        assertThat(calls).hasValue(2);

        upstream = (symbol, venue, tenant, deadline) -> new Fetched.Got(rest(70_500));
        clock.advance(Duration.ofMillis(2001));
        assertThat(known(all.quote("005930", "bot")).price()).isEqualTo(70_500);
    }

    @Test
    @Requirement(value = "G-02", clause = "stale-count")
    @Requirement(value = "G-13", clause = "last-value")
    @Requirement("G-08")
    void the_last_known_value_answers_stale_while_upstream_fails() {
        all.quote("005930", "bot");
        assertThat(quotes.staleSymbols()).isZero();
        upstream =
                (symbol, venue, tenant, deadline) -> new Fetched.Failed(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late"));
        clock.advance(Duration.ofSeconds(30));

        var quote = known(all.quote("005930", "bot"));

        assertThat(quote.source()).isEqualTo(Source.CACHE);
        assertThat(quote.state()).isEqualTo(State.STALE);
        assertThat(quote.ageMillis()).isEqualTo(30_000);
        assertThat(quote.price()).isEqualTo(70_000);
        assertThat(quotes.cacheAnswers()).isEqualTo(1);
        assertThat(quotes.staleSymbols()).isEqualTo(1);
        assertThat(refused(all.quote("000660", "bot")).code()).isEqualTo(ErrorCode.UPSTREAM_TIMEOUT);
    }

    @Test
    @Requirement(value = "I-09", clause = "codes")
    @Requirement(value = "I-09", clause = "no-call")
    void a_bad_or_unlisted_symbol_costs_no_call() {
        assertThat(refused(all.quote("00593", "bot")).code()).isEqualTo(ErrorCode.INVALID_SYMBOL);
        assertThat(refused(all.quote("aapl00", "bot")).code()).isEqualTo(ErrorCode.INVALID_SYMBOL);
        assertThat(refused(all.quote("ZZZZZZ", "bot")).code()).isEqualTo(ErrorCode.SYMBOL_NOT_FOUND);
        assertThat(calls).hasValue(0);
    }

    @Test
    void a_batch_answers_in_order_and_tells_what_failed() {
        store.trade(trade(71_000));

        var outcomes = all.quotes(List.of("005930", "ZZZZZZ", "000660"), "bot");

        assertThat(outcomes.keySet()).containsExactly("005930", "ZZZZZZ", "000660");
        assertThat(all.last()).isEqualTo(new Quotes.Several(3, 2, 1, 1, List.of("ZZZZZZ")));
    }

    @Test
    void a_source_that_crashes_leaves_no_one_waiting() {
        upstream = (symbol, venue, tenant, deadline) -> {
            throw new IllegalStateException("defect");
        };
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> all.quote("005930", "bot"))
                .hasMessage("defect");
        upstream = (symbol, venue, tenant, deadline) -> new Fetched.Got(rest(70_000));
        assertThat(known(all.quote("005930", "bot")).price()).isEqualTo(70_000);
    }

    private static Trade trade(long price) {
        return new Trade(
                SAMSUNG,
                20261120,
                110000,
                price,
                10,
                1_000,
                70_000,
                71_500,
                69_900,
                71_100,
                70_900,
                1_000,
                71_000_000,
                'B');
    }

    private static RestQuote rest(long price) {
        return new RestQuote(
                price,
                0,
                BigDecimal.ZERO,
                0,
                0,
                0,
                0,
                0,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Standing.UNKNOWN);
    }

    @Test
    @Requirement(value = "A-09", clause = "last")
    @Requirement(value = "A-09", clause = "nxt")
    void the_other_venue_answers_when_the_exchanges_price_cannot_be_had_and_none_is_known() {
        upstream = (symbol, venue, tenant, deadline) -> venue == Venue.NXT
                ? new Fetched.Got(rest(69_900))
                : new Fetched.Failed(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "down"));

        assertThat(refused(all.quote("005930", "bot")).code()).isEqualTo(ErrorCode.QUOTE_UNAVAILABLE);
        onNxt = true;
        var quote = known(all.quote("005930", "bot"));
        assertThat(quote.source()).isEqualTo(Source.NXT);
        assertThat(quote.price()).isEqualTo(69_900);
        assertThat(quotes.fallbacks()).isEqualTo(1);

        // The last known price of the exchange goes before another venue's.
        clock.advance(Duration.ofSeconds(2));
        upstream = (symbol, venue, tenant, deadline) -> new Fetched.Got(rest(70_000));
        all.quote("005930", "bot");
        clock.advance(Duration.ofSeconds(2));
        upstream = (symbol, venue, tenant, deadline) ->
                new Fetched.Failed(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "down"));
        assertThat(known(all.quote("005930", "bot")).source()).isEqualTo(Source.CACHE);
    }

    @Test
    @Requirement(value = "A-07", clause = "l1")
    void an_invalidated_price_is_asked_for_anew_within_the_second() {
        assertThat(known(all.quote("005930", "bot")).price()).isEqualTo(70_000);
        upstream = (symbol, venue, tenant, deadline) -> new Fetched.Got(rest(70_500));
        assertThat(known(all.quote("005930", "bot")).price()).isEqualTo(70_000);
        quotes.invalidate(SAMSUNG);
        assertThat(known(all.quote("005930", "bot")).price()).isEqualTo(70_500);
    }

    @Test
    @Requirement("A-07")
    @Requirement("P-13")
    void an_answer_that_was_on_its_way_when_something_changed_is_told_to_nobody_who_asks_afterwards() throws Exception {
        set = Optional.of(Duration.ofSeconds(30));
        quotes = service();
        all = all();
        var left = new CountDownLatch(1);
        var arrives = new CountDownLatch(1);
        upstream = (symbol, venue, tenant, deadline) -> {
            left.countDown();
            awaits(arrives);
            return new Fetched.Got(rest(70_000));
        };
        var before = CompletableFuture.supplyAsync(() -> all.quote("005930", "bot"), workers);
        awaits(left);
        quotes.invalidate(SAMSUNG);
        upstream = (symbol, venue, tenant, deadline) -> new Fetched.Got(rest(70_500));
        assertThat(known(all.quote("005930", "bot")).price()).isEqualTo(70_500);

        arrives.countDown();
        assertThat(known(before.get(20, TimeUnit.SECONDS)).price()).isIn(70_000L, 70_500L);
        upstream = (symbol, venue, tenant, deadline) -> new Fetched.Got(rest(70_600));
        assertThat(known(all.quote("005930", "bot")).price()).isIn(70_500L, 70_600L);
    }

    @Test
    @Requirement(value = "P-13", clause = "corporate")
    @Requirement(value = "A-07", clause = "ex-day")
    void on_the_ex_day_no_price_of_the_day_before_is_told() {
        calendar = new KrxCalendar();
        set = Optional.of(Duration.ofDays(1));
        quotes = service();
        all = all();
        clock.advance(Duration.ofHours(9).plusMinutes(30)); // Friday, 20:30
        upstream = (symbol, venue, tenant, deadline) -> new Fetched.Got(rest(700_000));
        all.quote("005930", "bot");
        clock.advance(Duration.ofHours(3));
        all.quote("005930", "bot");
        assertThat(calls).as("it is closed").hasValue(1);

        clock.advance(Duration.ofDays(3).minusHours(16)); // Monday, 07:30: closed as well, and one share is ten
        upstream = (symbol, venue, tenant, deadline) -> new Fetched.Got(rest(70_000));
        assertThat(known(all.quote("005930", "bot")).price()).isEqualTo(70_000);
    }

    @Test
    void a_call_is_made_on_the_share_of_who_asks() {
        var tenants = new java.util.concurrent.CopyOnWriteArrayList<String>();
        upstream = (symbol, venue, tenant, deadline) -> {
            tenants.add(tenant);
            return new Fetched.Got(rest(70_000));
        };
        all.quote("005930", "alice");
        all.quotes(List.of("000660"), "bob");
        assertThat(tenants).containsExactly("alice", "bob");
    }

    private static Quote known(QuoteOutcome outcome) {
        assertThat(outcome).isInstanceOf(Known.class);
        return ((Known) outcome).quote();
    }

    private static Refusal refused(QuoteOutcome outcome) {
        assertThat(outcome).isInstanceOf(Refused.class);
        return ((Refused) outcome).refusal();
    }

    private static void awaits(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
