package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.order.Broker.BrokerOrder;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;

/** Which row of KIS's list is an order on credit in doubt, beside rows that equal it but for the loan. */
class CreditMatchingTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);
    private static final Credit LOAN = new Credit(CreditType.SELF_LOAN_OPEN, TODAY);
    private static final Credit OTHER = new Credit(CreditType.SELF_LOAN_OPEN, TODAY.minusDays(1));

    private final TradingDayFixture day = TradingDayFixture.open();

    private Terms terms(Optional<Credit> credit) {
        return new Terms(
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
                credit);
    }

    private OrderId inDoubt(String key, Optional<Credit> credit) {
        OrderId id = ((Answer.Accepted) day.placeOrder(terms(credit), key)).order();
        day.grantSlot();
        day.requireEffect(OrderEffect.SendPlace.class);
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        return id;
    }

    /** The row of a buy of 10 at 70,000. */
    private static BrokerOrder row(long odno, Optional<Credit> credit) {
        return new BrokerOrder(
                BrokerOrder.Kind.ORDER,
                odno,
                0,
                "06010",
                TradingDayFixture.SAMSUNG,
                Side.BUY,
                10,
                70_000,
                Optional.of(OrderKind.LIMIT),
                Optional.of(Venue.KRX),
                100_001,
                0,
                0,
                0,
                10,
                0,
                credit);
    }

    private void receiveList(BrokerOrder... rows) {
        day.advance(Duration.ofSeconds(2));
        if (day.effects.stream().noneMatch(OrderEffect.RequestDailyOrders.class::isInstance)) {
            day.on(new OrderInput.NoticesMissed("x"));
            day.advance(Duration.ofSeconds(2));
        }
        day.receiveList(rows);
    }

    private List<Order> adopted() {
        return day.shown.values().stream().filter(Order::external).toList();
    }

    private long number(OrderId id) {
        return day.order(id).liveRef().orElseThrow().odno();
    }

    @Test
    void the_row_with_its_loan_date_is_the_order_and_an_equal_one_in_cash_is_another() {
        OrderId id = inDoubt("k1", Optional.of(LOAN));
        receiveList(row(201, Optional.empty()), row(202, Optional.of(LOAN)));
        assertThat(number(id)).isEqualTo(202);
        assertThat(adopted()).hasSize(1);
        assertThat(adopted().getFirst().terms().credit()).isEmpty();
    }

    @Test
    void an_order_in_cash_is_never_a_row_with_a_loan_date() {
        OrderId id = inDoubt("k1", Optional.empty());
        receiveList(row(201, Optional.of(LOAN)));
        assertThat(day.status(id)).isEqualTo(OrderStatus.UNKNOWN);
        assertThat(day.core.candidates().getOrDefault(id, List.of())).isEmpty();
        assertThat(adopted().getFirst().terms().credit()).contains(LOAN);
        receiveList(row(201, Optional.of(LOAN)), row(202, Optional.empty()));
        assertThat(number(id)).isEqualTo(202);
    }

    @Test
    void a_row_of_another_loan_is_another_order() {
        OrderId id = inDoubt("k1", Optional.of(LOAN));
        receiveList(row(201, Optional.of(OTHER)));
        assertThat(day.status(id)).isEqualTo(OrderStatus.UNKNOWN);
        assertThat(day.core.candidates().getOrDefault(id, List.of())).isEmpty();
        assertThat(adopted()).hasSize(1);
    }

    /** Whether every report of KIS has the loan date is not known: one without could be that of either. */
    @Test
    void an_order_on_credit_waits_while_an_equal_one_in_cash_is_in_doubt() {
        OrderId cash = inDoubt("k1", Optional.empty());
        OrderId credit = ((Answer.Accepted) day.placeOrder(terms(Optional.of(LOAN)), "k2")).order();
        assertThat(day.next(OrderEffect.SendPlace.class)).isEmpty();
        receiveList(row(202, Optional.empty()));
        assertThat(number(cash)).isEqualTo(202);
        day.grantSlot();
        day.requireEffect(OrderEffect.SendPlace.class);
        day.deliverOutcome(credit, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        receiveList(row(201, Optional.of(LOAN)), row(202, Optional.empty()));
        assertThat(number(credit)).isEqualTo(201);
        assertThat(adopted()).isEmpty();
    }

    @Test
    void a_receipt_without_a_loan_date_settles_no_order_in_cash_while_an_equal_one_on_credit_is_in_flight() {
        OrderId credit = ((Answer.Accepted) day.placeOrder(terms(Optional.of(LOAN)), "k1")).order();
        day.grantSlot();
        day.requireEffect(OrderEffect.SendPlace.class);
        OrderId cash = ((Answer.Accepted) day.placeOrder(terms(Optional.empty()), "k2")).order();
        assertThat(day.next(OrderEffect.SendPlace.class)).isEmpty();
        receive(301, Optional.empty());
        receiveList();
        assertThat(day.order(cash).liveRef()).isEmpty();
        day.deliverOutcome(credit, 1, new Outcome.Taken("06010", 301, "100002"));
        assertThat(number(credit)).isEqualTo(301);
    }

    @Test
    void two_equal_orders_of_one_loan_are_sent_one_after_the_other() {
        inDoubt("k1", Optional.of(LOAN));
        day.placeOrder(terms(Optional.of(LOAN)), "k2");
        assertThat(day.next(OrderEffect.SendPlace.class)).isEmpty();
    }

    @Test
    void a_row_without_a_loan_date_is_a_candidate_for_an_operator_and_adopted_when_it_is_excluded() {
        OrderId id = inDoubt("k1", Optional.of(LOAN));
        receiveList(row(201, Optional.empty()));
        assertThat(day.status(id)).isEqualTo(OrderStatus.UNKNOWN);
        assertThat(day.core.candidates().get(id)).containsExactly(201L);
        assertThat(adopted()).isEmpty();
        day.resolve(id, new OrderInput.Decision.NotAtBroker());
        receiveList(row(201, Optional.empty()));
        assertThat(day.status(id)).isEqualTo(OrderStatus.REJECTED);
        assertThat(adopted()).hasSize(1);
        // One that appears later with the loan is the order after all; one without is not.
        receiveList(row(201, Optional.empty()), row(202, Optional.empty()));
        assertThat(adopted()).hasSize(2);
        receiveList(row(201, Optional.empty()), row(202, Optional.empty()), row(203, Optional.of(LOAN)));
        assertThat(number(id)).isEqualTo(203);
    }

    @Test
    void a_receipt_with_its_loan_date_settles_the_order_before_it_is_listed() {
        OrderId id = inDoubt("k1", Optional.of(LOAN));
        receive(301, Optional.empty());
        receive(302, Optional.of(LOAN));
        receiveList();
        assertThat(number(id)).isEqualTo(302);
    }

    private void receive(long odno, Optional<Credit> credit) {
        day.on(new OrderInput.Noticed(new Notice(
                "A1",
                Notice.Kind.RECEIVED,
                odno,
                0,
                TradingDayFixture.SAMSUNG,
                Side.BUY,
                10,
                70_000,
                100_002,
                "06010",
                Optional.of(OrderKind.LIMIT),
                Optional.of(Venue.KRX),
                credit,
                Optional.empty())));
    }

    @Test
    void the_loan_of_an_order_outlives_a_restart() {
        OrderId id = inDoubt("k1", Optional.of(LOAN));
        day.crash();
        receiveList(row(201, Optional.empty()), row(202, Optional.of(LOAN)));
        assertThat(number(id)).isEqualTo(202);
        assertThat(day.order(id).terms().credit()).contains(LOAN);
    }
}
