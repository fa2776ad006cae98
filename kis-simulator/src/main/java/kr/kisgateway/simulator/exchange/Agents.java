package kr.kisgateway.simulator.exchange;

import kr.kisgateway.market.Side;

/**
 * The other people in the market, of three kinds. One action of a stock is: the view of the fair price may shift by a tick,
 * the market makers move their ladder of {@value #LADDER} levels a side around it, and one taker trades: mostly somebody with
 * reasons of his own (noise), now and then somebody who buys what rises and sells what falls.
 *
 * <p>While orders collect they join the auction around the fair price, so that there are opening and closing prices. How
 * often they act and how much they want is the pit's {@link Pace}.
 *
 * <p>Policy: bids stand at the reference and below, asks above it, so the spread is one tick. The makers never take
 * from each other; when their new quote crosses a user's resting order they trade with it, which is how resting user
 * orders fill. Weak spot: the makers have no inventory and no fear, so the walk is a bounded random walk with a slight pull
 * to the base and as slight a memory.
 */
public final class Agents {
    static final int LADDER = 12;

    /** Orders that agents have in an auction at once; the oldest makes room. */
    private static final int MOST_AUCTION_ORDERS = 100;

    /** One taker in so many follows the trend; the others buy and sell for reasons of their own. */
    private static final int TAKERS_PER_FOLLOWER = 4;

    private Agents() {}

    /**
     * One action of continuous trading: a quote and a take.
     *
     * @param leads whether the worth of the stock moves here, and not on another venue where most of its trades are
     */
    public static void act(Pit pit, Floor floor, boolean leads) {
        if (leads) {
            drift(pit);
        }
        quote(pit, floor);
        boolean follows = pit.random.nextInt(TAKERS_PER_FOLLOWER) == 0;
        int trend = pit.trend();
        Side side = (follows && trend != 0 ? trend > 0 : pit.random.nextBoolean()) ? Side.BUY : Side.SELL;
        long best = pit.book().best(MatchingBook.other(side));
        if (best != 0) {
            long wanted = wanted(pit, pit.book().quantityAt(MatchingBook.other(side), best));
            if (wanted > 0) {
                floor.take(pit.nextId(), side, side == Side.BUY ? pit.upper() : pit.lower(), wanted);
            }
        }
        pit.seen();
    }

    private static long wanted(Pit pit, long level) {
        if (pit.pace().take() > 0) {
            // As in Quiet: 1/4 + 9/4 u² has the mean 1, and of less than a share there is now and then one.
            long u = pit.random.nextInt(1 << 16);
            return pit.pace().take() * ((1 << 14) + (9 * u * u >>> 18)) + pit.random.nextInt(1 << 26) >>> 26;
        }
        // Mostly a nibble at the best level, now and then an order that walks two or three levels.
        long most = pit.random.nextInt(20) == 0 ? 2 * level : Math.max(1, level / 4);
        return 1 + pit.random.nextLong(most);
    }

    /** Brings the ladder to the fair price: quotes on its wrong side go, missing levels are filled. */
    public static void quote(Pit pit, Floor floor) {
        // Both wrong sides first, or the makers' new asks would meet their own old bids.
        pit.dropQuotes(Side.SELL, pit.fairPrice(), floor::cancel);
        pit.dropQuotes(Side.BUY, pit.fairPrice(), floor::cancel);
        ladder(pit, floor, Side.SELL);
        ladder(pit, floor, Side.BUY);
    }

    /** Takes every quote of the ladder out of the book. */
    public static void withdraw(Pit pit, Floor floor) {
        pit.dropAllQuotes(floor::cancel);
    }

    private static void ladder(Pit pit, Floor floor, Side side) {
        long price = side == Side.BUY ? pit.fairPrice() : pit.up(pit.fairPrice());
        for (int i = 0; i < LADDER; i++) {
            if (price > pit.upper() || price < pit.lower() || price <= 0) {
                return;
            }
            if (pit.quotes(side, price) == 0) {
                place(pit, floor, side, price);
            }
            price = side == Side.BUY ? pit.down(price) : pit.up(price);
        }
    }

    private static void place(Pit pit, Floor floor, Side side, long price) {
        long id = pit.nextId();
        long typical = pit.levelShares(price);
        long qty = 1 + typical * 3 / 10 + pit.random.nextLong(Math.max(1, typical * 14 / 10));
        long left = floor.take(id, side, price, qty);
        if (left > 0) {
            floor.rest(id, side, price, left);
            pit.quoted(side, price, id);
        }
    }

    /** While orders collect: one more for the auction, a few ticks around the fair price, one in ten at the market. */
    public static void join(Pit pit, Floor floor) {
        drift(pit);
        if (pit.auctionOrders().size() >= MOST_AUCTION_ORDERS) {
            floor.cancel(pit.auctionOrders().removeFirst());
        }
        Side side = pit.random.nextBoolean() ? Side.BUY : Side.SELL;
        long qty = 1 + pit.random.nextLong(2 * pit.auctionShares());
        long id = pit.nextId();
        if (pit.random.nextInt(10) == 0) {
            floor.restAtMarket(id, side, qty);
        } else {
            floor.rest(id, side, around(pit), qty);
        }
        pit.auctionOrders().add(id);
    }

    private static long around(Pit pit) {
        long price = pit.fairPrice();
        for (int steps = pit.random.nextInt(9) - 4; steps != 0; steps -= Integer.signum(steps)) {
            price = steps > 0 ? pit.up(price) : pit.down(price);
        }
        return Math.clamp(price, pit.lower(), pit.upper());
    }

    /** Sees to it that the auction makes a price, however few have come: somebody buys and somebody sells at the fair one. */
    public static void complete(Pit pit, Floor floor) {
        long qty = Math.max(pit.pace().auction(), pit.auctionShares());
        for (Side side : Side.values()) {
            long id = pit.nextId();
            floor.rest(id, side, pit.fairPrice(), qty);
            pit.auctionOrders().add(id);
        }
    }

    /** What the auction did not need goes. */
    public static void leave(Pit pit, Floor floor) {
        pit.auctionOrders().forEach(floor::cancel);
        pit.auctionOrders().clear();
    }

    private static void drift(Pit pit) {
        int roll = pit.random.nextInt(10_000);
        long moves = pit.pace().moves();
        // A slight pull to the base keeps a long simulated day inside the limits; who follows a trend makes it last.
        long up = moves * ((pit.fairPrice() > pit.tape().base() ? 17 : 19) + pit.trend()) / 36;
        if (roll < up) {
            pit.value(pit.up(pit.fairPrice()));
        } else if (roll < moves) {
            pit.value(pit.down(pit.fairPrice()));
        }
    }
}
