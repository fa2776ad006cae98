package kr.kisgateway.acceptance;

import static kr.kisgateway.acceptance.Programs.SHORT_TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.FreePort;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisServer;

/** Secrets are planted, a day runs with everything logged, and every byte of the output is searched for them. */
@Tag("slow")
class SecretsTest {
    private static final String KEY = "PLANTEDKEYqwertyuiopasdfghjklzxcvbnm";
    private static final String SECRET = "PlantedSecret" + "Z9y8X7w6V5u4T3s2".repeat(10);
    private static final String CANO = "73519264";
    private static final String HTS_ID = "plantedhts";
    private static final String OPERATOR = "planted-operator-token-5150";
    private static final String KEY_OF_K2 = "PLANTEDK2KEYqwertyuiopasdfghjklzxcvb";
    private static final String SECRET_OF_K2 = "PlantedK2Secret" + "a1B2c3D4e5F6g7H8".repeat(10);
    private static final String KRX_KEY = "PLANTEDKRXKEY0123456789ABCDEF0123456789";
    private static final String REDIS_PASSWORD = "planted-redis-password-1138";
    private static final String COLLECTOR_TOKEN = "planted-collector-token-2187";
    private static final String BOT_TOKEN = "7654321:planted-bot-token-4242";
    private static final String ALERT_KEY = "planted-alert-key-8675309";
    private static final String SLACK_PATH = "planted-slack-path-T0B1C2";
    private static final String PAGER_KEY = "plantedpagerkey0123456789abcdef0";
    private static final String MAIL_PASSWORD = "planted-mail-password-3720";

    /** Settings with a secret that a gateway of the simulator does not need. */
    private static final Map<String, String> UNUSED = Map.of(
            "KIS_MOCK_APP_KEY", "PLANTEDMOCKKEYqwertyuiopasdfghjklzxcv",
            "KIS_MOCK_APP_SECRET", "PlantedMockSecret" + "q1W2e3R4t5Y6u7I8".repeat(10),
            "KIS_TOKEN_KEY", "planted-token-key-of-the-sdk-1701",
            "MASTER_KEY", "planted-master-key-elsewhere-0123456789abcdef",
            "MASTER_KEY_PIN", "planted-pin-7741",
            "GATEWAY_TLS_PASSWORD", "planted-keystore-password-2001");

    /** As shipped, but with everything in the file, including what libraries log about the bytes they send. */
    private static final String EVERYTHING = """
            <configuration>
              <appender name="FILE" class="ch.qos.logback.core.FileAppender">
                <file>${gateway.log.dir}/gateway.log</file>
                <encoder><pattern>%d %-5level %logger [%thread] %msg%n</pattern></encoder>
              </appender>
              <logger name="io.lettuce.core.protocol" level="TRACE"/>
              <root level="TRACE"><appender-ref ref="FILE"/></root>
            </configuration>
            """;

    @TempDir
    Path folder;

    private final Set<String> receivedKeys = ConcurrentHashMap.newKeySet();

