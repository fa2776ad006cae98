package kr.kisgateway.client;

import static kr.kisgateway.client.SimulatedBroker.failure;
import static kr.kisgateway.client.SimulatedBroker.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import kr.kisgateway.market.Side;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.wire.OverseasSymbol;
import kr.kisgateway.wire.parse.OverseasHolding;
import kr.kisgateway.wire.parse.OverseasMinuteBar;
import kr.kisgateway.wire.parse.OverseasOrderRow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The requests of typed overseas calls, byte for byte, and their results. */
class OverseasCallsTest {
    private static final OverseasSymbol APPLE =
            OverseasSymbol.parse("AAPL.NASD").orElseThrow();
    private static final OverseasSymbol BERKSHIRE =
            OverseasSymbol.parse("BRK/B.NYSE").orElseThrow();

    @TempDir
    private Path folder;

    private ScriptedBroker kis;
    private RawServer server;

    @BeforeEach
    void start() {
        kis = ScriptedBroker.open(folder);
        server = kis.server();
    }

    @AfterEach
    void stop() throws IOException {
        kis.close();
    }

    private static OverseasOrder limit(OverseasSymbol symbol, Side side, String price) {
        return new OverseasOrder(symbol, side, OverseasOrderType.LIMIT, 3, new BigDecimal(price));
    }

    @ParameterizedTest
    @CsvSource({"145,145.00", "145.5,145.50", "1,1.00", "0.5,0.5000", "0.1234,0.1234", "0.12340,0.1234", "1.10,1.10"})
    void a_us_order_is_sent_with_the_decimals_of_the_exchange(String price, String sent) {
        server.script.add(accepted("0000001234"));
        assertThat(kis.live().overseas().place(limit(APPLE, Side.BUY, price)))
                .isEqualTo(new Placement.Accepted("06010", 1234, "230501"));
        assertThat(server.calls().getLast().body())
                .isEqualTo("{\"CANO\":\"87654321\",\"ACNT_PRDT_CD\":\"01\",\"OVRS_EXCG_CD\":\"NASD\",\"PDNO\":\"AAPL\","
                        + "\"ORD_QTY\":\"3\",\"OVRS_ORD_UNPR\":\"" + sent
                        + "\",\"CTAC_TLNO\":\"\",\"MGCO_APTM_ODNO\":\"\","
                        + "\"SLL_TYPE\":\"\",\"ORD_SVR_DVSN_CD\":\"0\",\"ORD_DVSN\":\"00\"}");
    }

    @Test
    @Requirement(value = "A-18", clause = "ids")
    void each_environment_has_its_own_tr_ids_for_orders() {
        for (int i = 0; i < 8; i++) {
            server.script.add(accepted("7"));
        }
        for (KisClient each : List.of(kis.live(), kis.paper())) {
            each.overseas().place(limit(APPLE, Side.BUY, "145.00"));
            each.overseas().place(limit(BERKSHIRE, Side.SELL, "400.10"));
            each.overseas().modify(APPLE, 7, 2, new BigDecimal("146"));
            each.overseas().cancel(APPLE, 7, 2);
        }
        assertThat(server.calls())
                .extracting(call -> call.header("tr_id"))
                .containsExactly(
                        "TTTT1002U",
                        "TTTT1006U",
                        "TTTT1004U",
                        "TTTT1004U",
                        "VTTT1002U",
                        "VTTT1001U",
                        "VTTT1004U",
                        "VTTT1004U");
        assertThat(server.calls().get(1).body())
                .contains("\"OVRS_EXCG_CD\":\"NYSE\"", "\"PDNO\":\"BRK/B\"", "\"SLL_TYPE\":\"00\"");
        assertThat(server.calls().get(2).body())
                .contains(
                        "\"ORGN_ODNO\":\"0000000007\"",
                        "\"RVSE_CNCL_DVSN_CD\":\"01\"",
                        "\"ORD_QTY\":\"2\"",
                        "\"OVRS_ORD_UNPR\":\"146.00\"");
        assertThat(server.calls().get(3).body()).contains("\"RVSE_CNCL_DVSN_CD\":\"02\"", "\"OVRS_ORD_UNPR\":\"0\"");
    }

