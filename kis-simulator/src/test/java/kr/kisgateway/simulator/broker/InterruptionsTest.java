package kr.kisgateway.simulator.broker;

import static kr.kisgateway.simulator.broker.TwoTraders.BASE;
import static kr.kisgateway.simulator.broker.TwoTraders.ME;
import static kr.kisgateway.simulator.broker.TwoTraders.SAMSUNG;
import static kr.kisgateway.simulator.broker.TwoTraders.YOU;
import static kr.kisgateway.simulator.broker.TwoTraders.at;
import static kr.kisgateway.simulator.broker.TwoTraders.buy;
import static kr.kisgateway.simulator.broker.TwoTraders.odno;
import static kr.kisgateway.simulator.broker.TwoTraders.sell;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Volatility interruptions, halts and the circuit breaker; without agents. */
class InterruptionsTest {
    /** 3 % above the base, on a tick. */
    private static final long JUMP = 205_500;

    private static List<String> statuses(TestBroker broker) {
        return broker.pushed.stream()
                .filter(frame -> frame.startsWith("0|H0STMKO0|"))
                .map(frame -> {
                    String[] f = frame.split("\\|", 4)[3].split("\\^", -1);
                    return f[1] + " " + f[3] + " " + f[8];
                })
                .toList();
    }

    private static TestBroker.Answer operate(TestBroker broker, String what, Object which) {
        broker.handle(new Input.OperateMarket(-7, Map.of(what, which)));
        Effect.Reply reply = broker.effects.stream()
                .filter(effect -> effect instanceof Effect.Reply(long id, HttpAnswer answer) && id == -7)
                .map(Effect.Reply.class::cast)
                .reduce((earlier, later) -> later)
                .orElseThrow();
        return new TestBroker.Answer(reply.answer().status(), "", reply.answer().body());
    }

    private static TestBroker.Answer status(TestBroker broker) {
        return broker.call(
                "GET",
                "/uapi/domestic-stock/v1/quotations/inquire-vi-status",
                Map.of("tr_id", "FHPST01390000"),
                Map.of(
                        "FID_DIV_CLS_CODE", "0",
                        "FID_COND_SCR_DIV_CODE", "20139",
                        "FID_MRKT_CLS_CODE", "0",
                        "FID_INPUT_ISCD", "",
                        "FID_RANK_SORT_CLS_CODE", "0",
                        "FID_INPUT_DATE_1", "20261120",
                        "FID_TRGT_CLS_CODE", "0",
                        "FID_TRGT_EXLS_CLS_CODE", "0"));
    }

    @Test
    void a_price_that_would_jump_is_not_traded_but_collects_orders_for_two_minutes() {
        TestBroker broker = at("2026-11-20T10:00:00");
        broker.register(1, "H0STMKO0", SAMSUNG);
        sell(broker, "00", 5, BASE + 100);
        sell(broker, "00", 10, JUMP);
        String mine = buy(broker, "01", 12, 0);

        assertThat(broker.fills(ME))
                .extracting(TestBroker.Fill::qty, TestBroker.Fill::price)
                .containsExactly(tuple(5L, BASE + 100));
        assertThat(broker.price(SAMSUNG).text("output", "vi_cls_code")).isEqualTo("Y");
        assertThat(broker.order(ME, true, SAMSUNG, "03", 1, 0).text("msg_cd")).isEqualTo("APBK0918");
        assertThat(broker.order(ME, true, SAMSUNG, "11", 1, BASE).text("msg_cd"))
                .isEqualTo("APBK0918");
        TestBroker.Answer row = status(broker);
        assertThat(row.text("output", "0", "mksc_shrn_iscd")).isEqualTo(SAMSUNG);
        assertThat(row.text("output", "0", "vi_cls_code")).isEqualTo("Y");
        assertThat(row.text("output", "0", "vi_kind_code")).isEqualTo("2");
        assertThat(row.text("output", "0", "vi_prc")).isEqualTo(Long.toString(JUMP));
        assertThat(row.text("output", "0", "vi_dmc_stnd_prc")).isEqualTo(Long.toString(BASE + 100));
        assertThat(row.text("output", "0", "cntg_vi_hour")).isEqualTo("100000");
        sell(broker, "00", 3, BASE + 500);
        broker.advanceBy(Duration.ofSeconds(119));
        assertThat(broker.row(ME, mine).filled()).isEqualTo(5);

        broker.advanceBy(Duration.ofSeconds(31));

        assertThat(broker.row(ME, mine).filled()).isEqualTo(12);
        assertThat(broker.fills(ME)).extracting(TestBroker.Fill::price).containsExactly(BASE + 100, JUMP, JUMP);
        assertThat(broker.price(SAMSUNG).text("output", "vi_cls_code")).isEqualTo("N");
        assertThat(status(broker).text("output", "0", "vi_cls_code")).isEqualTo("N");
        assertThat(statuses(broker)).containsExactly("N  Y", "N  N");
    }

