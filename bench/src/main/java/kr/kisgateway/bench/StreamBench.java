package kr.kisgateway.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.bench.floor.BareHubMain;
import kr.kisgateway.bench.load.StreamLoad;
import kr.kisgateway.bench.load.StreamLoad.Outcome;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.gatewayclient.LocalProgram;

/**
 * {@code stream}: trades from a simulator of its own through the gateway to many WebSocket clients, each of which gets
 * every trade. The bare hub is driven at the rate that really came through the wire. Both run in turns, started afresh
 * each time, because a simulator that has once been asked for a stock goes on trading it for a minute. The rounds of all
 * loads take turns, too, so that a disturbance of a minute meets one round of each.
 *
 * <p>The loads {@code max} ask for more than can be delivered: what arrives then is the greatest rate. How much that takes
 * is found out once, by doubling until ticks are lost.
 */
final class StreamBench implements Bench {
    private static final int SYMBOLS = 10;
    private static final int ROUNDS = 5;
    private static final int SECONDS = 5;
    /** Compilers share the cores with what is measured: after three seconds they still take half of one. */
    private static final int WARMUP_SECONDS = 12;

    private static final int PROBE_SECONDS = 2;
    private static final double LEAST_RATE = 0.6;
    private static final double MOST_DELAY = 2;
    private static final double A20_MS = 100;
    private static final List<String> STOCKS = List.of(
            "005930", "000660", "373220", "207940", "005380", "000270", "068270", "105560", "035420", "005490",
            "012330", "028260", "051910", "055550", "066570", "086790", "096770", "138040", "259960", "316140");

    /** One kind of load. */
    private enum Load {
        FEW_SLOW("50x1000", 50, 1_000, 1_000),
        FEW("50x5000", 50, 5_000, 5_000),
        MANY("500x500", 500, 500, 500),
        FEW_MAX("50xmax", 50, 20_000, 160_000),
        MANY_MAX("500xmax", 500, 1_000, 16_000);

        private final String word;
        private final int clients;
        /** Ticks a second to each client. */
        private final int ticks;
        /** What {@code ticks} may be doubled up to, until ticks are lost. */
        private final int most;

        Load(String word, int clients, int ticks, int most) {
            this.word = word;
            this.clients = clients;
            this.ticks = ticks;
            this.most = most;
        }

        boolean isMax() {
            return most > ticks;
        }
    }

    private static final String A20 = "a20";
    private static final String IDLE = "idle";

    /**
     * @param offered trades a second that came to the server
     * @param lost ticks that a full mailbox did not take
     * @param cuts times that the simulator closed a socket which was not read fast enough, or it broke otherwise
     * @param cpu cores the server used
     * @param allocated bytes for each tick that a client read
     * @param allocatedEach bytes for each trade that came to the server
     */
    private record Round(
            Outcome outcome,
            double offered,
            long lost,
            long cuts,
            double cpu,
            double allocated,
            double allocatedEach) {}

    private record Rounds(List<Round> ours, List<Round> floor) {
        Rounds() {
            this(new ArrayList<>(), new ArrayList<>());
        }
    }

    @Override
    public List<String> profiles() {
        return Stream.concat(Stream.of(Load.values()).map(load -> load.word), Stream.of(A20, IDLE))
                .toList();
    }

    @Override
    public List<Result> run(Workshop workshop) throws IOException, InterruptedException {
        var results = new ArrayList<>(inTurns(workshop));
        if (workshop.wants(A20)) results.add(a20(workshop));
        if (workshop.wants(IDLE)) results.add(idle(workshop));
        return results;
    }

    private static List<Result> inTurns(Workshop workshop) throws IOException, InterruptedException {
        int seconds = workshop.seconds(SECONDS);
        int count = workshop.rounds(ROUNDS);
        var measured = new EnumMap<Load, Rounds>(Load.class);
        var asked = new EnumMap<Load, Integer>(Load.class);
        for (var load : Load.values()) {
            if (!workshop.wants(load.word)) continue;
            measured.put(load, new Rounds());
            asked.put(load, load.isMax() ? enough(workshop, load) : load.ticks);
        }
        for (int round = 1; round <= count; round++) {
            for (var each : measured.entrySet()) {
                var load = each.getKey();
                var ours = uncut(workshop, load, asked.getOrDefault(load, load.ticks), seconds);
                // What came through the wire; of a load that none can deliver, what was asked for.
                int offered = load.isMax()
                        ? Math.max(asked.getOrDefault(load, load.ticks), (int) Math.round(ours.offered()))
                        : (int) Math.round(ours.offered());
                var floor = hub(workshop, load, offered, seconds);
                each.getValue().ours().add(ours);
                each.getValue().floor().add(floor);
                workshop.progress(String.format(
                        Locale.ROOT,
                        "round %d of %d, %s: %,.0f ticks/s, p99 %.1f ms; bare hub %,.0f ticks/s, p99 %.1f ms",
                        round,
                        count,
                        load.word,
                        ours.outcome().ticks(),
                        ours.outcome().latency().ms(99),
                        floor.outcome().ticks(),
                        floor.outcome().latency().ms(99)));
            }
        }
        var results = new ArrayList<Result>();
        measured.forEach((load, rounds) -> results.addAll(results(load, rounds, seconds)));
        return results;
    }

