package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
 * Equal orders, in cash, on credit and of three accounts, of a gateway that is killed (SIGKILL) at any moment: each key is one order at
 * the broker at most, and each order is followed under the number of its account whose row has its loan date.
 */
@Tag("slow")
class EqualOrdersKillTest {
    private static final String TOKEN = "operator-of-the-killed-gateway-0001";
    private static final String LIST = "/uapi/domestic-stock/v1/trading/inquire-daily-ccld";
    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;

    private final HttpClient http = HttpClient.newHttpClient();
    private KisSimulator simulator;
    private GatewayProcess process;
    private final Map<String, FaceClient> brokers = new LinkedHashMap<>();

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new OpenCalendar(), InstantSource.system())
                .withRates(5_000, 5_000)
                .withSynchronous("OFF"));
        Files.writeString(folder.resolve("gateway.yaml"), """
                kis:
                  app-keys:
                    - id: K2
                  accounts:
                    - alias: PENSION
                      number: "50004321-22"
                    - alias: SECOND
                      number: "60004321-01"
                      app-key: K2
                """);
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
                        "KIS_CREDIT", "true",
                        "RISK_REFUSE_SELF_CROSS", "false"));
        look("A1", "50004321", "01");
        look("PENSION", "50004321", "22");
        look("SECOND", "60004321", "01");
    }

    /** An app key that only reads the account. */
    private void look(String alias, String cano, String product) {
        var client = new FaceClient(
                http,
                simulator.restBase(),
                "PSLOOKER000000000000000000000000000" + brokers.size(),
                "l".repeat(180),
                cano,
                product,
                "killed01");
        assertThat(client.login().statusCode()).isEqualTo(200);
        brokers.put(alias, client);
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
            for (int i = 0; i < 8; i++) {
                String key = "r" + round + "-" + i;
                // Each quantity and price four times: in cash and on credit, and in cash of two more accounts.
                bodies.put(key, body(bodies.size() / 4 + 1, bodies.size() % 4));
                sent.add(http.sendAsync(order(key, bodies.get(key)), BodyHandlers.ofString()));
            }
            TimeUnit.MILLISECONDS.sleep(random.nextInt(400));
            process.kill();
            sent.forEach(EqualOrdersKillTest::awaitEnd);
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
        assertThat(brokers.keySet().stream()
                        .mapToInt(account -> orders("account_id=" + account).size())
                        .sum())
                .as("none was placed elsewhere")
                .isEqualTo(own.size());
        int compared = 0;
        for (String account : brokers.keySet()) {
            compared += compare(
                    account,
                    own.stream()
                            .filter(order -> order.path("account_id").asString().equals(account))
                            .toList());
        }
        // Of one account there may be none: on a busy machine a few kills can all come before its first order was sent.
        assertThat(compared).isPositive();
    }

    /** Compares the gateway's orders of an account with the broker's list of it; returns their number. */
    private int compare(String account, List<JsonNode> own) {
        Map<String, String> atBroker = new HashMap<>();
        for (JsonNode row : rows(brokers.get(account))) {
            assertThat(atBroker.put(
                            row.path("odno").asString(),
                            row.path("ord_qty").asString() + " "
                                    + row.path("ord_unpr").asString() + " "
                                    + row.path("loan_dt").asString()))
                    .isNull();
        }
        assertThat(atBroker.values()).as("no order is there twice").doesNotHaveDuplicates();
        Map<String, String> followed = new HashMap<>();
        own.stream()
                .filter(order -> !order.path("kis_order_nos").isEmpty())
                .forEach(order -> followed.put(
                        order.path("kis_order_no").asString(),
                        order.path("qty").asLong() + " "
                                + order.path("price").asLong() + " "
                                + order.path("credit")
                                        .path("loan_date")
                                        .asString("")
                                        .replace("-", "")));
        assertThat(followed).as("%s", account).isEqualTo(atBroker);
        return followed.size();
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

    private static String body(int number, int sort) {
        return "{\"account_id\":\"" + List.of("A1", "A1", "PENSION", "SECOND").get(sort)
                + "\",\"side\":\"BUY\",\"symbol\":\"005930\",\"price\":"
                + (150_000 + 100 * (number / 7)) + ",\"qty\":" + (1 + number % 7)
                + (sort == 1 ? ",\"credit\":{\"type\":\"SELF_LOAN_OPEN\"}" : "")
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
    private List<JsonNode> rows(FaceClient broker) {
        String today = DAY.format(LocalDate.now(ZoneId.of("Asia/Seoul")));
        var query = broker.account();
        query.putAll(Map.of("INQR_STRT_DT", today, "INQR_END_DT", today, "SLL_BUY_DVSN_CD", "00", "PDNO", ""));
        query.putAll(Map.of("ORD_GNO_BRNO", "", "ODNO", "", "CCLD_DVSN", "00", "INQR_DVSN", "01", "INQR_DVSN_1", ""));
        query.putAll(Map.of("INQR_DVSN_3", "00", "EXCG_ID_DVSN_CD", "ALL", "CTX_AREA_FK100", "", "CTX_AREA_NK100", ""));
        var rows = new ArrayList<JsonNode>();
        var headers = broker.headers("TTTC0081R");
        while (true) {
            var answer = broker.get(LIST, headers, query);
            var body = FaceClient.tree(answer);
            body.path("output1").forEach(rows::add);
            if (!"M".equals(answer.headers().firstValue("tr_cont").orElse("").replace("F", "M"))) {
                return rows;
            }
            headers.put("tr_cont", "N");
            query.put("CTX_AREA_FK100", body.path("ctx_area_fk100").asString(""));
            query.put("CTX_AREA_NK100", body.path("ctx_area_nk100").asString(""));
        }
    }
}
