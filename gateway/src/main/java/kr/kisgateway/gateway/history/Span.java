package kr.kisgateway.gateway.history;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Days from one to another, both included. */
public record Span(LocalDate from, LocalDate to) {
    /** The same days in as few spans as possible, in their order. */
    static List<Span> joined(List<Span> spans) {
        var sorted = new ArrayList<>(spans);
        sorted.sort(Comparator.comparing(Span::from).thenComparing(Span::to));
        var joined = new ArrayList<Span>();
        for (Span span : sorted) {
            if (!joined.isEmpty() && !span.from().isAfter(joined.getLast().to().plusDays(1))) {
                Span last = joined.removeLast();
                joined.add(new Span(last.from(), span.to().isAfter(last.to()) ? span.to() : last.to()));
            } else {
                joined.add(span);
            }
        }
        return joined;
    }

    /** What of this is in none of {@code spans}, in its order. */
    List<Span> without(List<Span> spans) {
        var left = new ArrayList<Span>();
        LocalDate at = from;
        for (Span span : joined(spans)) {
            if (span.to().isBefore(at) || span.from().isAfter(to)) {
                continue;
            }
            if (span.from().isAfter(at)) {
                left.add(new Span(at, span.from().minusDays(1)));
            }
            at = span.to().plusDays(1);
        }
        if (!at.isAfter(to)) {
            left.add(new Span(at, to));
        }
        return left;
    }

    boolean has(LocalDate day) {
        return !day.isBefore(from) && !day.isAfter(to);
    }

    /** What of this is on {@code first} or later. */
    Optional<Span> since(LocalDate first) {
        return to.isBefore(first) ? Optional.empty() : Optional.of(from.isBefore(first) ? new Span(first, to) : this);
    }

    /** {@code spans} and those of the joined {@code gaps} that touch them. */
    static List<Span> bridged(List<Span> spans, List<Span> gaps) {
        var all = new ArrayList<>(spans);
        boolean grown = false;
        // Newest first and oldest first: a gap may touch what another gap has added.
        for (Span gap : gaps.reversed()) {
            if (all.stream().anyMatch(span -> span.from().equals(gap.to().plusDays(1)))) {
                all.add(gap);
                grown = true;
            }
        }
        for (Span gap : gaps) {
            if (all.stream().anyMatch(span -> span.to().equals(gap.from().minusDays(1)))) {
                all.add(gap);
                grown = true;
            }
        }
        return grown ? joined(all) : spans;
    }
}
