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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a whole journal and says what is wrong with it: whether the file is sound, every event is as it was written,
 * none is missing, their owners came one after another, all of them make sense, and the query tables say what the
 * events say. For the last the events are replayed into a file of its own beside the journal.
 */
public final class JournalAudit {
    /** Findings that are told in words; beyond it they are counted. */
    static final int TOLD = 100;

    private static final long STEP = 50_000;

    private final JournalFile journal;
    private final JournalFile.Progress progress;
    private final List<String> findings = new ArrayList<>();
    private long found;
    private long damaged;
    private long entries;

    /**
     * @param entries events read
     * @param findings the first {@value #TOLD} things that are wrong, a sentence each
     * @param found how many things are wrong
     * @param rebuilt whether the query tables were replaced by those of the events
     */
    public record Report(long entries, List<String> findings, long found, boolean rebuilt) {
        public boolean clean() {
            return found == 0;
        }
    }

    private JournalAudit(JournalFile journal, JournalFile.Progress progress) {
        this.journal = journal;
        this.progress = progress;
    }

    /** Changes nothing. */
    public static Report verify(JournalFile journal, JournalFile.Progress progress) {
        return new JournalAudit(journal, progress).run(false);
    }

    /**
     * Verifies, and makes the query tables what the events say, in one transaction. Not when events are damaged or
     * missing: then nothing is changed, because the tables may be all that is left.
     */
    public static Report rebuild(JournalFile journal, JournalFile.Progress progress) {
        return new JournalAudit(journal, progress).run(true);
    }

    private Report run(boolean rebuild) {
        Path replayed = journal.path().resolveSibling(journal.path().getFileName() + ".replay");
        try {
            Files.deleteIfExists(replayed);
            try {
                file();
                events();
                replay(replayed);
                boolean sound = damaged == 0;
                compare(replayed, rebuild && sound);
                return new Report(entries, List.copyOf(findings), found, rebuild && sound);
            } finally {
                Files.deleteIfExists(replayed);
            }
        } catch (SQLException | IOException e) {
            throw new JournalException("the journal cannot be read to its end: " + e.getMessage(), e);
        }
    }

    private void damage(String finding) {
        damaged++;
        finding(finding);
    }

    private void finding(String finding) {
        if (found++ < TOLD) {
            findings.add(finding);
        }
    }

    /** The pages and indexes, by SQLite's own check. */
    private void file() throws SQLException {
        progress.at("checking the file", 0, 0);
        JournalFile.texts(journal.connection(), "PRAGMA integrity_check(20)").stream()
                .filter(line -> !line.equals("ok"))
                .forEach(line -> damage("the file: " + line));
    }

    private record Pruned(long entries, long lastSeq) {}

