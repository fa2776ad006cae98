package kr.kisgateway.gateway.risk;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;

/**
 * The checks of an order in the order that the API promises: live guard, daily count, quantity, notional, instrument
 * and price, trading window, position. The first that fails is the answer. Quantity and notional bind BUY only:
 * selling out must stay possible.
 */
public final class RiskRules {
    private final RiskLimits limits;
    private final BiFunction<Symbol, OptionalLong, Optional<Refusal>> instrumentRule;

    /**
     * @param instrumentRule judges a symbol and, if there is one, its limit price: listed? on the tick table?
     */
    public RiskRules(RiskLimits limits, BiFunction<Symbol, OptionalLong, Optional<Refusal>> instrumentRule) {
        this.limits = limits;
        this.instrumentRule = instrumentRule;
    }

    /**
     * The facts of one order.
     *
     * @param limitPrice won a share; absent for a market order
     * @param worstPrice won a share that a market order may cost at most, if it is known
     * @param acceptedToday orders of the account that were accepted this trading day
     * @param sellable shares that may be sold, less what earlier orders will take; empty when unknown
     */
    public record Facts(
            Symbol symbol,
            Side side,
            long qty,
            OptionalLong limitPrice,
            OptionalLong worstPrice,
            int acceptedToday,
            Session session,
            OptionalLong sellable) {}

    /** The refusal of an order with these facts, or empty when nothing speaks against it. */
    public Optional<Refusal> check(Facts facts) {
        for (var rule : List.<java.util.function.Function<Facts, Optional<Refusal>>>of(
                this::live,
                this::dailyCount,
                this::quantity,
                this::notional,
                f -> instrumentRule.apply(f.symbol(), f.limitPrice()),
                this::window,
                this::position)) {
            Optional<Refusal> refusal = rule.apply(facts);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    private Optional<Refusal> live(Facts facts) {
        return limits.live() && !limits.liveTrading()
                ? refuse(ErrorCode.LIVE_DISABLED, "live orders are off: set KIS_LIVE_TRADING=true to allow them")
                : Optional.empty();
    }

    private Optional<Refusal> dailyCount(Facts facts) {
        return facts.acceptedToday() >= limits.dailyOrders()
                ? Optional.of(Refusal.of(
                                ErrorCode.DAILY_LIMIT_EXCEEDED,
                                "the account has used its " + limits.dailyOrders()
                                        + " orders of this trading day; RISK_DAILY_ORDERS sets the limit")
                        .with("limit", limits.dailyOrders()))
                : Optional.empty();
    }

    private Optional<Refusal> quantity(Facts facts) {
        return facts.side() == Side.BUY && facts.qty() > limits.maxQty()
                ? Optional.of(Refusal.of(
                                ErrorCode.MAX_QTY_EXCEEDED,
                                "a buy may be for " + limits.maxQty() + " shares at most; RISK_MAX_QTY sets the limit")
                        .with("limit", limits.maxQty()))
                : Optional.empty();
    }

    private Optional<Refusal> notional(Facts facts) {
        if (facts.side() != Side.BUY) {
            return Optional.empty();
        }
        OptionalLong price = facts.limitPrice().isPresent() ? facts.limitPrice() : facts.worstPrice();
        if (price.isEmpty()) {
            // An unlisted symbol has no price because there is no such thing, which is what the caller should hear.
            return instrumentRule
                    .apply(facts.symbol(), facts.limitPrice())
                    .or(() -> refuse(
                            ErrorCode.NOTIONAL_LIMIT_EXCEEDED,
                            "no price of " + facts.symbol()
                                    + " is known, so the amount cannot be judged; send a LIMIT order"));
        }
        return exceeds(facts.qty(), price.getAsLong(), limits.maxNotional())
                ? Optional.of(Refusal.of(
                                ErrorCode.NOTIONAL_LIMIT_EXCEEDED,
                                "a buy may cost " + limits.maxNotional()
                                        + " won at most, a market order counted at its upper price limit;"
                                        + " RISK_MAX_NOTIONAL sets the limit")
                        .with("limit", limits.maxNotional())
                        .with("price", price.getAsLong()))
                : Optional.empty();
    }

    private Optional<Refusal> window(Facts facts) {
        return switch (facts.session()) {
            case PRE_OPEN_AUCTION, REGULAR, CLOSING_AUCTION -> Optional.empty();
            case CLOSED, AFTER_HOURS, AFTER_HOURS_SINGLE_PRICE, AFTER_MARKET ->
                Optional.of(Refusal.of(
                                ErrorCode.OUT_OF_TRADING_WINDOW,
                                "the exchange takes no such order now (" + facts.session() + ")")
                        .with("session", facts.session().name()));
        };
    }

    private Optional<Refusal> position(Facts facts) {
        if (facts.side() != Side.SELL) {
            return Optional.empty();
        }
        if (facts.sellable().isEmpty()) {
            return refuse(
                    ErrorCode.POSITION_PROVIDER_UNAVAILABLE,
                    "the broker does not say what the account holds, so nothing may be sold; try again");
        }
        long sellable = facts.sellable().getAsLong();
        return facts.qty() > sellable
                ? Optional.of(Refusal.of(
                                ErrorCode.INSUFFICIENT_POSITION_QTY,
                                "only " + Math.max(0, sellable) + " shares of " + facts.symbol() + " may be sold")
                        .with("sellable", Math.max(0, sellable)))
                : Optional.empty();
    }

    private static boolean exceeds(long qty, long price, long limit) {
        try {
            return Math.multiplyExact(qty, price) > limit;
        } catch (ArithmeticException _) {
            return true; // more won than a long holds is more than any limit
        }
    }

    private static Optional<Refusal> refuse(ErrorCode code, String message) {
        return Optional.of(Refusal.of(code, message));
    }
}
