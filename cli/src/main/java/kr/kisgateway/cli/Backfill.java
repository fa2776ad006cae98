package kr.kisgateway.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "Fetch past bars into the history's Parquet files; stored bars are not requested again (operator).%n"
                        + "과거 일봉·분봉을 Parquet 파일로 받습니다 (운영자).")
final class Backfill extends JobCommand {
    @Parameters(paramLabel = "SYMBOL", arity = "0..*", description = "symbols, as 005930")
    private List<String> symbols = List.of();

    @Option(names = "--all", description = "everything that is listed")
    private boolean all;

    @Option(names = "--period", paramLabel = "D|1m", description = "days or minutes (D)")
    private String period = "D";

    @Option(
            names = "--from",
            paramLabel = "DATE",
            description = "first day (20 years back; minutes: as far as KIS has them)")
    private Optional<String> from = Optional.empty();

    @Option(names = "--to", paramLabel = "DATE", description = "last day (the last one that is over)")
    private Optional<String> to = Optional.empty();

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
        var body = new Body()
                .with("period", Optional.of(period))
                .with("source", Optional.of(source).filter(it -> !it.equals("kis")))
                .with("from", from)
                .with("to", to);
        if (raw) {
            body.with("adjusted", false);
        }
        String json = (all ? body.with("symbols", Optional.of("all")) : body.with("symbols", symbols)).text();
        // A second job would request nothing that the first has stored, but it would be a second job.
        Response started = gateway.change(
                "POST",
                "/v1/history/backfill",
                Optional.of(json),
                Optional.empty(),
                GatewayConnection.Retry.ONLY_IF_NOT_SENT);
        return awaitAndReport(gateway, started);
    }
}
