package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.programs.LocalProgram;
import kr.kisgateway.simulation.history.HistoryChecker.BookedOrder;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * Ten programs written for KIS at once on one account with two app keys: five that receive 41 stocks each, three that trade, two
 * that query without a pause. The broker is a process of its own that keeps running, and reports what it saw of the gateway.
 */
@Tag("slow")
class FaceProgramsTest {
    private static final String ACCOUNT = "50123456";
    private static final String TRADES = "H0STCNT0";
    private static final String TAPE = "TAPE";
    private static final int STREAMS = 5;
    private static final int TRADERS = 3;
    /** Reads of the account until it stays the same during one. */
    private static final int ATTEMPTS = 50;

    private static final int QUERIERS = 2;
    private static final int REGISTRATIONS = 41;
    private static final Duration SETTLE = Duration.ofSeconds(60);
    private static final Duration POLL_INTERVAL_MAX = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicBoolean running = new AtomicBoolean(true);
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final LongAdder queries = new LongAdder();
    private final LongAdder refusedQueries = new LongAdder();
    private final Map<String, List<Sent>> sentBy = new ConcurrentHashMap<>();
    private int port;

    /**
     * An order that a program sent.
     *
     * @param odno the number in the answer; empty without an answer, or after a refusal
     */
    private record Sent(OrderFingerprint fingerprint, Optional<String> odno, boolean refused) {}

    @BeforeEach
    void choosePort() throws IOException {
        port = FreePort.find();
        Files.writeString(folder.resolve("gateway.yaml"), "kis:\n  app-keys:\n    - id: K2\n");
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        http.close();
    }

    private Simulator simulator() {
        return Programs.simulator(folder, "--ticks", "4", "--seed", "7");
    }

    private Launch launch(Simulator simulator) {
        return Programs.gateway(folder, simulator)
                .withEnvironment("KIS_ENV", "sim")
                .withEnvironment("KIS_FACE_PORT", Integer.toString(port))
                .withEnvironment("KIS_ACCOUNT_NO", ACCOUNT + "-01")
                .withEnvironment("GATEWAY_KEY_PUSH_SHARE", "100")
                .withEnvironment("RISK_DAILY_ORDERS", "1000000")
                .withEnvironment("RISK_REFUSE_SELF_CROSS", "false");
    }

    private FaceProgram program(String name, String... options) {
        var arguments = new ArrayList<>(List.of("create", name, "--face", "--json", "--role", "trade"));
        arguments.addAll(List.of(options));
        var json = new JsonMapper().readTree(Programs.keyJson(folder, arguments.toArray(String[]::new)));
        var made = new FaceProgram(
                http,
                URI.create("http://127.0.0.1:" + port),
                name,
                json.path("appkey").asString(),
                json.path("appsecret").asString(),
                json.path("account_no").asString());
        Eventually.await("a token for " + name, SETTLE, made::login, reply -> reply.status() == 200);
        return made;
    }

    private List<FaceProgram> programs(String kind, int count) {
        var all = new ArrayList<FaceProgram>();
        for (int i = 0; i < count; i++) all.add(program(kind + i));
        return all;
    }

    private static List<String> symbols(int count) {
        return Instruments.load().all().stream()
                .sorted(Collections.reverseOrder(Comparator.comparingLong(Instrument::turnover)))
                .limit(count)
                .map(instrument -> instrument.symbol().code())
                .toList();
    }

    private void start(Runnable work) {
        threads.add(Thread.ofPlatform().start(() -> {
            try {
                work.run();
            } catch (AssertionError | RuntimeException e) {
                failures.add(e);
            }
        }));
    }

    private void joinAll() throws InterruptedException {
        running.set(false);
        for (var thread : threads) thread.join();
        failures.forEach(e -> {
            throw new AssertionError("a program: " + e.getMessage(), e);
        });
    }

    // ---- what the programs do ----

    /** Asks for prices and balances without a pause. */
    private void query(FaceProgram program, List<String> symbols, boolean loops) {
        for (int i = 0; running.get(); i++) {
            var reply = i % 20 == 19 ? program.balance() : program.price(symbols.get(loops ? 0 : i % symbols.size()));
            if (reply.status() == 0) {
                pause(200);
            } else if (reply.isTaken()) {
                queries.increment();
            } else {
                refusedQueries.increment();
                assertThat(reply.code()).as("%s", reply).isIn("EGW00201", "EGW00301");
            }
        }
    }

