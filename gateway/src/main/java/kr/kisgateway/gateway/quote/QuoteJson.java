package kr.kisgateway.gateway.quote;

import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Market;

/** Writes quotes as the API's JSON, by hand: a quote from memory is answered tens of thousands of times a second. */
public final class QuoteJson {
    private QuoteJson() {}

    /** Usual size of a quote, in bytes. */
    static final int INITIAL_BYTES = 640;

    /** Appends {@code quote} as one object. */
    public static void write(JsonBuffer json, Quote quote) {
        var market = quote.listed().symbol().market();
        var currency = market.currency();
        boolean korean = market.equals(Market.KOREA);
        json.beginObject()
                .field("symbol", quote.listed().code())
                .amount("price", currency, quote.price())
                .field("change_pct", quote.changePct())
                .amount("turnover", currency, quote.turnover())
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
                .amount("change", currency, quote.change());
        price(json, "open", currency, quote.open());
        price(json, "high", currency, quote.high());
        price(json, "low", currency, quote.low());
        json.field("volume", quote.volume());
        price(json, "bid", currency, quote.bid().orElse(0));
        price(json, "ask", currency, quote.ask().orElse(0));
        json.amount("prev_close", currency, quote.prevClose());
        if (korean) {
            json.field("market_cap", quote.marketCap());
        }
        json.field("currency", currency.name())
                .field("session", quote.session().name())
                .field("ts_ms", quote.tsMs());
        if (!korean) {
            json.field("feed", quote.feed().map(PushFeed::wireName));
        }
        json.endObject();
    }

    /** 0 means none: KIS writes it before the first trade of the day. */
    private static void price(JsonBuffer json, String name, Currency currency, long units) {
        if (units > 0) {
            json.amount(name, currency, units);
        } else {
            json.fieldNull(name);
        }
    }
}
