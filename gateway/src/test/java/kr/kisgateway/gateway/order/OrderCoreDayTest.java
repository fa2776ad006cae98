package kr.kisgateway.gateway.order;

import static kr.kisgateway.gateway.order.TradingDayFixture.code;
import static kr.kisgateway.gateway.order.TradingDayFixture.listedRow;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingDay;
import org.junit.jupiter.api.Test;

/** Ends of sessions and days, and when the list of a day is requested. */
class OrderCoreDayTest {
    private final TradingDayFixture day = TradingDayFixture.open();

    @Test
    void the_complete_list_of_a_day_is_read_a_minute_after_its_end_and_of_the_US_only_after_a_day_with_orders() {
        Instant close = TradingDayFixture.MIDNIGHT.plusSeconds(60);
        assertThat(day.core.nextTimer()).contains(close);
        day.reach(close.minusMillis(1));
        assertThat(day.requestedLists()).isEmpty();
        day.reach(close);
        assertThat(day.readAllLists()).containsExactly(TradingDayFixture.ON_FRIDAY);
        assertThat(day.core.nextTimer()).contains(close.plus(Duration.ofDays(1)));

        OrderId id = day.placeUs(OrderType.LIMIT, 1_000_000, "us");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.Refused("APBK0000", "no"));
        assertThat(day.status(id)).isEqualTo(OrderStatus.REJECTED);
        day.reach(close.plus(Duration.ofDays(1)));
        LocalDate saturday = TradingDayFixture.ON_FRIDAY.day().date().plusDays(1);
        assertThat(day.readAllLists())
                .containsExactly(
                        new AccountDay("A1", new TradingDay(Market.KOREA, saturday)),
                        new AccountDay("A1", new TradingDay(Market.US, saturday)));
        assertThat(day.core.nextTimer()).contains(close.plus(Duration.ofDays(2)));
    }

    @Test
    void a_start_just_after_midnight_still_reads_the_complete_list_of_the_day_before() {
        day.expireAtMidnight();
        day.now = TradingDayFixture.MIDNIGHT.plusSeconds(30);
        day.crash();
        assertThat(day.readAllLists(listedRow(101, 100_000, 0, 0, 0)))
                .contains(TradingDayFixture.ON_FRIDAY)
                .hasSize(2);
        assertThat(day.core.nextTimer()).contains(TradingDayFixture.MIDNIGHT.plusSeconds(60));
        day.reach(TradingDayFixture.MIDNIGHT.plusSeconds(60));
        assertThat(day.requestedLists()).containsExactly(TradingDayFixture.ON_FRIDAY);
    }

    @Test
    void a_start_on_the_next_morning_reads_the_list_of_the_day_before_only_of_an_account_with_an_order() {
        day.expireAtMidnight();
        day.now = TradingDayFixture.MIDNIGHT.plus(Duration.ofHours(9));
        day.settings = new OrderSettings(
                Map.of("A1", "K1", "B1", "K1"), 10, true, Duration.ofSeconds(5), Duration.ofSeconds(5), false);
        day.crash();
        var today = new TradingDay(
                Market.KOREA, TradingDayFixture.ON_FRIDAY.day().date().plusDays(1));
        assertThat(day.readAllLists(listedRow(101, 100_000, 0, 0, 0)))
                .containsExactlyInAnyOrder(
                        new AccountDay("A1", today), new AccountDay("B1", today), TradingDayFixture.ON_FRIDAY);
        assertThat(day.core.nextTimer())
                .contains(TradingDayFixture.MIDNIGHT.plus(Duration.ofDays(1)).plusSeconds(60));
    }

    @Test
    void the_list_is_requested_when_the_session_of_a_resting_order_ends_and_until_it_shows_how_it_ended() {
        day.now = TradingDayFixture.MIDNIGHT.minusSeconds(2);
        OrderId id = day.placeSent("k1", 101);
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.receiveList(listedRow(101, 235_958, 0, 0, 0));
        assertThat(day.core.nextTimer())
                .as("before the end, only the next comparison is due")
                .contains(TradingDayFixture.MIDNIGHT);
        day.reach(TradingDayFixture.MIDNIGHT.minusMillis(1));
        assertThat(day.requestedLists()).isEmpty();
        day.reach(TradingDayFixture.MIDNIGHT);
        day.receiveList();
        assertThat(day.status(id)).isEqualTo(OrderStatus.SENT);
        assertThat(day.core.nextTimer()).contains(TradingDayFixture.MIDNIGHT.plusSeconds(1));
        day.reach(TradingDayFixture.MIDNIGHT.plusSeconds(1));
        assertThat(day.requestedLists()).containsExactly(TradingDayFixture.ON_FRIDAY);
    }

    @Test
    void the_end_of_the_session_requests_no_list_for_an_order_that_ended_before_or_waits_for_its_answer() {
        day.placeSent("k0", 101);
        day.receiveFill(101, 10, 70_000, 100_001);
        day.reach(TradingDayFixture.MIDNIGHT.minusSeconds(2));
        day.readAllLists(listedRow(101, 100_000, 10, 700_000, 0));
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.reach(TradingDayFixture.MIDNIGHT);
        assertThat(day.requestedLists()).isEmpty();

        day.deliverOutcome(id, 1, new Outcome.Taken("06010", 102, "235959"));
        assertThat(day.requestedLists())
                .as("it may have ended with the session")
                .containsExactly(TradingDayFixture.ON_FRIDAY);
    }

    @Test
    void missed_notices_request_the_list_of_an_order_of_the_day_before_and_of_today() {
        day.now = TradingDayFixture.MIDNIGHT.minusSeconds(2);
        day.buy("k1");
        day.grantSlot();
        day.reach(TradingDayFixture.MIDNIGHT.plusSeconds(1));
        day.on(new OrderInput.NoticesMissed("reconnect"));
        assertThat(day.readAllLists())
                .containsExactly(
                        TradingDayFixture.ON_FRIDAY,
                        new AccountDay(
                                "A1",
                                new TradingDay(
                                        Market.KOREA,
                                        TradingDayFixture.ON_FRIDAY.day().date().plusDays(1))));
        assertThat(day.core.nextTimer())
                .as("a request that waits for its answer needs no other list; its dispatch_by is due next")
                .contains(TradingDayFixture.MIDNIGHT.plusSeconds(3));
    }

    @Test
    void missed_notices_request_the_list_of_the_US_on_a_day_with_orders() {
        OrderId id = day.placeUs(OrderType.LIMIT, 1_000_000, "us");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.Refused("APBK0000", "no"));
        day.on(new OrderInput.NoticesMissed("reconnect"));
        assertThat(day.readAllLists())
                .containsExactly(
                        TradingDayFixture.ON_FRIDAY,
                        new AccountDay(
                                "A1",
                                new TradingDay(
                                        Market.US,
                                        TradingDayFixture.ON_FRIDAY.day().date())));
    }

    @Test
    void missed_notices_shorten_the_pauses_between_lists_again() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.readListsUntilPausesAreLong();
        assertThat(day.core.nextTimer()).contains(day.now.plusSeconds(5));
        day.on(new OrderInput.NoticesMissed("reconnect"));
        day.receiveList();
        assertThat(day.core.nextTimer()).contains(day.now.plusSeconds(1));
    }

    @Test
    void notices_without_an_order_are_dropped_at_the_end_of_the_day() {
        day.receiveNotice(Notice.Kind.RECEIVED, 555, 0, 10, 70_000);
        assertThat(day.core.unmatchedNotices()).isEqualTo(1);
        day.reach(TradingDayFixture.MIDNIGHT);
        assertThat(day.core.unmatchedNotices()).isZero();
    }

    @Test
    void the_orders_of_a_day_count_against_its_limit_until_the_day_ends() {
        day.buy("k1");
        assertThat(day.core.policy().dailyOrders(day.core.exposure())).hasSize(1);
        day.reach(TradingDayFixture.MIDNIGHT);
        assertThat(day.core.policy().dailyOrders(day.core.exposure())).isEmpty();
    }

    @Test
    void a_sell_acknowledged_before_midnight_is_in_an_account_request_of_after_it() {
        day.now = TradingDayFixture.MIDNIGHT.minusSeconds(10);
        OrderId id = day.sellSent(101);
        day.reach(TradingDayFixture.MIDNIGHT.plusSeconds(70));
        day.cancel(id);
        day.now = TradingDayFixture.MIDNIGHT.plusSeconds(75);
        assertThat(day.placeOrder(
                        day.limit(Side.SELL, 10, 70_000),
                        "k2",
                        TradingDayFixture.sellable(10, day.now.minusSeconds(10))))
                .isInstanceOf(Answer.Accepted.class);
    }

    // ---- comparisons ----

    @Test
    void a_notice_without_an_order_is_compared_with_the_list_even_with_nothing_open() {
        day.receiveNotice(Notice.Kind.RECEIVED, 555, 0, 10, 70_000);
        assertThat(day.core.nextTimer()).contains(day.now.plusSeconds(5));
        day.advance(Duration.ofSeconds(5));
        assertThat(day.requestedLists()).containsExactly(TradingDayFixture.ON_FRIDAY);
        day.receiveList(listedRow(555, 100_000, 0, 0, 0));
        assertThat(day.core.unmatchedNotices()).isZero();
    }

    @Test
    void an_order_closed_as_not_found_is_compared_with_the_list_even_with_nothing_open() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.receiveList();
        day.resolve(id, new OrderInput.Decision.NotAtBroker());
        day.readAllLists();
        assertThat(day.core.nextTimer()).contains(day.now.plusSeconds(5));
        day.advance(Duration.ofSeconds(5));
        assertThat(day.requestedLists()).containsExactly(TradingDayFixture.ON_FRIDAY);
    }

    @Test
    void a_list_that_cannot_be_read_alerts_is_requested_again_and_settles_the_alert_when_it_arrives() {
        day.on(new OrderInput.Reconcile(77));
        AccountDay listed =
                day.next(OrderEffect.RequestDailyOrders.class).orElseThrow().day();
        day.on(new OrderInput.ListArrived(listed, new Broker.DailyOrders.Failed("timeout")));
        assertThat(day.raisedAlerts())
                .containsExactly(new OrderEffect.Alert(
                        Level.P2,
                        AlertEvent.LIST_FAILED,
                        listed.toString(),
                        "the broker's list of " + listed + " could not be read: timeout",
                        Optional.empty(),
                        Optional.empty()));
        assertThat(code(day.answers.get(77L))).isEqualTo(ErrorCode.UPSTREAM_TIMEOUT);
        assertThat(day.alerts.open(AlertEvent.LIST_FAILED)).isEqualTo(1);
        assertThat(day.core.nextTimer()).contains(day.now.plusSeconds(1));
        day.advance(Duration.ofSeconds(1));
        day.receiveList();
        assertThat(day.alerts.open(AlertEvent.LIST_FAILED)).isZero();
    }

    @Test
    void the_candidates_of_an_order_are_dropped_once_it_is_resolved() {
        OrderId id = day.buy("k1");
        day.grantSlot();
        day.deliverOutcome(id, 1, new Outcome.InDoubt("TIMEOUT", "no answer"));
        day.receiveList(listedRow(778, 100_003, 0, 0, 0), listedRow(777, 100_002, 0, 0, 0));
        assertThat(day.core.candidates()).containsExactly(Map.entry(id, List.of(777L, 778L)));
        day.resolve(id, new OrderInput.Decision.IsOrder(777));
        day.advance(Duration.ofSeconds(1));
        day.receiveList(listedRow(778, 100_003, 0, 0, 0), listedRow(777, 100_002, 0, 0, 0));
        assertThat(day.core.candidates()).isEmpty();
    }

    @Test
    void a_list_replaces_the_notices_of_recorded_orders() {
        day.placeSent("k1", 101);
        day.receiveNotice(
                Notice.Kind.FILLED, 105, 101, 2, 70_400); // modified elsewhere, or repeated under another number
        assertThat(day.core.unmatchedNotices()).isEqualTo(1);
        day.advance(Duration.ofSeconds(1));
        day.receiveList(listedRow(101, 100_000, 0, 0, 0));
        assertThat(day.core.unmatchedNotices()).isZero();
    }
}
