/** From which address the broker sees the gateway, and whether that is an allowed one. */
@NullMarked
package kr.kisgateway.gateway.egress;

import org.jspecify.annotations.NullMarked;
