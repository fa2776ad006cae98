package kr.kisgateway.simulator.broker;

import static kr.kisgateway.simulator.broker.TwoTraders.BASE;
import static kr.kisgateway.simulator.broker.TwoTraders.ME;
import static kr.kisgateway.simulator.broker.TwoTraders.NXT;
import static kr.kisgateway.simulator.broker.TwoTraders.SAMSUNG;
import static kr.kisgateway.simulator.broker.TwoTraders.SOR;
import static kr.kisgateway.simulator.broker.TwoTraders.TICK;
import static kr.kisgateway.simulator.broker.TwoTraders.YOU;
import static kr.kisgateway.simulator.broker.TwoTraders.at;
import static kr.kisgateway.simulator.broker.TwoTraders.buy;
import static kr.kisgateway.simulator.broker.TwoTraders.odno;
import static kr.kisgateway.simulator.broker.TwoTraders.refused;
import static kr.kisgateway.simulator.broker.TwoTraders.sell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import kr.kisgateway.market.Costs;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A day by the exchanges' hours; without agents unless a test has them, so every fill is explained by its orders. */
@Tag("slow")
class SessionsTest {
    // ---- KRX: the auctions ---------------------------------------------------------------------------------------

    @Test
    void orders_of_the_opening_auction_trade_at_one_price_when_it_ends_and_market_orders_first() {
        TestBroker broker = at("2026-11-20T08:45:00");
        String high = buy(broker, "00", 10, BASE + 2 * TICK);
        String market = buy(broker, "01", 10, 0);
        String low = buy(broker, "00", 10, BASE - TICK);
        sell(broker, "00", 15, BASE - TICK);
        broker.until("08:59:59.999");
        assertThat(broker.fills(ME)).isEmpty();

        broker.until("09:00:30");

        // 15 trade at any price from the low bid on; there they leave 15 bidders, above it 5. Nearest to the base of
        // those.
        assertThat(broker.fills(ME))
                .extracting(TestBroker.Fill::odno, TestBroker.Fill::qty, TestBroker.Fill::price, TestBroker.Fill::venue)
                .containsExactly(tuple(market, 10L, BASE, "1"), tuple(high, 5L, BASE, "1"));
        assertThat(broker.row(ME, low).left()).isEqualTo(10);
        assertThat(broker.price(SAMSUNG).text("output", "stck_oprc")).isEqualTo(Long.toString(BASE));
        assertThat(broker.price(SAMSUNG).text("output", "acml_vol")).isEqualTo("15");
    }

    @Test
    void an_auction_ends_up_to_thirty_seconds_late_at_the_same_instant_for_the_same_seed() {
        String first = ended();
        assertThat(Integer.parseInt(first)).isBetween(90_000, 90_029);
        assertThat(ended()).isEqualTo(first);
    }

    private static String ended() {
        TestBroker broker = at("2026-11-20T08:45:00");
        buy(broker, "00", 10, BASE);
        sell(broker, "00", 10, BASE);
        while (broker.fills(ME).isEmpty()) {
            broker.advanceBy(Duration.ofMillis(700));
            if (broker.fills(ME).isEmpty()) {
                // Until it ends, orders still collect.
                assertThat(broker.price(SAMSUNG).text("output", "acml_vol")).isEqualTo("0");
            }
        }
        return broker.fills(ME).getFirst().time();
    }

    @Test
    void orders_left_by_the_opening_auction_stay_open_in_the_regular_session() {
        TestBroker broker = at("2026-11-20T08:45:00");
        String left = buy(broker, "01", 10, 0);
        broker.until("09:01:00");
        assertThat(broker.row(ME, left).left()).isEqualTo(10);

        sell(broker, "00", 4, BASE - 10 * TICK);

        assertThat(broker.fills(ME))
                .extracting(TestBroker.Fill::qty, TestBroker.Fill::price)
                .containsExactly(tuple(4L, BASE));
    }

    @Test
    void a_conditional_limit_order_trades_at_the_price_of_the_closing_auction() {
        TestBroker broker = at("2026-11-20T15:00:00");
        String conditional = buy(broker, "02", 10, BASE - 50 * TICK);
        broker.until("15:25:00");
        assertThat(refused(broker.order(ME, true, SAMSUNG, "02", 1, BASE))).isEqualTo("APBK0918");
        sell(broker, "00", 10, BASE + TICK);

        broker.until("15:30:30");

        assertThat(broker.fills(ME))
                .extracting(TestBroker.Fill::odno, TestBroker.Fill::price)
                .containsExactly(tuple(conditional, BASE + TICK));
    }

