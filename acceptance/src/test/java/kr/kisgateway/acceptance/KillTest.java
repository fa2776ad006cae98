package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.gatewayclient.Launch;
import kr.kisgateway.gatewayclient.LocalProgram;
import kr.kisgateway.simulation.history.HistoryChecker;
import kr.kisgateway.simulation.history.HistoryChecker.Called;
import kr.kisgateway.simulation.history.HistoryChecker.Print;
import kr.kisgateway.simulation.history.HistoryChecker.Shown;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The promise of a restart: the gateway is killed at any moment under load, started again, and judged by what its clients
 * heard and by the broker's own book. The broker is a process of its own and goes on, so that an answer can be lost after
 * the order was taken.
 */
class KillTest {
    private static final String ACCOUNT = "50123456";
    private static final int CLIENTS = 5;
    private static final Duration SETTLED = Duration.ofSeconds(25);

    /** What goes wrong in the rounds, in turn; notices that got lost are what only the list can make good. */
    private static final List<String> FAULTS = List.of(
            "{\"lose_answers\":2}",
            "{\"lose_notices\":3}",
            "{\"duplicate_notices\":4,\"notices_first\":2}",
            "{\"hide_orders_seconds\":1,\"lose_answers\":2}",
            "{\"broken_answers\":1,\"late_answers\":2,\"late_answer_ms\":1500}",
            "{\"refuse_connections\":2,\"lose_notices\":2,\"duplicate_notices\":2}");

    private static final String NO_FAULTS = "{\"lose_answers\":0,\"lose_notices\":0,\"duplicate_notices\":0,"
            + "\"notices_first\":0,\"hide_orders_seconds\":0,\"broken_answers\":0,\"late_answers\":0,"
            + "\"refuse_connections\":0}";

    @TempDir
    Path folder;

    private final Map<String, Called> calls = new ConcurrentHashMap<>();
    private final Map<String, String> bodies = new ConcurrentHashMap<>();

    @Test
    @Tag("I-01")
    void after_10_kills_under_load_nothing_is_lost_and_nothing_was_sent_twice() throws Exception {
        rounds(10, seed());
    }

    @Test
    @Tag("long")
    void after_200_kills_under_load_nothing_is_lost_and_nothing_was_sent_twice() throws Exception {
        rounds(200, seed());
    }

    /** Another one each time, and printed; {@code -Dkis.kill.seed=N} plays the moments and orders of a run again. */
    private static long seed() {
        return Long.getLong("kis.kill.seed", System.nanoTime());
    }

