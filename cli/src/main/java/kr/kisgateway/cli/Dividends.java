package kr.kisgateway.cli;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.portfolio.Dividend;
import kr.kisgateway.api.portfolio.PortfolioCalls;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(description = "Dividends of an account, as KIS reports them.%n" + "계좌의 배당 등 권리 지급 내역을 보여 줍니다.")
final class Dividends extends GatewayCommand {
    @Mixin
    private AccountOption account = new AccountOption();

    @Option(names = "--from", paramLabel = "DAY", description = "first record date (a year before --to)")
    private Optional<String> from = Optional.empty();

    @Option(names = "--to", paramLabel = "DAY", description = "last record date (today)")
    private Optional<String> to = Optional.empty();

    Dividends(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(PortfolioCalls.dividends(account.name(), from, to)), this::show);
    }

    private void show(List<Dividend> dividends) {
        if (dividends.isEmpty()) {
            screen().line("No dividends.");
            return;
        }
        screen().table(
                        List.of(
                                Column.left("RECORD DATE"),
                                Column.left("SYMBOL"),
                                Column.left("NAME"),
                                Column.right("QTY"),
                                Column.right("AMOUNT"),
                                Column.right("TAX"),
                                Column.left("PAID")),
                        dividends.stream()
                                .map(it -> List.of(
                                        it.recordDate().toString(),
                                        it.symbol(),
                                        it.name(),
                                        Format.value(it.qty()),
                                        Format.money(it.currency(), it.amount()),
                                        Format.money(it.currency(), it.tax()),
                                        it.payDay().map(Object::toString).orElse("")))
                                .toList());
    }
}
