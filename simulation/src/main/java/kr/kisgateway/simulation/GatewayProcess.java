package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Placement;
import kr.kisgateway.client.budget.BudgetCore;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.lease.Lease;
import kr.kisgateway.gateway.order.AccountDay;
import kr.kisgateway.gateway.order.Order;
import kr.kisgateway.gateway.order.OrderCore;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.gateway.order.PriceOffsets;
import kr.kisgateway.gateway.order.PricePolicy;
import kr.kisgateway.gateway.order.RepriceRules;
import kr.kisgateway.gateway.parent.ParentId;
import kr.kisgateway.gateway.parent.PriceRange;
import kr.kisgateway.gateway.risk.MarketFacts;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Trade;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.simulation.OrderCoreDriver.Action;
import kr.kisgateway.simulation.OrderCoreDriver.Decided;
import kr.kisgateway.simulation.OrderCoreDriver.PlaceRequest;
import kr.kisgateway.simulation.OrderCoreDriver.Response;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.ParentCall;
import kr.kisgateway.simulation.history.ParentTrace;
import kr.kisgateway.wire.ExecutionNotice;
import kr.kisgateway.wire.parse.BalanceAnswer;
import kr.kisgateway.wire.parse.OverseasHolding;
import kr.kisgateway.wire.parse.OverseasNotice;

/**
 * One life of the gateway, from its start to its death. As the product's desk does, it decides queued requests, writes
 * all events in one commit and only then executes the effects; between any two steps it can die, and then only the
 * durable journal and messages in flight remain.
 */
