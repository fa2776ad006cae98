package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code /v1/executions}: the fills of two keys and of a program elsewhere, compared with the simulator's own list. */
@Tag("slow")
class ExecutionsTest {
    private static final String SAMSUNG = "005930";
    private static final String HYNIX = "000660";
    private static final String CANO = "50001234";
    private static final String ALL = "/v1/executions";

    @TempDir
    Path folder;

    private KeyedGateway gateway;
    private String own;
    private String samsungOnly;
    private String elsewhere;
    private FaceClient broker;

    @BeforeEach
    void start() throws Exception {
        gateway = new KeyedGateway(
                folder,
                "--kis-env=sim",
                "--kis-app-key=PSEXECUTIONS0000000000000000000000001",
                "--kis-app-secret=" + "e".repeat(180),
                "--kis-account-no=" + CANO + "-01",
                "--kis-hts-id=exec01",
                "--simulator-rate-limit=5000");
        own = gateway.key("own", "trade", "\"own\":true");
        samsungOnly = gateway.key("samsung", "trade", "\"symbols\":[\"" + SAMSUNG + "\"]");
        elsewhere = gateway.key("elsewhere", "trade", "\"accounts\":[\"B7\"]", "\"unlisted\":true");
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    /** The same account through another app key. */
    private void connectBroker() {
        broker = new FaceClient(
                gateway.client(),
                URI.create(
                        "http://127.0.0.1:" + gateway.running().simulatorPort().orElseThrow()),
                "PSELSEWHERE00000000000000000000000001",
                "w".repeat(180),
                CANO,
                "01",
                "exec01");
        assertThat(broker.login().statusCode()).isEqualTo(200);
    }

    private String trade(String key, String symbol, String side, int qty, String... members) throws Exception {
        var more = members.length == 0 ? "" : "," + String.join(",", members);
        var placed = new ArrayList<String>();
        KeyedGateway.until(() -> {
            var answer = gateway.post(
                    "/v1/orders",
                    "{\"account_id\":\"A1\",\"symbol\":\"" + symbol + "\",\"side\":\"" + side + "\",\"qty\":" + qty
                            + more + "}",
                    key);
            if (answer.statusCode() == 200) {
                placed.add(gateway.json(answer).path("order_id").asString());
            }
            return !placed.isEmpty();
        });
        String id = placed.getFirst();
        KeyedGateway.until(() -> json("/v1/orders/" + id, gateway.admin)
                .path("status")
                .asString("")
                .equals("FILLED"));
        return id;
    }

    private JsonNode json(String path, String key) throws Exception {
        var answer = gateway.get(path, key);
        assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
        return gateway.json(answer);
    }

    private List<JsonNode> list(String query, String key) throws Exception {
        var page = json(ALL + "?limit=1000" + query, key);
        assertThat(page.path("next_cursor").isNull()).isTrue();
        return page.path("executions").valueStream().toList();
    }

    private static List<String> ids(List<JsonNode> executions) {
        return executions.stream().map(it -> it.path("exec_id").asString()).toList();
    }

    private static List<String> orders(List<JsonNode> executions) {
        return executions.stream()
                .map(it -> it.path("order_id").asString())
                .distinct()
                .toList();
    }

    @Test
    void fills_are_paged_filtered_and_scoped_and_equal_the_brokers_list_also_after_a_restart() throws Exception {
        connectBroker();
        var first = trade(own, SAMSUNG, "BUY", 3, "\"strategy_id\":\"momentum\"");
        var other = trade(samsungOnly, SAMSUNG, "BUY", 2);
        var second = trade(own, HYNIX, "BUY", 1);
        var sold = trade(own, SAMSUNG, "SELL", 2, "\"strategy_id\":\"momentum\"");
        var outside = broker.order("TTTC0012U", SAMSUNG, "01", 4, 0);
        assertThat(FaceClient.JSON.readTree(outside.body()).path("rt_cd").asString())
                .as(outside.body())
                .isEqualTo("0");
        KeyedGateway.until(() -> list("", gateway.admin).stream()
                        .filter(it -> it.path("external").asBoolean())
                        .mapToLong(it -> it.path("qty").asLong())
                        .sum()
                == 4);

        var all = list("", gateway.admin);
        new Contract(json("/openapi.json", gateway.admin)).check("GET", ALL, gateway.get(ALL, gateway.admin));
        assertThat(all.getFirst().path("external").asBoolean()).isTrue();
        assertThat(orders(all)).hasSize(5).endsWith(sold, second, other, first);
        assertThat(all).extracting(it -> it.path("seq").asLong()).isSortedAccordingTo((a, b) -> Long.compare(b, a));
        assertEqualsTheBrokersList(all);
        assertEqualsTheOrders(all);
        assertPages(all, gateway.admin, "");

        assertThat(orders(list("", own))).containsExactly(sold, second, first);
        assertPages(list("", own), own, "");
        assertThat(list("", samsungOnly))
                .isNotEmpty()
                .allMatch(it -> it.path("symbol").asString().equals(SAMSUNG));
        assertThat(list("", elsewhere)).isEmpty();
        assertForbidden("?account_id=A1", elsewhere);
        assertForbidden("?symbol=" + HYNIX, samsungOnly);

        assertThat(orders(list("&symbol=" + HYNIX, gateway.admin))).containsExactly(second);
        assertThat(orders(list("&side=sell", gateway.admin))).containsExactly(sold);
        assertThat(orders(list("&strategy_id=momentum", gateway.admin))).containsExactly(sold, first);
        assertThat(orders(list("&strategy_id=momentum&side=BUY&account_id=A1", gateway.admin)))
                .containsExactly(first);
        assertThat(orders(list("&order_id=" + other, gateway.admin))).containsExactly(other);
        assertThat(list("&order_id=" + other, own)).as("of another key").isEmpty();

        var day = LocalDate.parse(all.getFirst().path("trading_day").asString());
        assertThat(all.getFirst().path("settlement_day").asString())
                .as("the simulated market trades every day")
                .isEqualTo(day.plusDays(2).toString());
        assertThat(list("&date=" + day, gateway.admin)).isEqualTo(all);
        assertThat(list("&from=" + day + "&to=" + day, gateway.admin)).isEqualTo(all);
        assertThat(list("&from=" + day.plusDays(1), gateway.admin)).isEmpty();
        assertThat(list("&to=" + day.minusDays(1), gateway.admin)).isEmpty();
        assertThat(list("&date=" + day.minusDays(1), gateway.admin)).isEmpty();

        gateway.restart();
        KeyedGateway.until(() -> gateway.get(ALL, gateway.admin).statusCode() == 200);
        assertThat(list("", gateway.admin)).isEqualTo(all);
        assertThat(orders(list("", own))).containsExactly(sold, second, first);
    }

    /** Shares and won of each number, as the simulator itself lists them. */
    private void assertEqualsTheBrokersList(List<JsonNode> executions) {
        var day = executions.getFirst().path("trading_day").asString().replace("-", "");
        var listed = new HashMap<String, List<Long>>();
        FaceClient.JSON
                .readTree(broker.orders(day).body())
                .path("output1")
                .forEach(row -> listed.put(
                        row.path("odno").asString(),
                        List.of(
                                Long.parseLong(row.path("tot_ccld_qty").asString()),
                                Long.parseLong(row.path("tot_ccld_amt").asString()))));
        var filled = new HashMap<String, List<Long>>();
        executions.forEach(it -> filled.merge(
                it.path("kis_order_no").asString(),
                List.of(it.path("qty").asLong(), it.path("value").asLong()),
                (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1))));
        assertThat(filled).isEqualTo(listed).hasSize(5);
    }

