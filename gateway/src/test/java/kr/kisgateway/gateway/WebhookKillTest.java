package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** A gateway as a process of its own that is killed (SIGKILL) while it handles an alert; the service repeats the alert. */
@Tag("slow")
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
    private GatewayProcess process;

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
        process = new GatewayProcess(http, folder, tap.address(), Map.of("GATEWAY_WEBHOOKS", "true"));
    }

    @AfterEach
    void stop() throws Exception {
        process.kill();
        tap.close();
        simulator.close();
        http.close();
    }

    private static String alert(String id) {
        return "{\"ticker\":\"KRX:005930\",\"id\":\"" + id + "\",\"time\":\"" + Instant.now() + "\"}";
    }

    /** Repeats the alert until it is answered as every alert of its id is. */
    private HttpResponse<String> repeat(String path, String alert) {
        var last = new AtomicReference<HttpResponse<String>>();
        Await.until("the repeated alert is accepted", () -> {
            try {
                last.set(http.send(process.post(path, alert), BodyHandlers.ofString()));
                return last.get().statusCode() == 200;
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        return last.get();
    }

    @Test
    void an_alert_repeated_after_a_kill_is_no_second_order() throws Exception {
        String path = mapper.readTree(http.send(process.post("/v1/webhooks", """
                        {"name":"tv","key":"bot","replay_window_sec":600,"id":"{/id}","time":"{/time}",
                         "order":{"account_id":"A1","symbol":"{/ticker}","side":"BUY","qty":"1","order_type":"MARKET"}}"""), BodyHandlers.ofString())
                        .body())
                .path("path")
                .asString("");
        assertThat(path).isNotEmpty();

        // Killed while the broker receives the order.
        onOrder.set(process::destroy);
        String first = alert("1");
        CompletableFuture<HttpResponse<String>> sent =
                http.sendAsync(process.post(path, first), BodyHandlers.ofString());
        process.awaitEnd();
        sent.handle((_, _) -> true).get(30, TimeUnit.SECONDS); // answered or not
        onOrder.set(() -> {});
        process.start();
        assertThat(repeat(path, first).headers().firstValue("Idempotent-Replay"))
                .hasValue("true");
        assertThat(ordersAtBroker).hasValue(1);
        assertThat(process.get("/v1/orders").path("orders")).hasSize(1);

        // Killed as soon as the alert is on its way.
        String second = alert("2");
        sent = http.sendAsync(process.post(path, second), BodyHandlers.ofString());
        process.kill();
        sent.handle((_, _) -> true).get(30, TimeUnit.SECONDS);
        process.start();
        repeat(path, second);
        repeat(path, second);
        repeat(path, first);
        assertThat(process.get("/v1/orders").path("orders")).hasSize(2);
        assertThat(ordersAtBroker.get()).isLessThanOrEqualTo(2);
    }
}
