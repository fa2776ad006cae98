package kr.kisgateway.gateway.parent;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Supplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderStatus;

/**
 * Decides about parent orders. State and rules only: no thread, clock, socket or SQL.
 *
 * <p><b>The problem.</b> A process may die between deciding that an order is due and placing it, and may be away when it is due.
 *
 * <p><b>The policy.</b> The id of the order is durable before it is handed to the order desk, which places one order for its key,
 * however often it is asked. After a start the order is looked up: an existing one is followed, another is placed as if it had
 * never been tried. An order that was due while the gateway was away is placed only before {@code until}; later it never is, and
 * an alert reports it. The order itself must not be sent after {@code until} either.
 *
 * <p><b>The weak spot.</b> {@code until} is checked by this machine's clock.
 */
final class ParentCore {
    /** Open parent orders of all keys. */
    static final int OPEN_MAX = 1_000;

    /** Open parent orders of one key: it leaves room for others. */
    static final int OPEN_OF_A_KEY = 200;

    private static final Duration RETRY_PAUSE = Duration.ofMillis(500);

    private final Supplier<OrderId> ids;
    private final Map<ParentId, Parent> open = new LinkedHashMap<>();
    private final Map<OrderId, ParentId> children = new HashMap<>();
    /** Parent orders of which the desk is placing the order. */
    private final Set<ParentId> placing = new HashSet<>();
    /** Parent orders whose order the desk has. */
    private final Set<ParentId> placed = new HashSet<>();

