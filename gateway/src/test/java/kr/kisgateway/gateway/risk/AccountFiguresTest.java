package kr.kisgateway.gateway.risk;

import static kr.kisgateway.gateway.risk.RiskSample.NOW;
import static kr.kisgateway.gateway.risk.RiskSample.SAMSUNG;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import kr.kisgateway.gateway.portfolio.Holdings;
import kr.kisgateway.gateway.portfolio.Observation;
import kr.kisgateway.market.Credit;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.MarketSymbol;
import kr.kisgateway.market.Symbol;
import org.junit.jupiter.api.Test;

/** What an order may sell of the rows of a balance. */
class AccountFiguresTest {
    private static final LocalDate MAY = LocalDate.of(2026, 5, 4);
    private static final LocalDate JUNE = LocalDate.of(2026, 6, 1);
    private static final Holdings.Loan MAY_LOAN = new Holdings.Loan(MAY, 300_000, Set.of(CreditType.SELF_LOAN_REPAY));
    private static final Holdings.Loan JUNE_LOAN = new Holdings.Loan(JUNE, 500_000, Set.of(CreditType.KSFC_LOAN_REPAY));
    private static final Holdings HOLDINGS = new Holdings(
            Market.KOREA,
            new Holdings.Cash(1_000_000, 2_000_000, 3_000_000, 4_000_000, OptionalLong.of(-5_000)),
            List.of(
                    position(SAMSUNG, 10, 8, Optional.empty()),
                    position(SAMSUNG, 7, 6, Optional.of(JUNE_LOAN)),
                    position(SAMSUNG, 5, 4, Optional.of(MAY_LOAN)),
                    position(new Symbol("000660"), 100, 100, Optional.empty())),
            NOW);

    private static Holdings.Position position(MarketSymbol symbol, long qty, long sellable, Optional<Holdings.Loan> l) {
        return new Holdings.Position(symbol, "", qty, sellable, BigDecimal.TEN, 1, 1, 1, 0, l);
    }

    private static AccountFigures figures(Optional<Credit> credit) {
        return switch (AccountFigures.of(new Observation.Current<>(HOLDINGS, NOW), SAMSUNG, credit)) {
            case Observation.Current<AccountFigures>(AccountFigures figures, var _) -> figures;
            case Observation.Stale<AccountFigures> _, Observation.Unknown<AccountFigures> _ ->
                throw new AssertionError("not current");
        };
    }

    private static long sellable(CreditType type, LocalDate loan) {
        return figures(Optional.of(new Credit(type, loan))).sellable();
    }

    @Test
    void a_sale_in_cash_sells_the_shares_that_were_paid_in_cash() {
        assertThat(figures(Optional.empty()))
                .isEqualTo(new AccountFigures(1_000_000, 22, 8, OptionalLong.of(-5_000), List.of(MAY_LOAN, JUNE_LOAN)));
    }

    @Test
    void a_sale_that_repays_sells_the_shares_of_its_loan_and_lender() {
        assertThat(sellable(CreditType.SELF_LOAN_REPAY, MAY)).isEqualTo(4);
        assertThat(sellable(CreditType.KSFC_LOAN_REPAY, JUNE)).isEqualTo(6);
        assertThat(sellable(CreditType.KSFC_LOAN_REPAY, MAY))
                .as("another lender")
                .isZero();
        assertThat(sellable(CreditType.SELF_LOAN_REPAY, MAY.plusDays(1))).isZero();
    }

    @Test
    void the_age_and_the_trouble_of_an_answer_stay_with_its_figures() {
        var expected = figures(Optional.empty());
        assertThat(AccountFigures.of(new Observation.Current<>(HOLDINGS, NOW), SAMSUNG, Optional.empty()))
                .isEqualTo(new Observation.Current<>(expected, NOW));
        assertThat(AccountFigures.of(new Observation.Stale<>(HOLDINGS, NOW, "down"), SAMSUNG, Optional.empty()))
                .isEqualTo(new Observation.Stale<>(expected, NOW, "down"));
        assertThat(AccountFigures.of(new Observation.Unknown<>("down"), SAMSUNG, Optional.empty()))
                .isEqualTo(new Observation.Unknown<>("down"));
    }

    @Test
    void a_symbol_that_is_missing_is_not_held() {
        assertThat(AccountFigures.of(new Observation.Current<>(HOLDINGS, NOW), new Symbol("035720"), Optional.empty()))
                .isEqualTo(
                        new Observation.Current<>(new AccountFigures(1_000_000, 0, 0, OptionalLong.of(-5_000)), NOW));
    }
}
