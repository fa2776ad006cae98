package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import kr.kisgateway.programs.FreePort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The KIS-compatible face as programs written for KIS use it: over HTTP, with a virtual app key. */
@Tag("slow")
class FaceGatewayTest {
    private static final String SYMBOL = "005930";
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private GatewayFixture gateway;
    private FaceClient client;

    @BeforeEach
    void start() {
        start(Map.of("SIMULATOR_RATE_LIMIT", "1000"));
    }

    private void start(Map<String, String> environment) {
        start(environment, true);
    }

    /** @param open whether calls of the gateway's own API need no key */
    private void start(Map<String, String> environment, boolean open) {
        var all = new LinkedHashMap<>(environment);
        all.put("SIMULATOR_CLOCK", "open-fixed");
        gateway = GatewayFixture.start(folder, all);
        if (client == null) {
            client = newClient("strategy-a", "--role", "trade");
            client.login();
        } else {
            client = moved(client);
        }
        if (open) {
            gateway.awaitReady();
        }
    }

    @AfterEach
    void stop() {
        gateway.close();
        http.close();
    }

    private URI face() {
        return URI.create("http://127.0.0.1:" + gateway.gateway().facePort().orElseThrow());
    }

    private FaceClient newClient(String name, String... options) {
        var made = FaceClient.withNewKey(http, folder, face(), name, options);
        Await.until("the gateway knows the key", () -> made.login().statusCode() == 200);
        return made;
    }

    /** The same program with the gateway's present address. */
    private FaceClient moved(FaceClient before) {
        var after = new FaceClient(
                http, face(), before.appKey, before.appSecret, before.cano, before.productCode, before.htsId);
        after.useToken(before.token());
        return after;
    }

    @Test
    void a_token_has_the_form_that_programs_read_and_is_the_same_for_six_hours() {
        var first = client.login();
        var body = FaceClient.tree(first);
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(body.path("token_type").asString()).isEqualTo("Bearer");
        assertThat(body.path("expires_in").asLong()).isBetween(86_300L, 86_400L);
        assertThat(body.path("access_token_token_expired").asString())
                .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");
        var content = FaceClient.JSON.readTree(Base64.getUrlDecoder()
                .decode(body.path("access_token").asString().split("\\.")[1]));
        assertThat(content.path("jti").asString()).isEqualTo(client.appKey);
        assertThat(client.appKey).hasSize(36);
        assertThat(client.appSecret).hasSize(180);

        String text = client.token();
        assertThat(FaceClient.tree(client.login()).path("access_token").asString())
                .isEqualTo(text);
        gateway.jump(Duration.ofHours(7));
        client.login();
        assertThat(client.token()).isNotEqualTo(text);

        client.useToken(text);
        assertThat(FaceClient.code(client.price(SYMBOL))).isEqualTo("MCA00000");
        gateway.jump(Duration.ofHours(18));
        var expired = client.price(SYMBOL);
        assertThat(expired.statusCode()).isEqualTo(500);
        assertThat(FaceClient.code(expired)).isEqualTo("EGW00123");
    }

    @Test
    void a_token_outlives_the_gateway_and_ends_with_its_revocation_or_its_key() {
        String before = client.token();
        gateway.close();
        start(Map.of());
        assertThat(FaceClient.code(client.price(SYMBOL))).isEqualTo("MCA00000");
        assertThat(FaceClient.tree(client.login()).path("access_token").asString())
                .isEqualTo(before);

        var revoked = client.post(
                "/oauth2/revokeP",
                Map.of(),
                Map.of("appkey", client.appKey, "appsecret", client.appSecret, "token", before));
        assertThat(FaceClient.tree(revoked).path("code").asInt()).isEqualTo(200);
        assertThat(FaceClient.code(client.price(SYMBOL))).isEqualTo("EGW00121");
        gateway.close();
        start(Map.of());
        assertThat(FaceClient.code(client.price(SYMBOL))).isEqualTo("EGW00121");
        client.login();
        assertThat(client.token()).isNotEqualTo(before);
        assertThat(FaceClient.code(client.price(SYMBOL))).isEqualTo("MCA00000");

        KeyCommands.printed(folder, List.of("revoke", "strategy-a"));
        Await.until(
                "the key is refused",
                () -> FaceClient.code(client.price(SYMBOL)).equals("EGW00103"));
    }

