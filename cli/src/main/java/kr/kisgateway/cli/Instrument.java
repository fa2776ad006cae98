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
    int run(Reach gateway) {
        return tell(gateway.get("/v1/instruments/" + Reach.encoded(symbol)), this::show);
    }

    private void show(JsonNode one) {
        screen().line(Say.text(one, "symbol") + "  " + Say.text(one, "name"));
        screen().pairs(List.of(
                new Pair("English name", Say.text(one, "name_en")),
                new Pair("listed at", Say.text(one, "market") + ", " + Say.text(one, "product")),
                new Pair("traded at", venues(one)),
                new Pair("ISIN", Say.text(one, "isin")),
                new Pair("industry", Say.text(one, "industry")),
                new Pair("listed on", Say.text(one, "listed_on")),
                new Pair("shares", Say.text(one, "listed_shares")),
                new Pair("face value", Say.text(one, "face_value")),
                new Pair("base price", Say.text(one, "base_price")),
                new Pair("limits today", limits(one)),
                new Pair("tick size", tick(one)),
                new Pair("last close", Say.money(one, one.path("close")) + " on " + Say.text(one, "close_date")),
                new Pair("note", standing(one)),
                new Pair("by the list", Say.text(one, "listing_source") + " of " + Say.text(one, "listing_date"))));
    }

    private static String venues(JsonNode one) {
        var venues = new ArrayList<String>();
        for (var venue : List.of("krx", "nxt", "us")) {
            if (one.path(venue).asBoolean(false)) {
                venues.add(venue.equals("us") ? Say.text(one, "market") : venue.toUpperCase(java.util.Locale.ROOT));
            }
        }
        return String.join(", ", venues);
    }

    private static String limits(JsonNode one) {
        String lower = Say.text(one, "lower_limit");
        return lower.isEmpty() ? "" : lower + " to " + Say.text(one, "upper_limit");
    }

    private static String tick(JsonNode one) {
        String tick = Say.text(one, "tick_size");
        String price = switch (one.path("tick_price").asString("")) {
            case "LAST" -> "the last price";
            case "BASE" -> "the base price";
            default -> "the close of the list";
        };
        return tick.isEmpty() ? "" : tick + " at " + Say.text(one, "tick_at") + ", " + price;
    }

    /** What somebody who wants to order has to know. */
    static String standing(JsonNode one) {
        var notes = new ArrayList<String>();
        for (var mark : List.of("halted", "interrupted", "liquidation", "managed")) {
            if (one.path(mark).asBoolean(false)) {
                notes.add(mark);
            }
        }
        String warning = Say.text(one, "warning");
        if (!warning.isEmpty() && !warning.equals("NONE")) {
            notes.add("warning: " + warning);
        }
        return String.join(", ", notes);
    }
}
