package kr.kisgateway.gateway.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.database.Statements;
import kr.kisgateway.gateway.lease.Lease;

/**
 * Moves the journal of a data folder to PostgreSQL: copies it, and then renames the file, so that no gateway continues it. The journal
 * stays the same, with its id and hashes, so the records of its position beside it stay valid.
 */
public final class JournalMigration {
    /** The file is renamed to {@code journal.db.migrated.<UTC>}. */
    private static final String REASON = "migrated";
    /** Header of a file with the database that its journal was moved to. */
    private static final String MOVED_TO = "moved_to";

    private JournalMigration() {}

    /** The result of a migration. */
    public sealed interface Outcome {
        /** The journal with {@code entries} events is in the database now; its file is one of {@code files}. */
        record Moved(long entries, List<Path> files) implements Outcome {}

        /** It was moved there before, and its file renamed to {@code file}. */
        record MovedBefore(Path file) implements Outcome {}
    }

    /**
     * Moves the journal {@code file}, or continues to after an interruption at any point. The caller owns the lock of the folder.
     *
     * @param lease of the database, which this process holds
     * @throws JournalException when it was not moved: the file is as it was
     */
    public static Outcome migrate(
            Path file,
            String environment,
            Journal.Tables tables,
            Postgres target,
            Lease lease,
            InstantSource clock,
            JournalFile.Progress progress) {
        if (Files.notExists(file)) {
            return movedBefore(file, target);
        }
        long entries;
        try (JournalFile journal = JournalFile.open(file, environment, tables)) {
            Connection connection = journal.connection();
            JournalFolder.requireNewest(file, connection);
            entries = JournalCopy.toDatabase(journal, environment, target, lease, progress)
                    .entries();
            Schema.setHeader(connection, MOVED_TO, target.address().toString());
            Statements.execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            throw new JournalException("the journal " + file + " cannot be read: " + e.getMessage(), e);
        }
        return new Outcome.Moved(entries, DatabaseQuarantine.quarantine(file, REASON, clock));
    }

    private static Outcome movedBefore(Path file, Postgres target) {
        Path moved = movedFile(file).orElseThrow(() -> new JournalException("There is no journal " + file + "."));
        try (Connection connection = target.connect()) {
            boolean complete = Schema.requireUsable(connection) >= Schema.VERSION;
            Optional<String> id = Schema.header(connection, Schema.ID).filter(_ -> complete);
            if (id.isPresent() && id.equals(header(moved, Schema.ID))) {
                return new Outcome.MovedBefore(moved);
            }
        } catch (SQLException e) {
            throw new JournalException("the journal in " + target.address() + " cannot be read: " + e.getMessage(), e);
        }
        throw new JournalException("The journal " + file + " was moved to " + place(moved) + " before (" + moved
                + "), and it is not in " + target.address() + ": check DATABASE_URL.");
    }

    /** The newest file beside {@code file} that was renamed because its journal was moved. */
    static Optional<Path> movedFile(Path file) {
        String prefix = file.getFileName() + "." + REASON + ".";
        Path folder = file.toAbsolutePath().resolveSibling("");
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (var files = Files.list(folder)) {
            return files.filter(it -> it.getFileName().toString().startsWith(prefix))
                    .filter(it -> it.getFileName().toString().endsWith("Z")) // and not its log
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the journal went that was in the file {@code moved}, for people. */
    static String place(Path moved) {
        return header(moved, MOVED_TO)
                .map(address -> "the PostgreSQL database " + address)
                .orElse("a PostgreSQL database");
    }

    private static Optional<String> header(Path moved, String name) {
        try (Connection connection = JournalProbe.open(moved)) {
            return Schema.header(connection, name);
        } catch (SQLException _) {
            return Optional.empty(); // damaged since: it is not needed
        }
    }
}
