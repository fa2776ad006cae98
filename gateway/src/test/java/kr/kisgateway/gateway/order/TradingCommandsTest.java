package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.kis.rest.KisOrderForm;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.risk.DailyAmountLeft;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.RiskLimit;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.OrderDivisions;
import org.junit.jupiter.api.Test;

/** What placing and modifying is refused for, what an accepted request records, and until when it waits. */
class TradingCommandsTest {
    private final TradingDayFixture day = TradingDayFixture.open();

    private void restart() {
        day.crash();
        day.receiveList();
    }

    private void setModifyTimeout(Duration timeout) {
        day.settings = new OrderSettings(Map.of("A1", "K1"), 10, true, timeout, Duration.ofSeconds(5), false);
        restart();
    }

    private static Refusal refusal(Answer answer) {
        return ((Answer.Refused) answer).refusal();
    }

    private static OrderInput.OrderContext blocked(String... blockers) {
        return new OrderInput.OrderContext(
                MarketFacts.none(),
                new Observation.Unknown<>("not requested"),
                OptionalLong.empty(),
                List.of(blockers));
    }

    private static KeyUse modification(OrderId id, String change) {
        return new KeyUse("local/A1", "modify:" + id, "modify:" + id + ":" + change);
    }

    private static OrderInput.OrderContext worstPrice() {
        return new OrderInput.OrderContext(
                MarketFacts.none(), new Observation.Unknown<>("not requested"), OptionalLong.of(70_000), List.of());
    }

    private OrderId marketBuy() {
        var terms = new Terms(
                "A1",
                TradingDayFixture.SAMSUNG,
                Side.BUY,
                10,
                OrderKind.MARKET,
                OptionalLong.empty(),
                Venue.KRX,
                Optional.empty(),
                day.now.plusSeconds(5));
        return ((Answer.Accepted) day.placeOrder(terms, "market", worstPrice())).order();
    }

    // ---- placing ----

    @Test
    void an_unsent_order_ends_with_its_session_when_that_is_before_its_dispatch_by() {
        Instant midnight = Instant.parse("2026-11-20T15:00:00Z"); // in Seoul
        day.now = midnight.minusSeconds(2);
        day.advance(Duration.ZERO);
        OrderId id = day.buy("k1");
        assertThat(day.core.nextTimer()).contains(midnight);
        day.advance(Duration.ofSeconds(2).minusNanos(1_000));
        assertThat(day.status(id)).isEqualTo(OrderStatus.NEW);
        day.advance(Duration.ofNanos(1_000));
        assertThat(day.shown.get(id).status()).isEqualTo(OrderStatus.EXPIRED);
    }

    @Test
    void the_next_timer_of_an_unsent_order_is_its_dispatch_by() {
        day.buy("k1");
        assertThat(day.core.nextTimer()).contains(day.now.plusSeconds(5));
    }

    @Test
    void paper_trading_refuses_orders_on_credit_and_takes_the_same_in_cash() {
        day.orderHours = new OrderHours(new KisOrderForm(OrderDivisions.load(), true), TradingDayFixture.CALENDAR);
        restart();
        var credit = new Credit(CreditType.SELF_LOAN_OPEN, LocalDate.of(2026, 11, 20));
        var terms = new Terms(
                "A1",
                TradingDayFixture.SAMSUNG,
                Side.BUY,
                10,
                OrderKind.LIMIT,
                OptionalLong.of(70_000),
                OptionalLong.empty(),
                Venue.KRX,
                Optional.empty(),
                day.now.plusSeconds(5),
                Optional.of(credit));
        assertThat(refusal(day.placeOrder(terms, "k1")).code()).isEqualTo(ErrorCode.UNSUPPORTED_BY_SOURCE);
        assertThat(day.journal).isEmpty();
        assertThat(day.placeOrder(day.limit(Side.BUY, 10, 70_000), "k1")).isInstanceOf(Answer.Accepted.class);
    }

    private static Refusal notReady(String... blockers) {
        return Refusal.of(
                        ErrorCode.NOT_READY,
                        "the gateway cannot trade now (" + String.join(", ", blockers)
                                + "); nothing was recorded, retry in a moment")
                .with("blockers", List.of(blockers))
                .retryAfter(Duration.ofSeconds(1));
    }