    /** Places and cancels orders; no two have the same quantity and price. */
    private void trade(FaceProgram program, String symbol, Random random) {
        var sent = sentBy.computeIfAbsent(program.name, name -> Collections.synchronizedList(new ArrayList<>()));
        var open = new ArrayList<String>();
        var used = new HashSet<OrderFingerprint>();
        while (running.get()) {
            var price = program.price(symbol);
            if (!price.isTaken()) {
                pause(200);
                continue;
            }
            var output = price.body().path("output");
            long last = Long.parseLong(output.path("stck_prpr").asString());
            long tick = Long.parseLong(output.path("aspr_unit").asString());
            long steps = 1 + random.nextInt(40);
            var fingerprint = new OrderFingerprint(
                    symbol,
                    "BUY",
                    1 + random.nextInt(9),
                    last - last % tick + (random.nextInt(3) == 0 ? tick * Math.min(steps, 8) : -tick * steps));
            if (!used.add(fingerprint)) continue;
            var reply = program.order("BUY", symbol, fingerprint.qty(), fingerprint.price());
            if (reply.status() == 200 && !reply.isTaken() || reply.isRefused()) {
                sent.add(new Sent(fingerprint, Optional.empty(), true));
                pause(100);
            } else if (reply.isTaken()) {
                sent.add(new Sent(fingerprint, Optional.of(reply.odno()), false));
                open.add(reply.odno());
            } else {
                sent.add(new Sent(fingerprint, Optional.empty(), false));
                pause(200);
            }
            if (!open.isEmpty() && random.nextInt(3) == 0) program.cancel(open.remove(random.nextInt(open.size())));
            pause(random.nextInt(300));
        }
    }

    private static void pause(int millis) {
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    }

    /** Receives trades of its stocks, and opens its WebSocket again whenever it ends. */
    private void receive(FaceProgram program, List<String> symbols, Collection<FaceProgram.Stream> streams) {
        while (running.get()) {
            try (var stream = program.open()) {
                symbols.forEach(symbol -> stream.register(TRADES, symbol));
                streams.add(stream);
                while (running.get() && stream.awaitEnd(Duration.ofMillis(100)).isEmpty()) {
                    Thread.onSpinWait();
                }
            } catch (IOException e) {
                pause(500);
            }
        }
    }

    // ---- ten programs ----

    @Test
    void ten_programs_share_the_account_for_a_while() throws Exception {
        runTenPrograms(Duration.ofSeconds(20));
    }

    @Test
    @Tag("long")
    void ten_programs_share_the_account_for_ten_minutes() throws Exception {
        runTenPrograms(Duration.ofMinutes(10));
    }

    private void runTenPrograms(Duration duration) throws Exception {
        var symbols = symbols(STREAMS * REGISTRATIONS);
        try (var simulator = simulator();
                var book = new BrokerBook(simulator.url(), ACCOUNT)) {
            // Before the gateway starts: the broker counts the calls of both in one second of the account.
            var before = book.shares();
            runTenPrograms(duration, symbols, simulator, book, before);
        }
    }

