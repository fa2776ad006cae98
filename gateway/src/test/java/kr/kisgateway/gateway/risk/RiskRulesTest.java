package kr.kisgateway.gateway.risk;

import static kr.kisgateway.gateway.risk.RiskSample.NOW;
import static kr.kisgateway.gateway.risk.RiskSample.RICH;
import static kr.kisgateway.gateway.risk.RiskSample.SAMSUNG;
import static kr.kisgateway.gateway.risk.RiskSample.SCOPE;
import static kr.kisgateway.gateway.risk.RiskSample.buy;
import static kr.kisgateway.gateway.risk.RiskSample.marketBuy;
import static kr.kisgateway.gateway.risk.RiskSample.openExposure;
import static kr.kisgateway.gateway.risk.RiskSample.sell;
import static kr.kisgateway.gateway.risk.RiskSample.usualLimits;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderSession;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.TimeInForce;
import kr.kisgateway.market.TradingDay;
import kr.kisgateway.market.Venue;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;

@Requirement("G-15")
class RiskRulesTest {
    private static final Refusal OFF_TICK = Refusal.of(ErrorCode.INVALID_TICK_SIZE, "off the tick table");

    private final RiskRules rules =
            new RiskRules((symbol, price) -> symbol.code().startsWith("Z")
                    ? Optional.of(Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, "not listed"))
                    : price.isPresent() && price.getAsLong() % 100 != 0 ? Optional.of(OFF_TICK) : Optional.empty());
    private final Exposure exposure = new Exposure(Commissions.usual());
    private RiskPolicy policy = RiskPolicy.of(usualLimits());

    private Optional<Refusal> check(RiskSample sample) {
        return rules.check(sample.facts(), exposure, policy);
    }

    private Optional<ErrorCode> code(RiskSample sample) {
        return check(sample).map(Refusal::code);
    }

    private void setGatewayLimits(RiskLimits limits) {
        policy = RiskPolicy.of(limits);
    }

    private static MarketFacts at(long last) {
        return new MarketFacts(OptionalLong.of(last), OptionalLong.empty(), OptionalLong.empty(), Designation.NORMAL);
    }

    @Test
    void a_modest_buy_passes() {
        assertThat(check(buy(100, 70_000))).isEmpty();
    }

    @Test
    @Requirement(value = "G-15", clause = "buy-only")
    void limits_are_inclusive_and_bind_buys_only() {
        assertThat(code(buy(101, 50_000))).contains(ErrorCode.MAX_QTY_EXCEEDED);
        assertThat(code(buy(100, 90_000).withMarket(MarketFacts.none()))).isEmpty();
        assertThat(code(buy(100, 100_000).withMarket(MarketFacts.none()))).isEmpty();
        assertThat(code(buy(100, 100_100).withMarket(MarketFacts.none()))).contains(ErrorCode.NOTIONAL_LIMIT_EXCEEDED);
        assertThat(code(sell(1_000, 70_000))).isEmpty();
    }

    @Test
    @Requirement(value = "G-15", clause = "buy-only")
    void sells_have_a_limit_of_their_own() {
        setGatewayLimits(usualLimits().with(RiskLimit.SELL_MAX_QTY, 10));
        assertThat(code(sell(10, 70_000))).isEmpty();
        assertThat(code(sell(11, 70_000))).contains(ErrorCode.MAX_QTY_EXCEEDED);
        assertThat(code(buy(11, 70_000))).isEmpty();
    }

    @Test
    void an_overflowing_amount_exceeds_every_limit() {
        setGatewayLimits(RiskLimits.none().with(RiskLimit.MAX_NOTIONAL, RiskLimit.MAX));
        assertThat(code(buy(Long.MAX_VALUE, 300))).contains(ErrorCode.NOTIONAL_LIMIT_EXCEEDED);
    }

    @Test
    void a_market_buy_is_evaluated_at_its_worst_price_and_refused_without_one() {
        assertThat(code(marketBuy(100, OptionalLong.of(100_100)))).contains(ErrorCode.NOTIONAL_LIMIT_EXCEEDED);
        assertThat(code(marketBuy(1, OptionalLong.empty()))).contains(ErrorCode.NOTIONAL_LIMIT_EXCEEDED);
        setGatewayLimits(RiskLimits.none().with(RiskGuard.CHECK_CASH, true));
        assertThat(code(marketBuy(1, OptionalLong.empty()))).contains(ErrorCode.QUOTE_UNAVAILABLE);
        setGatewayLimits(RiskLimits.none().with(RiskLimit.MAX_POSITION_VALUE, 1));
        assertThat(code(marketBuy(1, OptionalLong.empty()))).contains(ErrorCode.QUOTE_UNAVAILABLE);
    }

    @Test
    void an_unlisted_symbol_is_reported_as_such_even_without_a_price() {
        var unlisted = new RiskFacts.RequestedOrder(
                new Symbol("ZZZZZZ"),
                Side.BUY,
                1,
                0,
                OrderKind.MARKET,
                Venue.KRX,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                false);
        assertThat(code(buy(1, 100).withRequest(unlisted))).contains(ErrorCode.SYMBOL_NOT_FOUND);
    }

    @Test
    void a_refusal_counts_one_share_in_the_singular_and_all_others_in_the_plural() {
        for (var one : Map.of(0L, "only 0 shares of", 1L, "only 1 share of", 7L, "only 7 shares of")
                .entrySet()) {
            var account = new Observation.Current<>(
                    new AccountFigures(0, 8, one.getKey(), OptionalLong.empty()), NOW.plusSeconds(10));
            assertThat(check(sell(8, 70_000).withAccount(account)).orElseThrow().message())
                    .startsWith(one.getValue());
        }
    }

    @Test
    void an_unknown_position_is_unsafe_and_a_short_one_is_refused() {
        assertThat(code(sell(1, 70_000).withAccount(new Observation.Unknown<>("down"))))
                .contains(ErrorCode.POSITION_PROVIDER_UNAVAILABLE);
        assertThat(code(sell(1_001, 70_000))).contains(ErrorCode.INSUFFICIENT_POSITION_QTY);
    }

    @Test
    void an_old_answer_serves_for_a_minute_and_then_counts_as_unknown() {
        var requestedAt = NOW.minus(RiskRules.ACCOUNT_AGE_MAX);
        var stale = new Observation.Stale<>(RICH, requestedAt, "KIS is down");
        assertThat(code(sell(1, 70_000).withAccount(stale))).isEmpty();
        var older = new Observation.Stale<>(RICH, requestedAt.minusMillis(1), "KIS is down");
        assertThat(check(sell(1, 70_000).withAccount(older)).orElseThrow())
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.POSITION_PROVIDER_UNAVAILABLE))
                .satisfies(refusal -> assertThat(refusal.code().retryable()).isTrue())
                .satisfies(refusal -> assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(1)))
                .satisfies(refusal -> assertThat(refusal.message()).contains("KIS is down"));
        assertThat(code(sell(1, 70_000).withAccount(new Observation.Current<>(RICH, requestedAt.minusMillis(1)))))
                .contains(ErrorCode.POSITION_PROVIDER_UNAVAILABLE);
    }

    @Test
    @Requirement(value = "G-15", clause = "window")
    void an_order_that_its_venue_does_not_accept_now_is_refused() {
        assertThat(code(buy(1, 70_000).outOfWindow())).contains(ErrorCode.OUT_OF_TRADING_WINDOW);
    }

    /** Each line makes the order break one rule more, from the last rule to the first. */
    @Test
    void the_first_failed_check_is_the_answer() {
        var wrong = buy(100, 70_000);
        setGatewayLimits(usualLimits().with(RiskLimit.ORDERS_PER_SECOND, 1));
        exposure.recordAccepted(SCOPE, NOW);
        assertThat(code(wrong)).contains(ErrorCode.ORDER_RATE_LIMIT);
        setGatewayLimits(policy.layers().gateway().with(RiskLimit.DAILY_LOSS, 1));
        wrong = wrong.withAccount(new Observation.Current<>(new AccountFigures(0, 0, 0, OptionalLong.of(-1)), NOW));
        assertThat(code(wrong)).contains(ErrorCode.DAILY_LOSS_LIMIT);
        setGatewayLimits(policy.layers().gateway().with(RiskGuard.CHECK_CASH, true));
        assertThat(code(wrong)).contains(ErrorCode.INSUFFICIENT_CASH);
        setGatewayLimits(policy.layers().gateway().with(RiskLimit.MAX_POSITION, 99));
        assertThat(code(wrong)).contains(ErrorCode.POSITION_LIMIT_EXCEEDED);
        wrong = wrong.outOfWindow();
        assertThat(code(wrong)).contains(ErrorCode.OUT_OF_TRADING_WINDOW);
        setGatewayLimits(policy.layers().gateway().with(RiskGuard.REFUSE_SELF_CROSS, true));
        exposure.update(openExposure("s", Side.SELL, 0, 0, 1, 70_000, true), NOW);
        assertThat(code(wrong)).contains(ErrorCode.SELF_CROSS);
        setGatewayLimits(policy.layers().gateway().with(RiskLimit.COLLAR_PCT, 100));
        wrong = wrong.withMarket(at(69_300));
        assertThat(code(wrong)).contains(ErrorCode.PRICE_COLLAR);
        wrong = wrong.withRequest(buy(100, 70_050).facts().requested());
        assertThat(code(wrong)).contains(ErrorCode.INVALID_TICK_SIZE);
        wrong = wrong.withMarket(new MarketFacts(
                OptionalLong.of(69_300), OptionalLong.of(60_000), OptionalLong.of(70_000), Designation.NORMAL));
        assertThat(code(wrong)).contains(ErrorCode.PRICE_OUT_OF_LIMITS);
        wrong = wrong.withMarket(new MarketFacts(
                OptionalLong.of(69_300), OptionalLong.of(60_000), OptionalLong.of(70_000), Designation.HALTED));
        assertThat(code(wrong)).contains(ErrorCode.SYMBOL_RESTRICTED);
        setGatewayLimits(policy.layers().gateway().with(RiskLimit.MAX_NOTIONAL, 1_000_000));
        assertThat(code(wrong)).contains(ErrorCode.NOTIONAL_LIMIT_EXCEEDED);
        setGatewayLimits(policy.layers().gateway().with(RiskLimit.MAX_QTY, 99));
        assertThat(code(wrong)).contains(ErrorCode.MAX_QTY_EXCEEDED);
        setGatewayLimits(policy.layers().gateway().with(RiskLimit.DAILY_ORDERS, 1));
        assertThat(code(wrong)).contains(ErrorCode.DAILY_LIMIT_EXCEEDED);
        policy = new RiskPolicy(policy.layers(), new LiveGuards(true, false, Set.of(), false));
        assertThat(code(wrong)).contains(ErrorCode.LIVE_DISABLED);
        wrong = wrong.withControl(new RiskFacts.Control(Optional.of("a fire"), false));
        assertThat(code(wrong)).contains(ErrorCode.KILL_SWITCH);
    }

    // ---- live guards ----

    @Test
    @Requirement(value = "G-18", clause = "flag")
    @Requirement(value = "G-15", clause = "live")
    @Requirement(value = "G-18", clause = "accounts")
    @Requirement(value = "G-18", clause = "dry-run")
    void a_live_order_requires_the_switch_the_account_and_a_dry_run() {
        policy = new RiskPolicy(RiskLayers.of(usualLimits()), new LiveGuards(true, false, Set.of("A1"), false));
        assertThat(code(buy(1, 70_000))).contains(ErrorCode.LIVE_DISABLED);
        policy = new RiskPolicy(RiskLayers.of(usualLimits()), new LiveGuards(true, true, Set.of("A2"), false));
        assertThat(code(buy(1, 70_000))).contains(ErrorCode.LIVE_DISABLED);
        policy = new RiskPolicy(RiskLayers.of(usualLimits()), new LiveGuards(true, true, Set.of("A1"), false));
        assertThat(code(buy(1, 70_000))).contains(ErrorCode.DRY_RUN_REQUIRED);
        assertThat(code(buy(1, 70_000).dryRun())).isEmpty();
        assertThat(code(buy(1, 70_000).withControl(new RiskFacts.Control(Optional.empty(), true))))
                .isEmpty();
    }

    @Test
    @Requirement(value = "G-18", clause = "read-only")
    void a_read_only_gateway_refuses_orders_in_every_environment() {
        policy = new RiskPolicy(RiskLayers.of(usualLimits()), new LiveGuards(false, false, Set.of(), true));
        assertThat(code(buy(1, 70_000))).contains(ErrorCode.READ_ONLY);
        assertThat(code(sell(1, 70_000).dryRun())).contains(ErrorCode.READ_ONLY);
    }

    @Test
    @Requirement(value = "G-18", clause = "kill-switch")
    void the_kill_switch_is_reported_with_its_reason() {
        var refusal = check(sell(1, 70_000).withControl(new RiskFacts.Control(Optional.of("runaway"), true)))
                .orElseThrow();
        assertThat(refusal.code()).isEqualTo(ErrorCode.KILL_SWITCH);
        assertThat(refusal.details()).containsEntry("reason", "runaway");
    }

    // ---- layers ----

    @Test
    void the_limits_of_a_key_alone_count_no_order_and_ignore_the_state_of_trading() {
        policy = new RiskPolicy(
                new RiskLayers(
                        RiskLimits.none().with(RiskLimit.MAX_QTY, 3),
                        Map.of(),
                        Map.of(),
                        Map.of(
                                "local",
                                RiskLimits.none()
                                        .with(RiskLimit.DAILY_ORDERS, 1)
                                        .with(RiskLimit.MAX_QTY, 25)
                                        .with(RiskLimit.DAILY_NOTIONAL, 1_500_000))),
                LiveGuards.unrestricted());
        exposure.recordAccepted(SCOPE, NOW);
        var halted = new RiskFacts.Control(Optional.of("runaway"), true);
        assertThat(code(buy(20, 70_000))).contains(ErrorCode.DAILY_LIMIT_EXCEEDED);
        assertThat(keyCode(buy(20, 70_000).withControl(halted))).isEmpty();
        assertThat(keyCode(buy(26, 50_000))).contains(ErrorCode.MAX_QTY_EXCEEDED);
        assertThat(keyCode(buy(22, 70_000)))
                .as("the amount of a day is for all orders together")
                .isEmpty();
        assertThat(keySumCode(buy(22, 70_000))).contains(ErrorCode.DAILY_LIMIT_EXCEEDED);
        assertThat(keySumCode(buy(26, 50_000))).as("no limit of an order").isEmpty();
        var another = new RiskScope("A1", TradingDay.korean(RiskSample.DAY), "another", Optional.empty());
        assertThat(keyCode(buy(1_000, 70_000).withScope(another)))
                .as("no limits of its own")
                .isEmpty();
    }

    private Optional<ErrorCode> keySumCode(RiskSample sample) {
        return rules.checkKeySums(sample.facts(), exposure, policy).map(Refusal::code);
    }

    private Optional<ErrorCode> keyCode(RiskSample sample) {
        return rules.checkKeyLimits(sample.facts(), exposure, policy).map(Refusal::code);
    }

    @Test
    void the_strictest_applicable_layer_applies_and_is_named() {
        policy = new RiskPolicy(
                new RiskLayers(
                        usualLimits(),
                        Map.of("A1", RiskLimits.none().with(RiskLimit.MAX_QTY, 30)),
                        Map.of(
                                "swing",
                                RiskLimits.none().with(RiskLimit.MAX_QTY, 20),
                                "other",
                                RiskLimits.none().with(RiskLimit.MAX_QTY, 1)),
                        Map.of("local", RiskLimits.none().with(RiskLimit.MAX_QTY, 25))),
                LiveGuards.unrestricted());
        assertThat(check(buy(20, 70_000))).isEmpty();
        assertThat(check(buy(21, 70_000)).orElseThrow().details())
                .containsEntry("layer", "strategy swing")
                .containsEntry("limit", BigDecimal.valueOf(20))
                .containsEntry("limit_name", "max_qty")
                .containsEntry("qty", 21L);
        var otherScope = new RiskScope("A2", TradingDay.korean(RiskSample.DAY), "other", Optional.empty());
        assertThat(check(buy(100, 70_000).withScope(otherScope))).isEmpty();
    }

    @Test
    void a_wider_layer_never_widens_a_narrower_one() {
        policy = new RiskPolicy(
                new RiskLayers(
                        usualLimits(),
                        Map.of("A1", RiskLimits.none().with(RiskLimit.MAX_QTY, 1_000)),
                        Map.of(),
                        Map.of("local", RiskLimits.none().with(RiskGuard.CHECK_CASH, false))),
                LiveGuards.unrestricted());
        assertThat(code(buy(101, 70_000))).contains(ErrorCode.MAX_QTY_EXCEEDED);
        setGatewayLimits(usualLimits().with(RiskGuard.CHECK_CASH, true));
        policy = new RiskPolicy(
                new RiskLayers(
                        policy.layers().gateway(),
                        Map.of("A1", RiskLimits.none().with(RiskGuard.CHECK_CASH, false)),
                        Map.of(),
                        Map.of()),
                LiveGuards.unrestricted());
        assertThat(code(buy(1, 70_000).withAccount(new Observation.Unknown<>("down"))))
                .contains(ErrorCode.POSITION_PROVIDER_UNAVAILABLE);
    }

    @Test
    void each_layer_counts_its_own_orders_of_the_account_market_and_day() {
        policy = new RiskPolicy(
                new RiskLayers(
                        RiskLimits.none().with(RiskLimit.DAILY_ORDERS, 3),
                        Map.of(),
                        Map.of("swing", RiskLimits.none().with(RiskLimit.DAILY_ORDERS, 2)),
                        Map.of()),
                LiveGuards.unrestricted());
        var other = new RiskScope("A1", TradingDay.korean(RiskSample.DAY), "local", Optional.of("other"));
        exposure.recordAccepted(SCOPE, NOW);
        exposure.recordAccepted(SCOPE, NOW);
        assertThat(check(buy(1, 70_000)).orElseThrow().details())
                .containsEntry("layer", "strategy swing")
                .containsEntry("used", 2);
        assertThat(check(buy(1, 70_000).withScope(other))).isEmpty();
        exposure.recordAccepted(other, NOW);
        assertThat(check(buy(1, 70_000).withScope(other)).orElseThrow().details())
                .containsEntry("layer", "gateway");
        assertThat(check(buy(1, 70_000)
                        .withScope(new RiskScope("A2", TradingDay.korean(RiskSample.DAY), "local", Optional.empty()))))
                .isEmpty();
        assertThat(check(buy(1, 70_000)
                        .withScope(new RiskScope(
                                "A1", new TradingDay(Market.US, RiskSample.DAY), "local", Optional.empty()))))
                .isEmpty();
        assertThat(check(buy(1, 70_000)
                        .withScope(new RiskScope(
                                "A1", TradingDay.korean(RiskSample.DAY.plusDays(1)), "local", Optional.empty()))))
                .isEmpty();
    }

    @Test
    void a_days_buys_count_what_they_cost_and_what_may_still_fill() {
        policy = new RiskPolicy(
                new RiskLayers(
                        RiskLimits.none().with(RiskLimit.DAILY_NOTIONAL, 1_000_000),
                        Map.of(),
                        Map.of("swing", RiskLimits.none().with(RiskLimit.DAILY_NOTIONAL, 500_000)),
                        Map.of()),
                LiveGuards.unrestricted());
        var other = new RiskScope("A1", TradingDay.korean(RiskSample.DAY), "local", Optional.of("other"));
        exposure.update(RiskSample.openExposure("o1", Side.BUY, 2, 140_000, 3, 70_000, true), NOW);
        exposure.update(RiskSample.openExposure("o1", Side.BUY, 2, 140_000, 3, 70_000, true), NOW);
        exposure.update(RiskSample.openExposure("s1", Side.SELL, 0, 0, 10, 70_000, true), NOW);

        assertThat(check(buy(2, 70_000))).isEmpty();
        assertThat(check(buy(3, 70_000)).orElseThrow().details())
                .containsEntry("layer", "strategy swing")
                .containsEntry("limit_name", "daily_notional")
                .containsEntry("used", 350_000L);
        assertThat(code(buy(3, 70_000))).contains(ErrorCode.DAILY_LIMIT_EXCEEDED);
        assertThat(check(buy(9, 70_000).withScope(other))).isEmpty();
        assertThat(check(buy(10, 70_000).withScope(other)).orElseThrow().details())
                .containsEntry("layer", "gateway");
        assertThat(check(sell(10, 70_000))).isEmpty();

        exposure.update(RiskSample.openExposure("o1", Side.BUY, 2, 140_000, 0, 70_000, true), NOW);
        assertThat(check(buy(5, 70_000))).as("the rest was cancelled").isEmpty();
        assertThat(code(buy(6, 70_000))).contains(ErrorCode.DAILY_LIMIT_EXCEEDED);

        exposure.update(RiskSample.openExposure("o2", Side.BUY, 0, 0, 3, 70_000, true), NOW);
        assertThat(check(buy(5, 70_000).modifying("o2", 0))).isEmpty();
        assertThat(code(buy(6, 70_000).modifying("o2", 0))).contains(ErrorCode.DAILY_LIMIT_EXCEEDED);
        setGatewayLimits(RiskLimits.none().with(RiskLimit.DAILY_NOTIONAL, 1));
        assertThat(check(buy(2, 70_000).modifying("o2", 0)))
                .as("less than it counts already")
                .isEmpty();

        exposure.rollTo(TradingDay.korean(RiskSample.DAY.plusDays(1)), NOW);
        setGatewayLimits(RiskLimits.none().with(RiskLimit.DAILY_NOTIONAL, 70_000));
        assertThat(check(buy(1, 70_000))).as("the day is over").isEmpty();
    }

    @Test
    void a_days_dollars_are_not_its_won() {
        setGatewayLimits(RiskLimits.none().with(RiskLimit.DAILY_NOTIONAL_USD, 1));
        assertThat(check(buy(10, 70_000))).isEmpty();
    }

    // ---- instrument and price ----

    @Test
    void allow_and_deny_lists_of_every_layer_apply_to_both_sides() {
        setGatewayLimits(usualLimits().denying(Set.of(SAMSUNG)));
        assertThat(code(buy(1, 70_000))).contains(ErrorCode.SYMBOL_RESTRICTED);
        assertThat(code(sell(1, 70_000))).contains(ErrorCode.SYMBOL_RESTRICTED);
        setGatewayLimits(usualLimits().allowing(Set.of(new Symbol("000660"))));
        assertThat(code(buy(1, 70_000))).contains(ErrorCode.SYMBOL_RESTRICTED);
        setGatewayLimits(usualLimits().allowing(Set.of()));
        assertThat(code(buy(1, 70_000))).contains(ErrorCode.SYMBOL_RESTRICTED);
        setGatewayLimits(usualLimits().allowing(Set.of(SAMSUNG)));
        assertThat(code(buy(1, 70_000))).isEmpty();
        policy = new RiskPolicy(
                new RiskLayers(
                        policy.layers().gateway(),
                        Map.of(),
                        Map.of("swing", RiskLimits.none().allowing(Set.of(new Symbol("000660")))),
                        Map.of()),
                LiveGuards.unrestricted());
        assertThat(code(buy(1, 70_000))).contains(ErrorCode.SYMBOL_RESTRICTED);
    }

    @Test
    void a_halted_issue_is_never_ordered_and_a_flagged_one_is_not_bought() {
        for (var designation : List.of(Designation.MANAGED, Designation.WARNED)) {
            var flagged =
                    new MarketFacts(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), designation);
            setGatewayLimits(usualLimits());
            assertThat(code(buy(1, 70_000).withMarket(flagged))).isEmpty();
            setGatewayLimits(usualLimits()
                    .with(
                            designation == Designation.MANAGED ? RiskGuard.REFUSE_MANAGED : RiskGuard.REFUSE_WARNED,
                            true));
            assertThat(code(buy(1, 70_000).withMarket(flagged))).contains(ErrorCode.SYMBOL_RESTRICTED);
            assertThat(code(sell(1, 70_000).withMarket(flagged))).isEmpty();
        }
        var halted =
                new MarketFacts(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), Designation.HALTED);
        assertThat(code(sell(1, 70_000).withMarket(halted))).contains(ErrorCode.SYMBOL_RESTRICTED);
    }

    @Test
    void a_flagged_issue_is_not_ordered_in_the_after_market_by_any_side() {
        setGatewayLimits(usualLimits());
        for (Side side : Side.values()) {
            var order = new RiskFacts.RequestedOrder(
                    SAMSUNG,
                    side,
                    1,
                    0,
                    new OrderKind(OrderType.LIMIT, OrderSession.AFTER_MARKET, TimeInForce.DAY),
                    Venue.KRX,
                    OptionalLong.of(70_000),
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    Optional.empty(),
                    false);
            var request = buy(1, 70_000).withRequest(order);
            assertThat(code(request)).isEmpty();
            for (var designation : List.of(Designation.MANAGED, Designation.WARNED)) {
                var flagged =
                        new MarketFacts(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), designation);
                assertThat(code(request.withMarket(flagged))).contains(ErrorCode.SYMBOL_RESTRICTED);
            }
        }
    }

    @Test
    void a_price_outside_the_days_limits_is_refused_with_the_limits() {
        assertThat(code(buy(1, 91_000))).isEmpty();
        assertThat(code(sell(1, 49_000))).isEmpty();
        assertThat(check(buy(1, 91_100)).orElseThrow().details())
                .containsEntry("upper", 91_000L)
                .containsEntry("lower", 49_000L);
        assertThat(code(sell(1, 48_900))).contains(ErrorCode.PRICE_OUT_OF_LIMITS);
        assertThat(code(buy(1, 91_100).withMarket(MarketFacts.none()))).isEmpty();
    }

    @Test
    void the_collar_binds_the_losing_side_and_an_unknown_last_price_is_unsafe() {
        setGatewayLimits(usualLimits().with(RiskLimit.COLLAR_PCT, 250)); // 2.5 %
        assertThat(code(buy(1, 71_700).withMarket(at(70_000)))).isEmpty();
        assertThat(check(buy(1, 71_800).withMarket(at(70_000))).orElseThrow().details())
                .containsEntry("limit", new BigDecimal("2.5"))
                .containsEntry("last", 70_000L);
        assertThat(code(buy(1, 10_000).withMarket(at(70_000)))).isEmpty();
        assertThat(code(sell(1, 68_300).withMarket(at(70_000)))).isEmpty();
        assertThat(code(sell(1, 68_200).withMarket(at(70_000)))).contains(ErrorCode.PRICE_COLLAR);
        assertThat(code(sell(1, 90_000).withMarket(at(70_000)))).isEmpty();
        assertThat(code(buy(1, 70_000).withMarket(MarketFacts.none()))).contains(ErrorCode.QUOTE_UNAVAILABLE);
    }

    @Test
    void an_order_that_could_cross_an_own_order_is_refused() {
        setGatewayLimits(usualLimits().with(RiskGuard.REFUSE_SELF_CROSS, true));
        exposure.update(openExposure("s1", Side.SELL, 0, 0, 5, 70_500, true), NOW);
        exposure.update(openExposure("s2", Side.SELL, 0, 0, 5, 70_300, false), NOW);
        assertThat(code(buy(1, 70_200))).isEmpty();
        assertThat(check(buy(1, 70_300)).orElseThrow().details()).containsEntry("own_price", 70_300L);
        assertThat(code(marketBuy(1, OptionalLong.of(91_000)))).contains(ErrorCode.SELF_CROSS);
        assertThat(code(sell(1, 70_000))).isEmpty();
        exposure.update(openExposure("s2", Side.SELL, 5, 351_500, 0, 70_300, true), NOW);
        assertThat(code(buy(1, 70_300))).isEmpty();
        exposure.update(openExposure("b1", Side.BUY, 0, 0, 5, 70_000, true), NOW);
        assertThat(code(sell(1, 70_000))).contains(ErrorCode.SELF_CROSS);
        assertThat(code(sell(1, 70_100))).isEmpty();
    }

    // ---- position and cash ----

    @Test
    void sells_missing_from_the_account_answer_are_subtracted() {
        exposure.update(openExposure("unsent", Side.SELL, 0, 0, 300, 70_000, false), NOW);
        assertThat(code(sell(700, 70_000))).isEmpty();
        assertThat(check(sell(701, 70_000)).orElseThrow().details()).containsEntry("sellable", 700L);
        exposure.update(openExposure("unsent", Side.SELL, 100, 7_000_000, 200, 70_000, true), NOW);
        assertThat(code(sell(701, 70_000))).contains(ErrorCode.INSUFFICIENT_POSITION_QTY);
        var newer = new Observation.Current<>(RICH, NOW.plusMillis(1));
        assertThat(code(sell(1_000, 70_000).withAccount(newer))).isEmpty();
    }

    @Test
    void a_position_limit_counts_holdings_buys_and_open_orders() {
        setGatewayLimits(usualLimits().with(RiskLimit.MAX_POSITION, 1_100));
        assertThat(code(buy(100, 70_000))).isEmpty();
        exposure.update(openExposure("b1", Side.BUY, 0, 0, 40, 70_000, true), NOW);
        assertThat(check(buy(61, 70_000)).orElseThrow().details()).containsEntry("used", 1_040L);
        exposure.update(openExposure("b1", Side.BUY, 40, 2_800_000, 0, 70_000, true), NOW.plusMillis(5));
        assertThat(code(buy(61, 70_000))).contains(ErrorCode.POSITION_LIMIT_EXCEEDED);
        var later = new Observation.Current<>(RICH, NOW.plusSeconds(10));
        assertThat(code(buy(61, 70_000).withAccount(later))).isEmpty();
        setGatewayLimits(usualLimits().with(RiskLimit.MAX_POSITION_VALUE, 70_000_000 + 7_000_000));
        assertThat(code(buy(100, 70_000).withAccount(later))).isEmpty();
        assertThat(code(buy(100, 70_100).withAccount(later))).contains(ErrorCode.POSITION_LIMIT_EXCEEDED);
        assertThat(code(buy(1, 70_000).withAccount(new Observation.Unknown<>("down"))))
                .contains(ErrorCode.POSITION_PROVIDER_UNAVAILABLE);
    }

    @Test
    void a_buy_must_be_covered_by_unreserved_cash() {
        setGatewayLimits(usualLimits().with(RiskGuard.CHECK_CASH, true));
        var current = new Observation.Current<>(new AccountFigures(7_010_000, 0, 0, OptionalLong.empty()), NOW);
        assertThat(code(buy(100, 70_000).withAccount(current))).isEmpty();
        assertThat(check(buy(100, 70_200).withAccount(current)).orElseThrow().details())
                .containsEntry("free", 7_010_000L);
        exposure.update(openExposure("b1", Side.BUY, 0, 0, 50, 70_000, false), NOW);
        assertThat(code(buy(51, 70_000).withAccount(current))).contains(ErrorCode.INSUFFICIENT_CASH);
        assertThat(code(buy(50, 70_000).withAccount(current))).isEmpty();
        exposure.update(openExposure("b1", Side.BUY, 50, 3_500_000, 0, 70_000, true), NOW.plusMillis(1));
        assertThat(code(buy(51, 70_000).withAccount(current))).contains(ErrorCode.INSUFFICIENT_CASH);
        var fillIsIn = new Observation.Current<>(
                new AccountFigures(3_510_000, 0, 0, OptionalLong.empty()), NOW.plusSeconds(5));
        assertThat(code(buy(50, 70_000).withAccount(fillIsIn))).isEmpty();
        assertThat(code(buy(1, 70_000).withAccount(new Observation.Unknown<>("down"))))
                .contains(ErrorCode.POSITION_PROVIDER_UNAVAILABLE);
        assertThat(code(sell(1, 70_000))).isEmpty();
    }

    @Test
    void a_cancelled_buy_releases_its_cash_and_one_without_a_price_makes_it_unknown() {
        setGatewayLimits(usualLimits().with(RiskGuard.CHECK_CASH, true));
        var current = new Observation.Current<>(new AccountFigures(7_010_000, 0, 0, OptionalLong.empty()), NOW);
        exposure.update(openExposure("b1", Side.BUY, 0, 0, 100, 70_000, true), NOW);
        assertThat(code(buy(1, 70_000).withAccount(current))).contains(ErrorCode.INSUFFICIENT_CASH);
        exposure.update(openExposure("b1", Side.BUY, 0, 0, 0, 70_000, true), NOW);
        assertThat(code(buy(100, 70_000).withAccount(current))).isEmpty();
        var unpriced = new OpenExposure(
                "x",
                SCOPE,
                SAMSUNG,
                Side.BUY,
                0,
                0,
                1,
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.of(NOW),
                true);
        exposure.update(unpriced, NOW);
        assertThat(code(buy(1, 70_000).withAccount(current))).contains(ErrorCode.POSITION_PROVIDER_UNAVAILABLE);
    }

    @Test
    void after_a_daily_loss_only_sells_are_accepted() {
        setGatewayLimits(usualLimits().with(RiskLimit.DAILY_LOSS, 1_000_000));
        var result = new AccountFigures(1_000_000_000L, 1_000, 1_000, OptionalLong.of(-999_999));
        assertThat(code(buy(1, 70_000).withAccount(new Observation.Current<>(result, NOW))))
                .isEmpty();
        var lost = new AccountFigures(1_000_000_000L, 1_000, 1_000, OptionalLong.of(-1_000_000));
        assertThat(code(buy(1, 70_000).withAccount(new Observation.Current<>(lost, NOW))))
                .contains(ErrorCode.DAILY_LOSS_LIMIT);
        assertThat(code(sell(1, 70_000).withAccount(new Observation.Current<>(lost, NOW))))
                .isEmpty();
        var unknownProfit = new AccountFigures(1_000_000_000L, 1_000, 1_000, OptionalLong.empty());
        assertThat(code(buy(1, 70_000).withAccount(new Observation.Current<>(unknownProfit, NOW))))
                .contains(ErrorCode.POSITION_PROVIDER_UNAVAILABLE);
    }

    // ---- rates and modifications ----

    @Test
    void a_rate_limit_bounds_the_orders_of_a_second_and_names_the_next_time() {
        setGatewayLimits(usualLimits().with(RiskLimit.ORDERS_PER_SECOND, 2));
        exposure.recordAccepted(SCOPE, NOW.minusMillis(900));
        assertThat(code(buy(1, 70_000))).isEmpty();
        exposure.recordModified(SCOPE, NOW.minusMillis(100));
        var refusal = check(buy(1, 70_000)).orElseThrow();
        assertThat(refusal.code()).isEqualTo(ErrorCode.ORDER_RATE_LIMIT);
        assertThat(refusal.retryAfter()).contains(Duration.ofMillis(101));
        assertThat(code(buy(1, 70_000).withTime(NOW.plusMillis(100)))).isEmpty();
    }

    @Test
    void a_modification_is_evaluated_as_the_resulting_order_and_reserves_only_the_increase() {
        setGatewayLimits(usualLimits().with(RiskLimit.DAILY_ORDERS, 1).with(RiskGuard.CHECK_CASH, true));
        exposure.recordAccepted(SCOPE, NOW);
        exposure.update(openExposure("b1", Side.BUY, 20, 1_400_000, 80, 70_000, true), NOW);
        var shortOfCash = new Observation.Current<>(
                new AccountFigures(5_700_000, 0, 0, OptionalLong.empty()), NOW.plusSeconds(10));
        assertThat(code(buy(100, 70_000).withAccount(shortOfCash).modifying("b1", 20)))
                .isEmpty();
        assertThat(code(buy(100, 69_000)
                        .withAccount(new Observation.Unknown<>("down"))
                        .modifying("b1", 20)))
                .isEmpty();
        assertThat(code(buy(100, 71_000).withAccount(shortOfCash).modifying("b1", 20)))
                .isEmpty();
        assertThat(code(buy(100, 72_000).withAccount(shortOfCash).modifying("b1", 20)))
                .contains(ErrorCode.INSUFFICIENT_CASH);
        assertThat(code(buy(101, 69_000).withAccount(shortOfCash).modifying("b1", 20)))
                .contains(ErrorCode.MAX_QTY_EXCEEDED);

        exposure.update(openExposure("s1", Side.SELL, 0, 0, 1_000, 70_000, true), NOW);
        var sold =
                new Observation.Current<>(new AccountFigures(0, 1_000, 0, OptionalLong.empty()), NOW.plusSeconds(10));
        assertThat(code(sell(1_000, 69_000).withAccount(sold).modifying("s1", 0)))
                .isEmpty();
        assertThat(code(sell(1_001, 69_000).withAccount(sold).modifying("s1", 0)))
                .contains(ErrorCode.INSUFFICIENT_POSITION_QTY);
    }

    @Test
    void a_thousand_concurrent_orders_do_not_pass_a_limit_of_ten() {
        setGatewayLimits(RiskLimits.none().with(RiskLimit.DAILY_ORDERS, 10));
        int accepted = 0;
        for (int i = 0; i < 1_000; i++) {
            if (check(buy(1, 70_000)).isEmpty()) {
                exposure.recordAccepted(SCOPE, NOW);
                accepted++;
            }
        }
        assertThat(accepted).isEqualTo(10);
    }
}
