package kr.kisgateway.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import kr.kisgateway.bench.floor.BareRouteMain;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.HttpLoad.Outcome;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.gatewayclient.LocalProgram;

/**
 * {@code quote memory}: GET /v1/quotes/005930 while KIS pushes it, with keep-alive connections that each wait for their
 * answer. Gateway and bare route are measured in turns and the middle round counts. {@code quote cached}: {@link
 * CachedAnswers}.
 */
final class QuoteBench implements Bench {
    private static final String PATH = "/v1/quotes/005930";
    private static final int CONNECTIONS = 32;
    private static final int ROUNDS = 5;
    private static final double LEAST_RATIO = 0.7;
    private static final double LEAST_RATE = 40_000;
    private static final String MEMORY = "memory";
    private static final int WARMUP_SECONDS = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Override
    public List<String> profiles() {
        return List.of(MEMORY, CachedAnswers.PROFILE);
    }

    @Override
    public List<Result> run(Workshop workshop) throws IOException, InterruptedException {
        var results = new ArrayList<Result>();
        if (workshop.wants(MEMORY)) results.addAll(fromMemory(workshop));
        if (workshop.wants(CachedAnswers.PROFILE)) results.add(CachedAnswers.measure(workshop));
        return results;
    }

    private static List<Result> fromMemory(Workshop workshop) throws IOException, InterruptedException {
        int count = workshop.rounds(ROUNDS);
        int warmup = workshop.quickly(WARMUP_SECONDS, 1);
        int seconds = workshop.seconds(5);
        workshop.progress("starting the gateway and the bare route");
        var gateway = workshop.start(workshop.gateway());
        int size = awaitPushed(gateway.gatewayPort());
        var bare = workshop.start(workshop.floor(BareRouteMain.class).withArguments(String.valueOf(size)));
        var ours = new ArrayList<Round>();
        var floor = new ArrayList<Round>();
        try (var toGateway = HttpLoad.connect(gateway.gatewayPort(), CONNECTIONS, System::nanoTime);
                var toBare = HttpLoad.connect(bare.gatewayPort(), CONNECTIONS, System::nanoTime)) {
            workshop.progress("warming both up, " + 2 * warmup + " s");
            measure(toGateway, gateway, warmup);
            measure(toBare, bare, warmup);
            for (int round = 1; round <= count; round++) {
                ours.add(measure(toGateway, gateway, seconds));
                floor.add(measure(toBare, bare, seconds));
                workshop.progress(String.format(
                        Locale.ROOT,
                        "round %d of %d: %,.0f/s, bare route %,.0f/s",
                        round,
                        count,
                        ours.getLast().rate(),
                        floor.getLast().rate()));
            }
        }
        awaitPushed(gateway.gatewayPort()); // or the last round measured something else
        workshop.stop(gateway);
        workshop.stop(bare);
        double rate = Median.of(ours, Round::rate).rate();
        double bareRate = Median.of(floor, Round::rate).rate();
        return List.of(
                rate("quote.rate", ours, seconds, size)
                        .with(Bar.atLeast(LEAST_RATIO, rate / bareRate, "of the bare route"))
                        .with(Bar.atLeast(LEAST_RATE, rate, "requests/s")),
                rate("quote.rate.floor", floor, seconds, size),
                p99("quote.p99_ms", ours, seconds),
                p99("quote.p99_ms.floor", floor, seconds));
    }

    /** @param serverMicros the server's processor time for one request */
    private record Round(Outcome outcome, double serverMicros) {
        double rate() {
            return outcome.rate();
        }

        double p99() {
            return outcome.latency().ms(99);
        }
    }

    private static Round measure(HttpLoad load, LocalProgram server, int seconds) throws IOException {
        var request = ("GET " + PATH + " HTTP/1.1\r\nHost: 127.0.0.1:" + server.gatewayPort() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        double cpu = Workshop.cpuSeconds(server);
        var outcome = load.run(Pace.closed(System.nanoTime() + seconds * 1_000_000_000L), n -> request, PATIENCE)
                .allGood(PATH);
        cpu = Workshop.cpuSeconds(server) - cpu;
        return new Round(outcome, 1e6 * cpu / outcome.latency().count());
    }

    /** Waits until the quote comes from what KIS pushed; the size of its JSON in bytes. */
    static int awaitPushed(int port) throws InterruptedException {
        try (var client = GatewayClient.onPort(port)) {
            var answer = client.get(PATH);
            for (int i = 0;
                    i < 200 && !answer.body().path("source").asString("").equals("kis-ws");
                    i++) {
                Workshop.pause(Duration.ofMillis(100));
                answer = client.get(PATH);
            }
            if (!answer.body().path("source").asString("").equals("kis-ws")) {
                throw new BenchException("The quote never came from what KIS pushes; the last answer was " + answer);
            }
            return answer.text().getBytes(StandardCharsets.UTF_8).length;
        }
    }

    private static Result rate(String name, List<Round> rounds, int seconds, int size) {
        var middle = Median.of(rounds, Round::rate);
        return Result.of(name, middle.rate(), "requests/s")
                .with("connections", CONNECTIONS)
                .with("rounds", rounds.size() + " × " + seconds + " s")
                .with("body", size + " bytes")
                .with("server", Report.shown(middle.serverMicros()) + " µs of CPU a request")
                .with("generator", Report.shown(middle.outcome().cores()) + " cores");
    }

    private static Result p99(String name, List<Round> rounds, int seconds) {
        var middle = Median.of(rounds, Round::p99);
        return Result.of(name, middle.p99(), "ms")
                .with(middle.outcome().latency().percentiles())
                .with("connections", CONNECTIONS + ", always busy")
                .with("rounds", rounds.size() + " × " + seconds + " s");
    }
}
