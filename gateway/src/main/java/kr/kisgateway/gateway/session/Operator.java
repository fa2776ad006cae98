package kr.kisgateway.gateway.session;

import java.util.Optional;
import kr.kisgateway.gateway.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.settings.Masked;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the calls of an operator through: those with the token of the settings in {@code X-Operator-Token}. */
public final class Operator {
    private static final Logger LOG = LoggerFactory.getLogger("gateway.session");
    private static final String TOKEN_HEADER = "X-Operator-Token";

    private final Optional<Masked> token;

    /** @param token absent, {@link #require} lets nobody through and {@link #check} everybody */
    public Operator(Optional<Masked> token) {
        this.token = token;
    }

    /** Refuses a call without the right token; without a token set, every call. */
    public void require(Call call) {
        var given = call.header(TOKEN_HEADER).filter(text -> !text.isEmpty());
        if (given.isEmpty()) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.OPERATOR_TOKEN_REQUIRED, "The header " + TOKEN_HEADER + " is required for this call."));
        }
        if (token.isEmpty()) {
            throw new RefusedException(Refusal.of(
                    ErrorCode.OPERATOR_TOKEN_WRONG,
                    "No operator token is set, so none can be right; set GATEWAY_OPERATOR_TOKEN and start again."));
        }
        if (!token.get().matches(given.get())) {
            LOG.warn("operator_token_wrong trace_id={}", call.traceId());
            throw new RefusedException(
                    Refusal.of(ErrorCode.OPERATOR_TOKEN_WRONG, "The operator token is another one."));
        }
    }

    /** The same, but as long as no token is set the gateway is somebody's own and open on this machine. */
    public void check(Call call) {
        if (token.isPresent()) {
            require(call);
        }
    }
}
