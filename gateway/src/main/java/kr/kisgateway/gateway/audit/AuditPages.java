package kr.kisgateway.gateway.audit;

import java.time.YearMonth;
import java.util.List;
import java.util.Optional;

/** Recent rows, page by page: of a data folder, or of all gateways that share a database. */
public interface AuditPages {
    /**
     * A page.
     *
     * @param rows the newest first
     * @param next cursor of the next page; empty on the last one
     * @param sealedThrough the last month that is in a sealed file, which is not searched
     */
    record Page(List<Found> rows, Optional<String> next, Optional<YearMonth> sealedThrough) {}

    /**
     * A row.
     *
     * @param gateway whose row it is; empty where there is one gateway
     */
    record Found(Optional<String> gateway, AuditRow row) {}

    /** A cursor is of no page. */
    final class UnknownCursorException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * At most {@code limit} rows.
     *
     * @param cursor of the page; empty for the first
     * @throws UnknownCursorException when it is of no page
     * @throws AuditException when the rows cannot be read
     */
    Page recent(AuditFilter filter, Optional<String> cursor, int limit);
}
