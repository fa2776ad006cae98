package kr.kisgateway.gateway;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.aegis.VersionTable;
import kr.kisgateway.gateway.batch.BatchResponder;
import kr.kisgateway.gateway.batch.BatchRunner;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.log.SecurityLog;
import kr.kisgateway.gateway.meter.JvmMeters;
import kr.kisgateway.gateway.portfolio.DividendRoutes;
import kr.kisgateway.gateway.portfolio.Portfolio;
import kr.kisgateway.gateway.portfolio.PortfolioRoutes;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.Markets;
import kr.kisgateway.market.PerMarket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds and starts the gateway: one module for each capability, in the order of their dependencies. A module takes what it
 * depends on, registers its routes and returns what others use; what listens to another part attaches to it before
 * anything starts.
 */
final class Wiring {
    private static final Logger SECURITY = LoggerFactory.getLogger(SecurityLog.AUDIT);

    private Wiring() {}

    /** Starts with the machine's clock and random source. */
    static Gateway start(Settings settings) {
        return start(settings, clock(settings), new SecureRandom());
    }

    /** Starts the owner of a shared database. */
    static Gateway start(Settings settings, SteadyClock clock, SecureRandom random, Ownership ownership) {
        return start(settings, clock, random, Markets.standard(), BrokerModule::connect, Optional.of(ownership));
    }

    /** The machine's clock, or the fast one of the settings. */
    private static SteadyClock clock(Settings settings) {
        return settings.simulator()
                .fastTime()
                .map(time -> SteadyClock.fast(time, InstantSource.system(), System::nanoTime))
                .orElseGet(Wiring::clock);
    }

    /** The machine's clock. */
    static SteadyClock clock() {
        return new SteadyClock(InstantSource.system(), System::nanoTime);
    }

    static Gateway start(Settings settings, SteadyClock clock, SecureRandom random) {
        return start(settings, clock, random, Markets.standard(), BrokerModule::connect);
    }

    /**
     * @param markets whose instruments the gateway knows
     * @param connector builds the adapter of the broker
     */
    static Gateway start(
            Settings settings, SteadyClock clock, SecureRandom random, Markets markets, BrokerConnector connector) {
        return start(settings, clock, random, markets, connector, Optional.empty());
    }

