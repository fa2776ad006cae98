package kr.kisgateway.gateway;

import java.time.InstantSource;
import java.util.Map;
import kr.kisgateway.gateway.history.BarService;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.LiveListing;
import kr.kisgateway.gateway.job.JobDesk;
import kr.kisgateway.gateway.job.JobKind;
import kr.kisgateway.gateway.marketwide.MostTraded;
import kr.kisgateway.gateway.quote.QuoteFacts;
import kr.kisgateway.gateway.quote.QuoteService;
import kr.kisgateway.gateway.quote.QuoteSource;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.Settings.WarmType;
import kr.kisgateway.gateway.warm.Warming;
import kr.kisgateway.gateway.warm.Warmth;
import kr.kisgateway.market.TradingCalendar;

/** Makes what warms the caches of quotes, bars and instruments. */
final class WarmWiring {
    private final QuoteService quotes;
    private final QuoteFacts facts;
    private final QuoteSource patient;
    private final LiveListing listing;
    private final InstantSource clock;
    private final Warmth warmth;

    /** @param patient asks for prices behind everybody else */
    WarmWiring(
            Settings.Warm settings,
            QuoteService quotes,
            QuoteFacts facts,
            QuoteSource patient,
            MostTraded mostTraded,
            LiveListing listing,
            TradingCalendar calendar,
            InstantSource clock) {
        this.quotes = quotes;
        this.facts = facts;
        this.patient = patient;
        this.listing = listing;
        this.clock = clock;
        this.warmth = new Warmth(settings, mostTraded, listing, calendar, clock);
    }

    JobKind kind(BarService bars) {
        return new Warming(
                Map.of(
                        WarmType.PRICE,
                        (instrument, tenant, patience) -> quotes.warm(
                                instrument, patient, tenant, clock.instant().plus(patience)),
                        WarmType.CHART,
                        bars::warm,
                        WarmType.INFO,
                        (instrument, tenant, patience) -> facts.warm(
                                instrument, patient, tenant, clock.instant().plus(patience))),
                listing::find);
    }

    void register(JobDesk jobs, RouteTable table) {
        warmth.register(jobs, table);
    }

    AutoCloseable start(JobDesk jobs) {
        return warmth.start(jobs);
    }
}