    @Test
    void an_order_without_an_answer_is_unknown_and_was_sent_once() {
        server.script.add(RawServer.RESET);
        assertThat(kis.live().overseas().place(limit(APPLE, Side.BUY, "145.00")))
                .isInstanceOf(Placement.Unknown.class);
        server.script.add(RawServer.json(503, "<html>"));
        assertThat(kis.live().overseas().cancel(APPLE, 7, 2)).isInstanceOf(Placement.Unknown.class);
        assertThat(server.calls()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"145.005", "0.12345", "0", "-1", "1E+40", "1E-30"})
    void a_price_between_two_ticks_or_none_costs_no_call(String price) {
        assertThat(notSent(kis.live().overseas().place(limit(APPLE, Side.BUY, price))))
                .isEqualTo("INVALID_REQUEST");
        assertThat(notSent(kis.live().overseas().modify(APPLE, 7, 2, new BigDecimal(price))))
                .isEqualTo("INVALID_REQUEST");
        assertThat(failure(kis.live().overseas().buyingPower(APPLE, new BigDecimal(price)))
                        .kind())
                .isEqualTo(KisFailure.Kind.INVALID_REQUEST);
        assertThat(server.calls()).isEmpty();
    }

    @Test
    void the_refusal_of_a_price_names_its_neighbours() {
        assertThat(kis.live().overseas().place(limit(APPLE, Side.BUY, "145.005")))
                .isInstanceOfSatisfying(
                        Placement.NotSent.class, it -> assertThat(it.remedy()).contains("145.00 and 145.01"));
        assertThat(kis.live().overseas().place(limit(APPLE, Side.BUY, "0.12345")))
                .isInstanceOfSatisfying(
                        Placement.NotSent.class, it -> assertThat(it.remedy()).contains("0.1234 and 0.1235"));
    }

    @Test
    void an_order_that_kis_would_refuse_costs_no_call() {
        OverseasCalls calls = kis.live().overseas();
        OverseasSymbol toyota = OverseasSymbol.parse("7203.TKSE").orElseThrow();
        var zero = BigDecimal.ZERO;
        assertThat(notSent(calls.place(limit(toyota, Side.BUY, "100")))).isEqualTo("INVALID_REQUEST");
        assertThat(notSent(calls.cancel(toyota, 7, 1))).isEqualTo("INVALID_REQUEST");
        assertThat(notSent(calls.cancel(APPLE, 0, 1))).isEqualTo("INVALID_REQUEST");
        assertThat(notSent(calls.cancel(APPLE, 7, 0))).isEqualTo("INVALID_REQUEST");
        assertThat(notSent(calls.place(new OverseasOrder(APPLE, Side.BUY, OverseasOrderType.MARKET_ON_OPEN, 1, zero))))
                .isEqualTo("INVALID_REQUEST");
        assertThat(notSent(calls.place(
                        new OverseasOrder(APPLE, Side.SELL, OverseasOrderType.MARKET_ON_CLOSE, 1, BigDecimal.ONE))))
                .isEqualTo("INVALID_REQUEST");
        assertThat(notSent(calls.place(new OverseasOrder(APPLE, Side.BUY, OverseasOrderType.LIMIT, 0, BigDecimal.ONE))))
                .isEqualTo("INVALID_REQUEST");
        assertThat(notSent(kis.paper()
                        .overseas()
                        .place(new OverseasOrder(
                                APPLE, Side.BUY, OverseasOrderType.LIMIT_ON_CLOSE, 1, BigDecimal.ONE))))
                .isEqualTo("UNSUPPORTED");
        assertThat(server.calls()).isEmpty();
        server.script.add(accepted("9"));
        assertThat(calls.place(new OverseasOrder(APPLE, Side.SELL, OverseasOrderType.MARKET_ON_CLOSE, 1, zero)))
                .isInstanceOf(Placement.Accepted.class);
        assertThat(server.calls().getLast().body())
                .contains("\"ORD_DVSN\":\"33\"", "\"OVRS_ORD_UNPR\":\"0\"", "\"SLL_TYPE\":\"00\"");
    }

