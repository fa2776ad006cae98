package kr.kisgateway.gateway.meter;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
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
    /** In the order of their registration. The registry itself has weak references only. */
    private final List<Registered> registered = new CopyOnWriteArrayList<>();

    private record Registered(Meter.Id id, LongSupplier value) {}

    public Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Meters that nothing outside this process reads. */
    public static Meters inMemory() {
        return new Meters(new SimpleMeterRegistry());
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

    private void add(Meter meter, LongSupplier value) {
        var id = meter.getId();
        // The registry would keep the first one and ignore this without a word.
        if (registered.stream().anyMatch(other -> other.id().equals(id))) {
            throw new IllegalStateException("two meters are " + id);
        }
        registered.add(new Registered(id, value));
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

    /** The values that {@code tag} has in the meters {@code name}, in the order of their registration. */
    public List<String> tagValues(String name, String tag) {
        return registered.stream()
                .map(Registered::id)
                .filter(id -> id.getName().equals(name))
                .map(id -> String.valueOf(id.getTag(tag)))
                .toList();
    }

    /** The registry, for what exports it. */
    public MeterRegistry registry() {
        return registry;
    }
}
