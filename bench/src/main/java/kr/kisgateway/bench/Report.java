package kr.kisgateway.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import kr.kisgateway.bench.result.Result;
import kr.kisgateway.bench.result.Target;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The results, as a table and as JSON. */
record Report(Origin origin, Machine machine, List<Result> results) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    Report {
        results = List.copyOf(results);
    }

    /** One line per figure with its floor and the ratio; conditions and targets below. */
    String table() {
        var text = new StringBuilder();
        text.append(machine.line()).append("\n\n");
        text.append(row("result", "value", "unit", "floor", "ratio", "percentiles"));
        for (var result : results) {
            if (result.isFloor() && results.stream().anyMatch(r -> r.floorName().equals(result.name()))) continue;
            var floor = floor(result);
            text.append(row(
                    result.name(),
                    format(result.value()),
                    result.unit(),
                    floor.map(f -> format(f.value())).orElse(""),
                    floor.map(f -> String.format(Locale.ROOT, "%.2f", result.value() / f.value()))
                            .orElse(""),
                    percentiles(result)));
        }
        text.append('\n');
        for (var result : results) {
            if (result.details().isEmpty()) continue;
            text.append(result.name()).append(": ");
            text.append(result.details().entrySet().stream()
                    .map(e -> e.getKey() + " " + e.getValue())
                    .collect(Collectors.joining(", ")));
            text.append('\n');
        }
        if (results.stream().anyMatch(result -> !result.targets().isEmpty())) text.append("\nbars\n");
        for (var result : results) {
            for (var bar : result.targets()) {
                text.append(String.format(
                        Locale.ROOT,
                        "  %-7s %-26s %s, wanted %s%n",
                        bar.isMet() ? "met" : "MISSED",
                        result.name(),
                        format(bar.value()),
                        bar.describe()));
            }
        }
        return text.toString();
    }

    /** Whether every target is met. */
    boolean isMet() {
        return results.stream().flatMap(result -> result.targets().stream()).allMatch(Target::isMet);
    }

    /** {@code {"command":…,"machine":{…},"results":[…]}}; a result with a floor also contains it and the ratio. */
    String json() {
        var root = JSON.createObjectNode();
        origin.write(root);
        machine.write(root.putObject("machine"));
        var list = root.putArray("results");
        for (var result : results) {
            var node = list.addObject();
            node.put("name", result.name());
            node.put("value", round(result.value()));
            node.put("unit", result.unit());
            floor(result).ifPresent(floor -> {
                node.put("floor", round(floor.value()));
                node.put("ratio", Math.round(1000 * result.value() / floor.value()) / 1000.0);
            });
            if (!result.percentiles().isEmpty()) {
                var percentiles = node.putObject("percentiles");
                result.percentiles().forEach((name, value) -> percentiles.put(name, round(value)));
            }
            if (!result.rounds().isEmpty()) {
                var rounds = node.putArray("rounds");
                result.rounds().forEach(value -> rounds.add(round(value)));
            }
            if (!result.details().isEmpty()) details(node.putObject("details"), result.details());
            for (var bar : result.targets()) {
                node.withArray("bars")
                        .addObject()
                        .put("value", round(bar.value()))
                        .put("wanted", bar.describe())
                        .put("met", bar.isMet());
            }
        }
        return JSON.writeValueAsString(root) + "\n";
    }

    private Optional<Result> floor(Result result) {
        return results.stream()
                .filter(r -> r.name().equals(result.floorName()) && r.value() > 0)
                .findFirst();
    }

    private static void details(ObjectNode node, Map<String, String> details) {
        details.forEach(node::put);
    }

    private static String percentiles(Result result) {
        return result.percentiles().entrySet().stream()
                .map(e -> e.getKey() + " " + format(e.getValue()))
                .collect(Collectors.joining("  "));
    }

    private static String row(String name, String value, String unit, String floor, String ratio, String rest) {
        return String.format(Locale.ROOT, "%-26s %12s %-11s %12s %6s  %s", name, value, unit, floor, ratio, rest)
                        .stripTrailing()
                + "\n";
    }

    /** Three digits after the point for small figures, none for large ones. */
    static String format(double value) {
        return Math.abs(value) >= 1000
                ? String.format(Locale.ROOT, "%,.0f", value)
                : Math.abs(value) >= 100
                        ? String.format(Locale.ROOT, "%.1f", value)
                        : String.format(Locale.ROOT, "%.3f", value);
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
