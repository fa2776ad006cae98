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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Set;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Shares;
import kr.kisgateway.gateway.order.Broker.Lane;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.gateway.order.OrderEvent.MatchedBy;
import kr.kisgateway.gateway.risk.Exposure;
import kr.kisgateway.gateway.risk.Facts;
import kr.kisgateway.gateway.risk.LimitsChange;
import kr.kisgateway.gateway.risk.RiskLayers;
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
 * the next waits until its own deadline. Being absent from the list proves nothing. Fills are counted for each number of
 * an order as the greater of what the notices add up to and what the list says, so that lost, late and repeated notices
 * all end at the broker's figure.
 *
 * <p><b>The weak spot.</b> An order that somebody placed elsewhere with the same fingerprint in the same seconds
 * looks like ours. Two such entries leave the order UNKNOWN with an alert; a single one is taken and the match says
 * that it was inferred.
 *
 * <p>Who waits to be sent is the {@link SendQueue}'s business, what an execution notice changes {@link Notices}', what the
 * broker's list changes the {@link Reconciler}'s, when that list is asked for {@link ListAsking}'s, and who waits for what
 * it changed {@link Reports}'. What is taken back is {@link Cancels}' business, what operators decide {@link Operators}'.
 */
public final class OrderCore {
    /** Attempts of a request that the broker definitely did not take. */
    static final int MAX_ATTEMPTS = 3;

    private static final String NOT_SENT = "NOT_SENT";
    private static final String NOT_SENT_SUSPENDED =
            "NOT_SENT: KIS gave no usable answers to orders (circuit breaker open)";
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(30);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(200);

    private final OrderSettings settings;
    private final RiskRules risk;
    private final TradingCalendar calendar;