    @Test
    void an_open_order_of_the_regular_session_expires_at_the_close_without_a_notice_and_its_cash_is_released() {
        TestBroker broker = at("2026-11-20T14:00:00");
        long before = broker.spendable(ME);
        String rests = buy(broker, "00", 10, BASE - 100 * TICK);
        int noticeCount = broker.notices(ME).size();
        broker.until("15:29:59");
        assertThat(broker.spendable(ME)).isLessThan(before);

        broker.until("15:30:30");

        assertThat(broker.spendable(ME)).isEqualTo(before);
        assertThat(broker.row(ME, rests).left()).isEqualTo(10);
        assertThat(broker.row(ME, rests).cancelled()).isZero();
        assertThat(broker.notices(ME)).hasSize(noticeCount);
        assertThat(broker.revise(ME, rests, "02", "Y", 0, 0).text("msg_cd")).isEqualTo("APBK0344");
    }

    @Test
    void an_auction_refuses_divisions_that_cannot_wait_for_it() {
        TestBroker broker = at("2026-11-20T15:25:00");
        for (String dvsn : List.of("03", "04", "13", "14", "15", "16", "21", "23", "24")) {
            assertThat(refused(broker.order(ME, true, SAMSUNG, dvsn, 1, 0)))
                    .as(dvsn)
                    .isEqualTo("APBK0918");
        }
        for (String dvsn : List.of("11", "12")) {
            assertThat(refused(broker.order(ME, true, SAMSUNG, dvsn, 1, BASE)))
                    .as(dvsn)
                    .isEqualTo("APBK0918");
        }
        assertThat(refused(broker.order(ME, true, SAMSUNG, "22", 1, BASE, Map.of("CNDT_PRIC", Long.toString(BASE)))))
                .isEqualTo("APBK0918");
    }

    @Test
    void with_agents_a_day_has_an_opening_and_a_closing_price() {
        TestBroker broker = TestBroker.at("2026-11-20T08:55:00", 2);
        broker.subscribe(1, "H0STCNT0", SAMSUNG);
        broker.until("09:00:40");
        long open = Long.parseLong(broker.price(SAMSUNG).text("output", "stck_oprc"));
        assertThat(open).isBetween(BASE - 20 * TICK, BASE + 20 * TICK);
        assertThat(broker.pushed)
                .anyMatch(frame -> frame.startsWith("0|H0STCNT0|") && frame.contains("^" + open + "^"));
        broker.until("15:19:00");
        broker.price(SAMSUNG);
        broker.until("15:29:59");
        String before = broker.price(SAMSUNG).text("output", "acml_vol");
        broker.until("15:30:30");
        assertThat(broker.price(SAMSUNG).text("output", "acml_vol")).isNotEqualTo(before);
    }

    @Test
    void a_restart_in_an_auction_does_not_change_its_result() {
        TestBroker broker = at("2026-11-20T08:45:00");
        buy(broker, "01", 10, 0);
        buy(broker, "00", 10, BASE + TICK);
        sell(broker, "00", 15, BASE);
        broker.restarted();
        broker.until("09:00:30");

        assertThat(broker.rows(ME)).extracting(TestBroker.Row::filled).containsExactly(10L, 5L);
    }

    @Test
    void orders_of_an_auction_that_ended_while_the_process_was_down_trade_at_the_next_start() {
        TestBroker broker = at("2026-11-20T08:45:00");
        buy(broker, "01", 10, 0);
        sell(broker, "00", 10, BASE);
        broker.now = TestBroker.kst("2026-11-20T09:05:00");
        broker.restarted();
        broker.advanceBy(Duration.ZERO);

        assertThat(broker.rows(ME)).extracting(TestBroker.Row::filled).containsExactly(10L);
    }

    // ---- KRX: around the regular session -------------------------------------------------------------------------

