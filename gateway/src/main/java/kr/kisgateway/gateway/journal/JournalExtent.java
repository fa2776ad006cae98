package kr.kisgateway.gateway.journal;

import java.util.Map;

/**
 * How far a journal reaches.
 *
 * @param journalId its random id; empty before the first start
 * @param fence number of its last owner
 * @param streams the last position of each stream
 */
public record JournalExtent(String journalId, long fence, Map<String, Long> streams) {
    public JournalExtent {
        streams = Map.copyOf(streams);
    }

    /** Number of events committed in all streams, pruned ones included. */
    public long events() {
        return streams.values().stream().mapToLong(Long::longValue).sum();
    }
}
