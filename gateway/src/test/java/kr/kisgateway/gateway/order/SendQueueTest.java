package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import kr.kisgateway.gateway.order.Broker.Lane;
import kr.kisgateway.gateway.order.SendQueue.BudgetShare;
import kr.kisgateway.gateway.order.SendQueue.Item;
import kr.kisgateway.gateway.order.SendQueue.SlotRequest;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import org.junit.jupiter.api.Test;

/** Which waiting request takes a slot, how many slots are requested ahead, and when a share pauses. */
class SendQueueTest {
    private static final Instant NOW = TradingDayFixture.MORNING;
    private static final BudgetShare LIMIT = new BudgetShare("A1", Lane.LIMIT, "local");
    private static final BudgetShare OTHER = new BudgetShare("B1", Lane.LIMIT, "local");
    private static final BudgetShare MARKET = new BudgetShare("A1", Lane.MARKET, "local");
    private static final Terms.Fingerprint FIRST = fingerprint(1);
    private static final Terms.Fingerprint SECOND = fingerprint(2);

    private final SendQueue queue = new SendQueue();
    private final SplittableRandom random = new SplittableRandom(1);

    private static Terms.Fingerprint fingerprint(long qty) {
        return new Terms.Fingerprint("A1", TradingDayFixture.SAMSUNG, Side.BUY, qty, 70_000, OrderType.LIMIT);
    }

    private Item item() {
        return new Item(OrderId.create(NOW, random), 1);
    }

    private Item added(BudgetShare share) {
        Item item = item();
        queue.add(share, item);
        return item;
    }

    private Item parked(BudgetShare share, Terms.Fingerprint fingerprint) {
        Item item = added(share);
        queue.park(item, fingerprint);
        return item;
    }

    private List<SlotRequest> requestSlots(Instant at) {
        return queue.requestSlots(at, _ -> true);
    }

    private Optional<Item> pick(BudgetShare share) {
        return queue.pick(share, _ -> true);
    }

    private int parkedBehind(Terms.Fingerprint fingerprint) {
        return queue.parked(_ -> true, Lane.LIMIT, fingerprint::equals);
    }

    @Test
    void each_waiting_request_has_one_slot_and_a_granted_one_is_replaced_only_for_a_further_request() {
        Item a = added(LIMIT);
        Item b = added(LIMIT);
        Item c = added(LIMIT);
        assertThat(requestSlots(NOW))
                .containsExactly(
                        new SlotRequest(1, LIMIT, a), new SlotRequest(2, LIMIT, b), new SlotRequest(3, LIMIT, c));
        assertThat(requestSlots(NOW)).isEmpty();

        assertThat(queue.granted(3)).contains(LIMIT);
        assertThat(queue.granted(3)).as("granted already").isEmpty();
        assertThat(pick(LIMIT)).as("the oldest, whichever slot arrives").contains(a);
        assertThat(requestSlots(NOW)).as("two wait and have two slots").isEmpty();

        assertThat(queue.granted(1)).contains(LIMIT);
        assertThat(requestSlots(NOW)).as("its slot was not used").containsExactly(new SlotRequest(4, LIMIT, c));
        assertThat(pick(LIMIT)).contains(b);
        assertThat(queue.granted(2)).contains(LIMIT);
        assertThat(pick(LIMIT)).contains(c);
        assertThat(pick(LIMIT)).isEmpty();
        assertThat(queue.granted(4)).contains(LIMIT);
        Item d = added(LIMIT);
        assertThat(requestSlots(NOW)).containsExactly(new SlotRequest(5, LIMIT, d));
    }

    @Test
    void a_slot_of_an_earlier_process_belongs_to_no_share() {
        assertThat(queue.granted(7)).isEmpty();
        queue.timedOut(7, NOW);
        assertThat(queue.nextPauseEnd()).isEmpty();
    }

    @Test
    void no_more_than_64_slots_of_a_share_are_requested_ahead() {
        List<Item> items = IntStream.range(0, 66).mapToObj(_ -> added(LIMIT)).toList();
        assertThat(requestSlots(NOW)).hasSize(64).last().isEqualTo(new SlotRequest(64, LIMIT, items.get(63)));
        assertThat(requestSlots(NOW)).isEmpty();
        queue.granted(1);
        assertThat(pick(LIMIT)).contains(items.getFirst());
        assertThat(requestSlots(NOW)).containsExactly(new SlotRequest(65, LIMIT, items.get(64)));
    }

