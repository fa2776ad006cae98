package kr.kisgateway.gateway.cluster;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.gateway.cache.SharedBytes;
import kr.kisgateway.gateway.cache.SharedLock;
import kr.kisgateway.gateway.database.Postgres;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token of an app key in PostgreSQL, encrypted by its user: the next owner continues with it, because KIS issues one a minute. A
 * database that cannot be reached counts as empty.
 */
public final class TokenShareStore implements SharedBytes, SharedLock {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.cluster");
    /** SQLSTATE of a lock that was not granted in time. */
    private static final String LOCK_TIMEOUT = "55P03";

    private static final String WRITE = """
            INSERT INTO token(app_key, sealed, expires)
            VALUES (?, ?, clock_timestamp() + ? * INTERVAL '1 millisecond')
            ON CONFLICT (app_key) DO UPDATE SET sealed = excluded.sealed, expires = excluded.expires""";

    private final Postgres postgres;
    private final String appKey;

    /** @param appKey names the app key and does not reveal it */
    public TokenShareStore(Postgres postgres, String appKey) {
        this.postgres = postgres;
        this.appKey = appKey;
    }

    /** Creates the table. */
    public static void create(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS token(app_key TEXT PRIMARY KEY, sealed BYTEA NOT NULL,"
                    + " expires TIMESTAMPTZ NOT NULL)");
        }
    }

    @Override
    public Optional<byte[]> read() {
        try (var connection = postgres.connect();
                var select = connection.prepareStatement(
                        "SELECT sealed FROM token WHERE app_key = ? AND expires > clock_timestamp()")) {
            select.setString(1, appKey);
            try (var row = select.executeQuery()) {
                return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
            }
        } catch (SQLException e) {
            LOG.warn("shared_token_not_read cause=\"{}\"", e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public void write(byte[] sealed, Duration life) {
        try (var connection = postgres.connect();
                var write = connection.prepareStatement(WRITE)) {
            write.setString(1, appKey);
            write.setBytes(2, sealed);
            write.setLong(3, life.toMillis());
            write.executeUpdate();
        } catch (SQLException e) {
            LOG.warn("shared_token_not_written cause=\"{}\"", e.getMessage());
        }
    }

    @Override
    public void delete() {
        try (var connection = postgres.connect();
                var delete = connection.prepareStatement("DELETE FROM token WHERE app_key = ?")) {
            delete.setString(1, appKey);
            delete.executeUpdate();
        } catch (SQLException e) {
            LOG.warn("shared_token_not_deleted cause=\"{}\"", e.getMessage());
        }
    }

    /** The lock ends with the connection of its holder; another waits for {@link Postgres#IDLE_LIMIT}. */
    @Override
    public <T> Optional<T> runLocked(Supplier<T> work) throws IOException {
        try (var connection = postgres.connect();
                var lock = connection.prepareStatement("SELECT pg_advisory_lock(hashtext('token ' || ?))")) {
            lock.setString(1, appKey);
            try (var row = lock.executeQuery()) {
                row.next();
            } catch (SQLException e) {
                if (LOCK_TIMEOUT.equals(e.getSQLState())) {
                    return Optional.empty();
                }
                throw e;
            }
            return Optional.of(work.get());
        } catch (SQLException e) {
            throw new IOException("the database is unavailable: " + e.getMessage(), e);
        }
    }
}
