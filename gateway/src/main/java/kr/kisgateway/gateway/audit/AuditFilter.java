package kr.kisgateway.gateway.audit;

import java.time.Instant;
import java.util.Optional;

/**
 * Which rows to find; an empty field does not narrow them.
 *
 * @param from first instant
 * @param until first instant that is not meant any more
 * @param text part of the call or of its parameters
 */
public record AuditFilter(
        Optional<Instant> from,
        Optional<Instant> until,
        Optional<AuditSource> source,
        Optional<AuditEntry.Kind> kind,
        Optional<String> principal,
        Optional<String> address,
        Optional<String> text,
        Optional<String> tr,
        Optional<String> result,
        Optional<String> traceId) {
    /** All rows. */
    public static AuditFilter all() {
        return new AuditFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The rows from {@code from} until before {@code until}. */
    public static AuditFilter between(Instant from, Instant until) {
        return new AuditFilter(
                Optional.of(from),
                Optional.of(until),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The rows of {@code source} whose call or parameters contain {@code part}. */
    public AuditFilter from(AuditSource source, String part) {
        return new AuditFilter(
                from, until, Optional.of(source), kind, principal, address, Optional.of(part), tr, result, traceId);
    }

    /** Whether a row is meant. */
    boolean accepts(AuditEntry entry) {
        return from.filter(entry.at()::isBefore).isEmpty()
                && until.filter(end -> !entry.at().isBefore(end)).isEmpty()
                && source.filter(it -> it != entry.source()).isEmpty()
                && kind.filter(it -> it != entry.kind()).isEmpty()
                && principal
                        .filter(it -> !it.equals(entry.principal()) && !it.equals(entry.key()))
                        .isEmpty()
                && address.filter(it -> !it.equals(entry.address())).isEmpty()
                && text.filter(it -> !entry.call().contains(it)
                                && !entry.parameters().contains(it))
                        .isEmpty()
                && tr.filter(it -> !java.util.List.of(entry.tr().split(",")).contains(it))
                        .isEmpty()
                && result.filter(it -> !it.equals(entry.result())).isEmpty()
                && traceId.filter(it -> !it.equals(entry.traceId())).isEmpty();
    }
}
