/**
 * Secrets of the gateway: the master key, and the file of secrets that it protects ({@code docs/SECRETS.md}).
 *
 * <p>A new place of the master key implements {@link kr.kisgateway.gateway.secret.MasterKeySource}; one that encrypts it elsewhere
 * implements {@link kr.kisgateway.gateway.secret.KeyWrapper}.
 */
@NullMarked
package kr.kisgateway.gateway.secret;

import org.jspecify.annotations.NullMarked;