    @Test
    void slots_are_requested_in_open_lanes_alone() {
        added(LIMIT);
        Item market = added(MARKET);
        assertThat(queue.requestSlots(NOW, lane -> lane == Lane.MARKET))
                .containsExactly(new SlotRequest(1, MARKET, market));
    }

    @Test
    void a_share_whose_slot_timed_out_requests_again_after_200_milliseconds() {
        Item a = added(LIMIT);
        added(OTHER);
        requestSlots(NOW);
        queue.timedOut(1, NOW);
        queue.timedOut(2, NOW.plusMillis(50));
        assertThat(queue.nextPauseEnd()).contains(NOW.plusMillis(200));
        assertThat(requestSlots(NOW.plusMillis(199))).isEmpty();
        assertThat(requestSlots(NOW.plusMillis(200))).containsExactly(new SlotRequest(3, LIMIT, a));
        assertThat(queue.nextPauseEnd()).contains(NOW.plusMillis(250));
        assertThat(requestSlots(NOW.plusMillis(250))).hasSize(1);
        assertThat(queue.nextPauseEnd()).isEmpty();
    }

    @Test
    void only_the_first_suspended_share_and_the_last_one_that_resumes_are_reported() {
        Item a = added(LIMIT);
        added(OTHER);
        requestSlots(NOW);
        assertThat(queue.suspend(9, NOW)).as("of an earlier process").isFalse();
        assertThat(queue.suspend(1, NOW)).isTrue();
        assertThat(queue.suspend(2, NOW)).isFalse();
        assertThat(queue.isSuspended(LIMIT)).isTrue();
        assertThat(queue.isSuspended(OTHER)).isTrue();
        assertThat(queue.nextPauseEnd()).contains(NOW.plus(Duration.ofMillis(500)));
        assertThat(requestSlots(NOW.plusMillis(499))).isEmpty();
        assertThat(requestSlots(NOW.plusMillis(500))).contains(new SlotRequest(3, LIMIT, a));

        assertThat(queue.resume(MARKET)).as("another share").isFalse();
        assertThat(queue.resume(LIMIT)).isFalse();
        assertThat(queue.isSuspended(LIMIT)).isFalse();
        assertThat(queue.isSuspended(OTHER)).isTrue();
        assertThat(queue.resume(OTHER)).isTrue();
        assertThat(queue.isSuspended(OTHER)).isFalse();
        assertThat(queue.resume(OTHER)).as("none is suspended").isFalse();
    }

    @Test
    void a_suspended_share_in_which_nothing_waits_any_more_resumes_with_any_other() {
        Item a = added(LIMIT);
        added(OTHER);
        requestSlots(NOW);
        queue.suspend(1, NOW);
        queue.suspend(2, NOW);
        queue.remove(a);
        assertThat(queue.resume(OTHER)).isTrue();
        assertThat(queue.isSuspended(LIMIT)).isFalse();
    }

    @Test
    void a_request_that_the_broker_did_not_accept_returns_to_its_place_and_a_removed_one_to_the_end() {
        Item a = added(LIMIT);
        Item b = added(LIMIT);
        assertThat(pick(LIMIT)).contains(a);
        queue.add(LIMIT, a);
        assertThat(pick(LIMIT)).contains(a);
        queue.remove(a);
        queue.add(LIMIT, a);
        assertThat(pick(LIMIT)).contains(b);
        assertThat(pick(LIMIT)).contains(a);
    }

