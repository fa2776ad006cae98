package kr.kisgateway.simulator.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import kr.kisgateway.simulator.broker.TestBroker.Row;
import org.junit.jupiter.api.Test;

/** Modifies and cancels, whole and in part: numbers, rows, notices, queue places, money. */
class RevisionTest {
    private static final String ME = "12345678";
    private static final String OTHER = "87654321";
    private static final String SELLER = "33333333";
    private static final String SYMBOL = "005930";

    private final TestBroker broker = TestBroker.open(1, 0).withShares(SELLER, SYMBOL, 100);

    @Test
    void each_revision_has_its_own_number_and_row_and_names_the_one_it_replaces() {
        String first = placed(ME, 10, 190_000);
        String second = number(broker.revise(ME, first, "01", "Y", 0, 191_000));
        String third = number(broker.revise(ME, second, "01", "Y", 0, 192_000));
        String cancel = number(broker.revise(ME, third, "02", "N", 4, 0));

        List<Row> rows = broker.rows(ME);
        assertThat(rows).extracting(Row::odno).containsExactly(first, second, third, cancel);
        assertThat(rows).extracting(Row::original).containsExactly("", first, second, third);
        assertThat(rows).extracting(Row::name).containsExactly("현금매수", "매수정정*", "매수정정*", "매수취소*");
        assertThat(rows).extracting(Row::qty).containsExactly(10L, 10L, 10L, 4L);
        assertThat(rows).extracting(Row::cancelled).containsExactly(10L, 10L, 4L, 4L);
        assertThat(rows).extracting(Row::left).containsExactly(0L, 0L, 6L, 0L);
        assertThat(rows).extracting(Row::price).containsExactly(190_000L, 191_000L, 192_000L, 0L);
    }

    @Test
    void fills_after_a_modify_are_booked_under_the_new_number() {
        String first = placed(ME, 10, 190_000);
        String second = number(broker.revise(ME, first, "01", "Y", 0, 191_000));
        broker.order(SELLER, false, SYMBOL, "00", 3, 190_000);

        assertThat(broker.row(ME, first).filled()).isZero();
        assertThat(broker.row(ME, second).filled()).isEqualTo(3);
        assertThat(broker.row(ME, second).left()).isEqualTo(7);
    }

    @Test
    void a_partial_modify_creates_an_order_for_its_part_and_leaves_the_rest_in_place() {
        String first = placed(ME, 10, 190_000);
        String part = number(broker.revise(ME, first, "01", "N", 4, 191_000));

        assertThat(broker.row(ME, first).left()).isEqualTo(6);
        assertThat(broker.row(ME, part).left()).isEqualTo(4);
        assertThat(broker.row(ME, part).original()).isEqualTo(first);
        assertThat(broker.spendable(ME)).isEqualTo(1_000_000_000 - reservation(6, 190_000) - reservation(4, 191_000));
    }

    @Test
    void a_modify_of_a_partially_filled_order_replaces_its_open_quantity_only() {
        String first = placed(ME, 10, 190_000);
        broker.order(SELLER, false, SYMBOL, "00", 4, 190_000);
        String second = number(broker.revise(ME, first, "01", "Y", 0, 189_000));

        assertThat(broker.row(ME, first).filled()).isEqualTo(4);
        assertThat(broker.row(ME, first).left()).isZero();
        assertThat(broker.row(ME, second).qty()).isEqualTo(6);
        assertThat(broker.revise(ME, first, "02", "Y", 0, 0).text("msg1").strip())
                .isEqualTo("정정/취소 가능수량이 없습니다.");
    }

    @Test
    void more_than_the_open_quantity_can_be_neither_modified_nor_cancelled() {
        String first = placed(ME, 10, 190_000);
        broker.order(SELLER, false, SYMBOL, "00", 4, 190_000);

        assertThat(broker.revise(ME, first, "01", "N", 7, 191_000).text("rt_cd"))
                .isEqualTo("7");
        assertThat(broker.revise(ME, first, "02", "N", 7, 0).text("msg1").strip())
                .isEqualTo("정정/취소 가능수량을 초과하였습니다.");
        assertThat(broker.row(ME, first).left()).isEqualTo(6);
    }

