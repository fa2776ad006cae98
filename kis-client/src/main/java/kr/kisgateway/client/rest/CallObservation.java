package kr.kisgateway.client.rest;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.client.CallListener;
import kr.kisgateway.client.CallListener.Result;
import kr.kisgateway.client.EndedCall;
import kr.kisgateway.client.KisFailure;
import kr.kisgateway.client.KisReply;
import kr.kisgateway.client.Placement;
import kr.kisgateway.wire.CodeTable;
import kr.kisgateway.wire.KisCode;
import kr.kisgateway.wire.parse.RestReply;

/** Reports each call of a client to its listener; costs nothing without one. */
public final class CallObservation {
    private static final String TRACE_HEADER = "X-Trace-Id";

    private final Optional<CallListener> listener;
    private final InstantSource monotonicClock;
    private final CodeTable codes;

    /** @param monotonicClock a clock that is never adjusted */
    public CallObservation(Optional<CallListener> listener, InstantSource monotonicClock) {
        this.listener = listener;
        this.monotonicClock = monotonicClock;
        this.codes = CodeTable.load();
    }

    /**
     * A call that is about to be sent.
     *
     * @param request with the header of its trace
     */
    record Begun(RestRequest request, Optional<String> traceId, Instant at) {}

    /** KIS's codes of an answer. */
    private record Codes(String rtCd, String msgCd) {
        static final Codes NONE = new Codes("", "");

        static Codes of(RestReply reply) {
            return new Codes(reply.rtCd(), reply.msgCd());
        }
    }

    private Instant now() {
        return listener.isPresent() ? monotonicClock.instant() : Instant.EPOCH;
    }

    /** A call begins. */
    Begun begin(RestRequest request) {
        Optional<String> traceId = listener.flatMap(CallListener::traceId);
        return new Begun(traceId.map(id -> request.withHeader(TRACE_HEADER, id)).orElse(request), traceId, now());
    }

    /** A query has ended. */
    void ended(Begun call, RestOutcome outcome, KisReply<RestCalls.Page> reply) {
        report(
                call,
                outcome,
                switch (reply) {
                    case KisReply.Ok<RestCalls.Page>(RestCalls.Page page) -> Codes.of(page.reply());
                    case KisReply.Failed<RestCalls.Page>(KisFailure failure) ->
                        new Codes(failure.rtCd(), failure.msgCd());
                },
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
    void ended(Begun call, RestOutcome outcome, RestCalls.OrderResult order) {
        report(
                call,
                outcome,
                // Read a second time: its answer is short, and there are few orders a second.
                listener.isPresent() && outcome instanceof RestOutcome.Answered(int status, String _, String body)
                        ? Codes.of(RestReply.parse(status, body))
                        : Codes.NONE,
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
    void ended(Begun call, RestOutcome outcome) {
        report(
                call,
                outcome,
                Codes.NONE,
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

    private void report(Begun call, RestOutcome outcome, Codes answered, Result result, String error) {
        listener.ifPresent(it -> {
            RestRequest request = call.request();
            it.ended(new EndedCall(
                    request.trId(),
                    request.method(),
                    request.path(),
                    request.account(),
                    result,
                    outcome instanceof RestOutcome.Answered(int status, String _, String _)
                            ? OptionalInt.of(status)
                            : OptionalInt.empty(),
                    answered.rtCd(),
                    answered.msgCd(),
                    error,
                    call.traceId(),
                    nanosSince(call.at())));
        });
    }

    private long nanosSince(Instant from) {
        return Duration.between(from, monotonicClock.instant()).toNanos();
    }

    private boolean isServerFault(String code) {
        return codes.entry(code).map(KisCode::isServerFault).orElse(false);
    }
}
