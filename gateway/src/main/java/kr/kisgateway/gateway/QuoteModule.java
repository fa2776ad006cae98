package kr.kisgateway.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.batch.BatchResponder;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.cache.CacheStats;
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
import kr.kisgateway.gateway.quote.UsQuoteStore;
import kr.kisgateway.gateway.quote.UsQuotes;
import kr.kisgateway.gateway.settings.KisEnvironment;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.NxtListing;
import kr.kisgateway.market.UsHours;

/**
 * Quotes.
 *
 * @param rule which pushed value is current
 * @param facts what orders and instruments need to know of a stock
 */
record QuoteModule(Stores stores, QuoteRule rule, QuoteService korean, UsQuotes us, Quotes all, QuoteFacts facts) {
    /**
     * A halt is rare, and the exchange rejects an order that this misses; one request per symbol in ten minutes is
     * worth it.
     */
    private static final Duration LISTING_STATUS_MAX_AGE = Duration.ofMinutes(10);

    /** The last pushed values. */
    record Stores(QuoteStore korean, UsQuoteStore us) {}

    static QuoteModule create(
            Platform platform,
            InstrumentModule instruments,
            BrokerAdapter broker,
            CacheModule.SharedCaches shared,
            Stores stores,
            StockStatusMonitor interruptions) {
        var settings = platform.settings();
        var calendar = platform.calendar();
        var clock = platform.clock();
        var ports = broker.marketData();
        var session = broker.realtime().session();
        var rule = new QuoteRule(calendar, settings.quotes());
        var fallback = new QuoteFallback(
                ports.quotes(),
                NxtListing.load()::contains,
                settings.quotes().safeValue(),
                shared.quotes(),
                platform.alertSource(AlertEvent.QUOTE_FALLBACK),
                clock);
        var korean = new QuoteService(
                stores.korean(),
                session,
                rule,
                ports.quotes(),
                shared.quotes(),
                fallback,
                settings.quotes().cooldown(),
                rule.lifetime(settings.cache().price()),
                clock);
        var us = new UsQuotes(
                stores.us(),
                session,
                rule,
                UsHours.of(calendar),
                ports.usQuotes(),
                shared.usQuotes(),
                fallback,
                settings.cache().price().orElse(UsQuotes.DEFAULT_LIFE),
                settings.quotes().cooldown(),
                clock);
        var all = new Quotes(instruments.listing()::lookup, korean, us, platform.workers());
        // A split, another name or another listing status invalidates what was cached.
        instruments
                .listing()
                .onChange(
                        change -> all.invalidateAll(Stream.concat(change.changed().stream(), change.removed().stream())
                                .map(MarketSymbol::parse)
                                .flatMap(Optional::stream)
                                .toList()));
        var facts = new QuoteFacts(
                stores.korean(),
                korean,
                shared.quotes(),
                calendar,
                clock,
                // In sim, halts are triggered by scenario and pushed; none is requested.
                settings.cache()
                        .stockInfo()
                        .or(() -> settings.environment() == KisEnvironment.SIM
                                ? Optional.empty()
                                : Optional.of(LISTING_STATUS_MAX_AGE)),
                interruptions::lastStatus);
        return new QuoteModule(stores, rule, korean, us, all, facts);
    }

    /** @param caches statistics of the caches of all other market data */
    void register(
            Platform platform,
            InstrumentModule instruments,
            BrokerAdapter broker,
            BatchResponder batches,
            StreamHub hub,
            CacheModule.SharedCaches shared,
            Supplier<List<CacheStats>> caches) {
        var ports = broker.marketData();
        var batch = new QuoteBatch(
                instruments.listing()::lookup,
                korean,
                us,
                ports.multiPrices(),
                ports.usQuotesOfBatches(),
                rule,
                ports.callsPerSecond(),
                platform.clock());
        var metrics = new QuoteMetrics(
                stores.korean(),
                all,
                rule,
                broker.realtime().session(),
                platform.clock(),
                hub.counters()::figures,
                shared.figures(),
                caches);
        new QuoteRoutes(all, batch, batches, metrics).register(platform.routes());
    }
}
