package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Stream;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.order.Broker.Lane;
import kr.kisgateway.gateway.order.Broker.Listed;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEvent.MatchedBy;
import kr.kisgateway.gateway.portfolio.Seen;
import kr.kisgateway.gateway.risk.AccountFigures;
import kr.kisgateway.gateway.risk.Exposure;
import kr.kisgateway.gateway.risk.Facts;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.gateway.risk.RiskPolicy;
import kr.kisgateway.gateway.risk.RiskRules;
import kr.kisgateway.gateway.risk.RiskScope;
import kr.kisgateway.gateway.risk.Working;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingCalendar;

/**
 * Decides about orders. Holds state and rules and nothing else: no thread, lock, clock, socket or SQL; every input
 * comes with the time, every consequence leaves as an event to record or an effect to release afterwards.
 *
 * <p><b>The problem.</b> KIS has no client order id. A request that was sent without an answer may rest at the
 * exchange, and sending it again may buy twice. A crash between sending and hearing is the same thing.
 *
 * <p><b>The policy.</b> SendStarted is durable before the first byte. From then on the request either has a definite
 * answer or is in doubt, and nothing in doubt is ever sent again: the broker's list of the day is read, and an entry
 * that has everything we sent, was not known before we sent it and belongs to no other order of ours is it. So that
 * this match is never ambiguous among our own orders, at most one request of a fingerprint is on its way or in doubt;
 * the next waits until its own deadline. Being absent from the list proves nothing. Fills are counted per order as
 * the greater of what the notices add up to and what the list says, so that lost, late and repeated notices all end
 * at the broker's figure.
 *
 * <p><b>The weak spot.</b> An order that somebody placed elsewhere with the same fingerprint in the same seconds
 * looks like ours. Two such entries leave the order UNKNOWN with an alert; a single one is taken and the match says
 * that it was inferred.
 */
public final class OrderCore {
    /** Attempts of a placing that the broker definitely did not take. */
    static final int MAX_ATTEMPTS = 3;

    /** Notices of orders that are not known (yet); the oldest gives way and the list is asked instead. */
    static final int HELD_NOTICES = 1_000;

    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(30);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(200);
    private static final Duration FIRST_ASK_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_ASK_PAUSE = Duration.ofSeconds(30);

    /** How far the broker's clock may lie behind ours when it stamps an order, in seconds. */
    private static final int CLOCK_SLACK_SECONDS = 5;

    private final OrderSettings settings;
    private final RiskRules risk;
    private final RiskPolicy policy;
    private final TradingCalendar calendar;

    private final Map<OrderId, Order> orders = new HashMap<>();
    private final Set<OrderId> open = new LinkedHashSet<>();
    private final Set<OrderId> unknown = new LinkedHashSet<>();
    private final Set<OrderId> shortOfFills = new LinkedHashSet<>();
    private final Map<KeyUse.Name, OrderInput.PriorUse> keys = new HashMap<>();
    private final Map<Numbered, OrderId> byNumber = new HashMap<>();
    private final Exposure exposure = new Exposure();
    private final Map<String, Long> lastSeq;

    /** Who waits because an equal request is on its way or in doubt, in order of arrival. */
    private final Map<Terms.Fingerprint, Deque<OrderId>> waiting = new HashMap<>();

    private final Map<Terms.Fingerprint, OrderId> onItsWay = new HashMap<>();
    private final Set<OrderId> slotAsked = new HashSet<>();
    private final Deque<Notice> held = new ArrayDeque<>();

    /** When the broker took the sells; an answer about the position may be older than that. */
    private final Map<OrderId, Instant> brokerTook = new LinkedHashMap<>();

