package kr.kisgateway.gateway.parent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderEvent;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random days of the core of parent orders: its answers arrive late, twice, out of order or with a crash between any two steps.
 * What is durable survives a crash, what is not is gone, and the order desk knows one order for each key.
 */
class ParentCoreTest {
    private static final Instant START = Instant.parse("2026-11-23T00:00:00Z");
    private static final int STEPS = 400;

    /** One day: the core, the durable events, and an order desk that places one order for each key. */
    private static final class Day {
        private final RandomGenerator random;
        private final Map<ParentId, Parent> durable = new LinkedHashMap<>();
        private final Map<OrderId, Order> desk = new HashMap<>();
        private final Map<String, OrderId> keys = new HashMap<>();
        private final Map<ParentId, Instant> placedAt = new HashMap<>();
        private final List<ParentInput> onTheWay = new ArrayList<>();
        private final Set<ParentId> alerted = new HashSet<>();
        private final Set<ParentId> cancelledBeforePlacing = new HashSet<>();
        private ParentCore core;
        private Instant now = START;
        private long seq;
        private int created;

        Day(long seed) {
            random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            core = new ParentCore(List.of(), this::newOrderId);
            release(core.start());
        }

        private OrderId newOrderId() {
            return OrderId.create(now, random);
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                now = now.plusMillis(random.nextInt(400));
                switch (random.nextInt(12)) {
                    case 0, 1, 2 -> submit();
                    case 3 -> anyParent().ifPresent(this::cancel);
                    case 4 -> anyParent().ifPresent(this::modify);
                    case 5 -> endAnOrder();
                    case 6 -> {
                        if (random.nextInt(4) == 0) {
                            crash();
                        }
                    }
                    case 7 -> decide(new ParentInput.EndsMissed());
                    default -> deliverOne();
                }
                decide(new ParentInput.TimerDue());
                check();
            }
            finish();
        }

        private void submit() {
            ParentId id = ParentId.create(now, random);
            Instant at = now.plusMillis(1 + random.nextInt(5_000));
            Instant until = at.plusMillis(1 + random.nextInt(4_000));
            decide(new ParentInput.Submit(
                    ++created,
                    id,
                    Schedule.of(terms(), at, until),
                    new KeyUse("bot/A1", "k" + created, "h"),
                    Optional.empty()));
        }

        private Terms terms() {
            return new Terms(
                    "A1",
                    Symbol.parse("005930").orElseThrow(),
                    Side.BUY,
                    1 + random.nextInt(9),
                    OrderKind.regular(OrderType.LIMIT),
                    OptionalLong.of(70_000),
                    Venue.KRX,
                    Optional.empty(),
                    now);
        }

        private Optional<Parent> anyParent() {
            List<Parent> all = List.copyOf(durable.values());
            return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
        }

        private void cancel(Parent parent) {
            boolean waiting = parent.isWaiting();
            decide(new ParentInput.Cancel(1, parent.id(), "bot"));
            if (waiting && !durable.get(parent.id()).isOpen()) {
                cancelledBeforePlacing.add(parent.id());
            }
        }

        private void modify(Parent parent) {
            Instant at = now.plusMillis(1 + random.nextInt(3_000));
            decide(new ParentInput.Modify(1, parent.id(), Schedule.of(terms(), at, at.plusMillis(1_000))));
        }

        private void endAnOrder() {
            desk.values().stream()
                    .filter(order -> !order.status().isTerminal())
                    .findFirst()
                    .ifPresent(order -> end(order, random.nextBoolean()));
        }

        private void end(Order order, boolean cancelled) {
            OrderEvent event = cancelled
                    ? new OrderEvent.Canceled(order.id(), order.terms().qty(), "test")
                    : new OrderEvent.Expired(order.id(), "test");
            Order ended = order.apply(event, now, ++seq);
            desk.put(order.id(), ended);
            if (random.nextInt(5) > 0) { // else it is missed
                onTheWay.add(new ParentInput.ChildEnded(ended));
            }
        }

        private void deliverOne() {
            if (!onTheWay.isEmpty()) {
                ParentInput input = onTheWay.remove(random.nextInt(onTheWay.size()));
                decide(input);
                if (input instanceof ParentInput.ChildEnded && random.nextInt(4) == 0) {
                    onTheWay.add(input); // the same comes twice
                }
            }
        }