    @Test
    void an_order_of_another_account_is_unknown() {
        String first = placed(ME, 10, 190_000);

        assertThat(broker.revise(OTHER, first, "02", "Y", 0, 0).text("msg1").strip())
                .isEqualTo("원주문정보가 존재하지 않습니다.");
        assertThat(broker.row(ME, first).left()).isEqualTo(10);
    }

    @Test
    void the_state_counts_each_revision_that_was_taken() {
        String first = placed(ME, 10, 190_000);
        broker.revise(ME, first, "02", "N", 3, 0);
        broker.revise(ME, first, "02", "N", 3, 0);
        broker.revise(ME, first, "01", "Y", 0, 191_000);
        broker.handle(new Input.ReadState(-1, Map.of()));

        long number = Long.parseLong(first);
        assertThat(((Effect.Reply) broker.effects.getLast()).answer().body())
                .contains(" CANCEL " + number + " 3\":2")
                .contains(" MODIFY " + number + " 4 191000 00\":1");
    }

    @Test
    void a_cancel_cannot_be_cancelled() {
        String first = placed(ME, 10, 190_000);
        String cancel = number(broker.revise(ME, first, "02", "N", 3, 0));

        assertThat(broker.revise(ME, cancel, "02", "Y", 0, 0).text("rt_cd")).isEqualTo("7");
    }

    @Test
    void a_modify_to_another_price_goes_to_the_end_of_its_queue() {
        String mine = placed(ME, 5, 190_000);
        String theirs = placed(OTHER, 5, 191_000);
        String moved = number(broker.revise(ME, mine, "01", "Y", 0, 191_000));
        broker.order(SELLER, false, SYMBOL, "00", 6, 190_000);

        assertThat(broker.row(OTHER, theirs).filled()).isEqualTo(5);
        assertThat(broker.row(ME, moved).filled()).isEqualTo(1);
    }

    @Test
    void a_modify_at_the_same_price_retains_its_queue_position_also_after_a_restart() {
        String mine = placed(ME, 10, 190_000);
        String theirs = placed(OTHER, 5, 190_000);
        String part = number(broker.revise(ME, mine, "01", "N", 4, 190_000));
        String resized = number(broker.revise(ME, mine, "01", "N", 2, 190_000));
        broker.restarted();
        broker.order(SELLER, false, SYMBOL, "00", 9, 190_000);

        assertThat(broker.row(ME, mine).filled()).as("the remainder is first").isEqualTo(4);
        assertThat(broker.row(ME, part).filled()).as("then the first part").isEqualTo(4);
        assertThat(broker.row(ME, resized).filled()).as("then the second").isEqualTo(1);
        assertThat(broker.row(OTHER, theirs).filled()).isZero();
    }

    @Test
    void a_cancel_in_part_keeps_the_place_of_the_rest() {
        String mine = placed(ME, 10, 190_000);
        String theirs = placed(OTHER, 5, 190_000);
        broker.revise(ME, mine, "02", "N", 4, 0);
        broker.order(SELLER, false, SYMBOL, "00", 6, 190_000);

        assertThat(broker.row(ME, mine).filled()).isEqualTo(6);
        assertThat(broker.row(OTHER, theirs).filled()).isZero();
    }

    @Test
    void a_modify_that_crosses_the_book_trades_at_once_under_the_new_number() {
        broker.order(SELLER, false, SYMBOL, "00", 3, 192_000);
        String first = placed(ME, 10, 190_000);
        String second = number(broker.revise(ME, first, "01", "Y", 0, 192_000));

        assertThat(broker.row(ME, second).filled()).isEqualTo(3);
        assertThat(broker.row(ME, second).left()).isEqualTo(7);
    }

