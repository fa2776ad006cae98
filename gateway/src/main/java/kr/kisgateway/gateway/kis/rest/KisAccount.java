package kr.kisgateway.gateway.kis.rest;

import kr.kisgateway.client.KisClient;

/**
 * An account at KIS.
 *
 * @param appKey id of the app key that trades it
 * @param client of that app key, for this account
 */
public record KisAccount(String appKey, KisClient client) {
    /** Whether KIS's {@code number}, ten digits, is this account's. */
    boolean hasNumber(String number) {
        var own = client.account();
        return number.equals(own.cano() + own.productCode());
    }
}