    @Test
    void before_the_opening_orders_trade_at_the_previous_close_until_0840() {
        TestBroker broker = at("2026-11-20T08:30:00");
        String mine = buy(broker, "05", 10, 0);
        sell(broker, "05", 4, 0);
        assertThat(broker.fills(ME))
                .extracting(TestBroker.Fill::qty, TestBroker.Fill::price)
                .containsExactly(tuple(4L, BASE));

        broker.until("08:40:00");

        assertThat(refused(broker.order(ME, true, SAMSUNG, "05", 1, 0))).isEqualTo("APBK0918");
        assertThat(broker.revise(ME, mine, "02", "Y", 0, 0).text("msg_cd")).isEqualTo("APBK0344");
        assertThat(broker.price(SAMSUNG).text("output", "stck_oprc")).isEqualTo("0");
    }

    @Test
    void after_the_close_orders_queue_until_1540_and_trade_at_the_close() {
        TestBroker broker = at("2026-11-20T15:25:00");
        buy(broker, "00", 1, BASE + 3 * TICK);
        sell(broker, "00", 1, BASE + 3 * TICK);
        broker.until("15:31:00");
        String mine = buy(broker, "06", 10, 0);
        sell(broker, "06", 4, 0);
        broker.until("15:39:59");
        assertThat(broker.row(ME, mine).filled()).isZero();

        broker.until("15:40:00");
        assertThat(broker.fills(ME).getLast())
                .extracting(TestBroker.Fill::odno, TestBroker.Fill::qty, TestBroker.Fill::price)
                .containsExactly(mine, 4L, BASE + 3 * TICK);
        sell(broker, "06", 2, 0);
        assertThat(broker.row(ME, mine).filled()).isEqualTo(6);
        broker.until("16:00:00");
        assertThat(refused(broker.order(ME, true, SAMSUNG, "06", 1, 0))).isEqualTo("APBK0918");
        assertThat(broker.spendable(ME))
                .isEqualTo(
                        1_000_000_000L - 7 * (BASE + 3 * TICK) - fees(BASE + 3 * TICK) - fees(6 * (BASE + 3 * TICK)));
    }

    private static long fees(long amount) {
        return Costs.usual().commission(amount);
    }

    @Test
    void until_september_2026_auctions_of_ten_minutes_follow_within_ten_percent_of_the_close() {
        TestBroker broker = at("2026-09-11T16:05:00");
        assertThat(refused(broker.order(ME, true, SAMSUNG, "07", 1, 220_000))).isEqualTo("APBK0506");
        buy(broker, "07", 10, BASE);
        sell(broker, "07", 4, BASE);
        broker.until("16:09:59");
        assertThat(broker.fills(ME)).isEmpty();
        broker.until("16:10:30");
        assertThat(broker.fills(ME)).extracting(TestBroker.Fill::qty).containsExactly(4L);
        sell(broker, "07", 6, BASE);
        broker.until("16:20:30");
        assertThat(broker.fills(ME)).extracting(TestBroker.Fill::qty).containsExactly(4L, 6L);
        assertThat(refused(broker.order(ME, true, SAMSUNG, "00", 1, BASE))).isEqualTo("APBK0918");
    }

    @Test
    void since_then_the_after_market_takes_its_own_divisions_for_shares_and_nothing_else() {
        TestBroker broker = at("2026-11-20T16:05:00");
        assertThat(refused(broker.order(ME, true, SAMSUNG, "07", 1, BASE))).isEqualTo("APBK0506");
        assertThat(refused(broker.order(ME, true, SAMSUNG, "00", 1, BASE))).isEqualTo("APBK0918");
        assertThat(refused(broker.order(ME, true, SAMSUNG, "01", 1, 0))).isEqualTo("APBK0918");
        assertThat(refused(broker.order(ME, true, "069500", "41", 1, 40_000))).isEqualTo("APBK0918");
        String mine = buy(broker, "41", 10, BASE);
        sell(broker, "42", 4, BASE);
        sell(broker, "44", 2, 0);
        sell(broker, "45", 1, 0);
        assertThat(broker.row(ME, mine).filled()).isEqualTo(7);
        broker.until("20:00:00");
        assertThat(refused(broker.order(ME, true, SAMSUNG, "41", 1, BASE))).isEqualTo("APBK0918");
        assertThat(broker.row(ME, mine).left()).isEqualTo(3);
        assertThat(broker.spendable(ME)).isEqualTo(1_000_000_000L - 7 * BASE - fees(7 * BASE));
    }

