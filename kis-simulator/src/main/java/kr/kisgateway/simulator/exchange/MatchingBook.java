package kr.kisgateway.simulator.exchange;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Side;

/**
 * A price-time-priority book of one stock. Prices are whole won, quantities shares, ids the caller's own and unique
 * among resting orders.
 *
 * <p>An arriving order first takes resting orders of the other side, best price first and oldest first within a price,
 * always at the resting order's price; its remainder may then rest. The two steps are separate ({@link #take}, {@link #rest})
 * because the caller decides about the remainder: limit orders rest, IOC orders are cancelled, market orders rest at
 * the last price. Levels store their sums, so ten levels and both totals are read without walking orders.
 *
 * <p>During an auction the book may be crossed, and market orders rest in a queue ahead of all prices.
 * {@link #uncross} then trades at one price, after which the book is not crossed.
 */
public final class MatchingBook {
    /** Receives each fill, in the order of execution; the book is already in the state after the fill. */
    @FunctionalInterface
    public interface FillSink {
        void fill(long makerId, long price, long qty);
    }

    /** Receives each pair that an auction matches, by priority on both sides. */
    @FunctionalInterface
    public interface PairSink {
        void pair(long buyId, long sellId, long price, long qty);
    }

    /** The price of the queue of market orders: none. */
    private static final long NO_PRICE = 0;

    private static final class Entry {
        final long id;
        final Side side;
        final Level level;
        long qty;
        Entry previous = this;
        Entry next = this;

        Entry(long id, Side side, Level level, long qty) {
            this.id = id;
            this.side = side;
            this.level = level;
            this.qty = qty;
        }
    }

    /** Orders of one price as a ring around a sentinel: the oldest is {@code head.next}, removal needs no search. */
    private static final class Level {
        final long price;
        final Entry head;
        long qty;

        Level(long price, Side side) {
            this.price = price;
            this.head = new Entry(0, side, this, 0);
        }

        boolean isEmpty() {
            return head.next == head;
        }

        void append(Entry entry) {
            insertBehind(head.previous, entry);
        }

        void insertBehind(Entry before, Entry entry) {
            entry.previous = before;
            entry.next = before.next;
            before.next.previous = entry;
            before.next = entry;
            qty += entry.qty;
        }

        void remove(Entry entry) {
            entry.previous.next = entry.next;
            entry.next.previous = entry.previous;
            qty -= entry.qty;
        }
    }

    private final NavigableMap<Long, Level> asks = new TreeMap<>();
    private final NavigableMap<Long, Level> bids = new TreeMap<>(Comparator.reverseOrder());
    private final Level marketAsks = new Level(NO_PRICE, Side.SELL);
    private final Level marketBids = new Level(NO_PRICE, Side.BUY);
    private final Map<Long, Entry> entries = new HashMap<>();
    private long totalAsk;
    private long totalBid;

    /**
     * Executes an arriving order against resting ones, up to its limit.
     *
     * @return the quantity left
     */
    public long take(Side side, long limit, long qty, FillSink sink) {
        NavigableMap<Long, Level> opposite = levels(other(side));
        long left = qty;
        while (left > 0) {
            Map.Entry<Long, Level> best = opposite.firstEntry();
            if (best == null || !reaches(side, limit, best.getKey())) {
                return left;
            }
            Level level = best.getValue();
            Entry maker = level.head.next;
            long done = Math.min(left, maker.qty);
            left -= done;
            lower(maker, done);
            sink.fill(maker.id, level.price, done);
        }
        return left;
    }

    /**
     * Puts an order at the end of its price's queue. In continuous trading it must not cross the book; {@link #take} first.
     */
    public void rest(long id, Side side, long price, long qty) {
        if (price <= NO_PRICE) {
            throw new IllegalArgumentException("order " + id + " cannot rest at " + price);
        }
        append(levels(side).computeIfAbsent(price, p -> new Level(p, side)), id, side, qty);
    }

    /** Puts a market order at the end of the queue that an auction serves before any price. */
    public void restAtMarket(long id, Side side, long qty) {
        append(market(side), id, side, qty);
    }

    private void append(Level level, long id, Side side, long qty) {
        Entry entry = new Entry(id, side, level, qty);
        if (entries.putIfAbsent(id, entry) != null) {
            throw new IllegalStateException("order " + id + " already rests");
        }
        level.append(entry);
        addTotal(side, qty);
    }

    /** Queues an order directly behind a resting one, at its price and on its side. */
    public void restBehind(long anchor, long id, long qty) {
        Entry before = entries.get(anchor);
        if (before == null) {
            throw new IllegalStateException("order " + anchor + " does not rest");
        }
        Entry entry = new Entry(id, before.side, before.level, qty);
        if (entries.putIfAbsent(id, entry) != null) {
            throw new IllegalStateException("order " + id + " already rests");
        }
        before.level.insertBehind(before, entry);
        addTotal(before.side, qty);
    }

    /** The expected auction result; see {@link Auction} for the rule. */
    public Auction.Match match(long reference) {
        return Auction.match(reference, marketBids.qty, quantities(bids), marketAsks.qty, quantities(asks));
    }

