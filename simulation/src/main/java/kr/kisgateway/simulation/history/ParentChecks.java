package kr.kisgateway.simulation.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.simulation.history.HistoryChecker.ClientCall;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.HistoryChecker.ReportedOrder;
import kr.kisgateway.simulation.history.ParentCall.Leg;
import kr.kisgateway.simulation.history.ParentCall.Role;
import kr.kisgateway.simulation.history.ParentCall.Trigger;
import kr.kisgateway.simulation.history.ParentTrace.ParentFact;
import kr.kisgateway.simulation.history.ParentTrace.PriceSeen;
import kr.kisgateway.simulation.history.ParentTrace.ReportedParent;

/**
 * Checks of parent orders, by docs/STRATEGIES.md alone: what was requested, what was placed, what was filled, and which prices the
 * gateway had received.
 */
public final class ParentChecks {
    private static final String KEY = "parent:";
    private static final Set<String> ENDED = Set.of("FILLED", "CANCELED", "REJECTED", "EXPIRED");

    /** The time in which a price that is reached is recorded, however slow the disk. */
    private static final Duration REACTION = Duration.ofSeconds(2);

    /** More than the clock of the gateway may be wrong. */
    private static final Duration CLOCK_ERROR = Duration.ofSeconds(4);

    /** A sale is in the balance by then, however far that lags. */
    public static final Duration BALANCE_LAG = Duration.ofSeconds(30);

    /** An order may be handed over already while the cancel is acknowledged. */
    private static final Duration HANDED_OVER = Duration.ofMillis(500);

    private final DayTrace day;
    private final ParentTrace trace;
    private final List<String> findings;
    private final Map<String, ReportedOrder> orders = new HashMap<>();

    private ParentChecks(DayTrace day, List<String> findings) {
        this.day = day;
        this.trace = day.parents();
        this.findings = findings;
        day.reported().forEach(order -> orders.put(order.id(), order));
    }

    static void check(DayTrace day, List<String> findings) {
        var checks = new ParentChecks(day, findings);
        checks.everyRequestIsOneParent();
        checks.everyChildHasOneParent();
        for (ReportedParent parent : day.parents().reported()) {
            checks.placedOnceAndInTime(parent);
            checks.exitsCloseWhatIsHeld(parent);
            checks.exitsAreNotGivenUp(parent);
            checks.endedWithItsOrders(parent);
            checks.nothingAfterItsEnd(parent);
            checks.cancelledForAReason(parent);
            checks.triggersAreObeyed(parent);
        }
        checks.exitsAreNeverTwoAtOnce();
        checks.exitsNeverExceedThePosition();
    }

    /** The clients' calls and, behind them, one for each order that a parent order placed and that its request permits. */
    public static List<ClientCall> with(List<ClientCall> calls, ParentTrace trace, List<ReportedOrder> reported) {
        var all = new ArrayList<>(calls);
        Map<String, ReportedOrder> byId = new HashMap<>();
        reported.forEach(order -> byId.put(order.id(), order));
        for (ReportedParent parent : trace.reported()) {
            for (ParentFact started : parent.children()) {
                Leg leg = leg(parent, started);
                ReportedOrder order = byId.get(started.child().orElseThrow());
                if (order == null) {
                    continue; // refused when it was to be placed
                }
                OrderFingerprint requested = leg.order();
                // Of an exit a part may be placed.
                long qty = leg.role() == Role.ENTRY || started.qty() == 0 ? requested.qty() : started.qty();
                Instant until = parent.versions().stream()
                        .map(version -> version.get(started.leg().getAsInt()).until())
                        .max(Instant::compareTo)
                        .orElseThrow();
                all.add(new ClientCall(
                        order.key(), requested.with(qty, requested.price()), until, Optional.of(order.id()), false));
            }
        }
        return List.copyOf(all);
    }

    /** Whether an order is one of a parent order. */
    static boolean isChild(ReportedOrder order) {
        return order.key().startsWith(KEY);
    }

    /** When the exchange of a leg takes its order. */
    private Stream<DayTrace.Span> sessions(Leg leg) {
        return trace.sessions().getOrDefault(leg.order().form().exchange(), List.of()).stream();
    }

    private static Leg leg(ReportedParent parent, ParentFact of) {
        return parent.legs().get(of.leg().getAsInt());
    }

    private Optional<ReportedOrder> order(ParentFact started) {
        return started.child().map(orders::get);
    }

    private long filled(ParentFact started) {
        return order(started).map(ReportedOrder::filled).orElse(0L);
    }

