package kr.kisgateway.simulator.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import kr.kisgateway.simulator.broker.StoredChanges;
import kr.kisgateway.simulator.entity.Change;
import org.jspecify.annotations.Nullable;

/**
 * The simulator's SQLite file: one table of entities, each row the newest state of one by its kind and
 * key; see {@link Entities}. Used by the desk's platform thread only, because SQLite pins virtual threads to their carriers.
 */
public final class Store implements AutoCloseable {
    static final String SCHEMA = """
            CREATE TABLE entity (kind TEXT, key TEXT, content TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
            """;

    /** The layout of this release; files of earlier ones are migrated, a later one is refused. */
    private static final int LAYOUT = 6;

    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_LOCKED = 6;
    private static final int SQLITE_CORRUPT = 11;
    private static final int SQLITE_NOTADB = 26;

    private final Path file;
    private final Connection connection;
    /** Prepared at the first commit. */
    private @Nullable PreparedStatement upsert;

    private Store(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /**
     * Opens or creates the file.
     *
     * @param synchronous SQLite's setting: FULL survives a power cut, NORMAL and OFF are for load tests
     * @throws StoreException when the file cannot be used or has another layout
     */
    public static Store open(Path file, String synchronous) {
        Connection connection = connect(file);
        Store store = new Store(file, connection);
        try {
            try (Statement s = connection.createStatement()) {
                // One simulator per file: a second one must not answer from the same accounts.
                s.execute("PRAGMA busy_timeout=1000");
                s.execute("PRAGMA locking_mode=EXCLUSIVE");
                s.execute("PRAGMA journal_mode=WAL");
                s.execute("PRAGMA synchronous=" + synchronous);
            }
            store.migrate(file);
            connection.setAutoCommit(false);
            return store;
        } catch (SQLException e) {
            store.close();
            throw unusable(file, e);
        }
    }

    /** The failure, with the next step where the file itself is damaged: accounts and orders are never dropped by default. */
    private static StoreException unusable(Path file, SQLException failure) {
        int code = failure.getErrorCode() & 0xff;
        return code != SQLITE_CORRUPT && code != SQLITE_NOTADB
                ? new StoreException("the simulator's file " + file + " cannot be opened", failure)
                : new StoreException(
                        "the simulator's file " + file + " is damaged (" + failure.getMessage()
                                + "), and accounts, orders and app keys of the simulated broker are in it. Restore it from a backup,"
                                + " or begin with empty accounts: move " + file.getFileName() + " and the "
                                + file.getFileName()
                                + "-* beside it away (a simulator of its own: ./kis simulator --reset)"
                                + " / 시뮬레이터 파일이 손상되었습니다. 백업에서 복원하거나, 파일을 다른 곳으로 옮기고 빈 계좌로 다시"
                                + " 시작하십시오",
                        failure);
    }

    /**
     * Checks that no other simulator uses the file; a damaged one is in use by none.
     *
     * @throws StoreException when one does
     */
    public static void checkUnused(Path file) {
        if (!Files.exists(file)) {
            return;
        }
        try (Connection connection = connect(file);
                Statement s = connection.createStatement()) {
            s.execute("PRAGMA busy_timeout=1000");
            s.execute("BEGIN IMMEDIATE");
            s.execute("ROLLBACK");
        } catch (SQLException e) {
            if (e.getErrorCode() == SQLITE_BUSY || e.getErrorCode() == SQLITE_LOCKED) {
                throw new StoreException("the simulator's file " + file + " is in use", e);
            }
        }
    }

    private static Connection connect(Path file) {
        try {
            // Generated keys are not used; by default the driver reads them with a query of its own after each
            // insert.
            return DriverManager.getConnection("jdbc:sqlite:" + file + "?jdbc.get_generated_keys=false");
        } catch (SQLException e) {
            throw new StoreException("the simulator's file " + file + " cannot be opened", e);
        }
    }

    private void migrate(Path file) throws SQLException {
        try (Statement s = connection.createStatement()) {
            int version;
            try (ResultSet r = s.executeQuery("PRAGMA user_version")) {
                version = r.next() ? r.getInt(1) : 0;
            }
            if (version == LAYOUT) {
                return;
            }
            if (version < 0 || version > LAYOUT) {
                throw new SQLException(file + " has layout " + version + ", this simulator supports " + LAYOUT);
            }
            connection.setAutoCommit(false);
            for (String sql : version == 0 ? List.of(SCHEMA) : OldLayouts.migration(version, LAYOUT)) {
                s.execute(sql);
            }
            s.execute("PRAGMA user_version=" + LAYOUT);
            connection.commit();
        }
    }

    /** Writes the records in one transaction, the last one of each entity. Returns when they are durable. */
    public void commit(Collection<Change> changes) {
        Map<Change.EntityId, Change> last = new LinkedHashMap<>();
        changes.forEach(change -> last.put(change.id(), change));
        try {
            if (upsert == null) {
                upsert = connection.prepareStatement("INSERT OR REPLACE INTO entity VALUES (?, ?, ?)");
            }
            for (Change change : last.values()) {
                upsert.setString(1, Entities.kind(change));
                upsert.setString(2, change.key());
                upsert.setString(3, Entities.content(change));
                upsert.executeUpdate();
            }
            connection.commit();
        } catch (SQLException e) {
            throw new StoreException("the simulator could not store the records of its answers", e);
        }
    }

    /** Loads all stored records but the fills: an order's own record counts them. */
    public StoredChanges load() {
        List<Change> all = new ArrayList<>();
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SELECT kind, content FROM entity WHERE kind <> 'Fill'")) {
            while (r.next()) {
                all.add(Entities.read(r.getString(1), r.getString(2)));
            }
        } catch (SQLException e) {
            throw unusable(file, e);
        } catch (IllegalArgumentException e) {
            throw new StoreException("the simulator's file " + file + " cannot be opened", e);
        }
        return StoredChanges.of(all);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new StoreException("the simulator's file did not close", e);
        }
    }

    /** The file failed; pending answers must not be sent. */
    public static final class StoreException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoreException(String message, Throwable cause) {
            super(message + ": " + cause.getMessage(), cause);
        }
    }
}
