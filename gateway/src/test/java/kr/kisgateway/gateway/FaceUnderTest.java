package kr.kisgateway.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kr.kisgateway.gateway.access.GivenFaceKeys;
import kr.kisgateway.gateway.access.GivenFaceKeys.Given;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import kr.kisgateway.simulator.conformance.KisServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The KIS-compatible face of a gateway, with a simulator behind it, as the server that the suite of KIS's protocol runs against. */
public final class FaceUnderTest implements KisServer.Provider {
    /** Programs of the suite on one server. */
    private static final int PROGRAMS = 60;

    /** The suite trades as KIS lets it. */
    private static final Map<String, String> NO_LIMITS = Map.of(
            "RISK_DAILY_ORDERS", "none",
            "RISK_MAX_QTY", "none",
            "RISK_MAX_NOTIONAL", "none",
            "RISK_ORDERS_PER_SECOND", "none",
            "RISK_REFUSE_SELF_CROSS", "false");

    private static final String SECRET = "s".repeat(180);
    private static final String HTS_ID = "MYHTS1";
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    /** A quota above this is none that a test reaches. */
    private static final int RATE = 10_000;
    /** The face's period of PINGPONGs, which is KIS's. */
    private static final Duration PING_PERIOD = Duration.ofSeconds(100);

    @Override
    public KisServer start(KisServer.ServerSpec spec) {
        return new Running(spec);
    }

    /** The app key of the suite's program with that number. */
    private static String appKey(KisServer.Face face, int number) {
        return "PS%sAA%c%c%026d"
                .formatted(
                        face == KisServer.Face.LIVE ? "LIVE" : "MOCK",
                        BASE32.charAt(number >> 5),
                        BASE32.charAt(number & 31),
                        number);
    }

    private static List<Given> keys(KisServer.ServerSpec spec) {
        int calls = (int) spec.callsPerSecond();
        if (spec.identities().isEmpty()) {
            return IntStream.rangeClosed(1, PROGRAMS)
                    .mapToObj(number ->
                            new Given(appKey(spec.face(), number), SECRET, account(number), HTS_ID, "current", calls))
                    .toList();
        }
        var keys = new ArrayList<Given>();
        for (JsonNode identity : new YAMLMapper().readTree(spec.identities()).path("identities")) {
            if (identity.path("face").asString().equalsIgnoreCase(spec.face().name())) {
                keys.add(new Given(
                        identity.path("app_key").asString(),
                        identity.path("app_secret").asString(),
                        account(keys.size() + 1),
                        identity.path("hts_id").asString(HTS_ID),
                        identity.path("columns").asString("current"),
                        calls));
            }
        }
        return keys;
    }

    private static String account(int number) {
        return "%08d01".formatted(50_000_000 + number);
    }

    private static final class Running implements KisServer {
        private final Path folder;
        private final AtomicReference<Duration> ahead;
        private final KisSimulator simulator;
        private final GatewayFixture gateway;
        private final ScheduledExecutorService time = Executors.newSingleThreadScheduledExecutor();

        Running(ServerSpec spec) {
            folder = newFolder();
            ahead = new AtomicReference<>(
                    Duration.between(Instant.now(), spec.at().toInstant()));
            InstantSource clock = () -> Instant.now().plus(ahead.get());
            simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                    .withTime(spec.sessions() ? new KrxCalendar() : new OpenCalendar(), clock)
                    .withFace(
                            spec.face() == Face.LIVE
                                    ? kr.kisgateway.simulator.catalog.Face.LIVE
                                    : kr.kisgateway.simulator.catalog.Face.PAPER)
                    .withRates(RATE, RATE)
                    .withTicksPerSecond(spec.tradesPerSecond())
                    .withSynchronous("OFF"));
            var environment = new HashMap<>(environment(spec, simulator));
            Path data = folder.resolve("data").resolve(spec.face() == Face.LIVE ? "sim" : "mock");
            try {
                Files.createDirectories(data);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            GivenFaceKeys.store(data.resolve("access.db"), clock.instant(), keys(spec));
            gateway = GatewayFixture.startInTime(folder, simulator.restBase(), ahead, environment);
            gateway.awaitReady();
            if (spec.pingPeriod().compareTo(PING_PERIOD) < 0) {
                time.scheduleAtFixedRate(
                        () -> pass(PING_PERIOD),
                        spec.pingPeriod().toMillis(),
                        spec.pingPeriod().toMillis(),
                        TimeUnit.MILLISECONDS);
            }
        }

        private static Path newFolder() {
            try {
                return Files.createTempDirectory("conformance");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Map<String, String> environment(ServerSpec spec, KisSimulator simulator) {
            var all = new HashMap<>(NO_LIMITS);
            all.putAll(Map.of(
                    "SIMULATOR_RATE_LIMIT",
                    Integer.toString(RATE),
                    "SIMULATOR_CLOCK",
                    spec.sessions() ? "real" : "open",
                    // The first program registers the first symbol.
                    "KIS_WS_SYMBOLS",
                    "",
                    "KIS_FACE",
                    "true",
                    "KIS_FACE_PORT",
                    "0",
                    // A test of the refusal waits for no share.
                    "KIS_FACE_QUEUE",
                    spec.callsPerSecond() < RATE ? "1ms" : "5s"));
            if (spec.face() == Face.LIVE) {
                all.putAll(Map.of(
                        "KIS_ENV", "sim",
                        "SIMULATOR_URL", simulator.restBase().toString(),
                        "KIS_ACCOUNT_NO", "87654321-01",
                        "KIS_HTS_ID", "owner77"));
            } else {
                all.putAll(Map.of(
                        "KIS_ENV", "mock",
                        "KIS_API_BASE_URL_VIRTUAL", simulator.restBase().toString(),
                        "KIS_WS_URL_MOCK", simulator.wsBase().toString(),
                        "KIS_MOCK_APP_KEY", "PSPAPER00000000000000000000000000001",
                        "KIS_MOCK_APP_SECRET", "p".repeat(180),
                        "KIS_MOCK_CANO", "87654321",
                        "KIS_HTS_ID", "owner77",
                        "KIS_MASTER_URL", "off"));
            }
            return all;
        }

        @Override
        public URI rest() {
            return URI.create("http://127.0.0.1:" + gateway.gateway().facePort().orElseThrow());
        }

        @Override
        public URI ws() {
            return URI.create("ws://127.0.0.1:" + gateway.gateway().facePort().orElseThrow());
        }

        @Override
        public void jump(Duration by) {
            pass(by);
            // A gateway that was asleep for so long requests a token and opens a new session.
            gateway.awaitReady();
        }

        private void pass(Duration by) {
            ahead.updateAndGet(by::plus);
        }

        @Override
        public void faults(String json) {
            gateway.fault(json);
        }

        @Override
        public void move(String symbol, long price) {
            gateway.setMarket("{\"move\":\"" + symbol + "\",\"to\":" + price + "}");
        }

        @Override
        public void close() {
            time.shutdownNow();
            gateway.close();
            simulator.close();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
