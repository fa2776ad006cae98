package kr.kisgateway.gateway.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** Copies SQLite files while other processes write them: a copy is the state of one instant. */
public final class DatabaseCopy {
    private DatabaseCopy() {}

    /**
     * Whether {@code file} is a SQLite file, by its name. Never by its content: when a process closes a file that it has opened itself,
     * the system ends all locks of that process on it, those of its SQLite included.
     */
    public static boolean isDatabase(Path file) {
        return String.valueOf(file.getFileName()).endsWith(".db");
    }

    /** Whether a copy failed because a process uses the file exclusively, as the simulator does. */
    public static boolean isInUse(JournalException failure) {
        return failure.getCause() instanceof SQLException cause
                && (cause.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_BUSY.code;
    }

    /**
     * Copies {@code file} to {@code copy}, flushed and checked by SQLite.
     *
     * @throws JournalException when it cannot be copied, or the copy is damaged; the copy is to be deleted then
     */
    public static void copy(Path file, Path copy) {
        try (Connection connection = SqliteJournal.connect(file)) {
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout=5000");
            }
            try (var vacuum = connection.prepareStatement("VACUUM INTO ?")) {
                vacuum.setString(1, copy.toString());
                vacuum.execute();
            }
            check(copy);
            try (var channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        } catch (SQLException | IOException e) {
            throw new JournalException(file.getFileName() + " cannot be copied: " + e.getMessage(), e);
        }
    }

    /**
     * Copies a journal, and the record of its position beside the copy.
     *
     * @return the position of the copy
     */
    public static JournalExtent copyJournal(Path file, Path copy) {
        copy(file, copy);
        try (Connection connection = SqliteJournal.connect(copy)) {
            JournalPosition position = JournalPosition.of(connection);
            position.write(JournalPosition.fileBeside(copy));
            return new JournalExtent(position.journal().orElse(""), position.fence(), position.streams());
        } catch (SQLException e) {
            throw new JournalException("the copy of the journal cannot be read: " + e.getMessage(), e);
        }
    }

    /** Raises the number of the last owner to {@code fence}, so that later owners have numbers that no owner had before. */
    public static void raiseFence(Path journal, long fence) {
        try (Connection connection = SqliteJournal.connect(journal)) {
            JournalPosition position = JournalPosition.of(connection);
            if (position.fence() < fence) {
                Schema.setHeader(connection, "fence", Long.toString(fence));
                new JournalPosition(position.journal(), fence, position.streams())
                        .write(JournalPosition.fileBeside(journal));
            }
        } catch (SQLException e) {
            throw new JournalException("the journal cannot be changed: " + e.getMessage(), e);
        }
    }

    /** The number of the last owner of the journal {@code file} as far as the record of its position shows; 0 without one. */
    public static long recordedFence(Path file) {
        return JournalPosition.isDamaged(JournalPosition.fileBeside(file))
                ? 0
                : JournalPosition.read(JournalPosition.fileBeside(file))
                        .map(JournalPosition::fence)
                        .orElse(0L);
    }

    private static void check(Path copy) throws SQLException {
        try (Connection connection = SqliteJournal.connect(copy);
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA integrity_check(1)")) {
            String result = row.next() ? row.getString(1) : "nothing";
            if (!result.equals("ok")) {
                throw new SQLException("the copy is damaged: " + result);
            }
        }
    }
}
