package kr.kisgateway.gateway.orderbook;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongBinaryOperator;
import java.util.function.ToLongFunction;
import kr.kisgateway.api.orderbook.ConsolidatedBest;
import kr.kisgateway.api.orderbook.ConsolidatedBest.Side;
import kr.kisgateway.api.orderbook.ConsolidatedBest.VenueBest;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.quote.Quote.State;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Venue;

/** The better bid and ask of several venues. Pure. */
final class BestOfVenues {
    private BestOfVenues() {}

    /**
     * The book of a venue.
     *
     * @param continuous whether the venue matches orders as they arrive: in an auction its best prices are no offers to trade at
     */
    record VenueBook(Venue venue, BookAnswer answer, boolean continuous) {
        /** A book that may be outdated is no offer either. */
        private boolean counts() {
            return continuous && answer.state() == State.HEALTHY;
        }

        private OrderBook book() {
            return answer.book();
        }
    }

    /** @param books the first one of KRX */
    static ConsolidatedBest of(List<VenueBook> books) {
        var first = books.getFirst().answer();
        var bid = best(books, book -> book.bidPrice(0), book -> book.bidQty(0), Math::max);
        var ask = best(books, book -> book.askPrice(0), book -> book.askQty(0), Math::min);
        return new ConsolidatedBest(
                first.listed().code(),
                first.listed().name(),
                bid,
                ask,
                bid.isPresent() && ask.isPresent()
                        ? OptionalLong.of(ask.get().price() - bid.get().price())
                        : OptionalLong.empty(),
                books.stream().map(BestOfVenues::answer).toList(),
                first.session().name(),
                "KRW");
    }

    private static Optional<Side> best(
            List<VenueBook> books,
            ToLongFunction<OrderBook> price,
            ToLongFunction<OrderBook> qty,
            LongBinaryOperator better) {
        var offers = books.stream()
                .filter(it -> it.counts() && price.applyAsLong(it.book()) > 0)
                .toList();
        var best = offers.stream().mapToLong(it -> price.applyAsLong(it.book())).reduce(better);
        if (best.isEmpty()) {
            return Optional.empty();
        }
        var venues = new ArrayList<String>();
        long shares = 0;
        for (var offer : offers) {
            if (price.applyAsLong(offer.book()) == best.getAsLong()) {
                venues.add(offer.venue().name());
                shares = Math.addExact(shares, qty.applyAsLong(offer.book()));
            }
        }
        return Optional.of(new Side(best.getAsLong(), shares, List.copyOf(venues)));
    }

    private static VenueBest answer(VenueBook it) {
        var book = it.book();
        return new VenueBest(
                it.venue().name(),
                it.counts(),
                ifAny(book.bidPrice(0), book.bidPrice(0)),
                ifAny(book.bidPrice(0), book.bidQty(0)),
                ifAny(book.askPrice(0), book.askPrice(0)),
                ifAny(book.askPrice(0), book.askQty(0)),
                it.answer().source().wireName(),
                it.answer().state().name(),
                ApiValues.thousandths(it.answer().ageMillis()));
    }

    /** A side without orders has the price 0. */
    private static OptionalLong ifAny(long price, long figure) {
        return price > 0 ? OptionalLong.of(figure) : OptionalLong.empty();
    }
}
