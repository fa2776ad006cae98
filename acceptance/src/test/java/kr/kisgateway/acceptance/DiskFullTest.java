package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.Launch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged gateway on a disk that fills up under load and while an order is in flight. On a memory disk where mounting
 * is allowed, and everywhere with a limit on the size of its files.
 */
@Tag("slow")
class DiskFullTest {
    private static final String ACCOUNT = "50123456";
    private static final int CLIENTS = 16;

    @TempDir
    Path folder;

    @Test
    @Tag("long")
    void a_full_disk_under_load_stops_intake_until_space_returns_and_loses_no_order() throws Exception {
        try (var disk = mounted()) {
            fillUnderLoad(disk);
        }
    }

    @Test
    void a_file_size_limit_under_load_stops_intake_until_it_is_lifted_and_loses_no_order() throws Exception {
        try (var disk = limited()) {
            fillUnderLoad(disk);
        }
    }

    @Test
    void an_order_in_flight_when_the_disk_fills_is_found_at_the_broker_and_sent_once() throws Exception {
        try (var disk = mounted()) {
            fillWhileSending(disk);
        }
    }

    @Test
    @Tag("long")
    void an_order_in_flight_when_no_file_can_grow_is_found_at_the_broker_and_sent_once() throws Exception {
        try (var disk = limited()) {
            fillWhileSending(disk);
        }
    }

    @Test
    void a_low_disk_refuses_orders_and_accepts_cancels() throws Exception {
        try (var disk = mounted();
                var simulator = simulator();
                var gateway = Running.start(launch(simulator, "8MB"))) {
            var order = gateway.placed("before", "005930", "BUY", 1, Optional.of(150_000L));
            gateway.awaitStatus(order, "SENT");
            disk.leave(6 << 20);
            awaitBlocker(gateway, "DISK_LOW");
            assertThat(gateway.place("low", "005930", "BUY", 2, Optional.of(150_000L))
                            .code())
                    .isEqualTo("DISK_LOW");
            assertThat(gateway.client()
                            .post("/v1/orders/" + order + "/cancel", "{}", "cancel")
                            .status())
                    .isEqualTo(200);
            gateway.awaitStatus(order, "CANCELED");
            disk.makeRoom(gateway.program());
            gateway.ready();
            var after = gateway.placed("low", "005930", "BUY", 2, Optional.of(150_000L));
            gateway.awaitStatus(after, "SENT");
        }
    }

    @Test
    void a_disk_without_a_free_byte_accepts_cancels_because_a_reserve_is_released() throws Exception {
        try (var disk = mounted();
                var simulator = simulator();
                var gateway = Running.start(launch(simulator, "8MB"))) {
            Eventually.await(
                    "a reserve",
                    Programs.SHORT_TIMEOUT,
                    () -> gateway.get("/v1/metrics/journal")
                            .path("reserve_bytes")
                            .asLong(),
                    bytes -> bytes == 2 << 20);
            var orders = new ArrayList<String>();
            for (var n = 0; n < 20; n++) {
                orders.add(gateway.placed("before-" + n, "005930", "BUY", 1 + n, Optional.of(150_000L)));
            }
            for (var order : orders) gateway.awaitStatus(order, "SENT");
            disk.fillOnce();
            Eventually.await(
                    "the release of the reserve",
                    Programs.SHORT_TIMEOUT,
                    () -> gateway.get("/v1/metrics/journal")
                            .path("reserve_bytes")
                            .asLong(),
                    bytes -> bytes == 0);
            awaitBlocker(gateway, "DISK_LOW");
            for (var order : orders) {
                assertThat(gateway.client()
                                .post("/v1/orders/" + order + "/cancel", "{}", "cancel-" + order)
                                .status())
                        .isEqualTo(200);
            }
            for (var order : orders) gateway.awaitStatus(order, "CANCELED");
            disk.makeRoom(gateway.program());
            gateway.ready();
            Eventually.await(
                    "the reserve to be restored",
                    Programs.SHORT_TIMEOUT,
                    () -> gateway.get("/v1/metrics/journal")
                            .path("reserve_bytes")
                            .asLong(),
                    bytes -> bytes == 2 << 20);
        }
    }

