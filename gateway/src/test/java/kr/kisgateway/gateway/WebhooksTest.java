package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Webhooks of a whole gateway that requires keys, called as a service calls them: without any header of the gateway. */
@Tag("slow")
class WebhooksTest {
    private static final String STOCK = "005930";

    private Path folder;
    private KeyedGateway gateway;
    private String operator;
    private long price;

    @BeforeEach
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        gateway = new KeyedGateway(folder, "--webhooks=true");
        operator = gateway.key("operator", "operator");
        gateway.key("bot", "trade", "\"accounts\":[\"A1\"]", "\"symbols\":[\"" + STOCK + "\",\"000660\"]");
        KeyedGateway.until(() -> {
            assertThat(gateway.get("/v1/quotes/" + STOCK, gateway.admin).statusCode())
                    .isNotEqualTo(403);
            price = gateway.json(gateway.get("/v1/instruments/" + STOCK, gateway.admin))
                    .path("lower_limit")
                    .asLong(0);
            return price > 0;
        });
        KeyedGateway.until(() -> gateway.json(gateway.get("/v1/session/live-readiness", gateway.admin))
                .path("can_trade")
                .asBoolean(false));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    /** A webhook that maps the message of a chart's strategy. */
    private static String definition(String name, String... members) {
        var more = members.length == 0 ? "" : "," + String.join(",", members);
        return """
                {"name":"%s","key":"bot",
                 "order":{"account_id":"A1","symbol":"{/ticker}","side":"{/order/action}","qty":"{/order/contracts}",
                          "order_type":"LIMIT","price":"{/close}","strategy_id":"tv-{/strategy}"},
                 "values":{"side":{"buy":"BUY","long":"BUY","sell":"SELL"}},
                 "id":"{/strategy}-{/id}","time":"{/time}"%s}""".formatted(name, more);
    }

    private JsonNode create(String definition) throws Exception {
        var made = gateway.post("/v1/webhooks", definition, operator);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        return gateway.json(made);
    }

    private String alert(String id) {
        return alert(id, Instant.now(), "");
    }

    private String alert(String id, Instant at, String more) {
        return """
                {"ticker":"KRX:%s","order":{"action":"long","contracts":"1"},"close":%d.0,"strategy":"ma","id":"%s",
                 "time":"%s"%s}""".formatted(STOCK, price, id, at, more);
    }

    /** Sends an alert as a service does. */
    private HttpResponse<String> send(String path, String body) throws Exception {
        return gateway.client()
                .send(
                        HttpRequest.newBuilder(gateway.running().baseUri().resolve(path))
                                .timeout(Duration.ofSeconds(30))
                                .header("Content-Type", "application/json; charset=utf-8")
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }

    private List<JsonNode> orders() throws Exception {
        var orders = new ArrayList<JsonNode>();
        gateway.json(gateway.get("/v1/orders", gateway.admin)).path("orders").forEach(orders::add);
        return orders;
    }

    private List<JsonNode> openAlerts(String event) throws Exception {
        var open = new ArrayList<JsonNode>();
        gateway.json(gateway.get("/v1/alerts", gateway.admin)).path("alerts").forEach(alert -> {
            if (alert.path("event").asString("").equals(event)) {
                open.add(alert);
            }
        });
        return open;
    }

    private long counted(String outcome) {
        return gateway.running().meters().value("webhook.alerts", "outcome", outcome);
    }

    private static void assertRefused(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    }

    @Test
    void an_alert_becomes_one_order_of_the_webhooks_key_however_often_it_is_sent() throws Exception {
        String path = create(definition("tv")).path("path").asString("");

        var placed = send(path, alert("1"));
        assertThat(placed.statusCode()).as(placed.body()).isEqualTo(200);
        var repeated = send(path, alert("1"));

        assertThat(placed.headers().firstValue("Idempotent-Replay")).isEmpty();
        assertThat(repeated.headers().firstValue("Idempotent-Replay")).hasValue("true");
        assertThat(gateway.json(repeated).path("order_id"))
                .isEqualTo(gateway.json(placed).path("order_id"));
        assertThat(orders()).singleElement().satisfies(order -> {
            assertThat(order.path("by").asString("")).isEqualTo("bot");
            assertThat(order.path("symbol").asString("")).isEqualTo(STOCK);
            assertThat(order.path("side").asString("")).isEqualTo("BUY");
            assertThat(order.path("price").asLong(0)).isEqualTo(price);
            assertThat(order.path("strategy_id").asString("")).isEqualTo("tv-ma");
        });
        assertThat(counted("ordered")).isEqualTo(1);
        assertThat(counted("repeated")).isEqualTo(1);

        assertThat(send(path, alert("2")).statusCode()).isEqualTo(200);
        assertThat(orders()).hasSize(2);
    }

    @Test
    void one_alert_sent_many_times_at_once_and_after_a_restart_is_one_order() throws Exception {
        String path = create(definition("tv")).path("path").asString("");
        String body = alert("1");
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> sends = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                sends.add(() -> send(path, body).statusCode());
            }
            for (Future<Integer> sent : senders.invokeAll(sends)) {
                assertThat(sent.get()).isIn(200, 409);
            }
        }
        assertThat(orders()).hasSize(1);
        assertThat(openAlerts("webhook_alert_refused")).isEmpty();

