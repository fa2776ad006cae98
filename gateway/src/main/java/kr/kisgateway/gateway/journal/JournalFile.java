package kr.kisgateway.gateway.journal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The journal of a stopped gateway, opened by an operator: to be verified, rebuilt, exported or pruned. The caller owns
 * the lock of the data folder. One thread.
 *
 * <p>Operations may take long and report to {@link Progress}.
 */
public final class JournalFile implements AutoCloseable {
    private final Path file;
    private final Journal.Tables tables;
    private final Connection connection;

    /** Receives the progress of long operations. */
    @FunctionalInterface
    public interface Progress {
        /** @param total 0 when unknown */
        void at(String step, long done, long total);
    }

    /**
     * @throws JournalException when there is none, when it belongs to another environment, or when it has not the schema that
     *     this release writes
     */
    public static JournalFile open(Path file, String environment, Journal.Tables tables) {
        if (!Files.isRegularFile(file)) {
            throw new JournalException("there is no journal " + file);
        }
        try {
            return new JournalFile(file, environment, tables);
        } catch (SQLException e) {
            throw new JournalException("the journal " + file + " cannot be opened: " + e.getMessage(), e);
        }
    }

    private JournalFile(Path file, String environment, Journal.Tables tables) throws SQLException {
        this.file = file;
        this.tables = tables;
        this.connection = SqliteJournal.connect(file);
        try {
            int schema = Schema.requireUsable(connection);
            if (schema < Schema.VERSION) {
                throw new JournalException("the journal has schema " + schema + " and this release " + Schema.VERSION
                        + ": start the gateway once, it backs the journal up and migrates it");
            }
            Schema.requireEnvironment(connection, environment);
            SqliteJournal.makeDurable(connection);
        } catch (SQLException | JournalException e) {
            connection.close();
            throw e;
        }
    }

    Path path() {
        return file;
    }

    Journal.Tables tables() {
        return tables;
    }

    Connection connection() {
        return connection;
    }

    /** The fence of the last owner. */
    long fence() throws SQLException {
        return Schema.header(connection, "fence").map(Long::parseLong).orElse(0L);
    }

    /** The number returned by {@code sql}, or 0. */
    long number(String sql) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /** The first column of the rows returned by {@code sql}. */
    static List<String> texts(Connection connection, String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                texts.add(Optional.ofNullable(row.getString(1)).orElse(""));
            }
        }
        return texts;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new JournalException("the journal cannot be closed: " + e.getMessage(), e);
        }
    }
}