    @Test
    @Requirement(value = "A-14", clause = "leaked")
    @Requirement(value = "G-12", clause = "output")
    void no_planted_secret_is_in_any_byte_that_leaves_the_gateway() throws Exception {
        var logging = folder.resolve("logging.xml");
        Files.writeString(logging, EVERYTHING);
        var key = Programs.key(folder, "create", "planted", "--role", "admin");
        Files.writeString(folder.resolve("gateway.yaml"), """
                kis:
                  app-keys:
                    - id: K2
                      app-key: %s
                      app-secret: %s
                """.formatted(KEY_OF_K2, SECRET_OF_K2));
        var out = new LinkedHashMap<String, String>();
        var planted = planted();
        int redisPort = FreePort.find();
        var redis = RedisServer.newRedisServer()
                .port(redisPort)
                .setting("save \"\"")
                .setting("rdbcompression no")
                .setting("dir " + Files.createDirectory(folder.resolve("redis")))
                .setting("requirepass " + REDIS_PASSWORD)
                .build();
        redis.start();
        var exchange = exchange();
        var traces = new Receiver();
        var alerts = new Receiver();
        var pager = new Receiver();
        Files.writeString(folder.resolve("alerts.yaml"), """
                dedupe: 0s
                channels:
                  bot: {type: telegram, url: %1$s, token: "%2$s", chat: "-100"}
                  desk: {type: webhook, url: %1$s/desk, key: %3$s}
                  team: {type: slack, url: %1$s/%4$s}
                  on-call: {type: pagerduty, url: %5$s, routing-key: %6$s}
                  office: {type: email, host: 127.0.0.1, port: %7$d, user: planted, password: %8$s,
                           from: gateway@example.com, to: [desk@example.com]}
                routes: [{to: [bot, desk, team, on-call, office]}]
                messages: {fills: [bot, desk]}
                """.formatted(
                        alerts.url(),
                        BOT_TOKEN,
                        ALERT_KEY,
                        SLACK_PATH,
                        pager.url(),
                        PAGER_KEY,
                        FreePort.find(), // no server listens there: the channel fails
                        MAIL_PASSWORD));
        try (var broker = Programs.simulator(folder);
                var relay = BrokerProxy.to(broker.program().simulatorPort())) {
            var launch = launch(logging, redisPort)
                    .withEnvironment("SIMULATOR_URL", relay.url())
                    .withEnvironment("TRACING_ENDPOINT", traces.url())
                    .withEnvironment("TRACING_HEADERS", "Authorization=Bearer " + COLLECTOR_TOKEN)
                    .withEnvironment("ALERTS_INNER_ADDRESSES", "true")
                    .withEnvironment(
                            "KRX_API_BASE_URL",
                            "http://127.0.0.1:" + exchange.getAddress().getPort());
            planted.put("API key", ascii(key));
            runDay(launch, key, broker.client(), "first", out);
            runDay(launch, key, broker.client(), "second", out);
            assertThat(relay.issued().values()).as("what the broker issued").contains("access_token", "approval_key");
            relay.issued().forEach((secret, field) -> planted.put(field, ascii(secret)));
            assertThat(receivedKeys).as("keys that the exchange received").contains(KRX_KEY);
            assertThat(saveRedis(redisPort)).as("answers stored in Redis").isPositive();
            assertThat(folder.resolve("redis/dump.rdb")).as("searched below").isNotEmptyFile();
        } finally {
            exchange.stop(0);
            redis.stop();
            traces.close();
            alerts.close();
            pager.close();
        }
        out.put("traces", traces.received());
        out.put("alerts", alerts.received());
        assertThat(traces.authorizations()).containsOnly("Bearer " + COLLECTOR_TOKEN);
        assertThat(out.get("traces"))
                .as("spans of calls to KIS")
                .contains("kis.call")
                .contains("TTTC0012U");
        assertThat(out.get("alerts"))
                .as("an alert and a fill")
                .contains("request_in_doubt")
                .contains("005930");
        // Its events have the key, as it demands.
        assertThat(pager.received()).as("events for the pager").contains(PAGER_KEY);
        Programs.command(
                folder,
                "backup",
                "create",
                "--env",
                "sim",
                "--to",
                folder.resolve("backups").toString());
        out.put("backup", unpackedBackup());
        assertThat(out.get("backup")).contains("journal.db").contains("audit.db");
        planted.put(
                "master key",
                ascii(Programs.read(folder.resolve("config/master.key")).strip()));

        assertThat(out.get("first answers"))
                .as("the day ran")
                .contains("FILLED")
                .contains("OPERATOR_TOKEN_WRONG");
        assertThat(out.get("first events")).contains("data:");
        var log = Programs.read(folder.resolve("data/sim/log/gateway.log"));
        assertThat(log).as("all is logged").contains("token_issued").contains("DEBUG");
        assertThat(search(planted, out)).isEmpty();
    }

