package kr.kisgateway.api.portfolio;

import java.util.List;
import kr.kisgateway.api.call.ApiCall;
import tools.jackson.core.type.TypeReference;

/** The calls about the holdings of accounts. */
public final class PortfolioCalls {
    private PortfolioCalls() {}

    /** The cash of an account, one entry per currency. */
    public static ApiCall<List<Balance>> balances(String accountId) {
        return ApiCall.get(path("/v1/balances", accountId), new TypeReference<List<Balance>>() {});
    }

    /** The positions of an account. */
    public static ApiCall<List<Position>> positions(String accountId) {
        return ApiCall.get(path("/v1/positions", accountId), new TypeReference<List<Position>>() {});
    }

    private static String path(String call, String accountId) {
        return new ApiCall.Path(call).with("account_id", accountId).toString();
    }
}
