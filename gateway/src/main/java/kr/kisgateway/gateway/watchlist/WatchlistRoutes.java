package kr.kisgateway.gateway.watchlist;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.access.CallRates;
import kr.kisgateway.gateway.document.DocumentException;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.watchlist.Watchlists.Watchlist;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /v1/watchlists}: each caller has its own. */
public final class WatchlistRoutes {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.watchlist");
    /** Changes of a caller in a second: each writes all of them and forces them to the disk. */
    private static final int CHANGES_PER_SECOND = 20;

    private static final String PATH = "/v1/watchlists";
    /** Of a name: printable, so that it cannot disguise itself in a list. */
    private static final Pattern NAME =
            Pattern.compile("[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S}][\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} ]{0,39}");

    private final Watchlists watchlists;
    private final Predicate<String> listed;
    private final InstantSource clock;
    private final InstantSource monotonicClock;
    private final CallRates rates = new CallRates();

    /**
     * @param listed whether a symbol is listed
     * @param monotonicClock a clock that never goes back
     */
    public WatchlistRoutes(
            Watchlists watchlists, Predicate<String> listed, InstantSource clock, InstantSource monotonicClock) {
        this.monotonicClock = monotonicClock;
        this.watchlists = watchlists;
        this.listed = listed;
        this.clock = clock;
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, PATH, this::list)
                .put(Role.QUOTE, PATH + "/{name}", this::save)
                .delete(Role.QUOTE, PATH + "/{name}", this::delete);
    }

    /** Registers the meters. */
    public void bindTo(Meters meters) {
        meters.resource("watchlists", watchlists::count, Watchlists.TOTAL_MAX);
    }

    private void list(Call call) {
        call.answer(new kr.kisgateway.api.watchlist.Watchlists(
                watchlists.of(call.caller().name()).stream()
                        .map(WatchlistRoutes::answer)
                        .toList()));
    }

    private void save(Call call) {
        String name = call.pathParameter("name");
        if (!NAME.matcher(name).matches()) {
            throw RequestBody.invalid("name", "must have 1 to 40 printable characters and not begin with a space");
        }
        var symbols = call.body().requireOnly(Set.of("symbols")).texts("symbols", Watchlists.SYMBOLS_MAX);
        requireSymbols(call, symbols);
        takeChange(call);
        var watchlist = new Watchlist(name, symbols, Instant.ofEpochMilli(clock.millis()));
        if (!writeOrRefuse(() -> watchlists.save(call.caller().name(), watchlist))) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.QUOTA_EXCEEDED,
                    "A caller has at most " + Watchlists.OF_OWNER_MAX + " watchlists, all together "
                            + Watchlists.TOTAL_MAX + "."));
        }
        call.answer(answer(watchlist));
    }

    private void requireSymbols(Call call, List<String> symbols) {
        var seen = new HashSet<String>();
        for (String symbol : symbols) {
            if (!listed.test(symbol)) {
                throw new RefusedException(
                        Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, "No instrument with this symbol is listed.")
                                .with("symbol", symbol.length() > 40 ? symbol.substring(0, 40) : symbol));
            }
            call.caller().requireSymbol(symbol);
            if (!seen.add(symbol)) {
                throw RequestBody.invalid("symbols", "has " + symbol + " twice");
            }
        }
    }

    private void takeChange(Call call) {
        rates.takeOrRefuse(
                call.caller().name(),
                CHANGES_PER_SECOND,
                monotonicClock.instant(),
                "A caller changes its watchlists at most " + CHANGES_PER_SECOND
                        + " times a second; wait and try again.");
    }

    private void delete(Call call) {
        takeChange(call);
        call.answer(answer(writeOrRefuse(() -> watchlists.delete(call.caller().name(), call.pathParameter("name")))
                .orElseThrow(() -> new RefusedException(
                        Refusal.of(ErrorCode.WATCHLIST_NOT_FOUND, "You have no watchlist with this name.")))));
    }

    private static kr.kisgateway.api.watchlist.Watchlist answer(Watchlist watchlist) {
        return new kr.kisgateway.api.watchlist.Watchlist(
                watchlist.name(), watchlist.symbols(), ApiValues.time(watchlist.updatedAt()));
    }

    private static <T> T writeOrRefuse(Supplier<T> work) {
        try {
            return work.get();
        } catch (DocumentException e) {
            LOG.error("watchlists_not_written cause=\"{}\"", e.getMessage());
            throw new RefusedException(Refusal.of(
                    ErrorCode.WATCHLISTS_UNAVAILABLE,
                    "The watchlists cannot be written now, nothing changed; see the gateway's log."));
        }
    }
}
