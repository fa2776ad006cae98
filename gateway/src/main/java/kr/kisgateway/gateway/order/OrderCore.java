package kr.kisgateway.gateway.order;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.journal.JournalAppend;
import kr.kisgateway.gateway.order.Broker.Lane;
import kr.kisgateway.gateway.order.Broker.Notice;
import kr.kisgateway.gateway.order.Broker.Outcome;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.order.OrderEffect.Level;
import kr.kisgateway.gateway.order.OrderEvent.MatchedBy;
import kr.kisgateway.gateway.risk.Exposure;
import kr.kisgateway.gateway.risk.LimitsChange;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.gateway.risk.RiskPolicy;
import kr.kisgateway.gateway.risk.RiskRules;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.TradingDay;

/**
 * Decides about orders. Contains state and rules only: no thread, lock, clock, socket or SQL. Every input carries the
 * time; every consequence is an event to record or an effect to release afterwards.
 *
 * <p><b>The problem.</b> KIS has no client order id. A request that was sent without an answer may rest at the
 * exchange, and sending it again may buy twice. A crash between the send and the answer has the same effect.
 *
 * <p><b>The policy.</b> SendStarted is durable before the first byte. From then on the request either has a definite
 * answer or is in doubt, and a request in doubt is never sent again: the broker's list of the day is read, and the entry
 * that equals everything sent, was not recorded before the send and belongs to no other order here is the match. To
 * keep this match unambiguous among the gateway's own orders, at most one request of a fingerprint is in flight or in
 * doubt; the next waits until its own deadline. Absence from the list proves nothing. Fills are counted for each broker
 * number of an order as the greater of the notices' sum and the list's figure, so that lost, late and repeated notices
 * all end at the broker's figure.
 *
 * <p><b>The weak spot.</b> An order placed elsewhere with the same fingerprint in the same seconds equals one of the
 * gateway. Two such entries leave the order UNKNOWN with an alert; a single one is taken and the match is marked as
 * inferred.
 *
 * <p>{@link SendQueue} orders the sends, {@link NoticeProcessor} applies execution notices, {@link Reconciler} applies the
 * broker's list, {@link DailyOrdersSchedule} decides when that list is requested, {@link ReconcileWaiters} completes the
 * callers that wait for it, {@link TradingCommands} decides what is placed and modified, {@link CancelCommands} handles cancels, {@link OperatorCommands} the decisions of operators.
 */
public final class OrderCore {
    /** Attempts to send a request that the broker definitely did not accept. */
    static final int MAX_ATTEMPTS = 3;

    /**
     * Attempts to cancel the rest of an order, which needs no other decision: with their pauses two minutes at least, which is
     * longer than the minute in which KIS issues no other token.
     */
    static final int MAX_CANCEL_ATTEMPTS = 30;

    /** The broker's time of an answer, {@code HHmmss}. */
    private static final Pattern CLOCK_TIME = Pattern.compile("[0-9]{6}");

    /** The reason of an order that ends because it was not sent in time; more may follow. */
    static final String NOT_SENT = "NOT_SENT";
    /** The code of a request of which no attempt was accepted. */
    static final String RETRY_EXHAUSTED = "RETRY_EXHAUSTED";
    /** The code of an order in doubt that turned out not to be at the broker. */
    static final String NOT_FOUND = "NOT_FOUND_AT_BROKER";

    /** The end of the alert of a cancel that has failed {@value #MAX_ATTEMPTS} times. */
    static final String SENT_AGAIN = "; it is sent again, " + MAX_CANCEL_ATTEMPTS + " times in all";

    private static final String NOT_TAKEN = "KIS did not take its cancel: ";
    private static final String NOT_SENT_SUSPENDED =
            "NOT_SENT: KIS gave no usable answers to orders (circuit breaker open)";
    private static final Duration CANCEL_DEADLINE = Duration.ofSeconds(30);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(200);
    /** The pause doubles from attempt {@value #MAX_ATTEMPTS} on, up to this. */
    private static final Duration LONGEST_RETRY_PAUSE = Duration.ofSeconds(5);

    private final OrderSettings settings;
    private final OrderHours hours;

