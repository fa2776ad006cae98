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

    /** @param token absent, no operator call is let through */
    public Operator(Optional<Masked> token) {
        this.token = token;
    }

    /** Returns when the call is an operator's; else refuses it, an absent token with 400 and a wrong one with 401. */
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
}
