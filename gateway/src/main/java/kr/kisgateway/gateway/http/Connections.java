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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;
import kr.kisgateway.gateway.task.TaskRunner;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open connections, bounded so that no address and no unauthenticated client takes the connections of others. A
 * connection <em>waits</em> while the next bytes must come from its client: the rest of a header or a body, or the next
 * request. It is <em>authenticated</em> once a key was accepted on it.
 *
 * <p>Policy: while the connections of one address, or of all together, are at their bound, a further one replaces the
 * unauthenticated one that has waited longest; so a client that sends its request at once is served, be it a probe or
 * an owner of a key, however many half-sent headers there are. Where none waits, the address gets no further
 * connection, and other addresses are accepted later. Once three quarters of a bound are taken, an unauthenticated
 * connection that has waited for the idle limit is closed.
 *
 * <p>A header that has begun must be complete within the header limit, however its bytes are spread; under pressure,
 * within the idle limit if that is shorter. The server library bounds the pauses between two reads only, so one byte
 * now and then would hold a connection forever.
 */
final class Connections implements SelectorManager.AcceptListener, Connection.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.http");
    /** Fraction of all connections that is reserved while others wait. */
    private static final int RESERVE_FRACTION = 15;

    private static final long NO_HEADER = -1;

    private final Bounds bounds;
    private final Map<SelectableChannel, Client> clients = new ConcurrentHashMap<>();
    private final Map<InetAddress, Integer> counts = new ConcurrentHashMap<>();
    private final Set<InetAddress> warned = ConcurrentHashMap.newKeySet();
    private final AtomicLong numbers = new AtomicLong();
    private volatile boolean closing;
    private volatile Optional<TaskRunner.Task> task = Optional.empty();
    /** Number of checks so far: the time, as far as it matters here. */
    private volatile long ticks;

    /**
     * Bounds on connections.
     *
     * @param maxConnections of all addresses
     * @param perAddress of one network, see {@link ClientNetwork}
     * @param perLoopback of this machine
     * @param idleLimit how long a connection may wait under pressure
     * @param headerLimit time from the first to the last byte of a header; for a first request over TLS, with the
     *     handshake
     * @param checkInterval interval between checks for waiting connections
     */
    record Bounds(
            int maxConnections,
            int perAddress,
            int perLoopback,
            Duration idleLimit,
            Duration headerLimit,
            Duration checkInterval) {
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
        private volatile Optional<Connection> connection = Optional.empty();
        private volatile boolean authenticated;
        private volatile long waitingSince = ticks;
        /** Whether the header of its next request is awaited, not the body of the last one. */
        private volatile boolean awaitsHeader = true;
        /** Bytes received before that header. */
        private volatile long bytesBeforeHeader;
        /** The check that first found bytes of that header; negative, none has. */
        private volatile long headerSince = NO_HEADER;

        private Client(InetAddress network, long number) {
            this.network = network;
            this.number = number;
        }

        /** The network that its shares are counted by. */
        InetAddress network() {
            return network;
        }

        /** Records that a key was accepted on it. */
        void authenticated() {
            authenticated = true;
        }

        /**
         * Records that a request starts; false when the connection is being closed, so that the request must not be
         * handled.
         */
        boolean beginRequest() {
            return state.compareAndSet(State.WAITING, State.BUSY) || state.get() == State.BUSY;
        }

        /** Records that the next bytes of the request's body must come from the client. */
        void awaitBody() {
            awaitsHeader = false;
            awaitClient();
        }

        /** Records that the request has ended and the next one must come from the client. */
        void awaitRequest() {
            bytesBeforeHeader = bytesReceived();
            headerSince = NO_HEADER;
            awaitsHeader = true;
            awaitClient();
        }

        private void awaitClient() {
            waitingSince = ticks;
            state.compareAndSet(State.BUSY, State.WAITING);
        }

        /** Closes the connection, also during a request. */
        void abort() {
            connection.ifPresent(open -> open.getEndPoint().close());
        }

        private boolean isEvictable() {
            return !authenticated && state.get() == State.WAITING && connection.isPresent();
        }

        private long bytesReceived() {
            return connection.map(Connection::getBytesIn).orElse(0L);
        }

        /** Whether a header has been incomplete for more than {@code ticksMax} checks. */
        private boolean isHeaderOverdue(long now, long ticksMax) {
            if (state.get() != State.WAITING || !awaitsHeader || bytesReceived() <= bytesBeforeHeader) {
                return false;
            }
            if (headerSince == NO_HEADER) {
                headerSince = now;
            }
            return now - headerSince >= ticksMax;
        }

        private boolean waitsLongerThan(Client other) {
            return waitingSince < other.waitingSince || (waitingSince == other.waitingSince && number < other.number);
        }
    }

    Connections(Bounds bounds) {
        this.bounds = bounds;
    }

    /** Starts the check {@code name} for connections that wait too long. */
    void start(TaskRunner tasks, String name) {
        task = Optional.of(tasks.every(name, bounds.checkInterval(), this::closeIdleConnections));
    }

    /** The connection of a request's endpoint; empty when it is closed. */
    Optional<Client> of(EndPoint endPoint) {
        return Optional.ofNullable(clients.get(channel(endPoint)));
    }

    /**
     * Records that a request starts, and its end; false when its connection has ended, so that it must not be handled.
     *
     * @param answered receives the connection with the answer's status
     */
    boolean track(Request request, Response response, Callback callback, ObjIntConsumer<Client> answered) {
        var client = of(request.getConnectionMetaData().getConnection().getEndPoint());
        if (client.isEmpty()) {
            return true;
        }
        if (!client.get().beginRequest()) {
            callback.failed(new EofException("the connection has ended"));
            return false;
        }
        request.setAttribute(EdgeGuard.CLIENT, client.get());
        Request.addCompletionListener(request, _ -> {
            answered.accept(client.get(), response.getStatus());
            // An upgraded connection stays a WebSocket until it closes.
            if (response.getStatus() != HttpStatus.SWITCHING_PROTOCOLS_101) {
                client.get().awaitRequest();
            }
        });
        return true;
    }

    /** Number of open connections. */
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
                return; // already closed
            }
            var network = ClientNetwork.of(remote.getAddress());
            int limit = bounds.limitOf(network);
            boolean networkFull = counts.getOrDefault(network, 0) >= limit;
            if (networkFull && warned.add(network)) {
                // Once until the last of its connections is closed: an attacker must not fill the log.
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
            if (closing) {
                // No selector may take it any more, and its client would wait for an answer.
                remove(channel);
                channel.close();
            }
        } catch (IOException e) {
            LOG.debug("connection_closed_before_accepted", e);
        }
    }

    @Override
    public void onOpened(Connection connection) {
        // The first one receives the bytes of the network; over TLS a second one is opened on top of it.
        of(connection.getEndPoint())
                .filter(client -> client.connection.isEmpty())
                .ifPresent(client -> {
                    client.connection = Optional.of(connection);
                    if (closing) {
                        connection.getEndPoint().close(); // accepted while the listener stopped
                    }
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

    /** Closes the candidate that has waited longest; false when none waits. */
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

    /** Closes a connection, unless its next request has arrived meanwhile. */
    private boolean closeIfWaiting(SelectableChannel channel, Client client) {
        if (!client.state.compareAndSet(State.WAITING, State.ENDED)) {
            return false;
        }
        // Its slot is free from now on, not only when the selector notices the end.
        remove(channel);
        client.connection.ifPresentOrElse(open -> open.getEndPoint().close(), () -> closeAccepted(channel));
        return true;
    }

    /** Closes a connection that was accepted and has no endpoint yet. */
    private static void closeAccepted(SelectableChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("connection_close_failed", e);
        }
    }

    /** The time is counted in checks, so no clock that can be set or stopped is involved. */
    private void closeIdleConnections() {
        long now = ticks + 1;
        ticks = now;
        // Connections that were accepted faster than the ones before them started.
        for (int i = 0; i < bounds.maxConnections() && isReserveTaken() && evictLongestWaiting(client -> true); i++) {
            LOG.debug("connection_evicted");
        }
        boolean full = isNearlyFull(clients.size(), bounds.maxConnections());
        long idleTicks = ticks(bounds.idleLimit());
        long headerTicks = ticks(bounds.headerLimit());
        var idle = new ArrayList<Map.Entry<SelectableChannel, Client>>();
        for (var entry : clients.entrySet()) {
            var client = entry.getValue();
            boolean scarce =
                    full || isNearlyFull(counts.getOrDefault(client.network, 0), bounds.limitOf(client.network));
            boolean idleTooLong = scarce && client.isEvictable() && now - client.waitingSince > idleTicks;
            if (client.isHeaderOverdue(now, scarce ? Math.min(idleTicks, headerTicks) : headerTicks) || idleTooLong) {
                idle.add(Map.entry(entry.getKey(), client));
            }
        }
        for (var entry : idle) {
            if (closeIfWaiting(entry.getKey(), entry.getValue())) {
                LOG.debug(
                        "connection_wait_limit_exceeded address={}",
                        entry.getValue().network.getHostAddress());
            }
        }
    }

    private long ticks(Duration limit) {
        return Math.max(1, limit.dividedBy(bounds.checkInterval()));
    }

    /** At the bound itself no connection is accepted, so none could replace another. */
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

    /** Closes connections that wait for their client: a stop waits only for running requests. */
    @Override
    public void close() {
        closing = true;
        task.ifPresent(TaskRunner.Task::close);
        clients.forEach(this::closeIfWaiting);
    }
}
