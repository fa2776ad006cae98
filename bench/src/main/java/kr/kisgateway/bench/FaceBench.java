package kr.kisgateway.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import kr.kisgateway.bench.FaceClients.Client;
import kr.kisgateway.bench.floor.BareHubMain;
import kr.kisgateway.bench.floor.BareRouteMain;
import kr.kisgateway.bench.load.HttpLoad;
import kr.kisgateway.bench.load.Latency;
import kr.kisgateway.bench.load.Pace;
import kr.kisgateway.bench.load.StreamLoad;
import kr.kisgateway.bench.result.BenchException;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.gatewayclient.GatewayException;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.Product;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.programs.LocalProgram;

/**
 * {@code face}: the port that speaks KIS's protocol. {@code forward}: queries that KIS answers, beside the same queries to
 * the simulator itself; {@code memory}: one query again and again, beside a bare route that gets the same requests; {@code
 * frames}: trades to fifty virtual keys, beside a bare hub that sends the same frames; {@code keys}: memory of a thousand
 * virtual keys with a token and a socket each.
 */
final class FaceBench implements Bench {
    private static final String FORWARD = "forward";
    private static final String MEMORY = "memory";
    private static final String FRAMES = "frames";
    private static final String KEYS = "keys";
    private static final String PRICE =
            "/uapi/domestic-stock/v1/quotations/inquire-price?FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD=";
    private static final String PRICE_TR = "FHKST01010100";
    private static final String SIMULATOR_RATE = "20000";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int ROUNDS = 5;

    private static final int FORWARD_RATE = 200;
    private static final int FORWARD_CONNECTIONS = 32;
    private static final int FORWARD_SECONDS = 10;
    /** Twice the measured rate: the optimizing compiler takes most methods after 5,000 calls. */
    private static final int FORWARD_WARMUP_RATE = 2 * FORWARD_RATE;

    private static final int FORWARD_WARMUP_SECONDS = 40;
    /** Each is requested again after six seconds of the warm-up, then after twelve; answers are cached for five. */
    private static final int FORWARD_STOCKS = 2_500;

    private static final double ADDED_MS = 1;
    private static final int FLOOR_MS_MAX = 5;

    private static final int MEMORY_CONNECTIONS = 32;
    private static final int MEMORY_SECONDS = 5;
    private static final int MEMORY_WARMUPS_MAX = 20;
    private static final int MEMORY_WARMUP_SECONDS = 4;
    private static final double MEMORY_RATIO = 0.6;
    private static final double MEMORY_RATE = 25_000;

    private static final int FRAME_CLIENTS = 50;
    private static final int FRAME_SECONDS = 5;
    private static final int FRAME_WARMUP_SECONDS = 12;
    private static final double FRAME_RATIO = 0.6;
    /** Frames per second to each client. */
    private static final List<Integer> FRAME_RATES = List.of(1_000, 2_000, 4_000);

    private static final int KEYS_COUNT = 1_000;
    private static final int KEY_SYMBOLS = 4;
    private static final double KEYS_MB = 100;
    private static final double MEGABYTE = 1_048_576;
    private static final int STOCKS = 10;

    @Override
    public List<String> profiles() {
        return List.of(FORWARD, MEMORY, FRAMES, KEYS);
    }

    @Override
    public List<Result> run(BenchEnvironment environment) throws IOException, InterruptedException {
        var results = new ArrayList<Result>();
        if (environment.isSelected(FORWARD)) results.addAll(forward(environment));
        if (environment.isSelected(MEMORY)) results.addAll(memory(environment));
        if (environment.isSelected(FRAMES)) {
            results.addAll(frames(environment));
        }
        if (environment.isSelected(KEYS)) results.add(keys(environment));
        return results;
    }

    private static Launch gateway(BenchEnvironment environment, LocalProgram simulator) throws IOException {
        return environment
                .gateway(simulator.simulatorPort())
                .withEnvironment("KIS_FACE_PORT", "0")
                .withEnvironment("SIMULATOR_RATE_LIMIT", SIMULATOR_RATE)
                .withEnvironment("KIS_WS_SYMBOLS", "");
    }

    private static LocalProgram simulator(BenchEnvironment environment, String ticks) throws IOException {
        return environment.start(environment.simulator("--port", "0", "--ticks", ticks, "--rate", SIMULATOR_RATE));
    }

