package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        description = "The present value of an index; without a code KOSPI, KOSDAQ and KOSPI 200.%n"
                + "지수의 현재 값을 보여 줍니다. 코드가 없으면 코스피, 코스닥, 코스피 200을 보여 줍니다.")
final class Index extends GatewayCommand {
    @Parameters(paramLabel = "CODE", arity = "0..1", description = "four digits, 0001 is KOSPI")
    private Optional<String> code = Optional.empty();

    Index(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return code.isPresent()
                ? report(
                        gateway.get("/v1/indices/" + GatewayConnection.encode(code.get())),
                        index -> show(List.of(index)))
                : report(gateway.get("/v1/indices"), answer -> {
                    show(answer.path("indices"));
                    answer.path("failed")
                            .forEach(failed -> screen().line(Format.text(failed, "code") + " is not to be had: "
                                    + Format.text(failed, "error")));
                });
    }

    private void show(Iterable<JsonNode> indices) {
        var rows = new ArrayList<List<String>>();
        for (JsonNode index : indices) {
            rows.add(List.of(
                    Format.text(index, "code"),
                    Format.text(index, "name"),
                    Format.text(index, "value"),
                    Format.text(index, "change"),
                    Format.text(index, "change_pct"),
                    Format.text(index, "rising"),
                    Format.text(index, "falling"),
                    Book.source(index)));
        }
        screen().table(
                        List.of(
                                Column.left("CODE"),
                                Column.left("NAME"),
                                Column.right("VALUE"),
                                Column.right("CHANGE"),
                                Column.right("%"),
                                Column.right("RISING"),
                                Column.right("FALLING"),
                                Column.left("FROM")),
                        rows);
    }
}