    private final Map<Numbered, Set<SeenFill>> seenFills = new HashMap<>();
    private final Map<LocalDate, Set<Long>> outside = new HashMap<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparing(Timer::at));
    /** When placings left, for the last second of them; read and pruned at intake. */
    private final Deque<Instant> recentSends = new ArrayDeque<>();

    private int queuedMarket;
    private int queuedLimit;

    /** Days whose list is wanted, the first of them perhaps being asked right now. */
    private final Set<LocalDate> daysWanted = new LinkedHashSet<>();

    private boolean asking;
    private Optional<Instant> nextAsk = Optional.empty();
    private Duration askPause = FIRST_ASK_PAUSE;

    private LocalDate remembered = LocalDate.MIN;

    /** Days whose list was not read since the start; dispatch waits until there is none. */
    private final Set<LocalDate> unread = new LinkedHashSet<>();

    // What a step collects.
    private List<Recorded> append = new ArrayList<>();
    private List<OrderEffect> effects = new ArrayList<>();
    private Set<OrderId> changed = new LinkedHashSet<>();
    private Instant now = Instant.EPOCH;

    private record Numbered(LocalDate day, long odno) {}

    private record SeenFill(long qty, long price, int time) {}

    private record Timer(Instant at, OrderId order) {}

    /** An event with its place in the journal and the order as it stands after it. */
    public record Recorded(String stream, long seq, Instant at, OrderEvent event, Order after) {}

    /** What a step leads to: first these events durably, then these effects. */
    public record Step(List<Recorded> append, List<OrderEffect> afterDurable) {}

    /**
     * @param loaded open orders and those of today, as the journal has them
     * @param lastSeq the last used journal position of each account
     */
    public OrderCore(
            OrderSettings settings,
            RiskRules risk,
            RiskPolicy policy,
            TradingCalendar calendar,
            Collection<Order> loaded,
            Map<String, Long> lastSeq) {
        this.settings = settings;
        this.risk = risk;
        this.policy = policy;
        this.calendar = calendar;
        this.lastSeq = new HashMap<>(lastSeq);
        loaded.stream().sorted(Comparator.comparing(o -> o.id().text())).forEach(this::index);
    }

    /**
     * The first step after a start: what was being sent when the process ended is in doubt, what waited too long is
     * over, and the broker is asked before anything is dispatched.
     */
    public Step begin(Instant at) {
        now = at.truncatedTo(ChronoUnit.MICROS); // what the journal keeps, so that a rebuilt order is equal
        daysWanted.add(calendar.tradingDay(now));
        for (OrderId id : List.copyOf(open)) {
            Order order = get(id);
            daysWanted.add(order.tradingDay());
            for (BrokerRequest request : order.requests()) {
                if (request.state() == BrokerRequest.State.SENDING) {
                    record(new OrderEvent.SendInDoubt(
                            id, request.no(), "CRASH", "the gateway ended while the request was on its way"));
                }
            }
            if (order.status() == OrderStatus.NEW) {
                timers.add(new Timer(order.terms().dispatchBy(), id));
                queued(order, +1);
            }
            timers.add(new Timer(calendar.endOf(order.tradingDay()), id));
        }
        runTimers();
        unread.addAll(daysWanted);
        ask();
        return step();
    }

    /** Decides about one input at {@code at}. */
    public Step on(OrderInput input, Instant at) {
        now = at.truncatedTo(ChronoUnit.MICROS); // what the journal keeps, so that a rebuilt order is equal
        forgetEarlierDays();
        if (!speaksOfAnOrderInMemory(input)) {
            return step();
        }
        switch (input) {
            case OrderInput.Place place -> place(place);
            case OrderInput.Cancel cancel -> cancel(cancel);
            case OrderInput.SlotGranted granted -> slotGranted(granted);
            case OrderInput.SlotTimedOut timedOut -> slotTimedOut(timedOut);
            case OrderInput.SendStopped stopped -> stopped(stopped);
            case OrderInput.Answered answered -> answered(answered);
            case OrderInput.Noticed noticed -> noticed(noticed.notice());
            case OrderInput.ListArrived arrived -> listArrived(arrived);
            case OrderInput.NoticesMissed _ -> wantToday();
            case OrderInput.TimerDue _ -> {
                // the timers run after every input
            }
        }
        runTimers();
        ask();
        return step();
    }

    /**
     * What comes back for an order that ended on an earlier day, or that a failed commit never made, changes nothing;
     * only its slot must not be lost.
     */
    private boolean speaksOfAnOrderInMemory(OrderInput input) {
        Optional<OrderId> about = switch (input) {
            case OrderInput.SlotGranted granted -> Optional.of(granted.order());
            case OrderInput.SlotTimedOut timedOut -> Optional.of(timedOut.order());
            case OrderInput.SendStopped stopped -> Optional.of(stopped.order());
            case OrderInput.Answered answered -> Optional.of(answered.order());
            case OrderInput.Place _,
                    OrderInput.Cancel _,
                    OrderInput.Noticed _,
                    OrderInput.ListArrived _,
                    OrderInput.NoticesMissed _,
                    OrderInput.TimerDue _ -> Optional.empty();
        };
        if (about.filter(id -> !orders.containsKey(id)).isEmpty()) {
            return true;
        }
        if (input instanceof OrderInput.SlotGranted granted) {
            effects.add(new OrderEffect.ReleaseSlot(granted.order(), granted.request()));
        }
        effects.add(new OrderEffect.Alert(
                "order_not_in_memory",
                input.getClass().getSimpleName() + " came for order " + about.get() + ", which is not in memory"));
        return false;
    }

    /** When the core wants to be woken at the latest. */
    public Optional<Instant> nextTimer() {
        Optional<Instant> timer = Optional.ofNullable(timers.peek()).map(Timer::at);
        if (asking || nextAsk.isEmpty()) {
            return timer;
        }
        return timer.filter(t -> t.isBefore(nextAsk.get())).or(() -> nextAsk);
    }

    /** Whether the broker's list has been read since the start, so that dispatch is open. */
    public boolean reconciled() {
        return unread.isEmpty();
    }

    /** Orders that wait for their turn. */
    public int queueDepth() {
        return queuedMarket + queuedLimit;
    }

    /** The order as this core sees it. */
    public Optional<Order> order(OrderId id) {
        return Optional.ofNullable(orders.get(id));
    }

    /** Orders of which it is not known whether the broker has them. */
    public int unknown() {
        return unknown.size();
    }

    // ---- placing ----

    private void place(OrderInput.Place place) {
        Optional<OrderInput.PriorUse> prior =
                Optional.ofNullable(keys.get(place.key().name())).or(place::prior);
        if (prior.isPresent()) {
            reply(place.ticket(), replay(prior.get(), place.key(), "ACCEPTED"));
            return;
        }
        LocalDate day = calendar.tradingDay(now);
        Optional<Refusal> refusal =
                risk.check(facts(place, day), exposure, policy).or(() -> cannotDrain(place.terms()));
        if (refusal.isPresent()) {
            reply(place.ticket(), new Answer.Refused(refusal.get()));
            return;
        }
        record(new OrderEvent.Accepted(place.order(), place.terms(), place.key(), day));
        Order order = get(place.order());
        timers.add(new Timer(order.terms().dispatchBy(), order.id()));
        timers.add(new Timer(calendar.endOf(day), order.id()));
        queued(order, +1);
        reply(
                place.ticket(),
                new Answer.Accepted(order.id(), "ACCEPTED", place.key().key(), false));
        dispatch(order);
    }

    private Facts facts(OrderInput.Place place, LocalDate day) {
        Terms terms = place.terms();
        return new Facts(
                new RiskScope(terms.accountId(), RiskScope.KR, day, "local", terms.strategyId()),
                new Facts.Asked(
                        terms.symbol(),
                        terms.side(),
                        terms.qty(),
                        0,
                        terms.price(),
                        place.reference(),
                        Optional.empty(),
                        false),
                calendar.session(now),
                now,
                MarketFacts.none(),
                switch (place.position()) {
                    case OrderInput.Position.NotNeeded _ -> new Seen.Unknown<>("it was not asked for");
                    case OrderInput.Position.Unavailable unavailable -> new Seen.Unknown<>(unavailable.reason());
                    case OrderInput.Position.Known known ->
                        new Seen.Known<>(
                                new AccountFigures(0, known.sellable(), known.sellable(), OptionalLong.empty()),
                                known.askedAt());
                },
                Facts.Control.none());
    }

    /** What the order ties up now. */
    private void expose(Order order) {
        Terms terms = order.terms();
        Optional<Instant> taken = Optional.ofNullable(brokerTook.get(order.id()))
                .or(() -> order.placing().state() == BrokerRequest.State.ACKED
                        ? Optional.of(Instant.EPOCH)
                        : Optional.empty());
        exposure.changed(
                new Working(
                        order.id().text(),
                        new RiskScope(terms.accountId(), RiskScope.KR, order.tradingDay(), "local", terms.strategyId()),
                        terms.symbol(),
                        terms.side(),
                        order.filled(),
                        order.value(),
                        order.remaining(),
                        terms.price(),
                        OptionalLong.empty(),
                        taken,
                        false),
                order.updatedAt());
    }

    /** Refuses at once what could not leave before its deadline anyway: nothing is recorded, the key stays free. */
    private Optional<Refusal> cannotDrain(Terms terms) {
        if (!terms.dispatchBy().isAfter(now)) {
            return Optional.of(Refusal.of(
                    ErrorCode.QUEUE_TIMEOUT, "its dispatch_by passed before it was decided; nothing was recorded"));
        }
        if (!settings.worker()) {
            return Optional.empty();
        }
        double seconds = Duration.between(now, terms.dispatchBy()).toNanos() / 1e9;
        while (!recentSends.isEmpty() && !recentSends.peekFirst().plusSeconds(1).isAfter(now)) {
            recentSends.removeFirst();
        }
        // What left in the last second still holds its slots, and a tenth goes to the round trips.
        long capacity = (long) Math.floor(settings.sendsPerSecond() * Math.max(0, seconds) * 0.9) - recentSends.size();
        int ahead = terms.type() == OrderType.MARKET ? queuedMarket : queueDepth();
        if (ahead < capacity) {
            return Optional.empty();
        }
        return Optional.of(Refusal.of(
                        ErrorCode.QUEUE_TIMEOUT,
                        ahead + " orders wait already and KIS takes " + settings.sendsPerSecond()
                                + " a second, so this one could not be sent before its dispatch_by; nothing was recorded")
                .with("waiting", ahead)
                .retryAfter(Duration.ofMillis((long) (1000 / settings.sendsPerSecond()) + 1)));
    }

    private static Answer replay(OrderInput.PriorUse prior, KeyUse use, String word) {
        boolean same = prior.hash().equals(use.hash()) && prior.cancel() == word.equals("CANCEL_PENDING");
        return same
                ? new Answer.Accepted(prior.order(), word, use.key(), true)
                : new Answer.Refused(Refusal.of(
                                ErrorCode.IDEMPOTENCY_KEY_BODY_MISMATCH,
                                "this Idempotency-Key was used for another request; nothing was done, take a new key")
                        .with("order_id", prior.order().text()));
    }

    // ---- cancelling ----

    private void cancel(OrderInput.Cancel cancel) {
        Optional<Order> found = order(cancel.order()).or(cancel::stored);
        if (found.isEmpty()) {
            refuse(cancel.ticket(), ErrorCode.ORDER_NOT_FOUND, "there is no order " + cancel.order());
            return;
        }
        Order order = found.get();
        String key = cancel.key().orElseGet(() -> cancelKey(order));
        KeyUse use = new KeyUse(cancel.scope(), key, "cancel:" + order.id());
        Optional<OrderInput.PriorUse> prior =
                Optional.ofNullable(keys.get(use.name())).or(cancel::prior);
        if (prior.isPresent()) {
            reply(cancel.ticket(), replay(prior.get(), use, "CANCEL_PENDING"));
            return;
        }
        if (order.status().terminal()) {
            refuse(
                    cancel.ticket(),
                    ErrorCode.ORDER_ALREADY_TERMINAL,
                    "the order has ended (" + order.status() + "); there is nothing to cancel");
            return;
        }
        if (order.openCancel().isPresent()) {
            refuse(cancel.ticket(), ErrorCode.INVALID_TRANSITION, "the order is being cancelled already");
            return;
        }
        int request = order.requests().size() + 1;
        record(new OrderEvent.CancelRequested(order.id(), request, use));
        if (order.status() == OrderStatus.NEW) {
            queued(order, -1);
            record(new OrderEvent.Canceled(order.id(), order.remaining(), "canceled before it was sent"));
            freeFingerprintWait(order);
        } else {
            sendPlannedCancel(get(order.id()));
        }
        reply(cancel.ticket(), new Answer.Accepted(order.id(), "CANCEL_PENDING", key, false));
    }

    /** {@code cancel:{id}}, and from the second on, after one that the broker refused, {@code cancel:{id}:{n}}. */
    static String cancelKey(Order order) {
        List<BrokerRequest> cancels = order.requests().stream()
                .filter(r -> r.kind() == BrokerRequest.Kind.CANCEL)
                .toList();
        int n = cancels.isEmpty()
                ? 1
                : cancels.size() + (cancels.getLast().state() == BrokerRequest.State.REFUSED ? 1 : 0);
        return "cancel:" + order.id() + (n == 1 ? "" : ":" + n);
    }

    /** A cancel waits behind the answer to the placing, or behind its resolution; then it asks for a slot. */
    private void sendPlannedCancel(Order order) {
        if (order.status().terminal() || order.placing().state() != BrokerRequest.State.ACKED) {
            return;
        }
        order.openCancel()
                .filter(r -> r.state() == BrokerRequest.State.PLANNED)
                .ifPresent(r -> effects.add(
                        new OrderEffect.RequestSlot(order.id(), r.no(), Lane.CANCEL, now.plus(CANCEL_PATIENCE))));
    }

    // ---- dispatch ----

    /** Asks for a slot, unless dispatch is held or an equal request must be waited for. */
    private void dispatch(Order order) {
        if (!settings.worker() || !unread.isEmpty() || order.status() != OrderStatus.NEW) {
            return;
        }
        if (slotAsked.contains(order.id())) {
            return;
        }
        Terms.Fingerprint print = order.terms().fingerprint();
        OrderId ahead = onItsWay.get(print);
        if (ahead != null && !ahead.equals(order.id())) {
            waiting.computeIfAbsent(print, _ -> new ArrayDeque<>()).addLast(order.id());
            return;
        }
        onItsWay.put(print, order.id());
        slotAsked.add(order.id());
        Lane lane = order.terms().type() == OrderType.MARKET ? Lane.MARKET : Lane.LIMIT;
        effects.add(
                new OrderEffect.RequestSlot(order.id(), 1, lane, order.terms().dispatchBy()));
    }

    private void slotGranted(OrderInput.SlotGranted granted) {
        Order order = get(granted.order());
        if (granted.request() == 1) {
            slotAsked.remove(order.id());
        }
        BrokerRequest request = order.request(granted.request());
        boolean wanted = !order.status().terminal() && request.state() == BrokerRequest.State.PLANNED;
        boolean late = granted.request() == 1 && !now.isBefore(order.terms().dispatchBy());
        boolean early = granted.request() == 1 && !mayGoNow(order);
        if (!wanted || late || early) {
            effects.add(new OrderEffect.ReleaseSlot(order.id(), granted.request()));
            if (wanted && late) {
                expireUnsent(order);
            } else if (wanted) {
                dispatch(order);
            }
            return;
        }
        if (request.kind() == BrokerRequest.Kind.PLACE) {
            queued(order, -1);
            recentSends.addLast(now);
        }
        record(new OrderEvent.SendStarted(order.id(), request.no(), request.attempts() + 1, numbersNotOurs(order)));
        effects.add(
                request.kind() == BrokerRequest.Kind.PLACE
                        ? new OrderEffect.SendPlace(order.id(), request.no(), order.terms())
                        : new OrderEffect.SendCancel(
                                order.id(),
                                request.no(),
                                order.terms(),
                                order.placing().orgNo(),
                                order.placing().odno().orElseThrow()));
    }

    /** False for a slot that was asked for before a restart: what has to come before this order may be another now. */
    private boolean mayGoNow(Order order) {
        return unread.isEmpty() && order.id().equals(onItsWay.get(order.terms().fingerprint()));
    }

    /** Numbers that the broker is known to have given to orders which are not ours. */
    private List<Long> numbersNotOurs(Order order) {
        return outside.getOrDefault(order.tradingDay(), Set.of()).stream()
                .sorted()
                .toList();
    }

    private void slotTimedOut(OrderInput.SlotTimedOut timedOut) {
        Order order = get(timedOut.order());
        if (timedOut.request() == 1) {
            slotAsked.remove(order.id());
            if (order.status() == OrderStatus.NEW) {
                expireUnsent(order);
            }
        } else {
            // A cancel has no deadline of its own: it asks again, not at once, since a full budget answers at once.
            timers.add(new Timer(now.plus(RETRY_PAUSE), order.id()));
        }
    }

    private void stopped(OrderInput.SendStopped stopped) {
        Order order = get(stopped.order());
        record(new OrderEvent.SendAbandoned(order.id(), stopped.request(), stopped.reason()));
        Order abandoned = get(order.id());
        if (abandoned.status() == OrderStatus.NEW) {
            queued(abandoned, +1);
            expireUnsent(abandoned);
        } else {
            sendPlannedCancel(abandoned);
        }
    }

    private void expireUnsent(Order order) {
        queued(order, -1);
        record(new OrderEvent.Expired(order.id(), "NOT_SENT"));
        freeFingerprintWait(order);
    }

    // ---- what came back ----

    private void answered(OrderInput.Answered answered) {
        Order order = get(answered.order());
        BrokerRequest request = order.request(answered.request());
        if (!request.onItsWay()) {
            lateAnswer(order, request, answered.outcome());
            return;
        }
        switch (answered.outcome()) {
            case Outcome.Taken taken ->
                taken(order, request, taken.orgNo(), taken.odno(), taken.brokerTime(), MatchedBy.ANSWER);
            case Outcome.Refused refused -> {
                record(new OrderEvent.BrokerRefused(order.id(), request.no(), refused.code(), refused.message()));
                settled(order);
                if (request.kind() == BrokerRequest.Kind.CANCEL) {
                    want(order.tradingDay()); // it may have been filled in the meantime
                }
            }
            case Outcome.NotTaken notTaken -> notTaken(order, request, notTaken);
            case Outcome.InDoubt doubt -> {
                record(new OrderEvent.SendInDoubt(order.id(), request.no(), doubt.code(), doubt.message()));
                want(order.tradingDay());
            }
        }
    }

    /** The list or a notice was faster than the answer. It can only confirm, or contradict, what is known. */
    private void lateAnswer(Order order, BrokerRequest request, Outcome outcome) {
        if (outcome instanceof Outcome.Taken taken
                && request.odno().isPresent()
                && request.odno().getAsLong() != taken.odno()) {
            effects.add(new OrderEffect.Alert(
                    "order_number_conflict",
                    "order " + order.id() + " was matched with "
                            + request.odno().getAsLong() + " and KIS now says " + taken.odno()));
            want(order.tradingDay());
        }
    }

    private void taken(
            Order order, BrokerRequest request, String orgNo, long odno, String brokerTime, MatchedBy matchedBy) {
        if (request.kind() == BrokerRequest.Kind.PLACE && order.terms().side() == Side.SELL) {
            brokerTook.put(order.id(), now);
        }
        record(new OrderEvent.BrokerAccepted(order.id(), request.no(), orgNo, odno, brokerTime, matchedBy));
        settled(order);
        applyHeld(odno);
        Order known = get(order.id());
        if (known.status().terminal()) {
            return;
        }
        if (request.kind() == BrokerRequest.Kind.PLACE) {
            sendPlannedCancel(known);
        } else {
            wantSoon(order.tradingDay()); // the notice that confirms it may be lost
        }
        if (!now.isBefore(calendar.endOf(order.tradingDay()))) {
            want(order.tradingDay());
        }
    }

    private void notTaken(Order order, BrokerRequest request, Outcome.NotTaken outcome) {
        record(new OrderEvent.SendNotTaken(order.id(), request.no(), outcome.code(), outcome.message()));
        boolean exhausted = request.attempts() >= MAX_ATTEMPTS;
        if (request.kind() == BrokerRequest.Kind.CANCEL) {
            if (exhausted) {
                record(new OrderEvent.BrokerRefused(
                        order.id(), request.no(), "RETRY_EXHAUSTED", outcome.code() + " " + outcome.message()));
            } else {
                timers.add(new Timer(now.plus(RETRY_PAUSE), order.id()));
            }
            return;
        }
        if (get(order.id()).openCancel().isPresent()) { // it waited behind this answer, and nothing is left to cancel
            record(new OrderEvent.Canceled(order.id(), order.remaining(), "canceled before it was sent"));
            freeFingerprintWait(order);
            return;
        }
        if (exhausted) {
            record(new OrderEvent.Rejected(order.id(), "RETRY_EXHAUSTED", outcome.code() + " " + outcome.message()));
            freeFingerprintWait(order);
            return;
        }
        queued(order, +1); // and it keeps its turn before equal ones
        timers.add(new Timer(now.plus(RETRY_PAUSE), order.id()));
    }

    /** The request of this fingerprint has a definite answer: the next equal one may go. */
    private void settled(Order order) {
        if (get(order.id()).placing().onItsWay()) {
            return;
        }
        freeFingerprintWait(order);
    }

    private void freeFingerprintWait(Order order) {
        Terms.Fingerprint print = order.terms().fingerprint();
        if (!onItsWay.remove(print, order.id())) {
            return;
        }
        Deque<OrderId> queue = waiting.get(print);
        while (queue != null && !queue.isEmpty()) {
            Order next = orders.get(queue.removeFirst());
            if (next != null && next.status() == OrderStatus.NEW) {
                dispatch(next);
                break;
            }
        }
        if (queue != null && queue.isEmpty()) {
            waiting.remove(print);
        }
    }

    // ---- notices ----

    private void noticed(Notice notice) {
        LocalDate day = calendar.tradingDay(now);
        long number = notice.original() != 0 ? notice.original() : notice.odno();
        OrderId id = byNumber.get(new Numbered(day, number));
        if (id == null) {
            hold(notice, day);
            return;
        }
        Order order = get(id);
        switch (notice.kind()) {
            case RECEIVED, OTHER -> {
                // says nothing that the answer does not say
            }
            case FILLED -> filledByNotice(order, notice, new Numbered(day, number));
            case CANCEL_CONFIRMED, REST_CANCELED -> {
                if (!order.status().terminal()) {
                    record(new OrderEvent.Canceled(order.id(), notice.qty(), "canceled"));
                    settled(order);
                    if (get(id).shortOfFills()) {
                        wantSoon(day); // the notice of a fill is late or lost
                    }
                }
            }
            case REJECTED -> rejectedByExchange(order, notice);
        }
    }

    private void filledByNotice(Order order, Notice notice, Numbered number) {
        var fill = new SeenFill(notice.qty(), notice.price(), notice.time());
        if (!seenFills.computeIfAbsent(number, _ -> new HashSet<>()).add(fill)) {
            // Either the same notice twice, or two equal fills in one second: only the list can tell.
            // Which of the list's shares it might be cannot be known either, so it never counts by itself.
            want(order.tradingDay());
            return;
        }
        long spoken = order.noticed() + notice.qty();
        if (spoken > order.terms().qty()) {
            effects.add(new OrderEffect.Alert(
                    "overfill",
                    "notices of order " + order.id() + " add up to " + spoken + " of "
                            + order.terms().qty() + " shares; the surplus is not counted"));
            want(order.tradingDay());
            return;
        }
        long value = notice.qty() * notice.price();
        // The list may have counted some of these shares, and perhaps other ones than this notice speaks of. Once the
        // notices have caught up with it, their sum is exact, whichever share was counted first.
        long counted = Math.max(0, spoken - order.filled());
        long countedValue = counted > 0 ? order.noticedValue() + value - order.value() : 0;
        fill(
                order,
                notice.qty(),
                value,
                new Fill(execId(order), notice.odno(), counted, countedValue, notice.time(), Fill.Source.NOTICE));
        if (counted < notice.qty()) {
            // Either the list had these shares already, or an earlier notice was lost and these are new: it will tell.
            wantSoon(order.tradingDay());
        }
    }

    private void fill(Order order, long noticed, long noticedValue, Fill fill) {
        record(new OrderEvent.Filled(order.id(), noticed, noticedValue, fill));
        if (fill.qty() > 0) {
            effects.add(new OrderEffect.Executed(get(order.id()), fill));
        }
        settled(order);
    }

    private static String execId(Order order) {
        return order.id() + "." + (order.fills().size() + 1);
    }

    private void rejectedByExchange(Order order, Notice notice) {
        if (order.status().terminal()) {
            return;
        }
        if (notice.original() != 0) {
            order.openCancel()
                    .ifPresent(r -> record(new OrderEvent.BrokerRefused(
                            order.id(), r.no(), "EXCHANGE", "the exchange refused the cancel")));
            return;
        }
        if (order.filled() > 0) {
            record(new OrderEvent.Canceled(order.id(), order.remaining(), "the exchange refused the rest"));
        } else {
            record(new OrderEvent.Rejected(
                    order.id(), "EXCHANGE", "the exchange refused the order after KIS had taken it"));
        }
        settled(order);
    }

    /** A notice may overtake the answer to its own order, or belong to somebody else's. */
    private void hold(Notice notice, LocalDate day) {
        boolean full = held.size() == HELD_NOTICES;
        if (full) {
            held.removeFirst();
        }
        held.addLast(notice);
        boolean oursMayBeAmongThem = full && !onItsWay.isEmpty();
        if (oursMayBeAmongThem || !unknown.isEmpty()) {
            want(day);
        }
    }

    private void applyHeld(long odno) {
        List<Notice> ours = held.stream()
                .filter(n -> (n.original() != 0 ? n.original() : n.odno()) == odno)
                .toList();
        if (!ours.isEmpty()) {
            held.removeAll(ours);
            ours.forEach(this::noticed);
        }
    }

    // ---- the broker's list ----

    private void listArrived(OrderInput.ListArrived arrived) {
        asking = false;
        switch (arrived.listing()) {
            case Broker.Listing.Failed failed -> {
                effects.add(new OrderEffect.Alert(
                        "list_failed",
                        "the broker's list of " + arrived.day() + " could not be read: " + failed.reason()));
                daysWanted.add(arrived.day());
                pauseBeforeAsking();
            }
            case Broker.Listing.Complete complete -> {
                apply(arrived.day(), complete);
                if (unread.remove(arrived.day()) && unread.isEmpty()) {
                    List<Order> waited = open.stream().map(this::get).toList();
                    waited.forEach(this::dispatch);
                    waited.forEach(this::sendPlannedCancel); // accepted before the start and not sent yet
                }
                askAgainWhileInDoubt();
            }
        }
    }

    private void apply(LocalDate day, Broker.Listing.Complete listing) {
        Map<Long, Listed> rows = new LinkedHashMap<>();
        for (Listed row : listing.orders()) {
            rows.put(row.odno(), row);
        }
        for (Order order : unsettled()) {
            if (!order.tradingDay().equals(day)) {
                continue;
            }
            if (order.placing().state() == BrokerRequest.State.IN_DOUBT) {
                match(order, listing);
            }
            Order known = get(order.id());
            if (known.placing().odno().isPresent()) {
                Listed row = rows.get(known.placing().odno().getAsLong());
                if (row != null) {
                    correct(known, row, listing);
                }
            }
        }
        Set<Long> foreign = new HashSet<>();
        for (Listed row : listing.orders()) {
            if (!byNumber.containsKey(new Numbered(day, row.odno())) && row.original() == 0 && !mayBeOurs(day, row)) {
                foreign.add(row.odno());
            }
        }
        outside.put(day, foreign);
    }

    /** What the list may still change: open orders, and cancelled ones that a fill is missing from. */
    private List<Order> unsettled() {
        return Stream.concat(open.stream(), shortOfFills.stream())
                .map(this::get)
                .toList();
    }

    /** A row that a request on its way or in doubt may have made is not yet somebody else's. */
    private boolean mayBeOurs(LocalDate day, Listed row) {
        return onItsWay.values().stream()
                .map(this::get)
                .anyMatch(o -> o.tradingDay().equals(day) && o.placing().onItsWay() && alike(o.terms(), row));
    }

    private static boolean alike(Terms terms, Listed row) {
        return row.symbol().equals(terms.symbol())
                && row.side() == terms.side()
                && row.qty() == terms.qty()
                && row.market() == (terms.type() == OrderType.MARKET)
                && (row.market() || row.price() == terms.price().orElse(0));
    }

    private void match(Order order, Broker.Listing.Complete listing) {
        BrokerRequest placing = order.placing();
        Instant sentAt = placing.sentAt().orElse(order.createdAt());
        int earliest = secondOfDay(sentAt) - CLOCK_SLACK_SECONDS;
        List<Listed> candidates = listing.orders().stream()
                .filter(row -> row.original() == 0)
                .filter(row -> alike(order.terms(), row))
                .filter(row -> !byNumber.containsKey(new Numbered(order.tradingDay(), row.odno())))
                .filter(row -> !placing.odnosKnown().contains(row.odno()))
                .filter(row -> secondOfDay(row.time()) >= earliest)
                .toList();
        if (candidates.size() == 1) {
            Listed row = candidates.getFirst();
            taken(order, placing, row.orgNo(), row.odno(), "%06d".formatted(row.time()), MatchedBy.INFERENCE);
            return;
        }
        String reason = candidates.isEmpty()
                ? "the broker does not list it (yet); absence proves nothing, so it stays UNKNOWN"
                : candidates.size() + " orders at the broker could be it, so it stays UNKNOWN";
        if (!order.reason().equals(Optional.of(reason))) {
            record(new OrderEvent.Unresolved(order.id(), placing.no(), candidates.size(), reason));
            effects.add(new OrderEffect.Alert("order_unresolved", "order " + order.id() + ": " + reason));
        }
    }

    private static int secondOfDay(Instant at) {
        return at.atZone(TradingCalendar.SEOUL).toLocalTime().toSecondOfDay();
    }

    private static int secondOfDay(int hhmmss) {
        return hhmmss / 10_000 * 3_600 + hhmmss / 100 % 100 * 60 + hhmmss % 100;
    }

    /** Makes good what the list knows better: presence counts, absence never does. */
    private void correct(Order order, Listed row, Broker.Listing.Complete listing) {
        long surplus = row.filled() - order.filled();
        if (surplus > 0) {
            long value = row.value() - order.value();
            if (value <= 0 || row.filled() > order.terms().qty()) {
                effects.add(new OrderEffect.Alert(
                        "list_contradicts",
                        "the broker's list shows " + row.filled() + " shares for " + row.value() + " won of order "
                                + order.id() + ", which cannot be; nothing was changed"));
                return;
            }
            fill(order, 0, 0, new Fill(execId(order), row.odno(), surplus, value, 0, Fill.Source.QUERY));
        }
        Order known = get(order.id());
        if (known.status().terminal()) {
            return;
        }
        boolean ended = !listing.askedAt().isBefore(calendar.endOf(order.tradingDay()));
        if (row.rejected() > 0 && row.filled() == 0) {
            record(new OrderEvent.Rejected(order.id(), "EXCHANGE", "the broker lists it as rejected"));
        } else if (row.remaining() == 0 && row.canceled() > 0) {
            record(new OrderEvent.Canceled(order.id(), row.canceled(), "canceled"));
        } else if (ended) {
            record(new OrderEvent.Expired(order.id(), "SESSION_END"));
        } else {
            repeatCancelWithoutEffect(known, row, listing);
            return;
        }
        settled(order);
    }

    /** A full cancel, and only that, may be repeated once the list shows that the order still rests. */
    private void repeatCancelWithoutEffect(Order order, Listed row, Broker.Listing.Complete listing) {
        order.openCancel()
                .filter(r -> r.state() == BrokerRequest.State.IN_DOUBT)
                .filter(r -> r.sentAt()
                        .map(at -> at.plus(FIRST_ASK_PAUSE).isBefore(listing.askedAt()))
                        .orElse(false))
                .filter(_ -> row.remaining() > 0)
                .ifPresent(r -> notTaken(
                        order, r, new Outcome.NotTaken("NOT_EFFECTIVE", "the order still rests at the broker")));
    }

    private void want(LocalDate day) {
        if (daysWanted.add(day) || nextAsk.isPresent()) {
            nextAsk = Optional.of(now);
        }
        if (asking) {
            nextAsk = Optional.of(now.plus(FIRST_ASK_PAUSE)); // the list on its way may be older than this wish
        }
    }

    /** Like {@link #want}, but leaves a notice the time to arrive first. */
    private void wantSoon(LocalDate day) {
        nextAsk = earlier(nextAsk, now.plus(FIRST_ASK_PAUSE));
        daysWanted.add(day);
    }

    private void wantToday() {
        want(calendar.tradingDay(now));
        askPause = FIRST_ASK_PAUSE;
    }

    private void ask() {
        if (asking
                || daysWanted.isEmpty()
                || nextAsk.filter(at -> at.isAfter(now)).isPresent()) {
            return;
        }
        LocalDate day = daysWanted.iterator().next();
        daysWanted.remove(day);
        nextAsk = Optional.empty();
        asking = true;
        effects.add(new OrderEffect.AskBroker(day));
    }

    private void askAgainWhileInDoubt() {
        List<Order> troubled = unsettled().stream().filter(this::needsTheList).toList();
        if (troubled.isEmpty()) {
            askPause = FIRST_ASK_PAUSE;
            return;
        }
        troubled.forEach(o -> daysWanted.add(o.tradingDay()));
        pauseBeforeAsking();
    }

    private boolean needsTheList(Order order) {
        boolean over = !now.isBefore(calendar.endOf(order.tradingDay()));
        return switch (order.status()) {
            case UNKNOWN, CANCEL_PENDING -> true;
            // While a notice is missing, those that follow cannot show by themselves what is new.
            case SENT, PARTIAL_FILLED -> over || order.noticed() < order.filled();
            case CANCELED -> order.shortOfFills();
            case NEW, DISPATCHING, FILLED, REJECTED, EXPIRED -> false;
        };
    }

    private void pauseBeforeAsking() {
        nextAsk = Optional.of(now.plus(askPause));
        Duration doubled = askPause.multipliedBy(2);
        askPause = doubled.compareTo(LONGEST_ASK_PAUSE) > 0 ? LONGEST_ASK_PAUSE : doubled;
    }

    private static Optional<Instant> earlier(Optional<Instant> one, Instant other) {
        return one.filter(o -> o.isBefore(other)).or(() -> Optional.of(other));
    }

    // ---- time ----

    private void runTimers() {
        while (!timers.isEmpty() && !timers.peek().at().isAfter(now)) {
            Order order = orders.get(timers.poll().order());
            if (order != null && !order.status().terminal()) {
                due(order);
            }
        }
    }

    private void due(Order order) {
        boolean sessionOver = !now.isBefore(calendar.endOf(order.tradingDay()));
        switch (order.status()) {
            case NEW -> {
                if (sessionOver || !now.isBefore(order.terms().dispatchBy())) {
                    expireUnsent(order);
                } else {
                    slotAsked.remove(order.id());
                    onItsWay.remove(order.terms().fingerprint(), order.id());
                    dispatch(order);
                }
            }
            case CANCEL_PENDING -> {
                sendPlannedCancel(order);
                if (sessionOver) {
                    want(order.tradingDay());
                }
            }
            case SENT, PARTIAL_FILLED, UNKNOWN -> {
                if (sessionOver) {
                    want(order.tradingDay());
                }
            }
            case DISPATCHING, FILLED, CANCELED, REJECTED, EXPIRED -> {
                // nothing is due
            }
        }
    }

    /** At the change of the day, what ended on earlier days leaves the memory; the journal keeps it. */
    private void forgetEarlierDays() {
        LocalDate today = calendar.tradingDay(now);
        if (!today.isAfter(remembered)) {
            return;
        }
        remembered = today;
        orders.values().removeIf(o -> o.status().terminal() && o.tradingDay().isBefore(today) && !o.shortOfFills());
        keys.values().removeIf(use -> !orders.containsKey(use.order()));
        byNumber.keySet().removeIf(n -> n.day().isBefore(today) && !orders.containsKey(byNumber.get(n)));
        seenFills.keySet().removeIf(n -> n.day().isBefore(today));
        outside.keySet().removeIf(day -> day.isBefore(today));
        exposure.rolledTo(today, now);
        slotAsked.removeIf(id -> !orders.containsKey(id));
        brokerTook.keySet().removeIf(id -> !orders.containsKey(id));
        held.clear();
    }

    // ---- bookkeeping ----

    private void record(OrderEvent event) {
        Order before = orders.get(event.order());
        String stream = event instanceof OrderEvent.Accepted accepted
                ? accepted.terms().accountId()
                : get(event.order()).terms().accountId();
        long seq = lastSeq.merge(stream, 1L, Long::sum);
        Order after = event instanceof OrderEvent.Accepted accepted
                ? Order.accepted(accepted, now, seq)
                : get(event.order()).apply(event, now, seq);
        append.add(new Recorded(stream, seq, now, event, after));
        if (before == null) {
            counted(after);
        }
        remember(after);
        if (event instanceof OrderEvent.CancelRequested cancel) {
            keys.put(cancel.key().name(), new OrderInput.PriorUse(cancel.key().hash(), cancel.order(), true));
        }
        changed.add(after.id());
    }

    private void index(Order order) {
        counted(order);
        remember(order);
        for (Fill fill : order.fills()) {
            if (fill.source() == Fill.Source.NOTICE) {
                seenFills
                        .computeIfAbsent(new Numbered(order.tradingDay(), fill.odno()), _ -> new HashSet<>())
                        .add(new SeenFill(fill.qty(), fill.value() / fill.qty(), fill.time()));
            }
        }
        if (order.placing().onItsWay() && !order.status().terminal()) {
            onItsWay.put(order.terms().fingerprint(), order.id());
        }
    }

    private void counted(Order order) {
        Terms terms = order.terms();
        exposure.accepted(
                new RiskScope(terms.accountId(), RiskScope.KR, order.tradingDay(), "local", terms.strategyId()),
                order.createdAt());
    }

    private void remember(Order order) {
        orders.put(order.id(), order);
        expose(order);
        keep(open, order, !order.status().terminal());
        keep(unknown, order, order.status() == OrderStatus.UNKNOWN);
        keep(shortOfFills, order, order.shortOfFills());
        keys.putIfAbsent(order.key().name(), new OrderInput.PriorUse(order.key().hash(), order.id(), false));
        for (BrokerRequest request : order.requests()) {
            if (request.odno().isPresent() && request.kind() == BrokerRequest.Kind.PLACE) {
                byNumber.put(new Numbered(order.tradingDay(), request.odno().getAsLong()), order.id());
            }
        }
    }

    private static void keep(Set<OrderId> set, Order order, boolean belongs) {
        if (belongs) {
            set.add(order.id());
        } else {
            set.remove(order.id());
        }
    }

    private void queued(Order order, int by) {
        if (order.terms().type() == OrderType.MARKET) {
            queuedMarket += by;
        } else {
            queuedLimit += by;
        }
    }

    private Order get(OrderId id) {
        Order order = orders.get(id);
        if (order == null) {
            throw new IllegalStateException("no order " + id + " in memory");
        }
        return order;
    }

    private void reply(long ticket, Answer answer) {
        effects.add(new OrderEffect.Reply(ticket, answer));
    }

    private void refuse(long ticket, ErrorCode code, String message) {
        reply(ticket, new Answer.Refused(Refusal.of(code, message)));
    }

    private Step step() {
        for (OrderId id : changed) {
            Order order = orders.get(id);
            if (order != null) {
                effects.add(new OrderEffect.Changed(order));
            }
        }
        var step = new Step(append, effects);
        append = new ArrayList<>();
        effects = new ArrayList<>();
        changed = new LinkedHashSet<>();
        return step;
    }
}