    @Test
    void a_price_ten_percent_from_the_last_auction_interrupts_statically_and_resets_the_reference_price() {
        TestBroker broker = at("2026-11-20T10:00:00");
        broker.register(1, "H0STCNT0", SAMSUNG);
        long[] steps = {204_500, 209_500, 214_500};
        for (long price : steps) {
            sell(broker, "00", 1, price);
            buy(broker, "00", 1, price);
        }
        sell(broker, "00", 1, 219_500);
        buy(broker, "00", 1, 219_500);

        assertThat(status(broker).text("output", "0", "vi_kind_code")).isEqualTo("1");
        assertThat(status(broker).text("output", "0", "vi_stnd_prc")).isEqualTo(Long.toString(BASE));
        broker.advanceBy(Duration.ofSeconds(151));
        sell(broker, "00", 1, 220_000);
        buy(broker, "00", 1, 220_000);
        assertThat(broker.fills(ME)).hasSize(5);
        String last = broker.pushed.stream()
                .filter(frame -> frame.startsWith("0|H0STCNT0|"))
                .toList()
                .getLast();
        assertThat(last.split("\\^", -1)[45]).as("VI_STND_PRC").isEqualTo("219500");
    }

    @Test
    void an_interruption_that_reaches_the_closing_auction_continues_in_it() {
        TestBroker broker = at("2026-11-20T15:18:30");
        sell(broker, "00", 1, BASE);
        buy(broker, "00", 1, BASE);
        sell(broker, "00", 10, JUMP);
        String mine = buy(broker, "00", 10, JUMP);
        broker.until("15:21:30");
        assertThat(broker.row(ME, mine).filled()).isZero();
        broker.until("15:30:30");
        assertThat(broker.row(ME, mine).filled()).isEqualTo(10);
    }

    @Test
    void a_fill_or_kill_order_that_would_interrupt_trading_is_killed_and_interrupts_nothing() {
        TestBroker broker = at("2026-11-20T10:00:00");
        sell(broker, "00", 5, BASE);
        sell(broker, "00", 5, JUMP);
        String mine = buy(broker, "14", 10, 0);
        assertThat(broker.row(ME, mine).cancelled()).isEqualTo(10);
        assertThat(broker.price(SAMSUNG).text("output", "vi_cls_code")).isEqualTo("N");
    }

    @Test
    void a_halted_stock_takes_no_order_but_cancels_and_resumes_with_an_auction() {
        TestBroker broker = at("2026-11-20T10:00:00");
        broker.register(1, "H0STMKO0", SAMSUNG);
        String rests = buy(broker, "00", 10, BASE - 1_000);
        String cancelled = buy(broker, "00", 10, BASE - 2_000);
        assertThat(operate(broker, "halt", SAMSUNG).text("KRX")).isEqualTo("HALTED");
        assertThat(broker.order(ME, true, SAMSUNG, "00", 1, BASE).text("msg1")).startsWith("거래정지 종목입니다.");
        assertThat(broker.price(SAMSUNG).text("output", "temp_stop_yn")).isEqualTo("Y");
        odno(broker.revise(ME, cancelled, "02", "Y", 0, 0));
        assertThat(broker.row(ME, cancelled).cancelled()).isEqualTo(10);

        assertThat(operate(broker, "resume", SAMSUNG).text("KRX")).isEqualTo("RESUMING");
        sell(broker, "00", 4, BASE - 1_000);
        assertThat(broker.fills(ME)).isEmpty();
        broker.advanceBy(Duration.ofSeconds(631));
        assertThat(broker.row(ME, rests).filled()).isEqualTo(4);
        assertThat(statuses(broker)).containsExactly("Y 164 N", "N  N", "N  N");
        assertThat(operate(broker, "halt", "000001").status()).isEqualTo(400);
        assertThat(operate(broker, "stop", SAMSUNG).text("error")).startsWith("send one of");
    }

