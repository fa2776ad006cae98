package kr.kisgateway.gateway;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.aegis.Aegis;
import kr.kisgateway.gateway.aegis.VersionTable;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.interruption.StockStatusMonitor;
import kr.kisgateway.gateway.log.SecurityLog;
import kr.kisgateway.gateway.meter.ApiUsage;
import kr.kisgateway.gateway.order.ExecutionRoutes;
import kr.kisgateway.gateway.order.OrderRoutes;
import kr.kisgateway.gateway.portfolio.Portfolio;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.PerMarket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The AEGIS-compatible names, which a setting switches while the gateway runs, and the list of all versions. */
final class AegisModule {
    private static final Logger SECURITY = LoggerFactory.getLogger(SecurityLog.AUDIT);
    private static final Duration CHECK_EVERY = Duration.ofMinutes(1);

    private AegisModule() {}

    /** Counts the calls of each version. */
    static ApiUsage usage(Platform platform, VersionTable versions) {
        Map<String, String> paths = new LinkedHashMap<>();
        versions.entries().forEach(entry -> paths.put(entry.name(), entry.path()));
        return new ApiUsage(paths, platform.meters(), platform.clock());
    }

    static void register(
            Platform platform,
            VersionTable versions,
            ApiUsage usage,
            InstrumentModule instruments,
            QuoteModule quotes,
            MarketDataModule market,
            HistoryModule history,
            PerMarket<Portfolio> portfolios,
            OrderModule orders,
            OrderRoutes orderRoutes,
            StockStatusMonitor interruptions,
            StreamHub hub) {
        var live = platform.live();
        var aegis = new Aegis(
                versions,
                () -> live.current().aegisV31(),
                new Aegis.Capabilities(
                        instruments.listing()::lookup,
                        quotes.all().services().of(Market.KOREA),
                        market.books().of(Market.KOREA),
                        history.bars().of(Market.KOREA),
                        portfolios.of(Market.KOREA),
                        new ExecutionRoutes(orders.desk()),
                        orderRoutes,
                        hub),
                platform.alertSource(AlertEvent.AEGIS_ORDER_FAILED),
                platform.calendar(),
                platform.clock());
        aegis.register(platform.routes(), usage);
        aegis.bindTo(platform.meters());
        instruments.listing().onChange(change -> aegis.invalidateAll(change.touched()));
        interruptions.addListener(symbols -> aegis.invalidateAll(List.<MarketSymbol>copyOf(symbols)));
        live.onChange(settings -> {
            SECURITY.info("api_version_switched version=v3.1 on={}", settings.aegisV31());
            aegis.versionsChanged();
        });
        platform.parts().add(platform.tasks().every("aegis-alerts", CHECK_EVERY, aegis::check));
    }
}
