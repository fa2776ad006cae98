package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import kr.kisgateway.gateway.order.OrderEvent.MatchedBy;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingDay;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;

/** The orders in memory, their indexes, and which of them a further day evicts. */
class OrderRegistryTest {
    private static final Instant NOW = TradingDayFixture.MORNING;
    private static final LocalDate DATE = LocalDate.of(2026, 11, 20);
    private static final UsSymbol APPLE = new UsSymbol(UsExchange.NASD, "AAPL");

    private final RandomGenerator random = new SplittableRandom(1);
    private final List<Optional<Order>> statesBefore = new ArrayList<>();
    private final OrderRegistry registry = new OrderRegistry(Map.of("A1", 7L), (before, _) -> statesBefore.add(before));

    private static AccountDay day(String account, int number) {
        return new AccountDay(account, korean(number));
    }

    /** The day {@code number} days after the first one. */
    private static TradingDay korean(int number) {
        return TradingDay.korean(DATE.plusDays(number));
    }

    private static Terms terms(String account, MarketSymbol symbol) {
        return new Terms(
                account,
                symbol,
                Side.BUY,
                10,
                OrderKind.LIMIT,
                OptionalLong.of(70_000),
                symbol.market().equals(Market.US) ? Venue.NASD : Venue.KRX,
                Optional.empty(),
                NOW.plusSeconds(5));
    }

    private static KeyUse key(String account, String key) {
        return new KeyUse("local/" + account, key, "hash of " + key);
    }

    private void record(OrderEvent event) {
        registry.record(event, NOW);
    }

    /** An order that waits to be sent; {@code key} is its idempotency key. */
    private OrderId accept(AccountDay day, String key) {
        return accept(day, key, TradingDayFixture.SAMSUNG);
    }

    private OrderId accept(AccountDay day, String key, MarketSymbol symbol) {
        OrderId id = OrderId.create(NOW, random);
        record(new OrderEvent.Accepted(
                id,
                terms(day.account(), symbol),
                key(day.account(), key),
                day.day().date(),
                OptionalLong.empty()));
        return id;
    }

    private OrderId acceptSending(AccountDay day, String key) {
        OrderId id = accept(day, key);
        record(new OrderEvent.SendStarted(id, 1, 1, List.of(), 0));
        return id;
    }

    /** An order that rests at the broker under {@code odno}. */
    private OrderId acceptResting(AccountDay day, String key, long odno) {
        OrderId id = acceptSending(day, key);
        acknowledge(id, odno);
        return id;
    }

    private void acknowledge(OrderId id, long odno) {
        record(new OrderEvent.BrokerAccepted(id, 1, "06010", odno, "100000", MatchedBy.ANSWER));
    }

    private OrderId acceptInDoubt(AccountDay day, String key) {
        OrderId id = acceptSending(day, key);
        record(new OrderEvent.SendInDoubt(id, 1, "TIMEOUT", "no answer"));
        return id;
    }

    private OrderId acceptFilled(AccountDay day, String key, long odno) {
        OrderId id = acceptResting(day, key, odno);
        fill(id, odno, 10);
        return id;
    }

    private void fill(OrderId id, long odno, long qty) {
        record(new OrderEvent.Filled(
                id, qty, qty * 70_000, new Fill(id + ".1", odno, qty, qty * 70_000, 100_001, Fill.Source.NOTICE)));
    }

    private void expire(OrderId id) {
        record(new OrderEvent.Expired(id, "SESSION_END"));
    }

    private void closeInDoubt(OrderId id) {
        record(new OrderEvent.Rejected(id, OrderCore.NOT_FOUND, "not listed"));
    }

    private Order order(OrderId id) {
        return registry.get(id);
    }

    // ---- events ----

    @Test
    void events_continue_the_positions_of_the_stream_of_their_account() {
        OrderId first = acceptSending(day("A1", 0), "k1");
        OrderId second = accept(day("B1", 0), "k1");
        assertThat(registry.takeRecorded())
                .extracting(
                        OrderCore.RecordedEvent::stream,
                        OrderCore.RecordedEvent::seq,
                        it -> it.event().order())
                .containsExactly(tuple("A1", 8L, first), tuple("A1", 9L, first), tuple("B1", 1L, second));
        assertThat(registry.takeRecorded()).isEmpty();
        assertThat(registry.nextSeq("A1")).isEqualTo(10);
        assertThat(registry.takeChanged()).containsExactly(first, second);
        assertThat(registry.takeChanged()).isEmpty();
        assertThat(statesBefore).extracting(Optional::isPresent).containsExactly(false, true, false);
        assertThatIllegalStateException()
                .isThrownBy(() -> order(OrderId.create(NOW, random)))
                .withMessageContaining("in memory");
    }

