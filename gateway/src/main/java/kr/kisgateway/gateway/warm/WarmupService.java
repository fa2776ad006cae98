package kr.kisgateway.gateway.warm;

import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.CurrentListing;
import kr.kisgateway.gateway.job.JobRunner;
import kr.kisgateway.gateway.marketwide.MostTraded;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.task.TaskRunner;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;

/** Warm-up of the caches: its route and its scheduler. */
public final class WarmupService {
    private final Settings.Warmup settings;
    private final MostTraded mostTraded;
    private final CurrentListing listing;
    private final TradingCalendar calendar;
    private final InstantSource clock;

    public WarmupService(
            Settings.Warmup settings,
            MostTraded mostTraded,
            CurrentListing listing,
            TradingCalendar calendar,
            InstantSource clock) {
        this.settings = settings;
        this.mostTraded = mostTraded;
        this.listing = listing;
        this.calendar = calendar;
        this.clock = clock;
    }

    /** Adds the route. */
    public void register(JobRunner jobs, RouteTable table) {
        new WarmupRoutes(new WarmupStarter(jobs), mostTraded, listing, settings).register(table);
    }

    /** Starts the scheduler at the configured time, until the result is closed; does nothing without one. */
    public AutoCloseable start(JobRunner jobs, TaskRunner tasks) {
        if (settings.at().isEmpty()) {
            return () -> {};
        }
        return scheduler(jobs).start(tasks);
    }

    WarmupScheduler scheduler(JobRunner jobs) {
        boolean top = settings.symbols().isEmpty();
        return new WarmupScheduler(
                new WarmupSchedule(settings.at().orElseThrow(), calendar),
                new WarmupStarter(jobs),
                top ? this::mostTradedSymbols : this::namedSymbols,
                top,
                settings.types(),
                clock);
    }

    private List<Symbol> mostTradedSymbols() {
        Predicate<String> anything = _ -> true;
        return mostTraded.top(settings.top(), WarmupStarter.SCHEDULE, anything);
    }

    /** Named symbols that are listed today: a delisted one must not keep the others cold. */
    private List<MarketSymbol> namedSymbols() {
        return settings.symbols().stream()
                .filter(symbol -> listing.isListed(symbol.code()))
                .toList();
    }
}
