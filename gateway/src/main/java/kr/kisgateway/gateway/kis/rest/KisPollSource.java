package kr.kisgateway.gateway.kis.rest;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.client.CallOptions;
import kr.kisgateway.client.DomesticCalls;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Lane;
import kr.kisgateway.gateway.kis.auth.KisAppKeys;
import kr.kisgateway.gateway.kis.auth.KisAppKeys.AppKey;
import kr.kisgateway.gateway.kis.wire.KisTr;
import kr.kisgateway.gateway.orderbook.BookSource.RestBook;
import kr.kisgateway.gateway.pool.PollSource;
import kr.kisgateway.gateway.quote.RestQuote;
import kr.kisgateway.market.MarketCalendar;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PerMarket;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.VenueSymbol;
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
    private final KisBooks books;
    private final PerMarket<MarketCalendar> calendars;
    private final InstantSource clock;

    public KisPollSource(KisAppKeys keys, PerMarket<MarketCalendar> calendars, InstantSource clock) {
        this.keys = keys;
        this.books = new KisBooks(keys::leastLoaded);
        this.calendars = calendars;
        this.clock = clock;
    }

    @Override
    public PollResult requestPrices(List<MarketSymbol> symbols) {
        return switch (symbols.getFirst()) {
            case UsSymbol us -> requestOverseasPrice(us);
            case VenueSymbol ofVenue -> requestVenuePrice(ofVenue);
            default ->
                requestKoreanPrices(symbols.stream().map(Symbol.class::cast).toList());
        };
    }

    private PollResult requestVenuePrice(VenueSymbol symbol) {
        var calls = keys.leastLoaded().domestic().on(KisTr.board(symbol.series()));
        return switch (calls.price(symbol.symbol(), POLLING)) {
            case KisReply.Ok<PriceAnswer>(PriceAnswer answer) ->
                new PollResult.Prices(List.of(figures(symbol, KisQuotes.quote(answer))));
            case KisReply.Failed<PriceAnswer>(KisFailure failure) -> failed(failure);
        };
    }

    private PollResult requestKoreanPrices(List<Symbol> symbols) {
        var client = keys.leastLoaded();
        if (client.environment() == Environment.PAPER_FACE) {
            var symbol = symbols.getFirst();
            return switch (client.domestic().price(symbol, POLLING)) {
                case KisReply.Ok<PriceAnswer>(PriceAnswer answer) ->
                    new PollResult.Prices(List.of(figures(symbol, KisQuotes.quote(answer))));
                case KisReply.Failed<PriceAnswer>(KisFailure failure) -> failed(failure);
            };
        }
        return switch (client.domestic().prices(symbols, POLLING)) {
            case KisReply.Ok<List<QuickPrice>>(List<QuickPrice> rows) ->
                new PollResult.Prices(rows.stream()
                        .filter(row -> row.price() > 0)
                        .map(KisPollSource::figures)
                        .toList());
            case KisReply.Failed<List<QuickPrice>>(KisFailure failure) -> failed(failure);
        };
    }

    private PollResult requestOverseasPrice(UsSymbol symbol) {
        var series = currentSeries(symbol);
        return switch (KisQuotes.overseasPrice(keys.leastLoaded(), symbol, series, POLLING)) {
            // A price belongs to the session at its receipt, so one requested in another session is dropped.
            case KisReply.Ok<Optional<RestQuote>> _
            when currentSeries(symbol) != series -> new PollResult.Failed(false, "SESSION_CHANGED");
            case KisReply.Ok<Optional<RestQuote>>(Optional<RestQuote> found) ->
                found.<PollResult>map(quote -> new PollResult.Prices(List.of(figures(symbol, quote))))
                        .orElseGet(() -> new PollResult.Failed(true, "SYMBOL_NOT_FOUND"));
            case KisReply.Failed<Optional<RestQuote>>(KisFailure failure) -> failed(failure);
        };
    }

    @Override
    public PollResult requestBook(MarketSymbol symbol) {
        var series = symbol instanceof VenueSymbol ofVenue ? ofVenue.series() : currentSeries(symbol);
        return switch (books.book(symbol.listed(), series, POLLING)) {
            case KisReply.Ok<RestBook>(RestBook answer) ->
                new PollResult.Book(answer.book().withSymbol(symbol));
            case KisReply.Failed<RestBook>(KisFailure failure) -> failed(failure);
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

    private static Trade figures(QuickPrice row) {
        return new Trade(
                row.symbol(),
                0,
                0,
                row.price(),
                0,
                row.change(),
                row.open(),
                row.high(),
                row.low(),
                row.ask(),
                row.bid(),
                row.volume(),
                row.turnover(),
                '-');
    }

    private static Trade figures(MarketSymbol symbol, RestQuote quote) {
        return new Trade(
                symbol,
                0,
                0,
                quote.price(),
                0,
                quote.change(),
                quote.open(),
                quote.high(),
                quote.low(),
                0,
                0,
                quote.volume(),
                quote.turnover(),
                '-');
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
