package kr.kisgateway.gateway.risk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.market.Session;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.Symbol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RiskRulesTest {
    private final RiskLimits limits = new RiskLimits(50, 100, 10_000_000, false, false);
    private final RiskRules rules = new RiskRules(limits, (_, _) -> Optional.empty());

    private static RiskRules.Facts buy(long qty, long price) {
        return new RiskRules.Facts(
                new Symbol("005930"),
                Side.BUY,
                qty,
                OptionalLong.of(price),
                OptionalLong.empty(),
                0,
                Session.REGULAR,
                OptionalLong.empty());
    }

    private static RiskRules.Facts sell(long qty, OptionalLong sellable) {
        return new RiskRules.Facts(
                new Symbol("005930"),
                Side.SELL,
                qty,
                OptionalLong.of(70_000),
                OptionalLong.empty(),
                0,
                Session.REGULAR,
                sellable);
    }

    private Optional<ErrorCode> code(RiskRules.Facts facts) {
        return rules.check(facts).map(Refusal::code);
    }

    @Test
    void a_modest_buy_passes() {
        assertThat(rules.check(buy(100, 70_000))).isEmpty();
    }

    @Test
    void limits_are_inclusive_and_bind_buys_only() {
        assertThat(code(buy(101, 100))).contains(ErrorCode.MAX_QTY_EXCEEDED);
        assertThat(code(buy(100, 100_000))).isEmpty();
        assertThat(code(buy(100, 100_100))).contains(ErrorCode.NOTIONAL_LIMIT_EXCEEDED);
        assertThat(code(sell(1_000, OptionalLong.of(1_000)))).isEmpty();
    }

    @Test
    void an_amount_beyond_what_a_number_holds_is_over_every_limit() {
        var wide = new RiskRules(
                new RiskLimits(50, Long.MAX_VALUE, Long.MAX_VALUE, false, false), (_, _) -> Optional.empty());
        assertThat(wide.check(buy(Long.MAX_VALUE, 3)).map(Refusal::code)).contains(ErrorCode.NOTIONAL_LIMIT_EXCEEDED);
    }

    @Test
    void a_market_buy_is_judged_by_its_worst_price_and_refused_when_none_is_known() {
        var facts = new RiskRules.Facts(
                new Symbol("005930"),
                Side.BUY,
                100,
                OptionalLong.empty(),
                OptionalLong.of(100_100),
                0,
                Session.REGULAR,
                OptionalLong.empty());
        assertThat(code(facts)).contains(ErrorCode.NOTIONAL_LIMIT_EXCEEDED);
        var unknown = new RiskRules.Facts(
                new Symbol("005930"),
                Side.BUY,
                1,
                OptionalLong.empty(),
                OptionalLong.empty(),
                0,
                Session.REGULAR,
                OptionalLong.empty());
        assertThat(code(unknown)).contains(ErrorCode.NOTIONAL_LIMIT_EXCEEDED);
    }

    @Test
    void an_unknown_position_is_unsafe_and_a_short_one_is_refused() {
        assertThat(code(sell(1, OptionalLong.empty()))).contains(ErrorCode.POSITION_PROVIDER_UNAVAILABLE);
        assertThat(code(sell(11, OptionalLong.of(10)))).contains(ErrorCode.INSUFFICIENT_POSITION_QTY);
        assertThat(code(sell(1, OptionalLong.of(-5)))).contains(ErrorCode.INSUFFICIENT_POSITION_QTY);
    }

    @ParameterizedTest
    @EnumSource(
            value = Session.class,
            names = {"CLOSED", "AFTER_HOURS", "AFTER_HOURS_SINGLE_PRICE", "AFTER_MARKET"})
    void outside_of_trading_hours_nothing_is_taken(Session session) {
        var facts = new RiskRules.Facts(
                new Symbol("005930"),
                Side.BUY,
                1,
                OptionalLong.of(70_000),
                OptionalLong.empty(),
                0,
                session,
                OptionalLong.empty());
        assertThat(code(facts)).contains(ErrorCode.OUT_OF_TRADING_WINDOW);
    }

    @Test
    void the_first_check_that_fails_is_the_answer() {
        var everythingWrong = new RiskRules.Facts(
                new Symbol("005930"),
                Side.BUY,
                101,
                OptionalLong.of(1_000_000),
                OptionalLong.empty(),
                50,
                Session.CLOSED,
                OptionalLong.empty());
        assertThat(code(everythingWrong)).contains(ErrorCode.DAILY_LIMIT_EXCEEDED);
    }

    @Test
    void live_orders_need_to_be_allowed_explicitly() {
        var live = new RiskRules(new RiskLimits(50, 100, 10_000_000, true, false), (_, _) -> Optional.empty());
        assertThat(live.check(buy(1, 70_000)).map(Refusal::code)).contains(ErrorCode.LIVE_DISABLED);
        var allowed = new RiskRules(new RiskLimits(50, 100, 10_000_000, true, true), (_, _) -> Optional.empty());
        assertThat(allowed.check(buy(1, 70_000))).isEmpty();
    }
}
