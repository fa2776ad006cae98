package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.util.List;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.Stock;

/**
 * Lets an order meet the market: which venue it goes to, what it takes there, and where its remainder stays.
 *
 * <p>Smart order routing (SOR) takes the better price of both venues again and again, KRX's where they are equal, and rests on
 * KRX; where only NXT takes the order it is an order of NXT. While KRX collects orders for an auction it goes there [assumed].
 */
final class Dealer {
    /** What became of an order. */
    sealed interface Outcome {
        /** It is filled, or its remainder rests; the order says where. */
        record Stays() implements Outcome {}

        /** The remainder is cancelled at once: an IOC or FOK order, or one that needs a best price when there is none. */
        record Cancelled(long left) implements Outcome {}

        /** No venue takes it at this instant. */
        record NotTaken() implements Outcome {}
    }

    private final Exchange exchange;
    private final OrderRules rules;
    private final Exchange.Listener listener;

    Dealer(Exchange exchange, OrderRules rules, Exchange.Listener listener) {
        this.exchange = exchange;
        this.rules = rules;
        this.listener = listener;
    }

    /** The stock on the venues that take the order now, the one first at which it would rest; empty when none does. */
    List<Stock> route(UserOrder order) {
        List<Stock> taking = rules.venues(order.symbol, order.exchange).stream()
                .filter(stock -> OrderRules.admits(stock, order.division))
                .toList();
        boolean together = taking.size() > 1
                && taking.stream().allMatch(stock -> stock.phase().isContinuous());
        return together || taking.isEmpty() ? taking : taking.subList(0, 1);
    }

    Outcome meet(UserOrder order, Instant at) {
        List<Stock> venues = route(order);
        if (venues.isEmpty()) {
            return new Outcome.NotTaken();
        }
        Stock home = venues.getFirst();
        order.venue = home.venue();
        if (order.division.pricing() == OrderDivision.Pricing.CLOSE) {
            return atClosePrice(order, home, at);
        }
        if (home.phase().collects()) {
            collect(order, home, order.rest(), order.price);
            return new Outcome.Stays();
        }
        return switch (order.division.pricing()) {
            case MID -> atMid(order, home, at);
            case STOP -> stop(order, venues, at);
            case GIVEN, MARKET, CONDITIONAL, BEST, FIRST, CLOSE -> take(order, venues, at);
        };
    }

    private Outcome atClosePrice(UserOrder order, Stock stock, Instant at) {
        long left = exchange.takeAtClosePrice(stock, order.odno, order.side, order.rest(), at, listener);
        if (left > 0) {
            exchange.restAtClosePrice(stock, order.odno, order.side, left);
            order.resting = Resting.CLOSE_PRICE;
        }
        return new Outcome.Stays();
    }

    private void collect(UserOrder order, Stock stock, long left, long price) {
        if (order.division.pricing() == OrderDivision.Pricing.MARKET) {
            exchange.restAtMarket(stock, order.odno, order.side, left);
            order.resting = Resting.MARKET;
        } else {
            exchange.rest(stock, order.odno, order.side, price, left);
            order.restPrice = price;
            order.resting = Resting.BOOK;
        }
    }

    private Outcome atMid(UserOrder order, Stock stock, Instant at) {
        long left = order.rest();
        boolean all = order.division.timeInForce() == TimeInForce.FOK;
        if (!all || stock.mid() != 0 && stock.midTotal(other(order.side)) >= left) {
            left = exchange.takeAtMid(stock, order.odno, order.side, left, at, listener);
        }
        if (left > 0 && order.division.isImmediate()) {
            return new Outcome.Cancelled(left);
        }
        if (left > 0) {
            exchange.restAtMid(stock, order.odno, order.side, left);
            order.resting = Resting.MID;
        }
        return new Outcome.Stays();
    }

    private Outcome stop(UserOrder order, List<Stock> venues, Instant at) {
        Stock home = venues.getFirst();
        if (order.triggeredAtMillis == 0 && !Exchange.isLetGo(home, order.side, order.conditionPrice)) {
            exchange.waitFor(home, order.odno, order.side, order.conditionPrice, order.rest());
            order.resting = Resting.STOP;
            return new Outcome.Stays();
        }
        if (order.triggeredAtMillis == 0) {
            order.triggeredAtMillis = at.toEpochMilli();
        }
        return take(order, venues, at);
    }

    private Outcome take(UserOrder order, List<Stock> venues, Instant at) {
        Stock home = venues.getFirst();
        long limit = OrderRules.limit(venues, order.division, order.side, order.price);
        if (limit == 0) {
            return new Outcome.Cancelled(order.rest());
        }
        long left = order.rest();
        boolean all = order.division.timeInForce() == TimeInForce.FOK;
        if (!all || available(venues, order.side, limit, left) >= left) {
            left = take(order, venues, limit, left, at);
        }
        if (left == 0) {
            return new Outcome.Stays();
        }
        if (order.division.isImmediate()) {
            return new Outcome.Cancelled(left);
        }
        if (home.phase().collects()) {
            // The price jumped so far that trading was interrupted: the rest takes part in the auction.
            collect(order, home, left, limit);
            return new Outcome.Stays();
        }
        // What a market order leaves rests at the last price, as on the exchange.
        boolean market = order.division.pricing() == OrderDivision.Pricing.MARKET;
        order.restPrice = market ? home.tape().last() : limit;
        order.resting = Resting.BOOK;
        exchange.rest(home, order.odno, order.side, order.restPrice, left);
        return new Outcome.Stays();
    }

    private long available(List<Stock> venues, Side side, long limit, long atMost) {
        long sum = 0;
        for (Stock stock : venues) {
            sum += exchange.available(stock, side, limit, atMost - sum);
        }
        return sum;
    }

    /** From one venue all at once; from both price by price, wherever it is better. */
    private long take(UserOrder order, List<Stock> venues, long limit, long qty, Instant at) {
        if (venues.size() == 1) {
            return exchange.take(venues.getFirst(), order.odno, order.side, limit, qty, at, listener);
        }
        Stock krx = venues.getFirst();
        Stock nxt = venues.getLast();
        long left = qty;
        while (left > 0 && krx.phase().isContinuous()) {
            long here = krx.book().best(other(order.side));
            long there = nxt.phase().isContinuous() ? nxt.book().best(other(order.side)) : 0;
            boolean better = there != 0 && (here == 0 || (order.side == Side.BUY ? there < here : there > here));
            long best = better ? there : here;
            if (best == 0 || (order.side == Side.BUY ? best > limit : best < limit)) {
                return left;
            }
            left = exchange.take(better ? nxt : krx, order.odno, order.side, best, left, at, listener);
        }
        return left;
    }

    private static Side other(Side side) {
        return side == Side.BUY ? Side.SELL : Side.BUY;
    }
}