    /** Each request is another question than those of the last ten seconds, so KIS answers each. */
    private static List<Result> forward(BenchEnvironment environment) throws IOException, InterruptedException {
        int seconds = environment.seconds(FORWARD_SECONDS);
        int warmup = environment.normalOrQuick(FORWARD_WARMUP_SECONDS, 1);
        int count = environment.rounds(ROUNDS);
        var stocks = stocks(FORWARD_STOCKS);
        var simulator = simulator(environment, "0");
        var gateway = environment.start(gateway(environment, simulator));
        var through = new ArrayList<Latency>();
        var direct = new ArrayList<Latency>();
        try (var status = GatewayClient.onPort(gateway.gatewayPort())) {
            awaitConnected(status);
            var viaFace = new Forwarding(FaceClients.create(gateway, 1).getFirst(), stocks);
            var viaSimulator = new Forwarding(FaceClients.direct(simulator.simulatorPort()), stocks);
            environment.progress("forward: warming both up, " + 2 * warmup + " s");
            viaFace.run(FORWARD_WARMUP_RATE, warmup);
            viaSimulator.run(FORWARD_WARMUP_RATE, warmup);
            for (int round = 1; round <= count; round++) {
                through.add(viaFace.run(FORWARD_RATE, seconds));
                direct.add(viaSimulator.run(FORWARD_RATE, seconds));
                environment.progress(String.format(
                        Locale.ROOT,
                        "forward, round %d of %d: p50 %.2f ms, p99 %.2f ms; directly %.2f, %.2f ms",
                        round,
                        count,
                        through.getLast().ms(50),
                        through.getLast().ms(99),
                        direct.getLast().ms(50),
                        direct.getLast().ms(99)));
            }
        } finally {
            environment.stop(gateway);
            environment.stop(simulator);
        }
        var face = Median.of(through, latency -> latency.ms(99));
        var floor = Median.of(direct, latency -> latency.ms(99));
        double added = face.ms(99) - floor.ms(99);
        var result = forwarded("face.forward.p99_ms", face, through, seconds)
                .with("added at p50", Report.format(face.ms(50) - floor.ms(50)) + " ms")
                .with("added at p99", Report.format(added) + " ms");
        // The difference of two delays that other programs cause says nothing about the gateway.
        result = floor.ms(99) > FLOOR_MS_MAX
                ? result.with(
                        "bar", "not judged, the machine is busy: the floor's own p99 is above " + FLOOR_MS_MAX + " ms")
                : result.with(Target.below(ADDED_MS, added, "ms more than the simulator called directly"));
        return List.of(result, forwarded("face.forward.p99_ms.floor", floor, direct, seconds));
    }

    private static Result forwarded(String name, Latency latency, List<Latency> rounds, int seconds) {
        return Result.of(name, latency.ms(99), "ms")
                .with(latency.percentiles())
                .with("rate", FORWARD_RATE + "/s on schedule, " + FORWARD_CONNECTIONS + " connections")
                .withRounds(rounds, each -> each.ms(99))
                .with("rounds", rounds.size() + " × " + seconds + " s");
    }

    /** The prices of many stocks in turn. */
    private record Forwarding(int port, List<byte[]> requests, AtomicInteger next) {
        Forwarding(Client client, List<String> stocks) {
            this(
                    client.port(),
                    stocks.stream()
                            .map(stock -> client.query(PRICE + stock, PRICE_TR))
                            .toList(),
                    new AtomicInteger());
        }

        Latency run(int rate, int seconds) throws IOException {
            try (var load = HttpLoad.connect(port, FORWARD_CONNECTIONS, System::nanoTime)) {
                return load.run(
                                Pace.open(System.nanoTime(), rate, seconds),
                                _ -> requests.get(next.getAndIncrement() % requests.size()),
                                TIMEOUT)
                        .requireAllOk("A forwarded price")
                        .latency();
            }
        }
    }

