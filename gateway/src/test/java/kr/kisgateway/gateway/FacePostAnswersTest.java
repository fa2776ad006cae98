package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RestCall;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every POST of the catalog, sent to the simulator and through the face: the same answer, or a listed difference. */
@Tag("slow")
class FacePostAnswersTest {
    private static final String SYMBOL = "005930";
    private static final String CREDIT_SYMBOL = "035420";
    private static final String TRADING = "/uapi/domestic-stock/v1/trading/";
    private static final Catalog CATALOG = Catalog.load();

    /** Orders that the gateway does not place yet, and what it would need for them. */
    private static final Map<String, String> UNSUPPORTED = Map.ofEntries(
            Map.entry("domestic_bond_buy", "bonds are no instruments of the desk"),
            Map.entry("domestic_bond_sell", "bonds are no instruments of the desk"),
            Map.entry("domestic_bond_order_rvsecncl", "bonds are no instruments of the desk"),
            Map.entry("domestic_futureoption_order", "derivatives are no instruments of the desk"),
            Map.entry("domestic_futureoption_order_rvsecncl", "derivatives are no instruments of the desk"),
            Map.entry("overseas_futureoption_order", "derivatives are no instruments of the desk"),
            Map.entry("overseas_futureoption_order_rvsecncl", "derivatives are no instruments of the desk"));

    @TempDir
    static Path folder;

    private static HttpClient http;
    private static GatewayFixture gateway;
    private static FaceClient face;
    private static FaceClient broker;

    @BeforeAll
    static void start() {
        http = HttpClient.newHttpClient();
        gateway = GatewayFixture.start(
                folder,
                Map.of(
                        "SIMULATOR_RATE_LIMIT",
                        "5000",
                        "SIMULATOR_CLOCK",
                        "open-fixed",
                        "RISK_MAX_NOTIONAL",
                        "none",
                        "RISK_MAX_QTY",
                        "none",
                        "KIS_CREDIT",
                        "true"));
        gateway.awaitReady();
        var ports = gateway.gateway();
        face = FaceClient.withNewKey(
                http,
                folder,
                URI.create("http://127.0.0.1:" + ports.facePort().orElseThrow()),
                "posts",
                "--role",
                "trade");
        Await.until("the gateway knows the key", () -> face.login().statusCode() == 200);
        broker = new FaceClient(
                http,
                URI.create("http://127.0.0.1:" + ports.simulatorPort().orElseThrow()),
                "DIRECTAPPKEYDIRECTAPPKEYDIRECTAPPKEY",
                "directappsecret".repeat(12),
                "70000009",
                "01",
                "direct");
        assertThat(broker.login().statusCode()).isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        gateway.close();
        http.close();
    }

    static Stream<Arguments> unsupported() {
        return posts().filter(call -> UNSUPPORTED.containsKey(call.id()))
                .flatMap(call -> call.trIds().stream()
                        .flatMap(id -> id.live().stream())
                        .map(trId -> arguments(call.id(), trId)));
    }

    private static Stream<RestCall> posts() {
        return CATALOG.restCalls().stream().filter(call -> call.method().equals("POST"));
    }

    @Test
    void each_post_of_the_catalog_is_compared_or_listed() {
        var compared = Set.of(
                "auth_auth_token",
                "auth_auth_ws_token",
                "auth_revoke",
                "auth_hashkey",
                "domestic_stock_order_cash",
                "domestic_stock_order_credit",
                "domestic_stock_order_rvsecncl",
                "overseas_stock_order",
                "overseas_stock_order_rvsecncl",
                "overseas_stock_daytime_order",
                "overseas_stock_daytime_order_rvsecncl");
        // The gateway's own: FaceReservationsTest.
        var scheduled = Set.of(
                "domestic_stock_order_resv",
                "domestic_stock_order_resv_rvsecncl",
                "overseas_stock_order_resv",
                "overseas_stock_order_resv_ccnl");
        assertThat(posts().map(RestCall::id).filter(id -> !compared.contains(id) && !scheduled.contains(id)))
                .containsExactlyInAnyOrderElementsOf(UNSUPPORTED.keySet());
    }

