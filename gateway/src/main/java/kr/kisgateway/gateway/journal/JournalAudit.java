package kr.kisgateway.gateway.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.database.Statements;

/**
 * Reads a complete journal and reports its defects: whether the file is sound, every event is unchanged,
 * none is missing, each follows the one before it in the hash chain, the chains agree with their recorded checkpoints, their owners
 * followed one another, every order can be replayed, and the query tables match the events. For the last the events are replayed into a separate file beside the journal.
 */
public final class JournalAudit {
    /** Findings listed in words; further ones are counted. */
    static final int MAX_FINDINGS = 100;

    private static final long STEP = 50_000;

    private final JournalFile journal;
    private final JournalCheckpoint.Source checkpoints;
    private final JournalFile.Progress progress;
    private final List<String> notes = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();
    private long found;
    private long damaged;
    private long entries;
    private long compared;
    private String journalId = "";

    /**
     * @param entries events read
     * @param checkpoints recorded checkpoints that were compared
     * @param notes what an operator has to know and is no defect, a sentence each
     * @param findings the first {@value #MAX_FINDINGS} defects, a sentence each
     * @param found how many defects there are
     * @param rebuilt whether the query tables were replaced by those replayed from the events
     */
    public record Report(
            long entries, long checkpoints, List<String> notes, List<String> findings, long found, boolean rebuilt) {
        public boolean isClean() {
            return found == 0;
        }
    }

    private JournalAudit(JournalFile journal, JournalCheckpoint.Source checkpoints, JournalFile.Progress progress) {
        this.journal = journal;
        this.checkpoints = checkpoints;
        this.progress = progress;
    }

    /** Verifies the journal, and that it agrees with {@code checkpoints}, without changing it. */
    public static Report verify(
            JournalFile journal, JournalCheckpoint.Source checkpoints, JournalFile.Progress progress) {
        return new JournalAudit(journal, checkpoints, progress).run(false);
    }

    /** The same without checkpoints. */
    public static Report verify(JournalFile journal, JournalFile.Progress progress) {
        return verify(journal, JournalCheckpoint.Source.none(), progress);
    }

    /**
     * Verifies, and replaces the query tables by those replayed from the events, in one transaction. Not when events are
     * damaged or missing: then nothing is changed, because the tables may be all that is left.
     */
    public static Report rebuild(JournalFile journal, JournalFile.Progress progress) {
        return new JournalAudit(journal, JournalCheckpoint.Source.none(), progress).run(true);
    }

    private Report run(boolean rebuild) {
        Path replayed = journal.path().resolveSibling(journal.path().getFileName() + ".replay");
        try {
            Files.deleteIfExists(replayed);
            try {
                checkFile();
                checkEvents();
                checkCheckpoints();
                replay(replayed);
                boolean sound = damaged == 0;
                compare(replayed, rebuild && sound);
                return new Report(
                        entries, compared, List.copyOf(notes), List.copyOf(findings), found, rebuild && sound);
            } finally {
                Files.deleteIfExists(replayed);
            }
        } catch (SQLException | IOException e) {
            throw new JournalException("the journal cannot be read to its end: " + e.getMessage(), e);
        }
    }

    private void addDamage(String finding) {
        damaged++;
        addFinding(finding);
    }

    private void addFinding(String finding) {
        if (found++ < MAX_FINDINGS) {
            findings.add(finding);
        }
    }

    /** Checks pages and indexes, by SQLite's own check. */
    private void checkFile() throws SQLException {
        progress.at("checking the file", 0, 0);
        JournalFile.texts(journal.connection(), "PRAGMA integrity_check(20)").stream()
                .filter(line -> !line.equals("ok"))
                .forEach(line -> addDamage("the file: " + line));
    }

    private record Pruned(long entries, long lastSeq) {}