    @Test
    void requests_are_refused_in_the_order_and_with_the_codes_of_kis() {
        var other = newClient("strategy-b", "--role", "trade");
        var good = client.headers("FHKST01010100");
        assertRefused(403, "EGW00102", with(good, "appkey", ""));
        assertRefused(403, "EGW00103", with(good, "appkey", "PSUNKNOWNUNKNOWNUNKNOWNUNKNOWNUNKNOW"));
        assertRefused(403, "EGW00103", with(good, "appkey", client.appKey.substring(0, 35) + "_"));
        assertRefused(403, "EGW00104", with(good, "appsecret", ""));
        assertRefused(403, "EGW00105", with(good, "appsecret", other.appSecret));
        assertRefused(500, "EGW00205", with(good, "authorization", client.token()));
        assertRefused(500, "EGW00121", with(good, "authorization", "Bearer x"));
        assertRefused(500, "EGW00121", with(good, "authorization", "Bearer " + other.token()));
        assertRefused(200, "OPSQ0002", with(good, "tr_id", "FHKST99999999"));
        assertRefused(500, "EGW02004", with(good, "tr_id", "VTTC8434R"));
        assertRefused(500, "EGW00208", with(good, "custtype", "X"));
        assertThat(FaceClient.code(client.get("/elsewhere", good, Map.of()))).isEqualTo("EGW00101");

        var foreign = client.get(
                "/uapi/domestic-stock/v1/trading/inquire-balance",
                client.headers("TTTC8434R"),
                Map.of("CANO", other.cano, "ACNT_PRDT_CD", "01"));
        assertThat(foreign.statusCode()).isEqualTo(200);
        assertThat(FaceClient.code(foreign)).isEqualTo("OPSQ2000");
        var wrongGrant =
                client.post("/oauth2/tokenP", Map.of(), Map.of("appkey", client.appKey, "appsecret", client.appSecret));
        assertThat(wrongGrant.statusCode()).isEqualTo(403);
        assertThat(FaceClient.tree(wrongGrant).path("error_code").asString()).isEqualTo("EGW00115");
    }

    private void assertRefused(int status, String code, Map<String, String> headers) {
        var answer = client.get(
                "/uapi/domestic-stock/v1/quotations/inquire-price",
                headers,
                Map.of("FID_COND_MRKT_DIV_CODE", "J", "FID_INPUT_ISCD", SYMBOL));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(FaceClient.code(answer)).as(answer.body()).isEqualTo(code);
        assertThat(FaceClient.tree(answer).path("rt_cd").asString()).isEqualTo("1");
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        var out = new LinkedHashMap<>(headers);
        out.put(name, value);
        return out;
    }

    @Test
    void header_names_are_in_lower_case_on_the_wire_but_for_those_with_a_hyphen() throws IOException {
        var head = new ArrayList<String>();
        try (var socket = new Socket("127.0.0.1", face().getPort())) {
            socket.setSoTimeout(10_000);
            var request = new StringBuilder("GET //uapi/domestic-stock/v1/quotations/inquire-price"
                    + "?fid_cond_mrkt_div_code=J&fid_input_iscd=" + SYMBOL + " HTTP/1.1\r\nHost: localhost\r\n");
            var sent = client.headers("FHKST01010100");
            sent.put("gt_uid", "u123");
            sent.put("Connection", "close");
            sent.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.add(line.strip());
            }
        }
        assertThat(head.getFirst()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(head).contains("tr_id: FHKST01010100", "tr_cont:", "gt_uid: u123");
        // The samples make an identifier of each name in lower case.
        assertThat(head.stream().skip(1).map(line -> line.substring(0, line.indexOf(':'))))
                .allMatch(name -> !name.contains("-") || !name.equals(name.toLowerCase(java.util.Locale.ROOT)));
    }

