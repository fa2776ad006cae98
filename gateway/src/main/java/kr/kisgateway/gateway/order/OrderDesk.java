package kr.kisgateway.gateway.order;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.journal.Journal;
import kr.kisgateway.gateway.journal.JournalAppend;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.JournalRows;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.order.OrderCore.RecordedEvent;
import kr.kisgateway.gateway.order.OrderEffect.Answer;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.risk.DailyAmountLeft;
import kr.kisgateway.gateway.risk.DailyOrders;
import kr.kisgateway.gateway.risk.RiskFacts;
import kr.kisgateway.gateway.risk.RiskLayers;
import kr.kisgateway.gateway.risk.RiskPolicy;
import kr.kisgateway.gateway.risk.RiskRules;
import kr.kisgateway.gateway.risk.RiskScope;
import kr.kisgateway.gateway.task.Heartbeat;
import kr.kisgateway.gateway.trace.Trace;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.TradingDay;
import kr.kisgateway.market.Venue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single thread that runs the {@link OrderCore} and writes the journal, and the virtual threads that carry out its
 * effects.
 *
 * <p>The loop takes up to {@value #COMMIT_GROUP} inputs, decides each, takes the slots of the call budget that are free now,
 * appends all events in one commit, and only then releases the effects: nothing is answered or sent before it is durable, and a
 * busy desk shares the cost of a disk flush.
 * Blocking work (the budget, KIS) runs on a virtual thread and its result returns as an input.
 *
 * <p>After a failed commit it is unknown which of its events are durable. The journal is closed, waiting callers receive
 * {@code JOURNAL_UNAVAILABLE}, and the desk restarts from the file as after a crash: a request that was in flight is then
 * in doubt and is resolved by the broker's list.
 */
public final class OrderDesk implements OrderEvents, AutoCloseable {
    /** Inputs that share one commit. */
    static final int COMMIT_GROUP = 256;

    /** Inputs that may wait for the desk; a further caller is refused, a notice or an answer waits. */
    static final int QUEUE_CAPACITY = 16_384;

    /** Cancels and operators' inputs accepted although {@link #QUEUE_CAPACITY} others wait; they are decided first. */
    static final int URGENT_CAPACITY = 256;

    /** Ended orders cached for reading without the store. */
    static final int RECENT_CAPACITY = 20_000;

    /** Fills of one read of the journal, which may take a second. */
    private static final int FILLS_READ = 1_000;

    /** How long the desk has to run before its outage is over: a flapping journal is one alert, not many. */
    static final Duration RECOVERY_PERIOD = Duration.ofSeconds(10);

    private static final Duration CALLER_TIMEOUT = Duration.ofSeconds(5);
    /** Longer: the caller decides nothing else meanwhile, and a slow disk must not leave it in doubt. */
    private static final Duration APPEND_TIMEOUT = Duration.ofSeconds(30);

    private static final Duration RECONCILE_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration REOPEN_PAUSE = Duration.ofSeconds(1);
    /** A time that is due but not reached in the journal's microseconds must not make the loop spin. */
    private static final Duration MIN_WAIT = Duration.ofMillis(1);

    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger("gateway.order");

    private final OrderSettings settings;
    private final RiskRules risk;
    private final RiskPolicy policy;
    private final OrderHours hours;
    private final InstantSource clock;
    private final BrokerDispatcher dispatcher;
    private final OrderListener listener;
    private final Supplier<Journal> journalOpener;
    private final Function<String, RiskLayers> readLayers;
    private final OrderStore store = new OrderStore();
    private final OrderCounters counters = new OrderCounters();
    private final OrderTraces traces;

    private final ArrayBlockingQueue<OrderInput> inputs = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
    private final ArrayBlockingQueue<OrderInput> urgent = new ArrayBlockingQueue<>(URGENT_CAPACITY);
    /** A kill switch that was requested and is not recorded yet: it is in force nevertheless. */
    private final AtomicReference<Optional<OrderInput.KillSwitch>> unrecordedKill =
            new AtomicReference<>(Optional.empty());

    private final Map<Long, CompletableFuture<Answer>> callers = new ConcurrentHashMap<>();
    private final AtomicLong tickets = new AtomicLong();
    /** The last call that set the kill switch on. */
    private final AtomicLong lastKill = new AtomicLong();

    private final Set<KeyUse.Name> keysInFlight = ConcurrentHashMap.newKeySet();
    private final Map<OrderId, Order> open = new ConcurrentHashMap<>();
    /** How many open orders each symbol has. */
    private final Map<MarketSymbol, Integer> openSymbols = new ConcurrentHashMap<>();

    private final Cache<OrderId, Order> recent =
            Caffeine.newBuilder().maximumSize(RECENT_CAPACITY).build();
    private final Heartbeat heartbeat = new Heartbeat();
    private final Thread thread;

    /** Sends of the group that is being committed or released, and not handed to the dispatcher; owned by the loop. */
    private final Set<OrderCore.SendAttempt> unsent = new LinkedHashSet<>();

    /** The fencing number of the last ownership of the journal; owned by the loop. */
    private long lastFence;

    /** The cause of an outage that lasts, or ended too recently to be reported as over; owned by the loop. */
    private Optional<String> outage = Optional.empty();

    private volatile State state = State.STARTING;
    private volatile Optional<Journal> journal = Optional.empty();
    private volatile Optional<ControlEvent.KillSwitchSet> recordedKillSwitch = Optional.empty();
    private volatile RiskPolicy currentPolicy;
    private volatile Optional<ControlEvent.LimitsSet> limitsSet = Optional.empty();
    private volatile Map<OrderId, List<Long>> candidates = Map.of();
    private volatile Set<String> reconciled = Set.of();
    private volatile Supplier<List<DailyOrders>> dailyOrders = List::of;
    private volatile int queueDepth;
    private volatile int unknown;
    private volatile int unmatchedNotices;
    private volatile Consumer<Order> replacementLoader =
            order -> LOG.error("replacement_not_loaded order={}", order.id());
    private volatile Journal.Query<? extends Map<?, String>> openParents = _ -> Map.of();
    private volatile boolean acceptsOrders = true;
    private volatile boolean stopping;
    private volatile boolean finishing;
    /** Whether a group of inputs is being decided, committed or released. */
    private volatile boolean processing;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CompletableFuture<Void> journalOpened = new CompletableFuture<>();

    /** Whether the desk can trade, and if not, why. */
    public enum State {
        /** The journal is being read, or the broker has not answered yet. */
        STARTING,
        RECONCILING,
        READY,
        JOURNAL_UNAVAILABLE,
        STOPPED
    }

    /**
     * @param journalOpener opens the journal, each time it is called, as the only owner
     * @param readLayers reads the limits from their form in the journal
     */
    public OrderDesk(
            OrderSettings settings,
            RiskRules risk,
            RiskPolicy policy,
            OrderHours hours,
            InstantSource clock,
            Broker broker,
            OrderListener listener,
            Supplier<Journal> journalOpener,
            Function<String, RiskLayers> readLayers) {
        this.settings = settings;
        this.risk = risk;
        this.policy = policy;
        this.hours = hours;
        this.clock = clock;
        this.traces = new OrderTraces(clock);
        this.dispatcher =
                new BrokerDispatcher(broker, hours, clock, () -> killReason().isPresent(), open::values, this::deliver);
        this.listener = listener;
        this.journalOpener = journalOpener;
        this.readLayers = readLayers;
        this.currentPolicy = policy;
        this.thread = Thread.ofPlatform().name("order-desk").unstarted(this::run);
    }

    /**
     * Opens the journal and starts the loop. Returns when the journal has been read.
     *
     * @throws JournalException when the journal cannot be opened: a start does not retry, the exception names the cause
     */
    public void start() {
        thread.start();
        try {
            journalOpened.join();
        } catch (java.util.concurrent.CompletionException e) {
            throw e.getCause() instanceof JournalException cause ? cause : e;
        }
    }

    /** Turns of the loop: at least one a second, also while the journal is not available. */
    public Heartbeat heartbeat() {
        return heartbeat;
    }

    // ---- calls ----

    /** Places an order and waits until it is durable or refused. */
    public Answer place(OrderInput.Place place) {
        return submit(
                place.usesKey() ? List.of(place.key().name()) : List.of(),
                CALLER_TIMEOUT,
                ticket -> new OrderInput.Place(
                        ticket,
                        place.order(),
                        place.terms(),
                        place.key(),
                        place.orderContext(),
                        Optional.empty(),
                        place.mode()));
    }

    /** Places or checks several orders; those placed are recorded in one commit. */
    public Answer placeAll(List<OrderInput.Place> orders) {
        return submit(
                orders.stream()
                        .filter(OrderInput.Place::usesKey)
                        .map(place -> place.key().name())
                        .distinct()
                        .toList(),
                CALLER_TIMEOUT,
                ticket -> new OrderInput.PlaceBatch(ticket, orders));
    }

    /** Modifies quantity or price. */
    public Answer modify(
            OrderId id,
            OptionalLong qty,
            OptionalLong price,
            Optional<OrderId> successor,
            String scope,
            Optional<String> key,
            OrderInput.OrderContext orderContext) {
        return submit(
                keyNames(scope, key),
                CALLER_TIMEOUT,
                ticket -> new OrderInput.Modify(
                        ticket,
                        id,
                        qty,
                        price,
                        successor,
                        scope,
                        key,
                        orderContext,
                        Optional.empty(),
                        Optional.empty()));
    }

    /** Sets what loads the facts for orders that replace others; before the start. */
    public void loadReplacementsWith(Consumer<Order> loader) {
        replacementLoader = loader;
    }

    /** Sets what reads the account of each open parent order, by id; before the start. */
    public void requireAccountsOf(Journal.Query<? extends Map<?, String>> parents) {
        openParents = parents;
    }

    /** Places the order that replaces {@code original}, if that still is to be done. */
    Answer placeReplacement(OrderId original, OrderInput.OrderContext orderContext) {
        return submit(
                List.of(), CALLER_TIMEOUT, ticket -> new OrderInput.PlaceReplacement(ticket, original, orderContext));
    }

    /** The order that replaces {@code original} was refused. */
    void refuseReplacement(OrderId original, Refusal refusal) {
        deliver(new OrderInput.ReplacementRefused(original, refusal));
    }

    /** Records that a market order was found resting for {@code rested}. */
    void recordResting(OrderId id, Duration rested) {
        deliver(new OrderInput.FoundResting(id, rested));
    }

    /** Cancels the rest of an order. */
    public Answer cancel(OrderId id, String scope, Optional<String> key) {
        return submit(
                keyNames(scope, key),
                CALLER_TIMEOUT,
                ticket -> new OrderInput.Cancel(ticket, id, scope, key, Optional.empty(), Optional.empty()));
    }

    /** Only a key that the client sent can be in flight twice; requests without one are decided one after the other. */
    private static List<KeyUse.Name> keyNames(String scope, Optional<String> key) {
        return key.map(sent -> new KeyUse.Name(scope, sent)).stream().toList();
    }

    /** Cancels every open order that {@code filter} matches. */
    public Answer cancelAll(OrderInput.OpenOrderFilter filter, KeyUse key) {
        return submit(List.of(key.name()), CALLER_TIMEOUT, ticket -> new OrderInput.CancelAll(ticket, filter, key));
    }

    /** Applies an operator's decision about an order in doubt. */
    public Answer resolve(
            OrderId id, OrderInput.Decision decision, Optional<String> note, String scope, Optional<String> key) {
        var name = new KeyUse.Name(scope, key.orElse("resolve:" + id));
        return submit(
                List.of(name),
                CALLER_TIMEOUT,
                ticket -> new OrderInput.Resolve(
                        ticket, id, decision, note, scope, key, Optional.empty(), Optional.empty()));
    }

    /** Compares every open order with the broker's list now, and waits for the corrections. */
    public Answer reconcile() {
        return reconcile(RECONCILE_TIMEOUT);
    }

    Answer reconcile(Duration timeout) {
        long ticket = tickets.incrementAndGet();
        return submit(
                List.of(),
                timeout,
                ticket,
                new OrderInput.Reconcile(ticket),
                DecisionContext.refusal(
                        ErrorCode.UPSTREAM_TIMEOUT,
                        "KIS's list of orders did not arrive within " + timeout.toSeconds()
                                + " s; it is still being requested and is compared when it arrives: repeat this in a minute"));
    }

    /**
     * Sets the kill switch. On, it is in force in this process from the call on, even when it cannot be recorded now; then
     * the answer states so, and it is recorded before anything else once the desk works again. Off, it must be recorded first.
     */
    public Answer killSwitch(boolean on, Optional<String> reason, boolean cancelOpen, String by) {
        if (!on) {
            return submit(
                    List.of(), CALLER_TIMEOUT, ticket -> new OrderInput.KillSwitch(ticket, false, reason, false, by));
        }
        long ticket = tickets.incrementAndGet();
        lastKill.accumulateAndGet(ticket, Math::max);
        OrderInput.KillSwitch kill = unrecordedKill
                .updateAndGet(was -> Optional.of(new OrderInput.KillSwitch(
                        ticket,
                        true,
                        reason.or(() -> was.flatMap(OrderInput.KillSwitch::reason)),
                        cancelOpen
                                || was.filter(OrderInput.KillSwitch::cancelOpen).isPresent(),
                        by)))
                .orElseThrow();
        Answer answer = submit(List.of(), CALLER_TIMEOUT, ticket, kill);
        if (answer instanceof Answer.KillSwitchStatus) {
            return answer;
        }
        LOG.error("kill_switch_not_recorded by={} reason={}", by, reason.orElse(""));
        return new Answer.Refused(Refusal.of(
                        ErrorCode.JOURNAL_UNAVAILABLE,
                        "the kill switch is on in this process and nothing more is placed or modified, but it is not"
                                + " recorded, and resting orders were not cancelled: both follow as soon as the journal works;"
                                + " a restart before that loses it, so repeat this until the answer is 200")
                .with("kill_switch", true)
                .with("recorded", false)
                .retryAfter(Duration.ofSeconds(1)));
    }

    /** What a further buy may cost: see {@link kr.kisgateway.gateway.portfolio.AvailableCash}. */
    public OptionalLong availableCash(String account, Holdings holdings) {
        Answer answer = submit(
                List.of(),
                CALLER_TIMEOUT,
                ticket -> new OrderInput.QueryCash(
                        ticket,
                        account,
                        holdings.market().currency(),
                        holdings.cash().settled(),
                        holdings.requestedAt()));
        return answer instanceof Answer.CashAvailable(OptionalLong amount) ? amount : OptionalLong.empty();
    }

    /** What buys of {@code scope} on the day of {@code symbol} may still cost. */
    Optional<DailyAmountLeft> dailyAmountLeft(RiskScope scope, MarketSymbol symbol) {
        Answer answer = submit(
                List.of(),
                CALLER_TIMEOUT,
                ticket -> new OrderInput.QueryDailyAmount(
                        ticket, scope.account(), symbol, scope.principal(), scope.strategy()));
        return answer instanceof Answer.DailyAmount(Optional<DailyAmountLeft> left) ? left : Optional.empty();
    }

    /** The reason why nothing may be placed or modified now, while the kill switch is set. */
    public Optional<String> killReason() {
        return recordedKillSwitch
                .map(ControlEvent.KillSwitchSet::reason)
                .or(() -> unrecordedKill.get().map(kill -> kill.reason().orElse(OperatorCommands.NO_REASON)));
    }

    /** The kill switch as last set on and recorded; empty while it is off or not recorded. */
    public Optional<ControlEvent.KillSwitchSet> killSwitch() {
        return recordedKillSwitch;
    }

    /** Whether the journal has the current state of the kill switch. */
    public boolean isKillRecorded() {
        return unrecordedKill.get().isEmpty();
    }

    /** Sets the limits; {@code json} and {@code configured} are these and the configured ones in the journal's form. */
    public Answer setLimits(RiskLayers layers, String json, String configured, String by) {
        return submit(
                List.of(), CALLER_TIMEOUT, ticket -> new OrderInput.SetLimits(ticket, layers, json, configured, by));
    }

    /** The limits that a call set last; empty while the configured ones are in force. */
    public Optional<ControlEvent.LimitsSet> limitsSet() {
        return limitsSet;
    }

    /** The limits in force. */
    public RiskPolicy policy() {
        return currentPolicy;
    }

    /** The orders still open after waiting up to {@code timeout} until none is. */
    public List<Order> awaitNoOpenOrders(Duration timeout) {
        Instant until = clock.instant().plus(timeout);
        try {
            while (!open.isEmpty() && clock.instant().isBefore(until) && !stopped.await(50, TimeUnit.MILLISECONDS)) {
                LOG.trace("waiting_for_open_orders open={}", open.size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return open();
    }

    /** Queues an execution notice; blocks while the desk is full, because a notice is never dropped. */
    public void receiveNotice(Broker.Notice notice) {
        var input = new OrderInput.Noticed(notice);
        traces.noticed(input);
        deliver(input);
    }

    /** Requests the broker's list because notices may have been missed. */
    public void reportMissedNotices(String cause) {
        deliver(new OrderInput.NoticesMissed(cause));
    }

    /** The order, of any age. */
    public Optional<Order> find(OrderId id) {
        Order live = open.get(id);
        if (live != null) {
            return Optional.of(live);
        }
        Order ended = recent.getIfPresent(id);
        if (ended != null) {
            return Optional.of(ended);
        }
        return journal().read(connection -> store.find(connection, id));
    }

    /**
     * Records entries of another capability, durably.
     *
     * @return {@link Answer.Appended}, or a refusal; after {@code JOURNAL_UNAVAILABLE} the journal has them or never will
     */
    public Answer append(JournalAppend entries) {
        return append(entries, APPEND_TIMEOUT);
    }

    Answer append(JournalAppend entries, Duration timeout) {
        long ticket = tickets.incrementAndGet();
        var append = new OrderInput.Append(ticket, entries);
        Answer answer = submit(
                List.of(),
                timeout,
                ticket,
                append,
                unavailable("the journal did not answer in time: the outcome is unknown, repeat with the same key"));
        // Recorded later, they would be missing in what the caller reads from the journal after this refusal.
        boolean withdrawn = answer instanceof Answer.Refused && (urgent.remove(append) || inputs.remove(append));
        if (withdrawn) {
            traces.withdrawn(append);
        }
        return withdrawn ? unavailable("the journal did not take it in time; nothing was recorded") : answer;
    }

    /**
     * Reads tables of another capability.
     *
     * @throws JournalException when the journal cannot be read now
     */
    public <T> T read(Journal.Query<T> query) {
        return journal().read(query);
    }

    /** The order's events, oldest first. */
    public List<JournalEntry> events(OrderId id) {
        return journal().read(connection -> {
            List<JournalEntry> events = new ArrayList<>();
            JournalRows.entriesOf(connection, id.text(), events::add);
            return events;
        });
    }

    /** Orders that pass the filter, newest first. */
    public List<Order> list(OrderStore.Filter filter, Optional<OrderId> before, int limit) {
        List<OrderId> ids = journal().read(connection -> OrderStore.list(connection, filter, before, limit));
        List<Order> orders = new ArrayList<>(ids.size());
        for (OrderId id : ids) {
            find(id).ifPresent(orders::add);
        }
        return orders;
    }

    /** Fills that pass the filter, the last recorded first: see {@link OrderStore#fills}. */
    Optional<List<OrderStore.RecordedFill>> fills(
            OrderStore.FillFilter filter, Optional<OrderStore.FillPosition> before, int limit) {
        return journal().read(connection -> store.fills(connection, filter, before, limit));
    }

    /** Passes on the fills that match, in the order of their recording; in several reads, so that none lasts. */
    public void forEachFill(OrderStore.FillFilter filter, Consumer<OrderStore.RecordedFill> receiver) {
        Optional<OrderStore.FillMark> next = Optional.empty();
        do {
            Optional<OrderStore.FillMark> after = next;
            OrderStore.FillPage page =
                    journal().read(connection -> store.fillsAfter(connection, filter, after, FILLS_READ));
            page.fills().forEach(receiver);
            next = page.next();
        } while (next.isPresent());
    }

    /** The stream bounds of an account in the journal: see {@link OrderStore.StreamBounds}. */
    @Override
    public OrderStore.StreamBounds streamBounds(String stream) {
        return journal().read(connection -> OrderStore.streamBounds(connection, stream));
    }

    @Override
    public List<RecordedEvent> eventsFrom(String stream, long from, int limit) {
        return journal().read(connection -> store.eventsFrom(connection, stream, from, limit));
    }

    /**
     * A fill as it was recorded.
     *
     * @param seq its position in the events of the account
     * @param order after it
     */
    public record NewFill(long seq, Instant at, Order order, Fill fill) {}

    /**
     * Fills of an account that were recorded after a position.
     *
     * @param last position up to which these are all, at least the one that was asked for while the account has events
     */
    public record NewFills(List<NewFill> fills, long last) {
        public NewFills {
            fills = List.copyOf(fills);
        }
    }

    /**
     * The fills of an account that were recorded after {@code position}, oldest first; the next {@value #FILLS_READ}, at most.
     *
     * @throws JournalException when the journal cannot be read now
     */
    public NewFills fillsAfter(String account, long position) {
        return journal().read(connection -> {
            // Read before the fills: an event that is recorded meanwhile is read the next time.
            long last = OrderStore.streamBounds(connection, account).last();
            var events = store.fillsFrom(connection, account, position + 1, FILLS_READ);
            var fills = new ArrayList<NewFill>();
            for (RecordedEvent event : events) {
                if (event.event() instanceof OrderEvent.Filled filled
                        && filled.fill().qty() > 0) {
                    fills.add(new NewFill(event.seq(), event.at(), event.after(), filled.fill()));
                }
            }
            boolean complete = events.size() < FILLS_READ;
            return new NewFills(fills, complete ? Math.max(last, lastOf(events)) : lastOf(events));
        });
    }

    private static long lastOf(List<RecordedEvent> events) {
        return events.isEmpty() ? 0 : events.getLast().seq();
    }

    /**
     * The position of the last event of an account.
     *
     * @throws JournalException when the journal cannot be read now
     */
    public long lastPosition(String account) {
        return streamBounds(account).last();
    }

    /** Every open order, oldest first. */
    public List<Order> open() {
        return open.values().stream()
                .sorted(Comparator.comparing(order -> order.id().text()))
                .toList();
    }

    /** The symbols of the open orders. */
    public Set<MarketSymbol> openSymbols() {
        return Set.copyOf(openSymbols.keySet());
    }

    /** The broker numbers that may be an order in doubt, from the last list read. */
    public List<Long> candidates(OrderId id) {
        return candidates.getOrDefault(id, List.of());
    }

    /** The trading day of {@code market} now. */
    public TradingDay today(Market market) {
        return hours.today(market, clock.instant());
    }

    /** The day on which trades of {@code day} settle. */
    public LocalDate settlementDay(TradingDay day) {
        return hours.settlementDay(day);
    }

    /** Whether the venue of {@code terms} has such an order, and accepts one at {@code at}. */
    public boolean accepts(Terms terms, Instant at) {
        return hours.accepts(terms, at);
    }

    /** Whether an order of {@code terms} is accepted at {@code at}, which may be in the future. */
    public RiskFacts.TradingWindow window(Terms terms, Instant at) {
        return hours.window(terms, at);
    }

    /** Whether an order of these terms is matched as it arrives at {@code at}. */
    boolean isContinuous(Terms terms, Instant at) {
        return hours.isContinuous(terms, at);
    }

    /** The terms on the first of KRX and NXT that accepts them at {@code at}, which may be in the future; else on KRX. */
    public Terms onVenueThatAccepts(Terms terms, Instant at) {
        Terms onKrx = terms.withVenue(Venue.KRX);
        Terms onNxt = terms.withVenue(Venue.NXT);
        return !window(onKrx, at).isOpen() && window(onNxt, at).isOpen() ? onNxt : onKrx;
    }

    /** The trading day of an order of {@code terms} that is placed at {@code at}. */
    TradingDay tradingDay(Terms terms, Instant at) {
        return hours.today(terms.symbol(), at);
    }

    /** The first instant at which such an order of {@code day} rests no more; empty where the market never closes. */
    Optional<Instant> restsUntil(Terms terms, TradingDay day) {
        return hours.definedEndOf(terms, day.date());
    }

    /** Ready when the orders of one account are. */
    public State state() {
        return state;
    }

    /** Whether the broker's list of an account has been read since the start: before, none of its orders is sent. */
    public boolean isReconciled(String account) {
        return state == State.READY && reconciled.contains(account);
    }

    /** Registers the meters of orders. */
    public void bindTo(Meters meters) {
        meters.gauge("order.queued", "orders", "Orders that wait to be sent", () -> queueDepth);
        meters.gauge("order.unknown", "orders", "Orders that are UNKNOWN", () -> unknown);
        Arrays.stream(OrderStatus.values())
                .filter(status -> !status.isTerminal())
                .forEach(status -> meters.gauge(
                        "order.open",
                        "orders",
                        "Orders that have not ended, by status",
                        () -> open.values().stream()
                                .filter(order -> order.status() == status)
                                .count(),
                        "status",
                        // As in the API.
                        status == OrderStatus.NEW ? "queued" : status.name().toLowerCase(Locale.ROOT)));
        meters.queue("order_desk", inputs::size, QUEUE_CAPACITY);
        meters.queue("unmatched_notices", () -> unmatchedNotices, UnmatchedNotices.CAPACITY);
        meters.queue("order_desk_urgent", urgent::size, URGENT_CAPACITY);
        meters.queue("journal_reads", () -> journal.map(Journal::queuedReads).orElse(0), Journal.QUEUED_READS_MAX);
        hours.bindTo(meters);
        traces.bindTo(meters);
        meters.cacheLimit("orders_ended", recent::estimatedSize, RECENT_CAPACITY);
        counters.bindTo(meters);
    }

    /** What happened to orders since the start. */
    public OrderFigures figures() {
        return counters.figures();
    }

    /** How much of the daily limits of orders is used today. */
    public List<DailyOrders> dailyOrders() {
        Instant now = clock.instant();
        return dailyOrders.get().stream()
                .filter(it -> it.day().equals(hours.today(it.day().market(), now)))
                .toList();
    }

    /** The ended orders in memory, unsorted; after the start those of the last days, from the journal. */
    public List<Order> recentlyEnded() {
        return List.copyOf(recent.asMap().values());
    }

    /** The fencing number of this ownership of the journal; 0 while it is not open. */
    public long fence() {
        return journal.map(Journal::fence).orElse(0L);
    }

    /** Stops the intake of orders; sends in flight continue. */
    public void stopIntake() {
        acceptsOrders = false;
    }

    /**
     * Stops: no new order is accepted or sent, answers in flight are awaited for up to {@code timeout}, unsent orders
     * stay in the journal.
     */
    public void stop(Duration timeout) {
        acceptsOrders = false;
        stopping = true;
        dispatcher.stopStarting();
        stopped.countDown();
        Instant until = clock.instant().plus(timeout);
        try {
            // In this order: what a group sends is in flight before the group ends.
            while ((processing || dispatcher.sendsInFlight() > 0)
                    && clock.instant().isBefore(until)) {
                thread.join(20);
            }
            finishing = true;
            if (!inputs.offer(new OrderInput.TimerDue())) {
                LOG.debug("order_desk_busy_at_stop"); // then it needs no wake-up
            }
            thread.join(CALLER_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        dispatcher.close();
    }

    @Override
    public void close() {
        stop(CALLER_TIMEOUT);
    }

    private Journal journal() {
        return journal.orElseThrow(() -> new JournalException("the journal is not open"));
    }

    private Answer submit(
            List<KeyUse.Name> names, Duration timeout, java.util.function.LongFunction<OrderInput> input) {
        long ticket = tickets.incrementAndGet();
        return submit(names, timeout, ticket, input.apply(ticket));
    }

    private Answer submit(List<KeyUse.Name> names, Duration timeout, long ticket, OrderInput input) {
        return submit(
                names,
                timeout,
                ticket,
                input,
                unavailable("the journal did not answer in time: the outcome is unknown, repeat with the same key"));
    }

    private Answer submit(
            List<KeyUse.Name> names, Duration timeout, long ticket, OrderInput input, Answer timeoutAnswer) {
        if (!acceptsOrders || state == State.JOURNAL_UNAVAILABLE || state == State.STOPPED) {
            return killReason()
                    .filter(_ -> isTradingInput(input))
                    .<Answer>map(reason -> new Answer.Refused(RiskRules.killSwitchRefusal(
                            reason, "the journal is unavailable, so an earlier use of its key cannot be looked up")))
                    .orElseGet(() -> unavailable("the gateway takes no orders now; nothing was recorded"));
        }
        List<KeyUse.Name> reservedNames = new ArrayList<>(names.size());
        for (KeyUse.Name name : names) {
            if (!keysInFlight.add(name)) {
                reservedNames.forEach(keysInFlight::remove);
                return new Answer.Refused(Refusal.of(
                        ErrorCode.IDEMPOTENCY_IN_FLIGHT, "a request with this key is being decided; repeat it"));
            }
            reservedNames.add(name);
        }
        var answer = new CompletableFuture<Answer>();
        callers.put(ticket, answer);
        traces.arrived(input);
        try {
            if (!enqueue(input)) {
                traces.withdrawn(input);
                return new Answer.Refused(Refusal.of(
                                ErrorCode.QUOTA_EXCEEDED,
                                "too many requests wait for the order desk; nothing was recorded")
                        .retryAfter(Duration.ofSeconds(1)));
            }
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return timeoutAnswer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unavailable("the gateway is stopping: the outcome is unknown, repeat with the same key");
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            callers.remove(ticket);
            reservedNames.forEach(keysInFlight::remove);
        }
    }

    /** Whether the input buys or sells shares: the kill switch stops these. */
    private static boolean isTradingInput(OrderInput input) {
        return input instanceof OrderInput.Place
                || input instanceof OrderInput.PlaceBatch
                || input instanceof OrderInput.Modify;
    }

    private boolean enqueue(OrderInput input) {
        if (!isTradingInput(input) && urgent.offer(input)) {
            if (inputs.isEmpty() && !inputs.offer(new OrderInput.TimerDue())) {
                LOG.debug("order_desk_busy"); // then it needs no wake-up
            }
            return true;
        }
        // Limits use a single queue: from the slower of two, older limits would be decided after newer ones and stay.
        return !(input instanceof OrderInput.SetLimits) && inputs.offer(input);
    }

    private static Answer unavailable(String message) {
        return new Answer.Refused(
                Refusal.of(ErrorCode.JOURNAL_UNAVAILABLE, message).retryAfter(Duration.ofSeconds(1)));
    }

    /** Queues an input that must not be lost, waiting while the desk is full. */
    private void deliver(OrderInput input) {
        try {
            while (state != State.STOPPED) {
                if (inputs.offer(input, 100, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.warn("input_lost_at_stop kind={}", input.getClass().getSimpleName());
        }
    }

    // ---- the loop ----

    private void run() {
        while (!stopping) {
            heartbeat.beat();
            try (Journal opened = journalOpener.get()) {
                journal = Optional.of(opened);
                serve(opened);
            } catch (JournalException e) {
                unavailable(AlertEvent.JOURNAL_UNAVAILABLE, e);
            } catch (RuntimeException | StackOverflowError | LinkageError e) {
                LOG.error("order_desk_failed", e); // a defect: restart from the durable events
                unavailable(AlertEvent.ORDER_DESK_FAILED, new JournalException("the order desk failed: " + e, e));
            }
        }
        journal = Optional.empty();
        state = State.STOPPED;
        callers.values()
                .forEach(c -> c.complete(
                        unavailable("the gateway is stopping: the outcome is unknown, repeat with the same key")));
    }

    private void unavailable(AlertEvent event, JournalException cause) {
        journal = Optional.empty();
        dispatcher.restart();
        if (journalOpened.completeExceptionally(cause)) {
            stopping = true;
            dispatcher.stopStarting();
            return;
        }
        state = State.JOURNAL_UNAVAILABLE;
        Optional<String> reason = Optional.of(String.valueOf(cause.getMessage()));
        if (!outage.equals(reason)) { // tried again each second, for as long as it takes
            LOG.error("journal_unavailable cause={}", cause.getMessage());
        }
        if (outage.isEmpty()) {
            raise(OrderEffect.Level.P1, event, "no order is accepted until it works again: " + cause.getMessage());
        }
        outage = reason;
        callers.values()
                .forEach(c -> c.complete(unavailable(
                        "the journal cannot be written: the outcome is unknown, repeat with the same key")));
        try {
            stopped.await(REOPEN_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One ownership of the journal: everything that ends with it. */
    private record Ownership(
            Journal journal, OrderStore.DeskStatements statements, OrderCore core, StoredOrders stored) {}

    private void serve(Journal opened) {
        TradingDay today = hours.today(Market.KOREA, clock.instant());
        List<LocalDate> days = hours.markets().stream()
                .map(market -> hours.today(market, clock.instant()).date())
                .sorted()
                .toList();
        List<ControlEvent> control = opened.onWriter(store::controlEvents);
        List<Order> loaded = ofConfiguredAccounts(
                opened,
                opened.onWriter(connection -> store.openAndToday(connection, days.getFirst(), days.getLast())),
                control);
        OrderCore core = new OrderCore(settings, risk, policy, hours, loaded, control, opened.lastSeq(), readLayers);
        var statements = opened.onWriter(OrderStore.DeskStatements::on);
        var ownership = new Ownership(opened, statements, core, new StoredOrders(store, opened, statements, core));
        dailyOrders = () -> currentPolicy.dailyOrders(core.exposure());
        open.clear();
        openSymbols.clear();
        loaded.forEach(this::cacheOrder);
        traces.restart();
        if (opened.fence() != lastFence + 1) {
            unsent.clear(); // a gateway that owned the journal in between may have sent the same attempts
        }
        lastFence = opened.fence();
        state = State.RECONCILING;
        if (outage.isPresent()) {
            // Alerts raised by the previous core, whose state is gone; the new one raises those that still apply.
            settle(new OrderEffect.AlertSettled(AlertEvent.ORDERS_SUSPENDED, DecisionContext.GATEWAY_WIDE));
            settings.accounts()
                    .keySet()
                    .forEach(account -> settle(new OrderEffect.AlertSettled(
                            AlertEvent.LIST_FAILED, new AccountDay(account, today).toString())));
        }
        commitAndRelease(
                ownership, List.of(traces.untraced(core.start(clock.instant(), Set.copyOf(unsent)))), Set.of());
        unsent.clear();
        journalOpened.complete(null);
        LOG.info("journal_read orders={} fence={}", loaded.size(), opened.fence());
        Instant startedAt = clock.instant();
        while (!finishing) {
            heartbeat.beat();
            OrderInput first = nextInput(core);
            processGroup(ownership, first);
            if (outage.isPresent() && !clock.instant().isBefore(startedAt.plus(RECOVERY_PERIOD))) {
                String was = outage.get();
                outage = Optional.empty();
                settle(new OrderEffect.AlertSettled(AlertEvent.JOURNAL_UNAVAILABLE, DecisionContext.GATEWAY_WIDE));
                settle(new OrderEffect.AlertSettled(AlertEvent.ORDER_DESK_FAILED, DecisionContext.GATEWAY_WIDE));
                raise(
                        OrderEffect.Level.P2,
                        AlertEvent.ORDER_DESK_WORKS_AGAIN,
                        "orders are accepted again; the cause was: " + was);
            }
        }
        // Inputs that arrived while the desk was stopping: answers of sends above all.
        for (OrderInput last = pollInput(); last != null; last = pollInput()) {
            processGroup(ownership, last);
        }
        LOG.info("order_desk_stopped in_flight={}", dispatcher.sendsInFlight());
    }

    /**
     * The orders of the configured accounts: the journal may have those of one that was removed or has another number now, and their
     * list is not requested.
     *
     * @throws JournalException when one of these is open, or what {@link #requireAccountsOf} reads
     */
    private List<Order> ofConfiguredAccounts(Journal opened, List<Order> loaded, List<ControlEvent> control) {
        var history = new AliasHistory(settings.fingerprints());
        for (ControlEvent event : control) {
            if (event instanceof ControlEvent.AliasAssigned assigned) {
                history.apply(assigned);
            }
        }
        Set<String> aliases = settings.accounts().keySet();
        Map<OrderId, String> openOrders = new LinkedHashMap<>();
        loaded.stream()
                .filter(order -> !order.status().isTerminal())
                .forEach(order -> openOrders.put(order.id(), order.terms().accountId()));
        history.require("order", openOrders, aliases);
        history.require("parent order", opened.onWriter(openParents), aliases);
        for (String alias : aliases) {
            if (history.isRenumbered(alias)) {
                LOG.warn("account_renumbered account={}", alias);
            } else if (history.isIncomparable(alias)) {
                LOG.warn("account_not_compared account={} cause=\"the master key is another than before\"", alias);
            }
        }
        return loaded.stream()
                .filter(order -> aliases.contains(order.terms().accountId()))
                .filter(order -> !history.isOfFormerAccount(order))
                .toList();
    }

    private @Nullable OrderInput pollInput() {
        OrderInput first = urgent.poll();
        return first == null ? inputs.poll() : first;
    }

    private OrderInput nextInput(OrderCore core) {
        try {
            Optional<OrderInput.KillSwitch> kill = unrecordedKill.get();
            if (kill.isPresent()) {
                // Before all waiting inputs, and also when no queue had a place for it; an input that is in a queue
                // is not decided a second time.
                urgent.remove(kill.get());
                inputs.remove(kill.get());
                return kill.get();
            }
            OrderInput first = pollInput();
            if (first != null) {
                return first;
            }
            OrderInput input = inputs.poll(untilDue(core).toNanos(), TimeUnit.NANOSECONDS);
            return input == null ? new OrderInput.TimerDue() : input;
        } catch (InterruptedException e) {
            throw new IllegalStateException("the order desk must not be interrupted", e);
        }
    }

    private void processGroup(Ownership ownership, OrderInput first) {
        processing = true; // before a grant is decided: see stop()
        try {
            decideAndRelease(ownership, first);
        } finally {
            processing = false;
        }
    }

    private void decideAndRelease(Ownership ownership, OrderInput first) {
        List<OrderInput> group = new ArrayList<>(COMMIT_GROUP);
        group.add(first);
        urgent.drainTo(group, COMMIT_GROUP / 2); // answers and notices must not starve behind repeated cancels
        inputs.drainTo(group, COMMIT_GROUP - group.size());
        Instant takenAt = clock.instant();
        ownership.stored().lookUpKeys(group);
        List<OrderTraces.Decision> decisions = new ArrayList<>(group.size());
        for (OrderInput input : group) {
            decisions.add(traces.decided(input, takenAt, decide(ownership, input)));
        }
        Set<Long> granted = grantFreeSlots(ownership, decisions, takenAt);
        commitAndRelease(ownership, decisions, granted);
    }

    /**
     * Grants the slots that the decisions request and that are free now, and decides what takes them: then an order and its send
     * become durable in one commit, and its first byte does not wait for a second one. It is sent after the commit like any other.
     *
     * @param decisions those of the granted slots are added
     * @return the slots
     */
    private Set<Long> grantFreeSlots(Ownership ownership, List<OrderTraces.Decision> decisions, Instant takenAt) {
        Set<Long> granted = new HashSet<>();
        Set<SendQueue.BudgetShare> exhausted = new HashSet<>();
        for (int i = 0; i < decisions.size(); i++) { // a granted slot may request the next
            for (OrderEffect effect : decisions.get(i).step().effects()) {
                if (effect instanceof OrderEffect.RequestSlot request && !exhausted.contains(request.share())) {
                    if (dispatcher.grantIfFree(request)) {
                        granted.add(request.slot());
                        var input = new OrderInput.SlotGranted(request.slot());
                        decisions.add(traces.decided(input, takenAt, decide(ownership, input)));
                    } else {
                        exhausted.add(request.share());
                    }
                }
            }
        }
        return granted;
    }

    private OrderCore.Step decide(Ownership ownership, OrderInput input) {
        int openBefore = input instanceof OrderInput.ListArrived ? open.size() : 0;
        OrderCore.Step step = ownership.core().decide(ownership.stored().addTo(dropIfStale(input)), clock.instant());
        if (input instanceof OrderInput.ListArrived(var day, Broker.DailyOrders.Complete dailyOrders, var _)) {
            counters.listings.increment();
            counters.checked.add(openBefore);
            candidates = ownership.core().candidates();
            LOG.debug("list_read day={} rows={}", day, dailyOrders.orders().size());
        }
        return step;
    }

    /**
     * A grant from before a restart of the desk no longer has a slot, and one that arrives while the desk stops must not
     * start a send. An older call never lifts a newer kill switch.
     */
    private OrderInput dropIfStale(OrderInput input) {
        return switch (input) {
            case OrderInput.SlotGranted(long number)
            when stopping || !dispatcher.hasSlot(number) -> {
                if (stopping) { // otherwise the present start may get one with this number at this moment
                    dispatcher.releaseSlot(number);
                }
                yield new OrderInput.TimerDue();
            }
            case OrderInput.KillSwitch kill
            when !kill.on() && kill.ticket() < lastKill.get() -> {
                Optional.ofNullable(callers.get(kill.ticket()))
                        .ifPresent(caller -> caller.complete(DecisionContext.refusal(
                                ErrorCode.KILL_SWITCH, "the kill switch was set on after this call; it stays on")));
                yield new OrderInput.TimerDue();
            }
            default -> input;
        };
    }

    private Duration untilDue(OrderCore core) {
        Duration wait = core.nextTimer()
                .map(at -> Duration.between(clock.instant(), at))
                .orElse(IDLE);
        if (wait.compareTo(MIN_WAIT) < 0) {
            return MIN_WAIT;
        }
        return wait.compareTo(IDLE) > 0 ? IDLE : wait;
    }

    /** @param granted slots that are requested by {@code decisions} and need not be requested any more */
    private void commitAndRelease(Ownership ownership, List<OrderTraces.Decision> decisions, Set<Long> granted) {
        List<OrderCore.Step> steps =
                decisions.stream().map(OrderTraces.Decision::step).toList();
        OrderCore core = ownership.core();
        List<RecordedEvent> events = new ArrayList<>();
        List<OrderCore.RecordedControlEvent> control = new ArrayList<>();
        List<OrderCore.RecordedAppend> appends = new ArrayList<>();
        Map<OrderId, Order> after = new LinkedHashMap<>();
        for (OrderCore.Step step : steps) {
            control.addAll(step.controlEvents());
            appends.addAll(step.appends());
            for (RecordedEvent event : step.events()) {
                events.add(event);
                after.put(event.after().id(), event.after());
                if (event.event() instanceof OrderEvent.SendStarted started) {
                    unsent.add(new OrderCore.SendAttempt(started.order(), started.request(), started.attempt()));
                }
            }
        }
        if (!events.isEmpty() || !control.isEmpty() || !appends.isEmpty()) {
            Instant begun = clock.instant();
            store.commit(ownership.journal(), ownership.statements(), events, control, appends, after);
            Instant ended = clock.instant();
            counters.committed(events.size() + control.size() + appends.size(), Duration.between(begun, ended));
            traces.committed(decisions, begun, ended, events.size());
        }
        after.values().forEach(this::cacheOrder);
        events.forEach(event -> counters.count(event.event(), event.after()));
        queueDepth = core.queueDepth();
        unknown = core.unknown();
        unmatchedNotices = core.unmatchedNotices();
        currentPolicy = core.policy();
        limitsSet = core.limitsSet();
        reconciled = core.reconciled();
        state = reconciled.isEmpty() ? State.RECONCILING : State.READY;
        for (OrderTraces.Decision decision : decisions) {
            for (OrderEffect effect : decision.step().effects()) {
                if (!(effect instanceof OrderEffect.RequestSlot request && granted.contains(request.slot()))) {
                    release(decision, effect);
                }
            }
            traces.released(decision);
        }
    }

    private void cacheOrder(Order order) {
        if (order.status().isTerminal()) {
            recent.put(order.id(), order);
            if (open.remove(order.id()) != null) {
                openSymbols.merge(order.terms().symbol(), -1, (n, one) -> n + one == 0 ? null : n + one);
            }
        } else if (open.put(order.id(), order) == null) {
            openSymbols.merge(order.terms().symbol(), 1, Integer::sum);
        }
    }

    // ---- effects ----

    private void release(OrderTraces.Decision decision, OrderEffect effect) {
        switch (effect) {
            case OrderEffect.Reply reply -> {
                if (reply.answer() instanceof Answer.Accepted accepted && accepted.replay()) {
                    counters.deduplicated.increment();
                }
                if (reply.answer()
                        .reason()
                        .filter(it -> it.code() == ErrorCode.QUEUE_TIMEOUT)
                        .isPresent()) {
                    counters.queueTimeouts.increment();
                }
                if (reply.answer() instanceof Answer.KillSwitchStatus) {
                    unrecordedKill.updateAndGet(kill -> kill.filter(k -> k.ticket() != reply.ticket()));
                }
                CompletableFuture<Answer> caller = callers.get(reply.ticket());
                if (caller != null) {
                    caller.complete(reply.answer());
                }
            }
            case OrderEffect.RequestSlot request -> dispatcher.requestSlot(request);
            case OrderEffect.ReleaseSlot unused -> dispatcher.releaseSlot(unused.slot());
            case OrderEffect.Send send -> {
                unsent.removeIf(attempt -> attempt.isOf(send));
                dispatcher.send(send, traces.ofRequest(send.order(), send.request()));
            }
            case OrderEffect.KillSwitchChanged k -> recordedKillSwitch = k.killSwitch();
            case OrderEffect.LoadReplacement load ->
                dispatcher.load(
                        load.original(),
                        replacementLoader,
                        traces.ofReplacement(load.original().id()));
            case OrderEffect.RequestDailyOrders request -> dispatcher.requestDailyOrders(request);
            case OrderEffect.OrderChanged changed ->
                traces.publish(
                        decision,
                        changed.order().id(),
                        "orders",
                        () -> notifyListener(() -> listener.orderChanged(changed.order())));
            case OrderEffect.FillExecuted executed ->
                traces.publish(
                        decision,
                        executed.order().id(),
                        "executions",
                        () -> notifyListener(() -> listener.fillExecuted(executed.order(), executed.fill())));
            case OrderEffect.Alert alert -> Trace.within(alert.order().flatMap(traces::ofOrder), () -> raise(alert));
            case OrderEffect.AlertSettled settled -> settle(settled);
        }
    }

    private void raise(OrderEffect.Level level, AlertEvent kind, String message) {
        raise(new OrderEffect.Alert(
                level, kind, DecisionContext.GATEWAY_WIDE, message, Optional.empty(), Optional.empty()));
    }

    private void settle(OrderEffect.AlertSettled settled) {
        notifyListener(() -> listener.alertSettled(clock.instant(), settled));
    }

    private void raise(OrderEffect.Alert alert) {
        counters.alerts.increment();
        LOG.warn(
                "{} level={} by={} {}", alert.event(), alert.level(), alert.by().orElse("-"), alert.message());
        notifyListener(() -> listener.alertRaised(clock.instant(), alert));
    }

    /** A listener's defect must not stop the sends behind it: recorded and unsent they would be in doubt. */
    private static void notifyListener(Runnable notification) {
        try {
            notification.run();
        } catch (RuntimeException e) {
            LOG.error("order_listener_failed", e);
        }
    }
}
