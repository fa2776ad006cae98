package kr.kisgateway.gateway.pool;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import kr.kisgateway.gateway.pool.Demand.Kind;
import kr.kisgateway.gateway.pool.Demand.Use;
import kr.kisgateway.gateway.pool.PollSource.Polled;
import kr.kisgateway.gateway.pool.PollSource.Price;
import kr.kisgateway.gateway.pool.PoolCore.Effect;
import kr.kisgateway.gateway.pool.PoolCore.Input;
import kr.kisgateway.gateway.pool.Sockets.Room;
import kr.kisgateway.gateway.pool.Standing.Mode;
import kr.kisgateway.gateway.quote.LastUsBook;
import kr.kisgateway.gateway.quote.LastUsTick;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.quote.UsFeed;
import kr.kisgateway.gateway.quote.UsFigures;
import kr.kisgateway.gateway.quote.UsStore;
import kr.kisgateway.gateway.stream.Channel;
import kr.kisgateway.gateway.stream.GapCause;
import kr.kisgateway.gateway.stream.Served;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.gateway.stream.Supply;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsSymbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what {@link PoolCore} and {@link PollCore} decide: registers at the sockets, asks by REST on virtual
 * threads, and tells the stream. One lock guards both cores; nothing waits under it. A thread of its own moves them on.
 */