        private void crash() {
            onTheWay.clear();
            core = new ParentCore(
                    durable.values().stream().filter(Parent::isOpen).toList(), this::newOrderId);
            now = now.plusMillis(random.nextInt(6_000));
            release(core.start());
        }

        private void decide(ParentInput input) {
            ParentCore.Step step = core.decide(input, now);
            if (!step.events().isEmpty() && random.nextInt(40) == 0) {
                crash(); // before they are durable
                return;
            }
            Map<ParentId, Integer> perParent = new HashMap<>();
            step.events().forEach(event -> {
                perParent.merge(event.parent(), 1, Integer::sum);
                durable.put(event.parent(), core.apply(event, ++seq, now));
            });
            assertThat(perParent.values()).allMatch(count -> count == 1);
            if (!step.events().isEmpty() && random.nextInt(40) == 0) {
                // Before the effects: alerts do not survive a restart.
                step.effects().forEach(effect -> {
                    if (effect instanceof ParentEffect.AlertNotPlaced alert) {
                        alerted.add(alert.id());
                    }
                });
                crash();
                return;
            }
            release(step);
        }

        private void release(ParentCore.Step step) {
            for (ParentEffect effect : step.effects()) {
                switch (effect) {
                    case ParentEffect.Place place -> place(place);
                    case ParentEffect.Find find ->
                        onTheWay.add(
                                new ParentInput.ChildFound(find.id(), Optional.ofNullable(desk.get(find.child()))));
                    case ParentEffect.CancelChild cancel -> {
                        Order order = desk.get(cancel.child());
                        if (random.nextInt(3) == 0) {
                            onTheWay.add(new ParentInput.CancelAnswered(
                                    cancel.id(), Optional.of(Refusal.of(ErrorCode.QUOTA_EXCEEDED, "busy"))));
                        } else if (order != null && !order.status().isTerminal()) {
                            end(order, true);
                        }
                    }
                    case ParentEffect.AlertNotPlaced alert ->
                        assertThat(alerted.add(alert.id())).as("one alert each").isTrue();
                    case ParentEffect.Reply _ -> {
                        // no caller waits in this test
                    }
                }
            }
        }

        private void place(ParentEffect.Place place) {
            Parent parent = durable.get(place.id());
            assertThat(parent.child()).as("durable before it is placed").contains(place.child());
            assertThat(cancelledBeforePlacing).doesNotContain(place.id());
            int luck = random.nextInt(10);
            boolean known = keys.containsKey(parent.childKey());
            boolean late = !now.isBefore(parent.schedule().until());
            if (luck == 0) {
                onTheWay.add(new ParentInput.ChildAnswered(
                        place.id(), Optional.of(Refusal.of(ErrorCode.NOT_READY, "reconnecting"))));
                return;
            }
            if (luck == 1) {
                onTheWay.add(new ParentInput.ChildAnswered(
                        place.id(), Optional.of(Refusal.of(ErrorCode.KILL_SWITCH, "on"))));
                return;
            }
            if (late && !known) {
                onTheWay.add(new ParentInput.ChildAnswered(
                        place.id(), Optional.of(Refusal.of(ErrorCode.QUEUE_TIMEOUT, "late"))));
                return;
            }
            if (!known) {
                assertThat(now).isAfterOrEqualTo(parent.schedule().at());
                keys.put(parent.childKey(), place.child());
                placedAt.put(place.id(), now);
                desk.put(
                        place.child(),
                        Order.create(
                                new OrderEvent.Accepted(
                                        place.child(),
                                        parent.schedule().terms(),
                                        new KeyUse("bot/A1/parents", parent.childKey(), "h"),
                                        java.time.LocalDate.of(2026, 11, 23),
                                        OptionalLong.empty()),
                                now,
                                ++seq));
            }
            assertThat(keys.get(parent.childKey())).as("always the same order").isEqualTo(place.child());
            onTheWay.add(new ParentInput.ChildAnswered(
                    place.id(),
                    luck == 2
                            ? Optional.of(Refusal.of(ErrorCode.JOURNAL_UNAVAILABLE, "placed, and not known"))
                            : Optional.empty()));
        }

