package kr.kisgateway.gateway.risk;

import static kr.kisgateway.gateway.risk.RiskSample.DAY;
import static kr.kisgateway.gateway.risk.RiskSample.NOW;
import static kr.kisgateway.gateway.risk.RiskSample.RICH;
import static kr.kisgateway.gateway.risk.RiskSample.SAMSUNG;
import static kr.kisgateway.gateway.risk.RiskSample.SCOPE;
import static kr.kisgateway.gateway.risk.RiskSample.buy;
import static kr.kisgateway.gateway.risk.RiskSample.marketBuy;
import static kr.kisgateway.gateway.risk.RiskSample.openExposure;
import static kr.kisgateway.gateway.risk.RiskSample.sell;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.gateway.risk.MarketFacts.Designation;
import kr.kisgateway.market.Commissions;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.OrderKind;
import kr.kisgateway.market.OrderType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import kr.kisgateway.market.Venue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a refusal says, and where exactly each rule begins. */
class RiskRefusalsTest {
    private static final RiskLimits NONE = RiskLimits.none();
    private static final LocalDate LOAN = LocalDate.of(2026, 10, 5);
    private static final MarketSymbol APPLE = new UsSymbol(UsExchange.NASD, "AAPL");
    private static final RiskScope OTHER_KEY = new RiskScope("A1", SCOPE.day(), "bot", Optional.of("swing"));

    private final Exposure exposure = new Exposure(Commissions.usual());
    private InstrumentChecks instruments = (_, _) -> Optional.empty();
    private RiskPolicy policy = RiskPolicy.of(NONE);

    private Optional<Refusal> check(RiskSample sample) {
        return new RiskRules(instruments).check(sample.facts(), exposure, policy);
    }

    private Refusal refusal(RiskSample sample) {
        return check(sample).orElseThrow();
    }

    private void limit(RiskLimits gateway) {
        policy = RiskPolicy.of(gateway);
    }

    private void limit(RiskLimit limit, long units) {
        limit(NONE.with(limit, units));
    }

    private static RiskFacts.RequestedOrder order(
            MarketSymbol symbol, Side side, long qty, OrderKind kind, Venue venue, OptionalLong price) {
        return new RiskFacts.RequestedOrder(
                symbol,
                side,
                qty,
                0,
                kind,
                venue,
                price,
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                false);
    }

    private static RiskSample buyApple(long qty, long price) {
        return buy(qty, 1)
                .withMarket(MarketFacts.none())
                .withRequest(order(APPLE, Side.BUY, qty, OrderKind.LIMIT, Venue.NASD, OptionalLong.of(price)));
    }

    private static RiskSample stopLimit(long stop) {
        return buy(1, 70_000)
                .withRequest(new RiskFacts.RequestedOrder(
                        SAMSUNG,
                        Side.BUY,
                        1,
                        0,
                        OrderKind.regular(OrderType.STOP_LIMIT),
                        Venue.KRX,
                        OptionalLong.of(70_000),
                        OptionalLong.of(stop),
                        OptionalLong.empty(),
                        Optional.empty(),
                        false));
    }

    private static RiskSample onCredit(Side side, long qty, CreditType type, LocalDate loan) {
        return buy(1, 70_000)
                .withRequest(new RiskFacts.RequestedOrder(
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
                        Optional.of(new Credit(type, loan))));
    }

    private static RiskSample modifying(String order, RiskSample sample) {
        var request = sample.facts().requested();
        return sample.withRequest(new RiskFacts.RequestedOrder(
                request.symbol(),
                request.side(),
                request.qty(),
                request.filled(),
                request.kind(),
                request.venue(),
                request.limitPrice(),
                request.stopPrice(),
                request.worstPrice(),
                Optional.of(order),
                request.dryRun(),
                request.credit()));
    }

    private static RiskSample with(RiskSample sample, RiskFacts.CreditPower power) {
        var facts = sample.facts();
        return new RiskSample(new RiskFacts(
                facts.scope(),
                facts.requested(),
                facts.window(),
                facts.now(),
                facts.market(),
                facts.account(),
                facts.control(),
                Optional.of(power)));
    }

    private static RiskSample withAccount(RiskSample sample, AccountFigures figures) {
        return sample.withAccount(new Observation.Current<>(figures, NOW));
    }

    private static RiskSample unknownAccount(RiskSample sample) {
        return sample.withAccount(new Observation.Unknown<>("KIS is down"));
    }

    private static MarketFacts limits(OptionalLong lower, OptionalLong upper) {
        return new MarketFacts(OptionalLong.of(70_000), lower, upper, Designation.NORMAL);
    }

    // ---- which refusals a newer answer may lift ----

    @ParameterizedTest
    @EnumSource
    void only_a_refusal_for_what_the_account_has_may_pass_with_a_newer_answer(ErrorCode code) {
        assertThat(RiskRules.mayPassAfterRefresh(code))
                .isEqualTo(Set.of(
                                ErrorCode.INSUFFICIENT_POSITION_QTY,
                                ErrorCode.INSUFFICIENT_CASH,
                                ErrorCode.POSITION_LIMIT_EXCEEDED,
                                ErrorCode.DAILY_LOSS_LIMIT,
                                ErrorCode.POSITION_PROVIDER_UNAVAILABLE)
                        .contains(code));
    }

