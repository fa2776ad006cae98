package kr.kisgateway.gateway.risk;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.risk.RiskPolicy.Layer;
import kr.kisgateway.gateway.risk.RiskRules.FreshAccount;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Side;

/**
 * What a new order would use of cash, shares and limits: the figures that {@link RiskRules} compare, for people who decide
 * about the order. Pure; unknown figures are absent.
 *
 * @param cash in units of the currency, what a further buy may cost, of a buy on credit with the loan; below zero when more is
 *     committed than there is
 * @param maxPrice in units of the currency, what a share costs at most, if known
 * @param sellable shares of the symbol that may be sold; empty for a buy as well
 * @param limits the limits that apply, the widest layer first
 * @param commissions that amounts include
 * @param selfCrossLayer the layer that refuses orders which could trade with an own one; empty where none does
 */
public record RiskUsage(
        OptionalLong cash,
        OptionalLong maxPrice,
        OptionalLong sellable,
        List<LimitUsage> limits,
        Commissions commissions,
        Optional<String> selfCrossLayer) {
    /**
     * What an order would use of one limit.
     *
     * @param figure the limit's value
     * @param used without the order; empty for a limit of a single order
     * @param after with the order
     * @param ok whether the order stays within the limit; an unknown figure does not
     */
    public record LimitUsage(
            RiskLimit limit,
            String layer,
            BigDecimal figure,
            Optional<BigDecimal> used,
            Optional<BigDecimal> after,
            boolean ok) {}

    /**
     * What an order would reserve of the cash: a buy its amount at the price that bounds it, with commission; a sale nothing.
     *
     * @return units of the currency; empty when that price is unknown, or when it is more than any account has
     */
    public OptionalLong reserved(Side side, long qty, Currency currency) {
        if (side == Side.SELL) {
            return OptionalLong.of(0);
        }
        if (maxPrice.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long amount = Math.multiplyExact(qty, maxPrice.getAsLong());
            return OptionalLong.of(
                    Math.addExact(amount, commissions.highest(currency).commission(amount)));
        } catch (ArithmeticException _) {
            return OptionalLong.empty();
        }
    }

    /** One order with every fact of its figures. */
    private record Input(RiskFacts facts, Exposure exposure, Optional<FreshAccount> account) {
        RiskFacts.RequestedOrder requested() {
            return facts.requested();
        }

        Currency currency() {
            return requested().symbol().market().currency();
        }

        /** The amount of these shares in the currency, at the price that bounds the order. */
        Optional<BigDecimal> notional(long shares) {
            OptionalLong price = requested().maxPrice();
            return price.isPresent()
                    ? Optional.of(
                            ApiValues.amount(currency(), price.getAsLong()).multiply(BigDecimal.valueOf(shares)))
                    : Optional.empty();
        }

        /** What the buys of the day cost and may cost in the currency, as {@code layer} counts them. */
        BigDecimal boughtToday(Layer layer) {
            return ApiValues.amount(currency(), exposure.boughtToday(facts.scope(), layer.countScope(), currency()));
        }

        /** Whether a limit of an amount is one of the currency of the order, which is a buy. */
        boolean isBoundBy(AmountLimit amount, RiskLimit limit) {
            return requested().side() == Side.BUY
                    && amount.of(currency()).filter(it -> it == limit).isPresent();
        }

        /** Shares that the account holds, and those that its open buys may still add. */
        Optional<Long> committed() {
            return account.map(known -> known.figures().holdingQty()
                    + exposure.unreportedBuys(
                            known.requestedAt(),
                            facts.scope().account(),
                            requested().symbol()));
        }

        /** Percent by which the price is worse than the last one, rounded up to the two decimals of the limit. */
        Optional<BigDecimal> priceDistance() {
            OptionalLong last = facts.market().last();
            if (last.isEmpty()
                    || last.getAsLong() <= 0
                    || requested().limitPrice().isEmpty()) {
                return Optional.empty();
            }
            BigDecimal base = BigDecimal.valueOf(last.getAsLong());
            BigDecimal above =
                    BigDecimal.valueOf(requested().limitPrice().getAsLong()).subtract(base);
            BigDecimal worse = requested().side() == Side.BUY ? above : above.negate();
            return Optional.of(worse.movePointRight(2).divide(base, 2, RoundingMode.CEILING));
        }
    }

    /** The figures of a new order. */
    public static RiskUsage of(RiskFacts facts, Exposure exposure, RiskPolicy policy) {
        var input = new Input(facts, exposure, RiskRules.freshAccount(facts));
        var limits = new ArrayList<LimitUsage>();
        List<Layer> layers = policy.applicableLayers(facts.scope());
        for (Layer layer : layers) {
            for (RiskLimit limit : RiskLimit.values()) {
                OptionalLong units = layer.limits().get(limit);
                if (units.isPresent()) {
                    usage(input, layer, limit, limit.figure(units.getAsLong())).ifPresent(limits::add);
                }
            }
        }
        return new RiskUsage(
                cash(input),
                facts.requested().maxPrice(),
                sellable(input),
                List.copyOf(limits),
                exposure.commissions(),
                policy.enablingLayer(RiskGuard.REFUSE_SELF_CROSS, layers));
    }

    private static OptionalLong cash(Input input) {
        if (input.requested().isCreditBuy()) {
            return RiskRules.creditAvailable(input.facts(), input.exposure());
        }
        if (input.account().isEmpty()) {
            return OptionalLong.empty();
        }
        FreshAccount account = input.account().get();
        return input.exposure()
                .availableCash(
                        account.figures().cash(),
                        account.requestedAt(),
                        input.facts().scope().account(),
                        input.currency());
    }

    private static OptionalLong sellable(Input input) {
        if (input.requested().side() == Side.BUY || input.account().isEmpty()) {
            return OptionalLong.empty();
        }
        FreshAccount account = input.account().get();
        return OptionalLong.of(account.figures().sellable()
                - input.exposure()
                        .unreportedSells(
                                account.requestedAt(),
                                input.facts().scope().account(),
                                input.requested().symbol(),
                                input.requested().loanDate()));
    }

    /** Empty when the limit does not apply to the order. */
    private static Optional<LimitUsage> usage(Input input, Layer layer, RiskLimit limit, BigDecimal figure) {
        boolean buy = input.requested().side() == Side.BUY;
        long qty = input.requested().qty();
        return switch (limit) {
            case DAILY_ORDERS ->
                Optional.of(count(
                        layer,
                        limit,
                        figure,
                        input.exposure().ordersToday(input.facts().scope(), layer.countScope())));
            case ORDERS_PER_SECOND ->
                Optional.of(count(
                        layer,
                        limit,
                        figure,
                        input.exposure()
                                .ordersInLastSecond(
                                        input.facts().scope(),
                                        layer.countScope(),
                                        input.facts().now())));
            case MAX_QTY -> buy ? Optional.of(single(layer, limit, figure, shares(qty))) : Optional.empty();
            case SELL_MAX_QTY -> buy ? Optional.empty() : Optional.of(single(layer, limit, figure, shares(qty)));
            case MAX_NOTIONAL, MAX_NOTIONAL_USD ->
                input.isBoundBy(AmountLimit.NOTIONAL, limit)
                        ? Optional.of(single(layer, limit, figure, input.notional(qty)))
                        : Optional.empty();
            case DAILY_NOTIONAL, DAILY_NOTIONAL_USD ->
                input.isBoundBy(AmountLimit.DAILY_NOTIONAL, limit)
                        ? Optional.of(upTo(
                                layer,
                                limit,
                                figure,
                                Optional.of(input.boughtToday(layer)),
                                input.notional(qty).map(input.boughtToday(layer)::add)))
                        : Optional.empty();
            case MAX_POSITION ->
                buy
                        ? Optional.of(upTo(
                                layer,
                                limit,
                                figure,
                                input.committed().flatMap(RiskUsage::shares),
                                input.committed().flatMap(held -> shares(held + qty))))
                        : Optional.empty();
            case MAX_POSITION_VALUE, MAX_POSITION_VALUE_USD ->
                input.isBoundBy(AmountLimit.POSITION_VALUE, limit)
                        ? Optional.of(upTo(
                                layer,
                                limit,
                                figure,
                                input.committed().flatMap(input::notional),
                                input.committed().flatMap(held -> input.notional(held + qty))))
                        : Optional.empty();
            case DAILY_LOSS -> buy ? Optional.of(loss(input, layer, limit, figure)) : Optional.empty();
            case COLLAR_PCT ->
                input.requested().limitPrice().isPresent()
                        ? Optional.of(single(layer, limit, figure, input.priceDistance()))
                        : Optional.empty();
        };
    }

    private static Optional<BigDecimal> shares(long qty) {
        return Optional.of(BigDecimal.valueOf(qty));
    }

    private static LimitUsage count(Layer layer, RiskLimit limit, BigDecimal figure, int used) {
        return upTo(layer, limit, figure, shares(used), shares(used + 1L));
    }

    /** A limit of each order by itself. */
    private static LimitUsage single(Layer layer, RiskLimit limit, BigDecimal figure, Optional<BigDecimal> after) {
        return upTo(layer, limit, figure, Optional.empty(), after);
    }

    private static LimitUsage upTo(
            Layer layer, RiskLimit limit, BigDecimal figure, Optional<BigDecimal> used, Optional<BigDecimal> after) {
        boolean ok = after.filter(it -> it.compareTo(figure) <= 0).isPresent();
        return new LimitUsage(limit, layer.name(), figure, used, after, ok);
    }

    /** The order changes no loss, and a loss that reaches the limit refuses it. */
    private static LimitUsage loss(Input input, Layer layer, RiskLimit limit, BigDecimal figure) {
        OptionalLong result =
                input.account().map(it -> it.figures().dayResult()).orElseGet(OptionalLong::empty);
        Optional<BigDecimal> loss = result.isPresent() ? shares(Math.max(0, -result.getAsLong())) : Optional.empty();
        boolean ok = loss.filter(it -> it.compareTo(figure) < 0).isPresent();
        return new LimitUsage(limit, layer.name(), figure, loss, loss, ok);
    }
}
