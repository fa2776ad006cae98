package kr.kisgateway.gateway.fanout;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.feed.GapCause;
import kr.kisgateway.gateway.http.Caller;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.http.SocketConnection;
import kr.kisgateway.gateway.http.SocketHandler;
import kr.kisgateway.gateway.interruption.StockStatusMonitor.ObservedStatus;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.stream.Channel;
import kr.kisgateway.gateway.stream.DeliveryMode;
import kr.kisgateway.gateway.stream.FeedTap;
import kr.kisgateway.gateway.stream.MarketDataSupply;
import kr.kisgateway.gateway.stream.SessionSnapshot;
import kr.kisgateway.gateway.task.TaskRunner;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The owner's side: sends what other gateways subscribe to, each by one connection with a bounded queue. A value is written once for
 * all of them. A connection that is too slow loses what waits, learns that, and receives the last values again.
 */
public final class FeedOutlet implements SocketHandler, FeedTap, AutoCloseable {
    /** Where it is reached. */
    public static final String PATH = "/v1/cluster/feed";

    private static final Logger LOG = LoggerFactory.getLogger("gateway.cluster");
    private static final String SUBPROTOCOL = "kis-gateway-feed.v1";
    private static final int GOING_AWAY = 1001;
    private static final int LINKS_MAX = 64;
    /** Alerts that a gateway that connects receives. */
    private static final int ALERTS_MAX = 100;

    private static final Duration SESSION_CHECK = Duration.ofMillis(500);
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(10);
    /** A connection that was asked for nothing shows that it lives by this. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    private final MarketDataSupply supply;
    private final QuoteStore store;
    private final FeedSymbols symbols;
    private final Supplier<SessionSnapshot> session;
    private final Function<Symbol, Optional<ObservedStatus>> statuses;
    private final Supplier<OptionalInt> facePort;
    private final Bounds bounds;
    private final Map<String, List<Link>> tradeLinks = new ConcurrentHashMap<>();
    private final Map<String, List<Link>> bookLinks = new ConcurrentHashMap<>();
    /** Of every subscription that there was: the listing bounds them. */
    private final Map<FeedRequest, DeliveryMode> modes = new ConcurrentHashMap<>();

    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final ReentrantLock alertsLock = new ReentrantLock();
    private final Deque<Alert> recentAlerts = new ArrayDeque<>();
    private final LongAdder lines = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder overflows = new LongAdder();
    private volatile Optional<TaskRunner.Task> watch = Optional.empty();
    private volatile Optional<State> sent = Optional.empty();

    /** What a gateway receives without a subscription. */
    private record State(SessionSnapshot session, OptionalInt facePort) {
        Stream<FeedLine> lines() {
            return Stream.concat(
                    Stream.of(new FeedLine.Session(session)), facePort.stream().mapToObj(FeedLine.FacePort::new));
        }
    }

    /**
     * @param linesMax lines that may wait for one gateway
     * @param frameChars characters of one message, which ends with the line that exceeds them
     */
    record Bounds(int linesMax, int frameChars) {
        static final Bounds STANDARD = new Bounds(50_000, 32 * 1024);
    }

    /**
     * @param supply obtains subscribed values; the gateways have no share of it, because their callers have theirs there
     * @param symbols those that are listed
     * @param session state of the session with KIS
     * @param statuses last status of a stock
     * @param facePort of the listener for programs written for KIS; empty while it is closed
     */
    public FeedOutlet(
            MarketDataSupply supply,
            QuoteStore store,
            FeedSymbols symbols,
            Supplier<SessionSnapshot> session,
            Function<Symbol, Optional<ObservedStatus>> statuses,
            Supplier<OptionalInt> facePort) {
        this(supply, store, symbols, session, statuses, facePort, Bounds.STANDARD);
    }

