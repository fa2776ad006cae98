package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import kr.kisgateway.api.risk.RiskCalls;
import kr.kisgateway.api.risk.RiskLimits;
import kr.kisgateway.api.risk.RiskPolicy;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
        description = "The order limits in force, one column per layer; the strictest one applies.%n"
                + "현재 적용 중인 주문 한도를 보여 줍니다.")
final class Limits extends GatewayCommand {
    Limits(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(RiskCalls.limits()), answer -> show(screen(), answer));
    }

    static void show(Screen screen, RiskPolicy policy) {
        Map<String, Map<String, Object>> layers = new LinkedHashMap<>();
        layers.put("gateway", Format.fields(policy.gateway()));
        add(layers, "account ", policy.accounts());
        add(layers, "strategy ", policy.strategies());
        add(layers, "key ", policy.keys());
        Set<String> names = new LinkedHashSet<>();
        layers.values().forEach(layer -> names.addAll(layer.keySet()));
        var columns = new ArrayList<>(List.of(Column.left("LIMIT")));
        layers.keySet().forEach(layer -> columns.add(Column.right(layer)));
        var rows = new ArrayList<List<String>>();
        for (String name : names) {
            var row = new ArrayList<>(List.of(name));
            layers.values().forEach(layer -> row.add(cell(layer.get(name))));
            rows.add(List.copyOf(row));
        }
        screen.table(List.copyOf(columns), rows);
        screen.blank();
        policy.setBy().ifPresent(by -> screen.line("Set " + Format.dateTime(policy.setAt()) + " by " + by + "."));
        policy.warnings().forEach(warning -> screen.line("Warning: " + warning));
        screen.line("Guards, by settings of the gateway: " + Format.value(policy.guards()));
    }

    private static void add(Map<String, Map<String, Object>> layers, String kind, Map<String, RiskLimits> named) {
        named.forEach((name, layer) -> layers.put(kind + name, Format.fields(layer)));
    }

    private static String cell(@Nullable Object value) {
        String text = Format.value(value);
        return text.isEmpty() ? "–" : text;
    }
}
