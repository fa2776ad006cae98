package kr.kisgateway.gateway.quote;

import java.util.OptionalLong;
import kr.kisgateway.gateway.json.Dollars;
import kr.kisgateway.gateway.json.JsonBuffer;

/** Writes quotes as the API's JSON, by hand: a quote from memory is answered tens of thousands of times a second. */
public final class QuoteJson {
    private QuoteJson() {}

    /** Usual size of a quote, in bytes. */
    static final int INITIAL_BYTES = 640;

    /** Appends {@code quote} as one object. */
    public static void write(JsonBuffer json, Quote quote) {
        json.beginObject()
                .field("symbol", quote.instrument().symbol().code())
                .field("price", quote.price())
                .field("change_pct", quote.changePct())
                .field("turnover", quote.turnover())
                .field("source", quote.source().wireName());
        if (quote.tsMs().isPresent()) {
            json.field("ts", quote.tsMs().getAsLong() / 1000);
        } else {
            json.fieldNull("ts");
        }
        json.fieldThousandths("freshness_sec", quote.ageMillis())
                .field("state", quote.state().name())
                .field("name", quote.instrument().name())
                .field("market", quote.instrument().board().name())
                .field("change", quote.change())
                .field("open", positive(quote.open()))
                .field("high", positive(quote.high()))
                .field("low", positive(quote.low()))
                .field("volume", quote.volume())
                .field("bid", quote.bid())
                .field("ask", quote.ask())
                .field("prev_close", quote.prevClose())
                .field("market_cap", quote.marketCap())
                .field("currency", "KRW")
                .field("session", quote.session().name())
                .field("ts_ms", quote.tsMs())
                .endObject();
    }

    /** KIS writes 0 before the first trade of the day. */
    private static OptionalLong positive(long price) {
        return price > 0 ? OptionalLong.of(price) : OptionalLong.empty();
    }

    /** Appends {@code quote} as one object. */
    public static void write(JsonBuffer json, UsQuote quote) {
        var figures = quote.figures();
        json.beginObject()
                .field("symbol", quote.listed().code())
                .field("price", Dollars.plain(figures.price()))
                .field("change_pct", figures.changePct())
                .field("turnover", Dollars.plain(figures.turnover()))
                .field("source", quote.source().wireName());
        if (quote.tsMs().isPresent()) {
            json.field("ts", quote.tsMs().getAsLong() / 1000);
        } else {
            json.fieldNull("ts");
        }
        json.fieldThousandths("freshness_sec", quote.ageMillis())
                .field("state", quote.state().name())
                .field("name", quote.listed().name())
                .field("market", quote.listed().market().name())
                .field("change", Dollars.plain(figures.change()));
        Dollars.field(json, "open", figures.open());
        Dollars.field(json, "high", figures.high());
        Dollars.field(json, "low", figures.low());
        json.field("volume", figures.volume());
        Dollars.field(json, "bid", figures.bid());
        Dollars.field(json, "ask", figures.ask());
        json.field("prev_close", Dollars.plain(quote.prevClose()))
                .field("currency", "USD")
                .field("session", quote.session().name())
                .field("ts_ms", quote.tsMs())
                .field("feed", quote.feed().map(PushFeed::wireName))
                .endObject();
    }
}
