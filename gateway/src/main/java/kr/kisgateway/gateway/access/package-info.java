/**
 * Authentication and authorization of callers. {@link kr.kisgateway.gateway.access.ApiKeyGatekeeper} is the one
 * gatekeeper: it verifies every {@link kr.kisgateway.gateway.access.ApiKey}, counts wrong secrets per address and calls
 * per key, and identifies the caller for the edge. The role of a route is registered with the route ({@code
 * RouteTable}); routes that name an account or symbol check them with the {@code Caller}. Secrets are stored as hashes
 * only ({@link kr.kisgateway.gateway.access.KeyStore}).
 */
@NullMarked
package kr.kisgateway.gateway.access;

import org.jspecify.annotations.NullMarked;
