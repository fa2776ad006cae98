package kr.kisgateway.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.journal.JournalAppend;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderEvent;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.gateway.parent.Leg;
import kr.kisgateway.gateway.parent.Parent;
import kr.kisgateway.gateway.parent.ParentCore;
import kr.kisgateway.gateway.parent.ParentEffect;
import kr.kisgateway.gateway.parent.ParentEvent;
import kr.kisgateway.gateway.parent.ParentEventJson;
import kr.kisgateway.gateway.parent.ParentId;
import kr.kisgateway.gateway.parent.ParentInput;
import kr.kisgateway.gateway.parent.Plan;
import kr.kisgateway.gateway.parent.PriceRange;
import kr.kisgateway.gateway.parent.Start;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulation.OrderCoreDriver.Response;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.ParentCall;
import kr.kisgateway.simulation.history.ParentTrace;
import kr.kisgateway.simulation.history.ParentTrace.ParentFact;
import kr.kisgateway.simulation.history.ParentTrace.ReportedParent;
import kr.kisgateway.simulation.history.WireForm;

/**
 * The gateway's core of parent orders as a day drives it: what {@link OrderCoreDriver} is for orders. Planted defects are where the
 * core meets its environment.
 */
final class ParentCoreDriver {
    private static final String PRINCIPAL = "sim";

    /** An effect that the core requests. */
    sealed interface Action {
        record Reply(long ticket, Response response) implements Action {}

        /** Place an order, if it is still wanted then. */
        /** @param routed whether the gateway chooses the venue now */
        record Place(ParentId parent, OrderId child, Terms terms, boolean routed, String scope, String key)
                implements Action {
            OrderFingerprint fingerprint() {
                return ParentCoreDriver.fingerprint(terms, routed);
            }
        }

        record Find(OrderId order) implements Action {}

        record CancelChild(OrderId child, String scope, String key) implements Action {}

        record Alert(String text) implements Action {}
    }

    /** The entries first, durably, then {@link #recorded}, then the actions. */
    record Decided(Optional<JournalAppend> append, List<ParentEvent> events, List<Action> afterDurable) {}

    private final ParentCore core;
    private final ParentEventJson json = new ParentEventJson();
    private final Set<Bug> bugs;
    /** Every parent order of the journal, as far as it is durable. */
    private final Map<ParentId, Parent> durable;

    private final Map<MarketSymbol, Long> lastPrices = new HashMap<>();

    ParentCoreDriver(
            List<JournalEntry> journal, Supplier<OrderId> ids, BiPredicate<Terms, Instant> isAccepted, Set<Bug> bugs) {
        this.bugs = bugs;
        this.durable = fold(journal, bugs);
        this.core = new ParentCore(
                durable.values().stream().filter(Parent::isOpen).toList(),
                ids,
                (leg, at) -> isAccepted.test(leg.terms(), at),
                !bugs.contains(Bug.PLACES_AFTER_AN_ABSENCE));
    }

    // ---- inputs ----

    Decided begin(Instant now) {
        return decided(core.start(now), now);
    }

    Decided submit(long ticket, String id, ParentCall call, Instant now) {
        Plan plan = plan(call.kind(), call.legs());
        var key = new KeyUse(
                PRINCIPAL + "/" + call.legs().getFirst().order().account(),
                call.key(),
                KeyUse.hashOf(call.legs() + ""));
        Optional<Parent> prior = durable.values().stream()
                .filter(parent -> parent.key().name().equals(key.name()))
                .findFirst();
        return decided(core.decide(new ParentInput.Submit(ticket, new ParentId(id), plan, key, prior), now), now);
    }

    /** Changes what waits of a parent order, as its client knew it. */
    Decided modify(long ticket, String id, List<ParentCall.Leg> legs, Instant now) {
        Parent parent = durable.get(new ParentId(id));
        if (parent == null) {
            return refused(ticket, "there is no such parent order");
        }
        return decided(
                core.decide(
                        new ParentInput.Modify(
                                ticket,
                                parent.id(),
                                parent.plan(),
                                plan(parent.plan().kind().name(), legs),
                                Set.of(),
                                Optional.empty()),
                        now),
                now);
    }

