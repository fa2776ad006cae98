package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import kr.kisgateway.gateway.order.Broker.Listed;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random days: orders and cancels, answers that are lost or late, a list that lags, notices lost, repeated and out of
 * order, crashes at any step. A broker that shares no code with the core keeps its own book; at the end both must agree.
 */
class OrderCoreRandomTest {
    private static final class BrokerOrder {
        final long odno;
        final OrderId ours;
        final Terms terms;
        final Instant at;
        long filled;
        long value;
        long canceled;

        BrokerOrder(long odno, OrderId ours, Terms terms, Instant at) {
            this.odno = odno;
            this.ours = ours;
            this.terms = terms;
            this.at = at;
        }

        long remaining() {
            return terms.qty() - filled - canceled;
        }
    }

    private static final class Day {
        final OrderDay day = OrderDay.open();
        final Random random;
        final Map<Long, BrokerOrder> book = new LinkedHashMap<>();
        final Map<OrderId, Integer> placings = new HashMap<>();
        final List<OrderInput> late = new ArrayList<>();
        final List<Terms> asked = new ArrayList<>();
        boolean calm;
        long nextOdno = 100;

        Day(long seed) {
            random = new Random(seed);
        }

        boolean chance(int percent) {
            return !calm && random.nextInt(100) < percent;
        }

        void play(int steps) {
            for (int i = 0; i < steps; i++) {
                switch (random.nextInt(10)) {
                    case 0, 1 -> place();
                    case 2 -> cancel();
                    case 3, 4 -> fill();
                    case 5 -> day.pass(Duration.ofMillis(random.nextInt(1_500)));
                    case 6 -> deliverLate();
                    default -> carryOutOne();
                }
                if (chance(2)) {
                    late.clear();
                    day.crash();
                }
            }
        }

        /** The faults end; everything on its way arrives, and the list is read until nothing is open. */
        void settle() {
            calm = true;
            late.removeIf(OrderInput.Noticed.class::isInstance); // lost for good
            for (int i = 0; i < 60; i++) {
                while (!late.isEmpty() || !day.effects.isEmpty()) {
                    deliverLate();
                    carryOutOne();
                }
                day.pass(Duration.ofSeconds(31));
                day.on(new OrderInput.NoticesMissed("settle"));
            }
        }

        void place() {
            if (!asked.isEmpty() && chance(20)) {
                int again = random.nextInt(asked.size());
                assertThat(day.ask(asked.get(again), "k" + again))
                        .satisfiesAnyOf(
                                a -> assertThat(((Answer.Accepted) a).replay()).isTrue(),
                                a -> assertThat(a).isInstanceOf(Answer.Refused.class));
                return;
            }
            Terms terms = new Terms(
                    "A1",
                    OrderDay.SAMSUNG,
                    Side.BUY,
                    1 + random.nextInt(3),
                    OrderType.LIMIT,
                    OptionalLong.of(70_000 + 100L * random.nextInt(3)),
                    Venue.KRX,
                    Optional.empty(),
                    day.now.plusSeconds(1 + random.nextInt(5)));
            if (day.ask(terms, "k" + asked.size()) instanceof Answer.Accepted) {
                asked.add(terms);
            }
        }

        void cancel() {
            List<OrderId> ids = List.copyOf(day.shown.keySet());
            if (!ids.isEmpty()) {
                day.cancel(ids.get(random.nextInt(ids.size())));
            }
        }

        void fill() {
            List<BrokerOrder> open =
                    book.values().stream().filter(o -> o.remaining() > 0).toList();
            if (open.isEmpty()) {
                return;
            }
            BrokerOrder order = open.get(random.nextInt(open.size()));
            long qty = 1 + random.nextInt((int) order.remaining());
            long price = order.terms.price().orElseThrow() - 100L * random.nextInt(2);
            order.filled += qty;
            order.value += qty * price;
            tell(notice(Notice.Kind.FILLED, order.odno, 0, order, qty, price));
        }

        void tell(Notice notice) {
            if (chance(10)) {
                return; // lost
            }
            late.add(new OrderInput.Noticed(notice));
            if (chance(10)) {
                late.add(new OrderInput.Noticed(notice)); // twice
            }
        }

        Notice notice(Notice.Kind kind, long odno, long original, BrokerOrder order, long qty, long price) {
            return new Notice(
                    kind,
                    odno,
                    original,
                    order.terms.symbol(),
                    order.terms.side(),
                    qty,
                    price,
                    hhmmss(day.now),
                    "06010");
        }

        void deliverLate() {
            if (!late.isEmpty()) {
                day.on(late.remove(random.nextInt(late.size())));
            }
        }

        void carryOutOne() {
            if (day.effects.isEmpty()) {
                return;
            }
            OrderEffect effect = day.effects.remove(random.nextInt(day.effects.size()));
            switch (effect) {
                case OrderEffect.RequestSlot s ->
                    day.on(chance(5) ? new OrderInput.SlotTimedOut(s.slot()) : new OrderInput.SlotGranted(s.slot()));
                case OrderEffect.SendPlace s -> sendPlace(s);
                case OrderEffect.SendCancel s -> sendCancel(s);
                case OrderEffect.AskBroker ask -> {
                    Instant askedAt = day.now;
                    List<Listed> rows = rows();
                    late.add(new OrderInput.ListArrived(
                            ask.day(),
                            chance(10)
                                    ? new Broker.Listing.Failed("down")
                                    : new Broker.Listing.Complete(askedAt, rows)));
                }
                case OrderEffect.SendModify s -> throw new AssertionError("nobody modifies: " + s);
                case OrderEffect.Executed _, OrderEffect.Alert _, OrderEffect.ReleaseSlot _, OrderEffect.Killed _ -> {
                    // nobody listens
                }
                case OrderEffect.Reply _, OrderEffect.Changed _ -> throw new AssertionError("taken by the day");
            }
        }

