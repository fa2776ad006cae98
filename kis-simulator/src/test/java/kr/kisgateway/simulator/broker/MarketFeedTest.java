package kr.kisgateway.simulator.broker;

import static kr.kisgateway.simulator.broker.TwoTraders.BASE;
import static kr.kisgateway.simulator.broker.TwoTraders.ME;
import static kr.kisgateway.simulator.broker.TwoTraders.NXT;
import static kr.kisgateway.simulator.broker.TwoTraders.SAMSUNG;
import static kr.kisgateway.simulator.broker.TwoTraders.YOU;
import static kr.kisgateway.simulator.broker.TwoTraders.at;
import static kr.kisgateway.simulator.broker.TwoTraders.odno;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Auctions and both venues in streams and queries. Columns are counted by the protocol's lists. */
class MarketFeedTest {
    private static List<String[]> records(TestBroker broker, String trId) {
        return broker.pushed.stream()
                .filter(frame -> frame.startsWith("0|" + trId + "|"))
                .map(frame -> frame.split("\\|", 4)[3].split("\\^", -1))
                .toList();
    }

    private static String[] last(TestBroker broker, String trId) {
        return records(broker, trId).getLast();
    }

    private static TestBroker.Answer book(TestBroker broker, String market) {
        return broker.call(
                "GET",
                "/uapi/domestic-stock/v1/quotations/inquire-asking-price-exp-ccn",
                Map.of("tr_id", "FHKST01010200"),
                Map.of("FID_COND_MRKT_DIV_CODE", market, "FID_INPUT_ISCD", SAMSUNG));
    }

    private static TestBroker.Answer price(TestBroker broker, String market) {
        return broker.call(
                "GET",
                "/uapi/domestic-stock/v1/quotations/inquire-price",
                Map.of("tr_id", "FHKST01010100"),
                Map.of("FID_COND_MRKT_DIV_CODE", market, "FID_INPUT_ISCD", SAMSUNG));
    }

    @Test
    void the_book_reports_the_time_of_its_last_order() {
        TestBroker open = at("2026-11-20T10:00:05");
        assertThat(book(open, "J").text("output1", "aspr_acpt_hour")).isEqualTo("100005");
        // No order since the day before ended, or since this one did.
        assertThat(book(at("2026-11-20T05:00:00"), "J").text("output1", "aspr_acpt_hour"))
                .isNotEqualTo("050000")
                .isNotEqualTo("153000");
        TestBroker late = at("2026-11-20T21:00:00");
        assertThat(book(late, "J").text("output1", "aspr_acpt_hour")).isEqualTo("200000");
        assertThat(book(late, "NX").text("output1", "aspr_acpt_hour")).isEqualTo("200000");
    }

    @Test
    void while_orders_collect_the_expected_match_is_published_and_no_crossed_book() {
        TestBroker broker = at("2026-11-20T08:45:00");
        broker.register(1, "H0STANC0", SAMSUNG);
        broker.register(1, "H0STASP0", SAMSUNG);
        odno(broker.order(ME, true, SAMSUNG, "00", 10, BASE + 500));
        odno(broker.order(YOU, false, SAMSUNG, "00", 4, BASE + 300));
        broker.until("08:45:01");

        assertThat(book(broker, "J").text("output2", "antc_cnpr")).isEqualTo("199700");
        assertThat(book(broker, "J").text("output2", "antc_vol")).isEqualTo("4");
        assertThat(book(broker, "J").text("output2", "antc_cntg_vrss")).isEqualTo("300");
        assertThat(book(broker, "J").text("output1", "askp1")).isEqualTo("0");
        assertThat(book(broker, "J").text("output1", "bidp_rsqn1")).isEqualTo("6");
        String[] expected = last(broker, "H0STANC0");
        assertThat(expected).hasSize(45);
        assertThat(expected[2]).as("STCK_PRPR").isEqualTo("199700");
        assertThat(expected[4]).as("PRDY_VRSS").isEqualTo("300");
        assertThat(expected[12]).as("CNTG_VOL").isEqualTo("4");
        assertThat(expected[43]).as("HOUR_CLS_CODE").isEqualTo("B");
        String[] frame = last(broker, "H0STASP0");
        assertThat(frame).hasSize(60);
        assertThat(frame[47]).as("ANTC_CNPR").isEqualTo("199700");
        assertThat(frame[48]).as("ANTC_CNQN").isEqualTo("4");
        assertThat(frame[50]).as("ANTC_CNTG_VRSS").isEqualTo("300");
        assertThat(frame[3]).as("ASKP1").isEqualTo("0");
        broker.until("09:00:30");
        assertThat(book(broker, "J").text("output2", "antc_vol")).isEqualTo("0");
    }

