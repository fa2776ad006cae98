package kr.kisgateway.simulation;

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
import java.util.function.Function;
import java.util.stream.Collectors;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Lane;
import kr.kisgateway.client.Placement;
import kr.kisgateway.client.core.RestCalls;
import kr.kisgateway.client.core.RestRequest;
import kr.kisgateway.client.core.TokenCore;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.kis.KisOrders;
import kr.kisgateway.gateway.order.Broker;
import kr.kisgateway.gateway.order.BrokerRequest;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderCore;
import kr.kisgateway.gateway.order.OrderEffect;
import kr.kisgateway.gateway.order.OrderEvent;
import kr.kisgateway.gateway.order.OrderEventJson;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderInput;
import kr.kisgateway.gateway.order.OrderSettings;
import kr.kisgateway.gateway.order.OrderStatus;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.gateway.risk.RiskLimits;
import kr.kisgateway.gateway.risk.RiskRules;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulation.history.HistoryChecker.Print;
import kr.kisgateway.simulation.history.HistoryChecker.Shown;
import kr.kisgateway.simulation.history.Observed;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.parse.DailyOrderRow;

/**
 * The gateway's order core as a day drives it, with what the journal held when its process began. The one class here that
 * knows the core's inputs, effects and events; planted defects sit where the core meets its surroundings.
 */
final class OrderPart {
    static final String ACCOUNT = "A1";
    private static final String SCOPE = "sim/" + ACCOUNT;

    /** What the core wants done. */
    sealed interface Todo {
        record Reply(long ticket, Heard heard) implements Todo {}

        record AskSlot(long slot, Lane lane, String tenant, Instant deadline) implements Todo {}

        record GiveBack(long slot) implements Todo {}

        /**
         * Send something of {@code order} with {@code slot}.
         *
         * @param stopAt from when on the last look stops it
         */
        record Send(
                long slot,
                String order,
                int request,
                Instant stopAt,
                String what,
                Function<TokenCore.Token, RestRequest> make)
                implements Todo {}

        record AskList(LocalDate day) implements Todo {}

        record Publish(String stream, long seq, String what) implements Todo {}

        record Alert(String text) implements Todo {}
    }

    /** What a client hears. */
    sealed interface Heard {
        record Accepted(String order, boolean replay) implements Heard {}

        record Refused(String code, String message) implements Heard {}

        /** No answer: the gateway is not there, or went away meanwhile. */
        record Nothing() implements Heard {}
    }

    /** An order that a client asks for. */
    record Wish(String key, Print print, Instant dispatchBy) {}

    /** What may be sold, as the broker last said; empty when it did not. */
    record Sellable(long shares, Instant askedAt) {}

    /** First the entries durably, then the rest. */
    record Decided(List<JournalEntry> entries, List<Todo> afterDurable) {}

    private record Place(OrderId order, int request) {}

    private final OrderCore core;
    private final RestCalls calls;
    private final OrderEventJson json = new OrderEventJson();
    private final Set<Bug> bugs;
    private final long fence;
    private final Map<KeyUse.Name, OrderInput.PriorUse> priors = new HashMap<>();
    private final Map<Long, Place> slots = new HashMap<>();
    private final Map<Place, Long> slotOf = new HashMap<>();
    private final Set<Broker.Notice> heard = new HashSet<>();
    private long lastSlot;
    private boolean otherVenue;

    OrderPart(
            List<JournalEntry> journal,
            long fence,
            TradingCalendar calendar,
            Observed.Bounds bounds,
            double sendsPerSecond,
            RestCalls calls,
            Set<Bug> bugs) {
        this.calls = calls;
        this.bugs = bugs;
        this.fence = fence;
        boolean blind = bugs.contains(Bug.IGNORES_THE_LIMITS);
        var limits = new RiskLimits(
                blind ? Long.MAX_VALUE : bounds.dailyOrders(),
                blind ? Long.MAX_VALUE : bounds.maxQty(),
                Long.MAX_VALUE,
                false,
                false);
        Map<OrderId, Order> orders = fold(journal);
        Map<String, Long> lastSeq = new HashMap<>();
        for (JournalEntry entry : journal) {
            lastSeq.merge(entry.stream(), entry.seq(), Math::max);
            remember(json.read(entry));
        }
        if (bugs.contains(Bug.FORGETS_KEYS_AT_RESTART)) {
            priors.clear();
            orders.replaceAll((id, order) -> keyless(order));
        }
        if (bugs.contains(Bug.TAKES_A_CRASH_FOR_NOT_SENT)) {
            orders.replaceAll((id, order) -> asIfNotSent(order));
        }
        this.core = new OrderCore(
                new OrderSettings(sendsPerSecond, true),
                new RiskRules(limits, (symbol, price) -> Optional.empty()),
                calendar,
                orders.values(),
                lastSeq);
    }

