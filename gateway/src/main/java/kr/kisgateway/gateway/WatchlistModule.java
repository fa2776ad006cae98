package kr.kisgateway.gateway;

import kr.kisgateway.gateway.watchlist.WatchlistRoutes;
import kr.kisgateway.gateway.watchlist.Watchlists;
import kr.kisgateway.gateway.watchlist.Watchlists.WatchlistFileException;

/** Watchlists of the page and of programs. */
final class WatchlistModule {
    /** File name of the watchlists in the data folder. */
    static final String FILE = "watchlists.json";

    private WatchlistModule() {}

    /** Reads the watchlists and registers their routes. */
    static void register(Platform platform, InstrumentModule instruments) {
        var routes = new WatchlistRoutes(
                open(platform),
                instruments.listing()::isListed,
                platform.clock(),
                platform.clock().monotonicClock());
        routes.bindTo(platform.meters());
        routes.register(platform.routes());
    }

    private static Watchlists open(Platform platform) {
        try {
            return Watchlists.open(platform.data().file(FILE));
        } catch (WatchlistFileException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        }
    }
}
