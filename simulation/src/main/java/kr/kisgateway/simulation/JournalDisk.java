package kr.kisgateway.simulation;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import kr.kisgateway.gateway.journal.JournalEntry;

/**
 * The gateway's journal in memory, as bytes: one frame per commit with its length and checksum, like a log behind a
 * file system's cache. When the machine stops, the unsynced tail is torn at any byte; an incomplete frame is dropped on
 * reading. So a commit is in the journal completely or not at all, and an unsynced one may be either.
 */
final class JournalDisk {
    private static final int HEADER = Integer.BYTES + Long.BYTES;

    private byte[] bytes = new byte[1 << 14];
    private int written;
    private int synced;

    /** Durable events by order and request: a second set of books, independent of the gateway's state. */
    private final Map<String, Integer> durable = new HashMap<>();

    private final List<String> unsynced = new ArrayList<>();

    /** Writes one commit into the cache. */
    void write(List<JournalEntry> commit) {
        byte[] payload = encode(commit);
        var crc = new CRC32C();
        crc.update(payload);
        var frame = new ByteArrayOutputStream(HEADER + payload.length);
        try (var out = new DataOutputStream(frame)) {
            out.writeInt(payload.length);
            out.writeLong(crc.getValue());
            out.write(payload);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        byte[] complete = frame.toByteArray();
        while (written + complete.length > bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        System.arraycopy(complete, 0, bytes, written, complete.length);
        written += complete.length;
        commit.forEach(entry -> unsynced.add(fact(entry.type(), entry.subject())));
    }

    /** Makes everything written durable. */
    void sync() {
        synced = written;
        unsynced.forEach(this::count);
        unsynced.clear();
    }

    int unsyncedBytes() {
        return written - synced;
    }

    /** The machine stops: {@code survivingBytes} bytes of the unsynced tail became durable. */
    void tear(int survivingBytes) {
        written = synced + survivingBytes;
        int complete = completeFrames();
        written = complete;
        synced = complete;
        unsynced.clear();
        durable.clear();
        read().forEach(entry -> count(fact(entry.type(), entry.subject())));
    }

    /** Whether an event of {@code type} about {@code subject} is durable. */
    boolean isDurable(String type, String subject) {
        return count(type, subject) > 0;
    }

    /** Number of durable events of {@code type} about {@code subject}. */
    int count(String type, String subject) {
        return durable.getOrDefault(fact(type, subject), 0);
    }

    private void count(String fact) {
        durable.merge(fact, 1, Integer::sum);
    }

    /** Every entry of every complete frame, oldest first. */
    List<JournalEntry> read() {
        var entries = new ArrayList<JournalEntry>();
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes, 0, written))) {
            while (in.available() > HEADER) {
                byte[] payload = new byte[in.readInt()];
                in.readLong();
                in.readFully(payload);
                decode(payload, entries);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return entries;
    }

    private int completeFrames() {
        int at = 0;
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes, 0, written))) {
            while (written - at >= HEADER) {
                int length = in.readInt();
                long crc = in.readLong();
                if (length < 0 || written - at - HEADER < length) {
                    return at;
                }
                byte[] payload = new byte[length];
                in.readFully(payload);
                var sum = new CRC32C();
                sum.update(payload);
                if (sum.getValue() != crc) {
                    return at;
                }
                at += HEADER + length;
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return at;
    }

    private static String fact(String type, String subject) {
        return type + ' ' + subject;
    }

    private static byte[] encode(List<JournalEntry> commit) {
        var bytes = new ByteArrayOutputStream(256 * commit.size());
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(commit.size());
            for (JournalEntry entry : commit) {
                out.writeUTF(entry.stream());
                out.writeLong(entry.seq());
                out.writeLong(entry.at().getEpochSecond());
                out.writeInt(entry.at().getNano());
                out.writeLong(entry.tradingDay().toEpochDay());
                out.writeUTF(entry.type());
                out.writeInt(entry.version());
                out.writeLong(entry.fence());
                out.writeUTF(entry.subject());
                byte[] payload = entry.payload().getBytes(StandardCharsets.UTF_8);
                out.writeInt(payload.length);
                out.write(payload);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void decode(byte[] payload, List<JournalEntry> entries) throws IOException {
        try (var in = new DataInputStream(new ByteArrayInputStream(payload))) {
            for (int left = in.readInt(); left > 0; left--) {
                String stream = in.readUTF();
                long seq = in.readLong();
                Instant at = Instant.ofEpochSecond(in.readLong(), in.readInt());
                LocalDate day = LocalDate.ofEpochDay(in.readLong());
                String type = in.readUTF();
                int version = in.readInt();
                long fence = in.readLong();
                String subject = in.readUTF();
                byte[] text = new byte[in.readInt()];
                in.readFully(text);
                entries.add(new JournalEntry(
                        stream, seq, at, day, type, version, fence, subject, new String(text, StandardCharsets.UTF_8)));
            }
        }
    }
}
