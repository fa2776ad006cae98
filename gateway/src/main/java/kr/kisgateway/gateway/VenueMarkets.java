package kr.kisgateway.gateway;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import kr.kisgateway.gateway.instrument.CurrentListing;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.order.VenueRouter.Market;
import kr.kisgateway.gateway.orderbook.BookService;
import kr.kisgateway.gateway.quote.QuoteFacts;
import kr.kisgateway.gateway.quote.QuoteService;
import kr.kisgateway.gateway.quote.RestQuote;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;

/**
 * The market in a Korean stock on KRX or NXT, as KIS answers it, requested at most once a second; a pushed book is not requested.
 * What no source has is unknown.
 *
 * @param quotes of the Korean market
 * @param books of the Korean market
 */
record VenueMarkets(CurrentListing listing, QuoteFacts facts, QuoteService quotes, BookService books)
        implements BiFunction<Symbol, Venue, Market> {
    /** Requests for orders are the gateway's own tenant. */
    private static final String TENANT = "orders";

    @Override
    public Market apply(Symbol symbol, Venue venue) {
        return listing.current()
                .find(symbol.code())
                .map(listed -> of(listed, venue == Venue.NXT ? PriceSeries.NXT : PriceSeries.MAIN))
                .orElseGet(Market::unknown);
    }

    private Market of(Listed listed, PriceSeries series) {
        Optional<RestQuote> quote =
                quotes.restQuote(listed.symbol(), series, TENANT).toOptional();
        Optional<OrderBook> book = books.bestLevels(listed, series, TENANT);
        // Halts that KIS pushes are those of KRX.
        boolean isHalted =
                quote.filter(it -> it.tradingStatus() == Designation.HALTED).isPresent()
                        || series == PriceSeries.MAIN
                                && facts.cachedFacts(listed.requireKorean()).designation() == Designation.HALTED;
        return new Market(
                isHalted,
                quote.map(it -> OptionalLong.of(it.volume())).orElseGet(OptionalLong::empty),
                best(book.map(it -> it.bidPrice(0))),
                best(book.map(it -> it.askPrice(0))));
    }

    /** A side without orders has the price 0. */
    private static OptionalLong best(Optional<Long> price) {
        return price.filter(it -> it > 0).map(OptionalLong::of).orElseGet(OptionalLong::empty);
    }
}
