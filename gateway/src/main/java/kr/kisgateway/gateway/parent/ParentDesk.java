package kr.kisgateway.gateway.parent;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.AlertSource;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.journal.JournalException;
import kr.kisgateway.gateway.journal.JournalRows;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.order.KeyUse;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderDesk;
import kr.kisgateway.gateway.order.OrderEffect;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.OrderIntake;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.gateway.parent.ParentEffect.Answer;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.task.Heartbeat;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.TradingCalendar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single thread that runs the {@link ParentCore}, and the virtual threads that place and cancel its orders through the order
 * desk. Nothing is answered or placed before it is in the journal. When the journal cannot be written it is unknown which events
 * are durable: the open parent orders are read from it again, as after a crash.
 */
public final class ParentDesk implements AutoCloseable {
    /** Inputs that may wait; a further caller is refused. */
    private static final int QUEUE_CAPACITY = 4_096;

    private static final Duration CALLER_TIMEOUT = Duration.ofSeconds(6);
    private static final Duration REOPEN_PAUSE = Duration.ofSeconds(1);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger("gateway.order.parent");
    private static final Duration CHECK_PRICES_EVERY = Duration.ofSeconds(2);
    private static final Duration RESOLVE_EVERY = Duration.ofMinutes(1);
    /** Parent orders that an alert about a price names. */
    private static final int NAMED_MAX = 5;

    private final OrderDesk orders;
    private final OrderIntake intake;
    private final Predicate<String> mayTrade;
    private final Map<ParentAlert, AlertSource> alerts;
    private final PriceSupply supply;
    private final UnaryOperator<Terms> router;
    private final LegMarket market;
    private final boolean asksAfterAbsence;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final ParentStore store = new ParentStore();
    private final ArrayBlockingQueue<ParentInput> inputs = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
    private final Map<Long, CompletableFuture<Answer>> callers = new ConcurrentHashMap<>();
    private final AtomicLong tickets = new AtomicLong();
    private final Map<ParentId, Parent> open = new ConcurrentHashMap<>();
    /** Parent orders of which the alert is not settled; the desk's thread only. */
    private final Set<ParentId> held = new HashSet<>();

