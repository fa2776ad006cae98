package kr.kisgateway.gateway.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * An older journal that an operator accepted. Checkpoints of events after its end that were recorded before do not apply to it any
 * more; what verifies the journal shows the acceptance instead.
 *
 * @param at when it was accepted
 * @param streams the last position of each stream then
 */
record JournalAcceptance(Instant at, Map<String, Long> streams) {
    /** Header with the acceptances, a line each: the time, then {@code STREAM:SEQ …}. */
    private static final String HEADER = "accepted";
    /** Header with the number of the last owner when the journal was accepted last; owners since have greater ones. */
    private static final String FENCE = "accepted_fence";

    JournalAcceptance {
        streams = Map.copyOf(streams);
    }

    /** Whether the acceptance gave up the event that {@code checkpoint} has. */
    boolean excuses(JournalCheckpoint checkpoint) {
        return checkpoint.at().isBefore(at) && checkpoint.head().seq() > streams.getOrDefault(checkpoint.stream(), 0L);
    }

    @Override
    public String toString() {
        return "an older journal was accepted at " + at + ", with "
                + (streams.isEmpty()
                        ? "no event"
                        : new TreeMap<>(streams)
                                .entrySet().stream()
                                        .map(it -> it.getKey() + " ending at " + it.getValue())
                                        .collect(Collectors.joining(", ")));
    }

    /**
     * Records it.
     *
     * @param fence greater than or equal to the number of every owner before
     */
    static void record(Connection connection, JournalAcceptance acceptance, long fence) throws SQLException {
        String line = new TreeMap<>(acceptance.streams())
                .entrySet().stream()
                        .map(it -> " " + it.getKey() + ":" + it.getValue())
                        .collect(Collectors.joining("", acceptance.at().toString(), "\n"));
        Schema.setHeader(connection, HEADER, Schema.header(connection, HEADER).orElse("") + line);
        Schema.setHeader(connection, FENCE, Long.toString(fence));
        JournalRefusal.settle(connection);
    }

    /**
     * Whether the journal was accepted after {@code recorded} was, in whichever folder: what is recorded there and missing in it was
     * given up, for all gateways.
     */
    static boolean gaveUp(JournalPosition recorded, Connection connection) throws SQLException {
        return recorded.journal().equals(Schema.header(connection, Schema.ID))
                && Schema.header(connection, FENCE)
                        .filter(fence -> recorded.fence() <= Long.parseLong(fence))
                        .isPresent();
    }

    static List<JournalAcceptance> all(Connection connection) throws SQLException {
        var all = new ArrayList<JournalAcceptance>();
        for (String line : Schema.header(connection, HEADER).orElse("").lines().toList()) {
            String[] words = line.split(" ");
            Map<String, Long> streams = new TreeMap<>();
            for (int i = 1; i < words.length; i++) {
                int colon = words[i].lastIndexOf(':');
                streams.put(words[i].substring(0, colon), Long.parseLong(words[i].substring(colon + 1)));
            }
            all.add(new JournalAcceptance(Instant.parse(words[0]), streams));
        }
        return all;
    }
}