    private static List<Result> memory(BenchEnvironment environment) throws IOException, InterruptedException {
        int count = environment.rounds(ROUNDS);
        int warmup = environment.normalOrQuick(MEMORY_WARMUP_SECONDS, 1);
        int seconds = environment.seconds(MEMORY_SECONDS);
        var gateway = environment.start(environment.gateway().withEnvironment("KIS_FACE_PORT", "0"));
        int size = QuoteBench.awaitPushed(gateway.gatewayPort());
        var client = FaceClients.create(gateway, 1).getFirst();
        var request = client.query(PRICE + "005930", PRICE_TR);
        size = answerBytes(client.port(), request, size);
        var bare = environment.start(environment.floor(BareRouteMain.class).withArguments(String.valueOf(size)));
        // The bare route reads the same headers.
        var bareRequest = client.query(bare.gatewayPort(), "/v1/quotes/005930", PRICE_TR);
        var faceRounds = new ArrayList<Rate>();
        var bareRounds = new ArrayList<Rate>();
        try (var toFace = HttpLoad.connect(client.port(), MEMORY_CONNECTIONS, System::nanoTime);
                var toBare = HttpLoad.connect(bare.gatewayPort(), MEMORY_CONNECTIONS, System::nanoTime)) {
            WarmUp.untilSteady(
                    environment,
                    MEMORY_WARMUPS_MAX,
                    "requests/s by the port and the bare route",
                    () -> rate(toFace, gateway, request, warmup).perSecond(),
                    () -> rate(toBare, bare, bareRequest, warmup).perSecond());
            for (int round = 1; round <= count; round++) {
                faceRounds.add(rate(toFace, gateway, request, seconds));
                bareRounds.add(rate(toBare, bare, bareRequest, seconds));
                environment.progress(String.format(
                        Locale.ROOT,
                        "memory, round %d of %d: %,.0f/s, bare route %,.0f/s",
                        round,
                        count,
                        faceRounds.getLast().perSecond(),
                        bareRounds.getLast().perSecond()));
            }
        } finally {
            environment.stop(gateway);
            environment.stop(bare);
        }
        double rate = Median.value(faceRounds, Rate::perSecond);
        double bareRate = Median.value(bareRounds, Rate::perSecond);
        return List.of(
                rate("face.price.rate", faceRounds, seconds, size)
                        .with(Target.atLeast(MEMORY_RATIO, rate / bareRate, "of the bare route"))
                        .with(Target.atLeast(MEMORY_RATE, rate, "requests/s")),
                rate("face.price.rate.floor", bareRounds, seconds, size));
    }

    /** The size of the body that a request is answered with. */
    private static int answerBytes(int port, byte[] request, int initial) throws IOException {
        var size = new AtomicInteger(initial);
        try (var load = HttpLoad.connect(port, 1, System::nanoTime)) {
            load.run(Pace.open(System.nanoTime(), 1, 1), _ -> request, TIMEOUT, (_, _, _, answer) -> {
                        var text = HttpLoad.text(answer);
                        size.set(answer.position() - text.indexOf("\r\n\r\n") - 4);
                    })
                    .requireAllOk("The price");
        }
        return size.get();
    }

    /** @param serverMicros the server's processor time for one request */
    private record Rate(HttpLoad.Outcome outcome, double serverMicros) {
        double perSecond() {
            return outcome.rate();
        }
    }

    private static Rate rate(HttpLoad load, LocalProgram server, byte[] request, int seconds) throws IOException {
        double cpu = BenchEnvironment.cpuSeconds(server);
        var outcome = load.run(Pace.closed(System.nanoTime() + seconds * 1_000_000_000L), _ -> request, TIMEOUT)
                .requireAllOk("The price");
        cpu = BenchEnvironment.cpuSeconds(server) - cpu;
        return new Rate(outcome, 1e6 * cpu / outcome.latency().count());
    }

    private static Result rate(String name, List<Rate> rounds, int seconds, int size) {
        var median = Median.of(rounds, Rate::perSecond);
        return Result.of(name, median.perSecond(), "requests/s")
                .with("connections", MEMORY_CONNECTIONS + ", always busy")
                .with("rounds", rounds.size() + " × " + seconds + " s")
                .withRounds(rounds, Rate::perSecond)
                .with("body", size + " bytes")
                .with("server", Report.format(median.serverMicros()) + " µs of CPU a request")
                .with("generator", Report.format(median.outcome().cores()) + " cores");
    }

    /**
     * @param offered frames per second that the server got
     * @param cpuMicros the server's processor time for one frame of one client
     */
    private record Frames(StreamLoad.Outcome outcome, double offered, double cpuMicros) {
        double perSecond() {
            return outcome.ticks();
        }
    }