    private final Set<ParentId> waitingExits = new HashSet<>();
    private final PriceWatch watch = new PriceWatch();
    private final OverduePrices overdue = new OverduePrices();
    private Instant pricesCheckedAt = Instant.MIN;
    private Instant resolvedAt = Instant.MIN;
    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("parent-", 0).factory());
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Heartbeat heartbeat = new Heartbeat();
    private final Thread thread;
    private volatile Set<OrderId> followed = Set.of();
    private volatile boolean endsMissed;
    private volatile boolean stopping;

    /**
     * @param orders whose journal has the parent orders
     * @param mayTrade whether an API key of this name may place orders now
     * @param alerts the source of each kind of alert
     * @param supply obtains the prices that orders wait for
     * @param router puts an order that leaves the venue open on one
     * @param market of each order
     * @param asksAfterAbsence whether a price that triggers and is the first after a start is left for somebody to decide on
     */
    public ParentDesk(
            OrderDesk orders,
            OrderIntake intake,
            Predicate<String> mayTrade,
            Map<ParentAlert, AlertSource> alerts,
            PriceSupply supply,
            UnaryOperator<Terms> router,
            LegMarket market,
            boolean asksAfterAbsence,
            InstantSource clock,
            RandomGenerator random) {
        this.orders = orders;
        this.intake = intake;
        this.mayTrade = mayTrade;
        this.alerts = Map.copyOf(alerts);
        this.supply = supply;
        this.router = router;
        this.market = market;
        this.asksAfterAbsence = asksAfterAbsence;
        this.clock = clock;
        this.random = random;
        this.thread = Thread.ofPlatform().name("parent-desk").unstarted(this::run);
    }

    /** Starts; the order desk has read its journal. */
    public void start() {
        thread.start();
    }

    /** Registers the meters. */
    public void bindTo(Meters meters) {
        meters.gauge("parent.open", "parents", "Open parent orders", open::size);
        meters.queue("parent_desk", inputs::size, QUEUE_CAPACITY);
        meters.resource("parents", open::size, ParentCore.OPEN_MAX);
    }

    // ---- calls ----

    /** Creates a parent order and waits until it is durable or refused. */
    Answer submit(Plan plan, KeyUse key) {
        ParentId id = ParentId.create(clock.instant(), random);
        return submit(ticket -> new ParentInput.Submit(ticket, id, plan, key, Optional.empty()));
    }

    /**
     * Changes what waits of a parent order.
     *
     * @param before the plan that the caller knew
     * @param key idempotency key of the request, if it has one
     */
    Answer modify(ParentId id, Plan before, Change change, Optional<KeyUse> key) {
        return submit(ticket -> new ParentInput.Modify(ticket, id, before, change.plan(), change.dropped(), key));
    }

    /**
     * Places an order that is held.
     *
     * @param by name of the API key
     * @param key idempotency key of the request, if it has one
     */
    Answer release(ParentId id, String by, Optional<KeyUse> key) {
        return submit(ticket -> new ParentInput.Release(ticket, id, by, key));
    }

    /**
     * Ends a parent order: its order is not placed, or is cancelled.
     *
     * @param by name of the API key
     */
    Answer cancel(ParentId id, String by) {
        return submit(ticket -> new ParentInput.Cancel(ticket, id, by));
    }

    /**
     * A parent order of any age.
     *
     * @throws JournalException when the journal cannot be read now
     */
    Optional<Parent> find(ParentId id) {
        Parent live = open.get(id);
        return live == null ? orders.read(connection -> store.find(connection, id)) : Optional.of(live);
    }

    /** The parent order with this number, of any age. */
    Optional<Parent> find(long number) {
        return orders.read(connection -> store.ofNumber(connection, number));
    }

    /** The parent order of a key, of any age. */
    Optional<Parent> find(KeyUse.Name name) {
        return orders.read(connection -> store.ofKey(connection, name));
    }

    /**
     * Parent orders that pass the filter, newest first.
     *
     * @throws JournalException when the journal cannot be read now
     */
    List<Parent> list(ParentStore.Filter filter, Optional<ParentId> before, int limit) {
        return orders.read(connection -> store.list(connection, filter, before, limit));
    }

    /** The events of a parent order, oldest first. */
    List<JournalEntry> events(ParentId id) {
        return orders.read(connection -> {
            List<JournalEntry> events = new ArrayList<>();
            JournalRows.entriesOf(connection, id.text(), events::add);
            return events;
        });
    }

    /** Takes the end of an order; returns at once. */
    public void orderChanged(Order order) {
        if (order.status().isTerminal()
                && followed.contains(order.id())
                && !inputs.offer(new ParentInput.OrderEnded(order))) {
            endsMissed = true;
        }
    }

    /** Takes a price; returns at once. */
    public void priceSeen(LastTick last) {
        priceSeen(last.trade().symbol(), last.trade().price(), last.trade().volume(), !last.polled());
    }

    private void priceSeen(MarketSymbol symbol, long price, long volume, boolean isTrade) {
        if (watch.add(symbol, price, volume, isTrade, clock.instant())
                && watch.requestTake()
                && !inputs.offer(new ParentInput.PricesSeen(Map.of()))) {
            watch.withdrawRequest(); // a full queue is not waited for: the prices are taken with its next input
        }
    }

    /** Parent orders of an API key that ended place no more orders. */
    public void keyEnded(String principal) {
        deliver(new ParentInput.KeyEnded(principal));
    }

    private Answer submit(LongFunction<ParentInput> input) {
        long ticket = tickets.incrementAndGet();
        var answer = new CompletableFuture<Answer>();
        callers.put(ticket, answer);
        try {
            if (stopping || !inputs.offer(input.apply(ticket))) {
                return unavailable("the gateway takes no parent orders now; nothing was recorded");
            }
            return answer.get(CALLER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return unavailable("the journal did not answer in time: the outcome is unknown, repeat with the same key");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unavailable("the gateway is stopping: the outcome is unknown, repeat with the same key");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            callers.remove(ticket);
        }
    }

    private static Answer unavailable(String message) {
        return new Answer.Refused(
                Refusal.of(ErrorCode.JOURNAL_UNAVAILABLE, message).retryAfter(Duration.ofSeconds(1)));
    }

    /** Queues an input that must not be lost. */
    private void deliver(ParentInput input) {
        try {
            while (!stopping) {
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

    /** Turns of the loop: at least one a second, also while the journal is not available. */
    public Heartbeat heartbeat() {
        return heartbeat;
    }

    private void run() {
        while (!stopping) {
            heartbeat.beat();
            try {
                serve();
            } catch (JournalException e) {
                LOG.warn("parent_orders_unavailable cause=\"{}\"", e.getMessage());
                pause();
            } catch (RuntimeException e) {
                LOG.error("parent_desk_failed", e); // a defect: restart from the durable events
                pause();
            }
        }
        callers.values()
                .forEach(caller -> caller.complete(
                        unavailable("the gateway is stopping: the outcome is unknown, repeat with the same key")));
    }

    private void pause() {
        callers.values()
                .forEach(caller -> caller.complete(unavailable(
                        "the journal cannot be written: the outcome is unknown, repeat with the same key")));
        awaitStop(REOPEN_PAUSE);
    }

    private void serve() {
        List<Parent> loaded = orders.read(store::open);
        var core = new ParentCore(loaded, intake::newId, market, asksAfterAbsence);
        // Never empty in between: an order that is being placed would not be wanted then.
        loaded.forEach(this::cache);
        open.keySet().retainAll(loaded.stream().map(Parent::id).collect(Collectors.toSet()));
        observe(core);
        release(core, core.start(clock.instant()));
        LOG.info("parent_orders_read open={}", loaded.size());
        while (!stopping) {
            step(core, withPrior(next(core)));
            Map<MarketSymbol, PriceRange> prices = watch.take();
            if (!prices.isEmpty()) {
                step(core, new ParentInput.PricesSeen(prices));
            }
            if (!untilTimer(core).isPositive()) {
                step(core, new ParentInput.TimerDue());
            }
            checkPrices(core);
        }
    }

    /** Chooses the watched series again from time to time, and requests and reports prices that do not come. */
    private void checkPrices(ParentCore core) {
        Instant now = clock.instant();
        if (!now.isBefore(resolvedAt.plus(RESOLVE_EVERY))) {
            resolvedAt = now;
            core.resolveSeries();
            observe(core);
        }
        if (now.isBefore(pricesCheckedAt.plus(CHECK_PRICES_EVERY))) {
            return;
        }
        pricesCheckedAt = now;
        Map<MarketSymbol, Set<ParentId>> awaited = core.awaitedPrices(now);
        OverduePrices.Check check = overdue.check(awaited.keySet(), watch::receivedAt, now);
        check.request().forEach(symbol -> workers.execute(() -> request(symbol)));
        check.missing()
                .forEach(symbol -> source(ParentAlert.PRICES_MISSING)
                        .raise(
                                symbol.code(),
                                "no price of " + symbol.code() + " was received for "
                                        + OverduePrices.OVERDUE.toSeconds() + " s, and KIS answers none: "
                                        + textOf(awaited.getOrDefault(symbol, Set.of()))
                                        + " cannot be triggered"));
        check.over().forEach(symbol -> source(ParentAlert.PRICES_MISSING).settle(symbol.code()));
    }

    private static String textOf(Set<ParentId> parents) {
        return parents.stream().limit(NAMED_MAX).map(ParentId::text).collect(Collectors.joining(", "))
                + (parents.size() > NAMED_MAX ? " and " + (parents.size() - NAMED_MAX) + " others" : "");
    }

    private void request(MarketSymbol symbol) {
        Optional<PriceSupply.Requested> answer = Optional.empty();
        try {
            answer = supply.request(symbol);
        } finally {
            overdue.answered(symbol, answer.isPresent());
        }
        answer.ifPresent(it -> priceSeen(symbol, it.price(), it.volume(), false));
    }

    private void step(ParentCore core, ParentInput input) {
        ParentCore.Step step = core.decide(input, clock.instant());
        record(core, step);
        release(core, step);
    }

    private Duration untilTimer(ParentCore core) {
        return core.nextTimer()
                .map(at -> Duration.between(clock.instant(), at))
                .filter(until -> until.compareTo(IDLE) < 0)
                .orElse(IDLE);
    }

    private ParentInput next(ParentCore core) {
        heartbeat.beat();
        if (endsMissed) {
            endsMissed = false;
            return new ParentInput.EndsMissed();
        }
        Duration wait = watch.isEmpty() ? untilTimer(core) : Duration.ZERO;
        try {
            ParentInput input = inputs.poll(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
            return input == null ? new ParentInput.TimerDue() : input;
        } catch (InterruptedException e) {
            throw new IllegalStateException("the desk of parent orders must not be interrupted", e);
        }
    }

    /** Looked up here, on the only thread that adds any: of two requests with one key the second finds the first. */
    private ParentInput withPrior(ParentInput input) {
        if (!(input instanceof ParentInput.Submit submit)) {
            return input;
        }
        return new ParentInput.Submit(
                submit.ticket(),
                submit.id(),
                submit.plan(),
                submit.key(),
                find(submit.key().name()));
    }

    private void record(ParentCore core, ParentCore.Step step) {
        if (step.events().isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        List<Parent> after =
                step.events().stream().map(event -> core.after(event, 0, now)).toList();
        switch (orders.append(store.append(step.events(), after))) {
            case OrderEffect.Answer.Appended(long firstSeq, Instant at) -> {
                long seq = firstSeq;
                for (ParentEvent event : step.events()) {
                    Parent changed = core.apply(event, seq++, at);
                    cache(changed);
                    settle(changed);
                }
                observe(core);
            }
            case OrderEffect.Answer.Refused(Refusal refusal) -> throw new JournalException(refusal.message());
            case OrderEffect.Answer other -> throw new IllegalStateException("not an answer to an append: " + other);
        }
    }

    /** One that lasts is raised once. */
    private void alert(ParentEffect.Alert alert) {
        boolean isNew = switch (alert.kind()) {
            case HELD -> held.add(alert.id());
            case EXIT_WAITS -> waitingExits.add(alert.id());
            case NOT_PLACED, NO_EXIT, NOT_CHANGED, PRICES_MISSING, TRIGGERED -> true;
        };
        if (isNew) {
            source(alert.kind()).raise(alert.id().text(), alert.message());
        }
    }

    /** Settles the alerts of which the cause is over. */
    private void settle(Parent parent) {
        if (!parent.isHeld() && held.remove(parent.id())) {
            source(ParentAlert.HELD).settle(parent.id().text());
        }
        if (!parent.isOpen()) {
            settleExit(parent.id());
        }
    }

    private void settleExit(ParentId id) {
        if (waitingExits.remove(id)) {
            source(ParentAlert.EXIT_WAITS).settle(id.text());
        }
    }

    private AlertSource source(ParentAlert kind) {
        return Optional.ofNullable(alerts.get(kind)).orElseThrow();
    }

    private void cache(Parent parent) {
        if (parent.isOpen()) {
            open.put(parent.id(), parent);
        } else {
            open.remove(parent.id());
        }
    }

    /** Follows the orders and prices that the core waits for, before what it decided is carried out. */
    private void observe(ParentCore core) {
        followed = core.followed();
        Set<MarketSymbol> before = watch.symbols();
        Set<MarketSymbol> after = core.watchedSymbols();
        if (!before.equals(after)) {
            watch.watch(after);
            after.stream().filter(symbol -> !before.contains(symbol)).forEach(supply::watch);
            before.stream().filter(symbol -> !after.contains(symbol)).forEach(supply::unwatch);
        }
    }

    // ---- effects ----

    private void release(ParentCore core, ParentCore.Step step) {
        for (ParentEffect effect : step.effects()) {
            switch (effect) {
                case ParentEffect.Reply reply ->
                    Optional.ofNullable(callers.get(reply.ticket())).ifPresent(it -> it.complete(reply.answer()));
                case ParentEffect.Place place ->
                    core.find(place.id()).ifPresent(parent -> workers.execute(() -> place(parent, place)));
                case ParentEffect.Find find -> workers.execute(() -> lookUp(find));
                case ParentEffect.CancelChild cancel ->
                    core.find(cancel.id()).ifPresent(parent -> workers.execute(() -> cancel(parent, cancel)));
                case ParentEffect.ResizeChild resize ->
                    core.find(resize.id()).ifPresent(parent -> workers.execute(() -> resize(parent, resize)));
                case ParentEffect.Alert alert -> {
                    LOG.warn("parent_order_alert kind={} parent={} {}", alert.kind(), alert.id(), alert.message());
                    alert(alert);
                }
                case ParentEffect.AlertSettled settled -> settleExit(settled.id());
            }
        }
    }

    private void place(Parent parent, ParentEffect.Place place) {
        String principal = parent.key().principal();
        deliver(new ParentInput.ChildAnswered(
                parent.id(),
                place.child(),
                mayTrade.test(principal)
                        ? refusal(() -> intake.placeChild(
                                principal,
                                place.child(),
                                terms(place),
                                place.routed(),
                                parent.childKey(place.child()),
                                () -> mayTrade.test(principal) && isWanted(place)))
                        : Optional.of(Refusal.of(
                                ErrorCode.FORBIDDEN, "the API key " + principal + " may not place orders any more"))));
    }

    /** The order as it is placed now: of a loan of today, on the venue that is chosen now. */
    private Terms terms(ParentEffect.Place place) {
        Terms terms = place.terms().placedOn(LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL));
        return place.routed() ? router.apply(terms) : terms;
    }

    /** Whether an order may still be placed: a cancel may be acknowledged while the facts for its checks are loaded. */
    private boolean isWanted(ParentEffect.Place place) {
        return Optional.ofNullable(open.get(place.id()))
                .filter(parent -> ParentCore.isWanted(parent, place.child()))
                .isPresent();
    }

    /** What a cancel is refused for is not an input: the order ends, or it is cancelled again. */
    private void cancel(Parent parent, ParentEffect.CancelChild cancel) {
        String principal = parent.cancelBy().orElseGet(parent.key()::principal);
        refusal(() -> intake.cancelChild(
                        principal, parent.plan().terms().accountId(), cancel.child(), cancel.attempt()))
                .ifPresent(refusal -> LOG.info(
                        "child_not_cancelled order={} attempt={} code={}",
                        cancel.child(),
                        cancel.attempt(),
                        refusal.code()));
    }

    private void resize(Parent parent, ParentEffect.ResizeChild resize) {
        deliver(new ParentInput.ResizeAnswered(
                parent.id(),
                resize.child(),
                refusal(() -> intake.resizeChild(parent.key().principal(), resize.child(), resize.qty()))));
    }

    private interface Request {
        OrderEffect.Answer answer();
    }

    /** A defect in a request must not leave the parent order without an answer: it is tried again. */
    private static Optional<Refusal> refusal(Request request) {
        try {
            return request.answer().reason();
        } catch (RuntimeException e) {
            LOG.error("parent_request_failed", e);
            return Optional.of(Refusal.of(ErrorCode.JOURNAL_UNAVAILABLE, "the request failed: " + e));
        }
    }

    private void lookUp(ParentEffect.Find find) {
        while (!stopping) {
            try {
                deliver(new ParentInput.OrderFound(find.order(), orders.find(find.order())));
                return;
            } catch (JournalException e) {
                LOG.warn("order_not_looked_up order={} cause=\"{}\"", find.order(), e.getMessage());
                awaitStop(REOPEN_PAUSE);
            }
        }
    }

    private void awaitStop(Duration longest) {
        heartbeat.beat();
        try {
            stopped.await(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping = true;
        }
    }

    @Override
    public void close() {
        stopping = true;
        stopped.countDown();
        try {
            thread.join(CALLER_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.shutdownNow();
    }
}
