package kr.kisgateway.gateway.ask;

import java.time.Instant;
import kr.kisgateway.gateway.error.Refusal;

/** What somebody gets who asks for something that others ask for too. */
public sealed interface CachedResult<V> {
    /**
     * @param at when KIS said it
     * @param stale whether it is the last thing that KIS said, because it does not answer now
     */
    record Found<V>(V value, Instant at, boolean stale) implements CachedResult<V> {}

    /** KIS did not answer, and there is nothing that it said before. */
    record Refused<V>(Refusal refusal) implements CachedResult<V> {}
}
