package kr.kisgateway.api.portfolio;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.call.ApiCall;
import tools.jackson.core.type.TypeReference;

/** The calls about the holdings of accounts. */
public final class PortfolioCalls {
    private PortfolioCalls() {}

    /** The configured accounts that the key may use. */
    public static ApiCall<List<Account>> accounts() {
        return ApiCall.get("/v1/accounts", new TypeReference<List<Account>>() {});
    }

    /** The won of an account. */
    public static ApiCall<List<Balance>> balances(String accountId) {
        return balances(accountId, Optional.empty());
    }

    /**
     * The cash of an account, one entry per currency.
     *
     * @param market {@code kr}, {@code us} or {@code all}; absent: {@code kr}
     */
    public static ApiCall<List<Balance>> balances(String accountId, Optional<String> market) {
        return ApiCall.get(path("/v1/balances", accountId, market), new TypeReference<List<Balance>>() {});
    }

    /** The Korean positions of an account. */
    public static ApiCall<List<Position>> positions(String accountId) {
        return positions(accountId, Optional.empty());
    }

    /**
     * The positions of an account.
     *
     * @param market {@code kr}, {@code us} or {@code all}; absent: {@code kr}
     */
    public static ApiCall<List<Position>> positions(String accountId, Optional<String> market) {
        return ApiCall.get(path("/v1/positions", accountId, market), new TypeReference<List<Position>>() {});
    }

    /**
     * How many shares of a symbol a buy may be for.
     *
     * @param orderType absent: LIMIT with a price, MARKET without one
     * @param price of a type that has a limit price
     */
    public static ApiCall<BuyingPower> buyingPower(
            String accountId, String symbol, Optional<String> orderType, Optional<BigDecimal> price) {
        return ApiCall.get(
                new ApiCall.Path("/v1/buying-power")
                        .with("account_id", accountId)
                        .with("symbol", symbol)
                        .with("order_type", orderType)
                        .with("price", price.map(BigDecimal::toPlainString))
                        .toString(),
                BuyingPower.class);
    }

    /**
     * Dividends of an account, and other rights that paid.
     *
     * @param from first record date, as {@code 2026-11-20}; absent: a year before {@code to}
     * @param to last record date; absent: today
     */
    public static ApiCall<List<Dividend>> dividends(String accountId, Optional<String> from, Optional<String> to) {
        return ApiCall.get(
                new ApiCall.Path("/v1/dividends")
                        .with("account_id", accountId)
                        .with("from", from)
                        .with("to", to)
                        .toString(),
                new TypeReference<List<Dividend>>() {});
    }

    /**
     * Profit and loss of an account, realised by trading day with FIFO.
     *
     * @param from first trading day; absent: the first in the journal
     * @param to last trading day; absent: today
     */
    public static ApiCall<ProfitAndLoss> profitAndLoss(
            String accountId, Optional<LocalDate> from, Optional<LocalDate> to) {
        return profitAndLoss(new ProfitAndLossQuery(
                accountId,
                from.map(LocalDate::toString),
                to.map(LocalDate::toString),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
    }

    /** Profit and loss of what {@code query} selects. */
    public static ApiCall<ProfitAndLoss> profitAndLoss(ProfitAndLossQuery query) {
        return ApiCall.get(
                new ApiCall.Path("/v1/pnl")
                        .with("account_id", query.accountId())
                        .with("from", query.from())
                        .with("to", query.to())
                        .with("symbol", query.symbol())
                        .with("strategy_id", query.strategyId())
                        .with("method", query.method())
                        .with("group_by", query.groupBy())
                        .toString(),
                ProfitAndLoss.class);
    }

    /**
     * What profit and loss is asked of; an absent part does not select.
     *
     * @param from first trading day, as {@code 2026-11-20}
     * @param to last trading day
     * @param method {@code FIFO} or {@code AVERAGE}; absent: FIFO
     * @param groupBy {@code DAY}, {@code SYMBOL} or {@code STRATEGY}; absent: DAY
     */
    public record ProfitAndLossQuery(
            String accountId,
            Optional<String> from,
            Optional<String> to,
            Optional<String> symbol,
            Optional<String> strategyId,
            Optional<String> method,
            Optional<String> groupBy) {}

    private static String path(String call, String accountId, Optional<String> market) {
        return new ApiCall.Path(call)
                .with("account_id", accountId)
                .with("market", market)
                .toString();
    }
}
