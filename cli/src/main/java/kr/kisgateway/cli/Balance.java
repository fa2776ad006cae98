package kr.kisgateway.cli;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.portfolio.PortfolioCalls;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(description = "The cash of an account and what it is worth.%n" + "계좌의 예수금과 평가금액을 보여 줍니다.")
final class Balance extends GatewayCommand {
    @Mixin
    private AccountOption account = new AccountOption();

    @Option(names = "--market", paramLabel = "MARKET", description = "kr, us or all (default: kr)")
    private Optional<String> market = Optional.empty();

    Balance(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(PortfolioCalls.balances(account.name(), market)), this::show);
    }

    private void show(List<kr.kisgateway.api.portfolio.Balance> balances) {
        for (var balance : balances) {
            screen().line("account " + balance.accountId());
            screen().pairs(List.of(
                    new Pair(
                            "to spend",
                            balance.cashAvailable().isEmpty()
                                    ? "unknown now"
                                    : Format.money(balance.currency(), balance.cashAvailable())),
                    new Pair("cash today", Format.money(balance.currency(), balance.deposit())),
                    new Pair("cash tomorrow", Format.money(balance.currency(), balance.depositNextDay())),
                    new Pair("cash in two days", Format.money(balance.currency(), balance.depositInTwoDays())),
                    new Pair("worth in all", Format.money(balance.currency(), balance.totalValue())),
                    new Pair("change today", Format.money(balance.currency(), balance.changeToday())),
                    new Pair("as of", Positions.age(balance.ageMs(), balance.state()))));
        }
    }
}
