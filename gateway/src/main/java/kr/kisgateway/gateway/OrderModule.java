package kr.kisgateway.gateway;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.audit.AuditedBroker;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.NxtEligibility;
import kr.kisgateway.gateway.journal.DiskGuard;
import kr.kisgateway.gateway.journal.DiskRoom;
import kr.kisgateway.gateway.journal.Journal;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.JournalRoutes;
import kr.kisgateway.gateway.journal.JournalTables;
import kr.kisgateway.gateway.journal.PostgresJournal;
import kr.kisgateway.gateway.journal.SqliteJournal;
import kr.kisgateway.gateway.order.AccountFingerprint;
import kr.kisgateway.gateway.order.Broker;
import kr.kisgateway.gateway.order.BuyingPowerRoutes;
import kr.kisgateway.gateway.order.ExecutionFeed.ExecutionListener;
import kr.kisgateway.gateway.order.ExecutionRoutes;
import kr.kisgateway.gateway.order.FencedBroker;
import kr.kisgateway.gateway.order.OperatorRoutes;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderForm;
import kr.kisgateway.gateway.order.OrderHours;
import kr.kisgateway.gateway.order.OrderIntake;
import kr.kisgateway.gateway.order.OrderMetricsRoutes;
import kr.kisgateway.gateway.order.OrderPreviewRoutes;
import kr.kisgateway.gateway.order.OrderPublisher;
import kr.kisgateway.gateway.order.OrderRequestParser;
import kr.kisgateway.gateway.order.OrderRoutes;
import kr.kisgateway.gateway.order.OrderSettings;
import kr.kisgateway.gateway.order.OrderStore;
import kr.kisgateway.gateway.order.PriceOffsets;
import kr.kisgateway.gateway.order.Repricer;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.gateway.order.VenueAnswers;
import kr.kisgateway.gateway.order.VenueRouter;
import kr.kisgateway.gateway.parent.ParentStore;
import kr.kisgateway.gateway.portfolio.Portfolio;
import kr.kisgateway.gateway.profit.ProfitRoutes;
import kr.kisgateway.gateway.profit.RealisedProfit;
import kr.kisgateway.gateway.risk.AccountFigures;
import kr.kisgateway.gateway.risk.InstrumentChecks;
import kr.kisgateway.gateway.risk.InstrumentRule;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.gateway.risk.RiskLayersJson;
import kr.kisgateway.gateway.risk.RiskPolicy;
import kr.kisgateway.gateway.risk.RiskRoutes;
import kr.kisgateway.gateway.risk.RiskRules;
import kr.kisgateway.gateway.secret.MasterKey;
import kr.kisgateway.gateway.session.Readiness;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.PerMarket;
import kr.kisgateway.market.UsHours;
import kr.kisgateway.market.Venue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Orders, their limits and their journal.
 *
 * @param publisher publishes orders; the stream attaches to it
 * @param answers how the broker answered the last requests of each venue
 */
record OrderModule(OrderDesk desk, OrderPublisher publisher, VenueAnswers answers) {
    /**
     * The ways in for orders of other ports.
     *
     * @param intake for parsed orders
     * @param routes for bodies of {@code POST /v1/orders}
     * @param parser of these bodies
     * @param previews of orders, to be added with the check of scheduled ones
     * @param accounts figures of the account of an order
     * @param repricer of orders that rest, not started
     */
    record Entry(
            OrderIntake intake,
            OrderRoutes routes,
            OrderRequestParser parser,
            OrderPreviewRoutes previews,
            OrderIntake.AccountSource accounts,
            Repricer repricer) {
        /** Starts what follows the orders, after the desk. */
        void start(Platform platform) {
            repricer.start();
            platform.parts().add(platform.tasks().every("reprice", REPRICE_EVERY, repricer::check));
        }
    }

    /** The query tables in the journal; parent orders first, because every other subject is an order. */
    static Journal.Tables tables() {
        return new JournalTables(List.of(new ParentStore(), new OrderStore()));
    }

    /** File name of the journal in the data folder. */
    static final String JOURNAL = "journal.db";

    private static final int FINGERPRINT_LENGTH = 32;
    private static final Duration REPRICE_EVERY = Duration.ofMillis(200);
    private static final Logger LOG = LoggerFactory.getLogger("gateway");

