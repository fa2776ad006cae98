package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

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
        return report(gateway.get("/v1/instruments/" + GatewayConnection.encode(symbol)), this::show);
    }

    private void show(JsonNode one) {
        screen().line(Format.text(one, "symbol") + "  " + Format.text(one, "name"));
        screen().pairs(List.of(
                new Pair("English name", Format.text(one, "name_en")),
                new Pair("listed at", Format.text(one, "market") + ", " + Format.text(one, "product")),
                new Pair("traded at", venues(one)),
                new Pair("ISIN", Format.text(one, "isin")),
                new Pair("industry", Format.text(one, "industry")),
                new Pair("listed on", Format.text(one, "listed_on")),
                new Pair("shares", Format.text(one, "listed_shares")),
                new Pair("face value", Format.text(one, "face_value")),
                new Pair("base price", Format.text(one, "base_price")),
                new Pair("limits today", limits(one)),
                new Pair("tick size", tick(one)),
                new Pair("last close", Format.money(one, one.path("close")) + " on " + Format.text(one, "close_date")),
                new Pair("note", tradingFlags(one)),
                new Pair(
                        "by the list",
                        Format.text(one, "listing_source") + " of " + Format.text(one, "listing_date"))));
    }

    private static String venues(JsonNode one) {
        var venues = new ArrayList<String>();
        for (var venue : List.of("krx", "nxt", "us")) {
            if (one.path(venue).asBoolean(false)) {
                venues.add(venue.equals("us") ? Format.text(one, "market") : venue.toUpperCase(java.util.Locale.ROOT));
            }
        }
        return String.join(", ", venues);
    }

    private static String limits(JsonNode one) {
        String lower = Format.text(one, "lower_limit");
        return lower.isEmpty() ? "" : lower + " to " + Format.text(one, "upper_limit");
    }

    private static String tick(JsonNode one) {
        String tick = Format.text(one, "tick_size");
        String price = switch (one.path("tick_price").asString("")) {
            case "LAST" -> "the last price";
            case "BASE" -> "the base price";
            default -> "the close of the list";
        };
        return tick.isEmpty() ? "" : tick + " at " + Format.text(one, "tick_at") + ", " + price;
    }

    /** Trading restrictions of the instrument. */
    static String tradingFlags(JsonNode one) {
        var notes = new ArrayList<String>();
        for (var flag : List.of("halted", "interrupted", "liquidation", "managed")) {
            if (one.path(flag).asBoolean(false)) {
                notes.add(flag);
            }
        }
        String warning = Format.text(one, "warning");
        if (!warning.isEmpty() && !warning.equals("NONE")) {
            notes.add("warning: " + warning);
        }
        return String.join(", ", notes);
    }
}
