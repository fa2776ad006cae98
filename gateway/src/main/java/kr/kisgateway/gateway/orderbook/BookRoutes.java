package kr.kisgateway.gateway.orderbook;

import java.util.List;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.CurrentListing;
import kr.kisgateway.gateway.instrument.Listed;
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
        table.get(Role.QUOTE, "/v1/orderbooks/{symbol}/best", List.of(), this::answerBest);
    }

    private void answerBest(Call call) {
        var listed = listing.lookup(call.pathParameter("symbol")).orElseThrow();
        call.caller().requireSymbol(listed.code());
        if (!(listed instanceof Listed.Korean korean)) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.UNSUPPORTED_BY_SOURCE,
                            listed.code() + " is traded at one venue; request its order book")
                    .with("symbol", listed.code()));
        }
        call.answer(books.of(listed.symbol()).best(korean, call.caller().name()));
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
