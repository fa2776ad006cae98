package kr.kisgateway.gateway.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import kr.kisgateway.gateway.database.Dialect;

/**
 * The recorded position of a folder's journal, written to a file of its own beside it. A journal that was lost, emptied or
 * replaced by an older copy would start silently with the kill switch off, limits lost and used idempotency keys free again;
 * this file detects it.
 *
 * <p>It is written after the journal, so it is never ahead of it: {@linkplain Journal on opening and closing}, and every few
 * seconds while there are commits. Without its last lines (a crash) it detects less, and never too much.
 *
 * @param journal the journal's random id; empty in a folder whose first journal is not created yet
 * @param fence the number of its last owner
 * @param streams the last position of each stream
 */
record JournalPosition(Optional<String> journal, long fence, Map<String, Long> streams) {
    /** Header of a journal beside which a position was written once. */
    static final String RECORDED = "position_recorded";

    private static final String FIRST_LINE = "kis-gateway journal position 1";

    JournalPosition {
        streams = Map.copyOf(streams);
    }

    /** The number of events committed in all streams, pruned ones included. */
    long events() {
        return streams.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Position of a folder that has no journal yet and expects none. */
    static JournalPosition none() {
        return new JournalPosition(Optional.empty(), 0, Map.of());
    }

    /** The position file beside the journal {@code file}. */
    static Path fileBeside(Path file) {
        String name = file.getFileName().toString();
        return file.resolveSibling(name.replaceFirst("\\.db$", "") + ".position");
    }

    /** The position of the journal that {@code connection} reads, of any release. */
    static JournalPosition of(Connection connection) throws SQLException {
        boolean first = !Dialect.of(connection).hasTable(connection, "streams");
        String positions =
                first ? "SELECT stream, max(seq) FROM journal GROUP BY stream" : "SELECT stream, last_seq FROM streams";
        Map<String, Long> streams = new HashMap<>();
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(positions)) {
            while (row.next()) {
                streams.put(row.getString(1), row.getLong(2));
            }
        }
        return new JournalPosition(
                Schema.header(connection, "journal_id"),
                Schema.header(connection, "fence").map(Long::parseLong).orElse(0L),
                streams);
    }

    /**
     * The recorded position; empty when there is no such file.
     *
     * @throws JournalException when it is damaged: it is written completely or not at all, so no crash leaves it so
     */
    static Optional<JournalPosition> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Optional.of(parse(text(file))
                .orElseThrow(() -> JournalFolder.unverifiable(file, "The record " + file + " is damaged")));
    }

    /** Whether the file exists and cannot be read as a position. */
    static boolean isDamaged(Path file) {
        return Files.exists(file) && parse(text(file)).isEmpty();
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<JournalPosition> parse(String text) {
        int end = text.lastIndexOf("crc ");
        if (!text.startsWith(FIRST_LINE)
                || end < 0
                || !text.substring(end).strip().equals("crc " + crc(text.substring(0, end)))) {
            return Optional.empty();
        }
        Optional<String> journal = Optional.empty();
        long fence = 0;
        Map<String, Long> streams = new HashMap<>();
        for (String line : text.substring(0, end).lines().skip(1).toList()) {
            String[] fields = line.split(" ", 3);
            switch (fields[0]) {
                case "journal" -> journal = Optional.of(fields[1]);
                case "fence" -> fence = Long.parseLong(fields[1]);
                case "stream" -> streams.put(fields[2], Long.parseLong(fields[1]));
                default -> {
                    // of a later release
                }
            }
        }
        return Optional.of(new JournalPosition(journal, fence, streams));
    }

    private static String crc(String text) {
        var crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }

    /** Writes the file, completely or not at all, and flushes it. */
    void write(Path file) {
        var text = new StringBuilder(FIRST_LINE).append('\n');
        journal.ifPresent(id -> text.append("journal ").append(id).append('\n'));
        text.append("fence ").append(fence).append('\n');
        new TreeMap<>(streams)
                .forEach((stream, seq) -> text.append("stream ")
                        .append(seq)
                        .append(' ')
                        .append(stream)
                        .append('\n'));
        String crc = crc(text.toString());
        text.append("crc ").append(crc).append('\n');
        Path part = file.resolveSibling("." + file.getFileName() + ".new");
        try {
            try (var channel = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                var bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What {@code found} lacks of this position, as a sentence; empty when it reached it. */
    Optional<String> missingIn(JournalPosition found) {
        if (journal.isEmpty()) {
            return Optional.empty();
        }
        if (!journal.equals(found.journal)) {
            return Optional.of("it is another journal than the one that was used here last");
        }
        List<String> missing = new ArrayList<>();
        new TreeMap<>(streams).forEach((stream, seq) -> {
            long foundSeq = found.streams.getOrDefault(stream, 0L);
            if (foundSeq < seq) {
                missing.add((seq - foundSeq) + " events of " + stream + " (it ends at " + foundSeq + ", and " + seq
                        + " were recorded)");
            }
        });
        if (fence > found.fence) {
            missing.add((fence - found.fence) + " starts");
        }
        return missing.isEmpty() ? Optional.empty() : Optional.of("it lacks " + String.join(", ", missing));
    }
}