    @Test
    void an_unknown_position_is_reported_as_not_ready_while_something_essential_is_missing() {
        Terms sell = day.limit(Side.SELL, 1, 70_000);
        assertThat(refusal(day.placeOrder(sell, "k1", blocked("TOKEN_UNAVAILABLE"))))
                .isEqualTo(notReady("TOKEN_UNAVAILABLE"));
        assertThat(refusal(day.placeOrder(sell, "k1", blocked())).code())
                .isEqualTo(ErrorCode.POSITION_PROVIDER_UNAVAILABLE);
    }

    @Test
    void an_unknown_price_is_reported_as_not_ready_while_something_essential_is_missing() {
        day.limits = day.limits.with(RiskLimit.COLLAR_PCT, 500);
        restart();
        Terms buy = day.limit(Side.BUY, 1, 70_000);
        assertThat(refusal(day.placeOrder(buy, "k1", blocked("TOKEN_UNAVAILABLE"))))
                .isEqualTo(notReady("TOKEN_UNAVAILABLE"));
        assertThat(refusal(day.placeOrder(buy, "k1", blocked())).code()).isEqualTo(ErrorCode.QUOTE_UNAVAILABLE);
    }

    @Test
    void a_limit_that_refuses_the_order_in_any_case_is_reported_before_what_is_missing() {
        Terms tooLarge = day.limit(Side.BUY, 1_000_001, 70_000);
        assertThat(refusal(day.placeOrder(tooLarge, "k1", blocked("TOKEN_UNAVAILABLE")))
                        .code())
                .isEqualTo(ErrorCode.MAX_QTY_EXCEEDED);
        Terms buy = day.limit(Side.BUY, 1, 70_000);
        assertThat(refusal(day.placeOrder(buy, "k1", blocked("TOKEN_UNAVAILABLE"))))
                .isEqualTo(notReady("TOKEN_UNAVAILABLE"));
        day.crash();
        assertThat(refusal(day.placeOrder(buy, "k1", blocked("TOKEN_UNAVAILABLE", "RECONCILING"))))
                .isEqualTo(notReady("TOKEN_UNAVAILABLE", "RECONCILING"));
        assertThat(refusal(day.placeOrder(buy, "k1", blocked()))).isEqualTo(notReady("RECONCILING"));
    }

    @Test
    void an_order_that_the_queue_cannot_send_in_time_may_be_retried_when_the_next_slot_is_free() {
        for (int i = 0; i < 45; i++) { // 10 a second for 5 seconds, less a tenth
            day.placeOrder(day.limit(Side.BUY, 1 + i, 70_000), "k" + i);
        }
        assertThat(refusal(day.placeOrder(day.limit(Side.BUY, 99, 70_000), "k99")))
                .isEqualTo(Refusal.of(
                                ErrorCode.QUEUE_TIMEOUT,
                                "45 orders are queued and KIS accepts 10.0 per second, so this one could not be sent before"
                                        + " its dispatch_by; nothing was recorded")
                        .with("waiting", 45)
                        .retryAfter(Duration.ofMillis(101)));
    }

    @Test
    void the_amount_that_the_days_buys_may_still_cost_is_what_the_limit_leaves() {
        assertThat(dailyAmount()).isEqualTo(new Answer.DailyAmount(Optional.empty()));
        day.limits = day.limits.with(RiskLimit.DAILY_NOTIONAL, 1_000_000);
        restart();
        day.buy("k1");
        assertThat(dailyAmount())
                .isEqualTo(new Answer.DailyAmount(
                        Optional.of(new DailyAmountLeft(RiskLimit.DAILY_NOTIONAL, "gateway", 1_000_000, 300_000))));
    }

    private Answer dailyAmount() {
        return day.submit(ticket ->
                new OrderInput.QueryDailyAmount(ticket, "A1", TradingDayFixture.SAMSUNG, "local", Optional.empty()));
    }

    // ---- modifying ----

