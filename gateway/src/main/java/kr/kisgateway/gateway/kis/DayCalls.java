package kr.kisgateway.gateway.kis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDate;
import kr.kisgateway.gateway.history.WholeFile;
import kr.kisgateway.market.TradingCalendar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the calls of a day in Seoul. The file is ahead of the calls by at most {@value #AHEAD}: a kill counts some that were never
 * sent, and gives none back that were.
 */
final class DayCalls {
    /** So that not every call waits for the disk. */
    static final int AHEAD = 20;

    private static final Logger LOG = LoggerFactory.getLogger("gateway.history");

    private final Path file;
    private final InstantSource clock;
    private LocalDate day;
    private int used;
    private int written;

    DayCalls(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
        this.day = today();
        read();
    }

    /** Takes one call, unless {@code allowed} were taken today. */
    synchronized boolean take(int allowed) {
        turn();
        if (used >= allowed) {
            return false;
        }
        if (used == written) {
            write(Math.min(allowed, used + AHEAD));
        }
        used++;
        return true;
    }

    synchronized int used() {
        turn();
        return used;
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL);
    }

    private void turn() {
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
                String[] words = Files.readString(file).strip().split(" ");
                LocalDate then = LocalDate.parse(words[0]);
                if (!then.isBefore(day)) {
                    day = then;
                    used = Integer.parseInt(words[1]);
                    written = used;
                }
            }
        } catch (IOException | DateTimeException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            // The exchange counts, too: at worst it refuses what is asked for.
            LOG.warn("calls_of_the_day_unreadable file={} cause=\"{}\"", file, e.getMessage());
        }
    }

    private void write(int ahead) {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(part, day + " " + ahead + "\n", StandardCharsets.UTF_8);
            WholeFile.put(part, file);
            written = ahead;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
