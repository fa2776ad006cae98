package kr.kisgateway.gateway.risk;

import static kr.kisgateway.gateway.risk.RiskSample.DAY;
import static kr.kisgateway.gateway.risk.RiskSample.NOW;
import static kr.kisgateway.gateway.risk.RiskSample.SAMSUNG;
import static kr.kisgateway.gateway.risk.RiskSample.SCOPE;
import static kr.kisgateway.gateway.risk.RiskSample.buy;
import static kr.kisgateway.gateway.risk.RiskSample.marketBuy;
import static kr.kisgateway.gateway.risk.RiskSample.openExposure;
import static kr.kisgateway.gateway.risk.RiskSample.sell;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.risk.RiskUsage.LimitUsage;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;

/** The figures of a preview, limit by limit. */
class RiskUsageFiguresTest {
    private static final RiskLimits NONE = RiskLimits.none();
    private static final LocalDate LOAN = LocalDate.of(2026, 10, 5);

    private final Exposure exposure = new Exposure(Commissions.usual());

    private RiskUsage usage(RiskSample sample, RiskLimits gateway) {
        return RiskUsage.of(sample.facts(), exposure, RiskPolicy.of(gateway));
    }

    /** The figures of the only limit. */
    private LimitUsage only(RiskSample sample, RiskLimit limit, long units) {
        List<LimitUsage> limits = usage(sample, NONE.with(limit, units)).limits();
        assertThat(limits).hasSize(1);
        assertThat(limits.getFirst().limit()).isEqualTo(limit);
        assertThat(limits.getFirst().layer()).isEqualTo("gateway");
        assertThat(limits.getFirst().figure()).isEqualByComparingTo(limit.figure(units));
        return limits.getFirst();
    }

    private static void assertFigures(LimitUsage usage, String used, String after, boolean ok) {
        assertThat(usage.used().map(BigDecimal::toPlainString).orElse("-")).isEqualTo(used);
        assertThat(usage.after().map(BigDecimal::toPlainString).orElse("-")).isEqualTo(after);
        assertThat(usage.ok()).isEqualTo(ok);
    }

    private static RiskSample withAccount(RiskSample sample, AccountFigures figures) {
        return sample.withAccount(new Observation.Current<>(figures, NOW));
    }

    private static RiskSample unknownAccount(RiskSample sample) {
        return sample.withAccount(new Observation.Unknown<>("down"));
    }

    private static RiskSample buyApple(long qty, long price) {
        return buy(qty, 1)
                .withRequest(new RiskFacts.RequestedOrder(
                        new UsSymbol(UsExchange.NASD, "AAPL"),
                        Side.BUY,
                        qty,
                        0,
                        OrderKind.LIMIT,
                        Venue.NASD,
                        OptionalLong.of(price),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        false));
    }

    private static RiskSample onCredit(
            Side side, long qty, CreditType type, LocalDate loan, Optional<RiskFacts.CreditPower> power) {
        var facts = buy(qty, 70_000).facts();
        return new RiskSample(new RiskFacts(
                facts.scope(),
                new RiskFacts.RequestedOrder(
                        SAMSUNG,
                        side,
                        qty,
                        0,
                        OrderKind.LIMIT,
                        Venue.KRX,
                        OptionalLong.of(70_000),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        false,
                        Optional.of(new Credit(type, loan))),
                facts.window(),
                facts.now(),
                facts.market(),
                facts.account(),
                facts.control(),
                power));
    }

    private static OpenExposure sale(String id, long shares, MarketSymbol symbol, Optional<LocalDate> loan) {
        return new OpenExposure(
                id,
                SCOPE,
                symbol,
                Side.SELL,
                0,
                0,
                shares,
                OptionalLong.of(70_000),
                OptionalLong.empty(),
                Optional.empty(),
                false,
                loan);
    }

    // ---- limits ----