final class GatewayProcess implements SimulatedKisClient.Listener {
    private static final int GROUP = 256;
    private static final Duration REPRICE_EVERY = Duration.ofMillis(500);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration LISTING_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration REOPEN_PAUSE = Duration.ofSeconds(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final Duration BALANCE_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration BALANCE_MAX_AGE = Duration.ofSeconds(1);

    private final SimulationWorld world;
    private final Host host;
    private int life;
    private final SeededRandom random;
    private final SimulatedKisClient kis;
    private OrderCoreDriver orders;
    private final Deque<Supplier<Decided>> inputs = new ArrayDeque<>();
    private final Map<Long, Consumer<Response>> callers = new HashMap<>();
    private final Set<String> keysInDecision = new HashSet<>();
    private final Map<Long, GrantedSlot> slots = new HashMap<>();
    /** Sends of the commit that is being made, or that failed. */
    private final Set<OrderCore.SendAttempt> unsent = new LinkedHashSet<>();

    private final Map<String, List<Consumer<Optional<Balance>>>> balanceWaiters = new HashMap<>();
    private final Map<String, Balance> balances = new HashMap<>();
    private Optional<Loop.Task> timer = Optional.empty();
    private boolean alive = true;
    private boolean committing;
    /** Whether the journal is open: it is not after a failed commit, until it has been read again. */
    private boolean journalOpen = true;
    /** How often the journal was opened: what a slot was requested for before is not known any more. */
    private int openings;

    private boolean stopping;
    private int sendsInFlight;
    private Optional<Runnable> stopped = Optional.empty();
    private boolean killSwitchOn;
    private int stepsToCrash = -1;
    private long tickets;

    private ParentCoreDriver parents;
    private final Deque<Supplier<ParentCoreDriver.Decided>> parentInputs = new ArrayDeque<>();
    private final Map<Long, Consumer<Response>> parentCallers = new HashMap<>();
    private Optional<Loop.Task> parentTimer = Optional.empty();
    private boolean parentsCommitting;
    private Optional<Supplier<Decided>> lastAppend = Optional.empty();
    /** Trades that the desk of parent orders has not seen yet. */
    private final Map<MarketSymbol, PriceRange> pricesSeen = new TreeMap<>(Comparator.comparing(MarketSymbol::code));

    private final Map<MarketSymbol, Long> lastPrices = new HashMap<>();
    private final RepriceRules repriceRules;
    /** Orders of which another price is requested, or was refused a short time ago. */
    private final Map<OrderId, Instant> repricedNotBefore = new HashMap<>();

    /** @param notAfter when the slot ends */
    private record GrantedSlot(BudgetCore.Slot slot, Instant notAfter) {}

    /** The broker's answer with its request time. */
    record Balance(Instant requestedAt, List<BalanceAnswer> pages) {
        OrderCoreDriver.Figures of(MarketSymbol symbol) {
            long heldQty = 0;
            long sellable = 0;
            for (BalanceAnswer page : pages) {
                for (BalanceAnswer.Holding holding : page.holdings()) {
                    heldQty += holding.symbol().equals(symbol) ? holding.qty() : 0;
                    sellable += holding.symbol().equals(symbol) ? holding.sellableQty() : 0;
                }
            }
            return new OrderCoreDriver.Figures(pages.getLast().cash().depositD2(), heldQty, sellable, requestedAt);
        }
    }

    /**
     * @param life number of the process, or of the opening of its journal, higher than every earlier one
     * @param journal what it has read of it
     */
    GatewayProcess(SimulationWorld world, Host host, int life, List<JournalEntry> journal, SeededRandom random) {
        this.world = world;
        this.host = host;
        this.life = life;
        this.random = random;
        this.orders = world.orderCore(journal, life, clock(), host.bugs());
        this.parents = parents(journal);
        this.kis = world.kisClient(this, random.split());
        this.repriceRules = new RepriceRules(
                new PriceOffsets(Map.of(), world.listing(), (instrument, _) -> marketFacts(instrument)));
    }

    private ParentCoreDriver parents(List<JournalEntry> journal) {
        return new ParentCoreDriver(
                journal,
                () -> OrderId.create(clock(), random.random()),
                (terms, at) -> orders.isAccepted(terms, at),
                host.bugs());
    }

    /** Starts the process: it reads its journal's orders, queries the broker, connects. */
    void start() {
        run(() -> {
            kis.start();
            inputs.add(() -> orders.begin(clock(), Set.of()));
            parentInputs.add(() -> parents.begin(clock()));
            in(REPRICE_EVERY, this::reprice);
        });
    }

    boolean alive() {
        return alive;
    }

    int life() {
        return life;
    }

    /** The gateway's own clock, which may be wrong. */
    Instant clock() {
        return host.clock();
    }

    void trace(Supplier<String> what) {
        host.log(what);
    }

    /** The machine on which it runs. */
    Host host() {
        return host;
    }

    // ---- time and death ----

    /** Runs {@code work} as this process, if it is alive. */
    void run(Runnable work) {
        host.whenAwake(() -> runNow(work));
    }

    private void runNow(Runnable work) {
        if (!alive) {
            return;
        }
        try {
            work.run();
            processParents();
            processInputs();
        } catch (ProcessDied died) {
            host.died(this);
        }
    }

    void runSoon(Runnable work) {
        in(Duration.ZERO, work);
    }

    Loop.Task in(Duration delay, Runnable work) {
        return world.loop.in(delay, () -> run(work));
    }

    /** Schedules {@code work} for when the gateway's clock shows {@code at}, at its current offset. */
    Loop.Task at(Instant at, Runnable work) {
        Duration wait = host.until(at);
        return in(wait.isNegative() ? Duration.ZERO : wait, work);
    }

    /** Dies after {@code steps} further steps of its own. */
    void scheduleCrash(int steps) {
        stepsToCrash = steps;
    }

    /** A point at which the process may die. */
    void crashIfDue() {
        if (stepsToCrash >= 0 && stepsToCrash-- == 0) {
            throw new ProcessDied();
        }
    }

    /** Its socket to the broker breaks. */
    void breakSocket() {
        kis.breakSocket();
    }

    /** A regular stop: no send begins any more, and those in flight are awaited. */
    void stop(Runnable then) {
        run(() -> {
            stopping = true;
            stopped = Optional.of(then);
            in(STOP_LIMIT, this::endStop);
            if (sendsInFlight == 0) {
                endStop();
            }
        });
    }

    private void endStop() {
        Optional<Runnable> then = stopped;
        stopped = Optional.empty();
        then.ifPresent(it -> {
            crash();
            it.run();
        });
    }

    private void sendEnded() {
        sendsInFlight--;
        if (stopping && sendsInFlight == 0) {
            runSoon(this::endStop); // its answer is recorded first
        }
    }

    /** Ends it now. */
    void crash() {
        alive = false;
        kis.disconnect();
        var pendingCallers = new ArrayList<>(callers.values());
        pendingCallers.addAll(parentCallers.values());
        parentCallers.clear();
        callers.clear();
        pendingCallers.forEach(caller -> caller.accept(new Response.NoAnswer()));
    }

    // ---- client requests ----

    /** Requests an order; the client is answered once. */
    void place(PlaceRequest request, Consumer<Response> client) {
        run(() -> withContext(
                request.fingerprint(),
                context -> decide(request.key(), client, ticket -> {
                    String id = OrderId.create(clock(), random.random()).text();
                    return () -> orders.place(ticket, id, request, context, clock());
                })));
    }

    /** Requests several orders at once; the client is answered for all of them together. */
    void placeAll(List<PlaceRequest> requests, Consumer<Response> client) {
        run(() -> withContexts(
                requests.stream().map(PlaceRequest::fingerprint).toList(),
                List.of(),
                contexts -> decide(
                        requests.stream().map(PlaceRequest::key).distinct().toList(), client, ticket -> {
                            List<String> ids = requests.stream()
                                    .map(_ -> OrderId.create(clock(), random.random())
                                            .text())
                                    .toList();
                            return () -> orders.placeAll(ticket, ids, requests, contexts, clock());
                        })));
    }

    /** Loads the context of each, one after the other. */
    private void withContexts(
            List<OrderFingerprint> fingerprints,
            List<OrderCoreDriver.RequestContext> loaded,
            Consumer<List<OrderCoreDriver.RequestContext>> then) {
        if (loaded.size() == fingerprints.size()) {
            then.accept(loaded);
            return;
        }
        withContext(fingerprints.get(loaded.size()), context -> {
            var more = new ArrayList<>(loaded);
            more.add(context);
            withContexts(fingerprints, List.copyOf(more), then);
        });
    }

    /** Requests another quantity or price of the order with fingerprint {@code original}. */
    void modify(OrderCoreDriver.ModifyRequest change, OrderFingerprint original, Consumer<Response> client) {
        run(() -> withContext(
                original,
                context -> decide(change.key(), client, ticket -> {
                    String successor = OrderId.create(clock(), random.random()).text();
                    return () -> orders.modify(ticket, change, successor, context, clock());
                })));
    }

    /** Requests the cancel of an order. */
    void cancel(String order, String key, Consumer<Response> client) {
        run(() -> decide(key, client, ticket -> () -> orders.cancel(ticket, order, key, clock())));
    }

    /** Requests the cancel of several orders. */
    void cancelAll(OrderCoreDriver.CancelAllRequest request, Consumer<Response> client) {
        run(() -> decide(request.key(), client, ticket -> () -> orders.cancelAll(ticket, request, clock())));
    }

    /** An operator resolves an order in doubt. */
    void resolve(OrderCoreDriver.Resolution resolution, Consumer<Response> client) {
        run(() -> decide(resolution.key(), client, ticket -> () -> orders.resolve(ticket, resolution, clock())));
    }

    /** Placings that are in doubt, as an operator sees them. */
    List<OrderCoreDriver.UnresolvedOrder> unresolvedOrders() {
        return orders.unresolvedOrders();
    }

    /** An operator sets the kill switch. */
    void killSwitch(boolean on, boolean cancelOpen, Consumer<Response> client) {
        run(() -> decide("kill switch", client, ticket -> () -> orders.killSwitch(ticket, on, cancelOpen, clock())));
    }

    /** Loads the context of a request: for a sell the account is refreshed first. */
    private void withContext(OrderFingerprint fingerprint, Consumer<OrderCoreDriver.RequestContext> then) {
        if (fingerprint.side().equals("BUY")) {
            then.accept(new OrderCoreDriver.RequestContext(Optional.empty(), kis.hasToken(), nxtPrice(fingerprint)));
        } else if (OrderCoreDriver.symbol(fingerprint.symbol()) instanceof UsSymbol symbol) {
            Instant requestedAt = clock();
            kis.usHoldings(
                    fingerprint.account(),
                    requestedAt.plus(BALANCE_TIMEOUT),
                    reply -> then.accept(
                            new OrderCoreDriver.RequestContext(figures(symbol, reply, requestedAt), kis.hasToken())));
        } else {
            balance(
                    fingerprint.account(),
                    read -> then.accept(new OrderCoreDriver.RequestContext(
                            read.map(it -> withDefect(it.of(OrderCoreDriver.symbol(fingerprint.symbol())))),
                            kis.hasToken(),
                            nxtPrice(fingerprint))));
        }
    }

    /** The price on NXT, for an order whose venue is to be chosen: better or worse than its own. */
    private OptionalLong nxtPrice(OrderFingerprint fingerprint) {
        if (!fingerprint.form().isAuto()) {
            return OptionalLong.empty();
        }
        long own = fingerprint.price() == 0 ? world.lastPrice(fingerprint.symbol()) : fingerprint.price();
        return OptionalLong.of(own + (long) ClientProgram.TICK * random.between(-2, 2));
    }

    /** The price of the last trade that it received. */
    OptionalLong lastPrice(MarketSymbol symbol) {
        Long last = lastPrices.get(symbol);
        return last == null ? OptionalLong.empty() : OptionalLong.of(last);
    }

    /** With the defect every number of shares may be sold. */
    private OrderCoreDriver.Figures withDefect(OrderCoreDriver.Figures figures) {
        return world.bugs.contains(Bug.SELLS_WHAT_IS_NOT_HELD)
                ? new OrderCoreDriver.Figures(figures.cash(), figures.heldQty(), 1_000_000, figures.requestedAt())
                : figures;
    }

    private static Optional<OrderCoreDriver.Figures> figures(
            UsSymbol symbol, KisReply<List<OverseasHolding>> reply, Instant requestedAt) {
        if (!(reply instanceof KisReply.Ok<List<OverseasHolding>>(var holdings))) {
            return Optional.empty();
        }
        List<OverseasHolding> own = holdings.stream()
                .filter(holding -> holding.code().equals(symbol.ticker()))
                .toList();
        return Optional.of(new OrderCoreDriver.Figures(
                0,
                own.stream().mapToLong(OverseasHolding::qty).sum(),
                own.stream().mapToLong(OverseasHolding::sellableQty).sum(),
                requestedAt));
    }

    private void decide(String key, Consumer<Response> client, LongFunction<Supplier<Decided>> input) {
        decide(List.of(key), client, input);
    }

    private void decide(List<String> keys, Consumer<Response> client, LongFunction<Supplier<Decided>> input) {
        if (!journalOpen || stopping) {
            client.accept(unavailable("the gateway takes no orders now"));
            return;
        }
        if (keys.stream().anyMatch(keysInDecision::contains)) {
            client.accept(new Response.Refused(
                    Refusal.of(ErrorCode.IDEMPOTENCY_IN_FLIGHT, "a request with this key is being decided")));
            return;
        }
        keysInDecision.addAll(keys);
        long ticket = ++tickets;
        callers.put(ticket, response -> {
            keys.forEach(keysInDecision::remove);
            client.accept(response);
        });
        inputs.add(input.apply(ticket));
    }

    private static Response unavailable(String message) {
        return new Response.Refused(Refusal.of(ErrorCode.JOURNAL_UNAVAILABLE, message));
    }

    // ---- the desk ----

    private void processInputs() {
        if (!journalOpen) {
            return;
        }
        while (!committing && !inputs.isEmpty()) {
            var entries = new ArrayList<JournalEntry>();
            var actions = new ArrayList<Action>();
            for (int i = 0; i < GROUP && !inputs.isEmpty(); i++) {
                Decided decided = inputs.remove().get();
                entries.addAll(decided.entries());
                actions.addAll(decided.afterDurable());
            }
            grantFreeSlots(entries, actions);
            if (entries.isEmpty()) {
                actions.forEach(this::release);
            } else {
                commit(entries, actions);
            }
        }
        if (!committing) {
            armTimer();
        }
    }

    /** Grants the slots that are requested and free now: what takes them becomes durable with what requested them. */
    private void grantFreeSlots(List<JournalEntry> entries, List<Action> actions) {
        for (int i = 0; i < actions.size(); i++) { // a granted slot may request the next
            if (actions.get(i) instanceof Action.RequestSlot request && !stopping) {
                Instant held = slotEnd();
                Optional<BudgetCore.Slot> free =
                        kis.acquireNow(request.lane(), request.tenant(), true, earlier(request.deadline(), held));
                if (free.isPresent()) {
                    slots.put(request.slot(), new GrantedSlot(free.get(), held));
                    actions.remove(i--);
                    Decided decided = orders.slotGranted(request.slot(), clock());
                    entries.addAll(decided.entries());
                    actions.addAll(decided.afterDurable());
                }
            }
        }
    }

    private void commit(List<JournalEntry> entries, List<Action> actions) {
        crashIfDue();
        host.write(entries);
        entries.forEach(
                entry -> trace(() -> "records " + entry.type() + " " + entry.subject() + " " + entry.payload()));
        committing = true;
        for (Action action : actions) {
            if (action instanceof Action.Send send) {
                unsent.add(send.sendAttempt());
            }
        }
        List<Action> early = actions.stream().filter(this::isReleasedEarly).toList();
        early.forEach(this::release);
        host.flush(
                this,
                entries,
                () -> {
                    committing = false;
                    if (!world.bugs.contains(Bug.COUNTS_SENT_AS_UNSENT)) {
                        // Its sends are released now; those of a failed commit are settled by the first one after it.
                        unsent.clear();
                    }
                    actions.stream().filter(action -> !isReleasedEarly(action)).forEach(this::release);
                },
                this::closeJournal);
    }

    /** After a failed commit it is unknown which events are durable: the desks start again from the journal. */
    private void closeJournal() {
        journalOpen = false;
        committing = false;
        parentsCommitting = false;
        trace(() -> "the journal is unavailable");
        lastAppend.ifPresent(inputs::remove); // one that is recorded later would be missing in what is read next
        var waiting = new ArrayList<>(callers.values());
        waiting.addAll(parentCallers.values());
        callers.clear();
        parentCallers.clear();
        Response answer = world.bugs.contains(Bug.REFUSES_AFTER_A_LOST_ANSWER)
                ? new Response.Refused(Refusal.of(ErrorCode.RETRY_EXHAUSTED, "nothing was recorded"))
                : unavailable("the journal cannot be written: the outcome is unknown");
        waiting.forEach(caller -> caller.accept(answer));
        in(REOPEN_PAUSE, this::openJournal);
    }

    private void openJournal() {
        host.reopen(opened ->
                run(() -> opened.ifPresentOrElse(this::restart, () -> in(REOPEN_PAUSE, this::openJournal))));
    }

    private void restart(Host.OpenedJournal opened) {
        journalOpen = true;
        openings++;
        if (opened.fence() != life + 1) {
            unsent.clear(); // another gateway owned the journal in between
        }
        life = opened.fence();
        trace(() -> "has read its journal again, fence " + life);
        orders = world.orderCore(opened.entries(), life, clock(), host.bugs());
        parents = parents(opened.entries());
        // Slots whose grant was in the failed commit: retained, they would block those requested now.
        slots.values().forEach(it -> kis.release(it.slot()));
        slots.clear();
        inputs.addFirst(() -> orders.begin(clock(), Set.copyOf(unsent)));
        parentInputs.addFirst(() -> parents.begin(clock()));
    }

    private boolean isReleasedEarly(Action action) {
        return switch (action) {
            case Action.Reply reply -> world.bugs.contains(Bug.ANSWERS_BEFORE_DURABLE);
            case Action.Send send -> world.bugs.contains(Bug.SENDS_BEFORE_DURABLE);
            default -> false;
        };
    }

    private void armTimer() {
        timer.ifPresent(Loop.Task::callOff);
        Instant idle = clock().plus(IDLE);
        // The core counts in microseconds: a moment within one would recur before time has advanced.
        Instant due = orders.nextTimer()
                .map(at -> at.plus(1, ChronoUnit.MICROS))
                .filter(at -> at.isBefore(idle))
                .orElse(idle);
        timer = Optional.of(at(due, () -> {
            if (orders.nextTimer().filter(next -> !next.isAfter(clock())).isPresent()) {
                inputs.add(() -> orders.timerDue(clock()));
            }
        }));
    }

    private void enqueue(Supplier<Decided> input) {
        inputs.add(input);
    }

    // ---- effects ----

    private void release(Action action) {
        crashIfDue();
        switch (action) {
            case Action.Reply(long ticket, Response response) ->
                Optional.ofNullable(callers.remove(ticket)).ifPresent(caller -> caller.accept(response));
            case Action.RequestSlot slotRequest -> {
                int opening = openings;
                runSoon(() -> requestSlot(slotRequest, opening));
            }
            case Action.ReleaseSlot(long slot) ->
                Optional.ofNullable(slots.remove(slot)).ifPresent(it -> runSoon(() -> kis.release(it.slot())));
            case Action.Send send -> {
                GrantedSlot slot = Objects.requireNonNull(slots.remove(send.slot()));
                sendsInFlight++;
                runSoon(() -> {
                    if (host.stopsAt(Host.Step.BEFORE_SEND, send.order())) {
                        run(() -> send(send, slot));
                    } else {
                        send(send, slot);
                    }
                });
            }
            case Action.SetKillSwitch(boolean on) -> killSwitchOn = on;
            case Action.Visible(List<Order> changed) -> {
                orders.makeVisible(changed);
                changed.stream()
                        .filter(order -> order.status().isTerminal() && parents.follows(order.id()))
                        .forEach(this::orderEnded);
            }
            case Action.RequestDailyOrders(AccountDay requested) -> runSoon(() -> requestList(requested));
            case Action.LoadReplacement(String original, OrderFingerprint successor) ->
                runSoon(() -> withContext(
                        successor,
                        context -> decide(
                                List.of(),
                                response -> {
                                    if (response instanceof Response.Refused refused) {
                                        enqueue(() -> orders.refuseReplacement(original, refused, clock()));
                                    }
                                },
                                ticket -> () -> orders.placeReplacement(ticket, original, context, clock()))));
            case Action.Publish news -> world.published(news, life);
            case Action.Alert(String text) -> world.alert(text);
        }
    }

    /** Waits for a slot. */
    private void requestSlot(Action.RequestSlot slotRequest, int opening) {
        if (stopping) {
            return; // unsent orders stay in the journal
        }
        Instant held = slotEnd();
        kis.acquire(
                slotRequest.lane(),
                slotRequest.tenant(),
                true,
                earlier(slotRequest.deadline(), held),
                slot -> {
                    if (opening != openings || stopping) {
                        kis.release(slot);
                        return;
                    }
                    slots.put(slotRequest.slot(), new GrantedSlot(slot, held));
                    // A slot that was released meanwhile grants nothing.
                    enqueue(() -> opening == openings && slots.containsKey(slotRequest.slot())
                            ? orders.slotGranted(slotRequest.slot(), clock())
                            : orders.timerDue(clock()));
                },
                () -> {
                    if (opening == openings) {
                        enqueue(() -> orders.slotTimedOut(slotRequest.slot(), clock()));
                    }
                });
    }

    /** A slot ends with the lease as far as that is known now. */
    private Instant slotEnd() {
        return host.lease().map(Lease::heldUntil).orElse(Instant.MAX);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private void requestList(AccountDay requested) {
        Instant requestedAt = clock();
        LocalDate date = requested.day().date();
        String account = world.bugs.contains(Bug.READS_THE_LIST_OF_ANOTHER_ACCOUNT) ? "A1" : requested.account();
        if (requested.day().market().equals(Market.US)) {
            kis.usOrders(account, date, requestedAt.plus(LISTING_TIMEOUT), reply -> {
                trace(() -> "reads the US list of " + requested.account() + ": " + describe(reply));
                enqueue(() -> orders.usListArrived(requested, requestedAt, reply, clock()));
            });
        } else {
            kis.dailyOrders(account, date, requestedAt.plus(LISTING_TIMEOUT), reply -> {
                trace(() -> "reads the list of " + requested.account() + ": " + describe(reply));
                enqueue(() -> orders.listArrived(requested, requestedAt, reply, clock()));
            });
        }
    }

    private static String describe(KisReply<? extends List<?>> reply) {
        return switch (reply) {
            case KisReply.Ok<? extends List<?>> ok -> ok.value().size() + " rows";
            case KisReply.Failed<? extends List<?>> failed -> failed.failure().toString();
        };
    }

    /** The last check before the bytes: the decision was earlier, and a stop may have arrived since. */
    private void send(Action.Send send, GrantedSlot granted) {
        BudgetCore.Slot slot = granted.slot();
        boolean late = send.stopAt().filter(at -> !clock().isBefore(at)).isPresent();
        boolean stopped = killSwitchOn && send.stopAt().isPresent();
        if (late || stopped) {
            kis.release(slot);
            enqueue(() -> orders.sendStopped(send, stopped, clock()));
            sendEnded();
            return;
        }
        if (host.lease().filter(lease -> !lease.isHeld()).isPresent()) {
            trace(() -> "does not send for " + send.order() + ": its lease is over");
            kis.release(slot);
            var notSent = new Placement.NotSent("NO_OWNER", "this gateway does not own the accounts now");
            enqueue(() -> orders.answered(send, notSent, clock()));
            sendEnded();
            return;
        }
        trace(() -> "sends for " + send.order() + "/" + send.request() + ": " + send.what());
        Instant stopAt = send.stopAt().orElse(Instant.MAX);
        Instant held = world.bugs.contains(Bug.COMPARES_ONLY_AT_THE_BEGINNING) ? Instant.MAX : granted.notAfter();
        Instant notAfter = earlier(stopAt, held);
        kis.order(slot, send.order(), notAfter, send.make(), placement -> {
            crashIfDue();
            trace(() -> "receives for " + send.order() + "/" + send.request() + ": " + placement);
            boolean repeat = placement instanceof Placement.Unknown
                    && send.stopAt().isEmpty()
                    && !send.repeatable()
                    && world.bugs.contains(Bug.REPEATS_A_PARTIAL_CANCEL);
            if (repeat) {
                kis.order(
                        slot,
                        send.order(),
                        notAfter,
                        send.make(),
                        second -> enqueue(() -> orders.answered(send, second, clock())));
            } else {
                enqueue(() -> orders.answered(send, placement, clock()));
            }
            sendEnded();
        });
    }

    // ---- prices of the gateway ----

    /** As the product does it on a thread of its own: what rests for too long gets the next price. */
    private void reprice() {
        Instant now = clock();
        for (Order order : orders.toReprice(repriceRules, now)) {
            if (now.isBefore(repricedNotBefore.getOrDefault(order.id(), Instant.MIN))) {
                continue;
            }
            PricePolicy policy = order.terms().pricing().orElseThrow();
            repricedNotBefore.put(order.id(), now.plus(policy.after()));
            if (repriceRules.next(order, policy, now) instanceof RepriceRules.Next.Price(long price, int number)) {
                runSoon(() -> withContext(
                        OrderCoreDriver.fingerprint(order.terms()),
                        context -> decide(
                                List.of(),
                                response -> trace(() -> "re-prices " + order.id() + " to " + price + ": " + response),
                                ticket -> () -> orders.reprice(ticket, order, price, number, context, clock()))));
            }
        }
        in(REPRICE_EVERY, this::reprice);
    }

    private MarketFacts marketFacts(Instrument instrument) {
        return MarketFacts.ofLast(lastPrice(instrument.symbol()));
    }

    // ---- parent orders ----

    /** Requests a parent order. */
    void submitParent(ParentCall call, Consumer<Response> client) {
        parentRequest(client, ticket -> {
            String id = ParentId.create(clock(), random.random()).text();
            return () -> parents.submit(ticket, id, call, clock());
        });
    }

    /** Changes what waits of a parent order. */
    void modifyParent(String id, List<ParentCall.Leg> legs, Consumer<Response> client) {
        parentRequest(client, ticket -> () -> parents.modify(ticket, id, legs, clock()));
    }

    void cancelParent(String id, Consumer<Response> client) {
        parentRequest(client, ticket -> () -> parents.cancel(ticket, id, clock()));
    }

    /** Places an order that is held. */
    void releaseParent(String id, Consumer<Response> client) {
        parentRequest(client, ticket -> () -> parents.release(ticket, id, clock()));
    }

    /** Ids of the parent orders that are held. */
    List<String> heldParents() {
        return parents.held();
    }

    /** The orders of an open parent order, as they are planned. */
    Optional<List<ParentCall.Leg>> parentLegs(String id) {
        return parents.legs(id);
    }

    private void parentRequest(Consumer<Response> client, LongFunction<Supplier<ParentCoreDriver.Decided>> input) {
        run(() -> {
            if (!journalOpen || stopping) {
                client.accept(unavailable("the gateway takes no parent orders now"));
                return;
            }
            long ticket = ++tickets;
            parentCallers.put(ticket, client);
            parentInputs.add(input.apply(ticket));
        });
    }

    /** Hands an input to the desk of parent orders, which has a thread of its own. */
    private void toParents(Supplier<ParentCoreDriver.Decided> input) {
        in(random.micros(5, 500), () -> parentInputs.add(input));
    }

    private void orderEnded(Order order) {
        // A full queue takes no input: then all are looked up.
        boolean missed = random.chance(0.02);
        toParents(() -> missed ? parents.endsMissed(clock()) : parents.ended(order, clock()));
    }

    private void processParents() {
        if (!journalOpen) {
            return;
        }
        while (!parentsCommitting && !parentInputs.isEmpty()) {
            ParentCoreDriver.Decided decided = parentInputs.remove().get();
            if (decided.append().isEmpty()) {
                decided.afterDurable().forEach(this::release);
            } else {
                parentsCommitting = true;
                decide(List.of(), response -> runSoon(() -> parentsRecorded(decided, response)), ticket -> {
                    Supplier<Decided> append =
                            () -> orders.append(ticket, decided.append().orElseThrow(), clock());
                    lastAppend = Optional.of(append);
                    return append;
                });
            }
        }
        if (!parentsCommitting) {
            armParentTimer();
        }
    }

    private void parentsRecorded(ParentCoreDriver.Decided decided, Response response) {
        crashIfDue();
        if (response instanceof Response.Appended(long firstSeq, Instant at)) {
            parentsCommitting = false;
            parents.recorded(decided, firstSeq, at);
            decided.afterDurable().forEach(this::release);
        }
    }

    private void armParentTimer() {
        parentTimer.ifPresent(Loop.Task::callOff);
        parentTimer = parents.nextTimer()
                .map(due -> at(due.isBefore(clock()) ? clock() : due, () -> {
                    if (parents.nextTimer()
                            .filter(next -> !next.isAfter(clock()))
                            .isPresent()) {
                        parentInputs.add(() -> parents.timerDue(clock()));
                    }
                }));
    }

    private void release(ParentCoreDriver.Action action) {
        crashIfDue();
        switch (action) {
            case ParentCoreDriver.Action.Reply(long ticket, Response response) ->
                Optional.ofNullable(parentCallers.remove(ticket)).ifPresent(caller -> caller.accept(response));
            case ParentCoreDriver.Action.Place place ->
                runSoon(() -> withContext(
                        place.fingerprint(),
                        context -> decide(
                                List.of(),
                                response -> toParents(() -> parents.placed(place, response, clock())),
                                ticket -> () ->
                                        orders.placeChild(ticket, place, parents.isWanted(place), context, clock()))));
            case ParentCoreDriver.Action.Find(OrderId order) ->
                toParents(() -> parents.found(order, orders.find(order), clock()));
            case ParentCoreDriver.Action.CancelChild cancel ->
                orders.find(cancel.child())
                        .flatMap(parents::asIfEnded)
                        .ifPresentOrElse(
                                order -> toParents(() -> parents.ended(order, clock())),
                                () -> runSoon(() -> decide(
                                        List.of(),
                                        response -> trace(() -> cancel + " receives " + response),
                                        ticket -> () -> orders.cancelChild(ticket, cancel, clock()))));
            case ParentCoreDriver.Action.Alert(String text) -> world.alert("parent order " + text);
        }
    }

    // ---- messages of KIS ----

    @Override
    public void notice(ExecutionNotice notice) {
        crashIfDue();
        balances.clear();
        trace(() -> "gets " + notice.kind() + " of " + notice.odno() + ": " + notice.qty() + " at " + notice.price());
        enqueue(() -> orders.noticed(notice, clock()));
    }

    @Override
    public void notice(OverseasNotice notice) {
        crashIfDue();
        trace(() -> "gets " + notice.kind() + " of " + notice.odno() + ": " + notice.qty() + " at " + notice.price());
        enqueue(() -> orders.noticed(notice, clock()));
    }

    @Override
    public void trade(Trade trade) {
        lastPrices.put(trade.symbol(), trade.price());
        if (trade.volume() == 0 || !parents.watches(trade.symbol())) {
            return;
        }
        boolean isFirst = pricesSeen.isEmpty();
        pricesSeen.merge(trade.symbol(), PriceRange.of(trade.price()), (range, newest) -> range.with(newest.last()));
        if (isFirst) {
            toParents(() -> {
                Map<MarketSymbol, PriceRange> taken = Map.copyOf(pricesSeen);
                pricesSeen.forEach((symbol, range) -> world.records.prices.add(new ParentTrace.PriceSeen(
                        world.loop.now(), life, symbol.code(), range.low(), range.high(), range.last())));
                pricesSeen.clear();
                return parents.pricesSeen(taken, clock());
            });
        }
    }

    @Override
    public void noticesRegistered() {
        enqueue(() -> orders.noticesMissed(clock()));
    }

    /** The balance of an account, at most a second old; simultaneous callers share the answer. */
    void balance(String account, Consumer<Optional<Balance>> done) {
        Optional<Balance> known = Optional.ofNullable(balances.get(account))
                .filter(it -> it.requestedAt().plus(BALANCE_MAX_AGE).isAfter(clock()));
        if (known.isPresent()) {
            done.accept(known);
            return;
        }
        List<Consumer<Optional<Balance>>> waiters = balanceWaiters.computeIfAbsent(account, _ -> new ArrayList<>());
        waiters.add(done);
        if (waiters.size() > 1) {
            return;
        }
        Instant requestedAt = clock();
        kis.balance(account, requestedAt.plus(BALANCE_TIMEOUT), reply -> {
            Optional<Balance> read = reply instanceof KisReply.Ok<List<BalanceAnswer>>(var pages)
                    ? Optional.of(new Balance(requestedAt, pages))
                    : Optional.empty();
            balances.remove(account);
            read.ifPresent(it -> balances.put(account, it));
            var all = List.copyOf(waiters);
            waiters.clear();
            all.forEach(it -> it.accept(read));
        });
    }

    List<String> differencesToJournal() {
        if (committing || !inputs.isEmpty() || !journalOpen) {
            return List.of();
        }
        List<JournalEntry> journal = world.disk.read();
        var differences = new ArrayList<>(orders.differencesTo(journal, clock()));
        if (!parentsCommitting) {
            differences.addAll(parents.differencesTo(journal));
        }
        return differences;
    }
}