    FeedOutlet(
            MarketDataSupply supply,
            QuoteStore store,
            FeedSymbols symbols,
            Supplier<SessionSnapshot> session,
            Function<Symbol, Optional<ObservedStatus>> statuses,
            Supplier<OptionalInt> facePort,
            Bounds bounds) {
        this.supply = supply;
        this.store = store;
        this.symbols = symbols;
        this.session = session;
        this.statuses = statuses;
        this.facePort = facePort;
        this.bounds = bounds;
    }

    /** Serves {@value #PATH}; callers are gateways of the cluster alone. */
    public void register(RouteTable table, TaskRunner tasks) {
        table.uncompressedSocket(Role.ADMIN, PATH, this);
        watch = Optional.of(tasks.every("feed-session", SESSION_CHECK, this::sendStateIfChanged));
    }

    public void bindTo(Meters meters) {
        meters.gauge("cluster.links", "gateways", "Gateways that receive the owner's feed", links::size);
        meters.counter("cluster.lines", "lines", "Lines sent to other gateways", lines::sum);
        meters.counter("cluster.bytes", "bytes", "Bytes sent to other gateways", bytes::sum);
        meters.counter(
                "cluster.overflows", "overflows", "Queues emptied for gateways that are too slow", overflows::sum);
        meters.queue(
                "cluster_feed",
                () -> links.stream().mapToLong(Link::waiting).max().orElse(0),
                bounds.linesMax());
    }

    @Override
    public Optional<Refusal> refusalFor(Caller caller) {
        return NodeCaller.refusalFor(caller)
                .or(() -> links.size() >= LINKS_MAX
                        ? Optional.of(
                                Refusal.of(ErrorCode.QUOTA_EXCEEDED, LINKS_MAX + " gateways are connected already."))
                        : Optional.empty());
    }

    @Override
    public String subprotocol() {
        return SUBPROTOCOL;
    }

    @Override
    public SocketListener opened(SocketConnection connection, Caller caller) {
        var link = new Link(connection, caller.name());
        links.add(link);
        link.sendState();
        link.offer(FeedLine.NewOrders.TEXT);
        Thread.ofVirtual().name("feed-" + caller.name()).start(link::write);
        LOG.info("feed_opened node={}", caller.name());
        return link;
    }

    private List<Alert> recentAlerts() {
        alertsLock.lock();
        try {
            return List.copyOf(recentAlerts);
        } finally {
            alertsLock.unlock();
        }
    }

    private void sendStateIfChanged() {
        var now = Optional.of(new State(session.get(), facePort.get()));
        if (!now.equals(sent)) {
            sent = now;
            now.get().lines().forEach(line -> toAll(line.text()));
        }
    }

    private void toAll(String line) {
        links.forEach(link -> link.offer(line));
    }

    private static void send(List<Link> to, FeedLine line) {
        if (!to.isEmpty()) {
            String text = line.text();
            to.forEach(link -> link.offer(text));
        }
    }

    private static List<Link> of(Map<String, List<Link>> links, MarketSymbol symbol) {
        return links.getOrDefault(symbol.code(), List.of());
    }

    @Override
    public void trade(LastTick last) {
        send(of(tradeLinks, last.trade().symbol()), new FeedLine.Tick(FeedLine.Arrival.PUSHED, last));
    }

    @Override
    public void polled(LastTick last) {
        send(of(tradeLinks, last.trade().symbol()), new FeedLine.Tick(FeedLine.Arrival.NO_TRADE, last));
    }

    @Override
    public void book(LastBook last) {
        send(of(bookLinks, last.book().symbol()), new FeedLine.Book(last));
    }

    @Override
    public void gap(Channel channel, MarketSymbol symbol, GapCause cause) {
        send(of(channel == Channel.BOOKS ? bookLinks : tradeLinks, symbol), new FeedLine.Gap(channel, symbol, cause));
    }

    @Override
    public void deliveryChanged(Channel channel, MarketSymbol symbol, DeliveryMode mode) {
        modes.computeIfPresent(new FeedRequest(true, channel, symbol), (_, _) -> mode);
        send(of(channel == Channel.BOOKS ? bookLinks : tradeLinks, symbol), new FeedLine.Mode(channel, symbol, mode));
    }

