package kr.kisgateway.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.LimitTable;
import kr.kisgateway.client.Limits;
import kr.kisgateway.client.PlaceOrder;
import kr.kisgateway.client.budget.BudgetCore;
import kr.kisgateway.client.rest.RestCalls;
import kr.kisgateway.client.token.TokenCore;
import kr.kisgateway.gateway.journal.JournalEntry;
import kr.kisgateway.gateway.kis.rest.KisOrderForm;
import kr.kisgateway.gateway.lease.Lease;
import kr.kisgateway.gateway.order.OrderForm;
import kr.kisgateway.gateway.order.OrderHours;
import kr.kisgateway.gateway.order.Terms;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Instrument;
import kr.kisgateway.market.Instruments;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import kr.kisgateway.simulation.history.ClusterChecks;
import kr.kisgateway.simulation.history.DayTrace;
import kr.kisgateway.simulation.history.DayTrace.AccountTotals;
import kr.kisgateway.simulation.history.HistoryChecker;
import kr.kisgateway.simulation.history.HistoryChecker.BookedOrder;
import kr.kisgateway.simulation.history.HistoryChecker.ClientCall;
import kr.kisgateway.simulation.history.HistoryChecker.OrderFingerprint;
import kr.kisgateway.simulation.history.HistoryChecker.ReportedOrder;
import kr.kisgateway.simulation.history.ParentChecks;
import kr.kisgateway.simulation.history.ParentTrace;
import kr.kisgateway.simulation.history.ReplacementCalls;
import kr.kisgateway.simulation.history.RepriceChecks;
import kr.kisgateway.simulation.history.WireForm;
import kr.kisgateway.simulator.broker.BrokerRules;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.broker.Scenario;
import kr.kisgateway.simulator.entity.Change;
import kr.kisgateway.simulator.entity.OrderKind;
import kr.kisgateway.wire.Catalog;
import kr.kisgateway.wire.OrderDivisions;
import kr.kisgateway.wire.RealtimeKey;

/** One day: its parts, its outside events, and its final state. */
final class SimulationWorld {
    /** Data that is the same on every day and slow to read. */
    record SharedData(Instruments listing, Catalog catalog, AccountCalls calls, RestCalls outside, OrderForm form) {
        static SharedData load() {
            Catalog catalog = Catalog.load();
            return new SharedData(
                    Instruments.load(),
                    catalog,
                    new AccountCalls("SIMULATEDDAYKEY00000000000000000000001", catalog),
                    new AccountCalls("ANOTHERPROGRAM000000000000000000000001", catalog).first(),
                    new KisOrderForm(OrderDivisions.load(), false));
        }
    }

    private static final Symbol KOREAN = Symbol.of("003490");
    private static final UsSymbol AMERICAN = UsSymbol.parse("AAPL.NASD").orElseThrow();

    static final LocalDate DAY = LocalDate.of(2026, 11, 20);

    /** How many of the days that end with their session are by the exchanges' real hours. */
    private static final double DAYS_OF_REAL_HOURS = 0.4;

    /** How many of those whose orders may rest for hours are simulated until they have ended. */
    private static final double LONG_DAYS = 0.05;

    private static final LocalDate NEXT_DAY = DAY.plusDays(1);
    private static final Instant MIDNIGHT =
            NEXT_DAY.atStartOfDay(TradingCalendar.SEOUL).toInstant();
    private static final Instant NEXT_OPEN = MIDNIGHT.plusSeconds(60);
    private static final Duration NEXT_SPAN = Duration.ofSeconds(25);
    private static final int NEXT_ORDERS = 40;
    private static final long NUMBERS_A_DAY = 100_000_000_000L;
    private static final Duration ROUGH_SPAN = Duration.ofSeconds(75);
    /** More for a cluster: KIS keeps the session of an owner that stands still, and its successor has none until it notices. */
    private static final Duration SILENT_SESSION = Duration.ofSeconds(40);

    private static final Duration AFTER_CLOSE = Duration.ofSeconds(80);
    private static final int ORDERS = 200;
    private static final int PARENTS = 12;
    private static final double DAYS_WITH_SALES = 0.3;
    /** Below the last price: no program of the gateway sells so low. */
    private static final int SALE_TICKS = 40;

    /** Separates the generator of a cluster from that of the day. */
    private static final long CLUSTER_SEED = 0x636c_7573_7465_7221L;

    private static final Duration MOVES_EVERY = Duration.ofSeconds(3);
    private static final int MOVE_TICKS = 7;
    private static final int CHECK_ATTEMPTS = 8;
    /**
     * A session that KIS keeps for a former owner leaves the next one without notices for a minute and more: then fills are known from the
     * list alone, which is read every ten seconds.
     */
    private static final int CLUSTER_CHECK_ATTEMPTS = 21;

    private static final Duration OPERATOR_INTERVAL = Duration.ofSeconds(3);

    /** Time before an operator resolves an order in doubt: everything in flight has arrived by then. */
    private static final Duration OPERATOR_DELAY = Duration.ofSeconds(8);

    private final SharedData sharedData;
    private final SeededRandom random;
    private final DayCalendar calendar;
    /** The exchanges' hours of the day: their own, or continuous trading. */
    private final TradingCalendar hours;

    private final Instant open;
    private final DayTime dayTime;
    private final OrderHours orderHours;
    private final boolean untilItsEnd;
    private final Limits limits = LimitTable.load().on(Environment.LIVE_FACE, DAY);
    private final DayTrace.Bounds bounds;
    private final SimulatedKisClient.TokenFile tokenFile = new SimulatedKisClient.TokenFile();
    private final BrokerProcess broker;
    private final Network network;
    private final double sendsPerSecond;
    private final List<String> report = new ArrayList<>();
    private final List<Instant> clockSteps = new ArrayList<>();
    private Optional<GatewayProcess> gateway = Optional.empty();
    private final Optional<Cluster> cluster;
    private Duration clockError = Duration.ZERO;
    private final Map<String, Long> prices = new HashMap<>();
    private final Set<String> resolvedOrders = new HashSet<>();

    /** Numbers of outside orders that equal one of the gateway's. */
    private final Set<Long> twins = new HashSet<>();

