package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.market.MarketCalls;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = "The stocks that are traded most, rise or fall most, or are worth most.%n"
                + "거래량, 거래대금, 등락률, 시가총액 순위를 보여 줍니다.")
final class Ranking extends GatewayCommand {
    @Parameters(
            paramLabel = "KIND",
            converter = KnownWord.RankingKind.class,
            description = "volume, turnover, volume-growth, turnover-rate, gainers, losers or market-cap")
    private String kind = "";

    @Option(names = "--limit", paramLabel = "N", description = "at most so many, 1 to 30 (30)")
    private Optional<Integer> limit = Optional.empty();

    Ranking(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(MarketCalls.ranking(kind, Format.integer(limit))), this::show);
    }

    private void show(kr.kisgateway.api.market.Ranking ranking) {
        var rows = new ArrayList<List<String>>();
        for (var place : ranking.places()) {
            rows.add(List.of(
                    Format.value(place.rank()),
                    place.symbol(),
                    place.name(),
                    Format.value(place.price()),
                    Format.twoDecimals(place.changePct()),
                    Format.value(place.volume()),
                    Format.value(place.turnover()),
                    Format.value(place.marketCap())));
        }
        screen().table(
                        List.of(
                                Column.right("RANK"),
                                Column.left("SYMBOL"),
                                Column.left("NAME"),
                                Column.right("PRICE"),
                                Column.right("CHANGE %"),
                                Column.right("VOLUME"),
                                Column.right("TURNOVER"),
                                Column.right("MARKET CAP")),
                        rows);
        screen().line("From " + Book.source(ranking.source(), ranking.freshnessSec(), ranking.state()) + ".");
    }
}