    @Test
    void an_order_is_one_more_of_the_days_and_of_the_seconds_orders() {
        exposure.recordAccepted(SCOPE, NOW.minusMillis(1_500));
        exposure.recordAccepted(SCOPE, NOW.minusMillis(500));
        assertFigures(only(buy(1, 70_000), RiskLimit.DAILY_ORDERS, 3), "2", "3", true);
        assertFigures(only(sell(1, 70_000), RiskLimit.DAILY_ORDERS, 2), "2", "3", false);
        assertFigures(only(buy(1, 70_000), RiskLimit.ORDERS_PER_SECOND, 2), "1", "2", true);
        assertFigures(only(sell(1, 70_000), RiskLimit.ORDERS_PER_SECOND, 1), "1", "2", false);
    }

    @Test
    void each_side_has_its_own_limit_of_shares() {
        assertFigures(only(buy(10, 70_000), RiskLimit.MAX_QTY, 10), "-", "10", true);
        assertFigures(only(buy(11, 70_000), RiskLimit.MAX_QTY, 10), "-", "11", false);
        assertFigures(only(sell(10, 70_000), RiskLimit.SELL_MAX_QTY, 10), "-", "10", true);
        assertFigures(only(sell(11, 70_000), RiskLimit.SELL_MAX_QTY, 10), "-", "11", false);
        assertThat(usage(sell(1, 70_000), NONE.with(RiskLimit.MAX_QTY, 10)).limits())
                .isEmpty();
        assertThat(usage(buy(1, 70_000), NONE.with(RiskLimit.SELL_MAX_QTY, 10)).limits())
                .isEmpty();
    }

    @Test
    void amounts_are_at_the_price_that_bounds_the_order_in_its_currency() {
        assertFigures(only(buy(10, 70_000), RiskLimit.MAX_NOTIONAL, 700_000), "-", "700000", true);
        assertFigures(only(buy(10, 70_001), RiskLimit.MAX_NOTIONAL, 700_000), "-", "700010", false);
        assertFigures(
                only(marketBuy(10, OptionalLong.of(91_000)), RiskLimit.MAX_NOTIONAL, 700_000), "-", "910000", false);
        assertFigures(only(marketBuy(10, OptionalLong.empty()), RiskLimit.MAX_NOTIONAL, 700_000), "-", "-", false);
        assertFigures(only(buyApple(10, 1_873_400), RiskLimit.MAX_NOTIONAL_USD, 18_734_000), "-", "1873.40", true);
        var won = NONE.with(RiskLimit.MAX_NOTIONAL, 1)
                .with(RiskLimit.DAILY_NOTIONAL, 1)
                .with(RiskLimit.MAX_POSITION_VALUE, 1);
        assertThat(usage(buyApple(10, 1_873_400), won).limits()).isEmpty();
        assertThat(usage(sell(10, 70_000), won).limits()).isEmpty();
    }

    @Test
    void a_days_amount_is_what_was_bought_and_this_order() {
        exposure.update(openExposure("b", Side.BUY, 2, 140_000, 3, 70_000, true), NOW);
        assertFigures(only(buy(5, 70_000), RiskLimit.DAILY_NOTIONAL, 700_000), "350000", "700000", true);
        assertFigures(only(buy(6, 70_000), RiskLimit.DAILY_NOTIONAL, 700_000), "350000", "770000", false);
        assertFigures(
                only(marketBuy(6, OptionalLong.empty()), RiskLimit.DAILY_NOTIONAL, 700_000), "350000", "-", false);
        assertFigures(only(buyApple(1, 1_000_000), RiskLimit.DAILY_NOTIONAL_USD, 1_000_000), "0", "100", true);
    }

    @Test
    void a_position_is_what_is_held_and_ordered_and_this_order() {
        exposure.update(openExposure("b", Side.BUY, 0, 0, 40, 70_000, true), NOW);
        assertFigures(only(buy(60, 70_000), RiskLimit.MAX_POSITION, 1_100), "1040", "1100", true);
        assertFigures(only(buy(61, 70_000), RiskLimit.MAX_POSITION, 1_100), "1040", "1101", false);
        assertFigures(only(buy(60, 70_000), RiskLimit.MAX_POSITION_VALUE, 77_000_000), "72800000", "77000000", true);
        assertFigures(only(buy(61, 70_000), RiskLimit.MAX_POSITION_VALUE, 77_000_000), "72800000", "77070000", false);
        assertThat(usage(sell(1, 70_000), NONE.with(RiskLimit.MAX_POSITION, 10)).limits())
                .isEmpty();
    }

