package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import kr.kisgateway.api.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/** What to do about each error code of the gateway. */
class RemedyTest {
    /** The codes whose message names a value of the request that has to be changed. */
    private static final Set<ErrorCode> ABOUT_A_VALUE = EnumSet.of(
            ErrorCode.MALFORMED_JSON,
            ErrorCode.MISSING_FIELD,
            ErrorCode.INVALID_FIELD,
            ErrorCode.UNKNOWN_FIELD,
            ErrorCode.INVALID_SIDE,
            ErrorCode.INVALID_QTY,
            ErrorCode.INVALID_PRICE,
            ErrorCode.INVALID_ORDER_TYPE,
            ErrorCode.PRICE_REQUIRED_FOR_LIMIT,
            ErrorCode.PRICE_NOT_ALLOWED_FOR_MARKET,
            ErrorCode.PRICE_OUT_OF_LIMITS,
            ErrorCode.INVALID_TICK_SIZE);

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void every_code_has_a_remedy_in_english_and_korean_without_http_calls(ErrorCode code) {
        var remedy = remedy(code, "");
        assertThat(remedy.english()).endsWith(".").doesNotContain("POST", "GET /", "PUT", "/v1/");
        assertThat(remedy.korean()).endsWith(".").containsPattern("[가-힣]").doesNotContain("/v1/");
    }

    @Test
    void only_errors_about_a_value_advise_to_change_what_the_message_names() {
        var advised = new TreeSet<ErrorCode>();
        for (var code : ErrorCode.values()) {
            if (remedy(code, "").english().startsWith("change what the message names")) {
                advised.add(code);
            }
        }
        assertThat(advised).isEqualTo(ABOUT_A_VALUE);
    }

    @Test
    void a_missing_credential_is_named_with_the_place_where_it_belongs() {
        assertThat(remedy(ErrorCode.CREDENTIALS_MISSING, ",\"details\":{\"setting\":\"KRX_AUTH_KEY\"}"))
                .isEqualTo(new Remedy(
                        "set KRX_AUTH_KEY where the gateway runs, and start it again.",
                        "게이트웨이가 실행되는 곳에 KRX_AUTH_KEY 값을 설정하고 다시 시작하세요."));
    }

    private static Remedy remedy(ErrorCode code, String more) {
        return Remedy.of(
                new JsonMapper().readTree("{\"code\":\"" + code + "\",\"retryable\":" + code.retryable() + more + "}"),
                Optional.empty(),
                Optional.empty());
    }
}
