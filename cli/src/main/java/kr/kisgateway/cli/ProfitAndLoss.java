package kr.kisgateway.cli;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import kr.kisgateway.api.portfolio.PortfolioCalls;
import kr.kisgateway.api.portfolio.ProfitAndLoss.Realised;
import kr.kisgateway.api.portfolio.ProfitAndLoss.Unrealised;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        description =
                "Realised and unrealised profit and loss, from the fills in the journal; commission and tax are estimates.%n"
                        + "실현손익과 평가손익을 보여 줍니다 (수수료와 세금은 추정값).")
final class ProfitAndLoss extends GatewayCommand {
    private static final List<Column> REALISED = List.of(
            Column.left("OF"),
            Column.left("CURRENCY"),
            Column.right("BOUGHT"),
            Column.right("SOLD"),
            Column.right("SALES"),
            Column.right("COST"),
            Column.right("GROSS"),
            Column.right("COMMISSION"),
            Column.right("TAX"),
            Column.right("NET"),
            Column.right("UNCOVERED"));

    private static final List<Column> HELD = List.of(
            Column.left("HELD"),
            Column.right("QTY"),
            Column.right("AVERAGE"),
            Column.right("COST"),
            Column.right("PRICE"),
            Column.right("VALUE"),
            Column.right("P&L"),
            Column.right("AT KIS"));

    @Option(names = "--from", paramLabel = "DAY", description = "first trading day, 2026-11-20")
    private Optional<String> from = Optional.empty();

    @Option(names = "--to", paramLabel = "DAY", description = "last trading day")
    private Optional<String> to = Optional.empty();

    @Option(names = "--symbol", paramLabel = "SYMBOL", description = "005930")
    private Optional<String> symbol = Optional.empty();

    @Option(names = "--strategy", paramLabel = "NAME", description = "the strategy_id of the orders")
    private Optional<String> strategy = Optional.empty();

    @Option(names = "--method", paramLabel = "METHOD", description = "which shares a sale sells: FIFO, AVERAGE (FIFO)")
    private Optional<String> method = Optional.empty();

    @Option(
            names = "--by",
            paramLabel = "GROUP",
            converter = GroupingConverter.class,
            description = "DAY, SYMBOL or STRATEGY (DAY)")
    private Optional<String> by = Optional.empty();

    @Mixin
    private AccountOption account = new AccountOption();

    ProfitAndLoss(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(
                gateway.get(PortfolioCalls.profitAndLoss(
                        new PortfolioCalls.ProfitAndLossQuery(account.name(), from, to, symbol, strategy, method, by))),
                this::show);
    }

    private void show(kr.kisgateway.api.portfolio.ProfitAndLoss report) {
        if (report.rows().isEmpty()) {
            screen().line("No fills.");
            return;
        }
        screen().line("account " + report.accountId() + ", " + report.method() + ", from "
                + report.from().or(report::since).map(LocalDate::toString).orElse("the first fill") + " to "
                + report.to().map(LocalDate::toString).orElse("today"));
        screen().table(
                        REALISED,
                        Stream.concat(
                                        report.rows().stream().map(it -> row(name(it), it)),
                                        report.totals().stream().map(it -> row("total", it)))
                                .toList());
        report.unrealised()
                .filter(held -> !held.isEmpty())
                .ifPresent(held -> screen().table(
                                HELD, held.stream().map(ProfitAndLoss::row).toList()));
        report.missing().forEach(reason -> screen().line("not complete: " + explanation(reason)));
    }

    private static String name(Realised row) {
        return row.day()
                .map(LocalDate::toString)
                .or(row::symbol)
                .or(row::strategyId)
                .orElse("(no strategy)");
    }

    private static List<String> row(String name, Realised row) {
        return List.of(
                name,
                row.currency(),
                Format.value(row.boughtQty()),
                Format.value(row.soldQty()),
                Format.value(row.soldAmount()),
                Format.value(row.cost()),
                Format.value(row.gross()),
                Format.value(row.commission()),
                row.tax().map(Format::value).orElse("?"),
                Format.value(row.net()),
                row.uncoveredQty() == 0 ? "" : Format.value(row.uncoveredQty()));
    }

    private static List<String> row(Unrealised row) {
        return List.of(
                row.symbol(),
                Format.value(row.qty()),
                Format.money(row.currency(), row.avgPrice()),
                Format.money(row.currency(), row.cost()),
                row.price().map(it -> Format.money(row.currency(), it)).orElse("?"),
                row.value().map(it -> Format.money(row.currency(), it)).orElse("?"),
                row.pnl().map(it -> Format.money(row.currency(), it)).orElse("?"),
                row.brokerQty().isPresent() ? Format.value(row.brokerQty().getAsLong()) : "?");
    }

    private static String explanation(String reason) {
        return switch (reason) {
            case "UNCOVERED_SALES" -> "shares were sold whose purchase is not in the journal; they are in no profit";
            case "POSITION_DIFFERS" -> "KIS holds another quantity than the fills add up to";
            case "TAX_UNKNOWN" -> "the tax of some sales is not computed (US stocks, delisted ones)";
            case "HOLDINGS_UNKNOWN" -> "KIS gave no holdings; run it again";
            default -> reason;
        };
    }
}
