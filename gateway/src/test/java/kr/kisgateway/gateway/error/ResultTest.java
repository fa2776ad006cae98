package kr.kisgateway.gateway.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.api.error.ErrorCode;
import org.junit.jupiter.api.Test;

class ResultTest {
    private static final Refusal LATE = Refusal.of(ErrorCode.UPSTREAM_TIMEOUT, "late");
    private static final Refusal UNKNOWN = Refusal.of(ErrorCode.SYMBOL_NOT_FOUND, "unknown");

    @Test
    void a_value_is_converted() {
        assertThat(Result.success(2).map(it -> it + 1)).isEqualTo(Result.success(3));
        assertThat(Result.success(2).flatMap(it -> Result.success("x" + it))).isEqualTo(Result.success("x2"));
    }

    @Test
    void the_next_step_may_refuse_a_value() {
        assertThat(Result.success(2).flatMap(_ -> Result.<String>refused(UNKNOWN)))
                .isEqualTo(Result.refused(UNKNOWN));
    }

    @Test
    void a_refusal_passes_unchanged_and_no_step_runs() {
        List<Integer> seen = new ArrayList<>();
        Result<Integer> refused = Result.refused(LATE);
        assertThat(refused.map(seen::add)).isEqualTo(Result.refused(LATE));
        assertThat(refused.flatMap(it -> Result.success(seen.add(it)))).isEqualTo(Result.refused(LATE));
        assertThat(seen).isEmpty();
    }

    @Test
    void the_value_is_returned_and_a_refusal_is_thrown() {
        assertThat(Result.success(7).orElseThrow()).isEqualTo(7);
        assertThatThrownBy(() -> Result.refused(LATE).orElseThrow())
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        thrown -> assertThat(thrown.refusal()).isEqualTo(LATE));
    }

    @Test
    void a_refusal_has_no_value() {
        assertThat(Result.success(7).toOptional()).contains(7);
        assertThat(Result.refused(LATE).toOptional()).isEmpty();
    }
}