    private void rounds(int count, long seed) throws Exception {
        System.out.println("kill rounds: seed " + seed);
        var random = new Random(seed);
        long began = System.nanoTime();
        try (var simulator = Programs.simulator(folder, "--rate", "400", "--ticks", "20");
                var book = new BrokerBook(simulator.url(), ACCOUNT)) {
            for (var round = 0; round < count; round++) {
                try {
                    round(round, simulator, book, random);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("round " + round + " of seed " + seed + ": " + e.getMessage(), e);
                }
            }
            try (var gateway = Running.start(launch(simulator))) {
                judge(gateway, simulator, book);
                everyCancelHasAnEnd(gateway);
                var ends = new TreeMap<String, Integer>();
                shown(gateway).forEach(order -> ends.merge(order.status(), 1, Integer::sum));
                System.out.println("kill rounds: " + calls.size() + " orders asked for, "
                        + book.orders().size() + " at the broker; now " + ends + " after "
                        + Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s");
                // Rounds without fills, or with hardly an order, would have judged nothing.
                assertThat(ends.getOrDefault("FILLED", 0)).isGreaterThan(count);
                assertThat(book.orders()).hasSizeGreaterThan(5 * count);
            }
        }
    }

    private void round(int round, Simulator simulator, BrokerBook book, Random random) throws Exception {
        if (round % 5 == 3) { // in the middle of a start, which is what a restart after a crash is
            try (var program = LocalProgram.startWithoutWaiting(launch(simulator))) {
                LockSupport.parkNanos(
                        Duration.ofMillis(300 + random.nextInt(2_500)).toNanos());
                program.kill();
            }
        }
        try (var gateway = Running.start(launch(simulator))) {
            judge(gateway, simulator, book);
            simulator.fault(FAULTS.get(round % FAULTS.size()));
            loadAndKill(round, gateway, random);
        }
        simulator.fault(NO_FAULTS);
    }

    private Launch launch(Simulator simulator) {
        return Programs.gateway(folder, simulator)
                .withEnvironment("SIMULATOR_RATE_LIMIT", "300")
                .withEnvironment("KIS_ENV", "sim")
                .withEnvironment("KIS_ACCOUNT_NO", ACCOUNT + "-01");
    }

    // ---- load ----

    private void loadAndKill(int round, Running gateway, Random random) throws Exception {
        var go = new AtomicBoolean(true);
        var started = new AtomicInteger();
        var threads = new ArrayList<Thread>();
        for (var n = 0; n < CLIENTS; n++) {
            var name = "r" + round + "c" + n + "-";
            var own = new Random(random.nextLong());
            threads.add(Thread.ofPlatform().start(() -> trade(gateway.client(), name, own, go, started)));
        }
        int calls = 5 + random.nextInt(60);
        long further = random.nextInt(20_000_000);
        Eventually.see(calls + " calls", Programs.SOON, started::get, s -> s >= calls);
        LockSupport.parkNanos(further);
        gateway.program().kill();
        go.set(false);
        for (var thread : threads) thread.join();
    }

    private void trade(GatewayClient gateway, String name, Random random, AtomicBoolean go, AtomicInteger started) {
        var open = new ArrayList<String>();
        for (var i = 0; go.get(); i++) {
            try {
                var key = name + i;
                remember(key, random);
                started.incrementAndGet();
                heard(key, gateway.post("/v1/orders", bodies.get(key), key)).ifPresent(open::add);
                if (!open.isEmpty() && random.nextInt(3) == 0) {
                    var id = open.remove(random.nextInt(open.size()));
                    gateway.post("/v1/orders/" + id + "/cancel", "{}");
                }
                // As fast as it is told what became of one, so that the queue does not only grow.
                if (!open.isEmpty()) gateway.get("/v1/orders/" + open.getLast());
            } catch (GatewayException e) {
                return; // killed; whether the last call counted is to be found out
            }
        }
    }

    /** Half of the buys cross the market of about 26,000 won, half rest; every tenth is a market order. */
    private void remember(String key, Random random) {
        long price = random.nextInt(10) == 0 ? 0 : 25_000 + 50L * random.nextInt(50);
        long qty = 1 + random.nextInt(40);
        var side = random.nextInt(6) == 0 ? "SELL" : "BUY";
        if (side.equals("SELL")) qty = 1 + random.nextInt(3);
        var by = Instant.now().plusMillis(500 + random.nextInt(4_000)).truncatedTo(ChronoUnit.MILLIS);
        var body = Programs.order("003490", side, qty, price == 0 ? Optional.empty() : Optional.of(price))
                .replaceFirst("}$", ",\"dispatch_by\":\"" + OffsetDateTime.ofInstant(by, ZoneOffset.UTC) + "\"}");
        bodies.put(key, body);
        calls.put(key, new Called(key, new Print("003490", side, qty, price), by, Optional.empty(), false));
    }

    private Optional<String> heard(String key, Answer answer) {
        var id = answer.ok() ? Optional.of(answer.body().path("order_id").asString()) : Optional.<String>empty();
        // A 503 from the journal says itself that the outcome is unknown; so does a key that is being decided.
        var unsure = List.of("JOURNAL_UNAVAILABLE", "IDEMPOTENCY_IN_FLIGHT").contains(answer.code());
        if (!unsure) {
            calls.computeIfPresent(key, (k, c) -> new Called(k, c.print(), c.dispatchBy(), id, !answer.ok()));
        }
        if (answer.status() >= 500
                && !List.of("JOURNAL_UNAVAILABLE", "QUEUE_TIMEOUT", "POSITION_PROVIDER_UNAVAILABLE")
                        .contains(answer.code())) {
            throw new AssertionError("a call was answered " + answer);
        }
        return id;
    }

    // ---- judging ----

    private void judge(Running gateway, Simulator simulator, BrokerBook book) {
        everyKeyReplays(gateway);
        var wrong = Eventually.see(
                "a history without a fault",
                SETTLED,
                () -> HistoryChecker.judge(List.copyOf(calls.values()), shown(gateway), book.orders()),
                List::isEmpty);
        assertThat(wrong).isEmpty();
        if (simulator.state().path("open_orders").intValue() > 300) cancelAll(gateway);
    }

    /** A cancel that was acknowledged is carried out, or the order ended otherwise, whatever was killed in between. */
    private static void everyCancelHasAnEnd(Running gateway) {
        Eventually.see(
                "every cancel to have an end",
                SETTLED,
                () -> shown(gateway).stream()
                        .filter(order -> order.status().equals("CANCEL_PENDING"))
                        .map(order -> order + " " + gateway.get("/v1/orders/" + order.id() + "/events"))
                        .toList(),
                List::isEmpty);
    }

    /** Of what was acknowledged; and whoever heard nothing asks again, as the contract says, and is then told. */
    private void everyKeyReplays(Running gateway) {
        for (var call : List.copyOf(calls.values())) {
            if (call.refused()) continue;
            var answer = gateway.client().post("/v1/orders", bodies.get(call.key()), call.key());
            call.orderId().ifPresent(id -> {
                assertThat(answer.status()).as(call + " again: " + answer).isEqualTo(200);
                assertThat(answer.body().path("order_id").asString()).isEqualTo(id);
                assertThat(answer.header("Idempotent-Replay")).contains("true");
            });
            if (call.orderId().isEmpty()) heard(call.key(), answer);
        }
    }

    private static List<Shown> shown(Running gateway) {
        var orders = new ArrayList<Shown>();
        var seen = new HashSet<String>();
        var next = "/v1/orders?limit=1000";
        while (!next.isEmpty()) {
            var page = gateway.get(next);
            for (var order : page.path("orders")) {
                if (seen.add(order.path("order_id").asString())) orders.add(shown(order));
            }
            next = page.path("next_cursor").isNull()
                    ? ""
                    : "/v1/orders?limit=1000&cursor=" + page.path("next_cursor").asString();
        }
        return Collections.unmodifiableList(orders);
    }

    private static Shown shown(JsonNode order) {
        long fills = order.path("fills")
                .valueStream()
                .mapToLong(f -> f.path("qty").longValue())
                .sum();
        assertThat(fills)
                .as("the fills of " + order)
                .isEqualTo(order.path("filled_qty").longValue());
        var number = order.path("kis_order_no");
        return new Shown(
                order.path("order_id").asString(),
                order.path("idempotency_key").asString(),
                new Print(
                        order.path("symbol").asString(),
                        order.path("side").asString(),
                        order.path("qty").longValue(),
                        order.path("price").isNull() ? 0 : order.path("price").longValue()),
                order.path("status").asString(),
                order.path("filled_qty").longValue(),
                number.isNull() ? Optional.empty() : Optional.of(Long.parseLong(number.asString())));
    }

    private static void cancelAll(Running gateway) {
        for (var order : shown(gateway)) {
            if (List.of("SENT", "PARTIAL_FILLED").contains(order.status())) {
                gateway.client().post("/v1/orders/" + order.id() + "/cancel", "{}", "sweep-" + order.id());
            }
        }
    }
}
