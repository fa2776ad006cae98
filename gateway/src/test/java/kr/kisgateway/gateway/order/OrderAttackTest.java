package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.order.Broker.BrokerOrder;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.risk.AccountFigures;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.market.Costs;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingDay;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;

/** Attacks that once succeeded: each is the shortest way found to a wrong order, position or limit. */
class OrderAttackTest {
    private final TradingDayFixture day = TradingDayFixture.open();

    private void receiveList(BrokerOrder... rows) {
        day.advance(Duration.ofSeconds(2));
        if (day.effects.stream().noneMatch(OrderEffect.RequestDailyOrders.class::isInstance)) {
            day.on(new OrderInput.NoticesMissed("x"));
            day.advance(Duration.ofSeconds(2));
        }
        day.receiveList(rows);
    }

    @Test
    void a_modification_shown_as_refused_only_by_the_list_leaves_the_order_resting() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 105, "100001"));
        receiveList(
                TradingDayFixture.listedRow(101, 100_000, 0, 0, 0),
                TradingDayFixture.modifiedRow(105, 101, 10, 70_500, 0, 0, 10));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).liveRef().orElseThrow().odno()).isEqualTo(101);
        assertThat(day.order(id).terms().price()).hasValue(70_000);
    }

    @Test
    void the_refusal_of_a_modification_does_not_reject_a_partially_filled_order() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 4, 70_000, 100_001);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 105, "100001"));
        receiveList(
                TradingDayFixture.listedRow(101, 100_000, 4, 280_000, 0),
                TradingDayFixture.modifiedRow(105, 101, 6, 70_500, 0, 0, 6));
        assertThat(day.status(id)).isEqualTo(OrderStatus.PARTIAL_FILLED);
    }

    @Test
    void an_abandoned_order_does_not_claim_the_row_of_an_equal_one_in_flight() {
        OrderId a = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(a, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        receiveList();
        day.resolve(a, new OrderInput.Decision.NotAtBroker());
        day.advance(Duration.ofSeconds(30));
        day.effects.removeIf(OrderEffect.RequestSlot.class::isInstance);
        OrderId b = day.buy("k2");
        day.grantSlot();
        receiveList(TradingDayFixture.listedRow(201, 100_040, 3, 210_000, 0));
        day.deliverOutcome(b, 1, new Outcome.Taken("06010", 201, "100040"));
        assertThat(day.status(a)).isEqualTo(OrderStatus.REJECTED);
        assertThat(day.order(b).brokerRefs()).hasSize(1);
    }

    @Test
    void an_abandoned_order_does_not_claim_the_receipt_of_an_equal_one_in_flight() {
        OrderId a = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(a, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        receiveList();
        day.resolve(a, new OrderInput.Decision.NotAtBroker());
        day.advance(Duration.ofSeconds(30));
        day.effects.removeIf(OrderEffect.RequestSlot.class::isInstance);
        OrderId b = day.buy("k2");
        day.grantSlot();
        day.receiveNotice(Notice.Kind.RECEIVED, 201, 0, 10, 70_000);
        receiveList();
        assertThat(day.status(a)).isEqualTo(OrderStatus.REJECTED);
        assertThat(b).isNotNull();
    }

    @Test
    void a_price_change_is_not_sent_when_its_quantity_reduction_was_refused() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 1, 700_000);
        day.grantSlot();
        day.requireEffect(OrderEffect.SendCancel.class);
        day.deliverOutcome(id, 2, new Outcome.Refused("APBK0000", "no"));
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
    }

    @Test
    void an_order_without_fills_never_ends_filled() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 6, 0);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 102, "100001"));
        receiveList(TradingDayFixture.listedRow(101, 100_000, 0, 0, 10)); // the rest was cancelled externally
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
    }

    @Test
    void a_reduced_order_cancelled_elsewhere_ends_cancelled() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 6, 0);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 102, "100001"));
        receiveList(TradingDayFixture.listedRow(101, 100_000, 3, 210_000, 7));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
        assertThat(day.order(id).terms().qty()).isEqualTo(6);
    }

    @Test
    void an_equal_order_is_sent_when_the_one_before_it_is_cancelled_unsent() {
        OrderId a = day.buy("k1");
        day.grantSlot();
        OrderId b = day.buy("k2");
        OrderId c = day.buy("k3");
        day.deliverOutcome(a, 1, new Outcome.Taken("06010", 101, "100000"));
        day.cancel(b);
        assertThat(day.status(b)).isEqualTo(OrderStatus.CANCELED);
        day.grantSlot();
        assertThat(day.status(c)).isEqualTo(OrderStatus.DISPATCHING);
    }

    @Test
    void a_modified_order_does_not_wait_for_the_one_it_formerly_equalled() {
        OrderId a = day.buy("k1");
        day.grantSlot();
        OrderId b = day.buy("k2");
        day.modify(b, 0, 71_000);
        day.grantSlot();
        assertThat(day.status(b)).isEqualTo(OrderStatus.DISPATCHING);
        assertThat(a).isNotNull();
    }

    @Test
    void an_equal_order_is_sent_when_the_one_before_it_is_modified() {
        OrderId a = day.buy("k1");
        day.grantSlot();
        OrderId b = day.buy("k2");
        OrderId c = day.buy("k3");
        day.deliverOutcome(a, 1, new Outcome.Taken("06010", 101, "100000"));
        day.modify(b, 0, 71_000);
        day.grantSlot();
        day.grantSlot();
        assertThat(day.status(b)).isEqualTo(OrderStatus.DISPATCHING);
        assertThat(day.status(c)).isEqualTo(OrderStatus.DISPATCHING);
    }

    @Test
    void the_kill_switch_uses_no_key_that_a_caller_can_have_used() {
        OrderId id = day.placeSent("k1", 101);
        day.placeOrder(day.limit(Side.BUY, 1, 50_000), "cancel:" + id);
        day.submit(t -> new OrderInput.KillSwitch(t, true, Optional.of("now"), true, "ops"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCEL_PENDING);
        var uniqueKeys = new HashSet<String>();
        assertThat(day.journal)
                .filteredOn(e -> e.type().equals("Accepted") || e.type().equals("CancelRequested"))
                .allMatch(e -> uniqueKeys.add(e.payload().replaceAll(".*(\"key\":\"[^\"]*\").*", "$1")
                        + e.payload().replaceAll(".*(\"scope\":\"[^\"]*\").*", "$1")));
    }

    @Test
    void an_order_the_broker_did_not_take_ends_at_once_while_the_kill_switch_is_on() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.requireEffect(OrderEffect.SendPlace.class);
        day.submit(t -> new OrderInput.KillSwitch(t, true, Optional.of("stop"), false, "ops"));
        day.deliverOutcome(id, 1, new Outcome.NotTaken("CONNECT", "no"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.REJECTED);
    }

    @Test
    void the_kill_switch_ends_a_price_change_queued_behind_a_quantity_reduction() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 6, 71_000);
        day.grantSlot();
        day.submit(t -> new OrderInput.KillSwitch(t, true, Optional.of("stop"), false, "ops"));
        assertThat(day.order(id).request(3).state()).isEqualTo(BrokerRequest.State.REFUSED);
    }

    @Test
    void a_kill_switch_confirmed_by_an_operator_outlasts_the_environments_switch() {
        day.settings =
                new OrderSettings(Map.of("A1", "K1"), 10, true, Duration.ofSeconds(5), Duration.ofSeconds(5), true);
        day.crash();
        day.submit(t -> new OrderInput.KillSwitch(t, true, Optional.of("I want it on"), false, "ops"));
        day.settings = TradingDayFixture.settings(10, true);
        day.crash();
        assertThat(day.core.killReason()).isPresent();
    }

    @Test
    void the_environments_kill_switch_cancels_resting_orders_even_when_an_operators_was_on() {
        OrderId id = day.placeSent("k1", 101);
        day.submit(t -> new OrderInput.KillSwitch(t, true, Optional.of("stop"), false, "ops"));
        day.settings =
                new OrderSettings(Map.of("A1", "K1"), 10, true, Duration.ofSeconds(5), Duration.ofSeconds(5), true);
        day.crash();
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCEL_PENDING);
    }

    @Test
    void a_partial_modification_made_elsewhere_is_reported_once_and_not_with_every_list() {
        day.placeSent("k1", 101);
        for (int i = 0; i < 5; i++) {
            receiveList(
                    TradingDayFixture.listedRow(101, 100_000, 0, 0, 4),
                    TradingDayFixture.modifiedRow(130, 101, 4, 69_000, 0, 4, 0));
        }
        assertThat(day.effects)
                .filteredOn(e -> e instanceof OrderEffect.Alert a && a.event().equals("partly_modified_outside"))
                .hasSize(1);
    }

    @Test
    void a_contradictory_list_is_reported_once_and_not_with_every_list() {
        day.placeSent("k1", 101);
        for (int i = 0; i < 5; i++) {
            receiveList(TradingDayFixture.listedRow(101, 100_000, 11, 770_000, 0));
        }
        assertThat(day.effects)
                .filteredOn(e -> e instanceof OrderEffect.Alert a && a.event().equals("list_contradicts"))
                .hasSize(1);
    }

    @Test
    void a_fill_listed_only_after_the_sessions_end_counts() {
        OrderId id = day.placeSent("k1", 101);
        var end = TradingDayFixture.CALENDAR.endOf(day.order(id).tradingDay());
        day.now = end;
        day.advance(Duration.ZERO);
        day.receiveList(TradingDayFixture.listedRow(101, 100_000, 0, 0, 0));
        for (int i = 0; i < 200; i++) {
            day.advance(Duration.ofSeconds(1));
            if (day.effects.stream().anyMatch(OrderEffect.RequestDailyOrders.class::isInstance)) {
                var listRequest = day.next(OrderEffect.RequestDailyOrders.class)
                        .orElseThrow()
                        .day();
                day.on(new OrderInput.ListArrived(
                        listRequest,
                        new Broker.DailyOrders.Complete(
                                day.now,
                                listRequest
                                                .day()
                                                .date()
                                                .equals(TradingDayFixture.CALENDAR.tradingDay(
                                                        TradingDayFixture.MORNING))
                                        ? List.of(TradingDayFixture.listedRow(101, 100_000, 10, 700_000, 0))
                                        : List.of())));
            }
        }
        assertThat(day.shown.get(id).filled()).isEqualTo(10);
    }

    @Test
    void an_order_of_yesterday_is_not_sent_when_its_slot_arrives_after_midnight() {
        var end = TradingDayFixture.CALENDAR.endOf(TradingDayFixture.CALENDAR.tradingDay(day.now));
        day.now = end.minusMillis(10);
        day.advance(Duration.ZERO);
        OrderId id = day.buy("k1");
        day.now = end.plusMillis(10);
        var slotRequest = day.next(OrderEffect.RequestSlot.class).orElseThrow();
        day.on(new OrderInput.SlotGranted(slotRequest.slot()));
        assertThat(day.shown.get(id).status()).isEqualTo(OrderStatus.EXPIRED);
    }

    @Test
    void a_modification_listed_for_a_fully_filled_number_reopens_nothing() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 10, 70_000, 100_001);
        receiveList(
                TradingDayFixture.listedRow(101, 100_000, 10, 700_000, 0),
                TradingDayFixture.modifiedRow(130, 101, 10, 69_000, 0, 10, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
    }

    @Test
    void own_ended_orders_are_not_adopted_after_the_clock_ran_ahead() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 10, 70_000, 100_001);
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
        var before = day.now;
        day.advance(Duration.ofDays(1));
        day.now = before;
        day.effects.clear();
        day.advance(Duration.ofSeconds(1));
        day.on(new OrderInput.ListArrived(
                new AccountDay("A1", TradingDay.korean(TradingDayFixture.CALENDAR.tradingDay(day.now))),
                new Broker.DailyOrders.Complete(
                        day.now, List.of(TradingDayFixture.listedRow(101, 100_000, 10, 700_000, 0)))));
        assertThat(day.shown.values()).filteredOn(Order::external).isEmpty();
    }

    @Test
    void an_order_hidden_by_a_wrong_clock_can_be_resolved_by_its_number() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        receiveList(TradingDayFixture.listedRow(
                201, 95_950, 0, 0, 0)); // the broker's clock is ten seconds behind, without a sign of it
        assertThat(day.resolve(id, new OrderInput.Decision.IsOrder(201))).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void a_notice_repeated_after_a_restart_counts_no_shares_twice() {
        OrderId id = day.placeSent("k1", 101);
        receiveList(TradingDayFixture.listedRow(101, 100_000, 3, 210_000, 0));
        assertThat(day.order(id).filled()).isEqualTo(3);
        day.receiveFill(101, 3, 70_000, 100_001);
        assertThat(day.order(id).filled()).isEqualTo(3);
        day.crash();
        day.receiveFill(101, 3, 70_000, 100_001);
        assertThat(day.order(id).filled()).isEqualTo(3);
    }

    @Test
    void an_order_key_is_not_a_cancel_all_key_nor_the_reverse() {
        OrderId id = day.placeSent("k1", 101);
        var all = new OrderInput.OpenOrderFilter(Optional.of("A1"), Optional.empty(), Optional.empty());
        assertThat(day.submit(t -> new OrderInput.CancelAll(t, all, new KeyUse("local/A1", "k1", "all"))))
                .isInstanceOf(Answer.Refused.class);
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        day.submit(t -> new OrderInput.CancelAll(t, all, new KeyUse("local/A1", "k2", "all")));
        day.crash();
        day.receiveList(TradingDayFixture.listedRow(101, 100_000, 0, 0, 0));
        assertThat(day.placeOrder(day.limit(Side.BUY, 1, 50_000), "k2")).isInstanceOf(Answer.Refused.class);
        assertThat(day.cancel(id, Optional.of("k2"))).isInstanceOf(Answer.Refused.class);
    }

    // ---- external changes ----

    @Test
    void a_modification_made_elsewhere_and_refused_by_the_exchange_leaves_the_order_under_its_old_number() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 3, 70_000, 100_001);
        receiveList(
                TradingDayFixture.listedRow(101, 100_000, 3, 210_000, 7),
                TradingDayFixture.modifiedRow(130, 101, 7, 70_500, 0, 7, 0));
        assertThat(day.order(id).liveRef().orElseThrow().odno()).isEqualTo(130);
        receiveList(
                TradingDayFixture.listedRow(101, 100_000, 3, 210_000, 0),
                TradingDayFixture.modifiedRow(130, 101, 7, 70_500, 0, 0, 7));
        assertThat(day.order(id))
                .returns(OrderStatus.PARTIAL_FILLED, Order::status)
                .returns(7L, Order::remaining)
                .returns(10L, o -> o.terms().qty())
                .returns(70_000L, o -> o.terms().price().orElseThrow());
        assertThat(day.order(id).liveRef().orElseThrow().odno()).isEqualTo(101);
        day.crash();
        receiveList(
                TradingDayFixture.listedRow(101, 100_000, 3, 210_000, 0),
                TradingDayFixture.modifiedRow(130, 101, 7, 70_500, 0, 0, 7));
        assertThat(day.order(id).brokerRefs()).hasSize(2);
        day.cancel(id);
        day.grantSlot();
        assertThat(day.next(OrderEffect.SendCancel.class).orElseThrow().odno()).isEqualTo(101);
    }

    @Test
    void a_refused_modification_made_elsewhere_of_a_missing_order_ends_it_cancelled() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 3, 70_000, 100_001);
        receiveList(
                TradingDayFixture.listedRow(101, 100_000, 3, 210_000, 7),
                TradingDayFixture.modifiedRow(130, 101, 7, 70_500, 0, 7, 0));
        receiveList(
                TradingDayFixture.listedRow(101, 100_000, 3, 210_000, 7),
                TradingDayFixture.modifiedRow(130, 101, 7, 70_500, 0, 0, 7));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
    }

    // ---- given up ----

    private OrderId inDoubt(String key) {
        OrderId id = day.buy(key);
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        return id;
    }

    private long countAdopted() {
        return day.shown.values().stream().filter(Order::external).count();
    }

    private long countAlerts(String event) {
        return day.effects.stream()
                .filter(e -> e instanceof OrderEffect.Alert a
                        && a.event().equals(event)
                        && a.level() == OrderEffect.Level.P1)
                .count();
    }

    @Test
    void a_row_an_operator_excluded_is_adopted_and_only_later_rows_can_match_the_order() {
        OrderId id = inDoubt("k1");
        receiveList(
                TradingDayFixture.listedRow(201, 100_000, 0, 0, 0), TradingDayFixture.listedRow(202, 100_000, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.UNKNOWN);
        day.resolve(id, new OrderInput.Decision.NotAtBroker());
        day.crash();
        receiveList(
                TradingDayFixture.listedRow(201, 100_000, 0, 0, 0), TradingDayFixture.listedRow(202, 100_000, 0, 0, 0));
        assertThat(countAdopted()).isEqualTo(2);
        assertThat(day.status(id)).isEqualTo(OrderStatus.REJECTED);
        receiveList(
                TradingDayFixture.listedRow(201, 100_000, 0, 0, 0),
                TradingDayFixture.listedRow(202, 100_000, 0, 0, 0),
                TradingDayFixture.listedRow(203, 100_001, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).liveRef().orElseThrow().odno()).isEqualTo(203);
    }

    @Test
    void two_possible_rows_for_an_abandoned_order_are_reported() {
        OrderId id = inDoubt("k1");
        receiveList();
        day.resolve(id, new OrderInput.Decision.NotAtBroker());
        for (int i = 0; i < 3; i++) {
            receiveList(
                    TradingDayFixture.listedRow(201, 100_001, 0, 0, 0),
                    TradingDayFixture.listedRow(202, 100_001, 0, 0, 0));
        }
        assertThat(day.status(id)).isEqualTo(OrderStatus.REJECTED);
        assertThat(countAlerts("order_unresolved")).isEqualTo(1);
    }

    // ---- contradicting numbers ----

    private static BrokerOrder withSymbolAndSide(BrokerOrder row, Symbol symbol, Side side) {
        return new BrokerOrder(
                row.kind(),
                row.odno(),
                row.original(),
                row.orgNo(),
                symbol,
                side,
                row.qty(),
                row.price(),
                row.orderKind(),
                row.venue(),
                row.time(),
                row.filled(),
                row.value(),
                row.canceled(),
                row.remaining(),
                row.rejected());
    }

    @Test
    void a_row_under_our_number_with_another_symbol_or_side_is_reported_once_and_ignored() {
        OrderId id = day.placeSent("k1", 101);
        for (int i = 0; i < 3; i++) {
            receiveList(withSymbolAndSide(
                    TradingDayFixture.listedRow(101, 100_000, 4, 280_000, 6), new Symbol("000660"), Side.BUY));
            receiveList(withSymbolAndSide(
                    TradingDayFixture.listedRow(101, 100_000, 4, 280_000, 6), TradingDayFixture.SAMSUNG, Side.SELL));
        }
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).filled()).isZero();
        assertThat(countAlerts("number_of_another")).isEqualTo(2);
        assertThat(countAdopted()).isZero();
    }

    @Test
    void a_modification_of_an_own_number_with_another_symbol_is_ignored() {
        OrderId id = day.placeSent("k1", 101);
        receiveList(
                TradingDayFixture.listedRow(101, 100_000, 0, 0, 10),
                withSymbolAndSide(
                        TradingDayFixture.modifiedRow(130, 101, 10, 69_000, 0, 10, 0), new Symbol("000660"), Side.BUY));
        assertThat(day.order(id).brokerRefs()).hasSize(1);
        receiveList(
                TradingDayFixture.listedRow(101, 100_000, 0, 0, 10),
                withSymbolAndSide(
                        TradingDayFixture.modifiedRow(130, 101, 10, 69_000, 0, 10, 0), new Symbol("000660"), Side.BUY));
        assertThat(day.order(id).brokerRefs()).hasSize(1);
        assertThat(countAlerts("number_of_another")).isEqualTo(1);
    }

    @Test
    void a_notice_under_our_number_with_another_symbol_or_side_is_reported_once_and_ignored() {
        OrderId id = day.placeSent("k1", 101);
        for (int i = 0; i < 3; i++) {
            day.on(new OrderInput.Noticed(new Notice(
                    "A1",
                    Notice.Kind.FILLED,
                    101,
                    0,
                    TradingDayFixture.SAMSUNG,
                    Side.SELL,
                    2,
                    70_000,
                    100_001 + i,
                    "06010",
                    Optional.empty(),
                    Optional.empty())));
            day.on(new OrderInput.Noticed(new Notice(
                    "A1",
                    Notice.Kind.REJECTED,
                    101,
                    0,
                    new Symbol("000660"),
                    Side.BUY,
                    10,
                    0,
                    100_001,
                    "06010",
                    Optional.empty(),
                    Optional.empty())));
        }
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).filled()).isZero();
        assertThat(countAlerts("number_of_another")).isEqualTo(2);
    }

    // ---- changes without effect ----

    private void advanceAndReceiveList(Duration time, BrokerOrder... rows) {
        day.now = day.now.plus(time);
        receiveList(rows);
    }

    @Test
    void a_modification_that_never_reached_kis_is_abandoned_after_a_minute_and_followed_if_it_appears() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 0, 70_500);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        advanceAndReceiveList(Duration.ofSeconds(50), TradingDayFixture.listedRow(101, 100_000, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.MODIFY_PENDING);
        advanceAndReceiveList(Duration.ofSeconds(10), TradingDayFixture.listedRow(101, 100_000, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.order(id).reason().orElseThrow()).startsWith("NOT_FOUND_AT_BROKER");
        assertThat(day.order(id).terms().price()).hasValue(70_000);
        assertThat(day.next(OrderEffect.RequestSlot.class)).isEmpty();
        advanceAndReceiveList(
                Duration.ZERO,
                TradingDayFixture.listedRow(101, 100_000, 0, 0, 10),
                TradingDayFixture.modifiedRow(105, 101, 10, 70_500, 0, 10, 0));
        assertThat(day.order(id).liveRef().orElseThrow().odno()).isEqualTo(105);
        assertThat(day.order(id).terms().price()).hasValue(70_500);
    }

    @Test
    void a_quantity_reduction_that_never_reached_kis_is_abandoned_after_a_minute() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 6, 70_500);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.InDoubt("TIMEOUT", "no answer"));
        advanceAndReceiveList(Duration.ofSeconds(61), TradingDayFixture.listedRow(101, 100_000, 3, 210_000, 0));
        assertThat(day.order(id))
                .returns(OrderStatus.PARTIAL_FILLED, Order::status)
                .returns(10L, o -> o.terms().qty());
        assertThat(day.order(id).request(3).state()).isEqualTo(BrokerRequest.State.REFUSED);
    }

    @Test
    void an_accepted_cancel_without_effect_is_reported_and_can_be_requested_again() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 102, "100001"));
        advanceAndReceiveList(Duration.ofSeconds(50), TradingDayFixture.listedRow(101, 100_000, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCEL_PENDING);
        advanceAndReceiveList(Duration.ofSeconds(10), TradingDayFixture.listedRow(101, 100_000, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(countAlerts("cancel_without_effect")).isEqualTo(1);
        assertThat(day.alerts.newest(1).getFirst().settledAt()).isEmpty();
        assertThat(day.cancel(id)).isEqualTo(new Answer.Accepted(id, KeyUse.Kind.CANCEL, "cancel:" + id + ":2", false));
        day.receiveNotice(Notice.Kind.CANCEL_CONFIRMED, 102, 101, 10, 0); // the first one, late
        advanceAndReceiveList(Duration.ZERO, TradingDayFixture.listedRow(101, 100_000, 0, 0, 10));
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
        assertThat(day.alerts.newest(10))
                .filteredOn(alert -> alert.kind() == AlertEvent.CANCEL_WITHOUT_EFFECT)
                .singleElement()
                .satisfies(alert ->
                        assertThat(alert.settledAt()).as("the order has ended").isPresent());
    }

    @Test
    void an_accepted_partial_cancel_without_effect_is_reported_and_abandoned() {
        OrderId id = day.placeSent("k1", 101);
        day.modify(id, 6, 0);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 102, "100001"));
        advanceAndReceiveList(Duration.ofSeconds(61), TradingDayFixture.listedRow(101, 100_000, 0, 0, 0));
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(countAlerts("cancel_without_effect")).isEqualTo(1);
        advanceAndReceiveList(
                Duration.ZERO, TradingDayFixture.listedRow(101, 100_000, 0, 0, 4)); // it appears after all
        assertThat(day.order(id).terms().qty()).isEqualTo(6);
    }

    // ---- notices without an order ----

    @Test
    void a_change_with_an_unknown_original_is_never_adopted_as_an_order() {
        receiveList(
                TradingDayFixture.modifiedRow(130, 77, 10, 69_000, 0, 10, 0),
                new BrokerOrder(
                        BrokerOrder.Kind.CANCEL,
                        131,
                        0,
                        "06010",
                        TradingDayFixture.SAMSUNG,
                        Side.BUY,
                        10,
                        70_000,
                        Optional.of(OrderKind.LIMIT),
                        Optional.of(Venue.KRX),
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
    void callers_cannot_take_the_default_keys_of_cancels_modifications_and_decisions() {
        OrderId id = day.placeSent("k1", 101);
        for (String action : List.of("cancel", "modify", "resolve")) {
            assertThat(day.placeOrder(day.limit(Side.BUY, 1, 50_000), action + ":" + id))
                    .isInstanceOf(Answer.Refused.class);
        }
        assertThat(day.cancel(id, Optional.of("modify:" + id))).isInstanceOf(Answer.Refused.class);
        assertThat(day.cancel(id, Optional.of("cancel:" + id + ":2"))).isInstanceOf(Answer.Refused.class);
        var all = new OrderInput.OpenOrderFilter(Optional.of("A1"), Optional.empty(), Optional.empty());
        assertThat(day.submit(
                        t -> new OrderInput.CancelAll(t, all, new KeyUse("local/A1", "cancel:" + id, "cancel-all:A1"))))
                .isInstanceOf(Answer.Refused.class);
        assertThat(day.journal).filteredOn(e -> e.type().equals("Accepted")).hasSize(1);
        assertThat(day.modify(id, 0, 70_500)).isInstanceOf(Answer.Accepted.class);
        assertThat(day.cancel(id)).isInstanceOf(Answer.Accepted.class);
        assertThat(((Answer.Accepted) day.cancel(id, Optional.of("cancel:" + id))).replay())
                .isTrue();
    }

    // ---- waiting orders ----

    @Test
    void orders_queued_behind_an_equal_one_in_doubt_do_not_block_others() {
        inDoubt("k1");
        for (int i = 0; i < 60; i++) {
            day.placeOrder(day.limit(Side.BUY, 10, 70_000), "equal" + i);
        }
        assertThat(day.core.queueDepth())
                .isEqualTo(44); // the number that could not be sent in time even if settled now
        assertThat(day.placeOrder(day.limit(Side.BUY, 1, 60_000), "another")).isInstanceOf(Answer.Accepted.class);
    }

    // ---- restarts ----

    @Test
    void the_worst_price_of_an_open_market_buy_survives_a_restart() {
        day.limits = day.limits.with(kr.kisgateway.gateway.risk.RiskGuard.CHECK_CASH, true);
        day.crash();
        day.receiveList();
        var market = new Terms(
                "A1",
                TradingDayFixture.SAMSUNG,
                Side.BUY,
                10,
                OrderKind.MARKET,
                OptionalLong.empty(),
                Venue.KRX,
                Optional.empty(),
                day.now.plusSeconds(2));
        assertThat(day.placeOrder(market, "m", cashContext(OptionalLong.of(70_000))))
                .isInstanceOf(Answer.Accepted.class);
        day.crash();
        day.receiveList();
        var refused = (Answer.Refused)
                day.placeOrder(day.limit(Side.BUY, 5, 70_000), "k1", cashContext(OptionalLong.empty()));
        assertThat(refused.refusal().code()).isEqualTo(ErrorCode.INSUFFICIENT_CASH);
        assertThat(day.placeOrder(day.limit(Side.BUY, 4, 70_000), "k2", cashContext(OptionalLong.empty())))
                .isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void a_buy_of_exactly_the_available_cash_passes_and_of_one_won_more_is_refused() {
        day.limits = day.limits.with(kr.kisgateway.gateway.risk.RiskGuard.CHECK_CASH, true);
        day.crash();
        day.receiveList();
        assertThat(availableCash(1_000_000)).hasValue(1_000_000);
        assertThat(day.placeOrder(day.limit(Side.BUY, 3, 70_000), "open", cashContext(1_000_000, OptionalLong.empty())))
                .isInstanceOf(Answer.Accepted.class);

        assertThat(availableCash(1_000_000)).as("less the open buy").hasValue(1_000_000 - cost(210_000));
        long deposit = cost(210_000) + cost(500_000);
        assertThat(availableCash(deposit)).hasValue(cost(500_000));
        var tooExpensive = (Answer.Refused)
                day.placeOrder(day.limit(Side.BUY, 1, 500_000), "more", cashContext(deposit - 1, OptionalLong.empty()));
        assertThat(tooExpensive.refusal().code()).isEqualTo(ErrorCode.INSUFFICIENT_CASH);
        assertThat(day.placeOrder(day.limit(Side.BUY, 1, 500_000), "exact", cashContext(deposit, OptionalLong.empty())))
                .isInstanceOf(Answer.Accepted.class);
        assertThat(availableCash(deposit)).hasValue(0);
        assertThat(availableCash(deposit - 1)).as("never below zero").hasValue(0);
        assertThat(queryCash(deposit, day.now.minus(Duration.ofMinutes(2))))
                .as("an answer of the broker too old for a buy")
                .isEmpty();
    }

    private static long cost(long amount) {
        return amount + Costs.usual().commission(amount);
    }

    private OptionalLong availableCash(long deposit) {
        return queryCash(deposit, day.now);
    }

    private OptionalLong queryCash(long deposit, Instant requestedAt) {
        day.on(new OrderInput.QueryCash(4_711, "A1", Currency.KRW, deposit, requestedAt));
        return ((Answer.CashAvailable) day.answers.remove(4_711L)).amount();
    }

    /** A million won of cash, requested now. */
    private OrderInput.OrderContext cashContext(OptionalLong worstPrice) {
        return cashContext(1_000_000, worstPrice);
    }

    private OrderInput.OrderContext cashContext(long cash, OptionalLong worstPrice) {
        return new OrderInput.OrderContext(
                MarketFacts.none(),
                new Observation.Current<>(new AccountFigures(cash, 0, 0, OptionalLong.empty()), day.now),
                worstPrice,
                List.of());
    }

    // ---- after the session ----

    /** The lists that are requested in the next minutes: {@code rows} of the first day, empty for others. */
    private void receiveClosingLists(BrokerOrder... rows) {
        var first = TradingDayFixture.CALENDAR.tradingDay(TradingDayFixture.MORNING);
        for (int i = 0; i < 120; i++) {
            day.advance(Duration.ofSeconds(1));
            day.next(OrderEffect.RequestDailyOrders.class)
                    .ifPresent(listRequest -> day.on(new OrderInput.ListArrived(
                            listRequest.day(),
                            new Broker.DailyOrders.Complete(
                                    day.now,
                                    listRequest.day().day().date().equals(first) ? List.of(rows) : List.of()))));
        }
    }

    private void advanceToSessionEnd() {
        day.now = TradingDayFixture.CALENDAR.endOf(TradingDayFixture.CALENDAR.tradingDay(day.now));
    }

    @Test
    void fills_missing_from_a_days_complete_list_are_reported_when_it_closes() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 10, 70_000, 100_001);
        assertThat(day.status(id)).isEqualTo(OrderStatus.FILLED);
        OrderId right = day.placeSent("k2", 102);
        day.receiveFill(102, 10, 70_000, 100_002);
        advanceToSessionEnd();
        assertThat(countAlerts("list_contradicts")).isZero();
        receiveClosingLists(
                TradingDayFixture.listedRow(101, 100_000, 7, 490_000, 3),
                TradingDayFixture.listedRow(102, 100_000, 10, 700_000, 0));
        assertThat(countAlerts("list_contradicts")).isEqualTo(1);
        assertThat(day.shown.get(id).filled()).isEqualTo(10);
        assertThat(day.core.order(right)).isEmpty(); // no further message of that day is expected
    }

    @Test
    void an_abandoned_order_is_recognized_by_the_closing_list_even_after_a_restart_on_the_next_day() {
        OrderId id = inDoubt("k1");
        receiveList();
        day.resolve(id, new OrderInput.Decision.NotAtBroker());
        advanceToSessionEnd();
        day.crash();
        receiveClosingLists(TradingDayFixture.listedRow(201, 100_000, 4, 280_000, 6));
        assertThat(day.shown.get(id).filled()).isEqualTo(4);
    }

    @Test
    void an_equal_orders_number_is_not_matched_to_an_abandoned_order_even_after_a_restart_on_the_next_day() {
        OrderId abandoned = inDoubt("k1");
        receiveList();
        day.resolve(abandoned, new OrderInput.Decision.NotAtBroker());
        day.placeSent("k2", 201);
        day.receiveFill(201, 10, 70_000, 100_001);
        advanceToSessionEnd();
        day.crash();
        receiveClosingLists(TradingDayFixture.listedRow(201, 100_001, 10, 700_000, 0));
        assertThat(day.shown.get(abandoned).status()).isEqualTo(OrderStatus.REJECTED);
        assertThat(day.shown.get(abandoned).filled()).isZero();
        assertThat(countAlerts("late_acceptance")).isZero();
    }

    @Test
    void an_abandoned_order_is_searched_for_even_with_nothing_open() {
        OrderId abandoned = inDoubt("k1");
        receiveList();
        day.resolve(abandoned, new OrderInput.Decision.NotAtBroker());
        receiveList(); // the list that the decision requested
        day.effects.removeIf(OrderEffect.RequestDailyOrders.class::isInstance);
        day.advance(Duration.ofSeconds(6));
        receiveList(TradingDayFixture.listedRow(201, 100_000, 0, 0, 0));
        assertThat(day.status(abandoned)).isEqualTo(OrderStatus.SENT);
    }

    @Test
    void a_missing_fill_of_a_cancelled_order_is_found_even_after_a_restart_on_the_next_day() {
        OrderId id = day.placeSent("k1", 101);
        day.cancel(id);
        day.grantSlot();
        day.deliverOutcome(id, 2, new Outcome.Taken("06010", 102, "100001"));
        day.receiveNotice(Notice.Kind.CANCEL_CONFIRMED, 102, 101, 6, 0); // the other four are unreported
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCELED);
        advanceToSessionEnd();
        day.now = day.now.plus(Duration.ofHours(9));
        day.crash();
        receiveClosingLists(TradingDayFixture.listedRow(101, 100_000, 4, 280_000, 6));
        assertThat(day.shown.get(id).filled()).isEqualTo(4);
    }

    @Test
    void a_fill_of_the_closing_auction_is_found_even_after_a_restart_on_the_next_day() {
        OrderId id = day.placeSent("k1", 101);
        advanceToSessionEnd();
        day.advance(Duration.ZERO);
        day.receiveList(TradingDayFixture.listedRow(101, 100_000, 0, 0, 0)); // it lags behind the auction
        assertThat(day.shown.get(id).status()).isEqualTo(OrderStatus.EXPIRED);
        day.now = day.now.plus(Duration.ofHours(9));
        day.crash();
        receiveClosingLists(TradingDayFixture.listedRow(101, 100_000, 4, 280_000, 0));
        assertThat(day.shown.get(id)).returns(4L, Order::filled).returns(OrderStatus.EXPIRED, Order::status);
        assertThat(day.core.order(id))
                .as("no further message of that day is expected")
                .isEmpty();
    }

    @Test
    void an_order_ended_by_a_clock_set_ahead_reopens_when_the_correct_time_lists_it_as_resting() {
        OrderId id = day.placeSent("k1", 101);
        var right = day.now.plusSeconds(10);
        advanceToSessionEnd();
        day.advance(Duration.ZERO);
        day.receiveList(TradingDayFixture.listedRow(101, 100_000, 0, 0, 0));
        assertThat(day.shown.get(id).status()).isEqualTo(OrderStatus.EXPIRED);
        day.now = right; // the clock was corrected, and the gateway restarted
        day.crash();
        day.receiveList(TradingDayFixture.listedRow(101, 100_000, 3, 210_000, 0));
        assertThat(day.order(id))
                .returns(OrderStatus.PARTIAL_FILLED, Order::status)
                .returns(3L, Order::filled)
                .returns(7L, Order::remaining);
        assertThat(countAlerts("ended_too_early")).isEqualTo(1);
        assertThat(day.cancel(id)).isInstanceOf(Answer.Accepted.class);
        day.crash();
        assertThat(day.status(id)).isEqualTo(OrderStatus.CANCEL_PENDING);
    }
}
