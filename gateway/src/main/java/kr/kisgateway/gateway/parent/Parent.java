package kr.kisgateway.gateway.parent;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.OrderId;

/**
 * A parent order: the fold of its events.
 *
 * @param key the request that created it
 * @param number position of its first event in the journal: a short number of its own
 * @param seq position of its last event
 * @param legs what became of each leg of the plan
 * @param changes the requests with an idempotency key that changed it, or released what was held
 * @param cancelBy name of the API key that cancelled its orders, or ended it
 * @param stopped why it places no further order; empty unless that was decided from outside
 * @param outcome empty while it is open
 * @param reason why it ended
 */
public record Parent(
        ParentId id,
        Plan plan,
        KeyUse key,
        long number,
        Instant createdAt,
        Instant updatedAt,
        long seq,
        List<LegState> legs,
        List<KeyUse> changes,
        Optional<String> cancelBy,
        Optional<String> stopped,
        Optional<Outcome> outcome,
        Optional<String> reason) {
    /** Such requests; each is remembered as long as the parent order. */
    static final int CHANGES_MAX = 1_000;

    /** How it ended. */
    public enum Outcome {
        /** Its orders were placed and have ended, filled or not. */
        COMPLETED,
        CANCELED,
        /** Its order was refused when it was to be placed. */
        REFUSED,
        /** Its order could not be placed in its time. */
        MISSED,
        /** What it waited for did not happen in its time. */
        EXPIRED
    }

    /** The parent order that its first event creates. */
    public static Parent create(ParentEvent.Accepted event, long seq, Instant at) {
        return new Parent(
                event.parent(),
                event.plan(),
                event.key(),
                seq,
                at,
                at,
                seq,
                Collections.nCopies(event.plan().legs().size(), LegState.INITIAL),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The parent order after an event. */
    public Parent apply(ParentEvent event, long eventSeq, Instant at) {
        var draft = new Draft(this, eventSeq, at);
        switch (event) {
            case ParentEvent.Accepted _ -> throw new IllegalStateException(id + " was accepted before");
            case ParentEvent.Modified e -> {
                draft.plan = e.plan();
                draft.legs = legsOf(e.plan(), e.dropped());
                e.key().ifPresent(draft::changedBy);
            }
            case ParentEvent.OfLeg e -> {
                draft.legs = with(e);
                if (e instanceof ParentEvent.Triggered released) {
                    released.key().ifPresent(draft::changedBy);
                }
                if (e instanceof ParentEvent.ChildEnded ended && ended.price().isPresent()) {
                    Leg leg = plan.legs().get(e.leg());
                    draft.plan = plan.with(e.leg(), leg.with(leg.terms().withPrice(ended.price())));
                }
            }
            case ParentEvent.CancelRequested e -> draft.cancelBy = Optional.of(e.by());
            case ParentEvent.Stopped e -> draft.stopped = Optional.of(e.reason());
            case ParentEvent.Ended e -> {
                draft.cancelBy = cancelBy.or(e::by);
                draft.outcome = Optional.of(e.outcome());
                draft.reason = Optional.of(e.reason());
            }
        }
        return draft.toParent();
    }

    /** The legs once the plan is changed to {@code changed}: what is held waits for its new price. */
    private List<LegState> legsOf(Plan changed, Set<Integer> dropped) {
        return IntStream.range(0, legs.size())
                .mapToObj(i -> {
                    LegState state = legs.get(i);
                    if (dropped.contains(i)) {
                        return state.unplaced(new LegState.Unplaced(Outcome.CANCELED, "it was taken out by a change"));
                    }
                    Leg before = plan.legs().get(i);
                    Leg after = changed.legs().get(i);
                    if (state.isWorking()
                            && after.terms().qty() != before.terms().qty()) {
                        return state.resized(sharesOf(changed, i));
                    }
                    return after.start().equals(before.start()) ? state : state.notHeld();
                })
                .toList();
    }

    /** The shares that the order of a leg has, given the plan: of an exit what the exits before it have not closed. */
    long sharesOf(Plan changed, int leg) {
        long whole = changed.legs().get(leg).terms().qty();
        return changed.legs().get(leg).role().isExit() ? whole - closed() : whole;
    }

    /** Shares that exits which have ended have closed. */
    long closed() {
        return IntStream.range(0, legs.size())
                .filter(i -> plan.legs().get(i).role().isExit())
                .mapToLong(i -> legs.get(i).filled())
                .sum();
    }

    /** Shares that a leg is still to close or to order: of exits all that the entry has opened and none has closed. */
    long left(int leg) {
        Leg planned = plan.legs().get(leg);
        return planned.role().isExit()
                ? left(planned)
                : planned.terms().qty() - legs.get(leg).filled();
    }

    /** Shares that an exit is still to close. A change may leave shares that are not to be closed. */
    long left(Leg exit) {
        OptionalInt entry = plan.leg(Leg.Role.ENTRY);
        long opened = entry.isPresent()
                ? Math.min(exit.terms().qty(), legs.get(entry.getAsInt()).filled())
                : exit.terms().qty();
        return opened - closed();
    }

    /** Whether a leg closes a position: an exit, or a sale at a price. */
    boolean closes(int leg) {
        Leg planned = plan.legs().get(leg);
        return planned.role().isExit() || planned.isStopByItself();
    }

    /** Whether a leg is a stop: a limit order that rests is none. */
    boolean isStop(int leg) {
        Leg planned = plan.legs().get(leg);
        return planned.role() == Leg.Role.STOP || planned.isStopByItself();
    }

    /** The earlier request with this key, if there is one. */
    Optional<KeyUse> changeOf(KeyUse.Name name) {
        return changes.stream().filter(use -> use.name().equals(name)).findFirst();
    }

    private List<LegState> with(ParentEvent.OfLeg event) {
        LegState before = legs.get(event.leg());
        var after = new ArrayList<>(legs);
        after.set(
                event.leg(),
                switch (event) {
                    case ParentEvent.BestMoved e -> before.movedTo(e.price());
                    case ParentEvent.Held e -> before.held(e.price());
                    case ParentEvent.Triggered e -> before.triggered(e.price());
                    case ParentEvent.ChildStarted
                            e -> // Before version 2 the event has no quantity: it is that of the only leg.
                        before.started(
                                e.child(),
                                e.qty() > 0
                                        ? e.qty()
                                        : plan.legs().get(e.leg()).terms().qty());
                    case ParentEvent.ChildEnded e ->
                        before.ended(new LegState.OrderEnd(e.status(), e.reason()), e.filled(), e.another());
                    case ParentEvent.Unplaced e -> before.unplaced(new LegState.Unplaced(e.outcome(), e.reason()));
                });
        return List.copyOf(after);
    }

    /** {@code WAITING} until an order is about to be placed, then {@code WORKING}, then its outcome. */
    public String status() {
        return outcome.map(Enum::name).orElse(isHeld() ? "HELD" : isWaiting() ? "WAITING" : "WORKING");
    }

    public boolean isOpen() {
        return outcome.isEmpty();
    }

    /** Whether no order of it was placed, nor is about to be. */
    public boolean isWaiting() {
        return outcome.isEmpty() && legs.stream().allMatch(leg -> leg.child().isEmpty() && leg.filled() == 0);
    }

    /** Whether an order waits for somebody's decision. */
    public boolean isHeld() {
        return heldLeg().isPresent();
    }

    /** Whether its stop is due and not placed. */
    boolean waitsWithExit() {
        return outcome.isEmpty()
                && plan.leg(Leg.Role.STOP).stream()
                        .mapToObj(legs::get)
                        .anyMatch(stop ->
                                stop.trigger().isPresent() && stop.child().isEmpty() && !stop.isEnded());
    }

    /** The leg that waits for somebody's decision. */
    OptionalInt heldLeg() {
        return IntStream.range(0, legs.size())
                .filter(i -> outcome.isEmpty()
                        && legs.get(i).heldAt().isPresent()
                        && !legs.get(i).isEnded())
                .findFirst();
    }

    /** Its first order, once it is about to be placed. */
    public Optional<OrderId> child() {
        return legs.getFirst().child();
    }

    /** Its orders that were placed or are about to be; of a leg the last. */
    Stream<OrderId> children() {
        return legs.stream().flatMap(leg -> leg.child().stream());
    }

    /** The leg with this order. */
    public OptionalInt legOf(OrderId child) {
        return IntStream.range(0, legs.size())
                .filter(i -> legs.get(i).child().filter(child::equals).isPresent())
                .findFirst();
    }

    /** The idempotency key of an order. */
    public String childKey(OrderId child) {
        return plan.kind() == Plan.Kind.SCHEDULED ? "parent:" + id : "parent:" + id + ":" + child;
    }

    /** The fields of a changed one, in the making. */
    private static final class Draft {
        private final Parent from;
        private final long seq;
        private final Instant at;
        private Plan plan;
        private List<LegState> legs;
        private List<KeyUse> changes;
        private Optional<String> cancelBy;
        private Optional<String> stopped;
        private Optional<Outcome> outcome;
        private Optional<String> reason;

        Draft(Parent from, long seq, Instant at) {
            this.from = from;
            this.seq = seq;
            this.at = at;
            this.plan = from.plan;
            this.legs = from.legs;
            this.changes = from.changes;
            this.cancelBy = from.cancelBy;
            this.stopped = from.stopped;
            this.outcome = from.outcome;
            this.reason = from.reason;
        }

        void changedBy(KeyUse use) {
            changes = Stream.concat(changes.stream(), Stream.of(use)).toList();
        }

        Parent toParent() {
            return new Parent(
                    from.id,
                    plan,
                    from.key,
                    from.number,
                    from.createdAt,
                    at,
                    seq,
                    legs,
                    changes,
                    cancelBy,
                    stopped,
                    outcome,
                    reason);
        }
    }
}
