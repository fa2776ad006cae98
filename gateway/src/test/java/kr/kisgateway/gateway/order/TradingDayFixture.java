package kr.kisgateway.gateway.order;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.stream.Stream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.AlertLog;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.kis.rest.KisOrderForm;
import kr.kisgateway.gateway.order.Broker.BrokerOrder;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderCore.RecordedEvent;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.risk.AccountFigures;
import kr.kisgateway.gateway.risk.LiveGuards;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.gateway.risk.RiskLimit;
import kr.kisgateway.gateway.risk.RiskLimits;
import kr.kisgateway.gateway.risk.RiskPolicy;
import kr.kisgateway.gateway.risk.RiskRules;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.OpenCalendar;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.TradingDay;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.wire.OrderDivisions;

/**
 * A core, its journal in memory and a broker that is only a list, all on one thread and a clock of their own. A test drives
 * each effect by hand, so that every interleaving can be played.
 */
final class TradingDayFixture {
    static final Instant MORNING = Instant.parse("2026-11-20T01:00:00Z"); // 10:00 in Seoul
    /** The end of the trading day on which it begins. */
    static final Instant MIDNIGHT = Instant.parse("2026-11-20T15:00:00Z");

    static final AccountDay ON_FRIDAY = new AccountDay("A1", new TradingDay(Market.KOREA, LocalDate.of(2026, 11, 20)));
    static final Symbol SAMSUNG = new Symbol("005930");
    static final TradingCalendar CALENDAR = new OpenCalendar();
    /** KIS's own kinds of orders. */
    static final OrderForm FORM = new KisOrderForm(OrderDivisions.load(), false);

    Instant now = MORNING;
    OrderSettings settings = settings(10, true);
    LiveGuards guards = new LiveGuards(false, false, Set.of(), false, true);
    RiskLimits limits = RiskLimits.none()
            .with(RiskLimit.DAILY_ORDERS, 10_000)
            .with(RiskLimit.MAX_QTY, 1_000_000)
            .with(RiskLimit.MAX_NOTIONAL, 1_000_000_000_000L);
    Map<String, RiskLimits> keys = Map.of();
    OrderHours orderHours = hours(CALENDAR);
    OrderCore core;
    final AlertLog alerts = new AlertLog(_ -> {});
    private final OrderAlerts orderAlerts = new OrderAlerts(alerts, () -> now);
    final List<JournalEntry> journal = new ArrayList<>();
    final List<OrderEffect> effects = new ArrayList<>();
    final Map<Long, Answer> answers = new HashMap<>();
    final Map<OrderId, Order> shown = new LinkedHashMap<>();
    final List<ControlEvent> control = new ArrayList<>();
    private final OrderEventJson json = new OrderEventJson();
    private final ControlEventJson controlJson = new ControlEventJson();
    private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    private long tickets;

    static OrderSettings settings(double sendsPerSecond, boolean worker) {
        return new OrderSettings(
                Map.of("A1", "K1"), sendsPerSecond, worker, Duration.ofSeconds(5), Duration.ofSeconds(5), false);
    }

    /** With KIS's own kinds of orders. */
    static OrderHours hours(TradingCalendar calendar) {
        return new OrderHours(FORM, calendar);
    }

    TradingDayFixture() {
        core = newCore(List.of());
    }

    /** The first start: the broker's list is read and is empty. */
    static TradingDayFixture open() {
        var day = new TradingDayFixture();
        day.begin();
        day.receiveList();
        return day;
    }

    OrderCore newCore(List<Order> loaded) {
        Map<String, Long> last = new HashMap<>();
        journal.forEach(e -> last.merge(e.stream(), e.seq(), Math::max));
        return new OrderCore(
                settings,
                new RiskRules((_, _) -> Optional.empty()),
                new RiskPolicy(layers(), guards),
                orderHours,
                loaded,
                control,
                last,
                _ -> layers());
    }

    private RiskLayers layers() {
        return new RiskLayers(limits, Map.of(), Map.of(), keys);
    }

