package kr.kisgateway.gateway.parent;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderStatus;
import kr.kisgateway.market.MarketSymbol;

/**
 * Decides about parent orders. State and rules only: no thread, clock, socket or SQL.
 *
 * <p><b>The problem.</b> A process may die between deciding that an order is due and placing it, and may be away when it is due. Of
 * two exits from one position only one may be filled, and KIS does not know that they belong together.
 *
 * <p><b>The policy.</b> The id of an order is durable before it is handed to the order desk, which places one order for its key,
 * however often it is asked. After a start the order is looked up: an existing one is followed, another is placed as if it had
 * never been tried. No order is placed after its {@code until}; an alert reports one that was due before. An exit is placed only
 * when every other order of its parent order has ended, for what is left then. What refuses an exit now may pass: the broker's balance
 * lags behind the fills. It is placed again and again until its time, for what may be sold at least, and an alert reports it. A price that triggers and is the first one after an
 * absence places nothing before somebody has decided, unless the settings say otherwise.
 *
 * <p><b>The weak spot.</b> {@code until} is checked by this machine's clock. While the end of a cancelled order is in doubt, the
 * exit that waits for it is not placed, whatever the price does; an alert reports that.
 */
public final class ParentCore {
    /** Open parent orders of all keys. */
    static final int OPEN_MAX = 1_000;

    /** Open parent orders of one key: it leaves room for others. */
    static final int OPEN_OF_A_KEY = 200;

    /** Orders of one key's open parent orders, placed or not; five times as many of all keys. */
    static final int LEGS_OF_A_KEY = 1_000;

    private static final int KEYS_OF_MANY_LEGS = 5;

    private static final Duration RETRY_PAUSE = Duration.ofMillis(500);
    private static final Duration CLOSED_PAUSE = Duration.ofSeconds(1);
    private static final Duration CANCEL_AGAIN = Duration.ofSeconds(1);
    /** Each is journaled and sent: an order that cannot be cancelled must not use up the budget of calls. */
    private static final int FAST_CANCELS = 10;

    private static final Duration CANCEL_SLOWLY = Duration.ofSeconds(30);
    private static final Duration EXIT_WAITS = Duration.ofSeconds(5);
    /** A balance that lags for longer is rare: from then on an exit is placed again less often. */
    private static final Duration EXIT_HURRIES = Duration.ofMinutes(1);

    private static final Duration EXIT_AGAIN = Duration.ofSeconds(5);
    /** Pauses before an exit that the broker refused for its shares is placed again; so often at most, as it must not become a loop. */
    private static final List<Duration> SHARE_REFUSAL_PAUSES =
            List.of(Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(30));

    /** What refuses an order by today's prices, cash, shares or counts: another moment may not. */
    static final Set<ErrorCode> MAY_PASS = Set.of(
            ErrorCode.OUT_OF_TRADING_WINDOW,
            ErrorCode.PRICE_OUT_OF_LIMITS,
            ErrorCode.PRICE_COLLAR,
            ErrorCode.INSUFFICIENT_CASH,
            ErrorCode.INSUFFICIENT_POSITION_QTY,
            ErrorCode.POSITION_LIMIT_EXCEEDED,
            ErrorCode.DAILY_LIMIT_EXCEEDED,
            ErrorCode.SELF_CROSS);

    /** By then the broker's list of the day was read at its end: what it does not show is not coming. */
    private static final Duration FILLS_MISSING_MAX = Duration.ofHours(24);