    /** A generator of its own, so that the other events of a day do not depend on it. */
    private final SeededRandom sales;

    private final boolean sellsElsewhere;

    private boolean twoAccounts;
    private boolean hasUsOrders;
    private boolean asleep;
    private int lives;
    private int deaths;
    private int batches;
    private int parentOrders;
    private int reprices;
    private int crashesAtSwitches;
    private int ordersNextDay;
    private final Host alone = new Alone();

    final Loop loop;
    final Timeline timeline;
    final FaultPlan faultPlan;
    final JournalDisk disk = new JournalDisk();
    final TraceRecorder records;
    final Set<Bug> bugs;

    /** @param clustered whether three gateways share a database, instead of one with a disk */
    SimulationWorld(SharedData sharedData, long seed, Timeline timeline, Set<Bug> bugs, boolean clustered) {
        this.sharedData = sharedData;
        this.timeline = timeline;
        this.bugs = bugs;
        this.random = new SeededRandom(seed);
        this.sales = new SeededRandom(~seed);
        SeededRandom ofLoop = random.split();
        FaultPlan drawn = FaultPlan.of(random.split(), DayTime.CONTINUOUS.open(DAY), ROUGH_SPAN);
        FaultPlan plan = clustered ? drawn.withoutNight() : drawn;
        SeededRandom ofTime = random.split();
        this.dayTime = plan.isShort() && ofTime.chance(DAYS_OF_REAL_HOURS)
                ? ofTime.pick(DayTime.byRealHours())
                : DayTime.CONTINUOUS;
        this.open = dayTime.open(DAY);
        this.untilItsEnd = !dayTime.hasRealHours() || dayTime.endsSoon() || ofTime.chance(LONG_DAYS);
        this.sellsElsewhere = !dayTime.hasRealHours() && sales.chance(DAYS_WITH_SALES);
        this.faultPlan = plan.calmFrom(open.plus(ROUGH_SPAN));
        this.loop = new Loop(open, ofLoop.random());
        Duration settleTime = faultPlan.settleTime().plus(clustered ? SILENT_SESSION : Duration.ZERO);
        var today =
                new DayCalendar.Trading(DAY, open, open, open.plus(ROUGH_SPAN).plus(settleTime));
        var tomorrow = new DayCalendar.Trading(
                NEXT_DAY, MIDNIGHT, NEXT_OPEN, NEXT_OPEN.plus(NEXT_SPAN).plusSeconds(50));
        this.calendar =
                new DayCalendar(faultPlan.night() == FaultPlan.Night.NONE ? List.of(today) : List.of(today, tomorrow));
        this.hours = dayTime.hasRealHours() ? new KrxCalendar() : calendar;
        this.orderHours = new OrderHours(sharedData.form(), hours);
        this.records = new TraceRecorder(loop, timeline, disk, this::restingNumbers, this::sellable, this::triggered);
        this.bounds = new DayTrace.Bounds(
                limits.callsPerSecond(),
                limits.ledgerPerSecond(),
                random.chance(0.2) ? random.between(60, 160) : 10_000,
                1_000);
        this.network = new Network(loop, random.split(), faultPlan, timeline);
        var rules = new BrokerRules(
                random.random().nextLong(),
                limits.callsPerSecond(),
                limits.ledgerPerSecond(),
                limits.registrations(),
                3,
                Duration.ofSeconds(100),
                Duration.ofMillis(100),
                false);
        this.broker = new BrokerProcess(
                loop, random.split(), faultPlan, timeline, rules, hours, sharedData.listing()::find, network);
        this.sendsPerSecond = new BudgetCore(limits, Duration.ZERO).ordersPerSecond();
        this.cluster = clustered
                ? Optional.of(
                        new Cluster(this, new SeededRandom(seed ^ CLUSTER_SEED), ROUGH_SPAN, faultPlan.attended()))
                : Optional.empty();
    }

    /** Runs the day. Verified twice: when it has settled, and after the session. */
    List<String> run() {
        timeline.log(loop.now(), "world", () -> "the time of day is " + dayTime);
        hasUsOrders = random.chance(dayTime.usDays());
        cluster.ifPresentOrElse(Cluster::start, () -> startGateway(Duration.ZERO));
        var programs = new ArrayList<ClientProgram>();
        int count = random.between(3, 6);
        twoAccounts = random.chance(0.5);
        double usShare = hasUsOrders ? 0.3 : 0;
        for (int i = 0; i < count; i++) {
            programs.add(new ClientProgram(
                    this,
                    random.split(),
                    "program" + (char) ('A' + i),
                    twoAccounts && i % 2 == 1 ? "A2" : "A1",
                    usShare,
                    dayTime.hasRealHours()));
        }
        programs.forEach(program -> program.trade(ORDERS / count, ROUGH_SPAN.minusSeconds(5)));
        var strategist = new ParentProgram(
                this,
                random.split(),
                twoAccounts && random.chance(0.5) ? "A2" : "A1",
                () -> programs.stream()
                        .flatMap(program -> program.accepted().stream())
                        .toList());
        strategist.trade(PARENTS, ROUGH_SPAN.minusSeconds(5));
        strategist.decide();
        if (sellsElsewhere) {
            for (int i = sales.between(2, 6); i > 0; i--) {
                loop.in(
                        sales.millis(5_000, (int) ROUGH_SPAN.toMillis()),
                        () -> sellElsewhere(sales.pick(ClientProgram.CODES)));
            }
        }
        moveMarket(random.split());
        faultPlan.plan().forEach(planned -> loop.in(planned.at(), () -> apply(planned.event())));
        if (faultPlan.attended()) {
            loop.in(OPERATOR_INTERVAL, this::operatorRound);
        }
        loop.runUntil(open.plus(ROUGH_SPAN));
        fault(FaultPlan.noFault());
        setClock(Duration.ZERO);
        cluster.ifPresent(Cluster::calm);
        timeline.log(loop.now(), "world", () -> "calm: no faults from here on");
        loop.runUntil(open.plus(ROUGH_SPAN).plusSeconds(15));
        programs.forEach(ClientProgram::retryUnanswered);
        strategist.retryUnanswered();
        Instant close = calendar.first().close();
        loop.runUntil(close.minus(beforeClose()));
        checkUntilClean("before the close", false);
        if (faultPlan.night() == FaultPlan.Night.ASLEEP) {
            asleep = true;
            gateway().ifPresent(this::gatewayDied);
        } else if (untilItsEnd) {
            loop.runUntil((dayTime.hasRealHours() ? dayTime.end(open) : close).plus(AFTER_CLOSE));
            checkUntilClean("after the close", true);
        }
        if (faultPlan.night() != FaultPlan.Night.NONE) {
            nextDay(programs);
        }
        parentOrders = strategist.created();
        batches = programs.stream().mapToInt(ClientProgram::batches).sum();
        return report;
    }

