package kr.kisgateway.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class CreditTest {
    private static final LocalDate THURSDAY = LocalDate.of(2026, 11, 19);
    private static final LocalDate FRIDAY = LocalDate.of(2026, 11, 20);

    @Test
    void side_and_lender_make_the_type() {
        assertThat(CreditType.of(Side.BUY, false)).isEqualTo(CreditType.SELF_LOAN_OPEN);
        assertThat(CreditType.of(Side.BUY, true)).isEqualTo(CreditType.KSFC_LOAN_OPEN);
        assertThat(CreditType.of(Side.SELL, false)).isEqualTo(CreditType.SELF_LOAN_REPAY);
        assertThat(CreditType.of(Side.SELL, true)).isEqualTo(CreditType.KSFC_LOAN_REPAY);
    }

    @Test
    void each_type_has_the_side_and_the_lender_that_make_it() {
        for (var type : CreditType.values()) {
            assertThat(CreditType.of(type.side(), type.isKsfc())).isEqualTo(type);
        }
        assertThat(CreditType.KSFC_LOAN_OPEN.isKsfc()).isTrue();
        assertThat(CreditType.SELF_LOAN_OPEN.isKsfc()).isFalse();
    }

    @Test
    void a_buy_borrows_and_a_sale_repays() {
        assertThat(CreditType.SELF_LOAN_OPEN.opensLoan()).isTrue();
        assertThat(CreditType.KSFC_LOAN_OPEN.opensLoan()).isTrue();
        assertThat(CreditType.SELF_LOAN_REPAY.opensLoan()).isFalse();
        assertThat(CreditType.KSFC_LOAN_REPAY.opensLoan()).isFalse();
    }

    @Test
    void a_buy_dates_its_loan_by_the_day_of_the_order_and_a_sale_keeps_that_of_the_loan() {
        assertThat(new Credit(CreditType.SELF_LOAN_OPEN, THURSDAY).placedOn(FRIDAY))
                .isEqualTo(new Credit(CreditType.SELF_LOAN_OPEN, FRIDAY));
        assertThat(new Credit(CreditType.SELF_LOAN_REPAY, THURSDAY).placedOn(FRIDAY))
                .isEqualTo(new Credit(CreditType.SELF_LOAN_REPAY, THURSDAY));
    }

    @Test
    void a_repeated_buy_is_the_same_on_a_later_day_and_a_sale_of_another_loan_is_not() {
        assertThat(new Credit(CreditType.KSFC_LOAN_OPEN, THURSDAY).canonical())
                .isEqualTo(new Credit(CreditType.KSFC_LOAN_OPEN, FRIDAY).canonical())
                .isEqualTo("KSFC_LOAN_OPEN");
        assertThat(new Credit(CreditType.KSFC_LOAN_REPAY, THURSDAY).canonical())
                .isEqualTo("KSFC_LOAN_REPAY|2026-11-19")
                .isNotEqualTo(new Credit(CreditType.KSFC_LOAN_REPAY, FRIDAY).canonical());
    }
}
