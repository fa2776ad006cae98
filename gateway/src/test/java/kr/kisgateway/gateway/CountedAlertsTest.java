package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Alerts about shares, numbers and limits, raised and settled by their causes on a whole gateway. */
@Requirement(value = "A-13", clause = "settle")
@Tag("slow")
class CountedAlertsTest {
    private static final String SYMBOL = "005930";
    private static final Map<String, String> FAST =
            Map.of("KIS_ENV", "sim", "SIMULATOR_RATE_LIMIT", "5000", "SIMULATOR_CLOCK", "open-fixed");

    @TempDir
    Path folder;

    private GatewayFixture gateway;
    private int keys;

    @AfterEach
    void stop() {
        if (gateway != null) {
            gateway.close();
        }
    }

    private void start(String... settings) {
        gateway = GatewayFixture.start(folder, Duration.ZERO, FAST, settings);
        gateway.awaitReady();
    }

    private void rules(String text) throws IOException {
        Files.writeString(folder.resolve("alerts.yaml"), text);
    }

    private void buy() {
        gateway.buy("counted-" + ++keys);
    }

    private JsonNode awaitRaised(String event, String level) {
        Await.until(
                event + " is raised",
                () -> gateway.alert(event)
                        .filter(it -> it.path("settled_at").isNull())
                        .isPresent());
        var alert = gateway.alert(event).orElseThrow();
        assertThat(alert.path("level").asString()).isEqualTo(level);
        return alert;
    }

    /** Time passes until the alert is settled. */
    private void awaitSettled(String event) {
        Await.until(event + " is settled", () -> {
            gateway.jump(Duration.ofSeconds(5));
            return gateway.alert(event)
                    .filter(it -> it.path("settled_at").isString())
                    .isPresent();
        });
        assertThat(gateway.alerts(event)).as("raised once").hasSize(1);
        gateway.contract().check("GET", "/v1/alerts", gateway.get("/v1/alerts"));
    }

    @Test
    @Requirement(value = "A-13", clause = "failures")
    @Requirement(value = "A-13", clause = "once")
    void more_than_a_tenth_of_failed_orders_is_an_alert_and_a_tenth_is_none() {
        start();
        for (int i = 0; i < 18; i++) {
            buy();
        }
        Await.until(
                "all are filled",
                () -> gateway.json("/v1/metrics/order").path("filled").asInt() == 18);
        gateway.fault("{\"refuse_orders\":{\"on\":\"orders\",\"count\":2}}");
        buy();
        buy();
        Await.until(
                "both are refused",
                () -> gateway.json("/v1/metrics/order").path("rejected").asInt() == 2);
        gateway.jump(Duration.ofSeconds(1));
        gateway.fault("{\"server_errors_after\":{\"on\":\"orders\",\"count\":1}}");
        assertThat(gateway.alert("order_failures")).as("2 of 20").isEmpty();
        buy();
        assertThat(awaitRaised("order_failures", "P2").path("message").asString())
                .as("an unknown result is a failure, too")
                .startsWith("3 of 21 orders of the last 5 min failed");
        awaitSettled("order_failures");
    }

    @Test
    @Requirement(value = "A-13", clause = "daily")
    void four_fifths_of_the_orders_of_a_day_are_an_alert_until_the_limit_is_higher() {
        start("--risk-daily-orders=5");
        for (int i = 0; i < 3; i++) {
            buy();
        }
        Await.until(
                "three are filled",
                () -> gateway.json("/v1/metrics/order").path("filled").asInt() == 3);
        assertThat(gateway.alert("daily_orders_used")).isEmpty();
        buy();
        assertThat(awaitRaised("daily_orders_used", "P3").path("message").asString())
                .contains("account A1 has used 4 of the 5 orders of the day");
        var limits = (tools.jackson.databind.node.ObjectNode) gateway.json("/v1/risk/limits");
        ((tools.jackson.databind.node.ObjectNode) limits.path("gateway")).put("daily_orders", 50);
        assertThat(gateway.operate("PUT", "/v1/risk/limits", limits.toString()).statusCode())
                .isEqualTo(200);
        awaitSettled("daily_orders_used");
    }

