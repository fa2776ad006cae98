package kr.kisgateway.gateway.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.database.Dialect;
import kr.kisgateway.gateway.database.Postgres;
import kr.kisgateway.gateway.database.Statements;
import kr.kisgateway.gateway.lease.Lease;
import kr.kisgateway.gateway.lease.LeaseLostException;
import kr.kisgateway.gateway.lease.LeaseStore;

/**
 * Removes old ended subjects from a journal: those that ended on a trading day before a given one, with all their
 * events and rows. They are copied to a Parquet file first, which stays in the data folder. Positions are never reused,
 * and {@link JournalAudit} still verifies how many events should be missing.
 */
public final class JournalPrune {
    /**
     * @param subjects orders that were removed
     * @param entries their events
     * @param archive the file with them; empty when there were none
     */
    public record Report(long subjects, long entries, Optional<Path> archive) {}

    private static final Report NOTHING = new Report(0, 0, Optional.empty());
    private static final String FOLDER = "pruned";

    private final Connection connection;
    private final Dialect dialect;
    private final Journal.Tables tables;
    private final Journal.Work guard;
    private final Path archives;
    private final LocalDate before;
    /** The file with what is removed, once it is written. */
    private Optional<Path> archive = Optional.empty();

    /** @param guard of the transaction, at its end */
    private JournalPrune(
            Connection connection, Journal.Tables tables, Journal.Work guard, Path archives, LocalDate before)
            throws SQLException {
        this.connection = connection;
        this.dialect = Dialect.of(connection);
        this.tables = tables;
        this.guard = guard;
        this.archives = archives;
        this.before = before;
    }

    /**
     * @param before the first trading day that is retained completely
     * @throws JournalException when it cannot; nothing was removed then
     */
    public static Report prune(JournalFile journal, LocalDate before, JournalFile.Progress progress) {
        Connection connection = journal.connection();
        Report report;
        try {
            var prune = new JournalPrune(
                    connection, journal.tables(), _ -> {}, journal.path().resolveSibling(FOLDER), before);
            report = prune.run(progress);
        } catch (SQLException | IOException e) {
            throw notPruned(e);
        }
        try {
            Statements.execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            throw new JournalException(
                    "the journal was pruned"
                            + report.archive()
                                    .map(file -> ", and " + file + " has the events")
                                    .orElse("") + ", but its log cannot be written back: " + e.getMessage(),
                    e);
        }
        return report;
    }

    /**
     * The same of the journal in a database, whose gateways are stopped.
     *
     * @param lease which this process holds, also when the removal is committed
     * @param folder the data folder; the file with what was removed is in it
     */
    public static Report prune(
            Postgres database,
            String environment,
            Journal.Tables tables,
            Lease lease,
            Path folder,
            LocalDate before,
            JournalFile.Progress progress) {
        try (Connection connection = database.connect()) {
            connection.setNetworkTimeout(Runnable::run, (int) JournalCopy.ANSWER_LIMIT.toMillis());
            Schema.requirePresent(connection, database.address(), environment);
            var prune = new JournalPrune(
                    connection, tables, it -> LeaseStore.requireHeld(it, lease), folder.resolve(FOLDER), before);
            return prune.run(progress);
        } catch (SQLException | IOException | LeaseLostException e) {
            throw notPruned(e);
        }
    }

    private static JournalException notPruned(Exception e) {
        return new JournalException("the journal cannot be pruned; nothing was removed: " + e.getMessage(), e);
    }

    private Report run(JournalFile.Progress progress) throws SQLException, IOException {
        Optional<String> ended = tables.endedSubjectsQuery();
        if (ended.isEmpty()) {
            return NOTHING;
        }
        tables.create(connection); // those that this release added
        Statements.execute(
                connection, "CREATE TEMP TABLE IF NOT EXISTS gone(subject TEXT PRIMARY KEY)", "DELETE FROM gone");
        connection.setAutoCommit(false);
        Report report;
        try {
            report = remove(ended.get(), progress);
        } catch (SQLException | IOException | RuntimeException e) {
            undo(e);
            throw e;
        }
        commit(report);
        connection.setAutoCommit(true);
        return report;
    }

    /** Undoes what was not committed; without the removal its file would only be a second copy. */
    private void undo(Exception cause) {
        try {
            if (archive.isPresent()) {
                Files.deleteIfExists(archive.get());
            }
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException | IOException e) {
            cause.addSuppressed(e);
        }
    }

    private void commit(Report report) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            if (report.archive().isEmpty()) {
                throw e;
            }
            throw new JournalException(
                    "whether the events were removed is unknown, because the end of the transaction failed: "
                            + e.getMessage() + ". " + report.archive().get() + " has them; run the command again",
                    e);
        }
    }

    private Report remove(String ended, JournalFile.Progress progress) throws SQLException, IOException {
        long subjects;
        try (var choose = connection.prepareStatement("INSERT INTO gone " + ended)) {
            for (int i = choose.getParameterMetaData().getParameterCount(); i > 0; i--) {
                choose.setString(i, before.toString());
            }
            subjects = choose.executeUpdate();
        }
        if (subjects == 0) {
            return NOTHING;
        }
        Files.createDirectories(archives);
        Path file = free(archives, "journal-before-" + before);
        limitIdleTime(
                String.valueOf(JournalCopy.ANSWER_LIMIT.toMillis())); // nothing is asked while the file is written
        long exported = JournalExport.write(
                connection,
                JournalExport.Format.PARQUET,
                file,
                "subject IN (SELECT subject FROM gone)",
                List.of(),
                progress);
        archive = Optional.of(file);
        limitIdleTime("DEFAULT"); // a process that is stopped from here on must not hold its locks
        progress.at("deleting events", 0, exported);
        Statements.execute(
                connection,
                "INSERT INTO pruned SELECT stream, count(*), max(seq) FROM journal"
                        + " WHERE subject IN (SELECT subject FROM gone) GROUP BY stream"
                        + " ON CONFLICT(stream) DO UPDATE SET entries = pruned.entries + excluded.entries,"
                        + " last_seq = CASE WHEN pruned.last_seq > excluded.last_seq THEN pruned.last_seq"
                        + " ELSE excluded.last_seq END");
        tables.deleteSubjects(connection);
        JournalChain.keepLinks(connection);
        long deleted;
        try (var delete =
                connection.prepareStatement("DELETE FROM journal WHERE subject IN (SELECT subject FROM gone)")) {
            deleted = delete.executeUpdate();
        }
        if (deleted != exported) {
            throw new SQLException(exported + " events were copied and " + deleted + " would be deleted");
        }
        JournalChain.removeUnusedLinks(connection);
        guard.run(connection); // last: while its row is locked, the lease cannot be renewed
        return new Report(subjects, exported, archive);
    }

    private void limitIdleTime(String limit) throws SQLException {
        if (dialect == Dialect.POSTGRES) {
            Statements.execute(connection, "SET LOCAL idle_in_transaction_session_timeout TO " + limit);
        }
    }

    /** An unused file name: pruned events are never overwritten. */
    private static Path free(Path folder, String name) {
        Path path = folder.resolve(name + ".parquet");
        for (int i = 2; Files.exists(path); i++) {
            path = folder.resolve(name + "-" + i + ".parquet");
        }
        return path;
    }
}