    @Test
    void orders_go_through_the_desk_and_answer_with_the_number_of_kis() {
        long lower = figure("stck_llam");
        var rests = client.order("TTTC0012U", SYMBOL, "00", 3, lower);
        JsonNode placed = FaceClient.tree(rests);
        assertThat(placed.path("msg_cd").asString()).as(rests.body()).isEqualTo("APBK0013");
        assertThat(placed.path("output").path("ODNO").asString()).matches("[0-9]{10}");
        assertThat(placed.path("output").path("ORD_TMD").asString()).matches("[0-9]{6}");
        var inDesk = gateway.json("/v1/orders?status=open").path("orders").get(0);
        assertThat(inDesk.path("by").asString()).isEqualTo("strategy-a");
        assertThat(inDesk.path("kis_order_no").asString())
                .isEqualTo(placed.path("output").path("ODNO").asString());

        var modified = FaceClient.tree(client.revise(placed, "01", true, 0, lower + figure("aspr_unit")));
        assertThat(modified.path("rt_cd").asString()).as(modified.toString()).isEqualTo("0");
        assertThat(modified.path("output").path("ODNO").asString())
                .isNotEqualTo(placed.path("output").path("ODNO").asString());
        var part = FaceClient.tree(client.revise(modified, "02", false, 1, 0));
        assertThat(part.path("rt_cd").asString()).as(part.toString()).isEqualTo("0");
        Await.until(
                "one of three shares is cancelled",
                () -> gateway.json("/v1/orders?status=open")
                                .path("orders")
                                .get(0)
                                .path("remaining_qty")
                                .asLong()
                        == 2);
        assertThat(FaceClient.tree(client.revise(modified, "02", true, 0, 0))
                        .path("rt_cd")
                        .asString())
                .isEqualTo("0");
        Await.until(
                "nothing rests",
                () -> gateway.json("/v1/orders?status=open").path("orders").isEmpty());
        assertThat(FaceClient.code(client.revise(modified, "02", true, 0, 0))).isEqualTo("APBK0344");

        assertThat(FaceClient.code(client.order("TTTC0802U", SYMBOL, "01", 2, 0)))
                .isEqualTo("APBK0013");
        Await.until(
                "the balance shows the shares",
                () -> FaceClient.tree(client.balance())
                        .path("output1")
                        .toString()
                        .contains("\"hldg_qty\":\"2\""));
        assertThat(FaceClient.code(client.order("TTTC0011U", SYMBOL, "01", 3, 0)))
                .isEqualTo("APBK0400");
        assertThat(FaceClient.code(client.order("TTTC0012U", SYMBOL, "00", 1, 1)))
                .isEqualTo("APBK0506");
        var closed = client.order("TTTC0012U", SYMBOL, "41", 1, figure("stck_llam"));
        assertThat(FaceClient.code(closed)).as(closed.body()).isEqualTo("APBK0918");
        var nowhere = client.order("TTTC0012U", SYMBOL, "27", 1, figure("stck_llam"));
        assertThat(nowhere.body()).contains("APBK0506", "해당 거래소에서 가능하지 않은 주문구분입니다.");
        var unknown = client.order("TTTC0012U", SYMBOL, "99", 1, figure("stck_llam"));
        assertThat(unknown.body()).contains("APBK0506", "주문구분을 확인하십시오.");
        assertThat(gateway.brokerCalls("order-cash"))
                .as("refused orders reach KIS")
                .isEqualTo(2);
    }

    private long figure(String column) {
        return FaceClient.tree(client.price(SYMBOL)).path("output").path(column).asLong();
    }

