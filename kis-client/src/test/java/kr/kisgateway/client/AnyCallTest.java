package kr.kisgateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.RestCall;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any call of the catalog, against a server that records what was sent. */
class AnyCallTest {
    private static final String PRICE = "FHKST01010100";
    private static final Map<String, String> SAMSUNG =
            Map.of("FID_COND_MRKT_DIV_CODE", "J", "FID_INPUT_ISCD", "005930");

    @TempDir
    private Path folder;

    private RawServer server;
    private KisClient live;
    private KisClient paper;

    @BeforeEach
    void start() {
        server = new RawServer();
        live = client(Environment.LIVE_FACE);
        paper = client(Environment.PAPER_FACE);
    }

    @AfterEach
    void stop() throws IOException {
        live.close();
        paper.close();
        server.close();
    }

    @Test
    void a_call_is_sent_with_the_catalogs_names_and_its_values_are_read_by_name() {
        server.script.add(ok("\"output\":{\"stck_prpr\":\"71500\",\"prdy_ctrt\":\"-1.25\"}"));
        KisAnswer answer = answer(live.call(PRICE, Map.of("fid_cond_mrkt_div_code", "J", "fid_input_iscd", "005930")));
        assertThat(answer.row("output").orElseThrow().won("STCK_PRPR")).isEqualTo(71_500);
        assertThat(answer.rows()).hasSize(1);
        RawServer.ReceivedRequest request = server.calls().getFirst();
        assertThat(request.line())
                .isEqualTo("GET /uapi/domestic-stock/v1/quotations/inquire-price"
                        + "?FID_COND_MRKT_DIV_CODE=J&FID_INPUT_ISCD=005930 HTTP/1.1");
        assertThat(request.header("tr_id")).isEqualTo(PRICE);
    }

    @Test
    void the_account_and_the_blank_parameters_are_filled_in() {
        server.script.add(ok("\"output\":{\"ord_psbl_cash\":\"1\"}"));
        answer(live.call(
                "domestic_stock_inquire_psbl_order",
                Map.of(
                        "PDNO",
                        "005930",
                        "ORD_UNPR",
                        "0",
                        "ORD_DVSN",
                        "01",
                        "CMA_EVLU_AMT_ICLD_YN",
                        "N",
                        "OVRS_ICLD_YN",
                        "N")));
        assertThat(server.calls().getFirst().line()).contains("CANO=87654321&ACNT_PRDT_CD=01&");
    }

    @Test
    @Requirement(value = "A-18", clause = "ids")
    void each_environment_uses_its_own_tr_id_whichever_is_named() {
        server.script.add(ok("\"output1\":[],\"output2\":[{}]"));
        answer(paper.call(
                "TTTC8434R",
                Map.of(
                        "AFHR_FLPR_YN",
                        "N",
                        "INQR_DVSN",
                        "02",
                        "UNPR_DVSN",
                        "01",
                        "FUND_STTL_ICLD_YN",
                        "N",
                        "FNCG_AMT_AUTO_RDPT_YN",
                        "N",
                        "PRCS_DVSN",
                        "00")));
        server.script.add(ok("\"output1\":[],\"output2\":[{}]"));
        answer(live.call(
                "VTTC8434R",
                Map.of(
                        "AFHR_FLPR_YN",
                        "N",
                        "INQR_DVSN",
                        "02",
                        "UNPR_DVSN",
                        "01",
                        "FUND_STTL_ICLD_YN",
                        "N",
                        "FNCG_AMT_AUTO_RDPT_YN",
                        "N",
                        "PRCS_DVSN",
                        "00")));
        assertThat(server.calls())
                .extracting(request -> request.header("tr_id"))
                .containsExactly("VTTC8434R", "TTTC8434R");
    }

    @Test
    @Requirement(value = "A-18", clause = "missing")
    void a_call_that_paper_does_not_offer_is_refused_with_an_alternative() {
        KisFailure failure = failure(paper.call("TTTC0084R", Map.of("INQR_DVSN_1", "0", "INQR_DVSN_2", "0")));
        assertThat(failure.kind()).isEqualTo(KisFailure.Kind.UNSUPPORTED);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.remedy()).contains("domestic_stock_inquire_daily_ccld", "CCLD_DVSN 02");
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void a_paper_sale_of_a_us_stock_uses_its_own_tr_id() {
        server.script.add(
                ok("\"output\":{\"KRX_FWDG_ORD_ORGNO\":\"01790\",\"ODNO\":\"0000000042\",\"ORD_TMD\":\"233001\"}"));
        Placement sold = paper.send("TTTT1006U", usOrder("00"), CallOptions.standard());
        assertThat(sold).isEqualTo(new Placement.Accepted("01790", 42, "233001"));
        RawServer.ReceivedRequest request = server.calls().getFirst();
        assertThat(request.header("tr_id")).isEqualTo("VTTT1001U");
        assertThat(request.body()).startsWith("{\"CANO\":\"87654321\"").contains("\"PDNO\":\"AAPL\"");
    }