    @Test
    void the_close_is_the_next_day_s_base_whatever_the_after_market_does() {
        TestBroker broker = at("2026-11-20T15:25:00");
        buy(broker, "00", 1, BASE + 3 * TICK);
        sell(broker, "00", 1, BASE + 3 * TICK);
        broker.until("16:30:00");
        buy(broker, "41", 1, BASE + 5 * TICK);
        sell(broker, "41", 1, BASE + 5 * TICK);
        assertThat(broker.price(SAMSUNG).text("output", "stck_prpr")).isEqualTo(Long.toString(BASE + 5 * TICK));
        assertThat(broker.balance(ME).text("output1", "0", "prpr")).isEqualTo(Long.toString(BASE + 3 * TICK));

        broker.now = TestBroker.kst("2026-11-23T08:00:00");
        broker.login();

        assertThat(broker.price(SAMSUNG).text("output", "stck_sdpr")).isEqualTo(Long.toString(BASE + 3 * TICK));
    }

    @Test
    void the_same_seed_and_inputs_produce_the_same_bytes_through_a_full_day() {
        List<String> once = fullDay();
        assertThat(once).hasSizeGreaterThan(500);
        assertThat(fullDay()).isEqualTo(once);
    }

    private static List<String> fullDay() {
        TestBroker broker = TestBroker.at("2026-11-20T07:59:00", 0.05).withShares(YOU, SAMSUNG, 1_000);
        broker.listen();
        for (String trId : List.of("H0STCNT0", "H0STASP0", "H0STANC0", "H0STMKO0", "H0UNCNT0", "H0NXASP0")) {
            broker.register(1, trId, SAMSUNG);
        }
        for (int minute = 0; minute < 12 * 60; minute += 7) {
            broker.order(ME, true, SAMSUNG, "00", 3, BASE + minute % 5 * TICK, minute % 2 == 0 ? SOR : Map.of());
            broker.order(YOU, false, SAMSUNG, "41", 2, BASE);
            broker.advanceBy(Duration.ofMinutes(7));
        }
        return broker.pushed;
    }

    // ---- NXT and SOR ---------------------------------------------------------------------------------------------

    @Test
    void an_order_of_nxt_lives_from_the_pre_market_to_the_end_of_the_after_market() {
        TestBroker broker = at("2026-11-20T08:10:00");
        String mine = odno(broker.order(ME, true, SAMSUNG, "00", 10, BASE, NXT));
        odno(broker.order(YOU, false, SAMSUNG, "00", 1, BASE, NXT));
        broker.until("08:55:00");
        assertThat(refused(broker.order(ME, true, SAMSUNG, "00", 1, BASE, NXT))).isEqualTo("APBK0918");
        broker.until("09:00:30");
        odno(broker.order(YOU, false, SAMSUNG, "00", 1, BASE, NXT));
        broker.until("15:45:00");
        odno(broker.order(YOU, false, SAMSUNG, "00", 1, BASE, NXT));
        broker.until("19:59:59");
        assertThat(broker.fills(ME)).extracting(TestBroker.Fill::venue).containsExactly("2", "2", "2");
        assertThat(broker.row(ME, mine).left()).isEqualTo(7);
        broker.until("20:00:00");
        assertThat(broker.spendable(ME)).isEqualTo(1_000_000_000L - 3 * BASE - fees(3 * BASE));
        assertThat(broker.price(SAMSUNG).text("output", "acml_vol")).isEqualTo("0");
    }

    @Test
    void orders_for_nxt_s_pre_market_alone_are_cancelled_at_its_end() {
        TestBroker broker = at("2026-11-20T08:10:00");
        String mine = odno(broker.order(ME, true, SAMSUNG, "27", 10, BASE, NXT));
        odno(broker.order(YOU, false, SAMSUNG, "00", 4, BASE, NXT));
        broker.until("08:50:00");
        assertThat(broker.row(ME, mine).cancelled()).isEqualTo(6);
        assertThat(broker.notices(ME).getLast()).containsSubsequence(mine, "0", "1", "3");
        assertThat(refused(broker.order(ME, true, SAMSUNG, "27", 1, BASE, NXT))).isEqualTo("APBK0918");
    }