    @Test
    void an_unknown_account_or_price_leaves_a_position_unknown_and_not_ok() {
        assertFigures(only(unknownAccount(buy(1, 70_000)), RiskLimit.MAX_POSITION, 1_100), "-", "-", false);
        assertFigures(only(unknownAccount(buy(1, 70_000)), RiskLimit.MAX_POSITION_VALUE, 1_100), "-", "-", false);
        assertFigures(
                only(marketBuy(1, OptionalLong.empty()), RiskLimit.MAX_POSITION_VALUE, 77_000_000), "-", "-", false);
    }

    @Test
    void a_loss_that_reaches_its_limit_is_not_ok_and_a_gain_is_no_loss() {
        assertFigures(only(losing(999), RiskLimit.DAILY_LOSS, 1_000), "999", "999", true);
        assertFigures(only(losing(1_000), RiskLimit.DAILY_LOSS, 1_000), "1000", "1000", false);
        assertFigures(only(losing(-5_000), RiskLimit.DAILY_LOSS, 1_000), "0", "0", true);
        assertFigures(only(unknownAccount(buy(1, 70_000)), RiskLimit.DAILY_LOSS, 1_000), "-", "-", false);
        assertThat(usage(sell(1, 70_000), NONE.with(RiskLimit.DAILY_LOSS, 10)).limits())
                .isEmpty();
    }

    private static RiskSample losing(long won) {
        return withAccount(buy(1, 70_000), new AccountFigures(0, 0, 0, OptionalLong.of(-won)));
    }

    @Test
    void a_collar_counts_how_much_worse_than_the_last_price_an_order_is_rounded_up() {
        assertFigures(only(buy(1, 71_750), RiskLimit.COLLAR_PCT, 250), "-", "2.50", true);
        assertFigures(only(buy(1, 71_751), RiskLimit.COLLAR_PCT, 250), "-", "2.51", false);
        assertFigures(only(sell(1, 68_250), RiskLimit.COLLAR_PCT, 250), "-", "2.50", true);
        assertFigures(only(sell(1, 68_249), RiskLimit.COLLAR_PCT, 250), "-", "2.51", false);
        assertFigures(only(buy(1, 63_000), RiskLimit.COLLAR_PCT, 250), "-", "-10.00", true);
    }

    @Test
    void without_a_last_price_the_distance_is_unknown_and_a_market_order_has_none() {
        assertFigures(only(buy(1, 70_000).withMarket(MarketFacts.none()), RiskLimit.COLLAR_PCT, 250), "-", "-", false);
        for (long last : new long[] {0, -1}) {
            assertFigures(
                    only(
                            buy(1, 70_000).withMarket(MarketFacts.ofLast(OptionalLong.of(last))),
                            RiskLimit.COLLAR_PCT,
                            250),
                    "-",
                    "-",
                    false);
        }
        assertFigures(
                only(buy(1, 1).withMarket(MarketFacts.ofLast(OptionalLong.of(1))), RiskLimit.COLLAR_PCT, 250),
                "-",
                "0.00",
                true);
        assertThat(usage(marketBuy(1, OptionalLong.of(91_000)), NONE.with(RiskLimit.COLLAR_PCT, 250))
                        .limits())
                .isEmpty();
    }

    @Test
    void the_limits_of_all_layers_are_listed_the_widest_layer_first() {
        var policy = new RiskPolicy(
                new RiskLayers(
                        NONE.with(RiskLimit.MAX_QTY, 100),
                        Map.of(),
                        Map.of("swing", NONE.with(RiskLimit.MAX_QTY, 50)),
                        Map.of("local", NONE.with(RiskGuard.REFUSE_SELF_CROSS, true))),
                LiveGuards.unrestricted());
        RiskUsage usage = RiskUsage.of(buy(60, 70_000).facts(), exposure, policy);
        assertThat(usage.limits()).extracting(LimitUsage::layer).containsExactly("gateway", "strategy swing");
        assertThat(usage.limits()).extracting(LimitUsage::ok).containsExactly(true, false);
        assertThat(usage.selfCrossLayer()).contains("key local");
        assertThat(usage(buy(60, 70_000), NONE).selfCrossLayer()).isEmpty();
    }