    Decided cancel(long ticket, String id, Instant now) {
        if (bugs.contains(Bug.ACTS_AFTER_A_CANCEL)) {
            return new Decided(
                    Optional.empty(), List.of(), List.of(new Action.Reply(ticket, new Response.Accepted(id, false))));
        }
        return decided(core.decide(new ParentInput.Cancel(ticket, new ParentId(id), PRINCIPAL), now), now);
    }

    Decided release(long ticket, String id, Instant now) {
        return decided(
                core.decide(new ParentInput.Release(ticket, new ParentId(id), PRINCIPAL, Optional.empty()), now), now);
    }

    /** The order desk answered a placing. */
    Decided placed(Action.Place place, Response response, Instant now) {
        Optional<Refusal> refusal = response instanceof Response.Refused refused
                ? Optional.of(withDefect(refused.refusal()))
                : Optional.empty();
        return decided(core.decide(new ParentInput.ChildAnswered(place.parent(), place.child(), refusal), now), now);
    }

    /** With the defect an exit that is refused for shares which the balance does not have yet is refused for good. */
    private Refusal withDefect(Refusal refusal) {
        return refusal.code() == ErrorCode.INSUFFICIENT_POSITION_QTY && bugs.contains(Bug.GIVES_UP_EXITS)
                ? Refusal.of(ErrorCode.MAX_QTY_EXCEEDED, refusal.message())
                : refusal;
    }

    Decided found(OrderId order, Optional<Order> found, Instant now) {
        return decided(core.decide(new ParentInput.OrderFound(order, found), now), now);
    }

    Decided ended(Order order, Instant now) {
        return decided(core.decide(new ParentInput.OrderEnded(order), now), now);
    }

    Decided endsMissed(Instant now) {
        return decided(core.decide(new ParentInput.EndsMissed(), now), now);
    }

    Decided timerDue(Instant now) {
        return decided(core.decide(new ParentInput.TimerDue(), now), now);
    }

    /** Whether an order waits for a price of {@code symbol}. */
    boolean watches(MarketSymbol symbol) {
        return core.watchedSymbols().contains(symbol);
    }

    /** Decides about trades since the last of these inputs. */
    Decided pricesSeen(Map<MarketSymbol, PriceRange> prices, Instant now) {
        return decided(core.decide(new ParentInput.PricesSeen(withoutFallen(prices)), now), now);
    }

    private Map<MarketSymbol, PriceRange> withoutFallen(Map<MarketSymbol, PriceRange> prices) {
        if (!bugs.contains(Bug.MISSES_FALLING_PRICES)) {
            return prices;
        }
        var others = new HashMap<>(prices);
        prices.forEach((symbol, range) -> {
            Long before = lastPrices.put(symbol, range.last());
            if (before != null && range.low() < before) {
                others.remove(symbol);
            }
        });
        return Map.copyOf(others);
    }

    Optional<Instant> nextTimer() {
        return core.nextTimer();
    }

    boolean follows(OrderId order) {
        return core.followed().contains(order);
    }

    /** Whether an order that is about to be placed still is to be. */
    boolean isWanted(Action.Place place) {
        return Optional.ofNullable(durable.get(place.parent()))
                .filter(parent -> parent.isOpen() && ParentCore.isWanted(parent, place.child()))
                .isPresent();
    }

    /** The events of a step are durable, from this position on. */
    void recorded(Decided decided, long firstSeq, Instant at) {
        long seq = firstSeq;
        for (ParentEvent event : decided.events()) {
            Parent after = core.apply(event, seq++, at);
            durable.put(after.id(), after);
        }
    }

    // ---- queries of the day ----

    /** Ids of the parent orders that wait for a decision. */
    List<String> held() {
        return durable.values().stream()
                .filter(Parent::isHeld)
                .map(parent -> parent.id().text())
                .toList();
    }

    /** Its orders as they are planned now, while it is open. */
    Optional<List<ParentCall.Leg>> legs(String id) {
        return Optional.ofNullable(durable.get(new ParentId(id)))
                .filter(Parent::isOpen)
                .map(parent -> legs(parent.plan()));
    }

