package kr.kisgateway.client;

import java.util.Map;
import kr.kisgateway.wire.RestCall;

/**
 * A query of the catalog that may be sent.
 *
 * @param trId of this environment
 * @param parameters complete, in the catalog's order, with the account
 */
public record PreparedQuery(RestCall call, String trId, Map<String, String> parameters) {
    @Override
    public String toString() {
        return "PreparedQuery[" + trId + ']';
    }
}