    /** A round in which the gateway lost its simulator is none; it is made once more, and then told as it is. */
    private static Round uncut(Workshop workshop, Load load, int ticks, int seconds)
            throws IOException, InterruptedException {
        var round = gateway(workshop, load, ticks, seconds);
        if (round.cuts() == 0) return round;
        workshop.progress(load.word + ": the simulator cut the gateway off; once more");
        return gateway(workshop, load, ticks, seconds);
    }

    /**
     * Doubles what is asked for while more of it is delivered. It ends where ticks are lost or readers closed as too slow,
     * where the simulator makes no more, and before the simulator, which holds 4,096 frames for a socket, gives the gateway up.
     */
    private static int enough(Workshop workshop, Load load) throws IOException, InterruptedException {
        int ticks = workshop.quickly(load.ticks, load.most);
        int best = load.ticks;
        double most = 0;
        for (; ticks < load.most; ticks *= 2) {
            Round round;
            try {
                round = gateway(workshop, load, ticks, PROBE_SECONDS);
            } catch (StreamLoad.Closed tooMuch) {
                workshop.progress(String.format(
                        Locale.ROOT,
                        "%s, asking for %,d/s to each: readers fell behind and were closed",
                        load.word,
                        ticks));
                return best;
            }
            double delivered = round.outcome().ticks();
            workshop.progress(String.format(
                    Locale.ROOT,
                    "%s, asking for %,d/s to each: %,.0f/s came, %,.0f ticks/s delivered, %,d lost, %d cuts",
                    load.word,
                    ticks,
                    round.offered(),
                    delivered,
                    round.lost(),
                    round.cuts()));
            if (round.cuts() > 0 || delivered < most) return best;
            best = ticks;
            most = delivered;
            if (round.lost() > 0 || round.offered() < 0.9 * ticks) return best;
        }
        return best;
    }

