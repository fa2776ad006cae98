package kr.kisgateway.gateway.trace;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import kr.kisgateway.gateway.trace.IncomingTrace.RemoteSpan;
import org.jspecify.annotations.Nullable;

/**
 * Trace ids in the form of W3C Trace Context (32 hexadecimal digits). New ones come from a counter through a mixing
 * function, so they need no lock and no randomness beyond the seed passed at start.
 */
public final class TraceIds {
    private static final Pattern CALLER_ID_FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern TRACEPARENT =
            Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");
    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_SPAN = "0".repeat(16);
    private static final int HEX_RADIX = 16;
    /** The flag of {@code traceparent}. */
    private static final int SAMPLED = 1;

    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final long seed;
    private final Predicate<String> isShowable;
    private final AtomicLong count = new AtomicLong();

    public TraceIds(long seed) {
        this(seed, _ -> true);
    }

    /** @param isShowable whether an id that a caller chose may be shown: it may have sent a secret as its id */
    public TraceIds(long seed, Predicate<String> isShowable) {
        this.seed = seed;
        this.isShowable = isShowable;
    }

    /** The caller's trace, when it sent a valid id, else a new one. */
    public IncomingTrace incoming(@Nullable String xTraceId, @Nullable String traceparent) {
        if (traceparent != null) {
            var match = TRACEPARENT.matcher(traceparent);
            if (match.matches() && !match.group(1).equals(NO_TRACE)) {
                var span = match.group(2);
                boolean sampled = (Integer.parseInt(match.group(3), HEX_RADIX) & SAMPLED) != 0;
                return new IncomingTrace(
                        match.group(1),
                        match.group(1),
                        span.equals(NO_SPAN) ? Optional.empty() : Optional.of(new RemoteSpan(span, sampled)));
            }
        }
        if (xTraceId == null || !CALLER_ID_FORM.matcher(xTraceId).matches()) {
            return IncomingTrace.of(next());
        }
        return new IncomingTrace(xTraceId, isShowable.test(xTraceId) ? xTraceId : next(), Optional.empty());
    }

    /** A new span id: 16 hexadecimal digits. */
    public String nextSpan() {
        var text = new char[16];
        hex(mix(seed ^ count.incrementAndGet() * GAMMA) | 1, text, 0);
        return new String(text);
    }

    /** A new trace id. */
    public String next() {
        var n = count.incrementAndGet();
        var text = new char[32];
        hex(mix(seed + n * GAMMA), text, 0);
        hex(mix(seed ^ n * GAMMA) | 1, text, 16);
        return new String(text);
    }

    private static void hex(long value, char[] text, int at) {
        for (var i = 15; i >= 0; i--) {
            text[at + i] = HEX[(int) value & 15];
            value >>>= 4;
        }
    }

    private static long mix(long z) {
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
