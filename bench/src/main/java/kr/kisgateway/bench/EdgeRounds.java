package kr.kisgateway.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.load.StreamLoad;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.programs.LocalProgram;

/** The same load at the owner of a cluster and at an edge of it, in turns: trades to many clients, and quotes. */
final class EdgeRounds {
    private static final int CLIENTS = 50;
    private static final int QUOTES_A_SECOND = 200;
    /** As many calls as the compiler needs. */
    private static final int WARMUP_QUOTES_A_SECOND = 1_500;

    private static final int QUOTE_CLIENTS = 16;
    private static final int WARMUPS_MAX = 6;
    private static final int WARMUP_SECONDS = 6;
    private static final int ROUNDS = 5;
    private static final int SECONDS = 5;
    private static final double MIN_RATE = 0.6;
    private static final double MAX_MORE_MS = 3;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String SUBSCRIBE = StreamLoad.subscribe(OwnerAndEdge.SYMBOLS, "trades");
    private static final byte[] QUOTE =
            "GET /v1/quotes/005930 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final BenchEnvironment environment;
    private final int ticks;

    /** @param ticks trades per second to each client */
    EdgeRounds(BenchEnvironment environment, int ticks) {
        this.environment = environment;
        this.ticks = ticks;
    }

    /** What one gateway did in one round. */
    private record Round(double ticks, double tickMs, double quoteMs) {}

    /** What the owner has sent to the edge. */
    private record Feed(double lines, double bytes) {
        static Feed of(LocalProgram owner) throws IOException, InterruptedException {
            try (var client = HttpClient.newHttpClient()) {
                String meters = client.send(
                                HttpRequest.newBuilder(
                                                URI.create("http://127.0.0.1:" + owner.gatewayPort() + "/metrics"))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
                return new Feed(counter(meters, "lines"), counter(meters, "bytes"));
            }
        }

        private static double counter(String meters, String name) {
            String start = "kis_gateway_cluster_" + name + "_total ";
            return meters.lines()
                    .filter(line -> line.startsWith(start))
                    .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
                    .findFirst()
                    .orElseThrow(() -> new BenchException("The owner has no meter " + start.strip() + "."));
        }

        Feed since(Feed before) {
            return new Feed(lines - before.lines, bytes - before.bytes);
        }
    }

    List<Result> run() throws IOException, InterruptedException {
        return OwnerAndEdge.measure(environment, ticks, this::rounds);
    }

    private List<Result> rounds(LocalProgram owner, LocalProgram edge) throws IOException, InterruptedException {
        var owners = new ArrayList<Round>();
        var edges = new ArrayList<Round>();
        int warmup = environment.normalOrQuick(WARMUP_SECONDS, 1);
        WarmUp.untilSteady(
                environment,
                WARMUPS_MAX,
                "a second, the inverse of a tick's p99 at owner and edge",
                () -> 1e3 / round(owner, warmup, WARMUP_QUOTES_A_SECOND).tickMs(),
                () -> 1e3 / round(edge, warmup, WARMUP_QUOTES_A_SECOND).tickMs());
        Feed before = Feed.of(owner);
        for (int round = 1; round <= environment.rounds(ROUNDS); round++) {
            owners.add(round(owner, environment.seconds(SECONDS), QUOTES_A_SECOND));
            edges.add(round(edge, environment.seconds(SECONDS), QUOTES_A_SECOND));
            environment.progress(String.format(
                    Locale.ROOT,
                    "round %d: owner %,.0f ticks/s, p99 %.2f ms, quote %.2f ms; edge %,.0f ticks/s, p99 %.2f ms, quote %.2f ms",
                    round,
                    owners.getLast().ticks(),
                    owners.getLast().tickMs(),
                    owners.getLast().quoteMs(),
                    edges.getLast().ticks(),
                    edges.getLast().tickMs(),
                    edges.getLast().quoteMs()));
        }
        return results(owners, edges, Feed.of(owner).since(before));
    }

    private Round round(LocalProgram gateway, int seconds, int quotesASecond) throws IOException, InterruptedException {
        StreamLoad.Outcome streamed;
        try (var readers = StreamLoad.connect(
                gateway.gatewayPort(), CLIENTS, SUBSCRIBE, System::nanoTime, InstantSource.system())) {
            readers.run(0, 1);
            streamed = readers.run(0, seconds);
        }
        // Without the readers, whose unread ticks would share the cores.
        try (var quotes = HttpLoad.connect(gateway.gatewayPort(), QUOTE_CLIENTS, System::nanoTime)) {
            var asked = quotes.run(Pace.open(System.nanoTime(), quotesASecond, seconds), _ -> QUOTE, TIMEOUT)
                    .requireAllOk("GET /v1/quotes/005930");
            return new Round(
                    streamed.ticks(), streamed.latency().ms(99), asked.latency().ms(99));
        }
    }

    private List<Result> results(List<Round> owners, List<Round> edges, Feed sent) {
        double rate = Median.value(edges, Round::ticks);
        double single = Median.value(owners, Round::ticks);
        double edgeTick = Median.value(edges, Round::tickMs);
        double ownerTick = Median.value(owners, Round::tickMs);
        double edgeQuote = Median.value(edges, Round::quoteMs);
        double ownerQuote = Median.value(owners, Round::quoteMs);
        String load = "." + CLIENTS + "x" + ticks;
        String rounds = edges.size() + " rounds at each, in turns";
        return List.of(
                Result.of("cluster.edge.rate" + load, rate, "ticks/s")
                        .withRounds(edges, Round::ticks)
                        .with("clients", CLIENTS)
                        .with("rounds", rounds)
                        .with(Target.atLeast(MIN_RATE, rate / Math.max(1, single), "of the owner's")),
                owner("cluster.edge.rate" + load, single, "ticks/s", owners, Round::ticks),
                Result.of("cluster.edge.tick_p99_ms" + load, edgeTick, "ms")
                        .withRounds(edges, Round::tickMs)
                        .with(Target.atMost(MAX_MORE_MS, edgeTick - ownerTick, "ms more than the owner")),
                owner("cluster.edge.tick_p99_ms" + load, ownerTick, "ms", owners, Round::tickMs),
                Result.of("cluster.feed.bytes_per_line" + load, sent.bytes() / Math.max(1, sent.lines()), "bytes")
                        .with("lines", Report.format(sent.lines()))
                        .with("from the owner to the edge", "each value once for all of its clients"),
                Result.of("cluster.edge.quote_p99_ms" + load, edgeQuote, "ms")
                        .withRounds(edges, Round::quoteMs)
                        .with("calls", QUOTES_A_SECOND + "/s")
                        .with(Target.atMost(MAX_MORE_MS, edgeQuote - ownerQuote, "ms more than the owner")),
                owner("cluster.edge.quote_p99_ms" + load, ownerQuote, "ms", owners, Round::quoteMs));
    }

    /** The same work at the owner, as the floor of a figure. */
    private static Result owner(
            String name, double value, String unit, List<Round> rounds, ToDoubleFunction<Round> figure) {
        return Result.of(name + ".floor", value, unit).with("at", "the owner").withRounds(rounds, figure);
    }
}
