package kr.kisgateway.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import kr.kisgateway.bench.floor.BareHubMain;
import kr.kisgateway.bench.load.StreamLoad;
import kr.kisgateway.bench.load.StreamLoad.Outcome;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.programs.LocalProgram;

/**
 * {@code stream}: trades from a simulator of its own through the gateway to many WebSocket clients, each of which
 * receives every trade. The bare hub is driven at the rate that actually arrived over the wire. Both run alternately,
 * restarted each time, because a simulator continues to trade a requested stock for a minute. The rounds of all loads
 * alternate, too, so that a disturbance of a minute affects one round of each.
 *
 * <p>The loads {@code max} request more than can be delivered: the delivered rate is the maximum. The required rate is
 * found once, by doubling until ticks are lost.
 */
final class StreamBench implements Bench {
    private static final int SYMBOLS = 10;
    private static final int ROUNDS = 5;
    private static final int SECONDS = 5;
    /** Compilers share the cores with the subject: after three seconds they still use half of one. */
    private static final int WARMUP_SECONDS = 12;

    private static final int PROBE_SECONDS = 2;
    private static final double MIN_RATE = 0.6;
    /** Of what is offered below the maximum: all of it, but for the edges of a round. */
    private static final double OFFERED_MIN = 0.98;

    private static final double DELAY_RATIO = 2;
    private static final double ALLOCATED_BYTES = 200;
    private static final double A20_MS = 100;

    /** One kind of load. */
    private enum Load {
        FEW_SLOW("50x1000", 50, 1_000, 1_000),
        FEW("50x5000", 50, 5_000, 5_000, 1.3),
        MANY("500x500", 500, 500, 500),
        /** All clients that a gateway accepts. */
        ALL("1000x100", 1_000, 100, 100),
        FEW_MAX("50xmax", 50, 20_000, 160_000),
        MANY_MAX("500xmax", 500, 1_000, 16_000);

        private final String label;
        private final int clients;
        /** Ticks per second to each client. */
        private final int ticks;
        /** Maximum to which {@code ticks} may be doubled, until ticks are lost. */
        private final int peakTicks;
        /** Longest delay, in times of the bare hub's. */
        private final double delayRatio;

        Load(String label, int clients, int ticks, int peak) {
            this(label, clients, ticks, peak, DELAY_RATIO);
        }

        Load(String label, int clients, int ticks, int peak, double delayRatio) {
            this.label = label;
            this.clients = clients;
            this.ticks = ticks;
            this.peakTicks = peak;
            this.delayRatio = delayRatio;
        }

        boolean isMax() {
            return peakTicks > ticks;
        }
    }

    private static final String A20 = "a20";
    private static final String IDLE = "idle";

    /**
     * @param offered trades per second that arrived at the server
     * @param lost ticks that a full mailbox rejected
     * @param cuts times that the simulator closed a socket which was read too slowly, or it broke otherwise
     * @param cpu cores the server used
     * @param allocated bytes for each tick that a client read
     * @param allocatedEach bytes for each trade that arrived at the server
     */
    private record Round(
            Outcome outcome,
            double offered,
            long lost,
            long cuts,
            double cpu,
            double allocated,
            double allocatedEach) {}

    private record Rounds(List<Round> gateway, List<Round> floor) {
        Rounds() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    @Override
    public List<String> profiles() {
        return Stream.concat(Stream.of(Load.values()).map(load -> load.label), Stream.of(A20, IDLE))
                .toList();
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var results = new ArrayList<>(alternatingRounds(environment));
        if (environment.isSelected(A20)) results.add(a20(environment));
        if (environment.isSelected(IDLE)) results.add(idle(environment));
        return results;
    }

