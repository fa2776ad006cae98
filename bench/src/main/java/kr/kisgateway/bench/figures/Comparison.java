package kr.kisgateway.bench.figures;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * A new run beside a stored one. Figures with a floor are compared relative to it, because the machines may differ; one has fallen when it
 * is worse by more than the noise: the widest span of the rounds of either run.
 *
 * @param lines of the figures that both runs have
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
        WITHIN_NOISE,
        BETTER,
        /** One of the runs has fewer than five rounds, or only one of them a floor. */
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
            now.figures().stream()
                    .filter(each -> each.name().equals(old.name()))
                    .findFirst()
                    .ifPresent(each -> lines.add(line(old, each)));
        }
        return new Comparison(lines);
    }

    /** Whether a figure is worse by more than the noise. */
    public boolean isFallen() {
        return lines.stream().anyMatch(line -> line.verdict() == Verdict.FALLEN);
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

    private static Line line(StoredRun.Figure before, StoredRun.Figure now) {
        boolean isAlike = before.floor().isPresent() == now.floor().isPresent();
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
        return Collections.max(rounds) - Collections.min(rounds);
    }
}
