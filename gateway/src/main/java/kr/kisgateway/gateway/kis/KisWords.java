package kr.kisgateway.gateway.kis;

import kr.kisgateway.client.KisFailure;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.KisSaid;
import kr.kisgateway.gateway.error.Refusal;

/** Failures of the client in the gateway's words, with what KIS said beside them. */
final class KisWords {
    private KisWords() {}

    static Refusal refusal(ErrorCode code, String message, KisFailure failure) {
        var refusal = Refusal.of(code, message);
        if (failure.retryAfter().isPositive()) {
            refusal = refusal.retryAfter(failure.retryAfter());
        }
        return failure.msgCd().isEmpty()
                ? refusal
                : refusal.said(new KisSaid(failure.rtCd(), failure.msgCd(), failure.msg1()));
    }
}