    // ---- requests ----

    private void everyRequestIsOneParent() {
        Map<String, ReportedParent> byId = new HashMap<>();
        Set<String> keys = new HashSet<>();
        Map<String, ParentCall> byKey = new HashMap<>();
        trace.calls().forEach(call -> byKey.put(call.key(), call));
        for (ReportedParent parent : trace.reported()) {
            byId.put(parent.id(), parent);
            ParentCall call = byKey.get(parent.key());
            if (call == null) {
                findings.add("parent order without a request: " + parent);
            } else if (call.refused() && call.parentId().isEmpty()) {
                findings.add("refused parent order exists: " + call + " is " + parent);
            } else if (!call.legs().equals(parent.versions().getFirst())) {
                findings.add("acknowledged as a different parent order: " + call + " is " + parent);
            }
            if (!keys.add(parent.key())) {
                findings.add("one key, two parent orders: " + parent);
            }
            parent.versions().stream()
                    .skip(1)
                    .filter(version -> trace.changes().stream()
                            .noneMatch(change -> change.parentId().equals(parent.id())
                                    && change.legs().equals(version)))
                    .findFirst()
                    .ifPresent(version -> findings.add("parent order changed without a request: " + parent));
        }
        for (ParentCall call : trace.calls()) {
            call.parentId()
                    .filter(id -> !byId.containsKey(id))
                    .ifPresent(_ -> findings.add("acknowledged parent order missing: " + call));
        }
    }

    // ---- orders ----

    private void everyChildHasOneParent() {
        Map<String, Integer> parents = new HashMap<>();
        for (ReportedParent parent : trace.reported()) {
            for (ParentFact started : parent.children()) {
                parents.merge(started.child().orElseThrow(), 1, Integer::sum);
                order(started)
                        .filter(order -> !order.key().startsWith(KEY + parent.id()))
                        .ifPresent(
                                order -> findings.add("an order of another parent order: " + order + " in " + parent));
            }
        }
        for (ReportedOrder order : day.reported()) {
            int count = parents.getOrDefault(order.id(), 0);
            if (isChild(order) && count != 1 || !isChild(order) && count > 0) {
                findings.add("an order of " + count + " parent orders: " + order);
            }
        }
    }

    private void placedOnceAndInTime(ReportedParent parent) {
        Set<Integer> working = new HashSet<>();
        Set<Integer> triggered = new HashSet<>();
        for (ParentFact fact : parent.history()) {
            switch (fact.type()) {
                case "Triggered" -> triggered.add(fact.leg().getAsInt());
                case "ChildEnded" -> {
                    if (fact.another()) {
                        working.remove(fact.leg().getAsInt());
                    }
                }
                case "ChildStarted" -> {
                    boolean isAnother = !working.add(fact.leg().getAsInt());
                    // An exit that was refused may be followed by one for the part that may be sold.
                    if (isAnother && order(lastStarted(parent, fact)).isPresent()) {
                        findings.add("an order of a parent order was placed twice: " + fact + " of " + parent);
                    }
                    isDue(parent, fact, triggered);
                }
                default -> {
                    // Nothing is placed.
                }
            }
        }
    }

