package kr.kisgateway.gateway.portfolio;

import java.time.Instant;
import kr.kisgateway.gateway.error.Refusal;

/** Requests the holdings of an account from KIS. */
public interface PortfolioSource {
    /** Whether {@code accountId} is an alias of this source. */
    boolean hasAccount(String accountId);

    /** Blocks until there is an answer or {@code deadline} passes. */
    Answer fetch(String accountId, Instant deadline);

    /** The result of a request. */
    sealed interface Answer {
        record Received(Holdings holdings) implements Answer {}

        /** No answer; the code is {@code PORTFOLIO_PROVIDER_UNAVAILABLE}. */
        record Failed(Refusal refusal) implements Answer {}
    }
}
