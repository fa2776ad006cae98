package kr.kisgateway.gateway.meter;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** How often each version of the API is called, opened streams included. Calls without a version are not counted. */
public final class ApiUsage {
    private final Map<String, Version> versions = new LinkedHashMap<>();
    private final InstantSource clock;

    private record Version(String path, LongAdder calls, AtomicLong lastMillis) {}

    /**
     * Registers the meters.
     *
     * @param paths names of the versions with the begin of their paths
     */
    public ApiUsage(Map<String, String> paths, Meters meters, InstantSource clock) {
        this.clock = clock;
        paths.forEach((name, path) -> {
            var version = new Version(path, new LongAdder(), new AtomicLong());
            versions.put(name, version);
            meters.counter(
                    "api.calls",
                    "calls",
                    "Calls of each version of the API, refused ones and opened streams included",
                    version.calls()::sum,
                    "version",
                    name);
        });
    }

    /** What counts a call of the route at {@code path}. */
    Runnable counterOf(String path) {
        Optional<Version> version = versions.values().stream()
                .filter(it -> path.startsWith(it.path()))
                .findFirst();
        return version.<Runnable>map(it -> () -> {
                    it.calls().increment();
                    it.lastMillis().setOpaque(clock.millis());
                })
                .orElse(() -> {});
    }

    /** Calls of the version {@code name} since the start. */
    public long calls(String name) {
        return of(name).calls().sum();
    }

    /** Time of the last call of the version {@code name}, epoch milliseconds; empty before the first. */
    public OptionalLong lastCallMillis(String name) {
        long millis = of(name).lastMillis().getOpaque();
        return millis == 0 ? OptionalLong.empty() : OptionalLong.of(millis);
    }

    private Version of(String name) {
        return Optional.ofNullable(versions.get(name)).orElseThrow();
    }
}
