package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.simulator.catalog.Face;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The other of KIS's two brokers: its ids, figures, texts and restrictions. */
class PaperFaceTest {
    private static final String CANO = "50000001";

    @TempDir
    static Path folder;

    private static KisSimulator simulator;
    private static RawClient client;
    private static CatalogCalls calls;

    @BeforeAll
    static void start() {
        simulator = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("paper.db"))
                .withFace(Face.PAPER)
                .withRates(10_000, 10_000)
                .withSynchronous("OFF"));
        client = new RawClient(simulator, "PSPAPER0000000000000000000000000001").login();
        calls = new CatalogCalls(client, Face.PAPER);
    }

    @AfterAll
    static void stop() {
        simulator.close();
    }

    private static HttpResponse<String> order(String trId, String dvsn, String qty, String price, String venue) {
        Map<String, String> params = new HashMap<>(CatalogCalls.order(trId, CANO, dvsn, qty, price));
        params.put("EXCG_ID_DVSN_CD", venue);
        return calls.request(CatalogCalls.call("domestic_stock_order_cash"), params);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return RawClient.json(answer.body());
    }

    @Test
    void orders_are_accepted_in_paper_s_words_with_its_branch_and_low_numbers() {
        JsonNode buy = json(order("VTTC0012U", "00", "5", "150000", "KRX"));

        assertThat(buy.path("msg_cd").stringValue()).isEqualTo("40600000");
        assertThat(buy.path("msg1").stringValue()).startsWith("모의투자 매수주문이 완료 되었습니다.");
        assertThat(buy.path("output").path("KRX_FWDG_ORD_ORGNO").stringValue()).isEqualTo("00950");
        assertThat(Long.parseLong(buy.path("output").path("ODNO").stringValue()))
                .isBetween(1_001L, 99_999L);
        assertThat(CatalogCalls.code(order("VTTC0802U", "01", "1", "0", "KRX"))).isEqualTo("200 40600000");
        assertThat(CatalogCalls.code(order("VTTC0011U", "01", "1", "0", "KRX"))).isEqualTo("200 40590000");
        JsonNode cancel = json(calls.request(
                CatalogCalls.call("domestic_stock_order_rvsecncl"),
                Map.of(
                        "CANO", CANO,
                        "KRX_FWDG_ORD_ORGNO", "00950",
                        "ORGN_ODNO", buy.path("output").path("ODNO").stringValue(),
                        "RVSE_CNCL_DVSN_CD", "02",
                        "ORD_QTY", "0",
                        "ORD_UNPR", "0",
                        "QTY_ALL_ORD_YN", "Y",
                        "EXCG_ID_DVSN_CD", "KRX")));
        assertThat(cancel.path("msg_cd").stringValue()).isEqualTo("40640000");
    }

    @Test
    void orders_are_refused_in_paper_s_words() {
        assertThat(CatalogCalls.code(order("VTTC0012U", "00", "1", "150001", "KRX")))
                .isEqualTo("200 40030000");
        assertThat(CatalogCalls.code(order("VTTC0012U", "00", "1", "900000", "KRX")))
                .isEqualTo("200 40270000");
        assertThat(CatalogCalls.code(order("VTTC0012U", "01", "999999", "0", "KRX")))
                .isEqualTo("200 40250000");
        assertThat(CatalogCalls.code(order("VTTC0012U", "11", "1", "150000", "KRX")))
                .as("only the basic divisions")
                .isEqualTo("200 90000000");
        assertThat(CatalogCalls.code(order("VTTC0012U", "00", "1", "150000", "SOR")))
                .as("only the exchange's own market")
                .isEqualTo("200 90000000");
        assertThat(CatalogCalls.code(calls.request(
                        CatalogCalls.call("domestic_stock_order_cash"),
                        CatalogCalls.order("VTTC0011U", "50000009", "01", "1", "0"))))
                .isEqualTo("200 40240000");
    }

    @Test
    void live_ids_are_no_paper_trs_and_quotations_have_one_id_for_both() {
        assertThat(CatalogCalls.code(order("TTTC0012U", "01", "1", "0", "KRX"))).isEqualTo("500 EGW02006");
        assertThat(CatalogCalls.code(order("TTTC0802U", "01", "1", "0", "KRX"))).isEqualTo("500 EGW02006");
        assertThat(CatalogCalls.code(client.balance(CANO))).isEqualTo("500 EGW02006");
        assertThat(CatalogCalls.code(order("NOSUCHTR", "01", "1", "0", "KRX"))).isEqualTo("200 OPSQ0002");
        assertThat(CatalogCalls.code(calls.request("domestic_stock_inquire_price")))
                .isEqualTo("200 MCA00000");
        assertThat(CatalogCalls.code(calls.request(
                        CatalogCalls.call("domestic_stock_inquire_asking_price_exp_ccn"),
                        Map.of("FID_COND_MRKT_DIV_CODE", "NX"))))
                .isEqualTo("200 OPSQ2001");
    }

    @Test
    void the_sell_of_us_stocks_in_paper_has_an_irregular_tr_id() {
        assertThat(CatalogCalls.code(
                        calls.request(CatalogCalls.call("overseas_stock_order"), Map.of("tr_id", "VTTT1001U"))))
                .as("no holdings")
                .isEqualTo("200 40240000");
        assertThat(CatalogCalls.code(
                        calls.request(CatalogCalls.call("overseas_stock_order"), Map.of("tr_id", "VTTT1002U"))))
                .isEqualTo("200 40600000");
        assertThat(CatalogCalls.code(
                        calls.request(CatalogCalls.call("overseas_stock_order"), Map.of("tr_id", "VTTT1006U"))))
                .isEqualTo("200 OPSQ0002");
    }

    @Test
    void calls_missing_in_paper_are_refused_as_not_offered() {
        HttpResponse<String> holidays = calls.request("domestic_stock_chk_holiday");

        assertThat(CatalogCalls.code(holidays)).isEqualTo("500 EGW02006");
        assertThat(holidays.body()).contains("모의투자 TR 이 아닙니다.");
        assertThat(CatalogCalls.code(calls.request("domestic_stock_inquire_psbl_rvsecncl")))
                .isEqualTo("500 EGW02006");
        assertThat(CatalogCalls.code(calls.request("overseas_stock_daytime_order")))
                .isEqualTo("500 EGW02006");
        assertThat(CatalogCalls.code(calls.request(
                        CatalogCalls.call("overseas_stock_inquire_balance"), Map.of("ACNT_PRDT_CD", "29"))))
                .as("pension accounts")
                .isEqualTo("200 OPSQ2000");
    }

    @Test
    void pages_are_short_and_an_empty_list_has_a_code_of_its_own() {
        for (int i = 0; i < 17; i++) {
            calls.request(
                    CatalogCalls.call("domestic_stock_order_cash"),
                    CatalogCalls.order("VTTC0012U", "50000002", "00", "1", "150000"));
        }
        Map<String, String> all =
                Map.of("CANO", "50000002", "INQR_STRT_DT", "00000101", "INQR_END_DT", "29991231", "tr_id", "VTTC0081R");
        HttpResponse<String> first = calls.request(CatalogCalls.call("domestic_stock_inquire_daily_ccld"), all);
        JsonNode none =
                json(calls.request(CatalogCalls.call("domestic_stock_inquire_balance"), Map.of("CANO", "50000003")));

        assertThat(json(first).path("output1")).hasSize(15);
        assertThat(first.headers().firstValue("tr_cont")).contains("M");
        assertThat(json(first).path("output1").path(0).path("ord_gno_brno").stringValue())
                .isEqualTo("00950");
        assertThat(none.path("rt_cd").stringValue()).isEqualTo("0");
        assertThat(none.path("msg_cd").stringValue()).isEqualTo("70070000");
        assertThat(none.path("output2").path(0).path("dnca_tot_amt").stringValue())
                .isEqualTo("1000000000");
        assertThat(json(calls.request("overseas_stock_inquire_balance"))
                        .path("msg_cd")
                        .stringValue())
                .isEqualTo("70070000");
    }

    @Test
    void its_limit_is_one_call_a_second_since_april_2026_and_was_two() {
        SimulatorConfig today = at("2026-11-20T01:00:00Z").withFace(Face.PAPER);

        assertThat(today.callsPerSecond()).isEqualTo(1);
        assertThat(today.ledgerPerSecond()).isEqualTo(1);
        assertThat(at("2026-04-17T01:00:00Z").withFace(Face.PAPER).callsPerSecond())
                .isEqualTo(2);
        assertThat(at("2026-04-17T01:00:00Z").withFace(Face.LIVE).callsPerSecond())
                .isEqualTo(20);
        assertThat(at("2026-04-20T01:00:00Z").withFace(Face.LIVE).callsPerSecond())
                .isEqualTo(18);
        assertThat(Face.PAPER.callsPerSecond(LocalDate.of(2026, 4, 20))).isEqualTo(1);
        try (KisSimulator slow = KisSimulator.start(today)) {
            CatalogCalls few =
                    new CatalogCalls(new RawClient(slow, "PSPAPER0000000000000000000000000002").login(), Face.PAPER);
            assertThat(CatalogCalls.code(few.request("domestic_stock_inquire_price")))
                    .isEqualTo("200 MCA00000");
            assertThat(CatalogCalls.code(few.request("domestic_stock_inquire_price")))
                    .isEqualTo("500 EGW00201");
        }
    }

    private static SimulatorConfig at(String instant) {
        return SimulatorConfig.defaults(folder.resolve("limits.db"))
                .withTime(new KrxCalendar(), InstantSource.fixed(Instant.parse(instant)));
    }

    @Test
    void a_closed_market_refuses_orders_as_too_early_or_too_late() {
        try (KisSimulator early = KisSimulator.start(
                        at("2026-11-19T22:00:00Z").withFace(Face.PAPER).withRates(1_000, 1_000));
                KisSimulator late = KisSimulator.start(SimulatorConfig.defaults(folder.resolve("late.db"))
                        .withTime(new KrxCalendar(), InstantSource.fixed(Instant.parse("2026-11-20T09:00:00Z")))
                        .withFace(Face.PAPER)
                        .withRates(1_000, 1_000))) {
            assertThat(refusedBy(early)).isEqualTo("200 40570000");
            assertThat(refusedBy(late)).isEqualTo("200 40580000");
        }
    }

    private static String refusedBy(KisSimulator closed) {
        return CatalogCalls.code(
                new CatalogCalls(new RawClient(closed, "PSPAPER0000000000000000000000000003").login(), Face.PAPER)
                        .request(
                                CatalogCalls.call("domestic_stock_order_cash"),
                                CatalogCalls.order("VTTC0012U", CatalogCalls.CANO, "01", "1", "0")));
    }
}
