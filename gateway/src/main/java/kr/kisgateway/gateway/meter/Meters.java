package kr.kisgateway.gateway.meter;

import com.github.benmanes.caffeine.cache.Cache;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * All meters of a gateway, in one Micrometer registry. A capability counts in a {@code LongAdder} of its own and registers it
 * here once, before anything starts: counting costs what it cost without a registry, and figures are read on request only.
 *
 * <p>A name has dots between its words, a base unit and no more tags than the table docs/METRICS.md names; a tag has a
 * few values, all known at the start, and never a symbol, a key or an address.
 */
public final class Meters {
    /** Unit of a meter that is 1 or 0. */
    public static final String FLAG = "";

    private final MeterRegistry registry;
    private final Optional<PrometheusMeterRegistry> exported;
    private final ReentrantLock lock = new ReentrantLock();
    /** In the order of their registration, with what they read: the registry itself has weak references only. */
    private final Map<Meter.Id, LongSupplier> registered = new LinkedHashMap<>();

    private Meters(MeterRegistry registry, Optional<PrometheusMeterRegistry> exported) {
        this.registry = registry;
        this.exported = exported;
    }

    /** Meters that nothing outside this process reads. */
    public static Meters inMemory() {
        return new Meters(new SimpleMeterRegistry(), Optional.empty());
    }

    /** Meters that {@link #scrape} writes for Prometheus. */
    public static Meters forPrometheus() {
        var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().namingConvention(new PrometheusNames());
        return new Meters(registry, Optional.of(registry));
    }

    /**
     * All values now, in a format that {@code accept}, a header as Prometheus sends it, allows.
     *
     * @throws java.util.NoSuchElementException of meters that are not for Prometheus
     */
    Exposition scrape(String accept) {
        return Exposition.of(exported.orElseThrow(), accept);
    }

    /**
     * Registers a count since the start.
     *
     * @param name words with dots in between
     * @param unit plural
     * @param count never decreases
     * @param tags names and values in turn
     */
    public void counter(String name, String unit, String description, LongSupplier count, String... tags) {
        var builder = FunctionCounter.builder(name, count, LongSupplier::getAsLong);
        add(builder.baseUnit(unit).description(description).tags(tags).register(registry), count);
    }

    /** Registers a current value; the parameters are those of {@link #counter}. */
    public void gauge(String name, String unit, String description, LongSupplier value, String... tags) {
        var builder = Gauge.builder(name, value, LongSupplier::getAsLong);
        if (!unit.equals(FLAG)) {
            builder.baseUnit(unit);
        }
        add(builder.description(description).tags(tags).register(registry), value);
    }

    /**
     * Registers a queue and its bound.
     *
     * @param waiting what waits now
     */
    public void queue(String queue, LongSupplier waiting, long limit) {
        gauge("queue.waiting", "entries", "What waits in a queue", waiting, "queue", queue);
        gauge("queue.limit", "entries", "What a queue takes at most", () -> limit, "queue", queue);
    }

    /** Registers what is in use of something that there is a bounded number of. */
    public void resource(String resource, LongSupplier used, long limit) {
        gauge("resource.used", "entries", "What is in use of a bounded resource", used, "resource", resource);
        gauge("resource.limit", "entries", "What there is of a bounded resource", () -> limit, "resource", resource);
    }

    /** Registers how full a cache is: entries, bars or kilobytes, whatever bounds it. */
    public void cacheLimit(String cache, LongSupplier used, long limit) {
        gauge("cache.used", "units", "What a cache retains, in what bounds it", used, "cache", cache);
        gauge("cache.limit", "units", "What a cache retains at most", () -> limit, "cache", cache);
    }

    /** What a cache retains in what bounds it, expired entries excluded. */
    public static long weight(Cache<?, ?> cache) {
        cache.cleanUp();
        return cache.policy()
                .eviction()
                .map(eviction -> eviction.weightedSize().orElseGet(cache::estimatedSize))
                .orElseGet(cache::estimatedSize);
    }

    /**
     * Registers durations; the unit is the second.
     *
     * @param tags names and values in turn
     */
    public LatencyMeter latency(String name, String description, LatencyMeter.Buckets buckets, String... tags) {
        var timer = Timer.builder(name)
                .description(description)
                .tags(tags)
                .serviceLevelObjectives(buckets.bounds().toArray(Duration[]::new))
                .register(registry);
        add(timer, timer::count);
        return new LatencyMeter(timer);
    }

    private void add(Meter meter, LongSupplier value) {
        lock.lock();
        try {
            // The registry would keep the first one and ignore this without a word.
            if (registered.putIfAbsent(meter.getId(), value) != null) {
                throw new IllegalStateException("two meters are " + meter.getId());
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The value of a meter now: the sum of those that have the name and these tags.
     *
     * @throws io.micrometer.core.instrument.search.MeterNotFoundException when there is none
     */
    public long value(String name, String... tags) {
        return registry.get(name).tags(tags).meters().stream()
                .mapToLong(meter -> (long) meter.measure().iterator().next().getValue())
                .sum();
    }

    /** The sum of the meters with a name now; 0 where none is registered yet. */
    public long total(String name) {
        return registry.find(name).meters().stream()
                .mapToLong(meter -> (long) meter.measure().iterator().next().getValue())
                .sum();
    }

    /** The values that {@code tag} has in the meters {@code name}, in the order of their registration. */
    public List<String> tagValues(String name, String tag) {
        lock.lock();
        try {
            return registered.keySet().stream()
                    .filter(id -> id.getName().equals(name))
                    .map(id -> String.valueOf(id.getTag(tag)))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /** The registry, for what exports it. */
    public MeterRegistry registry() {
        return registry;
    }
}