    private static Round gateway(Workshop workshop, Load load, int ticks, int seconds)
            throws IOException, InterruptedException {
        var simulator = workshop.start(workshop.simulator(
                "--ticks", String.valueOf((double) ticks / SYMBOLS), "--rate", "1000", "--seed", "7"));
        var gateway = workshop.start(workshop.gateway()
                .withEnvironment("SIMULATOR_URL", "http://127.0.0.1:" + simulator.simulatorPort())
                .withEnvironment("SIMULATOR_RATE_LIMIT", "1000")
                .withEnvironment("KIS_WS_SYMBOLS", ""));
        try (var client = GatewayClient.onPort(gateway.gatewayPort());
                var inside = Inside.of(gateway)) {
            awaitConnected(client);
            try (var readers = StreamLoad.connect(
                    gateway.gatewayPort(),
                    load.clients,
                    subscribe("\"trades\"", SYMBOLS),
                    System::nanoTime,
                    InstantSource.system())) {
                readers.run(0, workshop.quickly(WARMUP_SECONDS, 1));
                var before = metrics(client);
                double cpu = Workshop.cpuSeconds(gateway);
                long allocated = inside.allocated();
                long began = System.nanoTime();
                var outcome = readers.run(0, seconds);
                double took = (System.nanoTime() - began) / 1e9;
                allocated = inside.allocated() - allocated;
                cpu = (Workshop.cpuSeconds(gateway) - cpu) / took;
                var after = metrics(client);
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
        } finally {
            workshop.stop(gateway);
            workshop.stop(simulator);
        }
    }

    private static Round hub(Workshop workshop, Load load, int ticks, int seconds) throws IOException {
        var hub = workshop.start(workshop.floor(BareHubMain.class).withArguments(String.valueOf(ticks)));
        try (var inside = Inside.of(hub);
                var readers = StreamLoad.connect(
                        hub.gatewayPort(), load.clients, "", System::nanoTime, InstantSource.system())) {
            readers.run(0, workshop.quickly(WARMUP_SECONDS, 1));
            double cpu = Workshop.cpuSeconds(hub);
            long allocated = inside.allocated();
            var outcome = readers.run(0, seconds);
            allocated = inside.allocated() - allocated;
            cpu = (Workshop.cpuSeconds(hub) - cpu) / seconds;
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
            workshop.stop(hub);
        }
    }

    /** The load of the requirement: fifty clients that hear everything about twenty busy stocks. */
    private static Result a20(Workshop workshop) throws IOException, InterruptedException {
        int ticks = 20;
        int stocks = STOCKS.size();
        int clients = 50;
        var simulator = workshop.start(workshop.simulator("--ticks", String.valueOf(ticks), "--rate", "18"));
        var gateway = workshop.start(workshop.gateway()
                .withEnvironment("SIMULATOR_URL", "http://127.0.0.1:" + simulator.simulatorPort())
                .withEnvironment("SIMULATOR_RATE_LIMIT", "18")
                .withEnvironment("KIS_WS_SYMBOLS", ""));
        var rounds = new ArrayList<Outcome>();
        int seconds = workshop.seconds(SECONDS);
        try (var client = GatewayClient.onPort(gateway.gatewayPort())) {
            awaitConnected(client);
            try (var readers = StreamLoad.connect(
                    gateway.gatewayPort(),
                    clients,
                    subscribe("\"trades\",\"quotes\",\"books\"", stocks),
                    System::nanoTime,
                    InstantSource.system())) {
                readers.run(0, workshop.quickly(WARMUP_SECONDS, 1));
                for (int round = 1; round <= workshop.rounds(ROUNDS); round++) {
                    var outcome = readers.run(0, seconds);
                    workshop.progress(String.format(
                            Locale.ROOT,
                            "a20, round %d: %,.0f messages/s, p99 %.1f ms",
                            round,
                            outcome.ticks(),
                            outcome.latency().ms(99)));
                    if (outcome.ticks() < clients * ticks) {
                        throw new BenchException("Nearly nothing came: " + outcome.ticks() + " messages/s");
                    }
                    rounds.add(outcome.kept());
                }
            }
        } finally {
            workshop.stop(gateway);
            workshop.stop(simulator);
        }
        var middle = Median.of(rounds, round -> round.latency().ms(99));
        return Result.of("stream.a20.p99_ms", middle.latency().ms(99), "ms")
                .with(middle.latency().percentiles())
                .with("clients", clients)
                .with("stocks", stocks + ", " + ticks + " trades/s in each")
                .with("channels", "trades, quotes, books")
                .with("messages", Report.shown(middle.ticks()) + "/s in all")
                .with("rounds", rounds.size() + " × " + seconds + " s")
                .with(Bar.below(A20_MS, middle.latency().ms(99), "ms"));
    }

    /**
     * What a client costs that has subscribed and waits. All of the heap is made resident at the start, so that what the
     * process grows by lies outside of it, and what the heap holds is counted after collections.
     */
    private static Result idle(Workshop workshop) throws IOException, InterruptedException {
        int clients = workshop.quickly(1_000, 50);
        var simulator = workshop.start(workshop.simulator("--ticks", "0", "--rate", "1000"));
        var gateway = workshop.start(workshop.gateway()
                .withEnvironment("SIMULATOR_URL", "http://127.0.0.1:" + simulator.simulatorPort())
                .withEnvironment("SIMULATOR_RATE_LIMIT", "1000")
                .withEnvironment("KIS_WS_SYMBOLS", "")
                .withJvmFlags("-Xms160m", "-Xmx160m", "-XX:+AlwaysPreTouch"));
        try (var client = GatewayClient.onPort(gateway.gatewayPort());
                var inside = Inside.of(gateway)) {
            awaitConnected(client);
            // Classes, buffers and carriers that the first clients bring with them and leave behind.
            waiting(gateway, Math.max(10, clients / 5)).close();
            awaitClients(client, 0);
            var before = Memory.of(gateway, inside);
            workshop.progress("idle, without clients: " + before.shown());
            try (var readers = waiting(gateway, clients)) {
                readers.run(0, workshop.quickly(5, 1));
                awaitClients(client, clients);
                var with = Memory.of(gateway, inside);
                workshop.progress("idle, with " + clients + ": " + with.shown());
                double heap = (with.heap() - before.heap()) / (double) clients / 1024;
                double outside = (with.resident() - before.resident()) / (double) clients / 1024;
                double direct = (with.direct() - before.direct()) / (double) clients / 1024;
                return Result.of("stream.idle_kb", heap + outside, "KB a client")
                        .with("clients", clients + ", each subscribed to trades of " + SYMBOLS + " stocks")
                        .with("of it on the heap", Report.shown(heap) + " KB")
                        .with("outside", Report.shown(outside) + " KB (resident memory with all of the heap resident)")
                        .with("direct buffers", Report.shown(direct) + " KB")
                        .with(Bar.below(64, heap + outside, "KB"));
            }
        } finally {
            workshop.stop(gateway);
            workshop.stop(simulator);
        }
    }

    private record Memory(long heap, long direct, long resident) {
        static Memory of(LocalProgram program, Inside inside) throws IOException, InterruptedException {
            Workshop.pause(Duration.ofSeconds(1));
            long heap = inside.liveHeap();
            return new Memory(heap, inside.directBuffers(), (long) (1_048_576 * StartBench.residentMb(program.pid())));
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

    private static StreamLoad waiting(LocalProgram gateway, int clients) throws IOException {
        return StreamLoad.connect(
                gateway.gatewayPort(),
                clients,
                subscribe("\"trades\"", SYMBOLS),
                System::nanoTime,
                InstantSource.system());
    }

    private static void awaitClients(GatewayClient client, int wanted) throws InterruptedException {
        long now = -1;
        for (int i = 0; i < 300; i++) {
            now = client.get("/v1/metrics/quote").body().at("/stream/clients").asLong(-1);
            if (now == wanted) return;
            Workshop.pause(Duration.ofMillis(100));
        }
        throw new BenchException("The stream has " + now + " clients and not " + wanted);
    }

    private static String subscribe(String channels, int symbols) {
        return "{\"op\":\"subscribe\",\"channels\":[" + channels + "],\"symbols\":["
                + STOCKS.stream()
                        .limit(symbols)
                        .map(symbol -> "\"" + symbol + "\"")
                        .collect(Collectors.joining(","))
                + "],\"id\":\"1\"}";
    }

    private static void awaitConnected(GatewayClient client) throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            try {
                if (client.get("/v1/metrics/quote").body().path("ws_connected").asBoolean(false)) return;
            } catch (GatewayException notYet) {
                // Asked again below, and said below when it stays so.
            }
            Workshop.pause(Duration.ofMillis(100));
        }
        throw new BenchException("The gateway never connected to the simulator: " + client.get("/v1/session/status"));
    }

    private record Counted(long trades, long lost, long cuts) {}

    private static Counted metrics(GatewayClient client) {
        var answer = client.get("/v1/metrics/quote").body();
        return new Counted(
                answer.path("upserts").asLong(0),
                answer.path("stream").path("gaps").asLong(0),
                answer.path("ws_reconnect_count").asLong(0));
    }

    private static List<Result> results(Load load, Rounds rounds, int seconds) {
        var results = new ArrayList<Result>();
        for (var side : Map.of("", rounds.ours(), ".floor", rounds.floor()).entrySet()) {
            var end = side.getKey();
            var all = side.getValue();
            var middle = Median.of(all, round -> round.outcome().ticks());
            var rate = Result.of(
                            "stream.rate." + load.word + end, middle.outcome().ticks(), "ticks/s")
                    .with("clients", load.clients)
                    .with("offered to each", Math.round(middle.offered()) + "/s")
                    .with("lost in full mailboxes", middle.lost())
                    .with("cut off by the simulator", middle.cuts())
                    .with("ticks a frame", Report.shown(middle.outcome().ticksAFrame()))
                    .with("server", Report.shown(middle.cpu()) + " cores")
                    .with("readers", Report.shown(middle.outcome().readerLoad()) + " cores")
                    .with("rounds", all.size() + " × " + seconds + " s, the middle one");
            var slow = Median.of(all, StreamBench::p99);
            var p99 = Result.of("stream.p99_ms." + load.word + end, p99(slow), "ms")
                    .with(slow.outcome().latency().percentiles())
                    .with("clients", load.clients);
            var hungry = Median.of(all, Round::allocated);
            var allocated = Result.of("stream.allocated." + load.word + end, hungry.allocated(), "bytes/tick")
                    .with("of", "the server's threads, for each tick that a client read")
                    .with("for each trade that came", Report.shown(hungry.allocatedEach()) + " bytes");
            if (end.isEmpty()) {
                var floor = Median.of(rounds.floor(), round -> round.outcome().ticks());
                rate = rate.with(Bar.atLeast(
                        LEAST_RATE,
                        middle.outcome().ticks() / Math.max(1, floor.outcome().ticks()),
                        "of the bare hub"));
                // Where more is asked for than can be delivered, a delay says how long the mailboxes are.
                if (!load.isMax()) {
                    p99 = p99.with(Bar.atMost(
                            MOST_DELAY,
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