    // ---- inputs ----

    Decided begin(Instant now) {
        return decided(core.begin(now));
    }

    Decided place(long ticket, String order, Wish wish, Optional<Sellable> sellable, Instant now) {
        Print print = wish.print();
        boolean market = print.price() == 0;
        Terms terms = new Terms(
                ACCOUNT,
                new kr.kisgateway.market.Symbol(print.symbol()),
                Side.valueOf(print.side()),
                print.qty(),
                market ? OrderType.MARKET : OrderType.LIMIT,
                market ? OptionalLong.empty() : OptionalLong.of(print.price()),
                venue(),
                Optional.empty(),
                bugs.contains(Bug.IGNORES_THE_DEADLINE)
                        ? wish.dispatchBy().plus(Duration.ofMinutes(1))
                        : wish.dispatchBy());
        var key = new KeyUse(SCOPE, wish.key(), hash(wish));
        OrderInput.Position position = print.side().equals("BUY")
                ? new OrderInput.Position.NotNeeded()
                : sellable.<OrderInput.Position>map(it -> new OrderInput.Position.Known(it.shares(), it.askedAt()))
                        .orElseGet(() -> new OrderInput.Position.Unavailable("the balance could not be read"));
        return decided(core.on(
                new OrderInput.Place(
                        ticket,
                        new OrderId(order),
                        terms,
                        key,
                        OptionalLong.empty(),
                        position,
                        Optional.ofNullable(priors.get(key.name()))),
                now));
    }

    Decided cancel(long ticket, String order, String key, Instant now) {
        var id = new OrderId(order);
        return decided(core.on(
                new OrderInput.Cancel(
                        ticket,
                        id,
                        SCOPE,
                        Optional.of(key),
                        Optional.empty(),
                        Optional.ofNullable(priors.get(new KeyUse.Name(SCOPE, key)))),
                now));
    }

    Decided slotGranted(long slot, Instant now) {
        Place place = java.util.Objects.requireNonNull(slots.get(slot));
        return decided(core.on(new OrderInput.SlotGranted(place.order(), place.request()), now));
    }

    Decided slotTimedOut(long slot, Instant now) {
        Place place = java.util.Objects.requireNonNull(slots.remove(slot));
        slotOf.remove(place);
        return decided(core.on(new OrderInput.SlotTimedOut(place.order(), place.request()), now));
    }

    Decided sendStopped(Todo.Send send, Instant now) {
        return decided(core.on(
                new OrderInput.SendStopped(
                        new OrderId(send.order()), send.request(), "dispatch_by passed before the bytes left"),
                now));
    }

    Decided answered(Todo.Send send, Placement placement, Instant now) {
        return decided(core.on(
                new OrderInput.Answered(new OrderId(send.order()), send.request(), KisOrders.outcome(placement)), now));
    }

    Decided noticed(ExecutionNotice told, Instant now) {
        Broker.Notice notice = KisOrders.notice(told);
        if (bugs.contains(Bug.COUNTS_A_NOTICE_TWICE) && !heard.add(notice)) {
            notice = new Broker.Notice(
                    notice.kind(),
                    notice.odno(),
                    notice.original(),
                    notice.symbol(),
                    notice.side(),
                    notice.qty(),
                    notice.price(),
                    notice.time() + 1,
                    notice.orgNo());
        }
        return decided(core.on(new OrderInput.Noticed(notice), now));
    }

    Decided noticesMissed(Instant now) {
        return bugs.contains(Bug.IGNORES_LOST_NOTICES)
                ? timerDue(now)
                : decided(core.on(new OrderInput.NoticesMissed("registered"), now));
    }

    Decided listArrived(LocalDate day, Instant askedAt, KisReply<List<DailyOrderRow>> reply, Instant now) {
        Broker.Listing listing = KisOrders.listing(askedAt, reply);
        if (bugs.contains(Bug.IGNORES_LOST_NOTICES) && listing instanceof Broker.Listing.Complete complete) {
            listing = new Broker.Listing.Complete(
                    askedAt,
                    complete.orders().stream().map(OrderPart::withoutFills).toList());
        }
        Decided decided = decided(core.on(new OrderInput.ListArrived(day, listing), now));
        if (bugs.contains(Bug.CLOSES_ON_ABSENCE) && listing instanceof Broker.Listing.Complete) {
            for (OrderId id : inDoubt()) {
                var gone = new Broker.Outcome.Refused("NOT_LISTED", "the broker does not list it");
                decided = both(decided, decided(core.on(new OrderInput.Answered(id, 1, gone), now)));
            }
        }
        return decided;
    }