    private void runTenPrograms(
            Duration duration, List<String> symbols, Simulator simulator, BrokerBook book, Map<String, Long> before)
            throws Exception {
        try (var gateway = Running.start(launch(simulator))) {
            var streamers = programs("stream", STREAMS);
            var traders = programs("trader", TRADERS);
            var queriers = programs("query", QUERIERS);
            var streams = new ArrayList<List<FaceProgram.Stream>>();
            for (int i = 0; i < STREAMS; i++) {
                var own = symbols.subList(i * REGISTRATIONS, (i + 1) * REGISTRATIONS);
                var opened = Collections.synchronizedList(new ArrayList<FaceProgram.Stream>());
                streams.add(opened);
                var streamer = streamers.get(i);
                start(() -> receive(streamer, own, opened));
            }
            Eventually.await(
                    "the first frames of all stocks", SETTLE, () -> keys(streams), keys -> keys == symbols.size());
            var pushed = pushed(gateway, symbols);
            assertThat(pushed)
                    .as("two app keys with 41 registrations, one of notices")
                    .hasSizeBetween(70, 81);

            try (var tape = new Tape(simulator, List.copyOf(pushed))) {
                for (int i = 0; i < TRADERS; i++) {
                    var trader = traders.get(i);
                    var symbol = symbols.get(i);
                    var random = new Random(i);
                    start(() -> trade(trader, symbol, random));
                }
                for (int i = 0; i < QUERIERS; i++) {
                    var querier = queriers.get(i);
                    boolean loops = i == 0;
                    start(() -> query(querier, symbols, loops));
                }
                long until = System.nanoTime() + duration.toNanos();
                while (System.nanoTime() < until && failures.isEmpty()) pause(200);
                var stillPushed = pushed(gateway, symbols);
                stillPushed.retainAll(pushed);
                assertThat(stillPushed)
                        .as("registrations do not move without need")
                        .hasSizeGreaterThan(60);
                assertEveryTick(tape, streams, stillPushed);
                assertPolled(streams, symbols, pushed, duration);
            }
            joinAll();

            assertThat(streams)
                    .allSatisfy(
                            opened -> assertThat(opened).as("never reopened").hasSize(1));
            assertBrokerSawNoViolation(simulator);
            assertOrders(book, traders, before);
            assertThat(queries.sum()).as("answers to the queries").isGreaterThan(20 * duration.toSeconds());
            System.out.println("ten programs, " + duration + ": " + queries + " queries answered, " + refusedQueries
                    + " refused, "
                    + sentBy.values().stream().mapToInt(List::size).sum() + " orders, "
                    + pushed.size() + " of " + symbols.size() + " stocks pushed");
        }
    }

    private static int keys(List<List<FaceProgram.Stream>> streams) {
        return streams.stream()
                .filter(opened -> !opened.isEmpty())
                .mapToInt(opened -> opened.getLast().keys())
                .sum();
    }

    private static Set<String> pushed(Running gateway, List<String> symbols) {
        var pushed = new HashSet<String>();
        gateway.get("/v1/session/pool?limit=10000").path("demand").forEach(demand -> {
            if (demand.path("kind").asString().equals("trades")
                    && demand.path("mode").asString().equals("push")
                    && symbols.contains(demand.path("symbol").asString())) {
                pushed.add(demand.path("symbol").asString());
            }
        });
        return pushed;
    }

    /** The broker's own tape, received by programs with app keys of their own. */
    private final class Tape implements AutoCloseable {
        private final Map<String, FaceProgram.Stream> bySymbol = new HashMap<>();
        private final List<FaceProgram.Stream> opened = new ArrayList<>();

        Tape(Simulator simulator, List<String> symbols) throws IOException {
            for (int from = 0; from < symbols.size(); from += REGISTRATIONS - 1) {
                var program = new FaceProgram(
                        http,
                        URI.create(simulator.url()),
                        "tape",
                        TAPE + "APPKEYTAPEAPPKEYTAPEAPPKEY%06d".formatted(from),
                        "t".repeat(180),
                        "70000009-01");
                program.login();
                var stream = program.open();
                opened.add(stream);
                for (var symbol : symbols.subList(from, Math.min(symbols.size(), from + REGISTRATIONS - 1))) {
                    stream.register(TRADES, symbol);
                    bySymbol.put(symbol, stream);
                }
            }
        }

        List<String> records(String symbol) {
            return Optional.ofNullable(bySymbol.get(symbol)).orElseThrow().records(TRADES, symbol);
        }

        @Override
        public void close() {
            opened.forEach(FaceProgram.Stream::close);
        }
    }

    /** Every record of the tape since its first one that the program has, up to the last one that both have. */
    private void assertEveryTick(Tape tape, List<List<FaceProgram.Stream>> streams, Set<String> symbols) {
        long compared = 0;
        for (var opened : streams) {
            var stream = opened.getLast();
            for (var symbol : symbols) {
                // A polled value is a trade of no shares.
                var received = stream.records(TRADES, symbol).stream()
                        .filter(record -> !record.split("\\^", -1)[12].equals("0"))
                        .toList();
                if (received.isEmpty()) continue;
                var expected = tape.records(symbol);
                if (expected.isEmpty()) continue;
                int first = received.indexOf(expected.getFirst());
                if (first < 0) continue;
                int common = Math.min(expected.size(), received.size() - first);
                assertThat(received.subList(first, first + common))
                        .as("trades of " + symbol)
                        .isEqualTo(expected.subList(0, common));
                compared += common;
            }
        }
        assertThat(compared).as("trades that were compared").isGreaterThan(500);
        System.out.println("ten programs: " + compared + " pushed trades compared with the broker's tape");
    }

