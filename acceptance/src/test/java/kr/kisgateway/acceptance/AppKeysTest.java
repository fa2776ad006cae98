package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.gatewayclient.GatewayStream;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.programs.PostgresServer;
import kr.kisgateway.simulation.history.HistoryChecker.BookedOrder;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Twenty app keys and twenty accounts, the most that a gateway has: 800 stocks on as many sockets, and orders of each account. */
@Tag("slow")
class AppKeysTest {
    private static final int KEYS = 20;
    private static final int SYMBOLS = 800;
    /** Tokens, sockets and registrations of all app keys, on a machine that also runs simulator, database and gateways. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** What an app key may call a second. */
    private static final Map<String, String> KIS_LIMIT = Map.of("SIMULATOR_RATE_LIMIT", "18");
    /** Refusals with which a caller repeats its request under its key. */
    private static final Set<String> UNAVAILABLE = Set.of(
            "OWNER_UNAVAILABLE",
            "NO_OWNER",
            "NOT_READY",
            "QUEUE_TIMEOUT",
            "JOURNAL_UNAVAILABLE",
            "IDEMPOTENCY_IN_FLIGHT");

    @TempDir
    Path folder;

    @Test
    @Tag("alone")
    void eight_hundred_stocks_are_pushed_by_twenty_app_keys_and_again_after_a_take_over_with_the_same_tokens()
            throws Exception {
        for (var node : List.of("a", "b", "edge")) {
            writeSettings(node, appKeys());
        }
        var symbols = Instruments.load().all().stream()
                .map(instrument -> instrument.symbol().code())
                .filter(code -> !code.equals("005930"))
                .limit(SYMBOLS)
                .collect(Collectors.toUnmodifiableSet());
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder, "--ticks", "1", "--activity", "even")) {
            String url = database.newDatabase();
            try (var a = new ClusterNode(folder, "a", simulator, Optional.of(url), Map.of());
                    var edge = new ClusterNode(folder, "edge", simulator, Optional.of(url), ClusterNode.EDGE)) {
                a.awaitReady();
                try (var b = new ClusterNode(folder, "b", simulator, Optional.of(url), Map.of());
                        var stream = edge.running().stream()) {
                    b.awaitOwner("a");
                    var subscribed = Instant.now();
                    stream.send("{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\""
                            + String.join("\",\"", symbols) + "\"],\"id\":\"1\"}");
                    awaitPushed(a.running(), symbols);
                    var pushed = Duration.between(subscribed, Instant.now());
                    awaitEach(stream, "a trade", symbols, message -> message.has("p"));
                    assertThat(simulator.tokens()).isEqualTo(KEYS);
                    assertThat(simulator
                                    .state()
                                    .path("sockets")
                                    .path("releases")
                                    .asInt())
                            .as("slots that statuses had first")
                            .isLessThan(SYMBOLS / 20);

                    var killed = Instant.now();
                    a.running().program().kill();
                    b.awaitReady();
                    var ready = Duration.between(killed, Instant.now());
                    awaitPushed(b.running(), symbols);
                    var pushedAgain = Duration.between(killed, Instant.now());
                    var gaps = awaitEach(
                            stream,
                            "a gap",
                            symbols,
                            message -> message.path("gap").isObject());
                    awaitEach(
                            stream,
                            "a trade after the gap",
                            symbols,
                            message -> message.has("p")
                                    && seq(message) > gaps.get(message.path("s").asString()));
                    assertThat(simulator.state().path("sessions")).hasSize(KEYS);
                    assertThat(simulator.tokens()).as("tokens of both owners").isEqualTo(KEYS);
                    System.out.printf(
                            "%d stocks of %d app keys: pushed %s after their subscription; %s after the kill the next owner"
                                    + " was ready, and %s after it had all again%n",
                            SYMBOLS, KEYS, pushed, ready, pushedAgain);
                }
            }
        }
    }

    @Test
    @Tag("alone")
    void
            twenty_accounts_of_twenty_app_keys_have_each_order_once_and_none_of_another_account_after_their_owner_was_killed()
                    throws Exception {
        for (var node : List.of("a", "b", "edge")) {
            writeSettings(node, appKeys() + accounts());
        }
        try (var database = PostgresServer.start();
                var simulator = Programs.simulator(folder);
                var book = new BrokerBook(simulator.url(), ClusterNode.ACCOUNT)) {
            String url = database.newDatabase();
            try (var a = new ClusterNode(folder, "a", simulator, Optional.of(url), KIS_LIMIT);
                    var edge = new ClusterNode(folder, "edge", simulator, Optional.of(url), ClusterNode.EDGE)) {
                a.awaitReady();
                awaitTrading(a.running());
                try (var b = new ClusterNode(folder, "b", simulator, Optional.of(url), KIS_LIMIT)) {
                    b.awaitOwner("a");
                    var owners = IntStream.rangeClosed(1, KEYS)
                            .mapToObj(n -> AccountOwner.start(n, edge.running().client()))
                            .toList();
                    Eventually.await(
                            "half of the orders to be placed",
                            PATIENCE,
                            () -> owners.stream()
                                    .mapToInt(owner -> owner.orders().size())
                                    .sum(),
                            placed -> placed >= KEYS * AccountOwner.ORDERS / 2);
                    a.running().program().kill();
                    var killed = Instant.now();
                    b.awaitReady();
                    awaitTrading(b.running());
                    var trading = Duration.between(killed, Instant.now());
                    int repeated = 0;
                    for (var owner : owners) {
                        owner.thread().join();
                        assertThat(owner.failures()).isEmpty();
                        repeated += owner.repeated().get();
                    }
                    long missing = 0;
                    for (var owner : owners) {
                        missing += verify(owner, b.running(), book.of(AccountOwner.brokerNumber(owner.number())));
                    }
                    assertThat(missing).as("in flight as the owner died").isLessThanOrEqualTo(KEYS);
                    System.out.printf(
                            "%d accounts: all traded %s after the kill of their owner; %d calls were repeated, %d requests"
                                    + " had not arrived%n",
                            KEYS, trading, repeated, missing);
                }
            }
        }
    }

    /**
     * That the account has its orders at the broker once each, those of no other account, and its shares. A request that was in flight
     * as the owner died and never arrived stays in doubt.
     */
    private static long verify(AccountOwner owner, Running gateway, BrokerBook book) {
        String alias = owner.alias();
        var requested = new ArrayList<OrderFingerprint>();
        for (int n = 0; n < AccountOwner.ORDERS; n++) {
            requested.add(new OrderFingerprint(AccountOwner.SYMBOL, "BUY", 1 + n, AccountOwner.LOW));
        }
        requested.add(new OrderFingerprint(AccountOwner.SYMBOL, "BUY", owner.number(), 0));
        var listed = gateway.get("/v1/orders?limit=500&account_id=" + alias).path("orders");
        assertThat(listed.findValuesAsString("order_id")).as(alias).containsExactlyInAnyOrderElementsOf(owner.orders());
        var arrived = new ArrayList<OrderFingerprint>();
        for (int n = 0; n < requested.size(); n++) {
            var order = gateway.await(
                    "/v1/orders/" + owner.orders().get(n),
                    "order " + n + " of " + alias + " to be clear",
                    it -> Set.of("SENT", "FILLED").contains(it.path("status").asString())
                            || it.path("reason").asString("").contains("does not list it"));
            if (!order.path("status").asString().equals("UNKNOWN")) arrived.add(requested.get(n));
        }
        assertThat(book.read().orders())
                .as(alias + " at the broker")
                .extracting(BookedOrder::fingerprint)
                .containsExactlyInAnyOrderElementsOf(arrived);
        boolean bought = arrived.contains(requested.getLast());
        if (bought) gateway.awaitStatus(owner.orders().getLast(), "FILLED");
        assertThat(book.shares())
                .as(alias)
                .isEqualTo(bought ? Map.of(AccountOwner.SYMBOL, (long) owner.number()) : Map.of());
        return requested.size() - arrived.size();
    }

    private static void awaitTrading(Running owner) {
        Eventually.await(
                "every account to trade",
                PATIENCE,
                () -> owner.client().get("/v1/accounts"),
                answer -> answer.ok()
                        && answer.body().size() == KEYS
                        && answer.body()
                                .valueStream()
                                .allMatch(account -> account.path("trading")
                                        .path("can_trade")
                                        .asBoolean()));
    }

    /**
     * A program that places the same orders as those of the other accounts, and then buys shares, as many as its account's number.
     *
     * @param orders ids of its orders as they were acknowledged
     * @param repeated how many calls were repeated under their key
     */
    private record AccountOwner(
            int number, Thread thread, List<String> orders, AtomicInteger repeated, Collection<Throwable> failures) {
        private static final String SYMBOL = "003490";
        private static final long LOW = 19_000;
        private static final int ORDERS = 15;

        static AccountOwner start(int number, GatewayClient edge) {
            var orders = new CopyOnWriteArrayList<String>();
            var repeated = new AtomicInteger();
            var failures = new ConcurrentLinkedQueue<Throwable>();
            var thread = Thread.ofPlatform().start(() -> {
                try {
                    for (int n = 0; n < ORDERS; n++) {
                        var order = Programs.order(SYMBOL, "BUY", 1 + n, Optional.of(LOW));
                        orders.add(place(edge, number, "low-" + n, order, repeated));
                    }
                    var shares = Programs.order(SYMBOL, "BUY", number, Optional.empty());
                    orders.add(place(edge, number, "shares", shares, repeated));
                } catch (AssertionError | RuntimeException e) {
                    failures.add(e);
                }
            });
            return new AccountOwner(number, thread, orders, repeated, failures);
        }

        String alias() {
            return aliasOf(number);
        }

        private static String aliasOf(int number) {
            return "A" + number;
        }

        private static String brokerNumber(int number) {
            return number == 1 ? ClusterNode.ACCOUNT : Integer.toString(60_000_000 + number);
        }

        /** The key is the same for all accounts: keys count by account. */
        private static String place(GatewayClient edge, int number, String key, String order, AtomicInteger repeated) {
            var body = order.replace("\"A1\"", "\"" + aliasOf(number) + "\"");
            var answer = Eventually.await(
                    "the order " + key + " of " + aliasOf(number) + " to be placed",
                    PATIENCE,
                    () -> {
                        var placed = edge.post("/v1/orders", body, key);
                        if (!placed.ok()) repeated.incrementAndGet();
                        return placed;
                    },
                    placed -> placed.ok() || !UNAVAILABLE.contains(placed.code()));
            if (!answer.ok()) throw new AssertionError(body + " was answered " + answer);
            return answer.body().path("order_id").asString();
        }
    }

    private void writeSettings(String node, String yaml) throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve(node)).resolve("gateway.yaml"), yaml);
    }

    private static String appKeys() {
        return IntStream.rangeClosed(2, KEYS)
                .mapToObj(n -> """
                            - id: K%d
                              app-key: further-app-key-of-this-test-%07d
                              app-secret: %s
                              hts-id: cluster%d
                        """.formatted(n, n, "s".repeat(170) + "%010d".formatted(n), n))
                .collect(Collectors.joining("", "kis:\n  app-keys:\n", ""));
    }

    /** The accounts beside the first, each of an app key of its own. */
    private static String accounts() {
        return IntStream.rangeClosed(2, KEYS)
                .mapToObj(n -> """
                            - alias: A%d
                              number: "%s-01"
                              app-key: K%d
                        """.formatted(n, AccountOwner.brokerNumber(n), n))
                .collect(Collectors.joining("", "  accounts:\n", ""));
    }

    /** Waits until KIS has confirmed a registration of each of {@code symbols}. */
    private static void awaitPushed(Running owner, Set<String> symbols) {
        Eventually.await(
                "every stock to be pushed",
                PATIENCE,
                () -> owner.get("/v1/session/pool?limit=1000"),
                pool -> pool.path("demand")
                        .valueStream()
                        .filter(demand -> demand.path("reason").asString().equals("DEMAND"))
                        .map(demand -> demand.path("symbol").asString())
                        .collect(Collectors.toSet())
                        .containsAll(symbols));
    }

    private static long seq(JsonNode message) {
        return message.path("seq").asLong();
    }

    /** Waits until {@code stream} has a message as {@code expected} of each of {@code symbols}, and returns their numbers. */
    private static Map<String, Long> awaitEach(
            GatewayStream stream, String what, Set<String> symbols, Predicate<JsonNode> expected) {
        var missing = new HashSet<>(symbols);
        var numbers = new HashMap<String, Long>();
        while (!missing.isEmpty()) {
            var message = stream.await(
                    what + " of " + missing.size() + " stocks",
                    it -> expected.test(it) && missing.contains(it.path("s").asString("")),
                    PATIENCE);
            missing.remove(message.path("s").asString());
            numbers.put(message.path("s").asString(), seq(message));
        }
        return numbers;
    }
}