    /** Takes what is sent to it, and answers 200. */
    private static final class Receiver implements AutoCloseable {
        private final HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        private final StringBuffer bodies = new StringBuffer();
        private final Set<String> authorizations = ConcurrentHashMap.newKeySet();

        Receiver() throws IOException {
            server.createContext("/", call -> {
                byte[] body = call.getRequestBody().readAllBytes();
                if ("gzip".equals(call.getRequestHeaders().getFirst("Content-Encoding"))) {
                    try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(body))) {
                        body = unpacked.readAllBytes();
                    }
                }
                bodies.append(new String(body, StandardCharsets.ISO_8859_1)).append('\n');
                authorizations.add(
                        Objects.requireNonNullElse(call.getRequestHeaders().getFirst("Authorization"), "none"));
                call.sendResponseHeaders(200, -1);
                call.close();
            });
            server.start();
        }

        String url() {
            return "http://127.0.0.1:" + server.getAddress().getPort();
        }

        String received() {
            return bodies.toString();
        }

        Set<String> authorizations() {
            return authorizations;
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    /** The names and bytes of what a backup packs. */
    private String unpackedBackup() throws IOException {
        var text = new StringBuilder();
        try (var files = Files.list(folder.resolve("backups"))) {
            var newest = files.filter(file -> file.toString().endsWith(".zip"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            try (var zip = new ZipInputStream(Files.newInputStream(newest))) {
                for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    text.append(entry.getName()).append('\n');
                    text.append(new String(zip.readAllBytes(), StandardCharsets.ISO_8859_1));
                }
            }
        }
        return text.toString();
    }

    /** The exchange's published days; every request is refused. */
    private HttpServer exchange() throws IOException {
        var exchange = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        exchange.createContext("/", call -> {
            var shown = call.getRequestHeaders().getFirst("AUTH_KEY");
            receivedKeys.add(shown == null ? "none" : shown);
            var refused = ("{\"respMsg\":\"Unauthorized Key " + shown + "\",\"respCode\":\"401\"}")
                    .getBytes(StandardCharsets.UTF_8);
            call.sendResponseHeaders(401, refused.length);
            call.getResponseBody().write(refused);
            call.close();
        });
        exchange.start();
        return exchange;
    }

    /**
     * Writes what that Redis has to a file of the folder that is searched.
     *
     * @return the number of keys
     */
    private static long saveRedis(int redisPort) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), redisPort);
                var answers =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            socket.setSoTimeout((int) SHORT_TIMEOUT.toMillis());
            socket.getOutputStream().write(ascii("AUTH " + REDIS_PASSWORD + "\r\nSAVE\r\nDBSIZE\r\n"));
            assertThat(answers.readLine()).isEqualTo("+OK");
            assertThat(answers.readLine()).isEqualTo("+OK");
            return Long.parseLong(answers.readLine().substring(1));
        }
    }

    private Launch launch(Path logging, int redisPort) {
        var launch = StartCache.with(Programs.coldGateway(folder));
        for (var setting : UNUSED.entrySet()) launch = launch.withEnvironment(setting.getKey(), setting.getValue());
        return launch.withEnvironment("KIS_ENV", "sim")
                .withEnvironment("GATEWAY_AUTH", "required")
                .withEnvironment("KRX_AUTH_KEY", KRX_KEY)
                .withEnvironment("REDIS_URL", "redis://:" + REDIS_PASSWORD + "@127.0.0.1:" + redisPort + "/0")
                .withEnvironment("KIS_APP_KEY", KEY)
                .withEnvironment("KIS_APP_SECRET", SECRET)
                .withEnvironment("KIS_ACCOUNT_NO", CANO + "-01")
                .withEnvironment("KIS_HTS_ID", HTS_ID)
                .withEnvironment("GATEWAY_OPERATOR_TOKEN", OPERATOR)
                .withJvmFlags("-Dlogback.configurationFile=" + logging);
    }

    private static void runDay(
            Launch launch, String key, GatewayClient simulator, String name, Map<String, String> out) {
        var answers = new StringBuilder();
        var stranger = Running.start(launch);
        try (var gateway = new Running(stranger.program(), stranger.client().withKey(key));
                var stream = gateway.stream()) {
            stream.send("{\"op\":\"subscribe\",\"channels\":[\"trades\",\"books\",\"orders\",\"executions\"],"
                    + "\"symbols\":[\"005930\"],\"id\":\"1\"}");
            var id = gateway.placed(name + "-buy", "005930", "BUY", 1, Optional.empty());
            gateway.awaitStatus(id, "FILLED");
            Programs.switchFaults(simulator, "{\"lose_answers\":1}");
            var lost = gateway.placed(name + "-lost", "005930", "BUY", 2, Optional.empty());
            gateway.awaitStatus(lost, "FILLED");
            Programs.switchFaults(simulator, "{\"rate_limit_storm\":3,\"ledger_limit_storm\":2}");
            answers.append(gateway.client().get("/v1/orders/" + id).text());
            requestExchangeDays(gateway, answers);
            answers.append(askAsAgent(gateway, "get_order", "{\"id\":\"" + id + "\"}"))
                    .append(askAsAgent(gateway, "list_accounts", "{}"));
            out.put(name + " events", events(gateway, key));
            visitEveryRoute(gateway.client(), id, answers);
            visitEveryRoute(stranger.client(), id, answers);
            for (var token : List.of("", "wrong", OPERATOR)) {
                var answer = gateway.client()
                        .send(
                                "POST",
                                "/v1/session/reconnect",
                                Optional.empty(),
                                token.isEmpty() ? Map.of() : Map.of("X-Operator-Token", token));
                answers.append(answer.headers().map()).append(answer.text()).append('\n');
            }
            // While it releases registrations: a socket that breaks just then is a gap like any other.
            Programs.switchFaults(simulator, "{\"drop_sockets\":true}");
            stream.await("the gap", m -> m.has("gap"), SHORT_TIMEOUT);
            gateway.ready();
            answers.append(
                    gateway.client().post("/v1/orders", "{\"account_id\":", "x").text());
            out.put(name + " stream", stream.unclaimed().toString());
            answers.append(gateway.client().get("/metrics").text());
            gateway.program().stop(SHORT_TIMEOUT);
            out.put(name + " output", String.join("\n", gateway.program().output()));
        }
        out.put(name + " answers", answers.toString());
    }

    private static String askAsAgent(Running gateway, String tool, String arguments) {
        var answer = gateway.client()
                .send(
                        "POST",
                        "/mcp",
                        Optional.of("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\""
                                + tool + "\",\"arguments\":" + arguments + "}}"),
                        Map.of(
                                "Accept", "application/json, text/event-stream",
                                "MCP-Protocol-Version", "2025-11-25"));
        assertThat(answer.text())
                .as("the answer of " + tool)
                .contains("\"content\"")
                .doesNotContain("\"isError\":true");
        return answer.headers().map() + answer.text();
    }

    private static void requestExchangeDays(Running gateway, StringBuilder answers) {
        var started = gateway.client()
                .send(
                        "POST",
                        "/v1/history/backfill",
                        Optional.of("{\"symbols\":[\"005930\"],\"period\":\"D\",\"source\":\"krx\","
                                + "\"from\":\"2026-11-12\",\"to\":\"2026-11-13\"}"),
                        Map.of("X-Operator-Token", OPERATOR));
        assertThat(started.status()).as(started.toString()).isEqualTo(202);
        var ended = gateway.await(
                "/v1/jobs/" + started.body().path("id").asString(),
                "the end of a backfill that the exchange refuses",
                job -> job.path("state").asString().matches("DONE|FAILED"));
        answers.append(ended).append('\n');
    }

    /** The beginning of the event stream, which does not end by itself. */
    private static String events(Running gateway, String key) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                        + gateway.program().gatewayPort()
                        + "/v1/events?channels=quotes,trades,orders,executions&symbols=005930"))
                .header("X-API-Key", key)
                .build();
        try (var client = HttpClient.newHttpClient()) {
            var answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (var body = answer.body()) {
                var started = new String(body.readNBytes(4_000), StandardCharsets.UTF_8);
                client.shutdownNow();
                return answer.headers().map() + started;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Every call of the contract, with its parameters and without; events and the stream have tests elsewhere. */
    private static void visitEveryRoute(GatewayClient client, String order, StringBuilder answers) {
        client.get("/openapi.json")
                .body()
                .path("paths")
                .propertyStream()
                .forEach(path -> path.getValue().propertyNames().stream()
                        .filter(method ->
                                List.of("get", "post", "put", "delete").contains(method))
                        .filter(method -> !List.of("/v1/events", "/v1/stream").contains(path.getKey()))
                        .forEach(method -> {
                            var url = path.getKey()
                                    .replace("{symbol}", "000660")
                                    .replace("{id}", order)
                                    .replaceAll("\\{[a-z_]+}", "planted-nowhere");
                            var body =
                                    method.equals("get") ? Optional.<String>empty() : Optional.of("{\"nonsense\":1}");
                            var answer = client.send(
                                    method.toUpperCase(Locale.ROOT), url, body, Map.of("X-Operator-Token", OPERATOR));
                            answers.append(url)
                                    .append(answer.headers().map())
                                    .append(answer.text())
                                    .append('\n');
                        }));
    }

    private static Map<String, byte[]> planted() {
        var planted = new LinkedHashMap<String, byte[]>();
        planted.put("app key", ascii(KEY));
        planted.put("app secret", ascii(SECRET));
        planted.put("start of the app secret", ascii(SECRET.substring(0, 24)));
        planted.put("account number", ascii(CANO));
        planted.put("login id", ascii(HTS_ID));
        planted.put("operator token", ascii(OPERATOR));
        planted.put("app key of K2", ascii(KEY_OF_K2));
        planted.put("app secret of K2", ascii(SECRET_OF_K2));
        planted.put("KRX key", ascii(KRX_KEY));
        planted.put("Redis password", ascii(REDIS_PASSWORD));
        planted.put("token for the collector", ascii(COLLECTOR_TOKEN));
        planted.put("token of a bot", ascii(BOT_TOKEN));
        planted.put("key of alerts", ascii(ALERT_KEY));
        planted.put("address of a Slack channel", ascii(SLACK_PATH));
        planted.put("key of the pager", ascii(PAGER_KEY));
        planted.put("password of the mail server", ascii(MAIL_PASSWORD));
        UNUSED.forEach((setting, secret) -> planted.put(setting, ascii(secret)));
        planted.put("app key in base64", Base64.getEncoder().encode(ascii(KEY.substring(0, 30))));
        planted.put("app secret in base64", Base64.getEncoder().encode(ascii(SECRET.substring(0, 30))));
        return planted;
    }

    private List<String> search(Map<String, byte[]> planted, Map<String, String> out) throws IOException {
        var found = new ArrayList<String>();
        out.forEach((place, text) -> planted.forEach((what, bytes) -> {
            if (text.contains(new String(bytes, StandardCharsets.ISO_8859_1))) found.add(what + " in " + place);
        }));
        try (var files = Files.walk(folder)) {
            // The files in which the user stores the secrets.
            var secretFiles = List.of(
                    folder.resolve("gateway.yaml"), folder.resolve("alerts.yaml"), folder.resolve("config/master.key"));
            for (var file : files.filter(Files::isRegularFile)
                    .filter(f -> !secretFiles.contains(f))
                    .toList()) {
                // Latin 1 preserves every byte.
                var bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
                planted.forEach((what, secret) -> {
                    var simulators = file.getFileName().toString().startsWith("simulator.db");
                    if (simulators && List.of("account number", "login id").contains(what)) return;
                    if (bytes.contains(new String(secret, StandardCharsets.ISO_8859_1))) {
                        found.add(what + " in the file " + folder.relativize(file));
                    }
                });
            }
        }
        return found;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