public final class SessionPool implements Supply, RegistrationWatch, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.pool");
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration ORDERS_EVERY = Duration.ofSeconds(5);
    /** How long polling gives way to those who ask for a price themselves. */
    private static final Duration GIVE_WAY = Duration.ofSeconds(2);

    private static final Duration FLOOR = Duration.ofSeconds(1);
    private static final Duration CLOSED_FLOOR = Duration.ofSeconds(60);

    /**
     * What the pool needs and what needs the pool to be built.
     *
     * @param us last values of American stocks
     * @param ordered symbols in which orders of ours are open; may block
     * @param open whether anything of a country can trade now; while nothing can, prices are asked for once a minute
     * @param workers runs calls, one virtual thread each
     */
    public record World(
            Sockets sockets,
            PollSource source,
            StreamHub hub,
            QuoteStore store,
            UsStore us,
            Supplier<Set<Symbol>> ordered,
            Predicate<Country> open,
            Executor workers) {}

    /**
     * Registrations and who has them.
     *
     * @param slots places for demands
     * @param taken of these, those that are taken
     * @param statuses of those, what statuses have: they give way to whatever is wanted
     * @param lightest weight of what the lightest of the others has
     */
    public record Places(Room room, int slots, int taken, int statuses, OptionalLong lightest) {}

    /** What is polled of a country, and how often. */
    public record Polling(int quotes, int books, Duration quoteInterval, Duration bookInterval) {}

    /**
     * Everything at a glance.
     *
     * @param places of each country; the same for both where they share the sockets
     * @param apart whether each country has registrations of its own
     * @param standings the heaviest first
     * @param pollCalls calls made for polling since the start
     * @param pollFailures of these, those without an answer
     */
    public record Glance(
            Map<Country, Places> places,
            boolean apart,
            int churnMax,
            int churnLeft,
            Map<Country, Polling> polling,
            long pollCalls,
            long pollFailures,
            List<Standing> standings) {
        Places places(Demand demand) {
            return Optional.ofNullable(places.get(demand.country())).orElseThrow();
        }

        Duration interval(Demand demand) {
            var of = Optional.ofNullable(polling.get(demand.country())).orElseThrow();
            return demand.kind() == Kind.BOOKS ? of.bookInterval() : of.quoteInterval();
        }
    }

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    /** Who gives out the registrations of a country; one for both where they share the sockets. */
    private final Map<Country, PoolCore> cores = new EnumMap<>(Country.class);

    private final Map<Country, Room> rooms = new EnumMap<>(Country.class);
    private final PollCore polls = new PollCore(new PollCore.Pace(FLOOR, 1, FLOOR, FLOOR));
    private final AtomicLong pollCalls = new AtomicLong();
    private final AtomicLong pollFailures = new AtomicLong();
    private final CountDownLatch closing = new CountDownLatch(1);
    private Optional<World> world = Optional.empty();
    private Instant lookedAt = Instant.MIN;
    private Instant ordersAt = Instant.MIN;
    private Instant askedAt = Instant.MIN;

    /** @param apart whether each country has registrations of its own, by sockets or by hours */
    public SessionPool(PoolRules rules, boolean apart, InstantSource clock) {
        var korean = new PoolCore(rules);
        cores.put(Country.KOREA, korean);
        cores.put(Country.USA, apart ? new PoolCore(rules) : korean);
        for (var country : Country.values()) {
            rooms.put(country, new Room(0, 0, Optional.empty()));
        }
        this.clock = clock;
    }

    private PoolCore core(Country country) {
        return Optional.ofNullable(cores.get(country)).orElseThrow();
    }

    private Room room(Country country) {
        return Optional.ofNullable(rooms.get(country)).orElseThrow();
    }

    /** The countries that have a core of their own. */
    private List<Country> sides() {
        return core(Country.USA) == core(Country.KOREA) ? List.of(Country.KOREA) : List.of(Country.values());
    }

    /** From here on there are sockets; what was wanted before is registered now. */
    public SessionPool start(World here) {
        lock.lock();
        try {
            world = Optional.of(here);
        } finally {
            lock.unlock();
        }
        tick();
        Thread.ofPlatform().name("session-pool").daemon().start(this::run);
        return this;
    }

    private void run() {
        try {
            while (!closing.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    tick();
                } catch (RuntimeException bug) {
                    LOG.error("pool_tick_failed", bug);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public Served acquire(Channel channel, MarketSymbol symbol, Optional<String> key) {
        var demand = demand(channel, symbol);
        lock.lock();
        try {
            var mode = on(demand.country(), new Input.Ask(demand, use(channel), key))
                    .orElseThrow();
            return served(demand, mode);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void release(Channel channel, MarketSymbol symbol, Optional<String> key) {
        apply(Country.of(symbol), new Input.Leave(demand(channel, symbol), use(channel), key));
    }

    /** The settings want trades of {@code symbol}, whoever listens. */
    public void pin(MarketSymbol symbol) {
        apply(Country.of(symbol), new Input.Pin(new Demand(Kind.TRADES, symbol)));
    }

    @Override
    public void acked(Demand demand) {
        apply(demand.country(), new Input.Acked(demand));
    }

    @Override
    public void lost(Demand demand) {
        apply(demand.country(), new Input.Lost(demand));
    }

    @Override
    public void refused(Demand demand) {
        apply(demand.country(), new Input.Refused(demand));
    }

    /** How everything stands. */
    public Glance glance() {
        lock.lock();
        try {
            var now = clock.instant();
            var places = new EnumMap<Country, Places>(Country.class);
            var polling = new EnumMap<Country, Polling>(Country.class);
            for (var country : Country.values()) {
                var core = core(country);
                places.put(
                        country,
                        new Places(
                                room(country),
                                core.slots(),
                                core.taken(),
                                core.statuses(),
                                core.lightest().map(OptionalLong::of).orElseGet(OptionalLong::empty)));
                polling.put(
                        country,
                        new Polling(
                                polls.size(country, Kind.TRADES),
                                polls.size(country, Kind.BOOKS),
                                polls.interval(country, Kind.TRADES),
                                polls.interval(country, Kind.BOOKS)));
            }
            return new Glance(
                    places,
                    sides().size() > 1,
                    sides().stream().mapToInt(side -> core(side).churnMax()).sum(),
                    sides().stream().mapToInt(side -> core(side).churnLeft(now)).sum(),
                    polling,
                    pollCalls.get(),
                    pollFailures.get(),
                    sides().stream()
                            .flatMap(side -> core(side).standings(now).stream())
                            .sorted(Comparator.comparingLong(Standing::weight).reversed())
                            .toList());
        } finally {
            lock.unlock();
        }
    }

    /** The id of the app key whose socket has {@code demand}. */
    Optional<String> appKeyOf(Demand demand) {
        lock.lock();
        try {
            return world.flatMap(here -> here.sockets().appKeyOf(demand));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closing.countDown();
    }

    /** Time passed. */
    void tick() {
        List<PollCore.Ask> asks;
        World here;
        lock.lock();
        try {
            if (world.isEmpty()) {
                return;
            }
            here = world.get();
            var now = clock.instant();
            if (!now.isBefore(lookedAt.plus(LOOK))) {
                lookedAt = now;
                look(here);
            }
            boolean giveWay = here.source().othersWait() && now.isBefore(askedAt.plus(GIVE_WAY));
            var pace = new PollCore.Pace(
                    here.source().spacing(),
                    here.source().batch(),
                    here.open().test(Country.KOREA) ? FLOOR : CLOSED_FLOOR,
                    here.open().test(Country.USA) ? FLOOR : CLOSED_FLOOR);
            asks = polls.on(new PollCore.Input.Tick(pace, giveWay), now);
            if (!asks.isEmpty()) {
                askedAt = now;
            }
            if (!now.isBefore(ordersAt.plus(ORDERS_EVERY))) {
                ordersAt = now;
                here.workers().execute(() -> {
                    var ordered = here.ordered().get();
                    sides().forEach(side -> apply(side, new Input.Ordered(ordered)));
                });
            }
        } finally {
            lock.unlock();
        }
        asks.forEach(ask -> here.workers().execute(() -> call(here, ask)));
    }

    private void look(World here) {
        here.sockets().renew().forEach(demand -> on(demand.country(), new Input.Refused(demand)));
        for (var side : sides()) {
            var seen = here.sockets().room(side);
            var before = room(side);
            if (seen.registrations() != before.registrations() || seen.notices() != before.notices()) {
                LOG.info(
                        "pool_room country={} registrations={} notices={}", side, seen.registrations(), seen.notices());
                keep(side, seen);
                on(side, new Input.Room(seen.registrations(), seen.notices()));
            }
            keep(side, seen);
            on(side, new Input.Tick());
        }
    }

    private void keep(Country side, Room seen) {
        rooms.put(side, seen);
        if (sides().size() == 1) {
            rooms.put(Country.USA, seen);
        }
    }

    private void apply(Country side, Input input) {
        lock.lock();
        try {
            on(side, input);
        } finally {
            lock.unlock();
        }
    }

    /** The answer, where the input asks for one. */
    private Optional<Mode> on(Country side, Input first) {
        var answer = Optional.<Mode>empty();
        var inputs = new ArrayDeque<Input>();
        inputs.add(first);
        while (!inputs.isEmpty()) {
            for (var effect : core(side).on(inputs.remove(), clock.instant()).effects()) {
                switch (effect) {
                    case Effect.Register(Demand demand) -> {
                        if (!here().sockets().register(demand)) {
                            inputs.add(new Input.Refused(demand));
                        }
                    }
                    case Effect.Release(Demand demand) -> here().sockets().release(demand);
                    case Effect.Changed(Demand demand, Mode mode) -> changed(demand, mode);
                    case Effect.Answer(Mode mode) -> answer = Optional.of(mode);
                    case Effect.Forgotten(Demand demand) -> poll(new PollCore.Input.Drop(demand));
                }
            }
        }
        return answer;
    }

    /** Nothing is registered before the start: there are no slots. */
    private World here() {
        return world.orElseThrow();
    }

    private void changed(Demand demand, Mode mode) {
        poll(mode == Mode.POLL ? new PollCore.Input.Add(demand) : new PollCore.Input.Drop(demand));
        world.ifPresent(here -> {
            var served = served(demand, mode);
            for (var channel : channels(demand.kind())) {
                here.hub().served(channel, demand.symbol(), served);
            }
            if (mode == Mode.PUSH && demand.kind() == Kind.TRADES) {
                // Whoever listens to the tape has missed what was traded while it was polled.
                here.hub().tapeMissed(demand.symbol(), GapCause.POLLED);
            }
        });
    }

    private void poll(PollCore.Input input) {
        polls.on(input, clock.instant());
    }

    private void call(World here, PollCore.Ask ask) {
        Polled answer = new Polled.Failed(false, "the question failed");
        pollCalls.incrementAndGet();
        try {
            answer = ask(here.source(), ask);
        } finally {
            over(here, ask, answer);
        }
    }

    private static Polled ask(PollSource source, PollCore.Ask ask) {
        boolean book = ask.kind() == Kind.BOOKS;
        return switch (ask.symbols().getFirst()) {
            case UsSymbol us -> book ? source.book(us) : source.price(us);
            case Symbol korean ->
                book
                        ? source.book(korean)
                        // A call is about one country.
                        : source.prices(
                                ask.symbols().stream().map(Symbol.class::cast).toList());
        };
    }

    private void over(World here, PollCore.Ask ask, Polled answer) {
        boolean refused = answer instanceof Polled.Failed(boolean byKis, String _) && byKis;
        lock.lock();
        try {
            poll(new PollCore.Input.Over(ask, refused));
            // Under the lock: what is pushed from now on is newer.
            switch (answer) {
                case Polled.Prices(List<Price> prices) ->
                    prices.stream()
                            .filter(price -> isPolled(Kind.TRADES, price.symbol()))
                            .forEach(price -> tell(here, price));
                case Polled.Book(OrderBook book) -> {
                    if (isPolled(Kind.BOOKS, book.symbol())) {
                        here.store().book(book);
                        here.hub().book(book);
                    }
                }
                case Polled.UsPrice(UsSymbol symbol, UsFigures figures) -> {
                    if (isPolled(Kind.TRADES, symbol)) {
                        var tick = new LastUsTick(symbol, figures, 0, 0, clock.millis(), UsFeed.FREE);
                        here.us().tick(tick);
                        here.hub().polled(tick);
                    }
                }
                case Polled.UsBook(LastUsBook book) -> {
                    if (isPolled(Kind.BOOKS, book.symbol())) {
                        here.us().book(book);
                        here.hub().book(book);
                    }
                }
                case Polled.Failed(boolean _, String why) -> {
                    pollFailures.incrementAndGet();
                    LOG.warn(
                            "poll_failed kind={} symbols={} why={}",
                            ask.kind(),
                            ask.symbols().size(),
                            why);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static void tell(World here, Price price) {
        here.hub()
                .polled(here.store()
                        .polled(
                                price.symbol(),
                                price.price(),
                                price.change(),
                                price.open(),
                                price.high(),
                                price.low(),
                                price.bid().orElse(0),
                                price.ask().orElse(0),
                                price.volume(),
                                price.turnover()));
    }

    private boolean isPolled(Kind kind, MarketSymbol symbol) {
        return core(Country.of(symbol))
                .standing(new Demand(kind, symbol), clock.instant())
                .filter(standing -> standing.mode() == Mode.POLL)
                .isPresent();
    }

    private Served served(Demand demand, Mode mode) {
        return mode == Mode.PUSH
                ? Served.push()
                : Served.poll(polls.interval(demand.country(), demand.kind()).toMillis());
    }

    private static Demand demand(Channel channel, MarketSymbol symbol) {
        return new Demand(channel == Channel.BOOKS ? Kind.BOOKS : Kind.TRADES, symbol);
    }

    private static Use use(Channel channel) {
        return switch (channel) {
            case QUOTES -> Use.QUOTE;
            case TRADES, BARS_1M, BARS_3M, BARS_5M, BARS_10M, BARS_30M, BARS_60M -> Use.TAPE;
            case BOOKS -> Use.BOOK;
            case ORDERS, EXECUTIONS, SESSION, ALERTS ->
                throw new IllegalArgumentException("KIS registers no " + channel);
        };
    }

    private static List<Channel> channels(Kind kind) {
        return kind == Kind.BOOKS ? List.of(Channel.BOOKS) : List.of(Channel.QUOTES, Channel.TRADES);
    }
}
