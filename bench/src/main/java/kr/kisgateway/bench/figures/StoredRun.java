package kr.kisgateway.bench.figures;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.stream.Stream;
import kr.kisgateway.bench.result.BenchException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A run of one bench as it was written.
 *
 * @param command that measured it
 * @param commit of the code; with a {@code +} where files were changed, empty outside of a checkout
 * @param measured when it ended
 * @param machine its processor and cores
 * @param load runnable processes of the minute before it began
 * @param figures without the floors, which are with their results
 */
public record StoredRun(
        String command, String commit, Instant measured, String machine, double load, List<Figure> figures) {
    /** Where runs are kept, in the project. */
    public static final Path FOLDER = Path.of("docs", "figures");

    private static final String SUFFIX = ".json";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    public StoredRun {
        figures = List.copyOf(figures);
    }

    /**
     * A result.
     *
     * @param floor empty where nothing is measured beside it
     * @param percentiles of the same unit, by names such as {@code p50}
     * @param rounds the value of each round, relative to the floor's where both have as many; empty for one without rounds
     */
    public record Figure(
            String name,
            double value,
            String unit,
            OptionalDouble floor,
            SequencedMap<String, Double> percentiles,
            List<Double> rounds,
            List<Bar> bars) {
        public Figure {
            percentiles = new LinkedHashMap<>(percentiles);
            rounds = List.copyOf(rounds);
            bars = List.copyOf(bars);
        }

        /** The value relative to its floor. */
        public OptionalDouble ratio() {
            return floor.isPresent() ? OptionalDouble.of(value / floor.getAsDouble()) : OptionalDouble.empty();
        }

        /** Whether less is better: where a bar is a maximum; without a bar, for all but rates and shares. */
        public boolean isLessBetter() {
            if (!bars.isEmpty()) return !bars.getFirst().wanted().startsWith("≥");
            return !unit.endsWith("/s") && !unit.startsWith("%");
        }
    }

    /** @param wanted such as {@code ≥ 0.7 of the bare route} */
    public record Bar(double value, String wanted, boolean isMet) {}

    /** The name of a run's file. */
    public static Path file(String bench, String profile) {
        return FOLDER.resolve(bench + (profile.isEmpty() ? "" : "-" + profile) + SUFFIX);
    }

    /** All runs of a project, by the names of their files; none where nothing was stored. */
    public static List<StoredRun> all(Path home) throws IOException {
        var folder = home.resolve(FOLDER);
        if (!Files.isDirectory(folder)) return List.of();
        List<Path> files;
        try (Stream<Path> found = Files.list(folder)) {
            files = found.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
        var runs = new ArrayList<StoredRun>();
        for (var file : files) runs.add(read(file));
        return runs;
    }

    public static StoredRun read(Path file) throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (JacksonException | DateTimeParseException | CharacterCodingException e) {
            throw new BenchException(file + " is no stored run: " + e.getMessage(), e);
        }
    }

    /** @param text what {@code --json} writes */
    public static StoredRun parse(String text) {
        var root = JSON.readTree(text);
        var results = root.path("results");
        var figures = new ArrayList<Figure>();
        for (var result : results) {
            var name = result.path("name").asString("");
            if (name.endsWith(".floor")) continue;
            figures.add(figure(name, result, results));
        }
        var machine = root.path("machine");
        return new StoredRun(
                root.path("command").asString(""),
                root.path("commit").asString(""),
                Instant.parse(root.path("measured").asString("")),
                (machine.path("cpu").asString("") + " × "
                                + machine.path("cores").asInt())
                        .strip(),
                machine.path("load_average").asDouble(),
                figures);
    }

    private static Figure figure(String name, JsonNode result, JsonNode results) {
        var percentiles = new LinkedHashMap<String, Double>();
        result.path("percentiles")
                .properties()
                .forEach(each -> percentiles.put(each.getKey(), each.getValue().asDouble()));
        var bars = new ArrayList<Bar>();
        for (var bar : result.path("bars")) {
            bars.add(new Bar(
                    bar.path("value").asDouble(),
                    bar.path("wanted").asString(""),
                    bar.path("met").asBoolean()));
        }
        var floor = result.path("floor");
        return new Figure(
                name,
                result.path("value").asDouble(),
                result.path("unit").asString(""),
                floor.isNumber() ? OptionalDouble.of(floor.asDouble()) : OptionalDouble.empty(),
                percentiles,
                rounds(name, result, results),
                bars);
    }

    /** Each round relative to the floor's round beside it, where there is one. */
    private static List<Double> rounds(String name, JsonNode result, JsonNode results) {
        var own = numbers(result.path("rounds"));
        for (var floor : results) {
            if (!floor.path("name").asString("").equals(name + ".floor")) continue;
            var beside = numbers(floor.path("rounds"));
            double constant = floor.path("value").asDouble();
            if (beside.isEmpty() && constant != 0) {
                return own.stream().map(value -> value / constant).toList();
            }
            if (beside.size() != own.size() || beside.contains(0.0)) return List.of();
            var ratios = new ArrayList<Double>();
            for (int i = 0; i < own.size(); i++) ratios.add(own.get(i) / beside.get(i));
            return ratios;
        }
        return own;
    }

    private static List<Double> numbers(JsonNode list) {
        var numbers = new ArrayList<Double>();
        list.forEach(each -> numbers.add(each.asDouble()));
        return numbers;
    }
}
