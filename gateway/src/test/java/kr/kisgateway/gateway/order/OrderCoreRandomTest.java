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
import java.util.stream.Collectors;
import kr.kisgateway.gateway.order.Broker.BrokerOrder;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.requirement.Requirement;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/**
 * Random days: orders, modifications and cancels, answers that are lost or late, a list that lags, notices lost, repeated
 * and out of order, refusals of the exchange, external orders and changes, crashes at any step. A broker that shares no
 * code with the core has its own book; at the end both must agree.
 */
class OrderCoreRandomTest {
    private static final Symbol ELSEWHERE = new Symbol("000660");
    private static final UsSymbol APPLE = new UsSymbol(UsExchange.NASD, "AAPL");

    /** One broker order number. */
    private static final class Row {
        final BrokerOrder.Kind kind;
        final long odno;
        final long original;
        final MarketSymbol symbol;
        final long qty;
        final long price;
        final Instant at;
        long filled;
        long value;
        long canceled;
        long rejected;

        Row(BrokerOrder.Kind kind, long odno, long original, MarketSymbol symbol, long qty, long price, Instant at) {
            this.kind = kind;
            this.odno = odno;
            this.original = original;
            this.symbol = symbol;
            this.qty = qty;
            this.price = price;
            this.at = at;
        }

        long remaining() {
            return kind == BrokerOrder.Kind.CANCEL ? 0 : qty - filled - canceled - rejected;
        }
    }

    private record Request(OrderId order, int request) {}

    private static final class Day {
        final TradingDayFixture day = TradingDayFixture.open();
        final Random random;
        final Map<Long, Row> book = new LinkedHashMap<>();
        /** The owner of each of our numbers; external numbers are missing. */
        final Map<Long, OrderId> ownNumbers = new HashMap<>();

        final Map<OrderId, Integer> placings = new HashMap<>();
        final Map<Request, Integer> changes = new HashMap<>();
        final Map<Request, Boolean> full = new HashMap<>();
        final List<OrderInput> late = new ArrayList<>();
        final List<Terms> placedTerms = new ArrayList<>();
        final boolean outsiders;
        boolean calm;
        long nextOdno = 100;
        /** Orders that were placed elsewhere. */
        int outside;

        Day(long seed, boolean externalTrading) {
            random = new Random(seed);
            this.outsiders = externalTrading;
        }

        boolean chance(int percent) {
            return !calm && random.nextInt(100) < percent;
        }

        void play(int steps) {
            for (int i = 0; i < steps; i++) {
                switch (random.nextInt(12)) {
                    case 0, 1 -> place();
                    case 2 -> cancel();
                    case 3, 4 -> fill();
                    case 5 -> day.advance(Duration.ofMillis(random.nextInt(1_500)));
                    case 6 -> deliverLate();
                    case 7 -> modify();
                    case 8 -> tradeElsewhere();
                    default -> carryOutOne();
                }
                if (chance(2)) {
                    late.clear();
                    day.crash();
                }
            }
        }

        /** The faults end; everything in flight arrives, and the list is read until nothing is open. */
        void settle() {
            calm = true;
            late.removeIf(OrderInput.Noticed.class::isInstance); // lost for good
            for (int i = 0; i < 60; i++) {
                while (!late.isEmpty() || !day.effects.isEmpty()) {
                    deliverLate();
                    carryOutOne();
                }
                day.advance(Duration.ofSeconds(31));
                day.on(new OrderInput.NoticesMissed("settle"));
            }
        }

        void place() {
            if (!placedTerms.isEmpty() && chance(20)) {
                int repeatedIndex = random.nextInt(placedTerms.size());
                assertThat(day.placeOrder(placedTerms.get(repeatedIndex), "k" + repeatedIndex))
                        .satisfiesAnyOf(
                                a -> assertThat(((Answer.Accepted) a).replay()).isTrue(),
                                a -> assertThat(a).isInstanceOf(Answer.Refused.class));
                return;
            }
            MarketSymbol symbol = random.nextInt(3) == 0 ? APPLE : TradingDayFixture.SAMSUNG;
            Terms terms = new Terms(
                    "A1",
                    symbol,
                    Side.BUY,
                    1 + random.nextInt(4),
                    OrderKind.LIMIT,
                    OptionalLong.of(70_000 + 100L * random.nextInt(3)),
                    Venue.usual(symbol),
                    Optional.empty(),
                    day.now.plusSeconds(1 + random.nextInt(5)));
            if (day.placeOrder(terms, "k" + placedTerms.size()) instanceof Answer.Accepted) {
                placedTerms.add(terms);
            }
        }

