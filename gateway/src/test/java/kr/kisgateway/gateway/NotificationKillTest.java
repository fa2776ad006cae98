package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A gateway as a process of its own that is killed (SIGKILL) before, while and after it sends an alert. */
@Tag("slow")
class NotificationKillTest {
    private static final String TOKEN = "operator-token-of-the-test";
    private static final int ROUNDS = 4;

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient http = HttpClient.newHttpClient();

    /** Sets another daily limit, which is an alert. */
    private void changeLimits(URI base, int dailyOrders) throws Exception {
        var limits = base.resolve("/v1/risk/limits");
        var now = http.send(
                HttpRequest.newBuilder(limits).header("X-Operator-Token", TOKEN).build(), BodyHandlers.ofString());
        var body = (ObjectNode) mapper.readTree(now.body());
        ((ObjectNode) body.path("gateway")).put("daily_orders", dailyOrders);
        var answer = http.send(
                HttpRequest.newBuilder(limits)
                        .header("X-Operator-Token", TOKEN)
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    @Test
    @Requirement("A-13")
    void an_alert_survives_a_kill_and_is_sent_once_or_marked(@TempDir Path folder) throws Exception {
        try (var receiver = new AlertReceiver();
                var simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                        .withTime(new OpenCalendar(), InstantSource.system())
                        .withRates(5_000, 5_000)
                        .withSynchronous("OFF"))) {
            Files.writeString(folder.resolve("alerts.yaml"), """
                    dedupe: 0s
                    channels: {desk: {type: webhook, url: %s/desk, key: shared}}
                    routes: [{events: [limits_changed], to: [desk]}]
                    """.formatted(receiver.base()));
            var process = new GatewayProcess(
                    http,
                    folder,
                    simulator.restBase(),
                    Map.of("ALERTS_INNER_ADDRESSES", "true", "GATEWAY_OPERATOR_TOKEN", TOKEN));
            for (int round = 1; round <= ROUNDS; round++) {
                int before = receiver.of("/desk").size();
                receiver.hold();
                changeLimits(process.base(), 9_000 + round);
                Await.until("a message is under way", () -> receiver.of("/desk").size() > before);
                process.kill();
                receiver.release();
                process.start();
                Await.until(
                        "it is sent again and marked",
                        () -> receiver.of("/desk").stream()
                                .skip(before)
                                .anyMatch(it -> it.body().path("maybe_sent").booleanValue()));
            }
            process.kill();
            var messages = receiver.of("/desk");
            assertThat(messages.stream()
                            .filter(it -> !it.body().path("maybe_sent").booleanValue())
                            .map(it -> it.body().path("id").asString()))
                    .as("what is sent twice says so")
                    .doesNotHaveDuplicates()
                    .hasSize(ROUNDS);
            assertThat(messages.stream()
                            .map(it -> it.body().path("id").asString())
                            .distinct())
                    .as("no number is used again")
                    .hasSize(ROUNDS);
        }
    }
}