    /** Each is in its order, with the same values. */
    private void assertEqualsTheOrders(List<JsonNode> executions) throws Exception {
        for (var execution : executions) {
            var order = json("/v1/orders/" + execution.path("order_id").asString(), gateway.admin);
            for (var field : List.of("account_id", "symbol", "side", "strategy_id", "trading_day", "external")) {
                assertThat(execution.path(field)).as(field).isEqualTo(order.path(field));
            }
            var fill = order.path("fills")
                    .valueStream()
                    .filter(it -> it.path("exec_id").equals(execution.path("exec_id")))
                    .findFirst()
                    .orElseThrow();
            fill.propertyStream()
                    .forEach(field -> assertThat(execution.path(field.getKey()))
                            .as(field.getKey())
                            .isEqualTo(field.getValue()));
        }
    }

    private void assertPages(List<JsonNode> all, String key, String query) throws Exception {
        var paged = new ArrayList<JsonNode>();
        String cursor = "";
        int pages = 0;
        do {
            var page = json(ALL + "?limit=2" + query + cursor, key);
            assertThat(page.path("executions").size()).isBetween(1, 2);
            page.path("executions").forEach(paged::add);
            cursor = page.path("next_cursor").isNull()
                    ? ""
                    : "&cursor=" + page.path("next_cursor").asString();
            pages++;
        } while (!cursor.isEmpty());
        assertThat(ids(paged)).isEqualTo(ids(all)).doesNotHaveDuplicates();
        assertThat(pages).isEqualTo((all.size() + 1) / 2).isGreaterThan(1);
    }

    @Test
    void unusable_values_are_refused_by_name() throws Exception {
        trade(own, SAMSUNG, "BUY", 1);
        var position = list("", gateway.admin).getFirst();
        String cursor = cursor("A1:" + position.path("seq").asLong());
        assertThat(json(ALL + "?cursor=" + cursor, gateway.admin)
                        .path("executions")
                        .size())
                .isZero();

        for (var query : Map.ofEntries(
                        Map.entry("date", "2026-13-01"),
                        Map.entry("from", "yesterday"),
                        Map.entry("to", "20261120"),
                        Map.entry("limit", "0"),
                        Map.entry("side", "LONG"),
                        Map.entry("order_id", "ord_1"))
                .entrySet()) {
            assertInvalid("?" + query.getKey() + "=" + query.getValue(), query.getKey(), gateway.admin);
        }
        assertInvalid("?limit=1001", "limit", gateway.admin);
        assertInvalid("?date=2026-11-20&to=2026-11-20", "date", gateway.admin);
        assertInvalid("?from=2026-11-21&to=2026-11-20", "from", gateway.admin);
        assertInvalid("?cursor=" + cursor, "cursor", elsewhere);
        for (var foreign : List.of(
                "%20",
                position.path("order_id").asString(),
                cursor("A1"),
                cursor("A1:1"),
                cursor("A1:999999"),
                cursor("B7:" + position.path("seq").asLong()))) {
            assertInvalid("?cursor=" + foreign, "cursor", gateway.admin);
        }
    }

    private static String cursor(String position) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(position.getBytes(StandardCharsets.UTF_8));
    }

    private void assertInvalid(String query, String field, String key) throws Exception {
        var answer = gateway.get(ALL + query, key);
        assertThat(answer.statusCode()).as("%s: %s", query, answer.body()).isEqualTo(400);
        assertThat(gateway.json(answer).path("code").asString()).as(query).isEqualTo("INVALID_FIELD");
        assertThat(gateway.json(answer).at("/details/field").asString())
                .as(query)
                .isEqualTo(field);
    }

    private void assertForbidden(String query, String key) throws Exception {
        var answer = gateway.get(ALL + query, key);
        assertThat(answer.statusCode()).as("%s: %s", query, answer.body()).isEqualTo(403);
    }
}
