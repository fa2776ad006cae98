package kr.kisgateway.simulator.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.simulator.entity.Change;
import org.junit.jupiter.api.Test;

class BrokerCoreTest {
    private static final String ME = "12345678";
    private static final String OTHER = "87654321";

    @Test
    void a_market_order_fills_against_the_agents_and_shows_in_balance_and_list() {
        TestBroker broker = TestBroker.open(1, 4);

        TestBroker.Answer answer = broker.order(ME, true, "005930", "01", 10, 0);

        assertThat(answer.text("msg_cd")).isEqualTo("APBK0013");
        assertThat(answer.text("output", "ODNO")).matches("00001[0-9]{5}");
        assertThat(broker.balance(ME).text("output1", "0", "hldg_qty")).isEqualTo("10");
        TestBroker.Answer daily = broker.daily(ME, Map.of(), Map.of());
        assertThat(daily.text("output1", "0", "tot_ccld_qty")).isEqualTo("10");
        assertThat(daily.text("output1", "0", "rmn_qty")).isEqualTo("0");
        assertThat(daily.text("output1", "0", "odno")).isEqualTo(answer.text("output", "ODNO"));
    }

    @Test
    void a_limit_order_rests_fills_partially_and_its_remainder_is_cancelled() {
        TestBroker broker = TestBroker.open(1, 0);
        seedShares(broker, OTHER);
        String odno = broker.order(ME, true, "005930", "00", 10, 190_000).text("output", "ODNO");
        broker.order(OTHER, false, "005930", "00", 4, 190_000);

        TestBroker.Answer cancel = broker.revise(ME, odno, "02", "Y", 0, 0);

        assertThat(cancel.text("rt_cd")).isEqualTo("0");
        TestBroker.Answer daily = broker.daily(ME, Map.of(), Map.of("INQR_DVSN", "01"));
        assertThat(daily.text("output1", "0", "tot_ccld_qty")).isEqualTo("4");
        assertThat(daily.text("output1", "0", "cnc_cfrm_qty")).isEqualTo("6");
        assertThat(daily.text("output1", "0", "rmn_qty")).isEqualTo("0");
        assertThat(daily.text("output1", "1", "orgn_odno")).isEqualTo(odno);
        assertThat(daily.text("output1", "1", "odno")).isEqualTo(cancel.text("output", "ODNO"));
        assertThat(broker.revise(ME, odno, "02", "Y", 0, 0).text("msg1").strip())
                .isEqualTo("정정/취소 가능수량이 없습니다.");
    }

    @Test
    void a_partial_cancel_leaves_the_rest_in_the_book() {
        TestBroker broker = TestBroker.open(1, 0);
        String odno = broker.order(ME, true, "005930", "00", 10, 190_000).text("output", "ODNO");

        broker.revise(ME, odno, "02", "N", 3, 0);

        assertThat(broker.daily(ME, Map.of(), Map.of("CCLD_DVSN", "02")).text("output1", "0", "rmn_qty"))
                .isEqualTo("7");
    }

    @Test
    void a_modify_makes_a_new_order_at_the_new_price() {
        TestBroker broker = TestBroker.open(1, 0);
        String odno = broker.order(ME, true, "005930", "00", 10, 190_000).text("output", "ODNO");

        String changed = broker.revise(ME, odno, "01", "Y", 0, 191_000).text("output", "ODNO");

        TestBroker.Answer open = broker.daily(ME, Map.of(), Map.of("CCLD_DVSN", "02"));
        assertThat(open.json().path("output1")).hasSize(1);
        assertThat(open.text("output1", "0", "odno")).isEqualTo(changed);
        assertThat(open.text("output1", "0", "orgn_odno")).isEqualTo(odno);
        assertThat(open.text("output1", "0", "ord_unpr")).isEqualTo("191000");
    }