    @ParameterizedTest
    @MethodSource("unsupported")
    void an_order_of_another_kind_is_refused_and_nothing_is_sent(String id, String trId) {
        var call = CATALOG.restById(id).orElseThrow();
        long before = gateway.brokerCalls(call.path());
        var answer = face.post(call.path(), face.headers(trId), documented(face, call));
        assertThat(answer.statusCode()).isEqualTo(500);
        JsonNode body = FaceClient.tree(answer);
        assertThat(body.propertyNames()).containsExactly("rt_cd", "msg_cd", "msg1");
        assertThat(body.path("rt_cd").asString()).isEqualTo("1");
        assertThat(body.path("msg_cd").asString()).isEqualTo("IGW00007");
        assertThat(body.path("msg1").asString()).endsWith("[UNSUPPORTED]");
        assertThat(answer.headers().firstValue("tr_id")).contains(trId);
        assertThat(gateway.brokerCalls(call.path())).as(UNSUPPORTED.get(id)).isEqualTo(before);
    }

    private static Map<String, String> documented(FaceClient client, RestCall call) {
        var body = new LinkedHashMap<String, String>();
        call.params().forEach(param -> body.put(param.name(), param.initial()));
        body.putAll(client.account());
        return body;
    }

    /** A program that has not logged in yet: of the broker itself, which issues one token a minute. */
    private static List<FaceClient> newcomers(String appKey) {
        return List.of(
                new FaceClient(
                        http,
                        broker.base,
                        appKey + "K".repeat(36 - appKey.length()),
                        broker.appSecret,
                        broker.cano,
                        broker.productCode,
                        broker.htsId),
                face);
    }

    @Test
    void logins_and_hash_keys_are_answered_as_by_the_broker() {
        var clients = newcomers("LOGINS");
        var logins = clients.stream().map(FaceClient::login).toList();
        assertSame("tokenP", logins, Set.of("access_token", "access_token_token_expired", "expires_in"));
        assertSame(
                "Approval",
                each(
                        clients,
                        client -> client.post(
                                "/oauth2/Approval",
                                Map.of(),
                                Map.of(
                                        "grant_type", "client_credentials",
                                        "appkey", client.appKey,
                                        "secretkey", client.appSecret))),
                Set.of("approval_key"));
        for (var wrong : List.of(
                Map.of("grant_type", "password"),
                Map.of("appkey", "x"),
                Map.of("appsecret", "x"),
                Map.of("grant_type", ""))) {
            assertSame(
                    "tokenP with " + wrong,
                    each(clients, client -> {
                        var body = new LinkedHashMap<>(Map.of(
                                "grant_type", "client_credentials",
                                "appkey", client.appKey,
                                "appsecret", client.appSecret));
                        body.putAll(wrong);
                        return client.post("/oauth2/tokenP", Map.of(), body);
                    }),
                    Set.of());
        }
        // The hash of the same body differs between keys; that it is accepted is compared with the orders.
        assertSame(
                "hashkey",
                each(
                        clients,
                        client -> client.post(
                                "/uapi/hashkey", client.headers(""), Map.of("PDNO", SYMBOL, "ORD_QTY", "1"))),
                Set.of("HASH"));
        assertSame(
                "revokeP",
                each(
                        clients,
                        client -> client.post(
                                "/oauth2/revokeP",
                                Map.of(),
                                Map.of(
                                        "appkey",
                                        client.appKey,
                                        "appsecret",
                                        client.appSecret,
                                        "token",
                                        client.token()))),
                Set.of());
        assertThat(face.login().statusCode()).isEqualTo(200);
    }

