package kr.kisgateway.gateway;

import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.instrument.CurrentListing;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.order.VenueRouter;
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
        implements VenueRouter.Markets {
    /** Requests for orders are the gateway's own tenant. */
    private static final String TENANT = "orders";

    @Override
    public Market load(Symbol symbol, Venue venue) {
        PriceSeries series = series(venue);
        return find(symbol)
                .map(listed -> market(
                        listed,
                        series,
                        quotes.restQuote(listed.symbol(), series, TENANT).toOptional(),
                        books.bestLevels(listed, series, TENANT)))
                .orElseGet(Market::unknown);
    }

    @Override
    public Optional<Market> inMemory(Symbol symbol, Venue venue) {
        PriceSeries series = series(venue);
        return find(symbol).flatMap(listed -> {
            Optional<RestQuote> quote = quotes.restQuoteInMemory(listed.symbol(), series);
            Optional<OrderBook> book = books.bestLevelsInMemory(listed, series);
            return quote.isPresent() && book.isPresent()
                    ? Optional.of(market(listed, series, quote, book))
                    : Optional.empty();
        });
    }

    private Optional<Listed> find(Symbol symbol) {
        return listing.current().find(symbol.code());
    }

    private static PriceSeries series(Venue venue) {
        return venue == Venue.NXT ? PriceSeries.NXT : PriceSeries.MAIN;
    }

    private Market market(Listed listed, PriceSeries series, Optional<RestQuote> quote, Optional<OrderBook> book) {
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
