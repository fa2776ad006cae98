package kr.kisgateway.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.portfolio.PortfolioCalls;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = "How many shares of a symbol a buy may be for, and what bounds it.%n" + "매수 가능 수량과 그 기준을 보여 줍니다.")
final class BuyingPower extends GatewayCommand {
    @Parameters(paramLabel = "SYMBOL", description = "005930")
    private String symbol = "";

    @Option(
            names = "--price",
            paramLabel = "PRICE",
            converter = PriceConverter.class,
            description = "limit price; without one, of a market order")
    private Optional<BigDecimal> price = Optional.empty();

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            converter = KnownWord.Type.class,
            description = "LIMIT, MARKET, BEST, … (by the price)")
    private Optional<String> type = Optional.empty();

    @Mixin
    private AccountOption account = new AccountOption();

    BuyingPower(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(PortfolioCalls.buyingPower(account.name(), symbol, type, price)), this::show);
    }

    private void show(kr.kisgateway.api.portfolio.BuyingPower power) {
        var own = power.gateway();
        screen().line("account " + power.accountId() + ", " + power.orderType() + " buy of " + power.symbol() + " at "
                + Format.value(own.unitPrice()) + " a share");
        var pairs = new ArrayList<Pair>();
        pairs.add(new Pair(
                "shares",
                power.qty().isEmpty()
                        ? "unknown now"
                        : Format.value(power.qty())
                                + power.boundBy().map(BuyingPower::bound).orElse("")));
        pairs.add(new Pair(
                "by KIS",
                Format.value(power.kis().qty()) + " for "
                        + Format.value(power.kis().amount())));
        pairs.add(new Pair(
                "by the gateway",
                own.qty().isEmpty()
                        ? "unknown now"
                        : Format.value(own.qty()) + " for " + Format.value(own.cost()) + ", commission "
                                + Format.value(own.fee())));
        pairs.add(new Pair(
                "to spend", own.cashAvailable().isEmpty() ? "unknown now" : Format.value(own.cashAvailable())));
        for (var limit : power.limits()) {
            pairs.add(new Pair(
                    limit.limitName(),
                    Format.value(limit.qty()) + " by " + Format.value(limit.limit()) + " of " + limit.layer()));
        }
        screen().pairs(List.copyOf(pairs));
    }

    private static String bound(String by) {
        return switch (by) {
            case "KIS" -> ", bounded by KIS";
            case "CASH" -> ", bounded by the cash";
            default -> ", bounded by a limit";
        };
    }
}
