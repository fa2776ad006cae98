package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import kr.kisgateway.api.error.ApiError;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.session.Blocker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What to do about each error code of the gateway. */
class RemedyTextTest {
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
            ErrorCode.INVALID_CREDIT,
            ErrorCode.OFFSET_NOT_DEFINED,
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
                .isEqualTo(new ErrorCode.Remedy(
                        "set KRX_AUTH_KEY where the gateway runs, and start it again.",
                        "게이트웨이가 실행되는 곳에 KRX_AUTH_KEY 값을 설정하고 다시 시작하세요."));
    }

    @Test
    void order_key_and_wait_are_filled_in_and_a_code_of_another_version_is_retried_where_it_can_be() {
        var inFlight = ApiJson.read(
                "{\"code\":\"IDEMPOTENCY_IN_FLIGHT\",\"retryable\":true,\"retry_after_ms\":1200}", ApiError.class);
        assertThat(RemedyText.of(inFlight, Optional.of("k-1"), Optional.empty()))
                .isEqualTo(new ErrorCode.Remedy("try again in 2 s with --key k-1.", "2초 뒤 --key k-1로 다시 시도하세요."));
        var ended = ApiJson.read("{\"code\":\"ORDER_ALREADY_TERMINAL\"}", ApiError.class);
        assertThat(RemedyText.of(ended, Optional.empty(), Optional.of("o-1")).english())
                .isEqualTo("./kis orders show o-1 shows the order's status.");
        var later = ApiJson.read("{\"code\":\"LATER\",\"retryable\":true}", ApiError.class);
        assertThat(RemedyText.of(later, Optional.empty(), Optional.empty()).english())
                .isEqualTo("try again.");
    }

    @Test
    void errors_about_a_parent_order_name_the_commands_of_parent_orders() {
        var parent = Optional.of("par_1");
        var ended = ApiJson.read("{\"code\":\"ORDER_ALREADY_TERMINAL\"}", ApiError.class);
        assertThat(RemedyText.of(ended, Optional.empty(), parent))
                .isEqualTo(new ErrorCode.Remedy(
                        "./kis parents show par_1 shows the order's status.",
                        "./kis parents show par_1로 주문 상태를 확인하세요."));
        var unknown = ApiJson.read("{\"code\":\"ORDER_NOT_FOUND\"}", ApiError.class);
        assertThat(RemedyText.of(unknown, Optional.empty(), parent))
                .isEqualTo(new ErrorCode.Remedy(
                        "./kis parents list shows the orders there are.", "./kis parents list로 주문을 확인하세요."));
        // What stands in its way is an order.
        var crossing = ApiJson.read("{\"code\":\"SELF_CROSS\"}", ApiError.class);
        assertThat(RemedyText.of(crossing, Optional.empty(), parent).english()).contains("./kis orders list");
    }

    @Test
    void every_blocker_of_the_contract_has_its_cause_and_its_remedy_in_both_languages() {
        var unknown = BlockerText.of("LATER");
        for (var blocker :
                Objects.requireNonNull(Blocker.class.getAnnotation(OneOf.class)).value()) {
            var text = BlockerText.of(blocker);
            assertThat(text).as(blocker).isNotEqualTo(unknown);
            assertThat(text.cause() + text.remedy().english())
                    .as(blocker)
                    .endsWith(".")
                    .doesNotContain("{");
            assertThat(text.koreanCause() + text.remedy().korean())
                    .as(blocker)
                    .endsWith(".")
                    .containsPattern("[가-힣]");
        }
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void no_placeholder_is_shown(ErrorCode code) {
        assertThat(remedy(code, "").english() + remedy(code, "").korean()).doesNotContain("{", "}");
    }

    private static ErrorCode.Remedy remedy(ErrorCode code, String more) {
        return RemedyText.of(
                ApiJson.read(
                        "{\"code\":\"" + code + "\",\"retryable\":" + code.retryable() + more + "}", ApiError.class),
                Optional.empty(),
                Optional.empty());
    }
}