    static OrderModule create(
            Platform platform, BrokerAdapter broker, InstrumentModule instruments, PerMarket<Portfolio> portfolios) {
        var settings = platform.settings();
        var disk = platform.disk();
        var publisher = new OrderPublisher(
                market -> portfolios.of(market).invalidate(),
                market -> portfolios.of(market).discardForOrders(),
                platform.alerts(),
                platform.clock());
        OrderForm form = broker.trading().form();
        var prices = instrumentRule(platform, instruments, form);
        var answers = new VenueAnswers(
                new AuditedBroker(
                        platform.ownership()
                                .<Broker>map(
                                        it -> new FencedBroker(broker.trading().orders(), it.lease()))
                                .orElseGet(broker.trading()::orders),
                        platform.audit(),
                        platform.clock(),
                        platform.clock().monotonicClock()),
                settings.orders().venues().hold(),
                platform.clock());
        var desk = new OrderDesk(
                new OrderSettings(
                        broker.trading().appKeys(),
                        broker.trading().ordersPerSecond(),
                        settings.orders().workerEnabled(),
                        settings.orders().dispatchLimit(),
                        settings.orders().reconcileEvery(),
                        settings.orders().killSwitch(),
                        settings.orders().commissions(),
                        fingerprints(broker.trading().owner().numbers(), platform.master())),
                new RiskRules(new DiskThenListing(disk, prices)),
                new RiskPolicy(settings.risk().layers(), settings.risk().guards()),
                new OrderHours(form, platform.calendar(), usHours(platform)),
                platform.clock(),
                answers,
                publisher,
                () -> openJournal(platform),
                text -> RiskLayersJson.read(RequestBody.parse(text.getBytes(StandardCharsets.UTF_8))));
        desk.requireAccountsOf(new ParentStore()::openAccounts);
        broker.trading().executions().attach(noticesOf(desk));
        desk.bindTo(platform.meters());
        OrderAlertRules.add(platform, desk);
        answers.bindTo(platform.meters());
        JournalRoutes.bind(platform.meters(), platform.data().file(JOURNAL), disk);
        return new OrderModule(desk, publisher, answers);
    }

    private static Journal openJournal(Platform platform) {
        platform.disk().check(); // after a commit that found the disk full this releases the reserve
        var environment = platform.settings().environment().wireName();
        var witness = JournalCheckpoints.recordedIn(platform.audit(), platform.clock());
        if (platform.ownership().isPresent()) {
            var ownership = platform.ownership().get();
            return PostgresJournal.open(
                    ownership.postgres(),
                    ownership.lease(),
                    platform.data().file(JOURNAL),
                    environment,
                    tables(),
                    witness);
        }
        var journal =
                SqliteJournal.open(platform.data().file(JOURNAL), environment, tables(), platform.clock(), witness);
        platform.data().lockJournal();
        return journal;
    }

    private static InstrumentRule instrumentRule(Platform platform, InstrumentModule instruments, OrderForm form) {
        return new InstrumentRule(
                instruments.listing()::find,
                symbol -> instruments.listing().isListed(symbol.code()),
                platform.calendar(),
                platform.clock(),
                (kind, venue, day) -> form.acceptance(kind, venue, day)
                        .filter(OrderForm.Acceptance::sharesOnly)
                        .isPresent());
    }

