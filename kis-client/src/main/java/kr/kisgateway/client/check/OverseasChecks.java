package kr.kisgateway.client.check;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import kr.kisgateway.client.Environment;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.OverseasOrder;
import kr.kisgateway.client.OverseasOrderType;
import kr.kisgateway.client.core.Refusals;
import kr.kisgateway.market.Side;
import kr.kisgateway.wire.OverseasSymbol;

/** Validates an order in US stocks against what KIS would surely refuse, and formats prices. */
public final class OverseasChecks {
    /** From one dollar on prices are in cents, below in hundredths of a cent. */
    private static final int DECIMALS = 2;

    private static final int DECIMALS_BELOW_A_DOLLAR = 4;
    private static final int DIGITS_MAX = 12;

    private OverseasChecks() {}

    public static Optional<KisFailure> validate(Environment environment, OverseasOrder order) {
        return validateExchange(order.symbol())
                .or(() -> OrderChecks.validateQty(order.qty()))
                .or(() -> validateType(environment, order))
                .or(() -> order.type().isMarket() ? Optional.empty() : validatePrice(order.price()));
    }

    public static Optional<KisFailure> validateExchange(OverseasSymbol symbol) {
        return symbol.exchange().isUs()
                ? Optional.empty()
                : refused(
                        "orders on " + symbol.exchange() + " have ids and price rules of their own",
                        "send them by their TR ids with KisClient.send");
    }

    private static Optional<KisFailure> validateType(Environment environment, OverseasOrder order) {
        if (order.dayMarket() && environment == Environment.PAPER_FACE) {
            return Optional.of(KisFailure.of(
                    KisFailure.Kind.UNSUPPORTED, "paper has no day market", "send it in the regular session", false));
        }
        if (order.dayMarket() && order.type() != OverseasOrderType.LIMIT) {
            return refused("the day market has no orders of " + order.type(), "send a limit");
        }
        if (environment == Environment.PAPER_FACE && order.type() != OverseasOrderType.LIMIT) {
            return Optional.of(KisFailure.of(
                    KisFailure.Kind.UNSUPPORTED, "paper has no orders of " + order.type(), "send a limit", false));
        }
        if (!order.type().isMarket()) {
            return Optional.empty();
        }
        if (order.side() == Side.BUY) {
            return refused(order.type() + " only sells", "buy with a limit");
        }
        return order.price().signum() == 0
                ? Optional.empty()
                : refused(order.type() + " names no price", "leave the price 0");
    }

    /** Why an order cannot have {@code price}; empty when it can. */
    public static Optional<KisFailure> validatePrice(BigDecimal price) {
        if (price.signum() <= 0) {
            return refused("a limit that is not above 0", "name a price above 0; there is no market order");
        }
        if (price.precision() - (long) price.scale() > DIGITS_MAX || price.scale() > DIGITS_MAX) {
            return refused("a limit with more digits than KIS accepts", "name at most " + DIGITS_MAX + " digits");
        }
        int decimals = decimals(price);
        if (price.stripTrailingZeros().scale() <= decimals) {
            return Optional.empty();
        }
        BigDecimal below = price.setScale(decimals, RoundingMode.DOWN);
        return refused(
                price.toPlainString() + " dollars lie between two ticks",
                "the nearest prices are " + below.toPlainString() + " and "
                        + below.add(BigDecimal.ONE.movePointLeft(decimals)).toPlainString());
    }

    /** In KIS's form: {@code 145.00}, {@code 0.1234}, and {@code 0} for none. */
    public static String format(BigDecimal price) {
        return price.signum() == 0
                ? "0"
                : price.setScale(decimals(price), RoundingMode.UNNECESSARY).toPlainString();
    }

    private static int decimals(BigDecimal price) {
        return price.compareTo(BigDecimal.ONE) < 0 ? DECIMALS_BELOW_A_DOLLAR : DECIMALS;
    }

    private static Optional<KisFailure> refused(String message, String remedy) {
        return Optional.of(Refusals.invalid(message, remedy));
    }
}
