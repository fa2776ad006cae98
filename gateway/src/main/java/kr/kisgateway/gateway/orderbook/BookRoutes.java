package kr.kisgateway.gateway.orderbook;

import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.instrument.CurrentListing;
import kr.kisgateway.gateway.instrument.Listed;
import kr.kisgateway.gateway.instrument.NxtEligibility;
import kr.kisgateway.gateway.quote.VenueParameter;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.PerMarket;

/** {@code /v1/orderbooks}. */
public final class BookRoutes {
    private final CurrentListing listing;
    private final NxtEligibility nxt;
    private final PerMarket<BookService> books;

    /**
     * @param nxt which stocks NXT trades today
     * @param books the service of each market
     */
    public BookRoutes(CurrentListing listing, NxtEligibility nxt, PerMarket<BookService> books) {
        this.nxt = nxt;
        this.listing = listing;
        this.books = books;
    }

    public void register(RouteTable table) {
        table.get(Role.QUOTE, "/v1/orderbooks/{symbol}", List.of("depth", VenueParameter.NAME), this::answerBook);
        table.get(Role.QUOTE, "/v1/orderbooks/{symbol}/best", List.of(), this::answerBest);
    }

    private void answerBest(Call call) {
        var found = listing.lookup(call.pathParameter("symbol")).orElseThrow();
        call.caller().requireSymbol(found.code());
        var listed = nxt.updated(found);
        if (!(listed instanceof Listed.Korean korean)) {
            throw new RefusedException(Refusal.of(
                            ErrorCode.UNSUPPORTED_BY_SOURCE,
                            listed.code() + " is traded at one venue; request its order book")
                    .with("symbol", listed.code()));
        }
        call.answer(books.of(listed.symbol()).best(korean, call.caller().name()));
    }

    private void answerBook(Call call) {
        var found = listing.lookup(call.pathParameter("symbol")).orElseThrow();
        call.caller().requireSymbol(found.code());
        Optional<String> venue = call.query(VenueParameter.NAME);
        var listed = venue.isPresent() ? nxt.updated(found) : found;
        int depth = call.wholeNumber("depth", OrderBook.LEVELS, OrderBook.LEVELS);
        var tenant = call.caller().name();
        var series = VenueParameter.series(venue, listed).orElseThrow();
        call.answer(BookAnswers.answer(books.of(listed.symbol()).book(listed, series, depth, tenant)));
    }
}
