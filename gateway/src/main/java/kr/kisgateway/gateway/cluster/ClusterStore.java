package kr.kisgateway.gateway.cluster;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import kr.kisgateway.gateway.database.DatabaseException;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.lease.LeaseStore;

/** What gateways that share a database need in it before one of them owns anything. */
public final class ClusterStore {
    /** Times of orders are a gateway's own: the database's clock decides the lease alone, by differences. */
    private static final Duration CLOCK_DIFFERENCE_MAX = Duration.ofSeconds(5);

    private ClusterStore() {}

    /**
     * Creates missing tables.
     *
     * @param clock of this machine
     * @throws DatabaseException when the database cannot be used, or its clock differs from this machine's
     */
    public static void prepare(Postgres postgres, InstantSource clock) {
        try (var connection = postgres.connect()) {
            Postgres.whileAlone(connection, () -> {
                LeaseStore.create(connection);
                TokenShareStore.create(connection);
            });
            Duration difference = Duration.between(clock.instant(), LeaseStore.now(connection))
                    .abs();
            if (difference.compareTo(CLOCK_DIFFERENCE_MAX) > 0) {
                throw new DatabaseException("The clocks of this machine and of the database " + postgres.address()
                        + " differ by " + difference.toSeconds() + " s: let both follow NTP.");
            }
        } catch (SQLException e) {
            throw postgres.failure(e);
        }
    }
}
