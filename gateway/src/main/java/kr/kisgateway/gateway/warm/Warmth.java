package kr.kisgateway.gateway.warm;

import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.LiveListing;
import kr.kisgateway.gateway.job.JobDesk;
import kr.kisgateway.gateway.marketwide.MostTraded;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/** Warming as a whole: its call, and what begins it by itself. */
public final class Warmth {
    private final Settings.Warm settings;
    private final MostTraded mostTraded;
    private final LiveListing listing;
    private final TradingCalendar calendar;
    private final InstantSource clock;

    public Warmth(
            Settings.Warm settings,
            MostTraded mostTraded,
            LiveListing listing,
            TradingCalendar calendar,
            InstantSource clock) {
        this.settings = settings;
        this.mostTraded = mostTraded;
        this.listing = listing;
        this.calendar = calendar;
        this.clock = clock;
    }

    /** Adds the call. */
    public void register(JobDesk jobs, RouteTable table) {
        new WarmRoutes(new WarmDesk(jobs), mostTraded, listing, settings).register(table);
    }

    /** Warms from now on at the time that is set, until the answer is closed; does nothing where none is. */
    public AutoCloseable start(JobDesk jobs) {
        if (settings.at().isEmpty()) {
            return () -> {};
        }
        return keeper(jobs).start();
    }

    WarmKeeper keeper(JobDesk jobs) {
        boolean top = settings.symbols().isEmpty();
        return new WarmKeeper(
                new WarmPlan(settings.at().orElseThrow(), calendar),
                new WarmDesk(jobs),
                top ? this::most : this::named,
                top,
                settings.types(),
                clock);
    }

    private List<Symbol> most() {
        Predicate<String> anything = _ -> true;
        return mostTraded.top(settings.top(), WarmDesk.SCHEDULE, anything);
    }

    /** Those named that are listed today: one that is no more must not keep the others cold. */
    private List<Symbol> named() {
        return settings.symbols().stream()
                .filter(symbol -> listing.find(symbol).isPresent())
                .toList();
    }
}