    /** Stocks without a registration have frames at the interval at which they are polled. */
    private static void assertPolled(
            List<List<FaceProgram.Stream>> streams, List<String> symbols, Set<String> pushed, Duration duration) {
        long least = Math.max(1, duration.dividedBy(POLL_INTERVAL_MAX));
        for (int i = 0; i < symbols.size(); i++) {
            var symbol = symbols.get(i);
            if (!pushed.contains(symbol)) {
                assertThat(streams.get(i / REGISTRATIONS).getLast().records(TRADES, symbol))
                        .as("frames of " + symbol)
                        .hasSizeGreaterThanOrEqualTo((int) least);
            }
        }
    }

    private static void assertBrokerSawNoViolation(Simulator simulator) {
        var counts = new TreeMap<String, Long>();
        int clients = 0;
        for (var client : simulator.client().get("/simulator/verdict").body().path("clients")) {
            if (!isOfGateway(client.path("key").asString())) continue;
            clients++;
            client.propertyStream()
                    .filter(each -> each.getValue().isIntegralNumber()
                            && each.getValue().asLong() > 0)
                    .forEach(each -> counts.merge(each.getKey(), each.getValue().asLong(), Long::sum));
        }
        assertThat(counts).isEmpty();
        assertThat(clients).as("both app keys of the gateway").isEqualTo(2);
    }

    /** Neither the tape nor the book, which this test reads beside the gateway. */
    private static boolean isOfGateway(String key) {
        return !key.startsWith(TAPE) && !key.startsWith(BrokerBook.KEY.substring(0, TAPE.length()));
    }

