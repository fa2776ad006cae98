package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A gateway as a process of its own that is killed (SIGKILL) while it handles an alert; the service repeats the alert. */
class WebhookKillTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String ORDER_CALL = "POST /uapi/domestic-stock/v1/trading/order-cash";

    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper mapper = new JsonMapper();
    private final AtomicInteger ordersAtBroker = new AtomicInteger();
    /** What happens when an order reaches the broker, before the broker reads it. */
    private final AtomicReference<Runnable> onOrder = new AtomicReference<>(() -> {});

    private Path folder;
    private KisSimulator simulator;
    private BrokerTap tap;
    private URI base;
    private Process process;

    @BeforeEach
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new OpenCalendar(), InstantSource.system())
                .withRates(5_000, 5_000)
                .withSynchronous("OFF"));
        tap = new BrokerTap(
                simulator.restBase(),
                request -> {
                    if (request.contains(ORDER_CALL)) {
                        ordersAtBroker.incrementAndGet();
                        onOrder.get().run();
                    }
                    return request;
                },
                answer -> answer);
        KeyCommands.printed(folder, new java.util.ArrayList<>(List.of("create", "bot", "--role", "trade")));
        base = URI.create("http://127.0.0.1:" + freePort());
        process = launch();
    }

    @AfterEach
    void stop() throws Exception {
        kill();
        tap.close();
        simulator.close();
        http.close();
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private Process launch() throws Exception {
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:-UsePerfData",
                        "-XX:TieredStopAtLevel=1",
                        "-Duser.home=" + folder.resolve("home"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "run",
                        "--port=" + base.getPort())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("out").toFile()));
        builder.environment().keySet().removeIf(name -> name.matches("(KIS|GATEWAY|SIMULATOR|JOURNAL|RISK)_.*"));
        builder.environment()
                .putAll(Map.of(
                        "HOME",
                        folder.resolve("home").toString(),
                        "KIS_ENV",
                        "sim",
                        "SIMULATOR_URL",
                        tap.address().toString(),
                        "SIMULATOR_RATE_LIMIT",
                        "5000",
                        "SIMULATOR_CLOCK",
                        "open",
                        "GATEWAY_WEBHOOKS",
                        "true",
                        "KIS_FACE",
                        "false",
                        "KIS_WS_SYMBOLS",
                        "",
                        "KIS_WS_MARKET_STATUS",
                        "false"));
        var started = builder.start();
        awaitReady(started);
        return started;
    }

    private void awaitReady(Process started) {
        Await.until("the gateway can trade; its output: " + folder.resolve("out"), () -> {
            assertThat(started.isAlive()).as(output()).isTrue();
            try {
                return get("/v1/session/live-readiness").path("can_trade").asBoolean(false);
            } catch (IOException | InterruptedException e) {
                return false;
            }
        });
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("out"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(base.resolve(path)).timeout(LIMIT).build();
        return mapper.readTree(http.send(request, BodyHandlers.ofString()).body());
    }

    private HttpRequest post(String path, String body) {
        return HttpRequest.newBuilder(base.resolve(path))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private static String alert(String id) {
        return "{\"ticker\":\"KRX:005930\",\"id\":\"" + id + "\",\"time\":\"" + Instant.now() + "\"}";
    }

    /** Repeats the alert until it is answered as every alert of its id is. */
    private HttpResponse<String> repeat(String path, String alert) {
        var last = new AtomicReference<HttpResponse<String>>();
        Await.until("the repeated alert is accepted", () -> {
            try {
                last.set(http.send(post(path, alert), BodyHandlers.ofString()));
                return last.get().statusCode() == 200;
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        return last.get();
    }

    @Test
    void an_alert_repeated_after_a_kill_is_no_second_order() throws Exception {
        String path = mapper.readTree(http.send(post("/v1/webhooks", """
                        {"name":"tv","key":"bot","replay_window_sec":600,"id":"{/id}","time":"{/time}",
                         "order":{"account_id":"A1","symbol":"{/ticker}","side":"BUY","qty":"1","order_type":"MARKET"}}"""), BodyHandlers.ofString())
                        .body())
                .path("path")
                .asString("");
        assertThat(path).isNotEmpty();

        // Killed while the broker receives the order.
        onOrder.set(() -> process.destroyForcibly());
        String first = alert("1");
        CompletableFuture<HttpResponse<String>> sent = http.sendAsync(post(path, first), BodyHandlers.ofString());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        sent.handle((_, _) -> true).get(30, TimeUnit.SECONDS); // answered or not
        onOrder.set(() -> {});
        process = launch();
        assertThat(repeat(path, first).headers().firstValue("Idempotent-Replay"))
                .hasValue("true");
        assertThat(ordersAtBroker).hasValue(1);
        assertThat(get("/v1/orders").path("orders")).hasSize(1);

        // Killed as soon as the alert is on its way.
        String second = alert("2");
        sent = http.sendAsync(post(path, second), BodyHandlers.ofString());
        kill();
        sent.handle((_, _) -> true).get(30, TimeUnit.SECONDS);
        process = launch();
        repeat(path, second);
        repeat(path, second);
        repeat(path, first);
        assertThat(get("/v1/orders").path("orders")).hasSize(2);
        assertThat(ordersAtBroker.get()).isLessThanOrEqualTo(2);
    }
}
