package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.terminal.Screen;
import tools.jackson.databind.JsonNode;

/**
 * An answer of the gateway as CSV (RFC 4180), for spreadsheets and scripts: the first list of objects in {@code data} has a line for
 * each element, an answer without one is a single line. Numbers are as in the JSON; a nested field has its path as its name.
 */
final class CsvText {
    /** With these a spreadsheet begins a formula. */
    private static final String FORMULA = "=+-@";

    private CsvText() {}

    static String of(String answer) {
        var root = ApiJson.tree(answer);
        var data = root.path("data").isMissingNode() ? root : root.path("data");
        var rows = new ArrayList<Map<String, String>>();
        list(data).forEach(element -> {
            var row = new LinkedHashMap<String, String>();
            collect("", element, row);
            rows.add(row);
        });
        var names = new LinkedHashSet<String>();
        rows.forEach(row -> names.addAll(row.keySet()));
        var text = new StringBuilder();
        if (!names.isEmpty()) {
            line(names.stream().map(CsvText::text).toList(), text);
            rows.forEach(row ->
                    line(names.stream().map(name -> row.getOrDefault(name, "")).toList(), text));
        }
        return text.toString();
    }

    private static List<JsonNode> list(JsonNode data) {
        if (data.isArray()) {
            return data.values().stream().toList();
        }
        return data.properties().stream()
                .map(Map.Entry::getValue)
                .filter(value -> value.isArray() && value.values().stream().allMatch(JsonNode::isObject))
                .findFirst()
                .map(array -> array.values().stream().toList())
                .orElse(List.of(data));
    }

    private static void collect(String name, JsonNode value, Map<String, String> row) {
        if (value.isObject()) {
            value.properties()
                    .forEach(field -> collect(
                            name.isEmpty() ? field.getKey() : name + "." + field.getKey(), field.getValue(), row));
        } else if (value.isArray()) {
            row.put(name, text(value.toString()));
        } else if (value.isNull()) {
            row.put(name, "");
        } else {
            row.put(name.isEmpty() ? "value" : name, value.isNumber() ? value.asString() : text(value.asString()));
        }
    }

    private static void line(Iterable<String> cells, StringBuilder into) {
        var parts = new ArrayList<String>();
        cells.forEach(cell -> parts.add(quoted(cell)));
        into.append(parts.stream().collect(Collectors.joining(","))).append("\r\n");
    }

    /** A cell of a text that begins as a formula does gets an apostrophe in front: a spreadsheet shows it and computes nothing. */
    private static String text(String value) {
        String shown = value.lines().map(Screen::printable).collect(Collectors.joining("\n"));
        return !shown.isEmpty() && FORMULA.indexOf(shown.charAt(0)) >= 0 ? "'" + shown : shown;
    }

    private static String quoted(String cell) {
        return cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? cell
                : "\"" + cell.replace("\"", "\"\"") + "\"";
    }
}