    private static Gateway start(
            Settings settings,
            SteadyClock clock,
            SecureRandom random,
            Markets markets,
            BrokerConnector connector,
            Optional<Ownership> ownership) {
        var parts = new Parts();
        try {
            return build(
                    Platform.open(settings, clock, random, markets, ownership.map(Ownership::member), ownership, parts),
                    connector);
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    private static Gateway build(Platform platform, BrokerConnector connector) {
        var clock = platform.clock();
        var notifications = NotificationModule.start(platform);
        var recorder = IncidentModule.record(platform, notifications.desk());
        var egress = EgressModule.start(platform);
        LogModule.register(platform);
        var access = AccessModule.open(platform);
        var instruments = InstrumentModule.open(platform);
        var cache = CacheModule.connect(platform);

        var store = new QuoteStore(clock);
        store.bindTo(platform.meters());
        var interruptions = InterruptionModule.create(platform, instruments);
        var pool = PoolModule.create(platform);
        var connected = connector.connect(platform, cache, store, pool, interruptions);
        var broker = connected.adapter();
        var figures = ChecklistModule.count(platform, broker);
        broker.attach(recorder);
        var shared = cache.sharedCaches(platform, broker.trading().owner());

        var quotes = QuoteModule.create(platform, instruments, broker, shared, store, interruptions);
        var market = MarketDataModule.create(platform, instruments, broker, shared, quotes, interruptions);
        var portfolios = portfolios(platform, broker, cache, shared);
        var orders = OrderModule.create(platform, broker, instruments, portfolios);
        var batchRunner = new BatchRunner(clock, platform.workers());
        batchRunner.bindTo(platform.meters());
        var batches = new BatchResponder(batchRunner, platform.tasks());
        var warmup = new WarmupModule(platform, instruments, broker, quotes, market.mostTraded());
        var history = HistoryModule.create(platform, instruments, broker, shared, batches, warmup, pool);
        connected
                .simulator()
                .ifPresent(simulator ->
                        simulator.registerRoutes(platform, history.bars().of(Market.KOREA)));
        var hub = StreamModule.create(
                platform, pool, broker, instruments, quotes, orders, history, interruptions, access.keys());

        quotes.register(platform, instruments, broker, batches);
        new DividendRoutes(portfolios.of(Market.KOREA), clock).register(platform.routes());
        new PortfolioRoutes(portfolios, orders.desk()::availableCash, platform.calendars(), clock)
                .register(platform.routes());
        var entry = orders.register(
                platform,
                broker,
                instruments,
                quotes,
                new VenueMarkets(
                        instruments.listing(),
                        quotes.facts(),
                        quotes.all().services().of(Market.KOREA),
                        market.books().of(Market.KOREA)),
                portfolios,
                egress,
                access.keys()::hasName,
                access.keys()::hasValid);
        var parents = ParentModule.create(
                platform, access, orders, entry, instruments, quotes, pool, hub, access.keys()::hasValid);
        var face = FaceModule.create(
                platform, broker, access, orders, entry.intake(), parents, instruments, quotes, interruptions, pool);
        FanoutModule.start(
                platform,
                pool,
                store,
                hub,
                orders,
                interruptions,
                () -> StreamModule.session(platform, broker),
                face::port);
        WebhookModule.register(platform, access, entry.routes());
        WatchlistModule.register(platform, instruments);
        var versions = VersionTable.load();
        var usage = AegisModule.usage(platform, versions);
        AegisModule.register(
                platform,
                versions,
                usage,
                instruments,
                quotes,
                market,
                history,
                portfolios,
                orders,
                entry.routes(),
                interruptions,
                hub);
        var reports = ReportModule.create(platform, notifications, orders, instruments);
        SessionModule.register(platform, broker, orders, egress, face.problem()::get);

        orders.start(platform, broker, access.keys()::hasName);
        entry.start(platform);
        parents.start(platform);
        reports.start(platform, notifications);
        reports.register(platform);
        face.skipPast(orders);
        PoolModule.start(platform, pool, broker, instruments, store, orders.desk(), hub, face);
        UsNotices.follow(orders, broker, pool, platform.workers());
        SessionModule.start(platform, broker);
        ChatModule.start(
                platform,
                notifications,
                orders,
                portfolios,
                () -> SessionModule.blockers(platform, broker, orders, egress));
        var backups = BackupModule.start(platform);
        ChecklistModule.register(platform, broker, orders, access.keys(), backups, figures);
        history.start(platform);
        PoolModule.pin(platform.settings(), pool, instruments);
        var edge = HttpModule.start(
                platform,
                FanoutModule.admitNodes(platform, access.start(platform, instruments, hub, face::port)),
                access.keys(),
                usage,
                hub::subscriptionsByCaller);
        platform.parts().add(hub);
        var started = face.start(platform, access);
        // After the start: reading the beans of the Java machine for the first time takes a tenth of a second.
        platform.parts().add(JvmMeters.bind(platform.meters()));
        logStart(platform, edge.port());
        return new Gateway(
                platform.settings(),
                edge.port(),
                connected.simulatorPort(),
                started,
                platform.routes(),
                platform.meters(),
                orders.desk()::killSwitch,
                access.keys()::hasValid,
                ServiceModule.watched(platform, orders.desk(), parents.desk(), edge),
                platform.parts());
    }

    /** Other gateways share what they know of Korea alone. */
    private static PerMarket<Portfolio> portfolios(
            Platform platform, BrokerAdapter broker, CacheModule cache, CacheModule.SharedCaches shared) {
        var sharedAccounts =
                cache.link().isPresent() ? List.copyOf(platform.settings().accounts()) : List.<String>of();
        PerMarket<Portfolio> portfolios = broker.trading()
                .portfolios()
                .map((market, source) -> market.equals(Market.KOREA)
                        ? new Portfolio(
                                Optional.of(source),
                                shared.balances(),
                                sharedAccounts,
                                platform.clock(),
                                platform.workers())
                        : new Portfolio(Optional.of(source), platform.clock(), platform.workers()));
        Portfolio.bind(portfolios.all(), platform.meters());
        return portfolios;
    }

    private static void logStart(Platform platform, int port) {
        var environment = platform.settings().environment().wireName();
        SECURITY.info(
                "gateway_started env={} bind={} port={}",
                environment,
                platform.settings().http().bind(),
                port);
        platform.parts().add(() -> SECURITY.info("gateway_stopping env={}", environment));
    }
}