    @Test
    void a_modify_must_be_affordable_with_the_reservation_of_its_original_included() {
        String first = placed(ME, 5_000, 190_000);

        assertThat(broker.revise(ME, first, "01", "Y", 0, 200_000).text("msg_cd"))
                .isEqualTo("APBK0952");
        assertThat(broker.revise(ME, first, "01", "Y", 0, 199_900).text("msg_cd"))
                .isEqualTo("APBK0013");
        assertThat(broker.spendable(ME)).isEqualTo(1_000_000_000 - reservation(5_000, 199_900));
    }

    @Test
    void notices_of_a_modify_and_a_cancel_confirm_under_the_new_number_with_the_original() {
        broker.listen();
        String first = placed(ME, 10, 190_000);
        String second = number(broker.revise(ME, first, "01", "Y", 0, 191_000));
        String cancel = number(broker.revise(ME, second, "02", "N", 4, 0));
        broker.order(SELLER, false, SYMBOL, "00", 1, 190_000);

        // Number, original, RCTF_CLS, quantity, price, RFUS_YN, CNTG_YN, ACPT_YN.
        assertThat(broker.notices(ME))
                .containsExactly(
                        List.of(first, "", "0", "0000000010", "000190000", "0", "1", "1"),
                        List.of(second, first, "1", "0000000010", "000191000", "0", "1", "2"),
                        List.of(cancel, second, "2", "0000000004", "000000000", "0", "1", "2"),
                        List.of(second, first, "0", "0000000001", "000191000", "0", "2", "2"));
    }

    @Test
    void a_revision_that_the_exchange_refuses_leaves_its_order_as_it_was() {
        broker.listen();
        String first = placed(ME, 10, 190_000);
        long spendable = broker.spendable(ME);
        broker.fault(Map.of("reject_by_exchange", 2L));
        String modify = number(broker.revise(ME, first, "01", "Y", 0, 191_000));
        String cancel = number(broker.revise(ME, first, "02", "Y", 0, 0));

        assertThat(broker.row(ME, first).left()).isEqualTo(10);
        assertThat(broker.row(ME, modify).rejected()).isEqualTo(10);
        assertThat(broker.row(ME, modify).left()).isZero();
        assertThat(broker.row(ME, cancel).rejected()).isEqualTo(10);
        assertThat(broker.row(ME, cancel).cancelled()).isZero();
        assertThat(broker.spendable(ME)).isEqualTo(spendable);
        assertThat(broker.notices(ME))
                .endsWith(
                        List.of(modify, first, "1", "0000000010", "000191000", "1", "1", "1"),
                        List.of(cancel, first, "2", "0000000010", "000000000", "1", "1", "1"));
        broker.order(SELLER, false, SYMBOL, "00", 2, 190_000);
        assertThat(broker.row(ME, first).filled()).isEqualTo(2);
    }

    @Test
    void an_order_may_fill_while_its_cancel_is_on_the_way_and_only_the_rest_is_cancelled() {
        broker.listen();
        String first = placed(ME, 10, 190_000);
        broker.fault(Map.of("exchange_delay_ms", 300L));
        broker.order(SELLER, false, SYMBOL, "00", 4, 190_000);
        broker.fault(Map.of("exchange_delay_ms", 500L));
        String cancel = number(broker.revise(ME, first, "02", "Y", 0, 0));
        assertThat(broker.row(ME, cancel).cancelled()).isZero();
        assertThat(broker.revise(ME, first, "02", "Y", 0, 0).text("msg1").strip())
                .as("all of it is in transit")
                .isEqualTo("정정/취소 가능수량이 없습니다.");

        broker.advanceBy(Duration.ofMillis(500));

        assertThat(broker.row(ME, first).filled()).isEqualTo(4);
        assertThat(broker.row(ME, first).cancelled()).isEqualTo(6);
        assertThat(broker.row(ME, cancel).cancelled()).isEqualTo(6);
        assertThat(broker.row(ME, cancel).rejected()).isEqualTo(4);
        assertThat(broker.notices(ME).getLast())
                .containsExactly(cancel, first, "2", "0000000006", "000000000", "0", "1", "2");
    }