    private Duration beforeClose() {
        return cluster.isPresent() ? Duration.ofSeconds(CLUSTER_CHECK_ATTEMPTS + 4L) : Duration.ofSeconds(12);
    }

    /** A short day: yesterday's orders have ended, keys are remembered, broker numbers restart. */
    private void nextDay(List<ClientProgram> programs) {
        loop.runUntil(MIDNIGHT.plusSeconds(random.between(1, 30)));
        if (asleep) {
            asleep = false;
            startGateway(Duration.ZERO);
        }
        loop.runUntil(NEXT_OPEN);
        int orders = records.ordersAccepted();
        programs.forEach(ClientProgram::replayYesterday);
        programs.forEach(program -> program.trade(NEXT_ORDERS / programs.size(), NEXT_SPAN));
        if (faultPlan.night() == FaultPlan.Night.AWAKE && random.chance(0.3)) {
            loop.in(
                    random.millis(0, (int) NEXT_SPAN.toMillis()),
                    () -> gateway().ifPresent(it -> it.scheduleCrash(0)));
        }
        Instant close = calendar.last().close();
        loop.runUntil(close.minusSeconds(12));
        checkUntilClean("before the second close", false);
        loop.runUntil(close.plus(AFTER_CLOSE));
        checkUntilClean("after the second close", true);
        ordersNextDay = records.ordersAccepted() - orders;
    }

    /** How often each kind of fault was planned, or drawn for a call, by name. */
    SortedMap<String, Integer> faults() {
        SortedMap<String, Integer> counts = faultPlan.counts();
        cluster.ifPresent(it -> it.countFaults(counts));
        return counts;
    }

    /** Counts of the day's actions, by name; an action that never occurs is never verified. */
    SequencedMap<String, Integer> figures() {
        var figures = new LinkedHashMap<String, Integer>();
        figures.put("batches", batches);
        figures.put("cancels of everything", records.cancelAlls());
        figures.put("decided by number", (int) records.resolutions.stream()
                .filter(resolution -> resolution.number().isPresent())
                .count());
        figures.put("decided as not there", (int) records.resolutions.stream()
                .filter(resolution -> resolution.number().isEmpty())
                .count());
        figures.put("kill switches", records.killSwitchSpans.size());
        figures.put("of them with a crash", crashesAtSwitches);
        figures.put("parent orders", parentOrders);
        List<OrderFingerprint> triggered = parents(disk.read()).stream()
                .flatMap(ParentTrace.ReportedParent::triggered)
                .toList();
        figures.put(
                "prices reached for NXT",
                count(triggered, order -> order.form().exchange().equals(Venue.NXT.name())));
        figures.put(
                "for a venue that the gateway chose",
                count(triggered, order -> order.form().isAuto()));
        figures.put(
                "for the US", count(triggered, order -> OrderCoreDriver.symbol(order.symbol()) instanceof UsSymbol));
        figures.put("sales elsewhere", records.salesElsewhere.size() / 2);
        figures.put("days by real hours", dayTime.hasRealHours() ? 1 : 0);
        figures.put("orders of other sessions", accepted(call -> call.kind().session() != OrderSession.REGULAR));
        figures.put(
                "orders whose venue the gateway chose",
                accepted(call -> call.fingerprint().form().isAuto()));
        figures.put("days of two accounts", twoAccounts ? 1 : 0);
        figures.put("US orders", accepted(call -> call.fingerprint().symbol().contains(".")));
        figures.put("prices of the gateway", reprices);
        figures.put("nights", faultPlan.night() == FaultPlan.Night.NONE ? 0 : 1);
        figures.put("orders after a night", ordersNextDay);
        cluster.ifPresent(it -> it.count(figures));
        return figures;
    }

    private List<ParentTrace.ReportedParent> parents(List<JournalEntry> journal) {
        return ParentCoreDriver.storedParents(journal, records.parentTimes, records.sellableAt);
    }

    private static int count(List<OrderFingerprint> orders, Predicate<OrderFingerprint> which) {
        return (int) orders.stream().filter(which).count();
    }

    private int accepted(Predicate<ClientCall> which) {
        return (int) records.calls.values().stream()
                .filter(call -> call.orderId().isPresent() && which.test(call))
                .count();
    }

    /** A number that is unique over days: the broker's own restart on each. */
    static long number(LocalDate day, long odno) {
        return (day.toEpochDay() - DAY.toEpochDay()) * NUMBERS_A_DAY + odno;
    }

    /** The broker's own number. */
    static long odno(long number) {
        return number % NUMBERS_A_DAY;
    }

    LocalDate tradingDay() {
        return calendar.tradingDay(loop.now());
    }

    /** Number of the gateway's deaths. */
    int deaths() {
        return deaths;
    }

    long events() {
        return loop.done();
    }

    void report(String sentence) {
        report.add(sentence);
    }

    /** What a program's clock shows: the gateway's, or the true time where there are several. */
    Instant gatewayClock() {
        return loop.now().plus(clockError);
    }

    /** A gateway has died. */
    void countDeath() {
        deaths++;
    }

    Function<Symbol, Optional<Instrument>> listing() {
        return sharedData.listing()::find;
    }

    /** The gateway that owns the accounts and runs. */
    Optional<GatewayProcess> gateway() {
        return cluster.isPresent() ? cluster.get().owner() : gateway;
    }

    /** Whether programs trade US stocks today. */
    boolean hasUsOrders() {
        return hasUsOrders;
    }