    @Test
    void orders_and_revisions_are_answered_as_by_the_broker() {
        var stock = FaceClient.tree(face.price(SYMBOL)).path("output");
        long lower = Long.parseLong(stock.path("stck_llam").asString());
        long upper = Long.parseLong(stock.path("stck_mxpr").asString());
        long tick = Long.parseLong(stock.path("aspr_unit").asString());
        var clients = List.of(broker, face);

        var placed = accepted("a limit order", client -> client.order("TTTC0012U", SYMBOL, "00", 10, lower));
        var moved = accepted("another price", client -> client.revise(placed.get(client), "01", true, 0, lower + tick));
        refused("a replaced number", client -> client.revise(placed.get(client), "02", true, 0, 0));
        accepted("a cancel of a part", client -> client.revise(moved.get(client), "02", false, 3, 0));
        refused("more than the rest", client -> client.revise(moved.get(client), "02", false, 8, 0));
        refused("no shares", client -> client.revise(moved.get(client), "02", false, 0, 0));
        accepted("a cancel of the rest", client -> client.revise(moved.get(client), "02", true, 0, 0));
        refused("a second cancel", client -> client.revise(moved.get(client), "02", true, 0, 0));
        refused("a change of what has ended", client -> client.revise(moved.get(client), "01", true, 0, lower));
        var old = accepted("the old TR id", client -> client.order("TTTC0802U", SYMBOL, "00", 1, lower));
        accepted("a cancel of it", client -> client.revise(old.get(client), "02", true, 0, 0));

        accepted("a market order", client -> client.order("TTTC0012U", SYMBOL, "01", 2, 0));
        for (var client : clients) {
            Await.until(
                    "it is filled",
                    () -> FaceClient.tree(client.balance())
                            .path("output1")
                            .path(0)
                            .path("hldg_qty")
                            .asString("")
                            .equals("2"));
        }
        accepted("a sale", client -> client.order("TTTC0011U", SYMBOL, "01", 1, 0));
        refused("a sale of more than there is", client -> client.order("TTTC0011U", SYMBOL, "00", 99, upper));

        refused("a price below the limit", client -> client.order("TTTC0012U", SYMBOL, "00", 1, 2_000));
        refused("a price that is no tick", client -> client.order("TTTC0012U", SYMBOL, "00", 1, lower + 1));
        refused("a limit order without a price", client -> client.order("TTTC0012U", SYMBOL, "00", 1, 0));
        refused("a market order with a price", client -> client.order("TTTC0012U", SYMBOL, "01", 1, lower));
        refused("an unknown symbol", client -> client.order("TTTC0012U", "999999", "00", 1, lower));
        refused("an unknown division", client -> client.order("TTTC0012U", SYMBOL, "99", 1, lower));
        refused("no shares", client -> client.order("TTTC0012U", SYMBOL, "00", 0, lower));
        refused("more than the cash", client -> client.order("TTTC0012U", SYMBOL, "00", 999_999, lower));
        for (String field : List.of("PDNO", "ORD_DVSN", "ORD_QTY", "ORD_UNPR", "CANO", "ACNT_PRDT_CD")) {
            for (String value : List.of("", "abc")) {
                if (field.equals("PDNO") && value.equals("abc")) {
                    continue; // an unknown symbol
                }
                refused(field + " is '" + value + "'", client -> {
                    var body = client.account();
                    body.putAll(Map.of("PDNO", SYMBOL, "ORD_DVSN", "00", "ORD_QTY", "1", "ORD_UNPR", "" + lower));
                    body.put(field, value);
                    return client.post(TRADING + "order-cash", client.headers("TTTC0012U"), body);
                });
            }
        }
        refused(
                "the documented values of a revision",
                client -> client.post(
                        TRADING + "order-rvsecncl",
                        client.headers("TTTC0013U"),
                        documented(
                                client,
                                CATALOG.restById("domestic_stock_order_rvsecncl")
                                        .orElseThrow())));
        for (String trId : List.of("TTTC0011U", "TTTC0012U")) {
            refused(
                    "the documented values of " + trId,
                    client -> client.post(
                            TRADING + "order-cash",
                            client.headers(trId),
                            documented(
                                    client,
                                    CATALOG.restById("domestic_stock_order_cash")
                                            .orElseThrow())));
        }
        var body = broker.account();
        body.putAll(Map.of("PDNO", SYMBOL, "ORD_DVSN", "00", "ORD_QTY", "1", "ORD_UNPR", "" + lower));
        accepted("a hash key", client -> {
            body.putAll(client.account());
            String hash = FaceClient.tree(client.post("/uapi/hashkey", client.headers(""), body))
                    .path("HASH")
                    .asString();
            var headers = client.headers("TTTC0012U");
            headers.put("hashkey", hash);
            return client.post(TRADING + "order-cash", headers, body);
        });
        refused("a wrong hash key", client -> {
            body.putAll(client.account());
            var headers = client.headers("TTTC0012U");
            headers.put("hashkey", "0".repeat(64));
            return client.post(TRADING + "order-cash", headers, body);
        });
    }

    private static HttpResponse<String> credit(FaceClient client, String trId, Map<String, String> fields) {
        var body = client.account();
        body.putAll(Map.of("PDNO", CREDIT_SYMBOL, "ORD_DVSN", "00", "ORD_QTY", "1", "LOAN_DT", today()));
        body.putAll(fields);
        return client.post(TRADING + "order-credit", client.headers(trId), body);
    }

    private static String today() {
        return DateTimeFormatter.BASIC_ISO_DATE.format(LocalDate.now(ZoneId.of("Asia/Seoul")));
    }

