package kr.kisgateway.gateway.ask;

import kr.kisgateway.gateway.json.JsonBuffer;

/**
 * What a cache did since the start.
 *
 * @param name of what it keeps, as the metrics call it
 * @param hits questions it answered
 * @param misses questions for which somebody else was asked, or the answer of somebody else's call was waited for
 * @param calls made to KIS
 * @param size what it holds now: answers, or bars
 */
public record CacheStats(String name, long hits, long misses, long calls, long size) {
    /** Appends them as a member of an object. */
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
