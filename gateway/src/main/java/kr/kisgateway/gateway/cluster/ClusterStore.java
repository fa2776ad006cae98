package kr.kisgateway.gateway.cluster;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import kr.kisgateway.gateway.database.DatabaseException;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.lease.LeaseHolder;
import kr.kisgateway.gateway.lease.LeaseStore;

/** What gateways that share a database need in it before one of them owns anything. */
public final class ClusterStore {
    /** Times of orders are a gateway's own: the database's clock decides the lease alone, by differences. */
    private static final Duration CLOCK_DIFFERENCE_MAX = Duration.ofSeconds(5);

    private static final String UNDEFINED_TABLE = "42P01";

    private ClusterStore() {}

    /**
     * Creates missing tables.
     *
     * @param clock of this machine
     * @throws DatabaseException when the database cannot be used, or its clock differs from this machine's
     */
    public static void prepare(Postgres postgres, InstantSource clock) {
        try (var connection = postgres.connect()) {
            requireClock(postgres, connection, clock);
            Postgres.whileAlone(connection, () -> {
                LeaseStore.create(connection);
                TokenShareStore.create(connection);
                IdentityStore.create(connection);
            });
        } catch (SQLException e) {
            throw postgres.failure(e);
        }
    }

    /**
     * Who owns a lease of the database, or had it last; nothing is changed, and empty also where no gateway used it yet.
     *
     * @param clock of this machine
     * @throws DatabaseException when the database cannot be used, or its clock differs from this machine's
     */
    public static Optional<LeaseHolder> inspect(Postgres postgres, String lease, InstantSource clock) {
        try (var connection = postgres.connect()) {
            requireClock(postgres, connection, clock);
            return LeaseStore.find(connection, lease);
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState())) {
                return Optional.empty();
            }
            throw postgres.failure(e);
        }
    }

    private static void requireClock(Postgres postgres, Connection connection, InstantSource clock)
            throws SQLException {
        Duration difference =
                Duration.between(clock.instant(), LeaseStore.now(connection)).abs();
        if (difference.compareTo(CLOCK_DIFFERENCE_MAX) > 0) {
            throw new DatabaseException("The clocks of this machine and of the database " + postgres.address()
                    + " differ by " + difference.toSeconds() + " s: let both follow NTP.");
        }
    }
}
