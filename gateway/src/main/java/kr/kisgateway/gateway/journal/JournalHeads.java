package kr.kisgateway.gateway.journal;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last committed event of each stream, where the next ones are chained to, and what is recorded of them outside the journal: the
 * position and the tail beside it, and the witness.
 *
 * <p>Threads: {@link #append} and {@link #commit} belong to the journal's owner thread; {@link #record} to one other, and after its end
 * to the thread that closes.
 */
final class JournalHeads {
    /** Interval between two records of the journal's position. */
    private static final Duration POSITION_EVERY = Duration.ofSeconds(10);
    /** Interval between two records of the chains' heads. */
    private static final Duration WITNESS_EVERY = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger("gateway.journal");

    private final String id;
    private final long fence;
    private final Path positionFile;
    private final Path tailFile;
    private final JournalTail tail;
    private final JournalWitness witness;
    private final Map<String, ChainHead> heads = new ConcurrentHashMap<>();
    /** Number of events committed in all streams. */
    private long events;

    private Map<String, Long> recorded;
    private long sincePosition;
    private long sinceWitness;
    /** What the witness has recorded. */
    private final Map<String, ChainHead> witnessed = new HashMap<>();

    /** An event with the hash that chains it. */
    record Chained(JournalEntry entry, byte[] hash) {}

    /** @param last the last event of each stream that has new ones */
    record Append(List<Chained> events, Map<String, ChainHead> last) {}

    /**
     * Those of the journal that {@code connection} reads, which {@code fence} owns now.
     *
     * @param file of the journal, or what stands for it in the folder of this process
     */
    JournalHeads(Connection connection, String id, long fence, Path file, JournalWitness witness) throws SQLException {
        this.id = id;
        this.fence = fence;
        this.positionFile = JournalPosition.fileBeside(file);
        this.tailFile = JournalTail.fileBeside(file);
        this.witness = witness;
        JournalPosition found = JournalPosition.of(connection);
        heads.putAll(JournalChain.heads(connection, found.streams()));
        this.events = found.events();
        this.recorded = found.streams();
        if (recordPosition()
                && Schema.header(connection, JournalPosition.RECORDED).isEmpty()) {
            // After the file: a journal must not report a missing record that was never written.
            Schema.setHeader(connection, JournalPosition.RECORDED, "1");
        }
        this.tail = JournalTail.open(tailFile, id, events);
    }

    /** Chains {@code entries} to what was committed. */
    Append append(List<JournalEntry> entries) {
        Map<String, ChainHead> last = new HashMap<>();
        List<Chained> chained = new ArrayList<>(entries.size());
        for (JournalEntry entry : entries) {
            ChainHead head = last.getOrDefault(entry.stream(), heads.get(entry.stream()));
            byte[] before = head == null ? JournalChain.start(id, entry.stream()) : head.hash();
            byte[] hash = JournalChain.next(before, entry);
            chained.add(new Chained(entry, hash));
            last.put(entry.stream(), new ChainHead(entry.seq(), hash));
        }
        return new Append(chained, last);
    }

    /** The events are durable. */
    void commit(Append append) {
        heads.putAll(append.last());
        events += append.events().size();
        tail.record(events);
    }

    /** Records what is due after another {@code millis}. */
    void record(long millis) {
        sincePosition += millis;
        sinceWitness += millis;
        if (sincePosition >= POSITION_EVERY.toMillis()) {
            sincePosition = 0;
            Map<String, Long> now = positions();
            if (!now.equals(recorded)) {
                recordPosition();
                recorded = now;
            }
        }
        if (sinceWitness >= WITNESS_EVERY.toMillis()) {
            sinceWitness = 0;
            recordHeads();
        }
    }

    /** Records where the journal stands at its regular end. */
    void close() {
        recordHeads();
        tail.close();
        if (recordPosition()) {
            JournalTail.delete(tailFile);
        }
    }

    private Map<String, Long> positions() {
        Map<String, Long> positions = new HashMap<>();
        heads.forEach((stream, head) -> positions.put(stream, head.seq()));
        return positions;
    }

    /** Records the position; after a failure the next call retries: until then less is detected. */
    private boolean recordPosition() {
        try {
            new JournalPosition(Optional.of(id), fence, positions()).write(positionFile);
            return true;
        } catch (UncheckedIOException e) {
            LOG.warn("journal_position_not_recorded cause=\"{}\"", e.getMessage());
            return false;
        }
    }

    /** Records the heads that have changed since they were recorded. */
    private void recordHeads() {
        Map<String, ChainHead> changed = new HashMap<>(heads);
        changed.entrySet().removeIf(head -> head.getValue().equals(witnessed.get(head.getKey())));
        if (!changed.isEmpty()) {
            witness.record(id, changed);
            witnessed.putAll(changed);
        }
    }
}