    /** Each order that was confirmed is at the broker once, each refused one never, and each program sees exactly its own. */
    private void assertOrders(BrokerBook book, List<FaceProgram> traders, Map<String, Long> before) {
        // Resting orders go on being filled: what is seen is compared with an account that stayed the same meanwhile.
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            var earlier = book.shares();
            var filled = filledShares(book, traders);
            var after = book.shares();
            if (earlier.equals(after)) {
                filled.forEach((symbol, shares) -> assertThat(
                                after.getOrDefault(symbol, 0L) - before.getOrDefault(symbol, 0L))
                        .as("shares of " + symbol + ": those that the programs see filled are those of the account")
                        .isEqualTo(shares));
                assertThat(filled.values().stream().mapToLong(Long::longValue).sum())
                        .isPositive();
                return;
            }
        }
        throw new AssertionError("the account changed during each of " + ATTEMPTS + " reads");
    }

    /** Shares that the programs see filled, by symbol; everything else that they see is compared with the broker's book. */
    private Map<String, Long> filledShares(BrokerBook book, List<FaceProgram> traders) {
        var byNumber = new LinkedHashMap<Long, BookedOrder>();
        var byFingerprint = new HashMap<OrderFingerprint, Integer>();
        var read = book.read();
        read.orders().forEach(order -> {
            byNumber.put(order.number(), order);
            byFingerprint.merge(order.fingerprint(), 1, Integer::sum);
        });
        var filled = new HashMap<String, Long>();
        for (var trader : traders) {
            var sent = sentBy.getOrDefault(trader.name, List.of());
            assertThat(sent).as(trader.name).hasSizeGreaterThan(5);
            for (var each : sent) {
                int booked = byFingerprint.getOrDefault(each.fingerprint(), 0);
                assertThat(booked).as("%s: %s", trader.name, each).isLessThanOrEqualTo(1);
                if (each.refused()) assertThat(booked).as("refused: %s", each).isZero();
                each.odno()
                        .ifPresent(odno ->
                                assertThat(byNumber).as("confirmed: %s", each).containsKey(Long.parseLong(odno)));
            }
            var own = new HashSet<OrderFingerprint>();
            sent.forEach(each -> own.add(each.fingerprint()));
            var seen = trader.orders();
            seen.forEach((odno, shares) -> {
                long first = Optional.ofNullable(read.firsts().get(Long.parseLong(odno)))
                        .orElseThrow();
                var order = Optional.ofNullable(byNumber.get(first)).orElseThrow();
                assertThat(own).as(trader.name + " sees " + order).contains(order.fingerprint());
                filled.merge(order.fingerprint().symbol(), shares, Long::sum);
            });
            assertThat(seen.keySet().stream().map(Long::parseLong))
                    .as("%s sees what it sent", trader.name)
                    .containsAll(sent.stream()
                            .flatMap(each -> each.odno().stream())
                            .map(Long::parseLong)
                            .toList());
        }
        assertThat(read.orders())
                .as("orders of these programs only")
                .hasSizeLessThanOrEqualTo(
                        sentBy.values().stream().mapToInt(List::size).sum());
        return filled;
    }

    // ---- kills ----

    @Test
    void a_killed_gateway_loses_no_order_of_the_programs_and_they_go_on() throws Exception {
        runKills(2);
    }

    @Test
    @Tag("long")
    void fifty_kills_lose_no_order_of_the_programs_and_they_go_on() throws Exception {
        runKills(50);
    }

    private void runKills(int kills) throws Exception {
        var symbols = symbols(TRADERS + REGISTRATIONS);
        try (var simulator = simulator();
                var book = new BrokerBook(simulator.url(), ACCOUNT)) {
            var before = book.shares();
            var launch = launch(simulator);
            LocalProgram gateway = Running.start(launch).program();
            try {
                var traders = programs("trader", TRADERS);
                var streamer = program("stream");
                var opened = Collections.synchronizedList(new ArrayList<FaceProgram.Stream>());
                start(() -> receive(streamer, symbols.subList(TRADERS, symbols.size()), opened));
                for (int i = 0; i < TRADERS; i++) {
                    var trader = traders.get(i);
                    var symbol = symbols.get(i);
                    var random = new Random(i);
                    start(() -> trade(trader, symbol, random));
                }
                var random = new Random();
                for (int kill = 0; kill < kills; kill++) {
                    int openedBefore = opened.size();
                    Eventually.await("orders after kill " + kill, SETTLE, this::confirmed, confirmed -> confirmed > 0);
                    long confirmedBefore = confirmed();
                    Eventually.await(
                            "further orders", SETTLE, this::confirmed, confirmed -> confirmed > confirmedBefore + 5);
                    pause(random.nextInt(500));
                    gateway.kill();
                    gateway = Running.start(launch).program();
                    Eventually.await(
                            "the stream was opened again",
                            SETTLE,
                            opened::size,
                            count -> count > openedBefore && opened.getLast().keys() > 20);
                }
                long confirmed = confirmed();
                Eventually.await("orders after the last kill", SETTLE, this::confirmed, now -> now > confirmed + 5);
                joinAll();
                settle(new Running(gateway, gatewayClient(gateway)));
                assertOrders(book, traders, before);
                System.out.println("kills: " + kills + ", orders "
                        + sentBy.values().stream().mapToInt(List::size).sum() + ", without an answer "
                        + sentBy.values().stream()
                                .flatMap(List::stream)
                                .filter(each -> !each.refused() && each.odno().isEmpty())
                                .count());
            } finally {
                gateway.close();
            }
        }
    }

    private static GatewayClient gatewayClient(LocalProgram gateway) {
        return GatewayClient.at(URI.create("http://127.0.0.1:" + gateway.gatewayPort()), Duration.ofSeconds(30));
    }

    private long confirmed() {
        return sentBy.values().stream()
                .flatMap(sent -> List.copyOf(sent).stream())
                .filter(each -> each.odno().isPresent())
                .count();
    }

    /**
     * Waits until no request is in flight or in doubt. One that the kill stopped before its first byte leaves no trace at the
     * broker: an operator who sees none there decides so. A wrong decision would show in the fills and the account.
     */
    private static void settle(Running gateway) {
        Eventually.await(
                "no order in flight or in doubt",
                SETTLE,
                () -> {
                    var pending = ConsistencyCheck.orders(gateway).stream()
                            .filter(order -> List.of("QUEUED", "DISPATCHING", "UNKNOWN")
                                    .contains(order.path("status").asString()))
                            .toList();
                    pending.stream()
                            .filter(order -> order.path("status").asString().equals("UNKNOWN"))
                            .map(order -> gateway.get(
                                    "/v1/orders/" + order.path("order_id").asString()))
                            .filter(order -> order.path("candidates").isEmpty())
                            .forEach(order -> gateway.client()
                                    .post(
                                            "/v1/orders/"
                                                    + order.path("order_id").asString() + "/resolve",
                                            "{\"decision\":\"NOT_AT_BROKER\"}",
                                            "decided-" + order.path("order_id").asString()));
                    return pending.stream()
                            .map(order -> order.path("status").asString() + " "
                                    + order.path("reason").asString(""))
                            .toList();
                },
                List::isEmpty);
    }
}