    private static List<Result> alternatingRounds(BenchEnvironment environment)
            throws IOException, InterruptedException {
        int seconds = environment.seconds(SECONDS);
        int count = environment.rounds(ROUNDS);
        var measured = new EnumMap<Load, Rounds>(Load.class);
        var requestedTicks = new EnumMap<Load, Integer>(Load.class);
        for (var load : Load.values()) {
            if (!environment.isSelected(load.label)) continue;
            measured.put(load, new Rounds());
            requestedTicks.put(load, load.isMax() ? findPeakRate(environment, load) : load.ticks);
        }
        for (int round = 1; round <= count; round++) {
            for (var each : measured.entrySet()) {
                var load = each.getKey();
                var gatewayRound =
                        uninterruptedRound(environment, load, requestedTicks.getOrDefault(load, load.ticks), seconds);
                // The rate over the wire; for a load that exceeds delivery, the requested rate.
                int offered = load.isMax()
                        ? Math.max(
                                requestedTicks.getOrDefault(load, load.ticks), (int) Math.round(gatewayRound.offered()))
                        : (int) Math.round(gatewayRound.offered());
                var floor = hub(environment, load, offered, seconds);
                each.getValue().gateway().add(gatewayRound);
                each.getValue().floor().add(floor);
                environment.progress(String.format(
                        Locale.ROOT,
                        "round %d of %d, %s: %,.0f ticks/s, p99 %.1f ms; bare hub %,.0f ticks/s, p99 %.1f ms",
                        round,
                        count,
                        load.label,
                        gatewayRound.outcome().ticks(),
                        gatewayRound.outcome().latency().ms(99),
                        floor.outcome().ticks(),
                        floor.outcome().latency().ms(99)));
            }
        }
        var results = new ArrayList<Result>();
        measured.forEach((load, rounds) -> results.addAll(results(load, rounds, seconds)));
        return results;
    }

    /** A round in which the gateway lost its simulator is invalid; it is repeated once, and then reported as it is. */
    private static Round uninterruptedRound(BenchEnvironment environment, Load load, int ticks, int seconds)
            throws IOException, InterruptedException {
        var round = gateway(environment, load, ticks, seconds);
        if (round.cuts() == 0) return round;
        environment.progress(load.label + ": the simulator disconnected the gateway; repeating");
        return gateway(environment, load, ticks, seconds);
    }

    /**
     * Doubles the requested rate while more of it is delivered. It ends where ticks are lost or readers closed as too
     * slow, where the simulator makes no more, and before the simulator, which buffers 4,096 frames per socket,
     * disconnects the gateway.
     */
    private static int findPeakRate(BenchEnvironment environment, Load load) throws IOException, InterruptedException {
        int ticks = environment.normalOrQuick(load.ticks, load.peakTicks);
        int best = load.ticks;
        double peak = 0;
        for (; ticks < load.peakTicks; ticks *= 2) {
            Round round;
            try {
                round = gateway(environment, load, ticks, PROBE_SECONDS);
            } catch (StreamLoad.Closed tooMuch) {
                environment.progress(String.format(
                        Locale.ROOT,
                        "%s, requesting %,d/s to each: readers fell behind and were closed",
                        load.label,
                        ticks));
                return best;
            }
            double delivered = round.outcome().ticks();
            environment.progress(String.format(
                    Locale.ROOT,
                    "%s, requesting %,d/s to each: %,.0f/s arrived, %,.0f ticks/s delivered, %,d lost, %d cuts",
                    load.label,
                    ticks,
                    round.offered(),
                    delivered,
                    round.lost(),
                    round.cuts()));
            if (round.cuts() > 0 || delivered < peak) return best;
            best = ticks;
            peak = delivered;
            if (round.lost() > 0 || round.offered() < 0.9 * ticks) return best;
        }
        return best;
    }

    private static Round gateway(BenchEnvironment environment, Load load, int ticks, int seconds)
            throws IOException, InterruptedException {
        return besideSimulator(environment, load.clients, ticks, streaming -> round(streaming, seconds));
    }

    private static Round round(Streaming streaming, int seconds) throws IOException {
        var before = metrics(streaming.client());
        double cpu = BenchEnvironment.cpuSeconds(streaming.gateway());
        long allocated = streaming.probe().allocated();
        long startedAt = System.nanoTime();
        var outcome = streaming.readers().run(0, seconds);
        double took = (System.nanoTime() - startedAt) / 1e9;
        allocated = streaming.probe().allocated() - allocated;
        cpu = (BenchEnvironment.cpuSeconds(streaming.gateway()) - cpu) / took;
        var after = metrics(streaming.client());
        double trades = after.trades() - before.trades();
        return new Round(
                outcome,
                trades / took,
                after.lost() - before.lost(),
                after.cuts() - before.cuts(),
                cpu,
                allocated / Math.max(1, outcome.ticks() * took),
                allocated / Math.max(1, trades));
    }

