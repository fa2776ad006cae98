package kr.kisgateway.acceptance;

import static kr.kisgateway.acceptance.Programs.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.gatewayclient.Launch;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets are planted, a day is lived through with everything logged, and every byte that came out is searched. */
class SecretsTest {
    private static final String KEY = "PLANTEDKEYqwertyuiopasdfghjklzxcvbnm";
    private static final String SECRET = "PlantedSecret" + "Z9y8X7w6V5u4T3s2".repeat(10);
    private static final String CANO = "73519264";
    private static final String HTS_ID = "plantedhts";
    private static final String OPERATOR = "planted-operator-token-5150";

    /** As shipped, but every event of ours in the file. */
    private static final String EVERYTHING = """
            <configuration>
              <appender name="FILE" class="ch.qos.logback.core.FileAppender">
                <file>${gateway.log.dir}/gateway.log</file>
                <encoder><pattern>%d %-5level %logger [%thread] %msg%n</pattern></encoder>
              </appender>
              <logger name="org.eclipse.jetty" level="WARN"/>
              <logger name="io.javalin" level="WARN"/>
              <logger name="org.apache.hc" level="WARN"/>
              <root level="TRACE"><appender-ref ref="FILE"/></root>
            </configuration>
            """;

    @TempDir
    Path folder;

    @Test
    @Requirement(value = "G-12", clause = "output")
    void no_planted_secret_is_in_any_byte_that_leaves_the_gateway() throws Exception {
        var logging = folder.resolve("logging.xml");
        Files.writeString(logging, EVERYTHING);
        var launch = Programs.gateway(folder)
                .withEnvironment("KIS_ENV", "sim")
                .withEnvironment("KIS_APP_KEY", KEY)
                .withEnvironment("KIS_APP_SECRET", SECRET)
                .withEnvironment("KIS_ACCOUNT_NO", CANO + "-01")
                .withEnvironment("KIS_HTS_ID", HTS_ID)
                .withEnvironment("GATEWAY_OPERATOR_TOKEN", OPERATOR)
                .withJvmFlags("-Dlogback.configurationFile=" + logging);
        var out = new LinkedHashMap<String, String>();
        day(launch, "first", out);
        day(launch, "second", out);

        assertThat(out.get("first answers"))
                .as("the day was lived")
                .contains("FILLED")
                .contains("OPERATOR_TOKEN_WRONG");
        var log = Programs.read(folder.resolve("data/sim/log/gateway.log"));
        assertThat(log).as("all is logged").contains("token_issued").contains("DEBUG");
        assertThat(search(out)).isEmpty();
    }

    private static void day(Launch launch, String name, Map<String, String> out) {
        var answers = new StringBuilder();
        try (var gateway = Running.start(launch);
                var simulator = GatewayClient.onPort(gateway.program().simulatorPort());
                var stream = gateway.stream()) {
            stream.send("{\"op\":\"subscribe\",\"channels\":[\"trades\",\"books\",\"orders\",\"executions\"],"
                    + "\"symbols\":[\"005930\"],\"id\":\"1\"}");
            var id = gateway.placed(name + "-buy", "005930", "BUY", 1, Optional.empty());
            gateway.awaitStatus(id, "FILLED");
            Programs.switchFaults(simulator, "{\"lose_answers\":1}");
            var lost = gateway.placed(name + "-lost", "005930", "BUY", 2, Optional.empty());
            gateway.awaitStatus(lost, "FILLED");
            Programs.switchFaults(simulator, "{\"rate_limit_storm\":3,\"ledger_limit_storm\":2}");
            for (var path : List.of(
                    "/v1/session/status",
                    "/v1/session/live-readiness",
                    "/v1/quotes/000660",
                    "/v1/quotes/999999",
                    "/v1/balances?account_id=A1",
                    "/v1/balances?account_id=" + "9".repeat(8),
                    "/v1/positions?account_id=A1",
                    "/v1/orders",
                    "/v1/orders/" + id,
                    "/v1/orders/" + id + "/events",
                    "/v1/metrics/quote",
                    "/v1/metrics/order",
                    "/health/ready",
                    "/openapi.json")) {
                var answer = gateway.client().get(path);
                answers.append(answer.headers().map()).append(answer.text()).append('\n');
            }
            for (var token : List.of("", "wrong", OPERATOR)) {
                var answer = gateway.client()
                        .send(
                                "POST",
                                "/v1/session/reconnect",
                                Optional.empty(),
                                token.isEmpty() ? Map.of() : Map.of("X-Operator-Token", token));
                answers.append(answer.headers().map()).append(answer.text()).append('\n');
            }
            // While it releases what it registered: the socket that breaks just then is a gap like any other.
            Programs.switchFaults(simulator, "{\"drop_sockets\":true}");
            stream.await("the gap", m -> m.has("gap"), SOON);
            gateway.ready();
            answers.append(
                    gateway.client().post("/v1/orders", "{\"account_id\":", "x").text());
            out.put(name + " stream", stream.unclaimed().toString());
            gateway.program().stop(SOON);
            out.put(name + " output", String.join("\n", gateway.program().output()));
        }
        out.put(name + " answers", answers.toString());
    }

    private List<String> search(Map<String, String> out) throws IOException {
        var planted = new LinkedHashMap<String, byte[]>();
        planted.put("app key", ascii(KEY));
        planted.put("app secret", ascii(SECRET));
        planted.put("start of the app secret", ascii(SECRET.substring(0, 24)));
        planted.put("account number", ascii(CANO));
        planted.put("login id", ascii(HTS_ID));
        planted.put("operator token", ascii(OPERATOR));
        planted.put("app key in base64", Base64.getEncoder().encode(ascii(KEY.substring(0, 30))));
        planted.put("app secret in base64", Base64.getEncoder().encode(ascii(SECRET.substring(0, 30))));
        var found = new ArrayList<String>();
        out.forEach((place, text) -> planted.forEach((what, bytes) -> {
            if (text.contains(new String(bytes, StandardCharsets.US_ASCII))) found.add(what + " in " + place);
        }));
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                // Latin 1 keeps every byte as it is.
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
