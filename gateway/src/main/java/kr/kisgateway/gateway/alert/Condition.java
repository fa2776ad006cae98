package kr.kisgateway.gateway.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Raises an alert when a condition begins, and settles it when it has been over for a while. Used by one thread. */
public final class Condition {
    /** Subjects with an open alert; the conditions of further ones are not reported before others are over. */
    static final int OPEN_MAX = 200;

    private final AlertSource source;
    private final Duration quiet;
    /** When each open condition was met last. */
    private final Map<String, Instant> open = new HashMap<>();

    /** @param quiet for how long the condition has to be over */
    public Condition(AlertSource source, Duration quiet) {
        this.source = source;
        this.quiet = quiet;
    }

    /** The condition of {@code subject} is met, or is not. */
    public void update(String subject, boolean isMet, Instant now, Supplier<String> message) {
        Instant last = open.get(subject);
        if (isMet) {
            if (last != null || open.size() < OPEN_MAX) {
                open.put(subject, now);
            }
            if (last == null && open.containsKey(subject)) {
                source.raise(subject, message.get());
            }
        } else if (last != null && !now.isBefore(last.plus(quiet))) {
            settle(subject);
        }
    }

    /** The conditions of other subjects are not met. */
    public void retain(Set<String> subjects, Instant now) {
        List.copyOf(open.keySet()).stream()
                .filter(subject -> !subjects.contains(subject))
                .forEach(subject -> update(subject, false, now, () -> ""));
    }

    /** Nothing is reported any more. */
    public void end() {
        List.copyOf(open.keySet()).forEach(this::settle);
    }

    private void settle(String subject) {
        open.remove(subject);
        source.settle(subject);
    }
}
