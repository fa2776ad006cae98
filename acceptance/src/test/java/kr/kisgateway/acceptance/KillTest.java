package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.programs.LocalProgram;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulation.history.CrashRoundChecks;
import kr.kisgateway.simulation.history.CrashRoundChecks.Pause;
import kr.kisgateway.simulation.history.CrashRoundChecks.ProcessRole;
import kr.kisgateway.simulation.history.CrashRoundChecks.Verdict;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * A restart after a crash: the gateway is killed at random moments under load, restarted, and verified against what its
 * clients received and the broker's own book. The broker is a process of its own that keeps running, so an answer can be
 * lost after the order was taken; the simulator injects every fault it has, and both processes are suspended at random
 * moments.
 */
@Tag("slow")
class KillTest {
    private static final String ACCOUNT = "50123456";
    private static final int CLIENTS = 16;
    private static final Duration SLOW_ANSWER = Duration.ofMillis(300);
    private static final Duration WATCH_INTERVAL = Duration.ofMillis(100);
    private static final Duration LOAD_TIMEOUT = Duration.ofSeconds(20);

    /** Rounds that share a broker and a journal: otherwise the test would measure little but a growing list of the day. */
    private static final int ROUNDS_PER_BATCH = 25;

    /** Restarts that an order in doubt survives when it is not at the broker, before an operator resolves it. */
    private static final int ROUNDS_IN_DOUBT = 2;

    /** Keys of earlier rounds that are repeated in each round. */
    private static final int REPEATED_OLD_KEYS = 20;

    /** Number of open orders at the broker above which they are all cancelled, to bound the work of watching them. */
    private static final int OPEN_ORDERS_MAX = 400;

    /** The faults; some of these in each round. */
    private static final List<String> FAULTS = List.of(
            "\"lose_answers\":{\"on\":[\"orders\",\"revisions\"],\"chance\":0.1}",
            "\"late_answers\":{\"on\":[\"orders\",\"revisions\"],\"chance\":0.1},\"late_answer_ms\":1500",
            "\"late_answers\":{\"on\":[\"orders\",\"revisions\"],\"count\":3},\"late_answer_ms\":6500",
            "\"broken_answers\":{\"on\":[\"orders\",\"revisions\"],\"chance\":0.05}",
            "\"refuse_connections\":{\"on\":[\"orders\",\"revisions\"],\"chance\":0.05}",
            "\"server_errors_before\":{\"on\":[\"orders\",\"revisions\"],\"chance\":0.05}",
            "\"server_errors_after\":{\"on\":[\"orders\",\"revisions\"],\"chance\":0.1}",
            "\"unavailable_before\":{\"on\":[\"orders\",\"revisions\"],\"chance\":0.05}",
            "\"unavailable_after\":{\"on\":[\"orders\",\"revisions\"],\"chance\":0.1}",
            "\"timeouts_before\":{\"on\":[\"orders\",\"revisions\"],\"chance\":0.05}",
            "\"timeouts_after\":{\"on\":[\"orders\",\"revisions\"],\"chance\":0.1}",
            "\"lose_notices\":{\"chance\":0.2}",
            "\"duplicate_notices\":{\"chance\":0.2}",
            "\"reorder_notices\":{\"chance\":0.2}",
            "\"late_notices\":{\"chance\":0.2},\"late_notice_ms\":700",
            "\"notices_first\":{\"chance\":0.1}",
            "\"hide_orders_seconds\":2",
            "\"exchange_delay_ms\":300",
            "\"reject_by_exchange\":{\"on\":[\"orders\",\"revisions\"],\"chance\":0.05}",
            "\"drop_at_notices\":1",
            "\"query_errors\":{\"chance\":0.03}",
            "\"failed_pages\":{\"chance\":0.1}");

    @TempDir
    Path folder;

    @Test
    @Requirement(value = "G-17", clause = "restart")
    void after_4_kills_under_load_nothing_is_lost_and_nothing_was_sent_twice() throws Exception {
        runRounds(4, seed());
    }