    Decided timerDue(Instant now) {
        return decided(core.on(new OrderInput.TimerDue(), now));
    }

    Optional<Instant> nextTimer() {
        return core.nextTimer();
    }

    // ---- what the day asks ----

    /** The orders that {@code journal} keeps, as the API would show them, with what each filled cost in won. */
    static Map<Shown, Long> shown(List<JournalEntry> journal) {
        var shown = new LinkedHashMap<Shown, Long>();
        new OrderEventFold(new OrderEventJson())
                .fold(journal)
                .values()
                .forEach(order -> shown.put(show(order), order.value()));
        return shown;
    }

    /** Orders that the core holds otherwise than {@code journal} does. */
    List<String> otherThan(List<JournalEntry> journal) {
        return fold(journal).values().stream()
                .filter(order ->
                        core.order(order.id()).filter(it -> !it.equals(order)).isPresent())
                .map(order -> "memory and journal differ: " + core.order(order.id()) + " and " + order)
                .toList();
    }

    private static Shown show(Order order) {
        Terms terms = order.terms();
        OptionalLong number = order.placing().odno();
        return new Shown(
                order.id().text(),
                order.key().key(),
                new Print(
                        terms.symbol().code(),
                        terms.side().name(),
                        terms.qty(),
                        terms.price().orElse(0)),
                order.status().name(),
                order.filled(),
                number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty());
    }

    // ---- inside ----

    private Decided decided(OrderCore.Step step) {
        var entries = new ArrayList<JournalEntry>();
        for (OrderCore.Recorded recorded : step.append()) {
            remember(recorded.event());
            entries.add(new JournalEntry(
                    recorded.stream(),
                    recorded.seq(),
                    recorded.at(),
                    recorded.after().tradingDay(),
                    OrderEventJson.type(recorded.event()),
                    OrderEventJson.VERSION,
                    fence,
                    recorded.event().order().text(),
                    json.write(recorded.event())));
        }
        return new Decided(
                entries,
                step.afterDurable().stream()
                        .flatMap(effect -> todo(effect).stream())
                        .toList());
    }

    private static Decided both(Decided one, Decided other) {
        var entries = new ArrayList<>(one.entries());
        entries.addAll(other.entries());
        var todos = new ArrayList<>(one.afterDurable());
        todos.addAll(other.afterDurable());
        return new Decided(entries, todos);
    }

    private Optional<Todo> todo(OrderEffect effect) {
        return switch (effect) {
            case OrderEffect.Reply(long ticket, OrderEffect.Answer answer) ->
                Optional.of(new Todo.Reply(
                        ticket,
                        switch (answer) {
                            case OrderEffect.Answer.Accepted accepted ->
                                new Heard.Accepted(accepted.order().text(), accepted.replay());
                            case OrderEffect.Answer.Refused refused ->
                                new Heard.Refused(
                                        refused.refusal().code().name(),
                                        refused.refusal().message());
                        }));
            case OrderEffect.RequestSlot(OrderId order, int request, Broker.Lane lane, Instant deadline) -> {
                var place = new Place(order, request);
                if (slotOf.containsKey(place)) {
                    yield Optional.empty(); // one is on its way
                }
                slots.put(++lastSlot, place);
                slotOf.put(place, lastSlot);
                yield Optional.of(new Todo.AskSlot(lastSlot, KisOrders.lane(lane), "gateway", deadline));
            }
            case OrderEffect.ReleaseSlot(OrderId order, int request) ->
                Optional.ofNullable(slotOf.get(new Place(order, request))).map(Todo.GiveBack::new);
            case OrderEffect.SendPlace(OrderId order, int request, Terms terms) ->
                slot(order, request)
                        .map(slot -> new Todo.Send(
                                slot,
                                order.text(),
                                request,
                                terms.dispatchBy(),
                                "place " + KisOrders.place(terms),
                                token -> calls.place(token, KisOrders.place(toKrx(terms)))));
            case OrderEffect.SendCancel(OrderId order, int request, Terms terms, String orgNo, long odno) ->
                slot(order, request)
                        .map(slot -> new Todo.Send(
                                slot,
                                order.text(),
                                request,
                                Instant.MAX,
                                "cancel " + odno,
                                token -> calls.cancel(
                                        token, KisOrders.cancel(toKrx(terms), orgNo, odno, terms.qty(), true))));
            case OrderEffect.AskBroker(LocalDate day) -> Optional.of(new Todo.AskList(day));
            case OrderEffect.Changed(Order order) ->
                Optional.of(new Todo.Publish(
                        order.terms().accountId(),
                        order.seq(),
                        order.id() + " " + order.status() + " filled " + order.filled() + " of "
                                + order.terms().qty()));
            case OrderEffect.Executed executed -> Optional.empty();
            case OrderEffect.Alert(String event, String message) ->
                bugs.contains(Bug.TELLS_NO_OPERATOR)
                        ? Optional.empty()
                        : Optional.of(new Todo.Alert(event + " " + message));
        };
    }