    @Test
    void the_day_that_is_used_up_is_an_alert_again_after_a_restart() {
        start("--risk-daily-orders=5");
        for (int i = 0; i < 4; i++) {
            buy();
        }
        awaitRaised("daily_orders_used", "P3");
        gateway.close();
        start("--risk-daily-orders=5");
        awaitRaised("daily_orders_used", "P3");
    }

    @Test
    @Requirement(value = "A-13", clause = "rules")
    void figures_levels_and_kinds_of_the_file_apply_and_changes_without_a_restart() throws Exception {
        rules("rules: {order_failures: {percent: 50, least: 2, level: P1}}");
        start();
        buy();
        Await.until(
                "the first is filled, so that the fault is for the second",
                () -> gateway.json("/v1/metrics/order").path("filled").asInt() == 1);
        gateway.fault("{\"refuse_orders\":{\"on\":\"orders\",\"count\":10}}");
        buy();
        Await.until(
                "it is refused",
                () -> gateway.json("/v1/metrics/order").path("rejected").asInt() == 1);
        assertThat(gateway.alert("order_failures"))
                .as("half is not more than half")
                .isEmpty();
        buy();
        awaitRaised("order_failures", "P1");
        rules("rules: {order_failures: off}");
        Await.until(
                "it is settled",
                () -> gateway.alert("order_failures")
                        .filter(it -> it.path("settled_at").isString())
                        .isPresent());
        rules("rules: {order_failures: {percent: 100}}");
        Await.until(
                "the mistake is an alert",
                () -> gateway.alert("alert_rules_refused")
                        .filter(it -> it.path("message")
                                .asString()
                                .contains("rules.order_failures.percent: must be 1 % to 99 %"))
                        .isPresent());
    }

    @Test
    void orders_that_the_list_corrects_are_an_alert() {
        start();
        gateway.fault("{\"lose_notices\":{\"for\":\"1h\"}}");
        buy();
        awaitRaised("orders_corrected", "P2");
        gateway.fault("{\"clear\":true}");
        awaitSettled("orders_corrected");
    }

    @Test
    void orders_of_another_program_are_an_alert() throws Exception {
        start(
                "--kis-app-key=PSALERTS0000000000000000000000000001",
                "--kis-app-secret=" + "s".repeat(180),
                "--kis-account-no=50001234-01",
                "--kis-hts-id=alerts01");
        try (var http = HttpClient.newHttpClient()) {
            var elsewhere = new FaceClient(
                    http,
                    URI.create("http://127.0.0.1:"
                            + gateway.gateway().simulatorPort().orElseThrow()),
                    "PSELSEWHERE00000000000000000000000001",
                    "w".repeat(180),
                    "50001234",
                    "01",
                    "alerts01");
            assertThat(elsewhere.login().statusCode()).isEqualTo(200);
            assertThat(FaceClient.tree(elsewhere.order("TTTC0012U", SYMBOL, "01", 4, 0))
                            .path("rt_cd")
                            .asString())
                    .isEqualTo("0");
        }
        assertThat(gateway.operate("POST", "/v1/orders/reconcile", "{}").statusCode())
                .isEqualTo(200);
        assertThat(awaitRaised("orders_adopted", "P3").path("message").asString())
                .startsWith("1 orders that the gateway did not place");
        awaitSettled("orders_adopted");
    }

    @Test
    void calls_that_wait_for_the_budget_or_get_no_slot_are_an_alert() throws Exception {
        rules("rules: {budget_waits: {longer-than: 1s, least: 3, window: 30s}}");
        gateway = GatewayFixture.start(
                folder,
                Duration.ZERO,
                Map.of("KIS_ENV", "sim", "SIMULATOR_RATE_LIMIT", "4", "SIMULATOR_CLOCK", "open-fixed"));
        gateway.awaitReady();
        try (var callers = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
            for (String symbol : gateway.json("/v1/instruments?market=KOSPI&limit=60")
                    .path("instruments")
                    .findValuesAsString("symbol")) {
                callers.execute(() -> gateway.get("/v1/orderbooks/" + symbol));
            }
            awaitRaised("budget_waits", "P2");
        }
        awaitSettled("budget_waits");
    }

