package kr.kisgateway.gateway.kis;

import kr.kisgateway.client.KisFailure;
import kr.kisgateway.gateway.error.BrokerError;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;

/** Failures of the client in the gateway's words, with what KIS said beside them. */
final class KisRefusals {
    private KisRefusals() {}

    /** Why market data that KIS was asked for did not come. */
    static Refusal marketData(KisFailure failure) {
        return switch (failure.kind()) {
            case RATE_LIMITED ->
                refusal(ErrorCode.REST_RATE_LIMIT_COOLDOWN, "KIS refused for its call rate; try again.", failure);
            case TIMEOUT -> refusal(ErrorCode.UPSTREAM_TIMEOUT, "KIS did not answer in time; try again.", failure);
            case QUEUE_TIMEOUT ->
                refusal(ErrorCode.QUEUE_TIMEOUT, "Too many calls to KIS wait already; nothing was sent.", failure);
            case UNKNOWN_SYMBOL -> refusal(ErrorCode.SYMBOL_NOT_FOUND, "KIS does not know the symbol.", failure);
            case UNSUPPORTED ->
                refusal(
                        ErrorCode.UNSUPPORTED_BY_SOURCE,
                        "The paper environment has no such data; the simulator and live have.",
                        failure);
            case CONNECTION,
                    REFUSED,
                    TOKEN,
                    UNREADABLE,
                    INVALID_REQUEST,
                    BREAKER_OPEN,
                    REGISTRATIONS_FULL,
                    CREDENTIALS_MISSING,
                    INVALID_SETTINGS,
                    CLOSED -> refusal(ErrorCode.QUOTE_UNAVAILABLE, "No source has a value now; try again.", failure);
        };
    }

    static Refusal refusal(ErrorCode code, String message, KisFailure failure) {
        var refusal = Refusal.of(code, message);
        if (failure.retryAfter().isPositive()) {
            refusal = refusal.retryAfter(failure.retryAfter());
        }
        return failure.msgCd().isEmpty()
                ? refusal
                : refusal.withBrokerError(new BrokerError(failure.rtCd(), failure.msgCd(), failure.msg1()));
    }
}
