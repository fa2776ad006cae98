package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 * Scheduled orders of a gateway that is killed (SIGKILL) while they become due: each reaches the broker once, or not at all and says
 * so.
 */
@Tag("slow")
class ScheduledKillTest {
    private static final String ORDER_CALL = "POST /uapi/domestic-stock/v1/trading/order-cash";
    private static final Pattern QTY = Pattern.compile("\"ORD_QTY\":\"([0-9]+)\"");
    private static final int PARENTS_A_ROUND = 6;

    private final HttpClient http = HttpClient.newHttpClient();
    /** How often the broker received an order, by its quantity: no two have the same. */
    private final Map<Integer, Integer> received = new ConcurrentHashMap<>();

    private KisSimulator simulator;
    private BrokerTap tap;
    private GatewayProcess process;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new OpenCalendar(), InstantSource.system())
                .withRates(5_000, 5_000)
                .withSynchronous("OFF"));
        tap = new BrokerTap(
                simulator.restBase(),
                request -> {
                    if (request.contains(ORDER_CALL)) {
                        Matcher qty = QTY.matcher(request);
                        assertThat(qty.find()).as(request).isTrue();
                        received.merge(Integer.parseInt(qty.group(1)), 1, Integer::sum);
                    }
                    return request;
                },
                answer -> answer);
        process = new GatewayProcess(http, folder, tap.address(), Map.of("RISK_MAX_QTY", "100000"));
    }

    @AfterEach
    void stop() throws Exception {
        process.kill();
        tap.close();
        simulator.close();
        http.close();
    }

    @Test
    void no_kill_doubles_or_forgets_a_scheduled_order() throws Exception {
        play(3, 20_261_123);
    }

    @Test
    @Tag("long")
    void no_kill_of_a_hundred_doubles_or_forgets_a_scheduled_order() throws Exception {
        play(100, 20_261_124);
    }

    private void play(int kills, long seed) throws Exception {
        var random = new Random(seed);
        Map<String, String> bodies = new HashMap<>();
        for (int round = 0; round < kills; round++) {
            var sent = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            for (int i = 0; i < PARENTS_A_ROUND; i++) {
                String key = "r" + round + "-" + i;
                bodies.put(key, body(random, bodies.size() + 1));
                sent.add(http.sendAsync(request(key, bodies.get(key)), BodyHandlers.ofString()));
            }
            TimeUnit.MILLISECONDS.sleep(300 + random.nextInt(900));
            process.kill();
            sent.forEach(ScheduledKillTest::awaitEnd);
            process.start();
        }
        Map<String, String> ids = new HashMap<>();
        for (var entry : bodies.entrySet()) {
            // The program repeats what it got no answer to; one whose time has passed by then is refused.
            var answer = http.send(request(entry.getKey(), entry.getValue()), BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                ids.put(
                        entry.getKey(),
                        FaceClient.tree(answer).path("parent_id").asString());
            } else {
                assertThat(answer.body()).contains("must be in the future");
            }
        }
        // A kill between the record of a send and its first byte leaves an order that only an operator can settle.
        Await.until("every parent order has ended, or its order is in doubt and never reached the broker", () -> {
            for (JsonNode parent : parents("open")) {
                if (received.containsKey(parent.at("/order/qty").asInt()) || !isInDoubt(parent)) {
                    return false;
                }
            }
            return true;
        });
        int inDoubt = parents("open").size();
        List<JsonNode> ended = parents("ended");
        assertThat(ended).hasSize(ids.size() - inDoubt);
        int placed = 0;
        for (JsonNode parent : ended) {
            int qty = parent.at("/order/qty").asInt();
            int times = received.getOrDefault(qty, 0);
            assertThat(times).as("%s", parent).isLessThanOrEqualTo(1);
            if (parent.path("status").asString("").equals("COMPLETED")) {
                JsonNode order =
                        process.get("/v1/orders/" + parent.path("order_id").asString(""));
                assertThat(order.path("qty").asInt()).isEqualTo(qty);
                assertThat(order.path("status").asString("").equals("FILLED"))
                        .as("%s", order)
                        .isEqualTo(times == 1);
                placed += times;
            } else {
                assertThat(parent.path("status").asString("")).as("%s", parent).isEqualTo("MISSED");
                assertThat(times).as("%s", parent).isZero();
            }
        }
        assertThat(placed).as("orders that reached the broker").isPositive();
        assertThat(received.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(placed);
        assertThat(process.get("/v1/orders?limit=1000").path("orders").size())
                .as("no order without a parent order")
                .isLessThanOrEqualTo(ended.size() + inDoubt);
    }

    private boolean isInDoubt(JsonNode parent) throws IOException, InterruptedException {
        return parent.has("order_id")
                && process.get("/v1/orders/" + parent.path("order_id").asString(""))
                        .path("status")
                        .asString("")
                        .equals("UNKNOWN");
    }

    /**
     * Due within a second; until up to eight seconds later, which is sometimes less than a start takes. Every fourth is due later, so that
     * some are placed however slow the machine is.
     */
    private static String body(Random random, int qty) {
        boolean isLate = qty % 4 == 0;
        Instant at = Instant.now().plusMillis(isLate ? 40_000 : 400 + random.nextInt(900));
        Instant until = isLate ? at.plusSeconds(120) : at.plusMillis(200 + random.nextInt(8_000));
        return "{\"at\":\"" + at + "\",\"until\":\"" + until
                + "\",\"order\":{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":" + qty + "}}";
    }

    private HttpRequest request(String key, String body) {
        return HttpRequest.newBuilder(process.post("/v1/parents", body), (_, _) -> true)
                .header("Idempotency-Key", key)
                .build();
    }

    private static void awaitEnd(CompletableFuture<HttpResponse<String>> sent) {
        try {
            sent.join();
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(IOException.class);
        }
    }

    private List<JsonNode> parents(String status) throws IOException, InterruptedException {
        var parents = new ArrayList<JsonNode>();
        String cursor = "";
        do {
            JsonNode page = process.get("/v1/parents?limit=200&status=" + status + cursor);
            page.path("parents").forEach(parents::add);
            String next = page.path("next_cursor").asString("");
            cursor = next.isEmpty() ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());
        return parents;
    }
}