    @Test
    void in_paper_all_orders_are_requested_and_filtered_by_the_client() {
        String rows = row(1, "AAPL", "02", "00", 10, 10, 0) + "," + row(2, "AAPL", "01", "00", 5, 0, 5) + ","
                + row(3, "MSFT", "02", "00", 5, 2, 3) + "," + row(4, "AAPL", "02", "02", 5, 0, 5);
        LocalDate day = LocalDate.of(2026, 11, 20);
        var filter = OverseasFilter.ALL.with(APPLE).with(OverseasFilter.State.OPEN);
        for (KisClient each : List.of(kis.paper(), kis.live())) {
            server.script.add(page("D", rows));
            assertThat(value(each.overseas().orders(day, day, filter)))
                    .extracting(OverseasOrderRow::odno)
                    .containsExactly(2L);
        }
        Map<String, String> inPaper = query(server.calls().getFirst());
        assertThat(inPaper)
                .containsEntry("PDNO", "")
                .containsEntry("OVRS_EXCG_CD", "")
                .containsEntry("SLL_BUY_DVSN", "00")
                .containsEntry("CCLD_NCCS_DVSN", "00")
                .containsEntry("ODNO", "");
        assertThat(query(server.calls().getLast()))
                .containsEntry("PDNO", "AAPL")
                .containsEntry("OVRS_EXCG_CD", "NASD")
                .containsEntry("CCLD_NCCS_DVSN", "02");
        server.script.add(page("D", rows));
        assertThat(value(kis.paper()
                        .overseas()
                        .orders(day, day, OverseasFilter.ALL.with(Side.BUY).with(OverseasFilter.State.FILLED))))
                .extracting(OverseasOrderRow::odno)
                .containsExactly(1L, 3L);
    }

    @Test
    void open_orders_are_read_from_the_list_of_the_environment() {
        String rows = row(1, "AAPL", "02", "00", 10, 10, 0) + "," + row(2, "AAPL", "01", "01", 5, 0, 5);
        for (KisClient each : List.of(kis.live(), kis.paper())) {
            server.script.add(page("F", rows));
            server.script.add(page("E", row(3, "BRK/B", "02", "00", 7, 4, 3)));
            List<OverseasOrderRow> open = value(each.overseas().openOrders());
            assertThat(open).extracting(OverseasOrderRow::odno).containsExactly(2L, 3L);
            assertThat(open.getLast().openQty()).isEqualTo(3);
            assertThat(open.getLast().code()).isEqualTo("BRK/B");
        }
        assertThat(server.calls())
                .extracting(call -> call.header("tr_id"))
                .containsExactly("TTTS3018R", "TTTS3018R", "VTTS3035R", "VTTS3035R");
    }

    @Test
    void in_paper_holdings_are_requested_per_exchange_without_duplicates() {
        String apple = holding("AAPL", "NASD");
        server.script.add(balance(apple));
        assertThat(value(kis.live().overseas().holdings())).hasSize(1);
        assertThat(server.calls()).hasSize(1);
        server.script.add(balance(apple));
        server.script.add(balance(apple + "," + holding("BRK/B", "NYSE")));
        server.script.add(balance(""));
        assertThat(value(kis.paper().overseas().holdings()))
                .extracting(OverseasHolding::code)
                .containsExactly("AAPL", "BRK/B");
        server.script.add(balance(apple));
        server.script.add(RawServer.json(500, "{\"rt_cd\":\"1\",\"msg_cd\":\"EGW00215\",\"msg1\":\"slow\"}"));
        assertThat(failure(kis.paper().overseas().holdings()).kind()).isEqualTo(KisFailure.Kind.RATE_LIMITED);
    }

    @Test
    void minutes_are_paged_back_from_the_requested_time() {
        server.script.add(minutes("20261119", "103000", "102900"));
        server.script.add(minutes("20261119", "102800", "102700"));
        server.script.add(minutes("20261119"));
        LocalDateTime from = LocalDateTime.of(2026, 11, 19, 9, 30);
        List<OverseasMinuteBar> bars =
                value(kis.live().overseas().minutes(APPLE, 1, from, LocalDateTime.of(2026, 11, 19, 10, 30)));
        assertThat(bars).extracting(it -> it.at().getMinute()).containsExactly(27, 28, 29, 30);
        assertThat(server.calls())
                .extracting(call -> query(call).get("KEYB"))
                .containsExactly("20261119103000", "20261119102800", "20261119102600");
        assertThat(query(server.calls().getFirst())).containsEntry("NEXT", "1").containsEntry("EXCD", "NAS");
        server.script.add(minutes("20261119"));
        value(kis.live().overseas().minutes(APPLE, 5, from, LocalDateTime.of(2999, 1, 1, 0, 0)));
        assertThat(query(server.calls().getLast())).containsEntry("KEYB", "").containsEntry("NEXT", "");
        assertThat(failure(kis.live().overseas().minutes(APPLE, 0, from, from)).msg1())
                .contains("0 minutes");
    }

