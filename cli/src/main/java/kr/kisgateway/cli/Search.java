package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        description =
                "Find instruments by code, name, initial consonants or US ticker.%n" + "종목을 코드, 이름, 초성, 미국 티커로 찾습니다.")
final class Search extends GatewayCommand {
    @Parameters(paramLabel = "TEXT", arity = "1..*", description = "the text to find; blanks and case are ignored")
    private List<String> searchTerms = List.of();

    @Option(
            names = "--market",
            paramLabel = "MARKET",
            description = "of KOSPI, KOSDAQ, KONEX, NASD, NYSE, AMEX, KR, US, several with commas between")
    private Optional<String> market = Optional.empty();

    @Option(names = "--limit", paramLabel = "N", description = "at most so many, 1 to 1000 (20)")
    private Optional<Integer> limit = Optional.empty();

    Search(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        var query = new Query("/v1/instruments")
                .with("q", Optional.of(String.join(" ", searchTerms)))
                .with("market", market)
                .with("limit", limit.map(String::valueOf));
        return report(gateway.get(query.text()), this::show);
    }

    private void show(JsonNode found) {
        var instruments = found.path("instruments");
        if (instruments.isEmpty()) {
            screen().line("Nothing found.");
            return;
        }
        var rows = new ArrayList<List<String>>();
        for (JsonNode one : instruments) {
            rows.add(List.of(
                    Format.text(one, "symbol"),
                    Format.text(one, "name"),
                    Format.text(one, "name_en"),
                    Format.text(one, "market"),
                    Format.text(one, "product"),
                    Instrument.tradingFlags(one)));
        }
        screen().table(
                        List.of(
                                Column.left("SYMBOL"),
                                Column.left("NAME"),
                                Column.left("ENGLISH"),
                                Column.left("MARKET"),
                                Column.left("PRODUCT"),
                                Column.left("NOTE")),
                        rows);
        int more = found.path("total").asInt(0) - instruments.size();
        if (more > 0) {
            screen().line("… and " + more + " more: --limit N");
        }
    }
}