    private final AliasHistory aliases;
    private final OrderRegistry registry;
    private final IdempotencyKeys keys;
    private final DecisionContext context;
    private final SendQueue queue = new SendQueue();
    private final InFlightFingerprints fingerprints = new InFlightFingerprints();
    private final DailyOrdersSchedule schedule;
    private final Reconciler reconciler;
    private final UnmatchedNotices unmatchedNotices = new UnmatchedNotices();
    private final NoticeProcessor noticeProcessor;
    private final Replacements replacements;
    private final CancelCommands cancelCommands;
    private final OperatorCommands operatorCommands;
    private final ReconcileWaiters reconcileWaiters;
    private final OrderExposure exposure;
    private final TradingCommands tradingCommands;
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparing(Timer::at));

    /** The queue item of each order. */
    private final Map<OrderId, SendQueue.Item> queued = new HashMap<>();

    /** Until when an order that the broker did not accept is not retried. */
    private final Map<OrderId, Instant> pausedUntil = new HashMap<>();

    /** Orders whose quantity reduction was just refused: the price change planned after it would apply to all shares. */
    private final Set<OrderId> refusedReductions = new LinkedHashSet<>();

    /** When the complete list of a day is read a last time, after the end of the day. */
    private final Map<Market, Instant> nextDayCloses = new HashMap<>();

    /** The last request for the broker's list of each account. */
    private final Map<String, OrderEffect.RequestDailyOrders> lastListRequests = new HashMap<>();

    private record Timer(Instant at, OrderId order) {}

    /** An event with its place in the journal and the order after it. */
    public record RecordedEvent(String stream, long seq, Instant at, OrderEvent event, Order after) {}

    /** An event that concerns more than one order, with its place in the stream {@value ControlEvent#STREAM}. */
    public record RecordedControlEvent(long seq, Instant at, ControlEvent event) {}

    /** Entries of another capability, and the position of the first. */
    public record RecordedAppend(long firstSeq, Instant at, JournalAppend append) {}

    /**
     * One sending of a request.
     *
     * @param attempt from 1
     */
    public record SendAttempt(OrderId order, int request, int attempt) {
        boolean isOf(OrderEffect.Send send) {
            return order.equals(send.order()) && request == send.request();
        }
    }

    /** What a step results in: first these events durably, then these effects. */
    public record Step(
            List<RecordedEvent> events,
            List<RecordedControlEvent> controlEvents,
            List<RecordedAppend> appends,
            List<OrderEffect> effects) {}

    /**
     * @param policy the limits in force until a call sets others
     * @param loaded from the journal: all orders of today and of the days with an open order, and those that the list
     *     of an earlier day may still change
     * @param controlEvents every event that concerns more than one order, oldest first
     * @param lastSeq the last used journal position of each stream
     * @param layers reads the limits recorded in an event
     */
    public OrderCore(
            OrderSettings settings,
            RiskRules risk,
            RiskPolicy policy,
            OrderHours hours,
            Collection<Order> loaded,
            Collection<ControlEvent> control,
            Map<String, Long> lastSeq,
            java.util.function.Function<String, RiskLayers> layers) {
        this.settings = settings;
        this.exposure = new OrderExposure(settings.commissions());
        this.hours = hours;
        this.aliases = new AliasHistory(settings.fingerprints());
        this.schedule = new DailyOrdersSchedule(settings.accounts().keySet(), settings.reconcileInterval());
        this.registry = new OrderRegistry(lastSeq, this::orderChanged);
        this.keys = new IdempotencyKeys(registry);
        this.context = new DecisionContext(registry);
        this.reconciler = new Reconciler(hours, registry, context, fingerprints, unmatchedNotices::all);
        this.noticeProcessor =
                new NoticeProcessor(hours, registry, context, fingerprints, schedule, reconciler, unmatchedNotices);
        this.replacements = new Replacements(registry, context, (at, order) -> timers.add(new Timer(at, order)));
        this.cancelCommands = new CancelCommands(registry, context, keys, replacements);
        this.operatorCommands =
                new OperatorCommands(settings, policy, registry, context, keys, schedule, reconciler, cancelCommands);
        this.tradingCommands = new TradingCommands(
                settings,
                risk,
                hours,
                registry,
                context,
                keys,
                schedule,
                operatorCommands,
                exposure,
                this::countAhead,
                (at, order) -> timers.add(new Timer(at, order)));
        this.reconcileWaiters = new ReconcileWaiters(settings.accounts().keySet(), hours, registry, context, schedule);
        loaded.stream()
                .sorted(Comparator.comparing(Order::createdAt).thenComparing(o -> o.id().text()))
                .forEach(order -> {
                    context.begin(order.updatedAt());
                    if (!order.external() && !order.isNeverTaken()) {
                        exposure.recordAccepted(OrderExposure.scope(order), order.createdAt());
                    }
                    registry.load(order);
                });
        for (ControlEvent event : control) {
            restore(event, layers);
        }
    }

    private void restore(ControlEvent event, java.util.function.Function<String, RiskLayers> layers) {
        switch (event) {
            case ControlEvent.KillSwitchSet e -> operatorCommands.restore(e);
            case ControlEvent.LimitsSet e ->
                operatorCommands.restore(e, new LimitsChange(layers.apply(e.layers()), layers.apply(e.configured())));
            case ControlEvent.DryRunPassed e -> tradingCommands.restore(e);
            case ControlEvent.AliasAssigned e -> assign(e);
            case ControlEvent.CancelAllRequested e -> keys.recordCancelAll(e);
        }
    }

    private void assign(ControlEvent.AliasAssigned event) {
        aliases.apply(event);
        tradingCommands.assign(event);
    }

    /**
     * The first step after a start: requests in flight when the process ended become in doubt, orders that waited too
     * long end, and the broker is queried before anything is dispatched.
     *
     * @param neverSent attempts of which it is certain that not a byte was sent, whether or not they were recorded: they may be sent again
     */
    public Step start(Instant at, Set<SendAttempt> neverSent) {
        context.begin(at.truncatedTo(ChronoUnit.MICROS)); // the journal's precision, so that a rebuilt order is equal
        evictEarlierDays();
        Set<AccountDay> days = new LinkedHashSet<>();
        settings.accounts().keySet().forEach(account -> days.add(new AccountDay(account, today(Market.KOREA))));
        for (Order order : registry.open()) {
            days.add(order.accountDay());
            for (BrokerRequest request : order.requests()) {
                boolean sending = request.state() == BrokerRequest.State.SENDING;
                if (sending && neverSent.contains(new SendAttempt(order.id(), request.no(), request.attempts()))) {
                    abandonUnsent(order.id(), request);
                } else if (sending) {
                    recordInDoubt(order.id(), request, "CRASH", "the gateway stopped while the request was in flight");
                } else if (request.state() == BrokerRequest.State.IN_DOUBT) {
                    alertInDoubt(
                            order.id(), request, "since before this start"); // the last alert may not have been sent
                } else if (request.state() == BrokerRequest.State.PLANNED && isMadeObsolete(order, request)) {
                    cancelCommands.supersede(order.id(), request); // an earlier release would have sent it
                }
            }
            timers.add(new Timer(order.terms().dispatchBy(), order.id()));
            order.requests().forEach(r -> r.sendBy().ifPresent(by -> timers.add(new Timer(by, order.id()))));
            timers.add(new Timer(endOf(order), order.id()));
        }
        operatorCommands.applyEnvironment();
        for (ControlEvent.AliasAssigned event : aliases.unrecorded(context.now())) {
            assign(event);
            context.record(event);
        }
        Set<AccountDay> earlier = new LinkedHashSet<>();
        for (Market market : hours.markets()) {
            Set<AccountDay> unsettled = registry.unsettledBefore(today(market));
            earlier.addAll(unsettled);
            nextDayCloses.put(
                    market,
                    unsettled.stream()
                            .map(day -> closeTime(day.day()))
                            .filter(close -> close.isAfter(context.now()))
                            .findFirst()
                            .orElseGet(() -> closeTime(today(market))));
        }
        context.addEffect(new OrderEffect.KillSwitchChanged(operatorCommands.killSwitch()));
        runTimers();
        schedule.start(days);
        earlier.forEach(day -> schedule.requestNow(day, context.now()));
        return finish();
    }

    private void abandonUnsent(OrderId id, BrokerRequest request) {
        context.record(new OrderEvent.SendAbandoned(
                id, request.no(), "the journal failed when the send was recorded, so nothing was sent"));
        endUnsent(id, request);
    }

    /** When the order certainly no longer rests. */
    private Instant endOf(Order order) {
        return hours.endOf(order.terms(), order.tradingDay());
    }

    /** When the list of a day is certainly complete. */
    private Instant closeTime(TradingDay day) {
        return hours.endOf(day).plus(Reconciler.LIST_COMPLETE_AFTER);
    }

    private TradingDay today(Market market) {
        return hours.today(market, context.now());
    }

    /** Decides about one input received at {@code at}. */
    public Step decide(OrderInput input, Instant at) {
        context.begin(at.truncatedTo(ChronoUnit.MICROS)); // the journal's precision, so that a rebuilt order is equal
        evictEarlierDays();
        switch (input) {
            case OrderInput.Place place -> context.reply(place.ticket(), tradingCommands.place(place));
            case OrderInput.PlaceBatch batch ->
                context.reply(
                        batch.ticket(),
                        new Answer.Batch(batch.orders().stream()
                                .map(tradingCommands::place)
                                .toList()));
            case OrderInput.Modify modify -> context.reply(modify.ticket(), tradingCommands.modify(modify));
            case OrderInput.PlaceReplacement place ->
                context.reply(
                        place.ticket(),
                        findInMemory(place.original(), input)
                                .map(original -> tradingCommands.placeReplacement(original, place.orderContext()))
                                .orElseGet(Answer.Done::new));
            case OrderInput.ReplacementRefused refused ->
                findInMemory(refused.original(), input)
                        .filter(original -> original.replacement()
                                .filter(Replacement::isPending)
                                .isPresent())
                        .ifPresent(original -> replacements.refused(original, refused.refusal()));
            case OrderInput.FoundResting found ->
                findInMemory(found.order(), input)
                        .filter(order -> !order.status().isTerminal())
                        .ifPresent(order -> context.record(
                                new OrderEvent.FoundResting(order.id(), found.rested(), order.filled())));
            case OrderInput.Cancel cancel -> context.reply(cancel.ticket(), cancelCommands.cancelOrder(cancel));
            case OrderInput.CancelAll all -> context.reply(all.ticket(), cancelCommands.cancelAll(all));
            case OrderInput.Resolve resolve -> context.reply(resolve.ticket(), operatorCommands.resolve(resolve));
            case OrderInput.QueryCash query ->
                context.reply(query.ticket(), new Answer.CashAvailable(exposure.availableCash(query, context.now())));
            case OrderInput.QueryDailyAmount query ->
                context.reply(query.ticket(), new Answer.DailyAmount(tradingCommands.dailyAmountLeft(query)));
            case OrderInput.Append append ->
                context.reply(append.ticket(), new Answer.Appended(context.record(append.entries()), context.now()));
            case OrderInput.Reconcile reconcile -> reconcileWaiters.add(reconcile.ticket());
            case OrderInput.KillSwitch requested ->
                context.reply(requested.ticket(), operatorCommands.killSwitch(requested));
            case OrderInput.SetLimits limits -> context.reply(limits.ticket(), operatorCommands.setLimits(limits));
            case OrderInput.SlotGranted granted -> slotGranted(granted.slot());
            case OrderInput.SlotTimedOut timedOut -> queue.timedOut(timedOut.slot(), context.now());
            case OrderInput.SlotSuspended suspended -> slotSuspended(suspended.slot());
            case OrderInput.SendStopped stopped ->
                findInMemory(stopped.order(), input).ifPresent(_ -> sendStopped(stopped));
            case OrderInput.Answered answered ->
                findInMemory(answered.order(), input).ifPresent(_ -> applyAnswer(answered));
            case OrderInput.Noticed noticed -> noticeProcessor.process(noticed.notice());
            case OrderInput.ListArrived arrived -> listArrived(arrived);
            case OrderInput.NoticesMissed _ -> {
                registry.daysAtBroker().forEach(day -> schedule.requestNow(day, context.now()));
                for (String account : settings.accounts().keySet()) {
                    schedule.requestNow(new AccountDay(account, today(Market.KOREA)), context.now());
                    var us = new AccountDay(account, today(Market.US));
                    if (registry.hasOrdersOf(us)) {
                        schedule.requestNow(us, context.now());
                    }
                }
                schedule.resetPause();
            }
            case OrderInput.TimerDue _ -> {
                // the timers run after every input
            }
        }
        runTimers();
        return finish();
    }

    /** The order an input concerns. An order that ended on an earlier day, or whose commit failed, is not in memory: no change. */
    private Optional<Order> findInMemory(OrderId id, OrderInput input) {
        Optional<Order> order = registry.order(id);
        if (order.isEmpty()) {
            context.alert(
                    Level.P2,
                    AlertEvent.ORDER_NOT_IN_MEMORY,
                    id,
                    input.getClass().getSimpleName() + " arrived for an order that is not in memory");
        }
        return order;
    }

    /** The consequences of everything that happened in this decision. */
    private Step finish() {
        noticeProcessor.processMatched();
        refusedReductions.forEach(this::abandonPriceChange);
        refusedReductions.clear();
        replacements.advance();
        for (SendQueue.SlotRequest requested : queue.requestSlots(context.now(), this::isLaneOpen)) {
            context.addEffect(new OrderEffect.RequestSlot(
                    requested.slot(),
                    requested.share().account(),
                    requested.share().lane(),
                    requested.share().tenant(),
                    deadline(requested)));
        }
        schedule.scheduleRound(daysToCompare(), context.now());
        for (AccountDay day : schedule.startRequests(context.now())) {
            var request = new OrderEffect.RequestDailyOrders(day, context.now());
            lastListRequests.put(day.account(), request);
            registry.markDailyOrdersRequested(day.account());
            context.addEffect(request);
        }
        return context.takeStep();
    }

    private boolean isLaneOpen(Lane lane) {
        return settings.dispatchEnabled() || lane == Lane.CANCEL;
    }

    private Instant deadline(SendQueue.SlotRequest requested) {
        Order order = registry.get(requested.item().order());
        BrokerRequest request = order.request(requested.item().request());
        return request.kind() == BrokerRequest.Kind.PLACE
                ? order.terms().dispatchBy()
                : request.sendBy().orElseGet(() -> context.now().plus(CANCEL_DEADLINE));
    }

    private Set<AccountDay> daysToCompare() {
        if (unmatchedNotices.size() == 0 && !registry.hasClosedInDoubt()) {
            return registry.daysAtBroker();
        }
        Set<AccountDay> days = new LinkedHashSet<>(registry.daysAtBroker());
        days.addAll(registry.daysClosedInDoubt()); // a late acceptance may appear
        unmatchedNotices.all().stream()
                .map(
                        notice -> // an order was placed elsewhere
                        new AccountDay(notice.account(), today(notice.symbol().market())))
                .forEach(days::add);
        return days;
    }

    /** The latest time of the next input. */
    public Optional<Instant> nextTimer() {
        Optional<Instant> next = Optional.ofNullable(timers.peek()).map(Timer::at);
        next = earlier(next, schedule.nextRequestAt());
        next = earlier(next, nextDayCloses.values().stream().min(Comparator.naturalOrder()));
        return earlier(next, queue.nextPauseEnd());
    }

    private static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
        return one.isPresent() && other.isPresent() && other.get().isBefore(one.get()) ? other : one.or(() -> other);
    }

    /** Accounts whose list of Korean orders has been read since the start, so that dispatch is open. */
    public Set<String> reconciled() {
        return schedule.started(Market.KOREA);
    }

    /** Orders queued for sending. */
    public int queueDepth() {
        return queue.depth(_ -> true, Lane.MARKET) + queue.depth(_ -> true, Lane.LIMIT);
    }

    /** Notices that belong to no order, yet or at all. */
    public int unmatchedNotices() {
        return unmatchedNotices.size();
    }

    /** The order as it is in memory. */
    public Optional<Order> order(OrderId id) {
        return registry.order(id);
    }

    /** The broker numbers that may be each order in doubt, from the last list read. */
    public Map<OrderId, List<Long>> candidates() {
        return reconciler.candidates();
    }

    /** Orders of which it is unknown whether the broker accepted them. */
    public int unknown() {
        return registry.unknown();
    }

    /** The limits that a call set last. */
    Optional<ControlEvent.LimitsSet> limitsSet() {
        return operatorCommands.limitsSet();
    }

    /** What orders bind of the limits. */
    Exposure exposure() {
        return exposure.all();
    }

    /** The limits in force. */
    public RiskPolicy policy() {
        return operatorCommands.policy();
    }

    /** The reason why nothing may be placed or modified while the kill switch is set. */
    public Optional<String> killReason() {
        return operatorCommands.killReason();
    }

    // ---- dispatch ----

    /** Orders that take a slot before this one. Those parked behind an equal order in doubt take none until it is settled. */
    private int countAhead(Lane lane, Terms terms) {
        Terms.Fingerprint own = terms.fingerprint();
        Predicate<String> sameBudget = account -> settings.shareBudget(account, terms.accountId());
        return queue.depth(sameBudget, lane)
                - queue.parked(
                        sameBudget,
                        lane,
                        fingerprint -> !fingerprint.equals(own)
                                && fingerprints
                                        .owner(fingerprint)
                                        .map(registry::get)
                                        .filter(order -> order.status() == OrderStatus.UNKNOWN)
                                        .isPresent());
    }

    /** Updates everything derived from an order: the queue, the fingerprints, the exposure. */
    private void orderChanged(Optional<Order> before, Order after) {
        fingerprints.track(after).ifPresent(queue::unpark);
        before.filter(order -> order.status() == OrderStatus.NEW).ifPresent(order -> unparkEqualOrders(order, after));
        updateQueue(after);
        for (BrokerOrderRef ref : after.brokerRefs()) {
            if (before.flatMap(order -> order.brokerRef(ref.odno())).isEmpty()) {
                unmatchedNotices.learned(ref.odno());
            }
        }
        for (BrokerRequest request : after.requests()) {
            boolean hadNumber = before.filter(order -> order.requests().size() >= request.no())
                    .filter(order -> order.request(request.no()).odno().isPresent())
                    .isPresent();
            if (request.odno().isPresent() && !hadNumber) {
                unmatchedNotices.learned(request.odno().getAsLong());
            }
        }
        if (before.filter(order -> isReductionRefused(order, after)).isPresent()) {
            refusedReductions.add(after.id());
        }
        exposure.update(after, context.now());
        replacements.track(before, after);
        if (after.status().isTerminal()) {
            pausedUntil.remove(after.id());
        }
    }

    /** An unsent order that ends or changes its terms no longer blocks the orders that were equal to it. */
    private void unparkEqualOrders(Order before, Order after) {
        Terms.Fingerprint previous = before.terms().fingerprint();
        boolean hasNewTerms = !previous.equals(after.terms().fingerprint());
        if ((hasNewTerms || after.status().isTerminal()) && !fingerprints.isTaken(before)) {
            queue.unpark(previous);
        }
        if (hasNewTerms) {
            Optional.ofNullable(queued.get(after.id())).ifPresent(queue::unpark);
        }
    }

    private static boolean isReductionRefused(Order before, Order after) {
        return before.requests().stream()
                .filter(BrokerRequest::isPartialCancel)
                .anyMatch(r -> r.isOpen() && after.request(r.no()).state() == BrokerRequest.State.REFUSED);
    }

    /** The change was checked for the reduced quantity; for more shares it was neither requested nor checked against limits. */
    private void abandonPriceChange(OrderId id) {
        registry.order(id)
                .filter(order -> !order.status().isTerminal())
                .flatMap(Order::plannedModify)
                .ifPresent(r -> context.record(new OrderEvent.BrokerRefused(
                        id, r.no(), "NOT_SENT", "the quantity reduction was refused; the order is unchanged")));
    }

    private void updateQueue(Order order) {
        Optional<SendQueue.Item> requested = pausedUntil.containsKey(order.id())
                ? Optional.empty()
                : nextToSend(order).map(request -> new SendQueue.Item(order.id(), request.no()));
        Optional<SendQueue.Item> queuedItem = Optional.ofNullable(queued.get(order.id()));
        for (BrokerRequest request : order.requests()) {
            boolean mayRequeue =
                    request.state() == BrokerRequest.State.PLANNED || request.state() == BrokerRequest.State.SENDING;
            if (!mayRequeue || order.status().isTerminal()) {
                queue.remove(new SendQueue.Item(order.id(), request.no()));
            }
        }
        if (requested.equals(queuedItem)) {
            return;
        }
        queuedItem.ifPresent(item -> {
            queue.remove(item);
            queued.remove(order.id());
        });
        requested.ifPresent(item -> {
            queue.add(share(order, order.request(item.request())), item);
            queued.put(order.id(), item);
            if (item.request() == 1 && fingerprints.isTaken(order)) {
                queue.park(item, order.terms().fingerprint()); // it would only waste a slot
            }
        });
    }

    private static SendQueue.BudgetShare share(Order order, BrokerRequest request) {
        Lane lane = order.terms().isMarket() ? Lane.MARKET : Lane.LIMIT;
        return new SendQueue.BudgetShare(
                order.terms().accountId(),
                request.kind() == BrokerRequest.Kind.CANCEL ? Lane.CANCEL : lane,
                order.key().principal());
    }

    /**
     * The request that may be sent next. One at a time, except that a full cancel overtakes a change already sent to the
     * broker: it only ever reduces.
     */
    private Optional<BrokerRequest> nextToSend(Order order) {
        if (order.status().isTerminal()
                || !schedule.isStarted(order.terms().accountId(), order.day().market())) {
            return Optional.empty();
        }
        if (order.placing().state() == BrokerRequest.State.PLANNED) {
            return Optional.of(order.placing());
        }
        if (!order.isAtBroker()) {
            return Optional.empty();
        }
        boolean onlyFullCancel = false;
        for (BrokerRequest request : order.requests()) {
            if (request.no() == 1 || !request.isOpen()) {
                continue;
            }
            if (request.state() == BrokerRequest.State.PLANNED) {
                return onlyFullCancel && !request.isFullCancel() ? Optional.empty() : Optional.of(request);
            }
            boolean requested =
                    request.state() == BrokerRequest.State.ACKED || reconciler.listChecked(order.id(), request.no());
            if (request.isFullCancel() || !requested) {
                return Optional.empty();
            }
            onlyFullCancel = true;
        }
        return Optional.empty();
    }

    /** Nothing is lost: queued items stay in place, and no attempt is spent. */
    private void slotSuspended(long slot) {
        if (queue.suspend(slot, context.now())) {
            context.alert(
                    Level.P2,
                    AlertEvent.ORDERS_SUSPENDED,
                    DecisionContext.GATEWAY_WIDE,
                    "KIS gave no usable answer to too many recent orders; orders wait until their dispatch_by,"
                            + " cancels pass");
        }
    }

    private void slotGranted(long slot) {
        Optional<SendQueue.BudgetShare> share = queue.granted(slot);
        if (share.filter(queue::resume).isPresent()) {
            context.settle(AlertEvent.ORDERS_SUSPENDED, DecisionContext.GATEWAY_WIDE);
        }
        Optional<SendQueue.Item> next = share.flatMap(it -> queue.pick(it, this::maySend));
        if (next.isEmpty()) {
            context.addEffect(new OrderEffect.ReleaseSlot(slot));
            return;
        }
        queued.remove(next.get().order());
        send(slot, registry.get(next.get().order()), next.get().request());
    }

    /** Whether the oldest item may be sent now; one that may not is parked or ended. */
    private boolean maySend(SendQueue.Item item) {
        Order order = registry.get(item.order());
        BrokerRequest request = order.request(item.request());
        if (request.kind() == BrokerRequest.Kind.PLACE) {
            boolean dayOver = !context.now().isBefore(endOf(order));
            if (dayOver || !context.now().isBefore(order.terms().dispatchBy())) {
                expireUnsent(order);
                return false;
            }
            if (fingerprints.isTaken(order)) {
                queue.park(item, order.terms().fingerprint());
                return false;
            }
            return true;
        }
        if (request.sendBy().filter(by -> !context.now().isBefore(by)).isPresent()) {
            refuseTooLate(order, request);
            return false;
        }
        return true;
    }

    private void send(long slot, Order order, int no) {
        BrokerRequest request = order.request(no);
        long target = 0;
        if (request.kind() == BrokerRequest.Kind.PLACE) {
            tradingCommands.countSend(order.terms().accountId());
        } else {
            target = order.liveRef().orElseThrow().odno();
        }
        context.record(new OrderEvent.SendStarted(
                order.id(), no, request.attempts() + 1, excludedOdnos(order, request), target));
        Terms terms = order.terms();
        switch (request.kind()) {
            case PLACE -> context.addEffect(new OrderEffect.SendPlace(slot, order.id(), no, terms));
            case MODIFY ->
                context.addEffect(new OrderEffect.SendModify(
                        slot,
                        order.id(),
                        no,
                        terms,
                        order.liveRef().orElseThrow().orgNo(),
                        target,
                        order.remaining(),
                        request.price().orElseThrow(),
                        request.sendBy().orElse(terms.dispatchBy())));
            case CANCEL -> {
                boolean all = request.isFullCancel() || request.qty() >= order.remaining();
                context.addEffect(new OrderEffect.SendCancel(
                        slot,
                        order.id(),
                        no,
                        terms,
                        order.liveRef().orElseThrow().orgNo(),
                        target,
                        all ? order.remaining() : request.qty(),
                        all));
            }
        }
    }

    /** Broker numbers of equal orders that were recorded before the send. */
    private List<Long> excludedOdnos(Order order, BrokerRequest request) {
        if (request.kind() != BrokerRequest.Kind.PLACE) {
            return List.of();
        }
        return unmatchedNotices.all().stream()
                .filter(n -> n.original() == 0
                        && n.account().equals(order.terms().accountId())
                        && n.symbol().equals(order.terms().symbol())
                        && n.side() == order.terms().side())
                .map(Notice::odno)
                .distinct()
                .toList();
    }

    private void sendStopped(OrderInput.SendStopped stopped) {
        boolean killed = stopped.reason() == OrderInput.StopReason.KILL_SWITCH;
        context.record(new OrderEvent.SendAbandoned(
                stopped.order(),
                stopped.request(),
                killed ? "the kill switch was set before the send" : "its deadline passed before the send"));
        Order order = registry.get(stopped.order());
        BrokerRequest request = order.request(stopped.request());
        if (request.kind() != BrokerRequest.Kind.PLACE) {
            refuseTooLate(order, request);
        } else if (order.openCancel().isPresent()) {
            context.record(
                    new OrderEvent.Canceled(order.id(), order.remaining(), CancelCommands.CANCELED_BEFORE_SENDING));
        } else if (killed) {
            context.record(
                    new OrderEvent.Rejected(order.id(), "KILL_SWITCH", "the kill switch was set before it was sent"));
        } else {
            expireUnsent(order);
        }
    }

    private void refuseTooLate(Order order, BrokerRequest request) {
        context.record(new OrderEvent.BrokerRefused(
                order.id(), request.no(), "NOT_SENT", "it could not be sent in time; the order is unchanged"));
        alertIfCancelFailed(order.id(), request, "its cancel could not be sent in time");
    }

    private void expireUnsent(Order order) {
        boolean suspended = queue.isSuspended(share(order, order.placing()));
        context.record(new OrderEvent.Expired(order.id(), suspended ? NOT_SENT_SUSPENDED : NOT_SENT));
    }

    // ---- answers ----

    private void applyAnswer(OrderInput.Answered answered) {
        Order order = registry.get(answered.order());
        BrokerRequest request = order.request(answered.request());
        if (!request.isInFlight()) {
            checkLateAnswer(order, request, answered.outcome());
            return;
        }
        switch (answered.outcome()) {
            case Outcome.Taken taken -> acknowledged(order, request, taken);
            case Outcome.Refused refused -> {
                context.record(
                        new OrderEvent.BrokerRefused(order.id(), request.no(), refused.code(), refused.message()));
                if (request.kind() != BrokerRequest.Kind.PLACE) {
                    schedule.requestNow(order.accountDay(), context.now()); // it may have been filled in the meantime
                }
            }
            case Outcome.NotTaken notTaken -> retryOrReject(order, request, notTaken);
            case Outcome.InDoubt inDoubt -> {
                recordInDoubt(order.id(), request, inDoubt.code(), inDoubt.message());
                schedule.requestNow(order.accountDay(), context.now());
            }
        }
    }

    private void recordInDoubt(OrderId id, BrokerRequest request, String code, String message) {
        context.record(new OrderEvent.SendInDoubt(id, request.no(), code, message));
        alertInDoubt(id, request, code);
    }

    private void alertInDoubt(OrderId id, BrokerRequest request, String since) {
        context.alert(
                Level.P2,
                AlertEvent.REQUEST_IN_DOUBT,
                id,
                request.kind() + " was sent and its result is unknown (" + since + "); KIS is being queried");
    }

    /** The list or a notice arrived before the answer, which can only confirm or contradict what is recorded. */
    private void checkLateAnswer(Order order, BrokerRequest request, Outcome outcome) {
        if (outcome instanceof Outcome.Taken taken
                && request.odno().isPresent()
                && request.odno().getAsLong() != taken.odno()) {
            context.alert(
                    Level.P1,
                    AlertEvent.ORDER_NUMBER_CONFLICT,
                    order.id(),
                    "it was matched with " + BrokerNumbers.plain(request.odno().getAsLong()) + " and KIS now reports "
                            + BrokerNumbers.plain(taken.odno()));
            schedule.requestNow(order.accountDay(), context.now());
        }
    }

    private void acknowledged(Order order, BrokerRequest request, Outcome.Taken taken) {
        context.record(new OrderEvent.BrokerAccepted(
                order.id(), request.no(), taken.orgNo(), taken.odno(), taken.brokerTime(), MatchedBy.ANSWER));
        if (request.attempts() == 1 && CLOCK_TIME.matcher(taken.brokerTime()).matches()) {
            request.sentAt().ifPresent(at -> reconciler.learnClock(at, Integer.parseInt(taken.brokerTime())));
        }
        if (request.kind() == BrokerRequest.Kind.CANCEL
                && !registry.get(order.id()).status().isTerminal()) {
            schedule.requestSoon(order.accountDay(), context.now()); // the notice that confirms it may be lost
        }
        if (!context.now().isBefore(endOf(order))) {
            schedule.requestNow(order.accountDay(), context.now());
        }
    }

    private void retryOrReject(Order order, BrokerRequest request, Outcome.NotTaken outcome) {
        boolean exhausted = request.attempts() >= attempts(order, request);
        if (!exhausted) {
            pauseRetry(order.id(), request.attempts());
        }
        context.record(new OrderEvent.SendNotTaken(order.id(), request.no(), outcome.code(), outcome.message()));
        if (endUnsent(order.id(), request)) {
            return;
        }
        String message = outcome.code() + " " + outcome.message();
        if (!exhausted) {
            if (request.attempts() == MAX_ATTEMPTS) {
                alertIfResting(order.id(), request, NOT_TAKEN + message + SENT_AGAIN);
            }
            return;
        }
        context.record(
                request.kind() == BrokerRequest.Kind.PLACE
                        ? new OrderEvent.Rejected(order.id(), RETRY_EXHAUSTED, message)
                        : new OrderEvent.BrokerRefused(order.id(), request.no(), RETRY_EXHAUSTED, message));
        if (request.kind() == BrokerRequest.Kind.PLACE) {
            exposure.recordNeverTaken(OrderExposure.scope(order));
        }
        alertIfCancelFailed(order.id(), request, NOT_TAKEN + message);
    }

    /** What a replacement is to cancel gives way at once or not at all: its caller waits for the other order. */
    static int attempts(Order order, BrokerRequest request) {
        return request.isFullCancel() && !order.isBeingReplaced() ? MAX_CANCEL_ATTEMPTS : MAX_ATTEMPTS;
    }

    private void alertIfCancelFailed(OrderId id, BrokerRequest request, String cause) {
        alertIfResting(id, request, cause + "; the cancel is not retried, and the order still rests");
    }

    /** The caller of a cancel was answered that the order is being cancelled; that of a replacement has an alert of its own. */
    private void alertIfResting(OrderId id, BrokerRequest request, String message) {
        Order order = registry.get(id);
        if (request.isFullCancel() && !order.status().isTerminal() && !order.isBeingReplaced()) {
            context.alert(Level.P1, AlertEvent.CANCEL_FAILED, id, message);
        }
    }

    /**
     * Ends what need not be sent again after an attempt that certainly did not arrive.
     *
     * @return whether it ended
     */
    private boolean endUnsent(OrderId id, BrokerRequest request) {
        Order order = registry.get(id);
        if (request.kind() == BrokerRequest.Kind.PLACE && order.openCancel().isPresent()) {
            // The cancel waited for the answer, and nothing is left to cancel.
            context.record(new OrderEvent.Canceled(id, order.remaining(), CancelCommands.CANCELED_BEFORE_SENDING));
            return true;
        }
        if (isMadeObsolete(order, request)) {
            cancelCommands.supersede(id, request); // sent again, it would re-price the order before the cancel
            return true;
        }
        if (request.kind() != BrokerRequest.Kind.CANCEL && killReason().isPresent()) {
            operatorCommands.refuseUnsent(order); // it would wait for the switch to be lifted
            return true;
        }
        return false;
    }

    /** Whether a modification or partial cancel is not sent any more, because a cancel of the rest followed it. */
    private static boolean isMadeObsolete(Order order, BrokerRequest request) {
        return request.kind() != BrokerRequest.Kind.PLACE
                && !request.isFullCancel()
                && order.openCancel().isPresent();
    }

    /** Delays the retry: the cause of the refusal still exists at once afterwards. */
    private void pauseRetry(OrderId id, int attempts) {
        Duration doubled = RETRY_PAUSE.multipliedBy(1L << Math.clamp(attempts - MAX_ATTEMPTS + 1L, 0, 10));
        Instant until = context.now().plus(doubled.compareTo(LONGEST_RETRY_PAUSE) < 0 ? doubled : LONGEST_RETRY_PAUSE);
        pausedUntil.put(id, until);
        timers.add(new Timer(until, id));
    }

    // ---- the broker's list ----

    private void listArrived(OrderInput.ListArrived arrived) {
        switch (arrived.dailyOrders()) {
            case Broker.DailyOrders.Failed failed -> {
                context.alert(
                        Level.P2,
                        AlertEvent.LIST_FAILED,
                        arrived.day().toString(),
                        "the broker's list of " + arrived.day() + " could not be read: " + failed.reason());
                schedule.failed(arrived.day(), context.now());
                reconcileWaiters.listFailed(arrived.day(), failed.reason());
            }
            case Broker.DailyOrders.Complete complete -> {
                boolean wasStarted = schedule.isStarted(
                        arrived.day().account(), arrived.day().market());
                if (schedule.recordArrival(arrived.day(), context.now())) {
                    context.settle(AlertEvent.LIST_FAILED, arrived.day().toString());
                }
                DailyOrdersSnapshot snapshot = arrived.snapshot()
                        .filter(r -> Optional.ofNullable(
                                        lastListRequests.get(arrived.day().account()))
                                .filter(r::isReplyTo)
                                .isPresent())
                        .orElseGet(() -> DailyOrdersSnapshot.of(
                                new OrderEffect.RequestDailyOrders(arrived.day(), context.now()),
                                complete,
                                registry.open(),
                                this::endOf));
                long checked = registry.unsettled(arrived.day());
                Reconciler.Outcome outcome = reconciler.apply(arrived.day(), snapshot);
                reconciler.evictEnded();
                noticeProcessor.dropListedNotices(arrived.day());
                reconciler.listChecked().forEach(id -> updateQueue(registry.get(id))); // it may have freed a cancel
                if (!wasStarted
                        && schedule.isStarted(
                                arrived.day().account(), arrived.day().market())) {
                    registry.open().forEach(this::updateQueue);
                }
                reconcileWaiters.listCompared(arrived.day(), complete, checked, outcome);
                if (!complete.requestedAt().isBefore(closeTime(arrived.day().day()))) {
                    reconciler.compareClosedDay(arrived.day(), snapshot);
                    registry.closed(arrived.day());
                }
                retryUnsettledDays(arrived.day().account());
            }
        }
    }

    private void retryUnsettledDays(String account) {
        Set<AccountDay> days = registry.daysAwaitingReconcile();
        for (Order order : registry.open()) {
            if (order.isAtBroker() && !context.now().isBefore(endOf(order))) {
                days.add(order.accountDay()); // only the list shows how an open order ended
            }
        }
        schedule.retryDays(account, days, context.now());
    }

    // ---- time ----

    private void runTimers() {
        closeDay();
        while (!timers.isEmpty() && !timers.peek().at().isAfter(context.now())) {
            OrderId id = timers.poll().order();
            pausedUntil.computeIfPresent(id, (_, until) -> until.isAfter(context.now()) ? until : null);
            registry.order(id).filter(order -> !order.status().isTerminal()).ifPresent(this::timerDue);
        }
    }

    /**
     * Once after the end of each day its complete list is read, orders placed elsewhere included; of the US, whose list an
     * account without that service does not have, only after a day with orders.
     */
    private void closeDay() {
        for (Market market : hours.markets()) {
            Optional<Instant> due =
                    Optional.ofNullable(nextDayCloses.get(market)).filter(at -> !at.isAfter(context.now()));
            if (due.isEmpty()) {
                continue;
            }
            TradingDay ended = hours.today(
                    market, due.get().minus(Reconciler.LIST_COMPLETE_AFTER).minusMillis(1));
            for (String account : settings.accounts().keySet()) {
                var day = new AccountDay(account, ended);
                if (market.equals(Market.KOREA) || registry.hasOrdersOf(day)) {
                    schedule.requestNow(day, context.now());
                }
            }
            Instant next = closeTime(today(market));
            nextDayCloses.put(
                    market,
                    next.isAfter(context.now())
                            ? next
                            : closeTime(
                                    new TradingDay(market, today(market).date().plusDays(1))));
        }
    }

    private void timerDue(Order order) {
        boolean sessionOver = !context.now().isBefore(endOf(order));
        if (order.status() == OrderStatus.NEW) {
            if (sessionOver || !context.now().isBefore(order.terms().dispatchBy())) {
                expireUnsent(order);
                return;
            }
        } else {
            order.requests().stream()
                    .filter(r -> r.state() == BrokerRequest.State.PLANNED)
                    .filter(r ->
                            r.sendBy().filter(by -> !context.now().isBefore(by)).isPresent())
                    .forEach(r -> refuseTooLate(order, r));
            if (sessionOver && order.status() != OrderStatus.DISPATCHING) {
                schedule.requestNow(order.accountDay(), context.now());
            }
        }
        updateQueue(registry.get(order.id()));
    }

    /** Orders that ended on earlier days are evicted from memory; the journal retains them. */
    private void evictEarlierDays() {
        for (Market market : hours.markets()) {
            TradingDay today = today(market);
            if (registry.rollTo(today)) {
                exposure.rollTo(today, context.now());
                unmatchedNotices.dropOf(market);
                exposure.retain(id -> registry.order(id).isPresent());
            }
        }
    }
}
