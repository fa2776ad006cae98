package kr.kisgateway.gateway.order;

import static kr.kisgateway.gateway.order.TradingDayFixture.listedRow;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.order.Broker.BrokerOrder;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two accounts of one app key and one of another: what KIS numbers, lists and reports of one is never another's. */
class AccountsApartTest {
    private final TradingDayFixture day = new TradingDayFixture();

    @BeforeEach
    void start() {
        useAccounts(10);
    }

    private void useAccounts(double sendsPerSecond) {
        day.settings = new OrderSettings(
                Map.of("A1", "K1", "B1", "K1", "C1", "K2"),
                sendsPerSecond,
                true,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                false);
        day.crash();
    }

    private OrderEffect.RequestDailyOrders listRequest(String account) {
        return day.effects.stream()
                .filter(OrderEffect.RequestDailyOrders.class::isInstance)
                .map(OrderEffect.RequestDailyOrders.class::cast)
                .filter(request -> request.day().account().equals(account))
                .findFirst()
                .orElseThrow(() -> new AssertionError("the list of " + account + " is not requested"));
    }

    private void receiveList(String account, BrokerOrder... rows) {
        var request = listRequest(account);
        day.effects.remove(request);
        day.on(new OrderInput.ListArrived(
                request.day(), new Broker.DailyOrders.Complete(day.now, List.of(rows)), Optional.empty()));
    }

    private void readAllLists() {
        receiveList("A1");
        receiveList("B1");
        receiveList("C1");
    }

    private Answer place(String account, String key) {
        return day.placeOrder(
                new Terms(
                        account,
                        TradingDayFixture.SAMSUNG,
                        Side.BUY,
                        10,
                        OrderKind.LIMIT,
                        OptionalLong.of(70_000),
                        Venue.KRX,
                        Optional.empty(),
                        day.now.plusSeconds(5)),
                key);
    }

    private OrderId placed(String account, String key) {
        return ((Answer.Accepted) place(account, key)).order();
    }

    /** Grants the slot that is requested for the account; its order is sent. */
    private void send(String account) {
        var request = day.effects.stream()
                .filter(OrderEffect.RequestSlot.class::isInstance)
                .map(OrderEffect.RequestSlot.class::cast)
                .filter(it -> it.account().equals(account))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no slot of " + account));
        day.effects.remove(request);
        day.on(new OrderInput.SlotGranted(request.slot()));
        assertThat(day.next(OrderEffect.SendPlace.class).orElseThrow().terms().accountId())
                .isEqualTo(account);
    }

    private OrderId resting(String account, String key, long odno) {
        OrderId id = placed(account, key);
        send(account);
        day.deliverOutcome(id, 1, new Broker.Outcome.Taken("06010", odno, "100000"));
        return id;
    }

    private void receiveFill(String account, long odno, long qty) {
        day.on(new OrderInput.Noticed(new Notice(
                account,
                Notice.Kind.FILLED,
                odno,
                0,
                TradingDayFixture.SAMSUNG,
                Side.BUY,
                qty,
                70_000,
                100_001,
                "06010",
                Optional.empty(),
                Optional.empty())));
    }

    @Test
    void equal_orders_of_two_accounts_are_sent_at_the_same_time_and_the_same_number_is_two_orders() {
        readAllLists();
        OrderId first = placed("A1", "a");
        OrderId second = placed("B1", "b");
        send("A1");
        send("B1");
        day.deliverOutcome(first, 1, new Broker.Outcome.Taken("06010", 101, "100000"));
        day.deliverOutcome(second, 1, new Broker.Outcome.Taken("06010", 101, "100000"));
        receiveFill("B1", 101, 4);
        assertThat(day.shown.get(second).filled()).isEqualTo(4);
        assertThat(day.shown.get(first).filled()).isZero();
        receiveFill("C1", 101, 4);
        assertThat(day.shown.get(first).filled())
                .as("no order of C1 has the number")
                .isZero();
    }

    @Test
    void an_order_in_doubt_is_not_matched_with_an_equal_one_of_another_account() {
        readAllLists();
        OrderId inDoubt = placed("A1", "a");
        send("A1");
        day.deliverOutcome(inDoubt, 1, new Broker.Outcome.InDoubt("TIMEOUT", "no answer"));
        day.now = day.now.plusSeconds(2);
        day.on(new OrderInput.NoticesMissed("test"));
        receiveList("B1", listedRow(202, 100_001, 0, 0, 0));
        assertThat(day.shown.get(inDoubt).status()).isEqualTo(OrderStatus.UNKNOWN);
        assertThat(day.shown.values())
                .filteredOn(Order::external)
                .singleElement()
                .satisfies(order -> assertThat(order.terms().accountId()).isEqualTo("B1"));
        receiveList("A1", listedRow(303, 100_001, 0, 0, 0));
        assertThat(day.shown.get(inDoubt).status()).isEqualTo(OrderStatus.SENT);
        assertThat(day.shown.get(inDoubt).placing().odno()).hasValue(303);
    }

    @Test
    void an_account_whose_list_cannot_be_read_holds_back_its_own_orders_alone() {
        receiveList("A1");
        receiveList("C1");
        var failing = listRequest("B1");
        day.effects.remove(failing);
        day.on(new OrderInput.ListArrived(failing.day(), new Broker.DailyOrders.Failed("OPSQ2000"), Optional.empty()));
        assertThat(day.core.reconciled()).containsExactlyInAnyOrder("A1", "C1");
        assertThat(day.next(OrderEffect.Alert.class).orElseThrow())
                .satisfies(alert -> assertThat(alert.event()).isEqualTo(AlertEvent.LIST_FAILED.publicName()))
                .satisfies(alert -> assertThat(alert.message()).contains("B1"));

        resting("A1", "a", 101);
        assertThat(((Answer.Refused) place("B1", "b")).refusal().details().toString())
                .contains("RECONCILING");
        for (int i = 0; i < 4; i++) {
            day.advance(Duration.ofSeconds(8));
            receiveList("A1", listedRow(101, 100_000, 0, 0, 0));
            if (day.effects.stream()
                    .anyMatch(effect -> effect instanceof OrderEffect.RequestDailyOrders request
                            && request.day().account().equals("B1"))) {
                var again = listRequest("B1");
                day.effects.remove(again);
                day.on(new OrderInput.ListArrived(
                        again.day(), new Broker.DailyOrders.Failed("OPSQ2000"), Optional.empty()));
            }
        }
        assertThat(day.core.reconciled()).containsExactlyInAnyOrder("A1", "C1");
    }

    @Test
    void an_order_of_an_account_that_is_gone_is_refused_before_anything_else() {
        readAllLists();
        assertThat(((Answer.Refused) place("GONE", "g")).refusal().code()).isEqualTo(ErrorCode.ACCOUNT_NOT_FOUND);
        assertThat(place("A1", "a")).isInstanceOf(Answer.Accepted.class);
    }

    @Test
    void only_orders_of_the_same_app_key_use_up_the_time_until_dispatch_by() {
        useAccounts(1);
        readAllLists();
        int accepted = 0;
        while (place(accepted % 2 == 0 ? "A1" : "B1", "k" + accepted) instanceof Answer.Accepted) {
            accepted++;
        }
        assertThat(accepted).isBetween(3, 5);
        assertThat(place("C1", "c")).isInstanceOf(Answer.Accepted.class);
    }
}
