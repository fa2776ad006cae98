package kr.kisgateway.gateway.portfolio;

import java.time.Instant;
import kr.kisgateway.gateway.error.Refusal;

/** Asks KIS what an account holds. */
public interface PortfolioSource {
    /** Whether {@code accountId} is an alias this source answers for. */
    boolean hasAccount(String accountId);

    /** Blocks until there is an answer or {@code deadline} passes. */
    Answer fetch(String accountId, Instant deadline);

    /** The outcome of asking. */
    sealed interface Answer {
        record Received(Holdings holdings) implements Answer {}

        /** No answer; the code is {@code PORTFOLIO_PROVIDER_UNAVAILABLE}. */
        record Failed(Refusal refusal) implements Answer {}
    }
}
