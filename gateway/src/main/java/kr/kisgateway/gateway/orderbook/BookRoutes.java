package kr.kisgateway.gateway.orderbook;

import java.util.List;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.Role;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.CurrentListing;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.market.OrderBook;

/** {@code /v1/orderbooks}. */
public final class BookRoutes {
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
        call.answer(
                switch (listed) {
                    case Listed.Korean korean -> BookAnswers.answer(books.book(korean.instrument(), tenant), depth);
                    case Listed.Us us -> BookAnswers.answer(usBooks.book(us, depth, tenant));
                });
    }
}
