package kr.kisgateway.gateway.journal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** Reads events of a journal by their time, whether its gateway runs or not. */
public final class JournalReader {
    private JournalReader() {}

    /**
     * Passes the events of {@code types} to {@code reader}, in the order of their time.
     *
     * @param from first instant
     * @param until first instant that is not meant any more
     * @throws JournalException when the journal cannot be read, or an event is damaged
     */
    public static void read(Path file, Instant from, Instant until, List<String> types, Consumer<JournalEntry> reader) {
        String sql = "SELECT " + JournalRows.COLUMNS + " FROM journal WHERE at_us >= ? AND at_us < ? AND type IN ("
                + String.join(",", Collections.nCopies(types.size(), "?")) + ") ORDER BY at_us, stream, seq";
        try (Connection connection = SqliteJournal.connect(file)) {
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA query_only=1");
                statement.execute("PRAGMA busy_timeout=5000");
            }
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                select.setLong(1, ChronoUnit.MICROS.between(Instant.EPOCH, from));
                select.setLong(2, ChronoUnit.MICROS.between(Instant.EPOCH, until));
                for (int i = 0; i < types.size(); i++) {
                    select.setString(i + 3, types.get(i));
                }
                JournalRows.forEach(select, reader);
            }
        } catch (SQLException e) {
            throw new JournalException("the journal " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