    /** The order of the same leg that was started before. */
    private static ParentFact lastStarted(ReportedParent parent, ParentFact started) {
        return parent.history().stream()
                .takeWhile(fact -> fact != started)
                .filter(fact -> fact.type().equals("ChildStarted") && fact.leg().equals(started.leg()))
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    private void isDue(ReportedParent parent, ParentFact started, Set<Integer> triggered) {
        Leg leg = leg(parent, started);
        Duration error = day.clockSteps().size() > 1 ? CLOCK_ERROR : Duration.ZERO;
        boolean isDue = switch (leg.trigger()) {
            case Trigger.Now() -> true;
            case Trigger.At(Instant at) -> !started.at().isBefore(at.minus(error));
            case Trigger.Price _, Trigger.Trail _ ->
                triggered.contains(started.leg().getAsInt());
            case Trigger.AfterFill(String order) ->
                Optional.ofNullable(orders.get(order))
                        .filter(it -> it.status().equals("FILLED"))
                        .isPresent();
        };
        if (!isDue) {
            findings.add("placed before what it waits for: " + started + " of " + parent);
        }
        order(started).ifPresent(order -> {
            OrderFingerprint asked = leg.order();
            OrderFingerprint placed = order.fingerprint();
            boolean same = placed.symbol().equals(asked.symbol())
                    && placed.side().equals(asked.side())
                    && placed.account().equals(asked.account())
                    && placed.price() == asked.price()
                    && asked.form().choices().contains(placed.form())
                    && placed.qty() <= started.qty();
            if (!same) {
                findings.add("placed differently than its parent order says: " + order + " of " + parent);
            }
        });
    }

    private void exitsCloseWhatIsHeld(ReportedParent parent) {
        List<ParentFact> exits = parent.children().stream()
                .filter(started -> leg(parent, started).role().isExit())
                .toList();
        if (exits.isEmpty()) {
            return;
        }
        boolean opens = parent.legs().stream().anyMatch(leg -> leg.role() == Role.ENTRY);
        long held = opens
                ? parent.children().stream()
                        .filter(started -> leg(parent, started).role() == Role.ENTRY)
                        .mapToLong(this::filled)
                        .sum()
                : parent.legs().getFirst().order().qty();
        long left = held;
        for (ParentFact exit : exits) {
            long placed = order(exit).map(order -> order.fingerprint().qty()).orElse(exit.qty());
            if (placed > left) {
                findings.add("closes more than is left: " + exit + " where " + left + " of " + held + " are left, "
                        + parent);
            }
            left -= filled(exit);
        }
        if (left < 0) {
            findings.add("closed more than was held: " + parent);
        }
    }

    /** What refuses an exit may pass: it is given up at its end alone, or where an operator stopped everything. */
    private void exitsAreNotGivenUp(ReportedParent parent) {
        for (ParentFact fact : parent.history()) {
            if (fact.givenUp().isEmpty() || !closes(leg(parent, fact))) {
                continue;
            }
            Leg leg = leg(parent, fact);
            var givenUp = fact.givenUp().get();
            boolean isEarly = fact.at().isBefore(leg.until().minus(CLOCK_ERROR))
                    && givenUp.outcome().equals("REFUSED")
                    && !givenUp.reason().startsWith("KILL_SWITCH");
            long sellable = givenUp.sellable()
                    .getOrDefault(leg.order().account() + " " + leg.order().symbol(), 0L);
            if (isEarly && sellable > 0) {
                findings.add("an exit was given up although the broker holds " + sellable + " shares: " + fact + " of "
                        + parent);
            }
        }
    }

    private static boolean closes(Leg leg) {
        boolean waitsForPrice = leg.trigger() instanceof Trigger.Price || leg.trigger() instanceof Trigger.Trail;
        return leg.role().isExit() || waitsForPrice && leg.order().side().equals("SELL");
    }

    /**
     * No sale is for more shares than may be sold, except for those that were sold a moment ago: elsewhere, or by the gateway while
     * the broker's balance lags, which it cannot know. The broker refuses such a sale.
     */
    private void exitsNeverExceedThePosition() {
        for (var sent : trace.sentExits()) {
            boolean soldElsewhere = trace.salesElsewhere().stream()
                    .anyMatch(
                            at -> !at.isAfter(sent.at()) && at.plus(BALANCE_LAG).isAfter(sent.at()));
            if (sent.sold() > sent.sellable() && !soldElsewhere && !isBeforeItsBalance(sent)) {
                findings.add("a sale of a parent order exceeds the position: " + sent);
            }
        }
    }

    private boolean isBeforeItsBalance(ParentTrace.SentExit sent) {
        boolean lags = trace.balanceLags().stream()
                .anyMatch(lag -> !lag.from().isAfter(sent.at()) && lag.to().isAfter(sent.at()));
        return lags && sent.sold() - sent.sellable() <= sent.soldBefore();
    }

    private void exitsAreNeverTwoAtOnce() {
        Map<String, ReportedParent> parents = new HashMap<>();
        trace.reported()
                .forEach(parent -> parent.children()
                        .forEach(started -> parents.put(started.child().orElseThrow(), parent)));
        for (var sent : trace.sentExits()) {
            ReportedParent parent = parents.get(sent.order());
            if (parent == null) {
                continue;
            }
            parent.children().stream()
                    .filter(other -> !other.child().orElseThrow().equals(sent.order()))
                    .filter(other -> leg(parent, other).role() != Role.ORDER)
                    .flatMap(other -> order(other).stream())
                    .filter(other -> other.brokerNumber()
                            .filter(sent.resting()::contains)
                            .isPresent())
                    .findFirst()
                    .ifPresent(other -> findings.add(
                            "two exits at the exchange: " + sent.order() + " beside " + other + " of " + parent));
        }
    }

    // ---- the end ----

    private void endedWithItsOrders(ReportedParent parent) {
        Instant until =
                parent.legs().stream().map(Leg::until).max(Instant::compareTo).orElseThrow();
        boolean hasOpenOrder = parent.children().stream()
                .flatMap(started -> order(started).stream())
                .anyMatch(order -> !ENDED.contains(order.status()));
        boolean over = parent.legs().stream()
                .flatMap(this::sessions)
                .anyMatch(session -> !session.to().isBefore(until));
        if (day.closed() && parent.open() && over && !hasOpenOrder && !awaitsOpenOrder(parent)) {
            findings.add("its time is over and the parent order is open: " + parent);
        }
        if (!parent.open() && hasOpenOrder) {
            findings.add("the parent order ended and its order is open: " + parent);
        }
        boolean needsAlert = Set.of("MISSED", "REFUSED", "HELD").contains(parent.status());
        boolean hasAlert = day.alerts().stream().anyMatch(alert -> alert.contains(parent.id()));
        if (needsAlert && !hasAlert && trace.deaths().isEmpty()) {
            findings.add("a parent order without an alert: " + parent);
        }
        Set<String> misattributed = day.misattributedOrders();
        for (ParentFact ended : parent.history()) {
            if (ended.type().equals("ChildEnded")
                    && ended.qty() != filled(ended)
                    && ended.child().filter(misattributed::contains).isEmpty()) {
                findings.add("the parent order counts other fills: " + ended + " of " + parent);
            }
        }
    }

    /** An order of a parent order is cancelled by a request for it, for its parent order or for many, or because the stop is due. */
    private void cancelledForAReason(ReportedParent parent) {
        boolean hasReason = parent.history().stream()
                .anyMatch(fact -> fact.type().equals("CancelRequested")
                        || fact.type().equals("Triggered") && leg(parent, fact).role() == Role.STOP);
        for (ParentFact started : parent.children()) {
            order(started)
                    .filter(order -> order.status().equals("CANCELED") && !hasReason && !isCancelledFromOutside(order))
                    .ifPresent(order -> findings.add("cancelled without a request: " + order + " of " + parent));
        }
    }

    private boolean isCancelledFromOutside(ReportedOrder order) {
        return day.cancels().stream().anyMatch(cancel -> cancel.orderId().equals(order.id()))
                || day.bulkActions().cancelAlls().stream()
                        .anyMatch(all -> all.symbol()
                                .filter(symbol ->
                                        !symbol.equals(order.fingerprint().symbol()))
                                .isEmpty());
    }

    private boolean awaitsOpenOrder(ReportedParent parent) {
        return parent.legs().stream()
                .anyMatch(leg -> leg.trigger() instanceof Trigger.AfterFill(String order)
                        && Optional.ofNullable(orders.get(order))
                                .filter(it -> !ENDED.contains(it.status()))
                                .isPresent());
    }

    /** Nothing is placed once a cancel is acknowledged, or the parent order has ended. */
    private void nothingAfterItsEnd(ReportedParent parent) {
        Optional<Instant> end = parent.history().stream()
                .filter(fact -> fact.type().equals("Ended"))
                .map(ParentFact::at)
                .findFirst();
        Optional<Instant> cancelled = trace.cancels().stream()
                .filter(cancel -> cancel.parentId().equals(parent.id()))
                .map(cancel -> cancel.at().plus(HANDED_OVER))
                .min(Instant::compareTo);
        for (ParentFact started : parent.children()) {
            String child = started.child().orElseThrow();
            Instant accepted = trace.acceptedAt().get(child);
            if (accepted == null) {
                continue;
            }
            if (end.filter(accepted::isAfter).isPresent()) {
                findings.add("placed after its parent order ended: " + started + " of " + parent);
            } else if (cancelled.filter(accepted::isAfter).isPresent()) {
                findings.add("placed after its parent order was cancelled: " + started + " of " + parent);
            }
        }
    }

    // ---- prices ----

    private void triggersAreObeyed(ReportedParent parent) {
        if (parent.versions().size() > 1) {
            return; // which prices were compared with which version is not known from outside
        }
        for (int i = 0; i < parent.legs().size(); i++) {
            switch (parent.legs().get(i).trigger()) {
                case Trigger.Price(String symbol, boolean above, long price) ->
                    new Watch(parent, i, symbol, above, OptionalLong.of(price), 0).check();
                case Trigger.Trail(String symbol, long amount) ->
                    new Watch(parent, i, symbol, false, OptionalLong.empty(), amount).check();
                case Trigger.Now _, Trigger.At _, Trigger.AfterFill _ -> {
                    // No price is waited for.
                }
            }
        }
    }

    /**
     * What a leg has to do about the prices that the gateway received.
     *
     * @param fixed the price that it waits for; absent when it follows the highest one at a distance
     */
    private final class Watch {
        private final ReportedParent parent;
        private final int number;
        private final String symbol;
        private final boolean above;
        private final OptionalLong fixed;
        private final long distance;
        /** Highest price that a trailing leg certainly knows. */
        private OptionalLong best = OptionalLong.empty();

        private int bestOfLife = -1;

        Watch(ReportedParent parent, int number, String symbol, boolean above, OptionalLong fixed, long distance) {
            this.parent = parent;
            this.number = number;
            this.symbol = symbol;
            this.above = above;
            this.fixed = fixed;
            this.distance = distance;
        }

        void check() {
            Instant from = parent.history().getFirst().at();
            int bornIn = parent.history().getFirst().life();
            Leg leg = parent.legs().get(number);
            Optional<ParentFact> reaction =
                    parent.history().stream().filter(this::endsTheWatch).findFirst();
            Instant last = leg.until().minus(CLOCK_ERROR);
            int seenIn = bornIn;
            for (PriceSeen seen : trace.prices()) {
                if (!seen.symbol().equals(symbol) || !isKnownAt(seen, from, bornIn)) {
                    continue;
                }
                boolean over = !seen.at().isBefore(last)
                        || reaction.filter(fact -> fact.at().isBefore(seen.at()))
                                .isPresent();
                if (over) {
                    break;
                }
                boolean first = seen.life() != seenIn;
                seenIn = seen.life();
                if (!isTaken(seen.at())) {
                    continue; // a price counts at an hour at which its exchange takes the order
                }
                if (isReached(seen)) {
                    reactsTo(seen, reaction, first);
                    return;
                }
                remember(seen);
            }
        }

        /** A later process has read the parent order from the journal before any price. */
        private boolean isKnownAt(PriceSeen seen, Instant from, int bornIn) {
            return seen.life() > bornIn || seen.at().isAfter(from.plus(REACTION));
        }

        private boolean endsTheWatch(ParentFact fact) {
            return switch (fact.type()) {
                case "Triggered", "Held", "Unplaced" -> fact.leg().getAsInt() == number;
                case "CancelRequested", "Stopped", "Ended" -> true;
                default -> false;
            };
        }

        private boolean isReached(PriceSeen seen) {
            if (fixed.isPresent()) {
                return above ? seen.high() >= fixed.getAsLong() : seen.low() <= fixed.getAsLong();
            }
            OptionalLong known = seen.life() == bestOfLife ? best : recorded(seen);
            return known.isPresent() && seen.low() <= known.getAsLong() - distance;
        }

        /** A new process knows what the journal has. */
        private OptionalLong recorded(PriceSeen seen) {
            return parent.history().stream()
                    .filter(fact -> fact.type().equals("BestMoved")
                            && fact.leg().getAsInt() == number
                            && fact.at().isBefore(seen.at())
                            && fact.life() < seen.life())
                    .mapToLong(ParentFact::price)
                    .max();
        }

        private void remember(PriceSeen seen) {
            OptionalLong known = seen.life() == bestOfLife ? best : recorded(seen);
            best = OptionalLong.of(Math.max(known.orElse(0), seen.high()));
            bestOfLife = seen.life();
        }

        private void reactsTo(PriceSeen seen, Optional<ParentFact> reaction, boolean first) {
            Instant latest = seen.at().plus(REACTION);
            boolean died = trace.deaths().stream().anyMatch(at -> !at.isBefore(seen.at()) && at.isBefore(latest));
            boolean isHidden = died && reaction.isEmpty();
            if (reaction.filter(fact -> !fact.at().isAfter(latest)).isEmpty() && !died && !isHidden) {
                findings.add(
                        "the price was reached and nothing was done: " + seen + ", leg " + number + " of " + parent);
            }
            boolean atOnce = reaction.filter(fact -> fact.type().equals("Triggered")
                            && !fact.by()
                            && fact.life() == seen.life()
                            && !fact.at().isAfter(latest))
                    .isPresent();
            if (first && atOnce) {
                findings.add(
                        "placed after an absence without a decision: " + seen + ", leg " + number + " of " + parent);
            }
        }

        private boolean isTaken(Instant at) {
            return sessions(parent.legs().get(number))
                    .anyMatch(session -> at.isAfter(session.from().plus(CLOCK_ERROR))
                            && at.isBefore(session.to().minus(CLOCK_ERROR)));
        }
    }
}
