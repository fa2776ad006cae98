package kr.kisgateway.gateway.cache;

import kr.kisgateway.api.quote.CacheFigures;

/**
 * Statistics of a cache since the start.
 *
 * @param name of the cached data, as in the metrics
 * @param hits requests answered from the cache
 * @param misses requests that made a call, or waited for another caller's
 * @param calls made to KIS
 * @param size entries now: answers, or bars
 */
public record CacheStats(String name, long hits, long misses, long calls, long size) {
    /** The statistics as {@code /v1/metrics/quote} answers them under the name. */
    public CacheFigures figures() {
        return new CacheFigures(hits, misses, calls, size);
    }
}
