package kr.kisgateway.gateway.journal;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import kr.kisgateway.gateway.database.RowBatch;
import kr.kisgateway.gateway.database.RowBatch.Column;

/** The rows of the journal's table. */
public final class JournalRows {
    /** The columns of an entry, in the order in which {@link #entry} reads them. */
    public static final String COLUMNS = "stream, seq, at_us, trading_day, type, v, fence, subject, payload, crc";

    /** The same with the hash that chains it, as it is stored. */
    static final List<Column> STORED = List.of(
            Column.text("stream"),
            Column.integer("seq"),
            Column.integer("at_us"),
            Column.text("trading_day"),
            Column.text("type"),
            Column.integer("v"),
            Column.integer("fence"),
            Column.text("subject"),
            Column.text("payload"),
            Column.integer("crc"),
            Column.bytes("hash"));

    /** The names of {@link #STORED}. */
    static final String STORED_COLUMNS = STORED.stream().map(Column::name).collect(Collectors.joining(", "));

    /** Passes every entry about {@code subject}, oldest first, to {@code sink}. The connection is the caller's. */
    public static void entriesOf(Connection connection, String subject, Consumer<JournalEntry> sink)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT " + COLUMNS + " FROM journal WHERE subject = ? ORDER BY seq")) {
            select.setString(1, subject);
            forEach(select, sink);
        }
    }

    /** Passes every entry selected by {@code select} (columns as in the table, crc last) to {@code sink}, verified. */
    public static void forEach(PreparedStatement select, Consumer<JournalEntry> sink) throws SQLException {
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                JournalEntry entry = entry(row);
                if (!isIntact(entry, row)) {
                    throw JournalException.damaged(
                            "entry " + entry.stream() + "/" + entry.seq() + " is damaged, its checksum differs");
                }
                sink.accept(entry);
            }
        }
    }

    /** Writes the last position of streams. */
    static RowBatch positions(Connection connection) throws SQLException {
        return new RowBatch(
                connection,
                "streams",
                List.of(Column.text("stream"), Column.integer("last_seq")),
                "ON CONFLICT(stream) DO UPDATE SET last_seq = excluded.last_seq");
    }

    /** The entry of a row of {@link #COLUMNS}. */
    static JournalEntry entry(ResultSet row) throws SQLException {
        return new JournalEntry(
                row.getString(1),
                row.getLong(2),
                Instant.EPOCH.plus(row.getLong(3), ChronoUnit.MICROS),
                LocalDate.parse(row.getString(4)),
                row.getString(5),
                row.getInt(6),
                row.getLong(7),
                row.getString(8),
                row.getString(9));
    }

    /** Whether the entry matches its row's checksum. */
    static boolean isIntact(JournalEntry entry, ResultSet row) throws SQLException {
        return crc(entry) == row.getLong(10);
    }

    static long crc(JournalEntry entry) {
        var crc = new CRC32C();
        crc.update((entry.stream()
                        + '|'
                        + entry.seq()
                        + '|'
                        + ChronoUnit.MICROS.between(Instant.EPOCH, entry.at())
                        + '|'
                        + entry.tradingDay()
                        + '|'
                        + entry.type()
                        + '|'
                        + entry.version()
                        + '|'
                        + entry.fence()
                        + '|'
                        + entry.subject()
                        + '|'
                        + entry.payload())
                .getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }

    private JournalRows() {}
}
