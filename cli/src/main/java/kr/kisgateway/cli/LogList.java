package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.api.log.LogCalls;
import kr.kisgateway.api.log.LogLevels;
import kr.kisgateway.api.log.LogStreamLevel;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;

@Command(description = "The streams of the log and their levels (operator).%n" + "로그 스트림과 현재 수준을 보여 줍니다 (운영자).")
final class LogList extends GatewayCommand {
    LogList(Kis kis) {
        super(kis);
    }

    @Override
    boolean needsOperator() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(LogCalls.levels()), this::show);
    }

    private void show(LogLevels levels) {
        show(screen(), levels.streams());
    }

    static void show(Screen screen, List<LogStreamLevel> streams) {
        var rows = new ArrayList<List<String>>();
        for (var stream : streams) {
            rows.add(List.of(
                    stream.stream(),
                    stream.level(),
                    Format.dateTime(stream.until()),
                    stream.setBy().orElse(""),
                    stream.about()));
        }
        screen.table(
                List.of(
                        Column.left("STREAM"),
                        Column.left("LEVEL"),
                        Column.left("UNTIL"),
                        Column.left("BY"),
                        Column.left("ABOUT")),
                rows);
    }
}
