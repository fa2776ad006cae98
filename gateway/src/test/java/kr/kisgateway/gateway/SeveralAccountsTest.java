package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Three accounts: the first and a pension product, both of the first app key, and one of a second app key. Each has its own orders,
 * fills, money, limits and callers.
 */
@Tag("slow")
class SeveralAccountsTest {
    private static final String SAMSUNG = "005930";
    private static final List<String> ACCOUNTS = List.of("A1", "PENSION", "SECOND");

    @TempDir
    Path folder;

    @BeforeEach
    void nameAccounts() throws IOException {
        write("""
                kis:
                  app-keys:
                    - id: K2
                  accounts:
                    - alias: PENSION
                      number: "60000001-22"
                    - alias: SECOND
                      app-key: K2
                risk:
                  accounts:
                    PENSION:
                      max-qty: 5
                """);
    }

    private void write(String yaml) throws IOException {
        Files.writeString(folder.resolve("gateway.yaml"), yaml);
    }

    private static String order(String account, String side, int qty, String... members) {
        return "{\"account_id\":\"" + account + "\",\"symbol\":\"" + SAMSUNG + "\",\"side\":\"" + side + "\",\"qty\":"
                + qty + (members.length == 0 ? "" : "," + String.join(",", members)) + "}";
    }

    private static JsonNode place(GatewayFixture gateway, String key, String body) {
        var answer = gateway.send("POST", "/v1/orders", body, "Idempotency-Key", key);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return gateway.tree(answer);
    }

    private static JsonNode filled(GatewayFixture gateway, String id) {
        Await.until(
                id + " is filled",
                () -> gateway.json("/v1/orders/" + id)
                        .path("status")
                        .asString("")
                        .equals("FILLED"));
        return gateway.json("/v1/orders/" + id);
    }

    private static void awaitAll(GatewayFixture gateway) {
        Await.until(
                "every account can trade",
                () -> StreamSupport.stream(gateway.json("/v1/accounts").spliterator(), false)
                        .allMatch(account ->
                                account.path("trading").path("can_trade").asBoolean()));
    }

    private static List<String> symbols(GatewayFixture gateway, String account) {
        return StreamSupport.stream(
                        gateway.json("/v1/positions?account_id=" + account).spliterator(), false)
                .map(position -> position.path("symbol").asString() + " x "
                        + position.path("qty").asLong())
                .toList();
    }

    @Test
    void each_account_has_its_own_orders_fills_positions_and_money() {
        // Without a list in between, fills are counted by the notices of each account's app key alone.
        try (var gateway = GatewayFixture.start(folder, "--order-reconcile-every=1h")) {
            awaitAll(gateway);
            var accounts = gateway.json("/v1/accounts");
            assertThat(accounts.findValuesAsString("account_id")).containsExactlyElementsOf(ACCOUNTS);
            assertThat(accounts.findValuesAsString("product")).containsExactly("01", "22", "01");
            gateway.contract().check("GET", "/v1/accounts", gateway.get("/v1/accounts"));

            // The same order at the same time: KIS numbers and lists them by account.
            var ids = ACCOUNTS.stream()
                    .map(account -> place(gateway, "same", order(account, "BUY", ACCOUNTS.indexOf(account) + 1))
                            .path("order_id")
                            .asString())
                    .toList();
            assertThat(ids).doesNotHaveDuplicates();
            for (int i = 0; i < 3; i++) {
                var order = filled(gateway, ids.get(i));
                assertThat(order.path("account_id").asString()).isEqualTo(ACCOUNTS.get(i));
                assertThat(order.path("filled_qty").asInt()).isEqualTo(i + 1);
            }
            long bought = 0;
            for (int i = 0; i < 3; i++) {
                String account = ACCOUNTS.get(i);
                String held = SAMSUNG + " x " + (i + 1);
                Await.until(
                        account + " holds its shares",
                        () -> symbols(gateway, account).equals(List.of(held)));
                var listed = gateway.json("/v1/orders?account_id=" + account).path("orders");
                assertThat(listed.findValuesAsString("order_id")).containsExactly(ids.get(i));
                var executions =
                        gateway.json("/v1/executions?account_id=" + account).path("executions");
                assertThat(executions.findValuesAsString("order_id")).containsOnly(ids.get(i));
                bought += StreamSupport.stream(executions.spliterator(), false)
                        .mapToLong(it -> it.path("qty").asLong())
                        .sum();
                var balance = gateway.json("/v1/balances?account_id=" + account);
                assertThat(balance.toString()).contains("\"account_id\":\"" + account + "\"");
                var power = gateway.json("/v1/buying-power?account_id=" + account + "&symbol=" + SAMSUNG);
                assertThat(power.path("account_id").asString()).isEqualTo(account);
                var profit = gateway.json("/v1/pnl?account_id=" + account);
                assertThat(profit.toString()).contains(SAMSUNG);
            }
            assertThat(bought).isEqualTo(1 + 2 + 3);
            assertThat(gateway.json("/v1/orders").path("orders").findValuesAsString("order_id"))
                    .containsExactlyInAnyOrderElementsOf(ids);

            // What one account holds, another cannot sell.
            var sale = gateway.send("POST", "/v1/orders", order("A1", "SELL", 2), "Idempotency-Key", "sell");
            assertThat(sale.statusCode()).isEqualTo(400);
            assertThat(sale.body()).contains("INSUFFICIENT_POSITION_QTY");
            filled(
                    gateway,
                    place(gateway, "sell-3", order("SECOND", "SELL", 3))
                            .path("order_id")
                            .asString());
        }
    }

