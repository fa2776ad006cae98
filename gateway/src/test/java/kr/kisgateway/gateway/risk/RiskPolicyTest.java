package kr.kisgateway.gateway.risk;

import static kr.kisgateway.gateway.risk.RiskSample.DAY;
import static kr.kisgateway.gateway.risk.RiskSample.NOW;
import static kr.kisgateway.gateway.risk.RiskSample.SCOPE;
import static kr.kisgateway.gateway.risk.RiskSample.openExposure;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.risk.RiskPolicy.Bound;
import kr.kisgateway.gateway.risk.RiskPolicy.CountScope;
import kr.kisgateway.gateway.risk.RiskPolicy.Layer;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.Currency;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.TradingDay;
import org.junit.jupiter.api.Test;

/** Which layers apply to an order, and what they leave for it. */
class RiskPolicyTest {
    private static final RiskScope OTHER = new RiskScope("A2", TradingDay.korean(DAY), "bot", Optional.empty());
    private static final RiskLimits NONE = RiskLimits.none();

    private final Exposure exposure = new Exposure(Commissions.usual());

    private static RiskPolicy policy(RiskLimits gateway, RiskLimits account, RiskLimits strategy, RiskLimits key) {
        return new RiskPolicy(
                new RiskLayers(gateway, Map.of("A1", account), Map.of("swing", strategy), Map.of("local", key)),
                LiveGuards.unrestricted());
    }

    @Test
    void the_layers_of_an_order_are_those_of_its_account_strategy_and_key_the_widest_first() {
        var policy = policy(NONE, NONE, NONE, NONE);
        assertThat(policy.applicableLayers(SCOPE))
                .containsExactly(
                        new Layer("gateway", CountScope.ACCOUNT, NONE),
                        new Layer("account A1", CountScope.ACCOUNT, NONE),
                        new Layer("strategy swing", CountScope.STRATEGY, NONE),
                        new Layer("key local", CountScope.KEY, NONE));
        assertThat(policy.applicableLayers(OTHER)).containsExactly(new Layer("gateway", CountScope.ACCOUNT, NONE));
        assertThat(policy.applicableLayers(new RiskScope("A2", SCOPE.day(), "bot", Optional.of("grid"))))
                .containsExactly(new Layer("gateway", CountScope.ACCOUNT, NONE));
    }

    @Test
    void of_equal_limits_the_widest_layer_is_named_and_of_unequal_ones_the_smaller_applies() {
        var policy = policy(
                NONE.with(RiskLimit.MAX_QTY, 20),
                NONE.with(RiskLimit.MAX_QTY, 20),
                NONE.with(RiskLimit.MAX_QTY, 19),
                NONE.with(RiskLimit.MAX_QTY, 30));
        List<Layer> layers = policy.applicableLayers(SCOPE);
        assertThat(policy.strictest(RiskLimit.MAX_QTY, layers.subList(0, 2))).contains(new Bound("gateway", 20));
        assertThat(policy.strictest(RiskLimit.MAX_QTY, layers)).contains(new Bound("strategy swing", 19));
        assertThat(policy.strictest(RiskLimit.MAX_POSITION, layers)).isEmpty();
    }

    @Test
    void a_check_is_on_when_any_layer_switches_it_on() {
        var policy = policy(
                NONE.with(RiskGuard.CHECK_CASH, false),
                NONE,
                NONE.with(RiskGuard.CHECK_CASH, true),
                NONE.with(RiskGuard.CHECK_CASH, true));
        assertThat(policy.enablingLayer(RiskGuard.CHECK_CASH, policy.applicableLayers(SCOPE)))
                .contains("strategy swing");
        assertThat(policy.enablingLayer(RiskGuard.REFUSE_WARNED, policy.applicableLayers(SCOPE)))
                .isEmpty();
        assertThat(policy.checksCash(SCOPE)).isTrue();
        assertThat(policy.checksCash(OTHER)).isFalse();
    }