    @Test
    void the_key_of_each_request_is_recorded_with_its_kind() {
        OrderId id = acceptResting(day("A1", 0), "place", 101);
        record(new OrderEvent.ModifyRequested(
                id,
                OptionalLong.empty(),
                OptionalLong.of(70_500),
                List.of(new OrderEvent.PlannedRequest(2, BrokerRequest.Kind.MODIFY, 0, OptionalLong.of(70_500))),
                NOW.plusSeconds(5),
                key("A1", "modify")));
        record(new OrderEvent.CancelRequested(id, 3, key("A1", "cancel"), Optional.empty()));
        record(new OrderEvent.ReplaceRequested(
                id,
                4,
                OrderId.create(NOW, random),
                20,
                OptionalLong.empty(),
                NOW.plusSeconds(5),
                key("A1", "replace")));
        record(new OrderEvent.ReplaceEnded(
                id, Replacement.Outcome.ABANDONED, "cancelled", Optional.of(key("A1", "end"))));
        record(new OrderEvent.Resolved(id, 2, "NOT_AT_BROKER", Optional.empty(), List.of(), key("A1", "resolve")));
        assertUsed(id, "place", KeyUse.Kind.PLACE);
        assertUsed(id, "modify", KeyUse.Kind.MODIFY);
        assertUsed(id, "cancel", KeyUse.Kind.CANCEL);
        assertUsed(id, "replace", KeyUse.Kind.MODIFY);
        assertUsed(id, "end", KeyUse.Kind.CANCEL);
        assertUsed(id, "resolve", KeyUse.Kind.RESOLVE);
        assertThat(registry.use(key("B1", "place").name())).isEmpty();
    }

    private void assertUsed(OrderId id, String key, KeyUse.Kind kind) {
        assertThat(registry.use(key("A1", key).name())).contains(new OrderInput.PriorUse("hash of " + key, id, kind));
    }

    // ---- orders that the broker's list may change ----

    @Test
    void the_open_orders_at_the_broker_and_the_ended_ones_with_missing_fills_of_a_day_are_unsettled() {
        AccountDay today = day("A1", 0);
        OrderId unsent = accept(today, "k1");
        assertThat(registry.unsettled(today)).as("nothing was sent").isZero();
        assertThat(registry.daysAtBroker()).isEmpty();
        OrderId first = acceptResting(today, "k2", 101);
        OrderId second = acceptSending(today, "k3");
        OrderId third = acceptResting(today, "k4", 103);
        assertThat(registry.unsettled(today)).isEqualTo(3);
        assertThat(registry.daysAtBroker()).containsExactly(today);
        fill(first, 101, 10);
        assertThat(registry.unsettled(today)).isEqualTo(2);
        assertThat(registry.daysAtBroker()).containsExactly(today);
        expire(third);
        assertThat(registry.unsettled(today))
                .as("the list may show its last fills")
                .isEqualTo(2);
        acknowledge(second, 102);
        record(new OrderEvent.Canceled(second, 6, "canceled"));
        assertThat(registry.unsettled(today)).as("four shares are missing").isEqualTo(2);
        assertThat(registry.daysAtBroker()).isEmpty();
        assertThat(registry.unsettled(day("A1", 1))).isZero();
        assertThat(registry.unsettled(day("B1", 0))).isZero();
        assertThat(registry.endedUnsettled()).containsExactly(second, third);
        assertThat(registry.unsettled(order(unsent))).isTrue();
        assertThat(registry.unsettled(order(first))).as("filled").isFalse();
        assertThat(registry.unsettled(order(second))).isTrue();
        assertThat(registry.unsettled(order(third))).isTrue();
    }

    @Test
    void an_order_that_opens_again_is_at_the_broker_again() {
        AccountDay today = day("A1", 0);
        OrderId id = acceptResting(today, "k1", 101);
        expire(id);
        assertThat(registry.daysAtBroker()).isEmpty();
        record(new OrderEvent.ModifiedOutside(id, "06010", 101, 10, OptionalLong.of(70_000), "100000"));
        assertThat(registry.daysAtBroker()).containsExactly(today);
        assertThat(registry.unsettled(today)).isEqualTo(1);
        assertThat(registry.endedUnsettled()).isEmpty();
    }