    @Test
    void symbols_beyond_the_registrations_are_an_alert() throws Exception {
        rules("rules: {registrations_full: {after: 2s}}");
        start();
        var symbols = gateway.json("/v1/instruments?market=KOSPI&limit=60")
                .path("instruments")
                .findValuesAsString("symbol");
        try (var http = HttpClient.newHttpClient()) {
            var socket = http.newWebSocketBuilder()
                    .buildAsync(
                            URI.create(gateway.gateway().baseUri().toString().replace("http:", "ws:") + "/v1/stream"),
                            new WebSocket.Listener() {})
                    .join();
            socket.sendText(
                            "{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\""
                                    + String.join("\",\"", symbols) + "\"],\"id\":\"1\"}",
                            true)
                    .join();
            assertThat(awaitRaised("registrations_full", "P3").path("message").asString())
                    .contains("symbols are polled");
            socket.abort();
        }
        awaitSettled("registrations_full");
    }

    @Test
    void many_refused_keys_from_one_address_are_an_alert() {
        start();
        for (int i = 0; i < 9; i++) {
            assertThat(gateway.send("GET", "/v1/orders", "", "X-API-Key", "kgw_abcd2345_wrong" + i)
                            .statusCode())
                    .isEqualTo(401);
        }
        gateway.jump(Duration.ofSeconds(1));
        assertThat(gateway.alert("login_failures")).isEmpty();
        gateway.send("GET", "/v1/orders", "", "X-API-Key", "kgw_abcd2345_wrong");
        assertThat(awaitRaised("login_failures", "P2").path("message").asString())
                .startsWith("10 keys or operator tokens from")
                .doesNotContain("kgw_");
        awaitSettled("login_failures");
    }

    @Test
    void a_key_that_expires_soon_is_an_alert_until_it_is_revoked() {
        start();
        assertThat(create("soon", "10d")).isEqualTo(200);
        assertThat(create("later", "20d")).isEqualTo(200);
        assertThat(awaitRaised("key_expires", "P3").path("message").asString())
                .startsWith("the API key soon expires at");
        assertThat(create("sooner", "2d")).isEqualTo(200);
        Await.until("the other is urgent", () -> gateway.alerts("key_expires").size() == 2);
        assertThat(gateway.alert("key_expires").orElseThrow().path("level").asString())
                .isEqualTo("P2");
        assertThat(gateway.operate("DELETE", "/v1/keys/soon", "").statusCode()).isEqualTo(200);
        Await.until(
                "it is settled",
                () -> gateway.alerts("key_expires").getLast().path("settled_at").isString());
        assertThat(gateway.alerts("key_expires").getFirst().path("settled_at").isNull())
                .isTrue();
    }

    private int create(String name, String expires) {
        return gateway.operate(
                        "POST",
                        "/v1/keys",
                        "{\"name\":\"" + name + "\",\"role\":\"quote\",\"expires\":\"" + expires + "\"}")
                .statusCode();
    }

    @Test
    void a_backfill_that_fails_is_an_alert_until_one_succeeds() throws Exception {
        try (var exchange = new RefusingExchange()) {
            start("--krx-auth-key=PLANTEDWRONGKEY", "--krx-api-base-url=" + exchange.url());
            backfill(",\"source\":\"krx\"");
            assertThat(awaitRaised("backfill_failed", "P2").path("message").asString())
                    .contains("has no data for", "./kis jobs show job-")
                    .doesNotContain("PLANTED");
            backfill("");
            awaitSettled("backfill_failed");
        }
    }

    private void backfill(String more) {
        var answer = gateway.operate(
                "POST",
                "/v1/history/backfill",
                "{\"symbols\":[\"" + SYMBOL + "\"],\"period\":\"D\",\"from\":\"2026-09-01\",\"to\":\"2026-09-10\""
                        + more + "}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }
}
