package kr.kisgateway.gateway.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.chain.HashChain;
import kr.kisgateway.gateway.chain.RowBytes;
import kr.kisgateway.gateway.database.Dialect;
import kr.kisgateway.gateway.database.Statements;

/**
 * The hashes that chain the events of each stream: an event's hash is computed from its content and the hash before it, so a changed,
 * inserted or moved event breaks the chain of its stream. Pruned events leave the hash that the next retained one follows.
 */
final class JournalChain {
    /** Hashes of pruned events whose next event is retained, or that are the last of their stream. */
    private static final String LINKS =
            "stream TEXT NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, PRIMARY KEY(stream, seq)";

    private JournalChain() {}

    /** Creates the table of these hashes, unless it exists. */
    static String createLinks(Dialect dialect) {
        return dialect.createTable("pruned_links", LINKS);
    }

    /** What stands before the first event of a stream. */
    static byte[] start(String journalId, String stream) {
        return HashChain.start("journal " + journalId + " " + stream);
    }

    /** The hash of an event after the hash before it. */
    static byte[] next(byte[] previous, JournalEntry entry) {
        return HashChain.next(
                previous,
                new RowBytes()
                        .text(entry.stream())
                        .number(entry.seq())
                        .number(ChronoUnit.MICROS.between(Instant.EPOCH, entry.at()))
                        .text(entry.tradingDay().toString())
                        .text(entry.type())
                        .number(entry.version())
                        .number(entry.fence())
                        .text(entry.subject())
                        .text(entry.payload())
                        .toBytes());
    }

    /** The hash of the event {@code seq}, retained or pruned; empty where it is not stored. */
    static Optional<byte[]> at(Connection connection, String stream, long seq) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT hash FROM journal WHERE stream = ? AND"
                + " seq = ? UNION ALL SELECT hash FROM pruned_links WHERE stream = ? AND seq = ?")) {
            select.setString(1, stream);
            select.setLong(2, seq);
            select.setString(3, stream);
            select.setLong(4, seq);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getBytes(1)) : Optional.empty();
            }
        }
    }

    /**
     * The hash of the last event of each stream.
     *
     * @param last the last position of each stream
     * @throws JournalException when an event has none: it was not written by a gateway
     */
    static Map<String, ChainHead> heads(Connection connection, Map<String, Long> last) throws SQLException {
        Map<String, ChainHead> heads = new HashMap<>();
        for (Map.Entry<String, Long> stream : last.entrySet()) {
            byte[] hash = at(connection, stream.getKey(), stream.getValue())
                    .orElseThrow(() -> JournalException.damaged(
                            "the last event " + stream.getKey() + "/" + stream.getValue() + " has no hash"));
            heads.put(stream.getKey(), new ChainHead(stream.getValue(), hash));
        }
        return heads;
    }

    /** Adds the hashes to a journal of an earlier release. Takes part in the transaction of the migration. */
    static void addHashes(Connection connection, String journalId) throws SQLException {
        Statements.execute(connection, "ALTER TABLE journal ADD COLUMN hash BLOB", createLinks(Dialect.SQLITE));
        try (PreparedStatement select = connection.prepareStatement(
                        "SELECT " + JournalRows.COLUMNS + " FROM journal ORDER BY stream, seq");
                PreparedStatement update =
                        connection.prepareStatement("UPDATE journal SET hash = ? WHERE stream = ? AND seq = ?");
                PreparedStatement link = connection.prepareStatement("INSERT INTO pruned_links VALUES (?,?,?)");
                ResultSet row = select.executeQuery()) {
            String stream = "";
            long seq = 0;
            byte[] hash = new byte[0];
            while (row.next()) {
                JournalEntry entry = JournalRows.entry(row);
                if (!entry.stream().equals(stream)) {
                    stream = entry.stream();
                    seq = 0;
                    hash = start(journalId, stream);
                }
                if (entry.seq() > seq + 1) {
                    // What was pruned before there were hashes: the chain continues as if it had not been.
                    link.setString(1, stream);
                    link.setLong(2, entry.seq() - 1);
                    link.setBytes(3, hash);
                    link.executeUpdate();
                }
                hash = next(hash, entry);
                seq = entry.seq();
                update.setBytes(1, hash);
                update.setString(2, stream);
                update.setLong(3, seq);
                update.executeUpdate();
            }
        }
        linkPrunedEnds(connection, journalId);
    }

    /** Streams whose last events were pruned continue from the hash of their last retained one. */
    private static void linkPrunedEnds(Connection connection, String journalId) throws SQLException {
        try (var statement = connection.createStatement();
                PreparedStatement link = connection.prepareStatement("INSERT INTO pruned_links VALUES (?,?,?)");
                ResultSet row = statement.executeQuery("SELECT s.stream, s.last_seq,"
                        + " (SELECT j.hash FROM journal j WHERE j.stream = s.stream ORDER BY j.seq DESC LIMIT 1)"
                        + " FROM streams s WHERE NOT EXISTS"
                        + " (SELECT 1 FROM journal j WHERE j.stream = s.stream AND j.seq = s.last_seq)")) {
            while (row.next()) {
                byte[] last = row.getBytes(3);
                link.setString(1, row.getString(1));
                link.setLong(2, row.getLong(2));
                link.setBytes(3, last == null ? start(journalId, row.getString(1)) : last);
                link.executeUpdate();
            }
        }
    }

    /**
     * Keeps the hashes that are needed when the events of {@code gone(subject)} are deleted: of each run of deleted events the
     * last. Takes part in the transaction that deletes them, before it does.
     */
    static void keepLinks(Connection connection) throws SQLException {
        Statements.execute(
                connection,
                "INSERT INTO pruned_links SELECT j.stream, j.seq, j.hash FROM journal j"
                        + " WHERE j.subject IN (SELECT subject FROM gone)"
                        + " AND NOT EXISTS (SELECT 1 FROM journal n WHERE n.stream = j.stream AND n.seq = j.seq + 1"
                        + " AND n.subject IN (SELECT subject FROM gone))"
                        + " ON CONFLICT(stream, seq) DO UPDATE SET hash = excluded.hash");
    }

    /** Removes the hashes that nothing follows any more, after a deletion. */
    static void removeUnusedLinks(Connection connection) throws SQLException {
        Statements.execute(
                connection,
                "DELETE FROM pruned_links WHERE NOT EXISTS (SELECT 1 FROM journal n"
                        + " WHERE n.stream = pruned_links.stream AND n.seq = pruned_links.seq + 1)"
                        + " AND seq < (SELECT last_seq FROM streams s WHERE s.stream = pruned_links.stream)");
    }
}
