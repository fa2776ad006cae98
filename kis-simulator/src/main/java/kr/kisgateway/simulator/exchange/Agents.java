package kr.kisgateway.simulator.exchange;

import java.time.Instant;
import kr.kisgateway.market.Side;

/**
 * The other people in the market. One action of a stock is: the view of the fair price may shift by a tick, the market
 * makers move their ladder of {@value #LADDER} levels a side around it, and one taker of a random side and size trades.
 *
 * <p>While orders collect they join the auction around the fair price, so that there are opening and closing prices.
 *
 * <p>Policy: bids stand at the reference and below, asks above it, so the spread is one tick. The makers never take
 * from each other; when their new quote crosses a user's resting order they trade with it, which is how resting user
 * orders fill. Weak spot: the makers have no inventory and no fear, so the walk is a plain bounded random walk with a
 * slight pull to the base.
 */
final class Agents {
    static final int LADDER = 12;

    /** Won that a market maker shows at a level on average. */
    private static final long LEVEL_VALUE = 30_000_000;

    /** Orders that agents have in an auction at once; the oldest makes room. */
    private static final int MOST_AUCTION_ORDERS = 100;

    private Agents() {}

    /** One action: in continuous trading a quote and a take, while orders collect one more order for the auction. */
    static void act(Exchange exchange, Stock stock, Instant at, Exchange.Listener listener) {
        if (stock.phase().collects()) {
            join(exchange, stock);
            return;
        }
        // A stock that trades on both venues has one fair price, which moves where most of its trades are.
        if (stock == stock.main() || !stock.main().phase().isContinuous()) {
            drift(stock);
        }
        quote(exchange, stock, at, listener);
        Side side = stock.random.nextBoolean() ? Side.BUY : Side.SELL;
        long best = stock.book().best(MatchingBook.other(side));
        if (best != 0) {
            long level = stock.book().quantityAt(MatchingBook.other(side), best);
            // Mostly a nibble at the best level, now and then an order that walks two or three levels.
            long most = stock.random.nextInt(20) == 0 ? 2 * level : Math.max(1, level / 4);
            long limit = side == Side.BUY ? stock.upper() : stock.lower();
            exchange.take(stock, nextId(stock), side, limit, 1 + stock.random.nextLong(most), at, listener);
        }
    }

    /** Brings the ladder to the reference: quotes on its wrong side go, missing levels are filled. */
    static void quote(Exchange exchange, Stock stock, Instant at, Exchange.Listener listener) {
        // Both wrong sides first, or the makers' new asks would meet their own old bids.
        stock.dropQuotes(Side.SELL, stock.fair.price, id -> exchange.cancel(stock, id));
        stock.dropQuotes(Side.BUY, stock.fair.price, id -> exchange.cancel(stock, id));
        ladder(exchange, stock, Side.SELL, at, listener);
        ladder(exchange, stock, Side.BUY, at, listener);
    }

    private static void ladder(Exchange exchange, Stock stock, Side side, Instant at, Exchange.Listener listener) {
        long price = side == Side.BUY ? stock.fair.price : stock.up(stock.fair.price);
        for (int i = 0; i < LADDER; i++) {
            if (price > stock.upper() || price < stock.lower() || price <= 0) {
                return;
            }
            if (stock.quotes(side, price) == 0) {
                place(exchange, stock, side, price, at, listener);
            }
            price = side == Side.BUY ? stock.down(price) : stock.up(price);
        }
    }

    private static void place(
            Exchange exchange, Stock stock, Side side, long price, Instant at, Exchange.Listener listener) {
        long id = nextId(stock);
        long typical = Math.max(1, LEVEL_VALUE / price);
        long qty = 1 + typical * 3 / 10 + stock.random.nextLong(Math.max(1, typical * 14 / 10));
        long left = exchange.take(stock, id, side, price, qty, at, listener);
        if (left > 0) {
            exchange.rest(stock, id, side, price, left);
            stock.quoted(side, price, id);
        }
    }

    /** An order for the auction: a few ticks around the fair price, one in ten at the market. */
    private static void join(Exchange exchange, Stock stock) {
        drift(stock);
        if (stock.auctionOrders.size() >= MOST_AUCTION_ORDERS) {
            exchange.cancel(stock, stock.auctionOrders.removeFirst());
        }
        Side side = stock.random.nextBoolean() ? Side.BUY : Side.SELL;
        long typical = Math.max(1, LEVEL_VALUE / stock.fair.price / 4);
        long qty = 1 + stock.random.nextLong(2 * typical);
        long id = nextId(stock);
        if (stock.random.nextInt(10) == 0) {
            exchange.restAtMarket(stock, id, side, qty);
        } else {
            exchange.rest(stock, id, side, around(stock), qty);
        }
        stock.auctionOrders.add(id);
    }

    private static long around(Stock stock) {
        long price = stock.fair.price;
        for (int steps = stock.random.nextInt(9) - 4; steps != 0; steps -= Integer.signum(steps)) {
            price = steps > 0 ? stock.up(price) : stock.down(price);
        }
        return Math.clamp(price, stock.lower(), stock.upper());
    }

    /** Sees to it that the auction makes a price, however few have come: somebody buys and somebody sells at the fair one. */
    static void complete(Exchange exchange, Stock stock) {
        long qty = Math.max(1, LEVEL_VALUE / stock.fair.price / 4);
        for (Side side : Side.values()) {
            long id = nextId(stock);
            exchange.rest(stock, id, side, stock.fair.price, qty);
            stock.auctionOrders.add(id);
        }
    }

    /** What the auction did not need goes. */
    static void leave(Exchange exchange, Stock stock) {
        stock.auctionOrders.forEach(id -> exchange.cancel(stock, id));
        stock.auctionOrders.clear();
    }

    private static void drift(Stock stock) {
        int roll = stock.random.nextInt(100);
        // A slight pull to the base keeps a long simulated day inside the limits.
        int up = stock.fair.price > stock.tape().base() ? 17 : 19;
        if (roll < up) {
            stock.fair.price = stock.clamp(stock.up(stock.fair.price));
        } else if (roll < 36) {
            stock.fair.price = stock.clamp(stock.down(stock.fair.price));
        }
    }

    private static long nextId(Stock stock) {
        return --stock.agentIds;
    }
}
