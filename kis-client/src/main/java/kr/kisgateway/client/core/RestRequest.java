package kr.kisgateway.client.core;

import java.util.Map;
import java.util.Optional;
import kr.kisgateway.client.Secret;

/**
 * One REST request, whole.
 *
 * @param method GET or POST
 * @param path without host and query
 * @param query behind the {@code ?}, encoded; secret because it carries the account number
 * @param headers in the order they are sent
 * @param secretHeaders what must not be logged
 * @param body of a POST; empty for a GET
 */
public record RestRequest(
        String method,
        String path,
        Secret query,
        Map<String, String> headers,
        Map<String, Secret> secretHeaders,
        Optional<Secret> body) {}