    // ---- live guards ----

    @Test
    void a_kill_switch_says_why_it_is_on_and_what_still_passes() {
        Refusal refusal = refusal(buy(1, 70_000).withControl(new RiskFacts.Control(Optional.of("fire"), true)));
        assertThat(refusal.message())
                .startsWith("the kill switch is on (fire): no order is accepted, only cancels;")
                .contains("./kis kill-switch off");
        assertThat(RiskRules.killSwitchRefusal("fire", "wait").details()).containsEntry("reason", "fire");
    }

    @Test
    void an_account_that_may_not_trade_live_or_lacks_a_dry_run_is_named() {
        policy = new RiskPolicy(RiskLayers.of(NONE), new LiveGuards(true, true, Set.of("A2"), false));
        assertThat(refusal(buy(1, 70_000)).details()).containsEntry("account_id", "A1");
        assertThat(refusal(buy(1, 70_000)).message()).startsWith("account A1 may not trade live");
        policy = new RiskPolicy(RiskLayers.of(NONE), new LiveGuards(true, true, Set.of("A1"), false));
        assertThat(refusal(buy(1, 70_000)).details()).containsEntry("account_id", "A1");
        assertThat(refusal(buy(1, 70_000)).message()).startsWith("account A1 has no recorded dry run");
    }

    @Test
    void a_buy_on_credit_needs_its_setting() {
        assertThat(refusal(onCredit(Side.BUY, 1, CreditType.SELF_LOAN_OPEN, DAY))
                        .code())
                .isEqualTo(ErrorCode.CREDIT_DISABLED);
        policy = new RiskPolicy(RiskLayers.of(NONE), new LiveGuards(false, false, Set.of(), false, true));
        assertThat(check(onCredit(Side.BUY, 1, CreditType.SELF_LOAN_OPEN, DAY))).isEmpty();
        assertThat(refusal(onCredit(Side.BUY, 1, CreditType.SELF_LOAN_OPEN, DAY.minusDays(1)))
                        .code())
                .isEqualTo(ErrorCode.INVALID_CREDIT);
    }

    // ---- counts and sizes ----

    @Test
    void the_first_layer_whose_daily_orders_are_used_refuses_and_says_how_many_it_allows() {
        exposure.recordAccepted(SCOPE, NOW);
        limit(RiskLimit.DAILY_ORDERS, 2);
        assertThat(check(buy(1, 70_000))).isEmpty();
        limit(RiskLimit.DAILY_ORDERS, 1);
        Refusal refusal = refusal(sell(1, 70_000));
        assertThat(refusal.code()).isEqualTo(ErrorCode.DAILY_LIMIT_EXCEEDED);
        assertThat(refusal.message()).isEqualTo("all 1 orders of this trading day are used (daily_orders of gateway)");
        assertThat(refusal.details())
                .containsEntry("used", 1)
                .containsEntry("limit", BigDecimal.ONE)
                .containsEntry("limit_name", "daily_orders")
                .containsEntry("layer", "gateway");
    }

    @Test
    void a_quantity_is_refused_by_side_with_the_most_that_it_may_be() {
        limit(NONE.with(RiskLimit.MAX_QTY, 1).with(RiskLimit.SELL_MAX_QTY, 7));
        assertThat(refusal(buy(2, 70_000)).message())
                .isEqualTo("a buy may be for 1 share at most (max_qty of gateway)");
        assertThat(refusal(sell(8, 70_000)).message())
                .isEqualTo("a sell may be for 7 shares at most (sell_max_qty of gateway)");
        assertThat(refusal(sell(8, 70_000)).details()).containsEntry("qty", 8L);
    }

    @Test
    void an_amount_is_refused_with_the_price_at_which_it_was_counted() {
        limit(RiskLimit.MAX_NOTIONAL, 700_000);
        Refusal won = refusal(marketBuy(10, OptionalLong.of(91_000)));
        assertThat(won.message())
                .isEqualTo("a buy may cost 700000 won at most, a market order counted at its upper price limit"
                        + " (max_notional of gateway)");
        assertThat(won.details()).containsEntry("price", 91_000L);
        limit(RiskLimit.MAX_NOTIONAL_USD, 10_000_000);
        assertThat(check(buyApple(10, 1_000_000))).isEmpty();
        Refusal dollars = refusal(buyApple(10, 1_000_100));
        assertThat(dollars.code()).isEqualTo(ErrorCode.NOTIONAL_LIMIT_EXCEEDED);
        assertThat(dollars.message()).isEqualTo("a buy may cost 1000 dollars at most (max_notional_usd of gateway)");
        assertThat(dollars.details()).containsEntry("price", new BigDecimal("100.01"));
    }

