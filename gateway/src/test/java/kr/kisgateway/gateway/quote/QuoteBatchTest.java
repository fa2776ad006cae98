package kr.kisgateway.gateway.quote;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.batch.BatchLines;
import kr.kisgateway.gateway.batch.BatchRunner;
import kr.kisgateway.gateway.cache.AnswerLifetime;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.quote.MultiPriceSource.Price;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.Settings.WsHours;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.PerMarket;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@Requirement("P-09")
class QuoteBatchTest {
    private static final Instruments LISTING = Instruments.load();
    private static final List<String> STOCKS =
            LISTING.all().stream().map(Instrument::symbol).map(Symbol::code).toList();

    private final InstantSource clock = InstantSource.fixed(Instant.parse("2026-11-20T02:00:00Z"));
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final QuoteStore store = new QuoteStore(clock);
    private final List<List<Symbol>> requestedGroups = new CopyOnWriteArrayList<>();
    private volatile Set<String> unknown = Set.of();
    private volatile Set<String> failing = Set.of();
    private volatile Set<String> crashing = Set.of();
    private final Settings.Quotes settings = new Settings.Quotes(
            Duration.ofSeconds(5),
            Duration.ofSeconds(120),
            Duration.ofSeconds(3),
            WsHours.REGULAR,
            new Settings.SafeValue.None());
    private final QuoteRule rule = new QuoteRule(new OpenCalendar(), settings);
    private final AnswerLifetime life =
            AnswerLifetime.ofTrades(new OpenCalendar(), Duration.ofSeconds(1), Optional.empty());
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
    private final List<UsSymbol> requestedUs = new CopyOnWriteArrayList<>();
    private final QuoteFallback fallback = new QuoteFallback(
            (symbol, series, tenant, deadline) -> Result.refused(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "none")),
            symbol -> false,
            new Settings.SafeValue.None(),
            new AlertSource(new AlertLog(_ -> {}), AlertEvent.QUOTE_FALLBACK, clock),
            clock);
    private final QuoteService quotes = new QuoteService(
            Market.KOREA,
            store,
            feed,
            rule,
            (symbol, series, tenant, deadline) -> Result.refused(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "none")),
            SharedCache.none(),
            fallback,
            Duration.ofSeconds(3),
            life,
            clock);
    private volatile int groupSizeMax = 30;
    private volatile int callsPerSecond = 16;
    private final BatchRunner batches = new BatchRunner(clock, workers);
    private final QuoteBatch batch = new QuoteBatch(
            Lookups.shipped(),
            new Quotes(
                    Lookups.shipped(),
                    new PerMarket<>(Map.of(
                            Market.KOREA,
                            quotes,
                            Market.US,
                            new QuoteService(
                                    Market.US,
                                    store,
                                    feed,
                                    new QuoteRule(UsHours.of(new OpenCalendar()), settings),
                                    (symbol, series, tenant, deadline) ->
                                            Result.refused(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "one by one")),
                                    SharedCache.none(),
                                    fallback,
                                    Duration.ofSeconds(3),
                                    life,
                                    clock))),
                    workers),
            new MultiPriceSource() {
                @Override
                public int groupSizeMax() {
                    return groupSizeMax;
                }

                @Override
                public Result<Map<Symbol, Price>> requestPrices(List<Symbol> symbols, String tenant, Instant deadline) {
                    requestedGroups.add(List.copyOf(symbols));
                    if (symbols.stream().anyMatch(symbol -> crashing.contains(symbol.code()))) {
                        throw new IllegalStateException("a defect");
                    }
                    if (symbols.stream().anyMatch(symbol -> failing.contains(symbol.code()))) {
                        return Result.refused(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late"));
                    }
                    var prices = new HashMap<Symbol, Price>();
                    symbols.stream()
                            .filter(symbol -> !unknown.contains(symbol.code()))
                            .forEach(symbol -> prices.put(symbol, new Price(rest(70_000), 69_900, 70_100)));
                    return Result.success(prices);
                }
            },
            this::price,
            rule,
            () -> callsPerSecond,
            clock);

    private Result<RestQuote> price(MarketSymbol symbol, PriceSeries series, String tenant, Instant deadline) {
        requestedUs.add((UsSymbol) symbol);
        return failing.contains(symbol.code())
                ? Result.refused(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late"))
                : Result.success(rest(1_873_400));
    }

    @AfterEach
    void stop() {
        workers.close();
    }

    @Test
    void every_symbol_is_returned_once_with_as_few_calls_as_possible() throws Exception {
        var lines = new Collected();
        var stats = batches.run(STOCKS, batch.forTenant("bot"), lines);

        assertThat(lines.quotes.keySet()).isEqualTo(new HashSet<>(STOCKS));
        assertThat(lines.failures).isEmpty();
        assertThat(requestedGroups).hasSize((STOCKS.size() + 29) / 30);
        assertThat(stats.requested()).isEqualTo(STOCKS.size());
        assertThat(stats.succeeded()).isEqualTo(STOCKS.size());
        assertThat(lines.quotes.get("005930").bid()).hasValue(69_900);
    }

    @Test
    void pushed_quotes_need_no_call_and_repeated_symbols_appear_once() throws Exception {
        store.putTrade(
                new Trade(
                        new Symbol("005930"), 20261120, 110000, 71_000, 10, 0, 1, 1, 1, 71_100, 70_900, 1, 71_000, 'B'),
                PushFeed.DOMESTIC);
        var lines = new Collected();
        var stats = batches.run(List.of("005930", "000660", "000660"), batch.forTenant("bot"), lines);

        assertThat(requestedGroups).containsExactly(List.of(new Symbol("000660")));
        assertThat(lines.quotes.get("005930").source()).isEqualTo(Quote.Source.KIS_WS);
        assertThat(stats.requested()).isEqualTo(2);
    }

    @Test
    void each_failure_names_its_symbol_and_code_and_costs_the_others_nothing() throws Exception {
        unknown = Set.of("000660");
        failing = Set.of(STOCKS.get(125));
        var lines = new Collected();
        var symbols = new ArrayList<>(List.of("ZZZZZZ", "5930", "000660"));
        symbols.addAll(STOCKS.subList(90, 130));
        var stats = batches.run(symbols, batch.forTenant("bot"), lines);

        assertThat(lines.failures).containsEntry("ZZZZZZ", ErrorCode.SYMBOL_NOT_FOUND);
        assertThat(lines.failures).containsEntry("5930", ErrorCode.INVALID_SYMBOL);
        assertThat(lines.failures).containsEntry("000660", ErrorCode.SYMBOL_NOT_FOUND);
        assertThat(lines.failures).containsEntry(STOCKS.get(125), ErrorCode.UPSTREAM_TIMEOUT);
        assertThat(lines.quotes).containsKey(STOCKS.get(95));
        assertThat(stats.succeeded() + stats.failed()).isEqualTo(stats.requested());
    }

    @Test
    void us_symbols_take_one_call_each_beside_korean_ones_and_are_cached_afterwards() throws Exception {
        failing = Set.of("JPM.NYSE");
        var lines = new Collected();
        var symbols = List.of("005930", "AAPL.NASD", "000660", "JPM.NYSE", "AAPL.NYSE", "MSFT.NASD");
        var stats = batches.run(symbols, batch.forTenant("bot"), lines);

        assertThat(requestedGroups).containsExactly(List.of(new Symbol("005930"), new Symbol("000660")));
        assertThat(requestedUs)
                .extracting(UsSymbol::code)
                .containsExactlyInAnyOrder("AAPL.NASD", "JPM.NYSE", "MSFT.NASD");
        assertThat(lines.expected).containsExactly(new BatchLines.Expected(6, 1, 4, Duration.ofMillis(250)));
        assertThat(lines.quotes).containsOnlyKeys("005930", "000660");
        assertThat(lines.usQuotes).containsOnlyKeys("AAPL.NASD", "MSFT.NASD");
        assertThat(lines.failures)
                .containsOnly(
                        Map.entry("JPM.NYSE", ErrorCode.UPSTREAM_TIMEOUT),
                        Map.entry("AAPL.NYSE", ErrorCode.SYMBOL_NOT_FOUND));
        assertThat(stats.succeeded()).isEqualTo(4);

        var second = new Collected();
        batches.run(List.of("AAPL.NASD"), batch.forTenant("bot"), second);
        assertThat(second.expected).containsExactly(new BatchLines.Expected(1, 1, 0, Duration.ZERO));
        assertThat(second.usQuotes).containsOnlyKeys("AAPL.NASD");
        assertThat(requestedUs).hasSize(3);
    }

    @Test
    void the_estimate_precedes_every_result() throws Exception {
        var live = new Collected();
        batches.run(STOCKS, batch.forTenant("bot"), live);
        groupSizeMax = 1;
        callsPerSecond = 1;
        store.putTrade(
                new Trade(
                        new Symbol("005930"), 20261120, 110000, 71_000, 10, 0, 1, 1, 1, 71_100, 70_900, 1, 71_000, 'B'),
                PushFeed.DOMESTIC);
        var paper = new Collected();
        batches.run(List.of("005930", "ZZZZZZ", "000660", "035420", "000660"), batch.forTenant("bot"), paper);

        int calls = (STOCKS.size() + 29) / 30;
        assertThat(live.expected)
                .containsExactly(
                        new BatchLines.Expected(STOCKS.size(), 0, calls, Duration.ofMillis(calls * 1_000L / 16)));
        assertThat(paper.expected).containsExactly(new BatchLines.Expected(4, 2, 2, Duration.ofSeconds(2)));
    }

    @Test
    void a_crashing_request_fails_its_symbols_and_no_other() throws Exception {
        crashing = Set.of(STOCKS.get(40));
        var lines = new Collected();
        batches.run(STOCKS.subList(0, 90), batch.forTenant("bot"), lines);

        assertThat(lines.failures).hasSize(30).containsEntry(STOCKS.get(59), ErrorCode.INTERNAL_ERROR);
        assertThat(lines.quotes).hasSize(60);
    }

    @Test
    void a_reader_that_disconnects_ends_the_batch() throws Exception {
        var lines = new Collected() {
            @Override
            public boolean succeeded(Quote quote) {
                super.succeeded(quote);
                return false;
            }
        };
        var stats = batches.run(STOCKS, batch.forTenant("bot"), lines);
        workers.close();

        assertThat(lines.quotes).hasSize(1);
        assertThat(stats.succeeded()).isEqualTo(1);
        // Those in flight when the reader closed, and no more.
        assertThat(requestedGroups.size()).isLessThanOrEqualTo(25);
    }

    @Test
    void few_batches_run_concurrently() {
        var local = Caller.local(Role.QUOTE);
        for (int i = 0; i < BatchRunner.RUNNING_MAX; i++) {
            assertThat(batches.acquireSlot(local)).isEmpty();
        }
        assertThat(batches.acquireSlot(local)).isPresent();
        batches.releaseSlot(local);
        assertThat(batches.acquireSlot(local)).isEmpty();
    }

    private static RestQuote rest(long price) {
        return new RestQuote(
                price,
                0,
                BigDecimal.ZERO.setScale(2),
                price,
                price,
                price,
                1,
                price,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Designation.UNKNOWN);
    }

    private static class Collected implements BatchLines<Quote> {
        final List<Expected> expected = new ArrayList<>();
        final Map<String, Quote> quotes = new HashMap<>();
        final Map<String, Quote> usQuotes = new HashMap<>();
        final Map<String, ErrorCode> failures = new HashMap<>();

        @Override
        public boolean expected(Expected estimate) {
            assertThat(quotes).isEmpty();
            assertThat(failures).isEmpty();
            expected.add(estimate);
            return true;
        }

        @Override
        public boolean succeeded(Quote quote) {
            var map = quote.listed().symbol() instanceof UsSymbol ? usQuotes : quotes;
            assertThat(map.put(quote.listed().code(), quote)).isNull();
            return true;
        }

        @Override
        public boolean failed(String symbol, Refusal refusal) {
            assertThat(failures.put(symbol, refusal.code())).isNull();
            return true;
        }
    }
}
