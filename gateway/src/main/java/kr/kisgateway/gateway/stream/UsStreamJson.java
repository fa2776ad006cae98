package kr.kisgateway.gateway.stream;

import java.math.BigDecimal;
import java.util.Optional;
import kr.kisgateway.gateway.bar.Bar;
import kr.kisgateway.gateway.json.Dollars;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.quote.LastUsTick;
import kr.kisgateway.market.UsHours;

/** Ticks, books and bars of US stocks as text, in dollars; written by hand, as those of {@link StreamJson}. */
final class UsStreamJson {
    private UsStreamJson() {}

    static byte[] quote(String code, LastUsTick last, long seq, boolean snapshot) {
        var figures = last.figures();
        var json = StreamJson.begin("quotes", code, 320)
                .field("p", Dollars.plain(figures.price()))
                .field("change", Dollars.plain(figures.change()))
                .field("change_pct", figures.changePct());
        price(json, "open", figures.open());
        price(json, "high", figures.high());
        price(json, "low", figures.low());
        json.field("v", figures.volume()).field("turnover", Dollars.plain(figures.turnover()));
        price(json, "bid", figures.bid());
        price(json, "ask", figures.ask());
        json.field(
                "feed",
                last.polled() ? Optional.empty() : Optional.of(last.feed().wireName()));
        return StreamJson.end(json, last.atMs(), seq, snapshot);
    }

    static byte[] trade(String code, LastUsTick last, long seq, boolean snapshot) {
        var json = StreamJson.begin("trades", code, 192)
                .field("p", Dollars.plain(last.figures().price()))
                .field("q", last.qty())
                .field("v", last.figures().volume())
                .field("time", StreamJson.clock(last.timeOfDay()))
                .field("feed", last.feed().wireName());
        return StreamJson.end(json, last.atMs(), seq, snapshot);
    }

    static byte[] bar(Channel channel, String code, Bar bar, long seq, boolean snapshot, long tsMs) {
        var json = StreamJson.begin(channel.wireName(), code, 256)
                .field("ts", bar.epochSecond(UsHours.NEW_YORK))
                .field("open", dollars(bar.open()))
                .field("high", dollars(bar.high()))
                .field("low", dollars(bar.low()))
                .field("close", dollars(bar.close()))
                .field("volume", bar.volume())
                .field("turnover", dollars(bar.turnover()))
                .field("complete", bar.complete())
                .field("final", bar.closed());
        if (bar.corrected()) {
            json.field("corrected", true);
        }
        return StreamJson.end(json, tsMs, seq, snapshot);
    }

    private static BigDecimal dollars(long units) {
        return Dollars.plain(Dollars.ofUnits(units));
    }

    private static void price(JsonBuffer json, String name, Optional<BigDecimal> price) {
        if (price.isPresent()) {
            json.field(name, Dollars.plain(price.get()));
        } else {
            json.fieldNull(name);
        }
    }
}
