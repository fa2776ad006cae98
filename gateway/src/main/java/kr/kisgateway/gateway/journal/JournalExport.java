package kr.kisgateway.gateway.journal;

import java.io.IOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gateway.database.Statements;

/**
 * Copies events of a journal into a file for other programs, as comma-separated values or as Parquet.
 *
 * <p>Columns: {@code stream, seq, recorded_at, trading_day, type, v, fence, subject, payload, crc}, in the order of stream and
 * seq; {@code recorded_at} is UTC with microseconds, {@code payload} the event's JSON as it was written. The file appears complete
 * under its name or not at all.
 */
public final class JournalExport {
    private static final long STEP = 50_000;
    private static final int FETCHED = 1_000;

    /** The form of the file. */
    public enum Format {
        /** RFC 4180 with a line of names, UTF-8. */
        CSV,
        /** The same after a byte order mark: without one a Korean Excel decodes Hangul wrongly. */
        CSV_WITH_BOM,
        /** Written by DuckDB, whose driver must be on the class path. */
        PARQUET
    }

    /**
     * Which events to export.
     *
     * @param from first trading day
     * @param to last trading day
     * @param stream one account's, or {@code gateway} for events that concern all accounts
     */
    public record Selection(Optional<LocalDate> from, Optional<LocalDate> to, Optional<String> stream) {}

    private JournalExport() {}

    /**
     * Number of events written to {@code out}.
     *
     * @throws JournalException when {@code out} exists, cannot be written, or an event is damaged
     */
    public static long write(
            JournalFile journal, Format format, Path out, Selection selection, JournalFile.Progress progress) {
        List<String> conditions = new ArrayList<>(List.of("true"));
        List<String> values = new ArrayList<>();
        selection.from().ifPresent(day -> {
            conditions.add("trading_day >= ?");
            values.add(day.toString());
        });
        selection.to().ifPresent(day -> {
            conditions.add("trading_day <= ?");
            values.add(day.toString());
        });
        selection.stream().ifPresent(stream -> {
            conditions.add("stream = ?");
            values.add(stream);
        });
        return write(journal.connection(), format, out, String.join(" AND ", conditions), values, progress);
    }

    static long write(
            Connection journal,
            Format format,
            Path out,
            String condition,
            List<String> values,
            JournalFile.Progress progress) {
        if (Files.exists(out)) {
            throw new JournalException(out + " exists already; name another file");
        }
        Path lines = out.resolveSibling(out.getFileName() + ".csv.part");
        Path part = format == Format.PARQUET ? out.resolveSibling(out.getFileName() + ".part") : lines;
        try {
            try {
                String mark = format == Format.CSV_WITH_BOM ? "\uFEFF" : "";
                long count = lines(journal, lines, mark, condition, values, progress);
                if (format == Format.PARQUET) {
                    progress.at("writing Parquet", 0, 0);
                    parquet(lines, part, count);
                }
                try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                Files.move(part, out, StandardCopyOption.ATOMIC_MOVE);
                try (var folder = FileChannel.open(out.resolveSibling("."), StandardOpenOption.READ)) {
                    folder.force(true);
                }
                return count;
            } finally {
                Files.deleteIfExists(lines);
                Files.deleteIfExists(part);
            }
        } catch (IOException | SQLException e) {
            throw new JournalException(out + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static long lines(
            Connection journal,
            Path file,
            String mark,
            String condition,
            List<String> values,
            JournalFile.Progress progress)
            throws IOException, SQLException {
        long count = 0;
        try (Writer to = Files.newBufferedWriter(file);
                PreparedStatement select = journal.prepareStatement("SELECT " + JournalRows.COLUMNS
                        + " FROM journal WHERE " + condition + " ORDER BY stream, seq")) {
            for (int i = 0; i < values.size(); i++) {
                select.setString(i + 1, values.get(i));
            }
            select.setFetchSize(FETCHED); // within a transaction PostgreSQL's driver then holds no more
            to.write(mark + "stream,seq,recorded_at,trading_day,type,v,fence,subject,payload,crc\n");
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (count++ % STEP == 0) {
                        progress.at("copying events", count - 1, 0);
                    }
                    JournalEntry entry = JournalRows.entry(row);
                    if (!JournalRows.isIntact(entry, row)) {
                        throw new JournalException("event " + entry.stream() + "/" + entry.seq()
                                + " is damaged: its checksum differs; nothing was written");
                    }
                    to.write(line(entry, row.getLong(10)));
                }
            }
        }
        return count;
    }

    private static String line(JournalEntry entry, long crc) {
        return quoted(entry.stream())
                + ','
                + entry.seq()
                + ','
                + entry.at()
                + ','
                + entry.tradingDay()
                + ','
                + quoted(entry.type())
                + ','
                + entry.version()
                + ','
                + entry.fence()
                + ','
                + quoted(entry.subject())
                + ','
                + quoted(entry.payload())
                + ','
                + crc
                + '\n';
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }

    /** DuckDB reads the lines as text of fixed columns: it guesses no types and downloads nothing. */
    private static void parquet(Path lines, Path out, long count) throws SQLException {
        try (Connection duck = duck()) {
            Statements.execute(
                    duck,
                    "SET autoinstall_known_extensions = false",
                    "SET autoload_known_extensions = false",
                    "SET threads = 1",
                    "SET memory_limit = '512MB'",
                    "SET temp_directory = ''",
                    "COPY (SELECT * FROM read_csv(" + literal(lines)
                            + ", auto_detect = false, header = true, delim = ',',"
                            + " quote = '\"', escape = '\"', parallel = false, columns = {stream: 'VARCHAR', seq: 'BIGINT',"
                            + " recorded_at: 'TIMESTAMPTZ', trading_day: 'DATE', type: 'VARCHAR', v: 'INTEGER', fence: 'BIGINT',"
                            + " subject: 'VARCHAR', payload: 'VARCHAR', crc: 'BIGINT'})) TO " + literal(out)
                            + " (FORMAT parquet, COMPRESSION zstd)");
            try (var statement = duck.createStatement();
                    ResultSet row = statement.executeQuery("SELECT count(*) FROM read_parquet(" + literal(out) + ")")) {
                long written = row.next() ? row.getLong(1) : -1;
                if (written != count) {
                    throw new JournalException("Parquet has " + written + " events instead of " + count);
                }
            }
        }
    }

    private static Connection duck() {
        try {
            return DriverManager.getConnection("jdbc:duckdb:");
        } catch (SQLException e) {
            throw new JournalException(
                    "Parquet needs DuckDB's driver, which is not on the class path: start the command by ./kis journal,"
                            + " or export CSV",
                    e);
        }
    }

    private static String literal(Path path) {
        return "'" + path.toAbsolutePath().toString().replace("'", "''") + "'";
    }
}
