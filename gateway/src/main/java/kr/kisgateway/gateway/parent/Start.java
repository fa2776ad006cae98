package kr.kisgateway.gateway.parent;

import java.time.Instant;
import kr.kisgateway.gateway.order.OrderId;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Side;

/** What has to happen before an order of a parent order is placed. */
public sealed interface Start {
    /** The time {@code at}. */
    record At(Instant at) implements Start {}

    /** Nothing: it is placed as soon as its market accepts it. */
    record Now() implements Start {}

    /** A start that needs an observation, which the journal records. */
    sealed interface Trigger extends Start {}

    /** A trigger by prices of an instrument. */
    sealed interface PriceTrigger extends Trigger {
        /** The instrument whose trades are watched. */
        MarketSymbol symbol();
    }

    /** On which side of a price. */
    enum Direction {
        AT_OR_ABOVE,
        AT_OR_BELOW;

        /** Whether {@code price} is at {@code level} or beyond it. */
        boolean reaches(long price, long level) {
            return this == AT_OR_ABOVE ? price >= level : price <= level;
        }
    }

    /**
     * A trade at a price or beyond it.
     *
     * @param price in units of the currency
     */
    record AtPrice(MarketSymbol symbol, Direction direction, long price) implements PriceTrigger {
        public AtPrice {
            if (price <= 0) {
                throw new IllegalArgumentException("price " + price + " is not positive");
            }
        }
    }

    /**
     * A trade that is as far from the best price since the start as {@code distance}: below the highest for a sale, above the lowest
     * for a buy.
     */
    record Trailing(MarketSymbol symbol, Side side, Distance distance) implements PriceTrigger {
        Direction direction() {
            return side == Side.SELL ? Direction.AT_OR_BELOW : Direction.AT_OR_ABOVE;
        }

        /** Whether {@code price} is better than {@code best}. */
        boolean isBetter(long price, long best) {
            return side == Side.SELL ? price > best : price < best;
        }

        /** The price that triggers, given the best one. */
        long level(long best) {
            long units = distance.units(best);
            return side == Side.SELL ? Math.max(1, best - units) : Math.addExact(best, units);
        }
    }

    /**
     * How far a trailing price follows: an amount, or a part of the price. One of both is positive, the other 0.
     *
     * @param amount units of the currency
     * @param basisPoints hundredths of a percent
     */
    record Distance(long amount, int basisPoints) {
        /** Hundredths of a percent in one. */
        static final int WHOLE = 10_000;

        public Distance {
            if (amount < 0 || basisPoints < 0 || basisPoints >= WHOLE || amount > 0 == basisPoints > 0) {
                throw new IllegalArgumentException("amount " + amount + " or basis points " + basisPoints);
            }
        }

        long units(long price) {
            return amount > 0 ? amount : Math.max(1, Math.multiplyExact(price, (long) basisPoints) / WHOLE);
        }
    }

    /** The fill of all shares of another order. */
    record AfterFill(OrderId order) implements Trigger {}
}