    /** A gateway whose clients read its stream, after the warm-up. */
    record Streaming(LocalProgram gateway, GatewayClient client, JvmProbe probe, StreamLoad readers) {}

    /** Measures a gateway while it streams. */
    @FunctionalInterface
    interface Measurement<T> {
        T of(Streaming streaming) throws IOException, InterruptedException;
    }

    /** @param ticks a second, of all stocks together, that KIS sends and each client gets */
    static <T> T besideSimulator(BenchEnvironment environment, int clients, int ticks, Measurement<T> measurement)
            throws IOException, InterruptedException {
        var simulator = environment.start(environment.simulator(
                "--ticks", String.valueOf((double) ticks / SYMBOLS), "--rate", "1000", "--seed", "7"));
        var gateway = environment.start(environment
                .gateway(simulator.simulatorPort())
                .withEnvironment("SIMULATOR_RATE_LIMIT", "1000")
                .withEnvironment("KIS_WS_SYMBOLS", ""));
        try (var client = GatewayClient.onPort(gateway.gatewayPort());
                var probe = JvmProbe.of(gateway)) {
            awaitConnected(client);
            try (var readers = StreamLoad.connect(
                    gateway.gatewayPort(),
                    clients,
                    StreamLoad.subscribe(SYMBOLS, "trades"),
                    System::nanoTime,
                    InstantSource.system())) {
                readers.run(0, environment.normalOrQuick(WARMUP_SECONDS, 1));
                return measurement.of(new Streaming(gateway, client, probe, readers));
            }
        } finally {
            environment.stop(gateway);
            environment.stop(simulator);
        }
    }

    /** Trades that the gateway has received so far. */
    static long trades(GatewayClient client) {
        return metrics(client).trades();
    }

    private static Round hub(BenchEnvironment environment, Load load, int ticks, int seconds) throws IOException {
        var hub = environment.start(environment.floor(BareHubMain.class).withArguments(String.valueOf(ticks)));
        try (var probe = JvmProbe.of(hub);
                var readers = StreamLoad.connect(
                        hub.gatewayPort(), load.clients, "", System::nanoTime, InstantSource.system())) {
            readers.run(0, environment.normalOrQuick(WARMUP_SECONDS, 1));
            double cpu = BenchEnvironment.cpuSeconds(hub);
            long allocated = probe.allocated();
            var outcome = readers.run(0, seconds);
            allocated = probe.allocated() - allocated;
            cpu = (BenchEnvironment.cpuSeconds(hub) - cpu) / seconds;
            long lost = Math.max(0, Math.round((double) ticks * load.clients - outcome.ticks())) * seconds;
            return new Round(
                    outcome,
                    ticks,
                    lost,
                    0,
                    cpu,
                    allocated / Math.max(1, outcome.ticks() * seconds),
                    allocated / Math.max(1.0, (double) ticks * seconds));
        } finally {
            environment.stop(hub);
        }
    }

