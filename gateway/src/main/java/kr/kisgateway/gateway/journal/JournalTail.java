package kr.kisgateway.gateway.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The number of events committed so far, in a file of its own that is overwritten after each commit and deleted by a regular
 * close. {@link JournalPosition} is written every few seconds only: this one detects that the write-ahead log lost its last
 * commits, because a disk did not retain what it had reported as flushed, or because the file was truncated.
 *
 * <p>It is not flushed, which would double the cost of a commit, and written after the commit, so it is never ahead of a
 * journal that lost nothing. Unreadable, it detects nothing.
 */
final class JournalTail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.journal");
    private static final String FORMAT = "kis-gateway journal tail 1";

    private final Path path;
    private final String journal;
    private Optional<RandomAccessFile> file;

    private JournalTail(Path path, String journal, Optional<RandomAccessFile> file) {
        this.path = path;
        this.journal = journal;
        this.file = file;
    }

    /** The tail of the journal {@code journal} in {@code path}; without the file, nothing is recorded. */
    static JournalTail open(Path path, String journal, long events) {
        try {
            var tail = new JournalTail(path, journal, Optional.of(new RandomAccessFile(path.toFile(), "rw")));
            tail.record(events);
            return tail;
        } catch (IOException e) {
            warn(e);
            return new JournalTail(path, journal, Optional.empty());
        }
    }

    /** The file beside the journal {@code journal}. */
    static Path fileBeside(Path journal) {
        return journal.resolveSibling(journal.getFileName().toString().replaceFirst("\\.db$", "") + ".tail");
    }

    /** Records how many events were committed; after a failure, nothing more. */
    void record(long events) {
        if (file.isEmpty()) {
            return;
        }
        String text = String.format(Locale.ROOT, "%s %s %019d", FORMAT, journal, events);
        try {
            file.get().seek(0);
            file.get().write((text + " " + crc(text) + "\n").getBytes(US_ASCII));
        } catch (IOException e) {
            warn(e);
            close();
        }
    }

    private static void warn(IOException e) {
        LOG.warn("journal_tail_not_recorded cause=\"{}\"", e.getMessage());
    }

    /** What a journal at {@code found} lacks of the recorded events, as a sentence; empty when it has them, or none are known. */
    static Optional<String> missingIn(JournalPosition found, Path path) {
        OptionalLong recorded = found.journal().map(id -> read(path, id)).orElse(OptionalLong.empty());
        long missing = recorded.orElse(0) - found.events();
        return missing > 0
                ? Optional.of("it lacks the last " + missing + (missing == 1 ? " event" : " events")
                        + ", whose commits " + path.getFileName() + " recorded")
                : Optional.empty();
    }

    private static OptionalLong read(Path path, String journal) {
        try {
            if (!Files.exists(path)) {
                return OptionalLong.empty();
            }
            String[] parts =
                    new String(Files.readAllBytes(path), US_ASCII).strip().split(" ", -1);
            String text = String.join(" ", Arrays.copyOf(parts, parts.length - 1));
            boolean valid =
                    text.startsWith(FORMAT + " " + journal + " ") && crc(text).equals(parts[parts.length - 1]);
            return valid ? OptionalLong.of(Long.parseLong(parts[parts.length - 2])) : OptionalLong.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String crc(String text) {
        var crc = new CRC32C();
        crc.update(text.getBytes(US_ASCII));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }

    static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Records nothing more; the file remains. */
    @Override
    public void close() {
        file.ifPresent(open -> {
            try {
                open.close();
            } catch (IOException e) {
                LOG.warn("close_failed resource={} cause=\"{}\"", path.getFileName(), e.getMessage());
            }
        });
        file = Optional.empty();
    }
}