    // ---- cash and shares ----

    @Test
    void the_cash_of_a_buy_is_the_deposit_less_what_open_orders_reserve() {
        exposure.update(openExposure("b", Side.BUY, 0, 0, 10, 70_000, true), NOW);
        var account = new AccountFigures(1_000_000, 0, 0, OptionalLong.empty());
        RiskUsage usage = usage(withAccount(buy(1, 71_000), account), NONE);
        assertThat(usage.cash()).hasValue(1_000_000 - 700_098);
        assertThat(usage.maxPrice()).hasValue(71_000);
        assertThat(usage.sellable()).isEmpty();
        assertThat(usage(unknownAccount(buy(1, 70_000)), NONE).cash()).isEmpty();
    }

    @Test
    void the_shares_of_a_sale_are_the_sellable_ones_less_what_own_sales_reserve() {
        exposure.update(sale("s", 4, SAMSUNG, Optional.empty()), NOW);
        exposure.update(sale("loan", 3, SAMSUNG, Optional.of(LOAN)), NOW);
        var account = new AccountFigures(0, 20, 10, OptionalLong.empty());
        assertThat(usage(withAccount(sell(1, 70_000), account), NONE).sellable())
                .hasValue(6);
        assertThat(usage(
                                withAccount(
                                        onCredit(Side.SELL, 1, CreditType.SELF_LOAN_REPAY, LOAN, Optional.empty()),
                                        account),
                                NONE)
                        .sellable())
                .hasValue(7);
        assertThat(usage(unknownAccount(sell(1, 70_000)), NONE).sellable()).isEmpty();
    }

    @Test
    void the_cash_of_a_buy_on_credit_is_the_buying_power_less_what_it_may_lack() {
        exposure.update(openExposure("b", Side.BUY, 0, 0, 10, 70_000, false), NOW);
        var power = new RiskFacts.CreditPower(2_000_000, 28, NOW.minus(RiskRules.ACCOUNT_AGE_MAX));
        assertThat(usage(onCredit(Side.BUY, 1, CreditType.SELF_LOAN_OPEN, DAY, Optional.of(power)), NONE)
                        .cash())
                .hasValue(2_000_000 - 700_098);
        var old = new RiskFacts.CreditPower(2_000_000, 28, power.requestedAt().minusMillis(1));
        assertThat(usage(onCredit(Side.BUY, 1, CreditType.SELF_LOAN_OPEN, DAY, Optional.of(old)), NONE)
                        .cash())
                .isEmpty();
        assertThat(usage(onCredit(Side.BUY, 1, CreditType.SELF_LOAN_OPEN, DAY, Optional.empty()), NONE)
                        .cash())
                .isEmpty();
    }

    @Test
    void a_buy_reserves_its_amount_with_the_commission_of_its_currency_and_a_sale_nothing() {
        RiskUsage won = usage(buy(10, 70_000), NONE);
        assertThat(won.reserved(Side.BUY, 10, Currency.KRW)).hasValue(700_098);
        assertThat(won.reserved(Side.SELL, 10, Currency.KRW)).hasValue(0);
        assertThat(won.reserved(Side.BUY, Long.MAX_VALUE, Currency.KRW)).isEmpty();
        assertThat(usage(buyApple(10, 1_000_000), NONE).reserved(Side.BUY, 10, Currency.USD))
                .hasValue(10_025_000);
        RiskUsage unpriced = usage(marketBuy(10, OptionalLong.empty()), NONE);
        assertThat(unpriced.maxPrice()).isEmpty();
        assertThat(unpriced.reserved(Side.BUY, 10, Currency.KRW)).isEmpty();
        assertThat(unpriced.reserved(Side.SELL, 10, Currency.KRW)).hasValue(0);
    }
}