    @Test
    void an_order_without_an_answer_is_in_doubt_and_never_taken() {
        gateway.fault("{\"lose_answers\":1}");
        var answer = client.order("TTTC0012U", SYMBOL, "00", 1, figure("stck_llam"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
        assertThat(FaceClient.code(answer)).isEqualTo("EGW00301");
        assertThat(answer.body()).doesNotContain("ODNO");
        Await.until(
                "the list resolves it",
                () -> gateway.json("/v1/orders?status=open")
                        .path("orders")
                        .path(0)
                        .path("status")
                        .asString("")
                        .equals("SENT"));
    }

    @Test
    void a_key_sees_and_cancels_its_own_orders_only_unless_it_is_shared() {
        var other = newClient("strategy-b", "--role", "trade");
        var shared = newClient("desk", "--role", "trade", "--shared");
        long lower = figure("stck_llam");
        JsonNode mine = FaceClient.tree(client.order("TTTC0012U", SYMBOL, "00", 1, lower));
        JsonNode its = FaceClient.tree(other.order("TTTC0012U", SYMBOL, "00", 2, lower));
        String today = DateTimeFormatter.BASIC_ISO_DATE.format(LocalDate.now(SEOUL));

        assertThat(numbers(client.orders(today))).containsExactly(number(mine));
        assertThat(numbers(other.orders(today))).containsExactly(number(its));
        assertThat(numbers(shared.orders(today))).containsExactly(number(mine), number(its));
        assertThat(FaceClient.tree(other.orders(today))
                        .path("output2")
                        .path("tot_ord_qty")
                        .asString())
                .isEqualTo("2");
        assertThat(FaceClient.code(client.revise(its, "02", true, 0, 0))).isEqualTo("APBK0344");
        assertThat(FaceClient.code(shared.revise(its, "02", true, 0, 0))).isEqualTo("APBK0013");
    }

    private static String number(JsonNode order) {
        return order.path("output").path("ODNO").asString();
    }

    private static List<String> numbers(HttpResponse<String> orders) {
        return FaceClient.tree(orders)
                .path("output1")
                .valueStream()
                .map(row -> row.path("odno").asString())
                .toList();
    }

    @Test
    void a_key_reaches_only_what_it_may() {
        var reader = newClient("reader", "--role", "quote", "--symbols", "000660");
        assertThat(FaceClient.code(reader.price("000660"))).isEqualTo("MCA00000");
        assertThat(FaceClient.code(reader.price(SYMBOL))).isEqualTo("EGW00206");
        assertThat(FaceClient.code(reader.balance())).isEqualTo("EGW00206");
        assertThat(FaceClient.code(reader.order("TTTC0012U", "000660", "01", 1, 0)))
                .isEqualTo("EGW00206");
        var trader = newClient("trader", "--role", "trade", "--symbols", "000660");
        assertThat(reason(trader.order("TTTC0012U", SYMBOL, "01", 1, 0)))
                .isEqualTo("이 키에 허용된 종목만 주문할 수 있습니다. [FORBIDDEN]");
        assertThat(reason(trader.price(SYMBOL))).isEqualTo("이 키에 허용된 종목만 조회할 수 있습니다. [FORBIDDEN]");
        assertThat(gateway.brokerCalls("order-cash")).isZero();
    }

    @Test
    void equal_questions_cost_one_call_and_a_fill_ends_the_answers_about_the_account() throws Exception {
        long before = gateway.brokerCalls("inquire-asking-price-exp-ccn");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = new ArrayList<Future<HttpResponse<String>>>();
            for (int i = 0; i < 30; i++) {
                answers.add(threads.submit(() -> client.get(
                        "/uapi/domestic-stock/v1/quotations/inquire-asking-price-exp-ccn",
                        client.headers("FHKST01010200"),
                        Map.of("FID_COND_MRKT_DIV_CODE", "J", "FID_INPUT_ISCD", SYMBOL))));
            }
            for (var answer : answers) {
                assertThat(FaceClient.code(answer.get())).isEqualTo("MCA00000");
            }
        }
        assertThat(gateway.brokerCalls("inquire-asking-price-exp-ccn") - before).isEqualTo(1);

        assertThat(FaceClient.tree(client.balance()).path("output1")).isEmpty();
        client.order("TTTC0012U", SYMBOL, "01", 1, 0);
        Await.until(
                "the fill shows at once",
                () -> !FaceClient.tree(client.balance()).path("output1").isEmpty());
    }

    @Test
    void a_loop_without_pauses_is_slowed_down_to_the_share_of_its_key_and_not_refused() {
        var loop = newClient("loop", "--role", "quote", "--calls-per-second", "20");
        long begun = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            assertThat(FaceClient.code(loop.price(SYMBOL))).isEqualTo("MCA00000");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(1_300));
    }

    @Test
    void a_cancel_whose_notice_comes_before_its_answer_is_answered_as_done() {
        JsonNode resting = FaceClient.tree(client.order("TTTC0012U", SYMBOL, "00", 1, figure("stck_llam")));
        gateway.fault("{\"latency_ms\":{\"on\":[\"revisions\"],\"value\":300,\"for\":\"10s\"}}");
        var answer = client.revise(resting, "02", true, 0, 0);
        assertThat(FaceClient.code(answer)).as(answer.body()).isEqualTo("APBK0013");
        assertThat(number(FaceClient.tree(answer))).isGreaterThan(number(resting));
    }

