package kr.kisgateway.api.watchlist;

import kr.kisgateway.api.call.ApiCall;
import kr.kisgateway.api.call.ApiCall.Method;

/** The calls about watchlists. */
public final class WatchlistCalls {
    private WatchlistCalls() {}

    private static final String WATCHLISTS = "/v1/watchlists";

    /** The caller's watchlists. */
    public static ApiCall<Watchlists> watchlists() {
        return ApiCall.get(WATCHLISTS, Watchlists.class);
    }

    /** Creates or replaces the watchlist with this name. */
    public static ApiCall<Watchlist> save(String name, WatchlistRequest request) {
        return ApiCall.of(Method.PUT, WATCHLISTS + "/" + ApiCall.encode(name), request, Watchlist.class);
    }

    /** Deletes the watchlist with this name. */
    public static ApiCall<Watchlist> delete(String name) {
        return ApiCall.of(Method.DELETE, WATCHLISTS + "/" + ApiCall.encode(name), Watchlist.class);
    }
}
