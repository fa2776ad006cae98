package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import kr.kisgateway.api.order.OrderCalls;
import kr.kisgateway.api.order.OrderEvent;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        description = "What happened to one order, oldest first, as the journal has it.%n"
                + "주문 하나에 일어난 일을 저널에 기록된 순서대로 보여 줍니다.")
final class OrderEvents extends GatewayCommand {
    /** Fields for the gateway's own use. */
    private static final Set<String> OMITTED = Set.of("scope", "hash", "by");

    /** Numbers that are names, not amounts. */
    private static final Set<String> NAMES = Set.of("request", "odno", "target", "attempt", "odnos_known", "time");

    @Parameters(paramLabel = "ID", description = "the order's id")
    private String id = "";

    OrderEvents(Kis kis) {
        super(kis);
    }

    @Override
    Optional<String> orderId() {
        return Optional.of(id);
    }

    @Override
    int run(GatewayConnection gateway) {
        requireOrder(id, "events");
        return report(gateway.get(OrderCalls.events(id)), events -> table(screen(), events));
    }

    static void table(Screen screen, List<OrderEvent> events) {
        var rows = new ArrayList<List<String>>();
        for (OrderEvent event : events) {
            rows.add(List.of(
                    Long.toString(event.seq()),
                    Format.timeOfDay(event.at()),
                    event.type(),
                    event.by().orElse(""),
                    data(event.data())));
        }
        screen.table(
                List.of(
                        Column.right("SEQ"),
                        Column.left("TIME"),
                        Column.left("EVENT"),
                        Column.left("BY"),
                        Column.left("WHAT")),
                rows);
    }

    private static String data(JsonNode data) {
        var parts = new StringJoiner(", ");
        data.forEachEntry((name, value) -> {
            if (value.isObject()) {
                parts.add(data(value)); // the order of a scheduled one
                return;
            }
            String text =
                    NAMES.contains(name) && value.isNumber() ? value.asString() : Format.seoulTime(Format.value(value));
            // What every ordinary order has says nothing about this one.
            boolean usual = name.equals("session") && text.equals("REGULAR")
                    || name.equals("time_in_force") && text.equals("DAY");
            if (!OMITTED.contains(name) && !text.isEmpty() && !usual) {
                parts.add(name + " " + text);
            }
        });
        return parts.toString();
    }
}
