package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kr.kisgateway.gateway.audit.AuditEntry;
import kr.kisgateway.gateway.audit.AuditFilter;
import kr.kisgateway.gateway.audit.AuditRow;
import kr.kisgateway.gateway.audit.AuditSearch;
import kr.kisgateway.gateway.audit.AuditSource;
import kr.kisgateway.gateway.audit.HttpAudit;
import kr.kisgateway.gateway.audit.HttpAudit.Form;
import kr.kisgateway.gateway.http.RouteTable.Route;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What the calls of a running gateway, with its simulator, leave in its audit. */
@Requirement(value = "A-16", clause = "record")
@Tag("slow")
class AuditGatewayTest {
    private static final String OPERATOR_TOKEN = "operator-token-of-the-test";
    private static final String PLANTED_TOKEN = "eyJhbGciOiJIUzI1NiJ9.cGxhbnRlZA.c2lnbmF0dXJl";
    private static final String PLANTED_APP_KEY = "PSPLANTEDPLANTEDPLANTEDPLANTEDPLANTE";
    private static final String PLANTED_ACCOUNT = "76543210";
    private static final String PLANTED_WORDS = "hunter2 is my password";

    @TempDir
    private Path folder;

    private KeyedGateway gateway;

    @BeforeEach
    void start() {
        gateway = new KeyedGateway(folder, "--gateway-operator-token=" + OPERATOR_TOKEN);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Path data() {
        return gateway.running().dataDir();
    }

    private List<AuditRow> rows() {
        var rows = new ArrayList<AuditRow>();
        new AuditSearch(data()).all(AuditFilter.all(), rows::add);
        return rows;
    }

    private List<AuditEntry> ofTrace(String trace) {
        return rows().stream()
                .map(AuditRow::entry)
                .filter(entry -> entry.traceId().equals(trace))
                .toList();
    }

    private AuditEntry onlyRowOf(String trace) {
        Await.until("a row of " + trace, () -> !ofTrace(trace).isEmpty());
        assertThat(ofTrace(trace)).hasSize(1);
        return ofTrace(trace).getFirst();
    }

    private HttpResponse<String> send(String method, String path, String body, String key, String trace)
            throws Exception {
        return gateway.client()
                .send(
                        gateway.request(path, key)
                                .header("Content-Type", "application/json")
                                .header("Idempotency-Key", "key-" + trace)
                                .header("X-Trace-Id", trace)
                                .method(
                                        method,
                                        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }

    private static String path(Route route) {
        return route.path().replaceAll("\\{symbol}", "005930").replaceAll("\\{[^}]+}", "none");
    }

    private Stream<Route> routes(Form form) {
        return gateway.running().table().routes().stream()
                .filter(route -> route.role().isPresent() && HttpAudit.form(route) == form);
    }

    @TestFactory
    Stream<DynamicTest> each_call_that_changes_something_or_reads_an_account_is_one_row() throws Exception {
        var trader = gateway.key("trader", "trade");
        var singles = Stream.concat(routes(Form.CHANGE), routes(Form.ACCOUNT)).toList();
        assertThat(singles)
                .extracting(route -> route.method() + " " + route.path())
                .contains(
                        "POST /v1/orders",
                        "POST /v1/orders/{id}/cancel",
                        "POST /v1/risk/kill-switch",
                        "PUT /v1/risk/limits",
                        "POST /v1/keys",
                        "DELETE /v1/webhooks/{name}",
                        "GET /v1/balances",
                        "GET /v1/orders",
                        "GET /v1/audit");
        return singles.stream()
                .map(route -> dynamicTest(route.method() + " " + route.path(), () -> {
                    var trace = "t-" + route.method() + route.path().replaceAll("[^a-z0-9]", "-");
                    var answer = send(
                            route.method(),
                            path(route),
                            route.method().equals("GET") ? "" : "{}",
                            gateway.admin,
                            trace);

                    var row = onlyRowOf(trace);
                    assertThat(row.call()).isEqualTo(route.method() + " " + route.path());
                    assertThat(row.source()).isEqualTo(AuditSource.API);
                    assertThat(row.kind()).isEqualTo(AuditEntry.Kind.CALL);
                    assertThat(row.principal()).isEqualTo("root");
                    assertThat(row.key()).isEqualTo(gateway.admin.substring(0, 12));
                    assertThat(row.address()).isEqualTo("127.0.0.1");
                    assertThat(row.status()).isEqualTo(answer.statusCode());
                    assertThat(row.result())
                            .isEqualTo(
                                    answer.statusCode() < 400
                                            ? "OK"
                                            : gateway.json(answer)
                                                    .findPath("code")
                                                    .asString());

                    // One whose role does not suffice is a row of its key, too.
                    if (answer.statusCode() != 403
                            && route.role().get().wireName().equals("admin")) {
                        assertThat(send(route.method(), path(route), "", trader, trace + "-forbidden")
                                        .statusCode())
                                .isEqualTo(403);
                        assertThat(onlyRowOf(trace + "-forbidden").principal()).isEqualTo("trader");
                        assertThat(onlyRowOf(trace + "-forbidden").result()).isEqualTo("FORBIDDEN");
                    }
                }));
    }

    @Test
    void an_order_is_a_row_of_its_call_and_one_of_what_was_sent_for_it() throws Exception {
        var bot = gateway.key("bot", "trade");
        var order = gateway.placeResting("005930", bot);
        var trace = "cancel-it";
        assertThat(send("POST", "/v1/orders/" + order + "/cancel", "", bot, trace)
                        .statusCode())
                .isEqualTo(200);

        assertThat(onlyRowOf(trace).parameters()).isEqualTo("id=" + order);
        Await.until("the cancel was sent", () -> sent("cancel").findAny().isPresent());
        assertThat(rows().stream().map(AuditRow::entry))
                .filteredOn(entry ->
                        entry.call().equals("POST /v1/orders") && entry.result().equals("OK"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.parameters())
                        .contains("account_id=A1", "symbol=005930", "side=BUY", "qty=1", "price="));
        assertThat(sent("place")).singleElement().satisfies(entry -> {
            assertThat(entry.principal()).isEqualTo("bot");
            assertThat(entry.tr()).isEqualTo("TTTC0012U");
            assertThat(entry.cost()).isEqualTo(1);
            assertThat(entry.parameters()).contains("account_id=A1", "symbol=005930", "qty=1", "taken_as=");
        });
        assertThat(sent("cancel"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.tr()).isEqualTo("TTTC0013U"));
    }

    private Stream<AuditEntry> sent(String what) {
        return rows().stream()
                .map(AuditRow::entry)
                .filter(entry ->
                        entry.source() == AuditSource.KIS && entry.call().equals(what));
    }

    @Test
    void quotations_are_summed_by_minute_tr_and_caller() throws Exception {
        var one = gateway.key("one", "quote");
        var two = gateway.key("two", "quote");
        for (int i = 0; i < 20; i++) {
            assertThat(gateway.get("/v1/quotes/000660", one).statusCode()).isEqualTo(200);
        }
        for (int i = 0; i < 7; i++) {
            assertThat(gateway.get("/v1/quotes/000660", two).statusCode()).isEqualTo(200);
        }
        assertThat(gateway.get("/v1/quotes/ZZZZZZ", two).statusCode()).isEqualTo(404);
        gateway.close();

        assertThat(calls("one", "GET /v1/quotes/{symbol}")).isEqualTo(20);
        assertThat(calls("two", "GET /v1/quotes/{symbol}")).isEqualTo(8);
        var summed = rows().stream()
                .map(AuditRow::entry)
                .filter(entry -> entry.call().equals("GET /v1/quotes/{symbol}"))
                .toList();
        assertThat(summed).allMatch(entry -> entry.kind() == AuditEntry.Kind.MINUTE);
        // At most a row for each caller, with and without a call to KIS, in two minutes.
        assertThat(summed).hasSizeLessThanOrEqualTo(8);
        assertThat(summed.stream().mapToLong(AuditEntry::failed).sum()).isEqualTo(1);
        assertThat(summed)
                .as("the first one needed a call to KIS")
                .anyMatch(entry ->
                        entry.principal().equals("one") && entry.tr().equals("FHKST01010100") && entry.cost() >= 1);
        assertThat(rows().stream().map(AuditRow::entry))
                .as("and that call is counted for its caller")
                .anyMatch(entry -> entry.source() == AuditSource.KIS
                        && entry.principal().equals("one")
                        && entry.tr().equals("FHKST01010100"));
        gateway.restart();
    }

    private long calls(String principal, String call) {
        return rows().stream()
                .map(AuditRow::entry)
                .filter(entry ->
                        entry.principal().equals(principal) && entry.call().equals(call))
                .mapToLong(AuditEntry::calls)
                .sum();
    }

    @Test
    void callers_without_a_valid_key_are_summed_and_cannot_fill_the_disk() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(send("POST", "/v1/orders", "{}", "kgw_aaaabbbb_" + "x".repeat(43), "flood-" + i)
                            .statusCode())
                    .isIn(401, 429);
        }
        gateway.close();

        assertThat(rows().stream()
                        .map(AuditRow::entry)
                        .filter(entry -> entry.call().equals("POST /v1/orders")))
                .allMatch(entry -> entry.kind() == AuditEntry.Kind.MINUTE
                        && entry.principal().isEmpty()
                        && entry.key().equals("kgw_aaaabbbb"));
        assertThat(calls("", "POST /v1/orders")).isEqualTo(5);
        gateway.restart();
    }

    @Test
    void secrets_and_account_numbers_in_parameters_are_not_recorded() throws Exception {
        var planted =
                List.of(PLANTED_TOKEN, PLANTED_APP_KEY, PLANTED_ACCOUNT, PLANTED_WORDS, OPERATOR_TOKEN, gateway.admin);
        int sent = 0;
        for (var secret : planted) {
            var encoded =
                    java.net.URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20");
            for (var path : List.of(
                    "/v1/orders?account_id=" + encoded,
                    "/v1/orders?symbol=" + encoded,
                    "/v1/balances?account_id=" + encoded,
                    "/v1/balances?" + encoded + "=1",
                    "/v1/orders/" + encoded,
                    "/v1/audit?principal=" + encoded)) {
                send("GET", path, "", gateway.admin, "plant-" + sent++);
            }
            for (var call : Map.of(
                            "/v1/orders",
                            "{\"account_id\":\"%s\",\"symbol\":\"%s\",\"side\":\"BUY\",\"qty\":1,\"strategy_id\":\"%s\"}",
                            "/v1/risk/kill-switch",
                            "{\"on\":false,\"reason\":\"%s\"}",
                            "/v1/keys",
                            "{\"name\":\"%s\",\"role\":\"quote\",\"%s\":1}",
                            "/v1/orders/batch",
                            "{\"orders\":[{\"account_id\":\"%s\",\"symbol\":\"%s\"}],\"secret\":{\"token\":\"%s\"}}",
                            "/v1/webhooks/tv/%s",
                            "{\"secret\":\"%s\",\"message\":\"%s\"}")
                    .entrySet()) {
                send(
                        "POST",
                        call.getKey().replace("%s", encoded),
                        call.getValue().replace("%s", secret),
                        gateway.admin,
                        "plant-" + sent++);
            }
        }
        send("GET", "/v1/orders", "", gateway.admin, gateway.admin);
        int last = sent - 1;
        Await.until("the last call is recorded", () -> rows().size() > last / 2);
        gateway.close();

        assertThat(rows()).hasSizeGreaterThan(planted.size() * 8);
        for (var secret : planted) {
            for (var file : files()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(secret))
                        .as("%s has %s", file.getFileName(), secret)
                        .isFalse();
            }
        }
        assertThat(rows()).allMatch(row -> row.entry().parameters().length() <= 1_000);
        gateway.restart();
    }

