package kr.kisgateway.gateway.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Requirement("I-09")
class LookupTest {
    @ParameterizedTest
    @ValueSource(strings = {"005930", "AAPL.NASD", "JPM.NYSE"})
    void a_listed_symbol_is_found_by_its_code(String code) {
        assertThat(Lookups.shipped().apply(code).orElseThrow().code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "5930, INVALID_SYMBOL",
        "AAPL, INVALID_SYMBOL",
        "aapl.NASD, INVALID_SYMBOL",
        "AAPL.NAS, INVALID_SYMBOL",
        ".NASD, INVALID_SYMBOL",
        "005930.KS, INVALID_SYMBOL",
        "ZZZZZZ, SYMBOL_NOT_FOUND",
        "ZZZZZ.NASD, SYMBOL_NOT_FOUND",
        "AAPL.NYSE, SYMBOL_NOT_FOUND",
        "HEI-A.NYSE, SYMBOL_NOT_FOUND",
        "BRK/B.NYSE, INVALID_SYMBOL",
        "BRK.B.NYSE, INVALID_SYMBOL",
    })
    void an_unlisted_symbol_is_distinguished_from_a_malformed_one(String text, ErrorCode code) {
        var lookup = Lookups.shipped().apply(text);

        assertThat(lookup)
                .isInstanceOfSatisfying(
                        Result.Refused.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(code));
        assertThatThrownBy(lookup::orElseThrow).isInstanceOf(RefusedException.class);
    }

    @Test
    void a_us_symbol_is_no_korean_instrument() {
        assertThatThrownBy(Lookups.shipped().apply("AAPL.NASD").orElseThrow()::requireKorean)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(ErrorCode.UNSUPPORTED_BY_SOURCE));
    }
}
