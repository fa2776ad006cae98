package kr.kisgateway.client.rest;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.Secret;

/**
 * One complete REST request.
 *
 * @param method GET or POST
 * @param path without host and query
 * @param query after the {@code ?}, encoded; secret because it carries the account number
 * @param headers in the order they are sent
 * @param secretHeaders headers that must not be logged
 * @param body of a POST; empty for a GET
 * @param account that its parameters name; empty without one
 */
public record RestRequest(
        String method,
        String path,
        Secret query,
        Map<String, String> headers,
        Map<String, Secret> secretHeaders,
        Optional<Secret> body,
        Optional<AccountNumber> account) {
    /** The same with one header more. */
    RestRequest withHeader(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new RestRequest(method, path, query, more, secretHeaders, body, account);
    }

    /** The TR id, or the path where KIS has none. */
    String trId() {
        String trId = headers.getOrDefault("tr_id", "");
        return trId.isEmpty() ? path : trId;
    }
}
