package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.instrument.InstrumentCalls;
import kr.kisgateway.api.instrument.InstrumentPage;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
        var call = InstrumentCalls.instruments(
                Optional.of(String.join(" ", searchTerms)), market, Format.integer(limit), Optional.empty());
        return report(gateway.get(call), this::show);
    }

    private void show(InstrumentPage found) {
        var instruments = found.instruments();
        if (instruments.isEmpty()) {
            screen().line("Nothing found.");
            return;
        }
        var rows = new ArrayList<List<String>>();
        for (var one : instruments) {
            rows.add(List.of(
                    one.symbol(),
                    one.name(),
                    one.nameEn().orElse(""),
                    one.market(),
                    one.product(),
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
        long more = found.total() - instruments.size();
        if (more > 0) {
            screen().line("… and " + more + " more: --limit N");
        }
    }
}
