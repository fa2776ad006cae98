package kr.kisgateway.client;

import static kr.kisgateway.client.SimulatedBroker.failure;
import static kr.kisgateway.client.SimulatedBroker.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import kr.kisgateway.market.BarPeriod;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.wire.parse.MinuteBar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The requests of typed calls about Korean stocks, and their results for answers that the simulator does not give. */
class DomesticRequestsTest {
    private static final Symbol SAMSUNG = new Symbol("005930");

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

    @Test
    void minutes_are_paged_back_across_days_and_a_weekend() {
        LocalDate monday = LocalDate.of(2026, 11, 16);
        LocalDate friday = LocalDate.of(2026, 11, 13);
        server.script.add(minutes("20261116", "090100", "090000"));
        server.script.add(minutes("20261116"));
        server.script.add(minutes("20261113", "153000"));
        server.script.add(minutes("20261113", "152900"));
        List<MinuteBar> bars =
                value(kis.live().domestic().minutes(SAMSUNG, friday.atTime(15, 29), monday.atTime(9, 1)));
        assertThat(bars)
                .extracting(MinuteBar::at)
                .containsExactly(
                        friday.atTime(15, 29), friday.atTime(15, 30), monday.atTime(9, 0), monday.atTime(9, 1));
        assertThat(server.calls())
                .extracting(call -> query(call, "FID_INPUT_DATE_1") + " " + query(call, "FID_INPUT_HOUR_1"))
                .containsExactly("20261116 090100", "20261116 085900", "20261113 200000", "20261113 152900");
    }

    @Test
    void a_chart_request_states_whether_prices_are_adjusted() {
        LocalDate day = LocalDate.of(2026, 11, 13);
        for (boolean adjusted : new boolean[] {true, false}) {
            server.script.add(ok("\"output1\":{},\"output2\":[{}]"));
            assertThat(value(kis.live()
                            .domestic()
                            .chart(SAMSUNG, BarPeriod.WEEK, day, day, adjusted, CallOptions.standard())))
                    .isEmpty();
        }
        assertThat(server.calls())
                .extracting(call -> query(call, "FID_ORG_ADJ_PRC") + query(call, "FID_PERIOD_DIV_CODE"))
                .containsExactly("0W", "1W");
    }

    @Test
    void a_missing_page_fails_the_list_of_open_orders() {
        String rows =
                "{\"ord_gno_brno\":\"06010\",\"odno\":\"7\",\"pdno\":\"005930\",\"ord_qty\":\"1\",\"ord_unpr\":\"70000\","
                        + "\"tot_ccld_qty\":\"0\",\"psbl_qty\":\"1\",\"sll_buy_dvsn_cd\":\"02\"}";
        server.script.add(RawServer.json(
                200,
                "{\"ctx_area_fk100\":\"f\",\"ctx_area_nk100\":\"n\",\"output\":[" + rows
                        + "],\"rt_cd\":\"0\",\"msg_cd\":\"KIOK0510\",\"msg1\":\"ok\"}",
                "tr_cont: F\r\n"));
        server.script.add(RawServer.json(500, "{\"rt_cd\":\"1\",\"msg_cd\":\"EGW00215\",\"msg1\":\"원장\"}"));
        assertThat(failure(kis.live().domestic().openOrders()).kind()).isEqualTo(KisFailure.Kind.RATE_LIMITED);
        assertThat(server.calls())
                .extracting(call -> call.header("tr_id") + call.header("tr_cont"))
                .containsExactly("TTTC0084R", "TTTC0084RN");
    }

    @Test
    void paper_reads_open_orders_off_todays_list_of_krx() {
        server.script.add(RawServer.json(
                200,
                "{\"output1\":[],\"output2\":{},\"rt_cd\":\"0\",\"msg_cd\":\"70070000\",\"msg1\":\"모의투자 조회할 내역(자료)이 없습니다.\"}",
                "tr_cont: D\r\n"));
        assertThat(value(kis.paper().domestic().openOrders())).isEmpty();
        RawServer.ReceivedRequest call = server.calls().getLast();
        assertThat(call.header("tr_id")).isEqualTo("VTTC0081R");
        assertThat(query(call, "CCLD_DVSN") + query(call, "EXCG_ID_DVSN_CD") + query(call, "SLL_BUY_DVSN_CD"))
                .isEqualTo("02KRX00");
        assertThat(query(call, "INQR_STRT_DT")).isEqualTo(query(call, "INQR_END_DT"));
    }

    @Test
    void an_answer_that_cannot_be_read_names_its_field() {
        server.script.add(ok("\"output\":{\"ord_psbl_cash\":\"\"}"));
        KisFailure failure = failure(kis.live().domestic().buyingPower(SAMSUNG));
        assertThat(failure.kind()).isEqualTo(KisFailure.Kind.UNREADABLE);
        assertThat(failure.msg1()).contains("ord_psbl_cash");
    }

    private static RawServer.Answer minutes(String day, String... times) {
        String rows = Arrays.stream(times)
                .map(time -> "{\"stck_bsop_date\":\"" + day + "\",\"stck_cntg_hour\":\"" + time
                        + "\",\"stck_prpr\":\"1\",\"stck_oprc\":\"1\",\"stck_hgpr\":\"1\",\"stck_lwpr\":\"1\"}")
                .collect(Collectors.joining(","));
        return ok("\"output1\":{},\"output2\":[" + rows + "]");
    }

    private static RawServer.Answer ok(String blocks) {
        return RawServer.json(200, "{" + blocks + ",\"rt_cd\":\"0\",\"msg_cd\":\"MCA00000\",\"msg1\":\"ok\"}");
    }

    private static String query(RawServer.ReceivedRequest call, String name) {
        return Arrays.stream(call.line().split("[?& ]"))
                .filter(each -> each.startsWith(name + "="))
                .map(each -> each.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }
}
