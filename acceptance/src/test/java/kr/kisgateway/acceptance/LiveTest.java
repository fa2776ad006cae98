package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.acceptance.Programs.Running;
import kr.kisgateway.acceptance.Programs.Simulator;
import kr.kisgateway.gatewayclient.Answer;
import kr.kisgateway.gatewayclient.GatewayClient;
import kr.kisgateway.gatewayclient.Launch;
import kr.kisgateway.gatewayclient.LocalProgram;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway as it is where real money is, against a broker of another process that speaks as the real one does. */
@Requirement("A-15")
class LiveTest {
    private static final String SYMBOL = "005930";

    @TempDir
    Path folder;

    @Test
    @Requirement(value = "G-15", clause = "live")
    @Requirement(value = "G-18", clause = "flag")
    @Requirement(value = "A-15", clause = "live")
    void live_lets_nobody_in_without_a_key_and_trades_only_where_that_was_allowed() {
        var log = folder.resolve("classes.log");
        try (var broker = Programs.simulator(folder);
                var gateway = Running.start(live(folder, broker).withJvmFlags("-Xlog:class+load:file=" + log))) {
            assertThat(gateway.program().output()).anyMatch(line -> line.contains("./kis keys create"));
            assertThat(gateway.client().get("/v1/quotes/" + SYMBOL).code()).isEqualTo("UNAUTHENTICATED");
            assertThat(gateway.place("k1", SYMBOL, "BUY", 1, Optional.empty()).code())
                    .isEqualTo("UNAUTHENTICATED");

            try (var quotes = withKey(gateway, "viewer", "quote");
                    var trader = withKey(gateway, "trader", "trade")) {
                Eventually.see(
                        "the keys to be known", Programs.SOON, () -> quotes.get("/v1/quotes/" + SYMBOL), Answer::ok);
                Eventually.see(
                        "the keys to be known", Programs.SOON, () -> trader.get("/v1/quotes/" + SYMBOL), Answer::ok);
                var order = Programs.order(SYMBOL, "BUY", 1, Optional.empty());
                assertThat(quotes.post("/v1/orders", order, "k2").code()).isEqualTo("FORBIDDEN");
                var dry = trader.post("/v1/orders", order.replace("}", ",\"dry_run\":true}"), "dry");
                assertThat(dry.ok()).as(dry.toString()).isTrue();
                var placed = trader.post("/v1/orders", order, "k3");
                assertThat(placed.ok()).as(placed.toString()).isTrue();
                var id = placed.body().path("order_id").asString();
                Eventually.see(
                        "the fill",
                        Programs.SOON,
                        () -> trader.get("/v1/orders/" + id).body(),
                        it -> it.path("status").asString("").equals("FILLED"));
                assertThat(trader.post("/v1/risk/kill-switch", "{\"on\":true}").code())
                        .isEqualTo("FORBIDDEN");
                assertThat(trader.send("GET", "/v1/keys", Optional.empty(), Map.of())
                                .code())
                        .isEqualTo("FORBIDDEN");
            }

            try (var second = LocalProgram.startWithoutWaiting(live(folder, broker)
                    .withEnvironment("GATEWAY_DATA_DIR", folder.resolve("other").toString()))) {
                assertThat(second.awaitExit(Programs.START)).hasValue(2);
                assertThat(second.output()).anyMatch(line -> line.contains("uses the app key"));
            }
            assertThat(gateway.log()).doesNotContain("kgw_");
        }
        var loaded = Programs.read(log);
        assertThat(loaded).contains("kr.kisgateway.gateway.Main");
        assertThat(loaded.lines().filter(line -> line.contains("kr.kisgateway.simulator")))
                .isEmpty();
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

    /** A client with a new key, made by the command beside the running gateway. */
    private GatewayClient withKey(Running gateway, String name, String role) {
        return gateway.client().withKey(Programs.key(folder, "create", name, "--role", role, "--env", "live"));
    }
}
