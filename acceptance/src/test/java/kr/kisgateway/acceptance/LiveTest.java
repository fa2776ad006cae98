package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.programs.Launch;
import kr.kisgateway.programs.LocalProgram;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway in live, against a broker of another process that behaves as the real one. */
@Requirement("A-15")
@Tag("slow")
class LiveTest {
    private static final String SYMBOL = "005930";

    @TempDir
    Path folder;

    @Test
    @Requirement(value = "G-01", clause = "lease")
    @Requirement(value = "A-15", clause = "live")
    @Requirement(value = "G-18", clause = "dry-run")
    void live_requires_a_key_and_trades_only_after_a_dry_run() {
        var log = folder.resolve("classes.log");
        try (var broker = Programs.simulator(folder);
                var gateway = Running.start(live(folder, broker).withJvmFlags("-Xlog:class+load:file=" + log))) {
            assertThat(gateway.program().output()).anyMatch(line -> line.contains("./kis keys create"));
            assertThat(gateway.client().get("/v1/quotes/" + SYMBOL).code()).isEqualTo("UNAUTHENTICATED");
            assertThat(gateway.place("k1", SYMBOL, "BUY", 1, Optional.empty()).code())
                    .isEqualTo("UNAUTHENTICATED");

            try (var quotes = withKey(gateway, "viewer", "quote");
                    var trader = withKey(gateway, "trader", "trade")) {
                Eventually.await(
                        "the keys to be loaded",
                        Programs.SHORT_TIMEOUT,
                        () -> quotes.get("/v1/quotes/" + SYMBOL),
                        Answer::ok);
                Eventually.await(
                        "the keys to be loaded",
                        Programs.SHORT_TIMEOUT,
                        () -> trader.get("/v1/quotes/" + SYMBOL),
                        Answer::ok);
                var order = Programs.order(SYMBOL, "BUY", 1, Optional.empty());
                assertThat(quotes.post("/v1/orders", order, "k2").code()).isEqualTo("FORBIDDEN");
                assertThat(trader.post("/v1/orders", order, "early").code()).isEqualTo("DRY_RUN_REQUIRED");
                assertThat(countSentOrders(broker))
                        .as("orders at the broker before the dry run")
                        .isZero();
                var dry = trader.post("/v1/orders", order.replace("}", ",\"dry_run\":true}"), "dry");
                assertThat(dry.ok()).as(dry.toString()).isTrue();
                var placed = trader.post("/v1/orders", order, "k3");
                assertThat(placed.ok()).as(placed.toString()).isTrue();
                var id = placed.body().path("order_id").asString();
                Eventually.await(
                        "the fill",
                        Programs.SHORT_TIMEOUT,
                        () -> trader.get("/v1/orders/" + id).body(),
                        it -> it.path("status").asString("").equals("FILLED"));
                assertThat(countSentOrders(broker)).isEqualTo(1);
                assertThat(trader.post("/v1/risk/kill-switch", "{\"on\":true}").code())
                        .isEqualTo("FORBIDDEN");
                assertThat(trader.send("GET", "/v1/keys", Optional.empty(), Map.of())
                                .code())
                        .isEqualTo("FORBIDDEN");
            }

            try (var second = LocalProgram.startWithoutWaiting(live(folder, broker)
                    .withEnvironment("GATEWAY_DATA_DIR", folder.resolve("other").toString()))) {
                assertThat(second.awaitExit(Programs.START_TIMEOUT)).hasValue(2);
                assertThat(second.output()).anyMatch(line -> line.contains("uses the app key"));
            }
            assertThat(gateway.log()).doesNotContain("kgw_");
        }
        var loaded = Programs.read(log);
        assertThat(loaded).contains("kr.kisgateway.gateway.Main");
        assertThat(loaded.lines()
                        .filter(line -> line.contains("kr.kisgateway.simulator") || line.contains(" picocli.")))
                .as("a start loads neither the simulator nor the parser of the other commands")
                .isEmpty();
    }

    @Test
    @Requirement(value = "G-15", clause = "live")
    @Requirement(value = "G-18", clause = "flag")
    @Requirement(value = "G-18", clause = "accounts")
    void live_sends_no_order_unless_trading_is_enabled_and_the_account_is_named() {
        try (var broker = Programs.simulator(folder)) {
            for (var missing : Map.of("KIS_LIVE_TRADING", "false", "KIS_LIVE_ACCOUNTS", "A2")
                    .entrySet()) {
                var launch =
                        StartCache.with(live(folder, broker)).withEnvironment(missing.getKey(), missing.getValue());
                try (var gateway = Running.startUnready(launch);
                        var trader = withKey(gateway, missing.getKey().toLowerCase(Locale.ROOT), "trade")) {
                    var status = Eventually.await(
                            "the key to be loaded and the list to be read",
                            Programs.START_TIMEOUT,
                            () -> trader.get("/v1/session/live-readiness"),
                            answer -> answer.ok() && !answer.text().contains("RECONCILING"));
                    assertThat(status.ok()).isTrue();
                    var order = Programs.order(SYMBOL, "BUY", 1, Optional.empty());
                    for (var body : List.of(order, order.replace("}", ",\"dry_run\":true}"))) {
                        var refused = trader.post("/v1/orders", body, body.length() + missing.getKey());
                        assertThat(refused.status())
                                .as(missing + ": " + refused)
                                .isEqualTo(400);
                        assertThat(refused.code()).isEqualTo("LIVE_DISABLED");
                        assertThat(refused.text()).contains(missing.getKey());
                    }
                    assertThat(trader.get("/v1/orders").body().path("orders").size())
                            .isZero();
                }
            }
            assertThat(countSentOrders(broker)).isZero();
        }
    }

    private static long countSentOrders(Simulator broker) {
        return broker.state()
                .path("calls")
                .propertyStream()
                .filter(call -> call.getKey().contains("/trading/order-"))
                .mapToLong(call -> call.getValue().asLong())
                .sum();
    }

    private static Launch live(Path folder, Simulator broker) {
        return Programs.coldGateway(folder)
                .withEnvironment("KIS_ENV", "live")
                .withEnvironment("KIS_API_BASE_URL_REAL", broker.url())
                .withEnvironment("KIS_WS_URL_LIVE", broker.url().replace("http:", "ws:"))
                .withEnvironment("KIS_APP_KEY", "PSabcdefghijklmnopqrstuvwxyz01234567")
                .withEnvironment("KIS_APP_SECRET", "x".repeat(180))
                .withEnvironment("KIS_ACCOUNT_NO", "50001234-01")
                .withEnvironment("KIS_HTS_ID", "livetrader")
                .withEnvironment("KIS_LIVE_TRADING", "true")
                .withEnvironment("KIS_LIVE_ACCOUNTS", "A1");
    }

    /** A client with a new key, created by the command beside the running gateway. */
    private GatewayClient withKey(Running gateway, String name, String role) {
        return gateway.client().withKey(Programs.key(folder, "create", name, "--role", role, "--env", "live"));
    }
}
