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
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.LocalProgram;

/**
 * {@code quote memory}: GET /v1/quotes/005930 while KIS pushes it, with keep-alive connections that each wait for their
 * answer. Gateway and bare route are measured alternately and the median round counts. {@code quote cached}: {@link
 * CachedAnswers}.
 */
final class QuoteBench implements Bench {
    private static final String PATH = "/v1/quotes/005930";
    private static final int CONNECTIONS = 32;
    private static final int ROUNDS = 5;
    private static final double MIN_RATIO = 0.7;
    private static final double MIN_RATE = 40_000;
    private static final String MEMORY = "memory";
    private static final int WARMUPS_MAX = 20;
    private static final int WARMUP_SECONDS = 4;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Override
    public List<String> profiles() {
        return List.of(MEMORY, CachedAnswers.PROFILE);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var results = new ArrayList<Result>();
        if (environment.isSelected(MEMORY)) results.addAll(fromMemory(environment));
        if (environment.isSelected(CachedAnswers.PROFILE)) results.addAll(CachedAnswers.measure(environment));
        return results;
    }

    private static List<Result> fromMemory(BenchEnvironment environment) throws IOException, InterruptedException {
        int count = environment.rounds(ROUNDS);
        int warmup = environment.normalOrQuick(WARMUP_SECONDS, 1);
        int seconds = environment.seconds(5);
        environment.progress("starting the gateway and the bare route");
        var gateway = environment.start(environment.gateway());
        int size = awaitPushed(gateway.gatewayPort());
        var bare = environment.start(environment.floor(BareRouteMain.class).withArguments(String.valueOf(size)));
        var gatewayRounds = new ArrayList<Round>();
        var bareRounds = new ArrayList<Round>();
        try (var toGateway = HttpLoad.connect(gateway.gatewayPort(), CONNECTIONS, System::nanoTime);
                var toBare = HttpLoad.connect(bare.gatewayPort(), CONNECTIONS, System::nanoTime)) {
            WarmUp.untilSteady(
                    environment,
                    WARMUPS_MAX,
                    "requests/s by gateway and bare route",
                    () -> measure(toGateway, gateway, warmup).rate(),
                    () -> measure(toBare, bare, warmup).rate());
            for (int round = 1; round <= count; round++) {
                gatewayRounds.add(measure(toGateway, gateway, seconds));
                requirePushed(gateway.gatewayPort());
                bareRounds.add(measure(toBare, bare, seconds));
                environment.progress(String.format(
                        Locale.ROOT,
                        "round %d of %d: %,.0f/s, bare route %,.0f/s",
                        round,
                        count,
                        gatewayRounds.getLast().rate(),
                        bareRounds.getLast().rate()));
            }
        }
        environment.stop(gateway);
        environment.stop(bare);
        double rate = Median.value(gatewayRounds, Round::rate);
        double bareRate = Median.value(bareRounds, Round::rate);
        return List.of(
                rate("quote.rate", gatewayRounds, seconds, size)
                        .with(Target.atLeast(MIN_RATIO, rate / bareRate, "of the bare route"))
                        .with(Target.atLeast(MIN_RATE, rate, "requests/s")),
                rate("quote.rate.floor", bareRounds, seconds, size),
                p99("quote.p99_ms", gatewayRounds, seconds),
                p99("quote.p99_ms.floor", bareRounds, seconds));
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
        var request = HttpLoad.get(server.gatewayPort(), PATH);
        double cpu = BenchEnvironment.cpuSeconds(server);
        var outcome = load.run(Pace.closed(System.nanoTime() + seconds * 1_000_000_000L), n -> request, TIMEOUT)
                .requireAllOk(PATH);
        cpu = BenchEnvironment.cpuSeconds(server) - cpu;
        return new Round(outcome, 1e6 * cpu / outcome.latency().count());
    }

    /** Waits until the quote comes from KIS's push; returns the size of its JSON in bytes. */
    static int awaitPushed(int port) throws InterruptedException {
        try (var client = GatewayClient.onPort(port)) {
            for (int i = 0; i < 200 && !isPushed(client.get(PATH)); i++) {
                BenchEnvironment.pause(Duration.ofMillis(100));
            }
        }
        return requirePushed(port);
    }

    /** The size of the quote's JSON in bytes; a quote that is not from KIS's push measures something else. */
    static int requirePushed(int port) {
        try (var client = GatewayClient.onPort(port)) {
            var answer = client.get(PATH);
            if (!isPushed(answer)) throw new BenchException("The quote is not from KIS's push, but " + answer);
            return answer.text().getBytes(StandardCharsets.UTF_8).length;
        }
    }

    private static boolean isPushed(Answer answer) {
        return answer.body().path("source").asString("").equals("kis-ws");
    }

    private static Result rate(String name, List<Round> rounds, int seconds, int size) {
        var median = Median.of(rounds, Round::rate);
        return Result.of(name, median.rate(), "requests/s")
                .with("connections", CONNECTIONS)
                .with("rounds", rounds.size() + " × " + seconds + " s")
                .with("body", size + " bytes")
                .withRounds(rounds, Round::rate)
                .with("server", Report.format(median.serverMicros()) + " µs of CPU a request")
                .with("generator", Report.format(median.outcome().cores()) + " cores");
    }

    private static Result p99(String name, List<Round> rounds, int seconds) {
        var median = Median.of(rounds, Round::p99);
        return Result.of(name, median.p99(), "ms")
                .with(median.outcome().latency().percentiles())
                .withRounds(rounds, Round::p99)
                .with("connections", CONNECTIONS + ", always busy")
                .with("rounds", rounds.size() + " × " + seconds + " s");
    }
}