    @Test
    void orders_in_doubt_are_counted_until_they_are_settled() {
        AccountDay today = day("A1", 0);
        OrderId settled = acceptInDoubt(today, "k1");
        OrderId closed = acceptInDoubt(today, "k2");
        assertThat(registry.unknown()).isEqualTo(2);
        assertThat(registry.hasClosedInDoubt()).isFalse();
        assertThat(registry.daysClosedInDoubt()).isEmpty();
        assertThat(registry.daysAwaitingReconcile()).containsExactly(today);
        acknowledge(settled, 101);
        closeInDoubt(closed);
        assertThat(registry.unknown()).isZero();
        assertThat(registry.hasClosedInDoubt()).isTrue();
        assertThat(registry.closedInDoubt()).containsExactly(order(closed));
        assertThat(registry.daysClosedInDoubt()).containsExactly(today);
        assertThat(registry.daysAwaitingReconcile()).isEmpty();
        registry.closed(today);
        assertThat(registry.daysClosedInDoubt())
                .as("its complete list was read")
                .isEmpty();
    }

    @Test
    void a_list_is_awaited_only_by_orders_that_it_can_resolve() {
        AccountDay today = day("A1", 0);
        accept(today, "k1");
        acceptSending(today, "k2");
        acceptFilled(today, "k3", 103);
        expire(acceptResting(today, "k4", 104));
        OrderId resting = acceptResting(today, "k5", 105);
        assertThat(registry.daysAwaitingReconcile()).isEmpty();
        record(new OrderEvent.Filled(resting, 0, 0, new Fill("e", 105, 3, 210_000, 0, Fill.Source.QUERY)));
        assertThat(registry.daysAwaitingReconcile())
                .as("the notice of a listed fill is missing")
                .containsExactly(today);
        fill(resting, 105, 7);
        assertThat(registry.daysAwaitingReconcile()).isEmpty();
    }

    @Test
    void the_orders_of_a_day_are_those_of_its_account() {
        OrderId id = accept(day("A1", 0), "k1");
        accept(day("B1", 0), "k1");
        accept(day("A1", 1), "k2");
        assertThat(registry.ordersOf(day("A1", 0))).containsExactly(order(id));
        assertThat(registry.hasOrdersOf(day("A1", 0))).isTrue();
        assertThat(registry.hasOrdersOf(day("B1", 1))).isFalse();
        assertThat(registry.ordersOf(day("B1", 1))).isEmpty();
    }

    @Test
    void ended_orders_of_earlier_days_of_the_market_wait_for_their_list_oldest_day_first() {
        expire(acceptResting(day("A1", 1), "k2", 102));
        expire(acceptResting(day("A1", 0), "k1", 101));
        closeInDoubt(acceptInDoubt(day("B1", 0), "k1"));
        expire(acceptResting(day("A1", 2), "k3", 103));
        OrderId us = accept(new AccountDay("A1", new TradingDay(Market.US, DATE)), "k4", APPLE);
        record(new OrderEvent.SendStarted(us, 1, 1, List.of(), 0));
        acknowledge(us, 201);
        expire(us);
        assertThat(registry.unsettledBefore(korean(2))).containsExactly(day("A1", 0), day("B1", 0), day("A1", 1));
        assertThat(registry.unsettledBefore(new TradingDay(Market.US, DATE.plusDays(1))))
                .containsExactly(new AccountDay("A1", new TradingDay(Market.US, DATE)));
        registry.closed(day("A1", 0));
        assertThat(registry.unsettledBefore(korean(2))).containsExactly(day("B1", 0), day("A1", 1));
    }

    // ---- eviction ----

    private boolean inMemory(OrderId id) {
        return registry.order(id).isPresent();
    }

    @Test
    void a_day_begins_once_and_only_forward() {
        assertThat(registry.rollTo(korean(0))).isTrue();
        assertThat(registry.rollTo(korean(0))).isFalse();
        assertThat(registry.rollTo(new TradingDay(Market.US, DATE)))
                .as("of another market")
                .isTrue();
        assertThat(registry.rollTo(korean(1))).isTrue();
        assertThat(registry.rollTo(korean(0))).as("the clock was set back").isFalse();
        assertThat(registry.mayHaveEvicted(korean(0))).isTrue();
        assertThat(registry.mayHaveEvicted(korean(1))).isFalse();
        assertThat(registry.mayHaveEvicted(new TradingDay(Market.US, DATE))).isFalse();
    }

