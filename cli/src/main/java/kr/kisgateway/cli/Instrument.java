package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.api.instrument.InstrumentCalls;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        description =
                "What an instrument is, with its tick size and limits of today.%n" + "종목 정보와 오늘의 호가단위, 상하한가를 보여 줍니다.")
final class Instrument extends GatewayCommand {
    @Parameters(paramLabel = "SYMBOL", description = "005930, or AAPL.NASD")
    private String symbol = "";

    Instrument(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(InstrumentCalls.instrument(symbol)), this::show);
    }

    private void show(kr.kisgateway.api.instrument.Instrument one) {
        screen().line(one.symbol() + "  " + one.name());
        screen().pairs(List.of(
                new Pair("English name", one.nameEn().orElse("")),
                new Pair("listed at", one.market() + ", " + one.product()),
                new Pair("traded at", venues(one)),
                new Pair("ISIN", one.isin().orElse("")),
                new Pair("industry", one.industry().orElse("")),
                new Pair("listed on", Format.value(one.listedOn())),
                new Pair("shares", Format.value(one.listedShares())),
                new Pair("face value", Format.value(one.faceValue())),
                new Pair("base price", Format.value(one.basePrice())),
                new Pair("limits today", limits(one)),
                new Pair("tick size", tick(one)),
                new Pair(
                        "last close",
                        Format.money(one.currency(), one.close()) + " on " + Format.value(one.closeDate())),
                new Pair("note", tradingFlags(one)),
                new Pair("by the list", one.listingSource() + " of " + one.listingDate())));
    }

    private static String venues(kr.kisgateway.api.instrument.Instrument one) {
        var venues = new ArrayList<String>();
        if (one.krx()) {
            venues.add("KRX");
        }
        if (one.nxt()) {
            venues.add("NXT");
        }
        if (one.us()) {
            venues.add(one.market());
        }
        return String.join(", ", venues);
    }

    private static String limits(kr.kisgateway.api.instrument.Instrument one) {
        return one.lowerLimit().isEmpty()
                ? ""
                : Format.value(one.lowerLimit()) + " to " + Format.value(one.upperLimit());
    }

    private static String tick(kr.kisgateway.api.instrument.Instrument one) {
        String price = switch (one.tickPrice().orElse("")) {
            case "LAST" -> "the last price";
            case "BASE" -> "the base price";
            default -> "the close of the list";
        };
        return one.tickSize()
                .map(tick -> Format.value(tick) + " at " + Format.value(one.tickAt()) + ", " + price)
                .orElse("");
    }

    /** Trading restrictions of the instrument. */
    static String tradingFlags(kr.kisgateway.api.instrument.Instrument one) {
        var notes = new ArrayList<String>();
        one.halted().filter(it -> it).ifPresent(_ -> notes.add("halted"));
        one.interrupted().filter(it -> it).ifPresent(_ -> notes.add("interrupted"));
        one.liquidation().filter(it -> it).ifPresent(_ -> notes.add("liquidation"));
        one.managed().filter(it -> it).ifPresent(_ -> notes.add("managed"));
        one.warning().filter(it -> !it.equals("NONE")).ifPresent(it -> notes.add("warning: " + it));
        return String.join(", ", notes);
    }
}