    /** The load of the requirement: fifty clients with all data of twenty busy stocks. */
    private static Result a20(BenchEnvironment environment) throws IOException, InterruptedException {
        int ticks = 20;
        int stocks = StreamLoad.STOCKS.size();
        int clients = 50;
        var simulator = environment.start(environment.simulator("--ticks", String.valueOf(ticks), "--rate", "18"));
        var gateway = environment.start(environment
                .gateway(simulator.simulatorPort())
                .withEnvironment("SIMULATOR_RATE_LIMIT", "18")
                .withEnvironment("KIS_WS_SYMBOLS", ""));
        var rounds = new ArrayList<Outcome>();
        int seconds = environment.seconds(SECONDS);
        try (var client = GatewayClient.onPort(gateway.gatewayPort())) {
            awaitConnected(client);
            try (var readers = StreamLoad.connect(
                    gateway.gatewayPort(),
                    clients,
                    StreamLoad.subscribe(stocks, "trades", "quotes", "books"),
                    System::nanoTime,
                    InstantSource.system())) {
                readers.run(0, environment.normalOrQuick(WARMUP_SECONDS, 1));
                for (int round = 1; round <= environment.rounds(ROUNDS); round++) {
                    var outcome = readers.run(0, seconds);
                    environment.progress(String.format(
                            Locale.ROOT,
                            "a20, round %d: %,.0f messages/s, p99 %.1f ms",
                            round,
                            outcome.ticks(),
                            outcome.latency().ms(99)));
                    if (outcome.ticks() < clients * ticks) {
                        throw new BenchException("Hardly any messages arrived: " + outcome.ticks() + " messages/s");
                    }
                    rounds.add(outcome.snapshot());
                }
            }
        } finally {
            environment.stop(gateway);
            environment.stop(simulator);
        }
        var median = Median.of(rounds, round -> round.latency().ms(99));
        return Result.of("stream.a20.p99_ms", median.latency().ms(99), "ms")
                .with(median.latency().percentiles())
                .with("clients", clients)
                .withRounds(rounds, round -> round.latency().ms(99))
                .with("stocks", stocks + ", " + ticks + " trades/s in each")
                .with("channels", "trades, quotes, books")
                .with("messages", Report.format(median.ticks()) + "/s in all")
                .with("rounds", rounds.size() + " × " + seconds + " s")
                .with(Target.below(A20_MS, median.latency().ms(99), "ms"));
    }

    /**
     * Memory of a subscribed, idle client. The complete heap is made resident at the start, so that growth of the
     * process is outside of it; live heap is counted after collections.
     */
    private static Result idle(BenchEnvironment environment) throws IOException, InterruptedException {
        int clients = environment.normalOrQuick(1_000, 50);
        var simulator = environment.start(environment.simulator("--ticks", "0", "--rate", "1000"));
        var gateway = environment.start(environment
                .gateway(simulator.simulatorPort())
                .withEnvironment("SIMULATOR_RATE_LIMIT", "1000")
                .withEnvironment("KIS_WS_SYMBOLS", "")
                .withJvmFlags("-Xms160m", "-Xmx160m", "-XX:+AlwaysPreTouch"));
        try (var client = GatewayClient.onPort(gateway.gatewayPort());
                var probe = JvmProbe.of(gateway)) {
            awaitConnected(client);
            // Classes, buffers and carriers that the first clients create and leave behind.
            connectIdle(gateway, Math.max(10, clients / 5)).close();
            awaitClients(client, 0);
            var before = Memory.of(gateway, probe);
            environment.progress("idle, without clients: " + before.shown());
            try (var readers = connectIdle(gateway, clients)) {
                readers.run(0, environment.normalOrQuick(5, 1));
                awaitClients(client, clients);
                var with = Memory.of(gateway, probe);
                environment.progress("idle, with " + clients + ": " + with.shown());
                double heap = (with.heap() - before.heap()) / (double) clients / 1024;
                double outside = (with.resident() - before.resident()) / (double) clients / 1024;
                double direct = (with.direct() - before.direct()) / (double) clients / 1024;
                return Result.of("stream.idle_kb", heap + outside, "KB a client")
                        .with("clients", clients + ", each subscribed to trades of " + SYMBOLS + " stocks")
                        .with("of it on the heap", Report.format(heap) + " KB")
                        .with("outside", Report.format(outside) + " KB (resident memory with all of the heap resident)")
                        .with("direct buffers", Report.format(direct) + " KB")
                        .with(Target.below(64, heap + outside, "KB"));
            }
        } finally {
            environment.stop(gateway);
            environment.stop(simulator);
        }
    }

    private record Memory(long heap, long direct, long resident) {
        static Memory of(LocalProgram process, JvmProbe probe) throws IOException, InterruptedException {
            BenchEnvironment.pause(Duration.ofSeconds(1));
            long heap = probe.liveHeap();
            return new Memory(heap, probe.directBuffers(), (long) (1_048_576 * StartBench.residentMb(process.pid())));
        }

        String shown() {
            return String.format(
                    Locale.ROOT,
                    "heap %.1f MB, direct buffers %.1f MB, resident %.1f MB",
                    heap / 1_048_576.0,
                    direct / 1_048_576.0,
                    resident / 1_048_576.0);
        }
    }

