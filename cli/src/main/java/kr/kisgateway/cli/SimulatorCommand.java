package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.simulator.SimulatorCalls;
import kr.kisgateway.api.simulator.SimulatorChange;
import kr.kisgateway.api.simulator.SimulatorReplay;
import kr.kisgateway.api.simulator.SimulatorReplayRequest;
import kr.kisgateway.api.simulator.SimulatorState;
import kr.kisgateway.terminal.Screen.Column;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** A command that operates the simulator of a gateway, and displays its state afterwards. */
@Command
abstract class SimulatorCommand extends GatewayCommand {
    SimulatorCommand(Kis kis) {
        super(kis);
    }

    @Override
    final boolean needsOperator() {
        return true;
    }

    /** Sends a change once: a second time it could start something twice. */
    final int change(GatewayConnection gateway, SimulatorChange change) {
        return report(
                gateway.change(SimulatorCalls.change(change), GatewayConnection.Retry.ONLY_IF_NOT_SENT), this::show);
    }

    static SimulatorChange replay(SimulatorReplayRequest replay) {
        return new SimulatorChange(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(replay), Optional.empty());
    }

    /** Reads {@code name=value}; a value is JSON, or else a text. */
    final Map<String, JsonNode> values(List<String> words) {
        var values = new LinkedHashMap<String, JsonNode>();
        for (var word : words) {
            int at = word.indexOf('=');
            if (at < 1) {
                throw usageError(word + " has not the form name=value");
            }
            values.put(word.substring(0, at), value(word.substring(at + 1)));
        }
        return values;
    }

    private static JsonNode value(String text) {
        // 005930 is a symbol, not a number.
        if (text.matches("0[0-9]+")) {
            return StringNode.valueOf(text);
        }
        try {
            return ApiJson.tree(text);
        } catch (JacksonException noJson) {
            return StringNode.valueOf(text);
        }
    }

    final void show(SimulatorState simulator) {
        var pairs = new ArrayList<Pair>();
        simulator.faults().properties().stream()
                .filter(fault -> isOn(fault.getValue()) && isOn(switchOf(fault.getKey(), simulator.faults())))
                .forEach(fault -> pairs.add(
                        new Pair("fault " + fault.getKey(), fault.getValue().toString())));
        if (pairs.isEmpty()) {
            pairs.add(new Pair("faults", "none"));
        }
        simulator.replay().ifPresent(day -> pairs.add(new Pair("plays", describe(day))));
        screen().pairs(pairs);
        screen().blank();
        screen().table(
                        List.of(Column.left("SCENARIO"), Column.left("WHAT HAPPENS")),
                        simulator.scenarios().stream()
                                .map(scenario -> List.of(scenario.name(), scenario.description()))
                                .toList());
    }

    private static String describe(SimulatorReplay day) {
        return day.day() + " " + String.join(", ", day.symbols()) + ", " + day.state() + " at " + day.at() + " ("
                + day.from()
                + " to " + day.to() + "), " + day.speed() + " times as fast"
                + day.problem().map(problem -> ": " + problem).orElse("");
    }

    /** The fault whose delay this is: {@code late_acks} of {@code late_ack_ms}; any other is its own. */
    private static JsonNode switchOf(String name, JsonNode faults) {
        var other = faults.path(name.replaceFirst("_ms$", "s"));
        return name.endsWith("_ms") && !other.isMissingNode() ? other : faults.path(name);
    }

    private static boolean isOn(JsonNode fault) {
        return switch (fault.getNodeType()) {
            case BOOLEAN -> fault.asBoolean();
            case NUMBER -> fault.asDouble() != 0;
            case NULL, MISSING -> false;
            case STRING -> !fault.asString().isEmpty();
            default -> !fault.isEmpty();
        };
    }
}
