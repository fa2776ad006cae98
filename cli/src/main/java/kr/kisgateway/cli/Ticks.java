package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.api.history.Recording;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;

/** Displays recordings. */
final class Ticks {
    private Ticks() {}

    static void show(Screen screen, List<Recording> recordings) {
        var rows = new ArrayList<List<String>>();
        for (Recording one : recordings) {
            rows.add(List.of(
                    one.id(),
                    one.state(),
                    Format.dateTime(one.startedAt()),
                    Format.value(one.channels()),
                    Format.value(one.symbols()),
                    one.by(),
                    one.stopped().orElse("")));
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
