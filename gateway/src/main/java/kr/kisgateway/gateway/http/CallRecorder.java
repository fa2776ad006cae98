package kr.kisgateway.gateway.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gateway.cost.CallCost;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.Gatekeeper.RequestCredentials;
import kr.kisgateway.gateway.http.RouteTable.Route;

/** Records which caller made which call. Called on the threads of the calls, must not block. */
@FunctionalInterface
public interface CallRecorder {
    /** Records nothing. */
    CallRecorder NONE = _ -> RouteRecorder.NONE;

    /** The recorder of one route; called once, before the server starts. */
    RouteRecorder of(Route route);

    /** Records by this recorder and by {@code next}; refuses what either refuses. */
    default CallRecorder and(CallRecorder next) {
        return route -> {
            var first = of(route);
            var second = next.of(route);
            return new RouteRecorder() {
                @Override
                public Optional<Refusal> refusal() {
                    return first.refusal().or(second::refusal);
                }

                @Override
                public void answered(AnsweredCall call) {
                    first.answered(call);
                    second.answered(call);
                }
            };
        };
    }

    /** Records the calls of one route. */
    interface RouteRecorder {
        /** Records nothing. */
        RouteRecorder NONE = new RouteRecorder() {
            @Override
            public Optional<Refusal> refusal() {
                return Optional.empty();
            }

            @Override
            public void answered(AnsweredCall call) {
                // records nothing
            }
        };

        /** Why a call of this route cannot be made now: it could not be recorded. */
        Optional<Refusal> refusal();

        /** A call was answered, or the server failed to. */
        void answered(AnsweredCall call);
    }

    /**
     * A call and its answer.
     *
     * @param caller who made it; empty for a caller who was not admitted
     * @param path parameters of the path
     * @param query parameters of the query
     * @param body as far as it was read
     * @param code of a refusal; empty for an answer
     * @param micros from the request's header to its answer
     */
    record AnsweredCall(
            Optional<Caller> caller,
            RequestCredentials credentials,
            Map<String, String> path,
            Map<String, List<String>> query,
            Optional<RequestBody> body,
            int status,
            Optional<String> code,
            String traceId,
            long micros,
            CallCost cost) {}
}
