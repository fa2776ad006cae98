package kr.kisgateway.gateway;

import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.gateway.ask.CacheFigures;
import kr.kisgateway.gateway.ask.Lifetime;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.InstrumentRoutes;
import kr.kisgateway.gateway.instrument.LiveListing;
import kr.kisgateway.gateway.interruption.Interruptions;
import kr.kisgateway.gateway.kis.KisBooks;
import kr.kisgateway.gateway.kis.KisMarket;
import kr.kisgateway.gateway.kis.KisSession;
import kr.kisgateway.gateway.kis.KisUsBooks;
import kr.kisgateway.gateway.marketwide.MarketHours;
import kr.kisgateway.gateway.marketwide.MarketRoutes;
import kr.kisgateway.gateway.marketwide.MarketWide;
import kr.kisgateway.gateway.marketwide.MarketWideRoutes;
import kr.kisgateway.gateway.marketwide.MostTraded;
import kr.kisgateway.gateway.orderbook.BookRoutes;
import kr.kisgateway.gateway.orderbook.BookService;
import kr.kisgateway.gateway.orderbook.UsBookService;
import kr.kisgateway.gateway.quote.QuoteFacts;
import kr.kisgateway.gateway.quote.QuoteRule;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.quote.UsStore;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.NyseDays;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.UsSymbol;

/** Makes what tells of instruments, books and the market as a whole. */
final class MarketDataWiring {
    private MarketDataWiring() {}

    /**
     * What others need of it.
     *
     * @param caches what the caches behind these calls did, to be asked for
     */
    record Made(MostTraded mostTraded, Supplier<List<CacheFigures>> caches) {}

    /** Adds the calls. */
    static Made register(
            RouteTable table,
            Settings settings,
            LiveListing listing,
            KisClient kis,
            KisSession session,
            QuoteStore store,
            UsStore us,
            QuoteRule rule,
            QuoteFacts facts,
            Interruptions interruptions,
            RedisWiring.Shelves shelves,
            TradingCalendar calendar,
            InstantSource clock) {
        var cooldown = settings.quotes().cooldown();
        new InstrumentRoutes(
                        listing,
                        facts::known,
                        facts::knownByAny,
                        symbol -> interruptions
                                .last(symbol)
                                .map(told -> told.status().interrupted()),
                        calendar,
                        clock)
                .register(table);
        var books = new BookService(
                store,
                session::isBookLive,
                session::feedStatus,
                rule,
                new KisBooks(kis),
                Lifetime.of(calendar, settings.cache().orderbook().orElse(BookService.FRESH)),
                shelves.books(),
                cooldown,
                clock);
        var american = new UsBookService(
                us,
                session::isBookLive,
                session::feedStatus,
                rule,
                UsHours.of(calendar),
                new KisUsBooks(() -> kis),
                settings.cache().orderbook().orElse(BookService.FRESH),
                shelves.usBooks(),
                cooldown,
                clock);
        new BookRoutes(listing, books, american).register(table);
        var market = new MarketWide(new KisMarket(kis), settings.marketWide(), shelves.market(), cooldown, clock);
        Consumer<List<? extends MarketSymbol>> forget = symbols -> symbols.forEach(symbol -> {
            switch (symbol) {
                case Symbol korean -> {
                    books.forget(korean);
                    market.forget(korean);
                }
                case UsSymbol it -> american.forget(it);
            }
        });
        listing.onChange(change -> forget.accept(change.touched()));
        interruptions.listen(forget::accept);
        new MarketWideRoutes(market, listing, clock).register(table);
        new MarketRoutes(new MarketHours(calendar, NyseDays.load()), interruptions::breakers, clock).register(table);
        return new Made(
                new MostTraded(market, listing),
                () -> Stream.concat(Stream.of(books.figures(), american.figures()), market.figures().stream())
                        .toList());
    }
}
