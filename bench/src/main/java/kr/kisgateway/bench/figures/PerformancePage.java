package kr.kisgateway.bench.figures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kr.kisgateway.bench.result.BenchException;

/**
 * The tables and pictures of the page of performance, written from the stored runs. The rest of the page explains them and is written by
 * hand; each missed bar has to be explained there, below {@value #EXPLANATIONS}, in a line that begins with {@code - **name**}, or
 * with the name of all its loads.
 */
public final class PerformancePage {
    /** The page, in the project. */
    public static final Path FILE = Path.of("docs", "PERFORMANCE.md");

    private static final String BEGIN = "<!-- written by ./kis bench report -->";
    private static final String EXPLANATIONS = "\n## Bottlenecks\n";
    private static final String END = "<!-- end of what ./kis bench report writes -->";
    private static final Path RATIOS = StoredRun.FOLDER.resolve("ratios.svg");
    private static final Path LATENCIES = StoredRun.FOLDER.resolve("latencies.svg");
    private static final List<GrowthPicture> GROWTH = List.of(
            new GrowthPicture(
                    "orders", "growth.", "growth.svg", "the number of orders, each relative to the smallest journal"),
            new GrowthPicture(
                    "bars",
                    "growth.bars.",
                    "growth-bars.svg",
                    "the number of stocks that have bars, each relative to the fewest"),
            new GrowthPicture(
                    "ticks",
                    "growth.ticks.",
                    "growth-ticks.svg",
                    "the days of recorded trades, each relative to the fewest"));
    private static final List<Double> RATIO_AXIS = List.of(0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2);
    private static final List<Double> LATENCY_AXIS = List.of(0.01, 0.1, 1.0, 10.0, 100.0, 1_000.0);
    private static final List<String> PERCENTILES = List.of("p50", "p90", "p99", "p99.9");
    private static final Pattern SIZE = Pattern.compile("[1-9][0-9,]*");
    private static final Pattern RELATIVE = Pattern.compile("≥ (0\\.\\d+|1) of .*");

    private final Path home;
    private final List<Entry> entries;
    private final List<String> withoutRun;

    /** A figure and the run in which it was measured. */
    private record Entry(StoredRun run, StoredRun.Figure figure) {}

    private PerformancePage(Path home, List<Entry> entries, List<String> withoutRun) {
        this.home = home;
        this.entries = entries;
        this.withoutRun = withoutRun;
    }

    /**
     * The page of the runs that a project has stored; a figure that several have is the one of the latest.
     *
     * @param benches all that there are, with the names of their profiles
     */
    public static PerformancePage of(Path home, Map<String, List<String>> benches) throws IOException {
        Map<String, Entry> latest = new TreeMap<>();
        for (var run : StoredRun.all(home).stream()
                .sorted(Comparator.comparing(StoredRun::measured))
                .toList()) {
            for (var figure : run.figures()) latest.put(figure.name(), new Entry(run, figure));
        }
        return new PerformancePage(home, List.copyOf(latest.values()), withoutRun(home, benches));
    }

    /** The commands of which no run is stored, neither by themselves nor with all profiles of their bench. */
    private static List<String> withoutRun(Path home, Map<String, List<String>> benches) {
        List<String> commands = new ArrayList<>();
        benches.forEach((bench, profiles) -> {
            if (isStored(home, bench, "")) return;
            if (profiles.stream().noneMatch(profile -> isStored(home, bench, profile))) {
                commands.add(bench);
                return;
            }
            profiles.stream()
                    .filter(profile -> !isStored(home, bench, profile))
                    .forEach(profile -> commands.add(bench + " " + profile));
        });
        return commands;
    }

    private static boolean isStored(Path home, String bench, String profile) {
        return Files.exists(home.resolve(StoredRun.file(bench, profile)));
    }

