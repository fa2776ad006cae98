package kr.kisgateway.client;

import java.util.Map;

/**
 * A query in KIS's own form, for {@link KisClient#forward}.
 *
 * @param path such as {@code /uapi/domestic-stock/v1/quotations/inquire-price}
 * @param trId of the client's environment
 * @param parameters of the query string, account number and page context included
 * @param isContinuation whether it continues an answer ({@code tr_cont: N})
 * @param isLedger whether it reaches the account's ledger, which has its own limit
 */
public record RawQuery(
        String path, String trId, Map<String, String> parameters, boolean isContinuation, boolean isLedger) {
    /** Without the values, which contain the account number. */
    @Override
    public String toString() {
        return "RawQuery[" + trId + ' ' + path + ' ' + parameters.keySet() + ']';
    }
}