    /** Parent orders that differ between the core and {@code journal}. */
    List<String> differencesTo(List<JournalEntry> journal) {
        var differences = new ArrayList<String>();
        for (Parent parent : fold(journal, Set.of()).values()) {
            Optional<Parent> inMemory = core.find(parent.id());
            if (parent.isOpen() && inMemory.isEmpty()) {
                differences.add("open and not in memory: " + parent);
            } else if (!parent.isOpen() && inMemory.isPresent()) {
                differences.add("ended and still in memory: " + parent);
            } else if (inMemory.filter(it -> !it.equals(parent)).isPresent()) {
                differences.add("memory and journal differ: " + inMemory + " and " + parent);
            }
        }
        return differences;
    }

    /**
     * The parent orders in {@code journal}, as the API would answer them.
     *
     * @param times when each entry was written, by its position
     * @param sellable what could be sold when an order was given up, by the position of the entry
     */
    static List<ReportedParent> storedParents(
            List<JournalEntry> journal, Map<Long, Instant> times, Map<Long, Map<String, Long>> sellable) {
        var json = new ParentEventJson();
        Map<String, List<ParentFact>> facts = new LinkedHashMap<>();
        Map<String, List<List<ParentCall.Leg>>> versions = new HashMap<>();
        for (JournalEntry entry : journal) {
            if (!entry.stream().equals(ParentEvent.STREAM)) {
                continue;
            }
            ParentEvent event = json.read(entry);
            facts.computeIfAbsent(entry.subject(), _ -> new ArrayList<>())
                    .add(fact(
                            event,
                            entry,
                            times.getOrDefault(entry.seq(), entry.at()),
                            sellable.getOrDefault(entry.seq(), Map.of())));
            switch (event) {
                case ParentEvent.Accepted e ->
                    versions.computeIfAbsent(entry.subject(), _ -> new ArrayList<>())
                            .add(legs(e.plan()));
                case ParentEvent.Modified e ->
                    versions.computeIfAbsent(entry.subject(), _ -> new ArrayList<>())
                            .add(legs(e.plan()));
                default -> {
                    // The plan stays.
                }
            }
        }
        return fold(journal, Set.of()).values().stream()
                .map(parent -> new ReportedParent(
                        parent.id().text(),
                        parent.key().key(),
                        parent.status(),
                        parent.isOpen(),
                        versions.getOrDefault(parent.id().text(), List.of()),
                        facts.getOrDefault(parent.id().text(), List.of())))
                .toList();
    }

    private static ParentFact fact(ParentEvent event, JournalEntry entry, Instant at, Map<String, Long> sellable) {
        OptionalInt leg = event instanceof ParentEvent.OfLeg of ? OptionalInt.of(of.leg()) : OptionalInt.empty();
        Optional<String> child = switch (event) {
            case ParentEvent.ChildStarted e -> Optional.of(e.child().text());
            case ParentEvent.ChildEnded e -> Optional.of(e.child().text());
            default -> Optional.empty();
        };
        long qty = switch (event) {
            case ParentEvent.ChildStarted e -> e.qty();
            case ParentEvent.ChildEnded e -> e.filled();
            default -> 0;
        };
        long price = switch (event) {
            case ParentEvent.BestMoved e -> e.price();
            case ParentEvent.Held e -> e.price();
            case ParentEvent.Triggered e -> e.price();
            default -> 0;
        };
        return new ParentFact(
                at,
                (int) entry.fence(),
                entry.type(),
                leg,
                child,
                qty,
                price,
                event instanceof ParentEvent.ChildEnded e && e.another(),
                event instanceof ParentEvent.Triggered t && t.by().isPresent(),
                event instanceof ParentEvent.Unplaced u
                        ? Optional.of(new ParentTrace.GivenUp(u.outcome().name(), u.reason(), sellable))
                        : Optional.empty());
    }

    // ---- plans ----

    private static Plan plan(String kind, List<ParentCall.Leg> legs) {
        return new Plan(
                Plan.Kind.valueOf(kind),
                legs.stream().map(ParentCoreDriver::leg).toList());
    }

