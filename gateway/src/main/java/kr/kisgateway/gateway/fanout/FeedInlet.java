package kr.kisgateway.gateway.fanout;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import kr.kisgateway.gateway.alert.Alert;
import kr.kisgateway.gateway.feed.GapCause;
import kr.kisgateway.gateway.http.CallForwarder.Owner;
import kr.kisgateway.gateway.http.NodeSignature;
import kr.kisgateway.gateway.interruption.StockStatusMonitor.ObservedStatus;
import kr.kisgateway.gateway.meter.Meters;
import kr.kisgateway.gateway.quote.LastBook;
import kr.kisgateway.gateway.quote.LastTick;
import kr.kisgateway.gateway.quote.QuoteStore;
import kr.kisgateway.gateway.stream.Channel;
import kr.kisgateway.gateway.stream.DeliveryMode;
import kr.kisgateway.gateway.stream.MarketDataSupply;
import kr.kisgateway.gateway.stream.SessionSnapshot;
import kr.kisgateway.gateway.stream.StreamHub;
import kr.kisgateway.gateway.task.TaskRunner;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The side of a gateway that does not own the accounts: subscribes at the owner to what its own clients subscribe to, and publishes
 * to them what arrives. When the connection was away, each symbol has a marked gap.
 */
public final class FeedInlet implements MarketDataSupply, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.cluster");
    private static final Duration CHECK = Duration.ofMillis(200);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    /** The owner sends something each second. */
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(4);
    /** A check that comes later than this shows that this gateway stood still, and may have to read what arrived meanwhile. */
    private static final Duration OWN_PAUSE = Duration.ofSeconds(1);

    private static final int REQUEST_CHARS = 32 * 1024;
    /** More than an owner sends a gateway that connects. */
    private static final int ALERTS_MAX = 300;

    /** What an owner announced; it is good while that is the owner, whether it is connected or not. */
    private record FacePort(Owner owner, int port) {}

    private final Supplier<Optional<Owner>> owner;
    private final NodeSignature signature;
    private final String node;
    private final HttpClient client;
    private final LongSupplier nanos;
    private final QuoteStore store;

    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock: how many clients subscribe. */
    private final Map<FeedRequest, Integer> subscriptions = new LinkedHashMap<>();

    private final Map<FeedRequest, DeliveryMode> modes = new HashMap<>();
    /** Those of which values arrived, or could have: an absence of the owner is a gap in them. */
    private final Set<FeedRequest> begun = new HashSet<>();

    private CompletableFuture<?> sending = CompletableFuture.completedFuture(true);
    private Optional<Connection> connection = Optional.empty();
    /** The owner of a connection that went silent, until that owner answers again. Written under the lock. */
    private volatile Optional<Owner> silent = Optional.empty();

    private final Map<String, MarketSymbol> symbols = new ConcurrentHashMap<>();
    private final Map<Symbol, ObservedStatus> statuses = new ConcurrentHashMap<>();
    private final Set<Alert> alertsSeen = new HashSet<>();
    private final LongAdder lines = new LongAdder();
    private final LongAdder connects = new LongAdder();
    private final LongAdder overflows = new LongAdder();
    private volatile Optional<SessionSnapshot> session = Optional.empty();
    private volatile Optional<FacePort> facePort = Optional.empty();
    private volatile Optional<StreamHub> hub = Optional.empty();
    private volatile Runnable onNewOrders = () -> {};
    private volatile Runnable onSilence = () -> {};
    private volatile Optional<TaskRunner.Task> task = Optional.empty();
    /** Of the checks' thread. */
    private long checkedNanos;

    /**
     * @param owner empty while there is none
     * @param node name of this gateway
     * @param nanos a clock that never goes back
     */
    public FeedInlet(
            Supplier<Optional<Owner>> owner,
            NodeSignature signature,
            String node,
            Optional<SSLContext> tls,
            QuoteStore store,
            LongSupplier nanos) {
        this.owner = owner;
        this.signature = signature;
        this.node = node;
        this.store = store;
        this.nanos = nanos;
        var builder = HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).version(HttpClient.Version.HTTP_1_1);
        tls.ifPresent(builder::sslContext);
        this.client = builder.build();
    }

    /**
     * Connects from now on whenever there is an owner.
     *
     * @param publisher receives what arrives
     * @param newOrders runs when the journal has new events of orders
     * @param silence runs when the owner does not answer any more although its connections are open
     */
    public FeedInlet start(StreamHub publisher, Runnable newOrders, Runnable silence, TaskRunner tasks) {
        hub = Optional.of(publisher);
        onNewOrders = newOrders;
        onSilence = silence;
        publisher.statuses(symbol -> Optional.ofNullable(statuses.get(symbol)));
        task = Optional.of(tasks.repeat("feed-link", this::check));
        return this;
    }

    public void bindTo(Meters meters) {
        meters.gauge(
                "cluster.linked", "connections", "Whether the owner's feed is connected", () -> isConnected() ? 1 : 0);
        meters.counter("cluster.received", "lines", "Lines received from the owner", lines::sum);
        meters.counter("cluster.connects", "connections", "Connections opened to owners", connects::sum);
        meters.counter(
                "cluster.lost",
                "overflows",
                "Times that lines were lost because this gateway was too slow",
                overflows::sum);
    }

    /** Whether the owner's feed arrives. */
    public boolean isConnected() {
        return connection().isPresent();
    }

    private Optional<Connection> connection() {
        lock.lock();
        try {
            return connection;
        } finally {
            lock.unlock();
        }
    }

    /** The session with KIS, as the owner has it; empty while it is away. */
    public Optional<SessionSnapshot> session() {
        return session;
    }

    /** The owner, to pass calls on to; empty while there is none, and while it sends nothing although its connections are open. */
    public Optional<Owner> answeringOwner() {
        Optional<Owner> notAnswering = silent;
        return owner.get().filter(now -> !notAnswering.equals(Optional.of(now)));
    }

    /** The same with the address of its listener for programs written for KIS; empty while that is not known, too. */
    public Optional<Owner> faceOwner() {
        Optional<FacePort> at = facePort;
        return answeringOwner()
                .filter(now -> at.map(FacePort::owner).equals(Optional.of(now)))
                .map(now -> new Owner(
                        now.node(),
                        now.epoch(),
                        withPort(now.address(), at.orElseThrow().port())));
    }

    private static URI withPort(URI address, int port) {
        try {
            return new URI(address.getScheme(), null, address.getHost(), port, null, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("an address without its port is one", e);
        }
    }

    /** An answer of the owner to a call of a gateway; empty when there is none. Blocks. */
    public Optional<String> ask(String path, Duration limit) {
        return answeringOwner().flatMap(now -> {
            var request = HttpRequest.newBuilder(now.address().resolve(path))
                    .timeout(limit)
                    .header("Authorization", NodeCaller.authorization(signature, node))
                    .build();
            try {
                var answer = client.send(request, BodyHandlers.ofString());
                return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
            } catch (IOException e) {
                LOG.debug("owner_not_asked owner={}", now.node(), e);
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        });
    }

    @Override
    public DeliveryMode acquire(Channel channel, MarketSymbol symbol, Optional<String> key) {
        var request = new FeedRequest(true, channel, symbol);
        symbols.put(symbol.code(), symbol);
        lock.lock();
        try {
            if (subscriptions.merge(request, 1, Integer::sum) == 1) {
                send(List.of(request));
            }
            return modes.getOrDefault(request, DeliveryMode.push());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void release(Channel channel, MarketSymbol symbol, Optional<String> key) {
        var request = new FeedRequest(true, channel, symbol);
        lock.lock();
        try {
            if (subscriptions.computeIfPresent(request, (_, count) -> count == 1 ? null : count - 1) == null) {
                modes.remove(request);
                begun.remove(request);
                send(List.of(new FeedRequest(false, channel, symbol)));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock, so that requests leave in their order. */
    private void send(List<FeedRequest> requests) {
        if (connection.isEmpty()) {
            return; // all are sent when it opens
        }
        Connection to = connection.get();
        requests.stream().filter(FeedRequest::subscribes).forEach(begun::add);
        var text = new StringBuilder();
        for (FeedRequest request : requests) {
            text.append(request.text()).append('\n');
            if (text.length() > REQUEST_CHARS) {
                send(to, text.toString());
                text.setLength(0);
            }
        }
        if (!text.isEmpty()) {
            send(to, text.toString());
        }
    }

    private void send(Connection to, String text) {
        sending = sending.handle((_, _) -> true)
                .thenCompose(_ -> to.socket.orElseThrow().sendText(text, true));
    }

    private Duration check() {
        long now = nanos.getAsLong();
        boolean stoodStill = now - checkedNanos > OWN_PAUSE.toNanos();
        checkedNanos = now;
        Optional<Owner> present = owner.get();
        Optional<Connection> open = connection();
        if (open.isEmpty()) {
            present.ifPresent(this::connect);
        } else if (!present.equals(Optional.of(open.get().owner))) {
            open.get().end("another owner");
        } else if (stoodStill) {
            open.get().lastNanos = now;
        } else if (now - open.get().lastNanos > SILENCE_LIMIT.toNanos()) {
            open.get().endSilent();
            // Before the next connection: calls that are under way on the others of this owner end, whether new ones
            // work or not.
            onSilence.run();
        }
        return CHECK;
    }

    private void connect(Owner to) {
        var next = new Connection(to);
        try {
            client.newWebSocketBuilder()
                    .connectTimeout(CONNECT_LIMIT)
                    .header("Authorization", NodeCaller.authorization(signature, node))
                    .buildAsync(to.socket(FeedOutlet.PATH), next)
                    .thenCompose(_ -> next.opened)
                    .get(CONNECT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            next.abandon();
            if (e.getCause() instanceof WebSocketHandshakeException) {
                answered(to); // whatever it has against this connection
            }
            LOG.debug("feed_not_connected owner={} cause=\"{}\"", to.node(), e.toString());
        } catch (InterruptedException e) {
            next.abandon();
            Thread.currentThread().interrupt();
        }
    }

    private void answered(Owner from) {
        lock.lock();
        try {
            silent = silent.filter(it -> !it.equals(from));
        } finally {
            lock.unlock();
        }
    }

    /** Values may have been missed: each client's symbols have a gap. */
    private void markGaps(List<FeedRequest> requests, GapCause cause) {
        hub.ifPresent(to -> {
            var trades = new HashSet<MarketSymbol>();
            for (FeedRequest request : requests) {
                if (request.channel() == Channel.BOOKS) {
                    to.booksMissed(request.symbol(), cause);
                } else if (trades.add(request.symbol())) {
                    to.tradesMissed(request.symbol(), cause);
                }
            }
        });
    }

    private void receive(Owner from, FeedLine line, StreamHub to) {
        switch (line) {
            case FeedLine.Tick(FeedLine.Arrival arrival, LastTick last) -> {
                store.put(last);
                if (arrival == FeedLine.Arrival.PUSHED) {
                    to.trade(last);
                } else {
                    to.polled(last);
                }
            }
            case FeedLine.Book(LastBook last) -> {
                store.putBook(last);
                to.book(last);
            }
            case FeedLine.Gap(Channel channel, MarketSymbol symbol, GapCause cause) -> {
                if (channel == Channel.BOOKS) {
                    to.booksMissed(symbol, cause);
                } else {
                    to.tradesMissed(symbol, cause);
                }
            }
            case FeedLine.Mode(Channel channel, MarketSymbol symbol, DeliveryMode mode) ->
                changeMode(to, channel, symbol, mode);
            case FeedLine.Status(Symbol symbol, Optional<ObservedStatus> status) -> {
                status.ifPresentOrElse(it -> statuses.put(symbol, it), () -> statuses.remove(symbol));
                to.republishQuote(symbol);
            }
            case FeedLine.Session(SessionSnapshot snapshot) -> {
                session = Optional.of(snapshot);
                to.sessionChanged();
            }
            case FeedLine.FacePort(int port) -> facePort = Optional.of(new FacePort(from, port));
            case FeedLine.Raised(Alert alert) -> publishOnce(to, alert);
            case FeedLine.NewOrders() -> onNewOrders.run();
            case FeedLine.Overflow() -> {
                overflows.increment();
                LOG.warn("feed_lines_lost node={}", node);
                markGaps(subscribed(), GapCause.SLOW_CONSUMER);
            }
        }
    }

    private void changeMode(StreamHub to, Channel channel, MarketSymbol symbol, DeliveryMode mode) {
        Optional<DeliveryMode> before;
        lock.lock();
        try {
            var request = new FeedRequest(true, channel, symbol);
            before = subscriptions.containsKey(request)
                    ? Optional.of(Optional.ofNullable(modes.put(request, mode)).orElse(DeliveryMode.push()))
                    : Optional.of(mode);
        } finally {
            lock.unlock();
        }
        if (!before.equals(Optional.of(mode))) {
            to.deliveryChanged(channel, symbol, mode);
        }
    }

    /** An owner sends a gateway that connects what it may have already. */
    private void publishOnce(StreamHub to, Alert alert) {
        if (alertsSeen.size() >= ALERTS_MAX) {
            alertsSeen.clear();
        }
        if (alertsSeen.add(alert)) {
            to.alert(alert);
        }
    }

    private List<FeedRequest> subscribed() {
        lock.lock();
        try {
            return new ArrayList<>(subscriptions.keySet());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        task.ifPresent(TaskRunner.Task::close);
        connection().ifPresent(it -> it.end("closed"));
        client.shutdownNow();
    }

    /** A connection to one owner. Its methods as a listener are called by one thread at a time. */
    private final class Connection implements WebSocket.Listener {
        private final Owner owner;
        private final StringBuilder text = new StringBuilder();
        private final CompletableFuture<Boolean> opened = new CompletableFuture<>();
        private volatile long lastNanos = nanos.getAsLong();
        private volatile Optional<WebSocket> socket = Optional.empty();
        /** Guarded by the lock: it did not open in time. */
        private boolean abandoned;

        Connection(Owner owner) {
            this.owner = owner;
        }

        @Override
        public void onOpen(WebSocket to) {
            socket = Optional.of(to);
            List<FeedRequest> interrupted;
            lock.lock();
            try {
                if (abandoned) {
                    to.abort();
                    return;
                }
                connection = Optional.of(this);
                answered(owner);
                sending = CompletableFuture.completedFuture(true);
                interrupted = List.copyOf(begun);
                send(List.copyOf(subscriptions.keySet()));
            } finally {
                lock.unlock();
            }
            opened.complete(true);
            connects.increment();
            LOG.info("feed_connected owner={} interrupted={}", owner.node(), interrupted.size());
            markGaps(interrupted, GapCause.RECONNECT);
            lastNanos = nanos.getAsLong();
            to.request(1);
        }

        /** One that did not open in time must not open later, beside the next one. */
        void abandon() {
            lock.lock();
            try {
                abandoned = true;
            } finally {
                lock.unlock();
            }
            end("not opened in time");
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            lastNanos = nanos.getAsLong();
            text.append(data);
            if (last) {
                String complete = text.toString();
                text.setLength(0);
                complete.lines().forEach(this::line);
                lastNanos = nanos.getAsLong();
            }
            from.request(1);
            return CompletableFuture.completedFuture(true);
        }

        private void line(String line) {
            lines.increment();
            try {
                FeedLine.read(line, code -> Optional.ofNullable(symbols.get(code)))
                        .ifPresent(read -> hub.ifPresent(to -> receive(owner, read, to)));
            } catch (RuntimeException e) {
                // One line that cannot be used must not end the others.
                LOG.error(
                        "feed_line_unreadable owner={} kind={}",
                        owner.node(),
                        line.substring(0, Math.min(1, line.length())),
                        e);
            }
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            ended("closed " + code);
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            ended(error.toString());
        }

        void end(String reason) {
            socket.ifPresent(WebSocket::abort);
            ended(reason);
        }

        /** Ends it, and keeps that its owner did not answer. */
        void endSilent() {
            lock.lock();
            try {
                if (!connection.equals(Optional.of(this))) {
                    return;
                }
                silent = Optional.of(owner);
            } finally {
                lock.unlock();
            }
            end("silent");
        }

        private void ended(String reason) {
            boolean mine;
            lock.lock();
            try {
                mine = connection.equals(Optional.of(this));
                if (mine) {
                    connection = Optional.empty();
                }
            } finally {
                lock.unlock();
            }
            if (mine) {
                LOG.warn("feed_disconnected owner={} cause=\"{}\"", owner.node(), reason);
                session = Optional.empty();
                hub.ifPresent(StreamHub::sessionChanged);
                task.ifPresent(TaskRunner.Task::wakeUp);
            }
        }
    }
}