    void begin() {
        applyStep(core.start(now, Set.of()));
    }

    /** The process dies and restarts from the journal; everything in flight is lost. */
    void crash() {
        restart(Set.of());
    }

    /** The desk restarts from the journal after a failed commit, in the same process, of which {@code neverSent} is known. */
    void restart(Set<OrderCore.SendAttempt> neverSent) {
        effects.clear();
        Map<OrderId, Order> orders = rebuilt();
        Set<LocalDate> days = new HashSet<>(Set.of(CALENDAR.tradingDay(now)));
        orders.values().stream()
                .filter(o -> !o.status().isTerminal() || o.isClosedInDoubt())
                .forEach(o -> days.add(o.tradingDay()));
        core = newCore(orders.values().stream()
                .filter(o -> days.contains(o.tradingDay()) || o.mayStillChange())
                .toList());
        applyStep(core.start(now, neverSent));
    }

    /** Every order as the journal's text alone gives it. */
    Map<OrderId, Order> rebuilt() {
        Map<OrderId, Order> orders = new LinkedHashMap<>();
        for (JournalEntry entry : journal) {
            if (entry.stream().equals(ControlEvent.STREAM)) {
                continue;
            }
            OrderEvent event = json.read(entry);
            orders.compute(
                    event.order(),
                    (_, o) -> Order.isFirstEvent(event)
                            ? Order.create(event, entry.at(), entry.seq())
                            : java.util.Objects.requireNonNull(o).apply(event, entry.at(), entry.seq()));
        }
        return orders;
    }

    void on(OrderInput input) {
        applyStep(core.decide(input, now));
    }

    /** Appends an event that the core would not record so. */
    void recordByEarlierRelease(OrderEvent event) {
        String stream = order(event.order()).terms().accountId();
        long last = journal.stream()
                .filter(entry -> entry.stream().equals(stream))
                .mapToLong(JournalEntry::seq)
                .max()
                .orElse(0);
        record(stream, last + 1, now, order(event.order()).tradingDay(), event);
    }

    private void record(String stream, long seq, Instant at, LocalDate tradingDay, OrderEvent event) {
        journal.add(new JournalEntry(
                stream,
                seq,
                at,
                tradingDay,
                OrderEventJson.type(event),
                OrderEventJson.VERSION,
                1,
                event.order().text(),
                json.write(event)));
    }

    private void applyStep(OrderCore.Step step) {
        for (RecordedEvent r : step.events()) {
            record(r.stream(), r.seq(), r.at(), r.after().tradingDay(), r.event());
        }
        for (OrderCore.RecordedControlEvent r : step.controlEvents()) {
            var entry = new JournalEntry(
                    ControlEvent.STREAM,
                    r.seq(),
                    r.at(),
                    CALENDAR.tradingDay(r.at()),
                    ControlEventJson.type(r.event()),
                    ControlEventJson.VERSION,
                    1,
                    ControlEvent.STREAM,
                    controlJson.write(r.event()));
            journal.add(entry);
            control.add(controlJson.read(entry));
        }
        for (OrderEffect effect : step.effects()) {
            switch (effect) {
                case OrderEffect.Reply reply -> answers.put(reply.ticket(), reply.answer());
                case OrderEffect.OrderChanged changed -> {
                    shown.put(changed.order().id(), changed.order());
                    orderAlerts.orderChanged(changed.order());
                }
                case OrderEffect.Alert alert -> {
                    orderAlerts.raise(now, alert);
                    effects.add(alert);
                }
                case OrderEffect.AlertSettled settled -> orderAlerts.settle(now, settled);
                default -> effects.add(effect);
            }
        }
    }

    void advance(Duration time) {
        now = now.plus(time);
        on(new OrderInput.TimerDue());
    }

    // ---- requests ----

    Terms limit(Side side, long qty, long price) {
        return new Terms(
                "A1",
                SAMSUNG,
                side,
                qty,
                OrderKind.LIMIT,
                OptionalLong.of(price),
                Venue.KRX,
                Optional.empty(),
                now.plusSeconds(5));
    }

