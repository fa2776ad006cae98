package kr.kisgateway.gateway.cache;

import java.time.Instant;
import kr.kisgateway.gateway.error.Refusal;

/** The result of a request shared by several callers. */
public sealed interface CachedResult<V> {
    /**
     * @param at when KIS answered
     * @param stale whether it is the last answer, because KIS does not answer now
     */
    record Found<V>(V value, Instant at, boolean stale) implements CachedResult<V> {}

    /** KIS did not answer, and there is no earlier answer. */
    record Refused<V>(Refusal refusal) implements CachedResult<V> {}
}
