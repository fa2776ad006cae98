package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Days from one to another, both included. */
public record Span(LocalDate from, LocalDate to) {
    /** The same days in as few spans as possible, in their order. */
    static List<Span> merge(List<Span> spans) {
        var sorted = new ArrayList<>(spans);
        sorted.sort(Comparator.comparing(Span::from).thenComparing(Span::to));
        var merged = new ArrayList<Span>();
        for (Span span : sorted) {
            if (!merged.isEmpty() && !span.from().isAfter(merged.getLast().to().plusDays(1))) {
                Span last = merged.removeLast();
                merged.add(new Span(last.from(), span.to().isAfter(last.to()) ? span.to() : last.to()));
            } else {
                merged.add(span);
            }
        }
        return merged;
    }

    /** The parts of this span outside {@code spans}, in order. */
    List<Span> subtract(List<Span> spans) {
        var remaining = new ArrayList<Span>();
        LocalDate cursor = from;
        for (Span span : merge(spans)) {
            if (span.to().isBefore(cursor) || span.from().isAfter(to)) {
                continue;
            }
            if (span.from().isAfter(cursor)) {
                remaining.add(new Span(cursor, span.from().minusDays(1)));
            }
            cursor = span.to().plusDays(1);
        }
        if (!cursor.isAfter(to)) {
            remaining.add(new Span(cursor, to));
        }
        return remaining;
    }

    boolean contains(LocalDate day) {
        return !day.isBefore(from) && !day.isAfter(to);
    }

    /** The part of this span from {@code first} on. */
    Optional<Span> startingFrom(LocalDate first) {
        return to.isBefore(first) ? Optional.empty() : Optional.of(from.isBefore(first) ? new Span(first, to) : this);
    }

    /** {@code spans} extended by the joined {@code gaps} that touch them. */
    static List<Span> bridge(List<Span> spans, List<Span> gaps) {
        var all = new ArrayList<>(spans);
        boolean extended = false;
        // Newest first and oldest first: a gap may touch the extension by another gap.
        for (Span gap : gaps.reversed()) {
            if (all.stream().anyMatch(span -> span.from().equals(gap.to().plusDays(1)))) {
                all.add(gap);
                extended = true;
            }
        }
        for (Span gap : gaps) {
            if (all.stream().anyMatch(span -> span.to().equals(gap.from().minusDays(1)))) {
                all.add(gap);
                extended = true;
            }
        }
        return extended ? merge(all) : spans;
    }
}
