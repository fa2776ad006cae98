package kr.kisgateway.cli;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
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
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kr.kisgateway.gateway.Gateway;
import kr.kisgateway.gateway.access.KeyRequest;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.access.KeyStore;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.BrokerDefaults;
import kr.kisgateway.gateway.settings.Settings;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.SettingsResult;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.simulator.KisSimulator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real gateway with its simulator, and a second program on the same account. */
final class RunningGateway implements AutoCloseable {
    static final String TOKEN = "open-sesame";
    private static final String ACCOUNT = "12345678";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String SECOND_KEY = "PS-second-program-of-the-account-01";
    private static final String SECOND_SECRET = "secret-of-the-second-program-of-the-account";

    private final Gateway gateway;
    private final GatewayClient client;
    private final GatewayClient simulator;
    private Optional<String> secondToken = Optional.empty();

    private final AtomicInteger placed = new AtomicInteger();

    private RunningGateway(Gateway gateway, int simulatorPort) {
        this.gateway = gateway;
        client = GatewayClient.onPort(gateway.port());
        simulator = GatewayClient.onPort(simulatorPort);
    }

    static RunningGateway start(Path folder) {
        return start(folder, List.of());
    }

    /** @param more settings, as {@code --name=value} */
    static RunningGateway start(Path folder, List<String> more) {
        var running = startUnready(folder, more);
        awaitValue(() -> running.client.get("/health/ready"), Answer::ok);
        return running;
    }

    /** Starts one that need not be able to trade. */
    static RunningGateway startUnready(Path folder, List<String> more) {
        var arguments = new ArrayList<>(List.of(
                "--port=0",
                "--simulator-port=0",
                "--simulator-clock=open-fixed",
                "--simulator-seed=7",
                "--order-dispatch-by-market=60s", // a busy machine sends later
                "--order-dispatch-by-limit=60s"));
        arguments.addAll(more);
        var settings =
                settings(folder, arguments, Map.of("KIS_ENV", "sim"), KisDefaults.on(LocalDate.of(2026, 11, 20)));
        var started = Gateway.start(settings);
        return new RunningGateway(started, started.simulatorPort().orElseThrow());
    }

