package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code /v1/accounts}: what each key sees of the configured accounts, and what blocks their orders. */
@Tag("slow")
class AccountsTest {
    private static final String PATH = "/v1/accounts";

    @TempDir
    Path folder;

    @Test
    void an_account_names_its_product_and_whether_it_can_trade() {
        try (var gateway = GatewayFixture.start(folder)) {
            gateway.awaitReady();
            var account = only(gateway);
            gateway.contract().check("GET", PATH, gateway.get(PATH));
            assertThat(account.path("account_id").asString()).isEqualTo("A1");
            assertThat(account.path("product").asString()).isEqualTo("01");
            assertThat(account.path("product_name").asString()).isEqualTo("위탁");
            assertThat(account.path("environment").asString()).isEqualTo("sim");
            assertThat(account.path("currency").asString()).isEqualTo("KRW");
            assertThat(blockers(gateway)).isEmpty();

            assertThat(gateway.operate("POST", "/v1/risk/kill-switch", "{\"on\":true,\"reason\":\"test\"}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(blockers(gateway)).containsExactly("KILL_SWITCH");
        }
    }

    @Test
    void a_read_only_gateway_and_an_account_without_live_orders_name_what_blocks_them() {
        try (var gateway = GatewayFixture.start(folder, "--gateway-read-only=true")) {
            Await.until("only the setting blocks", () -> blockers(gateway).equals(List.of("READ_ONLY")));
        }
        var live = folder.resolve("live");
        try (var simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("broker.db")))) {
            var settings = new HashMap<>(Map.of(
                    "KIS_ENV", "live",
                    "KIS_API_BASE_URL_REAL", simulator.restBase().toString(),
                    "KIS_WS_URL_LIVE", simulator.wsBase().toString(),
                    "KIS_APP_KEY", "PSabcdefghijklmnopqrstuvwxyz01234567",
                    "KIS_APP_SECRET", "x".repeat(180),
                    "KIS_ACCOUNT_NO", "50001234-22",
                    "KIS_LIVE_TRADING", "true",
                    "KIS_LIVE_ACCOUNTS", "B9"));
            var key = KeyCommands.printed(live, List.of("create", "trader", "--role", "trade", "--env", "live"))
                    .lines()
                    .flatMap(line -> Stream.of(line.split("\\s+")))
                    .filter(token -> token.startsWith("kgw_"))
                    .findFirst()
                    .orElseThrow();
            try (var gateway = GatewayFixture.start(live, simulator.restBase(), settings)) {
                gateway.use(key);
                Await.until("the key is loaded", () -> gateway.get(PATH).statusCode() == 200);
                Await.until("only the setting blocks", () -> blockers(gateway).equals(List.of("LIVE_DISABLED")));
                assertThat(only(gateway).path("environment").asString()).isEqualTo("live");
                assertThat(only(gateway).path("product").asString()).isEqualTo("22");
                assertThat(only(gateway).path("product_name").asString()).isEqualTo("개인연금");
                assertThat(gateway.get(PATH).body()).as("no number").doesNotContain("50001234");
            }
        }
    }

    @Test
    void a_key_sees_its_accounts_alone() throws Exception {
        try (var gateway = new KeyedGateway(folder)) {
            var trader = gateway.key("trader", "trade", "\"accounts\":[\"A1\"]");
            var elsewhere = gateway.key("elsewhere", "trade", "\"accounts\":[\"B7\"]", "\"unlisted\":true");
            var reader = gateway.key("reader", "quote");
            assertThat(gateway.json(gateway.get(PATH, trader)).size()).isEqualTo(1);
            assertThat(gateway.get(PATH, elsewhere).body()).isEqualTo("[]");
            assertThat(gateway.get(PATH, reader).statusCode()).isEqualTo(403);
        }
    }

    private static JsonNode only(GatewayFixture gateway) {
        var accounts = gateway.json(PATH);
        assertThat(accounts.size()).isEqualTo(1);
        return accounts.path(0);
    }

    private static List<String> blockers(GatewayFixture gateway) {
        var trading = only(gateway).path("trading");
        var reasons = trading.path("blocker_reasons")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
        assertThat(trading.path("can_trade").asBoolean()).isEqualTo(reasons.isEmpty());
        return reasons;
    }
}