    private Optional<Long> slot(OrderId order, int request) {
        Optional<Long> slot = Optional.ofNullable(slotOf.remove(new Place(order, request)));
        slot.ifPresent(slots::remove);
        return slot;
    }

    private void remember(OrderEvent event) {
        switch (event) {
            case OrderEvent.Accepted accepted ->
                priors.put(
                        accepted.key().name(),
                        new OrderInput.PriorUse(accepted.key().hash(), accepted.order(), false));
            case OrderEvent.CancelRequested cancel ->
                priors.put(
                        cancel.key().name(),
                        new OrderInput.PriorUse(cancel.key().hash(), cancel.order(), true));
            default -> {
                // The rest uses no key.
            }
        }
    }

    private Map<OrderId, Order> fold(List<JournalEntry> journal) {
        return new OrderEventFold(json).fold(journal);
    }

    private record OrderEventFold(OrderEventJson json) {
        Map<OrderId, Order> fold(List<JournalEntry> journal) {
            var orders = new LinkedHashMap<OrderId, Order>();
            for (JournalEntry entry : journal) {
                OrderEvent event = json.read(entry);
                if (event instanceof OrderEvent.Accepted accepted) {
                    orders.put(accepted.order(), Order.accepted(accepted, entry.at(), entry.seq()));
                } else {
                    orders.computeIfPresent(event.order(), (id, order) -> order.apply(event, entry.at(), entry.seq()));
                }
            }
            return orders;
        }
    }

    private static String hash(Wish wish) {
        return wish.print() + "|" + wish.dispatchBy();
    }

    // ---- planted defects ----

    private Venue venue() {
        otherVenue = bugs.contains(Bug.HAS_NO_FINGERPRINT_RULE) && !otherVenue;
        return otherVenue ? Venue.SOR : Venue.KRX;
    }

    private static Terms toKrx(Terms terms) {
        return new Terms(
                terms.accountId(),
                terms.symbol(),
                terms.side(),
                terms.qty(),
                terms.type(),
                terms.price(),
                Venue.KRX,
                terms.strategyId(),
                terms.dispatchBy());
    }

    private List<OrderId> inDoubt() {
        return priors.values().stream()
                .map(OrderInput.PriorUse::order)
                .distinct()
                .filter(id -> core.order(id)
                        .filter(order -> order.status() == OrderStatus.UNKNOWN)
                        .isPresent())
                .sorted(java.util.Comparator.comparing(OrderId::text))
                .collect(Collectors.toList());
    }

    private static Broker.Listed withoutFills(Broker.Listed row) {
        return new Broker.Listed(
                row.odno(),
                row.original(),
                row.orgNo(),
                row.symbol(),
                row.side(),
                row.qty(),
                row.price(),
                row.market(),
                row.time(),
                0,
                0,
                row.canceled(),
                row.remaining(),
                row.rejected());
    }

    private static Order keyless(Order order) {
        return new Order(
                order.id(),
                order.terms(),
                new KeyUse(
                        order.key().scope(),
                        "forgotten " + order.key().key(),
                        order.key().hash()),
                order.tradingDay(),
                order.createdAt(),
                order.updatedAt(),
                order.requests(),
                order.fills(),
                order.noticed(),
                order.noticedValue(),
                order.filled(),
                order.value(),
                order.canceled(),
                order.end(),
                order.error(),
                order.reason(),
                order.seq());
    }

    private static Order asIfNotSent(Order order) {
        return order.placing().state() == BrokerRequest.State.SENDING
                ? order.apply(
                        new OrderEvent.SendNotTaken(order.id(), 1, "CRASH", "it cannot have left"),
                        order.updatedAt(),
                        order.seq())
                : order;
    }
}