    private static JsonNode loan(FaceClient client) {
        var query = client.account();
        query.putAll(Map.of(
                "AFHR_FLPR_YN", "N", "OFL_YN", "", "INQR_DVSN", "01", "UNPR_DVSN", "01", "FUND_STTL_ICLD_YN", "N"));
        query.putAll(
                Map.of("FNCG_AMT_AUTO_RDPT_YN", "N", "PRCS_DVSN", "00", "CTX_AREA_FK100", "", "CTX_AREA_NK100", ""));
        for (JsonNode row : FaceClient.tree(client.get(TRADING + "inquire-balance", client.headers("TTTC8434R"), query))
                .path("output1")) {
            if (!row.path("loan_dt").asString("").isEmpty()) {
                return row;
            }
        }
        return JsonMapper.shared().createObjectNode();
    }

    @Test
    void orders_on_credit_are_answered_as_by_the_broker() {
        var stock = FaceClient.tree(face.price(CREDIT_SYMBOL)).path("output");
        String lower = stock.path("stck_llam").asString();
        var buy = Map.of("CRDT_TYPE", "21", "ORD_UNPR", lower);
        var placed = accepted("a buy on credit", client -> credit(client, "TTTC0052U", buy));
        accepted("its cancel", client -> client.revise(placed.get(client), "02", true, 0, 0));
        var old = accepted(
                "the old TR id", client -> credit(client, "TTTC0852U", Map.of("CRDT_TYPE", "23", "ORD_UNPR", lower)));
        accepted("a cancel of it", client -> client.revise(old.get(client), "02", true, 0, 0));

        var market = Map.of("CRDT_TYPE", "21", "ORD_DVSN", "01", "ORD_QTY", "3", "ORD_UNPR", "0");
        accepted("a market order on credit", client -> credit(client, "TTTC0052U", market));
        Await.until(
                "the broker's own order is filled",
                () -> loan(broker).path("hldg_qty").asString("").equals("3"));
        Await.until(
                "the gateway's is",
                () -> gateway.json("/v1/positions?account_id=A1")
                        .valueStream()
                        .anyMatch(it -> it.path("loan").path("loan_date").isString()
                                && it.path("qty").asLong() == 3));
        var repay = Map.of("CRDT_TYPE", "25", "ORD_DVSN", "01", "ORD_UNPR", "0");
        refused("a repayment of another day's loan", client -> {
            var fields = new LinkedHashMap<>(repay);
            fields.put("LOAN_DT", "20260105");
            return credit(client, "TTTC0051U", fields);
        });
        refused("a repayment of more than there is", client -> {
            var fields = new LinkedHashMap<>(repay);
            fields.put("ORD_QTY", "4");
            return credit(client, "TTTC0051U", fields);
        });
        accepted("a repayment", client -> credit(client, "TTTC0051U", repay));
        accepted("one by the old TR id", client -> credit(client, "TTTC0851U", repay));

        refused(
                "a buy that repays",
                client -> credit(client, "TTTC0052U", Map.of("CRDT_TYPE", "25", "ORD_UNPR", lower)));
        refused("a sale that borrows", client -> credit(client, "TTTC0051U", buy));
        refused("an unknown type", client -> credit(client, "TTTC0052U", Map.of("CRDT_TYPE", "99", "ORD_UNPR", lower)));
        for (String date : List.of("20260105", "abc", "20261399")) {
            refused(
                    "the loan date " + date,
                    client ->
                            credit(client, "TTTC0052U", Map.of("CRDT_TYPE", "21", "ORD_UNPR", lower, "LOAN_DT", date)));
        }
        for (String field : List.of("PDNO", "CRDT_TYPE", "LOAN_DT", "ORD_DVSN", "ORD_QTY", "ORD_UNPR")) {
            refused(field + " is empty", client -> {
                var fields = new LinkedHashMap<>(buy);
                fields.put(field, "");
                return credit(client, "TTTC0052U", fields);
            });
        }
        for (String trId : List.of("TTTC0051U", "TTTC0052U")) {
            refused(
                    "the documented values of " + trId,
                    client -> client.post(
                            TRADING + "order-credit",
                            client.headers(trId),
                            documented(
                                    client,
                                    CATALOG.restById("domestic_stock_order_credit")
                                            .orElseThrow())));
        }
        // The broker lends shares, and reserves orders; the gateway sends neither.
        long before = gateway.brokerCalls(TRADING + "order-credit");
        for (String type : List.of("22", "24", "26", "28")) {
            var answer = credit(face, "TTTC0051U", Map.of("CRDT_TYPE", type, "ORD_UNPR", lower));
            assertThat(FaceClient.code(answer)).isEqualTo("IGW00007");
            assertThat(FaceClient.tree(answer).path("msg1").asString()).contains("대주");
        }
        var reserved = credit(face, "TTTC0052U", Map.of("CRDT_TYPE", "21", "ORD_UNPR", lower, "RSVN_ORD_YN", "Y"));
        assertThat(FaceClient.code(reserved)).isEqualTo("IGW00007");
        assertThat(gateway.brokerCalls(TRADING + "order-credit")).isEqualTo(before);
    }