    // ---- which facts an order needs ----

    @Test
    void a_sell_always_needs_the_accounts_figures_and_a_buy_only_for_limits_that_depend_on_them() {
        var harmless = RiskPolicy.of(NONE.with(RiskLimit.MAX_QTY, 1)
                .with(RiskLimit.MAX_NOTIONAL, 1)
                .with(RiskLimit.DAILY_NOTIONAL, 1)
                .with(RiskLimit.COLLAR_PCT, 1)
                .with(RiskGuard.REFUSE_SELF_CROSS, true));
        assertThat(harmless.requiresAccount(Side.SELL, Currency.KRW, SCOPE)).isTrue();
        assertThat(harmless.requiresAccount(Side.BUY, Currency.KRW, SCOPE)).isFalse();
        for (var limits : List.of(
                NONE.with(RiskGuard.CHECK_CASH, true),
                NONE.with(RiskLimit.MAX_POSITION, 1),
                NONE.with(RiskLimit.MAX_POSITION_VALUE, 1),
                NONE.with(RiskLimit.DAILY_LOSS, 1))) {
            assertThat(RiskPolicy.of(limits).requiresAccount(Side.BUY, Currency.KRW, SCOPE))
                    .as("%s", limits)
                    .isTrue();
        }
    }

    @Test
    void a_limit_of_the_value_of_a_position_needs_the_account_in_its_own_currency_alone() {
        var won = RiskPolicy.of(NONE.with(RiskLimit.MAX_POSITION_VALUE, 1));
        assertThat(won.requiresAccount(Side.BUY, Currency.USD, SCOPE)).isFalse();
        var dollars = RiskPolicy.of(NONE.with(RiskLimit.MAX_POSITION_VALUE_USD, 1));
        assertThat(dollars.requiresAccount(Side.BUY, Currency.USD, SCOPE)).isTrue();
        assertThat(dollars.requiresAccount(Side.BUY, Currency.KRW, SCOPE)).isFalse();
        assertThat(dollars.requiresAccount(Side.BUY, Currency.HKD, SCOPE)).isFalse();
    }

    @Test
    void only_a_collar_needs_the_last_price() {
        var policy = policy(NONE.with(RiskLimit.MAX_NOTIONAL, 1), NONE, NONE, NONE.with(RiskLimit.COLLAR_PCT, 100));
        assertThat(policy.requiresLastPrice(SCOPE)).isTrue();
        assertThat(policy.requiresLastPrice(OTHER)).isFalse();
    }

    // ---- what limits leave ----

    @Test
    void the_limits_of_a_buy_leave_whole_shares_the_strictest_first() {
        var policy = policy(
                NONE.with(RiskLimit.MAX_QTY, 100).with(RiskLimit.MAX_NOTIONAL, 1_000_000),
                NONE.with(RiskLimit.MAX_POSITION, 50),
                NONE.with(RiskLimit.MAX_POSITION_VALUE, 2_099_999),
                NONE.with(RiskLimit.MAX_QTY, 90));
        assertThat(policy.quantityBounds(SCOPE, Currency.KRW, 70_000, 10, Optional.empty()))
                .containsExactly(
                        new QuantityBound("max_notional", "gateway", BigDecimal.valueOf(1_000_000), 14),
                        new QuantityBound("max_position_value", "strategy swing", BigDecimal.valueOf(2_099_999), 19),
                        new QuantityBound("max_position", "account A1", BigDecimal.valueOf(50), 40),
                        new QuantityBound("max_qty", "key local", BigDecimal.valueOf(90), 90));
    }

