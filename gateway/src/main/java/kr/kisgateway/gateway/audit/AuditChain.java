package kr.kisgateway.gateway.audit;

import java.util.List;

/** Rows of which each has a hash of the one before, and signatures of some of these hashes. */
interface AuditChain {
    /** At most {@code limit} rows after the row {@code after}, oldest first. */
    List<AuditRow> rowsAfter(long after, int limit);

    /** At most {@code limit} signatures from the row {@code from} on, oldest first. */
    List<AuditCheckpoint> checkpointsFrom(long from, int limit);
}
