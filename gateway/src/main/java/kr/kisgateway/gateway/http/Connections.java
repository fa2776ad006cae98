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
    private static final int RESERVE_FRACTION = 15;

    private final Bounds bounds;
    private final Map<SelectableChannel, Client> clients = new ConcurrentHashMap<>();
    private final Map<InetAddress, Integer> counts = new ConcurrentHashMap<>();
    private final Set<InetAddress> warned = ConcurrentHashMap.newKeySet();
    private final AtomicLong numbers = new AtomicLong();
    private final CountDownLatch closing = new CountDownLatch(1);
    /** Looks so far: the time as far as it matters here. */
    private volatile long ticks;

    /**
     * How many there may be.
     *
     * @param maxConnections of all addresses
     * @param perAddress of one network, see {@link ClientNetwork}
     * @param perLoopback of this machine
     * @param idleTicks how long one may wait under pressure
     * @param checkInterval time between two looks at who waits
     */
    record Bounds(int maxConnections, int perAddress, int perLoopback, Duration idleLimit, Duration checkInterval) {
        int limitOf(InetAddress network) {
            return network.isLoopbackAddress() ? perLoopback : perAddress;
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
        private volatile boolean authenticated;
        private volatile long waitingSince = ticks;

        private Client(InetAddress network, long number) {
            this.network = network;
            this.number = number;
        }

        /** The address that its shares are counted by. */
        InetAddress network() {
            return network;
        }

        /** A key was accepted on it. */
        void authenticated() {
            authenticated = true;
        }

        /** A request is being handled; false when the connection is being closed, so that nothing must be done for it. */
        boolean beginRequest() {
            return state.compareAndSet(State.WAITING, State.BUSY) || state.get() == State.BUSY;
        }

        /** The next thing must come from the client. */
        void awaitClient() {
            waitingSince = ticks;
            state.compareAndSet(State.BUSY, State.WAITING);
        }

        /** Ends the connection, whatever is under way on it. */
        void abort() {
            socket.ifPresent(EndPoint::close);
        }

        private boolean isEvictable() {
            return !authenticated && state.get() == State.WAITING && socket.isPresent();
        }

        private boolean waitsLongerThan(Client other) {
            return waitingSince < other.waitingSince || (waitingSince == other.waitingSince && number < other.number);
        }
    }

    Connections(Bounds bounds) {
        this.bounds = bounds;
    }

    /** Begins to look after those that wait too long. */
    void start() {
        Thread.ofVirtual().name("http-connections").start(() -> {
            try {
                while (!closing.await(bounds.checkInterval().toMillis(), TimeUnit.MILLISECONDS)) {
                    closeIdleConnections();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** The connection that belongs to a request's endpoint; empty when it is gone. */
    Optional<Client> of(EndPoint endPoint) {
        return Optional.ofNullable(clients.get(channel(endPoint)));
    }

    /** Connections open now. */
    int count() {
        return clients.size();
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
            int limit = bounds.limitOf(network);
            boolean networkFull = counts.getOrDefault(network, 0) >= limit;
            if (networkFull && warned.add(network)) {
                // Once until the last of its connections is gone: an attacker writes no log.
                LOG.warn("address_connections_full address={} limit={}", network.getHostAddress(), limit);
            }
            if (networkFull && !evictLongestWaiting(client -> client.network.equals(network))) {
                channel.close();
                return;
            }
            if (isReserveTaken()) {
                evictLongestWaiting(client -> true);
            }
            clients.put(channel, new Client(network, numbers.incrementAndGet()));
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
        remove(channel);
    }

    @Override
    public void onClosed(SelectableChannel channel) {
        remove(channel);
    }

    /** Closes the one of these that has waited longest; false when none waits. */
    private boolean evictLongestWaiting(Predicate<Client> candidates) {
        Optional<Map.Entry<SelectableChannel, Client>> oldest = Optional.empty();
        for (var entry : clients.entrySet()) {
            var client = entry.getValue();
            if (client.isEvictable()
                    && candidates.test(client)
                    && oldest.map(other -> client.waitsLongerThan(other.getValue()))
                            .orElse(true)) {
                oldest = Optional.of(Map.entry(entry.getKey(), client));
            }
        }
        return oldest.map(entry -> closeIfWaiting(entry.getKey(), entry.getValue()))
                .orElse(false);
    }

    /** Closes a connection, unless its next request has come meanwhile. */
    private boolean closeIfWaiting(SelectableChannel channel, Client client) {
        if (!client.state.compareAndSet(State.WAITING, State.ENDED)) {
            return false;
        }
        // Its place is free from now on, not only when the selector notices the end.
        remove(channel);
        client.socket.ifPresent(EndPoint::close);
        return true;
    }

    /** The time is counted by looking, so no clock that somebody sets or stops is asked. */
    private void closeIdleConnections() {
        long now = ticks + 1;
        ticks = now;
        // Those that were accepted faster than the ones before them had begun.
        for (int i = 0; i < bounds.maxConnections() && isReserveTaken() && evictLongestWaiting(client -> true); i++) {
            LOG.debug("connection_gave_its_place_up");
        }
        boolean full = isNearlyFull(clients.size(), bounds.maxConnections());
        long idleTicks = Math.max(1, bounds.idleLimit().dividedBy(bounds.checkInterval()));
        var idle = new ArrayList<Map.Entry<SelectableChannel, Client>>();
        for (var entry : clients.entrySet()) {
            var client = entry.getValue();
            if (client.isEvictable()
                    && now - client.waitingSince > idleTicks
                    && (full || isNearlyFull(counts.getOrDefault(client.network, 0), bounds.limitOf(client.network)))) {
                idle.add(Map.entry(entry.getKey(), client));
            }
        }
        for (var entry : idle) {
            if (closeIfWaiting(entry.getKey(), entry.getValue())) {
                LOG.debug(
                        "connection_waited_too_long address={}",
                        entry.getValue().network.getHostAddress());
            }
        }
    }

    /** At the very bound no connection is accepted, so that none could take the place of another. */
    private boolean isReserveTaken() {
        return clients.size() >= bounds.maxConnections() - bounds.maxConnections() / RESERVE_FRACTION;
    }

    private static boolean isNearlyFull(int count, int limit) {
        return count >= limit - limit / 4;
    }

    private static Object channel(EndPoint endPoint) {
        var inner = endPoint;
        while (inner instanceof EndPoint.Wrapper wrapper) {
            inner = wrapper.unwrap();
        }
        return inner.getTransport();
    }

    private void remove(SelectableChannel channel) {
        var client = clients.remove(channel);
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
        clients.forEach(this::closeIfWaiting);
    }
}