    /** With {@code -Dkis.docs.write=true} the figures of the run are written for {@code docs/RELIABILITY.md}. */
    @Test
    @Tag("long")
    void after_200_kills_under_load_nothing_is_lost_and_nothing_was_sent_twice() throws Exception {
        int rounds = Integer.getInteger("kis.kill.rounds", 200);
        long seed = seed();
        var sums = runRounds(rounds, seed);
        if (Boolean.getBoolean("kis.docs.write")) {
            writeRecord(rounds, seed, sums);
        }
    }

    private static void writeRecord(int rounds, long seed, Figures sums) throws Exception {
        var home = Launch.projectHome();
        var git = new ProcessBuilder("git", "rev-parse", "--short=8", "HEAD")
                .directory(home.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var commit = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(git.waitFor()).as("exit code of git").isZero();
        var record = JsonMapper.shared().createObjectNode();
        record.put("commit", commit)
                .put("day", LocalDate.now(ZoneOffset.UTC).toString())
                .put("seed", seed)
                .put("rounds", rounds);
        var figures = record.putObject("figures");
        sums.sums.forEach(figures::put);
        Files.writeString(home.resolve("docs/kills.json"), record.toPrettyString() + "\n");
    }

    /** A new seed each time, and printed; {@code -Dkis.kill.seed=N} repeats the moments and orders of a run. */
    private static long seed() {
        return Long.getLong("kis.kill.seed", System.nanoTime());
    }

    private Figures runRounds(int count, long seed) throws Exception {
        System.out.println("kill rounds: seed " + seed);
        var sums = new Figures();
        for (int done = 0; done < count; done += ROUNDS_PER_BATCH) {
            var batchFolder = Files.createDirectories(folder.resolve("from-" + done));
            int rounds = Math.min(ROUNDS_PER_BATCH, count - done);
            try (var simulator =
                            Programs.simulator(batchFolder, "--rate", "400", "--ledger-rate", "5000", "--ticks", "20");
                    var book = new BrokerBook(simulator.url(), ACCOUNT)) {
                new RoundBatch(batchFolder, new Random(seed + done), sums, simulator, book).run(rounds);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", from round " + done + ": " + e.getMessage(), e);
            }
            System.out.println("kill rounds: " + sums);
        }
        // Rounds without fills, doubt or modifications, or with hardly an order, would have verified nothing.
        assertThat(sums.of("filled")).isGreaterThan(count);
        assertThat(sums.of("sent")).isGreaterThan(10 * count);
        assertThat(sums.of("unknown")).isGreaterThan(count);
        assertThat(sums.of("modifications")).isGreaterThan(count);
        assertThat(sums.of("lost") + sums.of("doubled")).isZero();
        return sums;
    }

    /** The counts, in the order in which they were first named. */
    private static final class Figures {
        private final Map<String, Long> sums = new LinkedHashMap<>();

        void add(String name, long number) {
            sums.merge(name, number, Long::sum);
        }

        long of(String name) {
            return sums.getOrDefault(name, 0L);
        }

        @Override
        public String toString() {
            var text = new StringBuilder();
            sums.forEach((name, number) -> text.append(text.isEmpty() ? "" : ", ")
                    .append(number)
                    .append(' ')
                    .append(name));
            return text.toString();
        }
    }

    /** Rounds with one broker and one journal. */
    private static final class RoundBatch {
        private final Path folder;
        private final Random random;
        private final Figures sums;
        private final Simulator simulator;
        private final BrokerBook book;
        private final Traders traders = new Traders();
        private final ConsistencyCheck consistency;
        private final ConcurrentLinkedQueue<Pause> stalls = new ConcurrentLinkedQueue<>();
        private int kills;
        private int starts;

        RoundBatch(Path folder, Random random, Figures sums, Simulator simulator, BrokerBook book) {
            this.folder = folder;
            this.random = random;
            this.sums = sums;
            this.simulator = simulator;
            this.book = book;
            this.consistency = new ConsistencyCheck(traders, book);
        }

        void run(int rounds) throws Exception {
            long startNanos = System.nanoTime();
            for (var round = 0; round < rounds; round++) {
                try {
                    runRound(round);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError("round " + round + " of this piece: " + e.getMessage(), e);
                }
            }
            finish(rounds);
            sums.add("seconds", Duration.ofNanos(System.nanoTime() - startNanos).toSeconds());
        }

