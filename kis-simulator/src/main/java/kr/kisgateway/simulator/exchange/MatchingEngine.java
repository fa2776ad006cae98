package kr.kisgateway.simulator.exchange;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import kr.kisgateway.market.Phase;
import kr.kisgateway.market.Side;

/**
 * Executes orders against the books of a stock and reports the trades: in continuous trading, at the mid-price, at the single
 * price of an auction, and at the closing price. What is left rests, and stop orders wait for their condition. The books
 * belong to the stock.
 */
public final class MatchingEngine {
    /** The single price in the books of the closing price, whose value is set later. */
    private static final long QUEUE_PRICE = 1;

    /** Interrupts trading of a stock before a trade at a price that lies too far away. */
    interface Interrupter {
        /** Whether a trade at the price would interrupt trading. */
        boolean interrupts(Stock stock, long price);

        void interrupt(Stock stock, long price, Instant at, Exchange.Listener listener);
    }

    private final Interrupter interrupter;

    MatchingEngine(Interrupter interrupter) {
        this.interrupter = interrupter;
    }

    // ---- continuous trading -----------------------------------------------------------------------------------------

    /**
     * Executes an order of {@code id} (above 0: a user's) against resting ones. Returns the quantity left because nothing matched,
     * or because trading was interrupted by the move of the price: see {@link Stock#phase} then.
     */
    public long take(Stock stock, long id, Side side, long limit, long qty, Instant at, Exchange.Listener listener) {
        Side other = MatchingBook.other(side);
        long left = qty;
        while (left > 0) {
            long mid = stock.mid();
            Optional<WaitingOrders.Order> inside =
                    mid != 0 && reaches(side, limit, mid) ? stock.mids.oldest(other) : Optional.empty();
            if (inside.isPresent()) {
                long done = Math.min(left, inside.get().qty());
                stock.mids.reduce(inside.get().id(), done);
                left -= done;
                ActiveMarket.trade(stock, inside.get().id(), id, side, mid, done, at, listener);
                continue;
            }
            long best = stock.book().best(other);
            if (best == 0 || !reaches(side, limit, best)) {
                break;
            }
            if (interrupter.interrupts(stock, best)) {
                interrupter.interrupt(stock, best, at, listener);
                break;
            }
            left = stock.book()
                    .take(
                            side,
                            best,
                            left,
                            (maker, price, done) ->
                                    ActiveMarket.trade(stock, maker, id, side, price, done, at, listener));
        }
        stock.markBookDirty();
        return left;
    }

    /** The quantity that an order could take now up to {@code limit}, at most {@code maxQty}, before trading is interrupted. */
    public long available(Stock stock, Side side, long limit, long maxQty) {
        Side other = MatchingBook.other(side);
        long mid = stock.mid();
        long inside = mid != 0 && reaches(side, limit, mid) ? Math.min(maxQty, stock.mids.total(other)) : 0;
        long best = stock.book().best(other);
        if (best == 0 || !reaches(side, limit, best)) {
            return inside;
        }
        long reachablePrice = limit;
        while (!interrupter.interrupts(stock, best)
                && interrupter.interrupts(stock, reachablePrice)
                && reachablePrice != best) {
            reachablePrice =
                    side == Side.BUY ? stock.stockBook.down(reachablePrice) : stock.stockBook.up(reachablePrice);
        }
        return interrupter.interrupts(stock, best)
                ? inside
                : inside + stock.book().available(side, reachablePrice, maxQty - inside);
    }

    /** Executes a mid-price order against those of the other side; returns the quantity left. */
    public long takeAtMid(Stock stock, long id, Side side, long qty, Instant at, Exchange.Listener listener) {
        long left = qty;
        for (long mid = stock.mid(); mid != 0 && left > 0; mid = stock.mid()) {
            Optional<WaitingOrders.Order> oldest = stock.mids.oldest(MatchingBook.other(side));
            if (oldest.isEmpty()) {
                break;
            }
            long done = Math.min(left, oldest.get().qty());
            stock.mids.reduce(oldest.get().id(), done);
            left -= done;
            ActiveMarket.trade(stock, oldest.get().id(), id, side, mid, done, at, listener);
        }
        stock.markBookDirty();
        return left;
    }

    // ---- auctions ---------------------------------------------------------------------------------------------------

    /** Ends an auction: orders that cross trade at one price, which becomes the reference of interruptions and of agents. */
    void uncross(Stock stock, Instant at, Exchange.Listener listener) {
        int time = MarketClock.KOREA.timeOfDay(at);
        // The book is settled before any listener is called, and the tape counts the auction as one trade.
        record Pair(long buy, long sell, long qty) {}
        List<Pair> pairs = new ArrayList<>();
        Auction.Match match = stock.book()
                .uncross(stock.auctionReference(), (buy, sell, price, qty) -> pairs.add(new Pair(buy, sell, qty)));
        if (match.qty() > 0) {
            stock.tape().add(match.price(), match.qty(), Optional.empty(), time);
            stock.tape().playedTo(at);
            stock.staticReference = match.price();
            stock.stockBook.setFairPrice(match.price());
            listener.traded(stock, match.price(), match.qty(), Optional.empty(), at);
        } else {
            stock.resetFairPrice();
        }
        for (Pair pair : pairs) {
            ActiveMarket.reportFill(stock, pair.buy(), match.price(), pair.qty(), at, listener);
            ActiveMarket.reportFill(stock, pair.sell(), match.price(), pair.qty(), at, listener);
        }
    }

