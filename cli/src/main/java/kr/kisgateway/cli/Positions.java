package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.portfolio.PortfolioCalls;
import kr.kisgateway.api.portfolio.Position;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(description = "The positions of an account.%n" + "계좌의 보유 종목을 보여 줍니다.")
final class Positions extends GatewayCommand {
    @Mixin
    private AccountOption account = new AccountOption();

    @Option(names = "--market", paramLabel = "MARKET", description = "kr, us or all (default: kr)")
    private Optional<String> market = Optional.empty();

    Positions(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(PortfolioCalls.positions(account.name(), market)), this::show);
    }

    private void show(List<Position> positions) {
        if (positions.isEmpty()) {
            screen().line("Account " + account.name() + " has no positions.");
            return;
        }
        boolean onCredit = positions.stream().anyMatch(it -> it.loan().isPresent());
        var rows = new ArrayList<List<String>>();
        for (Position position : positions) {
            var row = new ArrayList<>(List.of(
                    position.symbol(),
                    position.name(),
                    Format.value(position.qty()),
                    Format.value(position.sellableQty()),
                    Format.money(position.currency(), position.avgPrice()),
                    Format.money(position.currency(), position.price()),
                    Format.money(position.currency(), position.value()),
                    Format.money(position.currency(), position.pnl())));
            if (onCredit) {
                row.add(position.loan().map(loan -> loan.loanDate().toString()).orElse(""));
            }
            rows.add(row);
        }
        var columns = new ArrayList<>(List.of(
                Column.left("SYMBOL"),
                Column.left("NAME"),
                Column.right("QTY"),
                Column.right("TO SELL"),
                Column.right("PAID"),
                Column.right("PRICE"),
                Column.right("VALUE"),
                Column.right("GAIN")));
        if (onCredit) {
            columns.add(Column.left("LOAN OF"));
        }
        screen().table(columns, rows);
        screen().line("as of "
                + age(positions.getFirst().ageMs(), positions.getFirst().state()));
    }

    /** Age of the broker's answer, with STALE when it is. */
    static String age(long ageMs, String state) {
        String age = ageMs / 1_000 + " s ago";
        return state.equals("STALE") ? age + ", STALE: the broker does not answer" : age;
    }
}
