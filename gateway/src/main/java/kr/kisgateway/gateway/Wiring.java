package kr.kisgateway.gateway;

import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.Credentials;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisClient;
import kr.kisgateway.client.KisConfig;
import kr.kisgateway.client.LimitTable;
import kr.kisgateway.client.Limits;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.TokenStore;
import kr.kisgateway.client.Tuning;
import kr.kisgateway.gateway.SimIdentity.MasterKey;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.access.KeyRoutes;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.alert.AlertRoutes;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.bar.MinuteSource;
import kr.kisgateway.gateway.batch.BatchResponder;
import kr.kisgateway.gateway.batch.BatchRunner;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.HttpEdge;
import kr.kisgateway.gateway.http.OpenApiRoutes;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.http.TraceIds;
import kr.kisgateway.gateway.instrument.Lookup;
import kr.kisgateway.gateway.journal.DiskGuard;
import kr.kisgateway.gateway.journal.DiskRoom;
import kr.kisgateway.gateway.journal.Journal;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.JournalFolder;
import kr.kisgateway.gateway.journal.JournalRoutes;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.kis.KisBroker;
import kr.kisgateway.gateway.kis.KisFeed;
import kr.kisgateway.gateway.kis.KisMinuteSource;
import kr.kisgateway.gateway.kis.KisMultiPrices;
import kr.kisgateway.gateway.kis.KisPortfolio;
import kr.kisgateway.gateway.kis.KisQuotes;
import kr.kisgateway.gateway.kis.KisSession;
import kr.kisgateway.gateway.kis.KisUsQuotes;
import kr.kisgateway.gateway.kis.SessionAlerts;
import kr.kisgateway.gateway.log.SecurityLog;
import kr.kisgateway.gateway.order.JournalOrderReplay;
import kr.kisgateway.gateway.order.OperatorRoutes;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderPublisher;
import kr.kisgateway.gateway.order.OrderRequestParser;
import kr.kisgateway.gateway.order.OrderRoutes;
import kr.kisgateway.gateway.order.OrderSettings;
import kr.kisgateway.gateway.order.OrderStore;
import kr.kisgateway.gateway.pool.PoolRoutes;
import kr.kisgateway.gateway.pool.PoolRules;
import kr.kisgateway.gateway.pool.SessionPool;
import kr.kisgateway.gateway.portfolio.Portfolio;
import kr.kisgateway.gateway.portfolio.PortfolioRoutes;
import kr.kisgateway.gateway.quote.QuoteBatch;
import kr.kisgateway.gateway.quote.QuoteFacts;
import kr.kisgateway.gateway.quote.QuoteFallback;
import kr.kisgateway.gateway.quote.QuoteMetrics;
import kr.kisgateway.gateway.quote.QuoteRoutes;
import kr.kisgateway.gateway.quote.QuoteRule;
import kr.kisgateway.gateway.quote.QuoteService;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.quote.Quotes;
import kr.kisgateway.gateway.quote.UsFeed;
import kr.kisgateway.gateway.quote.UsQuoteStore;
import kr.kisgateway.gateway.quote.UsQuotes;
import kr.kisgateway.gateway.risk.InstrumentRule;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.gateway.risk.RiskLayersJson;
import kr.kisgateway.gateway.risk.RiskPolicy;
import kr.kisgateway.gateway.risk.RiskRoutes;
import kr.kisgateway.gateway.risk.RiskRules;
import kr.kisgateway.gateway.session.Readiness;
import kr.kisgateway.gateway.session.SessionRoutes;
import kr.kisgateway.gateway.session.SessionView;
import kr.kisgateway.gateway.settings.KisEnvironment;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.stream.SessionSnapshot;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.gateway.stream.StreamSettings;
import kr.kisgateway.gateway.stream.StreamSources;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.NxtListing;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.OpenFixedCalendar;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.wire.CodeTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds the gateway by constructor calls, in the order of the dependencies. */
final class Wiring {
    private static final Logger LOG = LoggerFactory.getLogger("gateway");
    private static final Logger SECURITY = LoggerFactory.getLogger(SecurityLog.AUDIT);
    /**
     * A halt is rare, and the exchange rejects an order that this misses; one request per symbol in ten minutes is
     * worth it.
     */
    private static final Duration LISTING_STATUS_MAX_AGE = Duration.ofMinutes(10);

