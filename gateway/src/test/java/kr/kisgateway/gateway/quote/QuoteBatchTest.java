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
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.ask.Lifetime;
import kr.kisgateway.gateway.ask.Shelf;
import kr.kisgateway.gateway.batch.BatchLines;
import kr.kisgateway.gateway.batch.Batches;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.instrument.Lookups;
import kr.kisgateway.gateway.quote.ManyPrices.Answer;
import kr.kisgateway.gateway.quote.QuoteSource.Fetched;
import kr.kisgateway.gateway.risk.MarketFacts.Standing;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.Settings.WsHours;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OpenCalendar;
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
    private final List<List<Symbol>> asked = new CopyOnWriteArrayList<>();
    private volatile Set<String> unknown = Set.of();
    private volatile Set<String> failing = Set.of();
    private volatile Set<String> crashing = Set.of();
    private final QuoteRule rule = new QuoteRule(
            new OpenCalendar(),
            new Settings.Quotes(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(120),
                    Duration.ofSeconds(3),
                    WsHours.REGULAR,
                    new Settings.SafeValue.None()));
    private final Lifetime life = Lifetime.ofTrades(new OpenCalendar(), Duration.ofSeconds(1), Optional.empty());
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
    private final List<UsSymbol> askedThere = new CopyOnWriteArrayList<>();
    private final QuoteFallback fallback = new QuoteFallback(
            (symbol, venue, tenant, deadline) -> new Fetched.Failed(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "none")),
            symbol -> false,
            new Settings.SafeValue.None(),
            new AlertSource(new AlertLog(_ -> {}), AlertEvent.QUOTE_FALLBACK, clock),
            clock);
    private final QuoteService quotes = new QuoteService(
            store,
            feed,
            rule,
            (symbol, venue, tenant, deadline) -> new Fetched.Failed(Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "none")),
            Shelf.none(),
            fallback,
            Duration.ofSeconds(3),
            life,
            clock);
    private volatile int most = 30;
    private volatile int callsPerSecond = 16;
    private final Batches batches = new Batches(clock, workers);
    private final QuoteBatch batch = new QuoteBatch(
            Lookups.shipped(),
            quotes,
            new UsQuotes(
                    new UsStore(),
                    feed,
                    rule,
                    UsHours.of(new OpenCalendar()),
                    (symbol, dayMarket, tenant) -> new kr.kisgateway.gateway.ask.Fetched.Failed<>(
                            Refusal.of(ErrorCode.QUOTE_UNAVAILABLE, "one by one")),
                    Shelf.none(),
                    fallback,
                    UsQuotes.FRESH,
                    Duration.ofSeconds(3),
                    clock),
            new ManyPrices() {
                @Override
                public int most() {
                    return most;
                }

                @Override
                public Answer ask(List<Symbol> symbols, String tenant, Instant deadline) {
                    asked.add(List.copyOf(symbols));
                    if (symbols.stream().anyMatch(symbol -> crashing.contains(symbol.code()))) {
                        throw new IllegalStateException("a defect");
                    }
                    if (symbols.stream().anyMatch(symbol -> failing.contains(symbol.code()))) {
                        return new Answer.Failed(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late"));
                    }
                    var prices = new HashMap<Symbol, Price>();
                    symbols.stream()
                            .filter(symbol -> !unknown.contains(symbol.code()))
                            .forEach(symbol -> prices.put(symbol, new Price(rest(70_000), 69_900, 70_100)));
                    return new Answer.Got(prices);
                }
            },
            this::price,
            rule,
            () -> callsPerSecond,
            clock);

    private kr.kisgateway.gateway.ask.Fetched<UsFigures> price(UsSymbol symbol, boolean dayMarket, String tenant) {
        askedThere.add(symbol);
        return failing.contains(symbol.code())
                ? new kr.kisgateway.gateway.ask.Fetched.Failed<>(Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late"))
                : new kr.kisgateway.gateway.ask.Fetched.Got<>(new UsFigures(
                        new BigDecimal("187.3400"),
                        BigDecimal.ONE,
                        BigDecimal.ONE,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        1,
                        BigDecimal.TEN));
    }

    @AfterEach
    void stop() {
        workers.close();
    }

    @Test
    void every_symbol_of_the_market_is_told_once_with_as_few_calls_as_it_takes() throws Exception {
        var lines = new Collected();
        var stats = batches.run(STOCKS, batch.by("bot"), lines);

        assertThat(lines.quotes.keySet()).isEqualTo(new HashSet<>(STOCKS));
        assertThat(lines.failures).isEmpty();
        assertThat(asked).hasSize((STOCKS.size() + 29) / 30);
        assertThat(stats.requested()).isEqualTo(STOCKS.size());
        assertThat(stats.succeeded()).isEqualTo(STOCKS.size());
        assertThat(lines.quotes.get("005930").bid()).hasValue(69_900);
    }

    @Test
    void what_is_pushed_is_told_without_a_call_and_what_is_named_twice_once() throws Exception {
        store.trade(new Trade(
                new Symbol("005930"), 20261120, 110000, 71_000, 10, 0, 1, 1, 1, 71_100, 70_900, 1, 71_000, 'B'));
        var lines = new Collected();
        var stats = batches.run(List.of("005930", "000660", "000660"), batch.by("bot"), lines);

        assertThat(asked).containsExactly(List.of(new Symbol("000660")));
        assertThat(lines.quotes.get("005930").source()).isEqualTo(Quote.Source.KIS_WS);
        assertThat(stats.requested()).isEqualTo(2);
    }

    @Test
    void each_failure_has_its_symbol_and_code_and_costs_the_others_nothing() throws Exception {
        unknown = Set.of("000660");
        failing = Set.of(STOCKS.get(125));
        var lines = new Collected();
        var symbols = new ArrayList<>(List.of("ZZZZZZ", "5930", "000660"));
        symbols.addAll(STOCKS.subList(90, 130));
        var stats = batches.run(symbols, batch.by("bot"), lines);

        assertThat(lines.failures).containsEntry("ZZZZZZ", ErrorCode.SYMBOL_NOT_FOUND);
        assertThat(lines.failures).containsEntry("5930", ErrorCode.INVALID_SYMBOL);
        assertThat(lines.failures).containsEntry("000660", ErrorCode.SYMBOL_NOT_FOUND);
        assertThat(lines.failures).containsEntry(STOCKS.get(125), ErrorCode.UPSTREAM_TIMEOUT);
        assertThat(lines.quotes).containsKey(STOCKS.get(95));
        assertThat(stats.succeeded() + stats.failed()).isEqualTo(stats.requested());
    }

    @Test
    void american_symbols_are_asked_for_one_a_call_beside_korean_ones_and_told_again_without_one() throws Exception {
        failing = Set.of("JPM.NYSE");
        var lines = new Collected();
        var symbols = List.of("005930", "AAPL.NASD", "000660", "JPM.NYSE", "AAPL.NYSE", "MSFT.NASD");
        var stats = batches.run(symbols, batch.by("bot"), lines);

        assertThat(asked).containsExactly(List.of(new Symbol("005930"), new Symbol("000660")));
        assertThat(askedThere)
                .extracting(UsSymbol::code)
                .containsExactlyInAnyOrder("AAPL.NASD", "JPM.NYSE", "MSFT.NASD");
        assertThat(lines.expected).containsExactly(new BatchLines.Expected(6, 1, 4, Duration.ofMillis(250)));
        assertThat(lines.quotes).containsOnlyKeys("005930", "000660");
        assertThat(lines.american).containsOnlyKeys("AAPL.NASD", "MSFT.NASD");
        assertThat(lines.failures)
                .containsOnly(
                        Map.entry("JPM.NYSE", ErrorCode.UPSTREAM_TIMEOUT),
                        Map.entry("AAPL.NYSE", ErrorCode.SYMBOL_NOT_FOUND));
        assertThat(stats.succeeded()).isEqualTo(4);

        var again = new Collected();
        batches.run(List.of("AAPL.NASD"), batch.by("bot"), again);
        assertThat(again.expected).containsExactly(new BatchLines.Expected(1, 1, 0, Duration.ZERO));
        assertThat(again.american).containsOnlyKeys("AAPL.NASD");
        assertThat(askedThere).hasSize(3);
    }

    @Test
    void what_it_will_take_is_said_before_anything_else() throws Exception {
        var live = new Collected();
        batches.run(STOCKS, batch.by("bot"), live);
        most = 1;
        callsPerSecond = 1;
        store.trade(new Trade(
                new Symbol("005930"), 20261120, 110000, 71_000, 10, 0, 1, 1, 1, 71_100, 70_900, 1, 71_000, 'B'));
        var paper = new Collected();
        batches.run(List.of("005930", "ZZZZZZ", "000660", "035420", "000660"), batch.by("bot"), paper);

        int calls = (STOCKS.size() + 29) / 30;
        assertThat(live.expected)
                .containsExactly(
                        new BatchLines.Expected(STOCKS.size(), 0, calls, Duration.ofMillis(calls * 1_000L / 16)));
        assertThat(paper.expected).containsExactly(new BatchLines.Expected(4, 2, 2, Duration.ofSeconds(2)));
    }

    @Test
    void a_question_that_crashes_fails_its_symbols_and_no_other() throws Exception {
        crashing = Set.of(STOCKS.get(40));
        var lines = new Collected();
        batches.run(STOCKS.subList(0, 90), batch.by("bot"), lines);

        assertThat(lines.failures).hasSize(30).containsEntry(STOCKS.get(59), ErrorCode.INTERNAL_ERROR);
        assertThat(lines.quotes).hasSize(60);
    }

    @Test
    void a_reader_who_goes_away_ends_the_batch() throws Exception {
        var lines = new Collected() {
            @Override
            public boolean known(QuoteBatch.Priced quote) {
                super.known(quote);
                return false;
            }
        };
        var stats = batches.run(STOCKS, batch.by("bot"), lines);
        workers.close();

        assertThat(lines.quotes).hasSize(1);
        assertThat(stats.succeeded()).isEqualTo(1);
        // Those under way when the reader went, and no more.
        assertThat(asked.size()).isLessThanOrEqualTo(25);
    }

    @Test
    void few_batches_run_at_once() {
        var local = Caller.local(Role.QUOTE);
        for (int i = 0; i < Batches.RUNNING_MAX; i++) {
            assertThat(batches.enter(local)).isEmpty();
        }
        assertThat(batches.enter(local)).isPresent();
        batches.leave(local);
        assertThat(batches.enter(local)).isEmpty();
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
                Standing.UNKNOWN);
    }

    private static class Collected implements BatchLines<QuoteBatch.Priced> {
        final List<Expected> expected = new ArrayList<>();
        final Map<String, Quote> quotes = new HashMap<>();
        final Map<String, UsQuote> american = new HashMap<>();
        final Map<String, ErrorCode> failures = new HashMap<>();

        @Override
        public boolean expected(Expected told) {
            assertThat(quotes).isEmpty();
            assertThat(failures).isEmpty();
            expected.add(told);
            return true;
        }

        @Override
        public boolean known(QuoteBatch.Priced priced) {
            switch (priced) {
                case QuoteBatch.Priced.Korean(Quote quote) ->
                    assertThat(quotes.put(quote.instrument().symbol().code(), quote))
                            .isNull();
                case QuoteBatch.Priced.American(UsQuote quote) ->
                    assertThat(american.put(quote.listed().code(), quote)).isNull();
            }
            return true;
        }

        @Override
        public boolean failed(String symbol, Refusal refusal) {
            assertThat(failures.put(symbol, refusal.code())).isNull();
            return true;
        }
    }
}
