/** The accounts of the gateway, by the aliases that callers use. */
@NullMarked
package kr.kisgateway.gateway.account;

import org.jspecify.annotations.NullMarked;