    @Test
    void orders_collected_before_the_nxt_after_market_trade_when_it_begins() {
        TestBroker broker = at("2026-11-20T15:32:00");
        odno(broker.order(ME, true, SAMSUNG, "00", 10, BASE, NXT));
        odno(broker.order(YOU, false, SAMSUNG, "00", 10, BASE, NXT));
        assertThat(broker.fills(ME)).isEmpty();
        broker.until("15:40:30");
        assertThat(broker.fills(ME)).extracting(TestBroker.Fill::qty).containsExactly(10L);
    }

    @Test
    void nxt_has_no_market_orders_and_only_its_own_stocks() {
        TestBroker broker = at("2026-11-20T10:00:00");
        assertThat(refused(broker.order(ME, true, SAMSUNG, "01", 1, 0, NXT))).isEqualTo("APBK0506");
        assertThat(refused(broker.order(ME, true, "069500", "00", 1, 40_000, NXT)))
                .isEqualTo("APBK0506");
        assertThat(broker.order(ME, true, "069500", "01", 1, 0, SOR).text("msg1"))
                .startsWith("시장가매매불가");
    }

    @Test
    void smart_routing_takes_the_better_price_of_both_venues_and_rests_on_krx() {
        TestBroker broker = at("2026-11-20T10:00:00");
        odno(broker.order(YOU, false, SAMSUNG, "00", 5, BASE + 2 * TICK));
        odno(broker.order(YOU, false, SAMSUNG, "00", 5, BASE + TICK, NXT));
        odno(broker.order(YOU, false, SAMSUNG, "00", 5, BASE + 3 * TICK, NXT));

        String mine = odno(broker.order(ME, true, SAMSUNG, "00", 20, BASE + 3 * TICK, SOR));

        assertThat(broker.fills(ME))
                .extracting(TestBroker.Fill::price, TestBroker.Fill::venue)
                .containsExactly(tuple(BASE + TICK, "4"), tuple(BASE + 2 * TICK, "3"), tuple(BASE + 3 * TICK, "4"));
        sell(broker, "00", 5, BASE + 3 * TICK);
        assertThat(broker.row(ME, mine).left()).isZero();
        assertThat(broker.fills(ME).getLast().venue()).isEqualTo("3");
    }

    @Test
    void a_fill_or_kill_order_by_smart_routing_counts_both_venues() {
        TestBroker broker = at("2026-11-20T10:00:00");
        odno(broker.order(YOU, false, SAMSUNG, "00", 5, BASE));
        odno(broker.order(YOU, false, SAMSUNG, "00", 5, BASE, NXT));
        odno(broker.order(ME, true, SAMSUNG, "12", 11, BASE, SOR));
        assertThat(broker.fills(ME)).isEmpty();
        odno(broker.order(ME, true, SAMSUNG, "12", 10, BASE, SOR));
        assertThat(broker.fills(ME)).extracting(TestBroker.Fill::qty).containsExactly(5L, 5L);
    }

    @Test
    void smart_routing_before_the_opening_goes_to_nxt_and_a_cancel_must_name_the_order_s_exchange() {
        TestBroker broker = at("2026-11-20T08:10:00");
        String mine = odno(broker.order(ME, true, SAMSUNG, "00", 10, BASE, SOR));
        odno(broker.order(YOU, false, SAMSUNG, "00", 4, BASE, NXT));
        assertThat(broker.fills(ME)).extracting(TestBroker.Fill::venue).containsExactly("4");
        assertThat(broker.revise(ME, mine, "02", "Y", 0, 0).text("msg_cd")).isEqualTo("APBK0344");
        assertThat(broker.daily(ME, Map.of(), Map.of("EXCG_ID_DVSN_CD", "SOR")).text("output1", "0", "excg_id_dvsn_Cd"))
                .isEqualTo("SOR");
    }

    // ---- order types ---------------------------------------------------------------------------------------------

