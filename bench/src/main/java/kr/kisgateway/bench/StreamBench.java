package kr.kisgateway.bench;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kr.kisgateway.bench.floor.BareHubMain;
import kr.kisgateway.bench.load.StreamLoad;
import kr.kisgateway.bench.load.StreamLoad.Outcome;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.gatewayclient.GatewayException;

/**
 * {@code stream}: trades from a simulator of its own through the gateway to many WebSocket clients, each of which gets
 * every trade. The bare hub is driven at the rate that really came through the wire. Both run in turns, started afresh
 * each time, because a simulator that has once been asked for a stock goes on trading it for a minute.
 */
final class StreamBench implements Bench {
    private static final int SYMBOLS = 10;
    private static final int ROUNDS = 2;
    private static final int WARMUP_SECONDS = 3;

    /**
     * One kind of load.
     *
     * @param ticks a second, to each client
     */
    private record Profile(String name, int clients, int ticks) {}

    private static final Profile USUAL = new Profile("50x5000", 50, 5_000);

    /** A million ticks a second in all, whether or not the machine can: what arrives is the rate that is published. */
    private static final Profile FULL = new Profile("50x20000", 50, 20_000);

    private static final List<Profile> PROFILES =
            List.of(new Profile("50x1000", 50, 1_000), USUAL, new Profile("500x500", 500, 500), FULL);

    /**
     * @param offered trades a second that came to the server
     * @param lost ticks that a full mailbox did not take
     * @param cpu cores the server used
     */
    private record Round(Outcome outcome, double offered, long lost, double cpu) {}

    @Override
    public List<Result> run(Workshop workshop) throws IOException, InterruptedException {
        int seconds = workshop.seconds(5);
        var results = new ArrayList<Result>();
        for (var profile : PROFILES) {
            var ours = new ArrayList<Round>();
            var floor = new ArrayList<Round>();
            for (int round = 1; round <= ROUNDS; round++) {
                ours.add(gateway(workshop, profile, seconds));
                floor.add(hub(workshop, profile, (int) Math.round(ours.getLast().offered()), seconds));
                workshop.progress(String.format(
                        Locale.ROOT,
                        "%s, round %d of %d: %,.0f ticks/s, p99 %.0f ms; bare hub %,.0f ticks/s, p99 %.0f ms",
                        profile.name(),
                        round,
                        ROUNDS,
                        ours.getLast().outcome().ticks(),
                        ours.getLast().outcome().latency().ms(99),
                        floor.getLast().outcome().ticks(),
                        floor.getLast().outcome().latency().ms(99)));
            }
            results.addAll(results(profile, ours, floor, seconds));
        }
        return results;
    }

    private static Round gateway(Workshop workshop, Profile profile, int seconds)
            throws IOException, InterruptedException {
        var simulator = workshop.start(workshop.simulator(
                "--ticks", String.valueOf((double) profile.ticks() / SYMBOLS), "--rate", "1000", "--seed", "7"));
        var gateway = workshop.start(workshop.gateway()
                .withEnvironment("SIMULATOR_URL", "http://127.0.0.1:" + simulator.simulatorPort())
                .withEnvironment("SIMULATOR_RATE_LIMIT", "1000")
                .withEnvironment("KIS_WS_SYMBOLS", ""));
        try (var client = GatewayClient.onPort(gateway.gatewayPort())) {
            awaitConnected(client);
            try (var load = StreamLoad.connect(
                    gateway.gatewayPort(),
                    profile.clients(),
                    "{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[" + symbols() + "],\"id\":\"1\"}",
                    System::nanoTime,
                    InstantSource.system())) {
                load.run(0, WARMUP_SECONDS);
                var before = metrics(client);
                double cpu = Workshop.cpuSeconds(gateway);
                long began = System.nanoTime();
                var outcome = load.run(0, seconds);
                double took = (System.nanoTime() - began) / 1e9;
                cpu = (Workshop.cpuSeconds(gateway) - cpu) / took;
                var after = metrics(client);
                return new Round(outcome, (after.trades() - before.trades()) / took, after.lost() - before.lost(), cpu);
            }
        } finally {
            workshop.stop(gateway);
            workshop.stop(simulator);
        }
    }

    private static Round hub(Workshop workshop, Profile profile, int ticks, int seconds) throws IOException {
        var hub = workshop.start(workshop.floor(BareHubMain.class).withArguments(String.valueOf(ticks)));
        try (var load = StreamLoad.connect(
                hub.gatewayPort(), profile.clients(), "", System::nanoTime, InstantSource.system())) {
            load.run(0, WARMUP_SECONDS);
            double cpu = Workshop.cpuSeconds(hub);
            var outcome = load.run(0, seconds);
            cpu = (Workshop.cpuSeconds(hub) - cpu) / seconds;
            long lost = Math.max(0, Math.round((double) ticks * profile.clients() - outcome.ticks())) * seconds;
            return new Round(outcome, ticks, lost, cpu);
        } finally {
            workshop.stop(hub);
        }
    }

    /** Ten of the largest stocks; what they cost does not matter. */
    private static String symbols() {
        return IntStream.range(0, SYMBOLS)
                .mapToObj(i -> List.of(
                                "005930", "000660", "373220", "207940", "005380", "000270", "068270", "105560",
                                "035420", "005490")
                        .get(i))
                .map(symbol -> "\"" + symbol + "\"")
                .collect(Collectors.joining(","));
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

    private record Counted(long trades, long lost) {}

    private static Counted metrics(GatewayClient client) {
        var answer = client.get("/v1/metrics/quote").body();
        return new Counted(
                answer.path("upserts").asLong(0),
                answer.path("stream").path("gaps").asLong(0));
    }

    private static List<Result> results(Profile profile, List<Round> ours, List<Round> floor, int seconds) {
        var results = new ArrayList<Result>();
        for (boolean ourOwn : new boolean[] {true, false}) {
            var rounds = ourOwn ? ours : floor;
            var end = ourOwn ? "" : ".floor";
            var middle = Median.of(rounds, round -> round.outcome().ticks());
            var rate = Result.of(
                            "stream.rate" + (profile.equals(FULL) ? "" : "." + profile.name()) + end,
                            middle.outcome().ticks(),
                            "ticks/s")
                    .with("clients", profile.clients())
                    .with("offered to each", Math.round(middle.offered()) + "/s")
                    .with("lost in full mailboxes", middle.lost())
                    .with("ticks a frame", Report.shown(middle.outcome().ticksAFrame()))
                    .with("server", Report.shown(middle.cpu()) + " cores")
                    .with("readers", Report.shown(middle.outcome().readerLoad()) + " cores")
                    .with("rounds", rounds.size() + " × " + seconds + " s");
            var quickest = Median.of(rounds, round -> round.outcome().latency().ms(99));
            var p99 = Result.of(
                            "stream.p99_ms" + (profile.equals(USUAL) ? "" : "." + profile.name()) + end,
                            quickest.outcome().latency().ms(99),
                            "ms")
                    .with(quickest.outcome().latency().percentiles())
                    .with("clients", profile.clients());
            results.add(rate);
            results.add(p99);
        }
        return results;
    }
}
