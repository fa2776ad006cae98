package kr.kisgateway.cli;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.history.HistoryCalls;
import kr.kisgateway.api.history.WarmRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = "Cache much-requested data in advance, as the gateway does at 08:30 on trading days (operator).%n"
                + "조회가 많은 종목의 시세·차트·종목 정보를 미리 받아 둡니다 (운영자).")
final class Warm extends JobCommand {
    @Parameters(
            paramLabel = "SYMBOL",
            arity = "0..*",
            description = "symbols, as 005930 or AAPL.NASD; without any, the most traded Korean ones by turnover")
    private List<String> symbols = List.of();

    @Option(
            names = "--top",
            paramLabel = "N",
            converter = AmountConverter.class,
            description = "how many of the most traded (what the gateway is set to, 100)")
    private Optional<Long> top = Optional.empty();

    @Option(
            names = "--types",
            paramLabel = "TYPES",
            split = ",",
            description = "of price, chart, info, with commas between (all of them)")
    private List<String> types = List.of();

    Warm(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        if (!symbols.isEmpty() && top.isPresent()) {
            throw usageError("Name the symbols or use --top, not both");
        }
        var request = new WarmRequest(
                Optional.of(symbols).filter(it -> !it.isEmpty()),
                Format.amount(top),
                Optional.of(types).filter(it -> !it.isEmpty()));
        var started = gateway.change(HistoryCalls.warm(request), GatewayConnection.Retry.ONLY_IF_NOT_SENT);
        return awaitAndReport(gateway, started);
    }
}
