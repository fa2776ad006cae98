package kr.kisgateway.gateway.pool;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.feed.GapCause;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.pool.Allocation.Mode;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.Demand.Use;
import kr.kisgateway.gateway.pool.PollSource.PollResult;
import kr.kisgateway.gateway.pool.PoolCore.Effect;
import kr.kisgateway.gateway.pool.PoolCore.Input;
import kr.kisgateway.gateway.pool.Sockets.Capacity;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.stream.Channel;
import kr.kisgateway.gateway.stream.DeliveryMode;
import kr.kisgateway.gateway.stream.MarketDataSupply;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.gateway.task.TaskRunner;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Trade;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the decisions of {@link PoolCore} and {@link PollCore}: registers at the sockets, polls by REST on virtual
 * threads, and reports delivery modes to the stream. One lock guards both cores; nothing waits under it. A thread of its own
 * ticks them.
 */
public final class SessionPool implements MarketDataSupply, RawSupply, RegistrationListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.pool");
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(500);
    private static final Duration ORDERS_INTERVAL = Duration.ofSeconds(5);
    /** How long polling yields to waiting callers. */
    private static final Duration YIELD_TIME = Duration.ofSeconds(2);

    private static final Duration INTERVAL_MIN = Duration.ofSeconds(1);
    private static final Duration CLOSED_INTERVAL_MIN = Duration.ofSeconds(60);

    /**
     * Components that the pool uses and that need the pool to be built.
     *
     * @param openOrderSymbols symbols in which the gateway has open orders; may block
     * @param open whether any market of a market is open; while none is, prices are polled once a minute
     * @param workers runs calls, one virtual thread each
     */
    public record Environment(
            Sockets sockets,
            PollSource source,
            StreamHub hub,
            QuoteStore store,
            Supplier<Set<MarketSymbol>> openOrderSymbols,
            Predicate<Market> open,
            Executor workers) {}

    /**
     * Registrations and their use.
     *
     * @param slots slots for demands
     * @param taken of these, those taken
     * @param statuses of those, slots of statuses, which yield to any demand
     * @param lightest weight of the lightest registered demand
     */
    public record SlotUsage(Capacity capacity, int slots, int taken, int statuses, OptionalLong lightest) {}

    /** Polled demands of a market, and their intervals. */
    public record PollingStats(
            int quotes, int books, Duration quoteInterval, Duration bookInterval, Duration venuePriceInterval) {}

    /**
     * State of the whole pool.
     *
     * @param places slot usage of each market; the same for both where they share the sockets
     * @param perMarket whether each market has registrations of its own
     * @param allocations the heaviest first
     * @param pollCalls polling calls since the start
     * @param pollFailures of these, those without an answer
     */
    public record PoolSnapshot(
            Map<Market, SlotUsage> places,
            boolean perMarket,
            int churnMax,
            int churnLeft,
            Map<Market, PollingStats> polling,
            long pollCalls,
            long pollFailures,
            List<Allocation> allocations) {
        SlotUsage places(Demand demand) {
            return Optional.ofNullable(places.get(demand.market())).orElseThrow();
        }

        Duration interval(Demand demand) {
            var ofMarket = Optional.ofNullable(polling.get(demand.market())).orElseThrow();
            if (demand.isOf(Kind.BOOKS)) {
                return ofMarket.bookInterval();
            }
            return demand.venue().isPresent() ? ofMarket.venuePriceInterval() : ofMarket.quoteInterval();
        }
    }

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    /** Allocates the registrations of a market; one for all where they share the sockets. */
    private final SequencedMap<Market, PoolCore> cores = new LinkedHashMap<>();

    private final boolean perMarket;
    private final Map<Market, Capacity> capacities = new HashMap<>();
    private final PollCore pollCore;
    private final LongAdder pollCalls = new LongAdder();
    private final LongAdder pollFailures = new LongAdder();
    private volatile Optional<TaskRunner.Task> task = Optional.empty();
    private Optional<Environment> environment = Optional.empty();
    private Instant checkedAt = Instant.MIN;
    private Instant ordersCheckedAt = Instant.MIN;
    private Instant polledAt = Instant.MIN;
    private volatile Consumer<LastTick> polledPrices = price -> {};
    private volatile Consumer<LastBook> polledBooks = book -> {};
    private volatile Consumer<RawDemand> refusedRaw = demand -> {};

    /**
     * @param markets whose symbols may be demanded
     * @param perMarket whether each market has registrations of its own, by sockets or by hours
     */
    public SessionPool(PoolRules rules, Collection<Market> markets, boolean perMarket, InstantSource clock) {
        var common = new PoolCore(rules);
        for (var market : markets) {
            cores.put(market, perMarket ? new PoolCore(rules) : common);
            capacities.put(market, new Capacity(0, 0, Optional.empty()));
        }
        this.pollCore = new PollCore(markets, new PollCore.Pace(INTERVAL_MIN, 1, intervals(_ -> true)));
        this.perMarket = perMarket;
        this.clock = clock;
    }

    private Map<Market, Duration> intervals(Predicate<Market> open) {
        return cores.keySet().stream()
                .collect(Collectors.toMap(
                        market -> market, market -> open.test(market) ? INTERVAL_MIN : CLOSED_INTERVAL_MIN));
    }

    private PoolCore core(Market market) {
        return Optional.ofNullable(cores.get(market)).orElseThrow();
    }

    private Capacity capacity(Market market) {
        return Optional.ofNullable(capacities.get(market)).orElseThrow();
    }

    /** The markets that have a core of their own; the first one where all share it. */
    private List<Market> poolMarkets() {
        return perMarket
                ? List.copyOf(cores.keySet())
                : List.of(cores.firstEntry().getKey());
    }

    /** Sets the receivers of polled values beside the stream; they must not block. To be called before the start. */
    public void onPolled(Consumer<LastTick> prices, Consumer<LastBook> books) {
        polledPrices = prices;
        polledBooks = books;
    }

    /** Starts allocating: the sockets exist now, and earlier demands are registered. */
    public SessionPool start(Environment env, TaskRunner tasks) {
        lock.lock();
        try {
            environment = Optional.of(env);
        } finally {
            lock.unlock();
        }
        tick();
        task = Optional.of(tasks.every("session-pool", TICK, this::tick));
        return this;
    }

    @Override
    public DeliveryMode acquire(Channel channel, MarketSymbol symbol, Optional<String> key) {
        var demand = demand(channel, symbol);
        lock.lock();
        try {
            var mode = handle(demand.market(), new Input.Subscribe(demand, use(channel), key))
                    .orElseThrow();
            return deliveryOf(demand, mode);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public RawAnswer acquire(RawDemand demand, Optional<String> key) {
        lock.lock();
        try {
            var core = core(demand.market());
            if (!core.hasPlaceFor(demand, key)) {
                return RawAnswer.FULL;
            }
            var mode = handle(demand.market(), new Input.Subscribe(demand, Use.RAW, key))
                    .orElseThrow();
            if (core.isRefused(demand, clock.instant())) {
                handle(demand.market(), new Input.Unsubscribe(demand, Use.RAW, key));
                return RawAnswer.REFUSED;
            }
            return mode == Mode.PUSH ? RawAnswer.REGISTERED : RawAnswer.WAITING;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void release(RawDemand demand, Optional<String> key) {
        apply(demand.market(), new Input.Unsubscribe(demand, Use.RAW, key));
    }

    @Override
    public void onRefused(Consumer<RawDemand> refused) {
        refusedRaw = refused;
    }

    @Override
    public void release(Channel channel, MarketSymbol symbol, Optional<String> key) {
        apply(symbol.market(), new Input.Unsubscribe(demand(channel, symbol), use(channel), key));
    }

    /** Demands trades of {@code symbol} permanently: the settings name it. */
    public void pin(MarketSymbol symbol) {
        apply(symbol.market(), new Input.Pin(new SymbolDemand(Kind.TRADES, symbol)));
    }

    @Override
    public void acked(Demand demand) {
        apply(demand.market(), new Input.Acked(demand));
    }

    @Override
    public void lost(Demand demand) {
        apply(demand.market(), new Input.Lost(demand));
    }

    @Override
    public void refused(Demand demand) {
        apply(demand.market(), new Input.Refused(demand));
        if (demand instanceof RawDemand raw) {
            refusedRaw.accept(raw);
        }
    }

    /** Current state of the pool. */
    public PoolSnapshot snapshot() {
        lock.lock();
        try {
            var now = clock.instant();
            var places = new HashMap<Market, SlotUsage>();
            var polling = new HashMap<Market, PollingStats>();
            for (var market : cores.keySet()) {
                var core = core(market);
                places.put(
                        market,
                        new SlotUsage(
                                capacity(market),
                                core.slots(),
                                core.taken(),
                                core.statuses(),
                                core.lightestWeight().map(OptionalLong::of).orElseGet(OptionalLong::empty)));
                polling.put(
                        market,
                        new PollingStats(
                                pollCore.size(market, Kind.TRADES),
                                pollCore.size(market, Kind.BOOKS),
                                pollCore.interval(market, Kind.TRADES),
                                pollCore.interval(market, Kind.BOOKS),
                                pollCore.venuePriceInterval(market)));
            }
            return new PoolSnapshot(
                    places,
                    perMarket,
                    poolMarkets().stream()
                            .mapToInt(market -> core(market).churnMax())
                            .sum(),
                    poolMarkets().stream()
                            .mapToInt(market -> core(market).churnLeft(now))
                            .sum(),
                    polling,
                    pollCalls.sum(),
                    pollFailures.sum(),
                    poolMarkets().stream()
                            .flatMap(market -> core(market).allocations(now).stream())
                            .sorted(Comparator.comparingLong(Allocation::weight).reversed())
                            .toList());
        } finally {
            lock.unlock();
        }
    }

    /** Registers the meters of polls. */
    public void bindTo(Meters meters) {
        meters.counter("pool.poll.calls", "calls", "Polling calls", pollCalls::sum);
        meters.counter("pool.poll.failures", "calls", "Polling calls without an answer", pollFailures::sum);
        meters.gauge(
                "pool.slots", "registrations", "Registrations for demands of callers", () -> slots(PoolCore::slots));
        meters.gauge("pool.slots.taken", "registrations", "Of these, those in use", () -> slots(PoolCore::taken));
        meters.gauge("pool.polled", "symbols", "Demands that are polled because no registration is left", this::polled);
    }

    private long slots(ToIntFunction<PoolCore> count) {
        lock.lock();
        try {
            return poolMarkets().stream()
                    .mapToInt(market -> count.applyAsInt(core(market)))
                    .sum();
        } finally {
            lock.unlock();
        }
    }

    /** Demands that are polled because no registration is left. */
    public long polled() {
        lock.lock();
        try {
            return cores.keySet().stream()
                    .mapToInt(market -> pollCore.size(market, Kind.TRADES) + pollCore.size(market, Kind.BOOKS))
                    .sum();
        } finally {
            lock.unlock();
        }
    }

    /** The id of the app key whose socket has {@code demand}. */
    Optional<String> appKeyOf(Demand demand) {
        lock.lock();
        try {
            return environment.flatMap(env -> env.sockets().appKeyOf(demand));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        task.ifPresent(TaskRunner.Task::close);
    }

    /** Ticks both cores. */
    void tick() {
        List<PollCore.PollCall> calls;
        Environment env;
        lock.lock();
        try {
            if (environment.isEmpty()) {
                return;
            }
            env = environment.get();
            var now = clock.instant();
            if (!now.isBefore(checkedAt.plus(CHECK_INTERVAL))) {
                checkedAt = now;
                checkSockets(env);
            }
            boolean yielding = env.source().hasWaitingCallers() && now.isBefore(polledAt.plus(YIELD_TIME));
            var pace = new PollCore.Pace(env.source().spacing(), env.source().batchMax(), intervals(env.open()));
            calls = pollCore.handle(new PollCore.Input.Tick(pace, yielding), now);
            if (!calls.isEmpty()) {
                polledAt = now;
            }
            if (!now.isBefore(ordersCheckedAt.plus(ORDERS_INTERVAL))) {
                ordersCheckedAt = now;
                env.workers().execute(() -> {
                    var openOrderSymbols = env.openOrderSymbols().get();
                    poolMarkets().forEach(market -> apply(market, new Input.OpenOrderSymbols(openOrderSymbols)));
                });
            }
        } finally {
            lock.unlock();
        }
        calls.forEach(call -> env.workers().execute(() -> runPoll(env, call)));
    }

    private void checkSockets(Environment env) {
        env.sockets().refreshKeys().forEach(demand -> handle(demand.market(), new Input.Refused(demand)));
        for (var market : poolMarkets()) {
            var current = env.sockets().room(market);
            var previous = capacity(market);
            if (current.registrations() != previous.registrations() || current.notices() != previous.notices()) {
                LOG.info(
                        "pool_capacity_changed market={} registrations={} notices={}",
                        market,
                        current.registrations(),
                        current.notices());
                storeCapacity(market, current);
                handle(market, new Input.Capacity(current.registrations(), current.notices()));
            }
            storeCapacity(market, current);
            handle(market, new Input.Tick());
        }
    }

    private void storeCapacity(Market market, Capacity current) {
        if (perMarket) {
            capacities.put(market, current);
        } else {
            capacities.replaceAll((_, _) -> current);
        }
    }

    private void apply(Market market, Input input) {
        lock.lock();
        try {
            handle(market, input);
        } finally {
            lock.unlock();
        }
    }

    /** The mode, where the input is a subscription. */
    private Optional<Mode> handle(Market market, Input first) {
        var answer = Optional.<Mode>empty();
        var inputs = new ArrayDeque<Input>();
        inputs.add(first);
        while (!inputs.isEmpty()) {
            for (var effect :
                    core(market).handle(inputs.remove(), clock.instant()).effects()) {
                switch (effect) {
                    case Effect.Register(Demand demand) -> {
                        switch (requireEnvironment().sockets().register(demand)) {
                            case REQUESTED -> {
                                // the answer follows
                            }
                            case CONFIRMED -> inputs.add(new Input.Acked(demand));
                            case REFUSED -> inputs.add(new Input.Refused(demand));
                        }
                    }
                    case Effect.Release(Demand demand) ->
                        requireEnvironment().sockets().release(demand);
                    case Effect.ModeChanged(Demand demand, Mode mode) -> onModeChanged(demand, mode);
                    case Effect.SubscribeResult(Mode mode) -> answer = Optional.of(mode);
                    case Effect.Removed(Demand demand) -> {
                        if (demand instanceof SymbolDemand polled) {
                            updatePolls(new PollCore.Input.Remove(polled));
                        }
                    }
                }
            }
        }
        return answer;
    }

    /** Nothing is registered before the start: there are no slots. */
    private Environment requireEnvironment() {
        return environment.orElseThrow();
    }

    private void onModeChanged(Demand changed, Mode mode) {
        if (!(changed instanceof SymbolDemand demand)) {
            return;
        }
        updatePolls(mode == Mode.POLL ? new PollCore.Input.Add(demand) : new PollCore.Input.Remove(demand));
        environment.ifPresent(env -> {
            var delivery = deliveryOf(demand, mode);
            for (var channel : channels(demand.kind())) {
                env.hub().deliveryChanged(channel, demand.symbol(), delivery);
            }
            if (mode == Mode.PUSH && demand.kind() == Kind.TRADES) {
                // Subscribers of the tape missed the trades made while it was polled.
                env.hub().tapeMissed(demand.symbol(), GapCause.POLLED);
            }
        });
    }

    private void updatePolls(PollCore.Input input) {
        pollCore.handle(input, clock.instant());
    }

    private void runPoll(Environment env, PollCore.PollCall call) {
        PollResult answer = new PollResult.Failed(false, "the call failed");
        pollCalls.increment();
        try {
            answer = request(env.source(), call);
        } finally {
            onPolled(env, call, answer);
        }
    }

    private static PollResult request(PollSource source, PollCore.PollCall call) {
        return call.kind() == Kind.BOOKS
                ? source.requestBook(call.symbols().getFirst())
                : source.requestPrices(call.symbols());
    }

    private void onPolled(Environment env, PollCore.PollCall call, PollResult answer) {
        boolean refused = answer instanceof PollResult.Failed(boolean refusedByKis, String _) && refusedByKis;
        lock.lock();
        try {
            updatePolls(new PollCore.Input.Completed(call, refused));
            // Under the lock: values pushed from now on are newer.
            switch (answer) {
                case PollResult.Prices(List<Trade> prices) ->
                    prices.stream()
                            .filter(price -> isPolled(Kind.TRADES, price.symbol()))
                            .forEach(price -> {
                                var latest = env.store().putPolled(price);
                                env.hub().polled(latest);
                                polledPrices.accept(latest);
                            });
                case PollResult.Book(OrderBook book) -> {
                    if (isPolled(Kind.BOOKS, book.symbol())) {
                        var latest = new LastBook(book, Optional.empty(), clock.millis());
                        env.store().putBook(latest);
                        env.hub().book(latest);
                        polledBooks.accept(latest);
                    }
                }
                case PollResult.Failed(boolean _, String reason) -> {
                    pollFailures.increment();
                    LOG.warn(
                            "poll_failed kind={} symbols={} cause={}",
                            call.kind(),
                            call.symbols().size(),
                            reason);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isPolled(Kind kind, MarketSymbol symbol) {
        return core(symbol.market())
                .allocation(new SymbolDemand(kind, symbol), clock.instant())
                .filter(allocation -> allocation.mode() == Mode.POLL)
                .isPresent();
    }

    private DeliveryMode deliveryOf(SymbolDemand demand, Mode mode) {
        return mode == Mode.PUSH
                ? DeliveryMode.push()
                : DeliveryMode.poll(pollCore.interval(demand).toMillis());
    }

    private static SymbolDemand demand(Channel channel, MarketSymbol symbol) {
        return new SymbolDemand(channel == Channel.BOOKS ? Kind.BOOKS : Kind.TRADES, symbol);
    }

    private static Use use(Channel channel) {
        return switch (channel) {
            case QUOTES -> Use.QUOTE;
            case TRADES, BARS_1M, BARS_3M, BARS_5M, BARS_10M, BARS_30M, BARS_60M -> Use.TAPE;
            case BOOKS -> Use.BOOK;
            case ORDERS, EXECUTIONS, SESSION, ALERTS ->
                throw new IllegalArgumentException("KIS has no registration for " + channel);
        };
    }

    private static List<Channel> channels(Kind kind) {
        return kind == Kind.BOOKS ? List.of(Channel.BOOKS) : List.of(Channel.QUOTES, Channel.TRADES);
    }
}
