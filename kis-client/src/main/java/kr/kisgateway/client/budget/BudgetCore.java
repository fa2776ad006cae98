package kr.kisgateway.client.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeSet;
import kr.kisgateway.client.BudgetState;
import kr.kisgateway.client.Lane;
import kr.kisgateway.client.Limits;
import kr.kisgateway.client.core.Step;

/**
 * Decides which call to KIS goes next.
 *
 * <p><b>Problem.</b> KIS counts calls in a sliding second (18 in live), counts those that reach the ledger
 * separately, and refuses the rest. All users of the app key share that, and an order matters more than a chart.
 *
 * <p><b>Policy.</b> A slot goes to the most urgent lane that waits, except that lanes with a minimum share get theirs
 * first: resolve and account together two a second, quotes one. Shares bind only while a call waits for them, so no
 * slot idles; the one real reservation are two slots a second that only cancels may take, because a cancel that finds
 * the entire second spent on new orders costs money. It starts with the first order: a client that only reads gets every
 * slot. Within a lane tenants take turns by weight. A caller that cannot be served before the deadline is answered when
 * that becomes certain. After a refusal (EGW00201, EGW00215) the limit shrinks by a tenth, at most once a second, and
 * recovers step by step.
 *
 * <p><b>Whose second.</b> KIS counts arrivals, which we do not observe: two calls that leave a second apart may arrive
 * closer together. So a slot comes back a second after the call was over: it had arrived by then, and the call that
 * takes its place leaves later, so no second at KIS ever has more than the limit. The price is a round trip in each
 * second. A call that hangs would occupy its slot; it counts as arrived {@value #ARRIVAL_MILLIS} ms after it left.
 *
 * <p><b>Weak spot.</b> A call that is in flight for longer than that may still arrive too close to a later one.
 */
public final class BudgetCore {
    /** Lanes that share a reservation. */
    public enum Group {
        CANCEL,
        ORDER,
        RECONCILE,
        QUOTE,
        HISTORY;

        static Group of(Lane lane) {
            return switch (lane) {
                case CANCEL -> CANCEL;
                case MARKET_ORDER, LIMIT_ORDER -> ORDER;
                case RESOLVE, ACCOUNT -> RECONCILE;
                case QUOTE -> QUOTE;
                case HISTORY -> HISTORY;
            };
        }
    }

    /** One granted call. It counts from when it is over; until then it is reserved. */
    public record Slot(long id, long grantedNanos, Group group, boolean ledger) {}

    public sealed interface Input {
        record Acquire(long id, Lane lane, String tenant, boolean ledger, Instant deadline) implements Input {}

        /** {@code request} takes a slot if it is its turn now; it does not wait and gets no other answer than a grant. */
        record AcquireNow(Acquire request) implements Input {}

        record Withdraw(long id) implements Input {}

        /** The call of {@code slot} leaves now. */
        record Sent(Slot slot) implements Input {}

        /** The call of {@code slot} is over, or will not be made. */
        record Complete(Slot slot) implements Input {}

        record RefusedForRate(boolean ledger) implements Input {}

        record SetWeight(String tenant, int weight) implements Input {}

        /** There may be orders to cancel from now on. */
        record OrdersExpected() implements Input {}

        record Tick() implements Input {}
    }

    public sealed interface Effect {
        record Grant(long id, Slot slot) implements Effect {}

        record TimeOut(long id) implements Effect {}

        record Shrunk(boolean ledger, int limit) implements Effect {}

        record ArmTimer(Instant at) implements Effect {}
    }

    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long MILLI_NANOS = 1_000_000L;
    private static final long ARRIVAL_MILLIS = 250;
    /** KIS: wait at least 0.1 s after EGW00201 (live), 1 s after EGW00215. */
    private static final long CALLS_PAUSE_NANOS = SECOND_NANOS / 10;

    private static final long LEDGER_PAUSE_NANOS = SECOND_NANOS;
    private static final long GRANT_NANOS_MAX = 30 * SECOND_NANOS;

    private final int waitingMax;
    private final RateMeter calls;
    private final RateMeter ledger;
    private final Map<Lane, LaneQueue> lanes = new EnumMap<>(Lane.class);
    private final Map<Long, Waiter> waiters = new HashMap<>();
    private final TreeSet<Waiter> byDeadline =
            new TreeSet<>(Comparator.comparingLong(Waiter::deadlineNanos).thenComparingLong(Waiter::id));
    private final Map<String, Integer> weights = new HashMap<>();
    private final SequencedSet<Slot> grantedSlots = new LinkedHashSet<>();
    /** Of those reserved, the ones whose bytes left, and when. */
    private final SequencedMap<Slot, Long> sent = new LinkedHashMap<>();