    private static HttpResponse<String> us(FaceClient client, String path, String trId, Map<String, String> fields) {
        var body = client.account();
        body.putAll(Map.of(
                "OVRS_EXCG_CD", "NASD", "PDNO", "AAPL", "CTAC_TLNO", "", "MGCO_APTM_ODNO", "", "ORD_SVR_DVSN_CD", "0"));
        body.putAll(fields);
        return client.post("/uapi/overseas-stock/v1/trading/" + path, client.headers(trId), body);
    }

    private static HttpResponse<String> usOrder(
            FaceClient client, String trId, String division, int qty, String price) {
        boolean day = trId.startsWith("TTTS");
        return us(
                client,
                day ? "daytime-order" : "order",
                trId,
                Map.of("ORD_DVSN", division, "ORD_QTY", Integer.toString(qty), "OVRS_ORD_UNPR", price, "SLL_TYPE", ""));
    }

    private static HttpResponse<String> usRevision(
            FaceClient client, JsonNode order, String trId, String kind, int qty, String price) {
        boolean day = trId.startsWith("TTTS");
        return us(
                client,
                day ? "daytime-order-rvsecncl" : "order-rvsecncl",
                trId,
                Map.of(
                        "ORGN_ODNO",
                        order.path("output").path("ODNO").asString(),
                        "RVSE_CNCL_DVSN_CD",
                        kind,
                        "ORD_QTY",
                        Integer.toString(qty),
                        "OVRS_ORD_UNPR",
                        price));
    }

    @Test
    void us_orders_and_revisions_are_answered_as_by_the_broker() {
        for (boolean day : List.of(false, true)) {
            String buy = day ? "TTTS6036U" : "TTTT1002U";
            String sell = day ? "TTTS6037U" : "TTTT1006U";
            String revise = day ? "TTTS6038U" : "TTTT1004U";
            var placed = accepted("a limit order", client -> usOrder(client, buy, "00", 10, "150.25"));
            var moved = accepted(
                    "another price", client -> usRevision(client, placed.get(client), revise, "01", 10, "150.30"));
            refused("a replaced number", client -> usRevision(client, placed.get(client), revise, "02", 10, "0"));
            accepted("a cancel of a part", client -> usRevision(client, moved.get(client), revise, "02", 3, "0"));
            refused("more than the rest", client -> usRevision(client, moved.get(client), revise, "02", 8, "0"));
            accepted("a cancel of the rest", client -> usRevision(client, moved.get(client), revise, "02", 7, "0"));
            refused("a price below the tick", client -> usOrder(client, buy, "00", 1, "150.255"));
            refused("no price", client -> usOrder(client, buy, "00", 1, "0"));
            refused("a price that is no number", client -> usOrder(client, buy, "00", 1, "abc"));
            refused("no shares", client -> usOrder(client, buy, "00", 0, "150"));
            refused("an unknown division", client -> usOrder(client, buy, "99", 1, "150"));
            refused("a market order that buys", client -> usOrder(client, buy, "33", 1, "0"));
            refused("a sale without a holding", client -> usOrder(client, sell, "00", 1, "150"));
            refused("more than the cash", client -> usOrder(client, buy, "00", 99_999, "150"));
            refused(
                    "an unknown symbol",
                    client -> us(
                            client,
                            day ? "daytime-order" : "order",
                            buy,
                            Map.of("PDNO", "ZZZZZZ", "ORD_DVSN", "00", "ORD_QTY", "1", "OVRS_ORD_UNPR", "150")));
            refused(
                    "a number that is none",
                    client -> us(
                            client,
                            day ? "daytime-order-rvsecncl" : "order-rvsecncl",
                            revise,
                            Map.of(
                                    "ORGN_ODNO",
                                    "abc",
                                    "RVSE_CNCL_DVSN_CD",
                                    "02",
                                    "ORD_QTY",
                                    "1",
                                    "OVRS_ORD_UNPR",
                                    "0")));
        }
        // The lists of both have the same orders; the key's own list has those of the key.
        var rows = FaceClient.tree(face.get(
                        "/uapi/overseas-stock/v1/trading/inquire-nccs",
                        face.headers("TTTS3018R"),
                        withAccount(Map.of(
                                "OVRS_EXCG_CD", "NASD", "SORT_SQN", "DS", "CTX_AREA_FK200", "", "CTX_AREA_NK200", ""))))
                .path("output");
        assertThat(rows).isEmpty();
        var open = accepted("a resting order", client -> usOrder(client, "TTTT1002U", "00", 4, "151.00"));
        var own = FaceClient.tree(face.get(
                        "/uapi/overseas-stock/v1/trading/inquire-nccs",
                        face.headers("TTTS3018R"),
                        withAccount(Map.of(
                                "OVRS_EXCG_CD", "NASD", "SORT_SQN", "DS", "CTX_AREA_FK200", "", "CTX_AREA_NK200", ""))))
                .path("output");
        assertThat(own).hasSize(1);
        assertThat(own.path(0).path("odno").asString())
                .isEqualTo(open.get(face).path("output").path("ODNO").asString());
        accepted("its cancel", client -> usRevision(client, open.get(client), "TTTT1004U", "02", 4, "0"));
    }

