package kr.kisgateway.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import kr.kisgateway.simulator.conformance.KisServer.Face;
import kr.kisgateway.simulator.conformance.KisServer.ServerSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Items 15.2, 16.1, 16.5, 16.6 and 16.10: the valid forms of requests, and the order of refusals. */
class RequestConformanceTest {
    private static KisServer server;
    private static ClientProgram program;

    @BeforeAll
    static void start() {
        server = KisServer.start(ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00"));
        program = new ClientProgram(server, Face.LIVE, 1).login();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void item_15_2_key_secret_token_rate_tr_id_parameters_ledger_limit_and_business_rules_are_checked_in_this_order() {
        String yaml = """
                identities:
                  - {face: live, app_key: "%s", app_secret: "%s"}
                """.formatted(ClientProgram.key(Face.LIVE, 1), "s".repeat(180));
        try (KisServer strict = KisServer.start(ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00")
                .withIdentities(yaml)
                .withCallsPerSecond(4))) {
            ClientProgram right = new ClientProgram(strict, Face.LIVE, 1).login();
            String path = ClientProgram.TRADING + "order-cash";
            String nothing = "{}";
            String key = "appkey: " + right.key;
            String secret = "appsecret: " + right.secret;
            String token = "authorization: Bearer " + right.token;
            String type = "Content-Type: application/json; charset=utf-8";
            String otherFace = "tr_id: VTTC0012U";

            assertThat(RawHttp.call(
                                    strict.rest(),
                                    "POST",
                                    path,
                                    List.of(type, "appkey: PSNOBODY", "appsecret: no", "authorization: no", otherFace),
                                    nothing)
                            .code())
                    .as("everything is wrong: the key")
                    .endsWith(" EGW00103");
            assertThat(RawHttp.call(
                                    strict.rest(),
                                    "POST",
                                    path,
                                    List.of(type, key, "appsecret: " + "x".repeat(180), "authorization: no", otherFace),
                                    nothing)
                            .code())
                    .as("the secret")
                    .endsWith(" EGW00105");
            assertThat(RawHttp.call(
                                    strict.rest(),
                                    "POST",
                                    path,
                                    List.of(type, key, secret, "authorization: Bearer no", otherFace),
                                    nothing)
                            .code())
                    .as("the token")
                    .isEqualTo("500 EGW00121");
            List<String> codes = new ArrayList<>();
            do { // a slow machine may send more than four, while the limit of a second is renewed
                codes.add(
                        RawHttp.call(strict.rest(), "POST", path, List.of(type, key, secret, token, otherFace), nothing)
                                .code());
            } while (codes.size() < 100 && !codes.getLast().equals("500 EGW00201"));
            assertThat(codes)
                    .as("the rate before the environment: at least four of the other face's, then too many")
                    .hasSizeGreaterThan(4)
                    .endsWith("500 EGW00201");
            assertThat(codes.subList(0, codes.size() - 1)).containsOnly("500 EGW02004");
            strict.jump(Duration.ofSeconds(2));
            assertThat(right.post(path, "TTTC0012U", Map.of("PDNO", "005930")).code())
                    .as("parameters before the ledger's limit and its checks")
                    .startsWith("200 OPSQ");
        }
    }

    @Test
    void item_15_2_the_ledger_limit_is_checked_before_the_business_rules() {
        server.faults("{\"ledger_limit_storm\":1}");
        try {
            assertThat(program.post(ClientProgram.TRADING + "order-cash", "TTTC0012U", Map.of("PDNO", "005930"))
                            .code())
                    .as("parameters that are missing")
                    .startsWith("200 OPSQ");
            assertThat(program.buy("005930", "00", 1, 199_401).code())
                    .as("an off-tick price")
                    .isEqualTo("500 EGW00215");
        } finally {
            server.faults("{\"clear\":true}");
        }
    }

    @Test
    void item_16_1_kis_header_names_are_lower_case_and_standard_ones_capitalized() {
        RawHttp.Answer answer = program.price("005930");

        assertThat(answer.header("tr_id")).contains("FHKST01010100");
        assertThat(answer.header("tr_cont")).isPresent();
        assertThat(answer.header("gt_uid")).isPresent();
        assertThat(answer.header("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
        assertThat(answer.headerLines().stream().map(line -> line.substring(0, line.indexOf(':'))))
                .as("a hyphen in a lower-case name breaks the official samples")
                .allSatisfy(name -> assertThat(name.equals(name.toLowerCase(Locale.ROOT)) && name.contains("-"))
                        .as(name)
                        .isFalse());
    }

    @Test
    void item_16_1_the_names_are_the_same_when_a_call_is_refused_or_about_a_token() {
        for (RawHttp.Answer answer : List.of(
                program.issue(),
                program.get("/uapi/no/such/call", "FHKST01010100", Map.of()),
                program.post("/uapi/hashkey", "", ClientProgram.order("005930", "00", 1, 1)))) {
            assertThat(answer.headerLines().stream().map(line -> line.substring(0, line.indexOf(':'))))
                    .noneMatch(name -> name.equals(name.toLowerCase(Locale.ROOT)) && name.contains("-"));
            assertThat(answer.header("Content-Type")).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TTTC0012U", "TTTC0802U"})
    void item_16_5_current_and_legacy_buy_tr_ids_are_accepted(String trId) {
        assertThat(program.post(
                                ClientProgram.TRADING + "order-cash",
                                trId,
                                ClientProgram.order("005930", "00", 1, 150_000))
                        .code())
                .isEqualTo("200 APBK0013");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TTTC0011U", "TTTC0801U"})
    void item_16_5_current_and_legacy_sell_tr_ids_are_accepted(String trId) {
        program.buy("000660", "01", 1, 0);

        assertThat(program.post(ClientProgram.TRADING + "order-cash", trId, ClientProgram.order("000660", "01", 1, 0))
                        .code())
                .isEqualTo("200 APBK0013");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TTTC0013U", "TTTC0803U"})
    void item_16_5_current_and_legacy_modify_and_cancel_tr_ids_are_accepted(String trId) {
        String number = ClientProgram.number(program.buy("005930", "00", 1, 150_000));
        var cancel = new LinkedHashMap<>(ClientProgram.account());
        cancel.putAll(Map.of(
                "KRX_FWDG_ORD_ORGNO", "",
                "ORGN_ODNO", number,
                "ORD_DVSN", "00",
                "RVSE_CNCL_DVSN_CD", "02",
                "ORD_QTY", "0",
                "ORD_UNPR", "0",
                "QTY_ALL_ORD_YN", "Y"));

        assertThat(program.post(ClientProgram.TRADING + "order-rvsecncl", trId, cancel)
                        .code())
                .isEqualTo("200 APBK0013");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TTTC0084R", "TTTC8036R"})
    void item_16_5_current_and_legacy_tr_ids_of_open_orders_are_accepted(String trId) {
        String number = ClientProgram.number(program.buy("005930", "00", 7, 150_000));
        var query = new LinkedHashMap<>(ClientProgram.account());
        query.putAll(Map.of("CTX_AREA_FK100", "", "CTX_AREA_NK100", "", "INQR_DVSN_1", "0", "INQR_DVSN_2", "0"));

        RawHttp.Answer answer = program.get(ClientProgram.TRADING + "inquire-psbl-rvsecncl", trId, query);

        assertThat(answer.code()).startsWith("200 KIOK");
        assertThat(answer.output().isArray()).isTrue();
        assertThat(answer.body()).contains("\"odno\":\"" + number + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TTTC0081R", "TTTC8001R"})
    void item_16_5_current_and_legacy_tr_ids_of_daily_orders_are_accepted(String trId) {
        assertThat(program.get(ClientProgram.TRADING + "inquire-daily-ccld", trId, program.dailyQuery())
                        .code())
                .startsWith("200 KIOK");
    }

    @Test
    void item_16_5_paper_accepts_the_v_forms_of_these_tr_ids() {
        try (KisServer paper = KisServer.start(ServerSpec.of(Face.PAPER, "2026-11-20T10:00:00"))) {
            ClientProgram practice = new ClientProgram(paper, Face.PAPER, 1).login();
            for (String trId : List.of("VTTC0012U", "VTTC0802U")) {
                assertThat(practice.post(
                                        ClientProgram.TRADING + "order-cash",
                                        trId,
                                        ClientProgram.order("005930", "00", 1, 150_000))
                                .code())
                        .as(trId)
                        .isEqualTo("200 40600000");
            }
        }
    }

    @Test
    void item_16_5_the_first_tr_ids_of_us_orders_are_accepted() {
        var body = new LinkedHashMap<>(ClientProgram.account());
        body.putAll(Map.of(
                "OVRS_EXCG_CD", "NASD",
                "PDNO", "AAPL",
                "ORD_QTY", "1",
                "OVRS_ORD_UNPR", "150.00",
                "ORD_SVR_DVSN_CD", "0",
                "ORD_DVSN", "00"));

        assertThat(program.post("/uapi/overseas-stock/v1/trading/order", "JTTT1002U", body)
                        .code())
                .isNotEqualTo("200 OPSQ0002");
    }

    @Test
    void item_16_6_query_names_may_be_lower_case_and_the_path_may_begin_with_two_slashes() {
        RawHttp.Answer answer = program.get(
                "/" + ClientProgram.QUOTATIONS + "inquire-price",
                "FHKST01010100",
                Map.of("fid_cond_mrkt_div_code", "J", "fid_input_iscd", "005930"));

        assertThat(answer.code()).isEqualTo("200 MCA00000");
        assertThat(answer.output().path("stck_sdpr").stringValue()).matches("[1-9][0-9]+");
    }

    @Test
    void item_16_6_keys_may_be_spelled_appKey_and_custtype_be_missing() {
        RawHttp.Answer answer = RawHttp.call(
                server.rest(),
                "GET",
                ClientProgram.QUOTATIONS + "inquire-price?" + ClientProgram.query(ClientProgram.stock("005930")),
                List.of(
                        "content-type: application/json",
                        "authorization: Bearer " + program.token,
                        "appKey: " + program.key,
                        "appSecret: " + program.secret,
                        "tr_id: FHKST01010100"),
                "");

        assertThat(answer.code()).isEqualTo("200 MCA00000");
    }

    @Test
    void item_16_6_an_order_without_an_exchange_goes_to_krx() {
        String number = ClientProgram.number(program.buy("005930", "00", 3, 150_000));

        assertThat(program.daily().json().path("output1"))
                .filteredOn(row -> row.path("odno").stringValue().equals(number))
                .singleElement()
                .satisfies(row ->
                        assertThat(row.path("excg_id_dvsn_Cd").stringValue()).isEqualTo("KRX"));
    }

    @Test
    void item_16_6_every_order_may_bring_its_hash() {
        Map<String, String> body = ClientProgram.order("005930", "00", 1, 150_000);
        RawHttp.Answer hash = program.post("/uapi/hashkey", "", body);
        assertThat(hash.json().path("HASH").stringValue()).matches("[0-9a-fA-F]{64}");
        assertThat(hash.json().path("BODY").path("PDNO").stringValue()).isEqualTo("005930");

        RawHttp.Answer answer = program.post(
                ClientProgram.TRADING + "order-cash",
                "TTTC0012U",
                body,
                "hashkey: " + hash.json().path("HASH").stringValue());

        assertThat(answer.code()).isEqualTo("200 APBK0013");
        assertThat(program.post(ClientProgram.TRADING + "order-cash", "TTTC0012U", body, "hashkey: " + "0".repeat(64))
                        .code())
                .isEqualTo("500 EGW00131");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 100})
    void item_16_6_a_cancel_may_name_any_price(long price) {
        String number = ClientProgram.number(program.buy("005930", "00", 2, 150_000));

        RawHttp.Answer answer = program.revise(number, "02", "00", 0, price, true);

        assertThat(answer.code()).isEqualTo("200 APBK0013");
        assertThat(ClientProgram.number(answer)).isNotEqualTo(number);
    }

    @Test
    void item_16_6_a_market_order_has_price_0() {
        assertThat(program.buy("005930", "01", 1, 0).code()).isEqualTo("200 APBK0013");
    }

    @Test
    void item_16_6_a_first_day_of_zeros_is_no_bound() {
        var query = new LinkedHashMap<>(ClientProgram.stock("005930"));
        query.putAll(Map.of(
                "FID_INPUT_DATE_1", "00000101",
                "FID_INPUT_DATE_2", "20261119",
                "FID_PERIOD_DIV_CODE", "D",
                "FID_ORG_ADJ_PRC", "0"));

        RawHttp.Answer answer =
                program.get(ClientProgram.QUOTATIONS + "inquire-daily-itemchartprice", "FHKST03010100", query);

        assertThat(answer.code()).isEqualTo("200 MCA00000");
        assertThat(answer.json().path("output2")).hasSize(100);
        assertThat(answer.json().path("output2").get(0).path("stck_bsop_date").stringValue())
                .isEqualTo("20261119");
    }

    @Test
    void item_16_6_the_hour_000000_means_the_latest() {
        var query = new LinkedHashMap<>(ClientProgram.stock("005930"));
        query.putAll(Map.of("FID_INPUT_HOUR_1", "000000", "FID_PW_DATA_INCU_YN", "Y", "FID_ETC_CLS_CODE", ""));

        RawHttp.Answer answer =
                program.get(ClientProgram.QUOTATIONS + "inquire-time-itemchartprice", "FHKST03010200", query);

        assertThat(answer.code()).isEqualTo("200 MCA00000");
    }

    @Test
    void item_16_6_reordered_parameters_on_page_two_are_answered_normally() {
        Stream.generate(() -> 0).limit(101).forEach(i -> program.buy("005930", "00", 1, 140_000));
        RawHttp.Answer first = program.daily();
        assertThat(first.header("tr_cont")).contains("M");
        var query = new LinkedHashMap<String, String>();
        List<Map.Entry<String, String>> backwards =
                new ArrayList<>(program.dailyQuery().entrySet());
        backwards.reversed().forEach(entry -> query.put(entry.getKey(), entry.getValue()));
        query.put("CTX_AREA_FK100", first.json().path("ctx_area_fk100").stringValue());
        query.put("CTX_AREA_NK100", first.json().path("ctx_area_nk100").stringValue());

        RawHttp.Answer second =
                program.get(ClientProgram.TRADING + "inquire-daily-ccld", "TTTC0081R", query, "tr_cont: N");

        assertThat(second.status()).isEqualTo(200);
        assertThat(second.json().path("rt_cd").stringValue()).isEqualTo("0");
        assertThat(second.json().path("output1").size()).isPositive();
    }

    @Test
    void item_16_10_too_many_calls_and_a_dead_token_are_non_200_json_with_the_code_that_clients_wait_for() {
        try (KisServer slow =
                KisServer.start(ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00").withCallsPerSecond(1))) {
            ClientProgram quick = new ClientProgram(slow, Face.LIVE, 1).login();
            quick.price("005930");

            RawHttp.Answer tooMany = quick.price("005930");

            assertThat(tooMany.code()).isEqualTo("500 EGW00201");
            assertThat(tooMany.json().path("rt_cd").stringValue()).isEqualTo("1");
            assertThat(tooMany.json().path("msg1").stringValue().strip()).isEqualTo("초당 거래건수를 초과하였습니다.");
            slow.jump(Duration.ofHours(25));
            assertThat(quick.price("005930").code()).isEqualTo("500 EGW00123");
        }
    }
}
