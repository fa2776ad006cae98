package kr.kisgateway.gateway.orderbook;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.CurrentListing;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.json.JsonBuffer;
import kr.kisgateway.market.OrderBook;

/** {@code /v1/orderbooks}. */
public final class BookRoutes {
    private static final int JSON_SIZE = 2_048;

    private final CurrentListing listing;
    private final BookService books;
    private final UsBookService usBooks;

    public BookRoutes(CurrentListing listing, BookService books, UsBookService usBooks) {
        this.listing = listing;
        this.books = books;
        this.usBooks = usBooks;
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, "/v1/orderbooks/{symbol}", List.of("depth"), this::answerBook);
    }

    private void answerBook(Call call) {
        var listed = listing.lookup(call.pathParameter("symbol")).listed();
        call.caller().requireSymbol(listed.code());
        int depth = call.wholeNumber("depth", OrderBook.LEVELS, OrderBook.LEVELS);
        var tenant = call.caller().name();
        var json = new JsonBuffer(JSON_SIZE);
        switch (listed) {
            case Listed.Korean korean -> write(json, books.book(korean.instrument(), tenant), depth);
            case Listed.Us us -> UsBookJson.write(json, usBooks.book(us, depth, tenant));
        }
        call.answer(json);
    }

    private static void write(JsonBuffer json, BookAnswer answer, int depth) {
        var book = answer.book();
        json.beginObject()
                .field("symbol", answer.instrument().symbol().code())
                .field("name", answer.instrument().name())
                .field("market", answer.instrument().market().name());
        side(json.name("bids"), depth, level -> book.bidPrice((int) level), level -> book.bidQty((int) level));
        side(json.name("asks"), depth, level -> book.askPrice((int) level), level -> book.askQty((int) level));
        var bid = price(book.bidPrice(0));
        var ask = price(book.askPrice(0));
        json.field("total_bid_qty", book.totalBidQty())
                .field("total_ask_qty", book.totalAskQty())
                .field("best_bid", bid)
                .field("best_ask", ask)
                .field(
                        "spread",
                        bid.isPresent() && ask.isPresent()
                                ? OptionalLong.of(ask.getAsLong() - bid.getAsLong())
                                : OptionalLong.empty());
        expected(json, answer);
        json.field("source", answer.source().wireName());
        if (answer.tsMs().isPresent()) {
            json.field("ts", answer.tsMs().getAsLong() / 1000);
        } else {
            json.fieldNull("ts");
        }
        json.field("ts_ms", answer.tsMs())
                .fieldThousandths("freshness_sec", answer.ageMillis())
                .field("state", answer.state().name())
                .field("session", answer.session().name())
                .field("book_time", time(book.timeOfDay()))
                .field("currency", "KRW")
                .endObject();
    }

    /** Levels with a price, the best first. KIS does not send the number of orders at a level. */
    private static void side(JsonBuffer json, int depth, LongUnaryOperator price, LongUnaryOperator qty) {
        json.beginArray();
        for (int level = 0; level < depth; level++) {
            if (price.applyAsLong(level) > 0) {
                json.beginObject()
                        .field("price", price.applyAsLong(level))
                        .field("qty", qty.applyAsLong(level))
                        .fieldNull("count")
                        .endObject();
            }
        }
        json.endArray();
    }

    private static void expected(JsonBuffer json, BookAnswer answer) {
        if (answer.expected().isEmpty()) {
            json.fieldNull("expected");
            return;
        }
        var expected = answer.expected().get();
        json.name("expected")
                .beginObject()
                .field("price", expected.price())
                .field("qty", expected.qty())
                .field("change", expected.change())
                .field("change_pct", expected.changePct())
                .endObject();
    }

    private static OptionalLong price(long won) {
        return won > 0 ? OptionalLong.of(won) : OptionalLong.empty();
    }

    private static Optional<String> time(int time) {
        return time == 0
                ? Optional.empty()
                : Optional.of(
                        String.format(Locale.ROOT, "%02d:%02d:%02d", time / 10_000, time / 100 % 100, time % 100));
    }
}
