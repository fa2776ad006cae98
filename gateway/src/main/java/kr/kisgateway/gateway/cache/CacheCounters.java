package kr.kisgateway.gateway.cache;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import kr.kisgateway.gateway.meter.Meters;

/** What a cache counts since the start. */
public final class CacheCounters {
    /** Tag with the name of the cached data. */
    public static final String TAG = "cache";

    /** Requests answered from the cache. */
    public final LongAdder hits = new LongAdder();
    /** Requests that made a call, or waited for another caller's. */
    public final LongAdder misses = new LongAdder();
    /** Calls to the broker. */
    public final LongAdder calls = new LongAdder();

    /**
     * Registers the meters of a cache.
     *
     * @param name of the cached data
     * @param size entries now: answers, or bars
     * @param used the same in what bounds the cache
     * @param limit the bound
     */
    public void bindTo(Meters meters, String name, LongSupplier size, LongSupplier used, long limit) {
        meters.counter("cache.hits", "requests", "Requests answered from the cache", hits::sum, TAG, name);
        meters.counter(
                "cache.misses", "requests", "Requests that made a call or waited for one", misses::sum, TAG, name);
        meters.counter("cache.calls", "calls", "Calls to the broker", calls::sum, TAG, name);
        meters.gauge("cache.size", "entries", "Cached answers, or bars", size, TAG, name);
        meters.cacheLimit(name, used, limit);
    }
}