    @Test
    void a_position_beyond_its_limit_leaves_no_share_rather_than_fewer() {
        var policy = RiskPolicy.of(NONE.with(RiskLimit.MAX_POSITION, 50).with(RiskLimit.MAX_POSITION_VALUE, 3_500_000));
        assertThat(policy.quantityBounds(SCOPE, Currency.KRW, 70_000, 51, Optional.empty()))
                .extracting(QuantityBound::qty)
                .containsExactly(0L, 0L);
        assertThat(policy.quantityBounds(SCOPE, Currency.KRW, 70_000, 49, Optional.empty()))
                .extracting(QuantityBound::qty)
                .containsExactly(1L, 1L);
    }

    @Test
    void amounts_in_won_bound_no_buy_in_dollars() {
        var policy = RiskPolicy.of(NONE.with(RiskLimit.MAX_NOTIONAL, 1)
                .with(RiskLimit.MAX_POSITION_VALUE, 1)
                .with(RiskLimit.MAX_NOTIONAL_USD, 10_000_000)
                .with(RiskLimit.MAX_POSITION_VALUE_USD, 20_000_000));
        assertThat(policy.quantityBounds(SCOPE, Currency.USD, 1_000_000, 4, Optional.empty()))
                .containsExactly(
                        new QuantityBound("max_notional_usd", "gateway", BigDecimal.valueOf(1_000), 10),
                        new QuantityBound("max_position_value_usd", "gateway", BigDecimal.valueOf(2_000), 16));
        assertThat(policy.quantityBounds(SCOPE, Currency.HKD, 1_000_000, 0, Optional.empty()))
                .isEmpty();
    }

    @Test
    void what_a_day_leaves_bounds_a_buy_as_well() {
        var left = new DailyAmountLeft(RiskLimit.DAILY_NOTIONAL, "key local", 500_000, 210_000);
        assertThat(RiskPolicy.of(NONE.with(RiskLimit.MAX_QTY, 5))
                        .quantityBounds(SCOPE, Currency.KRW, 70_000, 0, Optional.of(left)))
                .containsExactly(
                        new QuantityBound("daily_notional", "key local", BigDecimal.valueOf(500_000), 3),
                        new QuantityBound("max_qty", "gateway", BigDecimal.valueOf(5), 5));
    }

    @Test
    void the_layer_that_leaves_the_least_of_a_day_is_the_one_that_counts() {
        exposure.update(openExposure("b", Side.BUY, 0, 0, 10, 70_000, true), NOW);
        var policy = policy(
                NONE.with(RiskLimit.DAILY_NOTIONAL, 1_000_000),
                NONE,
                NONE.with(RiskLimit.DAILY_NOTIONAL, 950_000),
                NONE.with(RiskLimit.DAILY_NOTIONAL, 2_000_000));
        assertThat(policy.dailyAmountLeft(SCOPE, Currency.KRW, exposure))
                .contains(new DailyAmountLeft(RiskLimit.DAILY_NOTIONAL, "strategy swing", 950_000, 250_000));
        var sameKey = new RiskScope("A1", SCOPE.day(), "local", Optional.empty());
        assertThat(policy.dailyAmountLeft(sameKey, Currency.KRW, exposure))
                .contains(new DailyAmountLeft(RiskLimit.DAILY_NOTIONAL, "gateway", 1_000_000, 300_000));
        assertThat(policy.dailyAmountLeft(SCOPE, Currency.USD, exposure)).isEmpty();
        assertThat(policy.dailyAmountLeft(SCOPE, Currency.HKD, exposure)).isEmpty();
    }

    @Test
    void a_day_on_which_more_was_bought_than_is_allowed_now_leaves_nothing() {
        exposure.update(openExposure("b", Side.BUY, 0, 0, 10, 70_000, true), NOW);
        assertThat(RiskPolicy.of(NONE.with(RiskLimit.DAILY_NOTIONAL, 600_000))
                        .dailyAmountLeft(SCOPE, Currency.KRW, exposure)
                        .map(DailyAmountLeft::left))
                .contains(0L);
    }

    // ---- how much of the daily orders is used ----