    @Test
    void a_partial_cancel_that_cannot_be_read_cancels_nothing() {
        JsonNode resting = FaceClient.tree(client.order("TTTC0012U", SYMBOL, "00", 10, figure("stck_llam")));
        for (String qty : List.of("-3", "abc", "2.5", "", "0")) {
            var body = client.account();
            body.putAll(Map.of(
                    "KRX_FWDG_ORD_ORGNO", "06010",
                    "ORGN_ODNO", number(resting),
                    "ORD_DVSN", "00",
                    "RVSE_CNCL_DVSN_CD", "02",
                    "ORD_QTY", qty,
                    "ORD_UNPR", "0",
                    "QTY_ALL_ORD_YN", "N"));
            var answer =
                    client.post("/uapi/domestic-stock/v1/trading/order-rvsecncl", client.headers("TTTC0013U"), body);
            assertThat(FaceClient.code(answer)).as(qty).isEqualTo(qty.equals("0") ? "APBK0344" : "OPSQ2002");
        }
        var open = gateway.json("/v1/orders?status=open").path("orders").get(0);
        assertThat(open.path("status").asString()).isEqualTo("SENT");
        assertThat(open.path("remaining_qty").asLong()).isEqualTo(10);
    }

    @Test
    void another_condition_of_a_stop_order_is_refused_and_not_dropped() {
        long upper = figure("stck_mxpr");
        var body = client.account();
        body.putAll(Map.of(
                "PDNO",
                SYMBOL,
                "ORD_DVSN",
                "22",
                "ORD_QTY",
                "1",
                "ORD_UNPR",
                Long.toString(upper),
                "CNDT_PRIC",
                Long.toString(upper)));
        var placed = client.post("/uapi/domestic-stock/v1/trading/order-cash", client.headers("TTTC0012U"), body);
        assertThat(FaceClient.code(placed)).as(placed.body()).isEqualTo("APBK0013");
        var output = FaceClient.tree(placed).path("output");
        var revision = client.account();
        revision.putAll(Map.of(
                "KRX_FWDG_ORD_ORGNO", output.path("KRX_FWDG_ORD_ORGNO").asString(),
                "ORGN_ODNO", output.path("ODNO").asString(),
                "ORD_DVSN", "22",
                "RVSE_CNCL_DVSN_CD", "01",
                "ORD_QTY", "1",
                "ORD_UNPR", Long.toString(upper - 1_000),
                "QTY_ALL_ORD_YN", "Y"));
        for (var condition : List.of(Long.toString(upper - 1_000), "x")) {
            revision.put("CNDT_PRIC", condition);
            var refused = client.post(
                    "/uapi/domestic-stock/v1/trading/order-rvsecncl", client.headers("TTTC0013U"), revision);
            assertThat(FaceClient.code(refused)).as(refused.body()).isEqualTo("IGW00007");
            assertThat(FaceClient.tree(refused).path("msg1").asString()).contains("조건가격");
        }
        assertThat(gateway.json("/v1/orders?status=open").at("/orders/0/price").asLong())
                .isEqualTo(upper);
        revision.put("CNDT_PRIC", Long.toString(upper));
        var changed =
                client.post("/uapi/domestic-stock/v1/trading/order-rvsecncl", client.headers("TTTC0013U"), revision);
        assertThat(FaceClient.code(changed))
                .as("the same condition: " + changed.body())
                .isEqualTo("APBK0013");
    }

    @Test
    void an_order_in_doubt_is_in_the_list_of_its_key() {
        var other = newClient("strategy-b", "--role", "trade");
        String today = DateTimeFormatter.BASIC_ISO_DATE.format(LocalDate.now(SEOUL));
        gateway.fault("{\"lose_answers\":1,\"lose_notices\":1}");
        assertThat(FaceClient.code(client.order("TTTC0012U", SYMBOL, "00", 4, figure("stck_llam"))))
                .isEqualTo("EGW00301");
        assertThat(numbers(client.orders(today))).hasSize(1);
        assertThat(numbers(other.orders(today))).isEmpty();
    }

    @Test
    void an_ended_order_of_another_key_is_not_listed_as_the_equal_one_in_doubt() {
        var other = newClient("strategy-b", "--role", "trade");
        String today = DateTimeFormatter.BASIC_ISO_DATE.format(LocalDate.now(SEOUL));
        JsonNode its = FaceClient.tree(other.order("TTTC0012U", SYMBOL, "00", 4, figure("stck_llam")));
        assertThat(FaceClient.code(other.revise(its, "02", true, 0, 0))).isEqualTo("APBK0013");
        Await.until(
                "it has ended",
                () -> gateway.json("/v1/orders?status=open").path("orders").isEmpty());
        gateway.fault("{\"timeouts_before\":1}");
        assertThat(FaceClient.code(client.order("TTTC0012U", SYMBOL, "00", 4, figure("stck_llam"))))
                .isEqualTo("EGW00301");
        assertThat(gateway.json("/v1/orders?status=unknown").path("orders")).hasSize(1);
        assertThat(numbers(other.orders(today))).contains(number(its));
        assertThat(numbers(client.orders(today))).as("KIS never got it").isEmpty();
    }

