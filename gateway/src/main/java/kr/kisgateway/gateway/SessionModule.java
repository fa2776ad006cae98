package kr.kisgateway.gateway;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.LimitTable;
import kr.kisgateway.gateway.account.Accounts;
import kr.kisgateway.gateway.broker.BrokerAdapter;
import kr.kisgateway.gateway.cluster.ClusterRoutes;
import kr.kisgateway.gateway.lease.LeaseNode;
import kr.kisgateway.gateway.portfolio.AccountRoutes;
import kr.kisgateway.gateway.session.Readiness;
import kr.kisgateway.gateway.session.SessionMeters;
import kr.kisgateway.gateway.session.SessionRoutes;
import kr.kisgateway.gateway.session.SessionWatch;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.market.TradingCalendar;

/** The session with the broker, as callers see it, and whether the gateway can trade. */
final class SessionModule {
    private SessionModule() {}

    /**
     * @param egress what blocks orders because of the gateway's address
     * @param faceProblem why the port for KIS's protocol could not be opened
     */
    static void register(
            Platform platform,
            BrokerAdapter broker,
            OrderModule orders,
            Supplier<List<String>> egress,
            Supplier<Optional<String>> faceProblem) {
        var settings = platform.settings();
        new SessionRoutes(
                        settings.environment(),
                        settings.cluster()
                                .map(Settings.Cluster::node)
                                .orElseGet(() ->
                                        "gateway-" + ProcessHandle.current().pid()),
                        () -> platform.ownership().map(it -> it.lease().heldUntil()),
                        broker.realtime().session(),
                        readiness(platform, broker, orders, egress, settings.accounts()),
                        settings.http().operatorToken().isPresent(),
                        settings.fillPollInterval(),
                        faceProblem,
                        platform.calendar(),
                        platform.clock())
                .register(platform.routes());
        registerCluster(platform);
        new AccountRoutes(
                        products(settings),
                        settings.environment().wireName(),
                        account -> readiness(platform, broker, orders, egress, Set.of(account))
                                .blockers())
                .register(platform.routes());
    }

    /** The gateways of the cluster, or this one alone. */
    static void registerCluster(Platform platform) {
        var settings = platform.settings();
        new ClusterRoutes(
                        platform.membership()
                                .map(Membership::node)
                                .orElseGet(() -> new LeaseNode(
                                        "",
                                        "",
                                        name(settings),
                                        ClusterNode.address(settings.http()),
                                        Version.text(),
                                        true)),
                        platform.membership().map(it -> it.keeper()::view),
                        platform.clock())
                .register(platform.routes());
    }

    /** The name of this process in answers. */
    private static String name(Settings settings) {
        return settings.cluster()
                .map(Settings.Cluster::node)
                .orElseGet(() -> "gateway-" + ProcessHandle.current().pid());
    }

    /** What keeps the gateway from trading; none when it can. */
    static List<String> blockers(
            Platform platform, BrokerAdapter broker, OrderModule orders, Supplier<List<String>> egress) {
        return readiness(platform, broker, orders, egress, platform.settings().accounts())
                .blockers();
    }

    /** What keeps {@code accounts} from trading. */
    private static Readiness readiness(
            Platform platform,
            BrokerAdapter broker,
            OrderModule orders,
            Supplier<List<String>> egress,
            Set<String> accounts) {
        return new Readiness(
                broker.realtime().session(),
                restrictions(platform.settings(), accounts),
                () -> Stream.concat(orders.blockers(platform.disk(), accounts).stream(), egress.get().stream())
                        .toList());
    }

    /** The product code of each account; an account without a number is an ordinary stock account. */
    private static Map<String, String> products(Settings settings) {
        var products = new HashMap<String, String>();
        products.put(Accounts.FIRST_ALIAS, product(settings.kis().account()));
        settings.kis().furtherAccounts().forEach(account -> products.put(account.alias(), product(account.number())));
        return products;
    }

    private static String product(Optional<Settings.Account> account) {
        return account.map(Settings.Account::productCode).orElse("01");
    }

    /** Watches whether the sockets are open while a market is in session. */
    static void start(Platform platform, BrokerAdapter broker) {
        SessionMeters.bind(
                platform.meters(),
                broker.realtime().session(),
                platform.calendars(),
                LimitTable.load()
                        .on(
                                Environment.LIVE_FACE,
                                LocalDate.ofInstant(platform.clock().instant(), TradingCalendar.SEOUL))
                        .waitingMax(),
                platform.clock());
        var watch = new SessionWatch(
                broker.realtime().session(), platform.calendars(), platform.clock(), platform.alerts());
        platform.parts().add(platform.tasks().every("session-watch", Platform.WATCH_INTERVAL, watch::check));
    }

    /** Restrictions of {@code accounts} by the settings, as readiness reports them. */
    private static Readiness.Restrictions restrictions(Settings settings, Set<String> accounts) {
        var guards = settings.risk().guards();
        var blockers = new ArrayList<String>();
        if (!guards.missing().isEmpty()) {
            blockers.add("MISSING_REQUIRED_ENV");
        }
        if (guards.readOnly()) {
            blockers.add("READ_ONLY");
        }
        if (accounts.stream().noneMatch(guards::allows)) {
            blockers.add("LIVE_DISABLED");
        }
        return new Readiness.Restrictions(guards.missing(), blockers);
    }
}
