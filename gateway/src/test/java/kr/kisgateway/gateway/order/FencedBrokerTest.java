package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.lease.Lease;
import kr.kisgateway.gateway.lease.LeaseFixture;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;

class FencedBrokerTest {
    private static final Instant NOW = Instant.parse("2026-11-26T01:00:00Z");

    private final List<Instant> deadlines = new ArrayList<>();
    private final List<String> sends = new ArrayList<>();
    private int released;
    private final Broker.Slot slot = () -> released++;

    private final Broker recording = new Broker() {
        @Override
        public SlotAnswer acquireSlot(String account, Lane lane, String tenant, Instant deadline) {
            deadlines.add(deadline);
            return new SlotAnswer.Granted(slot);
        }

        @Override
        public Optional<Slot> acquireFreeSlot(String account, Lane lane, String tenant, Instant deadline) {
            deadlines.add(deadline);
            return Optional.of(slot);
        }

        @Override
        public Outcome place(Slot granted, Terms terms) {
            sends.add("place");
            return new Outcome.Taken("", 1, "090000");
        }

        @Override
        public Outcome modify(Slot granted, Terms terms, String orgNo, long odno, long qty, long price) {
            sends.add("modify");
            return new Outcome.Taken("", 1, "090000");
        }

        @Override
        public Outcome cancel(Slot granted, Terms terms, String orgNo, long odno, long qty, boolean all) {
            sends.add("cancel");
            return new Outcome.Taken("", 1, "090000");
        }

        @Override
        public DailyOrders requestDailyOrders(AccountDay day) {
            return new DailyOrders.Failed("not in this test");
        }
    };

    private final Lease lease = LeaseFixture.held(Duration.ofSeconds(10), InstantSource.fixed(NOW));
    private final Broker broker = new FencedBroker(recording, lease);
    private final Terms terms = terms();

    private static Terms terms() {
        return new Terms(
                "A1",
                new Symbol("005930"),
                Side.BUY,
                1,
                OrderKind.LIMIT,
                OptionalLong.of(70_000),
                Venue.KRX,
                Optional.of("s1"),
                NOW.plusSeconds(5));
    }

    @Test
    void an_owner_sends() {
        assertThat(broker.place(slot, terms)).isInstanceOf(Broker.Outcome.Taken.class);
        assertThat(broker.modify(slot, terms, "", 1, 1, 1)).isInstanceOf(Broker.Outcome.Taken.class);
        assertThat(broker.cancel(slot, terms, "", 1, 1, true)).isInstanceOf(Broker.Outcome.Taken.class);
        assertThat(sends).containsExactly("place", "modify", "cancel");
        assertThat(released).isZero();
    }

    @Test
    void a_former_owner_sends_nothing_cancels_included_and_releases_the_slot() {
        lease.lose();
        assertThat(List.of(
                        broker.place(slot, terms),
                        broker.modify(slot, terms, "", 1, 1, 1),
                        broker.cancel(slot, terms, "", 1, 1, true)))
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Broker.Outcome.NotTaken.class,
                                notTaken -> assertThat(notTaken.code()).isEqualTo("NO_OWNER")));
        assertThat(sends).isEmpty();
        assertThat(released).isEqualTo(3);
    }

    @Test
    void a_slot_ends_with_the_lease_so_that_its_first_byte_leaves_before() {
        broker.acquireSlot("A1", Broker.Lane.CANCEL, "me", NOW.plusSeconds(60));
        broker.acquireSlot("A1", Broker.Lane.LIMIT, "me", NOW.plusSeconds(2));
        broker.acquireFreeSlot("A1", Broker.Lane.LIMIT, "me", NOW.plusSeconds(60));
        assertThat(deadlines).containsExactly(lease.heldUntil(), NOW.plusSeconds(2), lease.heldUntil());
        assertThat(lease.heldUntil()).isBefore(NOW.plusSeconds(10));
    }
}
