package kr.kisgateway.gateway.lease;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import kr.kisgateway.gateway.database.DatabaseException;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.task.TaskRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a lease for a node, and renews it until it is closed or lost. One connection of its own, so that no other work delays a
 * renewal.
 */
public final class LeaseKeeper implements AutoCloseable {
    /** Soon: the lease may end before the next regular renewal. */
    private static final Duration RETRY = Duration.ofMillis(200);

    private static final Duration STOP_LIMIT = Postgres.ANSWER_LIMIT.plusSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger("gateway.lease");

    private final Postgres postgres;
    private final String name;
    private final LeaseNode node;
    private final LeaseTimes times;
    private final LongSupplier nanos;
    private final InstantSource clock;
    private Optional<Connection> connection = Optional.empty();
    private Optional<Lease> held = Optional.empty();
    private Optional<TaskRunner.Task> renewals = Optional.empty();
    private boolean lossReported;

    /**
     * @param nanos never steps
     * @param clock goes on while the machine is suspended
     */
    public LeaseKeeper(
            Postgres postgres, String name, LeaseNode node, LeaseTimes times, LongSupplier nanos, InstantSource clock) {
        this.postgres = postgres;
        this.name = name;
        this.node = node;
        this.times = times;
        this.nanos = nanos;
        this.clock = clock;
    }

    /** How long a lease lasts. */
    public LeaseTimes times() {
        return times;
    }

    /**
     * Takes the lease, if no other has it.
     *
     * @throws DatabaseException when the database does not answer
     * @throws NodeTakenException when another process with this node's id lives
     */
    public synchronized Optional<Lease> acquire() {
        var start = new Lease.Moment(nanos.getAsLong(), clock.instant());
        OptionalLong epoch = ask(it -> {
            see(it);
            return LeaseStore.acquire(it, name, node, times.ttl());
        });
        if (epoch.isEmpty()) {
            return Optional.empty();
        }
        var lease = new Lease(name, epoch.getAsLong(), times, nanos, clock, start);
        held = Optional.of(lease);
        LOG.info("lease_taken lease={} node={}", lease, node.name());
        return Optional.of(lease);
    }

    /**
     * Who has the lease now, and that this node lives: of one that may not take it.
     *
     * @throws DatabaseException when the database does not answer
     * @throws NodeTakenException when another process with this node's id lives
     */
    public synchronized Optional<LeaseHolder> follow() {
        return ask(it -> {
            see(it);
            return LeaseStore.find(it, name);
        });
    }

    /**
     * Who has the lease now.
     *
     * @throws DatabaseException when the database does not answer
     */
    public synchronized Optional<LeaseHolder> holder() {
        return ask(it -> LeaseStore.find(it, name));
    }

    /**
     * Who has the lease, and who could have it.
     *
     * @throws DatabaseException when the database does not answer
     */
    public synchronized LeaseView view() {
        return ask(it -> new LeaseView(LeaseStore.find(it, name), LeaseStore.nodes(it, times.ttl())));
    }

    /**
     * Lists this node as living, unless another process with its id is listed and was seen within the length of a lease.
     *
     * @return whether it is listed
     * @throws DatabaseException when the database does not answer
     */
    public synchronized boolean list() {
        return ask(this::isListed);
    }

    /**
     * Other processes with this node's id or name that were seen within the length of a lease.
     *
     * @throws DatabaseException when the database does not answer
     */
    public List<SeenNode> namesakes() {
        return view().nodes().stream()
                .filter(it -> !it.silent() && !it.node().run().equals(node.run()))
                .filter(it ->
                        it.node().id().equals(node.id()) || it.node().name().equals(node.name()))
                .toList();
    }

    /**
     * Ends the listing of this process, so that it is not silent for a day.
     *
     * @throws DatabaseException when the database does not answer
     */
    public synchronized void leave() {
        ask(it -> {
            LeaseStore.forget(it, node);
            return true;
        });
    }

    private <T> T ask(Call<T> call) {
        try {
            return onConnection(call);
        } catch (SQLException e) {
            throw postgres.failure(e);
        }
    }

    /**
     * Renews the lease that {@link #acquire} took.
     *
     * @param onLost runs once, when another has taken it, whether a renewal or a transaction of the holder noticed it first
     */
    public synchronized void keep(Lease lease, TaskRunner tasks, Runnable onLost) {
        lossReported = false;
        renewals = Optional.of(tasks.repeat("lease-renewal", times.renewal(), () -> renew(lease, onLost), () -> {}));
    }

    private synchronized Duration renew(Lease lease, Runnable onLost) {
        if (lease.isLost()) {
            reportLoss(lease, onLost);
            return times.renewal();
        }
        Lease.Moment start = lease.now();
        try {
            if (onConnection(it -> LeaseStore.renew(it, lease, times.ttl()))) {
                lease.extend(start);
                if (!onConnection(this::isListed)) {
                    LOG.error("node_taken lease={} node={}", lease, node.name());
                }
            } else {
                lease.lose();
                reportLoss(lease, onLost);
            }
            return times.renewal();
        } catch (SQLException e) {
            LOG.warn("lease_not_renewed lease={} held={} cause=\"{}\"", lease, lease.isHeld(), e.getMessage());
            if (lease.isOver()) {
                // Its successor needs what this process still holds, as the one session with the broker.
                lease.lose();
                reportLoss(lease, onLost);
            }
            return RETRY;
        }
    }

    private void reportLoss(Lease lease, Runnable onLost) {
        if (!lossReported) {
            lossReported = true;
            LOG.error("lease_lost lease={} node={}", lease, node.name());
            onLost.run();
        }
    }

    /** Records that this node lives; false while another process with its id is listed. */
    private boolean isListed(Connection connection) throws SQLException {
        return LeaseStore.see(connection, node, times.ttl());
    }

    private void see(Connection connection) throws SQLException {
        if (!isListed(connection)) {
            throw new NodeTakenException(node);
        }
    }

    private interface Call<T> {
        T run(Connection connection) throws SQLException;
    }

    private <T> T onConnection(Call<T> call) throws SQLException {
        if (connection.isEmpty()) {
            connection = Optional.of(postgres.connect());
        }
        try {
            return call.run(connection.get());
        } catch (SQLException e) {
            closeConnection();
            throw e;
        }
    }

    private void closeConnection() {
        connection.ifPresent(it -> {
            try {
                it.close();
            } catch (SQLException e) {
                LOG.warn("close_failed resource=lease cause=\"{}\"", e.getMessage());
            }
        });
        connection = Optional.empty();
    }

    /** Ends the renewals and gives the lease back: the next owner need not wait for its end. */
    @Override
    public void close() {
        Optional<TaskRunner.Task> task;
        synchronized (this) {
            task = renewals;
            renewals = Optional.empty();
        }
        task.ifPresent(it -> {
            it.close();
            it.awaitEnd(STOP_LIMIT);
        });
        synchronized (this) {
            held.filter(lease -> !lease.isLost()).ifPresent(lease -> {
                lease.lose();
                try {
                    onConnection(it -> {
                        LeaseStore.release(it, lease);
                        return true;
                    });
                    LOG.info("lease_released lease={} node={}", lease, node.name());
                } catch (SQLException e) {
                    LOG.warn("lease_not_released lease={} cause=\"{}\"", lease, e.getMessage());
                }
            });
            held = Optional.empty();
            closeConnection();
        }
    }
}