    @Test
    void the_limits_of_an_account_bind_it_alone() {
        try (var gateway = GatewayFixture.start(folder)) {
            awaitAll(gateway);
            var refused = gateway.send("POST", "/v1/orders", order("PENSION", "BUY", 6), "Idempotency-Key", "six");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body()).contains("MAX_QTY_EXCEEDED");
            place(gateway, "six", order("SECOND", "BUY", 6));
            var unknown = gateway.send("POST", "/v1/orders", order("B9", "BUY", 1), "Idempotency-Key", "nine");
            assertThat(unknown.body()).contains("ACCOUNT_NOT_FOUND");
        }
    }

    @Test
    void a_key_of_an_account_sees_and_trades_it_alone_also_on_the_stream() throws Exception {
        try (var gateway = new KeyedGateway(folder)) {
            KeyedGateway.until(
                    () -> gateway.json(gateway.get("/v1/accounts", gateway.admin)).findValues("can_trade").stream()
                            .allMatch(JsonNode::asBoolean));
            var pension = gateway.key("pension", "trade", "\"accounts\":[\"PENSION\"]");
            var second = gateway.key("second", "trade", "\"accounts\":[\"SECOND\"]");
            var both = gateway.key("both", "trade", "\"accounts\":[\"PENSION\",\"SECOND\"]");
            assertThat(gateway.json(gateway.get("/v1/accounts", pension)).findValuesAsString("account_id"))
                    .containsExactly("PENSION");
            var ofPension = gateway.stream(pension).listening("\"executions\"");
            var ofBoth = gateway.stream(both).listening("\"executions\"");
            assertThat(gateway.post("/v1/orders", order("SECOND", "BUY", 1), pension)
                            .statusCode())
                    .isEqualTo(403);
            assertThat(gateway.get("/v1/positions?account_id=SECOND", pension).statusCode())
                    .isEqualTo(403);
            assertThat(gateway.post("/v1/orders", order("SECOND", "BUY", 1), second)
                            .statusCode())
                    .isEqualTo(200);
            ofBoth.await(message -> message.path("account_id").asString("").equals("SECOND"));
            assertThat(gateway.post("/v1/orders", order("PENSION", "BUY", 2), pension)
                            .statusCode())
                    .isEqualTo(200);
            ofBoth.await(message -> message.path("account_id").asString("").equals("PENSION"));
            var seen = ofPension.await(
                    message -> message.path("account_id").asString("").equals("PENSION"));
            assertThat(seen)
                    .filteredOn(message -> message.has("account_id"))
                    .allMatch(message -> message.path("account_id").asString().equals("PENSION"));
            assertThat(gateway.get("/v1/orders", pension).body())
                    .contains("PENSION")
                    .doesNotContain("SECOND");
            assertThat(gateway.get("/v1/executions", pension).body()).doesNotContain("SECOND");
            assertThat(gateway.get("/v1/orders", both).body()).contains("PENSION", "SECOND");
        }
    }

    @Test
    void an_order_of_another_program_is_adopted_by_its_account() throws Exception {
        try (var gateway = GatewayFixture.start(
                folder,
                "--kis-env=sim",
                "--kis-app-key=PSSEVERALACCOUNTS0000000000000000001",
                "--kis-app-secret=" + "s".repeat(180),
                "--kis-account-no=50001234-01",
                "--kis-hts-id=several1")) {
            awaitAll(gateway);
            try (var http = HttpClient.newHttpClient()) {
                var elsewhere = new FaceClient(
                        http,
                        URI.create("http://127.0.0.1:"
                                + gateway.gateway().simulatorPort().orElseThrow()),
                        "PSELSEWHERE00000000000000000000000001",
                        "w".repeat(180),
                        "60000001",
                        "22",
                        "several1");
                assertThat(elsewhere.login().statusCode()).isEqualTo(200);
                assertThat(FaceClient.tree(elsewhere.order("TTTC0012U", SAMSUNG, "01", 4, 0))
                                .path("rt_cd")
                                .asString())
                        .isEqualTo("0");
            }
            Await.until("the account has it", () -> symbols(gateway, "PENSION").equals(List.of(SAMSUNG + " x 4")));
            assertThat(gateway.operate("POST", "/v1/orders/reconcile", "{}").statusCode())
                    .isEqualTo(200);
            assertThat(gateway.json("/v1/orders?account_id=PENSION")
                            .path("orders")
                            .findValuesAsString("filled_qty"))
                    .containsExactly("4");
            assertThat(gateway.json("/v1/orders?account_id=A1").path("orders")).isEmpty();
        }
    }

    @Test
    void an_account_with_an_open_order_is_not_forgotten() throws Exception {
        String resting;
        try (var gateway = GatewayFixture.start(folder)) {
            awaitAll(gateway);
            gateway.get("/v1/quotes/" + SAMSUNG); // with it the limits of the day become known
            Await.until("the limits are known", () -> lowerLimit(gateway) > 0);
            resting = place(gateway, "rests", order("PENSION", "BUY", 1, "\"price\":" + lowerLimit(gateway)))
                    .path("order_id")
                    .asString();
            Await.until(
                    "it rests",
                    () -> gateway.json("/v1/orders/" + resting)
                            .path("status")
                            .asString("")
                            .equals("SENT"));
        }
        write("kis:\n  app-keys:\n    - id: K2\n");
        assertThatThrownBy(() -> GatewayFixture.start(folder))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(resting)
                .hasMessageContaining("PENSION")
                .hasMessageContaining("kis.accounts");
        nameAccounts();
        try (var gateway = GatewayFixture.start(folder)) {
            awaitAll(gateway);
            assertThat(gateway.send("POST", "/v1/orders/" + resting + "/cancel", "{}")
                            .statusCode())
                    .isEqualTo(200);
            Await.until(
                    "it is cancelled",
                    () -> gateway.json("/v1/orders/" + resting)
                            .path("status")
                            .asString("")
                            .equals("CANCELED"));
        }
        write("kis:\n  app-keys:\n    - id: K2\n");
        try (var gateway = GatewayFixture.start(folder)) {
            gateway.awaitReady();
            assertThat(gateway.json("/v1/accounts").findValuesAsString("account_id"))
                    .containsExactly("A1");
        }
    }

    @Test
    void a_program_of_kis_has_the_account_of_its_key() {
        try (var gateway = GatewayFixture.start(folder, "--kis-face=true", "--kis-face-port=0");
                var http = HttpClient.newHttpClient()) {
            awaitAll(gateway);
            var pension = program(gateway, http, "old-program", "PENSION");
            var second = program(gateway, http, "other-program", "SECOND");
            var four = pension.order("TTTC0012U", SAMSUNG, "01", 4, 0);
            assertThat(FaceClient.tree(four).path("rt_cd").asString())
                    .as(four.body())
                    .isEqualTo("0");
            assertThat(FaceClient.tree(second.order("TTTC0012U", SAMSUNG, "01", 3, 0))
                            .path("rt_cd")
                            .asString())
                    .isEqualTo("0");
            Await.until("PENSION holds four", () -> symbols(gateway, "PENSION").equals(List.of(SAMSUNG + " x 4")));
            Await.until("SECOND holds three", () -> symbols(gateway, "SECOND").equals(List.of(SAMSUNG + " x 3")));
            assertThat(symbols(gateway, "A1")).isEmpty();
            Await.until(
                    "the program reads its balance",
                    () -> held(pension).equals("4") && held(second).equals("3"));
            assertThat(pension.balance().body())
                    .as("KIS's account numbers stay inside")
                    .doesNotContain("60000001");
            // The limit of the account applies to the program, too.
            assertThat(FaceClient.tree(pension.order("TTTC0012U", SAMSUNG, "01", 6, 0))
                            .path("rt_cd")
                            .asString())
                    .isNotEqualTo("0");
        }
    }

    private FaceClient program(GatewayFixture gateway, HttpClient http, String name, String account) {
        var client = FaceClient.withNewKey(
                http,
                folder,
                URI.create("http://127.0.0.1:" + gateway.gateway().facePort().orElseThrow()),
                name,
                "--role",
                "trade",
                "--accounts",
                account);
        Await.until("the gateway knows the key", () -> client.login().statusCode() == 200);
        return client;
    }

    private static String held(FaceClient client) {
        return FaceClient.tree(client.balance())
                .path("output1")
                .path(0)
                .path("hldg_qty")
                .asString("");
    }

    private static long lowerLimit(GatewayFixture gateway) {
        return gateway.json("/v1/instruments/" + SAMSUNG).path("lower_limit").asLong(0);
    }
}
