package kr.kisgateway.api.audit;

import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.api.call.ApiCall;

/** The calls about the audit (administrator). */
public final class AuditCalls {
    private AuditCalls() {}

    /**
     * Which rows to list; an empty field does not narrow the list.
     *
     * @param from first day, or instant with offset
     * @param to last day, or first instant with offset that is not meant
     * @param source {@code api}, {@code face}, {@code kis} or {@code gateway}
     * @param kind {@code call}, {@code minute} or {@code report}
     * @param principal name of a key, or its displayable part
     * @param text part of the call or its parameters
     * @param limit at most 1,000; without one 100
     * @param cursor {@code next_cursor} of the page before
     */
    public record Query(
            Optional<String> from,
            Optional<String> to,
            Optional<String> source,
            Optional<String> kind,
            Optional<String> principal,
            Optional<String> address,
            Optional<String> text,
            Optional<String> tr,
            Optional<String> result,
            Optional<String> traceId,
            OptionalInt limit,
            Optional<String> cursor) {
        /** The newest rows. */
        public static Query newest() {
            return new Query(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    OptionalInt.empty(),
                    Optional.empty());
        }
    }

    /** One page of the audit, the newest row first. */
    public static ApiCall<AuditPage> audit(Query query) {
        return ApiCall.get(
                        new ApiCall.Path("/v1/audit")
                                .with("from", query.from())
                                .with("to", query.to())
                                .with("source", query.source())
                                .with("kind", query.kind())
                                .with("principal", query.principal())
                                .with("address", query.address())
                                .with("text", query.text())
                                .with("tr", query.tr())
                                .with("result", query.result())
                                .with("trace_id", query.traceId())
                                .with("limit", query.limit())
                                .with("cursor", query.cursor())
                                .toString(),
                        AuditPage.class)
                .forOperator();
    }
}
