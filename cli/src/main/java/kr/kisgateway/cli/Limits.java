package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

@Command(
        description = "The order limits in force, one column per layer; the strictest one applies.%n"
                + "현재 적용 중인 주문 한도를 보여 줍니다.")
final class Limits extends GatewayCommand {
    static final String PATH = "/v1/risk/limits";

    Limits(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(PATH), answer -> show(screen(), answer));
    }

    static void show(Screen screen, JsonNode answer) {
        Map<String, JsonNode> layers = new LinkedHashMap<>();
        layers.put("gateway", answer.path("gateway"));
        add(layers, "account ", answer.path("accounts"));
        add(layers, "strategy ", answer.path("strategies"));
        add(layers, "key ", answer.path("keys"));
        Set<String> names = new LinkedHashSet<>();
        layers.values().forEach(layer -> layer.forEachEntry((name, _) -> names.add(name)));

        var columns = new ArrayList<>(List.of(Column.left("LIMIT")));
        layers.keySet().forEach(layer -> columns.add(Column.right(layer)));
        var rows = new ArrayList<List<String>>();
        for (String name : names) {
            var row = new ArrayList<>(List.of(name));
            layers.values().forEach(layer -> row.add(cell(layer.path(name))));
            rows.add(List.copyOf(row));
        }
        screen.table(List.copyOf(columns), rows);
        screen.blank();
        String by = Format.text(answer, "set_by");
        if (!by.isEmpty()) {
            screen.line("Set " + Format.dateTime(answer, "set_at") + " by " + by + ".");
        }
        answer.path("warnings").forEach(warning -> screen.line("Warning: " + warning.asString("")));
        screen.line("Guards, by settings of the gateway: " + Format.value(answer.path("guards")));
    }

    private static void add(Map<String, JsonNode> layers, String kind, JsonNode named) {
        named.forEachEntry((name, layer) -> layers.put(kind + name, layer));
    }

    private static String cell(JsonNode value) {
        String text = Format.value(value);
        return text.isEmpty() ? "–" : text;
    }
}
