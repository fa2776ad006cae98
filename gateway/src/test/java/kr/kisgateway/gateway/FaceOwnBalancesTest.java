package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Balances of programs that share an account, each of which sees its own share. */
@Tag("slow")
class FaceOwnBalancesTest {
    private static final String SYMBOL = "005930";
    private static final String OTHER = "000660";

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private GatewayFixture gateway;

    @BeforeEach
    void start() {
        gateway = GatewayFixture.start(
                folder,
                Map.of(
                        "SIMULATOR_CLOCK",
                        "open-fixed",
                        "SIMULATOR_RATE_LIMIT",
                        "1000",
                        "RISK_REFUSE_SELF_CROSS",
                        "false"));
        gateway.awaitReady();
    }

    @AfterEach
    void stop() {
        gateway.close();
        http.close();
    }

    private FaceClient client(String name, String... options) {
        var face = URI.create("http://127.0.0.1:" + gateway.gateway().facePort().orElseThrow());
        var all = new ArrayList<>(List.of("--role", "trade"));
        all.addAll(List.of(options));
        var client = FaceClient.withNewKey(http, folder, face, name, all.toArray(String[]::new));
        Await.until("the gateway knows the key", () -> client.login().statusCode() == 200);
        return client;
    }

    private FaceClient moved(FaceClient before) {
        var face = URI.create("http://127.0.0.1:" + gateway.gateway().facePort().orElseThrow());
        var after = new FaceClient(
                http, face, before.appKey, before.appSecret, before.cano, before.productCode, before.htsId);
        after.useToken(before.token());
        return after;
    }

    private static void buy(FaceClient client, String symbol, long qty) {
        var answer = client.order("TTTC0012U", symbol, "01", qty, 0);
        assertThat(FaceClient.code(answer)).as(answer.body()).isEqualTo("APBK0013");
    }

    private static void sell(FaceClient client, String symbol, String division, long qty, long price) {
        var answer = client.order("TTTC0011U", symbol, division, qty, price);
        assertThat(FaceClient.code(answer)).as(answer.body()).isEqualTo("APBK0013");
    }

    /** Shares held by symbol. */
    private static Map<String, Long> held(FaceClient client) {
        var rows = new LinkedHashMap<String, Long>();
        FaceClient.tree(client.balance())
                .path("output1")
                .forEach(row -> rows.put(row.path("pdno").asString(), number(row, "hldg_qty")));
        return rows;
    }