    /** KIS's status of a stock changed. */
    public void statusChanged(Symbol symbol) {
        send(of(tradeLinks, symbol), new FeedLine.Status(symbol, statuses.apply(symbol)));
    }

    /** An alert was raised or settled. */
    public void alert(Alert alert) {
        alertsLock.lock();
        try {
            if (recentAlerts.size() == ALERTS_MAX) {
                recentAlerts.removeFirst();
            }
            recentAlerts.addLast(alert);
        } finally {
            alertsLock.unlock();
        }
        toAll(new FeedLine.Raised(alert).text());
    }

    /** The journal has a new event of an order. */
    public void orderChanged() {
        links.forEach(Link::offerNewOrders);
    }

    @Override
    public void close() {
        watch.ifPresent(TaskRunner.Task::close);
        links.forEach(link -> link.connection.close(GOING_AWAY, "the gateway is shutting down"));
    }

    /** One gateway. */
    private final class Link implements SocketListener {
        private final SocketConnection connection;
        private final String node;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private final ArrayDeque<String> queue = new ArrayDeque<>();
        /** Guarded by the lock, as all below. */
        private final Set<FeedRequest> subscriptions = new LinkedHashSet<>();

        private boolean overflowed;
        private boolean newOrders;
        private boolean closed;

        Link(SocketConnection connection, String node) {
            this.connection = connection;
            this.node = node;
        }

        int waiting() {
            lock.lock();
            try {
                return queue.size();
            } finally {
                lock.unlock();
            }
        }

        void offer(String line) {
            lock.lock();
            try {
                if (overflowed || closed) {
                    return;
                }
                if (queue.size() >= bounds.linesMax()) {
                    queue.clear();
                    overflowed = true;
                    overflows.increment();
                    LOG.warn("feed_overflow node={}", node);
                } else {
                    queue.add(line);
                }
                changed.signal();
            } finally {
                lock.unlock();
            }
        }

        void offerNewOrders() {
            lock.lock();
            try {
                newOrders = true;
                changed.signal();
            } finally {
                lock.unlock();
            }
        }

        void write() {
            while (true) {
                Optional<String> frame = next();
                if (frame.isEmpty()) {
                    return;
                }
                bytes.add(frame.get().length());
                if (!connection.send(frame.get(), WRITE_LIMIT)) {
                    closed();
                    connection.abort();
                    return;
                }
            }
        }