    @Test
    void each_layer_with_a_limit_of_daily_orders_reports_the_orders_that_it_counts() {
        exposure.recordAccepted(SCOPE, NOW);
        exposure.recordAccepted(SCOPE, NOW);
        exposure.recordAccepted(new RiskScope("A1", SCOPE.day(), "bot", Optional.empty()), NOW);
        exposure.recordAccepted(OTHER, NOW);
        var policy = policy(
                NONE.with(RiskLimit.DAILY_ORDERS, 50),
                NONE.with(RiskLimit.DAILY_ORDERS, 40),
                NONE.with(RiskLimit.DAILY_ORDERS, 30),
                NONE.with(RiskLimit.DAILY_ORDERS, 20));
        assertThat(policy.dailyOrders(exposure))
                .containsExactlyInAnyOrder(
                        new DailyOrders("gateway", "A1", SCOPE.day(), 3, 50),
                        new DailyOrders("account", "A1", SCOPE.day(), 3, 40),
                        new DailyOrders("strategy swing", "A1", SCOPE.day(), 2, 30),
                        new DailyOrders("key local", "A1", SCOPE.day(), 2, 20),
                        new DailyOrders("gateway", "A2", SCOPE.day(), 1, 50));
        assertThat(RiskPolicy.of(NONE.with(RiskLimit.MAX_QTY, 1)).dailyOrders(exposure))
                .isEmpty();
    }

    // ---- scopes ----

    @Test
    void a_scope_counts_an_account_by_no_name_a_strategy_by_its_label_and_a_key_by_its_name() {
        assertThat(SCOPE.nameWithin(CountScope.ACCOUNT)).isEmpty();
        assertThat(SCOPE.nameWithin(CountScope.STRATEGY)).isEqualTo("swing");
        assertThat(SCOPE.nameWithin(CountScope.KEY)).isEqualTo("local");
        assertThat(OTHER.nameWithin(CountScope.STRATEGY)).isEmpty();
        assertThat(SCOPE.withPrincipal("bot")).isEqualTo(new RiskScope("A1", SCOPE.day(), "bot", Optional.of("swing")));
    }

    // ---- live guards and changes ----

    @Test
    void trading_live_needs_the_switch_and_an_account_and_nothing_is_missing_elsewhere() {
        assertThat(new LiveGuards(true, false, Set.of(), false).missing())
                .containsExactly("KIS_LIVE_TRADING", "KIS_LIVE_ACCOUNTS");
        assertThat(new LiveGuards(true, true, Set.of(), false).missing()).containsExactly("KIS_LIVE_ACCOUNTS");
        assertThat(new LiveGuards(true, false, Set.of("A1"), false).missing()).containsExactly("KIS_LIVE_TRADING");
        assertThat(new LiveGuards(true, true, Set.of("A1"), false).missing()).isEmpty();
        assertThat(LiveGuards.unrestricted().missing()).isEmpty();
    }

    @Test
    void an_account_may_trade_live_only_when_it_is_named_and_the_switch_is_on() {
        assertThat(new LiveGuards(true, true, Set.of("A1"), false).allows("A1")).isTrue();
        assertThat(new LiveGuards(true, true, Set.of("A1"), false).allows("A2")).isFalse();
        assertThat(new LiveGuards(true, false, Set.of("A1"), false).allows("A1"))
                .isFalse();
        assertThat(new LiveGuards(false, false, Set.of(), false).allows("A1")).isTrue();
    }

    @Test
    void limits_that_a_call_set_apply_until_the_configured_ones_change() {
        var set = RiskLayers.of(NONE.with(RiskLimit.MAX_QTY, 7));
        var configured = RiskLayers.of(NONE.with(RiskLimit.MAX_QTY, 10));
        var edited = RiskLayers.of(NONE.with(RiskLimit.MAX_QTY, 20));
        var change = new LimitsChange(set, configured);
        assertThat(change.effectiveLayers(configured)).isEqualTo(set);
        assertThat(change.effectiveLayers(edited)).isEqualTo(edited);
    }
}
