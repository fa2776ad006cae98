package kr.kisgateway.gateway.redis;

import java.util.concurrent.atomic.LongAdder;
import kr.kisgateway.gateway.meter.Meters;

/** What the use of Redis counts since the start; zeros without Redis. */
public final class RedisCounters {
    final LongAdder hits = new LongAdder();
    final LongAdder misses = new LongAdder();
    final LongAdder failures = new LongAdder();

    /** Registers the meters of all caches in Redis. */
    public void bindTo(Meters meters) {
        meters.counter("redis.hits", "answers", "Answers found in Redis", hits::sum);
        meters.counter("redis.misses", "answers", "Answers not found in Redis", misses::sum);
        meters.counter("redis.failures", "commands", "Commands to Redis without an answer", failures::sum);
    }
}
