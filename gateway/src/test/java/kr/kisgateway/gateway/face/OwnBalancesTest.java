package kr.kisgateway.gateway.face;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Which rows of a balance are divided among keys. */
class OwnBalancesTest {
    @ParameterizedTest
    @CsvSource({"'',true", "'        ',true", "00000000,true", "20261120,false"})
    void a_row_without_the_date_of_a_loan_is_of_shares_paid_in_cash(String loanDate, boolean paidInCash) {
        var row = new JsonMapper().createObjectNode().put("pdno", "005930").put("loan_dt", loanDate);
        assertThat(OwnBalances.isPaidInCash(row)).isEqualTo(paidInCash);
    }
}
