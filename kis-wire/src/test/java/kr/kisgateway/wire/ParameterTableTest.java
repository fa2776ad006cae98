package kr.kisgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ParameterTableTest {
    /** Not static: each test reads the table. */
    private final ParameterTable table = ParameterTable.load();

    @Test
    void every_row_is_about_a_parameter_of_the_catalog() {
        int parameters = Catalog.load().restCalls().stream()
                .mapToInt(call -> call.params().size())
                .sum();

        assertThat(table.size()).isEqualTo(parameters).isPositive();
    }

    @Test
    void a_row_has_what_must_be_sent_and_what_a_blank_stands_for() {
        assertThat(table.row("domestic_stock_inquire_balance", "AFHR_FLPR_YN"))
                .isEqualTo(new ParameterTable.Row(true, true, Optional.of("N"), "N"));
        assertThat(table.row("domestic_bond_avg_unit", "CTX_AREA_NK30"))
                .isEqualTo(new ParameterTable.Row(false, true, Optional.empty(), ""));
        assertThat(table.row("auth_auth_token", "appkey"))
                .isEqualTo(new ParameterTable.Row(true, false, Optional.empty(), "{appkey}"));
    }

    @Test
    void a_parameter_without_a_row_is_a_defect_of_the_table() {
        assertThatIllegalStateException()
                .isThrownBy(() -> table.row("auth_auth_token", "nosuch"))
                .withMessageContaining("auth_auth_token nosuch");
    }
}
