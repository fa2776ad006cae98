package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import tools.jackson.databind.JsonNode;

/** Displays recordings. */
final class Ticks {
    static final String PATH = "/v1/history/recordings";

    private Ticks() {}

    static void show(Screen screen, Iterable<JsonNode> recordings) {
        var rows = new ArrayList<List<String>>();
        for (JsonNode one : recordings) {
            rows.add(List.of(
                    Format.text(one, "id"),
                    Format.text(one, "state"),
                    Format.dateTime(one, "started_at"),
                    Format.value(one.path("channels")),
                    Format.value(one.path("symbols")),
                    Format.text(one, "by"),
                    Format.text(one, "stopped")));
        }
        if (rows.isEmpty()) {
            screen.line("Nothing is recorded.");
            return;
        }
        screen.table(
                List.of(
                        Column.left("ID"),
                        Column.left("STATE"),
                        Column.left("SINCE"),
                        Column.left("CHANNELS"),
                        Column.left("SYMBOLS"),
                        Column.left("BY"),
                        Column.left("WHY STOPPED")),
                rows);
    }
}
