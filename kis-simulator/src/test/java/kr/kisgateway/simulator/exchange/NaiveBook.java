package kr.kisgateway.simulator.exchange;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import kr.kisgateway.market.OrderBook;
import kr.kisgateway.market.Side;

/** The book as one would write it without caring for speed: a list, sorted anew for every question. */
final class NaiveBook {
    record Resting(long id, Side side, long price, long qty, long arrival) {}

    record Fill(long maker, long price, long qty) {}

    private final List<Resting> orders = new ArrayList<>();
    private long arrivals;

    long take(Side side, long limit, long qty, List<Fill> fills) {
        long left = qty;
        for (Resting maker : sorted(side == Side.BUY ? Side.SELL : Side.BUY)) {
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
        orders.add(new Resting(id, side, price, qty, arrivals++));
    }

    long reduce(long id, long qty) {
        for (int i = 0; i < orders.size(); i++) {
            Resting o = orders.get(i);
            if (o.id() == id) {
                long taken = Math.min(qty, o.qty());
                if (taken == o.qty()) {
                    orders.remove(i);
                } else {
                    orders.set(i, new Resting(id, o.side(), o.price(), o.qty() - taken, o.arrival()));
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
        return sorted(side).stream().mapToLong(Resting::qty).sum();
    }

    long remaining(long id) {
        return orders.stream().filter(o -> o.id() == id).mapToLong(Resting::qty).sum();
    }

    private void levels(Side side, long[] out, int at) {
        List<Long> prices = sorted(side).stream()
                .map(Resting::price)
                .distinct()
                .limit(OrderBook.LEVELS)
                .toList();
        for (int i = 0; i < prices.size(); i++) {
            long price = prices.get(i);
            out[at + i] = price;
            out[at + 2 * OrderBook.LEVELS + i] = orders.stream()
                    .filter(o -> o.side() == side && o.price() == price)
                    .mapToLong(Resting::qty)
                    .sum();
        }
    }

    private List<Resting> sorted(Side side) {
        Comparator<Resting> byPrice = Comparator.comparingLong(o -> side == Side.SELL ? o.price() : -o.price());
        return orders.stream()
                .filter(o -> o.side() == side)
                .sorted(byPrice.thenComparingLong(Resting::arrival))
                .toList();
    }
}