    private static Leg leg(ParentCall.Leg leg) {
        OrderFingerprint order = leg.order();
        boolean routed = order.form().isAuto();
        var terms = new Terms(
                order.account(),
                OrderCoreDriver.symbol(order.symbol()),
                Side.valueOf(order.side()),
                order.qty(),
                order.price() == 0 ? OrderKind.MARKET : OrderKind.LIMIT,
                order.price() == 0 ? OptionalLong.empty() : OptionalLong.of(order.price()),
                routed ? Venue.KRX : Venue.valueOf(order.form().exchange()),
                Optional.empty(),
                leg.until());
        return Leg.of(Leg.Role.valueOf(leg.role().name()), terms, start(leg), leg.until())
                .routed(routed);
    }

    private static OrderFingerprint fingerprint(Terms terms, boolean routed) {
        OrderFingerprint order = OrderCoreDriver.fingerprint(terms);
        return routed ? order.as(WireForm.ofAuto(terms.kind())) : order;
    }

    private static Start start(ParentCall.Leg leg) {
        return switch (leg.trigger()) {
            case ParentCall.Trigger.Now() -> new Start.Now();
            case ParentCall.Trigger.At(Instant at) -> new Start.At(at);
            case ParentCall.Trigger.Price(String symbol, boolean above, long price) ->
                new Start.AtPrice(
                        OrderCoreDriver.symbol(symbol),
                        above ? Start.Direction.AT_OR_ABOVE : Start.Direction.AT_OR_BELOW,
                        price);
            case ParentCall.Trigger.Trail(String symbol, long amount) ->
                new Start.Trailing(OrderCoreDriver.symbol(symbol), Side.SELL, new Start.Distance(amount, 0));
            case ParentCall.Trigger.AfterFill(String order) -> new Start.AfterFill(new OrderId(order));
        };
    }

    private static List<ParentCall.Leg> legs(Plan plan) {
        return plan.legs().stream()
                .map(leg -> new ParentCall.Leg(
                        ParentCall.Role.valueOf(leg.role().name()),
                        fingerprint(leg.terms(), leg.routed()),
                        trigger(leg.start()),
                        leg.until()))
                .toList();
    }

    private static ParentCall.Trigger trigger(Start start) {
        return switch (start) {
            case Start.Now() -> new ParentCall.Trigger.Now();
            case Start.At(Instant at) -> new ParentCall.Trigger.At(at);
            case Start.AtPrice(MarketSymbol symbol, Start.Direction direction, long price) ->
                new ParentCall.Trigger.Price(symbol.code(), direction == Start.Direction.AT_OR_ABOVE, price);
            case Start.Trailing(MarketSymbol symbol, Side _, Start.Distance distance) ->
                new ParentCall.Trigger.Trail(symbol.code(), distance.amount());
            case Start.AfterFill(OrderId order) -> new ParentCall.Trigger.AfterFill(order.text());
        };
    }

    // ---- internals ----

    private static Map<ParentId, Parent> fold(List<JournalEntry> journal, Set<Bug> bugs) {
        var json = new ParentEventJson();
        Map<ParentId, Parent> parents = new LinkedHashMap<>();
        for (JournalEntry entry : journal) {
            if (!entry.stream().equals(ParentEvent.STREAM)) {
                continue;
            }
            ParentEvent event = json.read(entry);
            Parent before = parents.get(event.parent());
            if (event instanceof ParentEvent.Accepted accepted) {
                parents.put(event.parent(), Parent.create(accepted, entry.seq(), entry.at()));
            } else if (before != null && !isForgotten(event, before, bugs)) {
                parents.put(event.parent(), before.apply(event, entry.seq(), entry.at()));
            }
        }
        return parents;
    }

    private static boolean isForgotten(ParentEvent event, Parent parent, Set<Bug> bugs) {
        return bugs.contains(Bug.FORGETS_SLICES_AT_RESTART)
                && event instanceof ParentEvent.ChildStarted
                && parent.plan().kind() == Plan.Kind.TWAP;
    }