        Optional<OrderId> anyOrder() {
            List<OrderId> ids = List.copyOf(day.shown.keySet());
            return ids.isEmpty() ? Optional.empty() : Optional.of(ids.get(random.nextInt(ids.size())));
        }

        void cancel() {
            anyOrder().ifPresent(day::cancel);
        }

        void modify() {
            anyOrder().ifPresent(id -> {
                long qty = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(4);
                long price = random.nextInt(3) == 0 ? 0 : 70_000 + 100L * random.nextInt(4);
                if (qty + price > 0) {
                    if (qty > 0 && chance(30)) {
                        day.replace(id, qty, price, Optional.empty());
                    } else {
                        day.modify(id, qty, price);
                    }
                }
            });
        }

        Optional<Row> anyOpen() {
            List<Row> open =
                    book.values().stream().filter(o -> o.remaining() > 0).toList();
            return open.isEmpty() ? Optional.empty() : Optional.of(open.get(random.nextInt(open.size())));
        }

        void fill() {
            anyOpen().ifPresent(order -> {
                long qty = 1 + random.nextInt((int) order.remaining());
                long price = order.price - 100L * random.nextInt(2);
                order.filled += qty;
                order.value += qty * price;
                deliver(notice(Notice.Kind.FILLED, order.odno, 0, order, qty, price));
            });
        }

