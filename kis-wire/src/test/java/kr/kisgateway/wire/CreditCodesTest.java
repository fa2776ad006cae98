package kr.kisgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import kr.kisgateway.market.CreditType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CreditCodesTest {
    @ParameterizedTest
    @CsvSource({"SELF_LOAN_OPEN, 21", "KSFC_LOAN_OPEN, 23", "SELF_LOAN_REPAY, 25", "KSFC_LOAN_REPAY, 27"})
    void a_loan_has_one_code(CreditType type, String code) {
        assertThat(CreditCodes.code(type)).isEqualTo(code);
        assertThat(CreditCodes.type(code)).contains(type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"22", "24", "26", "28", "2", "00", ""})
    void a_code_of_stock_borrowing_or_of_nothing_is_no_loan(String code) {
        assertThat(CreditCodes.type(code)).isEmpty();
    }

    @Test
    void the_date_of_a_loan_is_a_real_day() {
        assertThat(CreditCodes.date("20261120")).contains(LocalDate.of(2026, 11, 20));
        assertThat(CreditCodes.date(" 20240229 ")).contains(LocalDate.of(2024, 2, 29));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "        ", "00000000", "20261320", "20260230", "2026112", "202611200", "2026-1-1"})
    void blank_zeros_and_what_is_no_day_are_no_date(String text) {
        assertThat(CreditCodes.date(text)).isEmpty();
    }

    @Test
    void the_lender_is_read_from_the_name_of_the_trade() {
        assertThat(CreditCodes.isKsfc("유통융자")).isTrue();
        assertThat(CreditCodes.isKsfc("자기융자")).isFalse();
        assertThat(CreditCodes.isKsfc("현금매수")).isFalse();
    }

    @Test
    void borrowed_shares_are_read_from_the_name_of_the_trade() {
        assertThat(CreditCodes.isStockBorrowing("유통대주")).isTrue();
        assertThat(CreditCodes.isStockBorrowing("유통융자")).isFalse();
    }
}
