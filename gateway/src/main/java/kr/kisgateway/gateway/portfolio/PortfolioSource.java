package kr.kisgateway.gateway.portfolio;

import java.time.Instant;
import kr.kisgateway.gateway.error.Result;

/** Requests the holdings of an account from KIS. */
public interface PortfolioSource {
    /** Whether {@code accountId} is an alias of this source. */
    boolean hasAccount(String accountId);

    /**
     * The account's holdings. Blocks until there is an answer or {@code deadline} passes; the code of a refusal is {@code
     * PORTFOLIO_PROVIDER_UNAVAILABLE}.
     */
    Result<Holdings> fetch(String accountId, Instant deadline);
}
