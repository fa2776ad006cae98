package kr.kisgateway.client.rest;

import java.util.Map;
import java.util.Optional;
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
 */
public record RestRequest(
        String method,
        String path,
        Secret query,
        Map<String, String> headers,
        Map<String, Secret> secretHeaders,
        Optional<Secret> body) {}
