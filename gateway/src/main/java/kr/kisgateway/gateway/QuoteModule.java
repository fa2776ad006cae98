package kr.kisgateway.gateway;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.batch.BatchResponder;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.NxtEligibility;
import kr.kisgateway.gateway.interruption.StockStatusMonitor;
import kr.kisgateway.gateway.quote.QuoteBatch;
import kr.kisgateway.gateway.quote.QuoteFacts;
import kr.kisgateway.gateway.quote.QuoteFallback;
import kr.kisgateway.gateway.quote.QuoteMetrics;
import kr.kisgateway.gateway.quote.QuoteRoutes;
import kr.kisgateway.gateway.quote.QuoteRule;
import kr.kisgateway.gateway.quote.QuoteService;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.quote.Quotes;
import kr.kisgateway.gateway.settings.KisEnvironment;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PriceSeries;
import kr.kisgateway.market.VenueSymbol;

/**
 * Quotes.
 *
 * @param store the last pushed values
 * @param rule which pushed value of the Korean market is current
 * @param facts what orders and instruments need to know of a stock
 * @param nxt which stocks NXT trades today
 */
record QuoteModule(QuoteStore store, QuoteRule rule, Quotes all, QuoteFacts facts, NxtEligibility nxt) {
    /**
     * A halt is rare, and the exchange rejects an order that this misses; one request per symbol in ten minutes is
     * worth it.
     */
    private static final Duration LISTING_STATUS_MAX_AGE = Duration.ofMinutes(10);

    static QuoteModule create(
            Platform platform,
            InstrumentModule instruments,
            BrokerAdapter broker,
            CacheModule.SharedCaches shared,
            QuoteStore store,
            StockStatusMonitor interruptions) {
        var settings = platform.settings();
        var calendar = platform.calendar();
        var clock = platform.clock();
        var ports = broker.marketData();
        var session = broker.realtime().session();
        var rule = new QuoteRule(calendar, settings.quotes());
        var nxt = new NxtEligibility(instruments.listing(), ports.nxt(), calendar, clock);
        var fallback = new QuoteFallback(
                ports.quotes(),
                symbol -> instruments
                        .listing()
                        .current()
                        .find(symbol.code())
                        .filter(listed -> listed instanceof Listed.Korean korean && korean.onNxt())
                        .isPresent(),
                settings.quotes().safeValue(),
                shared.quotes(),
                platform.alertSource(AlertEvent.QUOTE_FALLBACK),
                clock);
        var services = platform.calendars().map((market, hours) -> {
            var ruleOfMarket = new QuoteRule(hours, settings.quotes());
            return new QuoteService(
                    market,
                    store,
                    session,
                    ruleOfMarket,
                    ports.quotes(),
                    shared.quotes().of(market),
                    fallback,
                    settings.quotes().cooldown(),
                    ruleOfMarket.lifetime(settings.cache().price()),
                    clock);
        });
        var all = new Quotes(instruments.listing()::lookup, nxt::updated, services, platform.workers());
        all.bindTo(platform.meters());
        fallback.bindTo(platform.meters());
        platform.meters()
                .counter(
                        "feed.reconnects",
                        "times",
                        "Reconnects of all WebSockets to the broker",
                        () -> session.feedStatus().reconnects());
        // A split, another name or another listing status invalidates what was cached.
        instruments
                .listing()
                .onChange(
                        change -> all.invalidateAll(Stream.concat(change.changed().stream(), change.removed().stream())
                                .toList()));
        var facts = new QuoteFacts(
                symbol -> instruments.listing().current().find(symbol.code()),
                store,
                services.of(Market.KOREA),
                shared.quotes(),
                calendar,
                clock,
                // In sim, halts are triggered by scenario and pushed; none is requested.
                settings.cache()
                        .stockInfo()
                        .or(() -> settings.environment() == KisEnvironment.SIM
                                ? Optional.empty()
                                : Optional.of(LISTING_STATUS_MAX_AGE)),
                interruptions::lastStatus,
                nxt::confirmed);
        return new QuoteModule(store, rule, all, facts, nxt);
    }

    /** The last price of a listed symbol of any market, or of a stock at a venue, as old as quotes may be; empty when it is unknown. */
    Function<MarketSymbol, OptionalLong> lastPrices(InstrumentModule instruments) {
        return symbol -> instruments
                .listing()
                .current()
                .find(symbol.listed().code())
                .map(listed -> QuoteFacts.lastPrice(
                        all.services().of(symbol),
                        listed,
                        symbol instanceof VenueSymbol ofVenue ? ofVenue.series() : PriceSeries.MAIN))
                .orElseGet(OptionalLong::empty);
    }

    void register(Platform platform, InstrumentModule instruments, BrokerAdapter broker, BatchResponder batches) {
        var ports = broker.marketData();
        var batch = new QuoteBatch(
                instruments.listing()::lookup,
                all,
                ports.multiPrices(),
                ports.quotes(),
                rule,
                ports.callsPerSecond(),
                platform.clock());
        var session = broker.realtime().session();
        var metrics = new QuoteMetrics(all, rule, session, platform.clock(), platform.meters());
        new QuoteRoutes(all, batch, batches, metrics).register(platform.routes());
    }
}
