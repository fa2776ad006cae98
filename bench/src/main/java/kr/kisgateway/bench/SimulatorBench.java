package kr.kisgateway.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import kr.kisgateway.bench.load.FrameCount;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.Product;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.programs.Launch;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code simulator}: the simulator alone, pinned to one core where the system has {@code taskset}, with {@value
 * #ACTIVE} registered stocks: calls it answers, frames it sends, its start time and memory.
 *
 * <p>It has no floor: its targets are absolute ({@code docs/LIMITS.md}).
 */
final class SimulatorBench implements Bench {
    private static final int ACTIVE = 500;
    private static final int REGISTRATIONS = 41;
    private static final int CONNECTIONS = 16;
    private static final int STARTS = 5;
    private static final int WARMUP_SECONDS = 15;
    private static final int SECONDS = 20;

    /** More trades per second in each stock than the target needs in total. */
    private static final int TICKS = 70;

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path TASKSET = Path.of("/usr/bin/taskset");
    private static final JsonMapper JSON = new JsonMapper();
    private static final String SECRET = "s".repeat(180);

    @Override
    public Set<Options.Length> lengths() {
        return Set.of(Options.Length.SECONDS);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var results = new ArrayList<Result>();
        results.add(start(environment));
        int seconds = environment.seconds(SECONDS);
        try (var http = HttpClient.newHttpClient()) {
            results.addAll(rest(environment, http, seconds));
            results.add(frames(environment, http, seconds));
        }
        return results;
    }

    private static Result start(BenchEnvironment environment) throws IOException, InterruptedException {
        var millis = new ArrayList<Double>();
        try (var http = HttpClient.newHttpClient()) {
            for (int round = 0; round < STARTS; round++) {
                long startedAt = System.nanoTime();
                var simulator = SimulatorProcess.start(environment, http, List.of());
                millis.add((System.nanoTime() - startedAt) / 1e6);
                simulator.stop();
            }
        }
        environment.progress("started " + STARTS + " times: " + millis);
        return Result.of("simulator.start_ms", Median.of(millis, Double::doubleValue), "ms")
                .with("until", "the first call is answered")
                .with("rounds", STARTS)
                .withRounds(millis, Double::doubleValue)
                .with("cores", SimulatorProcess.cores());
    }

    private static List<Result> rest(BenchEnvironment environment, HttpClient http, int seconds)
            throws IOException, InterruptedException {
        var simulator = SimulatorProcess.start(environment, http, List.of("--rate", "1000000"));
        try {
            var stocks = stocks();
            var received = simulator.subscribe(stocks);
            var token = simulator.token("PSBENCH" + "0".repeat(29));
            try (var load = HttpLoad.connect(simulator.port(), CONNECTIONS, System::nanoTime)) {
                load.run(closed(WARMUP_SECONDS), n -> simulator.price(stocks.get(n % ACTIVE), token), LIMIT);
                double cpu = simulator.cpuSeconds();
                var outcome = load.run(closed(seconds), n -> simulator.price(stocks.get(n % ACTIVE), token), LIMIT)
                        .requireAllOk("A price");
                double used = simulator.cpuSeconds() - cpu;
                if (received.sum() == 0) throw new BenchException("no client received a trade");
                return List.of(
                        Result.of("simulator.rest", outcome.rate(), "calls/s")
                                .with("cores", SimulatorProcess.cores())
                                .with("of which used", Report.format(used / outcome.seconds()))
                                .with("active", ACTIVE + " stocks, 4 trades/s each")
                                .with("for", seconds + " s"),
                        Result.of("simulator.resident_mb", StartBench.residentMb(simulator.pid()), "MB")
                                .with("active", ACTIVE + " stocks")
                                .with("after", WARMUP_SECONDS + seconds + " s of calls"));
            }
        } finally {
            simulator.stop();
        }
    }

    private static Result frames(BenchEnvironment environment, HttpClient http, int seconds)
            throws IOException, InterruptedException {
        var simulator = SimulatorProcess.start(
                environment, http, List.of("--rate", "1000000", "--ticks", String.valueOf(TICKS)));
        try {
            // One record per frame, so that frames are counted, not the number of trades in one.
            simulator.post("/simulator/faults", "{\"split_records\":true}");
            var received = simulator.subscribe(stocks());
            BenchEnvironment.pause(Duration.ofSeconds(WARMUP_SECONDS));
            long before = received.sum();
            double cpu = simulator.cpuSeconds();
            long startedAt = System.nanoTime();
            BenchEnvironment.pause(Duration.ofSeconds(seconds));
            double took = (System.nanoTime() - startedAt) / 1e9;
            double rate = (received.sum() - before) / took;
            // A disconnected session receives nothing more: it was requested more than the simulator could send.
            long endedSessions =
                    simulator.sockets().stream().filter(FrameCount::ended).count();
            return Result.of("simulator.frames", rate, "frames/s")
                    .with("cores", SimulatorProcess.cores())
                    .with("of which used", Report.format((simulator.cpuSeconds() - cpu) / took))
                    .with("active", ACTIVE + " stocks on " + sessions() + " sessions")
                    .with("asked", ACTIVE * TICKS + "/s")
                    .with("sessions given up", endedSessions)
                    .with("resident", String.format(Locale.ROOT, "%.0f MB", StartBench.residentMb(simulator.pid())))
                    .with("for", seconds + " s");
        } finally {
            simulator.stop();
        }
    }

    private static Pace closed(int seconds) {
        return Pace.closed(System.nanoTime() + seconds * 1_000_000_000L);
    }

    private static int sessions() {
        return Math.ceilDiv(ACTIVE, REGISTRATIONS);
    }

    private static List<String> stocks() {
        return Instruments.load().all().stream()
                .filter(stock -> stock.product() == Product.STOCK && stock.volume() > 0)
                .limit(ACTIVE)
                .map(Instrument::symbol)
                .map(symbol -> symbol.code())
                .toList();
    }

    /** A running simulator and its clients. */
    private record SimulatorProcess(Process process, int port, HttpClient http, List<FrameCount> sockets) {
        static SimulatorProcess start(BenchEnvironment environment, HttpClient http, List<String> options)
                throws IOException, InterruptedException {
            int port = FreePort.find();
            Launch launch =
                    environment.simulator("--port", String.valueOf(port)).withArguments(options.toArray(new String[0]));
            var command = Stream.concat(
                            Files.isExecutable(TASKSET) ? Stream.of(TASKSET.toString(), "-c", "0") : Stream.of(),
                            launch.command().stream())
                    .toList();
            var process = environment.start(launch.processBuilder().command(command));
            var simulator = new SimulatorProcess(process, port, http, new ArrayList<>());
            simulator.awaitAnswer();
            return simulator;
        }

        static String cores() {
            return Files.isExecutable(TASKSET) ? "1" : "all";
        }

        long pid() {
            return process.pid();
        }

        /** Its used processor time; other programs on the core use the rest. */
        double cpuSeconds() {
            return process.info()
                    .totalCpuDuration()
                    .map(time -> time.toNanos() / 1e9)
                    .orElse(0.0);
        }

        void stop() {
            sockets.forEach(FrameCount::close);
            process.destroyForcibly();
            process.onExit().join();
        }

        private void awaitAnswer() throws InterruptedException {
            long until = System.nanoTime() + LIMIT.toNanos();
            while (System.nanoTime() < until) {
                if (!process.isAlive()) throw new BenchException("the simulator ended with " + process.exitValue());
                try {
                    http.send(
                            HttpRequest.newBuilder(uri("http", "/simulator/state"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding());
                    return;
                } catch (IOException notYet) {
                    BenchEnvironment.pause(Duration.ofMillis(2));
                }
            }
            throw new BenchException("the simulator did not answer within " + LIMIT.toSeconds() + " s");
        }

        private URI uri(String scheme, String path) {
            return URI.create(scheme + "://127.0.0.1:" + port + path);
        }

        String post(String path, String body) throws IOException, InterruptedException {
            return http.send(
                            HttpRequest.newBuilder(uri("http", path))
                                    .header("content-type", "application/json")
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }

        String token(String key) throws IOException, InterruptedException {
            return JSON.readTree(post(
                            "/oauth2/tokenP",
                            "{\"grant_type\":\"client_credentials\",\"appkey\":\"" + key + "\",\"appsecret\":\""
                                    + SECRET + "\"}"))
                    .path("access_token")
                    .asString("");
        }

        byte[] price(String symbol, String token) {
            return ("GET /uapi/domestic-stock/v1/quotations/inquire-price?FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD="
                            + symbol + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                            + "\r\ncontent-type: application/json; charset=utf-8\r\nauthorization: Bearer " + token
                            + "\r\nappkey: PSBENCH" + "0".repeat(29) + "\r\nappsecret: " + SECRET
                            + "\r\ntr_id: FHKST01010100\r\ncusttype: P\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
        }

        /** Registers the trades of the stocks, in as many sessions as needed; received frames are counted. */
        LongAdder subscribe(List<String> stocks) throws IOException, InterruptedException {
            var received = new LongAdder();
            for (int session = 0; session * REGISTRATIONS < stocks.size(); session++) {
                var key = String.format(Locale.ROOT, "PSFRAMES%028d", session);
                var approval = JSON.readTree(post(
                                "/oauth2/Approval",
                                "{\"grant_type\":\"client_credentials\",\"appkey\":\"" + key + "\",\"secretkey\":\""
                                        + SECRET + "\"}"))
                        .path("approval_key")
                        .asString("");
                int from = session * REGISTRATIONS;
                var texts = stocks.subList(from, Math.min(stocks.size(), from + REGISTRATIONS)).stream()
                        .map(stock -> "{\"header\":{\"approval_key\":\"" + approval
                                + "\",\"custtype\":\"P\",\"tr_type\":\"1\",\"content-type\":\"utf-8\"},"
                                + "\"body\":{\"input\":{\"tr_id\":\"H0STCNT0\",\"tr_key\":\"" + stock + "\"}}}")
                        .toList();
                sockets.add(FrameCount.open(port, texts, received));
            }
            return received;
        }
    }
}
