package kr.kisgateway.gateway.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.database.Statements;

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

    private JournalPrune() {}

    /**
     * @param before the first trading day that is retained completely
     * @throws JournalException when it cannot; nothing was removed then
     */
    public static Report prune(JournalFile journal, LocalDate before, JournalFile.Progress progress) {
        Optional<String> ended = journal.tables().endedSubjectsQuery();
        if (ended.isEmpty()) {
            return new Report(0, 0, Optional.empty());
        }
        try {
            Connection connection = journal.connection();
            journal.tables().create(connection); // those that this release added
            Statements.execute(connection, "CREATE TEMP TABLE gone(subject TEXT PRIMARY KEY) WITHOUT ROWID");
            try {
                return prune(journal, connection, ended.get(), before, progress);
            } finally {
                Statements.execute(connection, "DROP TABLE gone");
            }
        } catch (SQLException | IOException e) {
            throw new JournalException("the journal cannot be pruned; nothing was removed: " + e.getMessage(), e);
        }
    }

    private static Report prune(
            JournalFile journal, Connection connection, String ended, LocalDate before, JournalFile.Progress progress)
            throws SQLException, IOException {
        try (var choose = connection.prepareStatement("INSERT INTO gone " + ended)) {
            for (int i = choose.getParameterMetaData().getParameterCount(); i > 0; i--) {
                choose.setString(i, before.toString());
            }
            if (choose.executeUpdate() == 0) {
                return new Report(0, 0, Optional.empty());
            }
        }
        long subjects = journal.number("SELECT count(*) FROM gone");
        Path folder = journal.path().resolveSibling("pruned");
        Files.createDirectories(folder);
        Path archive = free(folder, "journal-before-" + before);
        long exported = JournalExport.write(
                journal,
                JournalExport.Format.PARQUET,
                archive,
                "subject IN (SELECT subject FROM gone)",
                List.of(),
                progress);
        progress.at("deleting events", 0, exported);
        connection.setAutoCommit(false);
        try {
            Statements.execute(
                    connection,
                    "INSERT INTO pruned SELECT stream, count(*), max(seq) FROM journal"
                            + " WHERE subject IN (SELECT subject FROM gone) GROUP BY stream"
                            + " ON CONFLICT(stream) DO UPDATE SET entries = pruned.entries + excluded.entries,"
                            + " last_seq = CASE WHEN pruned.last_seq > excluded.last_seq THEN pruned.last_seq"
                            + " ELSE excluded.last_seq END");
            journal.tables().deleteSubjects(connection);
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
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
        Statements.execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        return new Report(subjects, exported, Optional.of(archive));
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