    private static Map<String, String> withAccount(Map<String, String> query) {
        var all = face.account();
        all.putAll(query);
        return all;
    }

    private interface Request {
        HttpResponse<String> send(FaceClient client);
    }

    private static List<HttpResponse<String>> each(List<FaceClient> clients, Request request) {
        return clients.stream().map(request::send).toList();
    }

    /** The accepted orders by program. */
    private static Map<FaceClient, JsonNode> accepted(String what, Request request) {
        var answers = each(List.of(broker, face), request);
        assertThat(FaceClient.code(answers.getFirst())).as(what).isEqualTo("APBK0013");
        assertSame(what, answers, Set.of("output/ODNO", "output/ORD_TMD"));
        for (var answer : answers) {
            var output = FaceClient.tree(answer).path("output");
            assertThat(output.path("ODNO").asString()).as(what).matches("[0-9]{10}");
            assertThat(output.path("ORD_TMD").asString()).as(what).matches("[0-9]{6}");
        }
        return Map.of(broker, FaceClient.tree(answers.getFirst()), face, FaceClient.tree(answers.getLast()));
    }

    private static void refused(String what, Request request) {
        var answers = each(List.of(broker, face), request);
        assertThat(FaceClient.tree(answers.getFirst()).path("rt_cd").asString())
                .as(what)
                .isNotEqualTo("0");
        // What the gateway refuses itself names the gateway's own code; KIS gives its texts for it alone.
        boolean own = FaceClient.tree(answers.getLast())
                .path("msg1")
                .asString()
                .strip()
                .endsWith("]");
        assertSame(what, answers, own ? Set.of("msg1") : Set.of());
    }

    /** Status, headers and every field, but for the values that differ from call to call. */
    private static void assertSame(String what, List<HttpResponse<String>> answers, Set<String> differing) {
        var expected = answers.getFirst();
        var answered = answers.getLast();
        String both = what + "\n" + expected.body() + "\n" + answered.body();
        assertThat(answered.statusCode()).as(both).isEqualTo(expected.statusCode());
        for (String header : List.of("tr_id", "tr_cont", "gt_uid", "content-type")) {
            assertThat(answered.headers().firstValue(header))
                    .as(header + " of " + both)
                    .isEqualTo(expected.headers().firstValue(header));
        }
        assertThat(fields(FaceClient.tree(answered), differing))
                .as(both)
                .isEqualTo(fields(FaceClient.tree(expected), differing));
    }

    private static Map<String, String> fields(JsonNode body, Set<String> differing) {
        var fields = new TreeMap<String, String>();
        addFields("", body, differing, fields);
        return fields;
    }

    private static void addFields(String path, JsonNode node, Set<String> differing, Map<String, String> fields) {
        node.properties().forEach(each -> {
            String name = path + each.getKey();
            var value = each.getValue();
            if (value.isObject()) {
                addFields(name + "/", value, differing, fields);
            } else {
                fields.put(name, differing.contains(name) ? value.getNodeType().toString() : value.toString());
            }
        });
    }
}
