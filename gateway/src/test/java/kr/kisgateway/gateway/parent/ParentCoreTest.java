package kr.kisgateway.gateway.parent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
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
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.order.Fill;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random days of the core of parent orders: its answers arrive late, twice, out of order or with a crash between any two steps.
 * What is durable survives a crash, what is not is gone, and the order desk knows one order for each key.
 */
@Tag("slow")
class ParentCoreTest {
    private static final Instant START = Instant.parse("2026-11-23T00:00:00Z");
    private static final Symbol SYMBOL = Symbol.parse("005930").orElseThrow();
    private static final long FIRST_PRICE = 70_000;
    private static final int STEPS = 400;

    /** One day: the core, the durable events, and an order desk that places one order for each key. */
    private static final class Day {
        private final RandomGenerator random;
        private final boolean asks;
        private final Map<ParentId, Parent> durable = new LinkedHashMap<>();
        private final Map<OrderId, Order> desk = new LinkedHashMap<>();
        private final Map<String, OrderId> keys = new HashMap<>();
        /** The parent order of each order, its leg, and when it was placed. */
        private final Map<OrderId, Placed> placed = new LinkedHashMap<>();

        private final List<ParentInput> onTheWay = new ArrayList<>();
        private final Set<ParentId> alerted = new HashSet<>();
        private final Set<ParentId> cancelledBeforePlacing = new HashSet<>();
        private final Set<ParentId> held = new HashSet<>();
        private ParentCore core;
        private Instant now = START;
        private long price = FIRST_PRICE;
        private long seq;
        private int created;
        private int baskets;
        /** The most shares that each parent order was to have. */
        private final Map<ParentId, Long> most = new HashMap<>();
        /** Requests to make an order smaller that the desk has accepted. */
        private final Set<String> resizes = new HashSet<>();

        private int resized;
        private int resliced;
        private int dropped;
        private boolean market = true;

        private record Placed(ParentId parent, int leg, Instant at) {}

        Day(long seed) {
            random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            asks = random.nextBoolean();
            core = newCore(List.of());
            release(core.start(now));
        }

        private ParentCore newCore(List<Parent> loaded) {
            return new ParentCore(loaded, this::newOrderId, (_, _) -> market, asks);
        }

        private OrderId newOrderId() {
            return OrderId.create(now, random);
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                now = now.plusMillis(random.nextInt(400));
                switch (random.nextInt(18)) {
                    case 0, 1, 2 -> submit();
                    case 3 -> anyParent().ifPresent(this::cancel);
                    case 4 -> anyParent().ifPresent(this::modify);
                    case 5, 6 -> endAnOrder();
                    case 7 -> {
                        if (random.nextInt(4) == 0) {
                            crash();
                        }
                    }
                    case 8 -> decide(new ParentInput.EndsMissed());
                    case 9, 10 -> movePrice();
                    case 11 -> market = random.nextInt(5) > 0;
                    case 13 -> anyResizable().or(this::anyOpen).ifPresent(this::modify);
                    case 12 -> anyParent().ifPresent(this::release);
                    default -> deliverOne();
                }
                runTimers();
                check();
            }
            finish();
        }

        private void runTimers() {
            for (int i = 0;
                    i < 50 && core.nextTimer().filter(at -> !at.isAfter(now)).isPresent();
                    i++) {
                decide(new ParentInput.TimerDue());
            }
        }

        private void submit() {
            ParentId id = ParentId.create(now, random);
            decide(new ParentInput.Submit(
                    ++created, id, plan(), new KeyUse("bot/A1", "k" + created, "h"), Optional.empty()));
        }

