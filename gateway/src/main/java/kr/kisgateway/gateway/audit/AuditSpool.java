package kr.kisgateway.gateway.audit;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;
import kr.kisgateway.gateway.file.OwnerOnly;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Rows that the store does not have yet, in a file without fsync: what a process had recorded when it was killed is there at the next
 * start. A loss of power may lose rows that are not durable in the store; what they did to orders is in the journal.
 *
 * <p>The file begins with the number of its session; the store knows session and number of the last row that it has. A record is
 * its length, its checksum, its number and the row as JSON. An incomplete record at the end, of a process that was killed while it
 * wrote, is ignored. Callers serialize.
 */
final class AuditSpool implements AutoCloseable {
    /** Its name in the data folder. */
    static final String NAME = "audit.spool";

    /** Larger files are no spool: the queue before the store has a bound. */
    private static final long FILE_BYTES_MAX = 64L * 1024 * 1024;

    private static final int RECORD_BYTES_MAX = 16 * 1024;
    private static final int HEAD_BYTES = Integer.BYTES + Long.BYTES + Long.BYTES;
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;
    private final long session;
    private final List<Numbered> recovered;
    private FileChannel channel;
    private long end;
    private long number;

    /** A row with its number in the spool. */
    record Numbered(long number, AuditEntry entry) {}

    private record Content(long session, List<Numbered> records, long bytes) {}

    private AuditSpool(Path file, Content content) throws IOException {
        this.file = file;
        this.session = content.session();
        this.recovered = List.copyOf(content.records());
        this.number = recovered.isEmpty() ? 0 : recovered.getLast().number();
        this.channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        this.end = content.bytes();
        channel.truncate(end);
        if (end == 0) {
            writeSession(channel);
            end = Long.BYTES;
        }
    }

    /** Opens or creates {@code file}. */
    static AuditSpool open(Path file, RandomGenerator random) throws IOException {
        OwnerOnly.createFileIfAbsent(file);
        var content = read(file);
        return new AuditSpool(
                file, content.bytes() == 0 ? new Content(random.nextLong(Long.MAX_VALUE), List.of(), 0) : content);
    }

    private static Content read(Path file) throws IOException {
        var found = new ArrayList<Numbered>();
        if (Files.size(file) < Long.BYTES || Files.size(file) > FILE_BYTES_MAX) {
            return new Content(0, found, 0);
        }
        long session;
        long bytes = Long.BYTES;
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            session = in.readLong();
            while (true) {
                int length = in.readInt();
                long crc = in.readLong();
                long number = in.readLong();
                if (length < 0 || length > RECORD_BYTES_MAX) {
                    break;
                }
                byte[] json = in.readNBytes(length);
                if (json.length < length || crc(number, json) != crc) {
                    break;
                }
                found.add(new Numbered(number, AuditJson.entry(JSON.readTree(json))));
                bytes += HEAD_BYTES + length;
            }
        } catch (EOFException _) {
            // The end of the last complete record.
            return new Content(firstLong(file), found, bytes);
        } catch (JacksonException _) {
            return new Content(firstLong(file), found, bytes);
        }
        return new Content(session, found, bytes);
    }

    private static long firstLong(Path file) throws IOException {
        try (var in = new DataInputStream(Files.newInputStream(file))) {
            return in.readLong();
        }
    }

    /** Number of the session, to which the numbers of rows belong. */
    long session() {
        return session;
    }

    /** The rows that were in the file when it was opened. */
    List<Numbered> recovered() {
        return recovered;
    }

    /** Adds a row and returns its number; throws when it cannot, and then nothing was added. */
    long add(AuditEntry entry) throws IOException {
        end = write(channel, end, new Numbered(number + 1, entry));
        return ++number;
    }

    private static long write(FileChannel channel, long from, Numbered row) throws IOException {
        byte[] json = JSON.writeValueAsBytes(AuditJson.json(row.entry()));
        var bytes = ByteBuffer.allocate(HEAD_BYTES + json.length)
                .putInt(json.length)
                .putLong(crc(row.number(), json))
                .putLong(row.number())
                .put(json)
                .flip();
        long at = from;
        try {
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
            return at;
        } catch (IOException e) {
            // What follows an incomplete record could not be read.
            channel.truncate(from);
            throw e;
        }
    }

    /** Bytes of the file. */
    long size() {
        return end;
    }

    /** Replaces the records by {@code waiting}, those that the store does not have yet; a process that is killed meanwhile has either. */
    void restart(List<Numbered> waiting) throws IOException {
        var part = file.resolveSibling(NAME + ".new");
        Files.deleteIfExists(part);
        OwnerOnly.createFileIfAbsent(part);
        var next = FileChannel.open(part, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            writeSession(next);
            long at = Long.BYTES;
            for (var row : waiting) {
                at = write(next, at, row);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            channel.close();
            channel = next;
            end = at;
        } catch (IOException e) {
            next.close();
            throw e;
        }
    }

    private void writeSession(FileChannel to) throws IOException {
        var bytes = ByteBuffer.allocate(Long.BYTES).putLong(session).flip();
        while (bytes.hasRemaining()) {
            to.write(bytes, bytes.position());
        }
    }

    private static long crc(long number, byte[] json) {
        var crc = new CRC32();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
        crc.update(json);
        return crc.getValue();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