    /** The price that a symbol moved to last. */
    long lastPrice(String symbol) {
        if (OrderCoreDriver.symbol(symbol) instanceof UsSymbol us) {
            return gateway()
                    .map(process -> process.lastPrice(us))
                    .orElseGet(OptionalLong::empty)
                    .orElseGet(() -> ClientProgram.usClose(us));
        }
        return prices.getOrDefault(
                symbol, ClientProgram.SYMBOLS.getOrDefault(symbol, 0).longValue());
    }

    /** Moves a symbol to another price now and then, so that what is waited for happens. */
    private void moveMarket(SeededRandom own) {
        loop.in(own.millis(500, (int) MOVES_EVERY.toMillis()), () -> {
            String symbol = own.pick(ClientProgram.CODES);
            long price = ClientProgram.SYMBOLS.getOrDefault(symbol, 0)
                    + (long) ClientProgram.TICK * own.between(-MOVE_TICKS, MOVE_TICKS);
            prices.put(symbol, price);
            timeline.log(loop.now(), "market", () -> symbol + " moves to " + price);
            var move = new Scenario.Move(new Symbol(symbol), price, Duration.ZERO);
            broker.call(
                    id -> new Input.PlayNow(id, new Scenario("", OptionalLong.empty(), List.of(), List.of(move))),
                    _ -> {});
            if (loop.now().isBefore(open.plus(ROUGH_SPAN))) {
                moveMarket(own);
            }
        });
    }

    /** Whether a market takes an order of a kind now. */
    boolean isAccepted(kr.kisgateway.market.OrderKind kind, Venue venue) {
        return isAccepted(kind, venue, gatewayClock());
    }

    private boolean isAccepted(kr.kisgateway.market.OrderKind kind, Venue venue, Instant at) {
        MarketSymbol symbol = venue.takes(AMERICAN) ? AMERICAN : KOREAN;
        return orderHours
                .window(
                        new Terms("A1", symbol, Side.BUY, 1, kind, OptionalLong.empty(), venue, Optional.empty(), at),
                        at)
                .isOpen();
    }

    // ---- the gateway's environment ----

    OrderCoreDriver orderCore(List<JournalEntry> journal, int life, Instant now, Set<Bug> planted) {
        return new OrderCoreDriver(
                journal, life, hours, now, bounds, sendsPerSecond, sharedData.calls(), sharedData.form(), planted);
    }

    SimulatedKisClient kisClient(GatewayProcess process, SeededRandom ownRandom) {
        return new SimulatedKisClient(
                process,
                network,
                broker,
                records,
                ownRandom,
                tokenFile,
                sharedData.calls(),
                sharedData.catalog(),
                limits,
                bugs,
                trades(),
                process);
    }

    /** Registrations of trades; of the US stock also in its day market. */
    private List<RealtimeKey> trades() {
        Stream<RealtimeKey> korean = ClientProgram.CODES.stream().map(code -> new RealtimeKey("H0STCNT0", code));
        Stream<RealtimeKey> us = Stream.of("DNYSKO", "RBAYKO").map(key -> new RealtimeKey("HDFSCNT0", key));
        return (hasUsOrders ? Stream.concat(korean, us) : korean).toList();
    }

    void published(OrderCoreDriver.Action.Publish news, int life) {
        records.published.add(new DayTrace.Published(news.stream(), news.seq(), life, news.order(), news.status()));
        timeline.log(loop.now(), "stream", () -> news.stream() + "/" + news.seq() + " " + news.what());
    }

    void alert(String text) {
        records.alerts.add(text);
        timeline.log(loop.now(), "ALERT", () -> text);
    }

    private void startGateway(Duration delay) {
        loop.in(delay, () -> {
            if (asleep) {
                return; // it had died before the night began
            }
            var process = new GatewayProcess(this, alone, ++lives, disk.read(), random.split());
            gateway = Optional.of(process);
            timeline.log(loop.now(), "gateway", () -> "starts, life " + process.life());
            process.start();
        });
    }

    /** The machine of a gateway that runs alone. */
    private final class Alone implements Host {
        @Override
        public Instant clock() {
            return gatewayClock();
        }

        @Override
        public Duration until(Instant at) {
            return Duration.between(clock(), at);
        }

        @Override
        public void whenAwake(Runnable work) {
            work.run();
        }

        @Override
        public boolean stopsAt(Step step, String order) {
            return false;
        }

        @Override
        public Instant trueTime() {
            return loop.now();
        }

        @Override
        public void left(String order, Instant compared) {
            // The trace has it.
        }

        @Override
        public boolean reachesBroker() {
            return true;
        }

        @Override
        public Optional<Lease> lease() {
            return Optional.empty();
        }

        @Override
        public void write(List<JournalEntry> entries) {
            disk.write(entries);
            records.written(entries);
        }

        @Override
        public void flush(GatewayProcess process, List<JournalEntry> entries, Runnable durable, Runnable failed) {
            process.in(faultPlan.flush(loop.now()), () -> {
                process.crashIfDue();
                disk.sync();
                durable.run();
            });
        }

        @Override
        public void reopen(Consumer<Optional<OpenedJournal>> done) {
            throw new IllegalStateException("no commit fails on a disk");
        }

        @Override
        public void died(GatewayProcess process) {
            gatewayDied(process);
        }

        @Override
        public Set<Bug> bugs() {
            return bugs;
        }

        @Override
        public void log(Supplier<String> what) {
            timeline.log(loop.now(), "gateway", what);
        }
    }

    /** Unsynced bytes may be torn off; what was sent stays on the wire. */
    private void gatewayDied(GatewayProcess process) {
        process.crash();
        deaths++;
        records.deaths.add(loop.now());
        gateway = Optional.empty();
        int unsynced = disk.unsyncedBytes();
        int survivingBytes = random.chance(0.3) ? unsynced : random.between(0, unsynced);
        timeline.log(
                loop.now(),
                "gateway",
                () -> "DIES; " + survivingBytes + " of " + unsynced + " unsynced bytes reached the disk");
        disk.tear(survivingBytes);
        if (asleep) {
            return;
        }
        startGateway(random.millis(1_100, 4_000));
    }

