package kr.kisgateway.gateway.orderbook;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.CurrentListing;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.OrderBook;

/** {@code /v1/orderbooks}. */
public final class BookRoutes {
    private final CurrentListing listing;
    private final Map<Market, BookService> books;

    /** @param books the service of each market */
    public BookRoutes(CurrentListing listing, Map<Market, BookService> books) {
        this.listing = listing;
        this.books = books;
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, "/v1/orderbooks/{symbol}", List.of("depth"), this::answerBook);
    }

    private void answerBook(Call call) {
        var listed = listing.lookup(call.pathParameter("symbol")).listed();
        call.caller().requireSymbol(listed.code());
        int depth = call.wholeNumber("depth", OrderBook.LEVELS, OrderBook.LEVELS);
        var tenant = call.caller().name();
        var service = Objects.requireNonNull(books.get(listed.symbol().market()), "a service of each market");
        call.answer(BookAnswers.answer(service.book(listed, depth, tenant)));
    }
}
