package kr.kisgateway.simulator.exchange;

import kr.kisgateway.market.Side;

/**
 * The other participants of the market, of three kinds. One action of a stock is: the fair price may shift by a tick, the
 * market makers move their ladder of {@value #LADDER} levels a side around it, and one taker trades: mostly a noise trader, now
 * and then a trend follower who buys what rises and sells what falls.
 *
 * <p>During auctions they place orders around the fair price, so that there are opening and closing prices. Their frequency and
 * size are the {@link ActivityRate} of the {@link StockBook}.
 *
 * <p>Policy: bids stand at the reference and below, asks above it, so the spread is one tick. The makers never take
 * from each other; when their new quote crosses a user's resting order they trade with it, which is how resting user
 * orders fill. Weak spot: the makers have no inventory and no risk aversion, so the price is a bounded random walk with a slight
 * pull to the base and a slight momentum.
 */
public final class Agents {
    static final int LADDER = 12;

    /** Orders of agents in an auction at once; a further one replaces the oldest. */
    private static final int MAX_AUCTION_ORDERS = 100;

    /** One taker in this many follows the trend; the others are noise traders. */
    private static final int TAKERS_PER_FOLLOWER = 4;

    private Agents() {}

    /**
     * One action of continuous trading: a quote and a take.
     *
     * @param leadsPrice whether the fair price moves here, and not on another venue where most of its trades are
     */
    public static void act(StockBook stockBook, AgentActions actions, boolean leadsPrice) {
        if (leadsPrice) {
            drift(stockBook);
        }
        quote(stockBook, actions);
        boolean followsTrend = stockBook.random.nextInt(TAKERS_PER_FOLLOWER) == 0;
        int trend = stockBook.trend();
        Side side = (followsTrend && trend != 0 ? trend > 0 : stockBook.random.nextBoolean()) ? Side.BUY : Side.SELL;
        long best = stockBook.book().best(MatchingBook.other(side));
        if (best != 0) {
            long takeQty = takeQuantity(stockBook, stockBook.book().quantityAt(MatchingBook.other(side), best));
            if (takeQty > 0) {
                actions.take(
                        stockBook.nextId(), side, side == Side.BUY ? stockBook.upper() : stockBook.lower(), takeQty);
            }
        }
        stockBook.updateTrend();
    }

    private static long takeQuantity(StockBook stockBook, long level) {
        if (stockBook.activity().take() > 0) {
            // As in DormantStock: 1/4 + 9/4 u² has the mean 1; a mean below one share is rounded to one now and then.
            long u = stockBook.random.nextInt(1 << 16);
            return stockBook.activity().take() * ((1 << 14) + (9 * u * u >>> 18)) + stockBook.random.nextInt(1 << 26)
                    >>> 26;
        }
        // Mostly a small order at the best level, now and then one that walks two or three levels.
        long max = stockBook.random.nextInt(20) == 0 ? 2 * level : Math.max(1, level / 4);
        return 1 + stockBook.random.nextLong(max);
    }

    /** Moves the ladder to the fair price: quotes on its wrong side are cancelled, missing levels are filled. */
    public static void quote(StockBook stockBook, AgentActions actions) {
        // Both wrong sides first, or the makers' new asks would meet their own old bids.
        stockBook.dropQuotes(Side.SELL, stockBook.fairPrice(), actions::cancel);
        stockBook.dropQuotes(Side.BUY, stockBook.fairPrice(), actions::cancel);
        ladder(stockBook, actions, Side.SELL);
        ladder(stockBook, actions, Side.BUY);
    }

    /** Cancels every quote of the ladder. */
    public static void withdraw(StockBook stockBook, AgentActions actions) {
        stockBook.dropAllQuotes(actions::cancel);
    }

    private static void ladder(StockBook stockBook, AgentActions actions, Side side) {
        long price = side == Side.BUY ? stockBook.fairPrice() : stockBook.up(stockBook.fairPrice());
        for (int i = 0; i < LADDER; i++) {
            if (price > stockBook.upper() || price < stockBook.lower() || price <= 0) {
                return;
            }
            if (stockBook.quotes(side, price) == 0) {
                place(stockBook, actions, side, price);
            }
            price = side == Side.BUY ? stockBook.down(price) : stockBook.up(price);
        }
    }

    private static void place(StockBook stockBook, AgentActions actions, Side side, long price) {
        long id = stockBook.nextId();
        long typical = stockBook.levelShares(price);
        long qty = 1 + typical * 3 / 10 + stockBook.random.nextLong(Math.max(1, typical * 14 / 10));
        long left = actions.take(id, side, price, qty);
        if (left > 0) {
            actions.rest(id, side, price, left);
            stockBook.recordQuote(side, price, id);
        }
    }

    /** Adds one order to the auction, a few ticks around the fair price, one in ten at the market. */
    public static void joinAuction(StockBook stockBook, AgentActions actions) {
        drift(stockBook);
        if (stockBook.auctionOrders().size() >= MAX_AUCTION_ORDERS) {
            actions.cancel(stockBook.auctionOrders().removeFirst());
        }
        Side side = stockBook.random.nextBoolean() ? Side.BUY : Side.SELL;
        long qty = 1 + stockBook.random.nextLong(2 * stockBook.auctionShares());
        long id = stockBook.nextId();
        if (stockBook.random.nextInt(10) == 0) {
            actions.restAtMarket(id, side, qty);
        } else {
            actions.rest(id, side, priceAroundFair(stockBook), qty);
        }
        stockBook.auctionOrders().add(id);
    }

    private static long priceAroundFair(StockBook stockBook) {
        long price = stockBook.fairPrice();
        for (int steps = stockBook.random.nextInt(9) - 4; steps != 0; steps -= Integer.signum(steps)) {
            price = steps > 0 ? stockBook.up(price) : stockBook.down(price);
        }
        return Math.clamp(price, stockBook.lower(), stockBook.upper());
    }

    /** Ensures that the auction makes a price however few orders it has: one buy and one sell at the fair price. */
    public static void completeAuction(StockBook stockBook, AgentActions actions) {
        long qty = Math.max(stockBook.activity().auction(), stockBook.auctionShares());
        for (Side side : Side.values()) {
            long id = stockBook.nextId();
            actions.rest(id, side, stockBook.fairPrice(), qty);
            stockBook.auctionOrders().add(id);
        }
    }

    /** Cancels the agents' orders that the auction left. */
    public static void leaveAuction(StockBook stockBook, AgentActions actions) {
        stockBook.auctionOrders().forEach(actions::cancel);
        stockBook.auctionOrders().clear();
    }

    private static void drift(StockBook stockBook) {
        int roll = stockBook.random.nextInt(10_000);
        long moves = stockBook.activity().moves();
        // A slight pull to the base keeps a long simulated day inside the limits; trend followers prolong a move.
        long up = moves * ((stockBook.fairPrice() > stockBook.tape().base() ? 17 : 19) + stockBook.trend()) / 36;
        if (roll < up) {
            stockBook.setFairPrice(stockBook.up(stockBook.fairPrice()));
        } else if (roll < moves) {
            stockBook.setFairPrice(stockBook.down(stockBook.fairPrice()));
        }
    }
}