    /** Checksums, positions and owners, in the order in which the events were written. */
    private void events() throws SQLException {
        Map<String, Long> lastSeq = pairs("SELECT stream, last_seq FROM streams");
        Map<String, Long> prunedEntries = pairs("SELECT stream, entries FROM pruned");
        Map<String, Long> prunedLast = pairs("SELECT stream, last_seq FROM pruned");
        Map<String, Stream> streams = new HashMap<>();
        lastSeq.keySet().forEach(name -> streams.put(name, new Stream(name)));
        long total = journal.number("SELECT count(*) FROM journal");
        long newest = journal.fence();
        try (PreparedStatement select = journal.connection()
                        .prepareStatement("SELECT " + Journal.COLUMNS + " FROM journal ORDER BY stream, seq");
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

    /** One stream on its way from its first position to its last. */
    private final class Stream {
        private final String name;
        private long seq;
        private long fence;
        private long gone;

        Stream(String name) {
            this.name = name;
        }

        void next(ResultSet row, long newest, Pruned pruned) throws SQLException {
            long at = row.getLong(2);
            gap(at, pruned);
            seq = at;
            try {
                JournalEntry entry = Journal.entry(row);
                if (!Journal.intact(entry, row)) {
                    damage("event " + name + "/" + at + " is damaged: its checksum differs");
                } else if (entry.fence() < fence || entry.fence() > newest) {
                    damage("event " + name + "/" + at + " was written by owner " + entry.fence() + ", after owner "
                            + fence + " and with " + newest + " as the last");
                } else {
                    fence = entry.fence();
                }
            } catch (DateTimeException | NullPointerException e) {
                damage("event " + name + "/" + at + " is damaged: " + e.getMessage());
            }
        }

        /** Positions between the last one and {@code next}: only those that a prune took may be missing. */
        private void gap(long next, Pruned pruned) {
            long missingFrom = Math.max(seq, pruned.lastSeq()) + 1;
            if (missingFrom < next) {
                damage("events " + name + "/" + missingFrom + " to " + (next - 1) + " are missing");
            }
            gone += Math.max(0, Math.min(next - 1, pruned.lastSeq()) - seq);
        }

        void end(long last, Pruned pruned) {
            if (last < seq) {
                finding("stream " + name + " is said to end at " + last + ", but has an event " + seq);
            } else {
                gap(last + 1, pruned);
            }
            if (gone != pruned.entries()) {
                damage("of stream " + name + " " + gone + " events before " + pruned.lastSeq() + " are missing, but "
                        + pruned.entries() + " were pruned");
            }
        }
    }

    // ---- the tables ----

    private void replay(Path replayed) throws SQLException {
        try (Connection fresh = Journal.connect(replayed)) {
            // Whoever loses power here begins again; the file is deleted whatever happens.
            JournalFile.run(fresh, "PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF");
            journal.tables().create(fresh);
            fresh.setAutoCommit(false);
            Journal.Replay replay = journal.tables().replay(fresh);
            long done = 0;
            try (PreparedStatement select = journal.connection()
                            .prepareStatement("SELECT " + Journal.COLUMNS + " FROM journal ORDER BY subject, seq");
                    ResultSet row = select.executeQuery()) {
                String subject = "";
                List<JournalEntry> about = new ArrayList<>();
                boolean readable = true;
                while (row.next()) {
                    if (done++ % STEP == 0) {
                        progress.at("replaying events", done - 1, entries);
                    }
                    String next = String.valueOf(row.getString(8));
                    if (!next.equals(subject)) {
                        take(replay, subject, about, readable);
                        subject = next;
                        about = new ArrayList<>();
                        readable = true;
                    }
                    readable &= add(row, about);
                }
                take(replay, subject, about, readable);
            }
            replay.end();
            fresh.commit();
        }
    }

    private static boolean add(ResultSet row, List<JournalEntry> about) throws SQLException {
        try {
            JournalEntry entry = Journal.entry(row);
            about.add(entry);
            return Journal.intact(entry, row);
        } catch (DateTimeException | NullPointerException e) {
            return false; // told when the events were read
        }
    }

    private void take(Journal.Replay replay, String subject, List<JournalEntry> about, boolean readable)
            throws SQLException {
        if (about.isEmpty() && readable) {
            return;
        }
        if (!readable) {
            damage(subject + " cannot be replayed: an event of it is damaged");
            return;
        }
        try {
            replay.take(subject, about);
        } catch (RuntimeException e) {
            damage(subject + " cannot be replayed: " + e.getMessage());
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
            for (String table :
                    JournalFile.texts(connection, "SELECT name FROM fresh.sqlite_master WHERE type = 'table'")) {
                String columns = String.join(
                        ", ",
                        JournalFile.texts(connection, "SELECT name FROM pragma_table_info('" + table + "', 'fresh')"));
                differences(table, columns, "main", "fresh", "has a row that the events do not give");
                differences(table, columns, "fresh", "main", "lacks a row that the events give");
                if (repair) {
                    JournalFile.run(
                            connection,
                            "DELETE FROM main." + table,
                            "INSERT INTO main." + table + "(" + columns + ") SELECT " + columns + " FROM fresh."
                                    + table);
                }
            }
            if (repair) {
                JournalFile.run(
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
            JournalFile.run(connection, "DETACH DATABASE fresh");
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
                finding("table " + table + " " + sentence + ": " + String.join(" | ", values));
            }
        }
    }
}