    static OrderInput.OrderContext contextOf(Observation<AccountFigures> account) {
        return new OrderInput.OrderContext(MarketFacts.none(), account, OptionalLong.empty(), List.of());
    }

    static OrderInput.OrderContext emptyContext() {
        return contextOf(new Observation.Unknown<>("not requested"));
    }

    /** The broker reported at {@code requestedAt} that {@code shares} can be sold. */
    static OrderInput.OrderContext sellable(long shares, Instant requestedAt) {
        return contextOf(new Observation.Current<>(
                new AccountFigures(1_000_000_000, shares, shares, OptionalLong.empty()), requestedAt));
    }

    Answer placeOrder(Terms terms, String key) {
        return placeOrder(terms, key, emptyContext());
    }

    Answer placeOrder(Terms terms, String key, OrderInput.OrderContext context) {
        long ticket = ++tickets;
        on(placeInput(ticket, terms, key, context, OrderInput.Mode.PLACE));
        return answers.get(ticket);
    }

    OrderInput.Place placeInput(
            long ticket, Terms terms, String key, OrderInput.OrderContext context, OrderInput.Mode mode) {
        return new OrderInput.Place(
                ticket,
                OrderId.create(now, random),
                terms,
                new KeyUse("local/A1", key, OrderRequestParser.hash(terms, false)),
                context,
                Optional.empty(),
                mode);
    }

    Answer submit(java.util.function.LongFunction<OrderInput> input) {
        long ticket = ++tickets;
        on(input.apply(ticket));
        return java.util.Objects.requireNonNull(answers.get(ticket), "no answer yet");
    }

    Answer modify(OrderId id, long qty, long price) {
        return submit(ticket -> new OrderInput.Modify(
                ticket,
                id,
                qty == 0 ? OptionalLong.empty() : OptionalLong.of(qty),
                price == 0 ? OptionalLong.empty() : OptionalLong.of(price),
                Optional.empty(),
                "local/A1",
                Optional.empty(),
                emptyContext(),
                Optional.empty(),
                Optional.empty()));
    }

    /** Requests more shares, by another order if need be. */
    Answer replace(OrderId id, long qty, long price, Optional<String> key) {
        return replaceAs("local", id, qty, price, key);
    }

    Answer replaceAs(String principal, OrderId id, long qty, long price, Optional<String> key) {
        return submit(ticket -> new OrderInput.Modify(
                ticket,
                id,
                OptionalLong.of(qty),
                price == 0 ? OptionalLong.empty() : OptionalLong.of(price),
                Optional.of(OrderId.create(now, random)),
                principal + "/A1",
                key,
                emptyContext(),
                Optional.empty(),
                Optional.empty()));
    }

    Answer cancel(OrderId id) {
        return cancel(id, Optional.empty());
    }

    Answer cancel(OrderId id, Optional<String> key) {
        long ticket = ++tickets;
        on(new OrderInput.Cancel(ticket, id, "local/A1", key, Optional.empty(), Optional.empty()));
        return answers.get(ticket);
    }

