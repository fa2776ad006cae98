package kr.kisgateway.gateway.quote;

import kr.kisgateway.gateway.json.JsonBuffer;

/** A quote as the API shows it. */
public final class QuoteJson {
    private QuoteJson() {}

    /** Bytes a quote usually has. */
    static final int EXPECTED = 640;

    /** Appends {@code quote} as one object. */
    public static void write(JsonBuffer json, Quote quote) {
        json.beginObject()
                .field("symbol", quote.instrument().symbol().code())
                .field("price", quote.price())
                .field("change_pct", quote.changePct())
                .field("turnover", quote.turnover())
                .field("source", quote.source().word());
        if (quote.tsMs().isPresent()) {
            json.field("ts", quote.tsMs().getAsLong() / 1000);
        } else {
            json.fieldNull("ts");
        }
        json.fieldThousandths("freshness_sec", quote.ageMillis())
                .field("state", quote.state().name())
                .field("name", quote.instrument().name())
                .field("market", quote.instrument().market().name())
                .field("change", quote.change())
                .field("open", quote.open())
                .field("high", quote.high())
                .field("low", quote.low())
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
}