        private void runRound(int round) throws Exception {
            if (round % 5 == 3) { // in the middle of a start, because that is a restart after a crash
                starts++;
                try (var program = LocalProgram.startWithoutWaiting(launch())) {
                    LockSupport.parkNanos(
                            Duration.ofMillis(100 + random.nextInt(1_700)).toNanos());
                    program.kill();
                    kills++;
                }
            }
            starts++;
            try (var gateway = Running.start(launch())) {
                simulator.fault("{\"clear\":true}");
                verifyConsistency(round, gateway);
                simulator.fault(faults());
                loadAndKill(round, gateway);
                kills++;
            }
            verify();
            // Every other restart meets the broker with the faults of the moment of the kill.
            if (random.nextBoolean()) simulator.fault("{\"clear\":true}");
        }

        private String faults() {
            var chosen = new TreeMap<String, String>();
            for (int n = 0; n < 4; n++) {
                var fault = FAULTS.get(random.nextInt(FAULTS.size()));
                chosen.put(fault.substring(0, fault.indexOf(':')), fault);
            }
            return "{" + String.join(",", chosen.values()) + "}";
        }

        private Launch launch() {
            return Programs.gateway(folder, simulator)
                    .withEnvironment("SIMULATOR_RATE_LIMIT", "300")
                    .withEnvironment("RISK_DAILY_ORDERS", "1000000")
                    .withEnvironment("RISK_REFUSE_SELF_CROSS", "false")
                    .withEnvironment("KIS_API_CIRCUIT_BREAKER_THRESHOLD", "1000")
                    .withEnvironment("KIS_ENV", "sim")
                    .withEnvironment("KIS_ACCOUNT_NO", ACCOUNT + "-01");
        }

        // ---- load ----

        private void loadAndKill(int round, Running gateway) throws Exception {
            var running = new AtomicBoolean(true);
            var started = new AtomicInteger();
            var failures = new ConcurrentLinkedQueue<Throwable>();
            var threads = new ArrayList<Thread>();
            threads.add(Thread.ofPlatform().start(collectingFailures(failures, () -> watchBroker(running))));
            for (var n = 0; n < CLIENTS; n++) {
                var name = "r" + round + "c" + n + "-";
                var own = new Random(random.nextLong());
                threads.add(Thread.ofPlatform()
                        .start(collectingFailures(
                                failures, () -> traders.trade(round, gateway.client(), name, own, running, started))));
            }
            try {
                awaitCalls(started, 2 * CLIENTS + random.nextInt(160));
                suspendAndKill(gateway.program(), simulator.program(), started);
            } finally {
                running.set(false);
            }
            for (var thread : threads) thread.join();
            stalls.forEach(consistency::recordStall);
            stalls.clear();
            failures.forEach(e -> {
                throw new AssertionError("a client: " + e.getMessage(), e);
            });
        }

        private static Runnable collectingFailures(Collection<Throwable> failures, Runnable work) {
            return () -> {
                try {
                    work.run();
                } catch (AssertionError | RuntimeException e) {
                    failures.add(e);
                }
            };
        }

        /** A broker that is slow to answer, on a busy machine, takes an order as late as a suspended one. */
        private void watchBroker(AtomicBoolean running) {
            while (running.get()) {
                var from = Instant.now();
                simulator.state();
                var to = Instant.now();
                if (Duration.between(from, to).compareTo(SLOW_ANSWER) > 0)
                    stalls.add(new Pause(ProcessRole.BROKER, from, to));
                LockSupport.parkNanos(WATCH_INTERVAL.toNanos());
            }
        }

        private static void awaitCalls(AtomicInteger started, int calls) {
            long until = System.nanoTime() + LOAD_TIMEOUT.toNanos();
            while (started.get() < calls && System.nanoTime() < until) LockSupport.parkNanos(200_000);
        }