    private Decided decided(ParentCore.Step step, Instant now) {
        List<ParentEvent> events = step.events();
        List<ParentEvent> written = bugs.contains(Bug.LOSES_THE_START_OF_A_CHILD)
                ? events.stream()
                        .filter(event -> !(event instanceof ParentEvent.ChildStarted))
                        .toList()
                : events;
        Map<ParentId, Parent> after = new HashMap<>();
        events.forEach(event -> after.put(event.parent(), core.after(event, 0, now)));
        var append = new JournalAppend(
                ParentEvent.STREAM,
                written.stream()
                        .map(event -> new JournalAppend.Draft(
                                event.parent().text(),
                                ParentEventJson.type(event),
                                ParentEventJson.VERSION,
                                Objects.requireNonNull(after.get(event.parent()))
                                        .plan()
                                        .day(),
                                json.write(event)))
                        .toList(),
                _ -> {});
        return new Decided(
                events.isEmpty() ? Optional.empty() : Optional.of(append),
                events,
                step.effects().stream()
                        .flatMap(effect -> action(effect, after).stream())
                        .toList());
    }

    private Optional<Action> action(ParentEffect effect, Map<ParentId, Parent> after) {
        return switch (effect) {
            case ParentEffect.Reply(long ticket, ParentEffect.Answer.Accepted(ParentId id, boolean replay)) ->
                Optional.of(new Action.Reply(ticket, new Response.Accepted(id.text(), replay)));
            case ParentEffect.Reply(long ticket, ParentEffect.Answer.Refused(Refusal refusal)) ->
                Optional.of(new Action.Reply(ticket, new Response.Refused(refusal)));
            case ParentEffect.Place(ParentId id, OrderId child, Terms terms, boolean routed) -> {
                Parent parent =
                        Optional.ofNullable(after.get(id)).orElseGet(() -> Objects.requireNonNull(durable.get(id)));
                yield Optional.of(new Action.Place(
                        id, child, asPlaced(parent, child, terms), routed, scope(parent), parent.childKey(child)));
            }
            case ParentEffect.Find(OrderId order) -> Optional.of(new Action.Find(order));
            case ParentEffect.CancelChild(ParentId id, OrderId child, long attempt) ->
                Optional.of(new Action.CancelChild(
                        child,
                        scope(Objects.requireNonNull(durable.get(id))),
                        "cancel-of-" + child + (attempt == 0 ? "" : "-" + attempt)));
            case ParentEffect.ResizeChild resize ->
                throw new IllegalStateException("no program changes the quantity of what is placed: " + resize);
            case ParentEffect.AlertSettled _ -> Optional.empty();
            case ParentEffect.Alert alert ->
                Optional.of(new Action.Alert(alert.kind() + " " + alert.id() + " " + alert.message()));
        };
    }

    private static String scope(Parent parent) {
        return KeyUse.scopeOfParents(
                parent.key().principal(), parent.plan().terms().accountId());
    }

    /** The terms; with the defect a stop is for all shares that were to be opened. */
    private Terms asPlaced(Parent parent, OrderId child, Terms terms) {
        boolean stop = parent.legOf(child).stream()
                .anyMatch(leg -> parent.plan().legs().get(leg).role() == Leg.Role.STOP);
        return stop && bugs.contains(Bug.STOPS_MORE_THAN_IS_LEFT)
                ? terms.withQty(parent.plan().terms().qty())
                : terms;
    }

    /**
     * With the defect an exit that has to give way is left at the exchange, and is said to have ended.
     *
     * @param order as it is
     */
    Optional<Order> asIfEnded(Order order) {
        return bugs.contains(Bug.LEAVES_THE_OTHER_EXIT)
                ? Optional.of(order.apply(
                        new OrderEvent.Canceled(order.id(), order.remaining(), "not cancelled"),
                        order.updatedAt(),
                        order.seq()))
                : Optional.empty();
    }

    private static Decided refused(long ticket, String why) {
        return new Decided(
                Optional.empty(),
                List.of(),
                List.of(new Action.Reply(ticket, new Response.Refused(Refusal.of(ErrorCode.ORDER_NOT_FOUND, why)))));
    }
}
