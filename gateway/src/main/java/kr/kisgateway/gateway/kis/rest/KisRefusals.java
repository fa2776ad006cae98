package kr.kisgateway.gateway.kis.rest;

import java.util.function.Function;
import kr.kisgateway.api.error.ApiError.BrokerError;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;

/** Maps replies of the client to the gateway's results, and its failures to refusals with KIS's own message. */
final class KisRefusals {
    private KisRefusals() {}

    /** Refusal for a failed request for market data. */
    static Refusal marketData(KisFailure failure) {
        return switch (failure.kind()) {
            case RATE_LIMITED ->
                refusal(ErrorCode.REST_RATE_LIMIT_COOLDOWN, "KIS refused for its call rate; retry.", failure);
            case TIMEOUT -> refusal(ErrorCode.UPSTREAM_TIMEOUT, "KIS did not answer in time; retry.", failure);
            case QUEUE_TIMEOUT ->
                refusal(ErrorCode.QUEUE_TIMEOUT, "Too many calls to KIS are queued; nothing was sent.", failure);
            case UNKNOWN_SYMBOL -> refusal(ErrorCode.SYMBOL_NOT_FOUND, "KIS does not list the symbol.", failure);
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
                    CLOSED -> refusal(ErrorCode.QUOTE_UNAVAILABLE, "No source has a value now; retry.", failure);
        };
    }

    /** The answer of a request for market data, converted by {@code value}. */
    static <A, V> Result<V> marketData(KisReply<A> reply, Function<A, V> value) {
        return result(reply, value, KisRefusals::marketData);
    }

    /** The answer converted by {@code value}, or the failure by {@code refusal}. */
    static <A, V> Result<V> result(KisReply<A> reply, Function<A, V> value, Function<KisFailure, Refusal> refusal) {
        return switch (reply) {
            case KisReply.Ok<A>(A answer) -> Result.success(value.apply(answer));
            case KisReply.Failed<A>(KisFailure failure) -> Result.refused(refusal.apply(failure));
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
