/**
 * Who may ask, and for what. {@link kr.kisgateway.gateway.access.ApiKeyGatekeeper} is the one gatekeeper: it knows every
 * {@link kr.kisgateway.gateway.access.ApiKey}, counts wrong ones per address and calls per key, and tells the edge who a
 * caller is. Which role a route needs stands at the route ({@code RouteTable}); which accounts and symbols a caller may
 * touch is asked of the {@code Caller} by the routes that name one. Secrets are kept as hashes only
 * ({@link kr.kisgateway.gateway.access.KeyStore}).
 */
@NullMarked
package kr.kisgateway.gateway.access;

import org.jspecify.annotations.NullMarked;
