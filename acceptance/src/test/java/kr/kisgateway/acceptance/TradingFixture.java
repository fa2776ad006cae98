package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.programs.Launch;
import tools.jackson.databind.JsonNode;

/**
 * A broker whose market moves only by trades of the test, a restartable gateway connected to it, and another program that
 * trades on the same account. Every answer of the gateway is checked against the contract that it serves.
 */
final class TradingFixture implements AutoCloseable {
    static final String TOKEN = "open-sesame";
    static final String ACCOUNT = "50123456";

    /** Calls a second of the gateway; far above KIS's limit, so that tests wait only for what they test. */
    private static final int RATE = 150;

    /** The broker's limit: on a machine that stalls, calls that were sent in time arrive together. */
    private static final int BROKER_RATE = 10 * RATE;

    private final Launch launch;
    private final Path folder;
    private final BrokerBook otherProgram;
    private final OpenApi contract;
    private Simulator simulator;
    private Running gateway;

    private TradingFixture(Path folder, Launch launch, Simulator simulator, Running gateway) {
        this.folder = folder;
        this.launch = launch;
        this.simulator = simulator;
        this.gateway = gateway;
        this.contract = new OpenApi(gateway.get("/openapi.json"));
        this.otherProgram = new BrokerBook(simulator.url(), ACCOUNT);
    }

    /** @param settings of the gateway, each NAME=value */
    static TradingFixture start(Path folder, String... settings) {
        var simulator = broker(folder, 0);
        var launch = with(
                Programs.gateway(folder, simulator)
                        .withEnvironment("GATEWAY_OPERATOR_TOKEN", TOKEN)
                        .withEnvironment("KIS_ENV", "sim")
                        .withEnvironment("KIS_ACCOUNT_NO", ACCOUNT + "-01")
                        .withEnvironment("SIMULATOR_RATE_LIMIT", String.valueOf(RATE))
                        // These tests cause faults by the dozen.
                        .withEnvironment("KIS_API_CIRCUIT_BREAKER_THRESHOLD", "1000")
                        .withEnvironment("ORDER_RECONCILE_EVERY", "1s"),
                settings);
        try {
            return new TradingFixture(folder, launch, simulator, Running.start(launch));
        } catch (AssertionError | RuntimeException e) {
            simulator.close();
            throw e;
        }
    }

    private static Simulator broker(Path folder, int port) {
        var rate = String.valueOf(BROKER_RATE);
        return Programs.simulator(
                folder, "--port", String.valueOf(port), "--rate", rate, "--ticks", "0.1", "--seed", "7");
    }

    /** Stops the broker abruptly. */
    void killBroker() {
        simulator.close();
    }

    /** Restarts the broker at its old address, with everything that it had confirmed. */
    void restartBroker() {
        simulator = broker(folder, simulator.program().simulatorPort());
    }

    private static Launch with(Launch launch, String... settings) {
        for (var setting : settings) {
            var parts = setting.split("=", 2);
            launch = launch.withEnvironment(parts[0], parts[1]);
        }
        return launch;
    }

    /** Stops the gateway as an operator would and restarts it with further settings; waits until it is ready. */
    void restart(String... settings) {
        stop();
        gateway = Running.start(with(launch, settings));
    }

    /** The same, without waiting for readiness. */
    void restartUnready(String... settings) {
        stop();
        gateway = Running.startUnready(with(launch, settings));
    }

