package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.simulator.KisSimulator;
import kr.kisgateway.simulator.SimulatorConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A gateway as a process of its own with a channel of each type, twelve faults one after another, and a kill (SIGKILL) while the cause of
 * one lasts and the message about another is under way.
 */
@Requirement("A-13")
@Tag("slow")
class DayOfFaultsTest {
    private static final String TOKEN = "operator-token-of-the-test";
    private static final String SYMBOL = "005930";

    private static final List<String> FAULTS = List.of(
            "order_failures",
            "backfill_failed",
            "login_failures",
            "key_expires",
            "settings_refused",
            "registrations_full",
            "kill_switch_on",
            "request_in_doubt",
            "list_failed",
            "daily_orders_used",
            "quote_fallback",
            "feed_down");

    private static final String RULES = """
            language: en
            dedupe: 0s
            channels:
              team: {type: slack, url: BASE/slack}
              chat: {type: discord, url: BASE/discord}
              phone: {type: telegram, url: BASE, token: "12345:abcdefghij", chat: "-100"}
              page: {type: pagerduty, url: BASE, routing-key: routing}
              office: {type: email, host: localhost, port: PORT, ca: CERTIFICATE, user: ops@example.com, password: "PASSWORD",
                       from: gateway@example.com, to: [ops@example.com]}
              desk: {type: webhook, url: BASE/desk, key: shared}
            rules:
              order_failures: {window: 10s, least: 3}
              login_failures: {window: 10s}
              registrations_full: {after: 1s}
              feed_down: {after: 5s}
            routes:
              - {events: [EVENTS], to: [team, chat, phone, page, office, desk]}
            """;

    @TempDir
    Path folder;

    private final JsonMapper mapper = new JsonMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private AlertReceiver receiver;
    private MailReceiver mail;
    private RefusingExchange exchange;
    private KisSimulator simulator;
    private GatewayProcess gateway;
    private int orders;

