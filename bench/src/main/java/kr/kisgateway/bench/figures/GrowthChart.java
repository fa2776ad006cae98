package kr.kisgateway.bench.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** A picture of values by size, each relative to its value at the smallest one: flat is good. */
final class GrowthChart {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 420;
    private static final int LEFT = 60;
    private static final int LABELS = 290;
    private static final int TOP = 58;
    private static final int BOTTOM = 40;
    private static final int LABEL_HEIGHT = 17;
    private static final double TIMES_MIN = 2;
    private static final int GRID_LINES = 8;
    private static final List<String> COLOURS =
            List.of("#17476b", "#c2410c", "#2f7d4f", "#7c3aed", "#a16207", "#be185d", "#0e7490");

    private final String title;
    private final List<Line> lines = new ArrayList<>();

    private record Line(String label, SortedMap<Double, Double> times) {}

    GrowthChart(String title) {
        this.title = title;
    }

    /** @param bySize values above 0 by size, at least two */
    void add(String label, SortedMap<Double, Double> bySize) {
        double first = bySize.getOrDefault(bySize.firstKey(), 1.0);
        var times = new TreeMap<Double, Double>();
        bySize.forEach((size, value) -> times.put(size, value / first));
        lines.add(new Line(label, times));
    }

    String svg() {
        var svg = new Svg(title, WIDTH, HEIGHT);
        var sizes = new TreeSet<Double>();
        double most = TIMES_MIN;
        for (var line : lines) {
            sizes.addAll(line.times().keySet());
            for (double times : line.times().values()) most = Math.max(most, times);
        }
        int step = (int) Math.ceil(most / GRID_LINES);
        double top = Math.ceil(most / step) * step;
        int end = HEIGHT - BOTTOM;
        for (int times = 0; times <= top; times += step) {
            svg.add("<path d=\"M%d %.1f H%d\" stroke=\"%s\"/>", LEFT, y(times, top), WIDTH - LABELS, Svg.GRID);
            svg.label(LEFT - 10, y(times, top) + 4, "end", Svg.QUIET, "× " + times);
        }
        for (double size : sizes) svg.label(x(size, sizes), end + 22, "middle", Svg.QUIET, Svg.number(size));
        var order = lines.stream()
                .sorted((a, b) -> Double.compare(last(b), last(a)))
                .toList();
        double labelBottom = 0;
        for (int i = 0; i < order.size(); i++) {
            var line = order.get(i);
            var colour = COLOURS.get(i % COLOURS.size());
            var path = new StringBuilder();
            line.times()
                    .forEach((size, times) -> path.append(path.isEmpty() ? "M" : " L")
                            .append(Math.round(x(size, sizes)))
                            .append(' ')
                            .append(Math.round(y(times, top))));
            svg.add("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"3\"/>", path, colour);
            // Labels of lines that end at one place are below each other.
            labelBottom = Math.max(labelBottom + LABEL_HEIGHT, y(last(line), top) + 4);
            labelBottom = Math.min(labelBottom, end - (order.size() - 1.0 - i) * LABEL_HEIGHT);
            svg.label(WIDTH - LABELS + 10, labelBottom, "start", colour, line.label());
        }
        return svg.close();
    }

    private static double last(Line line) {
        return line.times().getOrDefault(line.times().lastKey(), 1.0);
    }

    private static double x(double size, TreeSet<Double> sizes) {
        double first = Math.log(sizes.getFirst());
        double part = sizes.size() < 2 ? 0 : (Math.log(size) - first) / (Math.log(sizes.getLast()) - first);
        return LEFT + part * (WIDTH - LABELS - LEFT);
    }

    private static double y(double times, double top) {
        return TOP + (1 - times / top) * (HEIGHT - TOP - BOTTOM);
    }
}
