package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * A scripted day of faults in front of a real Prometheus: each rule of {@code ops/prometheus} fires and ends, and each panel of
 * {@code ops/grafana} has values.
 */
@Tag("slow")
class PrometheusDayTest {
    private static final Path DASHBOARDS = Path.of("..", "ops", "grafana");
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String CLEAR = "{\"clear\":true}";

    @TempDir
    private Path folder;

    private final TreeSet<String> fired = new TreeSet<>();
    private PrometheusServer prometheus;
    private int port;

    @BeforeEach
    void startPrometheus() throws IOException {
        port = FreePort.find();
        prometheus = PrometheusServer.start(folder.resolve("prometheus"), port);
    }

    @AfterEach
    void stopPrometheus() {
        prometheus.close();
    }

    @Requirement(value = "A-11", clause = "dashboard")
    @Test
    void each_rule_fires_and_ends_and_each_panel_has_values() throws Exception {
        awaitFiring("GatewayDown");
        morningWithoutDiskAndToken();
        awaitFiring("GatewayDown");
        try (var gateway = start("0")) {
            gateway.awaitReady();
            awaitNothingFires();
            try (var programs = new Programs(gateway)) {
                day(gateway);
                assertThat(programs.isAlive()).isTrue();
            }
            awaitNothingFires();
        }
        assertThat(fired).isEqualTo(prometheus.rules());
        eachPanelHasValues();
    }

    /** A full disk, and KIS issues no token. */
    private void morningWithoutDiskAndToken() {
        try (var gateway = start("8000000GB")) {
            awaitFiring("DiskLow");
            gateway.fault("{\"revoke_tokens\":true,\"unavailable_before\":{\"on\":\"tokens\",\"for\":\"10m\"}}");
            Await.until(LIMIT, "TokenMissing fires", () -> {
                gateway.get("/v1/quotes/000660");
                return isFiring("TokenMissing");
            });
            fired.add("TokenMissing");
        }
    }

    private void day(GatewayFixture gateway) throws Exception {
        gateway.fault("{\"refuse_orders\":{\"count\":12}}");
        awaitFiring("OrderFailures");
        gateway.fault(CLEAR);

        gateway.fault("{\"lose_notices\":2}");
        awaitFiring("ReconcileCorrections");
        gateway.fault(
                "{\"lose_answers\":1,\"lose_notices\":50,\"hide_orders_seconds\":{\"on\":\"orders\",\"value\":600}}");
        awaitFiring("OrdersUnknown");
        gateway.fault(CLEAR);

        gateway.fault("{\"rate_limit_storm\":{\"count\":3}}");
        awaitFiring("RateRefused");
        gateway.fault("{\"unavailable_before\":{\"on\":\"queries\",\"for\":\"5m\"}}");
        awaitFiring("CallFailures");
        gateway.fault(CLEAR);

        gateway.fault("{\"clock_skew_seconds\":-30}");
        awaitFiring("FeedLate");
        gateway.fault("{\"clock_skew_seconds\":0}");

        gateway.fault("{\"latency_ms\":{\"value\":2300,\"for\":\"5m\",\"on\":\"queries\"}}");
        try (var batches = new Batches(gateway, 4)) {
            awaitFiring("SlowCalls");
            awaitFiring("SlowAnswers");
            awaitFiring("NearlyFull");
            awaitFiring("BudgetTimeouts");
            gateway.fault(CLEAR);
            Await.until(LIMIT, "a call is answered", () -> batches.answered() > 0);
        }

        awaitFiring("RegistrationsFull");
        refusedClients(gateway);
        awaitFiring("StreamClientsRefused");
        for (int i = 0; i < 30; i++) {
            assertThat(gateway.send("GET", "/v1/quotes/005930", "", "X-API-Key", "kgw_unknown_" + i)
                            .statusCode())
                    .isIn(401, 429);
        }
        awaitFiring("AccessRefused");
        collectUntilItIsNoticed();

        gateway.fault("{\"linger_seconds\":50,\"drop_sockets\":true}");
        awaitFiring("FeedDown");
        awaitFiring("SessionTaken");
        gateway.fault(CLEAR);
        // The pauses between attempts to connect pass at once.
        gateway.jump(Duration.ofSeconds(120));
        awaitFiring("FeedGaps");
    }