    private final Supplier<OrderId> ids;
    private final LegMarket market;
    private final PriceTriggers triggers;
    private final Map<ParentId, Parent> open = new LinkedHashMap<>();
    private final Map<OrderId, ParentId> children = new HashMap<>();
    /** Orders whose fill a leg waits for. */
    private final Map<OrderId, Set<ParentId>> awaited = new HashMap<>();
    /** What is known of orders that are placed or about to be. */
    private final Map<OrderId, Progress> progress = new HashMap<>();

    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparing(Timer::at));
    /** The timer of each parent order that has one. */
    private final Map<ParentId, Instant> nextTimers = new HashMap<>();

    /** Parent orders of which an exit is due and not placed. */
    private final Map<ParentId, WaitingExit> waitingExits = new HashMap<>();

    /** How often the broker refused an exit of a parent order for its shares. */
    private final Map<ParentId, Integer> shareRefusals = new HashMap<>();

    /** Parent orders of which no other exit is placed yet, after one that the broker refused or did not take. */
    private final Map<ParentId, ExitPause> exitPauses = new HashMap<>();

    private List<ParentEvent> events = new ArrayList<>();
    private List<ParentEffect> effects = new ArrayList<>();

    private record Timer(Instant at, ParentId parent) {}

    /** What a step results in: first these events durably, then {@link #apply}, then the effects. */
    public record Step(List<ParentEvent> events, List<ParentEffect> effects) {}

    /** What is known of an order besides the journal. */
    private static final class Progress {
        /** The desk is asked: to place it, or whether it has it. */
        private boolean asked;
        /** The desk has it. */
        private boolean placed;
        /** Its end may have been missed while the desk was asked. */
        private boolean findWhenPlaced;
        /** It may exist, because an answer of the desk is missing. */
        private boolean inDoubt;
        /** What ends the leg if the desk does not have the order. */
        private Optional<Refusal> lastRefusal = Optional.empty();
        /** It was refused for a reason that may pass. */
        private boolean refused;

        private Instant placeNotBefore = Instant.MIN;
        private Instant cancelNotBefore = Instant.MIN;
        private int cancels;
        /** It is cancelled, and fills of it are missing until then at most. */
        private Optional<Instant> fillsMissingUntil = Optional.empty();

        /** Whether it is being made smaller. */
        private Resize resize = Resize.NONE;
        /** Why that is not possible. */
        private Optional<Refusal> resizeRefusal = Optional.empty();
        /** When it is looked up, to see whether it is smaller or whether KIS has taken it. */
        private Optional<Instant> lookUpAt = Optional.empty();
        /** It has filled what it was to be made smaller to. */
        private boolean endsRest;
    }

    /** An exit that is due and not placed, or for a part of its shares only. */
    private static final class WaitingExit {
        private final Instant since;
        private boolean reported;
        /** KIS took none of its orders until now. */
        private boolean untaken;

        private WaitingExit(Instant since) {
            this.since = since;
        }
    }

    /** @param leg that waits; empty when each exit does, as the balance is awaited */
    private record ExitPause(OptionalInt leg, Instant until) {
        boolean concerns(int i) {
            return leg.isEmpty() || leg.getAsInt() == i;
        }
    }

    /** How far the request to make an order smaller is. */
    private enum Resize {
        NONE,
        /** The desk is asked. */
        ASKED,
        /** The desk has accepted it; KIS has not confirmed it yet. */
        ACCEPTED,
        /** It is not made smaller, which was reported. */
        GIVEN_UP
    }

    /** Whether an order of a leg is due. */
    private sealed interface Due {
        /** For that many shares. */
        record Yes(long qty) implements Due {}

        /** Not yet, and perhaps at {@code at}; empty when only another input can tell. */
        record NotYet(Optional<Instant> at) implements Due {}

        /** Never. */
        record No(Parent.Outcome outcome, String reason) implements Due {}
    }

    /**
     * @param loaded every open parent order of the journal
     * @param ids new ids of orders
     * @param market of each order
     * @param asksAfterAbsence whether the first price after a start that triggers is left for somebody to decide on
     */
    public ParentCore(Collection<Parent> loaded, Supplier<OrderId> ids, LegMarket market, boolean asksAfterAbsence) {
        this.ids = ids;
        this.market = market;
        this.triggers = new PriceTriggers(market, asksAfterAbsence);
        loaded.forEach(this::store);
        triggers.restore(open.values());
    }

    /** The first step after a start. */
    public Step start(Instant now) {
        open.values().forEach(parent -> wake(parent, now));
        open.values().stream().filter(Parent::isHeld).forEach(this::alertHeld);
        findOrders();
        return takeStep();
    }

    /** Looks every order up that the desk may have, or whose end is awaited; none is placed before the answer. */
    private void findOrders() {
        open.values().forEach(parent -> {
            for (LegState leg : parent.legs()) {
                if (leg.isWorking()) {
                    OrderId child = leg.child().orElseThrow();
                    Progress known = progress(child);
                    if (known.placed || !known.asked) {
                        known.asked = true;
                        effects.add(new ParentEffect.Find(child));
                    } else {
                        known.findWhenPlaced = true;
                    }
                }
            }
        });
        awaited.keySet().forEach(order -> effects.add(new ParentEffect.Find(order)));
    }

    private Progress progress(OrderId child) {
        return progress.computeIfAbsent(child, _ -> new Progress());
    }

    /** Decides about one input received at {@code now}. */
    public Step decide(ParentInput input, Instant now) {
        switch (input) {
            case ParentInput.Submit submit -> reply(submit.ticket(), submit(submit, now));
            case ParentInput.Modify modify -> reply(modify.ticket(), modify(modify, now));
            case ParentInput.Cancel cancel -> reply(cancel.ticket(), cancel(cancel));
            case ParentInput.Release release -> reply(release.ticket(), release(release));
            case ParentInput.PricesSeen seen -> pricesSeen(seen.prices(), now);
            case ParentInput.ChildAnswered answered -> childAnswered(answered, now);
            case ParentInput.ResizeAnswered answered -> resizeAnswered(answered, now);
            case ParentInput.OrderFound found -> orderFound(found, now);
            case ParentInput.OrderEnded ended -> orderEnded(ended.order(), now);
            case ParentInput.KeyEnded ended ->
                open.values().stream()
                        .filter(parent -> parent.key().principal().equals(ended.principal()))
                        .forEach(this::keyEnded);
            case ParentInput.EndsMissed _ -> findOrders();
            case ParentInput.TimerDue _ -> runTimers(now);
        }
        return takeStep();
    }

    /** The parent order after an event of the last step. */
    public Parent after(ParentEvent event, long seq, Instant at) {
        return event instanceof ParentEvent.Accepted accepted
                ? Parent.create(accepted, seq, at)
                : find(event.parent()).orElseThrow().apply(event, seq, at);
    }

    /** Applies an event of the last step, which is durable now. What follows from it is due at once. */
    public Parent apply(ParentEvent event, long seq, Instant at) {
        Parent after = after(event, seq, at);
        Optional<Parent> before = Optional.ofNullable(open.get(after.id()));
        before.ifPresent(this::remove);
        store(after);
        switch (event) {
            case ParentEvent.ChildStarted started -> {
                before.flatMap(it -> it.legs().get(started.leg()).child()).ifPresent(progress::remove);
                progress(started.child()).asked = true;
            }
            case ParentEvent.ChildEnded ended -> progress.remove(ended.child());
            case ParentEvent.BestMoved _ -> triggers.bestRecorded(after.id(), at);
            default -> {
                // Nothing but the journal is concerned.
            }
        }
        if (after.isOpen()) {
            wake(after, at);
        } else {
            removeTimer(after.id());
            after.children().forEach(progress::remove);
            waitingExits.remove(after.id());
            shareRefusals.remove(after.id());
            exitPauses.remove(after.id());
            triggers.forget(after.id());
        }
        return after;
    }

    private void store(Parent parent) {
        if (!parent.isOpen()) {
            return;
        }
        open.put(parent.id(), parent);
        for (int i = 0; i < parent.legs().size(); i++) {
            LegState leg = parent.legs().get(i);
            if (leg.isWorking()) {
                children.put(leg.child().orElseThrow(), parent.id());
            } else if (!leg.isEnded() && leg.trigger().isEmpty()) {
                switch (parent.plan().legs().get(i).start()) {
                    case Start.AfterFill(OrderId order) ->
                        awaited.computeIfAbsent(order, _ -> new HashSet<>()).add(parent.id());
                    case Start.PriceTrigger _, Start.At _, Start.Now _ -> {
                        // No order is awaited.
                    }
                }
            }
        }
        triggers.watch(parent);
    }

    private void remove(Parent parent) {
        open.remove(parent.id());
        parent.children().forEach(children::remove);
        triggers.unwatch(parent.id());
        for (Leg leg : parent.plan().legs()) {
            if (leg.start() instanceof Start.AfterFill(OrderId order)) {
                removeAwaited(order, parent.id());
            }
        }
    }

    private void removeAwaited(OrderId order, ParentId id) {
        Optional.ofNullable(awaited.get(order))
                .filter(parents -> parents.remove(id) && parents.isEmpty())
                .ifPresent(_ -> awaited.remove(order));
    }

    /** The parent order, while it is open. */
    public Optional<Parent> find(ParentId id) {
        return Optional.ofNullable(open.get(id));
    }

    /** The orders whose ends are inputs. */
    public Set<OrderId> followed() {
        var followed = new HashSet<>(children.keySet());
        followed.addAll(awaited.keySet());
        return Set.copyOf(followed);
    }

    /** The series of prices that are inputs. */
    public Set<MarketSymbol> watchedSymbols() {
        return triggers.symbols();
    }

    /** Chooses these series again: which stocks a venue trades changes from day to day. */
    void resolveSeries() {
        open.values().forEach(triggers::watch);
    }

    /** The watched series of which a price would count now, with the parent orders that wait for it. */
    Map<MarketSymbol, Set<ParentId>> awaitedPrices(Instant now) {
        Map<MarketSymbol, Set<ParentId>> awaited = new HashMap<>();
        triggers.symbols().stream()
                .flatMap(symbol -> triggers.waitingFor(symbol).stream())
                .distinct()
                .flatMap(id -> find(id).stream())
                .forEach(parent -> triggers.awaited(parent, now)
                        .forEach(symbol -> awaited.computeIfAbsent(symbol, _ -> new TreeSet<>(ParentId.OLDEST_FIRST))
                                .add(parent.id())));
        return awaited;
    }

    int size() {
        return open.size();
    }

    /** The latest time of the next input. */
    public Optional<Instant> nextTimer() {
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
        int added = submit.plan().legs().size();
        if (added > 1
                && (legs(parent -> true) + added > KEYS_OF_MANY_LEGS * LEGS_OF_A_KEY
                        || legs(parent -> parent.key().principal().equals(principal)) + added > LEGS_OF_A_KEY)) {
            return refused(
                    ErrorCode.QUOTA_EXCEEDED,
                    "open parent orders have too many orders already (" + LEGS_OF_A_KEY + " of a key, "
                            + KEYS_OF_MANY_LEGS * LEGS_OF_A_KEY + " of all); cancel those that are not needed");
        }
        Optional<ParentEffect.Answer> late = tooLate(submit.plan(), now);
        if (late.isPresent()) {
            return late.get();
        }
        events.add(new ParentEvent.Accepted(submit.id(), submit.plan(), submit.key()));
        // It may have ended since it was looked up for the checks.
        submit.plan().legs().forEach(leg -> {
            if (leg.start() instanceof Start.AfterFill(OrderId order)) {
                effects.add(new ParentEffect.Find(order));
            }
        });
        return new ParentEffect.Answer.Accepted(submit.id(), false);
    }

    private long legs(Predicate<Parent> ofParent) {
        return open.values().stream()
                .filter(ofParent)
                .mapToLong(parent -> parent.legs().size())
                .sum();
    }

    private static Optional<ParentEffect.Answer> tooLate(Plan plan, Instant now) {
        return now.isBefore(plan.until())
                ? Optional.empty()
                : Optional.of(
                        refused(ErrorCode.INVALID_FIELD, "the time until which the order may be placed has passed"));
    }

    private ParentEffect.Answer modify(ParentInput.Modify modify, Instant now) {
        Optional<Parent> found = find(modify.id());
        if (found.isEmpty()) {
            return ended(modify.id());
        }
        Parent parent = found.get();
        Optional<ParentEffect.Answer> prior = repeated(parent, modify.key());
        if (prior.isPresent()) {
            return prior.get();
        }
        if (!parent.plan().equals(modify.before())) {
            return refused(
                    ErrorCode.INVALID_TRANSITION, "it was changed by another request meanwhile; look at it, try again");
        }
        Optional<ParentEffect.Answer> refused = unchangeable(parent, modify).or(() -> tooLate(modify.plan(), now));
        if (refused.isPresent()) {
            return refused.get();
        }
        if (!parent.plan().equals(modify.plan())
                || !modify.dropped().isEmpty()
                || modify.key().isPresent()) {
            events.add(new ParentEvent.Modified(modify.id(), modify.plan(), modify.dropped(), modify.key()));
            resizeOrders(parent, modify.plan());
        }
        return new ParentEffect.Answer.Accepted(modify.id(), false);
    }

    /** The answer to a request whose key was used before, or cannot be taken. */
    static Optional<ParentEffect.Answer> repeated(Parent parent, Optional<KeyUse> key) {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        KeyUse use = key.get();
        Optional<KeyUse> prior = parent.changeOf(use.name())
                .or(() -> Optional.of(parent.key()).filter(it -> it.name().equals(use.name())));
        if (prior.isPresent()) {
            return Optional.of(
                    prior.get().hash().equals(use.hash())
                            ? new ParentEffect.Answer.Accepted(parent.id(), true)
                            : refused(
                                    ErrorCode.IDEMPOTENCY_KEY_BODY_MISMATCH,
                                    "this key was used for another request about the parent order; nothing was done,"
                                            + " use a new key"));
        }
        return parent.changes().size() < Parent.CHANGES_MAX
                ? Optional.empty()
                : Optional.of(refused(
                        ErrorCode.QUOTA_EXCEEDED,
                        Parent.CHANGES_MAX + " requests with a key have changed the parent order; send this one without"
                                + " a key, or create another parent order"));
    }

    /** What is placed, or about to be, is changed as an order, except that it may get smaller here. */
    private Optional<ParentEffect.Answer> unchangeable(Parent parent, ParentInput.Modify modify) {
        Plan plan = modify.plan();
        if (plan.kind() != parent.plan().kind()
                || plan.legs().size() != parent.plan().legs().size()) {
            return Optional.of(refused(
                    ErrorCode.INVALID_TRANSITION, "it stays a " + parent.plan().kind() + ", with the same orders"));
        }
        for (int i = 0; i < parent.legs().size(); i++) {
            LegState leg = parent.legs().get(i);
            boolean drops = modify.dropped().contains(i);
            boolean changes =
                    drops || !parent.plan().legs().get(i).equals(plan.legs().get(i));
            Optional<ParentEffect.Answer> refused = Optional.empty();
            if (changes && leg.isWorking() && !drops) {
                refused = unchangeableOrder(parent, i, plan);
            } else if (changes && (!leg.isWaiting() || leg.trigger().isPresent())
                    || parent.cancelBy().isPresent()) {
                refused = Optional.of(leg.child()
                        .map(child -> drops
                                ? refused(
                                        ErrorCode.INVALID_TRANSITION,
                                        "an order that is to be dropped is placed already; cancel the order " + child)
                                : placedAlready(child))
                        .orElseGet(() -> refused(
                                ErrorCode.INVALID_TRANSITION, "its order is about to be placed, or never will be")));
            }
            if (refused.isPresent()) {
                return refused;
            }
        }
        return Optional.empty();
    }

    private static ParentEffect.Answer placedAlready(OrderId child) {
        return refused(ErrorCode.INVALID_TRANSITION, "its order is placed already; change the order " + child);
    }

    /** Until when a take-profit is placed again may be changed while its order rests, and how many shares an order has. */
    private Optional<ParentEffect.Answer> unchangeableOrder(Parent parent, int i, Plan plan) {
        Leg before = parent.plan().legs().get(i);
        Leg after = plan.legs().get(i);
        LegState leg = parent.legs().get(i);
        OrderId child = leg.child().orElseThrow();
        boolean isOther = !after.start().equals(before.start())
                || !before.equals(
                        after.with(after.terms().withQty(before.terms().qty())).with(before.until()));
        boolean isMoved = !after.until().equals(before.until());
        if (isOther || before.role() == Leg.Role.ORDER || isMoved && before.role() != Leg.Role.TAKE_PROFIT) {
            return Optional.of(placedAlready(child));
        }
        if (after.terms().qty() == before.terms().qty()) {
            return Optional.empty();
        }
        if (hasToEnd(parent, i)) {
            return Optional.of(refused(ErrorCode.INVALID_TRANSITION, "its order " + child + " is being cancelled"));
        }
        if (!progress(child).placed) {
            return Optional.of(refused(
                    ErrorCode.INVALID_TRANSITION,
                    "its order " + child + " is being placed at this moment; send the change again"));
        }
        long shares = parent.sharesOf(plan, i);
        if (shares < 1 || shares >= leg.qty()) {
            long least = after.terms().qty() - shares + 1;
            return Optional.of(refused(
                    ErrorCode.INVALID_QTY,
                    "KIS makes an order at the exchange smaller and not larger: while " + child
                            + " is open, qty may be " + least + " to " + (least + leg.qty() - 2)));
        }
        return Optional.empty();
    }

    /** Makes the orders at the exchange smaller of which {@code plan} wants fewer shares. */
    private void resizeOrders(Parent parent, Plan plan) {
        for (int i = 0; i < parent.legs().size(); i++) {
            LegState leg = parent.legs().get(i);
            if (leg.isWorking()
                    && parent.plan().legs().get(i).terms().qty()
                            != plan.legs().get(i).terms().qty()) {
                OrderId child = leg.child().orElseThrow();
                Progress known = progress(child);
                known.resizeRefusal = Optional.empty();
                resize(parent, child, known, parent.sharesOf(plan, i));
            }
        }
    }

    private void resize(Parent parent, OrderId child, Progress known, long shares) {
        known.resize = Resize.ASKED;
        effects.add(new ParentEffect.ResizeChild(parent.id(), child, shares));
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

    private ParentEffect.Answer release(ParentInput.Release release) {
        Optional<Parent> found = find(release.id());
        if (found.isEmpty()) {
            return ended(release.id());
        }
        Parent parent = found.get();
        Optional<ParentEffect.Answer> prior = repeated(parent, release.key());
        if (prior.isPresent()) {
            return prior.get();
        }
        if (!parent.isHeld() || parent.cancelBy().isPresent()) {
            return refused(ErrorCode.INVALID_TRANSITION, "no order of it is held");
        }
        int leg = parent.heldLeg().getAsInt();
        events.add(new ParentEvent.Triggered(
                parent.id(),
                leg,
                parent.legs().get(leg).heldAt().getAsLong(),
                Optional.of(release.by()),
                release.key()));
        return new ParentEffect.Answer.Accepted(parent.id(), false);
    }

    private static ParentEffect.Answer ended(ParentId id) {
        return refused(ErrorCode.ORDER_ALREADY_TERMINAL, "parent order " + id + " has ended");
    }

    private void keyEnded(Parent parent) {
        String why = "the API key that created it ended";
        if (parent.isWaiting()) {
            events.add(new ParentEvent.Ended(parent.id(), Parent.Outcome.CANCELED, why, Optional.empty()));
            alertKeyEnded(parent, why);
        } else if (parent.stopped().isEmpty()
                && parent.legs().stream().anyMatch(leg -> !leg.isEnded() && !leg.isWorking())) {
            events.add(new ParentEvent.Stopped(parent.id(), why));
            alertKeyEnded(parent, why);
        }
    }

    /** Shares whose stop is not placed any more are urgent; a bracket that waits for its entry has none. */
    private void alertKeyEnded(Parent parent, String why) {
        boolean hasShares = parent.plan().leg(Leg.Role.ENTRY).stream()
                .noneMatch(entry -> parent.legs().get(entry).isWaiting());
        IntStream.range(0, parent.legs().size())
                .filter(i ->
                        hasShares && parent.isStop(i) && !parent.legs().get(i).isEnded())
                .findFirst()
                .ifPresentOrElse(stop -> alertNotPlaced(parent, stop, why), () -> alertNotPlaced(parent, why));
    }

    // ---- prices ----

    /** One instrument after the other, in the order of their codes: the order of a map may differ from one process to the next. */
    private void pricesSeen(Map<MarketSymbol, PriceRange> prices, Instant now) {
        prices.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey().code()))
                .forEach(entry -> priceSeen(entry.getKey(), entry.getValue(), now));
    }

    private void priceSeen(MarketSymbol symbol, PriceRange range, Instant now) {
        triggers.waitingFor(symbol).stream()
                .flatMap(id -> find(id).stream())
                .flatMap(parent -> triggers.priceSeen(parent, range, now).stream())
                .forEach(event -> {
                    events.add(event);
                    if (event instanceof ParentEvent.Held held) {
                        alertHeld(find(held.parent()).orElseThrow(), held.leg());
                    } else if (event instanceof ParentEvent.Triggered triggered) {
                        alertTriggered(find(triggered.parent()).orElseThrow(), triggered);
                    }
                });
    }

    private void alertTriggered(Parent parent, ParentEvent.Triggered triggered) {
        Leg leg = parent.plan().legs().get(triggered.leg());
        effects.add(new ParentEffect.Alert(
                ParentAlert.TRIGGERED,
                parent.id(),
                describe(parent, leg) + " was reached at "
                        + ApiValues.amount(leg.terms().symbol().market().currency(), triggered.price())
                                .toPlainString()));
    }

    /** Also after a start: it is not decided yet. */
    private void alertHeld(Parent parent) {
        alertHeld(parent, parent.heldLeg().getAsInt());
    }

    private void alertHeld(Parent parent, int i) {
        effects.add(new ParentEffect.Alert(
                ParentAlert.HELD,
                parent.id(),
                describe(parent, parent.plan().legs().get(i))
                        + " was reached while the gateway was away; release or cancel it"));
    }

    // ---- time ----

    private void runTimers(Instant now) {
        Set<ParentId> due = new HashSet<>();
        while (!timers.isEmpty() && !timers.peek().at().isAfter(now)) {
            Timer timer = timers.poll();
            if (nextTimers.remove(timer.parent(), timer.at())) {
                due.add(timer.parent());
            }
        }
        due.stream().flatMap(id -> find(id).stream()).forEach(parent -> advance(parent, now));
    }

    /** Looks at a parent order again at {@code at}, or before. */
    private void wake(Parent parent, Instant at) {
        Instant planned = nextTimers.getOrDefault(parent.id(), Instant.MAX);
        if (at.isBefore(planned)) {
            removeTimer(parent.id());
            nextTimers.put(parent.id(), at);
            timers.add(new Timer(at, parent.id()));
        }
    }

    /** Left behind, one of each change would wait for its time, which may be weeks ahead. */
    private void removeTimer(ParentId id) {
        Optional.ofNullable(nextTimers.remove(id)).ifPresent(at -> timers.remove(new Timer(at, id)));
    }

    /** Does what is due, which is one event at most: what follows from it is due when it is durable. */
    private void advance(Parent parent, Instant now) {
        boolean isDone = true;
        for (int i = 0; i < parent.legs().size(); i++) {
            LegState state = parent.legs().get(i);
            if (state.isEnded()) {
                continue;
            }
            if (state.isWorking()) {
                isDone = false;
                if (follow(parent, i, now)) {
                    return;
                }
                continue;
            }
            switch (due(parent, i, now)) {
                case Due.Yes(long qty) -> {
                    OrderId child = ids.get();
                    events.add(new ParentEvent.ChildStarted(parent.id(), i, child, qty));
                    effects.add(place(parent, i, child, qty));
                    return;
                }
                case Due.NotYet(Optional<Instant> at) -> {
                    isDone = false;
                    at.ifPresent(it -> wake(parent, it));
                }
                case Due.No _ -> {
                    // It is none of those that are awaited.
                }
            }
        }
        if (isDone) {
            end(parent, now);
        }
    }

    private static ParentEffect.Place place(Parent parent, int i, OrderId child, long qty) {
        Leg leg = parent.plan().legs().get(i);
        return new ParentEffect.Place(parent.id(), child, leg.terms().withQty(qty), leg.routed());
    }

    /** Whether the order of a leg is due. */
    private Due due(Parent parent, int i, Instant now) {
        Leg leg = parent.plan().legs().get(i);
        LegState state = parent.legs().get(i);
        if (parent.cancelBy().isPresent()) {
            return new Due.No(Parent.Outcome.CANCELED, "a cancel was requested before its order was placed");
        }
        if (parent.stopped().isPresent()) {
            return new Due.No(Parent.Outcome.CANCELED, parent.stopped().get());
        }
        Due exit = leg.role().isExit()
                ? dueExit(parent, leg)
                : new Due.Yes(leg.terms().qty() - state.filled());
        if (exit instanceof Due.No no) {
            return no;
        }
        if (!now.isBefore(leg.until())) {
            return late(leg, state);
        }
        Optional<Instant> next = Optional.of(leg.until());
        boolean isStarted = switch (leg.start()) {
            case Start.At(Instant at) -> {
                next = Optional.of(at);
                yield !now.isBefore(at);
            }
            case Start.Now _ -> true;
            case Start.Trigger _ -> state.trigger().isPresent();
        };
        if (!isStarted || exit instanceof Due.NotYet) {
            return new Due.NotYet(next);
        }
        Optional<Instant> pause = Optional.ofNullable(exitPauses.get(parent.id()))
                .filter(it -> parent.closes(i) && it.concerns(i))
                .map(ExitPause::until)
                .filter(now::isBefore);
        if (pause.isPresent()) {
            return new Due.NotYet(pause);
        }
        if (parent.plan().kind() != Plan.Kind.SCHEDULED && !market.accepts(leg, now)) {
            return new Due.NotYet(Optional.of(now.plus(CLOSED_PAUSE)));
        }
        return exit;
    }

    private static Due late(Leg leg, LegState state) {
        if (state.qty() > 0 && leg.role() != Leg.Role.ORDER) {
            return new Due.No(
                    Parent.Outcome.EXPIRED, "its order ended, and none could be placed again until " + leg.until());
        }
        boolean wasDue =
                !(leg.start() instanceof Start.Trigger) || state.trigger().isPresent();
        String when = leg.start() instanceof Start.At(Instant at)
                ? "its order was due from " + at + " until " + leg.until() + ", and the gateway was not running then"
                : "its order was due and could not be placed until " + leg.until();
        return wasDue
                ? new Due.No(Parent.Outcome.MISSED, when)
                : new Due.No(
                        Parent.Outcome.EXPIRED,
                        state.heldAt().isPresent()
                                ? "it was held and not released until " + leg.until()
                                : "what it waited for did not happen until " + leg.until());
    }

    /** An exit is for what the entry filled and the other exit did not, and only while no other order works. */
    private static Due dueExit(Parent parent, Leg leg) {
        Plan plan = parent.plan();
        var entry = plan.leg(Leg.Role.ENTRY);
        boolean isBusy = false;
        if (entry.isPresent()) {
            LegState state = parent.legs().get(entry.getAsInt());
            if (!state.isEnded()) {
                isBusy = true;
            } else if (state.filled() == 0) {
                return new Due.No(Parent.Outcome.CANCELED, "the entry has filled nothing");
            }
        }
        long left = parent.left(leg);
        for (int i = 0; i < plan.legs().size(); i++) {
            isBusy |= plan.legs().get(i).role().isExit() && parent.legs().get(i).isWorking();
        }
        if (isBusy) {
            return new Due.NotYet(Optional.empty());
        }
        if (left <= 0) {
            return new Due.No(Parent.Outcome.CANCELED, "nothing is left to be closed");
        }
        boolean yields = leg.role() == Leg.Role.TAKE_PROFIT
                && plan.leg(Leg.Role.STOP).stream().anyMatch(i -> {
                    LegState stop = parent.legs().get(i);
                    return !stop.isEnded()
                            && (stop.trigger().isPresent() || stop.heldAt().isPresent());
                });
        return yields ? new Due.NotYet(Optional.empty()) : new Due.Yes(left);
    }

    /** Places an order again that was not, and cancels one that has to give way; whether an event is decided on. */
    private boolean follow(Parent parent, int i, Instant now) {
        OrderId child = parent.legs().get(i).child().orElseThrow();
        Progress known = progress(child);
        boolean hasToEnd = hasToEnd(parent, i);
        if (known.placed) {
            awaitFills(parent, child, known, now);
            awaitLookUp(parent, child, known, now);
            if (hasToEnd || known.endsRest) {
                cancelChild(parent, child, known, now);
                if (parent.waitsWithExit() && parent.cancelBy().isEmpty()) {
                    exitWaits(parent, EXIT_WAITS, "its stop is due and waits for the end of " + child, now);
                }
            }
        } else if (!known.asked) {
            if (hasToEnd && !known.inDoubt) { // what takes its place does not wait for the pause
                abandon(parent, i, Parent.Outcome.CANCELED, whyItHasToEnd(parent));
                return true;
            } else if (now.isBefore(known.placeNotBefore)) {
                wake(parent, known.placeNotBefore);
            } else if (awaitsMarket(parent, i, known, now)) {
                wake(parent, now.plus(CLOSED_PAUSE));
            } else {
                known.asked = true;
                effects.add(place(parent, i, child, parent.legs().get(i).qty()));
            }
        }
        return false;
    }

    /** Whether an exit that was refused is not placed again because its market is closed. */
    private boolean awaitsMarket(Parent parent, int i, Progress known, Instant now) {
        Leg leg = parent.plan().legs().get(i);
        return known.refused && !known.inDoubt && now.isBefore(leg.until()) && !market.accepts(leg, now);
    }

    /** Looks a cancelled order up once more when fills of it have been missing for too long. */
    private void awaitFills(Parent parent, OrderId child, Progress known, Instant now) {
        known.fillsMissingUntil.ifPresent(until -> {
            if (now.isBefore(until)) {
                wake(parent, until);
            } else {
                known.fillsMissingUntil = Optional.empty();
                effects.add(new ParentEffect.Find(child));
            }
        });
    }

    /** Looks an order up at its time. */
    private void awaitLookUp(Parent parent, OrderId child, Progress known, Instant now) {
        known.lookUpAt.ifPresent(at -> {
            if (now.isBefore(at)) {
                wake(parent, at);
            } else {
                known.lookUpAt = Optional.empty();
                effects.add(new ParentEffect.Find(child));
            }
        });
    }

    /** Whether an order that is about to be placed still is to be. */
    public static boolean isWanted(Parent parent, OrderId child) {
        OptionalInt leg = parent.legOf(child);
        return leg.isPresent() && parent.legs().get(leg.getAsInt()).isWorking() && !hasToEnd(parent, leg.getAsInt());
    }

    /** Whether an order is to be cancelled: that was requested, or the stop waits for its end. */
    private static boolean hasToEnd(Parent parent, int i) {
        if (parent.cancelBy().isPresent()) {
            return true;
        }
        Leg.Role role = parent.plan().legs().get(i).role();
        return (role == Leg.Role.ENTRY || role == Leg.Role.TAKE_PROFIT)
                && parent.stopped().isEmpty() // else the stop is not placed, and this may be the only exit
                && parent.plan().leg(Leg.Role.STOP).stream().anyMatch(stop -> {
                    LegState state = parent.legs().get(stop);
                    return state.trigger().isPresent() && !state.isEnded();
                });
    }

    private static String whyItHasToEnd(Parent parent) {
        return (parent.cancelBy().isPresent() ? "a cancel was requested" : "the stop was reached")
                + " before its order was placed";
    }

    /** Cancels until the order has ended: the exchange may refuse a cancel, and its answer may be lost. */
    private void cancelChild(Parent parent, OrderId child, Progress known, Instant now) {
        if (!now.isBefore(known.cancelNotBefore)) {
            // The first has the same key after a start; a later one must be another request then, too.
            long attempt = known.cancels++ == 0 ? 0 : now.getEpochSecond();
            effects.add(new ParentEffect.CancelChild(parent.id(), child, attempt));
            known.cancelNotBefore = now.plus(known.cancels < FAST_CANCELS ? CANCEL_AGAIN : CANCEL_SLOWLY);
        }
        wake(parent, known.cancelNotBefore);
    }

    /** Reports an exit that is due and was not placed for {@code patience}, once until it goes on. */
    private WaitingExit exitWaits(Parent parent, Duration patience, String why, Instant now) {
        WaitingExit waiting = waitingExits.computeIfAbsent(parent.id(), _ -> new WaitingExit(now));
        if (!waiting.reported && !now.isBefore(waiting.since.plus(patience))) {
            waiting.reported = true;
            effects.add(new ParentEffect.Alert(
                    ParentAlert.EXIT_WAITS, parent.id(), "parent order " + parent.id() + ": " + why));
        }
        return waiting;
    }

    /** Settles that. */
    private void exitGoesOn(Parent parent) {
        Optional.ofNullable(waitingExits.remove(parent.id()))
                .filter(waiting -> waiting.reported)
                .ifPresent(_ -> effects.add(new ParentEffect.AlertSettled(ParentAlert.EXIT_WAITS, parent.id())));
    }

    private Duration exitWaited(Parent parent, Instant now) {
        return Optional.ofNullable(waitingExits.get(parent.id()))
                .map(waiting -> Duration.between(waiting.since, now))
                .orElse(Duration.ZERO);
    }

    // ---- orders ----

    private void childAnswered(ParentInput.ChildAnswered answered, Instant now) {
        Optional<Parent> found = find(answered.id());
        if (found.isEmpty() || found.get().legOf(answered.child()).isEmpty()) {
            return;
        }
        Parent parent = found.get();
        int i = parent.legOf(answered.child()).getAsInt();
        if (parent.legs().get(i).isEnded()) {
            return;
        }
        Progress known = progress(answered.child());
        known.asked = false;
        if (answered.refusal().isEmpty()) {
            known.placed = true;
            if (isUntaken(parent)) {
                lookUp(parent, known, now.plus(EXIT_WAITS));
            } else if (parent.closes(i) && parent.legs().get(i).qty() >= parent.left(i)) {
                exitGoesOn(parent);
            }
            findAgain(answered.child(), known);
            wake(parent, now);
            return;
        }
        Refusal refusal = answered.refusal().get();
        boolean isUnknown = refusal.code() == ErrorCode.JOURNAL_UNAVAILABLE;
        boolean mayPass = mayPass(parent, i, refusal)
                && !hasToEnd(parent, i)
                && now.isBefore(parent.plan().legs().get(i).until());
        known.inDoubt |= isUnknown;
        if (mayPass && parent.closes(i)) {
            retryExit(parent, i, answered.child(), refusal, now);
        } else if (isUnknown || mayPass) {
            known.placeNotBefore = now.plus(RETRY_PAUSE);
            wake(parent, known.placeNotBefore);
        } else if (known.inDoubt) {
            known.lastRefusal = Optional.of(refusal);
            known.asked = true;
            effects.add(new ParentEffect.Find(answered.child()));
        } else {
            refuse(parent, i, refusal);
        }
    }

    /** An exit is the only thing that protects its shares: what may be otherwise in a moment does not end it. */
    private static boolean mayPass(Parent parent, int i, Refusal refusal) {
        return refusal.code().retryable()
                || parent.closes(i)
                        && (MAY_PASS.contains(refusal.code()) || refusal.code() == ErrorCode.SYMBOL_RESTRICTED);
    }

    /** Places an exit that was refused for now again after a pause, or at once for the part of its shares that may be sold. */
    private void retryExit(Parent parent, int i, OrderId child, Refusal refusal, Instant now) {
        Progress known = progress(child);
        known.refused = true;
        long part = sellablePart(parent, i, refusal, now);
        if (part > 0 && known.inDoubt) {
            known.asked = true;
            effects.add(new ParentEffect.Find(child));
            return;
        }
        if (part > 0) {
            startPart(parent, i, part, refusal, now);
            return;
        }
        if (refusal.code() != ErrorCode.OUT_OF_TRADING_WINDOW) {
            exitWaits(
                    parent,
                    EXIT_WAITS,
                    "its " + parent.plan().legs().get(i).role() + " of "
                            + parent.legs().get(i).qty() + " shares is due and not placed: " + text(refusal) + "; "
                            + triedUntil(parent, i),
                    now);
        }
        boolean hurries = exitWaited(parent, now).compareTo(EXIT_HURRIES) < 0;
        known.placeNotBefore = now.plus(hurries ? RETRY_PAUSE : EXIT_AGAIN);
        wake(parent, known.placeNotBefore);
    }

    private static String text(Refusal refusal) {
        return refusal.code() + " " + refusal.message();
    }

    private static String triedUntil(Parent parent, int i) {
        return "it is tried again until " + parent.plan().legs().get(i).until()
                + "; cancel the parent order if the shares were sold elsewhere";
    }

    /**
     * Shares of an exit that may be sold now, where that is a part of them; else 0. A stop does not wait for the others; an order that
     * rests does, as a balance that lags would make it too small for long.
     */
    private long sellablePart(Parent parent, int i, Refusal refusal, Instant now) {
        boolean isShort = refusal.code() == ErrorCode.INSUFFICIENT_POSITION_QTY
                && refusal.details().get("sellable") instanceof Long;
        long sellable = isShort && refusal.details().get("sellable") instanceof Long n ? n : 0;
        boolean isPart = sellable > 0 && sellable < parent.legs().get(i).qty();
        boolean isNow = parent.legs().get(i).trigger().isPresent()
                || exitWaited(parent, now).compareTo(EXIT_WAITS) >= 0;
        return isPart && isNow ? sellable : 0;
    }

    private void startPart(Parent parent, int i, long part, Refusal refusal, Instant now) {
        OrderId child = ids.get();
        if (!isUntaken(parent)) {
            exitGoesOn(parent);
        }
        exitWaits(
                parent,
                Duration.ZERO,
                "its " + parent.plan().legs().get(i).role() + " is placed for " + part + " of " + parent.left(i)
                        + " shares: " + text(refusal) + "; for the others " + triedUntil(parent, i),
                now);
        events.add(new ParentEvent.ChildStarted(parent.id(), i, child, part));
        effects.add(place(parent, i, child, part));
    }

    private void resizeAnswered(ParentInput.ResizeAnswered answered, Instant now) {
        Optional<Parent> found = find(answered.id())
                .filter(parent -> parent.legOf(answered.child()).isPresent());
        if (found.isEmpty()) {
            return;
        }
        Progress known = progress(answered.child());
        known.resize = answered.refusal().isPresent() ? Resize.NONE : Resize.ACCEPTED;
        known.resizeRefusal = answered.refusal()
                .filter(refusal -> !refusal.code().retryable()
                        && refusal.code()
                                != ErrorCode.INVALID_TRANSITION); // an earlier request about it is not settled
        // Whatever was answered: what the order is now is decided by.
        lookUp(found.get(), known, known.resizeRefusal.isPresent() ? now : now.plus(RETRY_PAUSE));
    }

    private void lookUp(Parent parent, Progress known, Instant at) {
        known.lookUpAt = Optional.of(at);
        wake(parent, at);
    }

    /** An order that is larger than the journal has it is to be made smaller. */
    private void settleSize(Parent parent, int i, Order order, Progress known, Instant now) {
        long shares = parent.legs().get(i).qty();
        if (order.terms().qty() <= shares) {
            known.resize = Resize.NONE;
        } else if (known.resize == Resize.ASKED || known.resize == Resize.GIVEN_UP || hasToEnd(parent, i)) {
            // Its answer is awaited, it stays as it is, or it is cancelled anyway.
        } else if (order.filled() >= shares) {
            known.endsRest = true;
            wake(parent, now);
        } else if (order.openModification().isPresent()) {
            lookUp(parent, known, now.plus(RETRY_PAUSE));
        } else if (known.resize == Resize.ACCEPTED || known.resizeRefusal.isPresent()) {
            // It is not requested twice: the first request might have an effect after all.
            known.resize = Resize.GIVEN_UP;
            effects.add(new ParentEffect.Alert(
                    ParentAlert.NOT_CHANGED,
                    parent.id(),
                    "parent order " + parent.id() + ": its order " + order.id() + " was to have " + shares
                            + " shares and keeps " + order.terms().qty() + ": "
                            + known.resizeRefusal
                                    .map(refusal -> refusal.code() + " " + refusal.message())
                                    .orElse("KIS did not make it smaller; change the order itself")));
        } else {
            resize(parent, order.id(), known, shares);
        }
    }

    /** Ends the wait for KIS once it has taken the exit. */
    private void settleUntaken(Parent parent, int i, Order order, Progress known, Instant now) {
        WaitingExit waiting = waitingExits.get(parent.id());
        if (waiting == null || !waiting.untaken || !parent.closes(i)) {
            return;
        }
        if (order.isAtBroker()) {
            waiting.untaken = false;
            if (parent.legs().get(i).qty() >= parent.left(i)) {
                exitGoesOn(parent);
            }
        } else {
            lookUp(parent, known, now.plus(EXIT_WAITS));
        }
    }

    private boolean isUntaken(Parent parent) {
        return Optional.ofNullable(waitingExits.get(parent.id()))
                .filter(waiting -> waiting.untaken)
                .isPresent();
    }

    private void findAgain(OrderId child, Progress known) {
        if (known.findWhenPlaced) {
            known.findWhenPlaced = false;
            effects.add(new ParentEffect.Find(child));
        }
    }

    private void refuse(Parent parent, int i, Refusal refusal) {
        if (hasToEnd(parent, i)) {
            abandon(parent, i, Parent.Outcome.CANCELED, whyItHasToEnd(parent));
        } else {
            String why = text(refusal);
            exitGoesOn(parent);
            abandon(parent, i, refusal.code().retryable() ? Parent.Outcome.MISSED : Parent.Outcome.REFUSED, why);
            boolean goesOn =
                    parent.legs().stream().filter(leg -> !leg.isEnded()).count() > 1;
            if (goesOn && parent.plan().legs().get(i).role() != Leg.Role.ENTRY) {
                alertNotPlaced(parent, i, why); // its end may be days ahead
            }
        }
    }

    private void abandon(Parent parent, int i, Parent.Outcome outcome, String why) {
        events.add(new ParentEvent.Unplaced(parent.id(), i, outcome, why));
    }

    /** An order that the journal has is followed; one that it lacks was never placed. */
    private void orderFound(ParentInput.OrderFound answer, Instant now) {
        answer.found().filter(order -> order.status().isTerminal()).ifPresent(order -> orderEnded(order, now));
        Optional<Parent> found =
                Optional.ofNullable(children.get(answer.order())).flatMap(this::find);
        if (found.isEmpty()
                || answer.found().filter(order -> hasEnded(order, now)).isPresent()) {
            return;
        }
        Parent parent = found.get();
        int i = parent.legOf(answer.order()).getAsInt();
        Progress known = progress(answer.order());
        known.asked = false;
        Optional<Refusal> refused = known.lastRefusal;
        known.lastRefusal = Optional.empty();
        if (answer.found().isPresent()) {
            known.placed = true;
            findAgain(answer.order(), known);
            settleSize(parent, i, answer.found().get(), known, now);
            settleUntaken(parent, i, answer.found().get(), known, now);
            wake(parent, now);
        } else if (refused.isPresent()) {
            refuse(parent, i, refused.get());
        } else if (hasToEnd(parent, i)) {
            abandon(parent, i, Parent.Outcome.CANCELED, whyItHasToEnd(parent));
        } else if (!now.isBefore(parent.plan().legs().get(i).until())) {
            abandon(parent, i, Parent.Outcome.MISSED, "the gateway stopped before its order was placed");
        } else {
            known.inDoubt = false;
            wake(parent, now);
        }
    }

    /**
     * Whether its fills are known, too: the confirmation of a cancel may come before the notice of a fill, and an exit for shares
     * that are sold already would sell others.
     */
    private static boolean hasEnded(Order order, Instant now) {
        return order.status().isTerminal() && (!order.isMissingFills() || !now.isBefore(fillsMissingUntil(order)));
    }

    private static Instant fillsMissingUntil(Order order) {
        return order.updatedAt().plus(FILLS_MISSING_MAX);
    }

    private void orderEnded(Order order, Instant now) {
        if (!hasEnded(order, now)) {
            Optional.ofNullable(children.get(order.id())).flatMap(this::find).ifPresent(parent -> {
                progress(order.id()).fillsMissingUntil = Optional.of(fillsMissingUntil(order));
                wake(parent, fillsMissingUntil(order));
            });
            return;
        }
        Optional.ofNullable(children.get(order.id()))
                .flatMap(this::find)
                .ifPresent(parent -> childEnded(parent, parent.legOf(order.id()).getAsInt(), order, now));
        awaited.getOrDefault(order.id(), Set.of()).stream()
                .flatMap(id -> find(id).stream())
                .forEach(parent -> awaitedEnded(parent, order));
    }

    private void childEnded(Parent parent, int i, Order order, Instant now) {
        Leg leg = parent.plan().legs().get(i);
        boolean another = parent.cancelBy().isEmpty()
                && now.isBefore(leg.until())
                && (isOverForToday(parent, i, order)
                        || isPartOfMore(parent, i, order)
                        || isRefusedForItsShares(parent, i, order, now)
                        || isNeverTaken(parent, i, order, now));
        if (parent.closes(i) && isUntaken(parent) && (order.isAtBroker() || !another)) {
            exitGoesOn(parent);
        }
        events.add(new ParentEvent.ChildEnded(
                parent.id(),
                i,
                order.id(),
                order.status(),
                order.filled(),
                order.reason().orElse(""),
                another,
                another ? order.terms().price() : OptionalLong.empty()));
        // What becomes of a stop is said at the end, with the shares that it leaves.
        boolean isRejected = order.status() == OrderStatus.REJECTED && leg.role() != Leg.Role.STOP && !another;
        if (isRejected && !hasToEnd(parent, i)) {
            alertNotPlaced(
                    parent,
                    i,
                    "it ended REJECTED: " + order.reason().or(order::error).orElse(""));
        }
    }

    /** The day of an exit ends before its time: another is placed when the market opens. */
    private static boolean isOverForToday(Parent parent, int i, Order order) {
        return parent.plan().legs().get(i).role() == Leg.Role.TAKE_PROFIT
                && order.status() == OrderStatus.EXPIRED
                && order.filled() < parent.legs().get(i).qty();
    }

    /** An exit that was placed for the shares which could be sold then is followed by one for the others. */
    private static boolean isPartOfMore(Parent parent, int i, Order order) {
        return parent.closes(i) && order.status() == OrderStatus.FILLED && order.filled() < parent.left(i);
    }

    /** The broker knows that fewer shares are there than its last balance had: what it has now is read before the next order. */
    private boolean isRefusedForItsShares(Parent parent, int i, Order order, Instant now) {
        int count = shareRefusals.getOrDefault(parent.id(), 0);
        if (!parent.closes(i)
                || !order.isRefusedForShares()
                || hasToEnd(parent, i)
                || count == SHARE_REFUSAL_PAUSES.size()) {
            return false;
        }
        shareRefusals.put(parent.id(), count + 1);
        exitPauses.put(parent.id(), new ExitPause(OptionalInt.empty(), now.plus(SHARE_REFUSAL_PAUSES.get(count))));
        exitWaits(
                parent,
                count == 0 ? EXIT_WAITS : Duration.ZERO,
                "its " + parent.plan().legs().get(i).role() + " was refused by KIS: "
                        + order.reason().orElse("") + "; " + triedUntil(parent, i),
                now);
        return true;
    }

    /** KIS took no attempt to place it, for its own state or the token's, which do not last: nothing of it is at the broker. */
    private boolean isNeverTaken(Parent parent, int i, Order order, Instant now) {
        if (!parent.closes(i) || !order.isNeverTaken() || hasToEnd(parent, i)) {
            return false;
        }
        exitPauses.put(parent.id(), new ExitPause(OptionalInt.of(i), now.plus(EXIT_AGAIN)));
        exitWaits(
                        parent,
                        EXIT_WAITS,
                        "KIS did not take its " + parent.plan().legs().get(i).role() + ": "
                                + order.reason().orElse("") + "; " + triedUntil(parent, i),
                        now)
                .untaken = true;
        return true;
    }

    private void awaitedEnded(Parent parent, Order order) {
        int leg = IntStream.range(0, parent.legs().size())
                .filter(i -> parent.plan().legs().get(i).start().equals(new Start.AfterFill(order.id())))
                .findFirst()
                .orElseThrow();
        LegState state = parent.legs().get(leg);
        if (state.trigger().isPresent() || state.isEnded()) {
            return;
        }
        if (order.status() == OrderStatus.FILLED) {
            events.add(ParentEvent.Triggered.byItself(parent.id(), leg, 0));
        } else {
            events.add(new ParentEvent.Unplaced(
                    parent.id(),
                    leg,
                    Parent.Outcome.EXPIRED,
                    "the order " + order.id() + " that it waited for ended " + order.status()));
        }
    }

    // ---- the end ----

    private void end(Parent parent, Instant now) {
        List<Due.No> unplaced = IntStream.range(0, parent.legs().size())
                .filter(i -> parent.legs().get(i).orderEnd().isEmpty())
                .mapToObj(i -> parent.legs()
                        .get(i)
                        .unplaced()
                        .map(it -> new Due.No(it.outcome(), it.reason()))
                        .orElseGet(() -> (Due.No) due(parent, i, now)))
                .toList();
        boolean anyPlaced =
                parent.legs().stream().anyMatch(leg -> leg.orderEnd().isPresent() || leg.filled() > 0);
        Parent.Outcome outcome;
        if (parent.cancelBy().isPresent()) {
            boolean isFilled = unplaced.isEmpty()
                    && parent.legs().stream()
                            .noneMatch(leg -> leg.orderEnd()
                                    .filter(end -> end.status() == OrderStatus.CANCELED)
                                    .isPresent());
            outcome = isFilled ? Parent.Outcome.COMPLETED : Parent.Outcome.CANCELED;
        } else if (anyPlaced) {
            outcome = parent.stopped().isPresent() ? Parent.Outcome.CANCELED : Parent.Outcome.COMPLETED;
        } else {
            outcome = unplaced.stream()
                    .map(Due.No::outcome)
                    .filter(ParentCore::isFailure)
                    .findFirst()
                    .orElseGet(() -> unplaced.getFirst().outcome());
        }
        events.add(new ParentEvent.Ended(parent.id(), outcome, reason(parent, unplaced), Optional.empty()));
        if (parent.cancelBy().isEmpty() && parent.stopped().isEmpty()) {
            alertAtEnd(parent, unplaced);
        }
    }

    /** Whether an order was due and was not placed. */
    private static boolean isFailure(Parent.Outcome outcome) {
        return outcome == Parent.Outcome.MISSED || outcome == Parent.Outcome.REFUSED;
    }

    /** What an operator has to know: an order that was due was not placed, or what was to be closed is not. */
    private void alertAtEnd(Parent parent, List<Due.No> unplaced) {
        Optional<String> problem = unplaced.stream()
                .filter(no -> isFailure(no.outcome()))
                .map(Due.No::reason)
                .findFirst();
        long unclosed = unclosed(parent);
        if (unclosed > 0) {
            effects.add(notPlaced(
                    ParentAlert.NO_EXIT,
                    parent,
                    0,
                    unclosed + " shares have no exit any more"
                            + problem.map(why -> ": " + why).orElse("")));
        } else {
            problem.ifPresent(why -> alertNotPlaced(parent, why));
        }
    }

    /** Shares that the exits leave; without an entry, where the stop was due: else they are the caller's. */
    private static long unclosed(Parent parent) {
        var entry = parent.plan().leg(Leg.Role.ENTRY);
        boolean wasDue = parent.plan().leg(Leg.Role.STOP).stream()
                .anyMatch(i -> parent.legs().get(i).trigger().isPresent());
        // What the exits are for; a change may have left shares out.
        long most = parent.plan().leg(Leg.Role.STOP).stream()
                .mapToLong(i -> parent.plan().legs().get(i).terms().qty())
                .sum();
        long opened = entry.isPresent()
                ? Math.min(most, parent.legs().get(entry.getAsInt()).filled())
                : most;
        return entry.isEmpty() && !wasDue ? 0 : opened - parent.closed();
    }

    private static String reason(Parent parent, List<Due.No> unplaced) {
        if (parent.legs().size() == 1) {
            return parent.legs()
                    .getFirst()
                    .orderEnd()
                    .map(end -> "its order ended " + text(end))
                    .orElseGet(() -> unplaced.getFirst().reason());
        }
        if (parent.plan().kind() == Plan.Kind.BASKET) {
            return reasonOfMany(parent, unplaced);
        }
        return IntStream.range(0, parent.legs().size())
                .filter(i -> parent.legs().get(i).orderEnd().isPresent())
                .mapToObj(i -> parent.plan().legs().get(i).role() + " ended "
                        + text(parent.legs().get(i).orderEnd().orElseThrow()))
                .collect(Collectors.collectingAndThen(
                        Collectors.joining("; "), text -> text.isEmpty() ? whyNone(unplaced) : text));
    }

    /** How many of its orders ended how. */
    private static String reasonOfMany(Parent parent, List<Due.No> unplaced) {
        Map<OrderStatus, Long> ends = parent.legs().stream()
                .flatMap(leg -> leg.orderEnd().stream())
                .collect(Collectors.groupingBy(
                        LegState.OrderEnd::status, () -> new EnumMap<>(OrderStatus.class), Collectors.counting()));
        List<String> parts = new ArrayList<>();
        ends.forEach((status, count) -> parts.add(count + " " + status));
        if (!unplaced.isEmpty()) {
            parts.add(unplaced.size() + " not placed: " + whyNone(unplaced));
        }
        return "of " + parent.legs().size() + " orders " + String.join(", ", parts);
    }

    private static String whyNone(List<Due.No> unplaced) {
        return unplaced.stream()
                .filter(no -> isFailure(no.outcome()))
                .findFirst()
                .orElseGet(unplaced::getFirst)
                .reason();
    }

    private static String text(LegState.OrderEnd end) {
        return end.status() + (end.reason().isEmpty() ? "" : ": " + end.reason());
    }

    private void alertNotPlaced(Parent parent, String why) {
        if (parent.plan().kind() == Plan.Kind.BASKET) {
            effects.add(new ParentEffect.Alert(
                    ParentAlert.NOT_PLACED,
                    parent.id(),
                    "parent order " + parent.id() + ": not each of its "
                            + parent.legs().size() + " orders was placed: " + why));
        } else {
            alertNotPlaced(parent, 0, why);
        }
    }

    /** A stop that is not placed is urgent: its shares are lost to the market. */
    private void alertNotPlaced(Parent parent, int i, String why) {
        effects.add(notPlaced(parent.isStop(i) ? ParentAlert.NO_EXIT : ParentAlert.NOT_PLACED, parent, i, why));
    }

    private static ParentEffect.Alert notPlaced(ParentAlert kind, Parent parent, int i, String why) {
        return new ParentEffect.Alert(
                kind,
                parent.id(),
                "parent order " + parent.id() + ": its order of "
                        + parent.plan().legs().get(i).terms().symbol() + " was not placed: " + why);
    }

    private static String describe(Parent parent, Leg leg) {
        return "parent order " + parent.id() + ": the price for its order "
                + leg.terms().side() + " " + leg.terms().symbol();
    }
}
