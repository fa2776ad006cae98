package kr.kisgateway.gateway.kis;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.DomesticCalls;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Lane;
import kr.kisgateway.gateway.kis.KisAppKeys.AppKey;
import kr.kisgateway.gateway.orderbook.BookSource.RestBook;
import kr.kisgateway.gateway.pool.PollSource;
import kr.kisgateway.gateway.quote.UsFigures;
import kr.kisgateway.market.MarketCalendars;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.wire.parse.PriceAnswer;
import kr.kisgateway.wire.parse.QuickPrice;

/**
 * Prices from intstock-multprice (관심종목 멀티종목 시세조회), thirty a call, on paper, which lacks it, from inquire-price one by
 * one; books from inquire-asking-price.
 */
public final class KisPollSource implements PollSource {
    /** Polling takes at most one in four of the calls per second that KIS allows. */
    private static final int BUDGET_DIVISOR = 4;

    private static final CallOptions POLLING =
            CallOptions.standard().withLane(Lane.QUOTE).withTenant("polling").withTimeout(Duration.ofSeconds(5));

    private final KisAppKeys keys;
    private final KisUsQuotes usQuotes;
    private final KisBooks books;
    private final MarketCalendars calendars;
    private final InstantSource clock;

    public KisPollSource(KisAppKeys keys, MarketCalendars calendars, InstantSource clock) {
        this.keys = keys;
        this.usQuotes = new KisUsQuotes(keys::leastLoaded);
        this.books = new KisBooks(keys::leastLoaded);
        this.calendars = calendars;
        this.clock = clock;
    }

    @Override
    public PollResult requestPrices(List<Symbol> symbols) {
        var client = keys.leastLoaded();
        if (client.environment() == Environment.PAPER_FACE) {
            return switch (client.domestic().price(symbols.getFirst(), POLLING)) {
                case KisReply.Ok<PriceAnswer>(PriceAnswer answer) ->
                    new PollResult.Prices(List.of(price(symbols.getFirst(), answer)));
                case KisReply.Failed<PriceAnswer>(KisFailure failure) -> failed(failure);
            };
        }
        return switch (client.domestic().prices(symbols, POLLING)) {
            case KisReply.Ok<List<QuickPrice>>(List<QuickPrice> rows) ->
                new PollResult.Prices(rows.stream()
                        .filter(row -> row.price() > 0)
                        .map(KisPollSource::price)
                        .toList());
            case KisReply.Failed<List<QuickPrice>>(KisFailure failure) -> failed(failure);
        };
    }

    @Override
    public PollResult requestBook(MarketSymbol symbol) {
        return switch (books.book(symbol, currentSeries(symbol), POLLING)) {
            case KisReply.Ok<RestBook>(RestBook answer) -> new PollResult.Book(answer.book());
            case KisReply.Failed<RestBook>(KisFailure failure) -> failed(failure);
        };
    }

    @Override
    public PollResult requestPrice(UsSymbol symbol) {
        var series = currentSeries(symbol);
        return switch (usQuotes.figures(symbol, series == PriceSeries.DAY_MARKET, POLLING)) {
            // A price belongs to the session at its receipt, so one requested in another session is dropped.
            case KisReply.Ok<Optional<UsFigures>> _
            when currentSeries(symbol) != series -> new PollResult.Failed(false, "SESSION_CHANGED");
            case KisReply.Ok<Optional<UsFigures>>(Optional<UsFigures> found) ->
                found.<PollResult>map(figures -> new PollResult.UsPrice(symbol, figures))
                        .orElseGet(() -> new PollResult.Failed(true, "SYMBOL_NOT_FOUND"));
            case KisReply.Failed<Optional<UsFigures>>(KisFailure failure) -> failed(failure);
        };
    }

    private PriceSeries currentSeries(MarketSymbol symbol) {
        return calendars.of(symbol.market()).session(clock.instant()).series();
    }

    @Override
    public boolean hasWaitingCallers() {
        return keys.all().stream()
                .allMatch(key -> key.client().budget().state().waiting().getOrDefault(Lane.QUOTE, 0) > 0);
    }

    @Override
    public Duration spacing() {
        int calls = keys.all().stream()
                .map(AppKey::client)
                .mapToInt(client -> client.budget().state().limit())
                .sum();
        return Duration.ofMillis(1_000L * BUDGET_DIVISOR / Math.max(1, calls));
    }

    @Override
    public int batchMax() {
        return keys.primary().environment() == Environment.PAPER_FACE ? 1 : DomesticCalls.PRICES_MAX;
    }

    private static PolledPrice price(QuickPrice row) {
        return new PolledPrice(
                row.symbol(),
                row.price(),
                row.change(),
                row.open(),
                row.high(),
                row.low(),
                positive(row.ask()),
                positive(row.bid()),
                row.volume(),
                row.turnover());
    }

    private static PolledPrice price(Symbol symbol, PriceAnswer answer) {
        return new PolledPrice(
                symbol,
                answer.price(),
                answer.change(),
                answer.open(),
                answer.high(),
                answer.low(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                answer.volume(),
                answer.turnover());
    }

    private static OptionalLong positive(long price) {
        return price > 0 ? OptionalLong.of(price) : OptionalLong.empty();
    }

    private static PollResult failed(KisFailure failure) {
        boolean refused = switch (failure.kind()) {
            case REFUSED, UNREADABLE, UNKNOWN_SYMBOL, INVALID_REQUEST -> true;
            case CONNECTION,
                    TIMEOUT,
                    RATE_LIMITED,
                    QUEUE_TIMEOUT,
                    TOKEN,
                    UNSUPPORTED,
                    BREAKER_OPEN,
                    REGISTRATIONS_FULL,
                    CREDENTIALS_MISSING,
                    INVALID_SETTINGS,
                    CLOSED -> false;
        };
        return new PollResult.Failed(refused, failure.code());
    }
}
