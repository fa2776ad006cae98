package kr.kisgateway.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import kr.kisgateway.simulator.conformance.KisServer.Face;
import kr.kisgateway.simulator.conformance.KisServer.ServerSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Items 15.3, 16.2, 16.3, 16.4 and 16.7: the form of answers. */
class AnswerConformanceTest {
    private static final String OVERSEAS = "/uapi/overseas-price/v1/quotations/";

    private static KisServer server;
    private static KisServer practice;
    private static ClientProgram live;
    private static ClientProgram paper;

    @BeforeAll
    static void start() {
        server = KisServer.start(ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00"));
        practice = KisServer.start(ServerSpec.of(Face.PAPER, "2026-11-20T10:00:00"));
        live = new ClientProgram(server, Face.LIVE, 1).login();
        paper = new ClientProgram(practice, Face.PAPER, 1).login();
        for (ClientProgram program : List.of(live, paper)) {
            program.buy("005930", "01", 10, 0);
            program.buy("005930", "00", 5, 150_000);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
        practice.close();
    }

    /**
     * One call of the protocol's lists.
     *
     * @param fields the least fields of each block: {@code output1.pdno}, where a block is a list in its first row
     */
    record Call(String name, Function<ClientProgram, RawHttp.Answer> request, boolean ledger, List<String> fields) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Map<String, String> with(Map<String, String> first, String... more) {
        var all = new LinkedHashMap<>(first);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }

    private static Call quotation(String name, String trId, Map<String, String> query, String fields) {
        return new Call(
                name,
                program -> program.get(ClientProgram.QUOTATIONS + name, trId, query),
                false,
                List.of(fields.split(" ")));
    }

    private static Call ledger(String name, String trId, Map<String, String> query, String fields) {
        return new Call(
                name,
                program -> program.get(
                        ClientProgram.TRADING + name, program.face.tr(trId), with(ClientProgram.account(), query)),
                true,
                List.of(fields.split(" ")));
    }

    private static Map<String, String> with(Map<String, String> first, Map<String, String> more) {
        var all = new LinkedHashMap<>(first);
        all.putAll(more);
        return all;
    }

    static List<Call> onBothFaces() {
        Map<String, String> stock = ClientProgram.stock("005930");
        List<Call> calls = new ArrayList<>();
        calls.add(new Call(
                "inquire-balance",
                ClientProgram::balance,
                true,
                List.of(("ctx_area_fk100 ctx_area_nk100 output1.pdno output1.prdt_name output1.trad_dvsn_name"
                                + " output1.bfdy_buy_qty output1.bfdy_sll_qty output1.thdt_buyqty output1.thdt_sll_qty"
                                + " output1.hldg_qty output1.ord_psbl_qty output1.pchs_avg_pric output1.pchs_amt"
                                + " output1.prpr output1.evlu_amt output1.evlu_pfls_amt output1.evlu_pfls_rt"
                                + " output1.evlu_erng_rt output1.loan_dt output1.fltt_rt output1.bfdy_cprs_icdc"
                                + " output2.dnca_tot_amt output2.nxdy_excc_amt output2.prvs_rcdl_excc_amt"
                                + " output2.thdt_buy_amt output2.thdt_sll_amt output2.thdt_tlex_amt"
                                + " output2.scts_evlu_amt output2.tot_evlu_amt output2.nass_amt"
                                + " output2.pchs_amt_smtl_amt output2.evlu_amt_smtl_amt output2.evlu_pfls_smtl_amt"
                                + " output2.bfdy_tot_asst_evlu_amt output2.asst_icdc_amt output2.asst_icdc_erng_rt")
                        .split(" "))));
        calls.add(new Call(
                "inquire-daily-ccld",
                ClientProgram::daily,
                true,
                List.of(("ctx_area_fk100 ctx_area_nk100 output1.ord_dt output1.ord_gno_brno output1.odno"
                                + " output1.orgn_odno output1.ord_dvsn_name output1.ord_dvsn_cd"
                                + " output1.sll_buy_dvsn_cd output1.sll_buy_dvsn_cd_name output1.pdno"
                                + " output1.prdt_name output1.ord_qty output1.ord_unpr output1.ord_tmd"
                                + " output1.tot_ccld_qty output1.avg_prvs output1.tot_ccld_amt output1.cncl_yn"
                                + " output1.cnc_cfrm_qty output1.rmn_qty output1.rjct_qty output1.ccld_cndt_name"
                                + " output1.infm_tmd output1.excg_dvsn_cd output1.excg_id_dvsn_Cd"
                                + " output1.stpm_cndt_pric output1.stpm_efct_occr_dtmd output2.tot_ord_qty"
                                + " output2.tot_ccld_qty output2.tot_ccld_amt output2.prsm_tlex_smtl"
                                + " output2.pchs_avg_pric")
                        .split(" "))));
        calls.add(ledger(
                "inquire-psbl-order",
                "TTTC8908R",
                Map.of(
                        "PDNO", "005930",
                        "ORD_UNPR", "0",
                        "ORD_DVSN", "01",
                        "CMA_EVLU_AMT_ICLD_YN", "N",
                        "OVRS_ICLD_YN", "N"),
                "output.ord_psbl_cash output.ord_psbl_sbst output.ruse_psbl_amt output.fund_rpch_chgs"
                        + " output.psbl_qty_calc_unpr output.nrcvb_buy_amt output.nrcvb_buy_qty output.max_buy_amt"
                        + " output.max_buy_qty output.cma_evlu_amt output.ovrs_re_use_amt_wcrc"
                        + " output.ord_psbl_frcr_amt_wcrc"));
        calls.add(quotation(
                "inquire-price",
                "FHKST01010100",
                stock,
                "output.stck_prpr output.prdy_vrss output.prdy_vrss_sign output.prdy_ctrt output.acml_vol"
                        + " output.acml_tr_pbmn output.stck_oprc output.stck_hgpr output.stck_lwpr output.stck_mxpr"
                        + " output.stck_llam output.stck_sdpr output.aspr_unit output.iscd_stat_cls_code"
                        + " output.temp_stop_yn output.vi_cls_code output.hts_avls output.per output.pbr"
                        + " output.w52_hgpr output.w52_lwpr"));
        calls.add(quotation(
                "inquire-asking-price-exp-ccn",
                "FHKST01010200",
                stock,
                "output1.aspr_acpt_hour output1.askp1 output1.askp10 output1.bidp1 output1.bidp10"
                        + " output1.askp_rsqn1 output1.bidp_rsqn10 output1.total_askp_rsqn output1.total_bidp_rsqn"
                        + " output2.antc_cnpr output2.antc_mkop_cls_code output2.vi_cls_code"));
        calls.add(quotation(
                "inquire-ccnl",
                "FHKST01010300",
                stock,
                "output.stck_cntg_hour output.stck_prpr output.cntg_vol output.tday_rltv"));
        calls.add(quotation(
                "inquire-daily-price",
                "FHKST01010400",
                with(stock, "FID_PERIOD_DIV_CODE", "D", "FID_ORG_ADJ_PRC", "0"),
                "output.stck_bsop_date output.stck_oprc output.stck_hgpr output.stck_lwpr output.stck_clpr"
                        + " output.acml_vol"));
        calls.add(quotation(
                "inquire-daily-itemchartprice",
                "FHKST03010100",
                with(
                        stock,
                        "FID_INPUT_DATE_1",
                        "20260901",
                        "FID_INPUT_DATE_2",
                        "20261119",
                        "FID_PERIOD_DIV_CODE",
                        "D",
                        "FID_ORG_ADJ_PRC",
                        "0"),
                "output1.stck_prpr output2.stck_bsop_date output2.stck_oprc output2.stck_clpr output2.acml_vol"));
        calls.add(quotation(
                "inquire-time-itemchartprice",
                "FHKST03010200",
                with(stock, "FID_INPUT_HOUR_1", "153000", "FID_PW_DATA_INCU_YN", "Y", "FID_ETC_CLS_CODE", ""),
                "output1.stck_prpr output2.stck_bsop_date output2.stck_cntg_hour output2.stck_prpr"
                        + " output2.stck_oprc output2.stck_hgpr output2.stck_lwpr output2.cntg_vol"));
        return calls;
    }

    static List<Call> onLiveOnly() {
        return List.of(
                ledger(
                        "inquire-psbl-rvsecncl",
                        "TTTC0084R",
                        Map.of("INQR_DVSN_1", "0", "INQR_DVSN_2", "0", "CTX_AREA_FK100", "", "CTX_AREA_NK100", ""),
                        "output.ord_gno_brno output.odno output.orgn_odno output.ord_dvsn_name output.pdno"
                                + " output.prdt_name output.rvse_cncl_dvsn_name output.ord_qty output.ord_unpr"
                                + " output.ord_tmd output.tot_ccld_qty output.tot_ccld_amt output.psbl_qty"
                                + " output.sll_buy_dvsn_cd output.ord_dvsn_cd output.mgco_aptm_odno"
                                + " output.excg_dvsn_cd output.excg_id_dvsn_cd output.excg_id_dvsn_name"
                                + " output.stpm_cndt_pric output.stpm_efct_occr_yn"),
                ledger("inquire-psbl-sell", "TTTC8408R", Map.of("PDNO", "005930"), "output.ord_psbl_qty"),
                new Call(
                        "intstock-multprice",
                        program -> program.get(
                                ClientProgram.QUOTATIONS + "intstock-multprice",
                                "FHKST11300006",
                                Map.of(
                                        "FID_COND_MRKT_DIV_CODE_1", "J",
                                        "FID_INPUT_ISCD_1", "005930",
                                        "FID_COND_MRKT_DIV_CODE_2", "J",
                                        "FID_INPUT_ISCD_2", "000660")),
                        false,
                        List.of(("output.inter_shrn_iscd output.inter2_prpr output.inter2_askp output.inter2_bidp"
                                        + " output.inter2_mxpr output.inter2_llam output.inter2_sdpr")
                                .split(" "))),
                quotation(
                        "inquire-time-dailychartprice",
                        "FHKST03010230",
                        with(
                                ClientProgram.stock("005930"),
                                "FID_INPUT_DATE_1",
                                "20261118",
                                "FID_INPUT_HOUR_1",
                                "153000",
                                "FID_PW_DATA_INCU_YN",
                                "N",
                                "FID_FAKE_TICK_INCU_YN",
                                ""),
                        "output2.stck_bsop_date output2.stck_cntg_hour output2.stck_prpr output2.cntg_vol"),
                quotation(
                        "search-stock-info",
                        "CTPF1002R",
                        Map.of("PRDT_TYPE_CD", "300", "PDNO", "005930"),
                        "output.prdt_name output.prdt_name120 output.prdt_eng_name120 output.tr_stop_yn"
                                + " output.admn_item_yn output.thdt_clpr"),
                quotation(
                        "inquire-vi-status",
                        "FHPST01390000",
                        Map.of(
                                "FID_DIV_CLS_CODE", "0",
                                "FID_COND_SCR_DIV_CODE", "20139",
                                "FID_MRKT_CLS_CODE", "0",
                                "FID_INPUT_ISCD", "",
                                "FID_RANK_SORT_CLS_CODE", "0",
                                "FID_INPUT_DATE_1", "20261120",
                                "FID_TRGT_CLS_CODE", "",
                                "FID_TRGT_EXLS_CLS_CODE", ""),
                        "output"),
                quotation(
                        "chk-holiday",
                        "CTCA0903R",
                        Map.of("BASS_DT", "20261120", "CTX_AREA_NK", "", "CTX_AREA_FK", ""),
                        "output.bass_dt output.wday_dvsn_cd output.bzdy_yn output.tr_day_yn output.opnd_yn"
                                + " output.sttl_day_yn"),
                quotation(
                        "inquire-index-price",
                        "FHPUP02100000",
                        Map.of("FID_COND_MRKT_DIV_CODE", "U", "FID_INPUT_ISCD", "0001"),
                        "output.bstp_nmix_prpr"));
    }

    @ParameterizedTest
    @MethodSource("onBothFaces")
    void item_15_3_an_answer_has_the_exact_field_names_string_values_and_lower_case_headers(Call call) {
        for (ClientProgram program : List.of(live, paper)) {
            assertForm(call, program);
        }
    }

    @ParameterizedTest
    @MethodSource("onLiveOnly")
    void item_15_3_an_answer_of_a_call_of_the_live_face_has_them_too(Call call) {
        assertForm(call, live);
    }

    private static void assertForm(Call call, ClientProgram program) {
        RawHttp.Answer answer = call.request().apply(program);

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        JsonNode json = answer.json();
        assertThat(json.path("rt_cd").stringValue()).as(answer.body()).isEqualTo("0");
        assertThat(json.path("msg_cd").stringValue()).hasSizeLessThanOrEqualTo(8);
        assertThat(json.path("msg1").stringValue()).hasSizeLessThanOrEqualTo(80);
        if (call.ledger()) {
            assertThat(json.path("msg1").stringValue()).as("padded").hasSize(80);
        }
        assertThat(answer.header("tr_cont")).isPresent();
        assertThat(answer.header("tr_id")).isPresent();
        for (String field : call.fields()) {
            JsonNode node = json;
            for (String name : field.split("\\.")) {
                node = node.isArray() ? node.path(0) : node;
                assertThat(node.has(name))
                        .as(field + " in "
                                + answer.body()
                                        .substring(
                                                0, Math.min(400, answer.body().length())))
                        .isTrue();
                node = node.path(name);
            }
        }
        textsOnly(json);
    }

    private static void textsOnly(JsonNode node) {
        if (node.isObject() || node.isArray()) {
            node.forEach(AnswerConformanceTest::textsOnly);
        } else {
            assertThat(node.isString()).as(node.toString()).isTrue();
        }
    }

    @Test
    void item_16_2_pages_are_named_in_the_header_and_lead_through_every_row_once() {
        ClientProgram program = new ClientProgram(server, Face.LIVE, 2).login();
        Set<String> sent = new HashSet<>();
        for (int i = 0; i < 230; i++) {
            sent.add(ClientProgram.number(program.post(
                    ClientProgram.TRADING + "order-cash",
                    "TTTC0012U",
                    with(ClientProgram.order("005930", "00", 1, 140_000), "CANO", "50000002"))));
        }
        assertThat(sent).hasSize(230);
        List<String> conts = new ArrayList<>();
        List<String> listed = new ArrayList<>();
        Map<String, String> query = with(program.dailyQuery(), "CANO", "50000002");
        RawHttp.Answer page = program.get(ClientProgram.TRADING + "inquire-daily-ccld", "TTTC0081R", query);
        while (true) {
            conts.add(page.header("tr_cont").orElseThrow());
            page.json()
                    .path("output1")
                    .forEach(row -> listed.add(row.path("odno").stringValue()));
            if (!List.of("F", "M").contains(conts.getLast())) {
                break;
            }
            String next = page.json().path("ctx_area_nk100").stringValue();
            assertThat(next).as("fixed width").hasSize(100);
            query = with(
                    query, "CTX_AREA_FK100", page.json().path("ctx_area_fk100").stringValue(), "CTX_AREA_NK100", next);
            page = program.get(ClientProgram.TRADING + "inquire-daily-ccld", "TTTC0081R", query, "tr_cont: N");
        }
        assertThat(conts).containsExactly("M", "M", "E");
        assertThat(listed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(sent);
        assertThat(live.balance().header("tr_cont"))
                .as("never empty on a paged call")
                .contains("D");
    }

    @Test
    void item_16_2_without_the_header_for_the_next_page_the_first_one_is_returned() {
        Map<String, String> query = live.dailyQuery();
        RawHttp.Answer first = live.get(ClientProgram.TRADING + "inquire-daily-ccld", "TTTC0081R", query);

        RawHttp.Answer repeated = live.get(ClientProgram.TRADING + "inquire-daily-ccld", "TTTC0081R", query);

        assertThat(repeated.json().path("output1")).isEqualTo(first.json().path("output1"));
    }

    @Test
    void item_16_3_every_200_has_rt_cd_msg_cd_and_msg1_a_refusal_too() {
        for (RawHttp.Answer answer : List.of(
                live.price("005930"),
                live.price("999999"),
                live.buy("005930", "00", 1, 199_401),
                live.get(ClientProgram.QUOTATIONS + "inquire-price", "FHKST01010100", Map.of()),
                live.get(ClientProgram.QUOTATIONS + "inquire-price", "NOSUCHTR", Map.of()))) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().properties().stream().map(Map.Entry::getKey))
                    .contains("rt_cd", "msg_cd", "msg1");
        }
    }

    @Test
    void item_16_4_output_is_an_object_or_a_list_as_the_call_has_it() {
        for (ClientProgram program : List.of(live, paper)) {
            JsonNode buyable = program.get(
                            ClientProgram.TRADING + "inquire-psbl-order",
                            program.face.tr("TTTC8908R"),
                            with(
                                    ClientProgram.account(),
                                    "PDNO",
                                    "005930",
                                    "ORD_UNPR",
                                    "0",
                                    "ORD_DVSN",
                                    "01",
                                    "CMA_EVLU_AMT_ICLD_YN",
                                    "N",
                                    "OVRS_ICLD_YN",
                                    "N"))
                    .output();
            JsonNode balance = program.balance().json();

            assertThat(buyable.isObject()).isTrue();
            assertThat(balance.path("output1").isArray()).isTrue();
            assertThat(balance.path("output2").isArray()).as("a list of one").isTrue();
            assertThat(balance.path("output2")).hasSize(1);
            assertThat(program.daily().json().path("output2").isObject()).isTrue();
            assertThat(program.price("005930").output().isObject()).isTrue();
        }
    }

    @Test
    void item_16_7_fields_that_some_clients_require_are_present() {
        JsonNode info = live.get(
                        ClientProgram.QUOTATIONS + "search-stock-info",
                        "CTPF1002R",
                        Map.of("PRDT_TYPE_CD", "300", "PDNO", "005930"))
                .output();
        assertThat(info.path("prdt_name120").stringValue()).startsWith("삼성전자");
        assertThat(info.path("prdt_eng_name120").stringValue()).isNotBlank();
        assertThat(info.properties().stream()
                        .filter(field -> field.getKey().endsWith("_date")
                                || field.getKey().endsWith("_dt")))
                .isNotEmpty()
                .allSatisfy(field -> assertThat(field.getValue().stringValue())
                        .as(field.getKey())
                        .matches("[0-9]{8}|"));
        for (String division : List.of("00", "01")) {
            JsonNode buyable = live.get(
                            ClientProgram.TRADING + "inquire-psbl-order",
                            "TTTC8908R",
                            with(
                                    ClientProgram.account(),
                                    "PDNO",
                                    "005930",
                                    "ORD_UNPR",
                                    division.equals("00") ? "150000" : "0",
                                    "ORD_DVSN",
                                    division,
                                    "CMA_EVLU_AMT_ICLD_YN",
                                    "N",
                                    "OVRS_ICLD_YN",
                                    "N"))
                    .output();
            assertThat(buyable.path("psbl_qty_calc_unpr").stringValue()).matches("[1-9][0-9]*");
        }
    }

    @Test
    void item_16_7_an_unknown_symbol_has_the_price_0() {
        assertThat(live.price("999999").output().path("stck_prpr").stringValue())
                .isEqualTo("0");
    }

    @Test
    void item_16_7_an_unknown_overseas_symbol_has_no_price_and_a_listed_one_has() {
        Map<String, String> query = Map.of("AUTH", "", "EXCD", "NAS", "SYMB", "NOSUCHX");

        RawHttp.Answer unknown = live.get(OVERSEAS + "price", "HHDFS00000300", query);
        RawHttp.Answer apple = live.get(OVERSEAS + "price", "HHDFS00000300", with(query, "SYMB", "AAPL"));

        assertThat(unknown.json().path("rt_cd").stringValue()).isEqualTo("0");
        assertThat(unknown.output().path("last").stringValue()).isEmpty();
        assertThat(apple.output().path("last").stringValue()).matches("[0-9]+\\.[0-9]{4}");
    }
}
