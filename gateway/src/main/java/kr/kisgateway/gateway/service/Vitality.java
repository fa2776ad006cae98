package kr.kisgateway.gateway.service;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Which essentials show no sign of life. One thread. */
final class Vitality {
    private final List<Essential> essentials;
    private final Duration patience;
    private final LongSupplier nanos;
    private final Map<String, Sign> last = new HashMap<>();

    /** The newest sign of life: the number of turns, and when it was seen. */
    private record Sign(long turns, long at) {}

    /** @param patience how long an essential may be silent */
    Vitality(List<Essential> essentials, Duration patience, LongSupplier nanos) {
        this.essentials = List.copyOf(essentials);
        this.patience = patience;
        this.nanos = nanos;
        long now = nanos.getAsLong();
        essentials.forEach(it -> last.put(it.name(), new Sign(-1, now)));
    }

    /** Names of those that have been silent for longer than they may. */
    List<String> silent() {
        return essentials.stream().flatMap(this::silent).toList();
    }

    private Stream<String> silent(Essential essential) {
        Sign before = last.getOrDefault(essential.name(), new Sign(-1, 0));
        boolean alive = switch (essential) {
            case Essential.Loop(String _, var heartbeat) -> heartbeat.count() != before.turns();
            case Essential.Answer(String _, var answers) -> answers.getAsBoolean();
        };
        long now = nanos.getAsLong();
        if (alive) {
            last.put(essential.name(), new Sign(turns(essential), now));
            return Stream.empty();
        }
        return now - before.at() > patience.toNanos() ? Stream.of(essential.name()) : Stream.empty();
    }

    private static long turns(Essential essential) {
        return essential instanceof Essential.Loop loop ? loop.heartbeat().count() : 0;
    }
}
