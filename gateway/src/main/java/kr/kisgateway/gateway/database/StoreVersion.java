package kr.kisgateway.gateway.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The version of a store's tables, and the transaction that changes them. A file has it in its header, a schema in a table, with the
 * oldest version whose releases can use the tables.
 */
final class StoreVersion {
    private final Connection connection;
    private final Dialect dialect;
    private final String store;

    StoreVersion(Connection connection, Dialect dialect, String store) {
        this.connection = connection;
        this.dialect = dialect;
        this.store = store;
    }

    /** Begins the transaction, for which that of another process is awaited. */
    void begin() throws SQLException {
        try (var statement = connection.createStatement()) {
            switch (dialect) {
                case SQLITE -> statement.execute("BEGIN IMMEDIATE");
                case POSTGRES -> {
                    statement.execute("BEGIN");
                    // Not by IF NOT EXISTS alone: of two processes that create a table at once, one would fail.
                    statement.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema()))");
                    statement.execute(
                            dialect.createTable("store_version", "store TEXT PRIMARY KEY, version INTEGER NOT NULL"));
                    Statements.addColumn(connection, "store_version", "readable_from", "BIGINT");
                }
            }
        }
    }

    /**
     * @param version of the present tables; 0 without any
     * @param readableFrom the oldest version whose releases can use them
     */
    record Found(int version, int readableFrom) {}

    /** What the present tables are. */
    Found read() throws SQLException {
        return switch (dialect) {
            case SQLITE -> {
                try (var statement = connection.createStatement();
                        var row = statement.executeQuery("PRAGMA user_version")) {
                    int version = row.next() ? row.getInt(1) : 0;
                    yield new Found(version, version);
                }
            }
            case POSTGRES -> {
                try (var select = connection.prepareStatement(
                        "SELECT version, coalesce(readable_from, version) FROM store_version WHERE store = ?")) {
                    select.setString(1, store);
                    try (var row = select.executeQuery()) {
                        yield row.next() ? new Found(row.getInt(1), row.getInt(2)) : new Found(0, 0);
                    }
                }
            }
        };
    }

    /** Ends the transaction without a change of the version. */
    void leave() throws SQLException {
        Statements.execute(connection, "COMMIT");
    }

    /** Records the version and the oldest that can use the tables, and ends the transaction. */
    void commit(int version, int readableFrom) throws SQLException {
        switch (dialect) {
            case SQLITE -> Statements.execute(connection, "PRAGMA user_version=" + version);
            case POSTGRES -> {
                try (var upsert = connection.prepareStatement(
                        Statements.upsert("store_version", "store", "version", "readable_from"))) {
                    Statements.setParameters(upsert, store, version, readableFrom);
                    upsert.executeUpdate();
                }
            }
        }
        Statements.execute(connection, "COMMIT");
    }
}