    @Test
    void a_question_in_an_odd_spelling_is_refused_and_spoils_no_other_answer() {
        var odd = client.get(
                "/uapi/domestic-stock/v1/quotations/inquire-price",
                client.headers("FHKST01010100"),
                Map.of("FID_COND_MRKT_DIV_CODE", "J", "F\u0131D_INPUT_ISCD", SYMBOL));
        assertThat(FaceClient.code(odd)).isEqualTo("OPSQ2002");
        var twice = client.get(
                "/uapi/domestic-stock/v1/quotations/inquire-price",
                client.headers("FHKST01010100"),
                Map.of("FID_COND_MRKT_DIV_CODE", "J", "FID_INPUT_ISCD", SYMBOL, "fid_input_iscd", "000660"));
        assertThat(FaceClient.code(twice)).isEqualTo("OPSQ2002");
        var wrong = client.get(
                "/uapi/domestic-stock/v1/quotations/inquire-price",
                client.headers("FHKST01010100"),
                Map.of("FID_COND_MRKT_DIV_CODE", "J", "FID_INPUT_ISCD", ""));
        assertThat(FaceClient.tree(wrong).path("rt_cd").asString()).isNotEqualTo("0");
        long before = gateway.brokerCalls("inquire-price");
        client.get(
                "/uapi/domestic-stock/v1/quotations/inquire-price",
                client.headers("FHKST01010100"),
                Map.of("FID_COND_MRKT_DIV_CODE", "J", "FID_INPUT_ISCD", ""));
        assertThat(gateway.brokerCalls("inquire-price") - before)
                .as("a refusal is not retained")
                .isEqualTo(1);
        assertThat(FaceClient.code(client.price(SYMBOL))).isEqualTo("MCA00000");
    }