    /** Parent orders whose order may exist, because an answer of the desk is missing. */
    private final Set<ParentId> inDoubt = new HashSet<>();
    /** What ends a parent order if the desk does not have its order. */
    private final Map<ParentId, Refusal> lastRefusals = new HashMap<>();

    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparing(Timer::at));
    private List<ParentEvent> events = new ArrayList<>();
    private List<ParentEffect> effects = new ArrayList<>();

    private record Timer(Instant at, ParentId parent) {}

    /** What a step results in: first these events durably, then {@link #apply}, then the effects. */
    record Step(List<ParentEvent> events, List<ParentEffect> effects) {}

    /**
     * @param loaded every open parent order of the journal
     * @param ids new ids of orders
     */
    ParentCore(Collection<Parent> loaded, Supplier<OrderId> ids) {
        this.ids = ids;
        loaded.forEach(this::store);
    }

    /** The first step after a start. */
    Step start() {
        open.values().stream()
                .filter(Parent::isWaiting)
                .forEach(parent -> timers.add(new Timer(parent.schedule().at(), parent.id())));
        findChildren();
        return takeStep();
    }

    /** Looks every order up that the desk may have; none is placed before the answer. */
    private void findChildren() {
        open.values()
                .forEach(parent -> parent.child().ifPresent(child -> {
                    if (placed.contains(parent.id()) || placing.add(parent.id())) {
                        effects.add(new ParentEffect.Find(parent.id(), child));
                    }
                }));
    }

    /** Decides about one input received at {@code now}. */
    Step decide(ParentInput input, Instant now) {
        switch (input) {
            case ParentInput.Submit submit -> reply(submit.ticket(), submit(submit, now));
            case ParentInput.Modify modify -> reply(modify.ticket(), modify(modify, now));
            case ParentInput.Cancel cancel -> reply(cancel.ticket(), cancel(cancel));
            case ParentInput.ChildAnswered answered ->
                find(answered.id()).ifPresent(parent -> childAnswered(parent, answered.refusal(), now));
            case ParentInput.ChildFound found ->
                find(found.id()).ifPresent(parent -> childFound(parent, found.order(), now));
            case ParentInput.CancelAnswered answered ->
                find(answered.id())
                        .filter(_ -> answered.refusal()
                                .filter(it -> it.code().retryable())
                                .isPresent())
                        .ifPresent(parent -> timers.add(new Timer(now.plus(RETRY_PAUSE), parent.id())));
            case ParentInput.ChildEnded ended ->
                Optional.ofNullable(children.get(ended.order().id()))
                        .flatMap(this::find)
                        .ifPresent(parent -> childEnded(parent, ended.order()));
            case ParentInput.KeyEnded ended ->
                open.values().stream()
                        .filter(Parent::isWaiting)
                        .filter(parent -> parent.key().principal().equals(ended.principal()))
                        .forEach(parent ->
                                endUnplaced(parent, Parent.Outcome.CANCELED, "the API key that created it ended"));
            case ParentInput.EndsMissed _ -> findChildren();
            case ParentInput.TimerDue _ -> runTimers(now);
        }
        return takeStep();
    }

    /** The parent order after an event of the last step. */
    Parent after(ParentEvent event, long seq, Instant at) {
        return event instanceof ParentEvent.Accepted accepted
                ? Parent.create(accepted, seq, at)
                : find(event.parent()).orElseThrow().apply(event, seq, at);
    }

    /** Applies an event of the last step, which is durable now. */
    Parent apply(ParentEvent event, long seq, Instant at) {
        Parent after = after(event, seq, at);
        store(after);
        switch (event) {
            case ParentEvent.Accepted _, ParentEvent.Modified _ ->
                timers.add(new Timer(after.schedule().at(), after.id()));
            case ParentEvent.ChildStarted _ -> placing.add(after.id());
            case ParentEvent.CancelRequested _ -> timers.add(new Timer(at, after.id()));
            case ParentEvent.Ended _ -> {
                placing.remove(after.id());
                placed.remove(after.id());
                inDoubt.remove(after.id());
                lastRefusals.remove(after.id());
            }
        }
        return after;
    }

    private void store(Parent parent) {
        if (parent.isOpen()) {
            open.put(parent.id(), parent);
            parent.child().ifPresent(child -> children.put(child, parent.id()));
        } else {
            open.remove(parent.id());
            parent.child().ifPresent(children::remove);
        }
    }

    Optional<Parent> find(ParentId id) {
        return Optional.ofNullable(open.get(id));
    }

    /** Whether an order belongs to an open parent order. */
    boolean isChild(OrderId id) {
        return children.containsKey(id);
    }

    int size() {
        return open.size();
    }

    /** The latest time of the next input. */
    Optional<Instant> nextTimer() {
        return Optional.ofNullable(timers.peek()).map(Timer::at);
    }

    private Step takeStep() {
        var step = new Step(events, effects);
        events = new ArrayList<>();
        effects = new ArrayList<>();
        return step;
    }

    private void reply(long ticket, ParentEffect.Answer answer) {
        effects.add(new ParentEffect.Reply(ticket, answer));
    }

    private static ParentEffect.Answer refused(ErrorCode code, String message) {
        return new ParentEffect.Answer.Refused(Refusal.of(code, message));
    }

    // ---- requests ----

    private ParentEffect.Answer submit(ParentInput.Submit submit, Instant now) {
        if (submit.prior().isPresent()) {
            Parent prior = submit.prior().get();
            return prior.key().hash().equals(submit.key().hash())
                    ? new ParentEffect.Answer.Accepted(prior.id(), true)
                    : refused(
                            ErrorCode.IDEMPOTENCY_KEY_BODY_MISMATCH,
                            "this key was used for another parent order; use a new key for a new one");
        }
        if (open.size() >= OPEN_MAX) {
            return refused(
                    ErrorCode.QUOTA_EXCEEDED,
                    OPEN_MAX + " parent orders are open already; cancel those that are not needed");
        }
        String principal = submit.key().principal();
        long own = open.values().stream()
                .filter(parent -> parent.key().principal().equals(principal))
                .count();
        if (own >= OPEN_OF_A_KEY) {
            return refused(
                    ErrorCode.QUOTA_EXCEEDED,
                    OPEN_OF_A_KEY + " parent orders of your key are open already; cancel those that are not needed");
        }
        Optional<ParentEffect.Answer> late = tooLate(submit.schedule(), now);
        if (late.isPresent()) {
            return late.get();
        }
        events.add(new ParentEvent.Accepted(submit.id(), submit.schedule(), submit.key()));
        return new ParentEffect.Answer.Accepted(submit.id(), false);
    }

    private static Optional<ParentEffect.Answer> tooLate(Schedule schedule, Instant now) {
        return now.isBefore(schedule.until())
                ? Optional.empty()
                : Optional.of(
                        refused(ErrorCode.INVALID_FIELD, "the time until which the order may be placed has passed"));
    }

    private ParentEffect.Answer modify(ParentInput.Modify modify, Instant now) {
        Optional<Parent> parent = find(modify.id());
        if (parent.isEmpty()) {
            return ended(modify.id());
        }
        if (!parent.get().isWaiting()) {
            return refused(
                    ErrorCode.INVALID_TRANSITION,
                    "its order is placed already; change the order "
                            + parent.get().child().orElseThrow());
        }
        Optional<ParentEffect.Answer> late = tooLate(modify.schedule(), now);
        if (late.isPresent()) {
            return late.get();
        }
        if (!parent.get().schedule().equals(modify.schedule())) {
            events.add(new ParentEvent.Modified(modify.id(), modify.schedule()));
        }
        return new ParentEffect.Answer.Accepted(modify.id(), false);
    }

    private ParentEffect.Answer cancel(ParentInput.Cancel cancel) {
        Optional<Parent> found = find(cancel.id());
        if (found.isEmpty()) {
            return ended(cancel.id());
        }
        Parent parent = found.get();
        if (parent.isWaiting()) {
            events.add(new ParentEvent.Ended(
                    parent.id(),
                    Parent.Outcome.CANCELED,
                    "a cancel was requested before its order was placed",
                    Optional.of(cancel.by())));
        } else if (parent.cancelBy().isEmpty()) {
            events.add(new ParentEvent.CancelRequested(parent.id(), cancel.by()));
        }
        return new ParentEffect.Answer.Accepted(parent.id(), false);
    }

    private static ParentEffect.Answer ended(ParentId id) {
        return refused(ErrorCode.ORDER_ALREADY_TERMINAL, "parent order " + id + " has ended");
    }

    // ---- time ----

    private void runTimers(Instant now) {
        Set<ParentId> due = new HashSet<>();
        while (!timers.isEmpty() && !timers.peek().at().isAfter(now)) {
            due.add(timers.poll().parent());
        }
        due.stream().flatMap(id -> find(id).stream()).forEach(parent -> timerDue(parent, now));
    }

    private void timerDue(Parent parent, Instant now) {
        if (parent.isWaiting()) {
            if (!now.isBefore(parent.schedule().until())) {
                endUnplaced(
                        parent,
                        Parent.Outcome.MISSED,
                        "its order was due from " + parent.schedule().at() + " until "
                                + parent.schedule().until() + ", and the gateway was not running then");
            } else if (!now.isBefore(parent.schedule().at())) {
                OrderId child = ids.get();
                events.add(new ParentEvent.ChildStarted(parent.id(), child));
                effects.add(new ParentEffect.Place(parent.id(), child));
            }
            return;
        }
        OrderId child = parent.child().orElseThrow();
        if (placed.contains(parent.id())) {
            if (parent.cancelBy().isPresent()) {
                effects.add(new ParentEffect.CancelChild(parent.id(), child));
            }
        } else if (placing.add(parent.id())) {
            effects.add(new ParentEffect.Place(parent.id(), child));
        }
    }

    // ---- its order ----

    private void childAnswered(Parent parent, Optional<Refusal> refusal, Instant now) {
        placing.remove(parent.id());
        if (refusal.isEmpty()) {
            placed.add(parent.id());
            if (parent.cancelBy().isPresent()) {
                effects.add(
                        new ParentEffect.CancelChild(parent.id(), parent.child().orElseThrow()));
            }
            return;
        }
        boolean unknown = refusal.get().code() == ErrorCode.JOURNAL_UNAVAILABLE;
        boolean mayPass = refusal.get().code().retryable()
                && parent.cancelBy().isEmpty()
                && now.isBefore(parent.schedule().until());
        if (unknown) {
            inDoubt.add(parent.id());
        }
        if (unknown || mayPass) {
            timers.add(new Timer(now.plus(RETRY_PAUSE), parent.id()));
        } else if (inDoubt.contains(parent.id())) {
            lastRefusals.put(parent.id(), refusal.get());
            placing.add(parent.id());
            effects.add(new ParentEffect.Find(parent.id(), parent.child().orElseThrow()));
        } else {
            endRefused(parent, refusal.get());
        }
    }

    private void endRefused(Parent parent, Refusal refusal) {
        String why = refusal.code() + " " + refusal.message();
        if (parent.cancelBy().isPresent()) {
            events.add(new ParentEvent.Ended(parent.id(), Parent.Outcome.CANCELED, why, Optional.empty()));
        } else {
            endUnplaced(parent, refusal.code().retryable() ? Parent.Outcome.MISSED : Parent.Outcome.REFUSED, why);
        }
    }

    /** An order that the journal has is followed; one that it lacks was never placed. */
    private void childFound(Parent parent, Optional<Order> order, Instant now) {
        placing.remove(parent.id());
        Optional<Refusal> refused = Optional.ofNullable(lastRefusals.remove(parent.id()));
        if (order.isEmpty()) {
            if (refused.isPresent()) {
                endRefused(parent, refused.get());
            } else if (parent.cancelBy().isPresent()
                    || !now.isBefore(parent.schedule().until())) {
                endUnplaced(
                        parent,
                        parent.cancelBy().isPresent() ? Parent.Outcome.CANCELED : Parent.Outcome.MISSED,
                        "the gateway stopped before its order was placed");
            } else if (placing.add(parent.id())) {
                effects.add(new ParentEffect.Place(parent.id(), parent.child().orElseThrow()));
            }
        } else if (order.get().status().isTerminal()) {
            childEnded(parent, order.get());
        } else {
            childAnswered(parent, Optional.empty(), now);
        }
    }

    private void childEnded(Parent parent, Order order) {
        boolean cancelled = parent.cancelBy().isPresent() && order.status() == OrderStatus.CANCELED;
        events.add(new ParentEvent.Ended(
                parent.id(),
                cancelled ? Parent.Outcome.CANCELED : Parent.Outcome.COMPLETED,
                "its order ended " + order.status()
                        + order.reason().map(reason -> ": " + reason).orElse(""),
                Optional.empty()));
    }

    private void endUnplaced(Parent parent, Parent.Outcome outcome, String why) {
        events.add(new ParentEvent.Ended(parent.id(), outcome, why, Optional.empty()));
        effects.add(new ParentEffect.AlertNotPlaced(
                parent.id(),
                "parent order " + parent.id() + ": its order of "
                        + parent.schedule().terms().symbol() + " was not placed: " + why));
    }
}