    // ---- full under load ----

    private void fillUnderLoad(SmallDisk disk) throws Exception {
        var traders = new Traders();
        var random = new Random(20_261_120);
        try (var simulator = simulator();
                var book = new BrokerBook(simulator.url(), ACCOUNT)) {
            var judgement = new ConsistencyCheck(traders, book);
            try (var gateway = Running.start(launch(simulator, "0"))) {
                var load = new Load(traders, gateway.client(), random);
                load.await(3 * CLIENTS);
                disk.fill(gateway.program());
                // An answered refusal with its reason, after acknowledgements: that is a clean stop.
                awaitBlocker(gateway, "JOURNAL_UNAVAILABLE");
                int acknowledged = traders.acknowledged();
                load.awaitFurther(2 * CLIENTS);
                assertThat(traders.acknowledged() - acknowledged)
                        .as("orders acknowledged on a full disk")
                        .isLessThanOrEqualTo(CLIENTS); // those answered during the check
                disk.makeRoom(gateway.program());
                gateway.ready();
                int before = traders.acknowledged();
                Eventually.await(
                        "orders to be accepted again",
                        Programs.SHORT_TIMEOUT,
                        traders::acknowledged,
                        n -> n > before + CLIENTS);
                load.stop();
                traders.repeatRequests(gateway.client(), 0, 0, random);
                judgement.awaitConsistent(gateway, 0, 1);
                // The disk fills a second time, and the gateway is killed on it.
                var second = new Load(traders, gateway.client(), random);
                second.await(CLIENTS);
                disk.fill(gateway.program());
                second.awaitFurther(CLIENTS);
                gateway.program().kill();
                second.stop();
                disk.makeRoom(gateway.program());
            }
            verify();
            try (var gateway = Running.start(launch(simulator, "0"))) {
                traders.repeatRequests(gateway.client(), 0, 0, random);
                var verdict = judgement.cancelAllAndCompare(gateway, 2);
                System.out.println("full disk: " + traders.calls().size() + " orders requested, "
                        + traders.acknowledged() + " acknowledged, "
                        + book.read().orders().size() + " sent; "
                        + verdict.lost() + " lost, " + verdict.doubled() + " doubled");
                assertThat(verdict.lost() + verdict.doubled()).isZero();
            }
            verify();
        }
    }

    private static void awaitBlocker(Running gateway, String blocker) {
        Eventually.await(
                blocker, Programs.SHORT_TIMEOUT, () -> blockers(gateway), blockers -> blockers.contains(blocker));
    }

    private static List<String> blockers(Running gateway) {
        var answer = gateway.client().get("/v1/session/live-readiness").body().path("blocker_reasons");
        return StreamSupport.stream(answer.spliterator(), false)
                .map(node -> node.asString())
                .toList();
    }

    /** Running traders. */
    private static final class Load {
        private final AtomicBoolean running = new AtomicBoolean(true);
        private final AtomicInteger started = new AtomicInteger();
        private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        private final List<Thread> threads = new ArrayList<>();