        void sendPlace(OrderEffect.SendPlace send) {
            if (!day.now.isBefore(send.terms().dispatchBy())) {
                day.on(new OrderInput.SendStopped(send.order(), send.request(), OrderInput.Why.DEADLINE));
                return;
            }
            Outcome outcome;
            if (chance(10)) {
                outcome = new Outcome.NotTaken("EGW00201", "rate");
            } else if (chance(5)) {
                outcome = new Outcome.Refused("APBK0952", "cash");
            } else if (chance(10)) {
                outcome = new Outcome.InDoubt("TIMEOUT", "never arrived");
            } else {
                long odno = nextOdno += 1 + random.nextInt(7);
                book.put(odno, new BrokerOrder(odno, send.order(), send.terms(), day.now));
                placings.merge(send.order(), 1, Integer::sum);
                outcome = chance(20)
                        ? new Outcome.InDoubt("TIMEOUT", "answer lost")
                        : new Outcome.Taken("06010", odno, "%06d".formatted(hhmmss(day.now)));
            }
            late.add(new OrderInput.Answered(send.order(), send.request(), outcome));
        }

        void sendCancel(OrderEffect.SendCancel send) {
            BrokerOrder order = book.get(send.odno());
            Outcome outcome;
            if (chance(10)) {
                outcome = new Outcome.InDoubt("TIMEOUT", "never arrived");
            } else if (order.remaining() == 0) {
                outcome = new Outcome.Refused("APBK0344", "nothing left");
            } else {
                long odno = nextOdno += 1 + random.nextInt(7);
                long rest = order.remaining();
                order.canceled = rest;
                tell(notice(Notice.Kind.CANCEL_CONFIRMED, odno, order.odno, order, rest, 0));
                outcome = chance(20)
                        ? new Outcome.InDoubt("TIMEOUT", "answer lost")
                        : new Outcome.Taken("06010", odno, "100000");
            }
            late.add(new OrderInput.Answered(send.order(), send.request(), outcome));
        }

        List<Listed> rows() {
            List<Listed> rows = new ArrayList<>();
            for (BrokerOrder o : book.values()) {
                boolean lagging = !calm && o.at.plusMillis(800).isAfter(day.now);
                if (!lagging) {
                    rows.add(new Listed(
                            Listed.Kind.ORDER,
                            o.odno,
                            0,
                            "06010",
                            o.terms.symbol(),
                            o.terms.side(),
                            o.terms.qty(),
                            o.terms.price().orElseThrow(),
                            false,
                            hhmmss(o.at),
                            o.filled,
                            o.value,
                            o.canceled,
                            o.remaining(),
                            0));
                }
            }
            return rows;
        }

        static int hhmmss(Instant at) {
            var t = at.atZone(TradingCalendar.SEOUL);
            return t.getHour() * 10_000 + t.getMinute() * 100 + t.getSecond();
        }
    }

    @Property(tries = 1000)
    void whatever_is_lost_late_or_repeated_nothing_is_doubled_and_the_books_agree(@ForAll long seed) {
        Day it = new Day(seed);
        it.play(250);
        it.settle();

        assertThat(it.placings)
                .allSatisfy((id, times) ->
                        assertThat(times).as("placings of %s", id).isEqualTo(1));
        Map<OrderId, Order> rebuilt = it.day.rebuilt();
        assertThat(rebuilt).hasSize(it.asked.size());
        for (BrokerOrder theirs : it.book.values()) {
            Order ours = rebuilt.get(theirs.ours);
            assertThat(ours.filled()).as("fills of %s", ours).isEqualTo(theirs.filled);
            assertThat(ours.value()).as("value of %s", ours).isEqualTo(theirs.value);
            assertThat(ours.status().terminal()).as("end of %s", ours).isEqualTo(theirs.remaining() == 0);
            assertThat(ours.placing().odno()).hasValue(theirs.odno);
        }
        for (Order ours : rebuilt.values()) {
            if (ours.status() == OrderStatus.UNKNOWN) {
                assertThat(it.placings).as("what stays unknown never arrived").doesNotContainKey(ours.id());
            }
            assertThat(it.day.core.order(ours.id()).orElseThrow()).isEqualTo(ours);
        }
    }

    @Property(tries = 100)
    void an_ended_order_keeps_its_end_and_fills_never_shrink(@ForAll long seed) {
        Day it = new Day(seed);
        it.play(200);
        Map<OrderId, Order> seen = new HashMap<>();
        OrderEventJson json = new OrderEventJson();
        for (var entry : it.day.journal) {
            OrderEvent event = json.read(entry);
            Order before = seen.get(event.order());
            Order after = Order.begins(event)
                    ? Order.begun(event, entry.at(), entry.seq())
                    : java.util.Objects.requireNonNull(before).apply(event, entry.at(), entry.seq());
            if (before != null) {
                assertThat(after.filled())
                        .isGreaterThanOrEqualTo(before.filled())
                        .isLessThanOrEqualTo(3);
                if (before.status().terminal()) {
                    assertThat(after.status())
                            .as("%s after %s", event, before)
                            .isIn(before.status(), OrderStatus.FILLED);
                }
            }
            seen.put(event.order(), after);
        }
    }
}
