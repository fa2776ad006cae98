package kr.kisgateway.gateway.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The one connection of a store. A server restarts, and a network breaks: after a failure in PostgreSQL the connection is closed,
 * the call fails, and the next call makes a new one. A file's connection stays.
 *
 * <p>Used by one thread at a time. Between two calls no transaction is open.
 */
public final class StoreConnection implements AutoCloseable {
    private final StoreDatabase database;
    private final Preparation preparation;
    private Optional<Connection> current = Optional.empty();
    private boolean closed;

    /** What a connection is used for. */
    @FunctionalInterface
    public interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Prepares a new connection. */
    @FunctionalInterface
    public interface Preparation {
        void run(Connection connection) throws SQLException;
    }

    /**
     * The tables of a release.
     *
     * @param version of them
     * @param readableFrom the oldest version whose releases can use them
     */
    public record Layout(int version, int readableFrom) {
        /** Tables that releases of other versions cannot use. */
        public static Layout of(int version) {
            return new Layout(version, version);
        }
    }

    /** Changes the tables of a store from the version {@code found}, which is 0 where there are none, to that of this release. */
    @FunctionalInterface
    public interface Migration {
        void run(Connection connection, int found) throws SQLException;
    }

    /**
     * Connects with the first call.
     *
     * @param preparation of each new connection
     */
    public StoreConnection(StoreDatabase database, Preparation preparation) {
        this.database = database;
        this.preparation = preparation;
    }

    /** Connects, if it is not connected. */
    public void connect() throws SQLException {
        if (closed) {
            throw new SQLException("the connection is closed");
        }
        if (current.isEmpty()) {
            Connection connection = database.connect();
            guard(() -> discard(connection), () -> {
                preparation.run(connection);
                return true;
            });
            current = Optional.of(connection);
        }
    }

    /**
     * Changes the tables of a store to those of this release, in one transaction, while no other process changes those of the same
     * file or schema. After a failure the connection is of no use.
     *
     * @param store its name, where several stores share a schema
     * @param newer says what is wrong with tables of a newer version, which are refused, unless the release that made
     *     them left them usable for this one: then they stay as they are
     */
    public void migrate(String store, Layout layout, IntFunction<String> newer, Migration migration)
            throws SQLException {
        Connection connection = connection();
        guard(() -> discard(connection), () -> {
            var version = new StoreVersion(connection, database.dialect(), store);
            version.begin();
            database.ownerCheck().check(connection);
            StoreVersion.Found found = version.read();
            if (found.readableFrom() > layout.version()) {
                throw new SQLException(newer.apply(found.version()));
            }
            if (found.version() > layout.version()) {
                version.leave();
            } else {
                migration.run(connection, found.version());
                version.commit(layout.version(), Math.max(found.readableFrom(), layout.readableFrom()));
            }
            return true;
        });
    }

    /** Runs queries, each of which sees what is committed by then. */
    public <T> T query(Work<T> work) throws SQLException {
        Connection connection = connection();
        return guard(() -> recover(connection), () -> work.run(connection));
    }

    /** Runs changes in one transaction, which begins with the check of the owner: all of them are durable afterwards, or none. */
    public <T> T change(Work<T> work) throws SQLException {
        Connection connection = connection();
        return guard(() -> recover(connection), () -> {
            connection.setAutoCommit(false);
            database.ownerCheck().check(connection);
            T result = work.run(connection);
            connection.commit();
            connection.setAutoCommit(true);
            return result;
        });
    }

    private Connection connection() throws SQLException {
        connect();
        return current.orElseThrow();
    }

    private interface Step<T> {
        T run() throws SQLException;
    }

    private interface Recovery {
        void run() throws SQLException;
    }

    /** After any failure, also a defect of the work, {@code recovery} leaves nothing of the step to the next call. */
    private static <T> T guard(Recovery recovery, Step<T> step) throws SQLException {
        try {
            return step.run();
        } catch (SQLException | RuntimeException | Error e) {
            try {
                recovery.run();
            } catch (SQLException failed) {
                e.addSuppressed(failed);
            }
            throw e;
        }
    }

    private void recover(Connection connection) throws SQLException {
        switch (database.dialect()) {
            case POSTGRES -> discard(connection);
            case SQLITE -> {
                if (!connection.getAutoCommit()) {
                    connection.rollback();
                    connection.setAutoCommit(true);
                }
            }
        }
    }

    /** Closes a connection, by which its database undoes what was not committed. */
    private void discard(Connection connection) throws SQLException {
        current = Optional.empty();
        connection.close();
    }

    /** Closes the connection for good. */
    @Override
    public void close() throws SQLException {
        closed = true;
        if (current.isPresent()) {
            current.get().close();
        }
    }
}