    @Test
    void a_market_buy_is_margined_at_the_upper_limit() {
        TestBroker broker = TestBroker.open(1, 4);
        long upper = Long.parseLong(broker.price("005930").text("output", "stck_mxpr"));
        long tooMany = 1_000_000_000 / upper + 1;

        TestBroker.Answer answer = broker.order(ME, true, "005930", "01", tooMany, 0);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text("rt_cd")).isEqualTo("7");
        assertThat(answer.text("msg_cd")).isEqualTo("APBK0952");
        assertThat(answer.json().has("output")).isFalse();
        assertThat(broker.order(ME, true, "005930", "01", tooMany - 2, 0).text("rt_cd"))
                .isEqualTo("0");
    }

    @Test
    void shares_reserved_by_open_sells_cannot_be_sold() {
        TestBroker broker = TestBroker.open(1, 4);
        broker.order(ME, true, "005930", "01", 10, 0);
        long upper = Long.parseLong(broker.price("005930").text("output", "stck_mxpr"));
        broker.order(ME, false, "005930", "00", 8, upper);

        assertThat(broker.order(ME, false, "005930", "01", 3, 0).text("msg_cd")).isEqualTo("APBK0400");
        assertThat(broker.balance(ME).text("output1", "0", "ord_psbl_qty")).isEqualTo("2");
        assertThat(broker.order(ME, false, "005930", "01", 2, 0).text("rt_cd")).isEqualTo("0");
    }

    @Test
    void prices_off_the_tick_or_beyond_a_limit_are_refused() {
        TestBroker broker = TestBroker.open(1, 4);

        assertThat(broker.order(ME, true, "005930", "00", 1, 190_050).text("msg1"))
                .contains("호가단위");
        assertThat(broker.order(ME, true, "005930", "00", 1, 300_000).text("msg1"))
                .contains("상/하한가");
        assertThat(broker.order(ME, true, "999999", "00", 1, 300_000).text("msg_cd"))
                .isEqualTo("APBK0656");
        assertThat(broker.daily(ME, Map.of(), Map.of()).json().path("output1")).isEmpty();
    }

    @Test
    void a_fill_or_kill_order_fills_completely_or_not_at_all() {
        TestBroker broker = TestBroker.open(1, 0);
        seedShares(broker, OTHER);
        broker.order(OTHER, false, "005930", "00", 4, 190_000);

        broker.order(ME, true, "005930", "12", 5, 190_000);
        broker.order(ME, true, "005930", "11", 5, 190_000);

        TestBroker.Answer daily = broker.daily(ME, Map.of(), Map.of("INQR_DVSN", "01"));
        assertThat(daily.text("output1", "0", "tot_ccld_qty")).isEqualTo("0");
        assertThat(daily.text("output1", "1", "tot_ccld_qty")).isEqualTo("4");
        assertThat(daily.text("output1", "1", "cnc_cfrm_qty")).isEqualTo("1");
    }

    @Test
    void the_same_seed_and_inputs_produce_the_same_trades_however_often_time_advances() {
        List<String> coarse = tape(Duration.ofSeconds(1));
        List<String> fine = tape(Duration.ofMillis(20));

        assertThat(coarse).hasSizeGreaterThan(80);
        assertThat(fine).isEqualTo(coarse);
        assertThat(tape(Duration.ofSeconds(1))).isEqualTo(coarse);
    }

    private static List<String> tape(Duration step) {
        TestBroker broker = TestBroker.open(42, 4);
        subscribe(broker, "H0STCNT0", "005930");
        for (Duration passed = Duration.ZERO; passed.toSeconds() < 30; passed = passed.plus(step)) {
            broker.advanceBy(step);
        }
        List<String> trades = new ArrayList<>();
        for (String frame : broker.pushed) {
            if (frame.startsWith("0|H0STCNT0|")) {
                String[] parts = frame.split("\\|", 4);
                String[] fields = parts[3].split("\\^", -1);
                assertThat(fields).hasSize(47 * Integer.parseInt(parts[2]));
                for (int i = 0; i < fields.length; i += 47) {
                    trades.add(String.join(" ", List.of(fields).subList(i, i + 15)));
                }
            }
        }
        return trades;
    }

    @Test
    void the_same_orders_at_the_same_instants_get_the_same_numbers_and_fills() {
        assertThat(recordedChanges(Duration.ofMillis(40)))
                .isEqualTo(recordedChanges(Duration.ofMillis(400)))
                .hasSizeGreaterThan(20);
    }

    private static List<Change> recordedChanges(Duration step) {
        TestBroker broker = TestBroker.open(7, 4);
        for (int i = 0; i < 20; i++) {
            broker.order(ME, true, "005930", i % 2 == 0 ? "01" : "00", 50 + i, i % 2 == 0 ? 0 : 199_000);
            for (int passed = 0; passed < 2_000; passed += (int) step.toMillis()) {
                broker.advanceBy(step);
            }
        }
        return broker.file.records().stream()
                .filter(c -> c instanceof Change.Order || c instanceof Change.Fill)
                .toList();
    }

    @Test
    void prices_stay_on_the_tick_and_inside_the_limits() {
        TestBroker broker = TestBroker.open(3, 200);
        long upper = Long.parseLong(broker.price("000660").text("output", "stck_mxpr"));
        long lower = Long.parseLong(broker.price("000660").text("output", "stck_llam"));
        subscribe(broker, "H0STCNT0", "000660");
        for (int i = 0; i < 60; i++) {
            broker.advanceBy(Duration.ofSeconds(1));
        }
        assertThat(broker.pushed).anyMatch(frame -> frame.startsWith("0|H0STCNT0|010|"));
        for (String frame : broker.pushed) {
            if (frame.startsWith("0|H0STCNT0|")) {
                String[] fields = frame.split("\\|", 4)[3].split("\\^", -1);
                long price = Long.parseLong(fields[2]);
                assertThat(price).isBetween(lower, upper);
                assertThat(kr.kisgateway.market.PriceRules.isOnTick(
                                kr.kisgateway.market.Product.STOCK, price, java.time.LocalDate.of(2026, 11, 20)))
                        .isTrue();
            }
        }
    }

    @Test
    void the_nineteenth_call_of_a_second_is_refused_and_one_a_second_later_is_admitted() {
        TestBroker broker = new TestBroker(BrokerRules.live(1), new OpenCalendar(), TestBroker.NINE);
        broker.login();
        for (int i = 0; i < 18; i++) {
            assertThat(broker.price("005930").status()).isEqualTo(200);
        }
        TestBroker.Answer refused = broker.price("005930");
        assertThat(refused.status()).isEqualTo(500);
        assertThat(refused.body())
                .isEqualTo("{\"rt_cd\":\"1\",\"msg_cd\":\"EGW00201\",\"msg1\":\"초당 거래건수를 초과하였습니다.\"}");
        broker.advanceBy(Duration.ofMillis(999));
        assertThat(broker.price("005930").status()).isEqualTo(500);
        broker.advanceBy(Duration.ofMillis(1));
        assertThat(broker.price("005930").status()).isEqualTo(200);
    }

    @Test
    void the_eleventh_ledger_call_of_a_second_is_refused_by_the_ledger() {
        TestBroker broker = new TestBroker(BrokerRules.live(1), new OpenCalendar(), TestBroker.NINE);
        broker.login();
        for (int i = 0; i < 10; i++) {
            assertThat(broker.balance(ME).status()).isEqualTo(200);
        }
        assertThat(broker.balance(ME).text("msg_cd")).isEqualTo("EGW00215");
        assertThat(broker.balance(OTHER).status()).isEqualTo(200);
    }

    @Test
    void a_token_is_reused_for_six_hours_and_issued_once_a_minute_at_most() {
        TestBroker broker = TestBroker.open(1, 0);
        Map<String, String> body =
                Map.of("grant_type", "client_credentials", "appkey", TestBroker.KEY, "appsecret", TestBroker.SECRET);
        TestBroker.Answer early = broker.call("POST", "/oauth2/tokenP", Map.of(), body);
        assertThat(early.status()).isEqualTo(403);
        assertThat(early.body())
                .isEqualTo("{\"error_description\":\"접근토큰 발급 잠시 후 다시 시도하세요(1분당 1회)\",\"error_code\":\"EGW00133\"}");
        broker.advanceBy(Duration.ofMinutes(1));
        TestBroker.Answer second = broker.call("POST", "/oauth2/tokenP", Map.of(), body);
        assertThat(second.text("access_token_token_expired")).isEqualTo("2026-11-21 09:00:00");
        assertThat(second.json().path("expires_in").intValue()).isEqualTo(86_340);
        broker.advanceBy(Duration.ofHours(6));
        TestBroker.Answer third = broker.call("POST", "/oauth2/tokenP", Map.of(), body);
        assertThat(third.text("access_token")).isNotEqualTo(second.text("access_token"));
        assertThat(broker.price("005930").status())
                .as("the old one stays valid")
                .isEqualTo(200);
        broker.advanceBy(Duration.ofHours(18));
        assertThat(broker.price("005930").text("msg_cd")).isEqualTo("EGW00123");
    }

    @Test
    void a_restart_gives_the_same_token_and_the_resting_orders_in_their_old_order() {
        TestBroker broker = TestBroker.open(1, 0);
        seedShares(broker, "33333333");
        String first = broker.order(ME, true, "005930", "00", 5, 190_000).text("output", "ODNO");
        broker.order(OTHER, true, "005930", "00", 5, 190_000);
        long spendable = Long.parseLong(buyable(broker));

        broker.restarted();
        assertThat(buyable(broker)).as("the reservation").isEqualTo(Long.toString(spendable));
        broker.order("33333333", false, "005930", "00", 6, 190_000);

        TestBroker.Answer mine = broker.daily(ME, Map.of(), Map.of());
        assertThat(mine.text("output1", "0", "odno")).isEqualTo(first);
        assertThat(mine.text("output1", "0", "tot_ccld_qty")).isEqualTo("5");
        assertThat(broker.daily(OTHER, Map.of(), Map.of()).text("output1", "0", "tot_ccld_qty"))
                .isEqualTo("1");
    }

    private static String buyable(TestBroker broker) {
        return broker.call(
                        "GET",
                        TestBroker.TRADING + "inquire-psbl-order",
                        Map.of("tr_id", "TTTC8908R"),
                        Map.of("CANO", ME, "ACNT_PRDT_CD", "01", "PDNO", "005930", "ORD_DVSN", "01", "ORD_UNPR", ""))
                .text("output", "ord_psbl_cash");
    }

    @Test
    void at_midnight_resting_orders_expire_the_base_price_changes_and_order_numbers_restart() {
        TestBroker broker =
                new TestBroker(TestBroker.rules(1, 4), new OpenCalendar(), Instant.parse("2026-11-20T14:59:50Z"));
        broker.login();
        broker.order(ME, true, "005930", "01", 10, 0);
        broker.order(ME, true, "005930", "00", 10, 150_000);
        String last = broker.price("005930").text("output", "stck_prpr");
        broker.now = Instant.parse("2026-11-20T15:00:30Z");

        TestBroker.Answer refused = broker.order(ME, true, "005930", "00", 10, 150_000);
        assertThat(refused.text("msg_cd")).isEqualTo("APBK0918");
        assertThat(broker.daily(ME, Map.of(), Map.of("CCLD_DVSN", "02")).json().path("output1"))
                .isEmpty();
        assertThat(broker.daily(ME, Map.of(), Map.of()).text("output1", "0", "rmn_qty"))
                .isEqualTo("10");
        assertThat(broker.price("005930").text("output", "acml_vol")).isEqualTo("0");
        broker.now = Instant.parse("2026-11-20T15:01:00Z");
        assertThat(broker.order(ME, true, "005930", "00", 10, 150_000).text("output", "ODNO"))
                .isBetween("0000100001", "0000100007");
        assertThat(broker.price("005930").text("output", "stck_sdpr")).isNotEqualTo("0");
        assertThat(Math.abs(Long.parseLong(broker.price("005930").text("output", "stck_sdpr")) - Long.parseLong(last)))
                .isLessThan(20_000);
        TestBroker.Answer balance = broker.balance(ME);
        assertThat(balance.text("output1", "0", "bfdy_buy_qty")).isEqualTo("10");
        assertThat(balance.text("output2", "0", "dnca_tot_amt")).isEqualTo("1000000000");
        assertThat(balance.text("output2", "0", "nxdy_excc_amt"))
                .isEqualTo(balance.text("output2", "0", "prvs_rcdl_excc_amt"))
                .isNotEqualTo("1000000000");
    }

    @Test
    void orders_are_refused_on_a_saturday_and_after_the_close_with_the_real_clock() {
        TestBroker broker =
                new TestBroker(TestBroker.rules(1, 4), new KrxCalendar(), Instant.parse("2026-11-20T07:30:00Z"));
        broker.login();
        assertThat(broker.order(ME, true, "005930", "01", 1, 0).text("msg_cd")).isEqualTo("APBK0918");
        broker.now = Instant.parse("2026-11-21T02:00:00Z");
        broker.login();
        assertThat(broker.order(ME, true, "005930", "01", 1, 0).text("msg_cd")).isEqualTo("APBK0919");
        broker.now = Instant.parse("2026-11-23T02:00:00Z");
        broker.login();
        assertThat(broker.order(ME, true, "005930", "01", 1, 0).text("msg_cd")).isEqualTo("APBK0013");
    }

    @Test
    void the_daily_list_has_pages_of_a_hundred_and_shows_no_orders_newer_than_its_first_page() {
        TestBroker broker = TestBroker.open(1, 0);
        for (int i = 0; i < 230; i++) {
            broker.order(ME, true, "005930", "00", 1, 150_000);
        }
        List<String> listed = new ArrayList<>();
        List<String> conts = new ArrayList<>();
        TestBroker.Answer page = broker.daily(ME, Map.of(), Map.of("CTX_AREA_FK100", "", "CTX_AREA_NK100", ""));
        while (true) {
            page.json()
                    .path("output1")
                    .forEach(row -> listed.add(row.path("odno").stringValue()));
            conts.add(page.trCont());
            assertThat(page.text("ctx_area_nk100")).hasSize(100);
            if (!page.trCont().matches("[FM]")) {
                break;
            }
            broker.order(ME, true, "005930", "00", 1, 150_000);
            page = broker.daily(
                    ME,
                    Map.of("tr_cont", "N"),
                    Map.of(
                            "CTX_AREA_FK100",
                            page.text("ctx_area_fk100"),
                            "CTX_AREA_NK100",
                            page.text("ctx_area_nk100")));
        }
        assertThat(conts).containsExactly("M", "M", "E");
        assertThat(listed).hasSize(230).doesNotHaveDuplicates();
    }

    @Test
    void a_lost_answer_leaves_the_order_accepted_and_a_refused_connection_leaves_none() {
        TestBroker broker = TestBroker.open(1, 0);
        switchFaults(broker, Map.of("lose_answers", 1L, "refuse_connections", 1L));

        assertThat(broker.order(ME, true, "005930", "00", 1, 150_000).status()).isZero();
        assertThat(broker.daily(ME, Map.of(), Map.of()).json().path("output1")).isEmpty();
        assertThat(broker.order(ME, true, "005930", "00", 2, 150_000).status()).isZero();
        assertThat(broker.daily(ME, Map.of(), Map.of()).text("output1", "0", "ord_qty"))
                .isEqualTo("2");
        assertThat(broker.order(ME, true, "005930", "00", 3, 150_000).status()).isEqualTo(200);
        assertThat(broker.effects.stream().filter(Effect.ResetCall.class::isInstance))
                .hasSize(2);
    }

    @Test
    void a_late_answer_arrives_after_its_delay_and_new_orders_stay_hidden_for_theirs() {
        TestBroker broker = TestBroker.open(1, 0);
        switchFaults(broker, Map.of("late_answers", 1L, "late_answer_ms", 2_000L, "hide_orders_seconds", 5L));

        assertThat(broker.order(ME, true, "005930", "00", 1, 150_000).status()).isZero();
        long replies = replies(broker);
        broker.advanceBy(Duration.ofMillis(1_999));
        assertThat(replies(broker)).isEqualTo(replies);
        broker.advanceBy(Duration.ofMillis(1));
        assertThat(replies(broker)).isEqualTo(replies + 1);
        assertThat(broker.daily(ME, Map.of(), Map.of()).json().path("output1")).isEmpty();
        broker.advanceBy(Duration.ofSeconds(3));
        assertThat(broker.daily(ME, Map.of(), Map.of()).json().path("output1")).hasSize(1);
    }

    private static long replies(TestBroker broker) {
        return broker.effects.stream().filter(Effect.Reply.class::isInstance).count();
    }

    @Test
    void the_exchange_may_refuse_an_order_that_the_broker_accepted() {
        TestBroker broker = TestBroker.open(1, 4);
        switchFaults(broker, Map.of("reject_by_exchange", 1L));

        assertThat(broker.order(ME, true, "005930", "01", 7, 0).text("rt_cd")).isEqualTo("0");

        TestBroker.Answer daily = broker.daily(ME, Map.of(), Map.of());
        assertThat(daily.text("output1", "0", "rjct_qty")).isEqualTo("7");
        assertThat(daily.text("output1", "0", "rmn_qty")).isEqualTo("0");
        assertThat(daily.text("output1", "0", "sll_buy_dvsn_cd_name")).isEqualTo("BUY REJECT");
        assertThat(broker.balance(ME).text("output2", "0", "prvs_rcdl_excc_amt"))
                .isEqualTo("1000000000");
    }

    @Test
    void a_second_secret_for_a_key_and_malformed_keys_are_refused() {
        TestBroker broker = TestBroker.open(1, 0);
        broker.advanceBy(Duration.ofMinutes(2));
        assertThat(token(broker, TestBroker.KEY, "t".repeat(180))).isEqualTo("EGW00105");
        assertThat(token(broker, "short", TestBroker.SECRET)).isEqualTo("EGW00103");
        assertThat(token(broker, "", TestBroker.SECRET)).isEqualTo("EGW00102");
        assertThat(token(broker, "another-key", "")).isEqualTo("EGW00104");
        assertThat(token(broker, "another-key", TestBroker.SECRET)).isEqualTo("(absent)");
    }

    private static String token(TestBroker broker, String key, String secret) {
        return broker.call(
                        "POST",
                        "/oauth2/tokenP",
                        Map.of(),
                        Map.of("grant_type", "client_credentials", "appkey", key, "appsecret", secret))
                .text("error_code");
    }

    private static void switchFaults(TestBroker broker, Map<String, Object> faults) {
        broker.handle(new Input.SwitchFaults(-1, faults));
    }

    /** Gives an account ten shares of 005930 without agents: the opposite order must come from another user. */
    private static void seedShares(TestBroker broker, String cano) {
        broker.withShares(cano, "005930", 10);
    }

    private static void subscribe(TestBroker broker, String trId, String trKey) {
        broker.subscribe(1, trId, trKey);
        assertThat(broker.pushed.getLast()).contains("SUBSCRIBE SUCCESS");
    }
}