        private Plan plan() {
            Instant at = now.plusMillis(1 + random.nextInt(5_000));
            Instant until = at.plusMillis(1 + random.nextInt(4_000));
            Instant late = at.plusMillis(1 + random.nextInt(40_000));
            return switch (random.nextInt(7)) {
                case 0 -> Plan.scheduled(terms(Side.BUY), at, until);
                case 1 -> one(Plan.Kind.CONDITIONAL, terms(Side.BUY), condition(), late);
                case 2 -> one(Plan.Kind.TRAILING_STOP, terms(Side.SELL), trailing(), late);
                case 3 ->
                    new Plan(
                            Plan.Kind.OCO,
                            List.of(
                                    Leg.of(Leg.Role.TAKE_PROFIT, sized(Side.SELL, 7), new Start.Now(), late),
                                    Leg.of(Leg.Role.STOP, sized(Side.SELL, 7), stop(), late)));
                case 4 -> {
                    List<Leg> legs = new ArrayList<>();
                    legs.add(Leg.of(Leg.Role.ENTRY, sized(Side.BUY, 7), new Start.Now(), late));
                    if (random.nextInt(4) > 0) {
                        legs.add(Leg.of(Leg.Role.TAKE_PROFIT, sized(Side.SELL, 7), new Start.Now(), late));
                    }
                    legs.add(Leg.of(Leg.Role.STOP, sized(Side.SELL, 7), stop(), late));
                    yield new Plan(Plan.Kind.BRACKET, legs);
                }
                case 5 -> {
                    List<Leg> legs = new ArrayList<>();
                    for (int i = random.nextInt(6); i >= 0; i--) {
                        Side side = random.nextBoolean() ? Side.BUY : Side.SELL;
                        legs.add(Leg.of(Leg.Role.ORDER, terms(side), new Start.Now(), late));
                    }
                    yield new Plan(Plan.Kind.BASKET, legs, List.of(new Plan.LeftOut("orders[9]", "FORBIDDEN", "no")));
                }
                default ->
                    new Plan(
                            Plan.Kind.TWAP,
                            List.of(
                                    Leg.of(Leg.Role.ORDER, sized(Side.BUY, 3), new Start.At(now), at),
                                    Leg.of(Leg.Role.ORDER, sized(Side.BUY, 2), new Start.At(at), until)));
            };
        }

        private static Plan one(Plan.Kind kind, Terms terms, Start start, Instant until) {
            return new Plan(kind, List.of(Leg.of(Leg.Role.ORDER, terms, start, until)));
        }

        private Start condition() {
            List<OrderId> open = desk.values().stream()
                    .filter(order -> !order.status().isTerminal())
                    .map(Order::id)
                    .toList();
            return open.isEmpty() || random.nextBoolean()
                    ? new Start.AtPrice(SYMBOL, Start.Direction.AT_OR_ABOVE, price + 1 + random.nextInt(300))
                    : new Start.AfterFill(open.get(random.nextInt(open.size())));
        }

        private Start stop() {
            return random.nextInt(3) == 0
                    ? trailing()
                    : new Start.AtPrice(SYMBOL, Start.Direction.AT_OR_BELOW, price - 1 - random.nextInt(300));
        }

        private Start trailing() {
            return new Start.Trailing(SYMBOL, Side.SELL, new Start.Distance(1 + random.nextInt(300), 0));
        }

        private Terms terms(Side side) {
            return sized(side, 1 + random.nextInt(9));
        }

        private Terms sized(Side side, long qty) {
            return new Terms(
                    "A1",
                    SYMBOL,
                    side,
                    qty,
                    OrderKind.regular(OrderType.LIMIT),
                    OptionalLong.of(FIRST_PRICE),
                    Venue.KRX,
                    Optional.empty(),
                    now);
        }

        private Optional<Parent> anyParent() {
            List<Parent> all = List.copyOf(durable.values());
            return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
        }

        private Optional<Parent> anyOpen() {
            List<Parent> all = durable.values().stream().filter(Parent::isOpen).toList();
            return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
        }

        /** One with orders at the exchange that may get smaller, or lines that may be taken out. */
        private Optional<Parent> anyResizable() {
            List<Parent> all = durable.values().stream()
                    .filter(parent -> parent.isOpen()
                            && (parent.plan().kind() == Plan.Kind.BASKET
                                    ? parent.legs().stream().anyMatch(LegState::isWaiting)
                                    : parent.plan().leg(Leg.Role.STOP).isPresent()
                                            && parent.legs().stream().anyMatch(LegState::isWorking)))
                    .toList();
            return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
        }

