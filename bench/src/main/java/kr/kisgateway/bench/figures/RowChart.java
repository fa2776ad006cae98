package kr.kisgateway.bench.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/** A picture with a row for each figure. */
final class RowChart {
    private static final int WIDTH = 900;
    private static final int LABELS = 270;
    private static final int RIGHT = 30;
    private static final int ROW = 22;
    private static final int TOP = 58;
    private static final int BOTTOM = 34;

    private final String title;
    private final List<Double> ticks;
    private final DoubleUnaryOperator scale;
    private final List<Row> rows = new ArrayList<>();

    /**
     * A line between two values with dots on it.
     *
     * @param from where the line begins
     * @param dots values, in ascending order; the line ends at the last one
     * @param goal marked across the row
     */
    record Row(String label, double from, List<Double> dots, OptionalDouble goal) {
        Row {
            dots = List.copyOf(dots);
        }
    }

    private RowChart(String title, List<Double> ticks, DoubleUnaryOperator scale) {
        this.title = title;
        this.ticks = ticks;
        this.scale = scale;
    }

    /** @param ticks of the axis, ascending; larger values are at its end */
    static RowChart linear(String title, List<Double> ticks) {
        return new RowChart(title, ticks, value -> value);
    }

    /** @param ticks of the axis, ascending and above 0; values outside are at its ends */
    static RowChart logarithmic(String title, List<Double> ticks) {
        return new RowChart(title, ticks, value -> Math.log(Math.max(ticks.getFirst(), value)));
    }

    void add(Row row) {
        rows.add(row);
    }

    String svg() {
        int height = TOP + rows.size() * ROW + BOTTOM;
        var svg = new Svg(title, WIDTH, height);
        int end = height - BOTTOM;
        for (var tick : ticks) {
            svg.add("<path d=\"M%.1f %d V%d\" stroke=\"%s\"/>", x(tick), TOP - 10, end, Svg.GRID);
            svg.label(x(tick), end + 20, "middle", Svg.QUIET, Svg.number(tick));
        }
        for (int i = 0; i < rows.size(); i++) row(svg, rows.get(i), TOP + i * ROW + ROW / 2);
        return svg.close();
    }

    private void row(Svg svg, Row row, int y) {
        svg.label(LABELS - 12, y + 4, "end", Svg.TEXT, row.label());
        svg.add(
                "<path d=\"M%.1f %d H%.1f\" stroke=\"#2f6f9f\" stroke-width=\"6\" stroke-opacity=\"0.55\"/>",
                x(row.from()), y, x(row.dots().getLast()));
        for (var dot : row.dots()) svg.add("<circle cx=\"%.1f\" cy=\"%d\" r=\"4\" fill=\"#17476b\"/>", x(dot), y);
        row.goal()
                .ifPresent(goal -> svg.add(
                        "<path d=\"M%.1f %d V%d\" stroke=\"#c2410c\" stroke-width=\"3\"/>", x(goal), y - 9, y + 9));
    }

    private double x(double value) {
        double first = scale.applyAsDouble(ticks.getFirst());
        double last = scale.applyAsDouble(ticks.getLast());
        double part = Math.clamp((scale.applyAsDouble(value) - first) / (last - first), 0, 1);
        return LABELS + part * (WIDTH - LABELS - RIGHT);
    }
}
