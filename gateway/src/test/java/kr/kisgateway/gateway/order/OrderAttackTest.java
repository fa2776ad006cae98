package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.order.Broker.Listed;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.portfolio.Seen;
import kr.kisgateway.gateway.risk.AccountFigures;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;

/** Attacks that once succeeded: each is the shortest way to a wrong order, position or limit that was found by reading. */
class OrderAttackTest {
    private final OrderDay day = OrderDay.open();

    private void list(Listed... rows) {
        day.pass(Duration.ofSeconds(2));
        if (day.effects.stream().noneMatch(OrderEffect.AskBroker.class::isInstance)) {
            day.on(new OrderInput.NoticesMissed("x"));
            day.pass(Duration.ofSeconds(2));
        }
        day.listArrives(rows);
    }

    @Test
    void a_modification_that_only_the_list_shows_as_refused_leaves_the_order_resting_as_before() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grant();
        day.answer(id, 2, new Outcome.Taken("06010", 105, "100001"));
        list(OrderDay.row(101, 100_000, 0, 0, 0), OrderDay.modified(105, 101, 10, 70_500, 0, 0, 10));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).liveLeg().orElseThrow().odno()).isEqualTo(101);
        assertThat(day.order(id).terms().price()).hasValue(70_000);
    }

    @Test
    void a_part_filled_order_is_not_rejected_by_the_refusal_of_its_modification() {
        OrderId id = day.sent("k1", 101);
        day.filled(101, 4, 70_000, 100_001);
        day.modify(id, 0, 70_500);
        day.grant();
        day.answer(id, 2, new Outcome.Taken("06010", 105, "100001"));
        list(OrderDay.row(101, 100_000, 4, 280_000, 0), OrderDay.modified(105, 101, 6, 70_500, 0, 0, 6));
        assertThat(day.status(id)).isEqualTo(OrderStatus.PARTIAL_FILLED);
    }

    @Test
    void an_order_given_up_does_not_take_the_row_of_an_equal_one_on_its_way() {
        OrderId a = day.buy("k1");
        day.grant();
        day.answer(a, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        list();
        day.resolve(a, new OrderInput.Decision.NotAtBroker());
        day.pass(Duration.ofSeconds(30));
        day.effects.removeIf(OrderEffect.RequestSlot.class::isInstance);
        OrderId b = day.buy("k2");
        day.grant();
        list(OrderDay.row(201, 100_040, 3, 210_000, 0));
        day.answer(b, 1, new Outcome.Taken("06010", 201, "100040"));
        assertThat(day.status(a)).isEqualTo(OrderStatus.REJECTED);
        assertThat(day.order(b).legs()).hasSize(1);
    }

    @Test
    void an_order_given_up_does_not_take_the_receipt_of_an_equal_one_on_its_way() {
        OrderId a = day.buy("k1");
        day.grant();
        day.answer(a, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        list();
        day.resolve(a, new OrderInput.Decision.NotAtBroker());
        day.pass(Duration.ofSeconds(30));
        day.effects.removeIf(OrderEffect.RequestSlot.class::isInstance);
        OrderId b = day.buy("k2");
        day.grant();
        day.noticed(Notice.Kind.RECEIVED, 201, 0, 10, 70_000);
        list();
        assertThat(day.status(a)).isEqualTo(OrderStatus.REJECTED);
        assertThat(b).isNotNull();
    }

    @Test
    void a_price_does_not_follow_when_the_fewer_shares_it_was_judged_for_were_refused() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 1, 700_000);
        day.grant();
        day.must(OrderEffect.SendCancel.class);
        day.answer(id, 2, new Outcome.Refused("APBK0000", "no"));
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
    }

    @Test
    void an_order_of_which_nothing_was_filled_never_ends_filled() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 6, 0);
        day.grant();
        day.answer(id, 2, new Outcome.Taken("06010", 102, "100001"));
        list(OrderDay.row(101, 100_000, 0, 0, 10)); // somebody took back the rest elsewhere
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
    }

    @Test
    void a_reduced_order_whose_rest_was_taken_back_elsewhere_ends_cancelled() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 6, 0);
        day.grant();
        day.answer(id, 2, new Outcome.Taken("06010", 102, "100001"));
        list(OrderDay.row(101, 100_000, 3, 210_000, 7));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
        assertThat(day.order(id).terms().qty()).isEqualTo(6);
    }

    @Test
    void an_equal_order_goes_when_the_one_before_it_is_cancelled_before_its_turn() {
        OrderId a = day.buy("k1");
        day.grant();
        OrderId b = day.buy("k2");
        OrderId c = day.buy("k3");
        day.answer(a, 1, new Outcome.Taken("06010", 101, "100000"));
        day.cancel(b);
        assertThat(day.status(b)).isEqualTo(OrderStatus.CANCELED);
        day.grant();
        assertThat(day.status(c)).isEqualTo(OrderStatus.DISPATCHING);
    }

    @Test
    void an_order_that_became_another_does_not_wait_for_the_one_it_was_equal_to() {
        OrderId a = day.buy("k1");
        day.grant();
        OrderId b = day.buy("k2");
        day.modify(b, 0, 71_000);
        day.grant();
        assertThat(day.status(b)).isEqualTo(OrderStatus.DISPATCHING);
        assertThat(a).isNotNull();
    }

    @Test
    void an_equal_order_goes_when_the_one_before_it_became_another() {
        OrderId a = day.buy("k1");
        day.grant();
        OrderId b = day.buy("k2");
        OrderId c = day.buy("k3");
        day.answer(a, 1, new Outcome.Taken("06010", 101, "100000"));
        day.modify(b, 0, 71_000);
        day.grant();
        day.grant();
        assertThat(day.status(b)).isEqualTo(OrderStatus.DISPATCHING);
        assertThat(day.status(c)).isEqualTo(OrderStatus.DISPATCHING);
    }

    @Test
    void the_kill_switch_uses_no_key_that_a_caller_can_have_used() {
        OrderId id = day.sent("k1", 101);
        day.ask(day.limit(Side.BUY, 1, 50_000), "cancel:" + id);
        day.say(t -> new OrderInput.KillSwitch(t, true, Optional.of("now"), true, "ops"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCEL_PENDING);
        var seen = new HashSet<String>();
        assertThat(day.journal)
                .filteredOn(e -> e.type().equals("Accepted") || e.type().equals("CancelRequested"))
                .allMatch(e -> seen.add(e.payload().replaceAll(".*(\"key\":\"[^\"]*\").*", "$1")
                        + e.payload().replaceAll(".*(\"scope\":\"[^\"]*\").*", "$1")));
    }

    @Test
    void an_order_that_was_not_taken_while_the_kill_switch_is_on_does_not_wait_for_its_end() {
        OrderId id = day.buy("k1");
        day.grant();
        day.must(OrderEffect.SendPlace.class);
        day.say(t -> new OrderInput.KillSwitch(t, true, Optional.of("stop"), false, "ops"));
        day.answer(id, 1, new Outcome.NotTaken("CONNECT", "no"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.REJECTED);
    }

    @Test
    void the_kill_switch_ends_a_price_that_waits_behind_fewer_shares() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 6, 71_000);
        day.grant();
        day.say(t -> new OrderInput.KillSwitch(t, true, Optional.of("stop"), false, "ops"));
        assertThat(day.order(id).request(3).state()).isEqualTo(BrokerRequest.State.REFUSED);
    }

    @Test
    void the_switch_that_an_operator_confirmed_does_not_go_with_the_environments() {
        day.settings = new OrderSettings("A1", 10, true, Duration.ofSeconds(5), Duration.ofSeconds(5), true);
        day.crash();
        day.say(t -> new OrderInput.KillSwitch(t, true, Optional.of("I want it on"), false, "ops"));
        day.settings = OrderDay.settings(10, true);
        day.crash();
        assertThat(day.core.killReason()).isPresent();
    }

    @Test
    void the_environments_switch_takes_back_what_rests_also_when_an_operators_was_on() {
        OrderId id = day.sent("k1", 101);
        day.say(t -> new OrderInput.KillSwitch(t, true, Optional.of("stop"), false, "ops"));
        day.settings = new OrderSettings("A1", 10, true, Duration.ofSeconds(5), Duration.ofSeconds(5), true);
        day.crash();
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCEL_PENDING);
    }

    @Test
    void a_modification_in_part_elsewhere_is_told_once_and_not_with_every_list() {
        day.sent("k1", 101);
        for (int i = 0; i < 5; i++) {
            list(OrderDay.row(101, 100_000, 0, 0, 4), OrderDay.modified(130, 101, 4, 69_000, 0, 4, 0));
        }
        assertThat(day.effects)
                .filteredOn(e -> e instanceof OrderEffect.Alert a && a.event().equals("partly_modified_outside"))
                .hasSize(1);
    }

    @Test
    void a_list_that_contradicts_itself_is_told_once_and_not_every_time() {
        day.sent("k1", 101);
        for (int i = 0; i < 5; i++) {
            list(OrderDay.row(101, 100_000, 11, 770_000, 0));
        }
        assertThat(day.effects)
                .filteredOn(e -> e instanceof OrderEffect.Alert a && a.event().equals("list_contradicts"))
                .hasSize(1);
    }

    @Test
    void a_fill_that_the_list_shows_only_after_the_sessions_end_counts() {
        OrderId id = day.sent("k1", 101);
        var end = OrderDay.CALENDAR.endOf(day.order(id).tradingDay());
        day.now = end;
        day.pass(Duration.ZERO);
        day.listArrives(OrderDay.row(101, 100_000, 0, 0, 0));
        for (int i = 0; i < 200; i++) {
            day.pass(Duration.ofSeconds(1));
            if (day.effects.stream().anyMatch(OrderEffect.AskBroker.class::isInstance)) {
                var asked = day.next(OrderEffect.AskBroker.class).orElseThrow().day();
                day.on(new OrderInput.ListArrived(
                        asked,
                        new Broker.Listing.Complete(
                                day.now,
                                asked.equals(OrderDay.CALENDAR.tradingDay(OrderDay.MORNING))
                                        ? List.of(OrderDay.row(101, 100_000, 10, 700_000, 0))
                                        : List.of())));
            }
        }
        assertThat(day.shown.get(id).filled()).isEqualTo(10);
    }

    @Test
    void an_order_of_yesterday_is_not_sent_when_its_slot_comes_after_midnight() {
        var end = OrderDay.CALENDAR.endOf(OrderDay.CALENDAR.tradingDay(day.now));
        day.now = end.minusMillis(10);
        day.pass(Duration.ZERO);
        OrderId id = day.buy("k1");
        day.now = end.plusMillis(10);
        var wanted = day.next(OrderEffect.RequestSlot.class).orElseThrow();
        day.on(new OrderInput.SlotGranted(wanted.slot()));
        assertThat(day.shown.get(id).status()).isEqualTo(OrderStatus.EXPIRED);
    }

    @Test
    void a_modification_listed_for_a_number_that_was_filled_whole_opens_nothing() {
        OrderId id = day.sent("k1", 101);
        day.filled(101, 10, 70_000, 100_001);
        list(OrderDay.row(101, 100_000, 10, 700_000, 0), OrderDay.modified(130, 101, 10, 69_000, 0, 10, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
    }

    @Test
    void our_own_ended_orders_are_not_adopted_after_the_clock_was_ahead_for_a_while() {
        OrderId id = day.sent("k1", 101);
        day.filled(101, 10, 70_000, 100_001);
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
        var before = day.now;
        day.pass(Duration.ofDays(1));
        day.now = before;
        day.effects.clear();
        day.pass(Duration.ofSeconds(1));
        day.on(new OrderInput.ListArrived(
                OrderDay.CALENDAR.tradingDay(day.now),
                new Broker.Listing.Complete(day.now, List.of(OrderDay.row(101, 100_000, 10, 700_000, 0)))));
        assertThat(day.shown.values()).filteredOn(Order::external).isEmpty();
    }

    @Test
    void an_order_that_a_wrong_clock_hides_can_be_resolved_by_its_number() {
        OrderId id = day.buy("k1");
        day.grant();
        day.answer(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        list(OrderDay.row(201, 95_950, 0, 0, 0)); // the broker's clock is ten seconds behind, and nothing taught us so
        assertThat(day.resolve(id, new OrderInput.Decision.IsNumber(201))).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void a_notice_repeated_after_a_restart_counts_no_shares_twice() {
        OrderId id = day.sent("k1", 101);
        list(OrderDay.row(101, 100_000, 3, 210_000, 0));
        assertThat(day.order(id).filled()).isEqualTo(3);
        day.filled(101, 3, 70_000, 100_001);
        assertThat(day.order(id).filled()).isEqualTo(3);
        day.crash();
        day.filled(101, 3, 70_000, 100_001);
        assertThat(day.order(id).filled()).isEqualTo(3);
    }

    @Test
    void a_key_of_an_order_is_none_of_cancel_all_nor_the_other_way_round() {
        OrderId id = day.sent("k1", 101);
        var all = new OrderInput.Which(Optional.of("A1"), Optional.empty(), Optional.empty());
        assertThat(day.say(t -> new OrderInput.CancelAll(t, all, new KeyUse("local/A1", "k1", "all"))))
                .isInstanceOf(Answer.Refused.class);
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        day.say(t -> new OrderInput.CancelAll(t, all, new KeyUse("local/A1", "k2", "all")));
        day.crash();
        day.listArrives(OrderDay.row(101, 100_000, 0, 0, 0));
        assertThat(day.ask(day.limit(Side.BUY, 1, 50_000), "k2")).isInstanceOf(Answer.Refused.class);
        assertThat(day.cancel(id, Optional.of("k2"))).isInstanceOf(Answer.Refused.class);
    }

    // ---- changes made elsewhere ----

    @Test
    void a_modification_made_elsewhere_that_the_exchange_refuses_leaves_the_order_under_its_old_number() {
        OrderId id = day.sent("k1", 101);
        day.filled(101, 3, 70_000, 100_001);
        list(OrderDay.row(101, 100_000, 3, 210_000, 7), OrderDay.modified(130, 101, 7, 70_500, 0, 7, 0));
        assertThat(day.order(id).liveLeg().orElseThrow().odno()).isEqualTo(130);
        list(OrderDay.row(101, 100_000, 3, 210_000, 0), OrderDay.modified(130, 101, 7, 70_500, 0, 0, 7));
        assertThat(day.order(id))
                .returns(OrderStatus.PARTIAL_FILLED, Order::status)
                .returns(7L, Order::remaining)
                .returns(10L, o -> o.terms().qty())
                .returns(70_000L, o -> o.terms().price().orElseThrow());
        assertThat(day.order(id).liveLeg().orElseThrow().odno()).isEqualTo(101);
        day.crash();
        list(OrderDay.row(101, 100_000, 3, 210_000, 0), OrderDay.modified(130, 101, 7, 70_500, 0, 0, 7));
        assertThat(day.order(id).legs()).hasSize(2);
        day.cancel(id);
        day.grant();
        assertThat(day.next(OrderEffect.SendCancel.class).orElseThrow().odno()).isEqualTo(101);
    }

    @Test
    void a_refused_modification_made_elsewhere_of_an_order_that_is_gone_ends_it_cancelled() {
        OrderId id = day.sent("k1", 101);
        day.filled(101, 3, 70_000, 100_001);
        list(OrderDay.row(101, 100_000, 3, 210_000, 7), OrderDay.modified(130, 101, 7, 70_500, 0, 7, 0));
        list(OrderDay.row(101, 100_000, 3, 210_000, 7), OrderDay.modified(130, 101, 7, 70_500, 0, 0, 7));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
    }

    // ---- given up ----

    private OrderId inDoubt(String key) {
        OrderId id = day.buy(key);
        day.grant();
        day.answer(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        return id;
    }

    private long adopted() {
        return day.shown.values().stream().filter(Order::external).count();
    }

    private long alerts(String event) {
        return day.effects.stream()
                .filter(e -> e instanceof OrderEffect.Alert a
                        && a.event().equals(event)
                        && a.level() == OrderEffect.Level.P1)
                .count();
    }

    @Test
    void what_an_operator_saw_and_said_is_not_the_order_is_adopted_and_only_what_comes_later_may_be_it() {
        OrderId id = inDoubt("k1");
        list(OrderDay.row(201, 100_000, 0, 0, 0), OrderDay.row(202, 100_000, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.UNKNOWN);
        day.resolve(id, new OrderInput.Decision.NotAtBroker());
        day.crash();
        list(OrderDay.row(201, 100_000, 0, 0, 0), OrderDay.row(202, 100_000, 0, 0, 0));
        assertThat(adopted()).isEqualTo(2);
        assertThat(day.status(id)).isEqualTo(OrderStatus.REJECTED);
        list(
                OrderDay.row(201, 100_000, 0, 0, 0),
                OrderDay.row(202, 100_000, 0, 0, 0),
                OrderDay.row(203, 100_001, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).liveLeg().orElseThrow().odno()).isEqualTo(203);
    }

    @Test
    void two_rows_that_could_each_be_an_order_given_up_are_told() {
        OrderId id = inDoubt("k1");
        list();
        day.resolve(id, new OrderInput.Decision.NotAtBroker());
        for (int i = 0; i < 3; i++) {
            list(OrderDay.row(201, 100_001, 0, 0, 0), OrderDay.row(202, 100_001, 0, 0, 0));
        }
        assertThat(day.status(id)).isEqualTo(OrderStatus.REJECTED);
        assertThat(alerts("order_unresolved")).isEqualTo(1);
    }

    // ---- numbers that say something else ----

    private static Listed as(Listed row, Symbol symbol, Side side) {
        return new Listed(
                row.kind(),
                row.odno(),
                row.original(),
                row.orgNo(),
                symbol,
                side,
                row.qty(),
                row.price(),
                row.market(),
                row.time(),
                row.filled(),
                row.value(),
                row.canceled(),
                row.remaining(),
                row.rejected());
    }

    @Test
    void a_row_under_our_number_with_another_symbol_or_side_is_told_once_and_not_believed() {
        OrderId id = day.sent("k1", 101);
        for (int i = 0; i < 3; i++) {
            list(as(OrderDay.row(101, 100_000, 4, 280_000, 6), new Symbol("000660"), Side.BUY));
            list(as(OrderDay.row(101, 100_000, 4, 280_000, 6), OrderDay.SAMSUNG, Side.SELL));
        }
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).filled()).isZero();
        assertThat(alerts("number_of_another")).isEqualTo(2);
        assertThat(adopted()).isZero();
    }

    @Test
    void a_modification_of_our_number_with_another_symbol_is_not_followed() {
        OrderId id = day.sent("k1", 101);
        list(
                OrderDay.row(101, 100_000, 0, 0, 10),
                as(OrderDay.modified(130, 101, 10, 69_000, 0, 10, 0), new Symbol("000660"), Side.BUY));
        assertThat(day.order(id).legs()).hasSize(1);
        list(
                OrderDay.row(101, 100_000, 0, 0, 10),
                as(OrderDay.modified(130, 101, 10, 69_000, 0, 10, 0), new Symbol("000660"), Side.BUY));
        assertThat(day.order(id).legs()).hasSize(1);
        assertThat(alerts("number_of_another")).isEqualTo(1);
    }

    @Test
    void a_notice_under_our_number_with_another_symbol_or_side_is_told_once_and_not_believed() {
        OrderId id = day.sent("k1", 101);
        for (int i = 0; i < 3; i++) {
            day.on(new OrderInput.Noticed(new Notice(
                    Notice.Kind.FILLED, 101, 0, OrderDay.SAMSUNG, Side.SELL, 2, 70_000, 100_001 + i, "06010")));
            day.on(new OrderInput.Noticed(
                    new Notice(Notice.Kind.REJECTED, 101, 0, new Symbol("000660"), Side.BUY, 10, 0, 100_001, "06010")));
        }
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).filled()).isZero();
        assertThat(alerts("number_of_another")).isEqualTo(2);
    }

    // ---- changes without effect ----

    private void rest(Duration time, Listed... rows) {
        day.now = day.now.plus(time);
        list(rows);
    }

    @Test
    void a_modification_that_never_reached_kis_is_given_up_after_a_minute_and_followed_should_it_turn_up() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grant();
        day.answer(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        rest(Duration.ofSeconds(50), OrderDay.row(101, 100_000, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.MODIFY_PENDING);
        rest(Duration.ofSeconds(10), OrderDay.row(101, 100_000, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).reason().orElseThrow()).startsWith("NOT_FOUND_AT_BROKER");
        assertThat(day.order(id).terms().price()).hasValue(70_000);
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        rest(Duration.ZERO, OrderDay.row(101, 100_000, 0, 0, 10), OrderDay.modified(105, 101, 10, 70_500, 0, 10, 0));
        assertThat(day.order(id).liveLeg().orElseThrow().odno()).isEqualTo(105);
        assertThat(day.order(id).terms().price()).hasValue(70_500);
    }

    @Test
    void fewer_shares_that_never_reached_kis_are_given_up_after_a_minute() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 6, 70_500);
        day.grant();
        day.answer(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        rest(Duration.ofSeconds(61), OrderDay.row(101, 100_000, 3, 210_000, 0));
        assertThat(day.order(id))
                .returns(OrderStatus.PARTIAL_FILLED, Order::status)
                .returns(10L, o -> o.terms().qty());
        assertThat(day.order(id).request(3).state()).isEqualTo(BrokerRequest.State.REFUSED);
    }

    @Test
    void a_cancel_that_kis_took_and_that_has_no_effect_is_told_and_can_be_asked_for_again() {
        OrderId id = day.sent("k1", 101);
        day.cancel(id);
        day.grant();
        day.answer(id, 2, new Outcome.Taken("06010", 102, "100001"));
        rest(Duration.ofSeconds(50), OrderDay.row(101, 100_000, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCEL_PENDING);
        rest(Duration.ofSeconds(10), OrderDay.row(101, 100_000, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(alerts("cancel_without_effect")).isEqualTo(1);
        assertThat(day.alerts.newest(1).getFirst().settledAt()).isEmpty();
        assertThat(day.cancel(id)).isEqualTo(new Answer.Accepted(id, "CANCEL_PENDING", "cancel:" + id + ":2", false));
        day.noticed(Notice.Kind.CANCEL_CONFIRMED, 102, 101, 10, 0); // the first one, late
        rest(Duration.ZERO, OrderDay.row(101, 100_000, 0, 0, 10));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
        assertThat(day.alerts.newest(10))
                .filteredOn(alert -> alert.kind() == AlertEvent.CANCEL_WITHOUT_EFFECT)
                .singleElement()
                .satisfies(alert ->
                        assertThat(alert.settledAt()).as("the order has ended").isPresent());
    }

    @Test
    void a_partial_cancel_that_kis_took_and_that_has_no_effect_is_told_and_given_up() {
        OrderId id = day.sent("k1", 101);
        day.modify(id, 6, 0);
        day.grant();
        day.answer(id, 2, new Outcome.Taken("06010", 102, "100001"));
        rest(Duration.ofSeconds(61), OrderDay.row(101, 100_000, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(alerts("cancel_without_effect")).isEqualTo(1);
        rest(Duration.ZERO, OrderDay.row(101, 100_000, 0, 0, 4)); // after all
        assertThat(day.order(id).terms().qty()).isEqualTo(6);
    }

    // ---- what is nobody's order ----

    @Test
    void a_change_whose_original_is_not_known_is_never_adopted_as_an_order() {
        list(
                OrderDay.modified(130, 77, 10, 69_000, 0, 10, 0),
                new Listed(
                        Listed.Kind.CANCEL,
                        131,
                        0,
                        "06010",
                        OrderDay.SAMSUNG,
                        Side.BUY,
                        10,
                        70_000,
                        false,
                        100_000,
                        0,
                        0,
                        0,
                        0,
                        0));
        assertThat(day.shown).isEmpty();
    }

    // ---- keys ----

    @Test
    void no_caller_can_take_the_keys_that_cancels_modifications_and_decisions_have_by_themselves() {
        OrderId id = day.sent("k1", 101);
        for (String word : List.of("cancel", "modify", "resolve")) {
            assertThat(day.ask(day.limit(Side.BUY, 1, 50_000), word + ":" + id)).isInstanceOf(Answer.Refused.class);
        }
        assertThat(day.cancel(id, Optional.of("modify:" + id))).isInstanceOf(Answer.Refused.class);
        assertThat(day.cancel(id, Optional.of("cancel:" + id + ":2"))).isInstanceOf(Answer.Refused.class);
        var all = new OrderInput.Which(Optional.of("A1"), Optional.empty(), Optional.empty());
        assertThat(day.say(
                        t -> new OrderInput.CancelAll(t, all, new KeyUse("local/A1", "cancel:" + id, "cancel-all:A1"))))
                .isInstanceOf(Answer.Refused.class);
        assertThat(day.journal).filteredOn(e -> e.type().equals("Accepted")).hasSize(1);
        assertThat(day.modify(id, 0, 70_500)).isInstanceOf(Answer.Accepted.class);
        assertThat(day.cancel(id)).isInstanceOf(Answer.Accepted.class);
        assertThat(((Answer.Accepted) day.cancel(id, Optional.of("cancel:" + id))).replay())
                .isTrue();
    }

    // ---- who waits ----

    @Test
    void orders_that_wait_behind_an_equal_one_in_doubt_do_not_keep_others_out() {
        inDoubt("k1");
        for (int i = 0; i < 60; i++) {
            day.ask(day.limit(Side.BUY, 10, 70_000), "equal" + i);
        }
        assertThat(day.core.queueDepth()).isEqualTo(44); // what could not leave in time even if it were settled now
        assertThat(day.ask(day.limit(Side.BUY, 1, 60_000), "another")).isInstanceOf(Answer.Accepted.class);
    }

    // ---- restarts ----

    @Test
    void the_worst_price_of_an_open_market_buy_outlives_a_restart() {
        day.limits = day.limits.with(kr.kisgateway.gateway.risk.RiskGuard.CHECK_CASH, true);
        day.crash();
        day.listArrives();
        var market = new Terms(
                "A1",
                OrderDay.SAMSUNG,
                Side.BUY,
                10,
                OrderType.MARKET,
                OptionalLong.empty(),
                Venue.KRX,
                Optional.empty(),
                day.now.plusSeconds(2));
        assertThat(day.ask(market, "m", cash(OptionalLong.of(70_000)))).isInstanceOf(Answer.Accepted.class);
        day.crash();
        day.listArrives();
        var refused = (Answer.Refused) day.ask(day.limit(Side.BUY, 5, 70_000), "k1", cash(OptionalLong.empty()));
        assertThat(refused.refusal().code()).isEqualTo(ErrorCode.INSUFFICIENT_CASH);
        assertThat(day.ask(day.limit(Side.BUY, 4, 70_000), "k2", cash(OptionalLong.empty())))
                .isInstanceOf(Answer.Accepted.class);
    }

    /** A million won of cash, asked for now. */
    private OrderInput.Surroundings cash(OptionalLong worstPrice) {
        return new OrderInput.Surroundings(
                MarketFacts.none(),
                new Seen.Known<>(new AccountFigures(1_000_000, 0, 0, OptionalLong.empty()), day.now),
                worstPrice,
                List.of());
    }

    // ---- after the session ----

    /** The lists that are asked for in the next minutes: {@code rows} of the first day, nothing of others. */
    private void closes(Listed... rows) {
        var first = OrderDay.CALENDAR.tradingDay(OrderDay.MORNING);
        for (int i = 0; i < 120; i++) {
            day.pass(Duration.ofSeconds(1));
            day.next(OrderEffect.AskBroker.class)
                    .ifPresent(asked -> day.on(new OrderInput.ListArrived(
                            asked.day(),
                            new Broker.Listing.Complete(
                                    day.now, asked.day().equals(first) ? List.of(rows) : List.of()))));
        }
    }

    private void untilTheEnd() {
        day.now = OrderDay.CALENDAR.endOf(OrderDay.CALENDAR.tradingDay(day.now));
    }

    @Test
    void fills_that_the_whole_list_of_a_day_does_not_have_are_told_when_it_closes() {
        OrderId id = day.sent("k1", 101);
        day.filled(101, 10, 70_000, 100_001);
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
        OrderId right = day.sent("k2", 102);
        day.filled(102, 10, 70_000, 100_002);
        untilTheEnd();
        assertThat(alerts("list_contradicts")).isZero();
        closes(OrderDay.row(101, 100_000, 7, 490_000, 3), OrderDay.row(102, 100_000, 10, 700_000, 0));
        assertThat(alerts("list_contradicts")).isEqualTo(1);
        assertThat(day.shown.get(id).filled()).isEqualTo(10);
        assertThat(day.core.order(right)).isEmpty(); // nothing more will be heard of that day
    }

    @Test
    void an_order_given_up_is_recognised_by_the_closing_list_also_after_a_restart_on_the_next_day() {
        OrderId id = inDoubt("k1");
        list();
        day.resolve(id, new OrderInput.Decision.NotAtBroker());
        untilTheEnd();
        day.crash();
        closes(OrderDay.row(201, 100_000, 4, 280_000, 6));
        assertThat(day.shown.get(id).filled()).isEqualTo(4);
    }

    @Test
    void the_number_of_an_equal_order_is_not_taken_for_one_that_was_given_up_also_after_a_restart_on_the_next_day() {
        OrderId givenUp = inDoubt("k1");
        list();
        day.resolve(givenUp, new OrderInput.Decision.NotAtBroker());
        day.sent("k2", 201);
        day.filled(201, 10, 70_000, 100_001);
        untilTheEnd();
        day.crash();
        closes(OrderDay.row(201, 100_001, 10, 700_000, 0));
        assertThat(day.shown.get(givenUp).status()).isEqualTo(OrderStatus.REJECTED);
        assertThat(day.shown.get(givenUp).filled()).isZero();
        assertThat(alerts("late_acceptance")).isZero();
    }

    @Test
    void what_was_given_up_is_looked_for_although_nothing_is_open() {
        OrderId givenUp = inDoubt("k1");
        list();
        day.resolve(givenUp, new OrderInput.Decision.NotAtBroker());
        list(); // what the decision itself asked for
        day.effects.removeIf(OrderEffect.AskBroker.class::isInstance);
        day.pass(Duration.ofSeconds(6));
        list(OrderDay.row(201, 100_000, 0, 0, 0));
        assertThat(day.status(givenUp)).isEqualTo(OrderStatus.SENT);
    }

    @Test
    void a_fill_that_a_cancelled_order_lacks_is_found_also_after_a_restart_on_the_next_day() {
        OrderId id = day.sent("k1", 101);
        day.cancel(id);
        day.grant();
        day.answer(id, 2, new Outcome.Taken("06010", 102, "100001"));
        day.noticed(Notice.Kind.CANCEL_CONFIRMED, 102, 101, 6, 0); // of the other four nothing was heard
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
        untilTheEnd();
        day.now = day.now.plus(Duration.ofHours(9));
        day.crash();
        closes(OrderDay.row(101, 100_000, 4, 280_000, 6));
        assertThat(day.shown.get(id).filled()).isEqualTo(4);
    }

    @Test
    void a_fill_of_the_closing_auction_is_found_also_after_a_restart_on_the_next_day() {
        OrderId id = day.sent("k1", 101);
        untilTheEnd();
        day.pass(Duration.ZERO);
        day.listArrives(OrderDay.row(101, 100_000, 0, 0, 0)); // it lags behind the auction
        assertThat(day.shown.get(id).status()).isEqualTo(OrderStatus.EXPIRED);
        day.now = day.now.plus(Duration.ofHours(9));
        day.crash();
        closes(OrderDay.row(101, 100_000, 4, 280_000, 0));
        assertThat(day.shown.get(id)).returns(4L, Order::filled).returns(OrderStatus.EXPIRED, Order::status);
        assertThat(day.core.order(id))
                .as("nothing more will be heard of that day")
                .isEmpty();
    }

    @Test
    void an_order_that_a_clock_set_ahead_ended_is_open_again_when_the_right_time_shows_it_at_rest() {
        OrderId id = day.sent("k1", 101);
        var right = day.now.plusSeconds(10);
        untilTheEnd();
        day.pass(Duration.ZERO);
        day.listArrives(OrderDay.row(101, 100_000, 0, 0, 0));
        assertThat(day.shown.get(id).status()).isEqualTo(OrderStatus.EXPIRED);
        day.now = right; // the clock was set right, and the gateway started again
        day.crash();
        day.listArrives(OrderDay.row(101, 100_000, 3, 210_000, 0));
        assertThat(day.order(id))
                .returns(OrderStatus.PARTIAL_FILLED, Order::status)
                .returns(3L, Order::filled)
                .returns(7L, Order::remaining);
        assertThat(alerts("ended_too_early")).isEqualTo(1);
        assertThat(day.cancel(id)).isInstanceOf(Answer.Accepted.class);
        day.crash();
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCEL_PENDING);
    }
}