    @Test
    void one_key_with_many_orders_at_once_leaves_room_for_the_orders_of_others() throws Exception {
        gateway.close();
        start(Map.of());
        var other = newClient("strategy-b", "--role", "trade");
        long lower = figure("stck_llam");
        long tick = figure("aspr_unit");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var flood = new ArrayList<Future<HttpResponse<String>>>();
            for (int i = 0; i < 40; i++) {
                long price = lower + tick * i;
                flood.add(threads.submit(() -> client.order("TTTC0012U", SYMBOL, "00", 1, price)));
            }
            for (int i = 0; i < 3; i++) {
                var answer = other.order("TTTC0012U", SYMBOL, "00", 2, lower + tick * i);
                assertThat(FaceClient.code(answer)).as(answer.body()).isEqualTo("APBK0013");
            }
            for (var answer : flood) {
                assertThat(FaceClient.code(answer.get())).isIn("APBK0013", "EGW00201");
            }
        }
    }

    @Test
    void a_key_for_some_symbols_sees_no_holdings_of_others() {
        for (String symbol : List.of("000660", "005930")) {
            FaceClient.tree(client.order("TTTC0012U", symbol, "01", 2, 0));
        }
        Await.until(
                "both are held",
                () -> FaceClient.tree(client.balance())
                                .path("output1")
                                .valueStream()
                                .filter(row -> row.path("hldg_qty").asLong() == 2)
                                .count()
                        == 2);
        var narrow = newClient("narrow", "--role", "trade", "--symbols", "000660");
        assertThat(FaceClient.tree(narrow.balance()).path("output1").valueStream())
                .extracting(row -> row.path("pdno").asString())
                .containsExactly("000660");
        Map<String, String> query = new LinkedHashMap<>(narrow.account());
        query.putAll(Map.of(
                "AFHR_FLPR_YN", "N",
                "OFL_YN", "",
                "INQR_DVSN", "00",
                "UNPR_DVSN", "01",
                "FUND_STTL_ICLD_YN", "N",
                "FNCG_AMT_AUTO_RDPT_YN", "N",
                "PRCS_DVSN", "01",
                "COST_ICLD_YN", "N",
                "CTX_AREA_FK100", "",
                "CTX_AREA_NK100", ""));
        var profit = narrow.get(
                "/uapi/domestic-stock/v1/trading/inquire-balance-rlz-pl", narrow.headers("TTTC8494R"), query);
        assertThat(FaceClient.tree(profit).path("rt_cd").asString())
                .as(profit.body())
                .isEqualTo("0");
        assertThat(profit.body()).doesNotContain("\"005930\"");
    }

    @Test
    void a_key_for_some_symbols_gets_no_others_by_any_parameter() {
        var reader = newClient("reader", "--role", "trade", "--symbols", SYMBOL);
        var paths = Map.of(
                "/uapi/domestic-stock/v1/quotations/daily-loan-trans", List.of("HHPST074500C0", "MKSC_SHRN_ISCD"),
                "/uapi/domestic-stock/v1/quotations/estimate-perform", List.of("HHKST668300C0", "SHT_CD"),
                "/uapi/overseas-stock/v1/trading/inquire-psamount", List.of("TTTS3007R", "ITEM_CD"),
                "/uapi/domestic-stock/v1/quotations/news-title", List.of("FHKST01011800", "FID_TITL_CNTT"));
        paths.forEach((path, call) -> {
            var query = reader.account();
            query.put(call.get(1), "000660");
            var answer = reader.get(path, reader.headers(call.get(0)), query);
            assertThat(FaceClient.code(answer)).as(path + answer.body()).isEqualTo("EGW00206");
        });
        // A parameter that KIS ignores, or one that selects a market, names no stock of the answer.
        for (var call : Map.of(
                        "news-title", "FHKST01011800",
                        "chk-holiday", "CTCA0903R",
                        "volume-rank", "FHPST01710000")
                .entrySet()) {
            String name = call.getKey().equals("volume-rank") ? "FID_INPUT_ISCD" : "PDNO";
            var answer = reader.get(
                    "/uapi/domestic-stock/v1/quotations/" + call.getKey(),
                    reader.headers(call.getValue()),
                    Map.of(name, SYMBOL));
            assertThat(FaceClient.code(answer)).as(call + answer.body()).isEqualTo("EGW00206");
        }
    }

    @Test
    void another_kind_of_sale_or_a_condition_is_refused_and_becomes_no_ordinary_order() {
        for (var extra : List.of(Map.of("SLL_TYPE", "05"), Map.of("CNDT_PRIC", "150000"))) {
            var body = client.account();
            body.putAll(Map.of("PDNO", SYMBOL, "ORD_DVSN", "00", "ORD_QTY", "1", "ORD_UNPR", "150000"));
            body.putAll(extra);
            var answer = client.post("/uapi/domestic-stock/v1/trading/order-cash", client.headers("TTTC0012U"), body);
            assertThat(FaceClient.code(answer)).as(extra + answer.body()).isEqualTo("IGW00007");
        }
        assertThat(gateway.brokerCalls("order-cash")).isZero();
    }

    private static String reason(HttpResponse<String> answer) {
        return FaceClient.tree(answer).path("msg1").asString().strip();
    }

    @Test
    void every_order_that_the_gateway_refuses_is_answered_with_its_code() {
        long low = Long.parseLong(
                FaceClient.tree(client.price(SYMBOL)).at("/output/stck_llam").asString());
        var unknown = FaceClient.JSON.readTree("{\"output\":{\"KRX_FWDG_ORD_ORGNO\":\"\",\"ODNO\":\"0000999998\"}}");
        var noNumber = FaceClient.JSON.readTree("{\"output\":{\"KRX_FWDG_ORD_ORGNO\":\"\",\"ODNO\":\"x\"}}");
        var elsewhere = client.account();
        elsewhere.putAll(Map.of("PDNO", SYMBOL, "ORD_DVSN", "00", "ORD_QTY", "1", "ORD_UNPR", Long.toString(low)));
        elsewhere.put("EXCG_ID_DVSN_CD", "XXX");
        var answers = new LinkedHashMap<String, HttpResponse<String>>();
        answers.put("PRICE_REQUIRED_FOR_LIMIT", client.order("TTTC0012U", SYMBOL, "00", 1, 0));
        answers.put("PRICE_NOT_ALLOWED_FOR_MARKET", client.order("TTTC0012U", SYMBOL, "01", 1, low));
        answers.put("INVALID_SYMBOL", client.order("TTTC0012U", "AAPL", "01", 1, 0));
        answers.put("SYMBOL_NOT_FOUND", client.order("TTTC0012U", "999999", "01", 1, 0));
        answers.put("INVALID_ORDER_TYPE", client.order("TTTC0012U", SYMBOL, "99", 1, low));
        answers.put("INVALID_TICK_SIZE", client.order("TTTC0012U", SYMBOL, "00", 1, low + 1));
        answers.put("PRICE_OUT_OF_LIMITS", client.order("TTTC0012U", SYMBOL, "00", 1, 2_000));
        answers.put("ORDER_NOT_FOUND", client.revise(unknown, "02", true, 0, 0));
        answers.put("INVALID_FIELD", client.revise(noNumber, "02", true, 0, 0));
        answers.forEach((code, answer) -> assertThat(reason(answer)).endsWith(" [" + code + "]"));
        assertThat(reason(client.post(
                        "/uapi/domestic-stock/v1/trading/order-cash", client.headers("TTTC0012U"), elsewhere)))
                .endsWith(" [INVALID_FIELD]");
        assertThat(reason(answers.get("INVALID_TICK_SIZE"))).startsWith("호가단위에 맞지 않는 가격입니다. 가까운 유효 가격: " + low + ", ");
        assertThat(gateway.brokerCalls("order-cash")).isZero();
    }

    @Test
    void wrong_secrets_lock_no_key_out_and_what_is_no_http_gets_no_page_of_a_server() throws IOException {
        for (int i = 0; i < 60; i++) {
            assertThat(FaceClient.code(client.get(
                            "/uapi/domestic-stock/v1/quotations/inquire-price",
                            with(client.headers("FHKST01010100"), "appsecret", "wrong" + i),
                            Map.of())))
                    .isEqualTo("EGW00105");
        }
        assertThat(FaceClient.code(client.price(SYMBOL))).isEqualTo("MCA00000");
        for (String request : List.of(
                "GET /uapi/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "FOO /uapi/hashkey HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "PROPFIND /oauth2/tokenP HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                "GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "POST /oauth2/tokenP HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\nConnection: close\r\n\r\n"
                        + "x".repeat(9_000))) {
            try (var socket = new Socket("127.0.0.1", face().getPort())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer)
                        .as(request.substring(0, 10))
                        .contains("\"msg_cd\":\"EGW")
                        .doesNotContain("<html", "<HTML", "Endpoint", "Jetty");
            }
        }
    }

    @Test
    void the_ready_key_of_a_simulated_market_is_good_only_where_no_keys_are_required() {
        var ready = gateway.gateway().readyKey().orElseThrow();
        var login = Map.of(
                "grant_type", "client_credentials",
                "appkey", ready.face().orElseThrow().appKey(),
                "appsecret", ready.face().orElseThrow().appSecret());
        assertThat(client.post("/oauth2/tokenP", Map.of(), login).statusCode()).isEqualTo(200);
        gateway.close();
        start(Map.of("GATEWAY_AUTH", "required"), false);
        assertThat(gateway.gateway().readyKey()).isEmpty();
        assertThat(FaceClient.code(client.post("/oauth2/tokenP", Map.of(), login)))
                .isEqualTo("EGW00103");
        assertThat(client.login().statusCode()).as("another key").isEqualTo(200);
    }

    @Test
    void the_settings_turn_the_port_off_move_it_and_bound_the_wait() throws IOException {
        gateway.close();
        int port = FreePort.find();
        start(Map.of("KIS_FACE_PORT", Integer.toString(port), "KIS_FACE_QUEUE", "50ms"));
        assertThat(face().getPort()).isEqualTo(port);
        var slow = newClient("slow", "--role", "quote", "--calls-per-second", "1");
        slow.price(SYMBOL);
        long begun = System.nanoTime();
        var refused = slow.price(SYMBOL);
        assertThat(FaceClient.code(refused)).isEqualTo("EGW00201");
        assertThat(refused.statusCode()).isEqualTo(500);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(900));
        gateway.close();
        gateway = GatewayFixture.start(folder, Map.of("KIS_FACE", "false"));
        assertThat(gateway.gateway().facePort()).isEmpty();
    }
}
