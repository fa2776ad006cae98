/**
 * Removes a client's secrets from the texts of others.
 */
@NullMarked
package kr.kisgateway.client.secret;

import org.jspecify.annotations.NullMarked;
