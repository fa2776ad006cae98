package kr.kisgateway.gateway;

import java.util.List;
import java.util.function.Consumer;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.broker.BrokerSession;
import kr.kisgateway.gateway.cache.AnswerLifetime;
import kr.kisgateway.gateway.cache.SharedCache;
import kr.kisgateway.gateway.instrument.InstrumentRoutes;
import kr.kisgateway.gateway.interruption.StockStatusMonitor;
import kr.kisgateway.gateway.marketwide.MarketHours;
import kr.kisgateway.gateway.marketwide.MarketStatusRoutes;
import kr.kisgateway.gateway.marketwide.MarketWideData;
import kr.kisgateway.gateway.marketwide.MarketWideRoutes;
import kr.kisgateway.gateway.marketwide.MostTraded;
import kr.kisgateway.gateway.orderbook.BookRoutes;
import kr.kisgateway.gateway.orderbook.BookService;
import kr.kisgateway.gateway.orderbook.BookSource;
import kr.kisgateway.gateway.quote.QuoteRule;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.NyseDays;
import kr.kisgateway.market.PerMarket;
import kr.kisgateway.market.Symbol;

/** Instruments, order books and what concerns whole markets. */
record MarketDataModule(MostTraded mostTraded, PerMarket<BookService> books) {
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
        var facts = quotes.facts();
        var cooldown = settings.quotes().cooldown();
        new InstrumentRoutes(
                        listing,
                        facts::cachedFacts,
                        facts::sharedFacts,
                        symbol -> interruptions
                                .lastStatus(symbol)
                                .map(interruption -> interruption.status().interrupted()),
                        platform.markets(),
                        calendar,
                        clock)
                .register(table);
        var books = books(platform, session, ports.books(), sharedCaches.books(), quotes.store());
        new BookRoutes(listing, quotes.nxt(), books).register(table);
        var market =
                new MarketWideData(ports.marketWide(), settings.marketWide(), sharedCaches.market(), cooldown, clock);
        Consumer<List<? extends MarketSymbol>> invalidate = symbols -> {
            books.forEach(symbols, BookService::invalidateAll);
            market.invalidateAll(Symbol.among(symbols));
        };
        listing.onChange(change -> invalidate.accept(change.touched()));
        interruptions.addListener(invalidate::accept);
        new MarketWideRoutes(market, listing, clock).register(table);
        new MarketStatusRoutes(
                        new MarketHours(platform.markets(), calendar, NyseDays.load()), interruptions::breakers, clock)
                .register(table);
        books.all().forEach(service -> service.bindTo(platform.meters()));
        market.bindTo(platform.meters());
        return new MarketDataModule(new MostTraded(market, listing), books);
    }

    /** The service of each market. */
    private static PerMarket<BookService> books(
            Platform platform,
            BrokerSession session,
            BookSource source,
            SharedCache<BookService.BookKey, BookSource.RestBook> shared,
            QuoteStore store) {
        var settings = platform.settings();
        var life = settings.cache().orderbook().orElse(BookService.DEFAULT_LIFE);
        return platform.calendars()
                .map((market, calendar) -> new BookService(
                        market.cacheName("book"),
                        store,
                        session::isBookLive,
                        session::feedStatus,
                        new QuoteRule(calendar, settings.quotes()),
                        source,
                        AnswerLifetime.of(calendar, life),
                        shared,
                        settings.quotes().cooldown(),
                        platform.clock()));
    }
}