    private static Map<String, AccountFingerprint> fingerprints(Map<String, String> numbers, MasterKey master) {
        return numbers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> fingerprint(entry.getValue(), master)));
    }

    /** An account number as a database may have it: without the master key, which is not in the data folder, it cannot be found by trial. */
    static AccountFingerprint fingerprint(String number, MasterKey master) {
        return new AccountFingerprint(
                master.derive("check of the account fingerprints", FINGERPRINT_LENGTH),
                master.derive("account " + number, FINGERPRINT_LENGTH));
    }

    /** New York's hours, loaded once. */
    private static UsHours usHours(Platform platform) {
        return platform.calendars().of(Market.US) instanceof UsHours us ? us : UsHours.of(platform.calendar());
    }

    /** No order is recorded on a disk that is nearly full. */
    private record DiskThenListing(DiskGuard disk, InstrumentChecks listing) implements InstrumentChecks {
        @Override
        public Optional<Refusal> check(MarketSymbol symbol, OptionalLong price) {
            return disk.refusal().or(() -> listing.check(symbol, price));
        }

        @Override
        public Optional<Refusal> checkVenue(MarketSymbol symbol, OrderKind kind, Venue venue) {
            return listing.checkVenue(symbol, kind, venue);
        }
    }

    private static ExecutionListener noticesOf(OrderDesk desk) {
        return new ExecutionListener() {
            @Override
            public void received(Broker.Notice notice) {
                desk.receiveNotice(notice);
            }

            @Override
            public void missed() {
                desk.reportMissedNotices("the notices' registration was away");
            }
        };
    }

    /**
     * Registers the routes and returns the ways in for orders of other ports.
     *
     * @param egress what blocks orders because of the gateway's address
     * @param isKeyName whether an API key has this name
     * @param isValidKey whether it has one that is valid now
     */
    Entry register(
            Platform platform,
            BrokerAdapter broker,
            InstrumentModule instruments,
            QuoteModule quotes,
            VenueMarkets venueMarkets,
            PerMarket<Portfolio> portfolios,
            Supplier<List<String>> egress,
            Predicate<String> isKeyName,
            Predicate<String> isValidKey) {
        var settings = platform.settings();
        var accounts = settings.accounts();
        var sessionOnly = new Readiness(broker.realtime().session(), Readiness.Restrictions.none(), egress);
        var intake = new OrderIntake(
                desk,
                new OrderContextLoader(
                        desk::policy,
                        instruments.listing()::find,
                        quotes.facts(),
                        quotes.lastPrices(instruments),
                        portfolios,
                        sessionOnly::blockers),
                platform.clock(),
                platform.random());
        desk.loadReplacementsWith(intake::loadReplacement);
        var offsets = new PriceOffsets(
                settings.orders().offsets(),
                instruments.listing()::find,
                (instrument, venue) -> quotes.facts().of(instrument, venue, true, true));
        var prices = instrumentRule(platform, instruments, broker.trading().form());
        var parser = new OrderRequestParser(
                accounts,
                portfolios.markets(),
                new OrderSettings.DispatchWaits(
                        settings.orders().dispatchMarket(), settings.orders().dispatchLimit()),
                offsets,
                new VenueRouter(
                        settings.orders().venues(),
                        answers,
                        (terms, now) -> desk.accepts(terms, now)
                                && prices.checkVenue(terms.symbol(), terms.kind(), terms.venue())
                                        .isEmpty()
                                && isTraded(terms, instruments, quotes.nxt()),
                        venueMarkets,
                        platform.workers(),
                        platform.clock())::route);
        var repricer = new Repricer(
                desk,
                intake,
                offsets,
                name -> name.equals(Caller.LOCAL_NAME) || isValidKey.test(name),
                platform.alertSource(AlertEvent.ORDER_NOT_REPRICED),
                platform.alertSource(AlertEvent.MARKET_ORDER_RESTS),
                platform.informingAlertSource(AlertEvent.ORDER_REPRICED),
                platform.clock(),
                platform.workers());
        publisher.attach(repricer::follow);
        var orders = new OrderRoutes(desk, parser, intake, platform.clock());
        orders.addTo(platform.routes());
        OrderPreviewRoutes.Facts facts = previewFacts(instruments, quotes, portfolios);
        var previews = new OrderPreviewRoutes(
                parser, intake, platform.clock(), settings.environment().wireName(), facts);
        new ExecutionRoutes(desk).addTo(platform.routes());
        new ProfitRoutes(
                        desk,
                        portfolios,
                        realisedProfit(instruments, settings.orders().commissions()),
                        accounts)
                .addTo(platform.routes());
        new BuyingPowerRoutes(
                        desk,
                        portfolios,
                        prices,
                        symbol -> instruments
                                .listing()
                                .find(symbol)
                                .map(it -> quotes.facts().of(it, false, true).upper())
                                .orElseGet(OptionalLong::empty),
                        settings.orders().commissions())
                .addTo(platform.routes());
        new OperatorRoutes(desk, accounts).addTo(platform.routes());
        new RiskRoutes(
                        desk::policy,
                        () -> desk.limitsSet().map(set -> new RiskRoutes.Author(set.by(), set.at())),
                        orders::check,
                        (layers, by) -> setLimits(layers, settings.risk().layers(), by),
                        accounts,
                        isKeyName)
                .register(platform.routes());
        new OrderMetricsRoutes(platform.meters()).register(platform.routes());
        new JournalRoutes(platform.meters()).register(platform.routes());
        return new Entry(intake, orders, parser, previews, facts.account(), repricer);
    }

    /** What the fills of the journal realised. */
    RealisedProfit realisedProfit(InstrumentModule instruments, Commissions commissions) {
        return new RealisedProfit(
                desk, symbol -> instruments.listing().current().find(symbol.code()), commissions);
    }

    /** Whether the venue of {@code terms} trades the stock. */
    private static boolean isTraded(Terms terms, InstrumentModule instruments, NxtEligibility nxt) {
        return terms.venue() != Venue.NXT
                || instruments.listing().current().find(terms.symbol().code()).map(nxt::updated).stream()
                        .anyMatch(listed -> listed instanceof Listed.Korean korean && korean.onNxt());
    }

    /** What a preview shows and no check of the order needs. */
    private OrderPreviewRoutes.Facts previewFacts(
            InstrumentModule instruments, QuoteModule quotes, PerMarket<Portfolio> portfolios) {
        Function<MarketSymbol, OptionalLong> others = quotes.lastPrices(instruments);
        return new OrderPreviewRoutes.Facts(
                terms -> instruments.listing().current().find(terms.symbol().code()),
                listed -> switch (listed) {
                    case Listed.Korean korean ->
                        quotes.facts().cachedFacts(korean.instrument()).last();
                    case Listed.Overseas overseas -> others.apply(overseas.symbol());
                },
                (principal, terms, context) -> desk.policy()
                                .requiresAccount(
                                        terms.side(),
                                        terms.symbol().market().currency(),
                                        OrderContextLoader.scope(principal, terms))
                        ? context.account()
                        : AccountFigures.of(
                                portfolios
                                        .of(terms.symbol())
                                        .holdingsForOrder(terms.accountId())
                                        .holdings(),
                                terms.symbol(),
                                terms.credit()));
    }

    /** Starts the desk and the connection that trades. The journal first: a start that cannot read it must not contact KIS. */
    void start(Platform platform, BrokerAdapter broker, Predicate<String> isKeyName) {
        var connection = platform.parts().add(broker.primaryConnection());
        platform.parts().add(desk);
        try {
            desk.start();
        } catch (JournalException e) {
            throw StartException.of(e);
        }
        connection.start();
        RiskRoutes.warnings(desk.policy().layers(), isKeyName)
                .forEach(text -> LOG.warn("limits_of_unknown_key text=\"{}\"", text));
    }

    /** What blocks trading of all of these accounts, apart from the session. */
    List<String> blockers(DiskGuard disk, Set<String> accounts) {
        var blockers = new ArrayList<>(deskBlockers());
        if (desk.state() == OrderDesk.State.READY && accounts.stream().noneMatch(desk::isReconciled)) {
            blockers.addFirst("RECONCILING");
        }
        disk.refusal().ifPresent(_ -> blockers.add(DiskRoom.BLOCKER));
        return blockers;
    }

    private List<String> deskBlockers() {
        List<String> killSwitch = desk.killReason().isPresent() ? List.of("KILL_SWITCH") : List.of();
        return switch (desk.state()) {
            case READY -> killSwitch;
            case STARTING, RECONCILING -> List.of("RECONCILING");
            case JOURNAL_UNAVAILABLE, STOPPED ->
                Stream.concat(Stream.of("JOURNAL_UNAVAILABLE"), killSwitch.stream())
                        .toList();
        };
    }

    private Optional<Refusal> setLimits(RiskLayers layers, RiskLayers configured, String by) {
        return desk.setLimits(layers, RiskLayersJson.text(layers), RiskLayersJson.text(configured), by)
                        instanceof Answer.Refused(Refusal refusal)
                ? Optional.of(refusal)
                : Optional.empty();
    }
}
