package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * US and Korean orders of a gateway that is killed (SIGKILL) at any moment: each key is one order at the broker at most, and
 * what the broker has is what the gateway follows.
 */
@Tag("slow")
class UsOrdersKillTest {
    private static final String TOKEN = "operator-of-the-killed-gateway-0001";
    private static final String LIST = "/uapi/overseas-stock/v1/trading/inquire-ccnl";

    private final HttpClient http = HttpClient.newHttpClient();
    private KisSimulator simulator;
    private GatewayProcess process;
    private FaceClient broker;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new OpenCalendar(), InstantSource.system())
                .withRates(5_000, 5_000)
                .withSynchronous("OFF"));
        process = new GatewayProcess(
                http,
                folder,
                simulator.restBase(),
                Map.of(
                        "KIS_APP_KEY", "PSKILLED000000000000000000000000001A",
                        "KIS_APP_SECRET", "k".repeat(180),
                        "KIS_ACCOUNT_NO", "50004321-01",
                        "KIS_HTS_ID", "killed01",
                        "GATEWAY_OPERATOR_TOKEN", TOKEN,
                        "RISK_REFUSE_SELF_CROSS", "false"));
        broker = new FaceClient(
                http,
                simulator.restBase(),
                "PSLOOKER0000000000000000000000000001",
                "l".repeat(180),
                "50004321",
                "01",
                "killed01");
        assertThat(broker.login().statusCode()).isEqualTo(200);
    }

    @AfterEach
    void stop() throws Exception {
        process.kill();
        simulator.close();
        http.close();
    }

    @Test
    void no_kill_loses_or_doubles_an_order() throws Exception {
        play(3, 20_261_123);
    }

    @Test
    @Tag("long")
    void no_kill_of_a_hundred_loses_or_doubles_an_order() throws Exception {
        play(100, 20_261_124);
    }

    private void play(int kills, long seed) throws Exception {
        var random = new Random(seed);
        Map<String, String> bodies = new HashMap<>();
        for (int round = 0; round < kills; round++) {
            var sent = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            for (int i = 0; i < 6; i++) {
                String key = "r" + round + "-" + i;
                // No two are equal: an order in doubt is then one row at most.
                bodies.put(key, body(random, bodies.size() + 1));
                sent.add(http.sendAsync(order(key, bodies.get(key)), BodyHandlers.ofString()));
            }
            TimeUnit.MILLISECONDS.sleep(random.nextInt(400));
            process.kill();
            sent.forEach(UsOrdersKillTest::awaitEnd);
            process.start();
            Await.until("no order is in doubt", () -> {
                orders("status=unknown").forEach(this::decide);
                return orders("status=unknown").isEmpty();
            });
        }
        Map<String, String> ids = new HashMap<>();
        bodies.forEach((key, body) -> {
            // The program repeats what it got no answer to, also while a list is being read after the start.
            var answer = new AtomicReference<JsonNode>();
            Await.until("the repeated order is accepted", () -> {
                answer.set(FaceClient.tree(send(order(key, body))));
                return !answer.get().path("retryable").asBoolean(false);
            });
            assertThat(answer.get().path("status").asString()).as("%s", answer).isEqualTo("ACCEPTED");
            ids.put(key, answer.get().path("order_id").asString());
        });
        Await.until(
                "nothing is being sent",
                () -> orders("status=open").stream()
                        .allMatch(order -> List.of("SENT", "PARTIAL_FILLED")
                                .contains(order.path("status").asString())));
        var own = ids.values().stream().map(this::order).toList();
        assertThat(own.stream().filter(order -> order.path("external").asBoolean()))
                .isEmpty();
        assertThat(orders("account_id=A1")).as("none was placed elsewhere").hasSize(own.size());

        Map<BigDecimal, Long> atBroker = new HashMap<>();
        for (JsonNode row : usRows()) {
            var price = new BigDecimal(row.path("ft_ord_unpr3").asString()).stripTrailingZeros();
            assertThat(atBroker.put(price, row.path("ft_ccld_qty").asLong()))
                    .as("a second order at %s", price)
                    .isNull();
        }
        var us = own.stream()
                .filter(order -> order.path("symbol").asString().endsWith(".NASD"))
                .toList();
        Map<BigDecimal, Long> followed = new HashMap<>();
        us.stream()
                .filter(order -> !order.path("kis_order_nos").isEmpty())
                .forEach(order -> followed.put(
                        order.path("price").decimalValue().stripTrailingZeros(),
                        order.path("filled_qty").asLong()));
        assertThat(followed).isEqualTo(atBroker);
        assertThat(us).isNotEmpty();
        assertThat(own.size()).isGreaterThan(us.size());
    }

    /** As an operator: what the list that was read last does not have never arrived. */
    private void decide(JsonNode order) {
        boolean absent = order.path("reason").asString("").contains("does not list it")
                && order(order.path("order_id").asString()).path("candidates").isEmpty();
        if (absent) {
            var request = HttpRequest.newBuilder(process.base()
                            .resolve("/v1/orders/" + order.path("order_id").asString() + "/resolve"))
                    .header("Content-Type", "application/json")
                    .header("X-Operator-Token", TOKEN)
                    .POST(BodyPublishers.ofString("{\"decision\":\"NOT_AT_BROKER\"}"))
                    .build();
            assertThat(send(request).statusCode()).isIn(200, 400, 409); // it may have been found meanwhile
        }
    }

    private static void awaitEnd(CompletableFuture<HttpResponse<String>> sent) {
        try {
            sent.join();
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(IOException.class);
        }
    }

    private static String body(Random random, int number) {
        BigDecimal dollars = BigDecimal.valueOf(random.nextBoolean() ? 20_000 : 33_000)
                .add(BigDecimal.valueOf(number))
                .movePointLeft(2);
        return "{\"account_id\":\"A1\",\"side\":\"BUY\",\"symbol\":"
                + (random.nextInt(3) == 0
                        ? "\"005930\",\"price\":" + (150_000 + 100 * (number / 7)) + ",\"qty\":" + (1 + number % 7)
                        : "\"AAPL.NASD\",\"qty\":2,\"price\":" + dollars)
                + "}";
    }

    private HttpRequest order(String key, String body) {
        return HttpRequest.newBuilder(process.base().resolve("/v1/orders"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private JsonNode order(String id) {
        return get("/v1/orders/" + id);
    }

    private JsonNode get(String path) {
        try {
            return process.get(path);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private List<JsonNode> orders(String query) {
        return get("/v1/orders?limit=1000&" + query)
                .path("orders")
                .valueStream()
                .toList();
    }

    /** The orders of the broker's own list. */
    private List<JsonNode> usRows() {
        var query = broker.account();
        query.putAll(Map.ofEntries(
                Map.entry("PDNO", "%"),
                Map.entry("ORD_STRT_DT", "20260101"),
                Map.entry("ORD_END_DT", "20991231"),
                Map.entry("SLL_BUY_DVSN", "00"),
                Map.entry("CCLD_NCCS_DVSN", "00"),
                Map.entry("OVRS_EXCG_CD", "%"),
                Map.entry("SORT_SQN", "DS"),
                Map.entry("ORD_DT", ""),
                Map.entry("ORD_GNO_BRNO", ""),
                Map.entry("ODNO", ""),
                Map.entry("CTX_AREA_FK200", ""),
                Map.entry("CTX_AREA_NK200", "")));
        var rows = new ArrayList<JsonNode>();
        var headers = broker.headers("TTTS3035R");
        while (true) {
            var answer = broker.get(LIST, headers, query);
            var body = FaceClient.tree(answer);
            body.path("output").forEach(rows::add);
            if (!"M".equals(answer.headers().firstValue("tr_cont").orElse("").replace("F", "M"))) {
                return rows;
            }
            headers.put("tr_cont", "N");
            query.put("CTX_AREA_FK200", body.path("ctx_area_fk200").asString(""));
            query.put("CTX_AREA_NK200", body.path("ctx_area_nk200").asString(""));
        }
    }
}
