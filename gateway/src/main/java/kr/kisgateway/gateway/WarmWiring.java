package kr.kisgateway.gateway;

import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.history.BarService;
import kr.kisgateway.gateway.history.UsBarService;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.LiveListing;
import kr.kisgateway.gateway.instrument.Lookup;
import kr.kisgateway.gateway.job.JobDesk;
import kr.kisgateway.gateway.job.JobKind;
import kr.kisgateway.gateway.marketwide.MostTraded;
import kr.kisgateway.gateway.quote.QuoteFacts;
import kr.kisgateway.gateway.quote.QuoteService;
import kr.kisgateway.gateway.quote.QuoteSource;
import kr.kisgateway.gateway.quote.UsQuoteSource;
import kr.kisgateway.gateway.quote.UsQuotes;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.Settings.WarmType;
import kr.kisgateway.gateway.warm.Warming;
import kr.kisgateway.gateway.warm.Warmth;
import kr.kisgateway.market.TradingCalendar;

/** Makes what warms the caches of quotes, bars and instruments. */
final class WarmWiring {
    private final QuoteService quotes;
    private final UsQuotes american;
    private final QuoteFacts facts;
    private final QuoteSource patient;
    private final UsQuoteSource patientThere;
    private final LiveListing listing;
    private final InstantSource clock;
    private final Warmth warmth;

    /**
     * @param patient asks for prices behind everybody else
     * @param patientThere the same of American stocks
     */
    WarmWiring(
            Settings.Warm settings,
            QuoteService quotes,
            UsQuotes american,
            QuoteFacts facts,
            QuoteSource patient,
            UsQuoteSource patientThere,
            MostTraded mostTraded,
            LiveListing listing,
            TradingCalendar calendar,
            InstantSource clock) {
        this.quotes = quotes;
        this.american = american;
        this.facts = facts;
        this.patient = patient;
        this.patientThere = patientThere;
        this.listing = listing;
        this.clock = clock;
        this.warmth = new Warmth(settings, mostTraded, listing, calendar, clock);
    }

    JobKind kind(BarService bars, UsBarService there) {
        return new Warming(
                Map.of(
                        WarmType.PRICE,
                        (listed, tenant, patience) -> switch (listed) {
                            case Listed.Korean it ->
                                quotes.warm(
                                        it.instrument(),
                                        patient,
                                        tenant,
                                        clock.instant().plus(patience));
                            case Listed.Us it -> american.warm(it, patientThere, tenant);
                        },
                        WarmType.CHART,
                        (listed, tenant, patience) -> switch (listed) {
                            case Listed.Korean it -> bars.warm(it.instrument(), tenant, patience);
                            case Listed.Us it -> there.warm(it.symbol(), tenant, patience);
                        },
                        WarmType.INFO,
                        (listed, tenant, patience) -> switch (listed) {
                            case Listed.Korean it ->
                                facts.warm(
                                        it.instrument(),
                                        patient,
                                        tenant,
                                        clock.instant().plus(patience));
                            case Listed.Us it -> Optional.of(Lookup.koreanOnly(it));
                        }),
                listing::lookup);
    }

    void register(JobDesk jobs, RouteTable table) {
        warmth.register(jobs, table);
    }

    AutoCloseable start(JobDesk jobs) {
        return warmth.start(jobs);
    }
}