    private List<Path> files() throws IOException {
        try (var files = Files.list(data())) {
            return files.filter(file -> file.getFileName().toString().startsWith("audit"))
                    .filter(Files::isRegularFile)
                    .toList();
        }
    }

    @Test
    void administrators_search_the_audit_and_others_do_not() throws Exception {
        var operator = gateway.key("operator", "operator");
        var restricted = gateway.key("restricted", "admin", "\"accounts\":[\"A1\"]");
        assertThat(gateway.get("/v1/audit", operator).statusCode()).isEqualTo(403);
        assertThat(gateway.get("/v1/audit", restricted).statusCode()).isEqualTo(403);

        for (int i = 0; i < 3; i++) {
            send("GET", "/v1/orders", "", gateway.admin, "searched-" + i);
        }
        Await.until(
                "the calls are found",
                () -> found("principal=root&text=/v1/orders").size() == 3);
        var first = gateway.json(gateway.get("/v1/audit?principal=root&text=/v1/orders&limit=2", gateway.admin));
        assertThat(first.path("rows").findValuesAsString("trace_id")).containsExactly("searched-2", "searched-1");
        var cursor = first.path("next_cursor").asString();
        var second = gateway.json(
                gateway.get("/v1/audit?principal=root&text=/v1/orders&limit=2&cursor=" + cursor, gateway.admin));
        assertThat(second.path("rows").findValuesAsString("trace_id")).containsExactly("searched-0");
        assertThat(second.path("next_cursor").isNull()).isTrue();
        assertThat(found("trace_id=searched-1")).hasSize(1);
        assertThat(found("principal=" + gateway.admin.substring(0, 12) + "&trace_id=searched-1"))
                .hasSize(1);
        assertThat(found("trace_id=searched-1&result=FORBIDDEN")).isEmpty();
        assertThat(found("trace_id=searched-1&from=2099-01-01")).isEmpty();
        assertThat(found("trace_id=searched-1&to=2000-01-01")).isEmpty();
        assertThat(gateway.get("/v1/audit?source=moon", gateway.admin).body()).contains("INVALID_FIELD", "source");
        assertThat(gateway.get("/v1/audit?from=yesterday", gateway.admin).body())
                .contains("INVALID_FIELD", "from");
        assertThat(gateway.get("/v1/audit?cursor=x", gateway.admin).body()).contains("INVALID_FIELD", "cursor");
    }

    private List<String> found(String query) throws Exception {
        return gateway.json(gateway.get("/v1/audit?" + query, gateway.admin))
                .path("rows")
                .findValuesAsString("call");
    }
}