    @Test
    void a_modification_records_its_requests_its_deadline_and_what_its_key_was_used_for() {
        setModifyTimeout(Duration.ofSeconds(2));
        OrderId id = day.placeSent("k1", 101);
        int recorded = day.journal.size();
        assertThat(day.modify(id, 6, 70_500))
                .isEqualTo(new Answer.Accepted(id, KeyUse.Kind.MODIFY, "modify:" + id, false));
        Instant by = day.now.plusSeconds(2);
        assertThat(day.recordedSince(recorded))
                .containsExactly(new OrderEvent.ModifyRequested(
                        id,
                        OptionalLong.of(6),
                        OptionalLong.of(70_500),
                        List.of(
                                new OrderEvent.PlannedRequest(2, BrokerRequest.Kind.CANCEL, 4, OptionalLong.empty()),
                                new OrderEvent.PlannedRequest(
                                        3, BrokerRequest.Kind.MODIFY, 0, OptionalLong.of(70_500))),
                        by,
                        modification(id, "6:70500")));
        assertThat(day.core.nextTimer()).contains(by);
    }

    @Test
    void a_replacement_records_what_its_key_was_used_for() {
        OrderId id = day.placeSent("k1", 101);
        int recorded = day.journal.size();
        assertThat(day.replace(id, 15, 0, Optional.empty())).isInstanceOf(Answer.Accepted.class);
        OrderId successor = day.order(id).replacement().orElseThrow().successor();
        assertThat(day.recordedSince(recorded))
                .containsExactly(new OrderEvent.ReplaceRequested(
                        id,
                        2,
                        successor,
                        15,
                        OptionalLong.empty(),
                        day.now.plusSeconds(5),
                        modification(id, "15::replace")));
    }

    @Test
    void a_modification_counts_for_the_orders_of_a_second() {
        day.limits = day.limits.with(RiskLimit.ORDERS_PER_SECOND, 2);
        restart();
        OrderId id = day.placeSent("k1", 101);
        assertThat(day.modify(id, 0, 70_500)).isInstanceOf(Answer.Accepted.class);
        Terms further = day.limit(Side.BUY, 1, 70_000);
        assertThat(refusal(day.placeOrder(further, "k2")).code()).isEqualTo(ErrorCode.ORDER_RATE_LIMIT);
        day.advance(Duration.ofSeconds(1));
        assertThat(day.placeOrder(further, "k2")).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void an_order_in_doubt_and_one_with_an_unsettled_request_cannot_be_modified() {
        OrderId inDoubt = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(inDoubt, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        assertThat(refusal(day.modify(inDoubt, 0, 70_500)))
                .isEqualTo(Refusal.of(ErrorCode.INVALID_TRANSITION, "the order is UNKNOWN; wait until it is settled"));
        day.receiveList(TradingDayFixture.listedRow(101, 100_000, 0, 0, 0));
        assertThat(day.modify(inDoubt, 0, 70_500)).isInstanceOf(Answer.Accepted.class);
        day.cancel(inDoubt);
        assertThat(refusal(day.modify(inDoubt, 0, 71_000)))
                .isEqualTo(Refusal.of(
                        ErrorCode.INVALID_TRANSITION,
                        "the order is CANCEL_PENDING and an earlier request about it is not settled; wait until it is"
                                + " settled"));
    }

    @Test
    void a_market_order_gets_no_price_and_may_be_reduced() {
        OrderId id = marketBuy();
        assertThat(refusal(day.modify(id, 0, 70_500)))
                .isEqualTo(Refusal.of(
                        ErrorCode.PRICE_NOT_ALLOWED_FOR_MARKET,
                        "a MARKET order has no price; cancel it and place a LIMIT"));
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.Taken("06010", 101, "100000"));
        assertThat(day.submit(ticket -> new OrderInput.Modify(
                        ticket,
                        id,
                        OptionalLong.of(6),
                        OptionalLong.empty(),
                        Optional.empty(),
                        "local/A1",
                        Optional.empty(),
                        worstPrice(),
                        Optional.empty(),
                        Optional.empty())))
                .isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void an_order_cannot_become_as_small_as_its_fills() {
        OrderId id = day.placeSent("k1", 101);
        day.receiveFill(101, 1, 70_000, 100_001);
        assertThat(refusal(day.modify(id, 1, 0))).isEqualTo(filledAlready("1 share is", 1));
        day.receiveFill(101, 2, 70_000, 100_002);
        assertThat(refusal(day.modify(id, 3, 0))).isEqualTo(filledAlready("3 shares are", 3));
        assertThat(day.modify(id, 4, 0)).isInstanceOf(Answer.Accepted.class);
    }

    private static Refusal filledAlready(String shares, long filled) {
        return Refusal.of(ErrorCode.INVALID_QTY, shares + " filled already; to stop there, cancel the rest")
                .with("filled_qty", filled);
    }
}
