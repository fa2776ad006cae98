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
    /** Long enough that a trade at either end does not count. */
    private static final int SECONDS = 10;

    private static final int WARMUP_SECONDS = 6;
    private static final int WARMUPS_MAX = 6;
    /** After the last client has connected, until all of them receive. */
    private static final int CONNECTED_SECONDS = 2;

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
        var hub = environment.start(environment
                .floor(BareHubMain.class)
                .withArguments(String.valueOf(TICKS))
                .withJvmFlags("-Xmx512m")); // each of its clients has a frame of 65 KB
        var gateways = new ArrayList<Round>();
        var floors = new ArrayList<Outcome>();
        try (var client = GatewayClient.onPort(owner.gatewayPort())) {
            var floorPorts = List.of(hub.gatewayPort(), hub.gatewayPort());
            WarmUp.untilSteady(
                    environment,
                    WARMUPS_MAX,
                    "a second, the inverse of a tick's p99 at two gateways and bare hub",
                    () -> 1e3 / round(client, ports, warmup).p99(),
                    () -> 1e3 / p99(floor(floorPorts, warmup)));
            for (int round = 1; round <= environment.rounds(ROUNDS); round++) {
                gateways.add(round(client, ports, environment.seconds(SECONDS)));
                floors.add(floor(floorPorts, environment.seconds(SECONDS)));
                environment.progress(String.format(
                        Locale.ROOT,
                        "round %d: two gateways %,.0f ticks/s, p99 %.2f ms; bare hub %,.0f ticks/s, p99 %.2f ms",
                        round,
                        gateways.getLast().outcome().ticks(),
                        gateways.getLast().p99(),
                        floors.getLast().ticks(),
                        p99(floors.getLast())));
            }
        } finally {
            environment.stop(hub);
        }
        return results(gateways, floors);
    }

    /** @param offered trades a second that arrived at the owner meanwhile */
    private record Round(Outcome outcome, double offered) {
        double ticks() {
            return outcome.ticks();
        }

        double p99() {
            return ManyStreams.p99(outcome);
        }
    }

    private Round round(GatewayClient client, List<Integer> ports, int seconds) throws IOException {
        try (var readers =
                StreamLoad.connect(ports, clientsEach, SUBSCRIBE, System::nanoTime, InstantSource.system())) {
            readers.run(0, CONNECTED_SECONDS);
            long before = StreamBench.trades(client);
            var outcome = readers.run(0, seconds).snapshot();
            return new Round(outcome, (StreamBench.trades(client) - before) / (double) seconds);
        }
    }

    private Outcome floor(List<Integer> ports, int seconds) throws IOException {
        try (var readers = StreamLoad.connect(ports, clientsEach, "", System::nanoTime, InstantSource.system())) {
            return readers.run(CONNECTED_SECONDS, seconds).snapshot();
        }
    }

    private List<Result> results(List<Round> gateways, List<Outcome> floors) {
        String load = "." + 2 * CLIENTS_EACH + "x" + TICKS;
        String rounds = gateways.size() + " rounds of each, in turns";
        var middle = Median.of(gateways, Round::ticks);
        double floor = Median.value(floors, Outcome::ticks);
        var slow = Median.of(gateways, Round::p99);
        var slowFloor = Median.of(floors, ManyStreams::p99);
        return List.of(
                Result.of("cluster.streams.rate" + load, middle.ticks(), "ticks/s")
                        .withRounds(gateways, Round::ticks)
                        .with("clients", clientsEach + " at the owner and " + clientsEach + " at an edge")
                        .with("rounds", rounds)
                        .with(Target.atLeast(
                                OFFERED_MIN,
                                middle.ticks() / Math.max(1, 2 * clientsEach * middle.offered()),
                                "of the trades that came, to each")),
                Result.of("cluster.streams.rate" + load + ".floor", floor, "ticks/s")
                        .withRounds(floors, Outcome::ticks)
                        .with("clients", 2 * clientsEach),
                Result.of("cluster.streams.p99_ms" + load, slow.p99(), "ms")
                        .with(slow.outcome().latency().percentiles())
                        .withRounds(gateways, Round::p99)
                        .with(Target.atMost(DELAY_RATIO, slow.p99() / p99(slowFloor), "times the bare hub's")),
                Result.of("cluster.streams.p99_ms" + load + ".floor", p99(slowFloor), "ms")
                        .with(slowFloor.latency().percentiles())
                        .withRounds(floors, ManyStreams::p99));
    }

    private static double p99(Outcome outcome) {
        return Math.max(0.001, outcome.latency().ms(99));
    }
}
