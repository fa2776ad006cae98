package kr.kisgateway.api.portfolio;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.call.ApiCall;
import tools.jackson.core.type.TypeReference;

/** The calls about the holdings of accounts. */
public final class PortfolioCalls {
    private PortfolioCalls() {}

    /** The configured accounts that the key may use. */
    public static ApiCall<List<Account>> accounts() {
        return ApiCall.get("/v1/accounts", new TypeReference<List<Account>>() {});
    }

    /** The cash of an account, one entry per currency. */
    public static ApiCall<List<Balance>> balances(String accountId) {
        return ApiCall.get(path("/v1/balances", accountId), new TypeReference<List<Balance>>() {});
    }

    /** The positions of an account. */
    public static ApiCall<List<Position>> positions(String accountId) {
        return ApiCall.get(path("/v1/positions", accountId), new TypeReference<List<Position>>() {});
    }

    /**
     * How many shares of a symbol a buy may be for.
     *
     * @param orderType absent: LIMIT with a price, MARKET without one
     * @param price won, of a type that has a limit price
     */
    public static ApiCall<BuyingPower> buyingPower(
            String accountId, String symbol, Optional<String> orderType, OptionalLong price) {
        return ApiCall.get(
                new ApiCall.Path("/v1/buying-power")
                        .with("account_id", accountId)
                        .with("symbol", symbol)
                        .with("order_type", orderType)
                        .with("price", price)
                        .toString(),
                BuyingPower.class);
    }

    private static String path(String call, String accountId) {
        return new ApiCall.Path(call).with("account_id", accountId).toString();
    }
}
