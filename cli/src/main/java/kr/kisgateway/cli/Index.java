package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.market.MarketCalls;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        description = "The present value of an index; without a code KOSPI, KOSDAQ and KOSPI 200.%n"
                + "지수의 현재 값을 보여 줍니다. 코드가 없으면 코스피, 코스닥, 코스피 200입니다.")
final class Index extends GatewayCommand {
    @Parameters(paramLabel = "CODE", arity = "0..1", description = "four digits, 0001 is KOSPI")
    private Optional<String> code = Optional.empty();

    Index(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return code.isPresent()
                ? report(gateway.get(MarketCalls.index(code.get())), index -> show(List.of(index)))
                : report(gateway.get(MarketCalls.indices()), answer -> {
                    show(answer.indices());
                    answer.failed()
                            .forEach(failed -> screen().line(failed.code() + " is not to be had: " + failed.error()));
                });
    }

    private void show(List<kr.kisgateway.api.market.Index> indices) {
        var rows = new ArrayList<List<String>>();
        for (var index : indices) {
            rows.add(List.of(
                    index.code(),
                    index.name().orElse(""),
                    Format.twoDecimals(index.value()),
                    Format.twoDecimals(index.change()),
                    Format.twoDecimals(index.changePct()),
                    Format.value(index.rising()),
                    Format.value(index.falling()),
                    Book.source(index.source(), index.freshnessSec(), index.state())));
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