        private void cancel(Parent parent) {
            boolean waiting = parent.isWaiting();
            decide(new ParentInput.Cancel(1, parent.id(), "bot"));
            if (waiting && !durable.get(parent.id()).isOpen()) {
                cancelledBeforePlacing.add(parent.id());
            }
        }

        private void release(Parent parent) {
            decide(new ParentInput.Release(1, parent.id(), "bot", Optional.empty()));
        }

        private void modify(Parent parent) {
            Instant at = now.plusMillis(1 + random.nextInt(3_000));
            Plan plan = parent.plan();
            Optional<Change> change = switch (plan.kind()) {
                case SCHEDULED -> Optional.of(Change.to(Plan.scheduled(terms(Side.BUY), at, at.plusMillis(1_000))));
                case TWAP ->
                    read(
                            parent,
                            random.nextBoolean()
                                    ? "{\"qty\":" + (1 + random.nextInt(12)) + "}"
                                    : "{\"qty\":9,\"until\":\"" + at.plusMillis(1_500) + "\"}");
                case BASKET ->
                    read(
                            parent,
                            random.nextBoolean()
                                    ? "{\"drop\":[" + random.nextInt(plan.legs().size()) + "]}"
                                    : "{\"until\":\"" + at.plusMillis(1_000) + "\"}");
                default ->
                    read(
                            parent,
                            random.nextInt(3) > 0
                                    ? "{\"qty\":" + (1 + random.nextInt(9)) + "}"
                                    : "{\"until\":\"" + at.plusMillis(1_000) + "\"}");
            };
            Optional<KeyUse> key = random.nextBoolean()
                    ? Optional.of(new KeyUse("bot/A1", "change" + random.nextInt(50), "h" + random.nextInt(2)))
                    : Optional.empty();
            change.ifPresent(it -> decide(new ParentInput.Modify(1, parent.id(), plan, it.plan(), it.dropped(), key)));
        }

        /** What the request comes to; none when it is refused. */
        private Optional<Change> read(Parent parent, String body) {
            try {
                return Optional.of(
                        PlanParser.change(parent, RequestBody.parse(body.getBytes(StandardCharsets.UTF_8)), now));
            } catch (RefusedException _) {
                return Optional.empty();
            }
        }

        private void movePrice() {
            long low = price;
            long high = price;
            for (int i = random.nextInt(4); i >= 0; i--) {
                price += random.nextInt(201) - 100;
                low = Math.min(low, price);
                high = Math.max(high, price);
            }
            decide(new ParentInput.PricesSeen(Map.of(SYMBOL, new PriceRange(low, high, price))));
        }

        private void endAnOrder() {
            List<Order> open = desk.values().stream()
                    .filter(order -> !order.status().isTerminal())
                    .toList();
            if (!open.isEmpty()) {
                Order order = open.get(random.nextInt(open.size()));
                long left = order.terms().qty() - order.filled();
                if (left > 1 && random.nextInt(3) == 0) {
                    desk.put(order.id(), order.apply(fill(order, 1 + random.nextInt((int) left - 1)), now, ++seq));
                } else {
                    end(order, random.nextBoolean());
                }
            }
        }

        /** Fills some or all, and ends the rest. */
        private void end(Order order, boolean cancelled) {
            Order ended = order;
            long left = order.terms().qty() - order.filled();
            long filled = random.nextInt((int) left + 1);
            if (filled > 0) {
                ended = ended.apply(fill(order, filled), now, ++seq);
            }
            if (!ended.status().isTerminal()) {
                OrderEvent event = cancelled
                        ? new OrderEvent.Canceled(order.id(), left - filled, "test")
                        : new OrderEvent.Expired(order.id(), "test");
                ended = ended.apply(event, now, ++seq);
            }
            assertThat(ended.status().isTerminal()).as("%s", ended).isTrue();
            desk.put(order.id(), ended);
            if (random.nextInt(5) > 0) { // else it is missed
                onTheWay.add(new ParentInput.OrderEnded(ended));
            }
        }

        private OrderEvent fill(Order order, long qty) {
            long odno = order.placing().odno().orElseThrow();
            var fill = new Fill("f" + ++seq, odno, qty, qty * FIRST_PRICE, 90_000, Fill.Source.NOTICE);
            return new OrderEvent.Filled(order.id(), qty, qty * FIRST_PRICE, fill);
        }

