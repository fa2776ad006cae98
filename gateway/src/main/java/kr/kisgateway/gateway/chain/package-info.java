/**
 * Chains rows by hashes, so that a row that was changed, removed, inserted or moved is found. Knows neither what the rows mean nor
 * where they are stored.
 */
@NullMarked
package kr.kisgateway.gateway.chain;

import org.jspecify.annotations.NullMarked;
