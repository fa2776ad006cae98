package kr.kisgateway.gateway.aegis;

import java.util.EnumSet;
import java.util.Set;
import kr.kisgateway.api.aegis.AegisRefusal;
import kr.kisgateway.api.error.ApiError;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.ErrorAnswer;

/** The codes of {@code rsp_cd}. A refusal that none of them is about has its HTTP status there [assumed]. */
enum AegisCode {
    OK("1", "OK (정상)"),
    ORDER_FAILED("2", "Order failed (주문 실패)"),
    CONNECTION("8", "No connection to KIS (접속 오류)"),
    DELAYED("9", "In progress (처리 중)"),
    BATCH_FAILED("901", "Batch failed (일괄 주문 실패)"),
    /** The HTTP status. */
    OTHER("", "Refused (거부)");

    /** What KIS, or the connection to it, does not give now; the calls were sent again before. */
    private static final Set<ErrorCode> NO_CONNECTION = EnumSet.of(
            ErrorCode.QUOTE_UNAVAILABLE,
            ErrorCode.BARS_UNAVAILABLE,
            ErrorCode.PORTFOLIO_PROVIDER_UNAVAILABLE,
            ErrorCode.POSITION_PROVIDER_UNAVAILABLE,
            ErrorCode.NOT_READY);

    /** What will be answered later, or whose result is not known yet. */
    private static final Set<ErrorCode> IN_PROGRESS = EnumSet.of(
            ErrorCode.UPSTREAM_TIMEOUT,
            ErrorCode.REST_RATE_LIMIT_COOLDOWN,
            ErrorCode.IDEMPOTENCY_IN_FLIGHT,
            ErrorCode.JOURNAL_UNAVAILABLE);

    /** What is refused before an order is looked at. */
    private static final Set<ErrorCode> NO_ORDER = EnumSet.of(
            ErrorCode.UNAUTHENTICATED,
            ErrorCode.FORBIDDEN,
            ErrorCode.LOCKED_OUT,
            ErrorCode.QUOTA_EXCEEDED,
            ErrorCode.NOT_FOUND,
            ErrorCode.METHOD_NOT_ALLOWED,
            ErrorCode.API_VERSION_OFF,
            ErrorCode.INTERNAL_ERROR);

    private final String text;
    private final String message;

    AegisCode(String text, String message) {
        this.text = text;
        this.message = message;
    }

    /** {@code rsp_cd}. */
    String text() {
        return text;
    }

    /** {@code rsp_msg} of an answer that is no refusal. */
    String message() {
        return message;
    }

    /**
     * The code of a refusal.
     *
     * @param order whether it is of a call that places orders
     * @param hasBatchCode whether the version has a code for batches
     */
    static AegisCode of(ErrorCode code, boolean order, boolean hasBatchCode) {
        if (NO_CONNECTION.contains(code)) {
            return CONNECTION;
        }
        // An order that was not queued is refused: nothing of it is in progress.
        if (IN_PROGRESS.contains(code) || !order && code == ErrorCode.QUEUE_TIMEOUT) {
            return DELAYED;
        }
        if (!order || NO_ORDER.contains(code)) {
            return OTHER;
        }
        return code == ErrorCode.BATCH_FAILED && hasBatchCode ? BATCH_FAILED : ORDER_FAILED;
    }

    /** The answer for a refusal of this code: {@code data} is what {@code /v1} answers. */
    AegisRefusal refusal(Refusal refusal, String traceId) {
        ApiError error = ErrorAnswer.of(refusal, traceId);
        return new AegisRefusal(
                this == OTHER ? Integer.toString(refusal.code().status()) : text,
                message + ": " + error.code() + ": " + error.message(),
                error);
    }
}
