package kr.kisgateway.cli;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.terminal.Screen.Column;
import kr.kisgateway.terminal.Screen.Pair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        description = "The order book, ten levels a side; of US stocks as many as KIS provides.%n"
                + "호가창을 10단계까지 보여 줍니다 (미국 주식은 받은 만큼).")
final class Book extends GatewayCommand {
    @Parameters(paramLabel = "SYMBOL", description = "005930, or AAPL.NASD")
    private String symbol = "";

    Book(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get("/v1/orderbooks/" + GatewayConnection.encode(symbol)), this::show);
    }

    /** The asks above the bids, prices falling, as on trading screens. */
    private void show(JsonNode book) {
        screen().line(Format.text(book, "symbol") + "  " + Format.text(book, "name") + "  "
                + Format.text(book, "session"));
        var rows = new ArrayList<List<String>>();
        var asks = book.path("asks");
        for (int i = asks.size() - 1; i >= 0; i--) {
            rows.add(List.of(
                    Format.text(asks.get(i), "qty"),
                    Format.money(book, asks.get(i).path("price")),
                    ""));
        }
        for (JsonNode bid : book.path("bids")) {
            rows.add(List.of("", Format.money(book, bid.path("price")), Format.text(bid, "qty")));
        }
        rows.add(List.of(Format.text(book, "total_ask_qty"), "in all", Format.text(book, "total_bid_qty")));
        screen().table(List.of(Column.right("ASKS"), Column.right("PRICE"), Column.right("BIDS")), rows);
        var expected = book.path("expected");
        screen().pairs(List.of(
                new Pair("spread", Format.money(book, book.path("spread"))),
                new Pair(
                        "expected fill",
                        expected.isObject()
                                ? Format.text(expected, "qty") + " at " + Format.text(expected, "price")
                                : ""),
                new Pair("from", source(book))));
    }

    /** {@code kis-rest, 0.4 s old, STALE}. */
    static String source(JsonNode answer) {
        String state = Format.text(answer, "state");
        return Format.text(answer, "source") + ", " + Format.text(answer, "freshness_sec") + " s old"
                + (state.equals("HEALTHY") ? "" : ", " + state);
    }
}
