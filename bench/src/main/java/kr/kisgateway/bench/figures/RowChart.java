package kr.kisgateway.bench.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/**
 * A picture with a row for each figure, as SVG. It is written as text: the libraries for charts measure their labels with fonts of the
 * system, which servers do not have.
 */
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

    /** @param ticks of the axis, ascending; it ends at the last one */
    static RowChart linear(String title, List<Double> ticks) {
        return new RowChart(title, ticks, value -> value);
    }

    /** @param ticks of the axis, ascending and above 0 */
    static RowChart logarithmic(String title, List<Double> ticks) {
        return new RowChart(title, ticks, value -> Math.log(Math.max(ticks.getFirst(), value)));
    }

    void add(Row row) {
        rows.add(row);
    }

    String svg() {
        int height = TOP + rows.size() * ROW + BOTTOM;
        var svg = new StringBuilder();
        line(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" font-family=\"sans-serif\" font-size=\"13\">",
                WIDTH,
                height);
        line(svg, "<title>%s</title>", escape(title));
        // On dark pages, too: an image does not inherit the colours of its page.
        line(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, height);
        line(svg, "<text x=\"12\" y=\"24\" font-size=\"15\" fill=\"#1f2933\">%s</text>", escape(title));
        int end = height - BOTTOM;
        for (var tick : ticks) {
            line(
                    svg,
                    "<path d=\"M%.1f %d V%d\" stroke=\"#d5dbe1\"/><text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#52606d\">%s</text>",
                    x(tick),
                    TOP - 10,
                    end,
                    x(tick),
                    end + 20,
                    number(tick));
        }
        for (int i = 0; i < rows.size(); i++) row(svg, rows.get(i), TOP + i * ROW + ROW / 2);
        return svg.append("</svg>\n").toString();
    }

    private void row(StringBuilder svg, Row row, int y) {
        double last = row.dots().getLast();
        line(
                svg,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#1f2933\">%s</text>",
                LABELS - 12,
                y + 4,
                escape(row.label()));
        line(
                svg,
                "<path d=\"M%.1f %d H%.1f\" stroke=\"#2f6f9f\" stroke-width=\"6\" stroke-opacity=\"0.55\"/>",
                x(row.from()),
                y,
                x(last));
        for (var dot : row.dots()) line(svg, "<circle cx=\"%.1f\" cy=\"%d\" r=\"4\" fill=\"#17476b\"/>", x(dot), y);
        row.goal()
                .ifPresent(goal -> line(
                        svg,
                        "<path d=\"M%.1f %d V%d\" stroke=\"#c2410c\" stroke-width=\"3\"/>",
                        x(goal),
                        y - 9,
                        y + 9));
    }

    private double x(double value) {
        double first = scale.applyAsDouble(ticks.getFirst());
        double last = scale.applyAsDouble(ticks.getLast());
        double part = Math.clamp((scale.applyAsDouble(value) - first) / (last - first), 0, 1);
        return LABELS + part * (WIDTH - LABELS - RIGHT);
    }

    private static void line(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%,.0f", value) : Double.toString(value);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
