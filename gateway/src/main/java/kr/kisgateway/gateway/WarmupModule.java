package kr.kisgateway.gateway;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.history.BarService;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.CurrentListing;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.job.JobKind;
import kr.kisgateway.gateway.job.JobRunner;
import kr.kisgateway.gateway.marketwide.MostTraded;
import kr.kisgateway.gateway.quote.QuoteSource;
import kr.kisgateway.gateway.settings.Settings.WarmupType;
import kr.kisgateway.gateway.task.TaskRunner;
import kr.kisgateway.gateway.warm.WarmupJob;
import kr.kisgateway.gateway.warm.WarmupService;
import kr.kisgateway.market.PerMarket;

/** The warmup of the quote, bar and instrument caches. */
final class WarmupModule {
    private final QuoteModule quotes;
    /** Requests prices at the lowest priority. */
    private final QuoteSource lowPriorityQuotes;

    private final CurrentListing listing;
    private final InstantSource clock;
    private final WarmupService warmup;

    WarmupModule(
            Platform platform,
            InstrumentModule instruments,
            BrokerAdapter broker,
            QuoteModule quotes,
            MostTraded mostTraded) {
        this.quotes = quotes;
        this.lowPriorityQuotes = broker.marketData().quotesInBackground();
        this.listing = instruments.listing();
        this.clock = platform.clock();
        this.warmup = new WarmupService(
                platform.settings().warmup(), mostTraded, listing, platform.calendar(), platform.clock());
    }

    JobKind jobKind(PerMarket<BarService> bars) {
        return new WarmupJob(
                Map.of(
                        WarmupType.PRICE,
                        (listed, tenant, timeout) -> quotes.all()
                                .services()
                                .of(listed.symbol())
                                .warm(
                                        listed,
                                        lowPriorityQuotes,
                                        tenant,
                                        clock.instant().plus(timeout)),
                        WarmupType.CHART,
                        (listed, tenant, timeout) -> bars.of(listed.symbol()).warm(listed.symbol(), tenant, timeout),
                        WarmupType.INFO,
                        (listed, tenant, timeout) -> switch (listed) {
                            case Listed.Korean stock ->
                                quotes.facts()
                                        .warm(
                                                stock.instrument(),
                                                lowPriorityQuotes,
                                                tenant,
                                                clock.instant().plus(timeout));
                            case Listed.Overseas stock -> Optional.of(stock.koreanOnlyRefusal());
                        }),
                listing::lookup);
    }

    void register(JobRunner jobs, RouteTable table) {
        warmup.register(jobs, table);
    }

    AutoCloseable start(JobRunner jobs, TaskRunner tasks) {
        return warmup.start(jobs, tasks);
    }
}