    /**
     * Writes the tables into the page, and the pictures beside it.
     *
     * @return names of missed bars that the page does not explain
     */
    public List<String> write() throws IOException {
        var file = home.resolve(FILE);
        var page = Files.readString(file);
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin)
            throw new BenchException(file + " has no lines \"" + BEGIN + "\" and \"" + END + "\"");
        int explanations = page.indexOf(EXPLANATIONS, end);
        var explained = explanations < 0 ? "" : page.substring(explanations);
        var unexplained = entries.stream()
                .map(Entry::figure)
                .filter(figure -> figure.bars().stream().anyMatch(bar -> !bar.isMet()))
                .map(StoredRun.Figure::name)
                .filter(name -> !isExplained(explained, name))
                .toList();
        Files.createDirectories(home.resolve(StoredRun.FOLDER));
        Files.writeString(home.resolve(RATIOS), ratios().svg());
        Files.writeString(home.resolve(LATENCIES), latencies().svg());
        for (var picture : GROWTH) {
            Files.writeString(home.resolve(picture.file()), growth(picture).svg());
        }
        Files.writeString(file, page.substring(0, begin) + BEGIN + "\n" + tables(unexplained) + page.substring(end));
        return unexplained;
    }

    /** By a line of its own, or by one for all loads of the figure: {@code stream.allocated} for {@code stream.allocated.50x1000}. */
    private static boolean isExplained(String explanations, String name) {
        String ofAllLoads = name.substring(0, name.lastIndexOf('.'));
        return hasLine(explanations, name) || ofAllLoads.contains(".") && hasLine(explanations, ofAllLoads);
    }

    private static boolean hasLine(String explanations, String name) {
        return explanations.contains("\n- **" + name + "**");
    }

    private String tables(List<String> unexplained) {
        var barred = entries.stream()
                .filter(entry -> !entry.figure().bars().isEmpty())
                .toList();
        long bars =
                barred.stream().mapToLong(entry -> entry.figure().bars().size()).sum();
        long missed = barred.stream()
                .flatMap(entry -> entry.figure().bars().stream())
                .filter(bar -> !bar.isMet())
                .count();
        var text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "\n%d bars, %d of them met. Why the others are missed: [Bottlenecks](#bottlenecks). Load: processes that ran in the minute before.\n\n",
                bars,
                bars - missed));
        text.append(
                "| figure | bar | measured | | value | floor | ratio | command | commit | day | load |\n|---|---|---|---|---|---|---|---|---|---|---|\n");
        for (var entry : barred) {
            boolean isFirst = true;
            for (var bar : entry.figure().bars()) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s`%s` | %s | %s | %s | %s | %s |\n",
                        isFirst ? "<a id=\"" + entry.figure().name() + "\"></a>" : "", // what other pages link to
                        entry.figure().name(),
                        bar.wanted(),
                        number(bar.value()),
                        bar.isMet()
                                ? "met"
                                : unexplained.contains(entry.figure().name())
                                        ? "**missed**, not explained"
                                        : "**missed**",
                        values(entry.figure()),
                        origin(entry.run())));
                isFirst = false;
            }
        }
        text.append("\n![Rates relative to their floors](figures/ratios.svg)\n\n![Latencies](figures/latencies.svg)\n");
        for (var picture : GROWTH) {
            text.append("\n![Growth of " + picture.what() + "](figures/" + picture.name() + ")\n");
        }
        text.append(
                "\nFigures without a bar:\n\n| figure | value | floor | ratio | command | commit | day | load |\n|---|---|---|---|---|---|---|---|\n");
        for (var entry : entries) {
            if (!entry.figure().bars().isEmpty()) continue;
            text.append(String.format(
                    Locale.ROOT,
                    "| `%s` | %s | %s |\n",
                    entry.figure().name(),
                    values(entry.figure()),
                    origin(entry.run())));
        }
        var commands = new TreeMap<String, SortedSet<String>>();
        for (var entry : entries) {
            commands.computeIfAbsent(entry.run().machine(), _ -> new TreeSet<>())
                    .add("`" + entry.run().command() + "`");
        }
        commands.forEach((machine, each) -> text.append("\nOn ")
                .append(machine)
                .append(" cores: ")
                .append(String.join(", ", each))
                .append(".\n"));
        if (!withoutRun.isEmpty()) {
            text.append("\nWithout a stored run: ")
                    .append(withoutRun.stream()
                            .map(words -> "`./kis bench " + words + "`")
                            .collect(Collectors.joining(", ")))
                    .append(". Their bars are not counted.\n");
        }
        return text.append('\n').toString();
    }

    private static String values(StoredRun.Figure figure) {
        var floor = figure.floor();
        return number(figure.value()) + " " + figure.unit() + " | "
                + (floor.isPresent() ? number(floor.getAsDouble()) : "") + " | "
                + (figure.ratio().isPresent()
                        ? String.format(Locale.ROOT, "%.2f", figure.ratio().getAsDouble())
                        : "");
    }

    private static String origin(StoredRun run) {
        return "`" + run.command() + "` | " + run.commit() + " | "
                + run.measured().atZone(ZoneOffset.UTC).toLocalDate() + " | "
                + String.format(Locale.ROOT, "%.1f", run.load());
    }

    /** Rates relative to their floors, with the bar of those that have one. */
    private RowChart ratios() {
        var chart = RowChart.linear("Rates relative to their floors; the red line is the bar", RATIO_AXIS);
        for (var entry : entries) {
            var figure = entry.figure();
            if (figure.ratio().isEmpty() || !figure.unit().endsWith("/s")) continue;
            var goal = figure.bars().stream()
                    .map(bar -> RELATIVE.matcher(bar.wanted()))
                    .filter(matcher -> matcher.matches())
                    .mapToDouble(matcher -> Double.parseDouble(matcher.group(1)))
                    .findFirst();
            chart.add(new RowChart.Row(figure.name(), 0, List.of(figure.ratio().getAsDouble()), goal));
        }
        return chart;
    }

    /** Percentiles of latencies in milliseconds. */
    private RowChart latencies() {
        var chart = RowChart.logarithmic("Latencies in ms: p50, p90, p99, p99.9", LATENCY_AXIS);
        for (var entry : entries) {
            var figure = entry.figure();
            if (!figure.unit().equals("ms")) continue;
            var dots = new ArrayList<Double>();
            for (var name : PERCENTILES) {
                var value = figure.percentiles().get(name);
                if (value != null) dots.add(value);
            }
            if (dots.size() < PERCENTILES.size()) continue;
            chart.add(new RowChart.Row(figure.name(), dots.getFirst(), dots, OptionalDouble.empty()));
        }
        return chart;
    }

    /**
     * What grows with a quantity.
     *
     * @param prefix of its figures; those of a longer prefix belong to that picture
     * @param quantity for the title
     */
    private record GrowthPicture(String what, String prefix, String name, String quantity) {
        Path file() {
            return StoredRun.FOLDER.resolve(name);
        }

        boolean shows(String figure) {
            return figure.startsWith(prefix)
                    && GROWTH.stream()
                            .noneMatch(other ->
                                    other.prefix.length() > prefix.length() && figure.startsWith(other.prefix));
        }
    }

    /** The figures of a picture whose further ones are those of sizes. */
    private GrowthChart growth(GrowthPicture picture) {
        var chart = new GrowthChart("Growth with " + picture.quantity());
        for (var entry : entries) {
            var figure = entry.figure();
            if (!picture.shows(figure.name())) continue;
            var bySize = new TreeMap<Double, Double>();
            figure.percentiles().forEach((size, value) -> {
                if (value > 0 && SIZE.matcher(size).matches()) bySize.put(Double.valueOf(size.replace(",", "")), value);
            });
            if (bySize.size() > 1) {
                chart.add(figure.name().substring(picture.prefix().length()), bySize);
            }
        }
        return chart;
    }

    private static String number(double value) {
        if (Math.abs(value) >= 1_000) return String.format(Locale.ROOT, "%,.0f", value);
        if (value == Math.rint(value)) return String.format(Locale.ROOT, "%.0f", value);
        return String.format(
                Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : Math.abs(value) >= 1 ? "%.2f" : "%.3f", value);
    }
}
