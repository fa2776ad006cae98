package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.api.operations.OperationsCalls;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;

@Command(
        description =
                "The daily checklist: expiry, quotas, disconnects, success and time of calls, backup, disk, clock,"
                        + " journal, orders in doubt. Exit code 1 when an item fails.%n"
                        + "일일 점검표를 보여 줍니다. 기준을 벗어난 항목이 있으면 종료 코드는 1입니다.")
final class Checklist extends GatewayCommand {
    Checklist(Kis kis) {
        super(kis);
    }

    @Override
    boolean needsOperator() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        var response = gateway.get(OperationsCalls.checklist());
        int code = report(response, this::show);
        return response instanceof Response.Done<kr.kisgateway.api.operations.Checklist> done
                        && done.answer().failed() > 0
                ? Kis.REFUSED
                : code;
    }

    private void show(kr.kisgateway.api.operations.Checklist checklist) {
        var rows = new ArrayList<List<String>>();
        for (var item : checklist.items()) {
            rows.add(List.of(
                    verdict(item.status()),
                    item.item(),
                    item.figure()
                            .map(figure -> Format.value(figure) + " " + item.unit())
                            .orElse(""),
                    item.limit()
                            .map(limit -> item.rule().replace('_', ' ') + " " + Format.value(limit))
                            .orElse(""),
                    item.status().equals("fail")
                            ? item.title() + ": " + item.detail() + " · " + item.titleKo() + ": " + item.detailKo()
                            : item.detail() + " · " + item.detailKo()));
        }
        screen().table(
                        List.of(
                                Column.left("VERDICT"),
                                Column.left("ITEM"),
                                Column.right("FIGURE"),
                                Column.left("LIMIT"),
                                Column.left("DETAIL · 설명")),
                        rows);
        screen().line(summary(checklist));
        screen().line("오늘 수치는 " + Format.dateTime(checklist.countedSince()) + " 이후 집계입니다. 기준 이탈 " + checklist.failed()
                + "건, 판정 없음 " + checklist.notEvaluated() + "건.");
    }

    private static String summary(kr.kisgateway.api.operations.Checklist checklist) {
        return (checklist.failed() == 0
                        ? "No item fails"
                        : checklist.failed() + " of " + checklist.items().size() + " items fail")
                + ", " + checklist.notEvaluated() + " without a verdict. The day's figures are counted since "
                + Format.dateTime(checklist.countedSince()) + ".";
    }

    private static String verdict(String status) {
        return switch (status) {
            case "fail" -> "FAIL";
            case "not_configured" -> "not configured";
            default -> status;
        };
    }
}