    /** A client's call over loopback; without an answer in {@code patience} it times out. */
    void callGateway(
            Duration timeout,
            BiConsumer<GatewayProcess, Consumer<OrderCoreDriver.Response>> call,
            Consumer<OrderCoreDriver.Response> done) {
        if (cluster.isPresent()) {
            cluster.get().call(timeout, call, done);
            return;
        }
        var answered = new AtomicBoolean();
        Consumer<OrderCoreDriver.Response> once = response -> {
            if (!answered.getAndSet(true)) {
                loop.in(random.micros(30, 300), () -> done.accept(response));
            }
        };
        loop.in(timeout, () -> once.accept(new OrderCoreDriver.Response.NoAnswer()));
        loop.in(
                random.micros(30, 300),
                () -> gateway.ifPresentOrElse(
                        process -> call.accept(process, once),
                        () -> once.accept(new OrderCoreDriver.Response.NoAnswer())));
    }

    // ---- faults ----

    private void apply(FaultPlan.Event event) {
        timeline.log(loop.now(), "world", event::toString);
        switch (event) {
            case FaultPlan.Event.GatewayDies(int steps) -> gateway().ifPresent(it -> it.scheduleCrash(steps));
            case FaultPlan.Event.BrokerDies(Duration away) -> {
                network.breakSockets("the broker died");
                broker.crash(away);
            }
            case FaultPlan.Event.SocketBreaks() -> network.breakSockets("reset");
            case FaultPlan.Event.ClockSteps(Duration by) -> setClock(by);
            case FaultPlan.Event.BrokerFault(Map<String, Object> values) -> fault(values);
            case FaultPlan.Event.OutsideOrder(long qty) -> outsideOrder(qty);
            case FaultPlan.Event.KillSwitch(boolean cancelOpen, Duration span, FaultPlan.Crash crash) ->
                killSwitch(cancelOpen, span, crash);
            case FaultPlan.Event.CancelAll() -> cancelAll();
            case FaultPlan.Event.Twin() -> {
                fault(FaultPlan.silence());
                loop.in(Duration.ofMillis(100), () -> placeTwin(loop.now().plusSeconds(4)));
            }
        }
    }

    private void killSwitch(boolean cancelOpen, Duration span, FaultPlan.Crash crash) {
        String key = "kill switch " + loop.now();
        if (cancelOpen) {
            records.cancelAlls(key, Optional.empty());
        }
        if (crash.when() == FaultPlan.Crash.When.ON_REQUEST) {
            crashSoon(crash);
        }
        killSwitch(true, cancelOpen, () -> {
            Instant from = loop.now();
            if (cancelOpen) {
                records.recordCancelAllAnswer(key, Set.of());
            }
            if (crash.when() == FaultPlan.Crash.When.ON_CONFIRMATION) {
                crashSoon(crash);
            }
            loop.in(span, () -> {
                records.killSwitchSpans.add(new DayTrace.Span(from, loop.now()));
                killSwitch(false, false, () -> {});
            });
        });
    }

    private void crashSoon(FaultPlan.Crash crash) {
        gateway().ifPresent(it -> {
            it.scheduleCrash(crash.steps());
            crashesAtSwitches++;
        });
    }

    private void cancelAll() {
        var request = new OrderCoreDriver.CancelAllRequest("operator-sweep-" + loop.now(), Optional.empty());
        records.cancelAlls(request.key(), request.symbol());
        cancelAll(request, random.between(1, 3));
    }

    /** Repeats the request until it was answered {@code answers} times: people press a button again. */
    private void cancelAll(OrderCoreDriver.CancelAllRequest request, int answers) {
        callGateway(Duration.ofSeconds(5), (process, client) -> process.cancelAll(request, client), response -> {
            timeline.log(loop.now(), "operator", () -> request + " receives " + response);
            int left = answers;
            if (response instanceof OrderCoreDriver.Response.CancelledAll(var named)) {
                records.recordCancelAllAnswer(request.key(), named);
                left--;
            }
            if (left > 0) {
                int more = left;
                loop.in(random.millis(100, 3_000), () -> cancelAll(request, more));
            }
        });
    }

    // ---- operator resolutions ----

    /** Resolves orders in doubt by what the broker's own screen shows. */
    private void operatorRound() {
        Instant old = gatewayClock().minus(OPERATOR_DELAY);
        List<OrderCoreDriver.UnresolvedOrder> unresolved =
                gateway().map(GatewayProcess::unresolvedOrders).orElse(List.of()).stream()
                        .filter(unresolvedOrder -> unresolvedOrder.since().isBefore(old)
                                && !resolvedOrders.contains(unresolvedOrder.order()))
                        .toList();
        if (!unresolved.isEmpty()) {
            Map<OrderFingerprint, List<Long>> unownedOrders = unownedOrders();
            for (OrderCoreDriver.UnresolvedOrder unresolvedOrder : unresolved) {
                List<Long> candidates = unownedOrders.getOrDefault(unresolvedOrder.fingerprint(), List.of());
                var resolution = new OrderCoreDriver.Resolution(
                        unresolvedOrder.order(),
                        "decision-" + unresolvedOrder.order() + "-" + loop.now(),
                        candidates.stream().findFirst());
                resolvedOrders.add(unresolvedOrder.order());
                submitResolution(resolution);
            }
        }
        loop.in(OPERATOR_INTERVAL, this::operatorRound);
    }

    private void submitResolution(OrderCoreDriver.Resolution resolution) {
        callGateway(Duration.ofSeconds(5), (process, client) -> process.resolve(resolution, client), response -> {
            timeline.log(loop.now(), "operator", () -> resolution + " receives " + response);
            switch (response) {
                case OrderCoreDriver.Response.Accepted _ ->
                    records.resolutions.add(new DayTrace.Resolution(resolution.order(), resolution.number()));
                case OrderCoreDriver.Response.NoAnswer() ->
                    loop.in(random.millis(100, 1_000), () -> submitResolution(resolution));
                // It is resolved, or the list has not shown it yet: the operator checks again.
                default -> resolvedOrders.remove(resolution.order());
            }
        });
    }

