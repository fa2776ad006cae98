package kr.kisgateway.gateway.http;

import io.javalin.http.Context;
import java.util.Optional;
import java.util.function.LongSupplier;
import kr.kisgateway.gateway.cost.CallCost;
import kr.kisgateway.gateway.http.CallRecorder.AnsweredCall;
import kr.kisgateway.gateway.http.CallRecorder.RouteRecorder;
import kr.kisgateway.gateway.http.Gatekeeper.RequestCredentials;

/** What becomes known of a request while it is answered. Of the request's thread alone. */
final class Exchange {
    private final Context context;
    private final RequestCredentials credentials;
    private final RouteRecorder recorder;
    private final LongSupplier nanos;
    private final long begun;
    private final CallCost cost = CallCost.ofRequest();
    private Optional<Caller> caller = Optional.empty();
    private Optional<RequestBody> body = Optional.empty();
    private boolean recorded;

    Exchange(Context context, RequestCredentials credentials, RouteRecorder recorder, LongSupplier nanos) {
        this.context = context;
        this.credentials = credentials;
        this.recorder = recorder;
        this.nanos = nanos;
        this.begun = nanos.getAsLong();
    }

    RequestCredentials credentials() {
        return credentials;
    }

    CallCost cost() {
        return cost;
    }

    /** The caller was admitted. */
    void by(Caller admitted) {
        caller = Optional.of(admitted);
        cost.by(admitted.name());
    }

    /** The caller; empty before it was admitted. */
    Optional<Caller> caller() {
        return caller;
    }

    /** The body was read. */
    void read(RequestBody read) {
        body = Optional.of(read);
    }

    /**
     * The call is answered with {@code status}: records it, once. Before the answer is written, because the server sends a complete
     * one at once, and a process that is killed then must have recorded what the caller knows.
     *
     * @param code of a refusal
     */
    void answered(int status, Optional<String> code) {
        if (recorded) {
            return;
        }
        recorded = true;
        recorder.answered(new AnsweredCall(
                caller,
                credentials,
                context.pathParamMap(),
                context.queryParamMap(),
                body,
                status,
                code,
                Call.traceId(context),
                (nanos.getAsLong() - begun) / 1_000,
                cost));
    }
}
