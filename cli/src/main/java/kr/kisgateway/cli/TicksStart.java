package kr.kisgateway.cli;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.history.HistoryCalls;
import kr.kisgateway.api.history.RecordingRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Record every trade of some symbols into Parquet files, over restarts, until it is stopped (operator).%n"
                        + "체결 틱을 Parquet 파일로 기록합니다. 중지할 때까지 재시작 후에도 계속됩니다 (운영자).")
final class TicksStart extends GatewayCommand {
    @Parameters(paramLabel = "SYMBOL", arity = "1..*", description = "symbols, as 005930 or AAPL.NASD")
    private List<String> symbols = List.of();

    @Option(names = "--books", description = "order books as well")
    private boolean books;

    TicksStart(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        var request =
                new RecordingRequest(symbols, Optional.of(books ? List.of("trades", "books") : List.of("trades")));
        // A second recording would record nothing twice, but it would have to be stopped as well.
        return report(
                gateway.change(HistoryCalls.record(request), GatewayConnection.Retry.ONLY_IF_NOT_SENT),
                recording -> Ticks.show(screen(), List.of(recording)));
    }
}
