package kr.kisgateway.gateway.audit;

import java.time.Instant;
import kr.kisgateway.gateway.chain.HashChain;
import kr.kisgateway.gateway.chain.RowBytes;

/**
 * What a row of the audit records. Texts are bounded and have no secret.
 *
 * @param at when the call was answered, of a summary the beginning of its minute; milliseconds
 * @param principal name of the caller's key, {@code local} without one, {@code gateway} for the gateway itself; empty for a caller
 *     who was not admitted
 * @param key displayable part of the key that was presented, as {@code kgw_abcd2345}; empty without one
 * @param address IP address of the caller; {@code several} in a summary of callers at more than one
 * @param call method and path, or what the gateway reports
 * @param tr TR ids of the calls to KIS, separated by commas; empty without one
 * @param parameters masked parameters, as {@code account_id=A1 qty=3}
 * @param status HTTP status; 0 where there is none
 * @param result {@code OK}, or the code of the refusal; of a summary the most recent one
 * @param traceId the request's trace id; empty without one
 * @param calls 1, or how many calls a summary has
 * @param failed how many of them were refused or failed
 * @param cost calls to KIS
 * @param micros time from the request to its answer, of a summary the sum
 */
public record AuditEntry(
        Instant at,
        AuditSource source,
        Kind kind,
        String principal,
        String key,
        String address,
        String call,
        String tr,
        String parameters,
        int status,
        String result,
        String traceId,
        long calls,
        long failed,
        long cost,
        long micros) {
    /** {@link #result} of a call that succeeded. */
    public static final String OK = "OK";

    /** Kinds of rows. */
    public enum Kind {
        /** One call. */
        CALL,
        /** The calls of a minute with the same caller, call and TR. */
        MINUTE,
        /** A report of the gateway about itself. */
        REPORT;

        /** The word in rows and answers. */
        public String wireName() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        /** The kind called {@code name}. */
        public static java.util.Optional<Kind> of(String name) {
            return java.util.Arrays.stream(values())
                    .filter(it -> it.wireName().equals(name))
                    .findFirst();
        }
    }

    private static final int TEXT_MAX = 120;
    /** Longest {@link #parameters}. */
    static final int PARAMETERS_MAX = 1_000;

    public AuditEntry {
        at = Instant.ofEpochMilli(at.toEpochMilli());
        principal = bounded(principal, TEXT_MAX);
        key = bounded(key, TEXT_MAX);
        address = bounded(address, TEXT_MAX);
        call = bounded(call, TEXT_MAX);
        tr = bounded(tr, TEXT_MAX);
        parameters = bounded(parameters, PARAMETERS_MAX);
        result = bounded(result, TEXT_MAX);
        traceId = bounded(traceId, TEXT_MAX);
    }

    /** A report of the gateway about itself. */
    static AuditEntry report(Instant at, String what, String parameters, long count) {
        return new AuditEntry(
                at,
                AuditSource.GATEWAY,
                Kind.REPORT,
                "gateway",
                "",
                "",
                what,
                "",
                parameters,
                0,
                OK,
                "",
                count,
                0,
                0,
                0);
    }

    /** A text of at most {@code max} characters without control characters, which would break lines of a list. */
    private static String bounded(String text, int max) {
        String cut = text.length() > max ? text.substring(0, max - 1) + "…" : text;
        for (int i = 0; i < cut.length(); i++) {
            if (Character.isISOControl(cut.charAt(i)) || Character.isSurrogate(cut.charAt(i))) {
                return cut.codePoints()
                        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '?' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
        }
        return cut;
    }

    /** The hash of the row {@code seq} with this content. */
    byte[] hash(byte[] previous, long seq) {
        return HashChain.next(
                previous,
                new RowBytes()
                        .number(seq)
                        .number(at.toEpochMilli())
                        .text(source.wireName())
                        .text(kind.wireName())
                        .text(principal)
                        .text(key)
                        .text(address)
                        .text(call)
                        .text(tr)
                        .text(parameters)
                        .number(status)
                        .text(result)
                        .text(traceId)
                        .number(calls)
                        .number(failed)
                        .number(cost)
                        .number(micros)
                        .toBytes());
    }
}