    @Test
    void an_amount_without_a_price_is_refused_for_the_listing_first() {
        limit(RiskLimit.MAX_NOTIONAL, 700_000);
        assertThat(refusal(marketBuy(1, OptionalLong.empty())).message()).startsWith("no price of 005930 is known");
        instruments = (_, _) -> Optional.of(Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, "not listed"));
        assertThat(refusal(marketBuy(1, OptionalLong.empty())).code()).isEqualTo(ErrorCode.SYMBOL_NOT_FOUND);
    }

    // ---- amounts of a day ----

    @Test
    void a_days_amount_is_refused_with_what_is_used_of_it_in_its_currency() {
        exposure.update(openExposure("b", Side.BUY, 0, 0, 5, 70_000, true), NOW);
        limit(RiskLimit.DAILY_NOTIONAL, 400_000);
        Refusal won = refusal(buy(1, 70_000));
        assertThat(won.message())
                .isEqualTo("the buys of this trading day may cost 400000 won at most, and cost or may cost 350000 won"
                        + " already (daily_notional of gateway)");
        assertThat(won.details())
                .containsEntry("used", 350_000L)
                .containsEntry("price", 70_000L)
                .containsEntry("limit", BigDecimal.valueOf(400_000));
        limit(RiskLimit.DAILY_NOTIONAL_USD, 10_000_000);
        assertThat(check(buyApple(10, 1_000_000))).isEmpty();
        assertThat(refusal(buyApple(11, 1_000_000)).details())
                .containsEntry("used", BigDecimal.ZERO)
                .containsEntry("limit_name", "daily_notional_usd");
    }

    @Test
    void a_days_amount_cannot_be_checked_without_a_price_and_does_not_bind_sells() {
        limit(RiskLimit.DAILY_NOTIONAL, 400_000);
        Refusal refusal = refusal(marketBuy(1, OptionalLong.empty()));
        assertThat(refusal.code()).isEqualTo(ErrorCode.QUOTE_UNAVAILABLE);
        assertThat(refusal.message()).startsWith("no price of 005930 is known, so what the day's buys may cost");
        assertThat(check(sell(1_000, 70_000))).isEmpty();
        limit(NONE);
        assertThat(check(marketBuy(1, OptionalLong.empty()))).isEmpty();
    }

    @Test
    void a_modification_adds_only_its_increase_to_a_day_that_counts_the_order_already() {
        exposure.update(openExposure("b", Side.BUY, 0, 0, 5, 70_000, true), NOW);
        limit(RiskLimit.DAILY_NOTIONAL, 400_000);
        assertThat(check(buy(5, 80_000).modifying("b", 0))).isEmpty();
        assertThat(refusal(buy(5, 80_100).modifying("b", 0)).details())
                .as("without the order itself")
                .containsEntry("used", 0L);
        limit(RiskLimit.DAILY_NOTIONAL, 1);
        assertThat(check(buy(5, 70_000).modifying("b", 0)))
                .as("as much as before")
                .isEmpty();
        assertThat(check(buy(5, 70_100).modifying("b", 0))).isPresent();
    }

    @Test
    void the_order_of_another_key_is_no_part_of_a_keys_day() {
        exposure.update(openExposure("b", Side.BUY, 0, 0, 5, 70_000, true), NOW);
        policy = new RiskPolicy(
                new RiskLayers(NONE, Map.of(), Map.of(), Map.of("bot", NONE.with(RiskLimit.DAILY_NOTIONAL, 350_000))),
                LiveGuards.unrestricted());
        assertThat(check(buy(5, 70_000).modifying("b", 0).withScope(OTHER_KEY))).isEmpty();
        assertThat(refusal(buy(6, 70_000).modifying("b", 0).withScope(OTHER_KEY))
                        .details())
                .containsEntry("used", 0L)
                .containsEntry("layer", "key bot");
    }

    @Test
    void a_day_that_is_over_its_limit_refuses_every_further_buy() {
        exposure.update(openExposure("b", Side.BUY, 0, 0, 5, 70_000, true), NOW);
        limit(RiskLimit.DAILY_NOTIONAL, 349_999);
        RiskSample cheapest = buy(1, 1).withMarket(MarketFacts.none());
        assertThat(refusal(cheapest).code()).isEqualTo(ErrorCode.DAILY_LIMIT_EXCEEDED);
        limit(RiskLimit.DAILY_NOTIONAL, 350_000);
        assertThat(refusal(cheapest).code()).isEqualTo(ErrorCode.DAILY_LIMIT_EXCEEDED);
        limit(RiskLimit.DAILY_NOTIONAL, 350_001);
        assertThat(check(cheapest)).isEmpty();
    }

    // ---- instrument ----

    @Test
    void a_venue_that_does_not_take_the_instrument_refuses_it() {
        instruments = new InstrumentChecks() {
            @Override
            public Optional<Refusal> check(MarketSymbol symbol, OptionalLong price) {
                return Optional.empty();
            }

            @Override
            public Optional<Refusal> checkVenue(MarketSymbol symbol, OrderKind kind, Venue venue) {
                return venue == Venue.NXT
                        ? Optional.of(Refusal.of(ErrorCode.SYMBOL_RESTRICTED, "shares only"))
                        : Optional.empty();
            }
        };
        assertThat(check(buy(1, 70_000))).isEmpty();
        var atNxt = order(SAMSUNG, Side.BUY, 1, OrderKind.LIMIT, Venue.NXT, OptionalLong.of(70_000));
        assertThat(refusal(buy(1, 70_000).withRequest(atNxt)).message()).isEqualTo("shares only");
    }

    @Test
    void a_list_may_have_symbols_of_both_markets_and_judges_orders_of_each() {
        var apple = new UsSymbol(UsExchange.NASD, "AAPL");
        limit(NONE.denying(Set.of(apple)));
        assertThat(check(buy(1, 70_000))).isEmpty();
        assertThat(check(sell(1, 70_000))).isEmpty();
        limit(NONE.denying(Set.of(apple, SAMSUNG)));
        assertThat(refusal(buy(1, 70_000)).details()).containsEntry("restriction", "deny");
        limit(NONE.allowing(Set.of(apple)));
        assertThat(refusal(buy(1, 70_000)).details()).containsEntry("restriction", "allow");
        limit(NONE.allowing(Set.of(apple, SAMSUNG)));
        assertThat(check(buy(1, 70_000))).isEmpty();
    }

    @Test
    void a_list_that_excludes_a_symbol_is_named_with_its_layer() {
        limit(NONE.denying(Set.of(SAMSUNG)));
        Refusal denied = refusal(buy(1, 70_000));
        assertThat(denied.message()).isEqualTo("005930 may not be ordered: it is on the deny list of gateway");
        assertThat(denied.details()).containsEntry("restriction", "deny").containsEntry("layer", "gateway");
        policy = new RiskPolicy(
                new RiskLayers(NONE, Map.of("A1", NONE.allowing(Set.of(new Symbol("000660")))), Map.of(), Map.of()),
                LiveGuards.unrestricted());
        Refusal notAllowed = refusal(buy(1, 70_000));
        assertThat(notAllowed.message())
                .isEqualTo("005930 may not be ordered: it is not on the allow list of account A1");
        assertThat(notAllowed.details()).containsEntry("restriction", "allow").containsEntry("layer", "account A1");
    }

    @Test
    void a_designation_is_named_with_the_layer_that_refuses_it() {
        limit(NONE.with(RiskGuard.REFUSE_MANAGED, true).with(RiskGuard.REFUSE_WARNED, true));
        assertThat(refusal(buy(1, 70_000).withMarket(MarketFacts.none().with(Designation.MANAGED)))
                        .details())
                .containsEntry("restriction", "managed")
                .containsEntry("layer", "gateway");
        assertThat(refusal(buy(1, 70_000).withMarket(MarketFacts.none().with(Designation.WARNED)))
                        .details())
                .containsEntry("restriction", "warned");
        assertThat(refusal(buy(1, 70_000).withMarket(MarketFacts.none().with(Designation.HALTED)))
                        .details())
                .containsEntry("restriction", "halted");
        for (var harmless : List.of(Designation.UNKNOWN, Designation.OUTDATED, Designation.NORMAL)) {
            assertThat(check(buy(1, 70_000).withMarket(MarketFacts.none().with(harmless))))
                    .isEmpty();
        }
    }

    @Test
    void a_stock_that_nxt_does_not_trade_is_refused_with_the_venues_that_take_it() {
        var notTraded = MarketFacts.none().with(Designation.NOT_TRADED);
        var atNxt = order(SAMSUNG, Side.SELL, 1, OrderKind.LIMIT, Venue.NXT, OptionalLong.of(70_000));
        var bySor = order(SAMSUNG, Side.SELL, 1, OrderKind.MARKET, Venue.SOR, OptionalLong.empty());
        assertThat(refusal(buy(1, 70_000).withRequest(atNxt).withMarket(notTraded)))
                .satisfies(it -> assertThat(it.message()).endsWith("send venue KRX, SOR or AUTO"))
                .satisfies(it -> assertThat(it.details()).containsEntry("restriction", "venue"));
        assertThat(refusal(buy(1, 70_000).withRequest(bySor).withMarket(notTraded))
                        .message())
                .endsWith("send venue KRX, or a LIMIT order");
    }

    // ---- price ----

    @Test
    void a_price_is_refused_beyond_the_one_limit_that_is_known_and_the_other_is_left_out() {
        var onlyUpper = limits(OptionalLong.empty(), OptionalLong.of(91_000));
        assertThat(check(buy(1, 1).withMarket(onlyUpper))).isEmpty();
        Refusal tooHigh = refusal(buy(1, 91_001).withMarket(onlyUpper));
        assertThat(tooHigh.message()).isEqualTo("the exchange accepts prices of 005930 from ? to 91000 won today");
        assertThat(tooHigh.details()).containsOnlyKeys("upper");
        var onlyLower = limits(OptionalLong.of(49_000), OptionalLong.empty());
        assertThat(check(buy(1, 1_000_000).withMarket(onlyLower))).isEmpty();
        assertThat(refusal(sell(1, 48_999).withMarket(onlyLower)).details()).containsOnlyKeys("lower");
    }

    @Test
    void a_stop_price_obeys_the_days_limits_and_the_ticks_as_well() {
        assertThat(check(stopLimit(91_000))).isEmpty();
        assertThat(refusal(stopLimit(91_001)).code()).isEqualTo(ErrorCode.PRICE_OUT_OF_LIMITS);
        assertThat(refusal(stopLimit(48_999)).code()).isEqualTo(ErrorCode.PRICE_OUT_OF_LIMITS);
        instruments = (_, price) -> price.isPresent() && price.getAsLong() == 69_950
                ? Optional.of(Refusal.of(ErrorCode.INVALID_TICK_SIZE, "off"))
                : Optional.empty();
        assertThat(check(stopLimit(69_900))).isEmpty();
        assertThat(refusal(stopLimit(69_950)).code()).isEqualTo(ErrorCode.INVALID_TICK_SIZE);
    }

    @Test
    void a_collar_is_refused_with_its_percentage_and_the_last_price() {
        limit(RiskLimit.COLLAR_PCT, 250);
        assertThat(check(buy(1, 71_750))).isEmpty();
        assertThat(refusal(buy(1, 71_751)).message())
                .isEqualTo("the price is more than 2.5 % above the last price, 70000 won (collar_pct of gateway)");
        assertThat(check(sell(1, 68_250))).isEmpty();
        assertThat(refusal(sell(1, 68_249)).message())
                .isEqualTo("the price is more than 2.5 % below the last price, 70000 won (collar_pct of gateway)");
        assertThat(refusal(buy(1, 70_000).withMarket(MarketFacts.none())).message())
                .contains("the last price of 005930 is unknown")
                .contains("collar_pct of gateway");
        assertThat(check(marketBuy(1, OptionalLong.of(91_000)).withMarket(MarketFacts.none())))
                .as("without a price there is none to check")
                .isEmpty();
    }

    @Test
    void an_order_that_would_trade_with_an_own_one_is_refused_with_that_price() {
        limit(NONE.with(RiskGuard.REFUSE_SELF_CROSS, true));
        exposure.update(openExposure("s", Side.SELL, 0, 0, 5, 70_300, true), NOW);
        Refusal refusal = refusal(buy(1, 70_300));
        assertThat(refusal.message()).contains("(at 70300 won)");
        assertThat(refusal.details()).containsEntry("own_price", 70_300L).containsEntry("layer", "gateway");
        var conditional = order(
                SAMSUNG, Side.BUY, 1, OrderKind.regular(OrderType.CONDITIONAL), Venue.KRX, OptionalLong.of(60_000));
        assertThat(refusal(buy(1, 60_000).withRequest(conditional)).code())
                .as("it becomes a market order in the closing auction")
                .isEqualTo(ErrorCode.SELF_CROSS);
        exposure.update(openExposure("s", Side.SELL, 0, 0, 0, 70_300, true), NOW);
        exposure.update(
                new OpenExposure(
                        "m",
                        SCOPE,
                        SAMSUNG,
                        Side.SELL,
                        0,
                        0,
                        5,
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.empty(),
                        false),
                NOW);
        assertThat(refusal(buy(1, 60_000)).message()).contains("(a market order)");
        limit(NONE);
        assertThat(check(buy(1, 60_000))).isEmpty();
    }

    @Test
    void a_closed_window_names_the_session_and_the_market() {
        Refusal refusal = refusal(buy(1, 70_000).outOfWindow());
        assertThat(refusal.message()).isEqualTo("KRX accepts no LIMIT order now (CLOSED)");
        assertThat(refusal.details()).containsEntry("session", "CLOSED").containsEntry("market", "kr");
    }

    // ---- shares ----

    @Test
    void a_sale_of_more_than_the_sellable_shares_says_how_many_there_are() {
        assertThat(check(withAccount(sell(5, 70_000), new AccountFigures(0, 9, 5, OptionalLong.empty()))))
                .isEmpty();
        Refusal refusal = refusal(withAccount(sell(6, 70_000), new AccountFigures(0, 9, 5, OptionalLong.empty())));
        assertThat(refusal.message()).isEqualTo("only 5 shares of 005930 may be sold");
        assertThat(refusal.details()).containsEntry("sellable", 5L).doesNotContainKey("loan_dates");
        exposure.update(openExposure("s", Side.SELL, 0, 0, 7, 70_000, false), NOW);
        assertThat(refusal(withAccount(sell(1, 70_000), new AccountFigures(0, 9, 5, OptionalLong.empty())))
                        .details())
                .as("never below zero")
                .containsEntry("sellable", 0L);
    }

    @Test
    void a_sale_in_cash_of_shares_with_a_loan_says_that_they_are_sold_with_credit() {
        var may = new Holdings.Loan(LOAN, 300_000, Set.of(CreditType.SELF_LOAN_REPAY));
        var ksfc = new Holdings.Loan(LOAN, 300_000, Set.of(CreditType.KSFC_LOAN_REPAY));
        var account = new AccountFigures(0, 9, 0, OptionalLong.empty(), List.of(may, ksfc));
        Refusal inCash = refusal(withAccount(sell(1, 70_000), account));
        assertThat(inCash.message())
                .isEqualTo("only 0 shares of 005930 may be sold in cash; shares bought on credit are sold with credit,"
                        + " which repays their loan");
        assertThat(inCash.details()).containsEntry("loan_dates", List.of("2026-10-05"));
        assertThat(refusal(withAccount(onCredit(Side.SELL, 1, CreditType.SELF_LOAN_REPAY, LOAN.minusDays(1)), account))
                        .message())
                .isEqualTo("only 0 shares of 005930 may be sold as SELF_LOAN_REPAY of the loan of 2026-10-04; the"
                        + " account has loans of 2026-10-05 [SELF_LOAN_REPAY], 2026-10-05 [KSFC_LOAN_REPAY]");
        assertThat(refusal(withAccount(
                                onCredit(Side.SELL, 1, CreditType.SELF_LOAN_REPAY, LOAN),
                                new AccountFigures(0, 0, 0, OptionalLong.empty())))
                        .message())
                .endsWith("the account has no loan of it");
    }

    @Test
    void a_modified_sale_needs_only_the_shares_that_it_adds() {
        exposure.update(openExposure("s", Side.SELL, 3, 210_000, 7, 70_000, true), NOW.minusSeconds(30));
        var account = new AccountFigures(0, 9, 2, OptionalLong.empty());
        assertThat(check(unknownAccount(sell(10, 70_000).modifying("s", 3))))
                .as("it adds none")
                .isEmpty();
        assertThat(refusal(unknownAccount(sell(11, 70_000).modifying("s", 3))).code())
                .isEqualTo(ErrorCode.POSITION_PROVIDER_UNAVAILABLE);
        var later = sell(12, 70_000).modifying("s", 3);
        assertThat(check(later.withAccount(new Observation.Current<>(account, NOW.plusMillis(1)))))
                .isEmpty();
        assertThat(check(sell(13, 70_000)
                        .modifying("s", 3)
                        .withAccount(new Observation.Current<>(account, NOW.plusMillis(1)))))
                .isPresent();
    }

    @Test
    void an_unknown_account_says_what_is_unknown_and_since_when() {
        Refusal unknown = refusal(unknownAccount(sell(1, 70_000)));
        assertThat(unknown.message())
                .isEqualTo("the position of account A1 is unknown, and unknown counts as unsafe (KIS is down); retry");
        assertThat(unknown.details()).containsEntry("unknown", "position");
        Instant old = NOW.minus(RiskRules.ACCOUNT_AGE_MAX).minusMillis(1);
        assertThat(refusal(sell(1, 70_000).withAccount(new Observation.Current<>(RICH, old)))
                        .message())
                .contains("(last reported at " + old + ")");
        assertThat(refusal(sell(1, 70_000).withAccount(new Observation.Stale<>(RICH, old, "KIS is down")))
                        .message())
                .contains("(last reported at " + old + "; KIS is down)");
    }

    // ---- positions ----

    @Test
    void a_position_is_refused_with_what_is_held_and_ordered() {
        exposure.update(openExposure("b", Side.BUY, 0, 0, 40, 70_000, true), NOW);
        limit(RiskLimit.MAX_POSITION, 1_100);
        assertThat(check(buy(60, 70_000))).isEmpty();
        Refusal shares = refusal(buy(61, 70_000));
        assertThat(shares.message())
                .isEqualTo("the account may hold 1100 shares of 005930 and holds or has ordered 1040 (max_position of"
                        + " gateway)");
        assertThat(shares.details()).containsEntry("used", 1_040L);
        limit(RiskLimit.MAX_POSITION_VALUE, 77_000_000);
        assertThat(check(buy(60, 70_000))).isEmpty();
        Refusal value = refusal(buy(61, 70_000));
        assertThat(value.message())
                .isEqualTo("the position may be worth 77000000 won, and the account holds or has ordered 1040 shares"
                        + " (max_position_value of gateway)");
        assertThat(value.details()).containsEntry("used", 1_040L).containsEntry("price", 70_000L);
        assertThat(refusal(unknownAccount(buy(1, 70_000))).details()).containsEntry("unknown", "position");
        assertThat(check(sell(1_000, 70_000))).isEmpty();
    }

    @Test
    void a_modified_buy_adds_only_its_increase_to_the_position() {
        exposure.update(openExposure("b", Side.BUY, 10, 700_000, 30, 70_000, true), NOW.minusSeconds(30));
        var account = new Observation.Current<>(new AccountFigures(0, 1_010, 0, OptionalLong.empty()), NOW);
        limit(RiskLimit.MAX_POSITION, 1_100);
        assertThat(check(buy(100, 70_000).modifying("b", 10).withAccount(account)))
                .isEmpty();
        assertThat(refusal(buy(101, 70_000).modifying("b", 10).withAccount(account))
                        .details())
                .containsEntry("used", 1_010L);
    }

    @Test
    void the_value_of_a_position_needs_a_price_and_is_in_the_currency_of_the_order() {
        limit(RiskLimit.MAX_POSITION_VALUE, 77_000_000);
        Refusal unpriced = refusal(marketBuy(1, OptionalLong.empty()));
        assertThat(unpriced.message()).contains("max_position_value of gateway");
        assertThat(check(buyApple(1, 1_000_000))).as("a limit in won").isEmpty();
        limit(RiskLimit.MAX_POSITION_VALUE_USD, 10_050_000);
        var account = new AccountFigures(0, 4, 4, OptionalLong.empty());
        assertThat(check(withAccount(buyApple(6, 1_005_000), account))).isEmpty();
        assertThat(refusal(withAccount(buyApple(7, 1_005_000), account)).details())
                .containsEntry("limit_name", "max_position_value_usd")
                .containsEntry("price", new BigDecimal("100.5"));
    }

    // ---- cash ----

    @Test
    void a_buy_is_covered_to_the_last_won_with_its_commission() {
        limit(NONE.with(RiskGuard.CHECK_CASH, true));
        assertThat(check(withAccount(buy(10, 70_000), new AccountFigures(700_098, 0, 0, OptionalLong.empty()))))
                .isEmpty();
        exposure.update(openExposure("b", Side.BUY, 0, 0, 1, 70_000, true), NOW);
        Refusal refusal =
                refusal(withAccount(buy(10, 70_000), new AccountFigures(770_106, 0, 0, OptionalLong.empty())));
        assertThat(refusal.message())
                .isEqualTo("it needs 700098 won and 700097 are free, after open orders; buy less or cancel an order");
        assertThat(refusal.details())
                .containsEntry("needed", 700_098L)
                .containsEntry("free", 700_097L)
                .containsEntry("used", 70_009L)
                .containsEntry("layer", "gateway");
        assertThat(refusal(withAccount(buy(1, 70_000), new AccountFigures(70_000, 0, 0, OptionalLong.empty())))
                        .details())
                .as("never below zero")
                .containsEntry("free", 0L)
                .containsEntry("used", 70_009L);
        assertThat(refusal(unknownAccount(buy(1, 70_000))).details()).containsEntry("unknown", "cash");
        assertThat(refusal(marketBuy(1, OptionalLong.empty())).message()).contains("send a LIMIT order or retry");
    }

    @Test
    void a_buy_in_dollars_is_covered_by_dollars_with_the_commission_of_the_us() {
        limit(NONE.with(RiskGuard.CHECK_CASH, true));
        assertThat(check(withAccount(
                        buyApple(10, 1_000_000), new AccountFigures(10_025_000, 0, 0, OptionalLong.empty()))))
                .isEmpty();
        assertThat(refusal(withAccount(
                                buyApple(10, 1_000_000), new AccountFigures(10_024_999, 0, 0, OptionalLong.empty())))
                        .details())
                .containsEntry("needed", new BigDecimal("1002.5"))
                .containsEntry("free", new BigDecimal("1002.4999"));
    }

    @Test
    void a_modified_buy_needs_only_the_cash_that_it_adds() {
        limit(NONE.with(RiskGuard.CHECK_CASH, true));
        exposure.update(openExposure("b", Side.BUY, 0, 0, 10, 70_000, true), NOW.minusSeconds(30));
        assertThat(check(unknownAccount(buy(10, 70_000).modifying("b", 0))))
                .as("as much as it reserves")
                .isEmpty();
        assertThat(refusal(unknownAccount(buy(10, 70_001).modifying("b", 0))).code())
                .isEqualTo(ErrorCode.POSITION_PROVIDER_UNAVAILABLE);
        var account = new AccountFigures(700_098 + 70_010, 0, 0, OptionalLong.empty());
        assertThat(check(withAccount(buy(11, 70_000).modifying("b", 0), account)))
                .isEmpty();
        assertThat(refusal(withAccount(buy(12, 70_000).modifying("b", 0), account))
                        .details())
                .containsEntry("needed", 140_020L)
                .containsEntry("free", 70_010L);
    }

    @Test
    void a_buy_on_credit_is_covered_by_the_brokers_amount_and_shares() {
        policy = new RiskPolicy(
                RiskLayers.of(NONE.with(RiskGuard.CHECK_CASH, true)),
                new LiveGuards(false, false, Set.of(), false, true));
        var buy = onCredit(Side.BUY, 10, CreditType.SELF_LOAN_OPEN, DAY);
        assertThat(refusal(buy).details()).containsEntry("unknown", "buying power on credit");
        assertThat(check(with(buy, new RiskFacts.CreditPower(700_098, 10, NOW))))
                .isEmpty();
        Refusal tooFew = refusal(with(buy, new RiskFacts.CreditPower(700_098, 9, NOW)));
        assertThat(tooFew.code()).isEqualTo(ErrorCode.INSUFFICIENT_CASH);
        assertThat(tooFew.message())
                .isEqualTo("it costs 700098 won and on credit 9 shares of it for 700098 won may be bought, after open"
                        + " orders; buy less or cancel an order");
        assertThat(tooFew.details())
                .containsEntry("needed", 700_098L)
                .containsEntry("free", 700_098L)
                .containsEntry("qty", 9L)
                .containsEntry("layer", "gateway");
        assertThat(refusal(with(buy, new RiskFacts.CreditPower(700_097, 10, NOW)))
                        .details())
                .containsEntry("free", 700_097L);
        exposure.update(openExposure("b", Side.BUY, 0, 0, 10, 70_000, false), NOW);
        assertThat(refusal(with(buy, new RiskFacts.CreditPower(700_097, 100, NOW)))
                        .details())
                .as("never below zero")
                .containsEntry("free", 0L);
        assertThat(check(with(buy, new RiskFacts.CreditPower(1_400_196, 10, NOW))))
                .isEmpty();
    }

    @Test
    void a_modified_buy_on_credit_needs_only_the_amount_and_the_shares_that_it_adds() {
        policy = new RiskPolicy(
                RiskLayers.of(NONE.with(RiskGuard.CHECK_CASH, true)),
                new LiveGuards(false, false, Set.of(), false, true));
        exposure.update(openExposure("b", Side.BUY, 0, 0, 10, 70_000, true), NOW);
        var more = modifying("b", onCredit(Side.BUY, 12, CreditType.SELF_LOAN_OPEN, DAY));
        Instant later = NOW.plusMillis(1);
        assertThat(check(with(more, new RiskFacts.CreditPower(140_020, 2, later))))
                .isEmpty();
        assertThat(refusal(with(more, new RiskFacts.CreditPower(140_020, 1, later)))
                        .details())
                .containsEntry("qty", 1L);
        assertThat(refusal(with(more, new RiskFacts.CreditPower(140_019, 2, later)))
                        .details())
                .containsEntry("needed", 140_020L)
                .containsEntry("free", 140_019L);
    }

    @Test
    void the_modification_of_a_buy_without_a_price_needs_its_whole_cash_which_is_unknown() {
        limit(NONE.with(RiskGuard.CHECK_CASH, true));
        exposure.update(
                new OpenExposure(
                        "m",
                        SCOPE,
                        SAMSUNG,
                        Side.BUY,
                        0,
                        0,
                        5,
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.of(NOW),
                        true),
                NOW);
        assertThat(refusal(buy(1, 70_000).modifying("m", 0)).details()).containsEntry("unknown", "cash");
    }

    // ---- losses and rates ----

    @Test
    void a_loss_is_refused_with_what_was_lost_and_cannot_be_checked_in_dollars() {
        limit(RiskLimit.DAILY_LOSS, 1_000);
        Refusal refusal = refusal(withAccount(buy(1, 70_000), new AccountFigures(0, 0, 0, OptionalLong.of(-1_500))));
        assertThat(refusal.message())
                .isEqualTo("the account is worth 1500 won less than at the last close; only sells are accepted"
                        + " (daily_loss of gateway)");
        assertThat(refusal.details()).containsEntry("used", 1_500L);
        assertThat(check(withAccount(buy(1, 70_000), new AccountFigures(0, 0, 0, OptionalLong.of(1_500)))))
                .as("a gain")
                .isEmpty();
        assertThat(refusal(unknownAccount(buy(1, 70_000))).details()).containsEntry("unknown", "day's result");
        Refusal dollars = refusal(buyApple(1, 1_000_000));
        assertThat(dollars.code()).isEqualTo(ErrorCode.UNSUPPORTED_BY_SOURCE);
        assertThat(dollars.message())
                .startsWith("daily_loss of gateway cannot be checked for AAPL.NASD")
                .contains("in dollars");
    }

    @Test
    void the_first_layer_whose_second_is_full_refuses_and_says_when_it_is_not() {
        policy = new RiskPolicy(
                new RiskLayers(
                        NONE.with(RiskLimit.ORDERS_PER_SECOND, 9),
                        Map.of(),
                        Map.of("swing", NONE.with(RiskLimit.ORDERS_PER_SECOND, 2)),
                        Map.of()),
                LiveGuards.unrestricted());
        exposure.recordAccepted(SCOPE, NOW.minusMillis(300));
        assertThat(check(buy(1, 70_000))).isEmpty();
        exposure.recordAccepted(SCOPE, NOW.minusMillis(200));
        Refusal refusal = refusal(sell(1, 70_000));
        assertThat(refusal.message())
                .isEqualTo("2 orders were accepted in the last second, and 2 are allowed; resend it a moment later"
                        + " (orders_per_second of strategy swing)");
        assertThat(refusal.details()).containsEntry("used", 2).containsEntry("layer", "strategy swing");
        assertThat(refusal.retryAfter()).contains(Duration.ofMillis(701));
    }
}
