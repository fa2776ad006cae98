package kr.kisgateway.gateway.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** How much a counter has grown within a time that has just passed, by a sample each second. Used by one thread. */
final class CounterWindow {
    /** No window is longer. */
    static final Duration LONGEST = Duration.ofHours(1);

    /** One each second of {@link #LONGEST}, and the one before. */
    private static final int SAMPLES_MAX = (int) LONGEST.toSeconds() + 1;

    private record Sample(Instant at, long value) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    /** A counter that is zero before its first sample. */
    CounterWindow() {
        samples.add(new Sample(Instant.MIN, 0));
    }

    /** Takes the counter's value at {@code now}, which never goes back. */
    void sample(long value, Instant now) {
        samples.addLast(new Sample(now, value));
        Instant oldest = now.minus(LONGEST);
        while (samples.size() > SAMPLES_MAX || hasSecondUpTo(oldest)) {
            samples.removeFirst();
        }
    }

    /** Whether the first sample is not needed to know the value at {@code time}. */
    private boolean hasSecondUpTo(Instant time) {
        return samples.stream()
                .skip(1)
                .findFirst()
                .filter(it -> !it.at().isAfter(time))
                .isPresent();
    }

    /** The growth within {@code window} before the last sample. */
    long growth(Duration window) {
        Sample last = samples.getLast();
        Instant begin = last.at().equals(Instant.MIN) ? Instant.MIN : last.at().minus(window);
        long before = samples.getFirst().value();
        for (Sample sample : samples) {
            if (sample.at().isAfter(begin)) {
                break;
            }
            before = sample.value();
        }
        return last.value() - before;
    }

    int size() {
        return samples.size();
    }
}
