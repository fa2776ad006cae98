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
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.market.Markets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A gateway in this process with an embedded or given simulator, used as a client would, faults included. */
final class GatewayFixture implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    static final String TOKEN = "open-sesame";
    private static final String BUY = "{\"account_id\":\"A1\",\"symbol\":\"005930\",\"side\":\"BUY\",\"qty\":1}";

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Gateway gateway;
    private final Settings settings;
    private final URI broker;
    private final AtomicReference<Duration> shift;
    private final Contract contract;
    private volatile Optional<String> key = Optional.empty();

    private GatewayFixture(Gateway gateway, Settings settings, URI broker, AtomicReference<Duration> shift) {
        this.gateway = gateway;
        this.settings = settings;
        this.broker = broker;
        this.shift = shift;
        this.contract = new Contract(mapper.readTree(get("/openapi.json").body()));
    }

    /** Starts with its own simulator; {@code settings} are arguments, as {@code --gateway-read-only=true}. */
    static GatewayFixture start(Path folder, String... settings) {
        var all = new ArrayList<>(List.of("--simulator-seed=7"));
        all.addAll(List.of(settings));
        return start(folder, Optional.empty(), Duration.ZERO, Map.of(), all);
    }

    /** Starts with its own simulator and these variables. */
    static GatewayFixture start(Path folder, Map<String, String> environment) {
        return start(folder, Optional.empty(), Duration.ZERO, environment, List.of("--simulator-seed=7"));
    }

    /** Starts with its own simulator and these variables, on an open day, its clock {@code ahead} of the machine's. */
    static GatewayFixture start(Path folder, Duration ahead, Map<String, String> environment, String... settings) {
        var all = new ArrayList<>(List.of("--simulator-seed=7", "--simulator-clock=open-fixed"));
        all.addAll(List.of(settings));
        return start(folder, Optional.empty(), ahead, environment, all);
    }

    /** Starts with another simulator, which {@code environment} names. */
    static GatewayFixture start(Path folder, URI broker, Map<String, String> environment, String... settings) {
        return start(folder, Optional.of(broker), Duration.ZERO, environment, List.of(settings));
    }

    /** Starts as the program does, with the clock of its settings and its own simulator. */
    static GatewayFixture startByItsClock(Path folder, Map<String, String> environment) {
        var settings = settings(folder, List.of("--simulator-seed=7"), environment, Markets.standard());
        var gateway = Gateway.start(settings);
        var simulator = URI.create("http://127.0.0.1:" + gateway.simulatorPort().orElseThrow());
        return new GatewayFixture(gateway, settings, simulator, new AtomicReference<>(Duration.ZERO));
    }

    /** Starts with a clock {@code ahead} of the machine's; without {@code broker} with its own simulator. */
    static GatewayFixture start(
            Path folder,
            Optional<URI> broker,
            Duration ahead,
            Map<String, String> environment,
            List<String> arguments) {
        return start(folder, broker, new AtomicReference<>(ahead), false, environment, arguments);
    }

    /** With a clock {@code ahead} of the machine's; a jump of it is time that passes, not a clock that is set. */
    static GatewayFixture startInTime(
            Path folder, URI broker, AtomicReference<Duration> ahead, Map<String, String> environment) {
        return start(folder, Optional.of(broker), ahead, true, environment, List.of());
    }

    private static GatewayFixture start(
            Path folder,
            Optional<URI> broker,
            AtomicReference<Duration> shift,
            boolean passes,
            Map<String, String> environment,
            List<String> arguments) {
        var settings = settings(folder, arguments, environment, Markets.standard());
        var machine = InstantSource.system();
        var gateway = Wiring.start(
                settings,
                new SteadyClock(
                        () -> machine.instant().plus(shift.get()),
                        passes ? () -> System.nanoTime() + shift.get().toNanos() : System::nanoTime),
                new SecureRandom());
        var base = broker.orElseGet(
                () -> URI.create("http://127.0.0.1:" + gateway.simulatorPort().orElseThrow()));
        return new GatewayFixture(gateway, settings, base, shift);
    }

    /** Starts with this broker and a clock {@code ahead} of the machine's, without a simulator. */
    static GatewayFixture start(
            Path folder, Duration ahead, Map<String, String> environment, BrokerConnector connector) {
        return start(folder, ahead, environment, Markets.standard(), connector);
    }

    /** As above, with these markets. */
    static GatewayFixture start(
            Path folder, Duration ahead, Map<String, String> environment, Markets markets, BrokerConnector connector) {
        var settings = settings(folder, List.of(), environment, markets);
        var shift = new AtomicReference<>(ahead);
        var machine = InstantSource.system();
        var gateway = Wiring.start(
                settings,
                new SteadyClock(() -> machine.instant().plus(shift.get()), System::nanoTime),
                new SecureRandom(),
                markets,
                connector);
        return new GatewayFixture(gateway, settings, gateway.baseUri(), shift);
    }

    private static Settings settings(
            Path folder, List<String> arguments, Map<String, String> environment, Markets markets) {
        var all = new HashMap<>(Map.of(
                "GATEWAY_OPERATOR_TOKEN", TOKEN,
                "GATEWAY_PORT", "0",
                "SIMULATOR_PORT", "0",
                "ORDER_DISPATCH_BY_MARKET", "60s")); // a busy machine sends later
        all.putAll(environment);
        return switch (SettingsLoader.load(
                arguments, all, folder, folder.resolve("home"), KisDefaults.on(LocalDate.of(2026, 11, 20)), markets)) {
            case SettingsResult.Loaded(var settings) -> settings;
            case SettingsResult.Problems(var problems) -> throw new AssertionError(problems);
        };
    }

    Settings settings() {
        return settings;
    }

    /** Advances the clock of the gateway and of its embedded simulator. */
    void jump(Duration ahead) {
        shift.updateAndGet(was -> was.plus(ahead));
    }

    /** From here on every call carries this API key. */
    void use(String apiKey) {
        key = Optional.of(apiKey);
    }

    List<String> blockers() {
        var readiness = json("/v1/session/live-readiness");
        var blockers = readiness
                .path("blocker_reasons")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
        assertThat(readiness.path("can_trade").asBoolean()).isEqualTo(blockers.isEmpty());
        return blockers;
    }

    /** Places a market buy of one share. */
    HttpResponse<String> buy(String key) {
        return send("POST", "/v1/orders", BUY, "Idempotency-Key", key);
    }

    /** The newest alert of that event, if there is one. */
    Optional<JsonNode> alert(String event) {
        return alerts(event).stream().findFirst();
    }

    /** The alerts of that event, newest first. */
    List<JsonNode> alerts(String event) {
        return json("/v1/alerts?limit=1000")
                .path("alerts")
                .valueStream()
                .filter(it -> it.path("event").asString("").equals(event))
                .toList();
    }

    Gateway gateway() {
        return gateway;
    }

    /** Port of the API. */
    int port() {
        return gateway.port();
    }

    HttpResponse<String> get(String path) {
        return send("GET", path, "");
    }

    JsonNode json(String path) {
        return mapper.readTree(get(path).body());
    }

    JsonNode tree(HttpResponse<String> answer) {
        return mapper.readTree(answer.body());
    }

    /** @param headers names and values, in pairs */
    HttpResponse<String> send(String method, String path, String body, String... headers) {
        var request = HttpRequest.newBuilder(gateway.baseUri().resolve(path))
                .timeout(LIMIT)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        key.ifPresent(it -> request.header("X-API-Key", it));
        return send(request.build());
    }

    /** Sends the call with the operator token. */
    HttpResponse<String> operate(String method, String path, String body) {
        return send(method, path, body, "X-Operator-Token", TOKEN);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Switches faults of the simulator. */
    void fault(String json) {
        var answer = send(HttpRequest.newBuilder(broker.resolve("/simulator/faults"))
                .POST(BodyPublishers.ofString(json))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** Changes the state of the simulator's market, as {@code {"halt":"005930"}}. */
    void setMarket(String json) {
        var answer = send(HttpRequest.newBuilder(broker.resolve("/simulator/market"))
                .POST(BodyPublishers.ofString(json))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    /** The simulator's counters: calls, orders, sessions and their registrations. */
    JsonNode brokerState() {
        return mapper.readTree(
                send(HttpRequest.newBuilder(broker.resolve("/simulator/state")).build())
                        .body());
    }

    /** How many calls of paths that end with {@code path} reached the simulator. */
    long brokerCalls(String path) {
        return brokerState()
                .path("calls")
                .propertyStream()
                .filter(call -> call.getKey().endsWith(path))
                .mapToLong(call -> call.getValue().asLong())
                .sum();
    }

    Contract contract() {
        return contract;
    }

    void awaitReady() {
        Await.until(
                "the gateway can trade",
                () -> json("/v1/session/live-readiness").path("can_trade").asBoolean(false));
    }

    @Override
    public void close() {
        gateway.close();
        client.close();
    }
}