        Load(Traders traders, GatewayClient client, Random random) {
            var run = Integer.toString(random.nextInt(1_000_000));
            for (var n = 0; n < CLIENTS; n++) {
                var name = "f" + run + "c" + n + "-";
                var own = new Random(random.nextLong());
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        traders.trade(0, client, name, own, running, started);
                    } catch (AssertionError | RuntimeException e) {
                        failures.add(e);
                    }
                }));
            }
        }

        void await(int calls) {
            Eventually.await(
                    calls + " calls", Programs.SHORT_TIMEOUT, started::get, n -> n >= calls || !failures.isEmpty());
        }

        void awaitFurther(int calls) {
            await(started.get() + calls);
        }

        void stop() throws InterruptedException {
            running.set(false);
            for (var thread : threads) thread.join();
            assertThat(failures).isEmpty();
        }
    }

    // ---- full while an order is in flight ----

    private void fillWhileSending(SmallDisk disk) throws Exception {
        try (var simulator = simulator();
                var book = new BrokerBook(simulator.url(), ACCOUNT);
                var gateway = Running.start(launch(simulator, "0"))) {
            simulator.fault("{\"late_answers\":1,\"late_answer_ms\":4000,\"lose_notices\":{\"chance\":1}}");
            var order = gateway.placed("sending", "005930", "BUY", 3, Optional.of(150_000L));
            gateway.awaitStatus(order, "DISPATCHING");
            disk.fill(gateway.program());
            // A log that was once longer has room for a while: other orders use it up before the answer arrives.
            var others = new AtomicInteger();
            Eventually.await(
                    "a commit to fail for lack of space",
                    Programs.SHORT_TIMEOUT,
                    () -> gateway.place("other-" + others.incrementAndGet(), "005930", "BUY", 1, Optional.of(150_000L)),
                    answer -> answer.code().equals("JOURNAL_UNAVAILABLE"));
            assertThat(countOrdersOfThree(book)).isEqualTo(1);
            disk.makeRoom(gateway.program());
            gateway.awaitStatus(order, "SENT");
            // The disk may be full once more for a moment, and the repetition refused.
            var replayed = Eventually.await(
                    "the repetition to be answered",
                    Programs.SHORT_TIMEOUT,
                    () -> gateway.place("sending", "005930", "BUY", 3, Optional.of(150_000L)),
                    Answer::ok);
            assertThat(replayed.body().path("order_id").asString()).isEqualTo(order);
            assertThat(replayed.header("Idempotent-Replay")).contains("true");
            assertThat(countOrdersOfThree(book)).isEqualTo(1);
            var events = gateway.get("/v1/orders/" + order + "/events").toString();
            // The broker's answer may arrive as soon as there is room, before its list does.
            assertThat(events).contains("SendInDoubt").containsPattern("\"matched_by\":\"(INFERENCE|ANSWER)\"");
            gateway.program().kill();
        }
        verify();
    }

    private static long countOrdersOfThree(BrokerBook book) {
        return book.read().orders().stream()
                .filter(order -> order.fingerprint().qty() == 3)
                .count();
    }

    // ---- disks ----

    private SmallDisk.Mounted mounted() throws Exception {
        var data = Files.createDirectories(folder.resolve("data"));
        assumeTrue(SmallDisk.Mounted.allowed(data), "not run: mounting is not allowed");
        return SmallDisk.Mounted.at(data);
    }

    private static SmallDisk limited() {
        var limitSupported = SmallDisk.Limited.allowed();
        if (System.getenv("CI") != null)
            assertThat(limitSupported).as("prlimit, which CI must have").isTrue();
        assumeTrue(limitSupported, "not run: prlimit is missing");
        return new SmallDisk.Limited();
    }

    private Simulator simulator() {
        return Programs.simulator(folder, "--rate", "400", "--ledger-rate", "5000", "--ticks", "20");
    }

    private Launch launch(Simulator simulator, String diskLow) {
        return Programs.gateway(folder, simulator)
                .withEnvironment("SIMULATOR_RATE_LIMIT", "300")
                .withEnvironment("RISK_REFUSE_SELF_CROSS", "false")
                .withEnvironment("JOURNAL_DISK_LOW", diskLow)
                .withEnvironment("KIS_ENV", "sim")
                .withEnvironment("KIS_ACCOUNT_NO", ACCOUNT + "-01");
    }

    private void verify() throws Exception {
        assertThat(KilledJournal.copy(folder.resolve("data").resolve("sim"), folder.resolve("copy"))
                        .findings())
                .as("the journal")
                .isEmpty();
    }
}
