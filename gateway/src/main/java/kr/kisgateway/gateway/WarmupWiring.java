package kr.kisgateway.gateway;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.history.BarService;
import kr.kisgateway.gateway.history.UsBarService;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.CurrentListing;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.Lookup;
import kr.kisgateway.gateway.job.JobKind;
import kr.kisgateway.gateway.job.JobRunner;
import kr.kisgateway.gateway.marketwide.MostTraded;
import kr.kisgateway.gateway.quote.QuoteFacts;
import kr.kisgateway.gateway.quote.QuoteService;
import kr.kisgateway.gateway.quote.QuoteSource;
import kr.kisgateway.gateway.quote.UsQuoteSource;
import kr.kisgateway.gateway.quote.UsQuotes;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.Settings.WarmupType;
import kr.kisgateway.gateway.warm.WarmupJob;
import kr.kisgateway.gateway.warm.WarmupService;
import kr.kisgateway.market.TradingCalendar;

/** Builds the warmup of the quote, bar and instrument caches. */
final class WarmupWiring {
    private final QuoteService quotes;
    private final UsQuotes usQuotes;
    private final QuoteFacts facts;
    private final QuoteSource lowPriorityQuotes;
    private final UsQuoteSource lowPriorityUsQuotes;
    private final CurrentListing listing;
    private final InstantSource clock;
    private final WarmupService warmup;

    /**
     * @param lowPriorityQuotes requests prices at the lowest priority
     * @param lowPriorityUsQuotes requests US prices at the lowest priority
     */
    WarmupWiring(
            Settings.Warmup settings,
            QuoteService quotes,
            UsQuotes usQuotes,
            QuoteFacts facts,
            QuoteSource lowPriorityQuotes,
            UsQuoteSource lowPriorityUsQuotes,
            MostTraded mostTraded,
            CurrentListing listing,
            TradingCalendar calendar,
            InstantSource clock) {
        this.quotes = quotes;
        this.usQuotes = usQuotes;
        this.facts = facts;
        this.lowPriorityQuotes = lowPriorityQuotes;
        this.lowPriorityUsQuotes = lowPriorityUsQuotes;
        this.listing = listing;
        this.clock = clock;
        this.warmup = new WarmupService(settings, mostTraded, listing, calendar, clock);
    }

    JobKind jobKind(BarService bars, UsBarService usBars) {
        return new WarmupJob(
                Map.of(
                        WarmupType.PRICE,
                        (listed, tenant, timeout) -> switch (listed) {
                            case Listed.Korean stock ->
                                quotes.warm(
                                        stock.instrument(),
                                        lowPriorityQuotes,
                                        tenant,
                                        clock.instant().plus(timeout));
                            case Listed.Us stock -> usQuotes.warm(stock, lowPriorityUsQuotes, tenant);
                        },
                        WarmupType.CHART,
                        (listed, tenant, timeout) -> switch (listed) {
                            case Listed.Korean stock -> bars.warm(stock.instrument(), tenant, timeout);
                            case Listed.Us stock -> usBars.warm(stock.symbol(), tenant, timeout);
                        },
                        WarmupType.INFO,
                        (listed, tenant, timeout) -> switch (listed) {
                            case Listed.Korean stock ->
                                facts.warm(
                                        stock.instrument(),
                                        lowPriorityQuotes,
                                        tenant,
                                        clock.instant().plus(timeout));
                            case Listed.Us stock -> Optional.of(Lookup.koreanOnlyRefusal(stock));
                        }),
                listing::lookup);
    }

    void register(JobRunner jobs, RouteTable table) {
        warmup.register(jobs, table);
    }

    AutoCloseable start(JobRunner jobs) {
        return warmup.start(jobs);
    }
}