        private void deliverOne() {
            if (!onTheWay.isEmpty()) {
                ParentInput input = onTheWay.remove(random.nextInt(onTheWay.size()));
                decide(input);
                if (input instanceof ParentInput.OrderEnded && random.nextInt(4) == 0) {
                    onTheWay.add(input); // the same comes twice
                }
            }
        }

        private void crash() {
            onTheWay.clear();
            core = newCore(durable.values().stream().filter(Parent::isOpen).toList());
            now = now.plusMillis(random.nextInt(6_000));
            release(core.start(now));
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
                Optional<Parent> before = Optional.ofNullable(durable.get(event.parent()));
                Parent after = core.apply(event, ++seq, now);
                durable.put(event.parent(), after);
                most.merge(event.parent(), after.plan().terms().qty(), Math::max);
                if (event instanceof ParentEvent.Modified modified) {
                    boolean isResliced = after.plan().kind() == Plan.Kind.TWAP
                            && before.filter(it -> it.isWaiting()).isEmpty();
                    resliced += isResliced ? 1 : 0;
                    dropped += modified.dropped().size();
                }
                if (event instanceof ParentEvent.Held) {
                    held.add(event.parent());
                }
            });
            assertThat(perParent.values()).allMatch(count -> count == 1);
            if (!step.events().isEmpty() && random.nextInt(40) == 0) {
                // Before the effects: alerts do not survive a restart.
                step.effects().forEach(effect -> {
                    if (effect instanceof ParentEffect.Alert alert) {
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
                                new ParentInput.OrderFound(find.order(), Optional.ofNullable(desk.get(find.order()))));
                    case ParentEffect.CancelChild cancel -> {
                        Order order = desk.get(cancel.child());
                        if (random.nextInt(3) > 0
                                && order != null
                                && !order.status().isTerminal()) {
                            end(order, true);
                        }
                    }
                    case ParentEffect.ResizeChild resize -> resize(resize);
                    case ParentEffect.Alert alert -> {
                        boolean isFirst = alerted.add(alert.id());
                        if (alert.kind() == ParentAlert.NOT_PLACED
                                && durable.get(alert.id()).plan().kind() == Plan.Kind.SCHEDULED) {
                            assertThat(isFirst).as("one alert each").isTrue();
                        }
                    }
                    case ParentEffect.Reply _, ParentEffect.AlertSettled _ -> {
                        // no caller waits in this test
                    }
                }
            }
        }

        private void place(ParentEffect.Place place) {
            Parent parent = durable.get(place.id());
            int i = parent.legOf(place.child()).orElseThrow();
            Leg leg = parent.plan().legs().get(i);
            LegState state = parent.legs().get(i);
            assertThat(state.qty())
                    .as("durable before it is placed")
                    .isEqualTo(place.terms().qty());
            assertThat(cancelledBeforePlacing).doesNotContain(place.id());
            int luck = random.nextInt(10);
            String key = parent.childKey(place.child());
            boolean known = keys.containsKey(key);
            boolean late = !now.isBefore(leg.until());
            if (luck == 0) {
                answer(place, Optional.of(Refusal.of(ErrorCode.NOT_READY, "reconnecting")));
                return;
            }
            if (luck == 1) {
                answer(place, Optional.of(Refusal.of(ErrorCode.KILL_SWITCH, "on")));
                return;
            }
            if (luck == 3 && !known) {
                long sellable = random.nextLong(place.terms().qty() + 1);
                answer(
                        place,
                        Optional.of(Refusal.of(ErrorCode.INSUFFICIENT_POSITION_QTY, "a balance that lags")
                                .with("sellable", sellable)));
                return;
            }
            if (late && !known) {
                answer(place, Optional.of(Refusal.of(ErrorCode.QUEUE_TIMEOUT, "late")));
                return;
            }
            if (!known) {
                switch (leg.start()) {
                    case Start.At(Instant at) -> assertThat(now).isAfterOrEqualTo(at);
                    case Start.Trigger _ -> assertThat(state.trigger()).isPresent();
                    case Start.Now _ -> {
                        // It may be placed at any time.
                    }
                }
                if (leg.role().isExit()) {
                    assertThat(others(parent, i))
                            .as("no other order works beside an exit: %s", parent)
                            .isEmpty();
                }
                keys.put(key, place.child());
                placed.put(place.child(), new Placed(place.id(), i, now));
                desk.put(place.child(), sent(place, key));
            }
            assertThat(keys.get(key)).as("always the same order").isEqualTo(place.child());
            answer(
                    place,
                    luck == 2
                            ? Optional.of(Refusal.of(ErrorCode.JOURNAL_UNAVAILABLE, "placed, and not known"))
                            : Optional.empty());
        }

        /** The desk and KIS: what was accepted once is answered so again, and has an effect once, or none. */
        private void resize(ParentEffect.ResizeChild resize) {
            Parent parent = durable.get(resize.id());
            int leg = parent.legOf(resize.child()).orElseThrow();
            assertThat(parent.legs().get(leg).qty())
                    .as("durable before it is sent")
                    .isEqualTo(resize.qty());
            Order order = desk.get(resize.child());
            Optional<Refusal> refusal = Optional.empty();
            int luck = random.nextInt(8);
            if (resizes.contains(resize.child() + ":" + resize.qty())) {
                // It was accepted before.
            } else if (luck == 0) {
                refusal = Optional.of(Refusal.of(ErrorCode.NOT_READY, "reconnecting"));
            } else if (luck == 1) {
                refusal = Optional.of(Refusal.of(ErrorCode.INVALID_TRANSITION, "another is not settled"));
            } else if (order.status().isTerminal()) {
                refusal = Optional.of(Refusal.of(ErrorCode.ORDER_ALREADY_TERMINAL, "ended"));
            } else if (resize.qty() <= order.filled()) {
                refusal = Optional.of(Refusal.of(ErrorCode.INVALID_QTY, "filled"));
            } else {
                resizes.add(resize.child() + ":" + resize.qty());
                assertThat(resize.qty()).isLessThan(order.terms().qty());
                if (luck > 2) { // else KIS refuses it
                    resized++;
                    desk.put(
                            order.id(),
                            order.apply(
                                    new OrderEvent.ModifyRequested(
                                            order.id(),
                                            OptionalLong.of(resize.qty()),
                                            OptionalLong.empty(),
                                            List.of(),
                                            now,
                                            new KeyUse("bot/A1/parents", "r" + seq, "h")),
                                    now,
                                    ++seq));
                }
                refusal = luck == 3
                        ? Optional.of(Refusal.of(ErrorCode.JOURNAL_UNAVAILABLE, "done, and not known"))
                        : Optional.empty();
            }
            onTheWay.add(new ParentInput.ResizeAnswered(resize.id(), resize.child(), refusal));
        }

        private void answer(ParentEffect.Place place, Optional<Refusal> refusal) {
            onTheWay.add(new ParentInput.ChildAnswered(place.id(), place.child(), refusal));
        }

        private Order sent(ParentEffect.Place place, String key) {
            var accepted = new OrderEvent.Accepted(
                    place.child(),
                    place.terms(),
                    new KeyUse("bot/A1/parents", key, "h"),
                    LocalDate.of(2026, 11, 23),
                    OptionalLong.empty());
            return Order.create(accepted, now, ++seq)
                    .apply(new OrderEvent.SendStarted(place.child(), 1, 1, List.of(), 0), now, ++seq)
                    .apply(
                            new OrderEvent.BrokerAccepted(
                                    place.child(), 1, "06010", ++seq, "090000", OrderEvent.MatchedBy.ANSWER),
                            now,
                            ++seq);
        }

        /** The open orders of the other legs. */
        private List<Order> others(Parent parent, int i) {
            return placed.entrySet().stream()
                    .filter(it -> it.getValue().parent().equals(parent.id())
                            && it.getValue().leg() != i)
                    .map(it -> desk.get(it.getKey()))
                    .filter(order -> !order.status().isTerminal())
                    .toList();
        }

        private void check() {
            placed.forEach((order, at) -> {
                Leg leg = durable.get(at.parent()).plan().legs().get(at.leg());
                assertThat(at.at()).as("never placed late: %s", leg).isBefore(leg.until());
            });
            durable.values().forEach(this::checkExits);
        }

        /** What exits have filled and may still fill is never more than what is there to be closed. */
        private void checkExits(Parent parent) {
            var entry = parent.plan().leg(Leg.Role.ENTRY);
            if (parent.plan().leg(Leg.Role.STOP).isEmpty()) {
                return;
            }
            long open = entry.isEmpty()
                    ? most.get(parent.id())
                    : orders(parent, entry.getAsInt()).stream()
                            .mapToLong(Order::filled)
                            .sum();
            long closed = 0;
            for (int i = 0; i < parent.legs().size(); i++) {
                if (parent.plan().legs().get(i).role().isExit()) {
                    closed += orders(parent, i).stream()
                            .mapToLong(order -> order.status().isTerminal()
                                    ? order.filled()
                                    : order.terms().qty())
                            .sum();
                }
            }
            assertThat(closed).as("%s", parent).isLessThanOrEqualTo(open);
        }

        private List<Order> orders(Parent parent, int leg) {
            return placed.entrySet().stream()
                    .filter(it -> it.getValue().parent().equals(parent.id())
                            && it.getValue().leg() == leg)
                    .map(it -> desk.get(it.getKey()))
                    .toList();
        }

        /** Long after everything: nothing stays open, and each outcome is what happened. */
        private void finish() {
            market = true;
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
                runTimers();
                check();
            }
            assertThat(durable).isNotEmpty();
            durable.values().forEach(this::checkEnd);
        }

        private void checkEnd(Parent parent) {
            assertThat(parent.isOpen()).as("%s", parent).isFalse();
            List<Order> orders = placed.entrySet().stream()
                    .filter(it -> it.getValue().parent().equals(parent.id()))
                    .map(it -> desk.get(it.getKey()))
                    .toList();
            assertThat(orders).allMatch(order -> order.status().isTerminal());
            for (int i = 0; i < parent.legs().size(); i++) {
                assertThat(parent.legs().get(i).filled())
                        .as("%s", parent)
                        .isEqualTo(orders(parent, i).stream()
                                .mapToLong(Order::filled)
                                .sum());
            }
            if (parent.plan().kind() == Plan.Kind.BASKET) {
                checkBasket(parent);
            }
            // An exit that expired may have been placed before.
            boolean mayHaveOrders = parent.plan().leg(Leg.Role.TAKE_PROFIT).isPresent();
            switch (parent.outcome().orElseThrow()) {
                case COMPLETED -> assertThat(orders).as("%s", parent).isNotEmpty();
                case MISSED, REFUSED -> {
                    assertThat(orders.isEmpty() || mayHaveOrders)
                            .as("%s", parent)
                            .isTrue();
                    assertThat(alerted).contains(parent.id());
                }
                case EXPIRED ->
                    assertThat(orders.isEmpty() || mayHaveOrders)
                            .as("%s", parent)
                            .isTrue();
                case CANCELED ->
                    assertThat(parent.cancelBy().isPresent()
                                    || parent.reason().orElseThrow().contains("the stop was reached")
                                    || parent.reason().orElseThrow().contains("it was taken out"))
                            .as("%s", parent)
                            .isTrue();
            }
        }

        /** Each line was placed once, or it is known why it was not; what ended it is counted in the reason. */
        private void checkBasket(Parent parent) {
            long placedLegs = 0;
            for (int i = 0; i < parent.legs().size(); i++) {
                LegState state = parent.legs().get(i);
                List<Order> ofLeg = orders(parent, i);
                assertThat(ofLeg).as("%s", parent).hasSizeLessThanOrEqualTo(1);
                assertThat(state.orderEnd().isPresent()).as("%s", parent).isEqualTo(!ofLeg.isEmpty());
                placedLegs += ofLeg.size();
                if (!ofLeg.isEmpty()) {
                    assertThat(ofLeg.getFirst().terms().qty())
                            .isEqualTo(parent.plan().legs().get(i).terms().qty());
                }
            }
            assertThat(parent.plan().leftOut()).hasSize(1);
            if (parent.legs().size() > 1 && placedLegs > 0) {
                assertThat(parent.reason().orElseThrow())
                        .startsWith("of " + parent.legs().size() + " orders ")
                        .matches(placedLegs == parent.legs().size() ? "[^:]*" : ".* not placed: .*");
                baskets++;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
    void every_parent_order_places_its_orders_in_their_time_and_never_more_than_it_may(long seed) {
        boolean anyHeld = false;
        int baskets = 0;
        int resized = 0;
        int resliced = 0;
        int dropped = 0;
        for (int i = 0; i < 40; i++) {
            var day = new Day(seed * 1_000 + i);
            day.run();
            anyHeld |= !day.held.isEmpty();
            baskets += day.baskets;
            resized += day.resized;
            resliced += day.resliced;
            dropped += day.dropped;
        }
        assertThat(resized).as("orders made smaller").isPositive();
        assertThat(resliced).as("slices changed after the first was placed").isPositive();
        assertThat(dropped).as("lines taken out").isPositive();
        assertThat(baskets).as("baskets of several orders").isPositive();
        assertThat(anyHeld).as("a price was reached in an absence").isTrue();
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
                            Plan.scheduled(day.terms(Side.BUY), at, at.plusSeconds(1)),
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
    void changes_leave_no_timers_behind() {
        var day = new Day(17);
        ParentId id = ParentId.create(day.now, day.random);
        Instant at = day.now.plusSeconds(60);
        Plan plan = Plan.scheduled(day.terms(Side.BUY), at, at.plusSeconds(1));
        step(day, new ParentInput.Submit(1, id, plan, new KeyUse("bot/A1", "k", "h"), Optional.empty()));
        for (int i = 1; i <= 100; i++) {
            Instant next = at.plusSeconds(i);
            Plan changed = Plan.scheduled(plan.terms(), next, next.plusSeconds(1));
            step(day, new ParentInput.Modify(1, id, plan, changed, Set.of(), Optional.empty()));
            plan = changed;
        }

        assertThat(day.core.nextTimer()).contains(at.plusSeconds(100));
        step(day, new ParentInput.Cancel(1, id, "bot"));
        assertThat(day.core.nextTimer()).isEmpty();
    }

    /** Decides about an input and about what is due then; its events are durable at once, and effects are not carried out. */
    private static void step(Day day, ParentInput input) {
        for (ParentInput each : List.of(input, new ParentInput.TimerDue())) {
            day.core.decide(each, day.now).events().forEach(event -> day.core.apply(event, ++day.seq, day.now));
        }
    }

    @Test
    void a_thousand_orders_of_a_keys_open_parent_orders_are_the_most() {
        var day = new Day(7);
        Instant at = day.now.plusSeconds(60);
        List<Leg> legs = new ArrayList<>();
        for (int i = 0; i < Plan.LEGS_MAX; i++) {
            legs.add(Leg.of(Leg.Role.ORDER, day.terms(Side.BUY), new Start.At(at), at.plusSeconds(1)));
        }
        var answers = new ArrayList<ParentEffect.Answer>();
        for (int i = 0; i <= ParentCore.LEGS_OF_A_KEY / Plan.LEGS_MAX; i++) {
            ParentCore.Step step = day.core.decide(
                    new ParentInput.Submit(
                            1,
                            ParentId.create(day.now, day.random),
                            new Plan(Plan.Kind.TWAP, legs),
                            new KeyUse("bot/A1", "k" + i, "h"),
                            Optional.empty()),
                    day.now);
            step.events().forEach(event -> day.core.apply(event, 1, day.now));
            answers.add(((ParentEffect.Reply) step.effects().getFirst()).answer());
        }
        assertThat(answers.removeLast()).isInstanceOf(ParentEffect.Answer.Refused.class);
        assertThat(answers).allMatch(ParentEffect.Answer.Accepted.class::isInstance);
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
                                    Plan.scheduled(day.terms(Side.BUY), at, at.plusSeconds(1)),
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
        assertThat(step.effects()).singleElement().isInstanceOf(ParentEffect.Alert.class);
    }
}
