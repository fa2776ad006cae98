package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts about orders, the kill switch, the journal and prices, raised and settled by their causes on a whole gateway. */
@Requirement(value = "A-13", clause = "settle")
@Tag("slow")
class AlertsSettleTest {
    private static final String SYMBOL = "005930";

    @TempDir
    Path folder;

    private static boolean isOpen(GatewayFixture gateway, String event) {
        return gateway.alert(event).filter(it -> it.path("settled_at").isNull()).isPresent();
    }

    private static boolean isSettled(GatewayFixture gateway, String event) {
        return gateway.alert(event)
                .filter(it -> it.path("settled_at").isString())
                .isPresent();
    }

    private static void awaitRaised(GatewayFixture gateway, String event) {
        Await.until(event + " is raised and open", () -> isOpen(gateway, event));
    }

    private static void awaitSettled(GatewayFixture gateway, String event) {
        Await.until(event + " is settled", () -> isSettled(gateway, event));
        gateway.contract().check("GET", "/v1/alerts", gateway.get("/v1/alerts"));
    }

    private static String placeResting(GatewayFixture gateway, String key, int qty) {
        long price = gateway.json("/v1/quotes/" + SYMBOL).path("price").asLong(0) * 8 / 10 / 1_000 * 1_000;
        var placed = gateway.send(
                "POST",
                "/v1/orders",
                "{\"account_id\":\"A1\",\"symbol\":\"" + SYMBOL + "\",\"side\":\"BUY\",\"qty\":" + qty + ",\"price\":"
                        + price + "}",
                "Idempotency-Key",
                key);
        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(200);
        return gateway.tree(placed).path("order_id").asString("");
    }

    private static void awaitStatus(GatewayFixture gateway, String order, String status) {
        Await.until(
                "the order is " + status,
                () -> gateway.json("/v1/orders/" + order)
                        .path("status")
                        .asString("")
                        .equals(status));
    }

    @Test
    void an_in_doubt_alert_settles_when_the_brokers_list_shows_the_order() {
        try (var gateway = GatewayFixture.start(folder, "--simulator-clock=open-fixed")) {
            gateway.awaitReady();
            gateway.fault("{\"server_errors_after\":{\"on\":\"orders\",\"count\":1},"
                    + "\"unavailable_before\":{\"on\":\"queries\",\"path\":\"inquire-daily-ccld\",\"for\":\"10m\"}}");
            String order = placeResting(gateway, "k1", 3);
            awaitRaised(gateway, "request_in_doubt");
            awaitRaised(gateway, "list_failed");
            assertThat(gateway.alert("request_in_doubt")
                            .orElseThrow()
                            .path("order_id")
                            .asString(""))
                    .isEqualTo(order);

            gateway.fault("{\"clear\":true}");
            awaitStatus(gateway, order, "SENT");
            awaitSettled(gateway, "request_in_doubt");
            awaitSettled(gateway, "list_failed");
        }
    }

    @Test
    void the_kill_switch_alert_settles_when_the_switch_is_lifted() {
        try (var gateway = GatewayFixture.start(folder)) {
            gateway.awaitReady();
            gateway.operate("POST", "/v1/risk/kill-switch", "{\"on\":true,\"reason\":\"a test\"}");
            awaitRaised(gateway, "kill_switch_on");
            gateway.operate("POST", "/v1/risk/kill-switch", "{\"on\":false}");
            awaitSettled(gateway, "kill_switch_on");
            assertThat(isSettled(gateway, "kill_switch_off"))
                    .as("reports an end and is raised as settled")
                    .isTrue();
        }
    }

    @Test
    void a_journal_outage_alert_settles_after_ten_seconds_without_failures() throws Exception {
        try (var gateway = GatewayFixture.start(folder, "--simulator-clock=open-fixed")) {
            gateway.awaitReady();
            executeInJournal("CREATE TRIGGER refuse BEFORE INSERT ON journal BEGIN SELECT RAISE(FAIL, 'disk'); END");
            assertThat(gateway.buy("k1").body()).contains("JOURNAL_UNAVAILABLE");
            awaitRaised(gateway, "journal_unavailable");
            executeInJournal("DROP TRIGGER refuse");
            Await.until("orders are accepted again", () -> gateway.blockers().isEmpty());
            gateway.jump(Duration.ofSeconds(11));
            gateway.buy("k2");
            awaitSettled(gateway, "journal_unavailable");
            assertThat(isSettled(gateway, "order_desk_works_again")).isTrue();
        }
    }

    private void executeInJournal(String sql) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/sim/journal.db"));
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout=5000");
            statement.execute(sql);
        }
    }

    @Test
    void a_safe_value_alert_settles_when_a_source_has_the_price() {
        try (var gateway = GatewayFixture.start(folder, "--quote-safe-value=last-close")) {
            gateway.awaitReady();
            // Not registered and never requested before: only the safe value remains.
            gateway.fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"inquire-price\",\"for\":\"10m\"}}");
            assertThat(gateway.json("/v1/quotes/000660").path("state").asString(""))
                    .isEqualTo("FALLBACK");
            awaitRaised(gateway, "quote_fallback");
            gateway.fault("{\"clear\":true}");
            Await.until(
                    "a source has the price",
                    () -> gateway.json("/v1/quotes/000660")
                            .path("source")
                            .asString("")
                            .startsWith("kis"));
            awaitSettled(gateway, "quote_fallback");
        }
    }
}
