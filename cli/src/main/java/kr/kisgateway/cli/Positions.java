package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

@Command(description = "The positions of an account.%n" + "계좌의 보유 종목을 보여 줍니다.")
final class Positions extends GatewayCommand {
    @Mixin
    private AccountOption account = new AccountOption();

    Positions(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(account.path("/v1/positions")), this::show);
    }

    private void show(JsonNode positions) {
        if (positions.isEmpty()) {
            screen().line("Account " + account.name() + " has no positions.");
            return;
        }
        var rows = new ArrayList<List<String>>();
        for (JsonNode position : positions) {
            rows.add(List.of(
                    Format.text(position, "symbol"),
                    Format.text(position, "name"),
                    Format.text(position, "qty"),
                    Format.text(position, "sellable_qty"),
                    Format.money(position, position.path("avg_price")),
                    Format.money(position, position.path("price")),
                    Format.money(position, position.path("value")),
                    Format.money(position, position.path("pnl"))));
        }
        screen().table(
                        List.of(
                                Column.left("SYMBOL"),
                                Column.left("NAME"),
                                Column.right("QTY"),
                                Column.right("TO SELL"),
                                Column.right("PAID"),
                                Column.right("PRICE"),
                                Column.right("VALUE"),
                                Column.right("GAIN")),
                        rows);
        screen().line("as of " + age(positions.get(0)));
    }

    /** Age of the broker's answer, with STALE when it is. */
    static String age(JsonNode answer) {
        String age = answer.path("age_ms").asLong() / 1_000 + " s ago";
        return Format.text(answer, "state").equals("STALE") ? age + ", STALE: the broker does not answer" : age;
    }
}
