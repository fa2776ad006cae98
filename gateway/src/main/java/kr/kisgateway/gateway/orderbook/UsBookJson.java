package kr.kisgateway.gateway.orderbook;

import java.time.format.DateTimeFormatter;
import java.util.List;
import kr.kisgateway.gateway.json.Dollars;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.gateway.quote.UsBook;
import kr.kisgateway.gateway.quote.UsFeed;

/** US books as JSON, with the fields of Korean ones. */
final class UsBookJson {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private UsBookJson() {}

    /** Appends {@code answer} as one object. */
    static void write(JsonBuffer json, UsBookAnswer answer) {
        var book = answer.book();
        json.beginObject()
                .field("symbol", answer.listed().code())
                .field("name", answer.listed().name())
                .field("market", answer.listed().market().name());
        side(json.name("bids"), book.bids());
        side(json.name("asks"), book.asks());
        json.field("total_bid_qty", book.totalBidQty()).field("total_ask_qty", book.totalAskQty());
        Dollars.field(json, "best_bid", book.bestBid());
        Dollars.field(json, "best_ask", book.bestAsk());
        Dollars.field(json, "spread", book.spread());
        json.fieldNull("expected").field("source", answer.source().wireName());
        if (answer.tsMs().isPresent()) {
            json.field("ts", answer.tsMs().getAsLong() / 1000);
        } else {
            json.fieldNull("ts");
        }
        json.field("ts_ms", answer.tsMs())
                .fieldThousandths("freshness_sec", answer.ageMillis())
                .field("state", answer.state().name())
                .field("session", answer.session().name())
                .field("book_time", book.at().map(TIME::format))
                .field("currency", "USD")
                .field("depth", answer.depth())
                .field("feed", answer.feed().map(UsFeed::wireName))
                .endObject();
    }

    private static void side(JsonBuffer json, List<UsBook.Level> levels) {
        json.beginArray();
        for (var level : levels) {
            json.beginObject()
                    .field("price", Dollars.plain(level.price()))
                    .field("qty", level.qty())
                    .fieldNull("count")
                    .endObject();
        }
        json.endArray();
    }
}
