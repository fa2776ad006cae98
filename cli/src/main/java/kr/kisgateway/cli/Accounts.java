package kr.kisgateway.cli;

import java.util.List;
import kr.kisgateway.api.portfolio.Account;
import kr.kisgateway.api.portfolio.PortfolioCalls;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;

@Command(description = "The accounts of the gateway and whether each can trade.%n" + "계좌 목록과 주문 가능 여부를 보여 줍니다.")
final class Accounts extends GatewayCommand {
    Accounts(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(PortfolioCalls.accounts()), this::show);
    }

    private void show(List<Account> accounts) {
        if (accounts.isEmpty()) {
            screen().line("No account that this key may use.");
            return;
        }
        screen().table(
                        List.of(
                                Column.left("ACCOUNT"),
                                Column.left("PRODUCT"),
                                Column.left("ENVIRONMENT"),
                                Column.left("CURRENCY"),
                                Column.left("TRADING")),
                        accounts.stream()
                                .map(account -> List.of(
                                        account.accountId(),
                                        account.product()
                                                + account.productName()
                                                        .map(name -> " " + name)
                                                        .orElse(""),
                                        account.environment(),
                                        account.currency(),
                                        trading(account.trading())))
                                .toList());
    }

    private static String trading(Account.AccountTrading trading) {
        return trading.canTrade() ? "yes" : "no: " + String.join(", ", trading.blockerReasons());
    }
}
