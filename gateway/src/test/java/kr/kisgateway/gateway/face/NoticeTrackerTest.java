package kr.kisgateway.gateway.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import kr.kisgateway.gateway.order.Fill;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderEvent;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.ExecutionNotice.Kind;
import org.junit.jupiter.api.Test;

/** Each event of an order is reported once: a program that adds up fills would count one twice. */
class NoticeTrackerTest {
    private static final Instant NOW = Instant.parse("2026-11-20T01:00:00Z");

    private final NoticeTracker tracker = new NoticeTracker(InstantSource.fixed(NOW));
    private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    private long numbers = 1_000;

    /** An order for 10 shares that KIS has accepted. */
    private Order accepted() {
        var terms = new Terms(
                "A1",
                new Symbol("005930"),
                Side.BUY,
                10,
                OrderKind.LIMIT,
                OptionalLong.of(70_000),
                Venue.KRX,
                Optional.empty(),
                NOW.plusSeconds(5));
        OrderId id = OrderId.create(NOW, random);
        Order order = Order.create(
                new OrderEvent.Accepted(
                        id,
                        terms,
                        new KeyUse("a/A1", id.text(), "h"),
                        LocalDate.of(2026, 11, 20),
                        OptionalLong.empty()),
                NOW,
                1);
        tracker.of(order, true);
        return order.apply(new OrderEvent.SendStarted(id, 1, 1, List.of(), 0), NOW, 2)
                .apply(
                        new OrderEvent.BrokerAccepted(id, 1, "06010", ++numbers, "100000", OrderEvent.MatchedBy.ANSWER),
                        NOW,
                        3);
    }

    private static Order filled(Order order, long qty) {
        long odno = order.placing().odno().orElseThrow();
        var fill =
                new Fill(order.id() + "." + order.fills().size(), odno, qty, qty * 70_000, 100_001, Fill.Source.NOTICE);
        return order.apply(new OrderEvent.Filled(order.id(), qty, qty * 70_000, fill), NOW, order.seq() + 1);
    }

    private List<Kind> report(Order order) {
        return tracker.of(order, true).stream().map(OrderNotice::kind).toList();
    }

    @Test
    void an_order_after_many_others_is_reported_as_the_first_one() {
        var resting = accepted();
        assertThat(report(resting)).containsExactly(Kind.RECEIPT);
        resting = filled(resting, 1);
        assertThat(report(resting)).containsExactly(Kind.FILL);
        for (int i = 0; i < 21_000; i++) {
            var other = accepted();
            report(other);
            other = filled(other, 4);
            report(other);
            report(filled(other, 6));
        }
        assertThat(report(filled(resting, 2))).containsExactly(Kind.FILL);
        List<Kind> kinds = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            var order = accepted();
            kinds.addAll(report(order));
            order = filled(order, 4);
            kinds.addAll(report(order));
            kinds.addAll(report(filled(order, 6)));
        }
        assertThat(kinds).hasSize(300);
    }

    @Test
    void a_correction_after_a_restart_repeats_nothing_of_an_order_that_had_ended() {
        var order = filled(accepted(), 4);
        var ended = order.apply(new OrderEvent.Canceled(order.id(), 6, "HTS"), NOW, order.seq() + 1);
        var restarted = new NoticeTracker(InstantSource.fixed(NOW));
        restarted.skipPast(ended);
        assertThat(restarted.of(filled(ended, 2), true))
                .extracting(OrderNotice::kind)
                .containsExactly(Kind.FILL);
    }
}
