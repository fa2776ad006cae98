package kr.kisgateway.client.rest;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import kr.kisgateway.client.CallListener;
import kr.kisgateway.client.CallListener.Result;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Placement;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.KisCode;

/** Reports each call of a client to its listener. */
public final class CallObservation {
    private final Optional<CallListener> listener;
    private final InstantSource monotonicClock;
    private final CodeTable codes;

    /** @param monotonicClock a clock that is never adjusted */
    public CallObservation(Optional<CallListener> listener, InstantSource monotonicClock) {
        this.listener = listener;
        this.monotonicClock = monotonicClock;
        this.codes = CodeTable.load();
    }

    /** When a call begins. */
    Instant begin() {
        return listener.isPresent() ? monotonicClock.instant() : Instant.EPOCH;
    }

    /** A query has ended. */
    void ended(RestRequest request, Instant begun, KisReply<?> reply) {
        report(
                request,
                begun,
                switch (reply) {
                    case KisReply.Ok<?> _ -> Result.OK;
                    case KisReply.Failed<?>(KisFailure failure) ->
                        switch (failure.kind()) {
                            case RATE_LIMITED -> Result.RATE_LIMITED;
                            case REFUSED, TOKEN -> isServerFault(failure.msgCd()) ? Result.FAILED : Result.REFUSED;
                            default -> Result.FAILED;
                        };
                });
    }

    /** An order, a modification or a cancel has ended. */
    void ended(RestRequest request, Instant begun, RestOutcome outcome, RestCalls.OrderResult order) {
        report(
                request,
                begun,
                switch (order.placement()) {
                    case Placement.Accepted _ -> Result.OK;
                    case Placement.Refused _ -> Result.REFUSED;
                    case Placement.NotSent _, Placement.Unknown _ ->
                        order.feedback() instanceof RestCalls.Feedback.RateExceeded
                                ? Result.RATE_LIMITED
                                : outcome instanceof RestOutcome.Answered
                                                && order.placement() instanceof Placement.NotSent
                                        ? Result.REFUSED
                                        : Result.FAILED;
                });
    }

    /** A request of a token or an approval key has ended. */
    void ended(RestRequest request, Instant begun, RestOutcome outcome) {
        report(
                request,
                begun,
                outcome instanceof RestOutcome.Answered(int status, String _, String _)
                        ? status == 200 ? Result.OK : status < 500 ? Result.REFUSED : Result.FAILED
                        : Result.FAILED);
    }

    private void report(RestRequest request, Instant begun, Result result) {
        listener.ifPresent(it -> {
            String trId = request.headers().getOrDefault("tr_id", "");
            long nanos = Duration.between(begun, monotonicClock.instant()).toNanos();
            it.ended(trId.isEmpty() ? request.path() : trId, result, nanos);
        });
    }

    private boolean isServerFault(String code) {
        return codes.entry(code).map(KisCode::isServerFault).orElse(false);
    }
}
