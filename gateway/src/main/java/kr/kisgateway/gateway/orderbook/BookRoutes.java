package kr.kisgateway.gateway.orderbook;

import java.util.List;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.CurrentListing;
import kr.kisgateway.gateway.quote.VenueParameter;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.PerMarket;

/** {@code /v1/orderbooks}. */
public final class BookRoutes {
    private final CurrentListing listing;
    private final PerMarket<BookService> books;

    /** @param books the service of each market */
    public BookRoutes(CurrentListing listing, PerMarket<BookService> books) {
        this.listing = listing;
        this.books = books;
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, "/v1/orderbooks/{symbol}", List.of("depth", VenueParameter.NAME), this::answerBook);
    }

    private void answerBook(Call call) {
        var listed = listing.lookup(call.pathParameter("symbol")).orElseThrow();
        call.caller().requireSymbol(listed.code());
        int depth = call.wholeNumber("depth", OrderBook.LEVELS, OrderBook.LEVELS);
        var tenant = call.caller().name();
        var series =
                VenueParameter.series(call.query(VenueParameter.NAME), listed).orElseThrow();
        call.answer(BookAnswers.answer(books.of(listed.symbol()).book(listed, series, depth, tenant)));
    }
}