        /** A random external order or change on the same account. */
        void tradeElsewhere() {
            if (!outsiders || calm) {
                return;
            }
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    // Each at a price of its own: an equal one cannot be distinguished from a replacement that is in
                    // doubt.
                    long price = 150_000 + 1_000L * outside++;
                    Row row = row(BrokerOrder.Kind.ORDER, 0, ELSEWHERE, 1 + random.nextInt(5), price);
                    deliver(notice(Notice.Kind.RECEIVED, row.odno, 0, row, row.qty, row.price));
                }
                case 2 -> anyOpen().ifPresent(row -> takeAway(row, 1 + random.nextInt((int) row.remaining())));
                default -> anyOpen().ifPresent(row -> replace(row, row.price + 100L * (1 + random.nextInt(3))));
            }
        }

        Row row(BrokerOrder.Kind kind, long original, MarketSymbol symbol, long qty, long price) {
            nextOdno += 1 + random.nextInt(7);
            long odno = symbol.market().equals(Market.US)
                    ? BrokerNumbers.dated(day.now.atZone(TradingCalendar.SEOUL).toLocalDate(), nextOdno)
                    : nextOdno;
            var row = new Row(kind, odno, original, symbol, qty, price, day.now);
            book.put(odno, row);
            return row;
        }

        Row takeAway(Row order, long qty) {
            Row cancel = row(BrokerOrder.Kind.CANCEL, order.odno, order.symbol, qty, 0);
            order.canceled += qty;
            deliver(notice(Notice.Kind.CANCEL_CONFIRMED, cancel.odno, order.odno, order, qty, 0));
            return cancel;
        }

        Row replace(Row order, long price) {
            long rest = order.remaining();
            Row next = row(BrokerOrder.Kind.MODIFY, order.odno, order.symbol, rest, price);
            order.canceled += rest;
            Optional.ofNullable(ownNumbers.get(order.odno)).ifPresent(id -> ownNumbers.put(next.odno, id));
            deliver(notice(Notice.Kind.MODIFY_CONFIRMED, next.odno, order.odno, next, rest, price));
            return next;
        }

        void deliver(Notice notice) {
            if (chance(10)) {
                return; // lost
            }
            late.add(new OrderInput.Noticed(notice));
            if (chance(10)) {
                late.add(new OrderInput.Noticed(notice)); // twice
            }
        }

        Notice notice(Notice.Kind kind, long odno, long original, Row order, long qty, long price) {
            return new Notice(
                    "A1",
                    kind,
                    odno,
                    original,
                    order.symbol,
                    Side.BUY,
                    qty,
                    price,
                    hhmmss(day.now),
                    "06010",
                    Optional.empty(),
                    Optional.empty());
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
                case OrderEffect.SendModify s -> sendModify(s);
                case OrderEffect.LoadReplacement load ->
                    late.add(
                            new OrderInput.PlaceReplacement(0, load.original().id(), TradingDayFixture.emptyContext()));
                case OrderEffect.RequestDailyOrders listRequest -> {
                    Instant requestedAt = day.now;
                    List<BrokerOrder> rows = rows(listRequest.day().market());
                    if (chance(10)) {
                        late.add(new OrderInput.ListArrived(listRequest.day(), new Broker.DailyOrders.Failed("down")));
                        return;
                    }
                    var listing = new Broker.DailyOrders.Complete(requestedAt, rows);
                    late.add(new OrderInput.ListArrived(
                            listRequest.day(),
                            listing,
                            // Read off the core, with the order states of the moment of the request; or by the core.
                            chance(50)
                                    ? Optional.of(DailyOrdersSnapshot.of(
                                            listRequest,
                                            listing,
                                            List.copyOf(day.rebuilt().values()),
                                            _ -> TradingDayFixture.CALENDAR.endOf(
                                                    listRequest.day().day().date())))
                                    : Optional.empty()));
                }
                case OrderEffect.FillExecuted _,
                        OrderEffect.Alert _,
                        OrderEffect.AlertSettled _,
                        OrderEffect.ReleaseSlot _,
                        OrderEffect.KillSwitchChanged _ -> {
                    // ignored
                }
                case OrderEffect.Reply _, OrderEffect.OrderChanged _ -> throw new AssertionError("handled by the day");
            }
        }

        /** Refused, not taken or lost on the way, now and then; empty when the broker receives it. */
        Optional<Outcome> randomFault() {
            if (chance(10)) {
                return Optional.of(new Outcome.NotTaken("EGW00201", "rate"));
            }
            return chance(10) ? Optional.of(new Outcome.InDoubt("TIMEOUT", "never arrived")) : Optional.empty();
        }

        Outcome acceptedAs(Row row) {
            return chance(20)
                    ? new Outcome.InDoubt("TIMEOUT", "answer lost")
                    : new Outcome.Taken("06010", row.odno, "%06d".formatted(hhmmss(day.now)));
        }

        void answer(OrderEffect.Send send, Outcome outcome) {
            late.add(new OrderInput.Answered(send.order(), send.request(), outcome));
        }

        void sendPlace(OrderEffect.SendPlace send) {
            if (!day.now.isBefore(send.terms().dispatchBy())) {
                day.on(new OrderInput.SendStopped(send.order(), send.request(), OrderInput.StopReason.DEADLINE));
                return;
            }
            if (chance(5)) {
                answer(send, new Outcome.Refused("APBK0952", "cash"));
                return;
            }
            answer(send, randomFault().orElseGet(() -> {
                Terms terms = send.terms();
                Row row = row(
                        BrokerOrder.Kind.ORDER,
                        0,
                        terms.symbol(),
                        terms.qty(),
                        terms.price().orElseThrow());
                ownNumbers.put(row.odno, send.order());
                placings.merge(send.order(), 1, Integer::sum);
                deliver(notice(Notice.Kind.RECEIVED, row.odno, 0, row, row.qty, row.price));
                if (chance(5)) { // the exchange refuses what KIS has taken
                    row.rejected = row.qty;
                    deliver(notice(Notice.Kind.REJECTED, row.odno, 0, row, row.qty, row.price));
                }
                return acceptedAs(row);
            }));
        }

        void sendModify(OrderEffect.SendModify send) {
            Row order = java.util.Objects.requireNonNull(book.get(send.odno()));
            answer(send, randomFault().orElseGet(() -> {
                changes.merge(new Request(send.order(), send.request()), 1, Integer::sum);
                return order.remaining() == 0
                        ? new Outcome.Refused("APBK0344", "nothing left")
                        : acceptedAs(replace(order, send.price()));
            }));
        }

        void sendCancel(OrderEffect.SendCancel send) {
            Row order = java.util.Objects.requireNonNull(book.get(send.odno()));
            answer(send, randomFault().orElseGet(() -> {
                var request = new Request(send.order(), send.request());
                changes.merge(request, 1, Integer::sum);
                full.merge(request, send.all(), Boolean::logicalAnd);
                return order.remaining() == 0 || !send.all() && order.remaining() < send.qty()
                        ? new Outcome.Refused("APBK0344", "not so much left")
                        : acceptedAs(takeAway(order, send.all() ? order.remaining() : send.qty()));
            }));
        }

        List<BrokerOrder> rows(Market market) {
            List<BrokerOrder> rows = new ArrayList<>();
            for (Row o : book.values()) {
                boolean lagging = !calm && o.at.plusMillis(800).isAfter(day.now);
                if (!lagging && o.symbol.market().equals(market)) {
                    rows.add(new BrokerOrder(
                            o.kind,
                            o.odno,
                            o.original,
                            "06010",
                            o.symbol,
                            Side.BUY,
                            o.qty,
                            o.price,
                            Optional.of(OrderKind.LIMIT),
                            Optional.of(Venue.usual(o.symbol)),
                            hhmmss(o.at),
                            o.filled,
                            o.value,
                            o.canceled,
                            o.remaining(),
                            o.rejected));
                }
            }
            return rows;
        }

        static int hhmmss(Instant at) {
            var t = at.atZone(TradingCalendar.SEOUL);
            return t.getHour() * 10_000 + t.getMinute() * 100 + t.getSecond();
        }
    }

    private static void assertConsistent(Day it) {
        assertThat(it.placings)
                .allSatisfy((id, times) ->
                        assertThat(times).as("placings of %s", id).isEqualTo(1));
        assertThat(it.changes).allSatisfy((request, times) -> {
            if (!it.full.getOrDefault(request, false)) { // only a full cancel may ever be repeated
                assertThat(times).as("%s at the broker", request).isEqualTo(1);
            }
        });
        Map<OrderId, Order> rebuilt = it.day.rebuilt();
        assertThat(rebuilt.values().stream()
                        .filter(o -> !o.external() && o.replaces().isEmpty())
                        .count())
                .isEqualTo(it.placedTerms.size());
        Map<OrderId, Long> placedQty = placedQty(it);
        rebuilt.values().forEach(order -> assertReplacement(order, placedQty.getOrDefault(order.id(), 0L), rebuilt));
        Map<Long, Order> byNumber = new HashMap<>();
        for (Order order : rebuilt.values()) {
            order.brokerRefs()
                    .forEach(brokerRef -> assertThat(byNumber.put(brokerRef.odno(), order))
                            .as("a second owner of %s", brokerRef.odno())
                            .isNull());
        }
        for (Row brokerRow : it.book.values()) {
            if (brokerRow.kind == BrokerOrder.Kind.CANCEL) {
                continue;
            }
            Order ownOrder = byNumber.get(brokerRow.odno);
            assertThat(ownOrder)
                    .as(
                            "who follows %s, which replaced %s: %s",
                            brokerRow.odno, brokerRow.original, byNumber.get(brokerRow.original))
                    .isNotNull();
            BrokerOrderRef brokerRef = ownOrder.brokerRef(brokerRow.odno).orElseThrow();
            assertThat(brokerRef.filled())
                    .as("fills under %s of %s", brokerRow.odno, ownOrder)
                    .isEqualTo(brokerRow.filled);
            assertThat(brokerRef.value())
                    .as("value under %s of %s", brokerRow.odno, ownOrder)
                    .isEqualTo(brokerRow.value);
            assertThat(ownOrder.external()).isEqualTo(!it.ownNumbers.containsKey(brokerRow.odno));
            if (brokerRow.remaining() > 0) {
                assertThat(ownOrder.status().isTerminal())
                        .as("end of %s", ownOrder)
                        .isFalse();
                assertThat(ownOrder.terms().price()).as("price of %s", ownOrder).hasValue(brokerRow.price);
                assertThat(ownOrder.remaining()).as("rest of %s", ownOrder).isEqualTo(brokerRow.remaining());
            }
        }
        for (Order ownOrder : rebuilt.values()) {
            boolean rests = ownOrder.brokerRefs().stream()
                    .anyMatch(brokerRef -> it.book.get(brokerRef.odno()).remaining() > 0);
            if (ownOrder.status() == OrderStatus.UNKNOWN) {
                assertThat(it.placings)
                        .as("an order that stays unknown never arrived")
                        .doesNotContainKey(ownOrder.id());
            } else {
                assertThat(ownOrder.status().isTerminal())
                        .as("end of %s", ownOrder)
                        .isEqualTo(!rests);
            }
            assertThat(it.day.core.order(ownOrder.id()).orElseThrow()).isEqualTo(ownOrder);
        }
    }

    /** The quantities that orders were accepted with; a change before the send may make an order larger later. */
    private static Map<OrderId, Long> placedQty(Day it) {
        OrderEventJson json = new OrderEventJson();
        return it.day.journal.stream()
                .map(json::read)
                .filter(OrderEvent.Accepted.class::isInstance)
                .map(OrderEvent.Accepted.class::cast)
                .collect(Collectors.toMap(
                        OrderEvent.Accepted::order, event -> event.terms().qty()));
    }

    /** An order in another's place is the one that was announced, for what the fills of that one left. */
    private static void assertReplacement(Order order, long placedQty, Map<OrderId, Order> rebuilt) {
        order.replaces().map(rebuilt::get).ifPresent(original -> {
            Replacement replacement = original.replacement().orElseThrow();
            assertThat(replacement.successor()).isEqualTo(order.id());
            assertThat(original.status()).as("%s", original).isIn(OrderStatus.CANCELED, OrderStatus.FILLED);
            long first = order.requests().stream()
                    .filter(BrokerRequest::isPartialCancel)
                    .filter(request -> request.state() == BrokerRequest.State.DONE)
                    .mapToLong(BrokerRequest::qty)
                    .sum();
            assertThat(original.filled() + placedQty + first)
                    .as("%s in the place of %s", order, original)
                    .isLessThanOrEqualTo(replacement.qty());
        });
    }

    @Requirement(value = "A-24", clause = "quantities")
    @Property(tries = 200)
    void no_lost_late_or_repeated_message_duplicates_an_order_and_the_books_agree(@ForAll long seed) {
        playToAConsistentEnd(new Day(seed, false));
    }

    @Property(tries = 200)
    void trading_elsewhere_on_the_same_account_is_followed_too(@ForAll long seed) {
        playToAConsistentEnd(new Day(seed, true));
    }

    @Property(tries = 5_000)
    @Tag("long")
    void thousands_of_days_with_and_without_trading_elsewhere_end_consistently(
            @ForAll long seed, @ForAll boolean elsewhere) {
        playToAConsistentEnd(new Day(seed, elsewhere));
    }

    private static void playToAConsistentEnd(Day it) {
        it.play(300);
        it.settle();
        assertConsistent(it);
    }

    @Requirement(value = "G-03", clause = "states")
    @Property(tries = 100)
    void an_ended_order_stays_ended_and_fills_never_shrink(@ForAll long seed) {
        Day it = new Day(seed, false);
        it.play(200);
        Map<OrderId, Order> lastStates = new HashMap<>();
        OrderEventJson json = new OrderEventJson();
        for (var entry : it.day.journal) {
            OrderEvent event = json.read(entry);
            Order before = lastStates.get(event.order());
            Order after = Order.isFirstEvent(event)
                    ? Order.create(event, entry.at(), entry.seq())
                    : java.util.Objects.requireNonNull(before).apply(event, entry.at(), entry.seq());
            if (before != null) {
                assertThat(after.filled())
                        .isGreaterThanOrEqualTo(before.filled())
                        .isLessThanOrEqualTo(after.terms().qty());
                if (before.status().isTerminal()) {
                    assertThat(after.status())
                            .as("%s after %s", event, before)
                            .isIn(before.status(), OrderStatus.FILLED);
                }
            }
            lastStates.put(event.order(), after);
        }
    }
}
