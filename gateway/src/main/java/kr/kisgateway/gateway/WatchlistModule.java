package kr.kisgateway.gateway;

import kr.kisgateway.gateway.watchlist.WatchlistRoutes;
import kr.kisgateway.gateway.watchlist.Watchlists;

/** Watchlists of the page and of programs. */
final class WatchlistModule {
    /** Name of the document with the watchlists. */
    static final String FILE = "watchlists.json";

    private WatchlistModule() {}

    /** Reads the watchlists and registers their routes. */
    static void register(Platform platform, InstrumentModule instruments) {
        var routes = new WatchlistRoutes(
                Documents.open(platform, FILE, Watchlists::open),
                instruments.listing()::isListed,
                platform.clock(),
                platform.clock().monotonicClock());
        routes.bindTo(platform.meters());
        routes.register(platform.routes());
    }
}