    /** When account started to wait, or was last served: a flood of resolve must not starve it. */
    private long accountSince = Long.MAX_VALUE;

    private long skewNanos;
    private long lastNanos = Long.MIN_VALUE;
    private long timedOut;
    private long refusedByKis;

    /** @param margin added to KIS's second, for calls with different latencies */
    public BudgetCore(Limits limits, Duration margin) {
        this.waitingMax = limits.waitingMax();
        long span = SECOND_NANOS + margin.toNanos();
        this.calls = new RateMeter(limits.callsPerSecond(), 9, CALLS_PAUSE_NANOS, span);
        this.ledger = new RateMeter(limits.ledgerPerSecond(), 5, LEDGER_PAUSE_NANOS, span);
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new LaneQueue());
        }
    }

    public Step<Effect> on(Input input, Instant instant) {
        long now = toAscendingNanos(instant);
        var effects = new ArrayList<Effect>();
        calls.advanceTo(now);
        ledger.advanceTo(now);
        releaseExpiredSlots(now);
        switch (input) {
            case Input.Acquire request -> acquire(request, now, effects);
            case Input.AcquireNow(Input.Acquire request) -> acquireNow(request, now, effects);
            case Input.OrdersExpected() -> reserveForCancels();
            case Input.Withdraw(long id) -> Optional.ofNullable(waiters.get(id)).ifPresent(this::removeWaiter);
            case Input.Sent(Slot slot) -> {
                if (grantedSlots.contains(slot)) {
                    sent.putIfAbsent(slot, now);
                }
            }
            case Input.Complete(Slot slot) -> complete(slot, now);
            case Input.RefusedForRate(boolean ofLedger) -> shrink(ofLedger, now, effects);
            case Input.SetWeight(String tenant, int weight) -> weights.put(tenant, Math.max(1, weight));
            case Input.Tick() -> {}
        }
        serve(now, effects);
        timeOutLateWaiters(now, effects);
        nextChange(now).ifPresent(at -> effects.add(new Effect.ArmTimer(instantOf(at))));
        return new Step<>(effects);
    }

    /** Whether {@code slot} is still reserved for the call that it was granted to. */
    boolean isGranted(Slot slot, Instant instant) {
        releaseExpiredSlots(toAscendingNanos(instant));
        return grantedSlots.contains(slot);
    }

    public BudgetState state(Instant instant) {
        long now = toAscendingNanos(instant);
        calls.advanceTo(now);
        ledger.advanceTo(now);
        var waiting = new EnumMap<Lane, Integer>(Lane.class);
        lanes.forEach((lane, queue) -> waiting.put(lane, queue.size()));
        return new BudgetState(
                calls.window.used(),
                ledger.window.used(),
                waiting,
                instantOf(freeAt(Group.CANCEL, false, now, 0)),
                calls.limit(),
                ledger.limit(),
                timedOut,
                refusedByKis);
    }

    /**
     * Orders that can be placed each second while nothing else is urgent: the smaller of both limits, less the reservations
     * for cancels and the shares.
     */
    public int ordersPerSecond() {
        int ofCalls =
                calls.limit() - calls.share(Group.CANCEL) - calls.share(Group.RECONCILE) - calls.share(Group.QUOTE);
        return Math.max(1, Math.min(ofCalls, ledger.limit() - ledger.share(Group.CANCEL)));
    }

    private void reserveForCancels() {
        calls.reserveForCancels();
        ledger.reserveForCancels();
    }

    /** Queries of the last lane that can be sent each second while no other lane waits. */
    int historyPerSecond() {
        return Math.max(1, calls.limitFor(Group.HISTORY));
    }

    private void acquire(Input.Acquire request, long now, List<Effect> effects) {
        var waiter = waiter(request);
        if (waiters.size() >= waitingMax || waiter.deadlineNanos <= now || wouldMissDeadline(waiter, now)) {
            timedOut++;
            effects.add(new Effect.TimeOut(request.id()));
            return;
        }
        enqueue(waiter, now);
    }

    private void acquireNow(Input.Acquire request, long now, List<Effect> effects) {
        var waiter = waiter(request);
        if (waiters.size() >= waitingMax || waiter.deadlineNanos <= now) {
            return;
        }
        enqueue(waiter, now);
        serve(now, effects);
        if (waiters.containsKey(waiter.id)) {
            removeWaiter(waiter);
        }
    }

    private Waiter waiter(Input.Acquire request) {
        if (Group.of(request.lane()) == Group.ORDER) {
            reserveForCancels();
        }
        return new Waiter(
                request.id(), request.lane(), request.tenant(), request.ledger(), nanosOf(request.deadline()));
    }

    private void enqueue(Waiter waiter, long now) {
        if (waiter.lane == Lane.ACCOUNT && lane(Lane.ACCOUNT).size() == 0) {
            accountSince = now;
        }
        waiters.put(waiter.id, waiter);
        byDeadline.add(waiter);
        lane(waiter.lane).add(waiter, weight(waiter.tenant));
    }

    /**
     * Whether the current queue cannot reach {@code waiter} in time: neither in its turn behind the lanes above it,
     * nor by the minimum share of its own group.
     */
    private boolean wouldMissDeadline(Waiter waiter, long now) {
        long inLane = lane(waiter.lane).waitersAhead(waiter.tenant, weight(waiter.tenant));
        long above = 0;
        long groupAhead = inLane;
        for (Lane lane : Lane.values()) {
            if (lane.compareTo(waiter.lane) < 0) {
                above += lane(lane).size();
                groupAhead += Group.of(lane) == waiter.group() ? lane(lane).size() : 0;
            }
        }
        if (freeAt(waiter.group(), waiter.ledger, now, above + inLane) < waiter.deadlineNanos) {
            return false;
        }
        int share = calls.share(waiter.group());
        if (waiter.lane == Lane.ACCOUNT
                && share > 0
                && Math.max(freeAt(waiter.group(), waiter.ledger, now, 0), now + (inLane + 1) * accountInterval())
                        < waiter.deadlineNanos) {
            return false;
        }
        return share == 0
                || Math.max(freeAt(waiter.group(), waiter.ledger, now, 0), now + groupAhead / share * calls.spanNanos)
                        >= waiter.deadlineNanos;
    }

    /** A call that was made counts from now; one that was not releases its slot. */
    private void complete(Slot slot, long now) {
        boolean wasSent = sent.remove(slot) != null;
        if (releaseSlot(slot) && wasSent) {
            calls.window.add(now, slot.group());
            if (slot.ledger()) {
                ledger.window.add(now, slot.group());
            }
        }
    }

    private boolean releaseSlot(Slot slot) {
        sent.remove(slot);
        if (!grantedSlots.remove(slot)) {
            return false;
        }
        calls.window.release(slot.group());
        if (slot.ledger()) {
            ledger.window.release(slot.group());
        }
        return true;
    }

    /** A slot that is neither used nor released would be lost forever. */
    private void releaseExpiredSlots(long now) {
        while (!sent.isEmpty() && sent.firstEntry().getValue() + ARRIVAL_MILLIS * MILLI_NANOS <= now) {
            complete(sent.firstEntry().getKey(), now);
        }
        while (!grantedSlots.isEmpty() && grantedSlots.getFirst().grantedNanos() + GRANT_NANOS_MAX <= now) {
            releaseSlot(grantedSlots.getFirst());
        }
    }

    private void shrink(boolean ofLedger, long now, List<Effect> effects) {
        refusedByKis++;
        RateMeter meter = ofLedger ? ledger : calls;
        if (meter.refused(now)) {
            effects.add(new Effect.Shrunk(ofLedger, meter.limit()));
        }
    }

    private void serve(long now, List<Effect> effects) {
        for (Optional<Waiter> next = pick(now); next.isPresent(); next = pick(now)) {
            Waiter waiter = next.get();
            waiters.remove(waiter.id);
            byDeadline.remove(waiter);
            if (waiter.lane == Lane.ACCOUNT) {
                accountSince = now;
            }
            var slot = new Slot(waiter.id, now, waiter.group(), waiter.ledger);
            grantedSlots.add(slot);
            calls.window.reserve(waiter.group());
            if (waiter.ledger) {
                ledger.window.reserve(waiter.group());
            }
            effects.add(new Effect.Grant(waiter.id, slot));
        }
    }

    /** The interval of account's turns beside a flood of resolve: half of what both share. */
    private long accountInterval() {
        return 2 * calls.spanNanos / calls.share(Group.RECONCILE);
    }

    private boolean isAccountDue(long now) {
        return lane(Lane.ACCOUNT).size() > 0
                && calls.share(Group.RECONCILE) > 0
                && now - accountSince >= accountInterval();
    }

    private Optional<Waiter> pick(long now) {
        Optional<Waiter> cancel = take(Lane.CANCEL, now);
        if (cancel.isPresent()) {
            return cancel;
        }
        if (isAccountDue(now)) {
            Optional<Waiter> due = take(Lane.ACCOUNT, now);
            if (due.isPresent()) {
                return due;
            }
        }
        for (Lane lane : List.of(Lane.RESOLVE, Lane.ACCOUNT, Lane.QUOTE)) {
            if (calls.window.used(Group.of(lane)) < calls.share(Group.of(lane))) {
                Optional<Waiter> due = take(lane, now);
                if (due.isPresent()) {
                    return due;
                }
            }
        }
        for (Lane lane : Lane.values()) {
            Optional<Waiter> first = take(lane, now);
            if (first.isPresent()) {
                return first;
            }
        }
        return Optional.empty();
    }

    private Optional<Waiter> take(Lane lane, long now) {
        Group group = Group.of(lane);
        if (lane(lane).size() == 0 || !calls.hasCapacity(group, now)) {
            return Optional.empty();
        }
        return lane(lane).take(ledger.hasCapacity(group, now));
    }

    private void timeOutLateWaiters(long now, List<Effect> effects) {
        while (!byDeadline.isEmpty()) {
            Waiter first = byDeadline.first();
            if (first.deadlineNanos > now && freeAt(first.group(), first.ledger, now, 0) < first.deadlineNanos) {
                return;
            }
            removeWaiter(first);
            timedOut++;
            effects.add(new Effect.TimeOut(first.id));
        }
    }

    private void removeWaiter(Waiter waiter) {
        waiters.remove(waiter.id);
        byDeadline.remove(waiter);
        lane(waiter.lane).remove(waiter);
    }

    /** The next moment that needs an input: a slot becomes free or a deadline passes. */
    private Optional<Long> nextChange(long now) {
        if (byDeadline.isEmpty()) {
            return Optional.empty();
        }
        long next = byDeadline.first().deadlineNanos;
        for (Lane lane : Lane.values()) {
            LaneQueue queue = lane(lane);
            if (queue.size() > queue.ledgerSize()) {
                next = Math.min(next, freeAt(Group.of(lane), false, now, 0));
            }
            if (queue.ledgerSize() > 0) {
                next = Math.min(next, freeAt(Group.of(lane), true, now, 0));
            }
        }
        return Optional.of(Math.max(next, now + 1));
    }

    private long freeAt(Group group, boolean ofLedger, long now, long ahead) {
        long slot = calls.freeAt(group, now, ahead);
        // How many of those ahead also use the ledger is not counted: assuming all of them would reject callers early.
        return ofLedger ? Math.max(slot, ledger.freeAt(group, now, Math.min(ahead, ledgerWaiting()))) : slot;
    }

    private long ledgerWaiting() {
        long waiting = 0;
        for (LaneQueue queue : lanes.values()) {
            waiting += queue.ledgerSize();
        }
        return waiting;
    }

    private LaneQueue lane(Lane lane) {
        return Objects.requireNonNull(lanes.get(lane));
    }

    private int weight(String tenant) {
        return weights.getOrDefault(tenant, 1);
    }

    /** A wall clock may be set back; spans must not. The time it lost is added from then on. */
    private long toAscendingNanos(Instant instant) {
        long now = nanosOf(instant);
        if (now < lastNanos) {
            skewNanos += lastNanos - now;
            now = lastNanos;
        }
        lastNanos = now;
        return now;
    }

    private long nanosOf(Instant instant) {
        // An "endless" deadline such as Instant.MAX has no nanoseconds since 1970 that fit; a century does as well.
        long seconds = Math.clamp(instant.getEpochSecond(), 0, 7_000_000_000L);
        return seconds * SECOND_NANOS + instant.getNano() + skewNanos;
    }

    private Instant instantOf(long nanos) {
        return Instant.EPOCH.plusNanos(nanos - skewNanos);
    }
}
