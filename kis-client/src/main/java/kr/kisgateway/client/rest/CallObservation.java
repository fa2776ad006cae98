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
                },
                reply instanceof KisReply.Failed<?>(KisFailure failure) ? failure.code() : "");
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
                },
                switch (order.placement()) {
                    case Placement.Accepted _ -> "";
                    case Placement.Refused(String code, String _) -> code;
                    case Placement.NotSent(String code, String _, String _) -> code;
                    case Placement.Unknown(String code, String _) -> code;
                });
    }

    /** A request of a token or an approval key has ended. */
    void ended(RestRequest request, Instant begun, RestOutcome outcome) {
        report(
                request,
                begun,
                outcome instanceof RestOutcome.Answered(int status, String _, String _)
                        ? status == 200 ? Result.OK : status < 500 ? Result.REFUSED : Result.FAILED
                        : Result.FAILED,
                switch (outcome) {
                    case RestOutcome.Answered(int status, String _, String _) -> status == 200 ? "" : "HTTP " + status;
                    case RestOutcome.NotSent(String _, boolean timeout) -> withoutAnswer(timeout);
                    case RestOutcome.Lost(String _, boolean timeout) -> withoutAnswer(timeout);
                });
    }

    private static String withoutAnswer(boolean timeout) {
        return (timeout ? KisFailure.Kind.TIMEOUT : KisFailure.Kind.CONNECTION).name();
    }

    private void report(RestRequest request, Instant begun, Result result, String code) {
        listener.ifPresent(it -> {
            String trId = request.headers().getOrDefault("tr_id", "");
            long nanos = Duration.between(begun, monotonicClock.instant()).toNanos();
            it.ended(trId.isEmpty() ? request.path() : trId, result, code, nanos);
        });
    }

    private boolean isServerFault(String code) {
        return codes.entry(code).map(KisCode::isServerFault).orElse(false);
    }
}