    private Wiring() {}

    /** Starts with the machine's clock and random source. */
    static Gateway start(Settings settings) {
        return start(settings, new SteadyClock(InstantSource.system(), System::nanoTime), new SecureRandom());
    }

    static Gateway start(Settings settings, SteadyClock clock, SecureRandom random) {
        var parts = new Parts();
        try {
            return build(settings, clock, random, parts);
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    private static Gateway build(Settings settings, SteadyClock clock, SecureRandom random, Parts parts) {
        // For the log file: the terminal has displayed them already.
        settings.warnings().forEach(warning -> LOG.info("setting_warning text=\"{}\"", warning));
        var data = parts.add(DataFolder.open(settings.dataDir(), DataFolder.User.GATEWAY));
        requireJournal(data);
        var disk =
                parts.add(DiskGuard.start(settings.dataDir(), settings.journal().diskLow()));
        var master = MasterKey.open(settings.configDir(), random);
        var apiKeys = parts.add(
                AccessWiring.keys(data.file(AccessWiring.FILE), clock, random).startWatching());
        var calendar = calendar(settings.simulator().clock(), clock);
        var instruments = InstrumentWiring.listing(
                settings.instruments(), data.file(InstrumentWiring.FOLDER), calendar, clock, random.nextLong(), parts);

        var kisBase = settings.kis().restBase().or(() -> settings.simulator().url());
        var simulatorPort = OptionalInt.empty();
        boolean simulatorStartsEmpty =
                kisBase.isEmpty() && SimulatorWiring.startsEmpty(data.file("simulator.db"), data.file("journal.db"));
        if (kisBase.isEmpty()) {
            var simulator = parts.add(startListener(
                    "SIMULATOR_PORT",
                    "127.0.0.1",
                    settings.simulator().port(),
                    () -> SimulatorWiring.start(
                            settings.simulator(), data.file("simulator.db"), calendar, clock, random.nextLong())));
            kisBase = Optional.of(simulator.restBase());
            simulatorPort = OptionalInt.of(simulator.port());
        }

        // Client, feed, stream and registrations form a cycle, which is closed here.
        var deskReference = new AtomicReference<Optional<OrderDesk>>(Optional.empty());
        var kisReference = new AtomicReference<Optional<KisClient>>(Optional.empty());
        var sessionReference = new AtomicReference<Optional<SessionView>>(Optional.empty());
        var minutesReference = new AtomicReference<MinuteSource>((_, _, _) -> Optional.empty());
        var pool = new SessionPool(
                PoolRules.standard(
                        1 + settings.kis().furtherKeys().size(),
                        settings.access().pushShare(),
                        settings.kis().marketStatus()),
                settings.kis().koreanHours().isPresent(),
                clock);
        var traceIds = new TraceIds(random.nextLong());
        var store = new QuoteStore(clock);
        var us = new UsQuoteStore();
        var hub = new StreamHub(
                StreamSettings.standard().ofHeap(Runtime.getRuntime().maxMemory()),
                pool,
                store,
                us,
                instruments::lookup,
                new StreamSources(
                        () -> deskReference
                                .get()
                                .map(OrderPublisher::openOrders)
                                .orElse(List.of()),
                        new JournalOrderReplay(deskReference::get, Set.of(KisBroker.ACCOUNT)),
                        () -> sessionNow(sessionReference.get(), calendar, clock),
                        (symbol, from, to) -> minutesReference.get().minutes(symbol, from, to),
                        caller -> apiKeys.isValid(new KeyRing.Pass(caller.name(), caller.secretFingerprint()))),
                traceIds::next,
                clock);
        var alerts = new AlertLog(hub::alert);
        watch(disk, new AlertSource(alerts, AlertEvent.DISK_LOW, clock));
        if (simulatorStartsEmpty) {
            new AlertSource(alerts, AlertEvent.SIMULATOR_BEGAN_EMPTY, clock)
                    .raise("simulator.db", SimulatorWiring.STARTED_EMPTY);
        }
        var sessionAlerts = new SessionAlerts(alerts, CodeTable.load(), clock);
        var identity = SimIdentity.of(data.file("identity"), master, random);
        var recorder = settings.kis().recordTo().map(file -> SimulatorWiring.recorder(file, disk, clock, parts));
        var redis = RedisWiring.link(settings, clock, parts);
        var unrecordedConfig = kisConfig(settings, kisBase.get(), identity, master, data.file("token"), clock, random);
        var config = recorder.map(unrecordedConfig::withTraffic).orElse(unrecordedConfig);
        var sharedCaches = RedisWiring.sharedCaches(
                redis, settings, config.credentials(), calendar, traceIds::next, random, clock);
        var broker = new KisBroker(
                () -> kisReference.get().orElseThrow(), config.credentials().account(), clock);
        var workers = parts.add(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("quote-", 0).factory()));
        var interruptions = InterruptionWiring.interruptions(
                instruments, parts.add(InterruptionWiring.sequentialExecutor()), calendar, clock);
        var feed = new KisFeed(
                store,
                us,
                hub,
                notice -> broker.noticeOfAccount(notice)
                        .ifPresent(
                                ownNotice -> deskReference.get().orElseThrow().receiveNotice(ownNotice)),
                () -> deskReference.get().orElseThrow().reportMissedNotices("the notices' registration was away"),
                pool,
                interruptions,
                sessionAlerts,
                clock);
        var keys = PoolWiring.clients(
                settings,
                config,
                data,
                master,
                random,
                feed,
                clock,
                parts,
                keyConfig -> RedisWiring.withTokenLock(keyConfig, redis, traceIds::next, clock));
        var kis = keys.primary();
        kisReference.set(Optional.of(kis));
        kis.budget().expectOrders();
        var session = new KisSession(keys, feed, clock);
        sessionReference.set(Optional.of(session));

        var rule = new QuoteRule(calendar, settings.quotes());
        var kisQuotes = new KisQuotes(keys::leastLoaded);
        var fallback = new QuoteFallback(
                kisQuotes,
                NxtListing.load()::contains,
                settings.quotes().safeValue(),
                sharedCaches.quotes(),
                new AlertSource(alerts, AlertEvent.QUOTE_FALLBACK, clock),
                clock);
        var quotes = new QuoteService(
                store,
                session,
                rule,
                kisQuotes,
                sharedCaches.quotes(),
                fallback,
                settings.quotes().cooldown(),
                rule.lifetime(settings.cache().price()),
                clock);
        var usQuotes = new UsQuotes(
                us,
                session,
                rule,
                UsHours.of(calendar),
                new KisUsQuotes(keys::leastLoaded),
                sharedCaches.usQuotes(),
                fallback,
                settings.cache().price().orElse(UsQuotes.DEFAULT_LIFE),
                settings.quotes().cooldown(),
                clock);
        var allQuotes = new Quotes(instruments::lookup, quotes, usQuotes, workers);
        // A split, another name or another listing status invalidates what was cached.
        instruments.onChange(change -> Stream.concat(change.changed().stream(), change.removed().stream())
                .map(MarketSymbol::parse)
                .flatMap(Optional::stream)
                .forEach(allQuotes::invalidate));
        InterruptionWiring.connect(interruptions, quotes, hub, alerts, clock);
        // In sim, halts are triggered by scenario and pushed; none is requested.
        var facts = new QuoteFacts(
                store,
                quotes,
                sharedCaches.quotes(),
                calendar,
                clock,
                settings.cache()
                        .stockInfo()
                        .or(() -> settings.environment() == KisEnvironment.SIM
                                ? Optional.empty()
                                : Optional.of(LISTING_STATUS_MAX_AGE)),
                interruptions::lastStatus);
        var portfolio = new Portfolio(
                Optional.of(new KisPortfolio(kis, clock)),
                sharedCaches.balances(),
                redis.isPresent() ? List.of(KisBroker.ACCOUNT) : List.of(),
                clock,
                workers);
        parts.add(ClockWatch.start(clock, new AlertSource(alerts, AlertEvent.CLOCK_STEPPED, clock)));
        var prices = new InstrumentRule(instruments::find, calendar, clock);
        var desk = new OrderDesk(
                new OrderSettings(
                        KisBroker.ACCOUNT,
                        kis.budget().ordersPerSecond(),
                        settings.orders().workerEnabled(),
                        settings.orders().dispatchLimit(),
                        settings.orders().reconcileEvery(),
                        settings.orders().killSwitch()),
                new RiskRules((symbol, price) -> disk.refusal().or(() -> prices.check(symbol, price))),
                riskPolicy(settings),
                calendar,
                clock,
                broker,
                new OrderPublisher(hub, portfolio::invalidate, alerts, clock),
                () -> {
                    disk.check(); // after a commit that found the disk full this releases the reserve
                    return Journal.open(
                            data.file("journal.db"), settings.environment().wireName(), new OrderStore(), clock);
                },
                text -> RiskLayersJson.read(RequestBody.parse(text.getBytes(StandardCharsets.UTF_8))));
        deskReference.set(Optional.of(desk));
        var readiness = new Readiness(session, Readiness.Restrictions.none(), List::of);
        var owner = "gateway-" + ProcessHandle.current().pid();

        var table = new RouteTable();
        var batches = new BatchResponder(new BatchRunner(clock, workers));
        new SessionRoutes(
                        settings.environment(),
                        owner,
                        session,
                        new Readiness(session, restrictions(settings), () -> blockers(desk, disk)),
                        settings.http().operatorToken().isPresent(),
                        settings.fillPollInterval(),
                        calendar,
                        clock)
                .register(table);
        var marketData = MarketDataWiring.register(
                table,
                settings,
                instruments,
                kis,
                session,
                store,
                us,
                rule,
                facts,
                interruptions,
                sharedCaches,
                calendar,
                clock);
        new JournalRoutes(data.file("journal.db"), disk).register(table);
        var warmup = new WarmupWiring(
                settings.warmup(),
                quotes,
                usQuotes,
                facts,
                KisQuotes.background(keys::leastLoaded),
                KisUsQuotes.background(keys::leastLoaded),
                marketData.mostTraded(),
                instruments,
                calendar,
                clock);
        var history = HistoryWiring.register(
                data,
                settings,
                kis,
                instruments,
                batches,
                warmup,
                pool,
                hub,
                alerts,
                disk,
                sharedCaches.charts(),
                calendar,
                clock,
                random,
                table);
        minutesReference.set(sessionAlerts.withAlerts(history.minutes(new KisMinuteSource(kis))));
        new QuoteRoutes(
                        allQuotes,
                        new QuoteBatch(
                                instruments::lookup,
                                quotes,
                                usQuotes,
                                new KisMultiPrices(keys::leastLoaded, clock),
                                KisUsQuotes.forBatch(keys::leastLoaded),
                                rule,
                                keys::callsPerSecond,
                                clock),
                        batches,
                        new QuoteMetrics(
                                store,
                                allQuotes,
                                rule,
                                session,
                                clock,
                                hub.counters()::write,
                                sharedCaches.figures(),
                                () -> Stream.concat(
                                                marketData.cacheFigures().get().stream(),
                                                history.cacheFigures().stream())
                                        .toList()))
                .register(table);
        new PortfolioRoutes(portfolio, clock).register(table);
        var orders = new OrderRoutes(
                desk,
                new OrderRequestParser(
                        Set.of(KisBroker.ACCOUNT),
                        settings.orders().dispatchMarket(),
                        settings.orders().dispatchLimit()),
                clock,
                random,
                new OrderContextLoader(desk::policy, instruments::find, facts, portfolio, readiness::blockers));
        orders.addTo(table);
        new OperatorRoutes(desk, Set.of(KisBroker.ACCOUNT)).addTo(table);
        new RiskRoutes(
                        desk::policy,
                        () -> desk.limitsSet().map(set -> new RiskRoutes.Author(set.by(), set.at())),
                        orders::check,
                        (layers, by) -> setLimits(desk, layers, settings.risk().layers(), by),
                        Set.of(KisBroker.ACCOUNT),
                        apiKeys::hasName)
                .register(table);
        new AlertRoutes(alerts).register(table);
        new PoolRoutes(pool, session, instruments::lookup).register(table);
        hub.register(table);
        new OpenApiRoutes().register(table);

        start(kis, desk, parts);
        PoolWiring.start(
                pool,
                keys,
                deskReference::get,
                hub,
                store,
                us,
                settings.kis().paidUsFeed() ? UsFeed.PAID : UsFeed.FREE,
                calendar,
                workers,
                clock,
                parts);
        parts.add(SessionWatch.start(session, calendar, clock, sessionAlerts));
        history.start(parts);
        settings.kis().symbols().forEach(symbol -> {
            if (instruments.lookup(symbol.code()) instanceof Lookup.Unknown) {
                LOG.warn("symbol_not_listed setting=KIS_WS_SYMBOLS symbol={}", symbol);
            } else {
                pool.pin(symbol);
            }
        });
        var access = AccessWiring.gatekeeper(settings, apiKeys, clock, hub::disconnectKey);
        new KeyRoutes(
                        apiKeys,
                        Set.of(KisBroker.ACCOUNT),
                        symbol -> instruments.lookup(symbol) instanceof Lookup.Found,
                        clock)
                .register(table);
        var edge = parts.add(startListener(
                "GATEWAY_PORT",
                settings.http().bind(),
                settings.http().port(),
                () -> HttpEdge.start(AccessWiring.edge(settings, parts), table, access, traceIds)));
        parts.add(hub);
        RiskRoutes.warnings(desk.policy().layers(), apiKeys::hasName)
                .forEach(text -> LOG.warn("limits_of_unknown_key text=\"{}\"", text));
        SECURITY.info(
                "gateway_started env={} bind={} port={}",
                settings.environment().wireName(),
                settings.http().bind(),
                edge.port());
        parts.add(() ->
                SECURITY.info("gateway_stopping env={}", settings.environment().wireName()));
        return new Gateway(settings, edge.port(), simulatorPort, table, desk::killSwitch, apiKeys::hasValid, parts);
    }

    /** Starts a listener; an unavailable address or port becomes a one-sentence message for the operator. */
    private static <T> T startListener(String setting, String bind, int port, Supplier<T> listener) {
        try {
            return listener.get();
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SocketException || cause instanceof UnresolvedAddressException) {
                    throw new StartException(BindProblem.describe(setting, bind, port));
                }
            }
            throw e;
        }
    }

    /** Before anything is written: afterwards the folder would not show whether it was used. */
    private static void requireJournal(DataFolder data) {
        try {
            JournalFolder.require(
                    data.file("journal.db"),
                    name -> DataFolder.PRISTINE_FILES.contains(name) || name.startsWith(AccessWiring.FILE));
        } catch (JournalException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        } catch (UncheckedIOException e) {
            throw new StartException("The data folder cannot be read or written: " + e.getMessage());
        }
    }

    /** The journal first: a start that cannot read it must not have contacted KIS. */
    private static void start(KisClient kis, OrderDesk desk, Parts parts) {
        parts.add(kis);
        parts.add(desk);
        try {
            desk.start();
        } catch (JournalException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        }
        kis.start();
    }

    /** Restrictions of the settings, as readiness reports them. */
    private static Readiness.Restrictions restrictions(Settings settings) {
        var guards = settings.risk().guards();
        var blockers = new ArrayList<String>();
        if (!guards.missing().isEmpty()) {
            blockers.add("MISSING_REQUIRED_ENV");
        }
        if (guards.readOnly()) {
            blockers.add("READ_ONLY");
        }
        if (!guards.allows(KisBroker.ACCOUNT)) {
            blockers.add("LIVE_DISABLED");
        }
        return new Readiness.Restrictions(guards.missing(), blockers);
    }

    private static void watch(DiskGuard disk, AlertSource low) {
        disk.onChange(isLow -> {
            if (isLow) {
                low.raise(
                        "disk",
                        "The disk has " + disk.freeBytes() + " bytes left, less than JOURNAL_DISK_LOW ("
                                + disk.limitBytes() + "): no new order is accepted, cancels pass. Free some space.");
            } else {
                low.settle("disk");
            }
        });
    }

    private static List<String> blockers(OrderDesk desk, DiskRoom disk) {
        var blockers = new ArrayList<>(blockers(desk));
        disk.refusal().ifPresent(_ -> blockers.add(DiskRoom.BLOCKER));
        return blockers;
    }

    private static List<String> blockers(OrderDesk desk) {
        List<String> killSwitch = desk.killReason().isPresent() ? List.of("KILL_SWITCH") : List.of();
        return switch (desk.state()) {
            case READY -> killSwitch;
            case STARTING, RECONCILING -> List.of("RECONCILING");
            case JOURNAL_UNAVAILABLE, STOPPED ->
                Stream.concat(Stream.of("JOURNAL_UNAVAILABLE"), killSwitch.stream())
                        .toList();
        };
    }

    private static SessionSnapshot sessionNow(
            Optional<SessionView> session, TradingCalendar calendar, InstantSource clock) {
        var market = calendar.session(clock.instant()).name();
        return session.map(SessionView::status)
                .map(now -> new SessionSnapshot(now.state(), now.connected(), now.lastError(), market))
                .orElse(new SessionSnapshot("IDLE", false, Optional.empty(), market));
    }

    private static Optional<Refusal> setLimits(OrderDesk desk, RiskLayers layers, RiskLayers configured, String by) {
        return desk.setLimits(layers, json(layers), json(configured), by) instanceof Answer.Refused(Refusal refusal)
                ? Optional.of(refusal)
                : Optional.empty();
    }

    private static String json(RiskLayers layers) {
        return RiskLayersJson.write(new JsonBuffer(1_024).beginObject(), layers)
                .endObject()
                .toString();
    }

    private static RiskPolicy riskPolicy(Settings settings) {
        return new RiskPolicy(settings.risk().layers(), settings.risk().guards());
    }

    private static TradingCalendar calendar(Settings.Clock kind, InstantSource clock) {
        return switch (kind) {
            case OPEN -> new OpenCalendar();
            case OPEN_FIXED ->
                new OpenFixedCalendar(
                        clock.instant().atZone(TradingCalendar.SEOUL).toLocalDate());
            case REAL -> new KrxCalendar();
        };
    }

    private static KisConfig kisConfig(
            Settings settings,
            URI base,
            SimIdentity identity,
            MasterKey master,
            Path tokenFile,
            InstantSource clock,
            SecureRandom random) {
        var kis = settings.kis();
        var datedLimits =
                LimitTable.load().on(face(settings), LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL));
        var ledger = settings.simulator().callsPerSecond().orElse(datedLimits.ledgerPerSecond());
        var store = TokenStore.in(tokenFile, Secret.of(master.text()));
        return new KisConfig(
                face(settings),
                base,
                kis.wsBase().orElseGet(() -> URI.create("ws://" + base.getAuthority())),
                new Credentials(
                        kis.appKey().orElseGet(() -> Secret.of(identity.appKey())),
                        kis.appSecret().orElseGet(() -> Secret.of(identity.appSecret())),
                        kis.account()
                                .map(account -> new AccountNumber(account.cano(), account.productCode()))
                                .orElse(new AccountNumber(identity.cano(), "01")),
                        // Only the simulator accepts any login id; KIS refuses one that is not the customer's.
                        settings.environment() == KisEnvironment.SIM
                                ? kis.htsId().or(() -> Optional.of(identity.htsId()))
                                : kis.htsId()),
                kis.calls().rotation().map(store::withRotation).orElse(store),
                Tuning.of(
                        kis.calls(),
                        new Limits(
                                kis.callsPerSecond(),
                                Math.min(ledger, kis.callsPerSecond()),
                                datedLimits.registrations(),
                                datedLimits.waitingMax(),
                                datedLimits.connectsPerMinute(),
                                datedLimits.subscribesPerMinute(),
                                datedLimits.tokenSeconds())),
                false,
                random.nextLong());
    }

    /** The gateway's own simulator behaves like live. */
    private static Environment face(Settings settings) {
        return settings.environment() == KisEnvironment.MOCK ? Environment.PAPER_FACE : Environment.LIVE_FACE;
    }
}