    private static JsonNode row(FaceClient client, String symbol) {
        return FaceClient.tree(client.balance())
                .path("output1")
                .valueStream()
                .filter(row -> row.path("pdno").asString().equals(symbol))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode sums(FaceClient client) {
        return FaceClient.tree(client.balance()).path("output2").path(0);
    }

    private static JsonNode sellable(FaceClient client, String symbol) {
        var query = client.account();
        query.put("PDNO", symbol);
        var answer =
                client.get("/uapi/domestic-stock/v1/trading/inquire-psbl-sell", client.headers("TTTC8408R"), query);
        assertThat(FaceClient.tree(answer).path("rt_cd").asString())
                .as(answer.body())
                .isEqualTo("0");
        return FaceClient.tree(answer).path("output");
    }

    private static long number(JsonNode block, String column) {
        assertThat(block.has(column)).as(column + " of " + block).isTrue();
        return Long.parseLong(block.path(column).asString());
    }

    @Test
    void keys_that_see_their_own_share_the_account_and_add_up_to_it() {
        var first = client("first", "--sees", "own");
        var second = client("second", "--sees", "own");
        var usual = client("usual");
        long cash = number(sums(usual), "dnca_tot_amt");
        buy(first, SYMBOL, 3);
        buy(second, SYMBOL, 5);
        buy(second, OTHER, 2);
        Await.until("all is filled", () -> held(usual).equals(Map.of(SYMBOL, 8L, OTHER, 2L)));

        assertThat(held(first)).isEqualTo(Map.of(SYMBOL, 3L));
        assertThat(held(second)).isEqualTo(Map.of(SYMBOL, 5L, OTHER, 2L));
        for (String column : List.of("thdt_buyqty", "ord_psbl_qty", "pchs_amt", "evlu_amt", "evlu_pfls_amt")) {
            assertThat(number(row(first, SYMBOL), column) + number(row(second, SYMBOL), column))
                    .as(column)
                    .isEqualTo(number(row(usual, SYMBOL), column));
        }
        for (String column : List.of("scts_evlu_amt", "pchs_amt_smtl_amt", "evlu_pfls_smtl_amt", "thdt_buy_amt")) {
            assertThat(number(sums(first), column) + number(sums(second), column))
                    .as(column)
                    .isEqualTo(number(sums(usual), column));
        }
        assertThat(number(sums(first), "dnca_tot_amt"))
                .as("all pay from one purse")
                .isEqualTo(cash);
        assertThat(number(sums(first), "tot_evlu_amt") - number(sums(first), "scts_evlu_amt"))
                .isEqualTo(number(sums(usual), "tot_evlu_amt") - number(sums(usual), "scts_evlu_amt"));

        sell(second, SYMBOL, "01", 4, 0);
        Await.until("it is sold", () -> held(usual).get(SYMBOL) == 4);
        // The broker's balance has it before the gateway has its notice.
        Await.until("the notice is counted", () -> held(second).get(SYMBOL) == 1);
        assertThat(held(first)).isEqualTo(Map.of(SYMBOL, 3L));
        assertThat(held(second)).isEqualTo(Map.of(SYMBOL, 1L, OTHER, 2L));
        assertThat(number(row(second, SYMBOL), "thdt_sll_qty")).isEqualTo(4);

        gateway.close();
        start();
        assertThat(held(moved(first))).as("after a restart").isEqualTo(Map.of(SYMBOL, 3L));
        assertThat(held(moved(second))).isEqualTo(Map.of(SYMBOL, 1L, OTHER, 2L));
    }

    @Test
    void sellable_shares_are_the_keys_own_and_no_more_than_the_account_has() {
        var first = client("first", "--sees", "own");
        var second = client("second", "--sees", "own");
        var all = client("desk", "--sees", "account");
        buy(first, SYMBOL, 3);
        buy(second, SYMBOL, 5);
        Await.until("all is filled", () -> held(all).equals(Map.of(SYMBOL, 8L)));
        long ceiling = number(FaceClient.tree(all.price(SYMBOL)).path("output"), "stck_mxpr");

        sell(first, SYMBOL, "00", 1, ceiling);
        assertThat(number(sellable(first, SYMBOL), "ord_psbl_qty")).isEqualTo(2);
        assertThat(number(row(first, SYMBOL), "ord_psbl_qty")).isEqualTo(2);
        assertThat(number(row(first, SYMBOL), "hldg_qty")).isEqualTo(3);
        assertThat(number(sellable(second, SYMBOL), "ord_psbl_qty"))
                .as("an order of another key takes nothing of it")
                .isEqualTo(5);
        assertThat(number(sellable(all, SYMBOL), "ord_psbl_qty")).isEqualTo(7);
        assertThat(number(sellable(second, OTHER), "ord_psbl_qty")).isZero();

        sell(all, SYMBOL, "00", 6, ceiling);
        assertThat(number(sellable(all, SYMBOL), "ord_psbl_qty")).isEqualTo(1);
        assertThat(number(sellable(second, SYMBOL), "ord_psbl_qty"))
                .as("the account has no more")
                .isEqualTo(1);
        assertThat(number(row(second, SYMBOL), "ord_psbl_qty")).isEqualTo(1);
        assertThat(number(sellable(second, SYMBOL), "cblc_qty")).isEqualTo(5);
    }
}