        private void check() {
            durable.values().forEach(parent -> {
                Optional.ofNullable(placedAt.get(parent.id()))
                        .ifPresent(at -> assertThat(at)
                                .as("never placed late: %s", parent)
                                .isBefore(parent.schedule().until()));
            });
        }

        /** Long after everything: nothing stays open, and each outcome is what happened. */
        private void finish() {
            for (int i = 0; i < 400; i++) {
                now = now.plus(Duration.ofMillis(700));
                desk.values().stream()
                        .filter(order -> !order.status().isTerminal())
                        .toList()
                        .forEach(order -> end(order, false));
                while (!onTheWay.isEmpty()) {
                    decide(onTheWay.removeFirst());
                }
                if (i % 10 == 0) {
                    decide(new ParentInput.EndsMissed());
                }
                decide(new ParentInput.TimerDue());
            }
            assertThat(durable).isNotEmpty();
            durable.values().forEach(parent -> {
                assertThat(parent.isOpen()).as("%s", parent).isFalse();
                Optional<Order> order = parent.child().map(desk::get).filter(it -> it != null);
                switch (parent.outcome().orElseThrow()) {
                    case COMPLETED -> assertThat(order).as("%s", parent).isPresent();
                    case MISSED, REFUSED -> {
                        assertThat(order).as("%s", parent).isEmpty();
                        assertThat(alerted).contains(parent.id());
                    }
                    case CANCELED ->
                        assertThat(parent.cancelBy()).as("%s", parent).isPresent();
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
    void every_parent_order_places_one_order_in_its_time_or_none(long seed) {
        for (int i = 0; i < 40; i++) {
            new Day(seed * 1_000 + i).run();
        }
    }

    @Test
    void two_hundred_open_parent_orders_of_a_key_and_a_thousand_of_all_are_the_most() {
        var day = new Day(7);
        Instant at = day.now.plusSeconds(60);
        var answers = new HashSet<ParentEffect.Answer>();
        for (int i = 0; i <= 6 * ParentCore.OPEN_OF_A_KEY; i++) {
            ParentCore.Step step = day.core.decide(
                    new ParentInput.Submit(
                            1,
                            ParentId.create(day.now, day.random),
                            Schedule.of(day.terms(), at, at.plusSeconds(1)),
                            new KeyUse("bot" + i / (ParentCore.OPEN_OF_A_KEY + 1) + "/A1", "k" + i, "h"),
                            Optional.empty()),
                    day.now);
            step.events().forEach(event -> day.core.apply(event, 1, day.now));
            answers.add(((ParentEffect.Reply) step.effects().getFirst()).answer());
        }
        assertThat(day.core.size()).isEqualTo(ParentCore.OPEN_MAX);
        assertThat(answers)
                .filteredOn(ParentEffect.Answer.Refused.class::isInstance)
                .extracting(it -> ((ParentEffect.Answer.Refused) it).refusal())
                .allMatch(it -> it.code() == ErrorCode.QUOTA_EXCEEDED)
                .extracting(Refusal::message)
                .containsExactlyInAnyOrder(
                        "200 parent orders of your key are open already; cancel those that are not needed",
                        "1000 parent orders are open already; cancel those that are not needed");
    }

    @Test
    void the_end_of_an_api_key_ends_what_it_has_waiting_and_nothing_else() {
        var day = new Day(9);
        Instant at = day.now.plusSeconds(60);
        var ids = new LinkedHashMap<String, ParentId>();
        for (var name : List.of("bot", "other")) {
            ParentId id = ParentId.create(day.now, day.random);
            ids.put(name, id);
            day.core
                    .decide(
                            new ParentInput.Submit(
                                    1,
                                    id,
                                    Schedule.of(day.terms(), at, at.plusSeconds(1)),
                                    new KeyUse(name + "/A1", "k", "h"),
                                    Optional.empty()),
                            day.now)
                    .events()
                    .forEach(event -> day.core.apply(event, 1, day.now));
        }

        ParentCore.Step step = day.core.decide(new ParentInput.KeyEnded("bot"), day.now);

        assertThat(step.events()).singleElement().satisfies(event -> {
            assertThat(event.parent()).isEqualTo(ids.get("bot"));
            assertThat(event).isInstanceOf(ParentEvent.Ended.class);
        });
        assertThat(step.effects()).singleElement().isInstanceOf(ParentEffect.AlertNotPlaced.class);
    }
}
