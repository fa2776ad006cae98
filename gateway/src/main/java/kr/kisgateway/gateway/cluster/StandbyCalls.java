package kr.kisgateway.gateway.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.api.json.ApiJson;
import kr.kisgateway.api.session.Live;
import kr.kisgateway.api.session.Ready;
import kr.kisgateway.edge.AnyPathListener;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.http.ErrorAnswer;
import kr.kisgateway.gateway.lease.LeaseHolder;

/**
 * The answers of a gateway that waits for the accounts: it lives, is not ready, and refuses all else with {@code NO_OWNER}, so that a
 * balancer sends calls to the owner and a program that came here repeats its call. Nothing is done, and no key is asked for.
 */
public final class StandbyCalls implements AnyPathListener.Calls {
    private static final String JSON = "application/json; charset=utf-8";
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int OK = 200;

    private final String node;
    private final Supplier<Optional<LeaseHolder>> owner;
    private final Supplier<String> traceIds;

    /** @param owner who had the accounts when this node asked last */
    public StandbyCalls(String node, Supplier<Optional<LeaseHolder>> owner, Supplier<String> traceIds) {
        this.node = node;
        this.owner = owner;
        this.traceIds = traceIds;
    }

    @Override
    public AnyPathListener.Answer answer(AnyPathListener.Request request) {
        return switch (request.path()) {
            case "/health/live" -> text(OK, traceIds.get(), new Live("UP"));
            case "/health/ready" ->
                text(
                        ErrorCode.NO_OWNER.status(),
                        traceIds.get(),
                        new Ready("NOT_READY", List.of("NOT_OWNER"), Optional.empty()));
            default -> refuse();
        };
    }

    private AnyPathListener.Answer refuse() {
        String traceId = traceIds.get();
        String whose = owner.get()
                .filter(holder -> !holder.expired())
                .map(holder -> "Gateway " + holder.node() + " owns the accounts, and " + node + " waits: call "
                        + holder.node() + ".")
                .orElse("No gateway owns the accounts at the moment; " + node + " waits for them: repeat the call.");
        return text(
                ErrorCode.NO_OWNER.status(),
                traceId,
                ErrorAnswer.of(Refusal.of(ErrorCode.NO_OWNER, whose).retryAfter(RETRY), traceId));
    }

    private static AnyPathListener.Answer text(int status, String traceId, Object body) {
        return new AnyPathListener.Answer.Text(
                status,
                JSON,
                Map.of(
                        ErrorAnswer.TRACE_HEADER,
                        traceId,
                        "Cache-Control",
                        "no-store",
                        "Retry-After",
                        Long.toString(RETRY.toSeconds())),
                ApiJson.text(body));
    }
}
