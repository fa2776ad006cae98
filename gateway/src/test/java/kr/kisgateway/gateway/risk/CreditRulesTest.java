package kr.kisgateway.gateway.risk;

import static kr.kisgateway.gateway.risk.RiskSample.DAY;
import static kr.kisgateway.gateway.risk.RiskSample.SAMSUNG;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.Side;
import kr.kisgateway.market.UsExchange;
import kr.kisgateway.market.UsSymbol;
import org.junit.jupiter.api.Test;

/** Which orders may be on credit. */
class CreditRulesTest {
    private static final LiveGuards CREDIT_ON = new LiveGuards(false, false, Set.of(), false, true);

    private static Optional<Refusal> check(Side side, CreditType type, LocalDate loan, LiveGuards guards) {
        return CreditRules.refusal(SAMSUNG, side, new Credit(type, loan), DAY, guards);
    }

    @Test
    void only_korean_stocks_are_bought_on_credit() {
        var apple = new UsSymbol(UsExchange.NASD, "AAPL");
        Refusal refusal =
                CreditRules.refusal(apple, Side.BUY, CreditType.SELF_LOAN_OPEN).orElseThrow();
        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_CREDIT);
        assertThat(refusal.message()).contains("omit credit to order AAPL.NASD in cash");
        assertThat(CreditRules.refusal(SAMSUNG, Side.BUY, CreditType.SELF_LOAN_OPEN))
                .isEmpty();
        assertThat(CreditRules.refusal(apple, Side.BUY, new Credit(CreditType.SELF_LOAN_OPEN, DAY), DAY, CREDIT_ON))
                .isPresent();
    }

    @Test
    void a_buy_opens_a_loan_and_a_sell_repays_one() {
        Refusal buy = CreditRules.refusal(SAMSUNG, Side.BUY, CreditType.KSFC_LOAN_REPAY)
                .orElseThrow();
        assertThat(buy.code()).isEqualTo(ErrorCode.INVALID_CREDIT);
        assertThat(buy.details()).containsEntry("allowed", List.of("SELF_LOAN_OPEN", "KSFC_LOAN_OPEN"));
        Refusal sell = CreditRules.refusal(SAMSUNG, Side.SELL, CreditType.SELF_LOAN_OPEN)
                .orElseThrow();
        assertThat(sell.message()).endsWith("credit.type is SELF_LOAN_REPAY or KSFC_LOAN_REPAY");
        assertThat(CreditRules.refusal(SAMSUNG, Side.SELL, CreditType.KSFC_LOAN_REPAY))
                .isEmpty();
    }

    @Test
    void a_buy_on_credit_needs_the_setting_and_a_sale_that_repays_does_not() {
        assertThat(check(Side.BUY, CreditType.SELF_LOAN_OPEN, DAY, LiveGuards.unrestricted())
                        .map(Refusal::code))
                .contains(ErrorCode.CREDIT_DISABLED);
        assertThat(check(Side.BUY, CreditType.SELF_LOAN_OPEN, DAY, CREDIT_ON)).isEmpty();
        assertThat(check(Side.SELL, CreditType.SELF_LOAN_REPAY, DAY.minusDays(30), LiveGuards.unrestricted()))
                .isEmpty();
    }

    @Test
    void the_loan_of_a_buy_is_of_its_own_day_and_a_repaid_one_not_of_a_later() {
        for (var other : List.of(DAY.minusDays(1), DAY.plusDays(1))) {
            assertThat(check(Side.BUY, CreditType.KSFC_LOAN_OPEN, other, CREDIT_ON)
                            .map(Refusal::message))
                    .contains("the loan of a buy is of its own day, 2026-11-20; omit loan_date");
        }
        assertThat(check(Side.SELL, CreditType.KSFC_LOAN_REPAY, DAY, CREDIT_ON)).isEmpty();
        assertThat(check(Side.SELL, CreditType.KSFC_LOAN_REPAY, DAY.plusDays(1), CREDIT_ON)
                        .map(Refusal::code))
                .contains(ErrorCode.INVALID_CREDIT);
    }

    @Test
    void a_loan_that_the_side_cannot_have_is_refused_before_the_setting() {
        assertThat(check(Side.BUY, CreditType.SELF_LOAN_REPAY, DAY, LiveGuards.unrestricted())
                        .map(Refusal::code))
                .contains(ErrorCode.INVALID_CREDIT);
    }
}