        gateway.restart();
        KeyedGateway.until(() -> send(path, body).statusCode() == 200);
        assertThat(send(path, body).headers().firstValue("Idempotent-Replay")).hasValue("true");
        assertThat(orders()).hasSize(1);
    }

    @Test
    void the_secret_may_be_in_the_body_instead_of_the_path() throws Exception {
        String secret = create(definition("tv")).path("secret").asString("");

        assertThat(send("/v1/webhooks/tv", alert("1", Instant.now(), ",\"secret\":\"" + secret + "\""))
                        .statusCode())
                .isEqualTo(200);
        assertRefused(send("/v1/webhooks/tv", alert("2")), 404, "WEBHOOK_NOT_FOUND");
        assertThat(orders()).hasSize(1);
    }

    @Test
    void a_guessed_secret_is_answered_as_an_unknown_webhook_counted_alerted_once_and_locked_out() throws Exception {
        String path = create(definition("tv")).path("path").asString("");
        var wrong = send("/v1/webhooks/tv/kwh_wrong", alert("1"));
        var unknown = send("/v1/webhooks/other/kwh_wrong", alert("1"));
        assertRefused(wrong, 404, "WEBHOOK_NOT_FOUND");
        assertThat(gateway.json(wrong).path("message"))
                .isEqualTo(gateway.json(unknown).path("message"));

        for (int i = 0; i < 9; i++) {
            assertRefused(send("/v1/webhooks/tv/kwh_wrong" + i, alert("1")), 404, "WEBHOOK_NOT_FOUND");
        }
        assertRefused(send(path, alert("1")), 429, "LOCKED_OUT");

        assertThat(orders()).isEmpty();
        assertThat(counted("unknown")).isEqualTo(11);
        assertThat(counted("locked_out")).isEqualTo(1);
        assertThat(openAlerts("webhook_unknown")).hasSize(2); // one for tv, one for what does not exist
        KeyedGateway.until(() -> send(path, alert("1")).statusCode() == 200);
    }

    @Test
    void an_address_that_is_not_allowed_is_answered_as_an_unknown_webhook() throws Exception {
        String path = create(definition("tv", "\"networks\":[\"52.89.214.238\"]"))
                .path("path")
                .asString("");
        assertRefused(send(path, alert("1")), 404, "WEBHOOK_NOT_FOUND");
        assertThat(orders()).isEmpty();
        assertThat(openAlerts("webhook_unknown")).hasSize(1);

        String near = create(definition("near", "\"networks\":[\"127.0.0.0/8\"]"))
                .path("path")
                .asString("");
        assertThat(send(near, alert("1")).statusCode()).isEqualTo(200);
    }

    @Test
    void an_alert_outside_the_replay_window_is_refused_counted_and_alerted_once() throws Exception {
        String path = create(definition("tv", "\"replay_window_sec\":30"))
                .path("path")
                .asString("");

        assertRefused(send(path, alert("1", Instant.now().minusSeconds(40), "")), 409, "WEBHOOK_ALERT_EXPIRED");
        assertRefused(send(path, alert("1", Instant.now().plusSeconds(40), "")), 409, "WEBHOOK_ALERT_EXPIRED");
        assertThat(orders()).isEmpty();
        assertThat(counted("expired")).isEqualTo(2);
        assertThat(openAlerts("webhook_alert_refused"))
                .singleElement()
                .satisfies(
                        alert -> assertThat(alert.path("settled_at").isNull()).isTrue());

        assertThat(send(path, alert("1")).statusCode()).isEqualTo(200);
        assertThat(openAlerts("webhook_alert_refused")
                        .getFirst()
                        .path("settled_at")
                        .isNull())
                .isFalse();
    }

    @Test
    void a_flood_is_refused_with_429_and_alerted_once() throws Exception {
        String path = create(definition("tv", "\"per_minute\":3")).path("path").asString("");
        for (int i = 0; i < 3; i++) {
            assertThat(send(path, alert("a" + i)).statusCode()).isEqualTo(200);
        }
        for (int i = 0; i < 20; i++) {
            var refused = send(path, alert("b" + i));
            assertRefused(refused, 429, "QUOTA_EXCEEDED");
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        }
        assertThat(orders()).hasSize(3);
        assertThat(counted("flood")).isEqualTo(20);
        assertThat(openAlerts("webhook_flood")).hasSize(1);
    }

    @Test
    void an_alert_that_is_too_large_or_unreadable_is_refused() throws Exception {
        String path = create(definition("tv", "\"bytes_max\":300")).path("path").asString("");
        assertRefused(
                send(path, alert("1", Instant.now(), ",\"more\":\"" + "x".repeat(300) + "\"")), 413, "BODY_TOO_LARGE");
        assertRefused(send(path, "buy now"), 400, "MALFORMED_JSON");
        // A body that should have the secret and cannot be read must not show that the webhook exists.
        for (String unreadable : List.of("{\"more\":\"" + "x".repeat(300) + "\"}", "{")) {
            assertRefused(send("/v1/webhooks/tv", unreadable), 404, "WEBHOOK_NOT_FOUND");
            assertRefused(send("/v1/webhooks/none", unreadable), 404, "WEBHOOK_NOT_FOUND");
        }
        assertThat(orders()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            "strategy":"ma" ; "strategy":null ; MISSING_FIELD ; /strategy
            "action":"long" ; "action":"lng" ; INVALID_FIELD ; side
            "contracts":"1" ; "contracts":"one" ; INVALID_QTY ; shares
            "contracts":"1" ; "contracts":"1.5" ; INVALID_QTY ; shares
            "ticker":"KRX:005930" ; "ticker":"BINANCE:BTCUSDT" ; INVALID_SYMBOL ; symbol
            "ticker":"KRX:005930" ; "ticker":"NASDAQ:AAPL" ; FORBIDDEN ; AAPL.NASD
            "ticker":"KRX:005930" ; "ticker":"KRX:035420" ; FORBIDDEN ; symbol
            "order":{ ; "order":[],"other":{ ; MISSING_FIELD ; /order/
            """)
    void an_alert_that_is_no_order_of_the_key_is_refused_with_the_reason(
            String part, String replacement, String code, String named) throws Exception {
        String path = create(definition("tv")).path("path").asString("");
        var refused = send(path, alert("1").replace(part, replacement));
        assertThat(refused.statusCode()).as(refused.body()).isBetween(400, 501);
        assertThat(refused.body()).contains("\"code\":\"" + code + "\"", named);
        assertThat(orders()).isEmpty();
        assertThat(counted("refused")).isEqualTo(1);
        assertThat(openAlerts("webhook_alert_refused")).hasSize(1);
    }

    @Test
    void a_strategy_that_is_not_listed_is_refused_and_alerted_once() throws Exception {
        String path = create(definition("tv")
                        .replace("\"tv-{/strategy}\"", "\"{/strategy}\"")
                        .replace("\"values\":{", "\"values\":{\"strategy_id\":{\"ma\":\"moving-average\"},"))
                .path("path")
                .asString("");
        for (int i = 0; i < 3; i++) {
            assertRefused(send(path, alert("1").replace("\"ma\"", "\"unheard-of\"")), 400, "INVALID_FIELD");
        }
        assertThat(openAlerts("webhook_alert_refused")).hasSize(1);
        assertThat(send(path, alert("2")).statusCode()).isEqualTo(200);
        assertThat(orders().getFirst().path("strategy_id").asString("")).isEqualTo("moving-average");
    }

    @Test
    void a_dry_run_checks_the_alert_and_orders_nothing() throws Exception {
        String path = create(definition("tv", "\"dry_run\":true")).path("path").asString("");
        var checked = send(path, alert("1"));
        assertThat(checked.statusCode()).as(checked.body()).isEqualTo(200);
        assertThat(checked.body()).doesNotContain("order_id\":\"ord_");
        assertRefused(send(path, alert("2").replace("KRX:005930", "KRX:035420")), 403, "FORBIDDEN");
        assertThat(orders()).isEmpty();
        assertThat(counted("checked")).isEqualTo(1);
    }

    @Test
    void a_revoked_key_ends_its_webhook() throws Exception {
        String path = create(definition("tv")).path("path").asString("");
        assertThat(gateway.send("DELETE", "/v1/keys/bot", "", gateway.admin).statusCode())
                .isEqualTo(200);
        assertRefused(send(path, alert("1")), 403, "WEBHOOK_KEY_INVALID");
        assertThat(orders()).isEmpty();
        assertThat(openAlerts("webhook_alert_refused")).hasSize(1);
        assertThat(gateway.get("/v1/webhooks", operator).body()).contains("\"key_state\":\"REVOKED\"");
    }

    @Test
    void a_webhook_cannot_do_more_than_its_key_nor_than_who_creates_it() throws Exception {
        gateway.key("reader", "quote");
        gateway.key("elsewhere", "trade", "\"networks\":[\"192.0.2.1\"]");
        gateway.key("narrow", "operator", "\"symbols\":[\"" + STOCK + "\"]");
        String body = definition("tv");
        assertRefused(
                gateway.post("/v1/webhooks", body.replace("\"bot\"", "\"reader\""), operator),
                403,
                "WEBHOOK_KEY_INVALID");
        assertRefused(
                gateway.post("/v1/webhooks", body.replace("\"bot\"", "\"none\""), operator),
                403,
                "WEBHOOK_KEY_INVALID");
        assertRefused(gateway.post("/v1/webhooks", body.replace("\"bot\"", "\"root\""), operator), 403, "FORBIDDEN");

        String path =
                create(body.replace("\"bot\"", "\"elsewhere\"")).path("path").asString("");
        assertRefused(send(path, alert("1")), 403, "WEBHOOK_KEY_INVALID");
        assertThat(orders()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            {/close} ; {/close ; order.price ; 1
            {/close} ; 1{close} ; order.price ; 3
            {/close} ; {{close}} ; order.price ; 2
            {/close} ; {/a~2b} ; order.price ; 4
            {/close} ; 70000} ; order.price ; 6
            {/close} ; {/secret} ; order.price ; 2
            {/time} ; at {/time ; time ; 4
            """)
    void a_bad_template_is_refused_with_its_place(String part, String replacement, String field, int position)
            throws Exception {
        var refused = gateway.post("/v1/webhooks", definition("tv").replace(part, replacement), operator);
        assertRefused(refused, 400, "INVALID_FIELD");
        assertThat(gateway.json(refused).at("/details/field").asString("")).isEqualTo(field);
        assertThat(gateway.json(refused).at("/details/position").asInt(0)).isEqualTo(position);
        assertThat(gateway.get("/v1/webhooks", operator).body()).contains("\"webhooks\":[]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            "account_id":"A1", ; ; MISSING_FIELD ; order.account_id
            "order_type" ; "ordertype" ; UNKNOWN_FIELD ; order.ordertype
            "values":{"side" ; "values":{"venue" ; UNKNOWN_FIELD ; values.venue
            {/strategy}-{/id} ; always ; INVALID_FIELD ; id
            "name":"tv" ; "name":"T V" ; INVALID_FIELD ; name
            "key":"bot" ; "key":"bot","networks":["tradingview.com"] ; INVALID_FIELD ; networks
            "key":"bot" ; "key":"bot","per_minute":0 ; INVALID_FIELD ; per_minute
            """)
    void a_bad_definition_is_refused_with_its_field(String part, String replacement, String code, String field)
            throws Exception {
        var refused = gateway.post(
                "/v1/webhooks", definition("tv").replace(part, replacement == null ? "" : replacement), operator);
        assertRefused(refused, 400, code);
        assertThat(gateway.json(refused).at("/details/field").asString("")).isEqualTo(field);
    }

    @Test
    void a_test_shows_the_order_and_places_none() throws Exception {
        String path = create(definition("tv")).path("path").asString("");
        var trial = gateway.json(gateway.post("/v1/webhooks/tv/test", alert("1"), operator));
        assertThat(trial.path("would_order").asBoolean(false))
                .as(trial.toString())
                .isTrue();
        assertThat(trial.at("/order/symbol").asString("")).isEqualTo(STOCK);
        assertThat(trial.at("/order/side").asString("")).isEqualTo("BUY");
        String key = trial.path("idempotency_key").asString("");
        var old = gateway.json(
                gateway.post("/v1/webhooks/tv/test", alert("1", Instant.now().minusSeconds(3_600), ""), operator));
        assertThat(old.path("would_order").asBoolean(true)).isFalse();
        assertThat(old.path("code").asString("")).isEqualTo("WEBHOOK_ALERT_EXPIRED");
        assertThat(orders()).isEmpty();

        assertThat(send(path, alert("1")).statusCode()).isEqualTo(200);
        assertThat(orders().getFirst().path("idempotency_key").asString("")).isEqualTo(key);
    }

    @Test
    void a_webhook_outlives_a_restart_and_ends_with_its_deletion() throws Exception {
        String path = create(definition("tv")).path("path").asString("");
        assertRefused(gateway.post("/v1/webhooks", definition("tv"), operator), 409, "WEBHOOK_NAME_TAKEN");
        gateway.restart();
        KeyedGateway.until(() -> send(path, alert("1")).statusCode() == 200);
        assertThat(gateway.send("DELETE", "/v1/webhooks/tv", "", operator).statusCode())
                .isEqualTo(200);
        assertRefused(send(path, alert("2")), 404, "WEBHOOK_NOT_FOUND");
        assertRefused(gateway.send("DELETE", "/v1/webhooks/tv", "", operator), 404, "WEBHOOK_NOT_FOUND");
        assertThat(orders()).hasSize(1);
    }

    @Test
    void the_secret_is_in_the_answer_of_its_creation_only() throws Exception {
        String secret = create(definition("tv")).path("secret").asString("");
        var answers = new StringBuilder();
        answers.append(send("/v1/webhooks/tv/" + secret, alert("1")).body());
        answers.append(send("/v1/webhooks/tv/" + secret, "{").body());
        answers.append(send("/v1/webhooks/tv/" + secret + "?a=1", alert("1")).body());
        answers.append(send("/v1/webhooks/tv", alert("2", Instant.now(), ",\"secret\":\"" + secret + "\""))
                .body());
        answers.append(send("/v1/webhooks/other/" + secret, alert("1")).body());
        answers.append(gateway.send("DELETE", "/v1/webhooks/tv/" + secret, "", operator)
                .body());
        answers.append(gateway.get("/v1/webhooks", operator).body());
        answers.append(gateway.get("/v1/orders", gateway.admin).body());
        answers.append(gateway.get("/v1/alerts", gateway.admin).body());
        assertThat(answers.toString()).contains("\"order_id\"").doesNotContain(secret, secret.substring(4));
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(secret.substring(4));
            }
        }
    }

    @Test
    void webhooks_are_off_by_default() throws Exception {
        String path = create(definition("tv")).path("path").asString("");
        gateway.close();
        gateway = new KeyedGateway(folder.resolve("default"));
        String other = gateway.key("operator", "operator");
        gateway.key("bot", "trade");
        var made = gateway.json(gateway.post("/v1/webhooks", definition("tv"), other));
        assertRefused(send(made.path("path").asString(""), alert("1")), 404, "WEBHOOK_NOT_FOUND");
        assertRefused(send(path, alert("1")), 404, "WEBHOOK_NOT_FOUND");
        assertThat(gateway.get("/v1/webhooks", other).body()).contains("\"enabled\":false");
        assertThat(orders()).isEmpty();
    }
}