    /** Collects a third of the time, on machines of any speed; between two pauses a scrape has to be answered. */
    private void collectUntilItIsNoticed() throws InterruptedException {
        var enough = new CountDownLatch(1);
        var collector = Thread.ofPlatform().name("collector").start(() -> {
            try {
                long pause;
                do {
                    long begin = System.nanoTime();
                    System.gc();
                    pause = System.nanoTime() - begin;
                } while (!enough.await(2 * pause, TimeUnit.NANOSECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            awaitFiring("LongCollections");
        } finally {
            enough.countDown();
            collector.join();
        }
    }

    private GatewayFixture start(String diskLow) {
        return GatewayFixture.start(
                folder.resolve("gateway"),
                Map.of(
                        "GATEWAY_PORT",
                        Integer.toString(port),
                        "JOURNAL_DISK_LOW",
                        diskLow,
                        "KIS_API_CIRCUIT_BREAKER_TIMEOUT",
                        "1s"));
    }

    private boolean isFiring(String rule) {
        return prometheus.firing().contains(rule);
    }

    private void awaitFiring(String rule) {
        Await.until(LIMIT, rule + " fires", () -> isFiring(rule));
        fired.add(rule);
    }

    private void awaitNothingFires() {
        var firing = new TreeSet<String>();
        try {
            Await.until(Duration.ofSeconds(60), "no rule fires", () -> {
                firing.clear();
                firing.addAll(prometheus.firing());
                return firing.isEmpty();
            });
        } catch (AssertionError e) {
            throw new AssertionError("still firing: " + firing, e);
        }
    }

    private void eachPanelHasValues() throws IOException {
        var empty = new ArrayList<String>();
        int panels = 0;
        try (var files = Files.list(DASHBOARDS)) {
            for (var file : files.sorted().toList()) {
                var dashboard = new JsonMapper().readTree(Files.readString(file));
                for (var panel : dashboard.path("panels")) {
                    panels++;
                    for (var target : panel.path("targets")) {
                        if (!prometheus.hasValue(target.path("expr").asString(""))) {
                            empty.add(file.getFileName() + " "
                                    + panel.path("title").asString("") + ": "
                                    + target.path("expr").asString(""));
                        }
                    }
                }
            }
        }
        assertThat(panels).isGreaterThan(50);
        assertThat(prometheus.hasValue("rate(kis_gateway_no_such_meter_total[5m])"))
                .isFalse();
        assertThat(empty).isEmpty();
    }

    /** One program opens more streams than its key may have. */
    private static void refusedClients(GatewayFixture gateway) throws Exception {
        var made = gateway.tree(gateway.operate("POST", "/v1/keys", "{\"name\":\"many\",\"role\":\"quote\"}"));
        var key = made.path("key").asString("");
        assertThat(key).as(made.toString()).isNotEmpty();
        var refused = new AtomicInteger();
        // The library closes sockets that nothing refers to.
        var open = new ArrayList<WebSocket>();
        try (var client = HttpClient.newHttpClient()) {
            for (int i = 0; i < 202; i++) {
                try {
                    open.add(client.newWebSocketBuilder()
                            .header("X-API-Key", key)
                            .buildAsync(stream(gateway), new WebSocket.Listener() {})
                            .get(20, TimeUnit.SECONDS));
                } catch (java.util.concurrent.ExecutionException e) {
                    refused.incrementAndGet();
                }
            }
            client.shutdownNow();
        }
        assertThat(refused.get()).isPositive();
        assertThat(open).hasSizeGreaterThan(100);
    }

    private static URI stream(GatewayFixture gateway) {
        return URI.create(gateway.gateway().baseUri().toString().replace("http:", "ws:") + "/v1/stream");
    }

    /** Programs that order, request quotes and subscribe to more symbols than there are registrations. */
    private static final class Programs implements AutoCloseable {
        private static final String SYMBOLS = "\"005930\",\"000660\",\"035420\",\"051910\",\"005380\",\"068270\"";

        private final CountDownLatch closed = new CountDownLatch(1);
        private final HttpClient client = HttpClient.newHttpClient();
        private final Thread thread;

        Programs(GatewayFixture gateway) throws Exception {
            var listed = gateway.json("/v1/instruments?limit=60&market=kr")
                    .path("instruments")
                    .valueStream()
                    .map(it -> "\"" + it.path("symbol").asString("") + "\"")
                    .toList();
            var socket = client.newWebSocketBuilder()
                    .buildAsync(stream(gateway), new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                            from.request(1);
                            return java.util.concurrent.CompletableFuture.completedFuture(null);
                        }
                    })
                    .get(20, TimeUnit.SECONDS);
            socket.sendText(
                            "{\"op\":\"subscribe\",\"channels\":[\"trades\",\"quotes\"],\"symbols\":[" + SYMBOLS + ","
                                    + String.join(",", listed) + "]}",
                            true)
                    .get(20, TimeUnit.SECONDS);
            thread = Thread.ofVirtual().name("programs").start(() -> trade(gateway));
        }

        private void trade(GatewayFixture gateway) {
            try {
                for (int i = 0; !closed.await(150, TimeUnit.MILLISECONDS); i++) {
                    gateway.buy("program-" + i);
                    gateway.get("/v1/quotes/" + (i % 2 == 0 ? "AAPL.NASD" : "005930"));
                    gateway.get("/v1/orderbooks/000660");
                    gateway.get("/v1/balances?account_id=A1");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        boolean isAlive() {
            return thread.isAlive();
        }

        @Override
        public void close() {
            closed.countDown();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            client.shutdownNow();
            client.close();
        }
    }

    /** Batches and single quotes that take all slots. */
    private static final class Batches implements AutoCloseable {
        private final List<Thread> threads = new ArrayList<>();
        private final AtomicInteger answered = new AtomicInteger();
        private final CountDownLatch closed = new CountDownLatch(1);

        Batches(GatewayFixture gateway, int count) {
            var symbols = gateway.json("/v1/instruments?limit=1000&market=kr")
                    .path("instruments")
                    .valueStream()
                    .map(it -> it.path("symbol").asString(""))
                    .toList();
            var body = "{\"symbols\":[\"" + String.join("\",\"", symbols.subList(100, symbols.size())) + "\"]}";
            for (int i = 0; i < count; i++) {
                var some = String.join(",", symbols.subList(200 + 100 * i, 300 + 100 * i));
                repeat(() -> gateway.send("POST", "/v1/quotes/batch", body));
                repeat(() -> gateway.get("/v1/quotes?symbols=" + some));
            }
        }

        private void repeat(Supplier<HttpResponse<String>> call) {
            threads.add(Thread.ofVirtual().start(() -> {
                while (closed.getCount() > 0) {
                    if (call.get().statusCode() == 200) {
                        answered.incrementAndGet();
                    }
                }
            }));
        }

        int answered() {
            return answered.get();
        }

        @Override
        public void close() {
            closed.countDown();
            threads.forEach(thread -> {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }
}