    /** Rates rise until a session falls behind: then it is closed, as KIS closes one. The first must be delivered. */
    private static List<Result> frames(BenchEnvironment environment) throws IOException, InterruptedException {
        var results = new ArrayList<>(frames(environment, environment.normalOrQuick(FRAME_RATES.getFirst(), 100)));
        for (int rate : FRAME_RATES.subList(1, environment.normalOrQuick(FRAME_RATES.size(), 1))) {
            try {
                results.addAll(frames(environment, rate));
            } catch (StreamLoad.Closed tooMuch) {
                environment.progress(String.format(
                        Locale.ROOT, "frames, %,d/s to each: sessions fell behind and were closed", rate));
                return results;
            }
        }
        return results;
    }

    /** The hub gets as many frames as came over the wire at the gateway, in the same size. */
    private static List<Result> frames(BenchEnvironment environment, int rate)
            throws IOException, InterruptedException {
        int seconds = environment.seconds(FRAME_SECONDS);
        int count = environment.rounds(ROUNDS);
        var face = new ArrayList<Frames>();
        var hub = new ArrayList<Frames>();
        for (int round = 1; round <= count; round++) {
            face.add(faceFrames(environment, rate, seconds));
            var last = face.getLast().outcome();
            int bytes = (int) Math.round(last.megabytes() * 1e6 / Math.max(1, last.ticks())) - 4;
            hub.add(hubFrames(environment, (int) Math.round(face.getLast().offered()), bytes, seconds));
            environment.progress(String.format(
                    Locale.ROOT,
                    "frames, %,d/s to each of %d, round %d of %d: %,.0f frames/s, %.2f µs of CPU each; bare hub %,.0f, %.2f µs",
                    rate,
                    FRAME_CLIENTS,
                    round,
                    count,
                    face.getLast().perSecond(),
                    face.getLast().cpuMicros(),
                    hub.getLast().perSecond(),
                    hub.getLast().cpuMicros()));
        }
        double ratio = Median.value(face, Frames::perSecond) / Math.max(1, Median.value(hub, Frames::perSecond));
        var name = "face.frames." + FRAME_CLIENTS + "x" + rate;
        return List.of(
                frames(name, face, seconds).with(Target.atLeast(FRAME_RATIO, ratio, "of the bare hub")),
                frames(name + ".floor", hub, seconds));
    }

    private static Result frames(String name, List<Frames> rounds, int seconds) {
        var median = Median.of(rounds, Frames::perSecond);
        return Result.of(name, median.perSecond(), "frames/s")
                .withRounds(rounds, Frames::perSecond)
                .with("clients", FRAME_CLIENTS + ", " + STOCKS + " stocks")
                .with("offered to each", Math.round(median.offered()) + "/s")
                .with(
                        "delivered",
                        Report.format(100 * median.perSecond() / Math.max(1, median.offered() * FRAME_CLIENTS)) + " %")
                .with("server", Report.format(Median.value(rounds, Frames::cpuMicros)) + " µs of CPU a frame")
                .with("rounds", rounds.size() + " × " + seconds + " s");
    }

    private static Frames faceFrames(BenchEnvironment environment, int rate, int seconds)
            throws IOException, InterruptedException {
        var simulator = simulator(environment, String.valueOf((double) rate / STOCKS));
        var gateway = environment.start(gateway(environment, simulator));
        try (var status = GatewayClient.onPort(gateway.gatewayPort())) {
            awaitConnected(status);
            FaceClients.splitRecords(simulator.simulatorPort());
            var stocks = stocks(STOCKS);
            var messages = FaceClients.create(gateway, FRAME_CLIENTS).stream()
                    .map(client -> client.trades(stocks))
                    .toList();
            try (var readers = StreamLoad.connectKis(FaceClients.port(gateway), messages, System::nanoTime)) {
                readers.run(0, environment.normalOrQuick(FRAME_WARMUP_SECONDS, 2));
                long before = trades(status);
                double cpu = BenchEnvironment.cpuSeconds(gateway);
                long startedAt = System.nanoTime();
                var outcome = readers.run(0, seconds);
                double took = (System.nanoTime() - startedAt) / 1e9;
                cpu = BenchEnvironment.cpuSeconds(gateway) - cpu;
                return new Frames(
                        outcome, (trades(status) - before) / took, 1e6 * cpu / Math.max(1, outcome.ticks() * took));
            }
        } finally {
            environment.stop(gateway);
            environment.stop(simulator);
        }
    }

