package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The accounts of {@code gateway.yaml} change between two starts while orders are open. */
@Tag("slow")
class ChangedAccountTest {
    private static final String SAMSUNG = "005930";
    private static final String FIRST = """
            kis:
              app-keys:
                - id: K2
              accounts:
                - alias: B
                  number: "60000001-01"
                - alias: C
                  number: "60000002-01"
            """;

    @TempDir
    Path folder;

    private void write(String yaml) throws IOException {
        Files.writeString(folder.resolve("gateway.yaml"), yaml);
    }

    private static void awaitAll(GatewayFixture gateway) {
        Await.until(
                "every account can trade",
                () -> StreamSupport.stream(gateway.json("/v1/accounts").spliterator(), false)
                        .allMatch(account ->
                                account.path("trading").path("can_trade").asBoolean()));
    }

    private static long lowerLimit(GatewayFixture gateway) {
        gateway.get("/v1/quotes/" + SAMSUNG); // with it the limits of the day become known
        Await.until(
                "the limits are known",
                () -> gateway.json("/v1/instruments/" + SAMSUNG)
                                .path("lower_limit")
                                .asLong(0)
                        > 0);
        return gateway.json("/v1/instruments/" + SAMSUNG).path("lower_limit").asLong();
    }

    private static String buy(String account, long price) {
        return "{\"account_id\":\"" + account + "\",\"symbol\":\"" + SAMSUNG
                + "\",\"side\":\"BUY\",\"qty\":1,\"price\":" + price + "}";
    }

    private static String rest(GatewayFixture gateway, String account, String key) {
        var answer = gateway.send("POST", "/v1/orders", buy(account, lowerLimit(gateway)), "Idempotency-Key", key);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String id = gateway.tree(answer).path("order_id").asString();
        awaitStatus(gateway, id, "SENT");
        return id;
    }

    private static void awaitStatus(GatewayFixture gateway, String id, String status) {
        Await.until(
                id + " is " + status,
                () -> gateway.json("/v1/orders/" + id)
                        .path("status")
                        .asString("")
                        .equals(status));
    }

    private static void cancel(GatewayFixture gateway, String id) {
        assertThat(gateway.send("POST", "/v1/orders/" + id + "/cancel", "{}").statusCode())
                .isEqualTo(200);
        awaitStatus(gateway, id, "CANCELED");
    }

    @Test
    void swapped_numbers_stop_the_start_while_an_order_is_open_and_not_afterwards() throws Exception {
        write(FIRST);
        String resting;
        try (var gateway = GatewayFixture.start(folder)) {
            awaitAll(gateway);
            resting = rest(gateway, "B", "rests");
        }
        String swapped =
                FIRST.replace("60000001", "x").replace("60000002", "60000001").replace("x", "60000002");
        write(swapped);
        for (int i = 0; i < 2; i++) { // a refused start records nothing
            assertThatThrownBy(() -> GatewayFixture.start(folder))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining(resting)
                    .hasMessageContaining("account B ")
                    .hasMessageNotContaining("6000000");
        }
        write(FIRST);
        try (var gateway = GatewayFixture.start(folder)) {
            awaitAll(gateway);
            cancel(gateway, resting);
        }
        write(swapped);
        try (var gateway = GatewayFixture.start(folder)) {
            awaitAll(gateway);
            cancel(gateway, rest(gateway, "B", "other-account"));
        }
        assertThat(journalText())
                .as("accounts of the aliases, as nothing can be read from them")
                .contains("AliasAssigned")
                .doesNotContain("60000001", "60000002")
                .doesNotContain(AppKeyLock.hash("60000001|01"), AppKeyLock.hash("60000002|01"));
    }

    /** All bytes of the journal and its log. */
    private String journalText() throws IOException {
        var text = new StringBuilder();
        try (var files = Files.list(folder.resolve("data/sim"))) {
            for (Path file : files.filter(it -> it.getFileName().toString().startsWith("journal"))
                    .toList()) {
                text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return text.toString();
    }

    @Test
    void another_product_code_is_another_account() throws Exception {
        write(FIRST);
        String resting;
        try (var gateway = GatewayFixture.start(folder)) {
            awaitAll(gateway);
            resting = rest(gateway, "C", "rests");
        }
        write(FIRST.replace("60000002-01", "60000002-22"));
        assertThatThrownBy(() -> GatewayFixture.start(folder))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(resting)
                .hasMessageContaining("account C ");
    }

    @Test
    void a_scheduled_order_of_a_renumbered_account_stops_the_start() throws Exception {
        write(FIRST);
        String parent;
        try (var gateway = GatewayFixture.start(folder)) {
            awaitAll(gateway);
            var answer = gateway.send(
                    "POST",
                    "/v1/parents",
                    "{\"at\":\"" + Instant.now().plusSeconds(3600) + "\",\"order\":" + buy("B", lowerLimit(gateway))
                            + "}",
                    "Idempotency-Key",
                    "later");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            parent = gateway.tree(answer).path("parent_id").asString();
        }
        write(FIRST.replace("60000001", "60000003"));
        assertThatThrownBy(() -> GatewayFixture.start(folder))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(parent);
        write("kis:\n  app-keys:\n    - id: K2\n");
        assertThatThrownBy(() -> GatewayFixture.start(folder))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(parent);
        write(FIRST);
        try (var gateway = GatewayFixture.start(folder)) {
            awaitAll(gateway);
        }
    }

    @Test
    void an_account_that_moves_to_another_app_key_retains_its_open_order() throws Exception {
        write(FIRST);
        String resting;
        try (var gateway = GatewayFixture.start(folder)) {
            awaitAll(gateway);
            resting = rest(gateway, "B", "rests");
        }
        write(FIRST.replace("number: \"60000001-01\"", "number: \"60000001-01\"\n      app-key: K2"));
        try (var gateway = GatewayFixture.start(folder)) {
            awaitAll(gateway);
            assertThat(gateway.json("/v1/orders/" + resting).path("status").asString())
                    .isEqualTo("SENT");
            cancel(gateway, resting);
        }
    }
}