    @Test
    void trades_after_the_close_name_their_market() {
        TestBroker broker = at("2026-11-20T16:10:00");
        broker.register(1, "H0STCNT0", SAMSUNG);
        odno(broker.order(YOU, false, SAMSUNG, "41", 1, BASE));
        odno(broker.order(ME, true, SAMSUNG, "41", 1, BASE));
        String[] trade = last(broker, "H0STCNT0");
        assertThat(trade).hasSize(47);
        assertThat(trade[34]).as("NEW_MKOP_CLS_CODE").isEqualTo("30");
        assertThat(trade[46]).as("MARKET_CLS_CODE").isEqualTo("3");
    }

    @Test
    void before_september_2026_records_have_the_classic_columns() {
        TestBroker broker = at("2026-09-11T10:00:00");
        broker.register(1, "H0STCNT0", SAMSUNG);
        broker.register(1, "H0STASP0", SAMSUNG);
        odno(broker.order(YOU, false, SAMSUNG, "00", 1, BASE));
        odno(broker.order(ME, true, SAMSUNG, "00", 1, BASE));
        broker.until("10:00:01");
        assertThat(last(broker, "H0STCNT0")).hasSize(46);
        assertThat(last(broker, "H0STASP0")).hasSize(59);
    }

    @Test
    void each_venue_has_its_own_trades_and_the_unified_stream_has_both() {
        TestBroker broker = at("2026-11-20T10:00:00");
        for (String trId : List.of("H0STCNT0", "H0NXCNT0", "H0UNCNT0", "H0NXASP0", "H0UNASP0")) {
            broker.register(1, trId, SAMSUNG);
        }
        odno(broker.order(YOU, false, SAMSUNG, "00", 3, BASE));
        odno(broker.order(ME, true, SAMSUNG, "00", 2, BASE));
        odno(broker.order(YOU, false, SAMSUNG, "00", 9, BASE + 200, NXT));
        odno(broker.order(ME, true, SAMSUNG, "00", 4, BASE + 200, NXT));
        broker.until("10:00:01");

        assertThat(records(broker, "H0STCNT0")).extracting(f -> f[13]).containsExactly("2");
        assertThat(records(broker, "H0NXCNT0")).extracting(f -> f[13]).containsExactly("4");
        assertThat(records(broker, "H0UNCNT0")).extracting(f -> f[13]).containsExactly("2", "6");
        assertThat(last(broker, "H0UNCNT0")[8]).as("STCK_HGPR").isEqualTo(Long.toString(BASE + 200));
        assertThat(last(broker, "H0UNCNT0")[9]).as("STCK_LWPR").isEqualTo(Long.toString(BASE));
        assertThat(last(broker, "H0NXASP0")).hasSize(65);
        String[] both = last(broker, "H0UNASP0");
        assertThat(both).hasSize(66);
        assertThat(List.of(both[3], both[4], both[23], both[24]))
                .as("ASKP1, ASKP2 and their shares")
                .containsExactly("199400", "199600", "1", "5");
        assertThat(price(broker, "J").text("output", "acml_vol")).isEqualTo("2");
        assertThat(price(broker, "NX").text("output", "acml_vol")).isEqualTo("4");
        assertThat(price(broker, "UN").text("output", "acml_vol")).isEqualTo("6");
        assertThat(book(broker, "NX").text("output1", "askp1")).isEqualTo("199600");
        assertThat(book(broker, "UN").text("output1", "askp2")).isEqualTo("199600");
        assertThat(broker.price("069500").text("output", "stck_prpr")).isNotEqualTo("0");
    }

    @Test
    void a_stock_s_information_shows_whether_nxt_trades_it() {
        TestBroker broker = at("2026-11-20T10:00:00");
        assertThat(information(broker, SAMSUNG).text("output", "cptt_trad_tr_psbl_yn"))
                .isEqualTo("Y");
        assertThat(information(broker, "069500").text("output", "cptt_trad_tr_psbl_yn"))
                .isEqualTo("N");
        assertThat(information(broker, SAMSUNG).text("output", "tr_stop_yn")).isEqualTo("N");
        broker.handle(new Input.OperateMarket(-7, Map.of("halt", SAMSUNG)));
        assertThat(information(broker, SAMSUNG).text("output", "tr_stop_yn")).isEqualTo("Y");
    }

    private static TestBroker.Answer information(TestBroker broker, String symbol) {
        return broker.call(
                "GET",
                "/uapi/domestic-stock/v1/quotations/search-stock-info",
                Map.of("tr_id", "CTPF1002R"),
                Map.of("PRDT_TYPE_CD", "300", "PDNO", symbol));
    }

    @Test
    void session_changes_of_a_stock_are_published_to_their_registrations() {
        TestBroker broker = at("2026-11-20T08:00:00");
        broker.register(1, "H0STMKO0", SAMSUNG);
        broker.until("20:00:00");
        assertThat(records(broker, "H0STMKO0"))
                .allMatch(f -> f.length == 11 && f[0].equals(SAMSUNG))
                .extracting(f -> f[3])
                .containsExactly("110", "130", "139", "112", "121", "", "129", "140", "", "149", "");
    }
}