    @Test
    void a_stop_order_waits_for_the_last_price_and_then_becomes_a_limit_order() {
        TestBroker broker = at("2026-11-20T10:00:00");
        String stop = odno(broker.order(
                ME, true, SAMSUNG, "22", 10, BASE + 5 * TICK, Map.of("CNDT_PRIC", Long.toString(BASE + 2 * TICK))));
        assertThat(refused(broker.order(ME, true, SAMSUNG, "22", 1, BASE))).isEqualTo("APBK0506");
        sell(broker, "00", 1, BASE + TICK);
        buy(broker, "00", 1, BASE + TICK);
        assertThat(triggered(broker, stop)).isEmpty();
        sell(broker, "00", 8, BASE + 4 * TICK);
        sell(broker, "00", 1, BASE + 2 * TICK);
        buy(broker, "00", 1, BASE + 2 * TICK);

        assertThat(triggered(broker, stop)).isEqualTo("20261120100000");
        assertThat(broker.row(ME, stop).filled()).isEqualTo(8);
        assertThat(broker.row(ME, stop).left()).isEqualTo(2);
        sell(broker, "00", 2, BASE + 5 * TICK);
        assertThat(broker.row(ME, stop).left()).isZero();
    }

    @Test
    void a_stop_order_trades_with_the_remainder_of_the_order_that_triggered_it() {
        TestBroker broker = at("2026-11-20T10:00:00");
        sell(broker, "00", 1, BASE + 3 * TICK);
        buy(broker, "00", 1, BASE + 3 * TICK);
        String stop =
                odno(broker.order(YOU, false, SAMSUNG, "22", 5, BASE, Map.of("CNDT_PRIC", Long.toString(BASE + TICK))));
        sell(broker, "00", 5, BASE + TICK);

        String mine = buy(broker, "00", 10, BASE + TICK);

        assertThat(broker.row(YOU, stop).filled()).isEqualTo(5);
        assertThat(broker.row(ME, mine).left()).isZero();
    }

    private static String triggered(TestBroker broker, String odno) {
        return broker.daily(ME, Map.of(), Map.of("ODNO", odno)).text("output1", "0", "stpm_efct_occr_dtmd");
    }

    @Test
    void a_waiting_stop_order_survives_a_restart_and_can_be_cancelled() {
        TestBroker broker = at("2026-11-20T10:00:00");
        long before = broker.spendable(ME);
        Map<String, String> condition = Map.of("CNDT_PRIC", Long.toString(BASE + 2 * TICK));
        String first = odno(broker.order(ME, true, SAMSUNG, "22", 10, BASE + 5 * TICK, condition));
        String second = odno(broker.order(ME, true, SAMSUNG, "22", 10, BASE + 5 * TICK, condition));
        broker.restarted();
        assertThat(broker.revise(ME, first, "02", "Y", 0, 0).text("msg_cd")).isEqualTo("APBK0013");
        sell(broker, "00", 20, BASE + 2 * TICK);
        buy(broker, "00", 1, BASE + 2 * TICK);
        assertThat(broker.row(ME, first).filled()).isZero();
        assertThat(broker.row(ME, second).filled()).isEqualTo(10);
        assertThat(broker.spendable(ME)).isLessThan(before);
    }

    @Test
    void mid_price_orders_trade_in_the_middle_before_the_book_does() {
        TestBroker broker = at("2026-11-20T10:00:00");
        sell(broker, "00", 5, BASE + 3 * TICK);
        buy(broker, "00", 5, BASE);
        String mid = buy(broker, "21", 10, 0);
        sell(broker, "21", 4, 0);
        sell(broker, "00", 2, BASE + TICK);
        assertThat(broker.fills(ME))
                .extracting(TestBroker.Fill::odno, TestBroker.Fill::qty, TestBroker.Fill::price)
                .containsExactly(tuple(mid, 4L, BASE + 150), tuple(mid, 2L, BASE + 150));
        String killed = sell(broker, "24", 5, 0);
        assertThat(broker.row(YOU, killed).cancelled()).isEqualTo(5);
        String partly = sell(broker, "23", 5, 0);
        assertThat(broker.row(YOU, partly).filled()).isEqualTo(4);
        assertThat(broker.row(YOU, partly).cancelled()).isEqualTo(1);
    }

    @Test
    void the_rest_of_immediate_orders_is_cancelled_with_a_notice() {
        TestBroker broker = at("2026-11-20T10:00:00");
        sell(broker, "00", 5, BASE);
        String ioc = buy(broker, "11", 8, BASE);
        assertThat(broker.row(ME, ioc).filled()).isEqualTo(5);
        assertThat(broker.notices(ME).getLast())
                .containsExactly(ioc, "", "0", "0000000003", "000199400", "0", "1", "3");
    }
}
