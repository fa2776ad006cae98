package kr.kisgateway.cli;

import java.util.List;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

@Command(description = "The cash of an account and what it is worth.%n" + "계좌의 예수금과 평가금액을 보여 줍니다.")
final class Balance extends GatewayCommand {
    @Mixin
    private AccountOption account = new AccountOption();

    Balance(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(account.path("/v1/balances")), this::show);
    }

    private void show(JsonNode balances) {
        for (JsonNode balance : balances) {
            screen().line("account " + Format.text(balance, "account_id"));
            screen().pairs(List.of(
                    new Pair(
                            "to spend",
                            balance.path("cash_available").isNull()
                                    ? "unknown now"
                                    : Format.money(balance, balance.path("cash_available"))),
                    new Pair("cash today", Format.money(balance, balance.path("deposit"))),
                    new Pair("cash tomorrow", Format.money(balance, balance.path("deposit_next_day"))),
                    new Pair("cash in two days", Format.money(balance, balance.path("deposit_in_two_days"))),
                    new Pair("worth in all", Format.money(balance, balance.path("total_value"))),
                    new Pair("change today", Format.money(balance, balance.path("change_today"))),
                    new Pair("as of", Positions.age(balance))));
        }
    }
}