    /** Checks checksums, positions and owners, in the order in which the events were written. */
    private void checkEvents() throws SQLException {
        Map<String, Long> lastSeq = pairs("SELECT stream, last_seq FROM streams");
        Map<String, Long> prunedEntries = pairs("SELECT stream, entries FROM pruned");
        Map<String, Long> prunedLast = pairs("SELECT stream, last_seq FROM pruned");
        journalId = Schema.header(journal.connection(), Schema.ID).orElse("");
        Map<String, Stream> streams = new HashMap<>();
        lastSeq.keySet().forEach(name -> streams.put(name, new Stream(name)));
        long total = journal.number("SELECT count(*) FROM journal");
        long newest = journal.fence();
        try (PreparedStatement select = journal.connection()
                        .prepareStatement(
                                "SELECT " + JournalRows.COLUMNS + ", hash FROM journal ORDER BY stream, seq");
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                if (entries++ % STEP == 0) {
                    progress.at("reading events", entries - 1, total);
                }
                String name = row.getString(1);
                streams.computeIfAbsent(name, Stream::new)
                        .next(
                                row,
                                newest,
                                new Pruned(prunedEntries.getOrDefault(name, 0L), prunedLast.getOrDefault(name, 0L)));
            }
        }
        for (Stream stream : streams.values()) {
            stream.end(
                    lastSeq.getOrDefault(stream.name, 0L),
                    new Pruned(prunedEntries.getOrDefault(stream.name, 0L), prunedLast.getOrDefault(stream.name, 0L)));
        }
    }

    private Map<String, Long> pairs(String sql) throws SQLException {
        Map<String, Long> pairs = new HashMap<>();
        try (var statement = journal.connection().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                pairs.put(row.getString(1), row.getLong(2));
            }
        }
        return pairs;
    }

    /** Compares the chains with what was recorded of them; of each stream the first difference is reported. */
    private void checkCheckpoints() throws SQLException {
        progress.at("comparing checkpoints", 0, 0);
        Map<String, Long> last = pairs("SELECT stream, last_seq FROM streams");
        Map<String, Long> prunedLast = pairs("SELECT stream, last_seq FROM pruned");
        List<JournalAcceptance> acceptances = JournalAcceptance.all(journal.connection());
        acceptances.forEach(acceptance -> notes.add(acceptance.toString()));
        Set<String> differing = new HashSet<>();
        var failure = new ArrayList<SQLException>();
        checkpoints.forEach(checkpoint -> {
            String stream = checkpoint.stream();
            if (!checkpoint.journalId().equals(journalId)
                    || differing.contains(stream)
                    || acceptances.stream().anyMatch(it -> it.excuses(checkpoint))
                    || !failure.isEmpty()) {
                return;
            }
            try {
                compared++;
                var stored = JournalChain.at(
                        journal.connection(), stream, checkpoint.head().seq());
                boolean differs = stored.isPresent()
                        ? !Arrays.equals(stored.get(), checkpoint.head().hash())
                        : checkpoint.head().seq() > prunedLast.getOrDefault(stream, 0L);
                if (differs) {
                    differing.add(stream);
                    addDamage(
                            checkpoint.head().seq() > last.getOrDefault(stream, 0L)
                                    ? "stream " + stream + " ends at " + last.getOrDefault(stream, 0L) + ", and "
                                            + checkpoint.place() + " has its event "
                                            + checkpoint.head().seq()
                                    : "events of " + stream + " up to "
                                            + checkpoint.head().seq()
                                            + " are not those that were written: " + checkpoint.place()
                                            + " has another hash");
                }
            } catch (SQLException e) {
                failure.add(e);
            }
        });
        if (!failure.isEmpty()) {
            throw failure.getFirst();
        }
    }

    /** The progress of one stream from its first position to its last. */
    private final class Stream {
        private final String name;
        private long seq;
        private long fence;
        private long prunedGaps;
        private Optional<byte[]> hash;

        Stream(String name) {
            this.name = name;
            this.hash = Optional.of(JournalChain.start(journalId, name));
        }

        void next(ResultSet row, long newest, Pruned pruned) throws SQLException {
            long at = row.getLong(2);
            boolean lacksEvents = checkGap(at, pruned);
            if (at != seq + 1) {
                hash = lacksEvents ? Optional.empty() : JournalChain.at(journal.connection(), name, at - 1);
                if (hash.isEmpty() && !lacksEvents) {
                    addDamage("the hash of the pruned event " + name + "/" + (at - 1) + " is missing");
                }
            }
            seq = at;
            Optional<byte[]> stored = Optional.ofNullable(row.getBytes(11));
            try {
                JournalEntry entry = JournalRows.entry(row);
                if (!JournalRows.isIntact(entry, row)) {
                    addDamage("event " + name + "/" + at + " is damaged: its checksum differs");
                } else if (entry.fence() < fence || entry.fence() > newest) {
                    addDamage("event " + name + "/" + at + " was written by owner " + entry.fence() + ", after owner "
                            + fence + " and with " + newest + " as the last");
                } else {
                    fence = entry.fence();
                    checkHash(entry, stored);
                }
            } catch (DateTimeException | NullPointerException e) {
                addDamage("event " + name + "/" + at + " is damaged: " + e.getMessage());
            }
            hash = stored;
        }

        private void checkHash(JournalEntry entry, Optional<byte[]> stored) {
            Optional<byte[]> expected = hash.map(previous -> JournalChain.next(previous, entry));
            if (expected.isPresent()
                    && stored.filter(it -> Arrays.equals(it, expected.get())).isEmpty()) {
                addDamage("event " + name + "/" + entry.seq()
                        + " is not as it was written, or does not follow the event before it: its hash differs");
            }
        }

        /** Checks the positions between the last one and {@code next}: only pruned ones may be missing. Whether others are. */
        private boolean checkGap(long next, Pruned pruned) {
            long missingFrom = Math.max(seq, pruned.lastSeq()) + 1;
            boolean lacksEvents = missingFrom < next;
            if (lacksEvents) {
                addDamage("events " + name + "/" + missingFrom + " to " + (next - 1) + " are missing");
            }
            prunedGaps += Math.max(0, Math.min(next - 1, pruned.lastSeq()) - seq);
            return lacksEvents;
        }

        void end(long last, Pruned pruned) {
            if (last < seq) {
                addFinding("stream " + name + " is recorded to end at " + last + ", but has an event " + seq);
            } else {
                checkGap(last + 1, pruned);
            }
            if (prunedGaps != pruned.entries()) {
                addDamage("of stream " + name + " " + prunedGaps + " events before " + pruned.lastSeq()
                        + " are missing, but " + pruned.entries() + " were pruned");
            }
        }
    }

    // ---- the tables ----

    private void replay(Path replayed) throws SQLException {
        try (Connection fresh = SqliteJournal.connect(replayed)) {
            // After a power loss the audit starts again; the file is deleted in every case.
            Statements.execute(fresh, "PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF");
            journal.tables().create(fresh);
            fresh.setAutoCommit(false);
            Journal.Replay replay = journal.tables().replay(fresh);
            long done = 0;
            try (PreparedStatement select = journal.connection()
                            .prepareStatement("SELECT " + JournalRows.COLUMNS + " FROM journal ORDER BY subject, seq");
                    ResultSet row = select.executeQuery()) {
                String subject = "";
                List<JournalEntry> subjectEntries = new ArrayList<>();
                boolean readable = true;
                while (row.next()) {
                    if (done++ % STEP == 0) {
                        progress.at("replaying events", done - 1, entries);
                    }
                    String next = String.valueOf(row.getString(8));
                    if (!next.equals(subject)) {
                        replaySubject(replay, subject, subjectEntries, readable);
                        subject = next;
                        subjectEntries = new ArrayList<>();
                        readable = true;
                    }
                    readable &= addReadable(row, subjectEntries);
                }
                replaySubject(replay, subject, subjectEntries, readable);
            }
            replay.finish();
            fresh.commit();
        }
    }

    private static boolean addReadable(ResultSet row, List<JournalEntry> subjectEntries) throws SQLException {
        try {
            JournalEntry entry = JournalRows.entry(row);
            subjectEntries.add(entry);
            return JournalRows.isIntact(entry, row);
        } catch (DateTimeException | NullPointerException e) {
            return false; // reported when the events were read
        }
    }

    private void replaySubject(
            Journal.Replay replay, String subject, List<JournalEntry> subjectEntries, boolean readable)
            throws SQLException {
        if (subjectEntries.isEmpty() && readable) {
            return;
        }
        if (!readable) {
            addDamage(subject + " cannot be replayed: an event of it is damaged");
            return;
        }
        try {
            replay.replaySubject(subject, subjectEntries);
        } catch (RuntimeException e) {
            addDamage(subject + " cannot be replayed: " + e.getMessage());
        }
    }

    private void compare(Path replayed, boolean repair) throws SQLException {
        progress.at("comparing the tables", 0, 0);
        Connection connection = journal.connection();
        try (var attach = connection.prepareStatement("ATTACH DATABASE ? AS fresh")) {
            attach.setString(1, replayed.toString());
            attach.execute();
        }
        connection.setAutoCommit(false);
        try {
            if (repair) {
                journal.tables().create(connection);
            }
            List<String> present =
                    JournalFile.texts(connection, "SELECT name FROM main.sqlite_master WHERE type = 'table'");
            for (String table :
                    JournalFile.texts(connection, "SELECT name FROM fresh.sqlite_master WHERE type = 'table'")) {
                if (!present.contains(table)) {
                    // One that this release added and no gateway of it has created yet is as good as empty.
                    if (journal.number("SELECT count(*) FROM fresh." + table) > 0) {
                        addFinding("table " + table + " is missing");
                    }
                    continue;
                }
                String columns = String.join(
                        ", ",
                        JournalFile.texts(connection, "SELECT name FROM pragma_table_info('" + table + "', 'fresh')"));
                differences(table, columns, "main", "fresh", "has a row without events");
                differences(table, columns, "fresh", "main", "lacks a row of the events");
                if (repair) {
                    Statements.execute(
                            connection,
                            "DELETE FROM main." + table,
                            "INSERT INTO main." + table + "(" + columns + ") SELECT " + columns + " FROM fresh."
                                    + table);
                }
            }
            if (repair) {
                Statements.execute(
                        connection,
                        "INSERT INTO streams SELECT stream, max(seq) FROM journal WHERE true GROUP BY stream"
                                + " ON CONFLICT(stream) DO UPDATE SET last_seq = max(last_seq, excluded.last_seq)");
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
            Statements.execute(connection, "DETACH DATABASE fresh");
        }
    }

    private void differences(String table, String columns, String one, String other, String sentence)
            throws SQLException {
        String sql = "SELECT " + columns + " FROM " + one + "." + table + " EXCEPT SELECT " + columns + " FROM " + other
                + "." + table;
        try (var statement = journal.connection().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            int width = row.getMetaData().getColumnCount();
            while (row.next()) {
                List<String> values = new ArrayList<>(width);
                for (int i = 1; i <= width; i++) {
                    values.add(String.valueOf(row.getString(i)));
                }
                addFinding("table " + table + " " + sentence + ": " + String.join(" | ", values));
            }
        }
    }
}
