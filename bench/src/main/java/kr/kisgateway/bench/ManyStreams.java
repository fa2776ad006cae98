package kr.kisgateway.bench;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kr.kisgateway.bench.floor.BareHubMain;
import kr.kisgateway.bench.load.StreamLoad;
import kr.kisgateway.bench.load.StreamLoad.Outcome;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.LocalProgram;

/**
 * Two thousand clients at once: one gateway accepts a thousand streams, so half are the owner's and half an edge's. The bare hub has
 * all of them in one process.
 */
final class ManyStreams {
    private static final int CLIENTS_EACH = 1_000;
    /** Trades a second to each client: 40,000 in all, which two cores that the readers share can send one by one. */
    private static final int TICKS = 20;

    private static final int ROUNDS = 5;
    private static final int SECONDS = 5;
    private static final int WARMUP_SECONDS = 6;
    private static final int WARMUPS_MAX = 6;
    private static final double OFFERED_MIN = 0.98;
    private static final double DELAY_RATIO = 2;
    private static final String SUBSCRIBE = StreamLoad.subscribe(OwnerAndEdge.SYMBOLS, "trades");

    private final BenchEnvironment environment;
    private final int clientsEach;

    ManyStreams(BenchEnvironment environment) {
        this.environment = environment;
        this.clientsEach = environment.normalOrQuick(CLIENTS_EACH, 20);
    }

    List<Result> run() throws IOException, InterruptedException {
        return OwnerAndEdge.measure(environment, TICKS, this::rounds);
    }

    private List<Result> rounds(LocalProgram owner, LocalProgram edge) throws IOException, InterruptedException {
        var ports = List.of(owner.gatewayPort(), edge.gatewayPort());
        int warmup = environment.normalOrQuick(WARMUP_SECONDS, 1);
        double offered = offered(owner, warmup);
        var hub = environment.start(
                environment.floor(BareHubMain.class).withArguments(String.valueOf(Math.round(offered))));
        var gateways = new ArrayList<Outcome>();
        var floors = new ArrayList<Outcome>();
        try {
            var floorPorts = List.of(hub.gatewayPort(), hub.gatewayPort());
            WarmUp.untilSteady(
                    environment,
                    WARMUPS_MAX,
                    "a second, the inverse of a tick's p99 at two gateways and bare hub",
                    () -> 1e3 / p99(round(ports, SUBSCRIBE, warmup)),
                    () -> 1e3 / p99(round(floorPorts, "", warmup)));
            for (int round = 1; round <= environment.rounds(ROUNDS); round++) {
                gateways.add(round(ports, SUBSCRIBE, environment.seconds(SECONDS)));
                floors.add(round(floorPorts, "", environment.seconds(SECONDS)));
                environment.progress(String.format(
                        Locale.ROOT,
                        "round %d: two gateways %,.0f ticks/s, p99 %.2f ms; bare hub %,.0f ticks/s, p99 %.2f ms",
                        round,
                        gateways.getLast().ticks(),
                        p99(gateways.getLast()),
                        floors.getLast().ticks(),
                        p99(floors.getLast())));
            }
        } finally {
            environment.stop(hub);
        }
        return results(gateways, floors);
    }

    /** Trades a second that arrive at the owner, which a few readers keep subscribed. */
    private double offered(LocalProgram owner, int seconds) throws IOException {
        try (var client = GatewayClient.onPort(owner.gatewayPort());
                var readers = StreamLoad.connect(
                        owner.gatewayPort(), 1, SUBSCRIBE, System::nanoTime, InstantSource.system())) {
            readers.run(0, 1);
            long before = StreamBench.trades(client);
            readers.run(0, seconds);
            return (StreamBench.trades(client) - before) / (double) seconds;
        }
    }

    private Outcome round(List<Integer> ports, String subscribe, int seconds) throws IOException {
        try (var readers =
                StreamLoad.connect(ports, clientsEach, subscribe, System::nanoTime, InstantSource.system())) {
            return readers.run(2, seconds).snapshot();
        }
    }

    private List<Result> results(List<Outcome> gateways, List<Outcome> floors) {
        String load = "." + 2 * CLIENTS_EACH + "x" + TICKS;
        String rounds = gateways.size() + " rounds of each, in turns";
        double rate = Median.value(gateways, Outcome::ticks);
        double floor = Median.value(floors, Outcome::ticks);
        var slow = Median.of(gateways, ManyStreams::p99);
        var slowFloor = Median.of(floors, ManyStreams::p99);
        return List.of(
                Result.of("cluster.streams.rate" + load, rate, "ticks/s")
                        .withRounds(gateways, Outcome::ticks)
                        .with("clients", clientsEach + " at the owner and " + clientsEach + " at an edge")
                        .with("rounds", rounds)
                        .with(Target.atLeast(OFFERED_MIN, rate / Math.max(1, floor), "of the bare hub")),
                Result.of("cluster.streams.rate" + load + ".floor", floor, "ticks/s")
                        .withRounds(floors, Outcome::ticks)
                        .with("clients", 2 * clientsEach),
                Result.of("cluster.streams.p99_ms" + load, p99(slow), "ms")
                        .with(slow.latency().percentiles())
                        .withRounds(gateways, ManyStreams::p99)
                        .with(Target.atMost(DELAY_RATIO, p99(slow) / p99(slowFloor), "times the bare hub's")),
                Result.of("cluster.streams.p99_ms" + load + ".floor", p99(slowFloor), "ms")
                        .with(slowFloor.latency().percentiles())
                        .withRounds(floors, ManyStreams::p99));
    }

    private static double p99(Outcome outcome) {
        return Math.max(0.001, outcome.latency().ms(99));
    }
}
