package kr.kisgateway.cli;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.history.BackfillRequest;
import kr.kisgateway.api.history.HistoryCalls;
import kr.kisgateway.api.history.SymbolSelection;
import kr.kisgateway.terminal.DateConverter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Fetch past bars into the history's Parquet files; stored bars are not requested again (operator).%n"
                        + "과거 일봉·분봉을 Parquet 파일로 받습니다 (운영자).")
final class Backfill extends JobCommand {
    @Parameters(paramLabel = "SYMBOL", arity = "0..*", description = "symbols, as 005930 or AAPL.NASD")
    private List<String> symbols = List.of();

    @Option(names = "--all", description = "every listed Korean instrument")
    private boolean all;

    @Option(names = "--period", paramLabel = "D|1m", description = "days or minutes (D)")
    private String period = "D";

    @Option(
            names = "--from",
            paramLabel = "DATE",
            converter = DateConverter.class,
            description = "first day (20 years back; minutes: as far as KIS has them)")
    private Optional<LocalDate> from = Optional.empty();

    @Option(
            names = "--to",
            paramLabel = "DATE",
            converter = DateConverter.class,
            description = "last day (the last one that is over in the market)")
    private Optional<LocalDate> to = Optional.empty();

    @Option(names = "--raw", description = "days as they traded, not adjusted for splits")
    private boolean raw;

    @Option(
            names = "--source",
            paramLabel = "kis|krx",
            description =
                    "the source (kis); krx is the exchange's Open API: complete markets day by day, unadjusted prices")
    private String source = "kis";

    Backfill(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        if (all != symbols.isEmpty()) {
            throw usageError("Name the symbols, or use --all");
        }
        var request = new BackfillRequest(
                all ? SymbolSelection.all() : SymbolSelection.of(symbols),
                period,
                from,
                to,
                Optional.of(source).filter(it -> !it.equals("kis")),
                raw ? Optional.of(false) : Optional.empty());
        // A second job would request nothing that the first has stored, but it would be a second job.
        var started = gateway.change(HistoryCalls.backfill(request), GatewayConnection.Retry.ONLY_IF_NOT_SENT);
        return awaitAndReport(gateway, started);
    }
}