    private static Frames hubFrames(BenchEnvironment environment, int rate, int bytes, int seconds) throws IOException {
        var hub = environment.start(
                environment.floor(BareHubMain.class).withArguments(String.valueOf(rate), String.valueOf(bytes)));
        var messages = IntStream.range(0, FRAME_CLIENTS)
                .mapToObj(_ -> List.<String>of())
                .toList();
        try (var readers = StreamLoad.connectKis(hub.gatewayPort(), messages, System::nanoTime)) {
            readers.run(0, environment.normalOrQuick(FRAME_WARMUP_SECONDS, 2));
            double cpu = BenchEnvironment.cpuSeconds(hub);
            var outcome = readers.run(0, seconds);
            cpu = BenchEnvironment.cpuSeconds(hub) - cpu;
            return new Frames(outcome, rate, 1e6 * cpu / Math.max(1, outcome.ticks() * seconds));
        } finally {
            environment.stop(hub);
        }
    }

    /**
     * The same gateway without and with them. The complete heap is made resident at the start, so that growth of the process
     * is outside of it; live heap is counted after collections.
     */
    private static Result keys(BenchEnvironment environment) throws IOException, InterruptedException {
        int count = environment.normalOrQuick(KEYS_COUNT, 20);
        var simulator = simulator(environment, "0");
        var gateway = environment.start(
                gateway(environment, simulator).withJvmFlags("-Xms160m", "-Xmx160m", "-XX:+AlwaysPreTouch"));
        try (var status = GatewayClient.onPort(gateway.gatewayPort());
                var probe = JvmProbe.of(gateway)) {
            awaitConnected(status);
            // Classes and buffers that the first clients create and leave behind.
            connect(gateway, Math.max(2, count / 50)).close();
            var before = Memory.of(gateway, probe);
            environment.progress("keys, before: " + before.shown());
            try (var readers = connect(gateway, count)) {
                readers.run(0, environment.normalOrQuick(5, 1));
                var with = Memory.of(gateway, probe);
                environment.progress("keys, with " + count + ": " + with.shown());
                double heap = (with.heap() - before.heap()) / MEGABYTE;
                double outside = (with.resident() - before.resident()) / MEGABYTE;
                return Result.of("face.keys_mb", heap + outside, "MB more")
                        .with("keys", count + ", each with a token and a socket of " + KEY_SYMBOLS + " registrations")
                        .with("of it on the heap", Report.format(heap) + " MB")
                        .with("outside", Report.format(outside) + " MB (resident memory with all of the heap resident)")
                        .with(Target.below(KEYS_MB, heap + outside, "MB"));
            }
        } finally {
            environment.stop(gateway);
            environment.stop(simulator);
        }
    }

    private static StreamLoad connect(LocalProgram gateway, int count) throws IOException, InterruptedException {
        var stocks = stocks(STOCKS);
        var clients = FaceClients.create(gateway, count);
        var messages = IntStream.range(0, count)
                .mapToObj(i -> clients.get(i)
                        .trades(IntStream.range(0, KEY_SYMBOLS)
                                .mapToObj(k -> stocks.get((i + k) % STOCKS))
                                .toList()))
                .toList();
        return StreamLoad.connectKis(FaceClients.port(gateway), messages, System::nanoTime);
    }

    private record Memory(long heap, long resident) {
        static Memory of(LocalProgram process, JvmProbe probe) throws IOException, InterruptedException {
            BenchEnvironment.pause(Duration.ofSeconds(1));
            long heap = probe.liveHeap();
            return new Memory(heap, (long) (MEGABYTE * StartBench.residentMb(process.pid())));
        }

        String shown() {
            return String.format(Locale.ROOT, "heap %.1f MB, resident %.1f MB", heap / MEGABYTE, resident / MEGABYTE);
        }
    }

    private static long trades(GatewayClient client) {
        return client.get("/v1/metrics/quote").body().path("upserts").asLong(0);
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

    private static List<String> stocks(int count) {
        return Instruments.load().all().stream()
                .filter(stock -> stock.product() == Product.STOCK && stock.volume() > 0)
                .limit(count)
                .map(Instrument::symbol)
                .map(symbol -> symbol.code())
                .toList();
    }
}