    @Test
    void a_cancel_that_comes_too_late_is_refused_by_the_exchange() {
        broker.listen();
        String first = placed(ME, 4, 190_000);
        broker.fault(Map.of("exchange_delay_ms", 300L));
        broker.order(SELLER, false, SYMBOL, "00", 4, 190_000);
        String cancel = number(broker.revise(ME, first, "02", "Y", 0, 0));

        broker.advanceBy(Duration.ofMillis(300));

        assertThat(broker.row(ME, first).filled()).isEqualTo(4);
        assertThat(broker.row(ME, cancel).rejected()).isEqualTo(4);
        assertThat(broker.notices(ME).getLast())
                .containsExactly(cancel, first, "2", "0000000004", "000000000", "1", "1", "1");
    }

    @Test
    void a_request_still_in_transit_at_the_end_of_the_session_expires_without_effect() {
        TestBroker late = new TestBroker(
                TestBroker.rules(1, 0),
                new kr.kisgateway.market.OpenCalendar(),
                java.time.Instant.parse("2026-11-20T14:59:59Z"));
        late.login();
        String first = number(late.order(ME, true, SYMBOL, "00", 10, 190_000));
        late.fault(Map.of("exchange_delay_ms", 5_000L));
        String cancel = number(late.revise(ME, first, "02", "N", 3, 0));
        String second = number(late.order(ME, true, SYMBOL, "00", 1, 190_000));

        late.advanceBy(Duration.ofSeconds(10));

        assertThat(late.row(ME, first).left()).isEqualTo(10);
        assertThat(late.row(ME, first).cancelled()).isZero();
        assertThat(late.row(ME, cancel).rejected()).isEqualTo(3);
        assertThat(late.row(ME, second).left()).isEqualTo(1);
        assertThat(late.spendable(ME)).isEqualTo(1_000_000_000);
    }

    @Test
    void shares_filled_before_a_modify_arrives_are_not_modified() {
        broker.fault(Map.of("exchange_delay_ms", 200L));
        broker.order(SELLER, false, SYMBOL, "00", 4, 190_000);
        broker.fault(Map.of("exchange_delay_ms", 500L));
        String first = placed(ME, 10, 190_000);
        String modify = number(broker.revise(ME, first, "01", "Y", 0, 191_000));
        assertThat(broker.row(ME, modify).left()).as("not yet an order").isZero();

        broker.advanceBy(Duration.ofSeconds(1));

        assertThat(broker.row(ME, first).filled()).isEqualTo(4);
        assertThat(broker.row(ME, first).left()).isZero();
        assertThat(broker.row(ME, modify).qty()).isEqualTo(10);
        assertThat(broker.row(ME, modify).rejected()).isEqualTo(4);
        assertThat(broker.row(ME, modify).left()).isEqualTo(6);
        assertThat(broker.spendable(ME)).isEqualTo(1_000_000_000 - reservation(4, 190_000) - reservation(6, 191_000));
    }

    @Test
    void a_request_in_transit_at_a_restart_arrives_after_it() {
        broker.fault(Map.of("exchange_delay_ms", 500L));
        String first = placed(ME, 10, 190_000);
        String modify = number(broker.revise(ME, first, "01", "N", 3, 191_000));
        String cancel = number(broker.revise(ME, first, "02", "N", 2, 0));

        broker.restarted();
        broker.advanceBy(Duration.ZERO);

        assertThat(broker.row(ME, first).left()).isEqualTo(5);
        assertThat(broker.row(ME, modify).left()).isEqualTo(3);
        assertThat(broker.row(ME, cancel).cancelled()).isEqualTo(2);
        assertThat(broker.spendable(ME)).isEqualTo(1_000_000_000 - reservation(5, 190_000) - reservation(3, 191_000));
    }

    private String placed(String cano, long qty, long price) {
        return number(broker.order(cano, true, SYMBOL, "00", qty, price));
    }

    private static String number(TestBroker.Answer answer) {
        return answer.text("output", "ODNO");
    }

    private static long reservation(long qty, long price) {
        return qty * price + kr.kisgateway.market.Costs.usual().commission(qty * price);
    }
}