    @Test
    void an_ended_order_of_the_day_before_stays_until_its_list_is_read_or_another_day_begins() {
        registry.rollTo(korean(0));
        OrderId listed = acceptFilled(day("A1", 0), "k1", 101);
        OrderId unlisted = acceptFilled(day("B1", 0), "k1", 101);
        registry.rollTo(korean(1));
        assertThat(inMemory(listed)).isTrue();
        registry.closed(day("A1", 0));
        assertThat(inMemory(listed)).as("until the next input").isTrue();
        registry.rollTo(korean(1));
        assertThat(inMemory(listed)).isFalse();
        assertThat(inMemory(unlisted)).isTrue();
        registry.rollTo(korean(2));
        assertThat(inMemory(unlisted)).isFalse();
    }

    @Test
    void an_order_that_ends_after_its_day_is_evicted_when_the_next_day_begins() {
        registry.rollTo(korean(0));
        OrderId id = acceptResting(day("A1", 0), "k1", 101);
        registry.rollTo(korean(1));
        registry.rollTo(korean(2));
        fill(id, 101, 10);
        registry.rollTo(korean(2));
        assertThat(inMemory(id)).as("its last status can be requested").isTrue();
        registry.rollTo(korean(3));
        assertThat(inMemory(id)).isFalse();
    }

    @Test
    void an_order_that_ends_after_the_complete_list_of_its_day_was_read_waits_for_another_list() {
        registry.rollTo(korean(0));
        OrderId id = acceptResting(day("A1", 0), "k1", 101);
        registry.rollTo(korean(1));
        registry.closed(day("A1", 0));
        registry.rollTo(korean(1));
        expire(id);
        registry.closed(day("B1", 0));
        registry.rollTo(korean(1));
        assertThat(inMemory(id)).isTrue();
        registry.closed(day("A1", 0));
        registry.rollTo(korean(1));
        assertThat(inMemory(id)).isFalse();
    }

    @Test
    void a_day_whose_complete_list_was_read_before_the_next_day_began_is_evicted_with_that() {
        registry.rollTo(korean(0));
        OrderId id = acceptFilled(day("A1", 0), "k1", 101);
        registry.closed(day("A1", 0));
        registry.rollTo(korean(0));
        assertThat(inMemory(id)).isTrue();
        registry.rollTo(korean(1));
        assertThat(inMemory(id)).isFalse();
    }

    @Test
    void the_ended_orders_of_a_day_with_an_order_open_or_closed_in_doubt_stay_to_be_recognized() {
        OrderId ofOpen = acceptFilled(day("A1", 0), "k1", 101);
        acceptResting(day("A1", 0), "k2", 102);
        OrderId ofClosedInDoubt = acceptFilled(day("B1", 0), "k1", 101);
        closeInDoubt(acceptInDoubt(day("B1", 0), "k2"));
        OrderId ofSettled = acceptFilled(day("C1", 0), "k1", 101);
        registry.rollTo(korean(1));
        registry.rollTo(korean(2));
        assertThat(inMemory(ofOpen)).isTrue();
        assertThat(inMemory(ofClosedInDoubt)).isTrue();
        assertThat(inMemory(ofSettled)).isFalse();
    }

    @Test
    void eviction_removes_an_order_from_every_index_and_leaves_the_others() {
        AccountDay past = day("B1", 0);
        AccountDay pastOfOpen = day("A1", 0);
        AccountDay today = day("A1", 2);
        OrderId evicted = acceptFilled(past, "k1", 101);
        OrderId open = acceptInDoubt(pastOfOpen, "k2");
        OrderId resting = acceptResting(pastOfOpen, "k3", 103);
        OrderId ofToday = acceptFilled(today, "k4", 104);
        OrderId expired = acceptResting(today, "k5", 105);
        expire(expired);
        registry.rollTo(korean(2));

        assertThat(inMemory(evicted)).isFalse();
        assertThat(registry.use(key("B1", "k1").name())).isEmpty();
        assertThat(registry.findByBrokerNumber(past, 101)).isEmpty();
        assertThat(registry.changedSinceRequest("B1")).isEmpty();

        assertUsed(open, "k2", KeyUse.Kind.PLACE);
        assertUsed(ofToday, "k4", KeyUse.Kind.PLACE);
        assertThat(registry.findByBrokerNumber(pastOfOpen, 103)).contains(order(resting));
        assertThat(registry.findByBrokerNumber(today, 104)).contains(order(ofToday));
        assertThat(registry.changedSinceRequest("A1")).containsExactlyInAnyOrder(open, resting, ofToday, expired);
        assertThat(registry.daysAwaitingReconcile()).containsExactly(pastOfOpen);
        assertThat(registry.endedUnsettled()).containsExactly(expired);
        registry.markDailyOrdersRequested("A1");
        assertThat(registry.changedSinceRequest("A1")).isEmpty();
    }
}
