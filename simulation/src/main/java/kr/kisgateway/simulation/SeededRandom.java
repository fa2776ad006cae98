package kr.kisgateway.simulation;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Random numbers from the seed. Each part of the world has its own generator, so a further draw in one does not affect
 * another.
 */
final class SeededRandom {
    private final SplittableRandom random;

    SeededRandom(long seed) {
        this(new SplittableRandom(seed));
    }

    private SeededRandom(SplittableRandom random) {
        this.random = random;
    }

    SeededRandom split() {
        return new SeededRandom(random.split());
    }

    SplittableRandom random() {
        return random;
    }

    /** True with probability {@code p}. */
    boolean chance(double p) {
        return random.nextDouble() < p;
    }

    /** From {@code from} to {@code to}, both included. */
    int between(int from, int to) {
        return random.nextInt(from, to + 1);
    }

    Duration millis(int from, int to) {
        return Duration.ofNanos(random.nextLong(from * 1_000_000L, to * 1_000_000L + 1));
    }

    Duration micros(int from, int to) {
        return Duration.ofNanos(random.nextLong(from * 1_000L, to * 1_000L + 1));
    }

    <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** {@code count} lower-case letters. */
    String letters(int count) {
        var text = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }
}