    @BeforeEach
    void start() throws Exception {
        receiver = new AlertReceiver();
        mail = MailReceiver.encrypted(folder, MailReceiver.Encryption.STARTTLS, "localhost");
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("kis.db"))
                .withTime(new OpenCalendar(), InstantSource.system())
                .withRates(5_000, 5_000)
                .withSynchronous("OFF"));
        exchange = new RefusingExchange();
        Files.writeString(
                folder.resolve("alerts.yaml"),
                RULES.replace("BASE", receiver.base().toString())
                        .replace("PORT", Integer.toString(mail.port()))
                        .replace("CERTIFICATE", mail.certificate().toString())
                        .replace("PASSWORD", MailReceiver.PASSWORD)
                        .replace("EVENTS", String.join(", ", FAULTS)));
        gateway = new GatewayProcess(
                http,
                folder,
                simulator.restBase(),
                Map.of(
                        "ALERTS_INNER_ADDRESSES",
                        "true",
                        "GATEWAY_OPERATOR_TOKEN",
                        TOKEN,
                        "QUOTE_SAFE_VALUE",
                        "last-close",
                        "KRX_AUTH_KEY",
                        "KEYOFTHETEST",
                        "KRX_API_BASE_URL",
                        exchange.url(),
                        "RISK_DAILY_ORDERS",
                        "1000"));
    }

    @AfterEach
    void stop() throws Exception {
        if (gateway != null) {
            gateway.kill();
        }
        simulator.close();
        exchange.close();
        mail.close();
        receiver.close();
        http.close();
    }

    // ---- what is done ----

    private HttpResponse<String> call(String method, URI address, String body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private void operate(String method, String path, String body) throws IOException, InterruptedException {
        var answer = call(method, gateway.base().resolve(path), body, "X-Operator-Token", TOKEN);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private void fault(String json) throws IOException, InterruptedException {
        assertThat(call("POST", simulator.restBase().resolve("/simulator/faults"), json)
                        .statusCode())
                .isEqualTo(200);
    }

    private void backfill(String more) throws IOException, InterruptedException {
        var answer = call(
                "POST",
                gateway.base().resolve("/v1/history/backfill"),
                "{\"symbols\":[\"" + SYMBOL + "\"],\"period\":\"D\",\"from\":\"2026-09-01\",\"to\":\"2026-09-10\""
                        + more + "}",
                "X-Operator-Token",
                TOKEN);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    private JsonNode buy() throws IOException, InterruptedException {
        var answer = call(
                "POST",
                gateway.base().resolve("/v1/orders"),
                "{\"account_id\":\"A1\",\"symbol\":\"" + SYMBOL
                        + "\",\"side\":\"BUY\",\"order_type\":\"MARKET\",\"qty\":1}",
                "Idempotency-Key",
                "day-" + ++orders);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return mapper.readTree(answer.body());
    }

    private void dailyOrders(int limit) throws IOException, InterruptedException {
        var now = (ObjectNode) gateway.get("/v1/risk/limits");
        ((ObjectNode) now.path("gateway")).put("daily_orders", limit);
        operate("PUT", "/v1/risk/limits", now.toString());
    }

    // ---- what was received ----

    /** The alerts that reached a channel: {@code RAISED kill_switch_on}, followed by {@code again} where the message says so. */
    private Map<String, List<String>> received() {
        var channels = new TreeMap<String, List<String>>();
        Map.of("slack", "/slack", "discord", "/discord", "telegram", "/bot12345:abcdefghij/sendMessage")
                .forEach((channel, path) -> channels.put(
                        channel,
                        receiver.of(path).stream()
                                .map(it -> it.body().path("text").asString("")
                                        + it.body().path("content").asString(""))
                                .flatMap(DayOfFaultsTest::alerts)
                                .toList()));
        channels.put(
                "email",
                mail.received().stream()
                        .map(MailReceiver.Received::text)
                        .flatMap(DayOfFaultsTest::alerts)
                        .toList());
        channels.put(
                "webhook",
                receiver.of("/desk").stream()
                        .map(it ->
                                (it.body().path("kind").asString("").startsWith("resolved") ? "RESOLVED " : "RAISED ")
                                        + it.body().path("event").asString("")
                                        + (it.body().path("maybe_sent").booleanValue() ? " again" : ""))
                        .toList());
        channels.put(
                "pagerduty",
                receiver.of("/v2/enqueue").stream()
                        .map(it -> (it.body().path("event_action").asString("").equals("resolve")
                                        ? "RESOLVED "
                                        : "RAISED ")
                                + it.body().path("dedup_key").asString("").split(":", 3)[1]
                                + again(it.body().at("/payload/summary").asString("")))
                        .toList());
        return channels;
    }

    /** The first line of each alert of a text. */
    private static Stream<String> alerts(String text) {
        return text.lines()
                .filter(line -> line.startsWith("[P"))
                .map(line ->
                        line.replaceFirst("^\\[P\\d] (RAISED|RESOLVED)[^_]*? (\\w+_\\w+) .*", "$1 $2") + again(line));
    }

    /** Whether a text says that an earlier attempt may have arrived. */
    private static String again(String text) {
        return text.contains("you may have it already") ? " again" : "";
    }

    private void awaitEverywhere(String alert) {
        // Alerts about counters end a minute after their window.
        Await.until(
                Duration.ofMinutes(3),
                alert + " at every channel",
                () -> received().values().stream().allMatch(it -> it.contains(alert) || it.contains(alert + " again")));
    }

    private void awaitRaised(String event) {
        awaitEverywhere("RAISED " + event);
    }

    private void awaitResolved(String event) {
        awaitEverywhere("RESOLVED " + event);
    }

    /** More symbols than there are registrations, until the alert was received. */
    private void subscribeToTooMany() throws Exception {
        var symbols = gateway.get("/v1/instruments?market=KOSPI&limit=60")
                .path("instruments")
                .findValuesAsString("symbol");
        var socket = http.newWebSocketBuilder()
                .buildAsync(
                        URI.create(gateway.base().toString().replace("http:", "ws:") + "/v1/stream"),
                        new WebSocket.Listener() {})
                .get(30, TimeUnit.SECONDS);
        socket.sendText(
                        "{\"op\":\"subscribe\",\"channels\":[\"trades\"],\"symbols\":[\""
                                + String.join("\",\"", symbols) + "\"],\"id\":\"1\"}",
                        true)
                .get(30, TimeUnit.SECONDS);
        awaitRaised("registrations_full");
        socket.abort();
        awaitResolved("registrations_full");
    }

    // ---- the day ----

    @Test
    @Requirement(value = "A-13", clause = "day")
    void each_of_twelve_faults_reaches_every_channel_once_and_so_does_its_end_also_over_a_kill() throws Exception {
        Await.until(
                "a price",
                () -> gateway.get("/v1/quotes/" + SYMBOL).path("price").asLong(0) > 0);

        fault("{\"refuse_orders\":{\"on\":\"orders\",\"count\":3}}");
        for (int i = 0; i < 3; i++) {
            buy();
        }
        awaitRaised("order_failures");

        backfill(",\"source\":\"krx\"");
        awaitRaised("backfill_failed");
        backfill("");
        awaitResolved("backfill_failed");

        for (int i = 0; i < 10; i++) {
            assertThat(call("GET", gateway.base().resolve("/v1/orders"), "", "X-API-Key", "kgw_abcd2345_wrong" + i)
                            .statusCode())
                    .isEqualTo(401);
        }
        awaitRaised("login_failures");

        Files.writeString(folder.resolve(".env"), "AEGIS_API_V31=perhaps\n");
        awaitRaised("settings_refused");
        Files.writeString(folder.resolve(".env"), "AEGIS_API_V31=true\n");
        awaitResolved("settings_refused");

        subscribeToTooMany();

        operate("POST", "/v1/risk/kill-switch", "{\"on\":true,\"reason\":\"a test\"}");
        awaitRaised("kill_switch_on");
        operate("POST", "/v1/risk/kill-switch", "{\"on\":false}");
        awaitResolved("kill_switch_on");

        // A minute after their windows.
        awaitResolved("order_failures");
        awaitResolved("login_failures");

        // One is delivered and lasts, the other is under way when the process dies.
        while (orders < 20) {
            buy();
        }
        dailyOrders(21);
        awaitRaised("daily_orders_used");
        receiver.hold();
        int before = receiver.of("/desk").size();
        operate("POST", "/v1/keys", "{\"name\":\"soon\",\"role\":\"quote\",\"expires\":\"10d\"}");
        Await.until("it is under way", () -> receiver.of("/desk").size() > before);
        gateway.kill();
        receiver.release();
        gateway.start();
        awaitRaised("key_expires");
        Await.until(
                "it is sent again and says so",
                () -> received().getOrDefault("webhook", List.of()).contains("RAISED key_expires again"));
        operate("DELETE", "/v1/keys/soon", "");
        awaitResolved("key_expires");
        dailyOrders(500);
        awaitResolved("daily_orders_used");

        fault("{\"server_errors_after\":{\"on\":\"orders\",\"count\":1},"
                + "\"unavailable_before\":{\"on\":\"queries\",\"path\":\"inquire-daily-ccld\",\"for\":\"10m\"}}");
        buy();
        awaitRaised("request_in_doubt");
        awaitRaised("list_failed");
        fault("{\"clear\":true}");
        awaitResolved("request_in_doubt");
        awaitResolved("list_failed");

        fault("{\"unavailable_before\":{\"on\":\"queries\",\"path\":\"inquire-price\",\"for\":\"10m\"}}");
        assertThat(gateway.get("/v1/quotes/000660").path("state").asString("")).isEqualTo("FALLBACK");
        awaitRaised("quote_fallback");
        fault("{\"clear\":true}");
        Await.until(
                "a source has the price",
                () -> gateway.get("/v1/quotes/000660")
                        .path("source")
                        .asString("")
                        .startsWith("kis"));
        awaitResolved("quote_fallback");

        fault(
                "{\"forget_approvals\":true,\"unavailable_before\":{\"on\":\"tokens\",\"for\":\"10m\"},\"drop_sockets\":true}");
        awaitRaised("feed_down");
        fault("{\"clear\":true}");
        awaitResolved("feed_down");

        received().forEach((channel, alerts) -> {
            var expected = new ArrayList<String>();
            FAULTS.forEach(event -> expected.addAll(List.of("RAISED " + event, "RESOLVED " + event)));
            assertThat(alerts.stream().filter(it -> !it.endsWith(" again")))
                    .as("sent to %s, without what says that it may be there already", channel)
                    .doesNotHaveDuplicates();
            assertThat(alerts.stream().map(it -> it.replace(" again", "")))
                    .as("none is lost on the way to %s", channel)
                    .containsAll(expected);
        });
    }
}
