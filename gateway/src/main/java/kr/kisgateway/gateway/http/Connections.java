package kr.kisgateway.gateway.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SelectorManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open connections, so that no address and no stranger takes those that others need. A connection <em>waits</em> while
 * the next thing must come from its client: the rest of a header or a body, or the next request. It is <em>known</em> once
 * a key was accepted on it.
 *
 * <p>Policy: while the connections of one address, or of all together, are at their bound, a further one takes the place of
 * the one that has waited longest without being known; so whoever sends its request at once is served, be it a probe or an
 * owner of a key, however many half-sent headers there are. Where none waits, an address gets no more, and all others are
 * accepted later. Once three quarters of a bound are taken, what has waited for {@code patience} without being known is closed.
 */
final class Connections implements SelectorManager.AcceptListener, Connection.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.http");
    /** Of all connections, those that are kept free while others wait. */
    private static final int RESERVE_PART = 15;

    private final Bounds bounds;
    private final Map<SelectableChannel, Client> open = new ConcurrentHashMap<>();
    private final Map<InetAddress, Integer> counts = new ConcurrentHashMap<>();
    private final Set<InetAddress> warned = ConcurrentHashMap.newKeySet();
    private final AtomicLong numbers = new AtomicLong();
    private final CountDownLatch closing = new CountDownLatch(1);
    /** Looks so far: the time as far as it matters here. */
    private volatile long looks;

    /**
     * How many there may be.
     *
     * @param most of all addresses
     * @param ofAddress of one network, see {@link ClientNetwork}
     * @param ofThisMachine of this machine
     * @param patience how long one may wait under pressure
     * @param lookEvery time between two looks at who waits
     */
    record Bounds(int most, int ofAddress, int ofThisMachine, Duration patience, Duration lookEvery) {
        int of(InetAddress network) {
            return network.isLoopbackAddress() ? ofThisMachine : ofAddress;
        }
    }

    private enum State {
        WAITING,
        BUSY,
        ENDED
    }

    /** One connection, as its requests see it. */
    final class Client {
        private final InetAddress network;
        private final long number;
        private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
        private volatile Optional<EndPoint> socket = Optional.empty();
        private volatile boolean known;
        private volatile long since = looks;

        private Client(InetAddress network, long number) {
            this.network = network;
            this.number = number;
        }

        /** The address that its shares are counted by. */
        InetAddress network() {
            return network;
        }

        /** A key was accepted on it. */
        void known() {
            known = true;
        }

        /** A request is being handled; false when the connection is being closed, so that nothing must be done for it. */
        boolean isTaken() {
            return state.compareAndSet(State.WAITING, State.BUSY) || state.get() == State.BUSY;
        }

        /** The next thing must come from the client. */
        void waiting() {
            since = looks;
            state.compareAndSet(State.BUSY, State.WAITING);
        }

        /** Ends the connection, whatever is under way on it. */
        void abort() {
            socket.ifPresent(EndPoint::close);
        }

        private boolean mayGo() {
            return !known && state.get() == State.WAITING && socket.isPresent();
        }

        private boolean waitsLongerThan(Client other) {
            return since < other.since || (since == other.since && number < other.number);
        }
    }

    Connections(Bounds bounds) {
        this.bounds = bounds;
    }

    /** Begins to look after those that wait too long. */
    void start() {
        Thread.ofVirtual().name("http-connections").start(() -> {
            try {
                while (!closing.await(bounds.lookEvery().toMillis(), TimeUnit.MILLISECONDS)) {
                    look();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** The connection that belongs to a request's endpoint; empty when it is gone. */
    Optional<Client> of(EndPoint endPoint) {
        return Optional.ofNullable(open.get(channel(endPoint)));
    }

    /** Connections open now. */
    int count() {
        return open.size();
    }

    @Override
    public void onAccepting(SelectableChannel channel) {
        if (!(channel instanceof SocketChannel socket)) {
            return;
        }
        try {
            if (!(socket.getRemoteAddress() instanceof InetSocketAddress remote)) {
                return; // gone already
            }
            var network = ClientNetwork.of(remote.getAddress());
            int limit = bounds.of(network);
            boolean takesAPlace = counts.getOrDefault(network, 0) >= limit;
            if (takesAPlace && warned.add(network)) {
                // Once until the last of its connections is gone: an attacker writes no log.
                LOG.warn("address_connections_full address={} limit={}", network.getHostAddress(), limit);
            }
            if (takesAPlace && !giveUp(client -> client.network.equals(network))) {
                channel.close();
                return;
            }
            if (isReserveTaken()) {
                giveUp(client -> true);
            }
            open.put(channel, new Client(network, numbers.incrementAndGet()));
            counts.merge(network, 1, Integer::sum);
        } catch (IOException e) {
            LOG.debug("connection_gone_before_it_was_taken", e);
        }
    }

    @Override
    public void onOpened(Connection connection) {
        of(connection.getEndPoint()).filter(client -> client.socket.isEmpty()).ifPresent(client -> {
            client.socket = Optional.of(connection.getEndPoint());
        });
    }

    @Override
    public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
        forget(channel);
    }

    @Override
    public void onClosed(SelectableChannel channel) {
        forget(channel);
    }

    /** Closes the one of these that has waited longest; false when none waits. */
    private boolean giveUp(Predicate<Client> these) {
        Optional<Map.Entry<SelectableChannel, Client>> oldest = Optional.empty();
        for (var entry : open.entrySet()) {
            var client = entry.getValue();
            if (client.mayGo()
                    && these.test(client)
                    && oldest.map(other -> client.waitsLongerThan(other.getValue()))
                            .orElse(true)) {
                oldest = Optional.of(Map.entry(entry.getKey(), client));
            }
        }
        return oldest.map(entry -> hasEnded(entry.getKey(), entry.getValue())).orElse(false);
    }

    /** Closes a connection, unless its next request has come meanwhile. */
    private boolean hasEnded(SelectableChannel channel, Client client) {
        if (!client.state.compareAndSet(State.WAITING, State.ENDED)) {
            return false;
        }
        // Its place is free from now on, not only when the selector notices the end.
        forget(channel);
        client.socket.ifPresent(EndPoint::close);
        return true;
    }

    /** The time is counted by looking, so no clock that somebody sets or stops is asked. */
    private void look() {
        long now = looks + 1;
        looks = now;
        // Those that were accepted faster than the ones before them had begun.
        for (int i = 0; i < bounds.most() && isReserveTaken() && giveUp(client -> true); i++) {
            LOG.debug("connection_gave_its_place_up");
        }
        boolean full = isPressed(open.size(), bounds.most());
        long patience = Math.max(1, bounds.patience().dividedBy(bounds.lookEvery()));
        var late = new ArrayList<Map.Entry<SelectableChannel, Client>>();
        for (var entry : open.entrySet()) {
            var client = entry.getValue();
            if (client.mayGo()
                    && now - client.since > patience
                    && (full || isPressed(counts.getOrDefault(client.network, 0), bounds.of(client.network)))) {
                late.add(Map.entry(entry.getKey(), client));
            }
        }
        for (var entry : late) {
            if (hasEnded(entry.getKey(), entry.getValue())) {
                LOG.debug(
                        "connection_waited_too_long address={}",
                        entry.getValue().network.getHostAddress());
            }
        }
    }

    /** At the very bound no connection is accepted, so that none could take the place of another. */
    private boolean isReserveTaken() {
        return open.size() >= bounds.most() - bounds.most() / RESERVE_PART;
    }

    private static boolean isPressed(int count, int limit) {
        return count >= limit - limit / 4;
    }

    private static Object channel(EndPoint endPoint) {
        var inner = endPoint;
        while (inner instanceof EndPoint.Wrapper wrapper) {
            inner = wrapper.unwrap();
        }
        return inner.getTransport();
    }

    private void forget(SelectableChannel channel) {
        var client = open.remove(channel);
        if (client != null) {
            counts.computeIfPresent(client.network, (_, count) -> {
                if (count > 1) {
                    return count - 1;
                }
                warned.remove(client.network);
                return null;
            });
        }
    }

    /** Closes what waits for its client: a stop is patient with requests that run and with nothing else. */
    @Override
    public void close() {
        closing.countDown();
        open.forEach(this::hasEnded);
    }
}