    /** Orders at the broker that no gateway order owns yet, oldest first, without outside ones. */
    private Map<OrderFingerprint, List<Long>> unownedOrders() {
        Set<Long> owned = OrderCoreDriver.storedOrders(disk.read()).stream()
                .flatMap(order -> order.reported().brokerNumber().stream())
                .collect(Collectors.toSet());
        return book().stream()
                .filter(chain -> !chain.outside() && !twins.contains(chain.number()) && !owned.contains(chain.number()))
                .map(OrderChain::toBooked)
                .collect(Collectors.groupingBy(
                        BookedOrder::fingerprint, Collectors.mapping(BookedOrder::number, Collectors.toList())));
    }

    /** Numbers of the orders in the broker's book with this fingerprint. */
    private Set<Long> numbers(OrderFingerprint fingerprint) {
        return book().stream()
                .map(OrderChain::toBooked)
                .filter(booked -> booked.fingerprint().equals(fingerprint))
                .map(BookedOrder::number)
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Waits until an order that the broker has is in doubt, and places an equal one. */
    private void placeTwin(Instant until) {
        Map<OrderFingerprint, List<Long>> unownedOrders = unownedOrders();
        Optional<OrderFingerprint> fingerprint =
                gateway().map(GatewayProcess::unresolvedOrders).orElse(List.of()).stream()
                        .map(OrderCoreDriver.UnresolvedOrder::fingerprint)
                        .filter(it -> it.price() > 0
                                && OrderCoreDriver.symbol(it.symbol()) instanceof Symbol
                                && it.equals(new OrderFingerprint(it.symbol(), "BUY", it.qty(), it.price()))
                                && unownedOrders.getOrDefault(it, List.of()).size() == 1)
                        .findFirst();
        fingerprint.ifPresentOrElse(
                it -> {
                    Set<Long> before = numbers(it);
                    place(it, () -> {
                        // From the book, because its answer may have been lost; and the gateway's own may have been
                        // found meanwhile.
                        Set<Long> since = numbers(it);
                        since.removeAll(before);
                        since.retainAll(unownedOrders().getOrDefault(it, List.of()));
                        twins.addAll(since);
                    });
                },
                () -> {
                    if (loop.now().isBefore(until)) {
                        loop.in(Duration.ofMillis(100), () -> placeTwin(until));
                    }
                });
    }

    /** Repeats the request until it is answered: an operator does not leave a kill switch unconfirmed. */
    private void killSwitch(boolean on, boolean cancelOpen, Runnable then) {
        callGateway(
                Duration.ofSeconds(5), (process, client) -> process.killSwitch(on, cancelOpen, client), response -> {
                    timeline.log(loop.now(), "operator", () -> "kill switch " + on + " receives " + response);
                    if (response instanceof OrderCoreDriver.Response.Done) {
                        then.run();
                    } else {
                        loop.in(random.millis(100, 500), () -> killSwitch(on, cancelOpen, then));
                    }
                });
    }

    private void outsideOrder(long qty) {
        place(new OrderFingerprint("003490", "BUY", qty, 26_300), () -> {});
    }

    /** The owner sells by telephone when the price falls, as the gateway does. */
    private void triggered(String parent) {
        if (sellsElsewhere && sales.chance(0.5)) {
            gateway()
                    .flatMap(process -> process.parentLegs(parent))
                    .map(legs -> legs.getLast().order().symbol())
                    .filter(ClientProgram.CODES::contains)
                    .ifPresent(symbol -> loop.in(sales.millis(0, 40), () -> sellElsewhere(symbol)));
        }
    }

    /** The owner sells shares by telephone, also those that a parent order is to close. */
    private void sellElsewhere(String symbol) {
        // What is left is too little for most exits.
        long qty = sellable().getOrDefault("A1 " + symbol, 0L) - sales.between(0, 3);
        if (qty > 0 && loop.now().isBefore(open.plus(ROUGH_SPAN))) {
            records.salesElsewhere.add(loop.now());
            place(
                    new OrderFingerprint(symbol, "SELL", qty, salePrice(symbol)),
                    () -> records.salesElsewhere.add(loop.now()));
        }
    }

    private static long salePrice(String symbol) {
        return ClientProgram.SYMBOLS.getOrDefault(symbol, 0) - (long) ClientProgram.TICK * SALE_TICKS;
    }

    /** Shares that may be sold at the broker, by account and symbol: those held less those offered. */
    private Map<String, Long> sellable() {
        var shares = new HashMap<String, Long>();
        broker.storedState().changes().forEach(change -> {
            if (change instanceof Change.Holding holding) {
                shares.merge(
                        AccountCalls.alias(holding.account().digits()) + " "
                                + holding.symbol().code(),
                        holding.qty(),
                        Long::sum);
            }
        });
        book().stream()
                .filter(chain -> chain.rests() && chain.first.side() == Side.SELL)
                .forEach(chain -> shares.merge(
                        AccountCalls.alias(chain.first.account().digits()) + " "
                                + chain.first.symbol().code(),
                        -chain.remaining,
                        Long::sum));
        return shares;
    }

    /** Places an order past the gateway. */
    private void place(OrderFingerprint fingerprint, Runnable then) {
        RestCalls calls = sharedData.outside();
        network.direct(broker, calls.auth().token(), token -> {
            if (calls.auth().readToken(token, loop.now())
                    instanceof TokenCore.Input.Obtained(var accessToken, boolean _)) {
                var order = new PlaceOrder(
                        new Symbol(fingerprint.symbol()),
                        Side.valueOf(fingerprint.side()),
                        OrderType.LIMIT,
                        fingerprint.qty(),
                        fingerprint.price(),
                        Venue.KRX);
                network.direct(broker, calls.place(accessToken, order), answer -> {
                    timeline.log(loop.now(), "outside", () -> order + " receives " + calls.evaluateOrder(answer));
                    then.run();
                });
            }
        });
    }

    private void setClock(Duration error) {
        if (cluster.isPresent()) {
            cluster.get().stepClock(error);
        } else {
            clockError = error;
            clockStepped();
        }
    }

    /** The clock of a gateway was set. */
    void clockStepped() {
        clockSteps.add(loop.now());
    }

    private void fault(Map<String, Object> values) {
        if (values.get("balance_lag_seconds") instanceof Map<?, ?>) {
            records.balanceLags.add(new DayTrace.Span(loop.now(), loop.now().plus(FaultPlan.LONGEST_BALANCE_LAG)));
        }
        broker.call(id -> new Input.SwitchFaults(id, values), response -> {
            if (response instanceof BrokerProcess.CallResult.Answer(var answer) && answer.status() != 200) {
                throw new IllegalStateException("no such fault: " + answer.body());
            }
        });
    }

    // ---- verification ----

    /** While the market is open a fill may be in flight at any moment, so only a persistent finding counts. */
    private void checkUntilClean(String when, boolean closed) {
        List<String> found = List.of();
        int attempts = cluster.isPresent() ? CLUSTER_CHECK_ATTEMPTS : CHECK_ATTEMPTS;
        for (int attempt = 0; attempt < attempts; attempt++) {
            found = check(closed);
            if (found.isEmpty()) {
                return;
            }
            loop.runUntil(loop.now().plusSeconds(1));
        }
        found.forEach(sentence -> report.add(when + ": " + sentence));
    }

    private List<String> check(boolean closed) {
        // While agents trade, a balance is outdated at once.
        Optional<AccountTotals> balances = closed ? readBalance() : Optional.empty();
        List<JournalEntry> journal = disk.read();
        List<OrderCoreDriver.StoredOrder> storedOrders = OrderCoreDriver.storedOrders(journal);
        List<OrderChain> book = book();
        var found = new ArrayList<String>();
        gateway()
                .ifPresentOrElse(
                        it -> found.addAll(it.differencesToJournal()),
                        () -> cluster.ifPresent(_ -> found.add("no gateway owns the accounts")));
        List<ReportedOrder> reported =
                storedOrders.stream().map(OrderCoreDriver.StoredOrder::reported).toList();
        ParentTrace parents = parentTrace(journal);
        List<DayTrace.Reprice> ownPrices = OrderCoreDriver.reprices(journal);
        reprices = ownPrices.size();
        var changes = new ArrayList<>(records.changes);
        ownPrices.forEach(reprice -> changes.add(
                new DayTrace.ModifyCall(reprice.orderId(), OptionalLong.empty(), OptionalLong.of(reprice.price()))));
        var trace = new DayTrace(
                ParentChecks.with(
                        ReplacementCalls.with(
                                List.copyOf(records.calls.values()), changes, reported, List.copyOf(records.sent)),
                        parents,
                        reported),
                List.copyOf(records.cancels),
                changes,
                reported,
                book.stream().map(OrderChain::toBooked).toList(),
                book.stream().map(OrderChain::toChain).toList(),
                book.stream()
                        .filter(chain -> chain.outside() || twins.contains(chain.number()))
                        .map(OrderChain::number)
                        .collect(Collectors.toSet()),
                List.copyOf(records.acknowledgements),
                List.copyOf(records.refusedAfterAcceptance),
                List.copyOf(records.sent),
                List.copyOf(records.killSwitchSpans),
                published(),
                List.copyOf(records.alerts),
                gatewayTotals(storedOrders),
                brokerTotals(),
                balances,
                bounds,
                List.copyOf(clockSteps),
                records.bulkActions(),
                faultPlan.night() == FaultPlan.Night.NONE ? List.of() : List.of(MIDNIGHT),
                closed,
                parents);
        found.addAll(HistoryChecker.check(trace));
        found.addAll(RepriceChecks.check(ownPrices, records.repriceRules, trace));
        cluster.ifPresent(it -> found.addAll(ClusterChecks.check(it.trace())));
        return found;
    }

    /** The cursors as a subscriber receives them: a former owner that wakes up publishes late, on connections of its own. */
    private List<DayTrace.Published> published() {
        return records.published.stream()
                .sorted(Comparator.comparingInt(DayTrace.Published::life))
                .toList();
    }

    private ParentTrace parentTrace(List<JournalEntry> journal) {
        return new ParentTrace(
                List.copyOf(records.parentCalls.values()),
                List.copyOf(records.parentChanges),
                List.copyOf(records.parentCancels),
                parents(journal),
                List.copyOf(records.prices),
                Map.copyOf(records.acceptedAt),
                List.copyOf(records.sentExits),
                List.copyOf(records.deaths),
                sessions(),
                List.copyOf(records.salesElsewhere),
                List.copyOf(records.balanceLags));
    }

    /** When each exchange takes the orders of parent orders; of those without a venue, when both of Korea do or KRX alone. */
    private Map<String, List<DayTrace.Span>> sessions() {
        List<DayTrace.Span> krx = sessions(kr.kisgateway.market.OrderKind.MARKET, Venue.KRX);
        return Map.of(
                Venue.KRX.name(),
                krx,
                WireForm.AUTO,
                krx,
                Venue.NXT.name(),
                sessions(kr.kisgateway.market.OrderKind.LIMIT, Venue.NXT),
                Venue.NYSE.name(),
                sessions(kr.kisgateway.market.OrderKind.LIMIT, Venue.NYSE));
    }

    private List<DayTrace.Span> sessions(kr.kisgateway.market.OrderKind kind, Venue venue) {
        List<DayTrace.Span> days = calendar.days().stream()
                .filter(day -> !day.open().isAfter(loop.now()))
                .map(day -> new DayTrace.Span(day.open(), day.close()))
                .toList();
        if (!dayTime.hasRealHours()) {
            return days;
        }
        List<DayTrace.Span> spans = new ArrayList<>();
        for (DayTrace.Span day : days) {
            Optional<Instant> from = Optional.empty();
            for (Instant at = day.from(); at.isBefore(day.to()); at = at.plusSeconds(1)) {
                boolean accepted = isAccepted(kind, venue, at);
                if (accepted && from.isEmpty()) {
                    from = Optional.of(at);
                } else if (!accepted && from.isPresent()) {
                    spans.add(new DayTrace.Span(from.get(), at));
                    from = Optional.empty();
                }
            }
            from.ifPresent(start -> spans.add(new DayTrace.Span(start, day.to())));
        }
        return spans;
    }

    /** Numbers of the orders that rest at the broker. */
    private Set<Long> restingNumbers() {
        return book().stream().filter(OrderChain::rests).map(OrderChain::number).collect(Collectors.toSet());
    }

    /** Lets the gateway read its balances as it does for a sell, over the wire; empty unless all were read. */
    private Optional<AccountTotals> readBalance() {
        var totals = new Totals();
        List<String> accounts =
                List.copyOf(new TreeSet<>(sharedData.calls().appKeys().keySet()));
        var read = new HashSet<String>();
        gateway()
                .ifPresent(process -> accounts.forEach(account -> process.run(() -> process.balance(
                        account,
                        balance -> balance.ifPresent(it -> {
                            it.pages()
                                    .forEach(page ->
                                            page.holdings().forEach(h -> totals.hold(account, h.symbol(), h.qty())));
                            var cash = it.pages().getLast().cash();
                            totals.trade(account, Currency.KRW, cash.buysToday(), cash.sellsToday());
                            read.add(account);
                        })))));
        loop.runUntil(loop.now().plusSeconds(2));
        return read.size() == accounts.size() ? Optional.of(totals.sums()) : Optional.empty();
    }

    /** Money and shares of all accounts. */
    private static final class Totals {
        private final Map<String, Long> bought = new TreeMap<>();
        private final Map<String, Long> sold = new TreeMap<>();
        private final Map<String, Long> positions = new TreeMap<>();

        void trade(String account, Currency currency, long buys, long sells) {
            bought.merge(account + " " + currency, buys, Long::sum);
            sold.merge(account + " " + currency, sells, Long::sum);
        }

        void hold(String account, MarketSymbol symbol, long qty) {
            positions.merge(account + " " + symbol.code(), qty, Long::sum);
        }

        AccountTotals sums() {
            List.of(bought, sold, positions).forEach(sums -> sums.values().removeIf(sum -> sum == 0));
            return new AccountTotals(Map.copyOf(bought), Map.copyOf(sold), Map.copyOf(positions));
        }
    }

    /** An order at the broker with its replacements, from its file. */
    private static final class OrderChain {
        private final Change.Order first;
        private long filled;
        private long remaining;
        private long price;
        private int modifications = -1;
        private boolean open;

        OrderChain(Change.Order first) {
            this.first = first;
        }

        void add(Change.Order order) {
            filled += order.filledQty();
            remaining += order.qty() - order.filledQty() - order.cancelledQty() - order.rejectedQty();
            boolean refused = order != first && order.rejectedQty() == order.qty();
            price = refused ? price : priceOf(order);
            modifications += refused ? 0 : 1;
            open |= order.open();
        }

        private static long priceOf(Change.Order order) {
            boolean market = order.division().equals("01") && order.terms() instanceof Change.KoreanTerms;
            return market ? 0 : order.price();
        }

        private static WireForm formOf(Change.Order order) {
            return switch (order.terms()) {
                case Change.KoreanTerms korean ->
                    new WireForm(korean.exchange(), order.division(), korean.conditionPrice());
                case Change.UsTerms us -> {
                    String code = order.symbol().code();
                    yield WireForm.ofUs(code.substring(code.indexOf('.') + 1), order.division(), us.dayMarket());
                }
            };
        }

        long number() {
            return SimulationWorld.number(first.day(), first.odno());
        }

        BookedOrder toBooked() {
            return new BookedOrder(
                    number(),
                    new OrderFingerprint(
                            first.symbol().code(),
                            first.side().name(),
                            first.qty(),
                            priceOf(first),
                            AccountCalls.alias(first.account().digits()),
                            formOf(first)),
                    Instant.ofEpochMilli(first.acceptedAtMillis()),
                    filled,
                    first.qty() - filled - remaining);
        }

        DayTrace.Chain toChain() {
            return new DayTrace.Chain(number(), price, filled + remaining, modifications);
        }

        /** What an auction or a session left has ended, though shares remain. */
        boolean rests() {
            return open && remaining > 0;
        }

        boolean outside() {
            boolean bought = first.qty() >= FaultPlan.OUTSIDE_FROM && first.qty() <= FaultPlan.OUTSIDE_TO;
            return bought
                    || first.side() == Side.SELL
                            && ClientProgram.CODES.contains(first.symbol().code())
                            && priceOf(first) == salePrice(first.symbol().code());
        }
    }

    private List<OrderChain> book() {
        var chains = new LinkedHashMap<Long, OrderChain>();
        var byNumber = new HashMap<Long, OrderChain>();
        broker.storedState().changes().stream()
                .filter(Change.Order.class::isInstance)
                .map(Change.Order.class::cast)
                .filter(order -> order.kind() != OrderKind.CANCEL)
                .sorted(Comparator.comparing(Change.Order::day).thenComparingLong(Change.Order::odno))
                .forEach(order -> {
                    long number = number(order.day(), order.odno());
                    OrderChain chain = order.kind() == OrderKind.NEW
                            ? chains.computeIfAbsent(number, _ -> new OrderChain(order))
                            : Objects.requireNonNull(byNumber.get(number(order.day(), order.originalOdno())));
                    byNumber.put(number, chain);
                    chain.add(order);
                });
        return List.copyOf(chains.values());
    }

    /** Today's money, all days' shares. */
    private AccountTotals gatewayTotals(List<OrderCoreDriver.StoredOrder> storedOrders) {
        var totals = new Totals();
        for (OrderCoreDriver.StoredOrder one : storedOrders) {
            OrderFingerprint order = one.reported().fingerprint();
            boolean buy = order.side().equals("BUY");
            MarketSymbol symbol = OrderCoreDriver.symbol(order.symbol());
            long value = one.day().equals(tradingDay()) ? one.value() : 0;
            totals.trade(order.account(), symbol.market().currency(), buy ? value : 0, buy ? 0 : value);
            long filled = one.reported().filled();
            totals.hold(order.account(), symbol, buy ? filled : -filled);
        }
        return totals.sums();
    }

    private AccountTotals brokerTotals() {
        var totals = new Totals();
        for (Change change : broker.storedState().changes()) {
            if (change instanceof Change.Cash cash) {
                totals.trade(
                        AccountCalls.alias(cash.account().digits()),
                        cash.currency(),
                        cash.boughtToday(),
                        cash.soldToday());
            } else if (change instanceof Change.Holding holding) {
                totals.hold(AccountCalls.alias(holding.account().digits()), holding.symbol(), holding.qty());
            }
        }
        return totals.sums();
    }
}
