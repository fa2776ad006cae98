package kr.kisgateway.gateway.journal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A gateway refused the journal in the database, because its folder recorded more: no other gateway, whose folder recorded less, goes on
 * with it either, until a person accepts it.
 *
 * @param fence the number of the last owner that the folder recorded
 * @param missing what the journal lacks, as a sentence
 */
record JournalRefusal(long fence, String missing) {
    private static final String FENCE = "refused_fence";
    private static final String MISSING = "refused_missing";

    /** The refusal that no acceptance followed. */
    static Optional<JournalRefusal> standing(Connection connection) throws SQLException {
        Optional<String> fence = Schema.header(connection, FENCE);
        Optional<String> missing = Schema.header(connection, MISSING);
        return fence.map(Long::parseLong)
                .filter(number -> number > 0)
                .map(number -> new JournalRefusal(number, missing.orElse("")));
    }

    /** Records it, for the other gateways. */
    void record(Connection connection) throws SQLException {
        long before = standing(connection).map(JournalRefusal::fence).orElse(0L);
        Schema.setHeader(connection, FENCE, Long.toString(Math.max(Math.max(fence, before), 1)));
        Schema.setHeader(connection, MISSING, missing);
    }

    /** A person accepted the journal as it is. */
    static void settle(Connection connection) throws SQLException {
        if (standing(connection).isPresent()) {
            Schema.setHeader(connection, FENCE, "0");
        }
    }
}
