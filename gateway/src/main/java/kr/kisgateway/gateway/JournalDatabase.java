package kr.kisgateway.gateway;

import java.security.SecureRandom;
import java.time.Duration;
import kr.kisgateway.gateway.cluster.ClusterStore;
import kr.kisgateway.gateway.database.DatabaseException;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.database.PostgresAddress;
import kr.kisgateway.gateway.lease.Lease;
import kr.kisgateway.gateway.lease.LeaseHolder;
import kr.kisgateway.gateway.lease.LeaseKeeper;
import kr.kisgateway.gateway.lease.LeaseNode;
import kr.kisgateway.gateway.lease.LeaseTimes;
import kr.kisgateway.gateway.task.ThreadTaskRunner;

/** The database of gateways that share one, owned by a journal command until it is closed: no gateway runs with it meanwhile. */
final class JournalDatabase implements AutoCloseable {
    /** Name of the command where gateways name their owner. */
    private static final String NAME = "kis-journal";

    private static final LeaseTimes TIMES = new LeaseTimes(Duration.ofSeconds(10));

    private final Postgres postgres;
    private final LeaseKeeper keeper;
    private final Lease lease;

    private JournalDatabase(Postgres postgres, LeaseKeeper keeper, Lease lease) {
        this.postgres = postgres;
        this.keeper = keeper;
        this.lease = lease;
    }

    /** @throws StartException when it cannot be used, in one sentence */
    static Postgres connect(PostgresAddress address, String environment) {
        try {
            return Postgres.open(address, environment, NAME);
        } catch (DatabaseException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Takes the accounts of the database, as the node of {@code data}.
     *
     * @throws StartException when a gateway owns them, or the database cannot be used, in one sentence
     */
    static JournalDatabase own(PostgresAddress address, String environment, DataFolder data) {
        Postgres postgres = connect(address, environment);
        String id = ClusterNode.id(data.file(ClusterNode.ID), new SecureRandom());
        SteadyClock clock = Wiring.clock();
        var keeper = new LeaseKeeper(
                postgres,
                ClusterNode.LEASE,
                new LeaseNode(id, "", NAME, "", Version.text(), false),
                TIMES,
                clock.nanos(),
                clock);
        try {
            ClusterStore.prepare(postgres, clock);
            Lease lease = keeper.acquire()
                    .orElseThrow(() -> new StartException("The gateway "
                            + keeper.holder().map(LeaseHolder::node).orElse("of another data folder")
                            + " uses the database " + address
                            + ": stop all gateways that share it, then repeat the command."));
            keeper.keep(lease, new ThreadTaskRunner(), () -> {
                // each transaction of the command verifies the lease
            });
            return new JournalDatabase(postgres, keeper, lease);
        } catch (DatabaseException e) {
            keeper.close();
            throw new StartException(String.valueOf(e.getMessage()));
        } catch (StartException e) {
            keeper.close();
            throw e;
        }
    }

    Postgres postgres() {
        return postgres;
    }

    Lease lease() {
        return lease;
    }

    @Override
    public void close() {
        keeper.close();
    }
}