    @Test
    void parked_requests_return_to_their_places_one_by_one_the_oldest_first() {
        Item a = parked(LIMIT, FIRST);
        Item b = parked(LIMIT, FIRST);
        Item c = added(LIMIT);
        assertThat(parkedBehind(FIRST)).isEqualTo(2);
        queue.unpark(SECOND);
        queue.unpark(FIRST);
        assertThat(parkedBehind(FIRST)).isEqualTo(1);
        assertThat(pick(LIMIT)).contains(a);
        assertThat(pick(LIMIT)).as("the other is parked still").contains(c);
        queue.unpark(FIRST);
        assertThat(parkedBehind(FIRST)).isZero();
        assertThat(pick(LIMIT)).contains(b);
        queue.unpark(FIRST);
        assertThat(pick(LIMIT)).isEmpty();
    }

    @Test
    void a_parked_request_that_is_removed_neither_counts_nor_returns() {
        Item a = parked(LIMIT, FIRST);
        Item b = parked(LIMIT, FIRST);
        queue.remove(a);
        assertThat(parkedBehind(FIRST)).isEqualTo(1);
        assertThat(queue.depth(_ -> true, Lane.LIMIT)).isEqualTo(1);
        queue.unpark(FIRST);
        assertThat(pick(LIMIT)).contains(b);
        assertThat(queue.depth(_ -> true, Lane.LIMIT)).isZero();
    }

    @Test
    void a_request_with_other_terms_leaves_the_parked_ones_and_returns_to_its_place() {
        Item a = parked(LIMIT, FIRST);
        Item b = parked(LIMIT, FIRST);
        Item c = added(LIMIT);
        queue.unpark(b);
        assertThat(parkedBehind(FIRST)).isEqualTo(1);
        assertThat(pick(LIMIT)).contains(b);
        assertThat(pick(LIMIT)).contains(c);
        queue.unpark(FIRST);
        assertThat(pick(LIMIT)).contains(a);
    }

    @Test
    void a_request_that_may_not_be_sent_makes_way_for_the_next_when_it_is_parked_or_removed() {
        Item a = added(LIMIT);
        Item b = added(LIMIT);
        Item c = added(LIMIT);
        assertThat(queue.pick(LIMIT, oldest -> {
                    if (oldest.equals(a)) {
                        queue.park(a, FIRST);
                    } else if (oldest.equals(b)) {
                        queue.remove(b);
                    }
                    return oldest.equals(c);
                }))
                .contains(c);
        assertThat(parkedBehind(FIRST)).isEqualTo(1);
        assertThat(queue.pick(LIMIT, _ -> true)).isEmpty();
    }

    @Test
    void a_request_that_may_not_be_sent_and_still_waits_is_a_defect() {
        Item a = added(LIMIT);
        assertThatThrownBy(() -> queue.pick(LIMIT, _ -> false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(a + " may not go and still waits");
    }

    @Test
    void the_last_request_that_may_not_be_sent_leaves_the_slot_unused() {
        Item a = added(LIMIT);
        assertThat(queue.pick(LIMIT, _ -> {
                    queue.remove(a);
                    return false;
                }))
                .isEmpty();
        assertThat(queue.depth(_ -> true, Lane.LIMIT)).isZero();
    }

    @Test
    void depth_and_parked_requests_are_counted_by_account_lane_and_fingerprint() {
        added(LIMIT);
        parked(LIMIT, FIRST);
        parked(LIMIT, FIRST);
        parked(OTHER, SECOND);
        added(MARKET);
        assertThat(queue.depth("A1"::equals, Lane.LIMIT)).isEqualTo(3);
        assertThat(queue.depth("B1"::equals, Lane.LIMIT)).isEqualTo(1);
        assertThat(queue.depth("A1"::equals, Lane.MARKET)).isEqualTo(1);
        assertThat(queue.depth("B1"::equals, Lane.MARKET)).isZero();
        assertThat(queue.depth(_ -> true, Lane.CANCEL)).isZero();
        assertThat(queue.parked(_ -> true, Lane.LIMIT, _ -> true)).isEqualTo(3);
        assertThat(queue.parked("A1"::equals, Lane.LIMIT, _ -> true)).isEqualTo(2);
        assertThat(queue.parked("B1"::equals, Lane.LIMIT, _ -> true)).isEqualTo(1);
        assertThat(queue.parked(_ -> true, Lane.LIMIT, SECOND::equals)).isEqualTo(1);
        assertThat(queue.parked(_ -> true, Lane.MARKET, _ -> true)).isZero();
    }
}