        private void suspendAndKill(LocalProgram gateway, LocalProgram simulator, AtomicInteger started) {
            switch (random.nextInt(6)) {
                case 0 -> {
                    consistency.recordSuspension(Suspension.of(gateway, ProcessRole.GATEWAY, millis(50, 3_000)));
                    awaitCalls(started, started.get() + random.nextInt(30));
                }
                case 1 -> Suspension.stop(gateway); // and never resumes
                case 2 -> {
                    consistency.recordSuspension(Suspension.of(simulator, ProcessRole.BROKER, millis(50, 3_000)));
                    awaitCalls(started, started.get() + random.nextInt(30));
                }
                case 3 -> {
                    var from = Instant.now();
                    Suspension.stop(simulator);
                    try {
                        LockSupport.parkNanos(millis(10, 1_500).toNanos());
                        gateway.kill();
                    } finally {
                        Suspension.resume(simulator);
                    }
                    consistency.recordSuspension(new Pause(ProcessRole.BROKER, from, Instant.now()));
                }
                default -> LockSupport.parkNanos(random.nextInt(300_000_000));
            }
            gateway.kill();
        }

        private Duration millis(int from, int to) {
            return Duration.ofMillis(from + random.nextInt(to - from));
        }

        // ---- verification ----

        /** Verifies every promise once nothing is in flight any more. */
        private void verifyConsistency(int round, Running gateway) {
            traders.repeatRequests(gateway.client(), round - 1, REPEATED_OLD_KEYS, random);
            consistency.awaitConsistent(gateway, round, ROUNDS_IN_DOUBT);
            if (simulator.state().path("open_orders").intValue() > OPEN_ORDERS_MAX) {
                consistency.cancelAll(gateway, "sweep-" + round);
            }
        }

        private void finish(int rounds) throws Exception {
            starts++;
            try (var gateway = Running.start(launch())) {
                simulator.fault("{\"clear\":true}");
                traders.repeatRequests(gateway.client(), rounds - 1, 10 * REPEATED_OLD_KEYS, random);
                count(gateway, consistency.cancelAllAndCompare(gateway, rounds));
            }
            verify();
            countEvents();
        }

        private void count(Running gateway, Verdict verdict) {
            var brokerState = book.read();
            sums.add("orders requested", traders.calls().size());
            sums.add("acknowledged", traders.acknowledged());
            sums.add("sent", brokerState.orders().size());
            sums.add(
                    "filled",
                    ConsistencyCheck.orders(gateway).stream()
                            .filter(order -> order.path("status").asString().equals("FILLED"))
                            .count());
            sums.add("modifications", traders.changes().size());
            sums.add(
                    "of them new prices at the broker",
                    brokerState.revisions().stream()
                            .mapToLong(CrashRoundChecks.Revisions::modifications)
                            .sum());
            sums.add("cancels", traders.cancels().size());
            sums.add("keys repeated under load", traders.repeats());
            sums.add("decided by an operator", consistency.operatorDecisions());
            sums.add("kills", kills);
            sums.add("starts", starts);
            sums.add("suspensions", consistency.suspensions());
            sums.add("stalls of the broker", consistency.stalls());
            sums.add("late by a suspension", verdict.slipped());
            sums.add("lost", verdict.lost());
            sums.add("doubled", verdict.doubled());
        }

        private void countEvents() throws Exception {
            var journal = KilledJournal.copy(dataDir(), folder.resolve("copy"));
            var counts = journal.counts();
            sums.add("unknown", counts.getOrDefault("SendInDoubt", 0L));
            sums.add("found at the broker", journal.matchedByInference());
            sums.add("corrected by the list", counts.getOrDefault("Corrected", 0L));
            sums.add(
                    "journal events", counts.values().stream().mapToLong(n -> n).sum());
        }

        private Path dataDir() {
            return folder.resolve("data").resolve("sim");
        }

        /** Works on a copy: opening and closing the file would tidy up what the next start has to cope with. */
        private void verify() throws Exception {
            assertThat(KilledJournal.copy(dataDir(), folder.resolve("copy")).findings())
                    .as("the journal after the kill")
                    .isEmpty();
            sums.add("journals verified", 1);
        }
    }
}
