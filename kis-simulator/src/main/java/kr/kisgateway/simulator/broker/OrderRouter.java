package kr.kisgateway.simulator.broker;

import java.time.Instant;
import java.util.List;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.simulator.entity.RestingPlace;
import kr.kisgateway.simulator.exchange.Exchange;
import kr.kisgateway.simulator.exchange.MatchingEngine;
import kr.kisgateway.simulator.exchange.Stock;

/**
 * Routes an order: the venue it goes to, what it takes there, and where its remainder rests.
 *
 * <p>Smart order routing (SOR) repeatedly takes the better price of both venues, KRX's where they are equal, and rests on
 * KRX; where only NXT accepts the order it is an order of NXT. During an auction of KRX it goes there [assumed].
 */
final class OrderRouter {
    /** The result of routing an order. */
    sealed interface Outcome {
        /** It is filled, or its remainder rests where the order records it. */
        record Accepted() implements Outcome {}

        /** The remainder is cancelled at once: an IOC or FOK order, or one that needs a best price when there is none. */
        record Cancelled(long left) implements Outcome {}

        /** No venue accepts it at this instant. */
        record Refused() implements Outcome {}
    }

    private final MatchingEngine matching;
    private final OrderRules rules;
    private final Exchange.Listener listener;

    OrderRouter(MatchingEngine matching, OrderRules rules, Exchange.Listener listener) {
        this.matching = matching;
        this.rules = rules;
        this.listener = listener;
    }

    /** The stock on the venues that accept the order now, first the one on which it would rest; empty when none does. */
    List<Stock> route(UserOrder order) {
        List<Stock> accepting = rules.venues(order.symbol, order.exchange).stream()
                .filter(stock -> OrderRules.accepts(stock, order.division))
                .toList();
        boolean bothContinuous = accepting.size() > 1
                && accepting.stream().allMatch(stock -> stock.phase().isContinuous());
        return bothContinuous || accepting.isEmpty() ? accepting : accepting.subList(0, 1);
    }

    Outcome execute(UserOrder order, Instant at) {
        List<Stock> venues = route(order);
        if (venues.isEmpty()) {
            return new Outcome.Refused();
        }
        Stock primary = venues.getFirst();
        order.venue = primary.venue();
        if (order.division.pricing() == OrderDivision.Pricing.CLOSE) {
            return atClosePrice(order, primary, at);
        }
        if (primary.phase().isAuction()) {
            restForAuction(order, primary, order.outstanding(), order.price());
            return new Outcome.Accepted();
        }
        return switch (order.division.pricing()) {
            case MID -> atMid(order, primary, at);
            case STOP -> stop(order, venues, at);
            case LIMIT, MARKET, CONDITIONAL, BEST, FIRST, CLOSE -> take(order, venues, at);
        };
    }

    private Outcome atClosePrice(UserOrder order, Stock stock, Instant at) {
        long left = matching.takeAtClosePrice(stock, order.odno(), order.side(), order.outstanding(), at, listener);
        if (left > 0) {
            matching.restAtClosePrice(stock, order.odno(), order.side(), left);
            order.resting = RestingPlace.CLOSE_PRICE;
        }
        return new Outcome.Accepted();
    }

    private void restForAuction(UserOrder order, Stock stock, long left, long price) {
        if (order.division.pricing() == OrderDivision.Pricing.MARKET) {
            matching.restAtMarket(stock, order.odno(), order.side(), left);
            order.resting = RestingPlace.MARKET;
        } else {
            matching.rest(stock, order.odno(), order.side(), price, left);
            order.restPrice = price;
            order.resting = RestingPlace.BOOK;
        }
    }

    private Outcome atMid(UserOrder order, Stock stock, Instant at) {
        long left = order.outstanding();
        boolean all = order.division.timeInForce() == TimeInForce.FOK;
        if (!all || stock.mid() != 0 && stock.midTotal(other(order.side())) >= left) {
            left = matching.takeAtMid(stock, order.odno(), order.side(), left, at, listener);
        }
        if (left > 0 && order.division.isImmediate()) {
            return new Outcome.Cancelled(left);
        }
        if (left > 0) {
            matching.restAtMid(stock, order.odno(), order.side(), left);
            order.resting = RestingPlace.MID;
        }
        return new Outcome.Accepted();
    }

    private Outcome stop(UserOrder order, List<Stock> venues, Instant at) {
        Stock primary = venues.getFirst();
        if (order.triggeredAtMillis == 0
                && !MatchingEngine.isStopTriggered(primary, order.side(), order.conditionPrice)) {
            matching.restStop(primary, order.odno(), order.side(), order.conditionPrice, order.outstanding());
            order.resting = RestingPlace.STOP;
            return new Outcome.Accepted();
        }
        if (order.triggeredAtMillis == 0) {
            order.triggeredAtMillis = at.toEpochMilli();
        }
        return take(order, venues, at);
    }

    private Outcome take(UserOrder order, List<Stock> venues, Instant at) {
        Stock primary = venues.getFirst();
        long limit = OrderRules.limit(venues, order.division, order.side(), order.price());
        if (limit == 0) {
            return new Outcome.Cancelled(order.outstanding());
        }
        long left = order.outstanding();
        boolean all = order.division.timeInForce() == TimeInForce.FOK;
        if (!all || available(venues, order.side(), limit, left) >= left) {
            left = take(order, venues, limit, left, at);
        }
        if (left == 0) {
            return new Outcome.Accepted();
        }
        if (order.division.isImmediate()) {
            return new Outcome.Cancelled(left);
        }
        if (primary.phase().isAuction()) {
            // The price jumped so far that trading was interrupted: the rest takes part in the auction.
            restForAuction(order, primary, left, limit);
            return new Outcome.Accepted();
        }
        // The remainder of a market order rests at the last price, as on the exchange.
        boolean market = order.division.pricing() == OrderDivision.Pricing.MARKET;
        order.restPrice = market ? primary.tape().last() : limit;
        order.resting = RestingPlace.BOOK;
        matching.rest(primary, order.odno(), order.side(), order.restPrice, left);
        return new Outcome.Accepted();
    }

    private long available(List<Stock> venues, Side side, long limit, long maxQty) {
        long sum = 0;
        for (Stock stock : venues) {
            sum += matching.available(stock, side, limit, maxQty - sum);
        }
        return sum;
    }

    /** Takes all at once on a single venue; on both, price by price from the better one. */
    private long take(UserOrder order, List<Stock> venues, long limit, long qty, Instant at) {
        if (venues.size() == 1) {
            return matching.take(venues.getFirst(), order.odno(), order.side(), limit, qty, at, listener);
        }
        Stock krx = venues.getFirst();
        Stock nxt = venues.getLast();
        long left = qty;
        while (left > 0 && krx.phase().isContinuous()) {
            long krxPrice = krx.book().best(other(order.side()));
            long nxtPrice = nxt.phase().isContinuous() ? nxt.book().best(other(order.side())) : 0;
            boolean better = nxtPrice != 0
                    && (krxPrice == 0 || (order.side() == Side.BUY ? nxtPrice < krxPrice : nxtPrice > krxPrice));
            long best = better ? nxtPrice : krxPrice;
            if (best == 0 || (order.side() == Side.BUY ? best > limit : best < limit)) {
                return left;
            }
            left = matching.take(better ? nxt : krx, order.odno(), order.side(), best, left, at, listener);
        }
        return left;
    }

    private static Side other(Side side) {
        return side == Side.BUY ? Side.SELL : Side.BUY;
    }
}
