package kr.kisgateway.gateway.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.sqlite.SQLiteErrorCode;

/** Renames a damaged database file with the files SQLite stores beside it, so that a new one can replace it without loss. */
public final class DatabaseQuarantine {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private DatabaseQuarantine() {}

    /** Whether {@code failure} reports that the file itself is damaged, or not a database at all. */
    public static boolean isCorruption(SQLException failure) {
        int code = failure.getErrorCode() & 0xff;
        return code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code;
    }

    /**
     * The new paths of the file, its log and its index, as far as they existed: {@code NAME.REASON.<UTC>}. The log keeps its
     * suffix, so that SQLite finds it when the file is opened there.
     */
    public static List<Path> quarantine(Path file, String reason, InstantSource clock) {
        String name = file.getFileName() + "." + reason + "." + STAMP.format(clock.instant());
        List<Path> moved = new ArrayList<>();
        try {
            for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
                Path from = file.resolveSibling(file.getFileName() + suffix);
                if (Files.exists(from)) {
                    moved.add(Files.move(from, file.resolveSibling(name + suffix), StandardCopyOption.ATOMIC_MOVE));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(moved);
    }
}