    @Test
    void a_parameter_that_may_be_blank_is_sent_with_its_default() {
        server.script.add(ok("\"output\":[]"));
        answer(live.call("FHPPG04650201", Map.of("FID_COND_MRKT_DIV_CODE", "J", "FID_INPUT_ISCD", "005930")));
        assertThat(server.calls().getLast().line()).contains("FID_INPUT_ISCD=005930&FID_INPUT_DATE_1= ");

        server.script.add(ok("\"output\":[]"));
        answer(live.call(
                "domestic_stock_foreign_institution_total",
                Map.of(
                        "FID_INPUT_ISCD",
                        "0000",
                        "FID_DIV_CLS_CODE",
                        "0",
                        "FID_RANK_SORT_CLS_CODE",
                        "0",
                        "FID_ETC_CLS_CODE",
                        "0")));
        assertThat(server.calls().getLast().line()).contains("FID_COND_MRKT_DIV_CODE=V", "FID_COND_SCR_DIV_CODE=16449");
    }

    @Test
    void an_invalid_call_is_refused_without_being_sent() {
        assertThat(invalid(live.call("FHKST01010199", Map.of()))).contains("no call is named");
        assertThat(invalid(live.call(PRICE, Map.of("FID_COND_MRKT_DIV_CODE", "J"))))
                .contains("needs FID_INPUT_ISCD");
        assertThat(invalid(live.call(PRICE, with(SAMSUNG, "PRICE", "1")))).contains("no parameter 'PRICE'");
        assertThat(invalid(live.call(PRICE, with(SAMSUNG, "FID_INPUT_ISCD", "5930"))))
                .contains("no stock code");
        assertThat(invalid(live.call(PRICE, with(SAMSUNG, "FID_INPUT_ISCD", "0059\n0"))))
                .contains("other characters");
        assertThat(invalid(live.call("CTCA0903R", Map.of("BASS_DT", "2026-11-20"))))
                .contains("no date");
        assertThat(invalid(live.call("TTTC0012U", Map.of()))).contains("is an order");
        assertThat(invalid(live.call("domestic_stock_order_cash", Map.of()))).contains("is an order");
        assertThat(live.send("domestic_stock_order_cash", Map.of(), CallOptions.standard())
                        .toString())
                .contains("more than one TR id", "TTTC0012U (ord_dv=buy)");
        assertThat(invalid(live.call("auth_auth_token", Map.of()))).contains("manages tokens");
        assertThat(live.send(PRICE, SAMSUNG, CallOptions.standard())).isInstanceOf(Placement.NotSent.class);
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void a_tr_id_of_two_calls_is_refused_with_the_catalog_ids_of_both() {
        KisFailure failure = failure(live.call("HHDFO55020100", Map.of()));
        assertThat(failure.remedy())
                .contains("overseas_futureoption_opt_daily_ccnl", "overseas_futureoption_inquire_time_optchartprice");
    }

    @Test
    void an_order_of_any_kind_is_sent_once_whatever_the_answer() {
        server.script.add(RawServer.json(503, "<html>"));
        assertThat(live.send("TTTT1002U", usOrder(""), CallOptions.standard())).isInstanceOf(Placement.Unknown.class);
        server.script.add(RawServer.RESET);
        assertThat(live.send("TTTT1002U", usOrder(""), CallOptions.standard())).isInstanceOf(Placement.Unknown.class);
        server.script.add(RawServer.json(429, "{}"));
        assertThat(live.send("TTTT1002U", usOrder(""), CallOptions.standard())).isInstanceOf(Placement.Unknown.class);
        assertThat(server.calls()).hasSize(3);
    }

    @Test
    void a_reserved_order_is_accepted_by_its_reservation_number() {
        server.script.add(ok("\"output\":{\"RSVN_ORD_SEQ\":\"77\"}"));
        Map<String, String> order = Map.of(
                "PDNO",
                "005930",
                "ORD_QTY",
                "1",
                "ORD_UNPR",
                "70000",
                "SLL_BUY_DVSN_CD",
                "02",
                "ORD_DVSN_CD",
                "00",
                "ORD_OBJT_CBLC_DVSN_CD",
                "10");
        assertThat(live.send("CTSC0008U", order, CallOptions.standard())).isEqualTo(new Placement.Accepted("", 77, ""));
        server.script.add(ok("\"output\":{}"));
        assertThat(live.send("CTSC0008U", order, CallOptions.standard())).isInstanceOf(Placement.Unknown.class);
    }

    @Test
    void pages_are_requested_one_by_one_and_only_on_demand() {
        server.script.add(page("F", "a", 2));
        server.script.add(page("D", "b", 1));
        try (var pages = live.pages("TTTS3035R", executions(), CallOptions.standard())) {
            assertThat(pages.mapToInt(page -> page.rows().size()).limit(1).sum())
                    .isEqualTo(2);
        }
        assertThat(server.calls()).hasSize(1);
        server.script.clear();
        server.script.add(page("M", "a", 2));
        server.script.add(page("E", "b", 1));
        try (var pages = live.pages("TTTS3035R", executions(), CallOptions.standard())) {
            assertThat(pages.mapToInt(page -> page.rows().size()).sum()).isEqualTo(3);
        }
        assertThat(server.calls().getLast().line()).contains("&CTX_AREA_NK200=a&CTX_AREA_FK200=fk ");
        assertThat(server.calls().getLast().header("tr_cont")).isEqualTo("N");
    }

    @Test
    void pages_that_lead_in_a_circle_end_in_an_error() {
        server.script.add(page("F", "a", 2));
        server.script.add(page("M", "a", 2));
        try (var pages = live.pages("TTTS3035R", executions(), CallOptions.standard())) {
            assertThatExceptionOfType(KisException.class)
                    .isThrownBy(() -> pages.forEach(page -> {}))
                    .satisfies(thrown -> assertThat(thrown.failure().kind()).isEqualTo(KisFailure.Kind.UNREADABLE));
        }
    }

    @Test
    void each_call_of_the_catalog_can_be_prepared_from_the_examples() {
        var catalog = Catalog.load();
        for (RestCall call : catalog.restCalls()) {
            if (call.category().equals("auth")) continue;
            var parameters = new HashMap<String, String>();
            call.params()
                    .forEach(param ->
                            parameters.put(param.name(), param.example().orElse("")));
            parameters.remove("CANO");
            parameters.remove("ACNT_PRDT_CD");
            String name = call.trIds().getFirst().live().orElseThrow();
            if (catalog.restByTrId(name).size() > 1) name = call.id();
            int before = server.calls().size();
            if (call.isOrder()) {
                live.send(name, parameters, CallOptions.standard());
            } else {
                live.call(name, parameters);
            }
            assertThat(server.calls().size()).as(call.id()).isGreaterThan(before);
        }
    }

    private static Map<String, String> usOrder(String sell) {
        return Map.of(
                "OVRS_EXCG_CD",
                "NASD",
                "PDNO",
                "AAPL",
                "ORD_QTY",
                "1",
                "OVRS_ORD_UNPR",
                "145.00",
                "SLL_TYPE",
                sell,
                "ORD_SVR_DVSN_CD",
                "0",
                "ORD_DVSN",
                "00");
    }

    private static Map<String, String> executions() {
        return Map.of(
                "PDNO",
                "%",
                "ORD_STRT_DT",
                "20261101",
                "ORD_END_DT",
                "20261120",
                "SLL_BUY_DVSN",
                "00",
                "CCLD_NCCS_DVSN",
                "00",
                "OVRS_EXCG_CD",
                "NASD",
                "SORT_SQN",
                "DS",
                "ORD_DT",
                "",
                "ORD_GNO_BRNO",
                "",
                "ODNO",
                "");
    }

    private KisClient client(Environment environment) {
        var recorder = new Recorder();
        var clock = InstantSource.system();
        KisConfig config = Fixtures.config(
                environment, server.address(), Fixtures.unreachable("ws"), folder.resolve(environment.name()));
        var once = config.tuning()
                .withRetry(new RetryRule(0, Duration.ofMillis(1), Duration.ofMillis(1)))
                .withBreaker(new BreakerRule(1_000, 100, Duration.ofSeconds(1), 1, true))
                .withLimits(new Limits(1_000, 1_000, 41, 100));
        var opened = KisClient.open(config.withTuning(once), clock, clock, recorder);
        opened.start();
        recorder.awaitEvent("token_issued");
        return opened;
    }

    private static Map<String, String> with(Map<String, String> parameters, String name, String value) {
        var changed = new HashMap<>(parameters);
        changed.put(name, value);
        return changed;
    }

    private static RawServer.Answer ok(String blocks) {
        return RawServer.json(200, "{" + blocks + ",\"rt_cd\":\"0\",\"msg_cd\":\"KIOK0000\",\"msg1\":\"ok\"}");
    }

    private static RawServer.Answer page(String more, String key, int rows) {
        return RawServer.json(
                200,
                "{\"ctx_area_fk200\":\"fk \",\"ctx_area_nk200\":\"" + key + " \",\"output\":["
                        + "{\"odno\":\"1\"},".repeat(rows).replaceAll(",$", "")
                        + "],\"rt_cd\":\"0\",\"msg_cd\":\"KIOK0510\",\"msg1\":\"ok\"}",
                "tr_cont: " + more + "\r\n");
    }

    private static KisAnswer answer(KisReply<KisAnswer> reply) {
        assertThat(reply).isInstanceOf(KisReply.Ok.class);
        return ((KisReply.Ok<KisAnswer>) reply).value();
    }

    private static KisFailure failure(KisReply<KisAnswer> reply) {
        assertThat(reply).isInstanceOf(KisReply.Failed.class);
        return ((KisReply.Failed<KisAnswer>) reply).failure();
    }

    private static String invalid(KisReply<KisAnswer> reply) {
        KisFailure failure = failure(reply);
        assertThat(failure.kind()).isEqualTo(KisFailure.Kind.INVALID_REQUEST);
        assertThat(failure.remedy()).isNotEmpty();
        return failure.msg1();
    }
}