        /** The next lines; empty when the connection has ended. */
        private Optional<String> next() {
            boolean lost;
            var frame = new StringBuilder();
            lock.lock();
            try {
                long left = HEARTBEAT.toNanos();
                while (queue.isEmpty() && !newOrders && !overflowed && !closed && left > 0) {
                    left = changed.awaitNanos(left);
                }
                if (closed) {
                    return Optional.empty();
                }
                lost = overflowed;
                overflowed = false;
                if (newOrders || queue.isEmpty()) {
                    frame.append(FeedLine.NewOrders.TEXT).append('\n');
                    newOrders = false;
                }
                while (!queue.isEmpty() && frame.length() < bounds.frameChars()) {
                    frame.append(queue.poll()).append('\n');
                    lines.increment();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            } finally {
                lock.unlock();
            }
            if (lost) {
                frame.append(FeedLine.Overflow.TEXT).append('\n');
                sendLastValues();
            }
            return Optional.of(frame.toString());
        }

        private void sendLastValues() {
            List<FeedRequest> all;
            lock.lock();
            try {
                all = List.copyOf(subscriptions);
            } finally {
                lock.unlock();
            }
            sendState();
            all.forEach(this::sendMode);
            var sent = new HashSet<MarketSymbol>();
            all.stream()
                    .filter(request -> request.channel() == Channel.BOOKS || sent.add(request.symbol()))
                    .forEach(this::sendLast);
        }

        /** What is about no symbol. */
        private void sendState() {
            new State(session.get(), facePort.get()).lines().forEach(line -> offer(line.text()));
            recentAlerts().forEach(alert -> offer(new FeedLine.Raised(alert).text()));
        }

        private void sendMode(FeedRequest request) {
            Optional.ofNullable(modes.get(request))
                    .ifPresent(mode -> offer(new FeedLine.Mode(request.channel(), request.symbol(), mode).text()));
        }

        /** The last value of a symbol, of which one is enough for all channels that are made of trades. */
        private void sendLast(FeedRequest request) {
            MarketSymbol symbol = request.symbol();
            if (request.channel() == Channel.BOOKS) {
                store.lastBook(symbol).ifPresent(last -> offer(new FeedLine.Book(last).text()));
                return;
            }
            store.last(symbol).ifPresent(last -> offer(new FeedLine.Tick(FeedLine.Arrival.NO_TRADE, last).text()));
            if (symbol instanceof Symbol korean) {
                statuses.apply(korean)
                        .ifPresent(status -> offer(new FeedLine.Status(korean, Optional.of(status)).text()));
            }
        }

        @Override
        public void text(String message) {
            for (String line : message.split("\n")) {
                FeedRequest.read(line, symbols)
                        .ifPresentOrElse(
                                request -> {
                                    if (request.subscribes()) {
                                        subscribe(request);
                                    } else {
                                        unsubscribe(new FeedRequest(true, request.channel(), request.symbol()));
                                    }
                                },
                                () -> LOG.warn("feed_request_refused node={}", node));
            }
        }

        private void subscribe(FeedRequest request) {
            boolean first;
            lock.lock();
            try {
                first = !isUsed(request);
                if (closed || !subscriptions.add(request)) {
                    return;
                }
            } finally {
                lock.unlock();
            }
            DeliveryMode mode = supply.acquire(request.channel(), request.symbol(), Optional.empty());
            modes.put(request, mode);
            linksOf(request).compute(request.symbol().code(), (_, before) -> {
                var after = new ArrayList<>(before == null ? List.<Link>of() : before);
                if (!after.contains(this)) {
                    after.add(this);
                }
                return List.copyOf(after);
            });
            sendMode(request);
            // After that: what is published meanwhile is in the store before.
            if (first) {
                sendLast(request);
            }
        }

        private void unsubscribe(FeedRequest request) {
            boolean stillUsed;
            lock.lock();
            try {
                if (!subscriptions.remove(request)) {
                    return;
                }
                stillUsed = isUsed(request);
            } finally {
                lock.unlock();
            }
            release(request, stillUsed);
        }

        /** Under the lock: whether values of the same symbol and kind are sent for a subscription. */
        private boolean isUsed(FeedRequest request) {
            return subscriptions.stream()
                    .anyMatch(it -> it.symbol().equals(request.symbol())
                            && (it.channel() == Channel.BOOKS) == (request.channel() == Channel.BOOKS));
        }

        private void release(FeedRequest request, boolean stillUsed) {
            if (!stillUsed) {
                linksOf(request).computeIfPresent(request.symbol().code(), (_, before) -> {
                    var after = before.stream().filter(it -> it != this).toList();
                    return after.isEmpty() ? null : after;
                });
            }
            supply.release(request.channel(), request.symbol(), Optional.empty());
        }

        private Map<String, List<Link>> linksOf(FeedRequest request) {
            return request.channel() == Channel.BOOKS ? bookLinks : tradeLinks;
        }

        @Override
        public void closed() {
            List<FeedRequest> all;
            lock.lock();
            try {
                if (closed) {
                    return;
                }
                closed = true;
                all = List.copyOf(subscriptions);
                subscriptions.clear();
                queue.clear();
                changed.signal();
            } finally {
                lock.unlock();
            }
            links.remove(this);
            all.forEach(request -> release(request, false));
            LOG.info("feed_closed node={} subscriptions={}", node, all.size());
        }
    }
}
