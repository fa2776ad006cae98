package kr.kisgateway.gateway.cache;

import kr.kisgateway.gateway.json.JsonBuffer;

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
    /** Appends the statistics as a member of an object. */
    public void write(JsonBuffer json) {
        json.name(name)
                .beginObject()
                .field("hits", hits)
                .field("misses", misses)
                .field("calls", calls)
                .field("size", size)
                .endObject();
    }
}