    private static RawServer.Answer accepted(String odno) {
        return RawServer.json(
                200,
                "{\"rt_cd\":\"0\",\"msg_cd\":\"APBK0013\",\"msg1\":\"주문 전송 완료 되었습니다.\",\"output\":"
                        + "{\"KRX_FWDG_ORD_ORGNO\":\"06010\",\"ODNO\":\"" + odno + "\",\"ORD_TMD\":\"230501\"}}");
    }

    private static String row(long odno, String code, String side, String revision, long qty, long filled, long open) {
        return """
                {"ord_dt":"20261120","ord_gno_brno":"06010","odno":"%d","orgn_odno":"","sll_buy_dvsn_cd":"%s","rvse_cncl_dvsn":"%s",\
                "pdno":"%s","ft_ord_qty":"%d","ft_ord_unpr3":"145.00000000","ft_ccld_qty":"%d","ft_ccld_unpr3":"","ft_ccld_amt3":"0",\
                "nccs_qty":"%d","prcs_stat_name":"","rjct_rson":"","ord_tmd":"231500","tr_crcy_cd":"USD","ovrs_excg_cd":"NASD"}""".formatted(odno, side, revision, code, qty, filled, open);
    }

    private static String holding(String code, String exchange) {
        return """
                {"ovrs_pdno":"%s","ovrs_excg_cd":"%s","ovrs_cblc_qty":"10","ord_psbl_qty":"8","pchs_avg_pric":"140.1234",\
                "frcr_pchs_amt1":"1401.23","now_pric2":"145.000000","ovrs_stck_evlu_amt":"1450.00","frcr_evlu_pfls_amt":"48.77",\
                "evlu_pfls_rt":"3.48","tr_crcy_cd":"USD"}""".formatted(code, exchange);
    }

    private static RawServer.Answer balance(String holdings) {
        return RawServer.json(
                200,
                "{\"output1\":[" + holdings
                        + "],\"output2\":{},\"rt_cd\":\"0\",\"msg_cd\":\"KIOK0510\",\"msg1\":\"ok\"}",
                "tr_cont: D\r\n");
    }

    private static RawServer.Answer page(String more, String rows) {
        return RawServer.json(
                200,
                "{\"ctx_area_fk200\":\"fk\",\"ctx_area_nk200\":\"nk\",\"output\":[" + rows
                        + "],\"rt_cd\":\"0\",\"msg_cd\":\"KIOK0510\",\"msg1\":\"ok\"}",
                "tr_cont: " + more + "\r\n");
    }

    private static RawServer.Answer minutes(String day, String... times) {
        String rows = Arrays.stream(times)
                .map(time -> "{\"xymd\":\"" + day + "\",\"xhms\":\"" + time
                        + "\",\"open\":\"1.0\",\"high\":\"1.0\",\"low\":\"1.0\",\"last\":\"1.0\",\"evol\":\"5\"}")
                .collect(Collectors.joining(","));
        return RawServer.json(
                200,
                "{\"output1\":{},\"output2\":[" + rows + "],\"rt_cd\":\"0\",\"msg_cd\":\"MCA00000\",\"msg1\":\"ok\"}");
    }

    private static Map<String, String> query(RawServer.ReceivedRequest call) {
        String query = call.line().split(" ")[1].split("\\?", 2)[1];
        return Arrays.stream(query.split("&"))
                .map(each -> each.split("=", 2))
                .collect(Collectors.toMap(each -> each[0], each -> URLDecoder.decode(each[1], StandardCharsets.UTF_8)));
    }

    private static String notSent(Placement placement) {
        assertThat(placement).isInstanceOf(Placement.NotSent.class);
        return ((Placement.NotSent) placement).code();
    }
}