    private static StreamLoad connectIdle(LocalProgram gateway, int clients) throws IOException {
        return StreamLoad.connect(
                gateway.gatewayPort(),
                clients,
                StreamLoad.subscribe(SYMBOLS, "trades"),
                System::nanoTime,
                InstantSource.system());
    }

    private static void awaitClients(GatewayClient client, int expected) throws InterruptedException {
        long now = -1;
        for (int i = 0; i < 300; i++) {
            now = client.get("/v1/metrics/quote").body().at("/stream/clients").asLong(-1);
            if (now == expected) return;
            BenchEnvironment.pause(Duration.ofMillis(100));
        }
        throw new BenchException("The stream has " + now + " clients and not " + expected);
    }

    private static void awaitConnected(GatewayClient client) throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            try {
                if (client.get("/v1/metrics/quote").body().path("ws_connected").asBoolean(false)) return;
            } catch (GatewayException notYet) {
                // Retried below, and reported there when it persists.
            }
            BenchEnvironment.pause(Duration.ofMillis(100));
        }
        throw new BenchException("The gateway never connected to the simulator: " + client.get("/v1/session/status"));
    }

    private record CounterSnapshot(long trades, long lost, long cuts) {}

    private static CounterSnapshot metrics(GatewayClient client) {
        var answer = client.get("/v1/metrics/quote").body();
        return new CounterSnapshot(
                answer.path("upserts").asLong(0),
                answer.path("stream").path("gaps").asLong(0),
                answer.path("ws_reconnect_count").asLong(0));
    }

    private static List<Result> results(Load load, Rounds rounds, int seconds) {
        var results = new ArrayList<Result>();
        for (var side : Map.of("", rounds.gateway(), ".floor", rounds.floor()).entrySet()) {
            var end = side.getKey();
            var all = side.getValue();
            var median = Median.of(all, round -> round.outcome().ticks());
            var rate = Result.of(
                            "stream.rate." + load.label + end, median.outcome().ticks(), "ticks/s")
                    .with("clients", load.clients)
                    .withRounds(all, round -> round.outcome().ticks())
                    .with("offered to each", Math.round(median.offered()) + "/s")
                    .with("lost in full mailboxes", median.lost())
                    .with("cut off by the simulator", median.cuts())
                    .with("ticks a frame", Report.format(median.outcome().ticksAFrame()))
                    .with("server", Report.format(median.cpu()) + " cores")
                    .with("readers", Report.format(median.outcome().readerLoad()) + " cores")
                    .with("rounds", all.size() + " × " + seconds + " s, the middle one");
            var slow = Median.of(all, StreamBench::p99);
            var p99 = Result.of("stream.p99_ms." + load.label + end, p99(slow), "ms")
                    .with(slow.outcome().latency().percentiles())
                    .withRounds(all, StreamBench::p99)
                    .with("clients", load.clients);
            var hungry = Median.of(all, Round::allocated);
            var allocated = Result.of("stream.allocated." + load.label + end, hungry.allocated(), "bytes/tick")
                    .withRounds(all, Round::allocated)
                    .with("of", "the server's threads, for each tick that a client read")
                    .with("for each trade that came", Report.format(hungry.allocatedEach()) + " bytes");
            if (end.isEmpty()) {
                var floor = Median.of(rounds.floor(), round -> round.outcome().ticks());
                rate = rate.with(Target.atLeast(
                        load.isMax() ? MIN_RATE : OFFERED_MIN,
                        median.outcome().ticks() / Math.max(1, floor.outcome().ticks()),
                        "of the bare hub"));
                allocated = allocated.with(Target.atMost(ALLOCATED_BYTES, hungry.allocated(), "bytes/tick"));
                // Where more is requested than can be delivered, a delay shows how long the mailboxes are.
                if (!load.isMax()) {
                    p99 = p99.with(Target.atMost(
                            load.delayRatio,
                            p99(slow) / p99(Median.of(rounds.floor(), StreamBench::p99)),
                            "times the bare hub's"));
                }
            }
            results.addAll(List.of(rate, p99, allocated));
        }
        return results;
    }

    private static double p99(Round round) {
        return Math.max(0.001, round.outcome().latency().ms(99));
    }
}
