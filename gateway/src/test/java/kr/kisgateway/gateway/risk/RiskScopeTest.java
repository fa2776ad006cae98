package kr.kisgateway.gateway.risk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.market.Market;
import kr.kisgateway.market.TradingDay;
import org.junit.jupiter.api.Test;

/** The scope by which limits are counted: two are one only if all of their parts are. */
class RiskScopeTest {
    private static final TradingDay DAY = new TradingDay(Market.KOREA, LocalDate.of(2026, 11, 24));

    private static RiskScope scope() {
        return new RiskScope("A1", DAY, "desk", Optional.of("trend"));
    }

    @Test
    void a_scope_that_differs_in_one_part_is_another() {
        var others = List.of(
                new RiskScope("A2", DAY, "desk", Optional.of("trend")),
                new RiskScope(
                        "A1", new TradingDay(Market.US, LocalDate.of(2026, 11, 24)), "desk", Optional.of("trend")),
                new RiskScope(
                        "A1", new TradingDay(Market.KOREA, LocalDate.of(2026, 11, 25)), "desk", Optional.of("trend")),
                new RiskScope("A1", DAY, "agent", Optional.of("trend")),
                new RiskScope("A1", DAY, "desk", Optional.of("hedge")),
                new RiskScope("A1", DAY, "desk", Optional.empty()));
        assertThat(others).doesNotContain(scope()).doesNotHaveDuplicates();
        assertThat(scope()).isNotEqualTo("A1");
    }

    @Test
    void equal_scopes_are_one_and_their_code_is_the_sum_of_their_parts() {
        assertThat(scope()).isEqualTo(scope()).isNotSameAs(scope());
        assertThat(scope().hashCode())
                .isEqualTo(((("A1".hashCode() * 31) + DAY.hashCode()) * 31 + "desk".hashCode()) * 31
                        + Optional.of("trend").hashCode());
    }

    @Test
    void the_name_of_a_scope_is_that_of_the_counter() {
        assertThat(scope().nameWithin(RiskPolicy.CountScope.ACCOUNT)).isEmpty();
        assertThat(scope().nameWithin(RiskPolicy.CountScope.STRATEGY)).isEqualTo("trend");
        assertThat(scope().nameWithin(RiskPolicy.CountScope.KEY)).isEqualTo("desk");
        assertThat(scope().withPrincipal("agent")).isEqualTo(new RiskScope("A1", DAY, "agent", Optional.of("trend")));
    }
}
