package kr.kisgateway.gateway;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.cache.AnswerLifetime;
import kr.kisgateway.gateway.cache.CacheStats;
import kr.kisgateway.gateway.instrument.InstrumentRoutes;
import kr.kisgateway.gateway.interruption.StockStatusMonitor;
import kr.kisgateway.gateway.marketwide.MarketHours;
import kr.kisgateway.gateway.marketwide.MarketStatusRoutes;
import kr.kisgateway.gateway.marketwide.MarketWideData;
import kr.kisgateway.gateway.marketwide.MarketWideRoutes;
import kr.kisgateway.gateway.marketwide.MostTraded;
import kr.kisgateway.gateway.orderbook.BookRoutes;
import kr.kisgateway.gateway.orderbook.BookService;
import kr.kisgateway.gateway.orderbook.UsBookService;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.NyseDays;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSymbol;

/**
 * Instruments, order books and what concerns whole markets.
 *
 * @param cacheFigures statistics of the caches, on demand
 */
record MarketDataModule(MostTraded mostTraded, Supplier<List<CacheStats>> cacheFigures) {
    /** Builds the services and registers their routes. */
    static MarketDataModule create(
            Platform platform,
            InstrumentModule instruments,
            BrokerAdapter broker,
            CacheModule.SharedCaches sharedCaches,
            QuoteModule quotes,
            StockStatusMonitor interruptions) {
        var settings = platform.settings();
        var calendar = platform.calendar();
        var clock = platform.clock();
        var table = platform.routes();
        var listing = instruments.listing();
        var session = broker.realtime().session();
        var ports = broker.marketData();
        var rule = quotes.rule();
        var facts = quotes.facts();
        var cooldown = settings.quotes().cooldown();
        new InstrumentRoutes(
                        listing,
                        facts::cachedFacts,
                        facts::sharedFacts,
                        symbol -> interruptions
                                .lastStatus(symbol)
                                .map(interruption -> interruption.status().interrupted()),
                        calendar,
                        clock)
                .register(table);
        var books = new BookService(
                quotes.stores().korean(),
                session::isBookLive,
                session::feedStatus,
                rule,
                ports.books(),
                AnswerLifetime.of(calendar, settings.cache().orderbook().orElse(BookService.DEFAULT_LIFE)),
                sharedCaches.books(),
                cooldown,
                clock);
        var usBooks = new UsBookService(
                quotes.stores().us(),
                session::isBookLive,
                session::feedStatus,
                rule,
                UsHours.of(calendar),
                ports.usBooks(),
                settings.cache().orderbook().orElse(BookService.DEFAULT_LIFE),
                sharedCaches.usBooks(),
                cooldown,
                clock);
        new BookRoutes(listing, books, usBooks).register(table);
        var market =
                new MarketWideData(ports.marketWide(), settings.marketWide(), sharedCaches.market(), cooldown, clock);
        Consumer<List<? extends MarketSymbol>> invalidate = symbols -> {
            var korean = Symbol.among(symbols);
            books.invalidateAll(korean);
            market.invalidateAll(korean);
            usBooks.invalidateAll(UsSymbol.among(symbols));
        };
        listing.onChange(change -> invalidate.accept(change.touched()));
        interruptions.addListener(invalidate::accept);
        new MarketWideRoutes(market, listing, clock).register(table);
        new MarketStatusRoutes(new MarketHours(calendar, NyseDays.load()), interruptions::breakers, clock)
                .register(table);
        return new MarketDataModule(
                new MostTraded(market, listing),
                () -> Stream.concat(Stream.of(books.stats(), usBooks.stats()), market.stats().stream())
                        .toList());
    }
}
