package kr.kisgateway.gateway.krx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDate;
import kr.kisgateway.gateway.file.AtomicFile;
import kr.kisgateway.market.TradingCalendar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the calls of a day in Seoul. The file is ahead of the calls by at most {@value #RESERVED_AHEAD}: after a kill some
 * calls count that were never sent, but no sent call is lost.
 */
final class DailyCallCounter {
    /** Calls reserved at once, so that not every call waits for the disk. */
    static final int RESERVED_AHEAD = 20;

    private static final Logger LOG = LoggerFactory.getLogger("gateway.history");

    private final Path file;
    private final InstantSource clock;
    private LocalDate day;
    private int used;
    private int written;

    DailyCallCounter(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
        this.day = today();
        read();
    }

    /** Takes one call, unless {@code allowed} calls were taken today. */
    synchronized boolean tryTake(int allowed) {
        resetOnNewDay();
        if (used >= allowed) {
            return false;
        }
        if (used == written) {
            write(Math.min(allowed, used + RESERVED_AHEAD));
        }
        used++;
        return true;
    }

    synchronized int used() {
        resetOnNewDay();
        return used;
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL);
    }

    private void resetOnNewDay() {
        // A clock that was set back begins no new day.
        if (today().isAfter(day)) {
            day = today();
            used = 0;
            written = 0;
        }
    }

    private void read() {
        try {
            if (Files.exists(file)) {
                String[] fields = Files.readString(file).strip().split(" ");
                LocalDate savedDay = LocalDate.parse(fields[0]);
                if (!savedDay.isBefore(day)) {
                    day = savedDay;
                    used = Integer.parseInt(fields[1]);
                    written = used;
                }
            }
        } catch (IOException | DateTimeException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            // The exchange counts, too: at worst it refuses the request.
            LOG.warn("daily_calls_unreadable file={} cause=\"{}\"", file, e.getMessage());
        }
    }

    private void write(int ahead) {
        Path temporary = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(temporary, day + " " + ahead + "\n", StandardCharsets.UTF_8);
            AtomicFile.replace(temporary, file);
            written = ahead;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