    /**
     * Ends an auction: trades the result of {@link #match}, market orders first, then the best price and at a price the oldest.
     * The remainder of market orders rests at the auction's price behind the orders there, or at the reference when nothing
     * traded.
     */
    public Auction.Match uncross(long reference, PairSink sink) {
        Auction.Match match = match(reference);
        long left = match.qty();
        while (left > 0) {
            Entry buy = first(marketBids, bids);
            Entry sell = first(marketAsks, asks);
            long done = Math.min(left, Math.min(buy.qty, sell.qty));
            left -= done;
            lower(buy, done);
            lower(sell, done);
            sink.pair(buy.id, sell.id, match.price(), done);
        }
        priceLeftovers(marketBids, match.price());
        priceLeftovers(marketAsks, match.price());
        return match;
    }

    private static Entry first(Level market, NavigableMap<Long, Level> levels) {
        return market.isEmpty() ? levels.firstEntry().getValue().head.next : market.head.next;
    }

    private void priceLeftovers(Level market, long price) {
        while (!market.isEmpty()) {
            Entry entry = market.head.next;
            long qty = entry.qty;
            lower(entry, qty);
            rest(entry.id, entry.side, price, qty);
        }
    }

    /** Whether the book is in a state that only auctions allow: crossed, or with market orders. */
    public boolean collects() {
        boolean crossed = !bids.isEmpty() && !asks.isEmpty() && best(Side.BUY) >= best(Side.SELL);
        return crossed || !marketBids.isEmpty() || !marketAsks.isEmpty();
    }

    /** Quantities by price, lowest first. */
    private static NavigableMap<Long, Long> quantities(NavigableMap<Long, Level> levels) {
        NavigableMap<Long, Long> quantities = new TreeMap<>();
        levels.forEach((price, level) -> quantities.put(price, level.qty));
        return quantities;
    }

    /** Removes an order; returns its remaining quantity, 0 when it does not rest here. */
    public long cancel(long id) {
        Entry entry = entries.get(id);
        return entry == null ? 0 : lower(entry, entry.qty);
    }

    /** Lowers an order's quantity, which keeps its place in the queue; returns the quantity taken off. */
    public long reduce(long id, long qty) {
        Entry entry = entries.get(id);
        return entry == null ? 0 : lower(entry, Math.min(qty, entry.qty));
    }

    /** The remaining quantity of a resting order, 0 when it does not rest here. */
    public long remaining(long id) {
        Entry entry = entries.get(id);
        return entry == null ? 0 : entry.qty;
    }

    /** The price at which an order rests; 0 when it does not rest here, or has none. */
    public long priceOf(long id) {
        Entry entry = entries.get(id);
        return entry == null ? 0 : entry.level.price;
    }

    /** The quantity that an order of {@code side} could take now up to {@code limit}, at most {@code maxQty}. */
    public long available(Side side, long limit, long maxQty) {
        long sum = 0;
        for (Level level : levels(other(side)).values()) {
            if (sum >= maxQty || !reaches(side, limit, level.price)) {
                break;
            }
            sum += level.qty;
        }
        return Math.min(sum, maxQty);
    }

    /** The best price of a side; 0 when the side is empty. */
    public long best(Side side) {
        NavigableMap<Long, Level> levels = levels(side);
        return levels.isEmpty() ? 0 : levels.firstKey();
    }

    /** The quantity resting at one price. */
    public long quantityAt(Side side, long price) {
        Level level = levels(side).get(price);
        return level == null ? 0 : level.qty;
    }

    /** All shares resting on a side, visible or not. */
    public long total(Side side) {
        return side == Side.SELL ? totalAsk : totalBid;
    }

    /** The visible levels in KIS's order: ask prices 1–10, bid prices 1–10, ask quantities, bid quantities; 0 = absent. */
    public long[] visible() {
        return visible(0);
    }

    /** The visible levels without the first {@code matched} shares of each side, market orders counting first. */
    long[] visible(long matched) {
        long[] out = new long[4 * OrderBook.LEVELS];
        copy(asks, Math.max(0, matched - marketAsks.qty), out, 0);
        copy(bids, Math.max(0, matched - marketBids.qty), out, OrderBook.LEVELS);
        return out;
    }

    private static void copy(NavigableMap<Long, Level> levels, long without, long[] out, int at) {
        int i = 0;
        long left = without;
        for (Level level : levels.values()) {
            if (i == OrderBook.LEVELS) {
                return;
            }
            long hidden = Math.min(left, level.qty);
            left -= hidden;
            if (hidden < level.qty) {
                out[at + i] = level.price;
                out[at + 2 * OrderBook.LEVELS + i] = level.qty - hidden;
                i++;
            }
        }
    }

    private long lower(Entry entry, long qty) {
        Level level = entry.level;
        addTotal(entry.side, -qty);
        if (qty == entry.qty) {
            level.remove(entry);
            entries.remove(entry.id);
            if (level.isEmpty() && level.price != NO_PRICE) {
                levels(entry.side).remove(level.price);
            }
        } else {
            entry.qty -= qty;
            level.qty -= qty;
        }
        return qty;
    }

    private void addTotal(Side side, long qty) {
        if (side == Side.SELL) {
            totalAsk += qty;
        } else {
            totalBid += qty;
        }
    }

    private Level market(Side side) {
        return side == Side.SELL ? marketAsks : marketBids;
    }

    private NavigableMap<Long, Level> levels(Side side) {
        return side == Side.SELL ? asks : bids;
    }

    private static boolean reaches(Side side, long limit, long price) {
        return side == Side.BUY ? price <= limit : price >= limit;
    }

    static Side other(Side side) {
        return side == Side.BUY ? Side.SELL : Side.BUY;
    }
}