    // ---- closing price ----------------------------------------------------------------------------------------------

    /** Matches the orders that queued for the closing price. */
    void matchClosePriceQueue(Stock stock, Instant at, Exchange.Listener listener) {
        tradeAtClosePrice(
                stock,
                at,
                listener,
                sink -> stock.closePriceBook().uncross(QUEUE_PRICE, sink).qty());
    }

    private void tradeAtClosePrice(
            Stock stock, Instant at, Exchange.Listener listener, Function<MatchingBook.PairSink, Long> matching) {
        long price = stock.closePrice();
        long traded = matching.apply((buy, sell, atPrice, qty) -> {
            ActiveMarket.reportFill(stock, buy, price, qty, at, listener);
            ActiveMarket.reportFill(stock, sell, price, qty, at, listener);
        });
        if (traded > 0) {
            stock.tape().addVolume(price, traded, MarketClock.KOREA.timeOfDay(at));
            listener.traded(stock, price, traded, Optional.empty(), at);
        }
    }

    /** Executes an order at the closing price against those of the other side; returns the quantity left. */
    public long takeAtClosePrice(Stock stock, long id, Side side, long qty, Instant at, Exchange.Listener listener) {
        if (stock.closePricePhase().matching() != Phase.Matching.AT_ONE_PRICE) {
            return qty;
        }
        long price = stock.closePrice();
        long[] left = {qty};
        tradeAtClosePrice(stock, at, listener, sink -> {
            left[0] = stock.closePriceBook()
                    .take(
                            side,
                            QUEUE_PRICE,
                            qty,
                            (maker, atPrice, done) -> sink.pair(
                                    side == Side.BUY ? id : maker, side == Side.BUY ? maker : id, price, done));
            return qty - left[0];
        });
        return left[0];
    }

    // ---- resting orders ---------------------------------------------------------------------------------------------

    public void rest(Stock stock, long id, Side side, long price, long qty) {
        stock.rest(id, side, price, qty);
    }

    /** Queues a market order for the auction, ahead of every price. */
    public void restAtMarket(Stock stock, long id, Side side, long qty) {
        stock.book().restAtMarket(id, side, qty);
        stock.markBookDirty();
    }

    public void restAtMid(Stock stock, long id, Side side, long qty) {
        stock.mids.add(new WaitingOrders.Order(id, side, 0, qty));
        stock.markBookDirty();
    }

    public void restAtClosePrice(Stock stock, long id, Side side, long qty) {
        stock.closePriceBook().rest(id, side, QUEUE_PRICE, qty);
    }

    /** Stores a stop order until the last price reaches {@code condition}, from below for a buy and from above for a sell. */
    public void restStop(Stock stock, long id, Side side, long condition, long qty) {
        stock.stops.add(new WaitingOrders.Order(id, side, condition, qty));
    }

    /** Whether the last price triggers a stop order on arrival. */
    public static boolean isStopTriggered(Stock stock, Side side, long condition) {
        return new WaitingOrders.Order(0, side, condition, 0)
                .isTriggeredBy(stock.tape().last());
    }

    /** Rests an order directly behind the resting {@code anchor}, at its price. */
    public void restBehind(Stock stock, long anchor, long id, long qty) {
        stock.book().restBehind(anchor, id, qty);
        stock.markBookDirty();
    }

    public long cancel(Stock stock, long id) {
        return reduce(stock, id, Long.MAX_VALUE);
    }

    /** Lowers an order wherever it rests or waits; returns the quantity taken off. */
    public long reduce(Stock stock, long id, long qty) {
        stock.markBookDirty();
        long taken = stock.book().reduce(id, qty);
        taken = taken > 0 ? taken : stock.closePriceBook().reduce(id, qty);
        taken = taken > 0 ? taken : stock.stops.reduce(id, qty);
        return taken > 0 ? taken : stock.mids.reduce(id, qty);
    }

    /**
     * Triggers the stop orders that the last price has reached, oldest first; their trades may trigger further ones. Must be
     * called after an order that traded rests its remainder: a stop order must find it there.
     */
    public void triggerStops(Stock stock, Instant at, Exchange.Listener listener) {
        if (stock.triggeringStops) {
            return;
        }
        stock.triggeringStops = true;
        try {
            while (stock.phase().isContinuous()) {
                Optional<WaitingOrders.Order> stop =
                        stock.stops.removeTriggered(stock.tape().last());
                if (stop.isEmpty()) {
                    return;
                }
                listener.stopTriggered(stock, stop.get().id(), at);
            }
        } finally {
            stock.triggeringStops = false;
        }
    }

    private static boolean reaches(Side side, long limit, long price) {
        return side == Side.BUY ? price <= limit : price >= limit;
    }
}
