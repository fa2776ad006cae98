package kr.kisgateway.simulator.exchange;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Side;

/** The book as written without regard to speed: a list, sorted for every query. */
final class NaiveBook {
    record RestingOrder(long id, Side side, long price, long qty, long arrival) {}

    record Fill(long maker, long price, long qty) {}

    private final List<RestingOrder> orders = new ArrayList<>();
    private long arrivals;

    long take(Side side, long limit, long qty, List<Fill> fills) {
        long left = qty;
        for (RestingOrder maker : sorted(side == Side.BUY ? Side.SELL : Side.BUY)) {
            boolean reached = side == Side.BUY ? maker.price() <= limit : maker.price() >= limit;
            if (left == 0 || !reached) {
                break;
            }
            long done = Math.min(left, maker.qty());
            fills.add(new Fill(maker.id(), maker.price(), done));
            reduce(maker.id(), done);
            left -= done;
        }
        return left;
    }

    void rest(long id, Side side, long price, long qty) {
        orders.add(new RestingOrder(id, side, price, qty, arrivals++));
    }

    /** A market order's price is 0. */
    void restAtMarket(long id, Side side, long qty) {
        rest(id, side, 0, qty);
    }

    record Pair(long buy, long sell, long price, long qty) {}

    /** Tries every price of an order, and the reference, and then trades share by share. */
    long uncross(long reference, List<Pair> pairs) {
        long best = reference;
        for (long price : prices(reference)) {
            best = isBetter(price, best, reference) ? price : best;
        }
        for (long left = volume(best); left > 0; left--) {
            RestingOrder buy = next(Side.BUY);
            RestingOrder sell = next(Side.SELL);
            reduce(buy.id(), 1);
            reduce(sell.id(), 1);
            Pair last = pairs.isEmpty() ? new Pair(0, 0, 0, 0) : pairs.getLast();
            if (last.buy() == buy.id() && last.sell() == sell.id()) {
                pairs.set(pairs.size() - 1, new Pair(last.buy(), last.sell(), best, last.qty() + 1));
            } else {
                pairs.add(new Pair(buy.id(), sell.id(), best, 1));
            }
        }
        // The remainder of market orders queues behind the others at the price.
        for (RestingOrder left : orders.stream().filter(o -> o.price() == 0).toList()) {
            orders.remove(left);
            rest(left.id(), left.side(), best, left.qty());
        }
        return best;
    }

    private List<Long> prices(long reference) {
        List<Long> prices = new ArrayList<>(orders.stream()
                .map(RestingOrder::price)
                .filter(price -> price > 0)
                .toList());
        prices.add(reference);
        return prices;
    }

    private boolean isBetter(long price, long than, long reference) {
        Comparator<Long> worstFirst = Comparator.<Long>comparingLong(this::volume)
                .thenComparing(Comparator.<Long>comparingLong(p -> Math.abs(demandAt(p) - supplyAt(p)))
                        .reversed())
                .thenComparing(Comparator.<Long>comparingLong(p -> Math.abs(p - reference))
                        .reversed())
                .thenComparingLong(p -> p);
        return volume(price) > 0 && worstFirst.compare(price, than) > 0;
    }

    private long volume(long price) {
        return Math.min(demandAt(price), supplyAt(price));
    }

    private long demandAt(long price) {
        return orders.stream()
                .filter(o -> o.side() == Side.BUY && (o.price() == 0 || o.price() >= price))
                .mapToLong(RestingOrder::qty)
                .sum();
    }

    private long supplyAt(long price) {
        return orders.stream()
                .filter(o -> o.side() == Side.SELL && o.price() <= price)
                .mapToLong(RestingOrder::qty)
                .sum();
    }

    private RestingOrder next(Side side) {
        return orders.stream()
                .filter(o -> o.side() == side)
                .min(Comparator.comparingLong((RestingOrder o) ->
                                o.price() == 0 ? Long.MIN_VALUE : side == Side.SELL ? o.price() : -o.price())
                        .thenComparingLong(RestingOrder::arrival))
                .orElseThrow();
    }

    long reduce(long id, long qty) {
        for (int i = 0; i < orders.size(); i++) {
            RestingOrder o = orders.get(i);
            if (o.id() == id) {
                long taken = Math.min(qty, o.qty());
                if (taken == o.qty()) {
                    orders.remove(i);
                } else {
                    orders.set(i, new RestingOrder(id, o.side(), o.price(), o.qty() - taken, o.arrival()));
                }
                return taken;
            }
        }
        return 0;
    }

    long[] visible() {
        long[] out = new long[4 * OrderBook.LEVELS];
        levels(Side.SELL, out, 0);
        levels(Side.BUY, out, OrderBook.LEVELS);
        return out;
    }

    long total(Side side) {
        return sorted(side).stream().mapToLong(RestingOrder::qty).sum();
    }

    long remaining(long id) {
        return orders.stream()
                .filter(o -> o.id() == id)
                .mapToLong(RestingOrder::qty)
                .sum();
    }

    private void levels(Side side, long[] out, int at) {
        List<Long> prices = sorted(side).stream()
                .map(RestingOrder::price)
                .distinct()
                .limit(OrderBook.LEVELS)
                .toList();
        for (int i = 0; i < prices.size(); i++) {
            long price = prices.get(i);
            out[at + i] = price;
            out[at + 2 * OrderBook.LEVELS + i] = orders.stream()
                    .filter(o -> o.side() == side && o.price() == price)
                    .mapToLong(RestingOrder::qty)
                    .sum();
        }
    }

    private List<RestingOrder> sorted(Side side) {
        Comparator<RestingOrder> byPrice = Comparator.comparingLong(o -> side == Side.SELL ? o.price() : -o.price());
        return orders.stream()
                .filter(o -> o.side() == side)
                .sorted(byPrice.thenComparingLong(RestingOrder::arrival))
                .toList();
    }
}