    /** Makes the gateway request a token at its next start. */
    void stopAndDeleteToken() {
        stop();
        try {
            Files.deleteIfExists(gateway.program().dataDirectory().resolve("token"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void stop() {
        gateway.program().stop(Duration.ofSeconds(20));
        gateway.close();
    }

    Running gateway() {
        return gateway;
    }

    Simulator simulator() {
        return simulator;
    }

    BrokerBook otherProgram() {
        return otherProgram;
    }

    void fault(String json) {
        simulator.fault(json);
    }

    void noFaults() {
        simulator.fault("{\"clear\":true}");
    }

    // ---- calls ----

    Answer call(String method, String path, Optional<String> body, Map<String, String> headers) {
        var answer = gateway.client().send(method, path, body, headers);
        assertThat(contract.violations(method, path, answer)).isEmpty();
        return answer;
    }

    Answer get(String path) {
        return call("GET", path, Optional.empty(), Map.of());
    }

    Answer post(String path, String body) {
        return call("POST", path, Optional.of(body), Map.of());
    }

    Answer post(String path, String body, String key) {
        return call("POST", path, Optional.of(body), Map.of("Idempotency-Key", key));
    }

    /** Sends the call with the operator token. */
    Answer operate(String method, String path, String body, String... key) {
        var headers = new HashMap<String, String>();
        headers.put("X-Operator-Token", TOKEN);
        if (key.length > 0) headers.put("Idempotency-Key", key[0]);
        return call(method, path, body.isEmpty() ? Optional.empty() : Optional.of(body), headers);
    }

    Answer place(String key, String symbol, String side, long qty, Optional<Long> price) {
        return post("/v1/orders", Programs.order(symbol, side, qty, price), key);
    }

    /** Places an order with further members, as {@code "dispatch_by":"…"}. */
    Answer place(String key, String symbol, String side, long qty, Optional<Long> price, String more) {
        return post("/v1/orders", body(symbol, side, qty, price, more), key);
    }

    static String body(String symbol, String side, long qty, Optional<Long> price, String more) {
        return Programs.order(symbol, side, qty, price).replaceFirst("}$", "," + more + "}");
    }

    /** Places an order and returns its id. */
    String placed(String key, String symbol, String side, long qty, Optional<Long> price) {
        return id(place(key, symbol, side, qty, price));
    }

    /** A buy order that rests at the broker. */
    String resting(String key, String symbol, long qty) {
        var id = placed(key, symbol, "BUY", qty, Optional.of(low(symbol)));
        await(id, "SENT");
        return id;
    }

    static String id(Answer accepted) {
        assertThat(accepted.status()).as(accepted.toString()).isEqualTo(200);
        return accepted.body().path("order_id").asString();
    }

    Answer modify(String id, String body) {
        return post("/v1/orders/" + id + "/modify", body);
    }

    Answer modify(String id, String body, String key) {
        return post("/v1/orders/" + id + "/modify", body, key);
    }

    Answer cancel(String id) {
        return post("/v1/orders/" + id + "/cancel", "{}");
    }

    JsonNode order(String id) {
        return get("/v1/orders/" + id).body();
    }

    JsonNode await(String id, String... statuses) {
        return await(
                id,
                "to be " + String.join(" or ", statuses),
                o -> List.of(statuses).contains(status(o)));
    }

    JsonNode await(String id, String what, Predicate<JsonNode> condition) {
        return Eventually.await("order " + id + " " + what, Programs.SHORT_TIMEOUT, () -> order(id), condition);
    }

    static String status(JsonNode order) {
        return order.path("status").asString();
    }

    List<JsonNode> events(String id) {
        return get("/v1/orders/" + id + "/events").body().valueStream().toList();
    }

    List<String> eventTypes(String id) {
        return events(id).stream().map(e -> e.path("type").asString()).toList();
    }

    long metric(String name) {
        return get("/v1/metrics/order").body().path(name).longValue();
    }

    /** The alerts about an order, oldest first. */
    List<JsonNode> alerts(String id) {
        return get("/v1/alerts?limit=1000")
                .body()
                .path("alerts")
                .valueStream()
                .filter(a -> a.path("order_id").asString("").equals(id))
                .toList()
                .reversed();
    }

    // ---- prices ----

    long price(String symbol) {
        return get("/v1/quotes/" + symbol).body().path("price").longValue();
    }

    /** Far enough below the market that there is no offer, and on tick at any price level. */
    long low(String symbol) {
        return price(symbol) * 80 / 100 / 1000 * 1000;
    }

    // ---- the broker's side ----

    /** The broker's row of a number. */
    JsonNode row(String odno) {
        return otherProgram.rows().stream()
                .filter(row -> Long.parseLong(row.path("odno").asString()) == Long.parseLong(odno))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the broker does not list " + odno));
    }

    /** The open orders of a symbol at the broker. */
    List<JsonNode> open(String symbol) {
        return otherProgram.rows().stream()
                .filter(row -> row.path("pdno").asString().equals(symbol) && number(row, "rmn_qty") > 0)
                .toList();
    }

    static long number(JsonNode row, String name) {
        return Long.parseLong(row.path(name).asString());
    }

    /** How often the broker took each order of a symbol, and each modify and cancel of a number. */
    Stream<Integer> acceptanceCounts(String symbol, JsonNode order) {
        var state = simulator.state();
        var counts = new ArrayList<Integer>();
        state.path("orders_received")
                .propertyStream()
                .filter(e -> e.getKey().contains(" " + symbol + " "))
                .forEach(e -> counts.add(e.getValue().intValue()));
        for (var odno : order.path("kis_order_nos")) {
            var paddedNumber = " " + Long.parseLong(odno.asString()) + " ";
            state.path("revisions_received")
                    .propertyStream()
                    .filter(e -> e.getKey().contains(paddedNumber))
                    .forEach(e -> counts.add(e.getValue().intValue()));
        }
        return counts.stream();
    }

    @Override
    public void close() {
        otherProgram.close();
        gateway.close();
        simulator.close();
    }
}
