package kr.kisgateway.gateway.portfolio;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.Result;
import kr.kisgateway.market.CreditType;
import kr.kisgateway.market.MarketSymbol;

/** Requests the holdings and the buying power of an account from KIS. */
public interface PortfolioSource {
    /** Whether {@code accountId} is an alias of this source. */
    boolean hasAccount(String accountId);

    /**
     * The account's holdings. Blocks until there is an answer or {@code deadline} passes; the code of a refusal is {@code
     * PORTFOLIO_PROVIDER_UNAVAILABLE}.
     */
    Result<Holdings> fetch(String accountId, Instant deadline);

    /**
     * The account's buying power for {@code symbol}, as the broker computes it. Blocks and is refused as {@link #fetch}.
     *
     * @param credit of a buy on credit; empty for one in cash
     * @param price the price that bounds the order, in units of the currency; empty for a type without one, which counts at the upper limit
     * @param tenant who shares the call budget
     */
    Result<BrokerBuyingPower> fetchBuyingPower(
            String accountId,
            MarketSymbol symbol,
            Optional<CreditType> credit,
            OptionalLong price,
            String tenant,
            Instant deadline);

    /**
     * What shares of the account earned by record dates from {@code from} to {@code to}, oldest first. Blocks and is refused as
     * {@link #fetch}; a source without such data refuses with {@code UNSUPPORTED_BY_SOURCE}.
     *
     * @param tenant who shares the call budget
     */
    default Result<List<PaidRight>> fetchPaidRights(
            String accountId, LocalDate from, LocalDate to, String tenant, Instant deadline) {
        return Result.refused(
                Refusal.of(ErrorCode.UNSUPPORTED_BY_SOURCE, "There are no dividends of accounts in this market."));
    }
}