    /** A gateway in the environment {@code live} whose broker is the simulator of {@code broker}. */
    static RunningGateway startLive(Path folder, RunningGateway broker) {
        var settings = settings(
                folder,
                List.of("--port=0"),
                Map.of(
                        "KIS_ENV", "live",
                        "KIS_APP_KEY", "PSlive-program-of-another-account-01",
                        "KIS_ACCOUNT_NO", "50001234-01",
                        "KIS_API_BASE_URL_REAL", "http://127.0.0.1:" + broker.simulatorPort(),
                        "KIS_WS_URL_LIVE", "ws://127.0.0.1:" + broker.simulatorPort(),
                        "KIS_LIVE_TRADING", "true",
                        "KIS_LIVE_ACCOUNTS", "A1"),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        var running = new RunningGateway(Gateway.start(settings), broker.simulatorPort());
        awaitValue(() -> running.client.get("/health/ready"), Answer::ok);
        return running;
    }

    /**
     * A gateway in the environment {@code mock} at {@code paper}, a simulator with the paper face.
     *
     * @param more settings, as {@code --name=value}
     */
    static RunningGateway startPaper(Path folder, KisSimulator paper, String... more) {
        var settings = settings(
                folder,
                Stream.concat(Stream.of("--port=0"), Stream.of(more)).toList(),
                Map.of(
                        "KIS_ENV",
                        "mock",
                        "KIS_MOCK_APP_KEY",
                        "PSpaper-program-of-the-account-00001",
                        "KIS_MOCK_APP_SECRET",
                        "p".repeat(180),
                        "KIS_MOCK_CANO",
                        "50001235",
                        "KIS_API_BASE_URL_VIRTUAL",
                        paper.restBase().toString(),
                        "KIS_WS_URL_MOCK",
                        paper.wsBase().toString()),
                KisDefaults.on(LocalDate.of(2026, 11, 20)));
        var running =
                new RunningGateway(Gateway.start(settings), paper.restBase().getPort());
        awaitValue(() -> running.client.get("/health/ready"), Answer::ok);
        return running;
    }

    private static Settings settings(
            Path folder, List<String> arguments, Map<String, String> more, BrokerDefaults defaults) {
        var variables = new HashMap<>(Map.of(
                "GATEWAY_OPERATOR_TOKEN",
                TOKEN,
                "KIS_ACCOUNT_NO",
                ACCOUNT + "-01",
                "KIS_APP_KEY",
                "PSfirst-program-of-the-account-00001",
                "KIS_APP_SECRET",
                "f".repeat(180)));
        variables.putAll(more);
        return switch (SettingsLoader.load(arguments, variables, folder, folder.resolve("home"), defaults)) {
            case SettingsResult.Loaded(Settings settings) -> settings;
            case SettingsResult.Problems(var problems) -> throw new AssertionError(problems);
        };
    }

    /** A key of a trader, as {@code ./kis keys create --new-folder} makes it. */
    static String createKey(Path dataFolder) {
        var request = KeyRequest.read(
                "trader",
                "trade",
                Optional.<List<String>>empty(),
                Optional.<List<String>>empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                OptionalInt.empty(),
                Optional.empty(),
                InstantSource.system().instant());
        try (var keys = new KeyRing(
                KeyStore.open(dataFolder.resolve("access.db")), InstantSource.system(), new SecureRandom())) {
            return switch (keys.create(request)) {
                case KeyRing.CreateResult.Created(var newKey) -> newKey.text().reveal();
                case KeyRing.CreateResult.NameTaken _, KeyRing.CreateResult.Full _ ->
                    throw new AssertionError("no key was created");
            };
        }
    }

    URI baseUri() {
        return gateway.baseUri();
    }

    /** Port that speaks KIS's protocol. */
    int facePort() {
        return gateway.facePort().orElseThrow();
    }

    int simulatorPort() {
        return gateway.simulatorPort().orElseThrow();
    }

    String url() {
        return baseUri().toString();
    }

    JsonNode order(String id) {
        return client.get("/v1/orders/" + id).body();
    }

    JsonNode events(String id) {
        return client.get("/v1/orders/" + id + "/events").body();
    }

    /** Places a buy and returns its id. */
    String buy(String symbol, long qty, Optional<Long> price, String more) {
        var body = "{\"account_id\":\"A1\",\"symbol\":\"" + symbol + "\",\"side\":\"BUY\",\"qty\":" + qty
                + price.map(p -> ",\"price\":" + p).orElse("") + more + "}";
        var answer = client.post("/v1/orders", body, "p" + gateway.port() + "-" + placed.incrementAndGet());
        if (!answer.ok()) {
            throw new AssertionError("the order was answered " + answer);
        }
        return answer.body().path("order_id").asString();
    }

    /** A buy far below the market, resting. */
    String placeRestingBuy(String symbol, long price) {
        var id = buy(symbol, 3, Optional.of(price), "");
        awaitStatus(id, "SENT");
        return id;
    }

    JsonNode awaitStatus(String id, String status) {
        return awaitValue(
                () -> order(id), order -> order.path("status").asString("").equals(status));
    }

    JsonNode awaitEvent(String id, String type) {
        return awaitValue(() -> events(id), events -> {
            for (JsonNode event : events) {
                if (event.path("type").asString().equals(type)) {
                    return true;
                }
            }
            return false;
        });
    }

    void setFaults(String json) {
        var answer = simulator.post("/simulator/faults", json);
        if (!answer.ok()) {
            throw new AssertionError("the simulator did not accept " + json + ": " + answer);
        }
    }

    /** The same buy from another program, as if placed in the HTS. */
    void buyFromSecondProgram(String symbol, long qty, long price) {
        var answer = awaitValue(
                () -> kis(
                        "/uapi/domestic-stock/v1/trading/order-cash",
                        "TTTC0012U",
                        secondToken(),
                        "{\"CANO\":\"" + ACCOUNT + "\",\"ACNT_PRDT_CD\":\"01\",\"PDNO\":\"" + symbol
                                + "\",\"ORD_DVSN\":\"00\",\"ORD_QTY\":\"" + qty + "\",\"ORD_UNPR\":\"" + price
                                + "\",\"EXCG_ID_DVSN_CD\":\"KRX\"}"),
                // All programs share the account's calls per second, and this one sends as fast as it can.
                reply -> !Set.of("EGW00201", "EGW00215")
                        .contains(reply.path("msg_cd").asString("")));
        if (!answer.path("rt_cd").asString("").equals("0")) {
            throw new AssertionError("the second program was answered " + answer);
        }
    }

    /** KIS issues one per minute, so the first one serves all tests. */
    private String secondToken() {
        if (secondToken.isEmpty()) {
            var answer = kis(
                    "/oauth2/tokenP",
                    "",
                    "",
                    "{\"grant_type\":\"client_credentials\",\"appkey\":\"" + SECOND_KEY + "\",\"appsecret\":\""
                            + SECOND_SECRET + "\"}");
            secondToken = Optional.of(answer.path("access_token").asString());
        }
        return secondToken.get();
    }

    private JsonNode kis(String path, String trId, String token, String body) {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create(
                            "http://127.0.0.1:" + gateway.simulatorPort().orElseThrow() + path))
                    .header("content-type", "application/json; charset=utf-8")
                    .header("appkey", SECOND_KEY)
                    .header("appsecret", SECOND_SECRET)
                    .header("authorization", "Bearer " + token)
                    .header("tr_id", trId)
                    .POST(BodyPublishers.ofString(body))
                    .build();
            return new JsonMapper()
                    .readTree(http.send(request, BodyHandlers.ofString()).body());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static <T> T awaitValue(Supplier<T> read, Predicate<T> condition) {
        long until = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            var value = read.get();
            if (condition.test(value)) {
                return value;
            }
            if (System.nanoTime() > until) {
                throw new AssertionError("not within " + LIMIT + "; the last observed was " + value);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    @Override
    public void close() {
        client.close();
        simulator.close();
        gateway.close();
    }
}
