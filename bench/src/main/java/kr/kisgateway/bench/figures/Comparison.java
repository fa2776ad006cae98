package kr.kisgateway.bench.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A new run beside a stored one. Figures with a floor are compared relative to it, because the machines may differ; one has fallen when it
 * is worse by more than the noise: the span of five rounds of the run where it is wider.
 *
 * @param lines of the figures of the stored run
 */
public record Comparison(List<Line> lines) {
    /** Fewer rounds show no noise. */
    static final int ROUNDS_MIN = 5;

    public Comparison {
        lines = List.copyOf(lines);
    }

    /** How a figure has changed. */
    public enum Verdict {
        FALLEN,
        /** The new run has no such figure. */
        MISSING,
        WITHIN_NOISE,
        BETTER,
        /** A run has fewer than five rounds, only one has a floor, or without one they are of different machines. */
        NOT_JUDGED
    }

    /**
     * @param before the middle round of the stored run; for one that is not judged, its value
     * @param noise in the unit of both
     */
    public record Line(String name, double before, double now, double noise, Verdict verdict) {}

    public static Comparison of(StoredRun before, StoredRun now) {
        var lines = new ArrayList<Line>();
        for (var old : before.figures()) {
            lines.add(now.figures().stream()
                    .filter(each -> each.name().equals(old.name()))
                    .findFirst()
                    .map(each -> line(old, each, before.machine().equals(now.machine())))
                    .orElseGet(() -> new Line(old.name(), old.value(), 0, 0, Verdict.MISSING)));
        }
        return new Comparison(lines);
    }

    /** Whether a figure is worse by more than the noise, or missing. */
    public boolean isFallen() {
        return lines.stream()
                .map(Line::verdict)
                .anyMatch(verdict -> verdict == Verdict.FALLEN || verdict == Verdict.MISSING);
    }

    /** Whether any figure could be judged. */
    public boolean isJudged() {
        return lines.stream().anyMatch(line -> line.verdict() != Verdict.NOT_JUDGED);
    }

    /** One line for each figure. */
    public String describe() {
        var text = new StringBuilder("compared with the stored run\n");
        for (var line : lines) {
            text.append(String.format(
                    Locale.ROOT,
                    "  %-12s %-28s %,.3f, before %,.3f, noise %,.3f%n",
                    line.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    line.name(),
                    line.now(),
                    line.before(),
                    line.noise()));
        }
        return text.toString();
    }

    private static Line line(StoredRun.Figure before, StoredRun.Figure now, boolean sameMachine) {
        boolean isAlike = before.floor().isPresent()
                ? now.floor().isPresent()
                : now.floor().isEmpty() && sameMachine;
        if (!isAlike || before.rounds().size() < ROUNDS_MIN || now.rounds().size() < ROUNDS_MIN) {
            return new Line(before.name(), before.value(), now.value(), 0, Verdict.NOT_JUDGED);
        }
        double was = middle(before.rounds());
        double is = middle(now.rounds());
        double noise = Math.max(span(before.rounds()), span(now.rounds()));
        double worse = before.isLessBetter() ? is - was : was - is;
        var verdict = worse > noise ? Verdict.FALLEN : worse < -noise ? Verdict.BETTER : Verdict.WITHIN_NOISE;
        return new Line(before.name(), was, is, noise, verdict);
    }

    private static double middle(List<Double> rounds) {
        return rounds.stream().sorted().toList().get((rounds.size() - 1) / 2);
    }

    private static double span(List<Double> rounds) {
        // The extremes of many rounds are further apart than those of five: as many are left out on both sides.
        var sorted = rounds.stream().sorted().toList();
        int leftOut = sorted.size() / (ROUNDS_MIN + 1);
        return sorted.get(sorted.size() - 1 - leftOut) - sorted.get(leftOut);
    }
}
