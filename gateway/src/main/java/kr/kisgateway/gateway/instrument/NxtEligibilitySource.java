package kr.kisgateway.gateway.instrument;

import java.time.Instant;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.Symbol;

/** Answers whether NXT trades a stock today. */
@FunctionalInterface
public interface NxtEligibilitySource {
    /**
     * Blocks until the answer, or until {@code deadline}.
     *
     * @return a refusal when the source has no answer
     */
    Result<Boolean> isOnNxt(Symbol symbol, Instant deadline);
}