    /** An operator's decision about a request in doubt. */
    Answer resolve(OrderId id, OrderInput.Decision decision) {
        return submit(ticket -> new OrderInput.Resolve(
                ticket,
                id,
                decision,
                Optional.of("looked in the HTS"),
                "local/A1",
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    /** Places a buy of 10 at 70,000 and returns its id. */
    OrderId buy(String key) {
        return ((Answer.Accepted) placeOrder(limit(Side.BUY, 10, 70_000), key)).order();
    }

    // ---- effects ----

    <E extends OrderEffect> Optional<E> next(Class<E> kind) {
        for (OrderEffect effect : effects) {
            if (kind.isInstance(effect)) {
                effects.remove(effect);
                return Optional.of(kind.cast(effect));
            }
        }
        return Optional.empty();
    }

    /** Removes and returns an effect that must be there. */
    void requireEffect(Class<? extends OrderEffect> kind) {
        if (next(kind).isEmpty()) {
            throw new AssertionError("no " + kind.getSimpleName() + " among " + effects);
        }
    }

    /** Grants the requested slot and starts the request. */
    void grantSlot() {
        var slotRequest =
                next(OrderEffect.RequestSlot.class).orElseThrow(() -> new AssertionError("no slot is requested"));
        on(new OrderInput.SlotGranted(slotRequest.slot()));
    }

    void deliverOutcome(OrderId id, int request, Broker.Outcome outcome) {
        on(new OrderInput.Answered(id, request, outcome));
    }

    /** Buys 10 at 70,000, sends the order and has the broker take it under {@code odno}. */
    OrderId placeSent(String key, long odno) {
        OrderId id = buy(key);
        grantSlot();
        requireEffect(OrderEffect.SendPlace.class);
        deliverOutcome(id, 1, new Broker.Outcome.Taken("06010", odno, "100000"));
        return id;
    }

    void receiveFill(long odno, long qty, long price, int time) {
        on(new OrderInput.Noticed(new Notice(
                "A1",
                Notice.Kind.FILLED,
                odno,
                0,
                SAMSUNG,
                Side.BUY,
                qty,
                price,
                time,
                "06010",
                Optional.empty(),
                Optional.empty())));
    }

    void receiveNotice(Notice.Kind kind, long odno, long original, long qty, long price) {
        on(new OrderInput.Noticed(new Notice(
                "A1",
                kind,
                odno,
                original,
                SAMSUNG,
                Side.BUY,
                qty,
                price,
                100_002,
                "06010",
                Optional.empty(),
                Optional.empty())));
    }

    void receiveList(BrokerOrder... rows) {
        AccountDay day = next(OrderEffect.RequestDailyOrders.class)
                .orElseThrow(() -> new AssertionError("the list is not requested"))
                .day();
        on(new OrderInput.ListArrived(day, new Broker.DailyOrders.Complete(now, List.of(rows))));
    }

    /** A row of the broker's list for the buy of 10 at 70,000. */
    static BrokerOrder listedRow(long odno, int time, long filled, long value, long canceled) {
        return new BrokerOrder(
                BrokerOrder.Kind.ORDER,
                odno,
                0,
                "06010",
                SAMSUNG,
                Side.BUY,
                10,
                70_000,
                Optional.of(OrderKind.LIMIT),
                Optional.of(Venue.KRX),
                time,
                filled,
                value,
                canceled,
                10 - filled - canceled,
                0);
    }

    /** A modification of {@code original} as a row of the broker's list. */
    static BrokerOrder modifiedRow(
            long odno, long original, long qty, long price, long filled, long remaining, long rejected) {
        return new BrokerOrder(
                BrokerOrder.Kind.MODIFY,
                odno,
                original,
                "06010",
                SAMSUNG,
                Side.BUY,
                qty,
                price,
                Optional.of(OrderKind.LIMIT),
                Optional.of(Venue.KRX),
                100_001,
                filled,
                filled * price,
                0,
                remaining,
                rejected);
    }

    static ErrorCode code(Answer answer) {
        return ((Answer.Refused) answer).refusal().code();
    }

    OrderStatus status(OrderId id) {
        return order(id).status();
    }

    Order order(OrderId id) {
        return core.order(id).orElseThrow();
    }

    // ---- what was recorded ----

    /** The events of orders in the journal after its first {@code entries} entries. */
    List<OrderEvent> recordedSince(int entries) {
        return orderEvents(entries).toList();
    }

    /** Removes and returns the alerts raised so far. */
    List<OrderEffect.Alert> takeAlerts() {
        return takeAll(OrderEffect.Alert.class);
    }

    /** Removes and returns the effects of a kind, oldest first. */
    <E extends OrderEffect> List<E> takeAll(Class<E> kind) {
        List<E> taken = effectsOf(kind);
        effects.removeIf(kind::isInstance);
        return taken;
    }

    /** The events of an order, oldest first. */
    List<OrderEvent> eventsOf(OrderId id) {
        return orderEvents(0).filter(event -> event.order().equals(id)).toList();
    }

    private Stream<OrderEvent> orderEvents(int from) {
        return journal.subList(from, journal.size()).stream()
                .filter(entry -> !entry.stream().equals(ControlEvent.STREAM))
                .map(json::read);
    }

    /** An alert about an order of the fixture's caller. */
    static OrderEffect.Alert alert(OrderEffect.Level level, AlertEvent kind, OrderId id, String message) {
        return new OrderEffect.Alert(
                level, kind, id.text(), "order " + id + ": " + message, Optional.of(id), Optional.of("local"));
    }

    static OrderEvent notSentInTime(OrderId id, int request) {
        return new OrderEvent.BrokerRefused(
                id, request, "NOT_SENT", "it could not be sent in time; the order is unchanged");
    }

    List<OrderEffect.Alert> raisedAlerts() {
        return effectsOf(OrderEffect.Alert.class);
    }

    <E extends OrderEffect> List<E> effectsOf(Class<E> kind) {
        return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Lets the timers that are due at {@code at} run. */
    void reach(Instant at) {
        now = at;
        on(new OrderInput.TimerDue());
    }

    /** The days whose lists are requested and not answered. */
    List<AccountDay> requestedLists() {
        return effectsOf(OrderEffect.RequestDailyOrders.class).stream()
                .map(OrderEffect.RequestDailyOrders::day)
                .toList();
    }

    /** Answers every list that is requested now, {@code rows} of the first day and empty for others; the days in this order. */
    List<AccountDay> readAllLists(BrokerOrder... rows) {
        List<AccountDay> read = new ArrayList<>();
        for (var next = next(OrderEffect.RequestDailyOrders.class);
                next.isPresent();
                next = next(OrderEffect.RequestDailyOrders.class)) {
            AccountDay listed = next.get().day();
            read.add(listed);
            on(new OrderInput.ListArrived(
                    listed,
                    new Broker.DailyOrders.Complete(now, listed.equals(ON_FRIDAY) ? List.of(rows) : List.of())));
        }
        return read;
    }

    void readListsUntilPausesAreLong(BrokerOrder... rows) {
        readAllLists(rows);
        for (int i = 0; i < 6; i++) {
            advance(Duration.ofSeconds(5));
            readAllLists(rows);
        }
    }

    /** An order that rested until the end of {@link #ON_FRIDAY}. */
    void expireAtMidnight() {
        OrderId id = placeSent("k1", 101);
        reach(MIDNIGHT);
        readAllLists(listedRow(101, 100_000, 0, 0, 0));
        assertThat(shown.get(id).status()).isEqualTo(OrderStatus.EXPIRED);
    }

    /** Sells 10 at 70,000 of ten shares, which the broker takes under {@code odno}. */
    OrderId sellSent(long odno) {
        OrderId id = ((Answer.Accepted) placeOrder(limit(Side.SELL, 10, 70_000), "sell", sellable(10, now))).order();
        grantSlot();
        deliverOutcome(id, 1, new Outcome.Taken("06010", odno, "100000"));
        return id;
    }

    /** Places a US order. */
    OrderId placeUs(OrderType type, long price, String key) {
        UsSymbol apple = UsSymbol.parse("AAPL.NASD").orElseThrow();
        var terms = new Terms(
                "A1",
                apple,
                Side.SELL,
                3,
                OrderKind.regular(type),
                price == 0 ? OptionalLong.empty() : OptionalLong.of(price),
                Venue.usual(apple),
                Optional.empty(),
                now.plusSeconds(5));
        assertThat(placeOrder(terms, key, sellable(10, now))).isInstanceOf(Answer.Accepted.class);
        return shown.keySet().stream()
                .filter(id -> order(id).key().key().equals(key))
                .findFirst()
                .orElseThrow();
    }
}
