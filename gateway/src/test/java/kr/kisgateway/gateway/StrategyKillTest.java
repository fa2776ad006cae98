package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
 * {@code kill -9} with brackets, pairs, trailing stops and baskets open in a moving market: none is lost or doubled, no order is
 * without a parent, no exit sells more than its entry bought, and each line of a basket is one order of its first quantity.
 */
@Tag("slow")
class StrategyKillTest {
    private static final String SYMBOL = "005930";
    private static final int FALL_EVERY = 50;
    private static final long STEP = 1_000;
    private static final int PARENTS_A_ROUND = 4;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> bodies = new HashMap<>();
    private final Map<String, String> ids = new HashMap<>();
    private KisSimulator simulator;
    private GatewayProcess process;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new OpenCalendar(), InstantSource.system())
                .withRates(5_000, 5_000)
                .withSynchronous("OFF"));
        process = new GatewayProcess(http, folder, simulator.restBase(), Map.of("RISK_MAX_QTY", "100000"));
    }

    @AfterEach
    void stop() throws Exception {
        process.kill();
        simulator.close();
        http.close();
    }

    @Test
    void no_kill_loses_doubles_or_orphans_an_order_of_a_bracket() throws Exception {
        play(3, 20_261_125);
    }

    @Test
    @Tag("long")
    void no_kill_of_two_hundred_loses_doubles_or_orphans_an_order_of_a_bracket() throws Exception {
        play(200, 20_261_126);
    }

    private void play(int kills, long seed) throws Exception {
        var random = new Random(seed);
        long center = price();
        for (int round = 0; round < kills; round++) {
            var sent = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            for (int i = 0; i < PARENTS_A_ROUND; i++) {
                String key = "r" + round + "-" + i;
                bodies.put(key, i == 0 ? basket(random, price()) : body(random, price()));
                sent.add(http.sendAsync(create(key), BodyHandlers.ofString()));
            }
            TimeUnit.MILLISECONDS.sleep(200 + random.nextInt(800));
            move(center + (random.nextInt(13) - 6) * STEP);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(800));
            sent.addAll(changeSome(round));
            process.kill();
            sent.forEach(StrategyKillTest::awaitEnd);
            if (random.nextBoolean()) {
                move(center + (random.nextInt(13) - 6) * STEP);
            }
            process.start();
            settleSome(random);
        }
        repeatAll();
        // A fall that reaches every stop, and a decision about each that was reached in an absence. It comes again and
        // again: a
        // stop that follows the price begins to do so when its entry is filled, which may be after the first.
        var turn = new AtomicInteger();
        Await.until(Duration.ofSeconds(120), "every parent order has ended", () -> {
            int now = turn.getAndIncrement() % FALL_EVERY;
            if (now == 0) {
                move(center - 25 * STEP);
            } else if (now == FALL_EVERY - 1) {
                move(center);
            }
            settleSome(new Random(0));
            return parents("open").isEmpty();
        });
        check();
    }

    /** A pair or a bracket around the price, some with a stop that follows it. */
    private static String body(Random random, long price) {
        int qty = 1 + random.nextInt(5);
        long near = price / STEP * STEP;
        String stop = random.nextInt(3) == 0
                ? "{\"trail\":{\"amount\":" + (2 + random.nextInt(4)) * STEP + "}}"
                : "{\"price\":" + (near - (3 + random.nextInt(6)) * STEP) + "}";
        String profit = random.nextInt(4) == 0
                ? ""
                : ",\"take_profit\":{\"price\":" + (near + (3 + random.nextInt(6)) * STEP) + "}";
        return "{\"kind\":\"BRACKET\",\"order\":{\"account_id\":\"A1\",\"symbol\":\"" + SYMBOL
                + "\",\"side\":\"BUY\",\"qty\":" + qty + "}" + profit + ",\"stop\":" + stop + "}";
    }

    /** Buys at market and below it, of shares, amounts and weights; the last fall fills what rests. */
    private static String basket(Random random, long price) {
        var lines = new ArrayList<String>();
        for (int i = 2 + random.nextInt(3); i > 0; i--) {
            String size = switch (random.nextInt(3)) {
                case 0 -> "\"qty\":" + (1 + random.nextInt(3));
                case 1 -> "\"amount\":" + price * (2 + random.nextInt(3));
                default -> "\"weight\":" + (15 + random.nextInt(10));
            };
            String limit =
                    random.nextInt(3) == 0 ? "" : ",\"price\":" + (price / STEP * STEP - random.nextInt(6) * STEP);
            lines.add("{\"symbol\":\"" + SYMBOL + "\"," + size + limit + "}");
        }
        String total = String.join("", lines).contains("weight") ? ",\"amount\":" + price * 10 : "";
        return "{\"kind\":\"BASKET\",\"account_id\":\"A1\",\"side\":\"BUY\"" + total + ",\"orders\":["
                + String.join(",", lines) + "]}";
    }

    private HttpRequest create(String key) {
        return HttpRequest.newBuilder(process.post("/v1/parents", bodies.get(key)), (_, _) -> true)
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

    private long price() throws IOException, InterruptedException {
        return process.get("/v1/quotes/" + SYMBOL).path("price").asLong();
    }

    private void move(long to) throws IOException, InterruptedException {
        URI market = simulator.restBase().resolve("/simulator/market");
        var answer = http.send(
                HttpRequest.newBuilder(market)
                        .POST(BodyPublishers.ofString("{\"move\":\"" + SYMBOL + "\",\"to\":" + to + "}"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** What a program repeats: a request whose answer it did not get, with its key. */
    private void repeatAll() throws IOException, InterruptedException {
        for (String key : bodies.keySet()) {
            var answer = http.send(create(key), BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                ids.put(key, FaceClient.tree(answer).path("parent_id").asString());
            } else {
                // It was never accepted, and the market has moved since.
                assertThat(answer.body()).contains("INVALID_FIELD");
            }
        }
    }

    /** An operator's work: releases what is held, and resolves what was in flight at a kill and never arrived. */
    private void settleSome(Random random) throws IOException, InterruptedException {
        for (JsonNode parent : parents("open")) {
            if (parent.path("status").asString("").equals("HELD") && random.nextInt(3) > 0) {
                post("/v1/parents/" + parent.path("parent_id").asString("") + "/release", "{}");
            }
        }
        for (JsonNode order : process.get("/v1/orders?status=unknown").path("orders")) {
            if (order.path("reason").asString("").contains("does not list it")) {
                post(
                        "/v1/orders/" + order.path("order_id").asString("") + "/resolve",
                        "{\"decision\":\"NOT_AT_BROKER\"}");
            }
        }
    }

    /** Fewer shares for brackets that are open, as the gateway dies: an exit never sells more than the entry bought. */
    private List<CompletableFuture<HttpResponse<String>>> changeSome(int round)
            throws IOException, InterruptedException {
        var sent = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (JsonNode parent : parents("open")) {
            long qty = parent.at("/order/qty").asLong();
            if (parent.path("kind").asString().equals("BRACKET") && qty > 1) {
                String path = "/v1/parents/" + parent.path("parent_id").asString() + "/modify";
                sent.add(http.sendAsync(
                        HttpRequest.newBuilder(process.post(path, "{\"qty\":" + (qty - 1) + "}"), (_, _) -> true)
                                .header("Idempotency-Key", "smaller-" + round)
                                .build(),
                        BodyHandlers.ofString()));
            }
        }
        return sent;
    }

    private void post(String path, String body) throws IOException, InterruptedException {
        http.send(process.post(path, body), BodyHandlers.ofString());
    }

    private List<JsonNode> parents(String status) throws IOException, InterruptedException {
        return pages("/v1/parents?limit=200&status=" + status, "parents");
    }

    private List<JsonNode> pages(String path, String field) throws IOException, InterruptedException {
        var all = new ArrayList<JsonNode>();
        String cursor = "";
        do {
            JsonNode page = process.get(path + cursor);
            page.path(field).forEach(all::add);
            String next = page.path("next_cursor").asString("");
            cursor = next.isEmpty() ? "" : "&cursor=" + next;
        } while (!cursor.isEmpty());
        return all;
    }

    private void check() throws IOException, InterruptedException {
        Map<String, JsonNode> orders = new HashMap<>();
        pages("/v1/orders?limit=200", "orders")
                .forEach(order -> orders.put(order.path("order_id").asString(""), order));
        assertThat(orders.values()).noneMatch(order -> order.path("external").asBoolean());
        Set<Long> numbers = new HashSet<>();
        orders.values()
                .forEach(order -> order.path("kis_order_nos")
                        .forEach(number -> assertThat(numbers.add(number.asLong()))
                                .as("%s", order)
                                .isTrue()));
        List<JsonNode> ended = parents("ended");
        assertThat(ended).hasSameSizeAs(ids.values());
        long held = 0;
        int stops = 0;
        int baskets = 0;
        for (JsonNode parent : ended) {
            long bought = 0;
            long sold = 0;
            boolean isBasket = parent.path("kind").asString().equals("BASKET");
            var placed = new HashSet<Integer>();
            for (JsonNode event :
                    process.get("/v1/parents/" + parent.path("parent_id").asString("") + "/events")) {
                if (event.path("type").asString("").equals("ChildStarted")) {
                    // A refused order has an id and was never placed.
                    JsonNode order = orders.remove(event.at("/data/child").asString());
                    int leg = event.at("/data/leg").asInt();
                    boolean isEntry = isBasket || leg == 0;
                    if (isBasket) {
                        assertThat(placed.add(leg))
                                .as("one order a line: %s", parent)
                                .isTrue();
                        if (order != null) {
                            assertThat(order.path("qty").asLong())
                                    .isEqualTo(
                                            parent.at("/legs/" + leg + "/qty").asLong());
                            baskets++;
                        }
                    }
                    long filled = order == null ? 0 : order.path("filled_qty").asLong();
                    bought += isEntry ? filled : 0;
                    sold += isEntry ? 0 : filled;
                    stops += !isBasket && leg == parent.path("legs").size() - 1 ? 1 : 0;
                }
            }
            assertThat(sold).as("%s", parent).isLessThanOrEqualTo(bought);
            held += bought - sold;
        }
        assertThat(orders).as("orders without a parent order").isEmpty();
        assertThat(stops).as("stops that were placed").isPositive();
        assertThat(baskets).as("orders of baskets").isPositive();
        long expected = held;
        Await.until(
                "the account holds " + expected,
                () -> process.get("/v1/positions?account_id=A1")
                                .valueStream()
                                .filter(position ->
                                        position.path("symbol").asString("").equals(SYMBOL))
                                .mapToLong(position -> position.path("qty").asLong())
                                .sum()
                        == expected);
    }
}
