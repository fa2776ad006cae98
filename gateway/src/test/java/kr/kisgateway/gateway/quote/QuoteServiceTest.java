package kr.kisgateway.gateway.quote;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.meter.BoundMeters;
import kr.kisgateway.gateway.quote.Quote.Source;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.gateway.quote.QuoteService.QuoteKey;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.Settings.WsHours;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.PerMarket;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.VenueSymbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuoteServiceTest {
    private static final Instruments LISTING = Instruments.load();
    private static final Symbol SAMSUNG = new Symbol("005930");

    private final ManualClock clock = new ManualClock("2026-11-20T02:00:00Z");
    private final QuoteStore store = new QuoteStore(clock);
    private final AtomicInteger calls = new AtomicInteger();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean live = true;
    private volatile Instant lastSign = clock.instant();
    private volatile QuoteSource upstream = (symbol, series, tenant, deadline) -> Result.success(rest(70_000));
    private volatile boolean onNxt;
    private volatile Result<RestQuote> usAnswer = Result.refused(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "none"));
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
    private SharedCache<QuoteKey, RestQuote> sharedCache = SharedCache.none();
    private TradingCalendar calendar = new OpenCalendar();
    private Optional<Duration> configuredLifetime = Optional.empty();
    private QuoteService quotes = service();
    private Quotes all = all();

    private QuoteRule rule() {
        return new QuoteRule(calendar, settings());
    }

    private static Settings.Quotes settings() {
        return new Settings.Quotes(
                Duration.ofSeconds(5),
                Duration.ofSeconds(120),
                Duration.ofSeconds(3),
                WsHours.REGULAR,
                new Settings.SafeValue.None());
    }

    private QuoteFallback fallback() {
        return new QuoteFallback(
                (symbol, series, tenant, deadline) -> upstream.fetch(symbol, series, tenant, deadline),
                symbol -> onNxt && symbol.market().equals(Market.KOREA),
                new Settings.SafeValue.None(),
                new AlertSource(new AlertLog(_ -> {}), AlertEvent.QUOTE_FALLBACK, clock),
                clock);
    }

    private QuoteService service() {
        return new QuoteService(
                Market.KOREA,
                store,
                feed,
                rule(),
                (symbol, series, tenant, deadline) -> {
                    calls.incrementAndGet();
                    return upstream.fetch(symbol, series, tenant, deadline);
                },
                sharedCache,
                fallback(),
                Duration.ofSeconds(3),
                rule().lifetime(configuredLifetime),
                clock);
    }

    private Quotes all() {
        var us = new QuoteService(
                Market.US,
                store,
                feed,
                new QuoteRule(UsHours.of(new OpenCalendar()), settings()),
                (symbol, series, tenant, deadline) -> usAnswer,
                SharedCache.none(),
                fallback(),
                Duration.ofSeconds(3),
                rule().lifetime(configuredLifetime),
                clock);
        return new Quotes(Lookups.shipped(), new PerMarket<>(Map.of(Market.KOREA, quotes, Market.US, us)), workers);
    }

    @Test
    @Requirement("P-07")
    void a_price_is_cached_as_long_as_configured() {
        configuredLifetime = Optional.of(Duration.ofSeconds(4));
        quotes = service();
        all = all();
        all.quote("005930", "bot");
        clock.advance(Duration.ofMillis(3_999));
        assertThat(requireQuote(all.quote("005930", "bot")).ageMillis()).isEqualTo(3_999);
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofMillis(1));
        all.quote("005930", "bot");
        assertThat(calls).hasValue(2);
    }

    @Test
    @Requirement("P-11")
    void a_price_from_before_the_opening_serves_until_then_and_halts_are_still_requested() {
        calendar = new KrxCalendar();
        quotes = service();
        all = all();
        clock.advance(Duration.ofHours(21).plusMinutes(31)); // Saturday
        clock.advance(Duration.ofDays(2)); // Monday, 08:31
        QuoteSource warmupSource = (symbol, series, tenant, deadline) -> Result.success(rest(70_500));
        var samsung = Lookups.shipped().apply("005930").orElseThrow();
        assertThat(quotes.warm(samsung, warmupSource, "job:me", clock.instant().plusSeconds(60)))
                .isEmpty();
        clock.advance(Duration.ofMinutes(28));

        var warm = requireQuote(all.quote("005930", "bot"));
        assertThat(warm.price()).isEqualTo(70_500);
        assertThat(warm.state()).isEqualTo(State.HEALTHY);
        assertThat(calls).hasValue(0);
        assertThat(quotes.requestFresh(new Symbol("005930"), "orders")).isPresent();
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofMinutes(1));
        all.quote("005930", "bot");
        assertThat(calls).as("the opening").hasValue(2);
    }

    @Test
    @Requirement("A-07")
    void another_gateways_price_has_its_own_age_and_checks_no_order() {
        var gatewayCache = new MapSharedCache<QuoteKey, RestQuote>(Duration.ofSeconds(30));
        sharedCache = gatewayCache;
        quotes = service();
        all = all();
        gatewayCache.put(
                new QuoteKey(SAMSUNG, PriceSeries.MAIN),
                new SharedCache.Timestamped<>(rest(69_000), clock.instant().minusSeconds(4)));

        var cachedQuote = requireQuote(all.quote("005930", "bot"));
        assertThat(cachedQuote.price()).isEqualTo(69_000);
        assertThat(cachedQuote.ageMillis()).isEqualTo(4_000);
        assertThat(calls).hasValue(0);

        assertThat(quotes.requestFresh(SAMSUNG, "orders").orElseThrow().value().price())
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
        store.putTrade(trade(71_000), PushFeed.DOMESTIC);
        clock.advance(Duration.ofSeconds(60));

        var quote = requireQuote(all.quote("005930", "bot"));

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
        store.putTrade(trade(71_000), PushFeed.DOMESTIC);
        live = false;
        clock.advance(Duration.ofSeconds(5));
        assertThat(requireQuote(all.quote("005930", "bot")).source())
                .as("the socket was cut, and the value is no older than QUOTE_STALE_AFTER")
                .isEqualTo(Source.KIS_WS);
        clock.advance(Duration.ofMillis(1));

        var quote = requireQuote(all.quote("005930", "bot"));

        assertThat(quote.source()).isEqualTo(Source.KIS_REST);
        assertThat(quote.price()).isEqualTo(70_000);
        assertThat(quote.tsMs()).isEmpty();
        assertThat(quote.bid()).isEmpty();
        assertThat(BoundMeters.of(quotes::bindTo).value("quote.rest.fallbacks")).isEqualTo(1);
    }

    @Test
    @Requirement(value = "G-07", clause = "outside")
    void outside_of_the_hours_rest_answers_even_for_a_live_pushed_value() {
        calendar = new KrxCalendar();
        quotes = service();
        all = all();
        store.putTrade(trade(71_000), PushFeed.DOMESTIC);
        assertThat(requireQuote(all.quote("005930", "bot")).source())
                .as("at eleven")
                .isEqualTo(Source.KIS_WS);
        clock.advance(Duration.ofHours(6));
        lastSign = clock.instant();

        var quote = requireQuote(all.quote("005930", "bot"));

        assertThat(quote.source()).isEqualTo(Source.KIS_REST);
        assertThat(quote.price()).isEqualTo(70_000);
    }

    @Test
    void concurrent_callers_within_a_second_share_one_call() throws Exception {
        var reached = new CountDownLatch(1);
        var answer = new CountDownLatch(1);
        upstream = (symbol, series, tenant, deadline) -> {
            reached.countDown();
            awaits(answer);
            return Result.success(rest(70_000));
        };
        var outcomes = new ArrayList<CompletableFuture<Result<Quote>>>();
        for (var i = 0; i < 50; i++) {
            outcomes.add(CompletableFuture.supplyAsync(() -> all.quote("005930", "bot"), workers));
        }
        awaits(reached);
        answer.countDown();

        for (var one : outcomes) {
            assertThat(requireQuote(one.get(20, TimeUnit.SECONDS)).price()).isEqualTo(70_000);
        }
        assertThat(calls).hasValue(1);

        clock.advance(Duration.ofMillis(1001));
        all.quote("005930", "bot");
        assertThat(calls).hasValue(2);
    }

    @Test
    @Requirement(value = "G-08", clause = "cooldown")
    void after_a_rate_refusal_no_request_is_sent_until_the_cooldown_ends() {
        upstream = (symbol, series, tenant, deadline) ->
                Result.refused(Refusal.of(ErrorCode.REST_RATE_LIMIT_COOLDOWN, "too many"));

        var first = requireRefusal(all.quote("005930", "bot"));
        clock.advance(Duration.ofSeconds(1));
        var second = requireRefusal(all.quote("005930", "bot"));

        assertThat(first.code()).isEqualTo(ErrorCode.REST_RATE_LIMIT_COOLDOWN);
        assertThat(first.retryAfter()).contains(Duration.ofSeconds(3));
        assertThat(second.retryAfter()).contains(Duration.ofSeconds(2));
        assertThat(calls).hasValue(1);
        assertThat(requireRefusal(all.quote("000660", "bot")).code()).isEqualTo(ErrorCode.REST_RATE_LIMIT_COOLDOWN);
        assertThat(calls).hasValue(2);

        upstream = (symbol, series, tenant, deadline) -> Result.success(rest(70_500));
        clock.advance(Duration.ofMillis(2001));
        assertThat(requireQuote(all.quote("005930", "bot")).price()).isEqualTo(70_500);
    }

    @Test
    @Requirement(value = "G-02", clause = "stale-count")
    @Requirement(value = "G-13", clause = "last-value")
    @Requirement("G-08")
    void the_last_cached_value_is_returned_as_stale_while_upstream_fails() {
        all.quote("005930", "bot");
        assertThat(BoundMeters.of(quotes::bindTo).value("quote.symbols.stale")).isZero();
        upstream = (symbol, series, tenant, deadline) -> Result.refused(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late"));
        clock.advance(Duration.ofSeconds(30));

        var quote = requireQuote(all.quote("005930", "bot"));

        assertThat(quote.source()).isEqualTo(Source.CACHE);
        assertThat(quote.state()).isEqualTo(State.STALE);
        assertThat(quote.ageMillis()).isEqualTo(30_000);
        assertThat(quote.price()).isEqualTo(70_000);
        assertThat(BoundMeters.of(quotes::bindTo).value("quote.answers.cached")).isEqualTo(1);
        assertThat(BoundMeters.of(quotes::bindTo).value("quote.symbols.stale")).isEqualTo(1);
        assertThat(requireRefusal(all.quote("000660", "bot")).code()).isEqualTo(ErrorCode.UPSTREAM_TIMEOUT);
    }

    @Test
    @Requirement(value = "I-09", clause = "codes")
    @Requirement(value = "I-09", clause = "no-call")
    void an_invalid_or_unlisted_symbol_costs_no_call() {
        assertThat(requireRefusal(all.quote("00593", "bot")).code()).isEqualTo(ErrorCode.INVALID_SYMBOL);
        assertThat(requireRefusal(all.quote("aapl00", "bot")).code()).isEqualTo(ErrorCode.INVALID_SYMBOL);
        assertThat(requireRefusal(all.quote("ZZZZZZ", "bot")).code()).isEqualTo(ErrorCode.SYMBOL_NOT_FOUND);
        assertThat(calls).hasValue(0);
    }

    @Test
    void a_batch_answers_in_order_and_reports_failures() {
        store.putTrade(trade(71_000), PushFeed.DOMESTIC);

        var outcomes = all.quotes(List.of("005930", "ZZZZZZ", "000660"), "bot");

        assertThat(outcomes.keySet()).containsExactly("005930", "ZZZZZZ", "000660");
        assertThat(all.lastStats()).isEqualTo(new Quotes.MultiQuoteStats(3, 2, 1, 1, List.of("ZZZZZZ")));
    }

    @Test
    void a_crashing_source_leaves_no_caller_waiting() {
        upstream = (symbol, series, tenant, deadline) -> {
            throw new IllegalStateException("defect");
        };
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> all.quote("005930", "bot"))
                .hasMessage("defect");
        upstream = (symbol, series, tenant, deadline) -> Result.success(rest(70_000));
        assertThat(requireQuote(all.quote("005930", "bot")).price()).isEqualTo(70_000);
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
                Designation.UNKNOWN);
    }

    private Result<Quote> ofNxt() {
        return all.quote("005930", Optional.of("NXT"), "bot");
    }

    private void pushNxt(long price) {
        store.putTrade(
                new Trade(
                        new VenueSymbol(SAMSUNG, PriceSeries.NXT),
                        20261120,
                        110000,
                        price,
                        1,
                        0,
                        price,
                        price,
                        price,
                        price + 100,
                        price - 100,
                        10,
                        price,
                        'B'),
                PushFeed.NXT);
    }

    @Test
    void a_pushed_price_of_a_venue_answers_while_its_registration_stands_and_no_other_series() {
        pushNxt(70_500);
        clock.advance(Duration.ofMinutes(1));
        lastSign = clock.instant();

        var nxt = requireQuote(ofNxt());
        assertThat(nxt.source()).isEqualTo(Source.KIS_WS);
        assertThat(nxt.price()).isEqualTo(70_500);
        assertThat(nxt.ageMillis()).isEqualTo(60_000);
        assertThat(calls).hasValue(0);
        assertThat(requireQuote(all.quote("005930", "bot")).price()).isEqualTo(70_000);
        assertThat(requireQuote(all.quote("005930", Optional.of("UNIFIED"), "bot"))
                        .price())
                .isEqualTo(70_000);
    }

    @Test
    void a_stale_price_of_a_venue_is_requested_and_without_an_answer_marked() {
        pushNxt(70_500);
        clock.advance(Duration.ofSeconds(6));
        lastSign = clock.instant();
        live = false;
        upstream = (symbol, series, tenant, deadline) -> Result.success(rest(series == PriceSeries.NXT ? 70_900 : 1));
        var requested = requireQuote(ofNxt());
        assertThat(requested.source()).isEqualTo(Source.NXT);
        assertThat(requested.price()).isEqualTo(70_900);

        clock.advance(Duration.ofSeconds(2));
        upstream =
                (symbol, series, tenant, deadline) -> Result.refused(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "down"));
        var marked = requireQuote(ofNxt());
        assertThat(marked.source()).isEqualTo(Source.CACHE);
        assertThat(marked.state()).isEqualTo(State.STALE);
        assertThat(marked.price()).isEqualTo(70_500);

        live = true;
        clock.advance(Duration.ofMinutes(3));
        assertThat(requireQuote(ofNxt()).state())
                .as("the socket is silent for longer than the heartbeat")
                .isEqualTo(State.STALE);
    }

    @Test
    void a_price_of_a_venue_answers_in_the_venues_hours_of_its_own_day() {
        calendar = new KrxCalendar();
        quotes = service();
        all = all();
        clock.set("2026-11-20T08:30:00Z"); // 17:30 in Seoul: the after-market of NXT
        lastSign = clock.instant();
        pushNxt(70_500);
        assertThat(requireQuote(ofNxt()).source()).isEqualTo(Source.KIS_WS);

        clock.set("2026-11-20T11:30:00Z"); // 20:30: closed
        lastSign = clock.instant();
        assertThat(requireQuote(ofNxt()).source()).isEqualTo(Source.NXT);

        clock.set("2026-11-22T23:10:00Z"); // Monday, 08:10: its pre-market, before the first trade
        lastSign = clock.instant();
        assertThat(requireQuote(ofNxt()).source())
                .as("Friday's price and volume")
                .isEqualTo(Source.NXT);
        pushNxt(70_600);
        assertThat(requireQuote(ofNxt()).source()).isEqualTo(Source.KIS_WS);
    }

    @Test
    @Requirement(value = "A-09", clause = "last")
    @Requirement(value = "A-09", clause = "nxt")
    void the_other_venue_answers_when_the_exchanges_price_is_unavailable_and_none_is_cached() {
        upstream = (symbol, series, tenant, deadline) -> series == PriceSeries.NXT
                ? Result.success(rest(69_900))
                : Result.refused(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "down"));

        assertThat(requireRefusal(all.quote("005930", "bot")).code()).isEqualTo(ErrorCode.QUOTE_UNAVAILABLE);
        onNxt = true;
        var quote = requireQuote(all.quote("005930", "bot"));
        assertThat(quote.source()).isEqualTo(Source.NXT);
        assertThat(quote.price()).isEqualTo(69_900);
        assertThat(BoundMeters.of(quotes::bindTo).value("quote.answers.fallback"))
                .isEqualTo(1);

        // The last cached price of the exchange takes precedence over another venue's.
        clock.advance(Duration.ofSeconds(2));
        upstream = (symbol, series, tenant, deadline) -> Result.success(rest(70_000));
        all.quote("005930", "bot");
        clock.advance(Duration.ofSeconds(2));
        upstream = (symbol, series, tenant, deadline) -> series == PriceSeries.NXT
                ? Result.success(rest(69_900))
                : Result.refused(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "down"));
        var cached = requireQuote(all.quote("005930", "bot"));
        assertThat(cached.source()).isEqualTo(Source.CACHE);
        assertThat(cached.price()).isEqualTo(70_000);
    }

    @Test
    @Requirement(value = "A-07", clause = "l1")
    void an_invalidated_price_is_requested_again_within_the_second() {
        assertThat(requireQuote(all.quote("005930", "bot")).price()).isEqualTo(70_000);
        upstream = (symbol, series, tenant, deadline) -> Result.success(rest(70_500));
        assertThat(requireQuote(all.quote("005930", "bot")).price()).isEqualTo(70_000);
        quotes.invalidateAll(List.of(SAMSUNG));
        assertThat(requireQuote(all.quote("005930", "bot")).price()).isEqualTo(70_500);
    }

    @Test
    @Requirement("A-07")
    @Requirement("P-13")
    void an_answer_in_flight_during_a_change_is_not_returned_to_later_callers() throws Exception {
        configuredLifetime = Optional.of(Duration.ofSeconds(30));
        quotes = service();
        all = all();
        var left = new CountDownLatch(1);
        var arrives = new CountDownLatch(1);
        upstream = (symbol, series, tenant, deadline) -> {
            left.countDown();
            awaits(arrives);
            return Result.success(rest(70_000));
        };
        var before = CompletableFuture.supplyAsync(() -> all.quote("005930", "bot"), workers);
        awaits(left);
        quotes.invalidateAll(List.of(SAMSUNG));
        upstream = (symbol, series, tenant, deadline) -> Result.success(rest(70_500));
        assertThat(requireQuote(all.quote("005930", "bot")).price()).isEqualTo(70_500);

        arrives.countDown();
        assertThat(requireQuote(before.get(20, TimeUnit.SECONDS)).price()).isIn(70_000L, 70_500L);
        upstream = (symbol, series, tenant, deadline) -> Result.success(rest(70_600));
        assertThat(requireQuote(all.quote("005930", "bot")).price()).isIn(70_500L, 70_600L);
    }

    @Test
    @Requirement(value = "P-13", clause = "corporate")
    @Requirement(value = "A-07", clause = "ex-day")
    void on_the_ex_day_no_price_of_the_previous_day_is_returned() {
        calendar = new KrxCalendar();
        configuredLifetime = Optional.of(Duration.ofDays(1));
        quotes = service();
        all = all();
        clock.advance(Duration.ofHours(9).plusMinutes(30)); // Friday, 20:30
        upstream = (symbol, series, tenant, deadline) -> Result.success(rest(700_000));
        all.quote("005930", "bot");
        clock.advance(Duration.ofHours(3));
        all.quote("005930", "bot");
        assertThat(calls).as("it is closed").hasValue(1);

        clock.advance(Duration.ofDays(3).minusHours(16)); // Monday, 07:30: closed as well, and one share is ten
        upstream = (symbol, series, tenant, deadline) -> Result.success(rest(70_000));
        assertThat(requireQuote(all.quote("005930", "bot")).price()).isEqualTo(70_000);
    }

    @Test
    void a_call_is_charged_to_its_caller() {
        var tenants = new java.util.concurrent.CopyOnWriteArrayList<String>();
        upstream = (symbol, series, tenant, deadline) -> {
            tenants.add(tenant);
            return Result.success(rest(70_000));
        };
        all.quote("005930", "alice");
        all.quotes(List.of("000660"), "bob");
        assertThat(tenants).containsExactly("alice", "bob");
    }

    private static Quote requireQuote(Result<Quote> outcome) {
        return outcome.orElseThrow();
    }

    private static Refusal requireRefusal(Result<Quote> outcome) {
        assertThat(outcome).isInstanceOf(Result.Refused.class);
        return ((Result.Refused<Quote>) outcome).refusal();
    }

    private static void awaits(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