    private final DayBook book;
    private final UsedKeys keys;
    private final Turn turn;
    private final SendQueue queue = new SendQueue();
    private final Fingerprints prints = new Fingerprints();
    private final ListAsking lists;
    private final Reconciler reconciler;
    private final HeldNotices held = new HeldNotices();
    private final Notices notices;
    private final Cancels cancels;
    private final Operators operators;
    private final Reports reports;
    private final Exposure exposure = new Exposure();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparing(Timer::at));

    /** What each order has in the queue. */
    private final Map<OrderId, SendQueue.Item> queued = new HashMap<>();

    /** Until when an order is not sent again after the broker did not take it. */
    private final Map<OrderId, Instant> pausing = new HashMap<>();

    /** When the broker was first known to have an order. */
    private final Map<OrderId, Instant> taken = new HashMap<>();

    /** Orders whose fewer shares were just refused: the price that was to follow would hold for all of them. */
    private final Set<OrderId> sharesRefused = new LinkedHashSet<>();

    /** When placings left, for the last second of them; read and pruned at intake. */
    private final Deque<Instant> recentSends = new ArrayDeque<>();

    /** When the whole list of a day is read once more, after its end. */
    private Optional<Instant> dayCloses = Optional.empty();

    /** What the broker was asked last. */
    private Optional<OrderEffect.AskBroker> question = Optional.empty();

    private final Set<String> dryRuns = new HashSet<>();

    private record Timer(Instant at, OrderId order) {}

    /** An event with its place in the journal and the order as it stands after it. */
    public record Recorded(String stream, long seq, Instant at, OrderEvent event, Order after) {}

    /** An event that concerns more than one order, with its place in the stream {@value ControlEvent#STREAM}. */
    public record ControlRecorded(long seq, Instant at, ControlEvent event) {}

    /** What a step leads to: first these events durably, then these effects. */
    public record Step(List<Recorded> append, List<ControlRecorded> control, List<OrderEffect> afterDurable) {}

    /**
     * @param policy the limits that hold until somebody sets others
     * @param loaded as the journal has them, all orders of today and of the days of which one is open, and what the list
     *     of an earlier day may still change
     * @param control everything that concerns more than one order, oldest first
     * @param lastSeq the last used journal position of each stream
     * @param layers reads the limits that an event keeps
     */
    public OrderCore(
            OrderSettings settings,
            RiskRules risk,
            RiskPolicy policy,
            TradingCalendar calendar,
            Collection<Order> loaded,
            Collection<ControlEvent> control,
            Map<String, Long> lastSeq,
            java.util.function.Function<String, RiskLayers> layers) {
        this.settings = settings;
        this.risk = risk;
        this.calendar = calendar;
        this.lists = new ListAsking(settings.pace());
        this.book = new DayBook(lastSeq, this::changed);
        this.keys = new UsedKeys(book);
        this.turn = new Turn(book);
        this.reconciler = new Reconciler(settings.account(), calendar, book, turn, prints, held::all);
        this.notices = new Notices(calendar, book, turn, prints, lists, reconciler, held);
        this.cancels = new Cancels(book, turn, keys);
        this.operators = new Operators(settings, policy, book, turn, keys, lists, reconciler, cancels);
        this.reports = new Reports(calendar, book, turn, lists);
        loaded.stream()
                .sorted(Comparator.comparing(Order::createdAt).thenComparing(o -> o.id().text()))
                .forEach(order -> {
                    turn.begin(order.updatedAt());
                    if (!order.external()) {
                        exposure.accepted(scope(order), order.createdAt());
                    }
                    book.load(order);
                });
        held.clear();
        for (ControlEvent event : control) {
            restore(event, layers);
        }
    }

    private void restore(ControlEvent event, java.util.function.Function<String, RiskLayers> layers) {
        switch (event) {
            case ControlEvent.KillSwitchSet e -> operators.restore(e);
            case ControlEvent.LimitsSet e ->
                operators.restore(e, new LimitsChange(layers.apply(e.layers()), layers.apply(e.configured())));
            case ControlEvent.DryRunPassed e -> dryRuns.add(e.account());
            case ControlEvent.CancelAllRequested e -> keys.remember(e);
        }
    }

    /**
     * The first step after a start: what was being sent when the process ended is in doubt, what waited too long is
     * over, and the broker is asked before anything is dispatched.
     */
    public Step begin(Instant at) {
        turn.begin(at.truncatedTo(ChronoUnit.MICROS)); // what the journal keeps, so that a rebuilt order is equal
        forgetEarlierDays();
        Set<LocalDate> days = new LinkedHashSet<>();
        days.add(calendar.tradingDay(turn.now()));
        for (Order order : book.open()) {
            days.add(order.tradingDay());
            for (BrokerRequest request : order.requests()) {
                if (request.state() == BrokerRequest.State.SENDING) {
                    inDoubt(order.id(), request, "CRASH", "the gateway ended while the request was on its way");
                } else if (request.state() == BrokerRequest.State.IN_DOUBT) {
                    tellOfDoubt(order.id(), request, "since before this start"); // the last alert may not have got out
                }
            }
            timers.add(new Timer(order.terms().dispatchBy(), order.id()));
            order.requests().forEach(r -> r.by().ifPresent(by -> timers.add(new Timer(by, order.id()))));
            timers.add(new Timer(calendar.endOf(order.tradingDay()), order.id()));
        }
        operators.obeyTheEnvironment();
        Set<LocalDate> earlier = book.unsettledBefore(calendar.tradingDay(turn.now()));
        Instant todays = closeOf(calendar.tradingDay(turn.now()));
        dayCloses = earlier.stream()
                .map(this::closeOf)
                .filter(close -> close.isAfter(turn.now()))
                .findFirst()
                .or(() -> Optional.of(todays));
        turn.add(new OrderEffect.Killed(operators.killSwitch()));
        runTimers();
        lists.start(days);
        earlier.forEach(day -> lists.want(day, turn.now()));
        return finish();
    }

    /** When the list of a day surely shows everything that will ever be on it. */
    private Instant closeOf(LocalDate day) {
        return calendar.endOf(day).plus(Reconciler.LIST_COMPLETE_AFTER);
    }

    /** Decides about one input at {@code at}. */
    public Step on(OrderInput input, Instant at) {
        turn.begin(at.truncatedTo(ChronoUnit.MICROS)); // what the journal keeps, so that a rebuilt order is equal
        forgetEarlierDays();
        switch (input) {
            case OrderInput.Place place -> turn.reply(place.ticket(), place(place));
            case OrderInput.PlaceBatch batch ->
                turn.reply(
                        batch.ticket(),
                        new Answer.Batch(
                                batch.orders().stream().map(this::place).toList()));
            case OrderInput.Modify modify -> turn.reply(modify.ticket(), modify(modify));
            case OrderInput.Cancel cancel -> turn.reply(cancel.ticket(), cancels.one(cancel));
            case OrderInput.CancelAll all -> turn.reply(all.ticket(), cancels.many(all));
            case OrderInput.Resolve resolve -> turn.reply(resolve.ticket(), operators.resolve(resolve));
            case OrderInput.Reconcile reconcile -> reports.ask(reconcile.ticket());
            case OrderInput.KillSwitch wanted -> turn.reply(wanted.ticket(), operators.killSwitch(wanted));
            case OrderInput.SetLimits limits -> turn.reply(limits.ticket(), operators.setLimits(limits));
            case OrderInput.SlotGranted granted -> slotGranted(granted.slot());
            case OrderInput.SlotTimedOut timedOut -> queue.timedOut(timedOut.slot(), turn.now());
            case OrderInput.SlotSuspended suspended -> slotSuspended(suspended.slot());
            case OrderInput.SendStopped stopped ->
                inMemory(stopped.order(), input).ifPresent(_ -> stopped(stopped));
            case OrderInput.Answered answered ->
                inMemory(answered.order(), input).ifPresent(_ -> answered(answered));
            case OrderInput.Noticed noticed -> notices.take(noticed.notice());
            case OrderInput.ListArrived arrived -> listArrived(arrived);
            case OrderInput.NoticesMissed _ -> {
                lists.want(calendar.tradingDay(turn.now()), turn.now());
                lists.freshTrouble();
            }
            case OrderInput.TimerDue _ -> {
                // the timers run after every input
            }
        }
        runTimers();
        return finish();
    }

    /** What comes back for an order that ended on an earlier day, or that a failed commit never made, changes nothing. */
    private Optional<Order> inMemory(OrderId id, OrderInput input) {
        Optional<Order> order = book.order(id);
        if (order.isEmpty()) {
            turn.alert(
                    Level.P2,
                    AlertEvent.ORDER_NOT_IN_MEMORY,
                    id,
                    input.getClass().getSimpleName() + " came for it, and it is not in memory");
        }
        return order;
    }

    /** What follows from everything that happened in this turn. */
    private Step finish() {
        notices.takeHeld();
        sharesRefused.forEach(this::giveUpThePrice);
        sharesRefused.clear();
        if (lists.started()) {
            for (SendQueue.Wanted wanted : queue.ask(turn.now(), this::mayAskFor)) {
                turn.add(new OrderEffect.RequestSlot(
                        wanted.slot(), wanted.share().lane(), wanted.share().tenant(), deadline(wanted)));
            }
        }
        lists.keepPace(daysToCompare(), turn.now());
        lists.ask(turn.now()).ifPresent(day -> {
            question = Optional.of(new OrderEffect.AskBroker(day, turn.now()));
            book.asking();
            turn.add(question.get());
        });
        return turn.take();
    }

    private boolean mayAskFor(Lane lane) {
        return settings.worker() || lane == Lane.CANCEL;
    }

    private Instant deadline(SendQueue.Wanted wanted) {
        Order order = book.get(wanted.item().order());
        BrokerRequest request = order.request(wanted.item().request());
        return request.kind() == BrokerRequest.Kind.PLACE
                ? order.terms().dispatchBy()
                : request.by().orElseGet(() -> turn.now().plus(CANCEL_PATIENCE));
    }

    private Set<LocalDate> daysToCompare() {
        Set<LocalDate> days = new LinkedHashSet<>(book.daysAtBroker());
        days.addAll(book.daysGivenUp()); // it may turn up
        if (!held.isEmpty()) {
            days.add(calendar.tradingDay(turn.now())); // somebody placed an order elsewhere
        }
        return days;
    }

    /** When the core wants to be woken at the latest. */
    public Optional<Instant> nextTimer() {
        Optional<Instant> next = Optional.ofNullable(timers.peek()).map(Timer::at);
        next = earlier(next, lists.nextAsk());
        next = earlier(next, dayCloses);
        return earlier(next, queue.nextAsk());
    }

    private static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
        return one.isPresent() && other.isPresent() && other.get().isBefore(one.get()) ? other : one.or(() -> other);
    }

    /** Whether the broker's list has been read since the start, so that dispatch is open. */
    public boolean reconciled() {
        return lists.started();
    }

    /** Orders that wait for their turn. */
    public int queueDepth() {
        return queue.depth(Lane.MARKET) + queue.depth(Lane.LIMIT);
    }

    /** The order as this core sees it. */
    public Optional<Order> order(OrderId id) {
        return book.order(id);
    }

    /** The broker's numbers that each order in doubt could be, by the list that was read last. */
    public Map<OrderId, List<Long>> candidates() {
        return reconciler.candidates();
    }

    /** Orders of which it is not known whether the broker has them. */
    public int unknown() {
        return book.unknown();
    }

    /** The limits as a call set them last. */
    Optional<ControlEvent.LimitsSet> limitsSet() {
        return operators.limitsSet();
    }

    /** The limits that hold. */
    public RiskPolicy policy() {
        return operators.policy();
    }

    /** Why nothing may be placed or modified, if so. */
    public Optional<String> killReason() {
        return operators.killReason();
    }

    // ---- placing ----

    private Answer place(OrderInput.Place place) {
        Optional<Answer> byKey = place.mode() == OrderInput.Mode.PLACE
                ? keys.answer(place.key(), KeyUse.Kind.PLACE, place.prior(), Optional.empty())
                : keys.gatewaysOwn(place.key(), Optional.empty());
        if (byKey.isPresent()) {
            return byKey.get();
        }
        Terms terms = place.terms();
        LocalDate day = calendar.tradingDay(turn.now());
        var scope =
                new RiskScope(terms.accountId(), RiskScope.KR, day, place.key().principal(), terms.strategyId());
        var asked = new Facts.Asked(
                terms.symbol(),
                terms.side(),
                terms.qty(),
                0,
                terms.price(),
                place.around().worstPrice(),
                Optional.empty(),
                place.mode() != OrderInput.Mode.PLACE);
        Optional<Refusal> refusal = judge(scope, asked, place.around());
        if (place.mode() != OrderInput.Mode.DRY_RUN) { // a dry run is about the order, not about this moment
            refusal = gated(refusal, place.around()).or(() -> cannotDrain(terms));
        }
        if (refusal.isPresent()) {
            return new Answer.Refused(refusal.get());
        }
        if (place.mode() != OrderInput.Mode.PLACE) {
            if (place.mode() == OrderInput.Mode.DRY_RUN && dryRuns.add(terms.accountId())) {
                turn.record(new ControlEvent.DryRunPassed(terms.accountId(), day));
            }
            return new Answer.WouldPass();
        }
        exposure.accepted(scope, turn.now());
        turn.record(new OrderEvent.Accepted(
                place.order(), terms, place.key(), day, place.around().worstPrice()));
        timers.add(new Timer(terms.dispatchBy(), place.order()));
        timers.add(new Timer(calendar.endOf(day), place.order()));
        return new Answer.Accepted(
                place.order(), KeyUse.Kind.PLACE.word(), place.key().key(), false);
    }

    private Optional<Refusal> judge(RiskScope scope, Facts.Asked asked, OrderInput.Surroundings around) {
        var control = new Facts.Control(killReason(), dryRuns.contains(scope.account()));
        return risk.check(
                new Facts(
                        scope,
                        asked,
                        calendar.session(turn.now()),
                        turn.now(),
                        around.market(),
                        around.account(),
                        control),
                exposure,
                operators.policy());
    }

    /** What is unknown because the broker is away says less than that it is away. */
    private Optional<Refusal> gated(Optional<Refusal> judged, OrderInput.Surroundings around) {
        boolean unknown = judged.map(Refusal::code)
                .filter(code -> code == ErrorCode.POSITION_PROVIDER_UNAVAILABLE || code == ErrorCode.QUOTE_UNAVAILABLE)
                .isPresent();
        return unknown ? notReady(around).or(() -> judged) : judged.or(() -> notReady(around));
    }

    /** Nothing is placed or modified while something essential is missing; cancels always pass. */
    private Optional<Refusal> notReady(OrderInput.Surroundings around) {
        List<String> blockers = new ArrayList<>(around.blockers());
        if (!lists.started() && !blockers.contains("RECONCILING")) {
            blockers.add("RECONCILING");
        }
        return blockers.isEmpty()
                ? Optional.empty()
                : Optional.of(Refusal.of(
                                ErrorCode.NOT_READY,
                                "the gateway cannot trade now (" + String.join(", ", blockers)
                                        + "); nothing was recorded, repeat it in a moment")
                        .with("blockers", List.copyOf(blockers))
                        .retryAfter(Duration.ofSeconds(1)));
    }

    /** Refuses at once what could not leave before its deadline anyway: nothing is recorded, the key stays free. */
    private Optional<Refusal> cannotDrain(Terms terms) {
        Instant now = turn.now();
        Instant by = terms.dispatchBy();
        if (!by.isAfter(now)) {
            return Optional.of(Refusal.of(
                    ErrorCode.QUEUE_TIMEOUT, "its dispatch_by passed before it was decided; nothing was recorded"));
        }
        if (!settings.worker()) {
            return Optional.empty();
        }
        double seconds = Duration.between(now, by).toNanos() / 1e9;
        while (!recentSends.isEmpty() && !recentSends.peekFirst().plusSeconds(1).isAfter(now)) {
            recentSends.removeFirst();
        }
        // What left in the last second still holds its slots, and a tenth goes to the round trips.
        long capacity = (long) Math.floor(settings.sendsPerSecond() * Math.max(0, seconds) * 0.9) - recentSends.size();
        int ahead = ahead(Lane.MARKET, terms);
        ahead += terms.type() == OrderType.MARKET ? 0 : ahead(Lane.LIMIT, terms);
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

    /** Who takes a slot before it. What waits behind an equal order in doubt takes none until that is settled. */
    private int ahead(Lane lane, Terms terms) {
        Terms.Fingerprint own = terms.fingerprint();
        return queue.depth(lane)
                - queue.parked(
                        lane,
                        print -> !print.equals(own)
                                && prints.owner(print)
                                        .map(book::get)
                                        .filter(order -> order.status() == OrderStatus.UNKNOWN)
                                        .isPresent());
    }

    // ---- modifying ----

    private Answer modify(OrderInput.Modify modify) {
        Optional<Order> found = order(modify.order()).or(modify::stored);
        if (found.isEmpty()) {
            return Turn.noSuchOrder(modify.order());
        }
        Order order = found.get();
        String key = modify.key().orElseGet(() -> modifyKey(order));
        var use = new KeyUse(
                modify.scope(), key, "modify:" + order.id() + ":" + text(modify.qty()) + ":" + text(modify.price()));
        Optional<Answer> byKey = keys.answer(use, KeyUse.Kind.MODIFY, modify.prior(), Optional.of(modifyKey(order)));
        if (byKey.isPresent()) {
            return byKey.get();
        }
        Terms terms = order.terms();
        OptionalLong qty = only(modify.qty(), terms.qty());
        OptionalLong price = only(modify.price(), terms.price().orElse(0));
        Optional<Refusal> refusal = cannotModify(order, qty, price, modify)
                .or(() -> gated(
                        judge(scope(order), asked(order, qty, price, modify.around()), modify.around()),
                        modify.around()));
        if (refusal.isPresent()) {
            return new Answer.Refused(refusal.get());
        }
        Instant by = turn.now().plus(settings.modifyPatience());
        List<OrderEvent.Planned> planned =
                order.status() == OrderStatus.NEW ? List.of() : requestsFor(order, qty, price);
        exposure.modified(scope(order), turn.now());
        turn.record(new OrderEvent.ModifyRequested(order.id(), qty, price, planned, by, use));
        timers.add(new Timer(by, order.id()));
        return new Answer.Accepted(order.id(), KeyUse.Kind.MODIFY.word(), key, false);
    }

    private static String text(OptionalLong value) {
        return value.isPresent() ? Long.toString(value.getAsLong()) : "";
    }

    /** What was asked for, if it differs from what is. */
    private static OptionalLong only(OptionalLong asked, long now) {
        return asked.isPresent() && asked.getAsLong() != now ? asked : OptionalLong.empty();
    }

    private Facts.Asked asked(Order order, OptionalLong qty, OptionalLong price, OrderInput.Surroundings around) {
        Terms terms = order.terms();
        return new Facts.Asked(
                terms.symbol(),
                terms.side(),
                qty.orElse(terms.qty()),
                order.filled(),
                price.isPresent() ? price : terms.price(),
                around.worstPrice(),
                Optional.of(order.id().text()),
                false);
    }

    private Optional<Refusal> cannotModify(
            Order order, OptionalLong qty, OptionalLong price, OrderInput.Modify modify) {
        if (order.status().terminal()) {
            return Optional.of(Refusal.of(
                    ErrorCode.ORDER_ALREADY_TERMINAL,
                    "the order has ended (" + order.status() + "); there is nothing to modify"));
        }
        boolean busy =
                order.openCancel().isPresent() || order.openModification().isPresent();
        if (busy || order.status() == OrderStatus.UNKNOWN) {
            return Optional.of(Refusal.of(
                    ErrorCode.INVALID_TRANSITION,
                    "the order is " + order.status().outward()
                            + (busy ? " and an earlier request about it is not settled" : "")
                            + "; wait until it is settled"));
        }
        if (modify.price().isPresent() && order.terms().type() == OrderType.MARKET) {
            return Optional.of(Refusal.of(
                    ErrorCode.PRICE_NOT_ALLOWED_FOR_MARKET,
                    "a MARKET order has no price; cancel it and place a LIMIT"));
        }
        if (qty.isPresent() && qty.getAsLong() <= order.filled()) {
            return Optional.of(Refusal.of(
                            ErrorCode.INVALID_QTY,
                            Shares.of(order.filled()) + (order.filled() == 1 ? " is" : " are")
                                    + " filled already; to stop there, cancel the rest")
                    .with("filled_qty", order.filled()));
        }
        if (qty.isPresent() && qty.getAsLong() > order.terms().qty() && order.status() != OrderStatus.NEW) {
            return Optional.of(Refusal.of(
                            ErrorCode.INVALID_QTY,
                            "KIS cannot make an order larger than "
                                    + Shares.of(order.terms().qty()) + "; place another for the difference")
                    .with("qty", order.terms().qty()));
        }
        if (qty.isEmpty() && price.isEmpty()) {
            return Optional.of(Refusal.of(
                    ErrorCode.INVALID_FIELD,
                    "the order has this quantity and price already; there is nothing to modify"));
        }
        return Optional.empty();
    }

    /** Fewer shares first, so that what is re-priced is not more than what is wanted. */
    private static List<OrderEvent.Planned> requestsFor(Order order, OptionalLong qty, OptionalLong price) {
        List<OrderEvent.Planned> planned = new ArrayList<>();
        int next = order.requests().size() + 1;
        if (qty.isPresent()) {
            planned.add(new OrderEvent.Planned(
                    next++, BrokerRequest.Kind.CANCEL, order.terms().qty() - qty.getAsLong(), OptionalLong.empty()));
        }
        if (price.isPresent()) {
            planned.add(new OrderEvent.Planned(next, BrokerRequest.Kind.MODIFY, 0, price));
        }
        return planned;
    }

    /** {@code modify:{id}}, and from the second accepted modification on {@code modify:{id}:{n}}. */
    static String modifyKey(Order order) {
        int n = order.modifications() + 1;
        return "modify:" + order.id() + (n == 1 ? "" : ":" + n);
    }

    // ---- dispatch ----

    /** Keeps everything that follows from an order in step with it: the queue, the fingerprints, what it ties up. */
    private void changed(Optional<Order> before, Order after) {
        prints.changed(after).ifPresent(queue::unpark);
        before.filter(order -> order.status() == OrderStatus.NEW).ifPresent(order -> letEqualOnesPass(order, after));
        keepQueue(after);
        for (Leg leg : after.legs()) {
            if (before.flatMap(order -> order.leg(leg.odno())).isEmpty()) {
                held.learned(leg.odno());
            }
        }
        for (BrokerRequest request : after.requests()) {
            boolean known = before.filter(order -> order.requests().size() >= request.no())
                    .filter(order -> order.request(request.no()).odno().isPresent())
                    .isPresent();
            if (request.odno().isPresent() && !known) {
                held.learned(request.odno().getAsLong());
            }
        }
        if (before.filter(order -> sharesJustRefused(order, after)).isPresent()) {
            sharesRefused.add(after.id());
        }
        exposure.changed(working(after), turn.now());
        if (after.status().terminal()) {
            pausing.remove(after.id());
        }
    }

    /** An unsent order that ends, or becomes another, no longer stands before those that were equal to it. */
    private void letEqualOnesPass(Order before, Order after) {
        Terms.Fingerprint was = before.terms().fingerprint();
        boolean another = !was.equals(after.terms().fingerprint());
        if ((another || after.status().terminal()) && !prints.taken(before)) {
            queue.unpark(was);
        }
        if (another) {
            Optional.ofNullable(queued.get(after.id())).ifPresent(queue::unpark);
        }
    }

    private static boolean sharesJustRefused(Order before, Order after) {
        return before.requests().stream()
                .filter(BrokerRequest::partial)
                .anyMatch(r -> r.open() && after.request(r.no()).state() == BrokerRequest.State.REFUSED);
    }

    /** It was judged for the fewer shares; for more of them nobody asked, and no limit was looked at. */
    private void giveUpThePrice(OrderId id) {
        book.order(id)
                .filter(order -> !order.status().terminal())
                .flatMap(Order::plannedModify)
                .ifPresent(r -> turn.record(new OrderEvent.BrokerRefused(
                        id, r.no(), "NOT_SENT", "its fewer shares were refused; the order stands as it was")));
    }

    private void keepQueue(Order order) {
        Optional<SendQueue.Item> wanted = pausing.containsKey(order.id())
                ? Optional.empty()
                : nextToSend(order).map(request -> new SendQueue.Item(order.id(), request.no()));
        Optional<SendQueue.Item> there = Optional.ofNullable(queued.get(order.id()));
        for (BrokerRequest request : order.requests()) {
            boolean mayComeBack =
                    request.state() == BrokerRequest.State.PLANNED || request.state() == BrokerRequest.State.SENDING;
            if (!mayComeBack || order.status().terminal()) {
                queue.forget(new SendQueue.Item(order.id(), request.no()));
            }
        }
        if (wanted.equals(there)) {
            return;
        }
        there.ifPresent(item -> {
            queue.forget(item);
            queued.remove(order.id());
        });
        wanted.ifPresent(item -> {
            queue.add(share(order, order.request(item.request())), item);
            queued.put(order.id(), item);
            if (item.request() == 1 && prints.taken(order)) {
                queue.park(item, order.terms().fingerprint()); // it would only waste a slot
            }
        });
    }

    private static SendQueue.Share share(Order order, BrokerRequest request) {
        Lane lane = order.terms().type() == OrderType.MARKET ? Lane.MARKET : Lane.LIMIT;
        return new SendQueue.Share(
                request.kind() == BrokerRequest.Kind.CANCEL ? Lane.CANCEL : lane,
                order.key().principal());
    }

    /**
     * The request that may leave next. One at a time, except that a full cancel overtakes a change of which the broker
     * was asked already: it only ever takes away.
     */
    private Optional<BrokerRequest> nextToSend(Order order) {
        if (order.status().terminal()) {
            return Optional.empty();
        }
        if (order.placing().state() == BrokerRequest.State.PLANNED) {
            return Optional.of(order.placing());
        }
        if (order.placing().state() != BrokerRequest.State.ACKED) {
            return Optional.empty();
        }
        boolean onlyFullCancel = false;
        for (BrokerRequest request : order.requests()) {
            if (request.no() == 1 || !request.open()) {
                continue;
            }
            if (request.state() == BrokerRequest.State.PLANNED) {
                return onlyFullCancel && !request.full() ? Optional.empty() : Optional.of(request);
            }
            boolean asked =
                    request.state() == BrokerRequest.State.ACKED || reconciler.lookedUp(order.id(), request.no());
            if (request.full() || !asked) {
                return Optional.empty();
            }
            onlyFullCancel = true;
        }
        return Optional.empty();
    }

    /** Nothing is lost by it: what waits keeps its place, and no attempt is spent. */
    private void slotSuspended(long slot) {
        if (queue.suspend(slot, turn.now())) {
            turn.alert(
                    Level.P2,
                    AlertEvent.ORDERS_SUSPENDED,
                    Turn.WHOLE,
                    "KIS gave no usable answer to too many orders of late; orders wait for it until their dispatch_by,"
                            + " cancels pass");
        }
    }

    private void slotGranted(long slot) {
        Optional<SendQueue.Share> share = queue.granted(slot);
        if (share.filter(queue::resume).isPresent()) {
            turn.settle(AlertEvent.ORDERS_SUSPENDED, Turn.WHOLE);
        }
        Optional<SendQueue.Item> next =
                share.filter(it -> lists.started() && mayAskFor(it.lane())).flatMap(it -> queue.pick(it, this::mayGo));
        if (next.isEmpty()) {
            turn.add(new OrderEffect.ReleaseSlot(slot));
            return;
        }
        queued.remove(next.get().order());
        send(slot, book.get(next.get().order()), next.get().request());
    }

    /** Whether the oldest may leave now; one that may not is set aside or ended. */
    private boolean mayGo(SendQueue.Item item) {
        Order order = book.get(item.order());
        BrokerRequest request = order.request(item.request());
        if (request.kind() == BrokerRequest.Kind.PLACE) {
            boolean dayOver = !turn.now().isBefore(calendar.endOf(order.tradingDay()));
            if (dayOver || !turn.now().isBefore(order.terms().dispatchBy())) {
                expireUnsent(order);
                return false;
            }
            if (prints.taken(order)) {
                queue.park(item, order.terms().fingerprint());
                return false;
            }
            return true;
        }
        if (request.by().filter(by -> !turn.now().isBefore(by)).isPresent()) {
            tooLate(order, request);
            return false;
        }
        return true;
    }

    private void send(long slot, Order order, int no) {
        BrokerRequest request = order.request(no);
        long target = 0;
        if (request.kind() == BrokerRequest.Kind.PLACE) {
            recentSends.addLast(turn.now());
        } else {
            target = order.liveLeg().orElseThrow().odno();
        }
        turn.record(
                new OrderEvent.SendStarted(order.id(), no, request.attempts() + 1, foreign(order, request), target));
        Terms terms = order.terms();
        switch (request.kind()) {
            case PLACE -> turn.add(new OrderEffect.SendPlace(slot, order.id(), no, terms));
            case MODIFY ->
                turn.add(new OrderEffect.SendModify(
                        slot,
                        order.id(),
                        no,
                        terms,
                        order.liveLeg().orElseThrow().orgNo(),
                        target,
                        request.price().orElseThrow(),
                        request.by().orElse(terms.dispatchBy())));
            case CANCEL -> {
                boolean all = request.full() || request.qty() >= order.remaining();
                turn.add(new OrderEffect.SendCancel(
                        slot,
                        order.id(),
                        no,
                        terms,
                        order.liveLeg().orElseThrow().orgNo(),
                        target,
                        all ? order.remaining() : request.qty(),
                        all));
            }
        }
    }

    /** Numbers of equal orders that were heard of before anything was sent. */
    private List<Long> foreign(Order order, BrokerRequest request) {
        if (request.kind() != BrokerRequest.Kind.PLACE) {
            return List.of();
        }
        return held.all().stream()
                .filter(n -> n.original() == 0
                        && n.symbol().equals(order.terms().symbol())
                        && n.side() == order.terms().side())
                .map(Notice::odno)
                .distinct()
                .toList();
    }

    private void stopped(OrderInput.SendStopped stopped) {
        boolean killed = stopped.why() == OrderInput.Why.KILL_SWITCH;
        turn.record(new OrderEvent.SendAbandoned(
                stopped.order(),
                stopped.request(),
                killed ? "the kill switch was set before the bytes left" : "its time passed before the bytes left"));
        Order order = book.get(stopped.order());
        BrokerRequest request = order.request(stopped.request());
        if (request.kind() != BrokerRequest.Kind.PLACE) {
            tooLate(order, request);
        } else if (order.openCancel().isPresent()) {
            turn.record(new OrderEvent.Canceled(order.id(), order.remaining(), Cancels.NEVER_SENT));
        } else if (killed) {
            turn.record(
                    new OrderEvent.Rejected(order.id(), "KILL_SWITCH", "the kill switch was set before it was sent"));
        } else {
            expireUnsent(order);
        }
    }

    private void tooLate(Order order, BrokerRequest request) {
        turn.record(new OrderEvent.BrokerRefused(
                order.id(), request.no(), "NOT_SENT", "it could not be sent in time; the order stands as it was"));
    }

    private void expireUnsent(Order order) {
        boolean suspended = queue.isSuspended(share(order, order.placing()));
        turn.record(new OrderEvent.Expired(order.id(), suspended ? NOT_SENT_SUSPENDED : NOT_SENT));
    }

    // ---- what came back ----

    private void answered(OrderInput.Answered answered) {
        Order order = book.get(answered.order());
        BrokerRequest request = order.request(answered.request());
        if (!request.onItsWay()) {
            lateAnswer(order, request, answered.outcome());
            return;
        }
        switch (answered.outcome()) {
            case Outcome.Taken taken -> taken(order, request, taken);
            case Outcome.Refused refused -> {
                turn.record(new OrderEvent.BrokerRefused(order.id(), request.no(), refused.code(), refused.message()));
                if (request.kind() != BrokerRequest.Kind.PLACE) {
                    lists.want(order.tradingDay(), turn.now()); // it may have been filled in the meantime
                }
            }
            case Outcome.NotTaken notTaken -> notTaken(order, request, notTaken);
            case Outcome.InDoubt doubt -> {
                inDoubt(order.id(), request, doubt.code(), doubt.message());
                lists.want(order.tradingDay(), turn.now());
            }
        }
    }

    private void inDoubt(OrderId id, BrokerRequest request, String code, String message) {
        turn.record(new OrderEvent.SendInDoubt(id, request.no(), code, message));
        tellOfDoubt(id, request, code);
    }

    private void tellOfDoubt(OrderId id, BrokerRequest request, String since) {
        turn.alert(
                Level.P2,
                AlertEvent.REQUEST_IN_DOUBT,
                id,
                request.kind() + " was sent and what became of it is not known (" + since + "); KIS is being asked");
    }

    /** The list or a notice was faster than the answer. It can only confirm, or contradict, what is known. */
    private void lateAnswer(Order order, BrokerRequest request, Outcome outcome) {
        if (outcome instanceof Outcome.Taken taken
                && request.odno().isPresent()
                && request.odno().getAsLong() != taken.odno()) {
            turn.alert(
                    Level.P1,
                    AlertEvent.ORDER_NUMBER_CONFLICT,
                    order.id(),
                    "it was matched with " + request.odno().getAsLong() + " and KIS now says " + taken.odno());
            lists.want(order.tradingDay(), turn.now());
        }
    }

    private void taken(Order order, BrokerRequest request, Outcome.Taken taken) {
        turn.record(new OrderEvent.BrokerAccepted(
                order.id(), request.no(), taken.orgNo(), taken.odno(), taken.brokerTime(), MatchedBy.ANSWER));
        if (request.attempts() == 1 && taken.brokerTime().matches("[0-9]{6}")) {
            request.sentAt().ifPresent(at -> reconciler.learnClock(at, Integer.parseInt(taken.brokerTime())));
        }
        if (request.kind() == BrokerRequest.Kind.CANCEL
                && !book.get(order.id()).status().terminal()) {
            lists.wantSoon(order.tradingDay(), turn.now()); // the notice that confirms it may be lost
        }
        if (!turn.now().isBefore(calendar.endOf(order.tradingDay()))) {
            lists.want(order.tradingDay(), turn.now());
        }
    }

    private void notTaken(Order order, BrokerRequest request, Outcome.NotTaken outcome) {
        boolean exhausted = request.attempts() >= MAX_ATTEMPTS;
        if (!exhausted) {
            pause(order.id());
        }
        turn.record(new OrderEvent.SendNotTaken(order.id(), request.no(), outcome.code(), outcome.message()));
        if (request.kind() == BrokerRequest.Kind.MODIFY && killReason().isPresent()) {
            operators.stopWhatWaits(book.get(order.id()));
            return;
        }
        if (request.kind() != BrokerRequest.Kind.PLACE) {
            if (exhausted) {
                turn.record(new OrderEvent.BrokerRefused(
                        order.id(), request.no(), "RETRY_EXHAUSTED", outcome.code() + " " + outcome.message()));
            }
            return;
        }
        if (book.get(order.id())
                .openCancel()
                .isPresent()) { // it waited behind this answer, and nothing is left to cancel
            turn.record(new OrderEvent.Canceled(order.id(), order.remaining(), Cancels.NEVER_SENT));
        } else if (killReason().isPresent()) {
            operators.stopWhatWaits(book.get(order.id())); // it would wait for the switch to be lifted
        } else if (exhausted) {
            turn.record(
                    new OrderEvent.Rejected(order.id(), "RETRY_EXHAUSTED", outcome.code() + " " + outcome.message()));
        }
    }

    /** Not at once again: what kept the broker from taking it will still be there. */
    private void pause(OrderId id) {
        Instant until = turn.now().plus(RETRY_PAUSE);
        pausing.put(id, until);
        timers.add(new Timer(until, id));
    }

    // ---- the broker's list ----

    private void listArrived(OrderInput.ListArrived arrived) {
        switch (arrived.listing()) {
            case Broker.Listing.Failed failed -> {
                turn.alert(
                        Level.P2,
                        AlertEvent.LIST_FAILED,
                        arrived.day().toString(),
                        "the broker's list of " + arrived.day() + " could not be read: " + failed.reason());
                lists.failed(arrived.day(), turn.now());
                reports.failed(arrived.day(), failed.reason());
            }
            case Broker.Listing.Complete complete -> {
                if (lists.arrived(arrived.day(), turn.now())) {
                    turn.settle(AlertEvent.LIST_FAILED, arrived.day().toString());
                }
                ListReading reading = arrived.reading()
                        .filter(r -> question.filter(r::answers).isPresent())
                        .orElseGet(() -> ListReading.of(
                                new OrderEffect.AskBroker(arrived.day(), turn.now()),
                                complete,
                                book.open(),
                                calendar.endOf(arrived.day())));
                long checked = book.unsettled(arrived.day());
                Reconciler.Outcome outcome = reconciler.apply(arrived.day(), reading);
                reconciler.forgetEnded();
                notices.dropWhatTheListTold();
                reconciler.lookedUp().forEach(id -> keepQueue(book.get(id))); // it may have freed a cancel
                reports.compared(arrived.day(), complete, checked, outcome);
                if (!complete.askedAt().isBefore(closeOf(arrived.day()))) {
                    reconciler.compareClosed(arrived.day(), reading);
                    book.closed(arrived.day());
                }
                askAgainWhileInDoubt();
            }
        }
    }

    private void askAgainWhileInDoubt() {
        Set<LocalDate> days = book.daysInTrouble();
        for (LocalDate day : book.daysAtBroker()) {
            if (!turn.now().isBefore(calendar.endOf(day))) {
                days.add(day); // the list alone can say how an open order ended
            }
        }
        lists.again(days, turn.now());
    }

    // ---- time ----

    private void runTimers() {
        closeTheDay();
        while (!timers.isEmpty() && !timers.peek().at().isAfter(turn.now())) {
            OrderId id = timers.poll().order();
            pausing.computeIfPresent(id, (_, until) -> until.isAfter(turn.now()) ? until : null);
            book.order(id).filter(order -> !order.status().terminal()).ifPresent(this::due);
        }
    }

    /** Once after the end of each day its list is read for everything, outsiders' orders too. */
    private void closeTheDay() {
        if (dayCloses.filter(at -> !at.isAfter(turn.now())).isEmpty()) {
            return;
        }
        lists.want(
                calendar.tradingDay(
                        dayCloses.get().minus(Reconciler.LIST_COMPLETE_AFTER).minusMillis(1)),
                turn.now());
        Instant next = closeOf(calendar.tradingDay(turn.now()));
        dayCloses = next.isAfter(turn.now())
                ? Optional.of(next)
                : Optional.of(closeOf(calendar.tradingDay(turn.now()).plusDays(1)));
    }

    private void due(Order order) {
        boolean sessionOver = !turn.now().isBefore(calendar.endOf(order.tradingDay()));
        if (order.status() == OrderStatus.NEW) {
            if (sessionOver || !turn.now().isBefore(order.terms().dispatchBy())) {
                expireUnsent(order);
                return;
            }
        } else {
            order.requests().stream()
                    .filter(r -> r.state() == BrokerRequest.State.PLANNED)
                    .filter(r -> r.by().filter(by -> !turn.now().isBefore(by)).isPresent())
                    .forEach(r -> tooLate(order, r));
            if (sessionOver && order.status() != OrderStatus.DISPATCHING) {
                lists.want(order.tradingDay(), turn.now());
            }
        }
        keepQueue(book.get(order.id()));
    }

    /** What ended on earlier days leaves the memory; the journal keeps it. */
    private void forgetEarlierDays() {
        LocalDate today = calendar.tradingDay(turn.now());
        if (!book.turnTo(today)) {
            return;
        }
        exposure.rolledTo(today, turn.now());
        held.clear();
        pausing.keySet().removeIf(id -> book.order(id).isEmpty());
        taken.keySet().removeIf(id -> book.order(id).isEmpty());
    }

    // ---- what orders tie up ----

    private static RiskScope scope(Order order) {
        return new RiskScope(
                order.terms().accountId(),
                RiskScope.KR,
                order.tradingDay(),
                order.key().principal(),
                order.terms().strategyId());
    }

    private Working working(Order order) {
        Terms terms = order.terms();
        if (order.placing().state() == BrokerRequest.State.ACKED) {
            taken.putIfAbsent(order.id(), turn.now());
        }
        return new Working(
                order.id().text(),
                scope(order),
                terms.symbol(),
                terms.side(),
                order.filled(),
                order.value(),
                order.remaining(),
                worse(order),
                order.worstPrice(),
                Optional.ofNullable(taken.get(order.id())),
                order.external());
    }

    /** While another price is on its way, the worse of both. */
    private static OptionalLong worse(Order order) {
        OptionalLong now = order.terms().price();
        OptionalLong asked = order.openModification()
                .filter(r -> r.kind() == BrokerRequest.Kind.MODIFY)
                .map(BrokerRequest::price)
                .orElse(OptionalLong.empty());
        if (now.isEmpty() || asked.isEmpty()) {
            return now;
        }
        return OptionalLong.of(
                order.terms().side() == Side.BUY
                        ? Math.max(now.getAsLong(), asked.getAsLong())
                        : Math.min(now.getAsLong(), asked.getAsLong()));
    }
}
