package kr.kisgateway.gateway.audit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** All rows of one gateway's audit. */
public interface AuditRows {
    /**
     * Passes all rows that {@code filter} accepts to {@code reader}, the oldest first.
     *
     * @return how many there are
     * @throws AuditException when they cannot be read
     */
    long all(AuditFilter filter, Consumer<AuditRow> reader);

    /** The last {@code limit} rows that {@code filter} accepts, the oldest first. */
    default List<AuditRow> last(AuditFilter filter, int limit) {
        var last = new ArrayDeque<AuditRow>();
        all(filter, row -> {
            if (last.size() == limit) {
                last.removeFirst();
            }
            last.addLast(row);
        });
        return new ArrayList<>(last);
    }
}