    @Test
    void market_orders_of_an_auction_outlive_a_halt_and_a_restart_in_it() {
        TestBroker broker = at("2026-11-20T08:45:00");
        String mine = buy(broker, "01", 10, 0);
        operate(broker, "halt", SAMSUNG);
        broker.restarted();
        sell(broker, "00", 10, BASE + 300);
        broker.until("09:00:30");
        assertThat(broker.row(ME, mine).filled()).isEqualTo(10);
    }

    @Test
    void the_circuit_breaker_suspends_everything_for_twenty_minutes_and_then_collects_for_ten() {
        TestBroker broker = at("2026-11-20T10:00:00");
        broker.register(1, "H0STMKO0", SAMSUNG);
        assertThat(operate(broker, "circuit_breaker", 1L).status()).isEqualTo(200);
        // Also a stock without any request until then.
        assertThat(broker.order(ME, true, "000660", "00", 1, 900_000).text("msg1"))
                .startsWith("거래정지");
        broker.advanceBy(Duration.ofMinutes(20));
        assertThat(broker.order(ME, true, "035420", "03", 1, 0).text("msg_cd")).isEqualTo("APBK0918");
        String mine = buy(broker, "00", 1, BASE);
        sell(broker, "00", 1, BASE);
        broker.advanceBy(Duration.ofMinutes(9));
        assertThat(broker.row(ME, mine).filled()).isZero();
        broker.advanceBy(Duration.ofSeconds(91));
        assertThat(broker.row(ME, mine).filled()).isEqualTo(1);
        assertThat(statuses(broker)).containsExactly("Y 174 N", "N 175 N", "N 184 N", "N 185 N");
    }

    @Test
    void the_third_stage_ends_the_day_and_not_the_next_one() {
        TestBroker broker = at("2026-11-20T10:00:00");
        String rests = buy(broker, "00", 1, BASE);
        operate(broker, "circuit_breaker", 3L);
        broker.until("15:31:00");
        assertThat(broker.revise(ME, rests, "02", "Y", 0, 0).text("msg_cd")).isEqualTo("APBK0344");
        broker.until("16:10:00");
        assertThat(broker.order(ME, true, SAMSUNG, "41", 1, BASE).text("msg1")).startsWith("거래정지");
        broker.now = TestBroker.kst("2026-11-23T10:00:00");
        broker.login();
        buy(broker, "00", 1, BASE);
    }

    @Test
    void with_the_open_clock_halts_work_and_no_interruption_occurs_by_itself() {
        TestBroker broker = TestBroker.open(1, 0).withShares(YOU, SAMSUNG, 1_000);
        broker.listen();
        sell(broker, "00", 10, JUMP);
        buy(broker, "01", 10, 0);
        assertThat(broker.fills(ME)).extracting(TestBroker.Fill::price).containsExactly(JUMP);
        operate(broker, "halt", SAMSUNG);
        assertThat(broker.order(ME, true, SAMSUNG, "00", 1, BASE).text("msg1")).startsWith("거래정지");
        operate(broker, "resume", SAMSUNG);
        broker.advanceBy(Duration.ofSeconds(631));
        buy(broker, "03", 1, 0);
    }

    @Test
    void with_the_open_clock_only_real_halts_and_interruptions_are_listed() {
        TestBroker broker = TestBroker.open(1, 0);
        broker.listen();
        broker.register(1, "H0STMKO0", SAMSUNG);
        broker.advanceBy(Duration.ofSeconds(30));
        assertThat(statuses(broker)).isEmpty();
        operate(broker, "halt", SAMSUNG);
        operate(broker, "resume", SAMSUNG);
        broker.advanceBy(Duration.ofSeconds(631));
        assertThat(statuses(broker)).containsExactly("Y 164 N", "N  N", "N  N");
        operate(broker, "interrupt", SAMSUNG);
        broker.advanceBy(Duration.ofSeconds(151));
        assertThat(statuses(broker)).endsWith("N  Y", "N  N");
    }
}
