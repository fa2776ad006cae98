package kr.kisgateway.gateway.journal;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Predicate;
import org.sqlite.SQLiteConfig;

/**
 * Looks at a journal, whether its gateway runs or not, and changes nothing in its folder. Only SQLite opens the file, read-only; the
 * log and the index beside it are used where a gateway left them, and never created: made by another user, they would keep the gateway
 * from starting.
 */
public final class JournalProbe {
    private JournalProbe() {}

    /**
     * What the journal is.
     *
     * @param events committed in all streams, pruned ones included
     */
    public record State(int schema, long events) {}

    /**
     * The journal {@code file}; empty where no gateway ran.
     *
     * @param unrelated names of files that may exist before a gateway ever ran
     * @throws JournalException when it is missing, empty, older than the files beside it, of another environment or of a newer release, or
     *     cannot be read
     */
    public static Optional<State> read(Path file, String environment, Predicate<String> unrelated) {
        try {
            // Before the journal: a running gateway records a position only after it was reached.
            Optional<JournalPosition> recorded = JournalPosition.read(JournalPosition.fileBeside(file));
            if (recorded.isPresent()) {
                JournalFolder.requireSame(file, recorded.get());
            } else if (JournalFolder.isFirst(file, unrelated)) {
                return Optional.empty();
            }
            if (!Files.exists(file)) {
                return Optional.empty(); // the first start ended before it created one
            }
            try (Connection connection = open(file)) {
                return Optional.of(read(file, environment, connection, recorded));
            }
        } catch (SQLException e) {
            throw new JournalException("the journal " + file + " cannot be read: " + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new JournalException(
                    "the files beside the journal " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static State read(Path file, String environment, Connection connection, Optional<JournalPosition> recorded)
            throws SQLException {
        int schema = Schema.requireUsable(connection);
        Schema.requireEnvironment(connection, environment);
        if (recorded.isPresent()) {
            JournalFolder.requireRecorded(file, connection, recorded.get());
        }
        return new State(schema, JournalPosition.of(connection).events());
    }

    /** A connection that changes nothing, to a file that no process may be writing. */
    static Connection open(Path file) throws SQLException {
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        boolean hasLog = Files.exists(file.resolveSibling(file.getFileName() + "-wal"));
        // Without a log no process writes: the file is as it is, and needs neither lock nor index.
        Connection connection = config.createConnection(
                "jdbc:sqlite:" + file.toAbsolutePath().toUri() + (hasLog ? "?mode=ro" : "?immutable=1"));
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only=1");
            statement.execute("PRAGMA busy_timeout=5000");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }
}
