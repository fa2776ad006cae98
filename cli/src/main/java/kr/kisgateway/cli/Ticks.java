package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import tools.jackson.databind.JsonNode;

/** Recordings as people read them. */
final class Ticks {
    static final String PATH = "/v1/history/recordings";

    private Ticks() {}

    static void show(Screen screen, Iterable<JsonNode> recordings) {
        var rows = new ArrayList<List<String>>();
        for (JsonNode one : recordings) {
            rows.add(List.of(
                    Say.text(one, "id"),
                    Say.text(one, "state"),
                    Say.moment(one, "started_at"),
                    Say.value(one.path("channels")),
                    Say.value(one.path("symbols")),
                    Say.text(one, "by"),
                    Say.text(one, "stopped")));
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
